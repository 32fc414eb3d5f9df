"""Pages of the gallery for alternating offers (01, 10A), shifting power (03), commitment (13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan

import numpy as np

from winset.testing.canon._slices import Slices
from winset.testing.canon._tools import Floats
from winset.testing.canon.alternating_offers import finite, kept_by_proposer, proposals
from winset.testing.canon.commitment import mandated, partial_commitment, shifted, slow_shift, war_chance
from winset.testing.plot import Curve, Figure
from winset.testing.registry import gallery

_ROUGH = 1e-5
"""Points of a figure need not be finer."""


Second = Callable[[float, float], float]
"""A value on the horizontal axis, and the one that names the curve, to a height."""


def _curves(label: str, seconds: Sequence[float], x: Floats, solved: Second, exact: Second) -> tuple[Curve, ...]:
    """One curve for each second value; `label` names it."""
    line = [float(v) for v in np.linspace(float(min(x)), float(max(x)), 201)]
    across = [float(v) for v in x]
    return tuple(
        Curve(
            name=f"{label} = {second:g}" if len(seconds) > 1 else "",
            x=across,
            y=[solved(v, second) for v in across],
            exact_x=line,
            exact_y=[exact(v, second) for v in line],
        )
        for second in seconds
    )


@gallery(
    "textbook/rubinstein",
    closed_form="""
P1 keeps x = (1 - d2) / (1 - d1 d2) when it proposes and gets d1 x when P2 does; either is accepted at once.
""",
    models=("01A_rubinstein_infinite",),
)
def rubinstein() -> Figure:
    """The first proposal against the proposer's patience."""
    curves = _curves(
        "d2",
        (0.5, 0.8, 0.95),
        np.linspace(0.1, 0.95, 8),
        lambda d1, d2: proposals("textbook/rubinstein", {"d1": d1, "d2": d2}, _ROUGH)[0],
        lambda d1, d2: (1 - d2) / (1 - d1 * d2),
    )
    return Figure(
        x_label="patience of the first proposer, d1", y_label="share of the first proposer", curves=curves,
        caption="Patience is power: the share rises with the own discount factor and falls with the other side's.",
    )  # fmt: skip


@gallery(
    "textbook/alternating-offers",
    closed_form="""
With N rounds and a common discount factor d the first proposer keeps (1 - (-d)^N) / (1 + d).
""",
    models=("01B_finite_horizon", "01B_finite_horizon_grid"),
)
def alternating_offers() -> Figure:
    """The first demand against the number of rounds."""

    def exact(n: float) -> float:
        return float((1 - (-0.9) ** round(n)) / 1.9)

    rounds = range(1, 11)
    curve = Curve(
        x=list(rounds), y=[next(iter(finite({"N": n, "d1": 0.9, "d2": 0.9}, ["x"]).values())) for n in rounds],
        exact_x=list(rounds), exact_y=[exact(n) for n in rounds],
    )  # fmt: skip
    return Figure(
        x_label="number of rounds", y_label="share of the first proposer (d = 0.9)", curves=(curve,),
        caption="Who proposes last has the upper hand; the more rounds, the less it matters who that is.",
    )  # fmt: skip


@gallery(
    "textbook/breakdown",
    closed_form="""
Without discounting, x = (1 - b2 + (1 - p) b1) / (2 - p). With utilities share^g and nothing after a breakdown,
x = (1 - q2) / (1 - q1 q2), where q = (1 - p)^(1/g); as p goes to 0, x goes to the Nash solution g1 / (g1 + g2).
""",
    models=("01C_breakdown", "01C_breakdown_discount", "01C_breakdown_risk_aversion"),
)
def breakdown() -> Figure:
    """The first proposal against the risk of breakdown."""
    none = 1.0 - 1e-13

    def solved(p: float, g2: float) -> float:
        values = {"d1": none, "d2": none, "b1": 0.0, "b2": 0.0, "p": p, "gamma1": 1.0, "gamma2": g2}
        return proposals("textbook/breakdown", values, _ROUGH, slow=(1 - p) ** (1 + 1 / g2))[0]

    def exact(p: float, g2: float) -> float:
        return float((1 - (1 - p) ** (1 / g2)) / (1 - (1 - p) ** (1 + 1 / g2)))

    curves = _curves(
        "gamma2", (1.0, 0.7, 0.5), np.linspace(0.05, 0.7, 8), lambda p, g: solved(p, g), lambda p, g: exact(p, g)
    )
    return Figure(
        x_label="risk of breakdown after a refusal, p", y_label="share of the first proposer", curves=curves,
        caption="As the risk becomes small, shares come to the Nash solution: the side that fears risk more gets less.",
    )  # fmt: skip


@gallery(
    "textbook/outside-option",
    closed_form="""
1 - x = max(o2, d2 (1 - y)) and y = max(o1, d1 x): an option counts only where it beats waiting.
""",
    models=("01D_outside_option",),
)
def outside_option() -> Figure:
    """The first proposal against the other side's option."""
    values = {"d1": 0.9, "d2": 0.9}
    curves = _curves(
        "o1", (0.0,), np.linspace(0.0, 0.9, 13),
        lambda o2, o1: proposals("textbook/outside-option", {**values, "o1": o1, "o2": o2}, _ROUGH)[0],
        lambda o2, o1: min(1 - o2, 0.1 / (1 - 0.81)),
    )  # fmt: skip
    return Figure(
        x_label="outside option of the other side, o2", y_label="share of the first proposer (d = 0.9)",
        curves=curves,
        caption="The outside option principle: nothing until the option beats what bargaining gives, then one for one.",
    )  # fmt: skip


@gallery(
    "textbook/status-quo-flow",
    closed_form="""
x = ((1 - d2)(1 - g2) + d2 (1 - d1) g1) / (1 - d1 d2).
""",
    models=("01E_status_quo_flow",),
)
def status_quo_flow() -> Figure:
    """The first proposal against the other side's flow."""
    curves = _curves(
        "g1",
        (0.0, 0.3),
        np.linspace(0.0, 0.6, 7),
        lambda g2, g1: proposals("textbook/status-quo-flow", {"d1": 0.9, "d2": 0.9, "g1": g1, "g2": g2}, _ROUGH)[0],
        lambda g2, g1: (0.1 * (1 - g2) + 0.9 * 0.1 * g1) / (1 - 0.81),
    )
    return Figure(
        x_label="flow of the other side without agreement, g2", y_label="share of the first proposer (d = 0.9)",
        curves=curves, caption="Who does well without agreement gets more by it.",
    )  # fmt: skip


@gallery(
    "textbook/random-proposer",
    closed_form="""
Before the draw P1 expects V1 = pi (1 - d2) / (pi (1 - d2) + (1 - pi)(1 - d1)); as proposer it keeps 1 - d2 (1 - V1).
""",
    models=("01F_random_proposer",),
)
def random_proposer() -> Figure:
    """What the proposer keeps against the chance of being heard."""

    def exact(pi: float, d2: float) -> float:
        return 1 - d2 * (1 - pi * (1 - d2) / (pi * (1 - d2) + (1 - pi) * 0.1))

    curves = _curves(
        "d2",
        (0.9, 0.6),
        np.linspace(0.1, 0.9, 7),
        lambda pi, d2: proposals("textbook/random-proposer", {"d1": 0.9, "d2": d2, "pi": pi}, _ROUGH, between=False)[0],
        lambda pi, d2: exact(pi, d2),
    )
    return Figure(
        x_label="chance that P1 may propose, pi", y_label="share of P1 when it proposes (d1 = 0.9)",
        curves=curves, caption="Being heard more often is worth something even when it is the own turn.",
    )  # fmt: skip


@gallery(
    "textbook/legislature",
    closed_form="""
With n players and majority rule the proposer keeps 1 - d (n - 1) / (2 n) and pays d / n to half of the others; under
unanimity it keeps 1 - d (n - 1) / n. Before the draw each expects 1 / n.
""",
    models=("01G_legislative_bargaining",),
)
def legislature() -> Figure:
    """What the proposer keeps against patience, under both rules."""
    curves = _curves(
        "votes to buy", (1, 2), np.linspace(0.2, 0.95, 6),
        lambda d, votes: kept_by_proposer(3, int(votes), d, _ROUGH)["kept"], lambda d, votes: 1 - d * votes / 3,
    )  # fmt: skip
    return Figure(
        x_label="discount factor", y_label="share of the proposer, three players", curves=curves,
        caption="Majority rule lets the proposer keep most; unanimity makes it pay everybody.",
    )  # fmt: skip


@gallery(
    "textbook/ratification-floor",
    closed_form="""
Home gets y = max(dH x0, r) when foreign proposes and x = 1 - dF (1 - y) when it proposes itself, x0 being what it would
keep without a ratifier: nothing changes until the floor r exceeds dH x0.
""",
    models=("10A_rubinstein_ratification",),
)
def ratification_floor() -> Figure:
    """Home's share against the floor, when either side proposes."""
    free = 0.1 / (1 - 0.81)
    floors = [float(r) for r in np.linspace(0.2, 0.9, 8)]
    found = [
        proposals(
            "textbook/ratification-floor", {"d_home": 0.9, "d_foreign": 0.9, "floor_share": r}, _ROUGH,
            sides=("home", "foreign"), between=False,
        )
        for r in floors
    ]  # fmt: skip
    line = [float(r) for r in np.linspace(0.2, 0.9, 141)]
    low = [max(0.9 * free, r) for r in line]
    curves = (
        Curve(name="home proposes", x=floors, y=[x for x, _ in found], exact_x=line,
              exact_y=[1 - 0.9 * (1 - y) for y in low]),
        Curve(name="foreign proposes", x=floors, y=[y for _, y in found], exact_x=line, exact_y=low),
    )  # fmt: skip
    return Figure(
        x_label="least share that is ratified", y_label="share of home (d = 0.9)", curves=curves,
        caption="Tied hands are a strength once they bind, and more so when the other side proposes.",
    )  # fmt: skip


@gallery(
    "textbook/shifting-power",
    closed_form="""
War in the first period iff d p2 - p1 > cB (1 - d)^2. Otherwise A demands (p1 - d p2) / (1 - d) + (1 - d) cB at first
and p2 + (1 - d) cB ever after.
""",
    models=("03A_one_shift",),
)
def shifting_power() -> Figure:
    """The first demand against the power to come, until there is war."""
    values = {"d": 0.9, "p1": 0.3, "cost_a": 0.5, "cost_b": 2.0}
    threshold = (0.3 + 2.0 * 0.01) / 0.9

    def solved(p2: float) -> float:
        played = shifted({**values, "p2": p2}, _ROUGH)
        return nan if war_chance(played) > 0.5 else played.mean("demanding", "share", power="early")

    across = [float(p) for p in np.linspace(0.3, threshold, 9)[:-1]]
    curve = Curve(
        x=across, y=[solved(p) for p in across], exact_x=[0.3, threshold],
        exact_y=[(0.3 - 0.9 * p) / 0.1 + 0.2 for p in (0.3, threshold)],
    )  # fmt: skip
    return Figure(
        x_label="power of A to come, p2", y_label="first demand of A", curves=(curve,),
        caption="The more power is to come, the less A may demand today; where the line meets 0, there is war at once.",
    )  # fmt: skip


@gallery(
    "textbook/slow-shift",
    closed_form="""
B is held to what war would leave it: x_t = (p_t - d p_(t+1)) / (1 - d) + (1 - d) cB, peace iff no x_t is negative.
""",
    models=("03B_slow_shift",),
)
def slow_shift_demands() -> Figure:
    """The path of demands for two speeds of the shift."""
    curves = []
    for last in (5, 10):
        values = {"T": last, "cA": 2.0, "cB": 3.0, "d": 0.9, "p0": 0.3, "pT": 0.6}
        found = slow_shift(values, [])
        power = [0.3 + 0.3 * min(t, last) / last for t in range(last + 2)]
        exact = [(power[t] - 0.9 * power[t + 1]) / 0.1 + 0.3 for t in range(last + 1)]
        times = list(range(last + 1))
        told = [found[f"A's demand in period {t}"] for t in times]
        curves.append(Curve(name=f"over {last} periods", x=times, y=told, exact_x=times, exact_y=exact))
    return Figure(
        x_label="period", y_label="demand of A", curves=tuple(curves),
        caption="While power rises A demands less than its power of the day would get; when it rests, all of it.",
    )  # fmt: skip


@gallery(
    "textbook/salami",
    closed_form="""
x_t = ((1 - d)(alpha + (1 - d) cB) + beta x_(t-1)) / (1 - d + d beta), slice by slice to
(alpha + (1 - d) cB) / (1 - beta).
""",
    models=("03C_salami",),
)
def salami_slices() -> Figure:
    """The demands one after the other."""
    curves = []
    for beta in (0.3, 0.6):
        slices = Slices({"d": 0.5, "alpha": 0.15, "beta": beta, "cost_a": 5.0, "cost_b": 0.2})
        path = [0.0]
        while len(path) < 9:
            path += slices.ahead(path[-1], _ROUGH)
        exact = [0.0]
        while len(exact) < 9:
            exact.append((0.5 * (0.15 + 0.1) + beta * exact[-1]) / (0.5 + 0.5 * beta))
        times = list(range(9))
        curves.append(Curve(name=f"beta = {beta:g}", x=times, y=path, exact_x=times, exact_y=exact))
    return Figure(
        x_label="period", y_label="what A holds", curves=tuple(curves),
        caption="Each slice is too small for a war, and makes the next one possible.",
    )  # fmt: skip


@gallery(
    "textbook/partial-commitment",
    closed_form="""
The commitments fit together, and player one gets (1 + k1) / (2 + k1 + k2).
""",
    models=("13A_muthoo_commitment",),
)
def partial_commitments() -> Figure:
    """One's share against its cost of giving way."""
    curves = _curves(
        "k2",
        (0.5, 3.0),
        np.linspace(0.0, 5.0, 6),
        lambda k1, k2: partial_commitment({"k1": k1, "k2": k2}, ["x"])["x"],
        lambda k1, k2: (1 + k1) / (2 + k1 + k2),
    )
    return Figure(
        x_label="cost of giving way, k1", y_label="share of one", curves=curves,
        caption="A weakness that is a strength: the more it costs to give way, the more one gets.",
    )  # fmt: skip


@gallery(
    "textbook/mandate",
    closed_form="""
The rival offers r if r <= mu, for sure agreed, else next to nothing, agreed with probability 1 - mu. The best mandate
is r = mu.
""",
    models=("13C_mandate",),
)
def mandates() -> Figure:
    """What the delegate brings home against the mandate."""
    curves = []
    for mu in (0.3, 0.6):
        across = [float(r) for r in np.linspace(0.05, 0.9, 18)]
        line = [0.0, mu, mu, mu, 1.0]
        curves.append(
            Curve(name=f"mu = {mu:g}", x=across, y=[mandated(mu, r)[1] for r in across], exact_x=line,
                  exact_y=[0.0, mu, nan, 0.0, 0.0])
        )  # fmt: skip
    return Figure(
        x_label="mandate r", y_label="what the delegate brings home", curves=tuple(curves),
        caption="The best mandate is as high as the chance that it binds; a higher one is gambled against.",
    )  # fmt: skip
