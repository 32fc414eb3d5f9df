"""The gallery's figures of the models with private types: circles are solved, lines are the closed form."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from winset.testing.canon._tools import observed_order
from winset.testing.canon._types import at_zero, limits
from winset.testing.canon.screening import first_period, ratified
from winset.testing.canon.shadow_of_war import ends_of_peace, separating, status_quo_at, two_types_at, uniform_costs
from winset.testing.canon.signalling import (
    beer_in_the_limit,
    bluffed,
    chance_of,
    finest,
    judged_at,
    schultz_opposition,
    spence,
)
from winset.testing.plot import Curve, Figure
from winset.testing.registry import gallery

FINE = (0.0125, 0.00625)
"""Steps between offers of the figures; the points are extrapolated from the two."""


def _line(low: float, high: float, points: int = 121) -> list[float]:
    return [float(x) for x in np.linspace(low, high, points)]


def _curve(
    name: str, xs: Sequence[float], solved: Callable[[float], float], line: Sequence[float] = (),
    exact: Callable[[float], float] | None = None,
) -> Curve:  # fmt: skip
    theory = [] if exact is None else [exact(x) for x in line]
    return Curve(name=name, x=xs, y=[solved(x) for x in xs], exact_x=line if theory else (), exact_y=theory)


def _broken(x: float, at: float, below: float, above: float) -> float:
    """A line that jumps: below, a gap, above."""
    return math.nan if abs(x - at) < 1e-9 else below if x < at else above


@gallery(
    "textbook/fearon-ultimatum",
    models=("02A_two_types",),
    closed_form="""
A takes the risk while the resolute are fewer than q\\* = (high - low) / (high + cA). It then asks p + high, war comes
with probability q, and A gets (1 - q)(p + high) + q (p - cA); otherwise it asks p + low and there is peace.
""",
)
def fearon() -> Figure:
    """War against the share of the resolute."""
    turn, shares = 0.2 / 0.35, [0.05 * k for k in range(1, 20)]
    values = {"p": 0.5, "cost_a": 0.1, "low": 0.05, "high": 0.25}

    def solved(q: float) -> tuple[float, float]:
        judged, profile, found = two_types_at("fearon-ultimatum", "resolute", q, 1e-6, **values)
        return judged.probability(profile, "fight"), float(found.payoffs[0])

    points, line = [solved(q) for q in shares], sorted([*_line(0.0, 1.0), turn])
    war = [_broken(q, turn, q, 0.0) for q in line]
    worth = [max((1 - q) * 0.75 + q * 0.4, 0.55) for q in line]
    return Figure(
        x_label="share of the resolute, q", y_label="probability of war; A's payoff",
        curves=(
            Curve(name="P(war)", x=shares, y=[w for w, _ in points], exact_x=line, exact_y=war),
            Curve(name="A's payoff", x=shares, y=[v for _, v in points], exact_x=line, exact_y=worth),
        ),
        caption="The more of the others are resolute the likelier is war, until the risk is no longer worth it.",
    )  # fmt: skip


@gallery(
    "textbook/uncertain-costs",
    models=("02B_uniform_cost", "02C_n_types"),
    closed_form="""
With B's costs uniform on [lo, hi], A asks p + k with k = (hi - cA) / 2, but not less than lo nor more than 1 - p. War
comes with probability (k - lo) / (hi - lo).
""",
)
def uncertain_costs() -> Figure:
    """War and the demand against what war costs A."""
    costs, line = [0.05 * k for k in range(10)], _line(0.0, 0.45)

    def solved(cost: float) -> list[float]:
        given = {"p": 0.5, "least": 0.0, "greatest": 0.4, "cost_a": cost}
        rows = [uniform_costs(round(0.2 / step), step, **given) for step in FINE]
        return [at_zero(FINE, column) for column in np.array(rows).T]

    points = [solved(cost) for cost in costs]
    given = {"p": 0.5, "least": 0.0, "greatest": 0.4, "cost_a": 0.1}
    order = limits(lambda step: uniform_costs(round(0.2 / step), step, **given))[0].order
    over = [max(0.0, (0.4 - c) / 2) for c in line]
    return Figure(
        x_label="what war costs A", y_label="probability; share",
        curves=(
            Curve(name="P(war)", x=costs, y=[p[1] for p in points], exact_x=line, exact_y=[k / 0.4 for k in over]),
            Curve(name="A's demand", x=costs, y=[p[0] for p in points], exact_x=line, exact_y=[0.5 + k for k in over]),
        ),
        caption="Whom war costs more asks for less, and is fought less. B's costs lie anywhere between 0 and 0.4. As "
        f"their cells shrink A's demand converges with order {order:.2f}.",
    )  # fmt: skip


@gallery(
    "textbook/private-strength",
    models=("02D_private_strength",),
    closed_form="""
A takes the risk while q < (pW - pS) / (pW - pS + cA + cB), and then asks pW + cB; otherwise pS + cB. In the game with
private costs B's own costs do not enter the threshold like this: there, who refuses is no stronger.
""",
)
def private_strength() -> Figure:
    """War against the share of the strong, at two costs of B."""
    shares, line = [0.05 * k for k in range(1, 20)], _line(0.0, 1.0, 241)

    def curve(cost: float) -> Curve:
        turn = 0.2 / (0.3 + cost)
        values = {"wins_strong": 0.4, "wins_weak": 0.6, "cost_a": 0.1, "cost_b": cost}

        def solved(q: float) -> float:
            judged, profile, _ = two_types_at("private-strength", "strong_share", q, 1e-6, **values)
            return judged.probability(profile, "fight")

        apart = [q for q in shares if abs(q - turn) > 1e-6]
        return _curve(
            f"cB = {cost:g}", apart, solved, sorted([*line, turn]), lambda q: _broken(q, turn, q, 0.0)
        )  # fmt: skip

    return Figure(
        x_label="share of the strong, q", y_label="probability of war", curves=(curve(0.1), curve(0.3)),
        caption="With private strength B's costs matter too: where war costs B 0.3, A stops taking the risk earlier.",
    )  # fmt: skip


@gallery(
    "textbook/informed-proposer",
    models=("02E_informed_proposer",),
    closed_form="""
With A's chances filling [lo, hi], type p asks p + cB and is refused with probability 1 - exp(-(p - lo) / (cA + cB)),
whatever the prior. With types a step d apart, each is refused with 1 - (1 - r) (cA + cB) / (cA + cB + d), where the
type below it is refused with r.
""",
)
def informed_proposer() -> Figure:
    """War against A's strength, with few and with many types."""
    line = _line(0.3, 0.6)

    def curve(types: int, exact: bool) -> Curve:
        strengths = [0.3 + 0.3 * i / (types - 1) for i in range(types)]
        theory = [1 - math.exp(-(p - 0.3) / 0.2) for p in line]
        return Curve(
            name=f"{types} types" + (", and the line for all of them" if exact else ""), x=strengths,
            y=separating(types, 0.3, 0.6, 0.1, 0.1), exact_x=line if exact else (), exact_y=theory if exact else (),
        )  # fmt: skip

    order = observed_order([separating(parts + 1, 0.3, 0.6, 0.1, 0.1)[-1] for parts in (16, 32, 64)])
    return Figure(
        x_label="A's chance of winning",
        y_label="probability of war",
        curves=(curve(33, True), curve(5, False)),
        caption="The stronger A is the more often it has to fight to be believed. The profiles were certified; as the "
        f"types grow in number the refusal of the strongest converges with order {order:.2f}.",
    )


@gallery(
    "textbook/first-strike",
    models=("02G_first_strike",),
    closed_form="""
A split x holds where p + f - cA <= x <= p - f + cB. There is one only if 2 f <= cA + cB, and the range is
cA + cB - 2 f wide.
""",
)
def first_strike() -> Figure:
    """The ends of the range of peaceful splits against the advantage of striking first."""
    advantages, line = [0.01 * k for k in range(16)], _line(0.0, 0.15)
    ends = [ends_of_peace({"p": 0.5, "first": f, "cost_a": 0.1, "cost_b": 0.1}) for f in advantages]
    least, most = [0.4 + f for f in line], [0.6 - f for f in line]
    return Figure(
        x_label="advantage of striking first, f", y_label="A's share",
        curves=(
            Curve(name="most that B bears", x=advantages, y=[e[1] for e in ends], exact_x=line, exact_y=most),
            Curve(name="least that A bears", x=advantages, y=[e[0] for e in ends], exact_x=line, exact_y=least),
        ),
        caption="Splits between the lines are safe from both. Beyond f = 0.1 the lines have crossed: none is left.",
    )  # fmt: skip


@gallery(
    "textbook/status-quo",
    models=("02H_powell_status_quo",),
    closed_form="""
The offer is max(q, p - (c - c1) / 2), and war comes with probability max(0, p - offer) / c: 0 where the benefits match
the power, rising with the mismatch, then flat.
""",
)
def status_quo() -> Figure:
    """War and the offer against the status quo."""
    shares, line = [0.05 * k for k in range(19)], _line(0.0, 0.9)

    def solved(q: float) -> list[float]:
        given = {"p": 0.6, "cost_1": 0.1, "greatest": 0.4, "status_quo": q}
        return [at_zero(FINE, column) for column in np.array([status_quo_at(step, **given) for step in FINE]).T]

    points, offer = [solved(q) for q in shares], [max(q, 0.45) for q in line]
    war = [max(0.0, 0.6 - x) / 0.4 for x in offer]
    return Figure(
        x_label="share of the dissatisfied state, q", y_label="probability; share",
        curves=(
            Curve(name="P(war)", x=shares, y=[p[1] for p in points], exact_x=line, exact_y=war),
            Curve(name="offer", x=shares, y=[p[0] for p in points], exact_x=line, exact_y=offer),
        ),
        caption="The dissatisfied state wins with probability 0.6. Near that share there is peace; far below it the "
        "satisfied state gives way, and war is no likelier for a larger mismatch.",
    )  # fmt: skip


def _coase(periods: int, d: float) -> tuple[float, float]:
    """First price and probability of no agreement, by the recursion of Sobel and Takahashi."""
    price, left = 0.0, 1.0
    for n in range(periods):
        g = 1.0 if n == 0 else 1 - d + d * price
        cut = g / (2 * g - d * price)
        price, left = g * cut, left * cut
    return price, left


@gallery(
    "textbook/screening",
    models=("04B_uniform_T_periods",),
    closed_form="""
With n periods left and values below b remaining, the price is a(n) b, those above k(n) b buy, and the profit is
a(n) b^2 / 2, where a(0) = 0, g(1) = 1, g(n) = 1 - dB + dB a(n-1), k(n) = g(n) / (2 g(n) - dS a(n-1)) and
a(n) = g(n) k(n).
""",
)
def screening() -> Figure:
    """The first price and the probability of no agreement against the number of periods."""
    counts = [float(n) for n in range(1, 11)]
    prices = [first_period(int(n), 0.9, 0.9).price for n in counts]
    left = [float(np.prod([first_period(m, 0.9, 0.9).cut for m in range(1, int(n) + 1)])) for n in counts]
    theory = [_coase(int(n), 0.9) for n in counts]
    return Figure(
        x_label="periods", y_label="first price; probability",
        curves=(
            Curve(name="first price", x=counts, y=prices, exact_x=counts, exact_y=[p for p, _ in theory]),
            Curve(name="P(no agreement)", x=counts, y=left, exact_x=counts, exact_y=[q for _, q in theory]),
        ),
        caption="The more often the seller can come again the less it can ask at first: buyers wait. Both discount by "
        "0.9 a period.",
    )  # fmt: skip


@gallery(
    "textbook/uncertain-ratifier",
    models=("10B_uncertain_ratifier", "10B_optimal_strictness", "10B_finite_types"),
    closed_form="""
The offer is min(t + w, max(t, (1 + t) / 2)), and it passes with probability (offer - t) / w. The home side gets t + w
for t <= 1 - 2 w and (1 - t^2) / (4 w) beyond: it does best with t = 1 - 2 w, which is worth 1 - w.
""",
)
def uncertain_ratifier() -> Figure:
    """What the home side gets against strictness, at three widths."""

    def curve(width: float) -> Curve:
        top = 1 - 2 * width

        def solved(t: float) -> float:
            return at_zero(FINE, [ratified(t, width, step)[3] for step in FINE])

        return _curve(
            f"floor known within {width:g}", [0.05 * k for k in range(round((1 - width) / 0.05) + 1)], solved,
            sorted([*_line(0.0, 1 - width), max(top, 0.0)]),
            lambda t: t + width if t <= top else (1 - t * t) / (4 * width),
        )  # fmt: skip

    order = limits(lambda step: ratified(0.1, 0.5, step))[0].order
    return Figure(
        x_label="strictness of the ratifier, t",
        y_label="what the home side gets",
        curves=tuple(map(curve, (0.2, 0.3, 0.5))),
        caption="A strict ratifier helps as long as the other side can be sure what will pass; then it hurts. As the "
        f"cells of the floor shrink the offer converges with order {order:.2f}.",
    )


@gallery(
    "textbook/beer-quiche",
    models=("07A_beer_quiche",),
    closed_form="""
With more than half strong, both types pool, on beer or on quiche; each needs a duel with probability at least 1/2
after the other breakfast, and the intuitive criterion keeps beer. With fewer, p < 1/2, the strong drink beer and the
weak with probability p / (1 - p); beer is met by a duel half the time, quiche always.
""",
)
def breakfasts() -> Figure:
    """What the weak drink, and how beer is met, against the share of the strong."""
    shares = [0.05 * k for k in range(2, 19) if k != 10]
    points = [beer_in_the_limit(p) for p in shares]
    line = sorted([*_line(0.1, 0.9), 0.5])
    return Figure(
        x_label="share of the strong, p", y_label="probability",
        curves=(
            Curve(name="the weak drink beer", x=shares, y=[b for b, _ in points], exact_x=line,
                  exact_y=[min(1.0, p / (1 - p)) for p in line]),
            Curve(name="a duel after beer", x=shares, y=[d for _, d in points], exact_x=line,
                  exact_y=[_broken(p, 0.5, 0.5, 0.0) for p in line]),
        ),
        caption="Limits of the principal logit branch. As the strong become the majority the weak hide among them "
        "entirely, and nobody dares to duel.",
    )  # fmt: skip


@gallery(
    "textbook/spence",
    models=("07B_spence",),
    closed_form="""
The able separate at least cost with education low (high - low), which leaves them high - low (high - low) / high. Both
can pool on any education up to low (mean - low).
""",
)
def education() -> Figure:
    """Least separating and largest pooling education against the productivity of the able."""
    highs, line = [1.25 + 0.25 * k for k in range(8)], _line(1.0, 3.0)
    found = [spence({"theta_H": h, "theta_L": 1.0, "prob_H": 0.5}, ()) for h in highs]
    least, most = "least-cost separating education", "largest pooling education"
    return Figure(
        x_label="productivity of the able; the others' is 1", y_label="education",
        curves=(
            Curve(name=least, x=highs, y=[f[least] for f in found], exact_x=line, exact_y=[h - 1 for h in line]),
            Curve(name=most, x=highs, y=[f[most] for f in found], exact_x=line, exact_y=[(h - 1) / 2 for h in line]),
        ),
        caption="The more the able are worth the more of useless education it takes to be told apart. Half of all are "
        "able; the bounds are those at which the certificate begins to find a gain.",
    )  # fmt: skip


@gallery(
    "textbook/bluff",
    models=("07C_bluff", "07C_schultz_opposition"),
    closed_form="""
For q cR < v the irresolute bluff with probability q (cR - v) / ((1 - q) v), the rival resists with probability
1 / (1 + a), and P(war) = q / (1 + a). With an opposition that knows the type, supports the resolved and opposes the
others, nobody bluffs and P(war) = 0.
""",
)
def bluff() -> Figure:
    """War against the cost of backing down, with and without an opposition."""
    given = {"prob_H": 0.25, "war_value_H": 0.2, "rival_value": 1.0, "rival_war_cost": 2.0}
    costs, line = [0.25 * k for k in range(1, 13)], _line(0.25, 3.0)

    def alone(cost: float) -> float:
        values = {"resolved_share": 0.25, "war_value": 0.2, "stake": 1.0, "audience_cost": cost}
        judged, profile = bluffed((*values.items(), ("rival_war_cost", 2.0)))
        return 0.25 * chance_of(judged, profile, "rival", "", "resist")

    def watched(cost: float) -> float:
        return schultz_opposition({**given, "audience_cost": cost}, ())["P(war) with an informed opposition"]

    return Figure(
        x_label="cost of backing down, a", y_label="probability of war",
        curves=(
            _curve("no opposition", costs, alone, line, lambda a: 0.25 / (1 + a)),
            _curve("an opposition that knows", costs, watched, line, lambda a: 0.0),
        ),
        caption="The more a retreat costs the more a challenge is believed. An opposition that knows makes it sure.",
    )  # fmt: skip


@gallery(
    "textbook/cheap-talk",
    models=("07E_crawford_sobel",),
    closed_form="""
With states uniform on [0, 1] there is an equilibrium with N messages while 2 N (N - 1) b < 1, with the cut-offs
a(i) = i / N + 2 b i (i - N). The listener then loses 1 / (12 N^2) + b^2 (N^2 - 1) / 3, the adviser b^2 more.
""",
)
def cheap_talk() -> Figure:
    """Losses of the finest partition against the bias."""
    biases, line = [0.01 * k for k in range(1, 31)], _line(0.004, 0.3, 400)

    def exact(b: float) -> float:
        n = max(n for n in range(1, 40) if 2 * n * (n - 1) * b < 1)
        return 1 / (12 * n * n) + b * b * (n * n - 1) / 3

    cells = (1 / 2, 1 / 4, 1 / 8)
    order = limits(lambda step: judged_at(finest(0.1), 0.1, round(1 / step))[1:], cells)[0].order
    losses = [
        [at_zero(cells, column) for column in np.array([judged_at(finest(b), b, round(1 / c))[1:] for c in cells]).T]
        for b in biases
    ]
    return Figure(
        x_label="bias of the adviser, b", y_label="expected loss",
        curves=(
            Curve(name="listener", x=biases, y=[v[0] for v in losses], exact_x=line, exact_y=[exact(b) for b in line]),
            Curve(name="adviser", x=biases, y=[v[1] for v in losses], exact_x=line,
                  exact_y=[exact(b) + b * b for b in line]),
        ),
        caption="The more alike the two are the more can be told. Beyond a quarter nothing can, and the listener does "
        "as well as it can alone. The partitions were certified; as cells shrink the losses converge with order "
        f"{order:.2f}.",
    )  # fmt: skip
