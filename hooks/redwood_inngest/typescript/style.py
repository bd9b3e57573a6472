"""The style of code, as Prettier's options say it.

Quick to import: the tasks of an update read answers that hold a style, and look at no code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


@dataclass(frozen=True)
class CodeStyle:
    """A style of code; the default is Redwood's own style.

    Args:
        semi: Whether statements end in semicolons.
        single_quote: Whether strings are in single quotes.
        indent: One level of indentation: a tab, or spaces.
        trailing_comma: The lists over several lines that end in a comma: none, those that
            ES5 allows (arrays, objects), or all (parameters and arguments too).
        arrow_parens: Whether a lone parameter of an arrow function is in parentheses.
        bracket_spacing: Whether braces on one line have spaces inside.
        quote_props: Which keys are in quotes: those that must be, or all in an object that has
            one that must be; `preserve` leaves them as they are.
        end_of_line: The end of each line.
        tab_width: The columns that a tab counts for, where the indent is one.
        print_width: The columns that a line may have.
    """

    semi: bool = False
    single_quote: bool = True
    indent: str = "  "
    trailing_comma: Literal["none", "es5", "all"] = "es5"
    arrow_parens: Literal["always", "avoid"] = "always"
    bracket_spacing: bool = True
    quote_props: Literal["as-needed", "consistent", "preserve"] = "as-needed"
    end_of_line: Literal["lf", "crlf", "cr"] = "lf"
    tab_width: int = 2
    print_width: int = 80

    @property
    def quote(self) -> str:
        """The quotation mark of strings."""
        return "'" if self.single_quote else '"'

    @property
    def semicolon(self) -> str:
        """The end of a statement: `;` or nothing."""
        return ";" if self.semi else ""

    @property
    def newline(self) -> str:
        """The end of a line."""
        return _LINE_ENDS[self.end_of_line]

    @property
    def padding(self) -> str:
        """The padding inside the braces of an object on one line: a blank or nothing."""
        return " " if self.bracket_spacing else ""

    @property
    def last_comma(self) -> bool:
        """Whether the last item of a list over several lines has a comma."""
        return self.trailing_comma != "none"


REDWOOD_STYLE = CodeStyle()


def is_short(text: str, style: CodeStyle) -> bool:
    """Whether every line of a text fits."""
    lines = text.split("\n")
    if text.isascii() and "\t" not in text:
        return max(map(len, lines)) <= style.print_width
    return all(columns(line, style) <= style.print_width for line in lines)


def columns(line: str, style: CodeStyle) -> int:
    """The columns that a line takes, as Prettier counts them: wide characters take two."""
    tabs = line.count("\t")
    width = len(line) if line.isascii() else _wide_columns(line) + tabs
    return width + tabs * (style.tab_width - 1)


def _wide_columns(line: str) -> int:
    from wcwidth import wcswidth  # slow to import, and seldom needed

    return wcswidth("".join(one for one in line if one >= " "))
