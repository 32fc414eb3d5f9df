"""The report of a hindcast as plain data: what `winset.hindcast` returns."""

from __future__ import annotations

from typing import TypedDict


class SkillData(TypedDict):
    """Skill against one reference, on the forecasts that both answer.

    `value` 1 - own mean loss / reference's, from `low` to `high` (90 %, events drawn with replacement); None where it
    has no value. `better`: share of the draws in which the scenario loses less. `few`: too few events for the interval.
    """

    score: str
    value: float | None
    low: float | None
    high: float | None
    better: float
    forecasts: int
    events: int
    few: bool


class ReferenceData(TypedDict):
    """A reference: a baseline, the scenario at its central values, or public forecasts."""

    name: str
    about: str
    forecasts: int
    brier: float | None
    log: float | None
    own_brier: float | None
    own_log: float | None
    skill: list[SkillData]


class ForecastData(TypedDict):
    """One forecast: made on the first day of a round, with the record up to the day before.

    `low`, `high`: the middle 80 % of the draws by weight; `error`: the standard error of so few
    draws; `central`: at the central values of the parameters;
    `prior`: with all draws weighed alike, as if the record had taught nothing of the parameters. `baselines` by name.
    """

    date: str
    probability: float
    low: float
    high: float
    error: float
    central: float | None
    prior: float | None
    baselines: dict[str, float]
    happened: bool | None
    brier: float | None
    log: float | None


class DeadlineData(TypedDict):
    """One event up to one deadline. `happened` is None where that is not known; `why` says why nothing is scored."""

    deadline: str
    happened: bool | None
    on: str
    why: str
    forecasts: list[ForecastData]
    brier: float | None
    log: float | None


class EventData(TypedDict):
    """One event with its deadlines."""

    name: str
    asks: str
    note: str
    again: bool
    rows: list[str]
    covered_from: str
    covered_to: str
    days: list[str]
    deadlines: list[DeadlineData]
    forecasts: int
    brier: float | None
    log: float | None


class ParameterData(TypedDict):
    """What is known of a parameter at a date: posterior mean, and the interval that holds 80 %."""

    name: str
    mean: float
    low: float
    high: float
    prior_mean: float
    prior_low: float
    prior_high: float


class DateData(TypedDict):
    """One date of the hindcast.

    Attributes:
        date: the first day of the round `label`; the record is known up to `until`.
        sightings, reports: how many sightings, and how many rows they rest on.
        draws: draws that give the record any probability; `ess` the effective ones, `pareto` the weights' tail shape.
        enough: whether these weights can be relied on; `why` says why not.
        log_evidence: of the record, over the prior; None where no draw gives it any probability.
        beliefs: `player is type` to what the reader of the record believes.
        parameters: as they are then believed.
        mass_lost: most probability dropped in any draw.
    """

    date: str
    label: str
    until: str
    sightings: int
    reports: int
    draws: int
    ess: float
    pareto: float | None
    enough: bool
    why: str
    log_evidence: float | None
    beliefs: dict[str, float]
    parameters: list[ParameterData]
    mass_lost: float


class BinData(TypedDict):
    """A bin of the reliability diagram; see `winset.learn.scores.ReliabilityBin`."""

    low: float
    high: float
    forecasts: int
    events: int
    mean: float
    frequency: float
    expected_low: float
    expected_high: float
    fits: bool


class ScoreData(TypedDict):
    """Scores of all forecasts, and the parts of the Brier score."""

    forecasts: int
    resolved: int
    unresolved: int
    events: int
    brier: float | None
    log: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    within: float | None
    bins: list[BinData]


class MoveData(TypedDict):
    """How a forecast moved between two dates, and what the record said in between."""

    start: str
    end: str
    before: float
    after: float
    record: list[str]


class PushData(TypedDict):
    """A parameter on which a forecast turns: its mean among draws with the parameter below and above its median."""

    name: str
    median: float
    below: float
    above: float


class MissData(TypedDict):
    """A forecast that was far off, and what made it so."""

    event: str
    deadline: str
    date: str
    probability: float
    happened: bool
    brier: float
    path: list[tuple[str, float]]
    move: MoveData | None
    pushed_by: list[PushData]
    learnt: float | None
    told: list[str]


class MatchData(TypedDict):
    """Public forecasts of one question in one round, beside the scenario's own of the round's first day.

    `public` is the mean of `count` forecasts, turned round where the question's statement is the opposite."""

    event: str
    question: str
    deadline: str
    date: str
    first: str
    last: str
    count: int
    public: float
    own: float
    happened: bool | None


class HindcastStamp(TypedDict):
    """What makes the hindcast reproducible; `solved`: points solved in all, `renewed`: dates at which draws were."""

    scenario: str
    version: str
    variant: str
    start: str
    end: str
    draws: int
    solved: int
    failed: int
    renewed: list[str]
    seed: int
    grid: int | None
    unchecked: bool


class Hindcast(TypedDict):
    """The whole report; the worst misses come first."""

    winset: int
    title: str
    stamp: HindcastStamp
    misses: list[MissData]
    scores: ScoreData
    references: list[ReferenceData]
    public: list[MatchData]
    events: list[EventData]
    dates: list[DateData]
    failures: list[str]
    warnings: list[str]
