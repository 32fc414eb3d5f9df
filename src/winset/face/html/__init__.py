"""A brief as one HTML page that needs nothing but itself."""

from __future__ import annotations

from winset.face.html.page import render

__all__ = ["render"]
