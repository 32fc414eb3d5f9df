"""What a battery of checks found: every check with its figure and its tolerance, to be read, kept or insisted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from winset.base.card import Card, Shown, Table
from winset.base.errors import WinsetError

Outcome = Literal["passed", "failed", "not applicable"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check.

    Attributes:
        name: what was checked, in a few words.
        outcome: "passed", "failed" or "not applicable".
        figure: what was measured; None where nothing was.
        tolerance: what the figure was held against; None where it was not.
        says: what was found, or why the check does not apply.
    """

    name: str
    outcome: Outcome
    figure: float | None = None
    tolerance: float | None = None
    says: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return dict(vars(self))


class BatteryError(WinsetError):
    """A battery of checks failed; `report` holds what was found."""

    def __init__(self, report: Report) -> None:
        super().__init__("\n".join(f"{c.name}: {c.says}" for c in report.failed) + f"\n(of {report.subject})")
        self.report = report


@dataclass(frozen=True, kw_only=True, repr=False)
class Report(Shown):
    """What was found of one subject.

    Attributes:
        subject: the scenario, or the solver.
        checks: in the order in which they were made.
    """

    subject: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed, and some check applied."""
        return not self.failed and any(c.outcome == "passed" for c in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(c for c in self.checks if c.outcome == "failed")

    def __getitem__(self, name: str) -> Check:
        """The check of a name.

        Raises:
            KeyError: none has it; says which there are.
        """
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(f"no check `{name}`; there are {', '.join(c.name for c in self.checks)}")

    def require(self) -> Report:
        """The report itself.

        Raises:
            BatteryError: a check failed, or none applied.
        """
        if not self.passed:
            raise BatteryError(self)
        return self

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {"subject": self.subject, "passed": self.passed, "checks": [c.as_dict() for c in self.checks]}

    def card(self) -> Card:
        """What it shows of itself: every check with its figure."""
        count = {o: sum(c.outcome == o for c in self.checks) for o in ("passed", "failed", "not applicable")}
        rows = tuple((c.name, c.outcome, _number(c.figure), _number(c.tolerance), c.says) for c in self.checks)
        return Card(
            title=f"{self.subject}: " + ", ".join(f"{n} {word}" for word, n in count.items() if n),
            tables=(Table(columns=("check", "", "figure", "tolerance", ""), rows=rows),),
        )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def held(name: str, figure: float, tolerance: float, says: str) -> Check:
    """A check that passes where the figure is at most the tolerance; a figure that is no number fails."""
    return Check(
        name=name, outcome="passed" if figure <= tolerance else "failed", figure=float(figure),
        tolerance=float(tolerance), says=says,
    )  # fmt: skip


def found(name: str, good: bool, says: str) -> Check:
    """A check that passes where something is so."""
    return Check(name=name, outcome="passed" if good else "failed", says=says)


def without(name: str, why: str) -> Check:
    """A check that does not apply, and why."""
    return Check(name=name, outcome="not applicable", says=why)


def together(subject: str, reports: Sequence[Report]) -> Report:
    """Several reports as one; the name of each check begins with its own subject."""
    from dataclasses import replace

    return Report(
        subject=subject,
        checks=tuple(replace(c, name=f"{r.subject}: {c.name}") for r in reports for c in r.checks),
    )
