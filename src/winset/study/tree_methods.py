"""Which method solves a game file: what decides, what each method needs, and the choice with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.base.words import listing
from winset.language.rules.catalogue import complete
from winset.solve.extensive.backward_induction import hidden_set
from winset.tree.from_table import tree_of_table
from winset.tree.recall import Recall, with_perfect_recall
from winset.tree.subgames import pieces
from winset.tree.tree import CHANCE, TERMINAL, NormalForm, Tree

EVEN = 1e-9
"""Sums of payoffs that differ by less, relative to the largest payoff, count as equal."""
SMALL = 5_000_000
"""Steps that all equilibria may take where the method is chosen and not asked for: a few seconds."""
FEW = 500
"""Pure strategies of a player above which all equilibria are not even tried where the method is chosen."""
LARGE = 50_000
"""Actions above which a zero-sum tree gets no linear programme, where the method is chosen: it would take minutes."""
MANY = 100
"""Subgames in which several nodes move above which each has a path of its own, where the method is chosen."""


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What of a tree decides between methods.

    Attributes:
        players: how many.
        hidden: the first information set with several nodes, by name; "" in a game of perfect information.
        total: what the payoffs add up to at every end; None where that differs.
        apart: two ends with other sums, in words, where it differs.
        actions: how many, without chance's.
        strategies: the most pure strategies that a player has, those alike counted once; may be infinite in floats.
        subgames: pieces of the tree, cut up at its subgames, in which several nodes move.
    """

    players: int
    hidden: str
    total: float | None
    apart: str
    actions: int
    strategies: float
    subgames: int


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to solve a tree.

    Attributes:
        key: as `method=` and `--method` take it.
        name: in words.
        gives: what comes out.
        lacks: of the traits, why it does not apply, "" where it does.
        sources: keys of `winset.study.sources.SOURCES`.
        compiled: whether it runs compiled code, which has to be made once on a machine.
    """

    key: str
    name: str
    gives: str
    lacks: Callable[[Traits], str]
    sources: tuple[str, ...]
    compiled: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The method taken, why, and why not the others.

    Attributes:
        method: the one taken.
        why: a reason, without a full stop.
        others: (method, why it was not taken) of the others.
        fallback: whether another method is to be taken where this one takes too long.
    """

    method: Method
    why: str
    others: tuple[tuple[Method, str], ...]
    fallback: bool = False


def _not_two(traits: Traits) -> str:
    if traits.players == 2:
        return ""
    return f"for two players only, and here {'is one' if traits.players == 1 else f'are {traits.players}'}"


def _not_constant(traits: Traits) -> str:
    return _not_two(traits) or ("" if traits.total is not None else f"payoffs add up to {traits.apart}")


def _not_seen(traits: Traits) -> str:
    return f"{traits.hidden} has several nodes" if traits.hidden else ""


METHODS = (
    Method(key="backward", name="backward induction", gives="a subgame-perfect equilibrium, in one pass",
           lacks=_not_seen, sources=("kuhn1953",)),
    Method(key="zero-sum", name="sequence-form linear programme", gives="an equilibrium, exact to rounding",
           lacks=_not_constant, sources=("koller1996", "huangfu2018", "stengel1996")),
    Method(key="regret", name="regret minimisation", gives="a profile as near to an equilibrium as is asked for",
           lacks=_not_constant, compiled=True,
           sources=("zinkevich2007", "tammelin2014", "brown2019", "farina2021", "xu2024", "meng2025", "stengel1996")),
    Method(key="all-equilibria", name="all equilibria in fractions", gives="all equilibria, exactly",
           lacks=_not_two, sources=("mangasarian1964", "avis2010", "motzkin1953", "stengel2002", "millham1974",
                                    "winkels1979", "kuhn1953")),
    Method(key="logit", name="logit path", gives="the principal agent logit equilibrium, or its limit",
           lacks=lambda traits: "", sources=("mckelvey1995", "mckelvey1998", "turocy2005", "turocy2010",
                                             "allgower1990", "saad1986"), compiled=True),
    Method(key="logit-by-subgame", name="logit path, subgame by subgame",
           gives="an agent logit equilibrium, or its limit, by a path in each subgame",
           lacks=lambda traits: "", sources=("mckelvey1998", "selten1975", "turocy2005", "turocy2010",
                                             "allgower1990", "saad1986"), compiled=True),
)  # fmt: skip
BY_KEY = {m.key: m for m in METHODS}
LOGIT = ("logit", "logit-by-subgame")


def traits_of(tree: Tree) -> Traits:
    """What decides.

    Raises:
        ScenarioError: a player forgets what it knew or did (X201, X202); no method here solves such a game.
    """
    memory = with_perfect_recall(tree, "every method for game files")
    hidden = hidden_set(tree)
    total, apart = _total(tree)
    return Traits(
        players=len(tree.players),
        hidden=tree.set_name(hidden) if hidden >= 0 else "",
        total=total,
        apart=apart,
        actions=int(np.sum(~tree.is_chance)),
        strategies=_strategies(tree, memory),
        subgames=int(np.sum(pieces(tree).inner > 1)),
    )


def _total(tree: Tree) -> tuple[float | None, str]:
    paid = tree.node_payoff().sum(axis=1)
    for d in range(1, tree.depth):
        rows = np.arange(tree.level[d], tree.level[d + 1])
        paid[rows] += paid[tree.parent[rows]]
    ends = paid[tree.player == TERMINAL]
    low, high = float(ends.min()), float(ends.max())
    if high - low <= EVEN * float(np.max(np.abs(tree.payoff), initial=1e-300)):
        return round(low, 12) + 0.0, ""
    return None, f"{low:.6g} at one end and to {high:.6g} at another"


def _strategies(tree: Tree, memory: Recall) -> float:
    """The largest number of reduced pure strategies of any player: at a set the sum over its actions of the products
    over the sets that come next."""
    starts, members = tree.members
    order = np.argsort(-members[starts[:-1]], kind="stable")
    behind = np.ones(tree.actions + 1)  # 1 + action; 0: before the first move of whoever is asked about
    whole = np.ones(len(tree.players) + 1)
    with np.errstate(over="ignore"):
        for h in order:
            who, a = int(tree.set_player[h]), int(memory.before[h])
            if who == CHANCE:
                continue
            here = behind[tree.set_first[h] + 1 : tree.set_first[h + 1] + 1].sum()
            if a >= 0:
                behind[a + 1] *= here
            else:
                whole[who] *= here
    return float(whole.max())


def choose_method(
    game: Tree | NormalForm, *, method: str = "", precision: float | None = None, path: bool = False
) -> Choice:
    """The method that `winset.solve_game` would begin with; arguments and errors as there."""
    tree = tree_of_table(game) if isinstance(game, NormalForm) else game
    return choose(traits_of(tree), method=method, precision=precision, path=path)


def choose(traits: Traits, *, method: str = "", precision: float | None = None, path: bool = False) -> Choice:
    """The method for a tree.

    Args:
        traits: of the tree.
        method: a key of `METHODS`, or "" for the one that fits.
        precision: λ, where a logit equilibrium is asked for.
        path: whether the logit path is wanted.

    Raises:
        ScenarioError: the method does not apply, or cannot give what is asked for.
    """
    if method:
        return _asked(traits, method, precision, path)
    if precision is not None or path:
        return _logit(traits, path)
    reasons = {m.key: m.lacks(traits) for m in METHODS}
    if not reasons["all-equilibria"] and traits.strategies > FEW:
        count = f"{traits.strategies:,.0f}" if traits.strategies < 1e6 else f"{traits.strategies:.0e}"
        reasons["all-equilibria"] = f"{count.replace('inf', 'countless')} strategies are too many for it"
    if not reasons["zero-sum"] and traits.actions > LARGE:
        reasons["zero-sum"] = f"a linear programme over {traits.actions:,} actions takes minutes"
    key = next((k for k in ("backward", "zero-sum", "regret", "all-equilibria") if not reasons[k]), "")
    if not key:
        return _logit(traits, path, reasons)
    why = {
        "backward": "every information set is one node, so what comes last tells what is best before it",
        "zero-sum": f"two players whose payoffs add up to {traits.total or 0.0:.6g} at every end",
        "regret": f"a zero-sum game of {traits.actions:,} actions, too many for an exact value",
        "all-equilibria": "two players with few strategies",
    }[key]
    later = {
        "backward": "",
        "zero-sum": "no linear programme is needed",
        "regret": "the answer is exact already",
        "all-equilibria": "one equilibrium is enough to know the value" if key in ("zero-sum", "regret") else
                          "it lists equilibria that are not subgame-perfect too",
        "logit": _NEARER if key == "regret" else _EXACT,
        "logit-by-subgame": _NEARER if key == "regret" else _EXACT,
    }  # fmt: skip
    others = tuple((m, reasons[m.key] or later[m.key]) for m in METHODS if m.key != key)
    return Choice(method=BY_KEY[key], why=why, others=others, fallback=key == "all-equilibria")


_NEARER = "for players that err, ask for a λ"
_EXACT = "the answer is exact already; for players that err, ask for a λ"


def _logit(traits: Traits, path: bool, reasons: dict[str, str] | None = None) -> Choice:
    """One of the two ways to a logit equilibrium."""
    split = traits.subgames > MANY and not path
    key, other = ("logit-by-subgame", "logit") if split else ("logit", "logit-by-subgame")
    wanted = "the path is asked for" if path else "a logit equilibrium is asked for"
    why = wanted if reasons is None else "nothing else applies"
    folds = f"the one path of the whole tree would have the folds of {traits.subgames:,} subgames"
    whole = "one path serves for the whole tree, and its branch is the one known as principal"
    exact = "for players that do not err, so there is no λ in it"
    rest = tuple((m, exact if reasons is None else reasons[m.key]) for m in METHODS if m.key not in LOGIT)
    return Choice(method=BY_KEY[key], why=f"{why}; {folds}" if split else why, fallback=not path,
                  others=(*rest, (BY_KEY[other], "it would go through all of these" if split else whole)))  # fmt: skip


def _asked(traits: Traits, method: str, precision: float | None, path: bool) -> Choice:
    if method not in BY_KEY:
        raise _refused(f"there is no method `{method}`", f"the methods are {listing([m.key for m in METHODS])}")
    chosen = BY_KEY[method]
    if lacking := chosen.lacks(traits):
        code = "X414" if method == "backward" else "X411" if traits.players != 2 else "X412"
        raise ScenarioError([complete(Diagnostic(
            code=code, message=f"`{method}` does not apply: {lacking}",
            fix="leave `method` out, and one is chosen and the reason said",
        ))])  # fmt: skip
    if precision is not None and method not in LOGIT:
        raise _refused(f"`{method}` knows no λ", "leave the λ out, or take the method `logit`")
    if path and method != "logit":
        raise _refused(f"`{method}` follows no path of the whole game", "take the method `logit`")
    return Choice(method=chosen, why="asked for", others=())


def _refused(message: str, fix: str) -> ScenarioError:
    return ScenarioError([complete(Diagnostic(code="X415", message=message, fix=fix))])
