"""The rules that hold or fail in a state: looked at in the states that the game can reach.

The states are found by playing every available action and every possible draw from the start, layer by layer,
at the central parameter values. What a move does is worked out once for each combination of the variables that
it reads, and taken over from the search of the scenario, or of another variant, where it is the same (`shared`);
the search is bounded, and a large layer is thinned evenly. Only reached states are ever reported.
"""

from __future__ import annotations

import itertools
from typing import Any

from winset.language.plain import NoValue
from winset.language.reader import Reader
from winset.language.rules.names import Names
from winset.language.rules.shared import Part, Shared, Step, Steps
from winset.language.rules.steps import Played, Spent
from winset.language.scenario import Value

VISITS = 12_000
"""States looked at, over all moves and rounds."""

EFFORT = 3_000_000
"""Parts of expressions evaluated before the search stops: about a second."""

State = tuple[Value, ...]


def dynamic(names: Names, reader: Reader, shared: Shared, *, effort: int = EFFORT) -> None:
    """Applies the rules of this file to a scenario, or to one of its variants.

    Args:
        names: those of the scenario, or of the variant.
        reader: what is found goes to it.
        shared: what is known from the searches of the same scenario and its variants before this one.
        effort: parts of expressions after which the search stops.
    """
    Search(names, reader, shared, effort).run()


class Met:
    """A part of the game as one search meets it: what it reads, and what it comes to.

    Attributes:
        places: where in the state the variables that it reads stand; -1 for the round.
        known: what any search has found of it, given the same parameters, dates, rounds and precision.
        met: what this search has come by, played or taken over.
    """

    def __init__(self, what: Part, played: Played, shared: Shared) -> None:
        needs = shared.needs(what)
        self.what, self.played = what, played
        self.timed = "now" in needs.variables
        self.places = [played.index.get(name, -1) for name in needs.variables]
        self.known: Steps = shared.steps(what, needs.given(played.names, played.precision))
        self.met: Steps = {}

    def key(self, state: State, now: int) -> tuple[Any, ...]:
        """The values of what it reads."""
        return tuple([state[i] if i >= 0 else now for i in self.places])

    def step(self, key: tuple[Any, ...], state: State, now: int) -> Step:
        """What it comes to, taken over at the cost that it had, else played.

        Raises:
            Spent: the search has cost as much as it may.
        """
        step = self.known.get(key)
        if step is None:
            step = self.played.step(self.what, self.played.env(state, now))
            if step.clean:
                self.known[key] = step
        else:
            self.played.spend(step.cost)
        self.met[key] = step
        return step


class Search:
    """Breadth-first search through the public states."""

    def __init__(self, names: Names, reader: Reader, shared: Shared, effort: int) -> None:
        self.scenario, self.reader = names.scenario, reader
        self.played = Played(names, reader, shared, effort)
        ends, pays = self.scenario.ends_when, (*self.scenario.each_round, *self.scenario.at_end)
        self.moves = [Met(move, self.played, shared) for move in self.scenario.round]
        self.payments = [Met(pay, self.played, shared) for pay in pays]
        self.ends = None if ends is None else Met(ends, self.played, shared)
        self.timed = any(part.timed for part in self.moves) or (self.ends is not None and self.ends.timed)
        self.happened: set[str] = set()
        self.open: set[tuple[str, str, str]] = set()
        self.complete = True
        self.ended: dict[tuple[Any, ...], bool] = {}
        self.paid_by = sorted({place for part in self.payments for place in part.places})
        self.paid: set[tuple[Any, ...]] = set()
        self.count = 0

    def run(self) -> None:
        """The search as far as it may go, then what it shows about moves and actions."""
        try:
            self.search()
        except Spent:
            self.complete = False
        if self.complete:
            self.afterwards()

    def search(self) -> None:
        """The states, layer by layer."""
        rounds = self.scenario.clock.rounds or 200
        cap = max(40, VISITS // max(1, min(rounds, 60) * len(self.moves))) if self.timed else VISITS
        layer = self.starts()
        if layer and all(self.over(s, 1) for s in layer):
            self.played.report("G614", "`ends when` holds at the start", self.scenario.ends_when, {})
            self.complete = False
            return
        seen: set[tuple[int, State]] = set()
        for now in range(1, rounds + 1):
            layer = [s for s in layer if not self.over(s, now)]
            for at, part in enumerate(self.moves):
                if not self.timed:
                    layer = [s for s in layer if (at, s) not in seen]
                    seen.update((at, s) for s in layer)
                if len(layer) > cap:
                    self.complete = False
                    layer = layer[:: -(-len(layer) // cap)]
                layer = self.after(part, layer, now)
            for state in layer[:60]:
                self.pay_all(state, now)
            if not layer or self.count > 8 * VISITS:
                self.complete = self.complete and not layer
                break

    def afterwards(self) -> None:
        """Moves that never happen, actions that are never available; said only when every state was seen."""
        for move in self.scenario.round:
            if move.name not in self.happened:
                self.reader.report("G612", f"the move `{move.name}` never happens", move.where)
                continue
            for side in move.sides:
                for action in side.actions:
                    if action.condition is not None and (move.name, side.player, action.name) not in self.open:
                        self.reader.report("G613", f"the action `{action.name}` is never available", action.where)

    def starts(self) -> list[State]:
        """The start states."""
        listed = []
        for variable in self.scenario.state:
            values = []
            for value, probability in variable.start:
                try:
                    if float(self.played.machine.value(probability, {})) > 0:
                        values.append(value)
                except (NoValue, ValueError):
                    values.append(value)
            listed.append(values)
        return list(itertools.islice(itertools.product(*listed), 400))

    def over(self, state: State, now: int) -> bool:
        """True when `ends when` holds."""
        if self.ends is None:
            return False
        key = (*state, now) if self.timed else state
        if key not in self.ended:
            self.ended[key] = self.ends.step(self.ends.key(state, now), state, now).holds
        return self.ended[key]

    def after(self, part: Met, layer: list[State], now: int) -> list[State]:
        """The states after a move, the finished ones left out (and paid)."""
        found: dict[State, None] = {}
        for state in layer:
            key = part.key(state, now)
            step = part.met.get(key)
            if step is None:
                step = part.step(key, state, now)
                self.happened |= step.happened
                self.open |= step.open
            self.count += len(step.changes)
            self.played.spend(1)
            for change in step.changes:
                if not change:
                    found[state] = None
                    continue
                new = list(state)
                for i, value in change:
                    new[i] = value
                found[tuple(new)] = None
        kept = []
        paid = 0
        for state in found:
            if self.over(state, now):
                paid += 1
                if paid <= 20:
                    self.pay_all(state, now)
            else:
                kept.append(state)
        return kept

    def pay_all(self, state: State, now: int) -> None:
        """The payoffs of rounds and of the end have values."""
        key = tuple([state[i] if i >= 0 else now for i in self.paid_by])
        if key not in self.paid:
            self.paid.add(key)
            for part in self.payments:
                part.step(part.key(state, now), state, now)
