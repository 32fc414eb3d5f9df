"""What a scenario lets the record decide: events to be forecast and scored, and explanations that compete."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from winset.language.element import Element
from winset.language.rows import Rows


@dataclass(frozen=True, kw_only=True)
class PublicQuestion(Element):
    """A question that others have forecast in public, about an event of the scenario.

    Attributes:
        question: its id in a file of public forecasts.
        deadline: the day up to which it counts.
        opposite: whether its statement says that the event does not happen.
    """

    question: str
    deadline: dt.date
    opposite: bool = False


@dataclass(frozen=True, kw_only=True)
class HindcastEvent(Element):
    """An event that is forecast from dates of the past, and scored by what happened.

    Attributes:
        formula: `P(X)`, without a time: how likely it is to come about is asked up to each deadline.
        by: the deadlines, in order.
        happened: the rows of record files any of which says that it happened, on its day.
        again: whether it may happen again: each forecast is then about the time after it alone; else it is settled by
            the first row since the scenario's first round.
        covered_from, covered_to: the days that the rows' tables cover; None: their first, their last row's day.
        public: questions of others about the same event.
    """

    name: str
    formula: str
    by: tuple[dt.date, ...]
    happened: tuple[Rows, ...]
    again: bool = False
    covered_from: dt.date | None = None
    covered_to: dt.date | None = None
    public: tuple[PublicQuestion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hypothesis(Element):
    """One of several competing explanations: the scenario as it is in `variant` ("" for as it is written).

    `weight` is its prior, before all of a set are made to add up to 1."""

    name: str
    variant: str
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Hypotheses(Element):
    """Competing explanations of the same record: variants, or the types of the player `types_of`."""

    name: str
    among: tuple[Hypothesis, ...] = ()
    types_of: str = ""
