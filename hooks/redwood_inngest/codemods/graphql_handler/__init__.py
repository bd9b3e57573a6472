"""Add `inngestPlugin` to a GraphQL handler, and take it out again."""

from .codemod import Edited, decode, unwire, wire

__all__ = ["Edited", "decode", "unwire", "wire"]
