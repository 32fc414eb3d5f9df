"""Whether this process runs nothing but winset, as the command line and its workers do."""

from __future__ import annotations

import gc

_claimed = False


def claim() -> None:
    """Says that this process runs winset alone, and ends with it.

    It lives briefly and makes few circles of objects: they are sought seldom."""
    global _claimed
    _claimed = True
    gc.set_threshold(50_000, 20, 50)


def is_ours() -> bool:
    """Whether it was claimed; else it belongs to whoever called the library, and is left as it is."""
    return _claimed
