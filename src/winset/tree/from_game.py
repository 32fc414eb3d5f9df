"""Any finite scenario as a game tree, in which types, hidden actions and signals are chance's and private moves.

The tree begins with chance, which draws the start and everybody's type. A move made by several at once becomes one
choice after the other, each without knowledge of those before. A hidden action is followed by chance's signal, a type
that changes by chance's draw. At an information set a player knows the public history, its own types and its own
actions. Payments are discounted to the start and added up at the end of each path.

Who does not care about later rounds (short-lived, or a discount of 0) is a player of its own in every round in which
it moves: at the start of a path later rounds are worth nothing to it, though when they come it plays for them.

Since payoffs are discounted to the start, a logit choice at a set compares smaller numbers than it does in the
scenario; `Unfolded.precision` holds for every set the λ at which the two are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SizeError
from winset.game.bayes import change_types, update
from winset.game.game import Floats, Game, Ints
from winset.game.solution import Respond
from winset.tree.efg_parts import Described, Nodes, Paid, order_of, tree_of
from winset.tree.stage_parts import Choice, Draw, Exit, Part, Parts
from winset.tree.tree import CHANCE, TERMINAL, Tree

MOST_NODES = 2_000_000
"""Nodes of a tree before giving up: about a gigabyte while it is made."""

SAID = 60
"""Characters of a public history that the label of an information set holds."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Histories:
    """Public histories, each behind the one it continues.

    Attributes:
        parent: (M,) the history one stage before; -1 at the start.
        stage, state: (M,) where it has come to: index of the stage, and of the state within it.
        observable, branch: (M,) what was seen and drawn last; -1 at the start.
    """

    parent: Ints
    stage: Ints
    state: Ints
    observable: Ints
    branch: Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class Unfolded:
    """A game as a tree, and what ties the two.

    Attributes:
        game: the game.
        tree: the same as a tree.
        owner: (player of the game, round or 0 for all rounds) of each player of the tree.
        weight: (H,) discount factor from the start to the set for its mover; NaN at chance's sets.
        precision: (H,) the λ at which a logit choice at the set is that of the scenario; NaN at chance's sets.
        history, mover, own_type: (H,) index into `histories`, of the mover within its stage, and of its type there;
            -1 at chance's sets.
        histories: the public histories at which somebody may move.
    """

    game: Game
    tree: Tree
    owner: tuple[tuple[int, int], ...]
    weight: Floats
    precision: Floats
    history: Ints
    mover: Ints
    own_type: Ints
    histories: Histories

    @property
    def discounted(self) -> bool:
        """Whether some choice is made at a time that counts less than the start."""
        return bool(np.any(self.weight < 1.0))


def unfold(game: Game, *, limit_nodes: int = MOST_NODES) -> Unfolded:
    """The tree of a finite game.

    Args:
        game: a compiled game with finitely many rounds, payoffs net of errors.
        limit_nodes: most nodes to accept; they are counted before any is made.

    Raises:
        SizeError: the tree has more nodes than the limit.
        ScenarioError: the game has no last round, or its payoffs include the expected shocks of a logit choice.
    """
    _refuse(game, limit_nodes)
    parts = Parts(game)
    number = parts.count()
    if number > limit_nodes:
        raise _too_large(game, f"{number:,} nodes", limit_nodes)
    return _Unfolding(game, parts).whole()


def _refuse(game: Game, limit: int) -> None:
    if game.infinite:
        raise ScenarioError([Diagnostic(
            code="X302", message=f"the game of {game.scenario.title} has no last round, so its tree has no end",
            why="a file holds a finite tree", fix="give the clock a number of `rounds`",
        )])  # fmt: skip
    if game.shocks:
        raise ScenarioError([Diagnostic(
            code="X303", message="the payoffs include the expected shocks of a logit choice",
            why="what a player gets at the end of a path would depend on the strategy that led there",
            fix="leave `shocks` out of the settings, so that payoffs are net of errors",
        )])  # fmt: skip
    count = np.bincount([s for s, _ in game.start], minlength=len(game.stages[0].states)).astype(float)
    total = count.sum()
    for k, stage in enumerate(game.stages[:-1]):
        coming = np.zeros(len(game.stages[k + 1].states))
        state = np.repeat(np.arange(len(stage.first) - 1) // stage.joint_observables, np.diff(stage.first))
        on = stage.target >= 0
        np.add.at(coming, stage.target[on], count[state[on]])
        count = coming
        total += count.sum()
    if total > limit:
        raise _too_large(game, f"more than {total:.3g} public histories", limit)


def _too_large(game: Game, size: str, limit: int) -> SizeError:
    return SizeError([Diagnostic(
        code="X301", message=f"the tree of {game.scenario.title} has {size}, more than {limit:,} nodes",
        why="each public history stands in it once for every combination of types and hidden actions",
        fix="take fewer rounds, values, types or parameters, or raise `limit_nodes` (on the command line `--limit`)",
    )])  # fmt: skip


@dataclass(slots=True)
class _Here:
    """Where a path stands: the public history, everybody's private one, and what has been paid."""

    history: int
    private: tuple[int, ...]
    paid: tuple[float, ...]


class _Unfolding:
    """Walks all paths, each node once, in prefix order."""

    def __init__(self, game: Game, parts: Parts) -> None:
        self.game = game
        self.parts = parts
        self.nodes = Nodes(players=len(parts.owner))
        self.public: dict[tuple[int, int, int], int] = {}
        self.rows: list[tuple[int, int, int, int, int]] = []
        self.said: list[str] = []
        self.private: dict[object, int] = {}
        self.choices: dict[tuple[int, int, int], Described] = {}
        self.outcomes: dict[tuple[float, ...], int] = {}
        self.ties: list[tuple[float, float, int, int, int]] = []
        self.used: dict[tuple[int, str], int] = {}

    def whole(self) -> Unfolded:
        """The tree and its ties."""
        start = _Here(-1, (-1,) * len(self.game.players), (0.0,) * len(self.parts.owner))
        waiting: list[tuple[Part, _Here]] = [(self.parts.root, start)]
        while waiting:
            part, here = waiting.pop()
            if isinstance(part, Exit):
                self._exit(part, here, waiting)
                continue
            if isinstance(part, Choice):
                owner, known = part.owner + 1, self._choice(part, here)
            else:
                owner, known = CHANCE, self._draw(part)
            self.nodes.add(owner, known.index, -1, "", len(part.children))
            waiting.extend((child, here) for child in reversed(part.children))
        return self._done()

    def _exit(self, part: Exit, here: _Here, waiting: list[tuple[Part, _Here]]) -> None:
        paid = tuple(a + b for a, b in zip(here.paid, part.paid, strict=True)) if part.paid else here.paid
        if part.target < 0:
            self.nodes.add(TERMINAL, -1, self._outcome(paid), "", 0)
            return
        key = here.history, part.observable, part.branch
        history = self.public.setdefault(key, len(self.rows))
        if history == len(self.rows):
            self.rows.append((here.history, part.stage, part.target, part.observable, part.branch))
            self.said.append(self._seen(here.history, part))
        private = tuple(
            old if mark is None else self.private.setdefault((p, old, history, mark), len(self.private))
            for p, (old, mark) in enumerate(zip(here.private, part.marks, strict=True))
        )
        waiting.append((self.parts.at(part.stage, part.target, part.types), _Here(history, private, paid)))

    def _outcome(self, paid: tuple[float, ...]) -> int:
        index = self.outcomes.setdefault(paid, len(self.outcomes))
        if index == len(self.nodes.outcomes):
            self.nodes.pay(index + 1, Paid(label="", payoffs=(), floats=paid, at=-1))
        return index

    def _choice(self, part: Choice, here: _Here) -> Described:
        mover = self.game.stages[part.stage].movers[part.mover]
        key = here.history, part.mover, here.private[mover.player]
        known = self.choices.get(key)
        if known is None:
            labels = tuple(mover.actions[a] for a in part.actions)
            new = Described(label=self._label(part, mover.player, here.history), actions=labels, odds=(), at=-1)
            owner = part.owner + 1
            known = self.choices[key] = self.nodes.describe(owner, self._next(owner), new)
            weight = float(self.parts.weight[part.stage, mover.player])
            lam = self.game.players[mover.player].precision
            self.ties.append((weight, lam / weight if weight > 0 else np.inf, here.history, part.mover, part.own_type))
        return known

    def _draw(self, part: Draw) -> Described:
        """A set of its own for each draw: other programs ask even of chance that it remembers."""
        label = self._unique(CHANCE, part.label)
        new = Described(label=label, actions=part.labels, odds=part.odds, at=-1)
        self.ties.append((np.nan, np.nan, -1, -1, -1))
        return self.nodes.describe(CHANCE, self._next(CHANCE), new)

    def _next(self, owner: int) -> int:
        """The number of the next set of a player."""
        self.used[owner, ""] = number = self.used.get((owner, ""), 0) + 1
        return number

    def _label(self, part: Choice, player: int, history: int) -> str:
        stage, who = self.game.stages[part.stage], self.game.players[player]
        kind = f" if {who.types[part.own_type]}" if len(who.types) > 1 else ""
        after = f" after {self.said[history]}" if self.said[history] else ""
        return self._unique(part.owner + 1, f"{when(self.game, stage.round)}: {stage.move}{kind}{after}")

    def _seen(self, before: int, part: Exit) -> str:
        """What the public has seen, in the labels of actions, signals and outcomes; the end of it where it is long."""
        if before < 0:
            return ""
        stage, state = self.game.stages[part.stage - 1], self.rows[before][2]
        sizes = [len(m.observables) for m in stage.movers]
        shown = np.unravel_index(part.observable, sizes) if sizes else ()
        words = [self.said[before]] if self.said[before] else []
        for mover, o in zip(stage.movers, shown, strict=True):
            if mover.signal is not None or mover.available[state].sum() > 1:
                words.append(mover.observables[int(o)])
        outcome = stage.outcomes[stage.outcome[part.branch]]
        text = ", ".join([*words, outcome] if outcome else words)
        return text if len(text) <= SAID else "…" + text[-SAID + 1 :]

    def _unique(self, owner: int, label: str) -> str:
        """The label itself, with a number where another set of the player has it."""
        self.used[owner, label] = number = self.used.get((owner, label), 0) + 1
        return label if number == 1 else f"{label} #{number}"

    def _done(self) -> Unfolded:
        game = self.game
        names = tuple(game.players[i].name + (f" ({when(game, r)})" if r else "") for i, r in self.parts.owner)
        tree = tree_of(self.nodes, game.scenario.title, "", names, exact=False)
        ties = np.array(self.ties, dtype=np.float64).reshape(-1, 5)[order_of(self.nodes).sets].T
        history, mover, own_type = ties[2:].astype(np.int64)
        parent, stage, state, observable, branch = np.array(self.rows, dtype=np.int64).reshape(-1, 5).T
        return Unfolded(
            game=game, tree=tree, owner=self.parts.owner, weight=ties[0], precision=ties[1], history=history,
            mover=mover, own_type=own_type,
            histories=Histories(parent=parent, stage=stage, state=state, observable=observable, branch=branch),
        )  # fmt: skip


def when(game: Game, number: int) -> str:
    """A round as a label names it: its date, or `round 2`."""
    date = game.dates[number - 1] if number <= len(game.dates) else str(number)
    return f"round {date}" if date.isdigit() else date


def profile_of(unfolded: Unfolded, respond: Respond) -> Floats:
    """(A,) the profile of the tree in which everybody plays a solution of the game.

    Args:
        unfolded: a game as a tree.
        respond: the strategies at (stage, states, beliefs), as `Solution.respond`; it is asked once for each stage,
            at the very belief of every public history.
    """
    game, tree, histories = unfolded.game, unfolded.tree, unfolded.histories
    out = np.where(tree.is_chance, tree.chance, np.nan)
    beliefs = np.tile(np.concatenate([p.prior for p in game.players]), (len(histories.stage), 1))
    order = np.argsort(unfolded.history, kind="stable")
    sorted_history = unfolded.history[order]
    for k, stage in enumerate(game.stages):
        rows = np.flatnonzero(histories.stage == k)
        if not len(rows):
            continue
        strategies = respond(k, histories.state[rows], beliefs[rows]).strategies if stage.movers else ()
        for n, row in enumerate(rows.tolist()):
            for h in order[np.searchsorted(sorted_history, row) : np.searchsorted(sorted_history, row, side="right")]:
                j = int(unfolded.mover[h])
                actions = np.flatnonzero(stage.movers[j].available[histories.state[row]])
                span = slice(tree.set_first[h], tree.set_first[h + 1])
                out[span] = strategies[j][n, unfolded.own_type[h], actions]
        coming = np.flatnonzero(np.isin(histories.parent, rows))
        if len(coming):
            point = np.searchsorted(rows, histories.parent[coming])
            seen = update(game, stage, histories.state[rows], beliefs[rows], strategies)
            moved = seen.posterior(point, histories.observable[coming])
            beliefs[coming] = change_types(game, stage, histories.branch[coming], moved)
    return out
