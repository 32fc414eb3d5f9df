"""Recipes: an ultimatum in the shadow of war (Fearon 1995 and after)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from winset.certify.extensive import TreeCertificate
from winset.testing.canon._tools import Floats, regrid, richardson, shelf
from winset.testing.canon._types import (
    HAIR,
    SHARP,
    Judged,
    at_zero,
    crossing,
    in_cells,
    limits,
    told,
    zero_between,
)
from winset.testing.registry import answers
from winset.tree.build import Branching, build, chance, move, pays
from winset.tree.tree import Tree

NEAR = 2e-6
"""How close to a threshold both sides are solved."""
HAIRS = (2e-6, 1e-6)
"""By how much the demands of the games with two types miss the exact ones; the answers move in proportion."""
WAR = ("demand x (A's share)", "P(war)", "A's equilibrium payoff")


def two_types_at(
    scenario: str, share: str, q: float, hair: float, **values: float
) -> tuple[Judged, Floats, TreeCertificate]:
    """The tree with demands a hair below multiples of 0.05, solved with errors all but gone, and certified."""
    judged = Judged.of(scenario, shift=0.002 - hair, **{share: q}, **values)
    profile = judged.principal(1e8)
    return judged, profile, judged.judge(profile)


def _demands(judged: Judged, profile: Floats) -> dict[int, float]:
    """A's demands that are played at all, by action, with their probabilities."""
    at = next(h for (player, _), h in judged.sets.items() if player == "a")
    actions = range(judged.tree.set_first[at], judged.tree.set_first[at + 1])
    return {a: float(profile[a]) for a in actions if profile[a] > 1e-12}


def _demand(judged: Judged, profile: Floats, hair: float) -> float:
    """The mean demand, read off the labels `ask(share=0.698)`."""
    label = judged.tree.action_label
    played = _demands(judged, profile).items()
    return sum(p * float(label[a].split("=")[1].rstrip(")")) for a, p in played) + 0.002 - hair


@lru_cache(maxsize=16)
def _threshold(scenario: str, share: str, hair: float, values: tuple[tuple[str, float], ...]) -> float:
    """The share of the tougher type at which A's demand changes: where its two demands are worth the same to it.

    What a demand is worth is linear in the share. The game is then solved right below and above."""
    given = dict(values)

    def demands(q: float) -> list[int]:
        return list(_demands(*two_types_at(scenario, share, q, hair, **given)[:2]))

    ends = [demands(q)[0] for q in (0.05, 0.95)]

    def ahead(q: float) -> float:
        worth = two_types_at(scenario, share, q, hair, **given)[2].action_value
        return float(worth[ends[0]] - worth[ends[1]])

    found = crossing(ahead, 0.05, 0.95)
    sides = [demands(found + side) for side in (-NEAR, NEAR)]
    if sides != [[ends[0]], [ends[1]]]:
        raise ValueError(f"the demands right below and above {found:g} are not those far from it")
    return found


def _told(scenario: str, share: str, q: float, values: Mapping[str, float]) -> dict[str, float]:
    """Demand, war, A's payoff and the threshold as the hair goes to nothing."""

    def at(hair: float) -> list[float]:
        judged, profile, found = two_types_at(scenario, share, q, hair, **values)
        demand, war = _demand(judged, profile, hair), judged.probability(profile, "fight")
        return [demand, war, float(found.payoffs[0]), _threshold(scenario, share, hair, tuple(values.items()))]

    found = [richardson(coarse, fine, order=1) for coarse, fine in zip(*map(at, HAIRS), strict=True)]
    return dict(zip((*WAR, "threshold"), found, strict=True))


@answers("02A_two_types", scenario="textbook/fearon-ultimatum")
def two_types(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """B's costs are low or high."""
    given = {"p": "p", "cost_a": "cA", "low": "cB_low", "high": "cB_high"}
    got = _told("fearon-ultimatum", "resolute", parameters["prob_low"], _named(parameters, given))
    return {q: got["threshold" if q.startswith("threshold") else q] for q in quantities}


@answers("02D_private_strength", scenario="textbook/private-strength")
def private_strength(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """B is strong or weak, which matters to both."""
    given = {"wins_strong": "pA_vs_strong", "wins_weak": "pA_vs_weak", "cost_a": "cA", "cost_b": "cB"}
    got = _told("private-strength", "strong_share", parameters["prob_strong"], _named(parameters, given))
    return {q: got["threshold" if q.startswith("threshold") else q] for q in quantities}


def _named(parameters: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, float]:
    return {name: float(parameters[key]) for name, key in given.items()}


def uniform_costs(cells: int, step: float, **values: float) -> list[float]:
    """Demand, war and A's payoff, with costs in so many cells and demands at every step above A's payoff in war."""
    least = values["p"] - values["cost_a"]
    points = [step * k - HAIR for k in range(1, round(1 / step) + 1) if step * k > least]
    scenario = in_cells(shelf("uncertain-costs"), "draw", "cell", cells, {"demand": points, "share": points})
    return told(scenario, ("E(demand at 1)", "P(b plays fight)", "value(a)"), {"cells": cells, **SHARP, **values})


@answers("02B_uniform_cost", scenario="textbook/uncertain-costs")
def uniform_cost(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """B's costs fill an interval: ever smaller cells."""
    values = _named(parameters, {"p": "p", "cost_a": "cA", "least": "cB_min", "greatest": "cB_max"})
    width = values["greatest"] - values["least"]
    found = limits(lambda step: uniform_costs(round(width / (2 * step)), step, **values))
    return dict(zip(WAR, (one.value for one in found), strict=True))


@answers("02C_n_types", scenario="textbook/uncertain-costs")
def n_types(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """B's costs are one of n, each in the middle of a cell."""
    n, greatest = int(parameters["n_types"]), float(parameters["cB_max"])
    values = _named(parameters, {"p": "p", "cost_a": "cA", "greatest": "cB_max"})
    return dict(zip(WAR, uniform_costs(n, greatest / (2 * n), **values), strict=True))


@answers("02H_powell_status_quo", scenario="textbook/status-quo")
def status_quo(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The dissatisfied state's costs fill an interval: ever smaller cells."""
    values = _named(parameters, {"p": "p", "cost_1": "c1", "greatest": "c2_max", "status_quo": "status_quo"})
    found = limits(lambda step: status_quo_at(step, **values))
    return dict(zip(("offer to the dissatisfied state", "P(war)"), (one.value for one in found), strict=True))


def status_quo_at(step: float, **values: float) -> list[float]:
    """The offer and war, with offers at every step and cells of costs twice as wide."""
    cells = round(values["greatest"] / (2 * step))
    points = [step * k + HAIR for k in range(round(1 / step))]
    scenario = in_cells(shelf("status-quo"), "draw", "cell", cells, {"offered": points, "share": points})
    return told(scenario, ("E(offered at 1)", "P(dissatisfied plays fight)"), {"cells": cells, **SHARP, **values})


@answers("02G_first_strike", scenario="textbook/first-strike")
def first_strike(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The profile in which nobody strikes, judged at every split: where it holds, and how wide that range is.

    What striking gains is linear in the split, so its zeros are the ends of the range; at the ends the certificate
    then has to find no gain, which also settles a range of a single point."""
    values = _named(parameters, {"p": "p", "first": "first_strike", "cost_a": "cA", "cost_b": "cB"})
    low, high = ends_of_peace(values)
    ends = _gains_of_striking([low, high], values)
    holds = [x for x, gain in ends.items() if max(gain) <= 1e-12]
    feasible = len(holds) == len(ends)
    return {
        "peace feasible (1) or not (0): 2f <= cA+cB": float(feasible),
        "width of the bargaining range": high - low if feasible else 0.0,
    }


def ends_of_peace(values: Mapping[str, float]) -> tuple[float, float]:
    """The splits at which A, and B, gain nothing by striking."""
    gains = _gains_of_striking([0.1, 0.5, 0.9], values)
    xs = list(gains)
    low, high = xs[0], xs[-1]
    of_a, of_b = (zero_between(low, high, *ends) for ends in zip(gains[low], gains[high], strict=True))
    return of_a, of_b


def _gains_of_striking(splits: Sequence[float], values: Mapping[str, float]) -> dict[float, tuple[float, float]]:
    """What A and B gain by striking at each split, where nobody strikes otherwise."""
    scenario = regrid(shelf("first-strike"), {"demand": splits, "share": splits})
    judged = Judged.of(scenario, **values)
    quiet = {"b_ready": "hold", "a_ready": "keep"}
    found = judged.judge(judged.profile(lambda player, label: quiet.get(label.split(": ")[1].split(" ")[0])))
    out: dict[float, list[float]] = {}
    assert judged.unfolded is not None
    game, histories = judged.unfolded.game, judged.unfolded.histories
    place = [name for name, _ in game.variables].index("demand")
    for (player, label), h in judged.sets.items():
        if "ready" not in label:
            continue
        history = judged.unfolded.history[h]
        state = game.stages[histories.stage[history]].states[histories.state[history]]
        split = float(game.variables[place][1][game.states[state, place]])
        strike, stay = ("seize", "keep") if player == "a" else ("strike", "hold")
        value = found.action_value
        out.setdefault(split, [0.0, 0.0])[player == "b"] = float(
            value[judged.action(h, strike)] - value[judged.action(h, stay)]
        )
    return {split: (a, b) for split, (a, b) in sorted(out.items())}


def claims_of_strength(
    types: int, least: float, most: float, cost_a: float, cost_b: float, hair: float = 0.0
) -> Tree:  # fmt: skip
    """The scenario `informed-proposer` with as many types as wanted: the tree of A's claims of strength.

    The types are evenly spread with both ends among them, and the ends are half as likely as the others, so that
    averages over them are those of the trapezoidal rule. Demands lie a hair below the exact ones."""
    strength = [least + (most - least) * i / (types - 1) for i in range(types)]
    odds = {f"t{i}": (0.5 if i in (0, types - 1) else 1.0) / (types - 1) for i in range(types)}

    def answered(i: int, j: int) -> Branching:
        demand = strength[j] + cost_b - hair
        return move(
            "b", f"claim {j}",
            accept=pays(demand, 1 - demand), fight=pays(strength[i] - cost_a, 1 - strength[i] - cost_b),
        )  # fmt: skip

    asked = {
        f"t{i}": move("a", f"type {i}", {f"claim {j}": answered(i, j) for j in range(types)}) for i in range(types)
    }
    return build("claims of strength", ["a", "b"], chance(odds, asked))


def separating(types: int, least: float, most: float, cost_a: float, cost_b: float) -> list[float]:
    """Refusal of each claim in the separating profile, found from the payoffs of the tree and then certified.

    Two certificates, of B accepting everything and of B refusing everything, say what each claim is worth to each type
    either way. From the weakest up, a claim is refused just so often that the type below does not make it.

    Raises:
        ValueError: the certificate finds a gain.
    """
    judged = Judged(claims_of_strength(types, least, most, cost_a, cost_b))

    def always(answer: str) -> Floats:
        return judged.judge(judged.profile(lambda player, _: answer if player == "b" else None)).action_value

    sure = {answer: always(answer) for answer in ("accept", "fight")}
    own = [judged.at("a", f"type {i}") for i in range(types)]
    refused = [0.0]
    for i in range(types - 1):
        accepted, fought = (
            [float(sure[answer][judged.action(own[i], f"claim {j}")]) for j in (i, i + 1)]
            for answer in ("accept", "fight")
        )
        honest = accepted[0] + refused[i] * (fought[0] - accepted[0])
        refused.append((honest - accepted[1]) / (fought[1] - accepted[1]))

    def choice(player: str, label: str) -> str | Mapping[str, float]:
        j = int(label.split(" ")[1])
        return f"claim {j}" if player == "a" else {"accept": 1 - refused[j], "fight": refused[j]}

    gain = judged.worst(judged.profile(choice))
    if gain > 1e-12:
        raise ValueError(f"the separating profile of {types} types leaves a gain of {gain:.1e}")
    return refused


@answers("02E_informed_proposer", scenario="textbook/informed-proposer")
def informed_proposer(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """A knows its strength, one of ever more: limits of the certified separating profiles."""
    values = [float(parameters[key]) for key in ("p_min", "p_max", "cA", "cB")]
    rows, counts = [], (8, 12, 16, 24, 32, 48, 64)
    for parts in counts:
        refused = np.array(separating(parts + 1, *values))
        mean = (refused.sum() - refused[[0, -1]].mean()) / parts
        rows.append([refused[parts // 4], refused[parts // 2], refused[parts], mean])
    found = [at_zero([1 / n for n in counts], column) for column in np.array(rows).T]
    names = [f"P(war | type at fraction {f} of the interval)" for f in (0.25, 0.5, 1.0)] + ["ex ante P(war), p uniform"]
    return dict(zip(names, found, strict=True))
