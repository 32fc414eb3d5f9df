"""08: agent logit equilibria at stated precisions, and what they lead to, on the trees of the scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from winset.game.compile import compile_game
from winset.solve.extensive.logit import solve_logit
from winset.testing.canon._limits import Limit, action_at, limit_of
from winset.testing.canon._tools import lasting, shelf
from winset.testing.registry import answers
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
