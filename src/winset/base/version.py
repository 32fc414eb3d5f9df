"""The version of winset, in one place: the package's metadata, stamps and caches read it here."""

from __future__ import annotations

__version__ = "0.1.0"
