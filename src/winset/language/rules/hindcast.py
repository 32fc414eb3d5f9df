"""The rules for events that are forecast from dates of the past."""

from __future__ import annotations

from dataclasses import replace

from winset.base.errors import ScenarioError
from winset.language.clock import label, round_of
from winset.language.expr import Plays
from winset.language.formula import Probability, parse_formula, walk
from winset.language.reader import Reader
from winset.language.rules.evidence import rows
from winset.language.scenario import Scenario
from winset.language.variants import clocks
from winset.language.weighed import HindcastEvent


def hindcast(scenario: Scenario, reader: Reader) -> None:
    """Applies them; the formulas themselves are checked with those of questions."""
    start = scenario.clock.start
    for event in scenario.hindcast:
        what = f"the event `{event.name}`"
        if start is None:
            text = f"{what} has deadlines, and the clock has no calendar"
            reader.report("C441", text, event.where)
        for selected in event.happened:
            rows(scenario, replace(selected, measure="first"), reader)
        _asked(event, reader)
        _dated(scenario, event, reader)


def _asked(event: HindcastEvent, reader: Reader) -> None:
    """`P(X)`, which says nothing of time."""
    try:
        tree = parse_formula(event.formula, event.where)
    except ScenarioError:  # told where formulas are checked
        return
    plain = isinstance(tree, Probability) and tree.given is None and not tree.event.stated
    if not plain:
        text = f"the event `{event.name}` asks `{event.formula}`, which is not of the form P(X)"
        reader.report("C442", text, event.where)
    elif event.again and not any(isinstance(node, Plays) for node in walk(tree)):
        text = f"the event `{event.name}` may happen again, and `{event.formula}` asks of a state, which lasts"
        reader.report("C445", text, event.where)


def _dated(scenario: Scenario, event: HindcastEvent, reader: Reader) -> None:
    clock = scenario.clock
    if event.covered_from is not None and event.covered_to is not None and event.covered_to < event.covered_from:
        text = f"the rows of `{event.name}` cover {event.covered_from} to {event.covered_to}, which is no time"
        reader.report("C444", text, event.where)
    if clock.start is None or clock.rounds is None:
        return
    for deadline in event.by:
        if not any(1 <= round_of(one, deadline) <= (one.rounds or 0) for one in clocks(scenario)):
            first, last = label(clock, 1), label(clock, clock.rounds)
            text = f"the deadline {deadline} of `{event.name}` lies outside the calendar, {first} to {last}"
            reader.report("C443", text, event.where)
