"""11: leaders who may lose office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from winset.testing.canon._limits import crossing
from winset.testing.canon._tools import Played
from winset.testing.canon.markov import preferred, stationary
from winset.testing.plot import Curve, Figure
from winset.testing.registry import answers, gallery

PUNISHMENT, EXCHANGE = "textbook/leader-punishment", "textbook/leader-exchange"


@answers("11A_leader_specific", scenario=PUNISHMENT)
def leader_specific(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Where the leader gains nothing by breaking what the partner keeps; errors do not move that point."""
    return {quantities[0]: least_survival({
        "reward": parameters["r"], "temptation": parameters["t"], "punishment": parameters["p"], "d": parameters["d"],
    })}  # fmt: skip


def least_survival(given: Mapping[str, float]) -> float:
    """The chance to stay in office at which a leader is indifferent between keeping and breaking."""

    def advantage(survival: float) -> float:
        values = {**given, "survival": survival, "lambda": 1.0}
        return preferred(stationary(PUNISHMENT, values, variant="partner_keeps"), "dealing", standing="good")

    return crossing(advantage, 0.02, 0.99)


@answers("11A_exchange", scenario=EXCHANGE)
def exchange(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Where giving is worth nothing."""
    given = {"cost": parameters["c"], "benefit": parameters["b"], "d": parameters["d"]}
    return {quantities[0]: least_tenure(given)}


def least_tenure(given: Mapping[str, float]) -> float:
    """The chance that the signer stays at which giving is worth nothing."""
    return crossing(
        lambda survival: preferred(Played(EXCHANGE, {**given, "lambda": 1.0, "survival": survival}), "exchange"),
        0.0, 1.0,
    )  # fmt: skip


LEADERS = """
The leader keeps the agreement iff its chance s to stay in office each round is at least

    (t - r) / (d (t - p))

with reward r, temptation t and punishment p, which ends with the leader (closed form derived for winset; the argument
is McGillivray and Smith's, 2000).
"""


@gallery(PUNISHMENT, closed_form=LEADERS, models=("11A_leader_specific",))
def picture_of_leaders() -> Figure:
    """How secure a leader has to be."""
    temptations, fine = [3.2, 3.6, 4.0, 4.5, 5.0, 6.0, 7.0], [3.05 + 0.05 * k for k in range(80)]
    curves = tuple(
        Curve(
            x=temptations, y=[least_survival({"temptation": t, "d": d}) for t in temptations], exact_x=fine,
            exact_y=[(t - 3) / (d * (t - 1)) for t in fine], name=f"discount factor {d:g}",
        )
        for d in (0.75, 0.95)
    )  # fmt: skip
    return Figure(
        x_label="temptation (keeping pays 3, punishment 1)", y_label="least chance to stay in office", curves=curves,
        caption="The more there is to gain by breaking an agreement, the more secure the leader who keeps it.",
    )  # fmt: skip


TENURE = """
Giving c now for b in the next round, repaid only by the leader who signed, pays iff that leader stays in office with
probability at least c / (d b).
"""


@gallery(EXCHANGE, closed_form=TENURE, models=("11A_exchange",))
def picture_of_exchange() -> Figure:
    """What a signature is worth."""
    given, fine = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.02 * k for k in range(3, 34)]
    curves = tuple(
        Curve(
            x=given, y=[least_tenure({"cost": c, "d": d}) for c in given], exact_x=fine,
            exact_y=[c / d for c in fine], name=f"discount factor {d:g}",
        )
        for d in (0.7, 0.9)
    )  # fmt: skip
    return Figure(
        x_label="given now (1 is paid back)", y_label="least chance that the signer stays", curves=curves,
        caption="The dearer the advance, the surer the signer's tenure has to be.",
    )  # fmt: skip
