"""What following a record gives, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from winset.base.card import Card, Shown

Numbers = dict[str, float | None]
"""By name; None where a number is not finite or has no meaning."""


@dataclass(frozen=True, kw_only=True)
class RowSeen:
    """A row of the record on which a step rests; see `winset.learn.sighting.Report`."""

    date: str
    act: str
    text: str
    table: str
    row: int
    source: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One step along the record.

    Attributes:
        number: of the step, from 0.
        kind: *event* (a report), *silence*, *time* (types change by themselves), *dropped* (possibilities too
            improbable to be carried on).
        date: of the first row of an event, else the label of the round.
        round: label of the round.
        move, player: where; "" where nobody is meant.
        says: the act reported; "" for none.
        rows: the rows of the record that say so, the one that counted first.
        probability: of the sighting, given the record before.
        bits: surprise of the report, -log2 of its probability among all that might have been reported; None: infinite.
        expected: surprise that the model expected there, in bits; `p_value`: probability of a report as likely as this
            one or less.
        ratio: likelihood ratio by type, against the player's other types.
        before, after: belief by type.
        fit: p-value of the model's fit up to here (`winset.learn.surprise`); None where nothing was sighted.
        questions: headline forecasts right after it, by name; empty where none were computed there.
        nodes: how many public histories were carried on, before and after.
    """

    number: int
    kind: Literal["event", "silence", "time", "dropped"]
    date: str
    round: str
    move: str
    player: str
    says: str
    rows: list[RowSeen]
    probability: float
    bits: float | None
    expected: float | None
    p_value: float | None
    ratio: Numbers
    before: Numbers
    after: Numbers
    fit: float | None
    questions: Numbers
    nodes: list[int]


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one step, or a run of steps without events, adds to a belief or a forecast.

    Attributes:
        steps: numbers of the steps.
        kind: of the steps; of a run *silence*, which may hold time that passed as well.
        date: of the step, or of the last of a run.
        label: what happened, in the words of the scenario.
        added: to the figure itself.
        log_odds: to its log-odds (natural logarithm); None where it is no probability, or was certain.
    """

    steps: list[int]
    kind: str
    date: str
    label: str
    added: float
    log_odds: float | None


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """Where the change of a belief or forecast comes from: the parts add up to it.

    Attributes:
        name: `pyongyang is staller`, or the name of a question.
        formula: of a question.
        unit: "probability" or "number".
        start, end: before the record and after it.
        parts: in order of time.
        residual: end less start less all parts; what is left of it is rounding.
    """

    name: str
    formula: str
    unit: str
    start: float
    end: float
    parts: list[Part]
    residual: float


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """Whether the model fits the record.

    Attributes:
        fits: whether the p-value is above `level`.
        p_value: of a record that fits no better, at the end of it; valid at any time of looking.
        level: at or below which the model is said not to fit; it is the false-alarm rate at most.
        since: date from which on it fits worst; "" where it fits.
        event: what broke it: the most surprising report from there on; "" where it fits.
        noticed: date at which the p-value fell to `level`.
        impossible: whether the model cannot have the record at all.
        surprise, expected, spread: bits of surprise in all, and what the model expected, with its standard deviation.
        text: the finding in a sentence.
    """

    fits: bool
    p_value: float
    level: float
    since: str
    event: str
    noticed: str
    impossible: bool
    surprise: float | None
    expected: float
    spread: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a sighting says of one hypothesis: its likelihood ratio against the others together, and Heuer's symbol.

    `ratio` is None where it is infinite or has no meaning."""

    ratio: float | None
    symbol: str


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """One sighting of a matrix of hypotheses.

    `diagnosticity` is log2 of the greatest likelihood ratio between two hypotheses; None: infinite."""

    step: str
    date: str
    kind: str
    label: str
    cells: list[Cell]
    diagnosticity: float | None


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Competing hypotheses weighed by the same record.

    Attributes:
        name: as in the scenario.
        hypotheses: their names, in the order of the columns; `means` what each is.
        rows: sightings, the most diagnostic first.
        prior, posterior: probability of each hypothesis before and after.
        log_evidence: natural logarithm of the record's probability under each; None: it is impossible there.
        best: the hypothesis that the record favours most.
        factors: Bayes factor of the best against each hypothesis; None: infinite.
        not_separated: hypotheses that the record does not tell from the best: the factor is within `band`.
        neutral: how many sightings tell none of them apart, and are left out of the rows.
        text: the finding in a sentence or two.
    """

    name: str
    hypotheses: list[str]
    means: list[str]
    rows: list[MatrixRow]
    prior: list[float]
    posterior: list[float]
    log_evidence: list[float | None]
    best: str
    factors: list[float | None]
    not_separated: list[str]
    band: float
    neutral: int
    text: str


@dataclass(frozen=True, kw_only=True)
class ClaimSeen:
    """A claim read at the end of the record: what came about counts as certain, the rest is forecast from there.

    Attributes:
        name: of the claim.
        verdict: "holds", "fails", "undecided"; "" where the record followed cannot say, for the reason in `why`.
        figures: the probabilities, beliefs and expectations that it compares, by formula.
        why: the reason where there is no verdict.
    """

    name: str
    verdict: str
    figures: Numbers
    why: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Following(Shown):
    """A record followed through a solved scenario.

    Attributes:
        title, variant: of the scenario, and the variant that was followed.
        until: the last day whose record was known.
        entries: every step.
        types: belief in each type before and after, with where the change comes from.
        questions: the same of headline forecasts.
        left_out: headline questions that are not followed, and why.
        misfit: whether the model fits the record.
        matrices: competing hypotheses.
        log_evidence: natural logarithm of the record's probability; None: the model cannot have it.
        unused: rows of the record that no sighting rests on: table, row, date, text, why.
        warnings: probability dropped, and what else a reader has to know.
        stamp: hash of the scenario, versions, and what was asked for.
        claims: what the record says of each claim; empty where no forecasts were asked for.
    """

    title: str
    variant: str
    until: str
    entries: list[Entry]
    types: list[Waterfall]
    questions: list[Waterfall]
    left_out: dict[str, str]
    misfit: Misfit
    matrices: list[Matrix] = field(default_factory=list)
    log_evidence: float | None = None
    unused: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stamp: dict[str, Any] = field(default_factory=dict)
    claims: list[ClaimSeen] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain JSON data."""
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Following:
        """Inverse of `as_dict`."""
        return Following(**{
            **data,
            "entries": [Entry(**{**e, "rows": [RowSeen(**row) for row in e["rows"]]}) for e in data["entries"]],
            "types": [_waterfall(w) for w in data["types"]],
            "questions": [_waterfall(w) for w in data["questions"]],
            "misfit": Misfit(**data["misfit"]),
            "matrices": [_matrix(m) for m in data["matrices"]],
            "claims": [ClaimSeen(**c) for c in data["claims"]],
        })  # fmt: skip

    def lines(self, width: int = 80) -> list[str]:
        """The whole as text of at most `width` columns."""
        from winset.study.following.text import lines

        return lines(self, width)

    def card(self) -> Card:
        """Events with beliefs, the waterfalls' ends, the matrices' findings."""
        from winset.study.following.text import card

        return card(self)

    def __str__(self) -> str:
        return "\n".join(self.lines())


def _waterfall(data: dict[str, Any]) -> Waterfall:
    return Waterfall(**{**data, "parts": [Part(**part) for part in data["parts"]]})


def _matrix(data: dict[str, Any]) -> Matrix:
    rows = [MatrixRow(**{**row, "cells": [Cell(**cell) for cell in row["cells"]]}) for row in data["rows"]]
    return Matrix(**{**data, "rows": rows})
