"""What is wrong with an input, said so that its author can mend it.

A `Diagnostic` names the place, the problem, the reason, an example and the
fix. Readers and rules *collect* diagnostics; nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Where:
    """A place in a text: file name, line and column, both counted from 1 (0: unknown).

    `block` names the building block whose expansion put there what is meant; the place is then the block's.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    block: str = ""

    def __str__(self) -> str:
        by = f" (made by the block `{self.block}`)" if self.block else ""
        if not self.line:
            return (self.file or "(built in Python)") + by
        return f"{self.file or '(text)'}:{self.line}:{self.column}{by}"


NOWHERE = Where()


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One problem.

    Attributes:
        code: stable code, a letter for the family and three digits (`N101`); see the rules reference.
        message: what is wrong, in the words of the scenario.
        where: the place to change.
        why: why this cannot be accepted, one sentence.
        fix: what to write instead, one sentence or snippet.
        nearest: the nearest valid name, where a name was not found.
        example: a state (or other witness) in which it goes wrong, names to values.
        conflicts_with: the other place, where two places disagree.
        severity: an *error* stops solving; a *warning* does not; a *note* only tells.
    """

    code: str
    message: str
    where: Where = NOWHERE
    why: str = ""
    fix: str = ""
    nearest: str = ""
    example: dict[str, Any] = field(default_factory=dict)
    conflicts_with: Where | None = None
    severity: Severity = "error"

    def as_dict(self) -> dict[str, Any]:
        """The diagnostic as plain JSON data."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.where.file,
            "line": self.where.line,
            "column": self.where.column,
            "block": self.where.block,
            "why": self.why,
            "fix": self.fix,
            "nearest": self.nearest,
            "example": self.example,
            "conflicts_with": str(self.conflicts_with) if self.conflicts_with else "",
        }

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.severity} {self.code}: {self.message}"]
        if self.example:
            state = ", ".join(f"{name} = {value}" for name, value in self.example.items())
            lines.append(f"    for example where {state}")
        if self.conflicts_with:
            lines.append(f"    the other place: {self.conflicts_with}")
        if self.why:
            lines.append(f"    why: {self.why}")
        if self.nearest:
            lines.append(f"    did you mean: {self.nearest}")
        if self.fix:
            lines.append(f"    fix: {self.fix}")
        return "\n".join(lines)


class Collector:
    """Gathers diagnostics in order of place; the one way problems leave a reader or a rule."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Diagnostic] = {}

    def add(self, code: str, message: str, where: Where = NOWHERE, **details: Any) -> None:
        """Records one problem; see `Diagnostic` for the details."""
        self.extend([Diagnostic(code=code, message=message, where=where, **details)])

    def extend(self, items: Iterable[Diagnostic]) -> None:
        """Records problems found elsewhere."""
        for item in items:
            self._found.setdefault((item.code, item.where, item.message), item)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self._found.values(), key=lambda d: (d.where, d.code)))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The problems that stop solving."""
        return tuple(d for d in self if d.severity == "error")
