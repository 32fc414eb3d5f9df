"""An ultimatum by a side with a wrong prior, against closed forms and plain loops over demands, answers and types.

The loops know nothing of winset: logit choices, and for two rounds the fixed point in the belief after a refusal,
which is looked for on a fine line and has to be the only one there.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import pytest

from winset.language.formula import parse_formula
from winset.language.reading import read_text
from winset.study.formulas import Asker
from winset.study.solved import Study

P, COST, LOW, HIGH = 0.5, 0.1, 0.05, 0.25
DEMANDS = [0.05 + 0.1 * i for i in range(10)]
KINDS = ("low_cost", "high_cost")

ONCE = """
winset: 1
scenario: an ultimatum with errors that matter
clock: {rounds: 1}
players:
  a: {precision: LAMBDA}
  b: {types: {low_cost: 0.6, high_cost: 0.4}, precision: LAMBDA}
state:
  demand: {range: [0.05, 0.95], by: 0.1, start: 0.05}
round:
  - {move: demanding, by: a, actions: {ask: {for: {share: 0.05 to 0.95 by 0.1}, then: {demand: share}}}}
  - move: answer
    by: b
    actions:
      accept: {pays: {a: demand, b: 1 - demand}}
      fight: {pays: {a: 0.4, b: 0.5 - (if b is low_cost then 0.05 else 0.25)}}
variants:
  thought: {prior: {b: {low_cost: 0.1, high_cost: 0.9}}}
  naive: {perceives: {a: thought}}
  known: {perceives: {a: thought}, aware: [b]}
"""

TWICE = """
winset: 1
scenario: two demands
clock: {rounds: 2}
solution: {precision: 40, grid: GRID}
parameters: {high: 0.25}
players:
  a: {discount: 0.8}
  b: {types: {low_cost: 0.6, high_cost: 0.4}, discount: 0.8}
state:
  demand: {range: [0.5, 0.7], by: 0.2, start: 0.5}
  settled: {start: false}
round:
  - {move: demanding, by: a, actions: {ask: {for: {share: [0.5, 0.7]}, then: {demand: share}}}}
  - move: answer
    by: b
    actions:
      accept: {pays: {a: demand, b: 1 - demand}, then: {settled: true}}
      refuse:
        pays:
          a: if now = rounds then 0.4 else 0
          b: if now = rounds then 0.5 - (if b is low_cost then 0.05 else high) else 0
        then: {demand: 0.5}
ends when: settled
variants:
  soft: {prior: {b: {low_cost: 0.1, high_cost: 0.9}}}
  frail: {prior: {b: {low_cost: 0.4, high_cost: 0.6}}, parameters: {high: 0.45}}
  naive_soft: {perceives: {a: soft}}
  known_soft: {perceives: {a: soft}, aware: [b]}
  naive_frail: {perceives: {a: frail}}
  known_frail: {perceives: {a: frail}, aware: [b]}
"""


def logit(payoffs: list[float], precision: float) -> list[float]:
    """Logit choice."""
    top = max(payoffs)
    raw = [math.exp(precision * (q - top)) for q in payoffs]
    return [r / sum(raw) for r in raw]


@cache
def asker(text: str) -> Asker:
    return Asker(Study(scenario=read_text(text)), grid_check=False)


def value(text: str, formula: str) -> float:
    return asker(text).ask(parse_formula(formula)).as_quantity().value


@pytest.mark.parametrize("precision", [3, 20, 200])
def test_one_demand_at_any_precision(precision: int) -> None:
    text = ONCE.replace("LAMBDA", str(precision))
    true, thought = (0.6, 0.4), (0.1, 0.9)
    war = [0.5 - LOW, 0.5 - HIGH]
    fights = [[logit([1 - x, w], precision)[1] for w in war] for x in DEMANDS]
    expects = [sum(q * ((1 - f) * x + f * 0.4) for q, f in zip(thought, row, strict=True))
               for x, row in zip(DEMANDS, fights, strict=True)]  # fmt: skip
    plays = logit(expects, precision)
    rows = list(zip(plays, DEMANDS, fights, strict=True))
    to_a = sum(g * q * ((1 - f) * x + f * 0.4) for g, x, row in rows for q, f in zip(true, row, strict=True))
    to_b = sum(
        g * q * ((1 - f) * (1 - x) + f * w) for g, x, row in rows for q, f, w in zip(true, row, war, strict=True)
    )
    fought = sum(g * q * f for g, _, row in rows for q, f in zip(true, row, strict=True))
    for variant in ("naive", "known"):
        assert value(text, f"value(a) in {variant}") == pytest.approx(to_a, abs=1e-9)
        assert value(text, f"value(b) in {variant}") == pytest.approx(to_b, abs=1e-9)
        assert value(text, f"P(b plays fight) in {variant}") == pytest.approx(fought, abs=1e-9)
    assert value(text, "value(a) in thought") == pytest.approx(
        sum(g * e for g, e in zip(plays, expects, strict=True)), abs=1e-9
    )
    # a decides once: beyond what errors at this precision cost, it cannot gain by its wrong prior
    assert to_a < value(text, "value(a)") + math.log(len(DEMANDS)) / precision
    if precision == 200:
        assert to_a < value(text, "value(a)") - 0.003


@pytest.mark.parametrize("variant", ["naive", "known"])
def test_the_cost_of_overconfidence_in_closed_form(variant: str) -> None:
    text = ONCE.replace("LAMBDA", "4000").replace("0.05 to 0.95 by 0.1", "[0.549, 0.749]").replace(
        "range: [0.05, 0.95], by: 0.1, start: 0.05", "range: [0.549, 0.749], by: 0.2, start: 0.549"
    )  # fmt: skip
    q, off = 0.6, 0.001
    risky = (1 - q) * (P + HIGH - off) + q * (P - COST)
    assert value(text, f"value(a) - value(a) in {variant}") == pytest.approx(P + LOW - off - risky, abs=2e-3)
    assert value(text, f"value(b) - value(b) in {variant}") == pytest.approx((1 - q) * (HIGH - LOW) + q * off, abs=2e-3)
    assert value(text, f"P(b plays fight) in {variant}") == pytest.approx(q, abs=2e-2)
    assert value(text, "P(b plays fight)") < 0.02


class Twice:
    """The game of two demands in plain loops, at one prior and one cost of war to the weak."""

    demands = (0.5, 0.7)
    discount, precision, war_a = 0.8, 40.0, 0.4

    def __init__(self, prior: float, high: float) -> None:
        self.prior, self.war = prior, (0.45, 0.5 - high)

    def last_answer(self, kind: int, x: float) -> float:
        """Probability that the last demand is refused."""
        return logit([1 - x, self.war[kind]], self.precision)[1]

    def last_demand(self, q: float) -> list[float]:
        """What is demanded at last, at a belief in the resolute type."""
        payoffs = []
        for x in self.demands:
            refuse = [self.last_answer(kind, x) for kind in (0, 1)]
            payoffs.append(sum(w * ((1 - r) * x + r * self.war_a) for w, r in zip((q, 1 - q), refuse, strict=True)))
        return logit(payoffs, self.precision)

    def ahead(self, kind: int, demand: list[float]) -> float:
        """What b gets in the last round."""
        return sum(
            g * ((1 - self.last_answer(kind, x)) * (1 - x) + self.last_answer(kind, x) * self.war[kind])
            for g, x in zip(demand, self.demands, strict=True)
        )

    def refusals(self, x: float, demand: list[float]) -> list[float]:
        """Probability that the first demand is refused, if this is what comes next."""
        return [logit([1 - x, self.discount * self.ahead(kind, demand)], self.precision)[1] for kind in (0, 1)]

    def after(self, x: float) -> float:
        """The belief after a refused first demand: the only fixed point there is."""

        def off(q: float) -> float:
            low, high = self.refusals(x, self.last_demand(q))
            return self.prior * low / (self.prior * low + (1 - self.prior) * high) - q

        line = [i / 2000 for i in range(2001)]
        cross = [(a, b) for a, b in pairwise(line) if (off(a) > 0) != (off(b) > 0)]
        assert len(cross) == 1
        a, b = cross[0]
        for _ in range(60):
            middle = (a + b) / 2
            a, b = (middle, b) if off(middle) > 0 else (a, middle)
        return (a + b) / 2

    def first_demand(self) -> list[float]:
        """What is demanded at first."""
        payoffs = []
        for x in self.demands:
            demand = self.last_demand(self.after(x))
            payoffs.append(sum(w * self.gets_a(k, x, self.refusals(x, demand)[k], demand) for k, w in self.weights()))
        return logit(payoffs, self.precision)

    def weights(self) -> list[tuple[int, float]]:
        return [(0, self.prior), (1, 1 - self.prior)]

    def gets_a(self, kind: int, x: float, refuse: float, demand: list[float]) -> float:
        """What a gets of a type that refuses the first demand with this probability."""
        last = sum(
            g * ((1 - self.last_answer(kind, y)) * y + self.last_answer(kind, y) * self.war_a)
            for g, y in zip(demand, self.demands, strict=True)
        )
        return (1 - refuse) * x + refuse * self.discount * last

    def played(self, view: Twice, *, aware: bool) -> dict[str, float]:
        """This game, in which a plays as in `view` and b as here, or knowing of the error."""
        out = dict.fromkeys(("a", "b", *KINDS, "war"), 0.0)
        for g, x in zip(view.first_demand(), self.demands, strict=True):
            comes = view.last_demand(view.after(x))
            expected = comes if aware else self.last_demand(self.after(x))
            for kind, weight in self.weights():
                refuse = self.refusals(x, expected)[kind]
                to_b = (1 - refuse) * (1 - x) + refuse * self.discount * self.ahead(kind, comes)
                out[KINDS[kind]] += g * to_b
                out["b"] += g * weight * to_b
                out["a"] += g * weight * self.gets_a(kind, x, refuse, comes)
                fought = sum(h * self.last_answer(kind, y) for h, y in zip(comes, self.demands, strict=True))
                out["war"] += g * weight * refuse * fought
        return out


VIEWS = {"soft": (0.1, 0.25), "frail": (0.4, 0.45)}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("aware", [False, True])
def test_two_demands(view: str, aware: bool) -> None:
    text, true = TWICE.replace("GRID", "81"), Twice(0.6, 0.25)
    want = true.played(Twice(*VIEWS[view]), aware=aware)
    variant = f"{'known' if aware else 'naive'}_{view}"
    for player in ("a", "b"):
        assert value(text, f"value({player}) in {variant}") == pytest.approx(want[player], abs=1e-4)
    for kind in KINDS:
        assert value(text, f"value(b is {kind}) in {variant}") == pytest.approx(want[kind], abs=1e-4)
    fought = "P(b plays refuse at 2)"
    assert value(text, f"{fought} in {variant}") == pytest.approx(want["war"], abs=1e-4)
    base = true.played(true, aware=False)
    assert value(text, "value(b)") == pytest.approx(base["b"], abs=1e-4)
    assert abs(want["a"] - base["a"]) > 0.005  # the error matters


@pytest.mark.parametrize("view", VIEWS)
def test_the_informed_side_exploits_the_error(view: str) -> None:
    text, true, thought = TWICE.replace("GRID", "81"), Twice(0.6, 0.25), Twice(*VIEWS[view])
    naive, known = (true.played(thought, aware=a) for a in (False, True))
    assert known["b"] > naive["b"] + {"soft": 5e-3, "frail": 5e-4}[view]
    gain = value(text, f"value(b) in known_{view} - value(b) in naive_{view}")
    assert gain == pytest.approx(known["b"] - naive["b"], abs=1e-4)
