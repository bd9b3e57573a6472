"""Register a function in the index of the app's Inngest functions, and take it out again."""

from .codemod import register, unregister

__all__ = ["register", "unregister"]
