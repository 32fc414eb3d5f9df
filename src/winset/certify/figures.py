"""The figures of a certificate, as data. Each says in `means` what it tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from winset.language.scenario import Value


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a figure is attained, in names."""

    date: str
    move: str
    state: Mapping[str, Value]
    belief: Mapping[str, Mapping[str, float]]
    player: str = ""
    type: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "date": self.date,
            "move": self.move,
            "state": dict(self.state),
            "belief": {p: dict(b) for p, b in self.belief.items()},
            "player": self.player,
            "type": self.type,
        }

    def __str__(self) -> str:
        who = f"{self.player} as {self.type}, " if self.player else ""
        state = ", ".join(f"{k} = {v}" for k, v in self.state.items())
        beliefs = [f"{p} is {t} {x:.3g}" for p, b in self.belief.items() if len(b) > 1 for t, x in b.items()]
        return f"{who}{self.date} {self.move or 'settlement'} ({'; '.join([state, *beliefs])})"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A largest value, in `unit`, with its place; `limit` is what the verdict compares it with (None: only told)."""

    name: str
    value: float
    unit: str
    means: str
    limit: float | None = None
    where: Place | None = None

    @property
    def passes(self) -> bool:
        """False beyond the limit, or not a number."""
        return self.limit is None or bool(self.value <= self.limit)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "means": self.means,
            "limit": self.limit,
            "passes": self.passes,
            "where": self.where.as_dict() if self.where else None,
        }


@dataclass(frozen=True, kw_only=True)
class Gain:
    """What one player could gain by one kind of deviation, in units of its payoff.

    Attributes:
        player: its name.
        interim: most that a type gains at a cell; over the visited histories when `visited`, else over all grid cells.
        interim_bound: the logit bound at that cell.
        where: that cell.
        ex_ante: expected gain at the start, over the prior of its own type.
        ex_ante_bound: the logit bound of that.
    """

    player: str
    interim: float
    interim_bound: float
    where: Place | None
    ex_ante: float
    ex_ante_bound: float
    visited: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "player": self.player,
            "interim": self.interim,
            "interim_bound": self.interim_bound,
            "where": self.where.as_dict() if self.where else None,
            "ex_ante": self.ex_ante,
            "ex_ante_bound": self.ex_ante_bound,
            "visited": self.visited,
        }


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One headline answer: as reported, and solved again on another grid (None: not computed)."""

    value: float
    other_grid: float | None = None

    @property
    def error(self) -> float | None:
        """How far it moved, or None when it was not computed again."""
        return None if self.other_grid is None else abs(self.value - self.other_grid)


@dataclass(frozen=True, kw_only=True)
class GridError:
    """How far headline answers move."""

    largest: float
    name: str
    limit: float
    headlines: Mapping[str, Headline] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """True when the largest is inside the limit."""
        return bool(self.largest <= self.limit)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "largest": self.largest,
            "name": self.name,
            "limit": self.limit,
            "passes": self.passes,
            "headlines": {
                n: {"value": h.value, "other_grid": h.other_grid, "error": h.error} for n, h in self.headlines.items()
            },
        }


def grid_error(headlines: Mapping[str, Headline], *, limit: float = 0.005) -> GridError | None:
    """The largest movement of a headline answer; None when nothing was compared."""
    moved = {name: h.error for name, h in headlines.items() if h.error is not None}
    if not moved:
        return None
    name = max(moved, key=lambda n: moved[n] if moved[n] == moved[n] else float("inf"))
    return GridError(largest=moved[name], name=name, limit=limit, headlines=dict(headlines))
