"""What a record says of a game, move by move: the input of every filter.

A *report* is one dated row of the record read as an act. A *sighting* is all that the record says of one side at one
move of one round, silence included, together with the probability of just that record under each thing that may have
been done. The players know what was done in public; the reader of the record only knows the sightings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Report:
    """One dated row, read as an act.

    Attributes:
        date: the day, as 2019-10-02.
        player: who acted; "chance" for an outcome.
        move: the move of the round.
        act: the action, observable or outcome that the row stands for.
        table: the record file that the row is from; "" where it stands in the scenario's own `record`.
        row: number of the row there, counted from 0.
        source: key of its source.
        checked: whether the row rests on a source that was read (`unchecked` of its table says where not).
        text: the row in a few words, as the table shows it.
    """

    date: str
    player: str
    move: str
    act: str
    table: str = ""
    row: int = 0
    source: str = ""
    checked: bool = True
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Chances:
    """The probability of one report at a move, by what was done there.

    Attributes:
        likelihood: by label of an observable or outcome, each in [0, 1].
        otherwise: the same for every label that is not listed.
        absent: the same where the move did not come about.
    """

    likelihood: Mapping[str, float]
    otherwise: float = 0.0
    absent: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What the record says of one side at one move of one round.

    Attributes:
        round: number of the round, from 1.
        move, player: whose act at which move; "chance" for outcomes.
        says: the act that the reports amount to; "" for silence.
        reports: the rows, the one that counted first; empty for silence.
        likelihood: P(these reports | this was seen to be done), by label of an observable or outcome, each in [0, 1].
        otherwise: the same for every label that is not listed.
        absent: the same where the move did not come about.
        might: what may stand in the record of such a move, this report among it, by what it says ("" for silence):
            from it follows how surprising the report is. Empty: whatever is done is seen, without error.
    """

    round: int
    move: str
    player: str
    says: str
    reports: tuple[Report, ...] = ()
    likelihood: Mapping[str, float]
    otherwise: float
    absent: float
    might: Mapping[str, Chances] = field(default_factory=dict)

    @property
    def silent(self) -> bool:
        """Whether there is no report."""
        return not self.reports


@dataclass(frozen=True, kw_only=True)
class Unused:
    """A row of a record file, or of the scenario's record, that no sighting rests on, and why."""

    table: str
    row: int
    date: str
    text: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Observations:
    """What the record says up to a day.

    Attributes:
        until: the last day whose record is known.
        last_round: number of the round in which that day lies; 0 before the first.
        over: whether that round is over by then. Silence says something only of rounds that are.
        sightings: by round, then in the order of the moves.
        unused: rows that stand for nothing in the game, or lie outside its calendar; later rows are not listed.
    """

    until: str
    last_round: int
    over: bool
    sightings: tuple[Sighting, ...]
    unused: tuple[Unused, ...] = ()
