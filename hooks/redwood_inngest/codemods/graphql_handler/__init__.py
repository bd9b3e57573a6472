"""Add `inngestPlugin` to a GraphQL handler, and take it out again."""

from ..checked import Edited
from .codemod import decode, unwire, wire

__all__ = ["Edited", "decode", "unwire", "wire"]
