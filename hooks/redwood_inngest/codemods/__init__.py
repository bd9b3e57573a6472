"""The codemods, one for each kind of file that belongs to the app: text in, text out."""
