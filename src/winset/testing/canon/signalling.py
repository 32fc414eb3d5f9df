"""Recipes: signalling (Cho and Kreps 1987; Spence 1973), bluff and opposition (after Schultz 1998), cheap talk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from winset.testing.canon._tools import Floats
from winset.testing.canon._types import Judged, crossing, limits
from winset.testing.registry import answers
from winset.tree.build import Branching, build, chance, move, pays
from winset.tree.tree import Tree

SIDE = 1e-9
"""How close to a threshold a certificate has to find a gain on one side and none on the other."""


def _bound(gain: Callable[[float], float], worst: Callable[[float], float], low: float, high: float) -> float:
    """Where a gain that is linear in a number vanishes, the certificate agreeing on both sides.

    Args:
        gain: what a deviation pays, negative where it does not.
        worst: what the certificate finds at most.
        low, high: on both sides of the bound.

    Raises:
        ValueError: the certificate finds a gain on the side where there should be none, or none on the other.
    """
    found = crossing(gain, low, high)
    quiet = -SIDE if gain(low) < 0 else SIDE
    if worst(found + quiet) > 1e-12 or worst(found - quiet) <= 1e-12:
        raise ValueError(f"the certificate does not turn at {found:g}")
    return found


@answers("07A_beer_quiche", scenario="textbook/beer-quiche")
def beer_quiche(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The pooling profiles are judged by the certificate; the other equilibrium is the limit of the logit path."""
    judged = Judged.of("beer-quiche", strong_share=float(parameters["prob_strong"]))
    out: dict[str, float] = {}
    for breakfast, other, tempted in (("beer", "quiche", "weak"), ("quiche", "beer", "strong")):
        if any(q.startswith(f"pool-{breakfast}") for q in quantities):
            duel, payoff = _pooling(judged, breakfast, other, tempted)
            out[f"pool-{breakfast}: minimal off-path duel probability"] = duel
            out[f"pool-{breakfast}: sender's ex ante payoff"] = payoff
    if any(q.startswith("semi") for q in quantities):
        weak, duel = beer_in_the_limit(float(parameters["prob_strong"]))
        out |= {"semi-separating: P(weak drinks beer)": weak, "semi-separating: P(duel | beer)": duel}
    return out


def beer_in_the_limit(strong_share: float) -> tuple[float, float]:
    """How often the weak drink beer and how often beer is met by a duel, in the limit of the logit path."""
    judged = Judged.of("beer-quiche", strong_share=strong_share)
    profile = judged.principal(None)
    weak = chance_of(judged, profile, "stranger", "order if weak", "beer")
    return weak, chance_of(judged, profile, "bully", "provoke after beer", "duel")


def _at(judged: Judged, player: str, words: str) -> int:
    """The one information set of a player whose label ends in these words."""
    (found,) = [h for (who, label), h in judged.sets.items() if who == player and label.endswith(words)]
    return found


def chance_of(judged: Judged, profile: Floats, player: str, words: str, action: str) -> float:
    """Probability of an action at the one information set of a player whose label ends in these words."""
    return float(profile[judged.action(_at(judged, player, words), action)])


def _pooling(judged: Judged, breakfast: str, other: str, tempted: str) -> tuple[float, float]:
    """Both types have the same breakfast; the least probability of a duel after the other one, and what they get."""

    def profile(duel: float) -> Floats:
        def choice(player: str, label: str) -> str | Mapping[str, float]:
            if player == "stranger":
                return breakfast
            return "leave" if label.endswith(f"after {breakfast}") else {"duel": duel, "leave": 1 - duel}

        return judged.profile(choice)

    at = _at(judged, "stranger", f"order if {tempted}")

    def gain(duel: float) -> float:
        value = judged.judge(profile(duel)).action_value
        return float(value[judged.action(at, other)] - value[judged.action(at, breakfast)])

    least = _bound(gain, lambda d: judged.worst(profile(d)), 0.0, 1.0)
    return least, float(judged.judge(profile(least)).payoffs[0])


@answers("07B_spence", scenario="textbook/spence")
def spence(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """Profiles in which the able, or both, study four units, judged by the certificate as the unit grows.

    Whoever studies less is taken for plain, which deters most; the employer's wages are then best replies."""
    values = {"high": parameters["theta_H"], "low": parameters["theta_L"], "high_share": parameters["prob_H"]}
    mean = round(8 * parameters["prob_H"])

    def profile(judged: Judged, pooled: bool) -> Floats:
        def choice(player: str, label: str) -> str:
            if player == "worker":
                return "school(years=4)" if pooled or label.endswith("if able") else "school(years=0)"
            best = mean if pooled else 8
            return f"wage(eighths={best if label.endswith('school(years=4)') else 0})"

        return judged.profile(choice)

    def at(years: float, pooled: bool) -> tuple[Judged, Floats]:
        judged = Judged.of("spence", unit=years / 4, **values)
        return judged, profile(judged, pooled)

    def gain(years: float, pooled: bool) -> float:
        """What the plain gain by doing what they do not."""
        judged, played = at(years, pooled)
        value, plain = judged.judge(played).action_value, _at(judged, "worker", "if plain")
        four, none = (value[judged.action(plain, f"school(years={k})")] for k in (4, 0))
        return float(none - four if pooled else four - none)

    def worst(years: float, pooled: bool) -> float:
        judged, played = at(years, pooled)
        return judged.worst(played)

    least, most = (
        _bound(lambda e, p=p: gain(e, p), lambda e, p=p: worst(e, p), 0.1, 4.0)  # type: ignore[misc]
        for p in (False, True)
    )
    judged, played = at(least, False)
    able = judged.action(_at(judged, "worker", "if able"), "school(years=4)")
    return {
        "least-cost separating education": least,
        "payoff of H in the Riley equilibrium": float(judged.judge(played).action_value[able]),
        "largest pooling education": most,
    }


def crisis_values(parameters: Mapping[str, Any]) -> dict[str, float]:
    """The parameters of `bluff`, by its own names."""
    given = {"resolved_share": "prob_H", "war_value": "war_value_H", "stake": "rival_value"}
    given |= {"audience_cost": "audience_cost", "rival_war_cost": "rival_war_cost"}
    return {name: float(parameters[key]) for name, key in given.items()}


@answers("07C_bluff", scenario="textbook/bluff")
def bluff(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The limit of the logit path on the scenario's tree, as errors vanish."""
    judged, profile = bluffed(tuple(crisis_values(parameters).items()))
    return {
        "P(L bluffs)": chance_of(judged, profile, "government", "crisis if irresolute", "challenge"),
        "P(rival resists | challenge)": chance_of(judged, profile, "rival", "", "resist"),
        "P(war)": judged.probability(profile, "resolved", "resist"),
    }


@lru_cache(maxsize=8)
def bluffed(values: tuple[tuple[str, float], ...]) -> tuple[Judged, Floats]:
    """The tree of `bluff`, and the limit of its logit path."""
    judged = Judged.of("bluff", **dict(values))
    return judged, judged.principal(None)


def opposed(resolved_share: float, war_value: float, stake: float, audience_cost: float, rival_war_cost: float) -> Tree:
    """The scenario `bluff` with an opposition that knows the government's type and chooses what to say."""

    def answered(resolved: bool, said: str) -> Branching:
        against = -1 if said == "oppose" else 0
        war = pays(war_value, -rival_war_cost, against) if resolved else pays(-audience_cost, 0, -against)
        return move("rival", f"after {said}", concede=pays(1, -stake, against), resist=war)

    def crisis(kind: str, resolved: bool) -> Branching:
        debate = {said: answered(resolved, said) for said in ("oppose", "support")}
        return move(
            "government", f"crisis if {kind}", challenge=move("opposition", f"debate if {kind}", debate),
            stay=pays(0, 0, 0),
        )  # fmt: skip

    kinds = {"resolved": crisis("resolved", True), "irresolute": crisis("irresolute", False)}
    odds = {"resolved": resolved_share, "irresolute": 1 - resolved_share}
    return build("bluff with an opposition", ["government", "rival", "opposition"], chance(odds, kinds))


@answers("07C_schultz_opposition", scenario="textbook/bluff")
def schultz_opposition(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """The limit of the logit path on the tree in which the opposition chooses what to say."""
    values = crisis_values(parameters)
    judged = Judged(opposed(**values))
    profile = judged.principal(None)
    alone, without = bluffed(tuple(values.items()))
    rival = 1
    gain = judged.judge(profile).payoffs[rival] - alone.judge(without).payoffs[rival]
    return {
        "P(war) with an informed opposition": judged.probability(profile, "resolved", "resist"),
        "P(challenge) with an informed opposition": judged.probability(profile, "challenge"),
        "rival's payoff gain from the opposition's signal": float(gain),
    }


FAINT = 1e-100
"""Weight of a state at a cut-off: enough for the certificate to judge what it does, too little to count."""


def told_apart(cuts: Sequence[float], bias: float, cells: int) -> tuple[Judged, Floats]:
    """Cheap talk in which the adviser says between which cut-offs the state lies, and the listener does the mean.

    Each part of the interval is cut into so many cells of equal width, each a state at its middle; two states of
    hardly any weight lie at each cut-off, one for each message, so that the certificate says what one at the border
    gains by the other message. Without cells there are only those, equally likely.

    Returns:
        The tree, and the profile.
    """
    edges = [0.0, *map(float, cuts), 1.0]
    means, parts = [0.5 * (a + b) for a, b in pairwise(edges)], range(len(edges) - 1)
    states: dict[str, tuple[float, float]] = {}
    for k in parts:
        width = (edges[k + 1] - edges[k]) / max(cells, 1)
        states |= {f"{k} {c}": (edges[k] + (c + 0.5) * width, width) for c in range(cells)}
    faint = FAINT if cells else 0.5 / max(len(cuts), 1)
    states |= {name: (edges[k], faint) for k in parts[1:] for name in (f"{k - 1} end", f"{k} begin")}

    def acted(state: float, message: int) -> Branching:
        loss = {f"{a}": pays(-((means[a] - state - bias) ** 2), -((means[a] - state) ** 2)) for a in parts}
        return move("listener", f"message {message}", loss)

    told = {
        name: move("adviser", name, {f"{m}": acted(state, m) for m in parts}) for name, (state, _) in states.items()
    }
    odds = {name: weight for name, (_, weight) in states.items()}
    judged = Judged(build("cheap talk", ["adviser", "listener"], chance(odds, told)))
    return judged, judged.profile(lambda player, label: label.split(" ")[player == "listener"])


def partition(count: int, bias: float) -> list[float] | None:
    """The cut-offs at which a state at the border is indifferent between its two messages, by Newton's method.

    What such a state gains by the upper message is the certificate's. Returns None where the cut-offs that would make
    all of them indifferent do not lie in rising order inside the interval: then there is no such partition."""
    cuts = np.arange(1, count) / count
    for _ in range(20):
        gains = _border_gains(cuts, bias)
        if np.max(np.abs(gains), initial=0.0) < 1e-14:
            break
        ahead = [_border_gains(cuts + d, bias) for d in 1e-7 * np.eye(count - 1)]
        slope = (np.array(ahead) - gains).T / 1e-7
        cuts = cuts - np.linalg.solve(slope, gains)
    inside = np.diff([0.0, *cuts, 1.0]).min() > 0
    return [float(c) for c in cuts] if inside else None


def _border_gains(cuts: Floats, bias: float) -> Floats:
    judged, profile = told_apart([float(c) for c in cuts], bias, 0)
    value = judged.judge(profile).action_value
    edges = [judged.at("adviser", f"{k} begin") for k in range(1, len(cuts) + 1)]
    return np.array([
        value[judged.action(at, f"{k}")] - value[judged.action(at, f"{k - 1}")] for k, at in enumerate(edges, 1)
    ])  # fmt: skip


@lru_cache(maxsize=16)
def finest(bias: float) -> tuple[float, ...]:
    """The cut-offs of the partition with the most messages; the next finer one is shown not to exist.

    Raises:
        ValueError: the certificate finds a gain in it.
    """
    found: list[float] = []
    for count in range(2, 40):
        cuts = partition(count, bias)
        if cuts is None:
            break
        found = cuts
    gain = max(judged_at(found, bias, cells)[0] for cells in (1, 4))
    if gain > 1e-12:
        raise ValueError(f"the partition {found} leaves a gain of {gain:.1e}")
    return tuple(found)


def judged_at(cuts: Sequence[float], bias: float, cells: int) -> tuple[float, float, float]:
    """The certificate's gain, and the losses of listener and adviser."""
    judged, profile = told_apart(cuts, bias, cells)
    found = judged.judge(profile)
    return judged.worst(profile), -float(found.payoffs[1]), -float(found.payoffs[0])


@answers("07E_crawford_sobel", scenario="textbook/cheap-talk")
def crawford_sobel(parameters: Mapping[str, Any], quantities: Sequence[str]) -> dict[str, float]:
    """Partitions judged by the certificate; the losses as the cells of the states shrink."""
    bias = float(parameters["b"])
    cuts = finest(bias)
    listener, adviser = limits(lambda step: judged_at(cuts, bias, round(1 / step))[1:], (1 / 2, 1 / 4, 1 / 8))
    out = {f"cut-off a_{i} of the finest partition": cut for i, cut in enumerate(cuts, 1)}
    return out | {
        "maximal number of messages": float(len(cuts) + 1),
        "maximal number of messages (ceiling formula)": float(len(cuts) + 1),
        "receiver's expected loss, finest partition": listener.value,
        "sender's expected loss, finest partition": adviser.value,
    }
