"""What `winset robust` and `winset what-if-true` give: plain data classes, JSON-able."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from winset.base.card import Card, Shown, Table
from winset.base.words import UNKNOWN, number, percent

EXPLAINED = 0.5
"""Share of the variance below which it is told that most of it is attributed to nobody."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A draw that could not be computed: its parameter `values`, and why. It is in no average."""

    number: int
    values: dict[str, float]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Influence:
    """Sobol indices of one parameter for one answer; see `winset.study.robust.indices`.

    The 90 % intervals are those of resampled draws with the terms of the expansion as they were selected; that other
    draws might select others is not in them."""

    parameter: str
    first: float
    total: float
    first_low: float
    first_high: float
    total_low: float
    total_high: float


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar of a tornado: the answer with one parameter at the ends of its range, the others at their central values.

    Attributes:
        at_low, at_high: a number, or of a claim its margin; None where it has no value there.
        flips: of a claim, whether it turns at one of the ends; of a question, whether it crosses its threshold.
    """

    parameter: str
    low: float
    high: float
    at_low: float | None
    at_high: float | None
    flips: bool


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """Where an answer turns as one parameter moves and the others stay at their central values.

    Attributes:
        at: the value at which it turns that is closest to the central one, found by solving for it; None where there
            is none.
        above: whether the claim holds (the number lies above the threshold) just above it, and not just below.
        until: the next turn on the side on which it holds, where it fails again; None where none was seen.
        elsewhere: whether it also holds at values tried outside what lies between `at` and `until`.
        jumps: True where the margin jumps there instead of passing through zero.
        solutions: how often the scenario was solved for it.
        tried: the values at which a turn was looked for.
        failed: True where none was found and the scenario could not be solved everywhere: there may be one.
        reason: why there is none, or where the scenario could not be solved.
    """

    parameter: str
    low: float
    high: float
    central: float
    at: float | None
    above: bool | None = None
    until: float | None = None
    elsewhere: bool = False
    failed: bool = False
    jumps: bool = False
    solutions: int = 0
    tried: list[float] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A question over the draws.

    Attributes:
        central: the answer at the central values; None where there is none, and `central_reason` why.
        mean, deviation: of the draws that have a value; `count` of them.
        quantiles: the answers below which 5, 25, 50, 75 and 95 % of the draws lie.
        edges, counts: a histogram.
        grid_error: the largest movement of a checked draw on the finer grid; None where none was checked.
        threshold: the number at which the boundary was sought; None for none.
        influences: parameters by their total index, the greatest first.
        explained: the share of the variance that the indices account for.
        boundaries, bars: for the leading parameters.
    """

    name: str
    formula: str
    unit: str
    headline: bool
    central: float | None
    count: int
    mean: float | None
    deviation: float | None
    quantiles: list[float]
    edges: list[float]
    counts: list[int]
    grid_error: float | None = None
    threshold: float | None = None
    influences: list[Influence] = field(default_factory=list)
    explained: float = 0.0
    boundaries: list[Boundary] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    central_reason: str = ""


Verdict = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, kw_only=True)
class Share:
    """A claim (or a question with a truth value) over the draws.

    Attributes:
        central: its verdict at the central values, None where there is none, and `central_reason` why; `margin` how far
            it is from turning there.
        holds, fails, undecided: numbers of draws.
        share: of the draws in which it holds; `low` and `high` the 95 % interval of Wilson (1927), which is that of
            independent draws; that of Sobol points is narrower as a rule. None where no draw has a verdict.
        turned: of the checked draws, in how many the verdict is another on the finer grid.
        reason: why it has no verdict, where it has none.
        influences, explained, boundaries, bars: as of a question, of its margin.
    """

    name: str
    formula: str
    quote: str
    by: str
    kind: str
    number: int
    central: Verdict | None
    margin: float | None
    holds: int
    fails: int
    undecided: int
    share: float | None
    low: float | None
    high: float | None
    turned: int = 0
    grid_error: float | None = None
    reason: str = ""
    influences: list[Influence] = field(default_factory=list)
    explained: float = 0.0
    boundaries: list[Boundary] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    central_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Region:
    """An answer over two parameters, the others at their central values.

    Attributes:
        x, y: the values of the parameters `across` and `up`.
        values: (y, x) the answer, or of a claim its margin; None where it has none.
        several: (y, x) whether more than one equilibrium was found there: what is drawn is then of the principal one.
    """

    name: str
    across: str
    up: str
    x: list[float]
    y: list[float]
    values: list[list[float | None]]
    several: list[list[bool]]


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How well the draws were solved.

    Attributes:
        grid, fine: inner belief nodes per dimension of the draws, and of those checked.
        cells: of a draw, on average; `missed` how many missed the tolerance over all draws, `draws_missed` in how many
            draws some did.
        residual: the largest residual of a solved stage.
        lost: the largest probability dropped with unlikely histories.
        folded: in how many draws the path folds in a place that histories visit with a chance above 1 %: there several
            equilibria exist, at this precision or a lower one.
        checked: how many draws were solved on the finer grid too, and certified in full; `passed` in how many the
            certificate does not fail.
        unchecked: how many more could not be solved on it; `unchecked_reason` why the first could not.
        full_gain: the most that a type gains by deviating in a checked draw.
        seconds: of one draw on average, on the processor that made it.
    """

    grid: int
    fine: int
    cells: float
    missed: int
    draws_missed: int
    residual: float
    lost: float
    folded: int
    checked: int
    passed: int
    full_gain: float | None
    seconds: float
    unchecked: int = 0
    unchecked_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Draws:
    """The draws themselves.

    Attributes:
        parameters: names of the axes; `low`, `high`, `central` their ranges and central values.
        points: (n, axes) parameter values of the draws that were solved, in their order.
        values: by question, the answers; by claim, the margins; None where there is none.
        evidence: by name, the numbers that the `evidence` function gave.
    """

    parameters: list[str]
    low: list[float]
    high: list[float]
    central: list[float]
    points: list[list[float]]
    values: dict[str, list[float | None]]
    evidence: dict[str, list[float | None]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One parameter of a condition: its value `now`, what it would have to be, and what share of its range it moves."""

    parameter: str
    now: float
    at: float
    share: float


@dataclass(frozen=True, kw_only=True, repr=False)
class Condition(Shown):
    """What would have to be true.

    Attributes:
        formula: what was asked for.
        state: "true already", "found", or "not found": nothing that was tried inside the ranges makes it true.
        changes: the smallest change found that names few parameters, the greatest first; where nothing was found, that
            which comes closest.
        distance: its length, each parameter in units of its range.
        margin: of the formula there, and `central` at the central values; positive where it holds.
        nearest: the shortest change found, whatever it names; `shortest` its length.
        solutions: how often the scenario was solved.
        draws: how many draws were looked at, in how many of which it holds.
        grid: inner belief nodes per dimension.
    """

    formula: str
    state: Literal["true already", "found", "not found"]
    changes: list[Change]
    distance: float
    margin: float | None
    central: float | None
    nearest: list[Change]
    shortest: float
    solutions: int
    draws: int
    holding: int
    grid: int

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return asdict(self)

    def lines(self, width: int = 80) -> list[str]:
        """The condition as text."""
        from winset.study.robust.text import condition_lines

        return condition_lines(self, width)

    def card(self) -> Card:
        """What it shows of itself: the state of the search and the changes."""
        rows = tuple((c.parameter, number(c.now), f"{c.at:.10g}", percent(abs(c.share))) for c in self.changes)
        table = Table(columns=("parameter", "now", "would be", "of its range"), rows=rows)
        return Card(title=f"{self.formula}: {self.state}", tables=(table,))

    def __str__(self) -> str:
        return "\n".join(self.lines())


@dataclass(frozen=True, kw_only=True, repr=False)
class Robust(Shown):
    """What holds over everything that the author of a scenario left uncertain.

    Attributes:
        title: of the scenario.
        stamp: its hash, versions, seed, settings.
        asked: how many draws were asked for; `solved` how many were solved.
        failures: those that were not.
        central_reason: why the central values could not be solved; "" where they could.
        questions, claims: over the draws.
        regions: two-way maps.
        quality: how well the draws were solved.
        draws: the draws themselves.
    """

    title: str
    stamp: dict[str, Any]
    asked: int
    solved: int
    failures: list[Failure]
    questions: list[Spread]
    claims: list[Share]
    regions: list[Region]
    quality: Quality
    draws: Draws
    central_reason: str = ""

    def as_dict(self, *, draws: bool = False) -> dict[str, Any]:
        """Plain JSON data; with `draws` the points and answers of every draw too."""
        out = asdict(self)
        if not draws:
            for key in ("points", "values", "evidence"):
                del out["draws"][key]
        return out

    def lines(self, width: int = 80) -> list[str]:
        """The result as text."""
        from winset.study.robust.text import robust_lines

        return robust_lines(self, width)

    def card(self) -> Card:
        """What it shows of itself: the questions over the draws, and the shares of the claims."""
        asked = tuple(
            (q.name, number(q.central), *(number(q.quantiles[i]) for i in (0, 2, 4))) for q in self.questions if q.count
        )
        judged = tuple(
            (c.name, c.central or UNKNOWN, percent(c.share), f"{percent(c.low)} to {percent(c.high)}")
            for c in self.claims
        )
        central = (f"the central values could not be solved: {self.central_reason}",) if self.central_reason else ()
        failed = (f"{len(self.failures)} of {self.asked} draws failed and count nowhere",) if self.failures else ()
        return Card(
            title=f"{self.title}: {self.solved} draws",
            tables=(
                Table(heading="Questions", columns=("", "central", "5 %", "median", "95 %"), rows=asked),
                Table(heading="Claims", columns=("", "centrally", "holds in", "95 % interval"), rows=judged),
            ),
            notes=failed + central,
        )

    def __str__(self) -> str:
        return "\n".join(self.lines())


__all__ = [
    "EXPLAINED", "Bar", "Boundary", "Change", "Condition", "Draws", "Failure", "Influence", "Quality", "Region",
    "Robust", "Share", "Spread", "Verdict",
]  # fmt: skip
