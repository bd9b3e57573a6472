"""TypeScript and JavaScript as LibCST trees: read, search, edit and print source text."""
