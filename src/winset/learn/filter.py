"""A record followed through a solved game: what its reader believes after each sighting.

The players see what is done in public; the reader of the record sees only reports of it. So the filter carries nodes
(state, public belief of the players, mass), moves each node's belief by Bayes' rule on what the players saw, and weighs
every edge by the likelihood of the sightings of that move:

    mass(edge) = mass(node) P(edge | node) Π P(sighting | edge) / P(sightings of the move | record before)

What the reader believes of a type is the mean of the nodes' beliefs. This is the forward recursion of hidden Markov
models (Baum, Petrie, Soules and Weiss 1970) over public histories, and exact but for two things that are counted: nodes
of one state whose beliefs lie close share a node at their mean (`game.merging`), and very light ones are dropped.

Where types change by themselves (a Markov law), the reader's belief moves without a sighting: that is *time* passing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from winset.game.game import Floats, Game, Stage
from winset.game.reach import Believe
from winset.game.solution import Respond
from winset.language.acts import CHANCE
from winset.learn.histories import Layer, Place, opened, types_before
from winset.learn.sighting import Observations, Sighting
from winset.learn.standing import Filtering, Passed, Side, Standing, begun, passed, sides

Kind = Literal["event", "silence", "time", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change of what the reader believes. R value rows: (player, type), as in `Game`.

    Attributes:
        number: from 0.
        kind: *event* (a report), *silence*, *time* (types change by themselves), *dropped* (nodes given up).
        round, move, player: where; `player` "" for *time* and *dropped*, `move` "" at the end of a round.
        sighting: what was seen; None for *time* and *dropped*.
        probability: of the sighting, given the record before; 0 if the model cannot have it.
        given: (R,) the same given each type besides; nan for a type that the record has ruled out.
        against: (R,) the same given that the player is of another type; nan where it can be of none.
        before, after: (R,) what the reader believes of types.
        nodes: how many nodes there were before and after.
        acts: what the model expected to be done: label to probability, "" where the move does not come about.
        reports: what it expected to be reported, by what it says, given that anything is where silence says nothing;
            the acts themselves where the sighting does not say what else might have been reported.
    """

    number: int
    kind: Kind
    round: int
    move: str
    player: str
    before: Floats
    after: Floats
    given: Floats
    against: Floats
    nodes: tuple[int, int]
    sighting: Sighting | None = None
    probability: float = 1.0
    acts: Mapping[str, float] = field(default_factory=dict)
    reports: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> Floats:
        """(R,) likelihood ratio: the sighting's probability given the type, to that given another type."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.given / self.against)

    @property
    def log_odds(self) -> Floats:
        """(R,) by how much the log-odds of each type move (natural logarithm): of a sighting, the log of `ratio`."""
        if self.sighting is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(np.log(self.given) - np.log(self.against))
        return logit(self.after) - logit(self.before)


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A record followed to its end, or to the sighting that the model cannot have.

    Attributes:
        steps: every change in order.
        start, end: (R,) what the reader believes of types before the first and after the last step.
        place: where the game then stands, for forecasts: nodes with the probabilities that the record gives them.
        over: probability that the game is over.
        log_evidence: natural logarithm of the probability of all sightings; minus infinity where `broken`.
        broken: the step whose sighting has probability zero, after which nothing is followed.
        mass_lost: probability dropped, given the record at that time, summed.
        widest: most nodes at any time.
    """

    steps: tuple[Step, ...]
    start: Floats
    end: Floats
    place: Place
    over: float
    log_evidence: float
    broken: Step | None
    mass_lost: float
    widest: int


OTHER = "anything else"
"""What stands among expected reports for all that a sighting does not tell apart."""

Watch = Callable[[Step, Callable[[], Standing]], None]
"""watch(step, standing): told every step as it is made, with a way to where the game may stand right after it."""


def logit(p: Floats) -> Floats:
    """Log-odds."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(p) - np.log1p(-p))


def follow_record(
    game: Game,
    respond: Respond,
    observations: Observations,
    *,
    believe: Believe | None = None,
    prior: Floats | None = None,
    how: Filtering | None = None,
    watch: Watch | None = None,
    trail: Trail | None = None,
) -> Followed:
    """Follows a record from the start of a game.

    Args:
        game: the game.
        respond: the strategies at (stage, states, beliefs).
        observations: the record, as sightings.
        believe: how beliefs move (`game.reach`); by Bayes' rule from the strategies played where None.
        prior: (W,) belief at the start, as wide as `believe` makes it; the game's prior where None.
        how: what becomes one node and what is dropped.
        watch: told every step.
        trail: what an earlier call for the same game, in the same manner, has left; the stages that this record begins
            with as well are taken from it, and it is left with those of this record.

    Raises:
        ValueError: a sighting is of a move that its round does not have.
    """
    run = _Run(game, respond, believe, how or Filtering(), begun(game, prior), [] if trail is None else trail)
    for sighting in observations.sightings:
        if not any(s.move == sighting.move for s in game.stages if game.infinite or s.round == sighting.round):
            raise ValueError(f"round {sighting.round} has no move `{sighting.move}`")
        if sighting.player not in {CHANCE, *(p.name for p in game.players)}:
            raise ValueError(f"there is no player `{sighting.player}` at the move `{sighting.move}`")
    start, steps, broken, log_evidence = run.standing.reader, list[Step](), None, 0.0
    for step, standing in run.steps(observations):
        steps.append(step)
        if watch is not None:
            watch(step, standing)
        if step.sighting is not None and step.probability <= 0:
            broken, log_evidence = step, -np.inf
            break
        log_evidence += float(np.log(step.probability))
    last = run.standing
    return Followed(
        steps=tuple(steps), start=start, end=steps[-1].after if steps else start, place=last.place, over=last.over,
        log_evidence=log_evidence, broken=broken, mass_lost=last.lost, widest=run.widest,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Weighing:
    """The edges of a stage as the sightings so far weigh them.

    `mass` (E,) and `over` are weighed; `types` (E, R) and `over_types` (R,), which is times `over`, are as before."""

    mass: Floats
    types: Floats
    over: float
    over_types: Floats
    weights: Floats
    absent: float = 1.0

    @property
    def whole(self) -> float:
        """Probability of what was sighted."""
        return float(self.mass.sum()) + self.over

    @property
    def joint(self) -> Floats:
        """(R,) probability of a type and of what was sighted."""
        return np.asarray(self.mass @ self.types + self.over_types)

    def weighed(self, weights: Floats, absent: float) -> _Weighing:
        """One sighting more."""
        return _Weighing(
            mass=self.mass * weights, types=self.types, over=self.over * absent, over_types=self.over_types * absent,
            weights=self.weights * weights, absent=self.absent * absent,
        )  # fmt: skip


Told = tuple[Step, Callable[[], Standing]]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A stage that was gone through: what was sighted there, what was told of it, and where it led."""

    sightings: tuple[Sighting, ...]
    told: tuple[Told, ...]
    standing: Standing


Trail = list[Passage]
"""The stages of a record, in order: records of one history known up to later and later days begin alike."""


class _Run:
    """The filter under way."""

    def __init__(
        self, game: Game, respond: Respond, believe: Believe | None, how: Filtering, standing: Standing, trail: Trail
    ) -> None:
        self.game, self.respond, self.believe, self.how, self.trail = game, respond, believe, how, trail
        self.standing, self.widest, self.count = standing, standing.live, 0
        owner = np.repeat(np.arange(len(game.players)), game.type_counts)
        self.others = (owner[:, None] == owner) & ~np.eye(len(owner), dtype=bool)
        """(R, R) the other types of the same player."""

    def steps(self, observations: Observations) -> Iterator[Told]:
        """Every change up to the end of the record, or up to a sighting that cannot be."""
        waiting, place = list(observations.sightings), 0
        while self.standing.nodes is not None and self.standing.round <= observations.last_round:
            if not waiting and self.standing.round == observations.last_round and not observations.over:
                return
            stage, number = self.game.stages[self.standing.nodes.stage], self.standing.round
            here = [s for s in waiting if s.round == number and s.move == stage.move]
            waiting = [s for s in waiting if s.round != number or s.move != stage.move]
            for step, standing in self._again(place, stage, here):
                yield step, standing
                if step.probability <= 0:
                    return
            place += 1
        for sighting in waiting if self.standing.nodes is None else ():
            yield self._afterwards(sighting)

    def _again(self, place: int, stage: Stage, sightings: list[Sighting]) -> Iterator[Told]:
        """One stage, taken from the trail where the record has said the same up to its end."""
        known = self.trail[place] if place < len(self.trail) else None
        if known is not None and known.sightings == tuple(sightings):
            self.standing, self.widest = known.standing, max(self.widest, known.standing.live)
            self.count += len(known.told)
            yield from known.told
            return
        del self.trail[place:]
        told: list[Told] = []
        for one in self._stage(stage, sightings):
            told.append(one)
            yield one
        self.trail.append(Passage(sightings=tuple(sightings), told=tuple(told), standing=self.standing))

    def _stage(self, stage: Stage, sightings: list[Sighting]) -> Iterator[Told]:
        """One stage: its sightings, then what types become, then nodes put together."""
        before = self.standing
        assert before.nodes is not None
        layer = opened(self.game, self.respond, before.nodes, before.round)
        weighing = _Weighing(
            mass=layer.mass[layer.node] * layer.probability, types=types_before(self.game, layer),
            over=before.over, over_types=before.over_belief[: self.game.rows], weights=np.ones(len(layer.node)),
        )  # fmt: skip
        belief, known = before.reader, sides(self.game, stage, layer)
        step: Step | None = None
        for sighting in sightings:
            if step is not None:
                yield step, self._lazily(before, layer, weighing)
            step, weighing = self._sighted(sighting, known[sighting.player], weighing, belief)
            belief = step.after
            if step.probability <= 0:
                yield step, lambda: before
                return
        done = self._passed(before, layer, weighing)
        self.standing = done.standing
        self.widest = max(self.widest, self.standing.live)
        nodes = before.live, self.standing.live
        if step is not None:
            yield replace(step, nodes=nodes), lambda: done.standing
        changes = stage.branch_law is not None or any(m.law is not None for m in stage.movers)
        if changes and np.abs(done.moved - belief).max() > 0:
            yield self._silent("time", layer, stage, belief, done.moved, nodes), lambda: done.standing
            belief = done.moved
        if done.dropped > 0:
            yield self._silent("dropped", layer, stage, belief, self.standing.reader, nodes), lambda: done.standing

    def _passed(self, before: Standing, layer: Layer, weighing: _Weighing) -> Passed:
        return passed(
            before, layer, weighing.weights, weighing.absent, weighing.whole, how=self.how, believe=self.believe
        )

    def _lazily(self, before: Standing, layer: Layer, weighing: _Weighing) -> Callable[[], Standing]:
        """Where the game may stand after some of the sightings of one stage."""
        return lambda: self._passed(before, layer, weighing).standing

    def _sighted(self, sighting: Sighting, side: Side, old: _Weighing, belief: Floats) -> tuple[Step, _Weighing]:
        """One sighting of a side."""
        acts = np.bincount(side.label, old.mass, len(side.labels))
        acts[-1] += old.over
        likelihood = side.likelihood(sighting)
        new = old.weighed(likelihood[side.label], sighting.absent)
        before, now = old.joint, new.joint
        with np.errstate(divide="ignore", invalid="ignore"):
            given = np.where(before > 0, now / before, np.nan)
            others, rest = self.others @ now, self.others @ before
            against = np.where(rest > 0, others / rest, np.nan)
        live = self.standing.live
        step = Step(
            number=self._next(), kind="silence" if sighting.silent else "event", round=sighting.round,
            move=sighting.move, player=sighting.player, sighting=sighting, probability=new.whole / old.whole,
            given=given, against=against, before=belief, after=now / new.whole if new.whole > 0 else belief,
            nodes=(live, live),
            acts=_listed(side.labels, acts / old.whole), reports=_reports(sighting, side, acts / old.whole),
        )  # fmt: skip
        return step, new

    def _afterwards(self, sighting: Sighting) -> Told:
        """A sighting once the game is over for certain."""
        belief, standing = self.standing.reader, self.standing
        given = np.full(len(belief), sighting.absent)
        side = Side(player=sighting.player, labels=("",), label=np.zeros(0, dtype=np.int64))
        step = Step(
            number=self._next(), kind="silence" if sighting.silent else "event", round=sighting.round,
            move=sighting.move, player=sighting.player, sighting=sighting, probability=sighting.absent,
            given=given, against=given, before=belief, after=belief, nodes=(0, 0), acts={"": 1.0},
            reports=_reports(sighting, side, np.ones(1)),
        )  # fmt: skip
        return step, lambda: standing

    def _silent(self, kind: Kind, layer: Layer, stage: Stage, before: Floats, after: Floats,
                nodes: tuple[int, int]) -> Step:  # fmt: skip
        """A change without a sighting."""
        return Step(
            number=self._next(),
            kind=kind,
            round=layer.round,
            move=stage.move,
            player="",
            before=before,
            after=after,
            given=np.ones(len(before)),
            against=np.ones(len(before)),
            nodes=nodes,
        )

    def _next(self) -> int:
        self.count += 1
        return self.count - 1


def _listed(labels: tuple[str, ...], probability: Floats) -> dict[str, float]:
    found: dict[str, float] = {}
    for label, p in zip(labels, probability.tolist(), strict=True):
        if p > 0:
            found[label] = found.get(label, 0.0) + p
    return found


def _reports(sighting: Sighting, side: Side, acts: Floats) -> dict[str, float]:
    """What was to be expected in the record; where the sighting does not say what else it might have been, the acts."""
    if sighting.might:
        found = {says: float(side.likelihood(chances) @ acts) for says, chances in sighting.might.items()}
        whole = sum(found.values())  # less than 1 where silence says nothing: then given that there is a report
        return {says: p / whole for says, p in found.items()} if whole > 0 else found
    named = tuple(text if text in sighting.likelihood else text.partition("(")[0] for text in side.labels)
    found = _listed(named, acts)
    if sighting.says in found:
        return found
    own = float(side.likelihood(sighting) @ acts)
    return {sighting.says: own, OTHER: max(1.0 - own, 0.0)}
