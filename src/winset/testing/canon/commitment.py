"""Shifting power and commitment (03), commitment tactics and mandates (13)."""

from __future__ import annotations
