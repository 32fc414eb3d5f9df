"""11: leaders who may lose office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from winset.testing.canon._limits import crossing
from winset.testing.canon._tools import Played
from winset.testing.canon.markov import preferred, stationary
from winset.testing.registry import answers

PUNISHMENT, EXCHANGE = "textbook/leader-punishment", "textbook/leader-exchange"


@answers("11A_leader_specific", scenario=PUNISHMENT)
def leader_specific(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Where the leader gains nothing by breaking what the partner keeps; errors do not move that point."""
    given = {
        "reward": parameters["r"], "temptation": parameters["t"], "punishment": parameters["p"], "d": parameters["d"],
    }  # fmt: skip

    def advantage(survival: float) -> float:
        values = {**given, "survival": survival, "lambda": 1.0}
        return preferred(stationary(PUNISHMENT, values, variant="partner_keeps"), "dealing", standing="good")

    return {quantities[0]: crossing(advantage, 0.02, 0.99)}


@answers("11A_exchange", scenario=EXCHANGE)
def exchange(parameters: Mapping[str, float], quantities: Sequence[str]) -> dict[str, float]:
    """Where giving is worth nothing."""
    given = {"cost": parameters["c"], "benefit": parameters["b"], "d": parameters["d"], "lambda": 1.0}
    return {
        quantities[0]: crossing(
            lambda survival: preferred(Played(EXCHANGE, {**given, "survival": survival}), "exchange"), 0.0, 1.0
        )
    }
