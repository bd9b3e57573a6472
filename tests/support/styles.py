"""Styles of code, as options of Prettier."""

from __future__ import annotations

from typing import Any

from redwood_inngest.typescript.style import CodeStyle


def prettier_options(style: CodeStyle) -> dict[str, Any]:
    """The options of Prettier that mean this style."""
    return {
        "semi": style.semi,
        "singleQuote": style.single_quote,
        "useTabs": style.indent == "\t",
        "tabWidth": len(style.indent) if style.indent != "\t" else style.tab_width,
        "trailingComma": style.trailing_comma,
        "arrowParens": style.arrow_parens,
        "bracketSpacing": style.bracket_spacing,
        "quoteProps": style.quote_props,
        "endOfLine": style.end_of_line,
        "printWidth": style.print_width,
    }
