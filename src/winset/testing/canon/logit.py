"""08: agent logit equilibria at stated precisions, and what they lead to, on the trees of the scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import exp

from winset.game.compile import compile_game
from winset.solve.extensive.logit import solve_logit
from winset.testing.canon._limits import Limit, action_at, limit_of
from winset.testing.canon._tools import lasting, root, shelf
from winset.testing.plot import Curve, Figure
from winset.testing.registry import answers, gallery
from winset.tree.from_game import unfold
from winset.tree.tree import Tree

Place = tuple[str, str, str]
"""Who does what, and the label of the set at which."""


def tree_of(name: str, values: Mapping[str, float], *, rounds: int = 0) -> Tree:
    """The tree of a library scenario; `rounds`: in place of its own."""
    scenario = shelf(name)
    return unfold(compile_game(lasting(scenario, rounds) if rounds else scenario, values=dict(values))).tree


@lru_cache(maxsize=8)
def _at_infinity(name: str, values: tuple[tuple[str, float], ...]) -> Limit:
    return limit_of(tree_of(name, dict(values)), begin=20.0)


def read_off(
    name: str, values: Mapping[str, float], places: Mapping[str, Place], precision: float | None, *, rounds: int = 0
) -> dict[str, float]:
    """Probabilities on the principal branch of a scenario's tree: at a precision, or (None) where it leads."""
    if precision is None:
        limit = _at_infinity(name, tuple(sorted(values.items())))
        tree, profile = limit.tree, limit.profile
    else:
        tree = tree_of(name, values, rounds=rounds)
        profile = solve_logit(tree, precision=precision).profile
    return {
        quantity: float(profile[action_at(tree, who, action, at=at)]) for quantity, (who, action, at) in places.items()
    }


def _wanted(places: Mapping[str, Place], quantities: Sequence[str]) -> dict[str, Place]:
    return {quantity: places[quantity] for quantity in quantities}


PENNIES = "textbook/matching-pennies"
ROW, COLUMN = ("row", "up", "round 1: pennies"), ("column", "left", "round 1: pennies")


@answers("08A_asymmetric_matching_pennies", scenario=PENNIES)
def pennies(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Both probabilities, with errors and without."""
    places = {"P(U | row)": ROW, "P(L | col)": COLUMN, "Nash: P(U)": ROW, "Nash: P(L)": COLUMN}
    given = {"bonus": float(parameters["x"])}
    return read_off(PENNIES, given, _wanted(places, quantities), parameters.get("lambda"))


CENTIPEDE = "textbook/centipede"


def _take(move: int) -> Place:
    passed = f" after {', '.join(['pass'] * (move - 1))}" if move > 1 else ""
    half = (move - 1) % 2
    return ("one", "two")[half], "take", f"round {(move + 1) // 2}: {('first', 'second')[half]}{passed}"


@answers("08B_centipede", scenario=CENTIPEDE)
def centipede(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """How often each mover takes."""
    places = {f"P(take) at move {k}": _take(k) for k in range(1, 7)}
    rounds = int(parameters["moves"]) // 2
    return read_off(CENTIPEDE, {}, _wanted(places, quantities), parameters["lambda"], rounds=rounds)


ENTRY = "textbook/entry-deterrence"


@answers("08C_chain_store_sequential", scenario=ENTRY)
def entry_seen(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """The firm sees whether there is an entrant."""
    places = {
        "P(E | E)": ("newcomer", "enter", "round 1: entry"),
        "P(A | I)": ("firm", "acquiesce", "round 1: answer after enter"),
    }
    return read_off(ENTRY, {}, _wanted(places, quantities), parameters["lambda"])


@answers("08C_chain_store_strategic", scenario=ENTRY)
def entry_unseen(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """The firm does not see it."""
    places = {
        "P(E | E)": ("newcomer", "come_in", "round 1: at_once"),
        "P(A | I)": ("firm", "yield", "round 1: at_once"),
    }
    return read_off(ENTRY, {}, _wanted(places, quantities), parameters["lambda"])


BEER = "textbook/beer-quiche"
AFTER_BEER: Place = ("bully", "duel", "round 1: provoke after beer")
WEAK_BEER: Place = ("stranger", "beer", "round 1: order if weak")


@answers("08E_beer_quiche", scenario=BEER)
def beer_quiche(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Breakfasts and duels with errors."""
    places = {
        "P(B | SS)": ("stranger", "beer", "round 1: order if strong"),
        "P(B | SW)": WEAK_BEER,
        "P(duel | RB)": AFTER_BEER,
        "P(duel | RQ)": ("bully", "duel", "round 1: provoke after quiche"),
    }
    given = {"strong_share": parameters["prob_strong"]}
    return read_off(BEER, given, _wanted(places, quantities), parameters["lambda"])


@answers("08E_beer_quiche_limit", scenario=BEER)
def beer_quiche_limit(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Where the principal branch leads."""
    places = {
        "limit lambda->infinity: P(beer | weak)": WEAK_BEER,
        "limit lambda->infinity: P(duel | beer)": AFTER_BEER,
    }
    given = {"strong_share": parameters["prob_strong"]}
    return read_off(BEER, given, _wanted(places, quantities), None)


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def along(name: str, precisions: Sequence[float], place: Place, *, rounds: int = 0) -> list[float]:
    """Probability of an action at several precisions."""
    return [read_off(name, {}, {"": place}, precision, rounds=rounds)[""] for precision in precisions]


OCHS = """
P(up) = s(L ((x + 1) P(left) - 1)) and P(left) = s(L (1 - 2 P(up))), with s the logistic function, L the precision and
x row's payoff at up-left (McKelvey and Palfrey 1995). In Nash equilibrium P(up) = 1/2 whatever x is, and
P(left) = 1 / (1 + x).
"""


def _up(lam: float) -> float:
    return root(lambda p: p - _logistic(lam * (10 * _logistic(lam * (1 - 2 * p)) - 1)), 0, 1)


@gallery(PENNIES, closed_form=OCHS, models=("08A_asymmetric_matching_pennies",))
def picture_of_pennies() -> Figure:
    """From guessing to Nash."""
    precisions = [0.1, 0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]
    fine = [0.1 * k for k in range(1, 121)]
    up = [_up(lam) for lam in fine]
    left = [_logistic(lam * (1 - 2 * p)) for lam, p in zip(fine, up, strict=True)]
    return Figure(
        x_label="precision", y_label="probability",
        curves=(
            Curve(x=precisions, y=along(PENNIES, precisions, ROW), exact_x=fine, exact_y=up, name="row plays up"),
            Curve(x=precisions, y=along(PENNIES, precisions, COLUMN), exact_x=fine, exact_y=left,
                  name="column plays left"),
        ),
        caption="Row's bonus of 9 draws row to up as well; in Nash equilibrium it is 1/2 and 1/10.",
    )  # fmt: skip


PILES = """
Backwards from the last move: who moves takes with probability s(L x), with s the logistic function, L the precision and
x what taking pays more than passing, given what follows (McKelvey and Palfrey 1998). Without errors the first mover
takes at once.
"""


def _taking(moves: int, precision: float) -> float:
    ahead = (0.4 * 2.0**moves, 0.1 * 2.0**moves)
    take = 0.0
    for k in reversed(range(moves)):
        large, small = 0.4 * 2.0**k, 0.1 * 2.0**k
        now = (large, small) if k % 2 == 0 else (small, large)
        take = _logistic(precision * (now[k % 2] - ahead[k % 2]))
        ahead = (take * now[0] + (1 - take) * ahead[0], take * now[1] + (1 - take) * ahead[1])
    return take


@gallery(CENTIPEDE, closed_form=PILES, models=("08B_centipede",))
def picture_of_centipede() -> Figure:
    """How rare errors have to be for the game to unravel."""
    precisions = [0.1, 0.5, 1.0, 2.0, 4.0, 6.0, 9.0, 12.0, 15.0, 20.0]
    fine = [0.1 * k for k in range(1, 201)]
    curves = tuple(
        Curve(
            x=precisions, y=along(CENTIPEDE, precisions, _take(1), rounds=moves // 2), exact_x=fine,
            exact_y=[_taking(moves, lam) for lam in fine], name=f"{moves} moves",
        )
        for moves in (4, 6)
    )  # fmt: skip
    return Figure(
        x_label="precision", y_label="how often the first mover takes", curves=curves,
        caption="A few errors later in the game make passing worth while at its start.",
    )  # fmt: skip


UNSEEN = """
Seen: the firm acquiesces with probability A = s(L) and the newcomer enters with s(L (3 A - 2)), s being the logistic
function and L the precision. Unseen: A = s(L E), E = s(L (3 A - 2)) have to hold at once (McKelvey and Palfrey 1998).
The Nash equilibria are the same.
"""


def _entering(lam: float) -> float:
    return root(lambda e: e - _logistic(lam * (3 * _logistic(lam * e) - 2)), 0, 1)


@gallery(ENTRY, closed_form=UNSEEN, models=("08C_chain_store_sequential", "08C_chain_store_strategic"))
def picture_of_entry() -> Figure:
    """What being seen does to entry."""
    precisions, fine = [0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0], [0.05 * k for k in range(1, 101)]
    seen = [_logistic(lam * (3 * _logistic(lam) - 2)) for lam in fine]
    unseen = [_entering(lam) for lam in fine]
    return Figure(
        x_label="precision", y_label="probability of entry",
        curves=(
            Curve(x=precisions, y=along(ENTRY, precisions, ("newcomer", "enter", "round 1: entry")), exact_x=fine,
                  exact_y=seen, name="seen by the firm"),
            Curve(x=precisions, y=along(ENTRY, precisions, ("newcomer", "come_in", "round 1: at_once")), exact_x=fine,
                  exact_y=unseen, name="unseen"),
        ),
        caption="A firm that does not see the newcomer has less to lose by fighting; that keeps more newcomers out.",
    )  # fmt: skip
