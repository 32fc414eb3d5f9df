"""12: inspections, trust and reassurance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

import numpy as np

from winset.certify.extensive import TreeCertificate, certify_tree
from winset.game.compile import compile_game
from winset.solve.extensive.zero_sum import solve_zero_sum
from winset.testing.canon._limits import action_at, crossing
from winset.testing.canon._tools import lasting, shelf, starting
from winset.testing.plot import Curve, Figure
from winset.testing.registry import answers, gallery
from winset.tree.from_game import unfold
from winset.tree.solution import TreeSolution
from winset.tree.tree import CHANCE, Tree

INSPECTIONS, TRUST, REASSURANCE = "textbook/inspections", "textbook/trust", "textbook/reassurance"


def inspected(periods: int, inspections: int) -> TreeSolution:
    """The inspection game of so many periods and inspections."""
    scenario = lasting(starting(shelf(INSPECTIONS), left=inspections), periods)
    return solve_zero_sum(unfold(compile_game(scenario)).tree)


@answers("12D_inspection_game", scenario=INSPECTIONS)
def inspections(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """The whole tree by linear programming over sequences."""
    found = inspected(int(parameters["periods"]), int(parameters["inspections"]))
    tree, at = found.tree, "round 1: period"
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
    return {"minimal trust for mutual cooperation": least_trust(parameters["sucker_loss"], parameters["dc_payoff"])}


def least_trust(sucker_loss: float, free_ride: float) -> float:
    """The trust at which the trustworthy gain nothing by defecting where all the trustworthy cooperate."""

    def gained(share: float) -> float:
        given = {"sucker_loss": sucker_loss, "free_ride": free_ride, "trust": share}
        tree = unfold(compile_game(shelf(TRUST), values=given)).tree
        found = certified(tree, {"if trustworthy": "cooperate", "if untrustworthy": "defect"})
        return gain(found, "one", "defect", "cooperate", at="round 1: encounter if trustworthy")

    return crossing(gained, 0.01, 0.99)


def separating(given: Mapping[str, float], cost_good: float, cost_bad: float) -> tuple[float, float]:
    """What the untrustworthy gain by the gesture and the trustworthy by silence, where it tells them apart.

    Raises:
        ValueError: the rest of the profile is no equilibrium: even if believed the trustworthy would not cooperate.
    """
    values = {**given, "cost_good": cost_good, "cost_bad": cost_bad}
    tree = unfold(compile_game(shelf(REASSURANCE), values=values)).tree
    found = certified(tree, {
        "reassurance if trustworthy:": "reassure",
        "reassurance if untrustworthy:": "say_nothing",
        "encounter if trustworthy after reassure:": "cooperate",
        "encounter": "defect",
    })  # fmt: skip
    later = np.array(["encounter" in label for label in tree.set_label])
    if np.nanmax(found.agent_gain[later]) > 1e-9:
        raise ValueError("after the gesture somebody would play otherwise")
    return (
        gain(found, "one", "reassure", "say_nothing", at="round 1: reassurance if untrustworthy"),
        gain(found, "one", "say_nothing", "reassure", at="round 1: reassurance if trustworthy"),
    )


def costs(given: Mapping[str, float]) -> tuple[float, float]:
    """The least cost to the untrustworthy, and the largest to the trustworthy, at which the gesture separates."""
    least = crossing(lambda cost: separating(given, 0.0, cost)[0], 0.0, 4.0)
    return least, crossing(lambda cost: separating(given, cost, 4.0)[1], 0.0, 4.0)


@answers("12E_reassurance", scenario=REASSURANCE)
def reassurance(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Separation as a profile; the costs at which the certificate's gains of either type change sign."""
    given = {
        "receiver_good": parameters["prob_receiver_good"], "sucker_loss": parameters["sucker_loss"],
        "free_ride": parameters["dc_payoff"], "greed": parameters["bad_temptation"],
    }  # fmt: skip
    least, most = costs(given)
    equal = separating(given, least, least)
    return {
        "smallest separating signal cost if the bad type pays the same": least,
        "separation possible with equal signal costs (1/0)": float(equal[1] <= 0),
        "largest cost ratio (good's cost / bad's cost) that allows separation": most / least,
    }


DRESHER = """
With n periods and m inspections the game is worth

    - C(n - 1, m) / (C(n, 0) + C(n, 1) + ... + C(n, m))

to the inspector, where C(n, i) counts the ways to choose i of n (Dresher 1962; Avenhaus, von Stengel and Zamir 2002).
"""


@gallery(INSPECTIONS, closed_form=DRESHER, models=("12D_inspection_game",))
def picture_of_inspections() -> Figure:
    """What few inspections are worth over time."""
    periods = list(range(2, 9))
    curves = tuple(
        Curve(
            x=periods, y=[float(inspected(n, m).values[0]) for n in periods], exact_x=periods,
            exact_y=[-comb(n - 1, m) / sum(comb(n, i) for i in range(m + 1)) for n in periods],
            name=f"{m} inspection{'s' * (m > 1)}",
        )
        for m in (3, 2, 1)
    )  # fmt: skip
    return Figure(
        x_label="periods", y_label="value to the inspector", curves=curves,
        caption="An inspector with enough visits for all periods loses nothing; each period without one costs.",
    )  # fmt: skip


KYDD = """
Among the trustworthy, with payoffs 1 where both cooperate, tau where one defects alone, -b where one cooperates alone
and 0 otherwise, mutual cooperation is an equilibrium iff trust is at least

    b / (1 - tau + b)

(two-type reduction of Kydd 2005, derived for winset).
"""


@gallery(TRUST, closed_form=KYDD, models=("12E_trust",))
def picture_of_trust() -> Figure:
    """How much trust cooperation takes."""
    losses = [0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5]
    fine = [0.02 * k for k in range(4, 76)]
    curves = tuple(
        Curve(
            x=losses, y=[least_trust(b, tau) for b in losses], exact_x=fine,
            exact_y=[b / (1 - tau + b) for b in fine], name=f"defecting alone pays {tau:g}",
        )
        for tau in (0.8, 0.5, 0.2)
    )  # fmt: skip
    return Figure(
        x_label="loss of who cooperates alone", y_label="least trust for cooperation", curves=curves,
        caption="Who has more to lose by being let down, or more to win by letting down, needs more trust.",
    )  # fmt: skip


REASSURED = """
Let t be the probability that the other side is trustworthy, b the loss of who cooperates alone, and g > 1 what an
untrustworthy side gets by defecting alone. Being believed is worth t - (1 - t) b to the trustworthy and t g to the
untrustworthy, if t is large enough for the trustworthy to cooperate with one another (see the trust game). A gesture
then tells them apart iff it costs the untrustworthy at least t g and the trustworthy at most t - (1 - t) b, which is
less (two-type reduction of Kydd 2005, derived for winset).
"""


@gallery(REASSURANCE, closed_form=REASSURED, models=("12E_reassurance",))
def picture_of_reassurance() -> Figure:
    """What a gesture may cost the one and has to cost the other."""
    goods, fine = [0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9], [0.01 * k for k in range(45, 96)]
    found = [costs({"receiver_good": t, "sucker_loss": 0.4, "greed": 1.5}) for t in goods]
    return Figure(
        x_label="probability that the other side is trustworthy", y_label="cost of the gesture",
        curves=(
            Curve(x=goods, y=[least for least, _ in found], exact_x=fine, exact_y=[1.5 * t for t in fine],
                  name="the least it has to cost the untrustworthy"),
            Curve(x=goods, y=[most for _, most in found], exact_x=fine, exact_y=[t - (1 - t) * 0.4 for t in fine],
                  name="the most it may cost the trustworthy"),
        ),
        caption="No one cost lies above the first line and below the second: it has to cost the two types differently.",
    )  # fmt: skip
