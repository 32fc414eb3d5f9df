"""What every part of a scenario has: its place and its author's note."""

from __future__ import annotations

from dataclasses import dataclass, field

from winset.base.diagnostics import NOWHERE, Where


@dataclass(frozen=True, kw_only=True)
class Element:
    """Common part of what stands in a scenario: its place and its author's note."""

    where: Where = field(default=NOWHERE, compare=False, repr=False)
    note: str = ""
