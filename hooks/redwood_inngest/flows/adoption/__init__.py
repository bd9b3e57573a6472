"""Adopt an app that has Inngest by other means than this template."""

from .adopt import Adoption, AdoptOptions, plan
from .told import Told

__all__ = ["AdoptOptions", "Adoption", "Told", "plan"]
