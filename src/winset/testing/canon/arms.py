"""12: inspections, trust and reassurance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from winset.certify.extensive import TreeCertificate, certify_tree
from winset.game.compile import compile_game
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.testing.canon._limits import action_at, crossing
from winset.testing.canon._tools import lasting, shelf, starting
from winset.testing.registry import answers
from winset.tree.from_game import unfold
from winset.tree.tree import CHANCE, Tree

INSPECTIONS, TRUST, REASSURANCE = "textbook/inspections", "textbook/trust", "textbook/reassurance"


@answers("12D_inspection_game", scenario=INSPECTIONS)
def inspections(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """The whole tree by linear programming over sequences."""
    scenario = starting(shelf(INSPECTIONS), left=int(parameters["inspections"]))
    tree = unfold(compile_game(lasting(scenario, int(parameters["periods"])))).tree
    found = solve_zero_sum(tree)
    at = "round 1: period"
    return {
        "value to the inspector": float(found.values[0]),
        "P(inspect in the first period)": float(found.profile[action_at(tree, "inspector", "inspect", at=at)]),
        "P(violate in the first period)": float(found.profile[action_at(tree, "inspectee", "cheat", at=at)]),
    }


def certified(tree: Tree, played: Mapping[str, str]) -> TreeCertificate:
    """The certificate of a pure profile: who does what, by a part of the label of the set and the name of the action.

    Raises:
        ValueError: a set fits none of the parts, or its action is not there.
    """
    profile = np.where(tree.is_chance, tree.chance, 0.0)
    for h in np.flatnonzero(tree.set_player != CHANCE):
        names = [action for part, action in played.items() if part in f"{tree.set_label[h]}:"]
        span = np.arange(tree.set_first[h], tree.set_first[h + 1])
        chosen = [a for a in span if names and tree.action_label[a] == names[0]]
        if len(chosen) != 1:
            raise ValueError(f"nothing is said of {tree.set_name(int(h))}")
        profile[chosen[0]] = 1.0
    return certify_tree(tree, profile)


def gain(found: TreeCertificate, player: str, action: str, other: str, *, at: str) -> float:
    """What a player gains by an action over another at a set where a profile is played otherwise."""
    first, second = (found.action_value[action_at(found.tree, player, a, at=at)] for a in (action, other))
    return float(first - second)


@answers("12E_trust", scenario=TRUST)
def trust(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Mutual cooperation of the trustworthy, as a profile: the least trust at which its certificate shows no gain."""
    given = {"sucker_loss": parameters["sucker_loss"], "free_ride": parameters["dc_payoff"]}

    def gained(share: float) -> float:
        tree = unfold(compile_game(shelf(TRUST), values={**given, "trust": share})).tree
        found = certified(tree, {"if trustworthy": "cooperate", "if untrustworthy": "defect"})
        return gain(found, "one", "defect", "cooperate", at="round 1: encounter if trustworthy")

    return {"minimal trust for mutual cooperation": crossing(gained, 0.01, 0.99)}


def separating(given: Mapping[str, float], cost_good: float, cost_bad: float) -> tuple[float, float]:
    """What the untrustworthy gain by the gesture and the trustworthy by silence, where it tells them apart."""
    values = {**given, "cost_good": cost_good, "cost_bad": cost_bad}
    tree = unfold(compile_game(shelf(REASSURANCE), values=values)).tree
    found = certified(tree, {
        "reassurance if trustworthy:": "reassure",
        "reassurance if untrustworthy:": "say_nothing",
        "encounter if trustworthy after reassure:": "cooperate",
        "encounter": "defect",
    })  # fmt: skip
    return (
        gain(found, "one", "reassure", "say_nothing", at="round 1: reassurance if untrustworthy"),
        gain(found, "one", "say_nothing", "reassure", at="round 1: reassurance if trustworthy"),
    )


@answers("12E_reassurance", scenario=REASSURANCE)
def reassurance(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Separation as a profile; the costs at which the certificate's gains of either type change sign."""
    given = {
        "receiver_good": parameters["prob_receiver_good"], "sucker_loss": parameters["sucker_loss"],
        "free_ride": parameters["dc_payoff"], "greed": parameters["bad_temptation"],
    }  # fmt: skip
    least = crossing(lambda cost: separating(given, 0.0, cost)[0], 0.0, 4.0)
    most = crossing(lambda cost: separating(given, cost, 4.0)[1], 0.0, 4.0)
    equal = separating(given, least, least)
    return {
        "smallest separating signal cost if the bad type pays the same": least,
        "separation possible with equal signal costs (1/0)": float(equal[1] <= 0),
        "largest cost ratio (good's cost / bad's cost) that allows separation": most / least,
    }
