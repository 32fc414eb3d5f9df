"""The textbook shelf against closed forms and published values.

Tables are copied from the project's table of verified targets; the source of each stands above it.
"""

from __future__ import annotations

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
from winset.testing import recipes

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
SEVERAL = {"treaty": {"selection"}, "trust": {"enough"}, "reassurance": {"separates"}}


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


# McKelvey and Palfrey 1995, game after Ochs 1995: bonus, precision, P(up), P(left); own Newton, agrees with pygambit.
PENNIES = [
    (9, 0.5, 0.8306705913418175, 0.41807746690621367),
    (9, 1.0, 0.8935763305539739, 0.3127803750295332),
    (9, 2.0, 0.8607543943410344, 0.19107849431747428),
    (9, 5.0, 0.7019842367983301, 0.11713529134628284),
    (9, 20.0, 0.5546273872631114, 0.10109692625090262),
    (4, 0.5, 0.6574194665433853, 0.4607262031851881),
    (4, 20.0, 0.534442308211135, 0.20137987764508025),
]


@pytest.mark.parametrize(("bonus", "precision", "up", "left"), PENNIES)
def test_matching_pennies(bonus: float, precision: float, up: float, left: float) -> None:
    values = {"bonus": bonus, "lambda": precision}
    assert number("matching-pennies", "strategy(row plays up)", **values) == pytest.approx(up, abs=1e-7)
    assert number("matching-pennies", "strategy(column plays left)", **values) == pytest.approx(left, abs=1e-7)


# McKelvey and Palfrey 1992, 1998, four moves: precision, P(take) at moves 1 to 4; backward logit recursion.
CENTIPEDE = [
    (0.25, (0.43481577506882985, 0.44571172433398193, 0.41051488614007625, 0.598687660112452)),
    (0.5, (0.3735942278442422, 0.37557253005459956, 0.38507280631094915, 0.6899744811276125)),
    (1.0, (0.29625657492731744, 0.2779802855735908, 0.46488364935626575, 0.8320183851339245)),
    (3.0, (0.2712254279642093, 0.6015752371331293, 0.9057548061495072, 0.9918374288468401)),
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


# Cho and Kreps 1987 payoffs, nine in ten strong, agent logit as in McKelvey and Palfrey 1998:
# precision, P(beer | strong), P(beer | weak), P(duel | beer), P(duel | quiche).
BEER_QUICHE = [
    (1.0, 0.7650184869126557, 0.3058471223915866, 0.28599078142172546, 0.37618735947031445),
    (2.0, 0.9884272226938912, 0.6100350282406038, 0.1488940009334016, 0.7607588658772775),
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
