"""The textbook shelf against closed forms and published values.

Tables are copied from the project's table of verified targets; the source of each stands above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import winset.library
from winset.certify.certificate import certify
from winset.game.compile import compile_game
from winset.game.solution import FAILED, TRACED
from winset.language import reading
from winset.language.scenario import Scenario
from winset.solve.backward import solve
from winset.study.answer import ask
from winset.study.claims import judge
from winset.study.formulas import Asker
from winset.study.solved import Study
from winset.testing import recipes, targets

SHELF = Path(next(iter(winset.library.__path__))) / "textbook"
NAMES = sorted(p.stem for p in SHELF.glob("*.yaml"))


def scenario(name: str) -> Scenario:
    """A scenario of the shelf."""
    return reading.read(SHELF / f"{name}.yaml")


def number(name: str, formula: str, *, grid: int | None = None, **values: float) -> float:
    """The value of a formula at other parameter values."""
    got = ask(scenario(name), formula, values=values, grid=grid, grid_check=False, certificate=False, cache=False).value
    assert got is not None
    return float(got)


def test_shelf_is_complete() -> None:
    """The models that stand for the language's parts, and every one that answers the canon."""
    assert set(NAMES) >= {
        "alternating-offers", "beer-quiche", "centipede", "chain-store", "fearon-ultimatum", "matching-pennies",
        "misperceived-ultimatum", "prisoners-dilemma", "rubinstein", "shifting-power", "spence", "treaty",
    }  # fmt: skip
    assert set(NAMES) >= {recipe.scenario.removeprefix("textbook/") for recipe in recipes().values()}


# Claims that are true in one equilibrium and false in another that is offered beside it.
SEVERAL = {
    "treaty": {"selection"},
    "cheap-talk": {"babbling", "told"},
    "trust": {"enough"},
    "reassurance": {"separates"},
}


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_holds(name: str) -> None:
    read = scenario(name)
    assert read.sources, "a shelf scenario cites its source"
    assert all(claim.holds_if and claim.source for claim in read.claims)
    asker = Asker(Study(scenario=read), grid_check=False)
    verdicts = {claim.name: judge(asker, claim) for claim in read.claims}
    open_ = {n for n, v in verdicts.items() if "depends on which of" in v["why"] and v["verdict"] == "undecided"}
    assert open_ == SEVERAL.get(name, set())
    assert {
        n: (v["verdict"], v["why"]) for n, v in verdicts.items() if v["verdict"] != "holds" and n not in open_
    } == {}


def canon(model: str, wanted: Sequence[str], **given: float) -> list[tuple[dict[str, float], tuple[float, ...]]]:
    """Parameters and values of these quantities, from the canon's targets, where parameters are as given."""
    out: dict[str, tuple[dict[str, float], dict[str, float]]] = {}
    for target in targets():
        if target.model == model and all(target.parameters[name] == value for name, value in given.items()):
            _, values = out.setdefault(target.case, (dict(target.parameters), {}))
            values[target.quantity] = target.value
    return [(case, tuple(values[q] for q in wanted)) for case, values in out.values() if set(wanted) <= set(values)]


# The solver on the grid of beliefs against the same targets that the exact tree is held to in `test_canon.py`.
PENNIES = [
    (case["x"], case["lambda"], *values)
    for case, values in canon("08A_asymmetric_matching_pennies", ["P(U | row)", "P(L | col)"])
]


@pytest.mark.parametrize(("bonus", "precision", "up", "left"), PENNIES)
def test_matching_pennies(bonus: float, precision: float, up: float, left: float) -> None:
    values = {"bonus": bonus, "lambda": precision}
    assert number("matching-pennies", "strategy(row plays up)", **values) == pytest.approx(up, abs=1e-7)
    assert number("matching-pennies", "strategy(column plays left)", **values) == pytest.approx(left, abs=1e-7)


CENTIPEDE = [
    (case["lambda"], values)
    for case, values in canon("08B_centipede", [f"P(take) at move {k}" for k in range(1, 5)], moves=4)
]


@pytest.mark.parametrize(("precision", "takes"), CENTIPEDE)
def test_centipede(precision: float, takes: tuple[float, ...]) -> None:
    passed: list[str] = []
    for move, take in enumerate(takes):
        player = ("one", "two")[move % 2]
        after = f" after ({', '.join(passed)})" if passed else ""
        got = number("centipede", f"strategy({player} plays take){after}", **{"lambda": precision})
        assert got == pytest.approx(take, abs=1e-7)
        passed.append(f"{player} plays pass")


BEER_QUICHE = [
    (case["lambda"], *values)
    for case, values in canon(
        "08E_beer_quiche", ["P(B | SS)", "P(B | SW)", "P(duel | RB)", "P(duel | RQ)"], prob_strong=0.9
    )
    if case["lambda"] <= 2.0
]


@pytest.mark.parametrize(("precision", "strong", "weak", "beer", "quiche"), BEER_QUICHE)
def test_beer_quiche_with_errors(precision: float, strong: float, weak: float, beer: float, quiche: float) -> None:
    for formula, expected in [
        ("strategy(stranger plays beer if strong)", strong),
        ("strategy(stranger plays beer if weak)", weak),
        ("strategy(bully plays duel) after (stranger plays beer)", beer),
        ("strategy(bully plays duel) after (stranger plays quiche)", quiche),
    ]:
        got = number("beer-quiche", formula, grid=201, **{"lambda": precision})
        assert got == pytest.approx(expected, abs=1e-5), formula


# Fearon 1995: p, cA, cB low, cB high, P(low), demand, P(war).
FEARON = [
    (0.5, 0.1, 0.05, 0.25, 0.2, 0.75, 0.2),
    (0.5, 0.1, 0.05, 0.25, 0.7, 0.55, 0.0),
    (0.6, 0.2, 0.1, 0.3, 0.3, 0.9, 0.3),
    (0.6, 0.2, 0.1, 0.3, 0.5, 0.7, 0.0),
]


@pytest.mark.parametrize(("p", "cost", "low", "high", "resolute", "demand", "war"), FEARON)
def test_fearon(p: float, cost: float, low: float, high: float, resolute: float, demand: float, war: float) -> None:
    values = {"p": p, "cost_a": cost, "low": low, "high": high, "resolute": resolute}
    assert number("fearon-ultimatum", "P(b plays fight)", **values) == pytest.approx(war, abs=1e-3)
    asked = f"strategy(a plays ask(share > {demand - 0.01} and share < {demand}))"
    assert number("fearon-ultimatum", asked, **values) == pytest.approx(1.0, abs=1e-3)


def test_fearon_threshold() -> None:
    """The risk is taken below (high - low) / (high + cA) = 0.5714, shifted to 0.5747 by demands 0.002 lower."""
    found = [number("fearon-ultimatum", "P(b plays fight)", resolute=q) for q in (0.50, 0.57, 0.58, 0.65)]
    assert found == pytest.approx([0.50, 0.57, 0.0, 0.0], abs=1e-3)


# Fearon 1995, pp. 404-408: d, p1, p2, cA, cB, war in period 1, threshold p2. With p2 + (1 - d) cB on the grid of
# demands; elsewhere gridded demands wander between sweeps.
SHIFT = [
    (0.9, 0.3, 0.6, 0.5, 0.5, 1.0, 0.33888888888888885),
    (0.9, 0.3, 0.35, 0.5, 2.0, 0.0, 0.3555555555555555),
    (0.8, 0.4, 0.59, 0.3, 0.3, 1.0, 0.515),
    (0.8, 0.4, 0.49, 0.3, 0.3, 0.0, 0.515),
]


@pytest.mark.parametrize(("d", "p1", "p2", "cost_a", "cost_b", "war", "threshold"), SHIFT)
def test_shifting_power(
    d: float, p1: float, p2: float, cost_a: float, cost_b: float, war: float, threshold: float
) -> None:
    values = {"d": d, "p1": p1, "p2": p2, "cost_a": cost_a, "cost_b": cost_b}
    assert number("shifting-power", "P(b plays fight at 1)", **values) == pytest.approx(war, abs=1e-3)
    assert (p2 > threshold) == (war == 1.0)


# Rubinstein 1982 with a common discount factor: d, share of the proposer.
RUBINSTEIN = [(0.5, 2 / 3), (0.6, 0.625), (0.7, 1 / 1.7)]


@pytest.mark.parametrize(("d", "share"), RUBINSTEIN)
def test_rubinstein(d: float, share: float) -> None:
    assert number("rubinstein", "value(one)", d1=d, d2=d) == pytest.approx(share, abs=0.04)


# Trigger with random punishment length: r, t, p, e, rho, critical discount factor.
TREATY = [(3.0, 4.0, 1.0, 0.0, 0.25, 4 / 11), (2.0, 5.0, 0.0, 0.05, 0.1, 0.6741573033707866)]


@pytest.mark.parametrize(("r", "t", "p", "e", "rho", "critical"), TREATY)
def test_treaty_threshold(r: float, t: float, p: float, e: float, rho: float, critical: float) -> None:
    values = {"reward": r, "temptation": t, "punishment": p, "accident": e, "return": rho}
    kept = [
        number("treaty", "strategy(one plays keep_one) in two_keeps", d=critical + x, **values) for x in (-0.03, 0.03)
    ]
    assert kept[0] < 0.05
    assert kept[1] > 0.95


def test_rate_of_error_in_precision() -> None:
    """The distance to Nash in matching pennies is ln(bonus) / (2 λ) to first order: it halves when λ doubles."""
    errors = [abs(number("matching-pennies", "strategy(row plays up)", **{"lambda": x}) - 0.5) for x in (50, 100, 200)]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.05)


def test_belief_grid_converges() -> None:
    """With errors at precision 2 the belief grid's error in beer-quiche shrinks as the grid is refined."""
    errors = []
    for grid in (5, 11, 41, 161):
        got = number("beer-quiche", "strategy(stranger plays beer if weak)", grid=grid, **{"lambda": 2.0})
        errors.append(abs(got - 0.6100350282406038))
    assert errors[-1] < 1e-5
    assert errors[-1] < 0.1 * errors[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_solved(name: str) -> None:
    found = certify(solve(compile_game(scenario(name))))
    assert found.missed == 0, found.lines()
    assert found.failures == ()


@pytest.mark.parametrize("grid", [4, 6])
def test_steps_between_nodes_are_seen(grid: int) -> None:
    """With a reply that jumps between two nodes every slope at the nodes is zero; the belief matters all the same."""
    text = (SHELF / "beer-quiche.yaml").read_text(encoding="utf-8").split("variants:")[0]
    types = "{strong: strong_share, middling: (1 - strong_share) / 2, weak: (1 - strong_share) / 2}"
    text = text.replace("{strong: strong_share, weak: 1 - strong_share}, precision: lambda", f"{types}, precision: 100")
    # a duel is right unless the stranger is strong: one threshold, at even odds, where an even grid has no node
    text = text.replace("{bully: if stranger is weak then 1 else 0}", "{bully: if stranger is strong then 0 else 1}")
    text = text.replace("bully: {precision: lambda}", "bully: {precision: 100000}").replace(
        "grid: 801", f"grid: {grid}"
    )
    solution = solve(compile_game(reading.read_text(text)))
    assert solution.facts["how"][TRACED] > 0
    assert certify(solution).missed == solution.facts["how"][FAILED]
