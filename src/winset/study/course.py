"""How a game is played and believed: by everyone as in one equilibrium, or with somebody in error about the game.

*In error.* The game itself is A; each player who errs believes in a game B of the same players, types, states and
moves, and plays its strategy of B's equilibrium at B's public belief. The others play theirs of A's at A's. A node of
a public history then carries several beliefs, one after the other in one row:

    truth | A | B | …        each R wide; A only where somebody who moves believes in it

A and each B move by Bayes' rule from their own game's strategies, signals and laws of types. The truth starts at A's
prior and moves by Bayes' rule from what is really played, with A's signals and laws: a player's observables depend on
its own type alone, so the truth stays a product over players. Where nothing but strategies differs, it is B's belief
about the player who errs and A's about the others.

*Aware.* One player may know of the only error: it answers the strategy of the player who errs (`solve.aware`), which
keeps believing what it would see in B. All beliefs are then B's.

What a game thinks impossible (probability zero) leaves its belief as it was, as in `game.bayes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from winset.base.errors import ScenarioError
from winset.game.bayes import change_types, update
from winset.game.counterpart import Counterpart, check_open, unknown
from winset.game.game import Floats, Game, Ints
from winset.game.model import problem
from winset.game.reach import Believe
from winset.game.solution import FAILED, FORCED, Respond, Response, Solution
from winset.language.variants import Perception
from winset.solve.aware import Answering, answering


class Course(Protocol):
    """What the histories of a solved game are made with."""

    @property
    def respond(self) -> Respond:
        """What is played at (stage, states, beliefs)."""

    @property
    def believe(self) -> Believe | None:
        """How beliefs move; None: by Bayes' rule from what is played."""

    @property
    def perceived(self) -> tuple[str, ...]:
        """The variants that somebody takes for the game."""

    def prior(self, stated: Mapping[tuple[str, str], float]) -> Floats:
        """The belief at the start, some probabilities of types stated instead, as wide as `believe` makes it."""

    def column(self, player: int, kind: int) -> int:
        """Where in a row of beliefs stands what the others believe of a player's type.

        Raises:
            ScenarioError: C492 they do not believe the same.
        """

    @property
    def plays_game(self) -> bool:
        """Whether anybody plays the equilibrium of the game as it is."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader has to know of it."""

    def of(self, solution: Solution) -> Course:
        """The same with the game itself in another equilibrium."""


class Equilibrium:
    """Everyone plays one equilibrium of the game, and knows it."""

    believe: Believe | None = None
    perceived: tuple[str, ...] = ()
    plays_game: bool = True
    remarks: tuple[str, ...] = ()

    def __init__(self, game: Game, solution: Solution) -> None:
        self.game = game
        self.respond: Respond = solution.respond

    def prior(self, stated: Mapping[tuple[str, str], float]) -> Floats:
        """(R,) the prior."""
        return stacked_belief(self.game, stated)

    def column(self, player: int, kind: int) -> int:
        """The value row of the type."""
        return self.game.row_start[player] + kind

    def of(self, solution: Solution) -> Equilibrium:
        """Another equilibrium."""
        return Equilibrium(self.game, solution)


TRUE_GAME = ""
"""Name of the game as it is, beside those of perceived variants."""


class Misperceived:
    """Some players take another game for the true one; see the module's text.

    Args:
        solution: an equilibrium of the game as it is.
        perception: who believes in which variant, and who knows of it.
        views: the equilibria of those variants, by name.
        variant: the name of the variant, for messages.
    """

    def __init__(
        self, solution: Solution, *, perception: Perception, views: Mapping[str, Solution], variant: str
    ) -> None:
        self.solution, self.perception, self.views, self.variant = solution, perception, dict(views), variant
        game = solution.game
        names = [p.name for p in game.players]
        self.game = game
        self.home = [perception.seen.get(name, TRUE_GAME) for name in names]
        self.answer: Answering | None = None
        movers = {m.player for s in game.stages for m in s.movers if m.available.sum(axis=1).max(initial=0) > 1}
        self._active = movers or set(range(len(names)))
        if perception.aware:
            (believed,) = set(perception.seen.values())
            self.answer = answering(game, names.index(perception.aware[0]), self.views[believed])
            self.home = [believed] * len(names)
        used = dict.fromkeys(h for i, h in enumerate(self.home) if i in self._active)
        self.frames: dict[str, Solution] = {h: solution if h == TRUE_GAME else self.views[h] for h in used}
        for i, h in enumerate(self.home):
            if h not in self.frames:
                self.home[i] = next(iter(self.frames))  # never moves, so nothing is played there
        self.counterparts = {h: Counterpart(game, s.game) for h, s in self.frames.items()}
        if game.shocks and any(p.precision != q.precision for s in self.frames.values()
                               for p, q in zip(game.players, s.game.players, strict=True)):  # fmt: skip
            raise problem(
                "C492", f"in `{variant}` somebody is wrong about a precision, and values include shocks",
                why="the shocks of a player are of the size that its precision says",
                fix="give both variants the same precision, or leave the shocks out of the values",
            )  # fmt: skip
        self._kept: dict[str, tuple[int, Ints, Floats, tuple[Floats, ...]]] = {}

    @property
    def perceived(self) -> tuple[str, ...]:
        """The variants that somebody takes for the game."""
        return tuple(dict.fromkeys(self.perception.seen.values()))

    @property
    def plays_game(self) -> bool:
        """Whether anybody plays the equilibrium of the game as it is."""
        return TRUE_GAME in self.frames

    @property
    def remarks(self) -> tuple[str, ...]:
        """Who plays what, and cells of perceived games that missed the tolerance."""
        who = [f"{player} acts as in `{seen}`" for player, seen in self.perception.seen.items()]
        who += [f"{player} knows it and answers" for player in self.perception.aware]
        out = [f"{', '.join(who)}; the certificate does not cover the error, and delay, maps and bargains are left out"]
        for name, solution in self.views.items():
            failed = int(sum((h == FAILED).sum() for h in solution.how))
            if failed:
                out.append(f"{failed} cells of the perceived `{name}` missed the tolerance")
        return tuple(out)

    def of(self, solution: Solution) -> Misperceived:
        """The same with the game itself in another equilibrium."""
        return Misperceived(solution, perception=self.perception, views=self.views, variant=self.variant)

    def prior(self, stated: Mapping[tuple[str, str], float]) -> Floats:
        """The truth, then each game's prior; what is stated holds in all of them."""
        games = [self.game, *(s.game for s in self.frames.values())]
        return np.concatenate([stacked_belief(g, stated) for g in games])

    def column(self, player: int, kind: int) -> int:
        """Where the belief of the others who move stands; see `Course`."""
        held = {self.home[i] for i in self._active if i != player}
        place = self.game.row_start[player] + kind
        if not held:
            return place
        if len(held) > 1:
            name = self.game.players[player].name
            who = "; ".join(
                f"{p.name} as in {'the game itself' if self.home[i] == TRUE_GAME else f'`{self.home[i]}`'}"
                for i, p in enumerate(self.game.players) if i != player and i in self._active
            )  # fmt: skip
            raise problem(
                "C492", f"in `{self.variant}` the others do not hold the same belief about {name}",
                why=f"they believe: {who}", fix=f"ask for the true probability, `P({name} is …)`",
            )  # fmt: skip
        return self._start(held.pop()) + place

    def _start(self, name: str) -> int:
        """First column of a game's belief."""
        return (1 + list(self.frames).index(name)) * self.game.rows

    def _block(self, name: str, beliefs: Floats) -> Floats:
        at = self._start(name)
        return np.ascontiguousarray(beliefs[:, at : at + self.game.rows])

    def respond(self, index: int, states: Ints, beliefs: Floats) -> Response:
        """What is really played; values are not known here."""
        stage, count = self.game.stages[index], len(states)
        played = {h: self._played(h, index, states, beliefs) for h in self.frames} if stage.movers else {}
        out = []
        for j, mover in enumerate(stage.movers):
            home = self.home[mover.player]
            own = self.answer is not None and self.answer.player == mover.player
            for name, solution in self.frames.items():
                there = self.counterparts[name].states(index)[states]
                other = solution.game.stages[index].movers[j]
                check_open(self.game, index, mover, other, states, there, strict=name == home and not own)
            if self.answer is not None and own:
                gamma = self.answer.respond(index, states, self._block(home, beliefs), played[home])
            else:
                gamma = played[home][j]
            forced = ~mover.happens[states]
            if forced.any():
                gamma = gamma.copy()
                gamma[forced] = mover.available[states[forced]][:, None, :]
            out.append(gamma)
        zeros = np.zeros(count, dtype=np.int64)
        return Response(
            strategies=tuple(out), values=np.full((count, self.game.rows), np.nan), residual=np.zeros(count),
            folds=zeros, how=np.full(count, FORCED),
        )  # fmt: skip

    def believe(self, index: int, states: Ints, beliefs: Floats, strategies: Sequence[Floats], point: Ints,
                observable: Ints, branch: Ints) -> Floats:  # fmt: skip
        """All beliefs after each edge."""
        stage, rows = self.game.stages[index], self.game.rows
        truth = update(self.game, stage, states, beliefs[:, :rows], strategies).posterior(point, observable)
        out = [change_types(self.game, stage, branch, truth)]
        for name, solution in self.frames.items():
            game, match = solution.game, self.counterparts[name]
            if index >= len(game.stages):
                raise self._apart(unknown(self.game, index, int(states[0])), name)
            theirs = game.stages[index]
            played = self._played(name, index, states, beliefs)
            seen = update(game, theirs, match.states(index)[states], self._block(name, beliefs), played)
            after = seen.posterior(point, observable)
            if theirs.branch_law is not None:
                found = match.branches(index)[branch]
                if (found < 0).any():
                    lost = int(np.flatnonzero(found < 0)[0])
                    raise self._apart(unknown(self.game, index, int(states[point[lost]])), name)
                after = change_types(game, theirs, found, after)
            out.append(after)
        return np.concatenate(out, axis=1)

    def _played(self, name: str, index: int, states: Ints, beliefs: Floats) -> tuple[Floats, ...]:
        """One game's strategies at its own belief, kept between `respond` and `believe`."""
        block = self._block(name, beliefs)
        kept = self._kept.get(name)
        if kept is not None and kept[0] == index and np.array_equal(kept[1], states) and np.array_equal(kept[2], block):
            return kept[3]
        solution = self.frames[name]
        there = self.counterparts[name].states(index)[states]
        if (there < 0).any():
            raise self._apart(unknown(self.game, index, int(states[np.flatnonzero(there < 0)[0]])), name)
        stage = solution.game.stages[index]
        available = [m.available[there] for m in stage.movers]
        if all((ok.sum(axis=1) <= 1).all() for ok in available):
            found = tuple(
                np.repeat(ok[:, None, :].astype(float), solution.game.type_counts[m.player], axis=1)
                for m, ok in zip(stage.movers, available, strict=True)
            )
        else:
            found = tuple(solution.respond(index, there, block).strategies)
        self._kept[name] = index, states, block, found
        return found

    def _apart(self, error: ScenarioError, name: str) -> ScenarioError:
        """The problem, with who believes in which game."""
        who = " and ".join(p for p, v in self.perception.seen.items() if v == name)
        said = error.diagnostics[0]
        text = f"in `{self.variant}`, where {who} believes in `{name}`, {said.message}"
        return problem(said.code, text, example=said.example)


def stacked_belief(game: Game, stated: Mapping[tuple[str, str], float]) -> Floats:
    """The prior with some probabilities of types stated instead; a player's other types keep their proportions."""
    out = []
    for player in game.players:
        prior = player.prior.copy()
        fixed = np.array([(player.name, t) in stated for t in player.types])
        if fixed.any():
            for k, kind in enumerate(player.types):
                if fixed[k]:
                    prior[k] = stated[player.name, kind]
            rest, left = prior[~fixed].sum(), 1.0 - prior[fixed].sum()
            if (~fixed).any():
                prior[~fixed] = prior[~fixed] / rest * left if rest > 0 else left / (~fixed).sum()
        out.append(prior)
    return np.concatenate(out)
