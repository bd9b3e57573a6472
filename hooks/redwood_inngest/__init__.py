"""Set up Inngest in a RedwoodJS or CedarJS app, and keep it up to date."""

__version__ = "0.1.0"
