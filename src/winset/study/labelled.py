"""Payoffs by the label of their payment, along the public histories of a solved game.

The scenario is compiled once more with one silent recipient for every (player, label): it has one type, no move, and
is paid what its player is paid under that label. States, stages and beliefs stay as they are, so the strategies of the
solution apply, and what a recipient gets on the way is the label's part of the player's payoff. Payments without a
label are together `own`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from winset.base.memory import give_back
from winset.game.compile import restaged
from winset.game.game import Bools, Floats, Game, Ints, Stage
from winset.game.scattering import scatter
from winset.language.expr import Number
from winset.language.scenario import Effect, Pay, Player, Scenario, Type
from winset.learn.histories import Layer
from winset.study.atoms import on_types
from winset.study.flow import ByActs, by_acts, change_joint_types
from winset.study.graph import Graph

OWN = "own"
"""The name of what is paid without a label."""
_MARK = "\x1f"


@dataclass(frozen=True, kw_only=True)
class _Paid:
    """Payments of one stage to one player: which labels are paid there at all, and (B or S, C, labels, Θ) how much."""

    columns: Ints
    amounts: Floats


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """What each label pays.

    Attributes:
        game: the game.
        labels: per player, the names of the parts of its payoff.
        rewards: per stage, by player, what branches pay.
        secrets: per stage, by player, what joint actions pay whatever is seen of them; None where nothing is.
    """

    game: Game
    labels: dict[str, tuple[str, ...]]
    rewards: tuple[dict[str, _Paid], ...]
    secrets: tuple[dict[str, _Paid] | None, ...]

    def reward(self, index: int, branch: Ints, player: str) -> Floats:
        """(X, Θ, L) what branches of a stage pay a player by label."""
        found = self.rewards[index][player]
        return self._spread(found, found.amounts[branch], player)

    def action_reward(self, index: int, state: Ints, joint: Ints, player: str) -> Floats | None:
        """(X, Θ, L) what joint actions pay whatever is seen of them; None where nothing is paid so."""
        secret = self.secrets[index]
        return None if secret is None else self._spread(secret[player], secret[player].amounts[state, joint], player)

    def _spread(self, paid: _Paid, amounts: Floats, player: str) -> Floats:
        """(X, Θ, L) of the labels paid, (X, labels, Θ)."""
        out = np.zeros((len(amounts), amounts.shape[2], len(self.labels[player])))
        out[:, :, paid.columns] = amounts.transpose(0, 2, 1)
        return out


def _gathered(plain: Stage, fine: Stage, whole: Floats) -> Floats:
    """Rewards of the plain game's branches, each the mean over the branches that the labels tell apart."""
    players = plain.reward.shape[1]
    out, weight = np.zeros((len(plain.probability), *whole.shape[1:])), np.zeros(len(plain.probability))
    for cell in range(len(plain.first) - 1):
        known = {}
        for b in range(plain.first[cell], plain.first[cell + 1]):
            known[_identity(plain, b, players)] = b
        for b in range(fine.first[cell], fine.first[cell + 1]):
            to = known[_identity(fine, b, players)]
            out[to] += fine.probability[b] * whole[b]
            weight[to] += fine.probability[b]
    return out / weight[:, None, None]


def _identity(stage: Stage, branch: int, players: int) -> tuple[Any, ...]:
    law = b"" if stage.branch_law is None else stage.branch_law[branch, :players].tobytes()
    name = stage.outcomes[int(stage.outcome[branch])]
    return int(stage.landing[branch]), name, stage.reward[branch, :players].tobytes(), law


def labelled(game: Game) -> Labelled:
    """What is paid under each label, from the game with a recipient for every part of every player's payoff."""
    scenario = game.scenario
    labels: dict[str, tuple[str, ...]] = {p.name: () for p in scenario.players}
    for pay in _pays(scenario):
        labels[pay.player] = tuple(dict.fromkeys((*labels[pay.player], pay.label or OWN)))
    column: dict[str, int] = {}
    names: list[str] = []
    for player, parts in labels.items():
        column[player] = len(scenario.players) + len(names)
        names += [player + _MARK + part for part in parts]
    one = (Type(name="only", prior=Number(1.0)),)
    silent = tuple(Player(name=n, types=one, discount=Number(0.0), precision=Number(0.0)) for n in names)
    changed = replace(_readdressed(scenario), players=(*scenario.players, *silent))
    paid = [_labels_at(scenario, stage.move) for stage in game.stages]
    mixed = [k for k, by in enumerate(paid) if any(len(some) > 1 for some in by.values())]
    fine = restaged(changed, game, mixed)
    rewards: list[dict[str, _Paid]] = []
    secrets: list[dict[str, _Paid] | None] = []
    for k, plain in enumerate(game.stages):
        if k in fine:
            whole, secret = fine[k].reward, fine[k].action_reward
            whole = whole if len(whole) == len(plain.reward) else _gathered(plain, fine[k], whole)
            spans = {n: range(column[n], column[n] + len(labels[n])) for n in labels}
            rewards.append({n: _of_player(whole, spans[n]) for n in labels})
            secrets.append(None if secret is None else {n: _of_player(secret, spans[n]) for n in labels})
            continue
        own, secret = {n: list(paid[k].get(n, ())) for n in labels}, plain.action_reward
        rewards.append({n: _whole(plain.reward, i, labels[n], own[n]) for i, n in enumerate(labels)})
        secrets.append(
            None if secret is None else {n: _whole(secret, i, labels[n], own[n]) for i, n in enumerate(labels)}
        )
    give_back()
    return Labelled(game=game, labels=labels, rewards=tuple(rewards), secrets=tuple(secrets))


def _labels_at(scenario: Scenario, move: str) -> dict[str, dict[str, None]]:
    """The labels that may be paid at a move ("": a round's end), by player."""
    out: dict[str, dict[str, None]] = {}
    ends = (scenario.each_round, scenario.at_end)
    there: Any = ends if not move else tuple(m for m in scenario.round if m.name == move)
    for pay in _pays((there, ends) if move and scenario.ends_when is not None else there):
        out.setdefault(pay.player, {})[pay.label or OWN] = None
    return out


def _whole(amounts: Floats, player: int, labels: tuple[str, ...], own: list[str]) -> _Paid:
    """All that a player is paid, under its only label."""
    columns = np.array([labels.index(name) for name in own], dtype=np.int64)
    return _Paid(columns=columns, amounts=np.ascontiguousarray(amounts[..., player : player + len(own), :]))


def _of_player(amounts: Floats, span: range) -> _Paid:
    """The recipients of one player, those alone that are paid anything."""
    own = amounts[..., span.start : span.stop, :]
    some = (own != 0).reshape(-1, *own.shape[-2:]).any(axis=0)  # much faster than over all axes at once
    columns = np.flatnonzero(some.any(axis=1))
    return _Paid(columns=columns, amounts=np.ascontiguousarray(own[..., columns, :]))


def _pays(tree: Any) -> Iterator[Pay]:
    """Every payment of a scenario, in the order of its text's parts."""
    if isinstance(tree, Pay):
        yield tree
    elif isinstance(tree, tuple):
        for part in tree:
            yield from _pays(part)
    elif isinstance(tree, Scenario):
        yield from _pays((tree.round, tree.each_round, tree.at_end))
    elif is_dataclass(tree) and not isinstance(tree, type):
        for item in fields(tree):
            if item.name in ("sides", "actions", "signals", "outcomes", "cases", "effect", "chance", "pays"):
                yield from _pays(getattr(tree, item.name))


def _readdressed(tree: Any) -> Any:
    """The same with every payment made twice: to its player and to the recipient of its label."""
    if isinstance(tree, tuple):
        if tree and isinstance(tree[0], Pay):
            return tree + tuple(replace(p, player=p.player + _MARK + (p.label or OWN)) for p in tree)
        return tuple(_readdressed(part) for part in tree)
    if isinstance(tree, Scenario):
        parts: tuple[str, ...] = ("round", "each_round", "at_end")
    elif isinstance(tree, Effect):
        parts = ("pays", "chance")
    elif is_dataclass(tree):
        parts = ("sides", "actions", "signals", "outcomes", "cases", "effect")
    else:
        return tree
    return replace(tree, **{name: _readdressed(getattr(tree, name)) for name in parts if hasattr(tree, name)})


def along(what: Labelled, graph: Graph, first: int, weight: Floats, player: str) -> tuple[Floats, float]:
    """What a player is paid by label, round and joint type.

    Args:
        what: the labels of the graph's game.
        graph: public histories.
        first: the layer to begin with.
        weight: (M, Θ) how probable each node and joint type of that layer is.
        player: its name.

    Returns:
        (rounds of the graph, Θ, labels), discounted to the first layer, by the joint type that holds when it is paid;
        and the probability that was not followed.
    """
    game = graph.game
    who = [p.name for p in game.players].index(player)
    rounds = {n: i for i, n in enumerate(dict.fromkeys(layer.round for layer in graph.layers))}
    out = np.zeros((len(rounds), weight.shape[1], len(what.labels[player])))
    level, ended, whole = 1.0, 0.0, float(weight.sum())
    for i in range(first, len(graph.layers)):
        layer = _live(graph.layers[i], weight)
        stage = graph.stage(layer)
        following = len(graph.layers[i + 1].mass) if i + 1 < len(graph.layers) else 0
        weight, paid, over = _push(what, layer, by_acts(game, stage, layer, True), weight, player, following)
        out[rounds[layer.round]] += level * paid
        level *= float(stage.discount[who])
        ended += over
        if not weight.any():
            break
    return out, max(whole - ended - float(weight.sum()), 0.0)


def _live(layer: Layer, weight: Floats) -> Layer:
    """The layer with the edges alone that start at a node of positive weight."""
    live: Bools = np.asarray(weight.any(axis=1), dtype=bool)
    keep = np.flatnonzero(live[layer.node])
    if len(keep) == len(layer.node):
        return layer
    return replace(
        layer, node=layer.node[keep], joint=layer.joint[keep], branch=layer.branch[keep], child=layer.child[keep],
        probability=layer.probability[keep],
    )  # fmt: skip


def _push(what: Labelled, layer: Layer, split: ByActs, weight: Floats, player: str, following: int
          ) -> tuple[Floats, Floats, float]:  # fmt: skip
    """Weights on the next layer (`following` nodes), (Θ, L) what the layer pays, and the probability that ends."""
    game = what.game
    stage, node = game.stages[layer.stage], layer.node[split.edge]
    amount = weight[node] * split.weight
    paid = paid_on(what, layer, split, amount, player)
    amount = change_joint_types(game, stage, layer.state[node], layer.branch[split.edge], split.acts, amount)
    onward, over, cut = np.zeros((following, 1, amount.shape[1])), np.zeros(1), np.zeros(1)
    memory = np.zeros((1, 1), dtype=np.int64)
    scatter(np.ascontiguousarray(amount), memory, layer.child[split.edge], onward, over, cut)
    return onward[:, 0], paid, float(over[0] + cut[0])


def paid_on(what: Labelled, layer: Layer, split: ByActs, amount: Floats, player: str) -> Floats:
    """(Θ, L) what is paid on edges of a layer taken with (X, Θ) weights, before any type changes."""
    stage, count = what.game.stages[layer.stage], amount.shape[1]
    branch = layer.branch[split.edge]
    size = len(stage.probability)
    mass = np.stack([np.bincount(branch, amount[:, t], size) for t in range(count)], axis=1)
    taken = np.flatnonzero(mass.any(axis=1))
    paid = np.einsum("bt,btl->tl", mass[taken], what.reward(layer.stage, taken, player))
    if what.secrets[layer.stage] is not None:
        live = np.flatnonzero(amount.any(axis=1))
        joint = np.ravel_multi_index([a[live] for a in split.acts], [len(m.actions) for m in stage.movers])
        secret = what.action_reward(layer.stage, layer.state[layer.node[split.edge[live]]], joint, player)
        assert secret is not None
        paid = paid + np.einsum("xt,xtl->tl", amount[live], secret)
    return np.asarray(paid, dtype=float)


def types_at(graph: Graph, layer: Layer, fixed: dict[int, int] | None = None) -> Floats:
    """(M, Θ) joint types at the nodes of a layer, as the public believes, some players' types being given."""
    game = graph.game
    parts = []
    for player, (at, kinds) in enumerate(zip(game.row_start, game.type_counts, strict=True)):
        known = (fixed or {}).get(player)
        part = layer.belief[:, at : at + kinds]
        parts.append(part if known is None else np.tile(np.eye(kinds)[known], (len(part), 1)))
    return on_types(game, parts, len(layer.mass), list(range(len(parts))))


def after_action(layer: Layer, game: Game, node: int, mover: int, action: int) -> tuple[Layer, Layer]:
    """One node of a layer with all that may follow an action of one mover.

    Returns:
        The layer of that node alone with every edge, as it is played and believed; and the same in which the mover
        plays this action whatever its type. Children are not numbered.
    """
    stage, state = game.stages[layer.stage], layer.state[node]
    joints = stage.joint_observables
    branch = np.arange(stage.first[state * joints], stage.first[(state + 1) * joints])
    joint = stage.observable[branch]
    strategies = tuple(s[node : node + 1] for s in layer.strategies)
    sure = np.zeros_like(strategies[mover])
    sure[:, :, action] = 1.0
    here = replace(
        layer, state=layer.state[node : node + 1], belief=layer.belief[node : node + 1], mass=np.ones(1),
        strategies=strategies, node=np.zeros(len(branch), dtype=np.int64), joint=joint, branch=branch,
        child=np.where(stage.target[branch] < 0, -1, 0), probability=stage.probability[branch],
    )  # fmt: skip
    return here, replace(here, strategies=(*strategies[:mover], sure, *strategies[mover + 1 :]))


__all__ = ["OWN", "Labelled", "after_action", "along", "labelled", "paid_on", "types_at"]
