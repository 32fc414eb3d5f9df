"""The certificate of a stationary profile of a Markov game: what it is worth, who could gain, how far it is from logit.

Everything is computed from the definition of the game, by code that no solver shares: joint actions are gone through
one by one. What a player could get against the others is a Markov decision problem, solved by policy iteration (Howard
1960); stationary deviations are enough, since the others are stationary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.base.card import Card, Shown, Table
from winset.base.diagnostics import Diagnostic
from winset.base.errors import SizeError
from winset.game.game import Floats
from winset.game.markov import MarkovGame, Rows

MOST_STATES = 5000
"""Values are found by solving with one number for each pair of states; more states are refused."""
MOST_POLICIES = 1000


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MarkovCertificate(Shown):
    """The measured quality of a stationary profile. Gains are in units of the payoffs, not normalised by 1 - δ.

    Attributes:
        game: the game.
        values: (P, S) what each player expects from each state on, all following the profile.
        action_value: (P, S, A) what an action is worth once, all following the profile afterwards; NaN where none is.
        best: (P, S) the most a player can get against the others' strategies.
        one_shot_gain: (P, S) the most gained by one action and the profile afterwards; at least 0.
        full_gain: (P, S) `best` less `values`; at least 0.
        one_shot_bound, full_bound: (P, S) how much of these a logit equilibrium at `precision` can have: ln|A| / λ, and
            its discounted sum along the best deviation; infinite where no precision is asked for.
        residual: largest difference between a probability and the logit response to the action values; for an
            infinite precision, the probability played on actions that are worth less than the best by more than
            `slack`; NaN where none is asked for.
        slack: what counts as worth less in that case, for rounding.
        sum_error: largest difference between 1 and the sum of a player's probabilities in a state.
        least: smallest probability in the profile; below 0 it is none.
        beyond: largest probability given to an action that is not there.
    """

    game: MarkovGame
    values: Floats
    action_value: Floats
    best: Floats
    one_shot_gain: Floats
    full_gain: Floats
    one_shot_bound: Floats
    full_bound: Floats
    residual: float
    slack: float
    sum_error: float
    least: float
    beyond: float

    @property
    def sound(self) -> bool:
        """Whether the profile is one: probabilities of actions that are there, summing to 1."""
        return self.sum_error <= 1e-9 and self.least >= 0.0 and self.beyond == 0.0

    def card(self) -> Card:
        """What it shows of itself."""
        game = self.game
        rows = []
        for i, who in enumerate(game.players):
            s = int(np.argmax(self.full_gain[i]))
            rows.append((who, f"{self.one_shot_gain[i].max():.2e}", f"{self.full_gain[i].max():.2e}",
                         f"{self.full_bound[i, s]:.2e}", game.states[s]))  # fmt: skip
        return Card(
            title=f"certificate of a stationary profile of a Markov game of {', '.join(game.players)}",
            tables=(
                Table(
                    columns=("player", "one-shot gain", "full gain", "logit alone explains", "largest at"),
                    rows=tuple(rows),
                ),
                Table(rows=(("residual", f"{self.residual:.2e}"), ("error of sums", f"{self.sum_error:.1e}"))),
            ),
            notes=() if self.sound else ("this is no profile: its probabilities are not those of a choice",),
        )


def certify_markov(game: MarkovGame, profile: Floats, *, precision: float | Floats | None = None) -> MarkovCertificate:
    """Measures a stationary profile.

    Args:
        game: the game.
        profile: (P, S, A) a probability for every action.
        precision: λ, where the profile is meant to be a logit equilibrium, one number or (P,); infinite: one of Nash.

    Raises:
        ValueError: the profile has another shape or holds what is no number.
        SizeError: the game has too many states.
    """
    count, size = game.counts.shape
    sigma = np.asarray(profile, dtype=np.float64)
    if sigma.shape != (count, size, max(game.widths)) or not np.all(np.isfinite(sigma)):
        raise ValueError(f"a profile holds finite numbers of the shape {(count, size, max(game.widths))}")
    if size > MOST_STATES:
        raise SizeError([Diagnostic(
            code="M301", message=f"{size:,} states are too many to certify",
            why=f"values are solved for with one number for each pair of states, up to {MOST_STATES:,} states",
            fix="certify a smaller game of the same kind",
        )])  # fmt: skip
    there = np.arange(sigma.shape[2]) < game.counts[:, :, None]
    lam = np.full(count, np.nan) if precision is None else np.broadcast_to(np.asarray(precision, float), (count,))
    values, best, bound = np.empty((3, count, size))
    worth = np.full(sigma.shape, np.nan)
    for i in range(count):
        paid, leads = _alone(game, sigma, i)
        values[i] = _stationary(sigma[i], paid, leads, game.discount[i])
        worth[i] = np.where(there[i], paid + game.discount[i][:, None] * (leads @ values[i]), np.nan)
        best[i], bound[i] = _best(paid, leads, game.discount[i], worth[i], np.log(game.counts[i]))
    top = np.nanmax(worth, axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        once = np.where(np.isnan(lam[:, None]), np.inf, np.log(game.counts) / lam[:, None])
        whole = np.where(np.isnan(lam[:, None]), np.inf, bound / lam[:, None])
    slack = 1e-9 * max(1.0, float(np.abs(values).max()))
    return MarkovCertificate(
        game=game,
        values=values,
        action_value=worth,
        best=best,
        one_shot_gain=np.maximum(0.0, top - values),
        full_gain=np.maximum(0.0, best - values),
        one_shot_bound=once,
        full_bound=whole,
        residual=float("nan") if precision is None else _residual(sigma, worth, top, lam, slack),
        slack=slack,
        sum_error=float(np.max(np.abs(np.where(there, sigma, 0.0).sum(axis=2) - 1.0))),
        least=float(sigma.min()),
        beyond=float(np.max(np.abs(np.where(there, 0.0, sigma)))),
    )


def _alone(game: MarkovGame, sigma: Floats, player: int) -> tuple[Floats, Floats]:
    """What a player faces when the others follow the profile: pay (S, A), next states (S, A, S)."""
    size, width = sigma.shape[1:]
    paid, leads = np.zeros((size, width)), np.zeros((size, width, size))
    for c, chosen in enumerate(np.ndindex(*game.widths)):
        weight = np.ones(size)
        for j, a in enumerate(chosen):
            weight = weight * (np.where(a < game.counts[j], 1.0, 0.0) if j == player else sigma[j, :, a])
        paid[:, chosen[player]] += weight * game.payoff[player, :, c]
        leads[:, chosen[player]] += weight[:, None] * _leads(game, c)
    return paid, leads


def _leads(game: MarkovGame, c: int) -> Floats:
    """(S, S) where a joint action leads from each state."""
    if not isinstance(game.transition, Rows):
        return game.transition[:, c]
    rows, size, joint = game.transition, len(game.states), int(np.prod(game.widths))
    out = np.zeros((size, size))
    for s in range(size):
        begin, end = rows.begin[s * joint + c], rows.begin[s * joint + c + 1]
        np.add.at(out[s], rows.target[begin:end], rows.probability[begin:end])
    return out


def _stationary(mix: Floats, paid: Floats, leads: Floats, discount: Floats) -> Floats:
    """(S,) what a stationary strategy (S, A) is worth against the others."""
    chain = discount[:, None] * np.sum(mix[:, :, None] * leads, axis=1)
    return np.linalg.solve(np.eye(len(paid)) - chain, np.sum(mix * paid, axis=1))


def _best(paid: Floats, leads: Floats, discount: Floats, worth: Floats, choice: Floats) -> tuple[Floats, Floats]:
    """(S,) the most that can be got, by policy iteration from the best single actions, and the discounted sum of
    `choice` (S,) along the policy that gets it."""
    size = len(paid)
    missing, states = np.isnan(worth), np.arange(size)
    policy = np.nanargmax(worth, axis=1)
    for _ in range(MOST_POLICIES):
        pure = np.zeros_like(paid)
        pure[states, policy] = 1.0
        value = _stationary(pure, paid, leads, discount)
        q = np.where(missing, -np.inf, paid + discount[:, None] * (leads @ value))
        better = q.max(axis=1) > q[states, policy] + 1e-12 * max(1.0, float(np.abs(value).max()))
        if not better.any():
            break
        policy = np.where(better, q.argmax(axis=1), policy)
    return value, _stationary(pure, np.where(missing, 0.0, choice[:, None]), leads, discount)


def _residual(sigma: Floats, worth: Floats, top: Floats, lam: Floats, slack: float) -> float:
    """The largest distance from the logit response, or in the limit what is played though it is not best."""
    away = np.zeros_like(sigma)
    short = top[:, :, None] - worth
    for i in range(len(sigma)):
        if np.isinf(lam[i]):
            away[i] = np.where(short[i] > slack, sigma[i], 0.0)
            continue
        weight = np.where(np.isnan(worth[i]), 0.0, np.exp(-lam[i] * np.nan_to_num(short[i])))
        away[i] = np.abs(sigma[i] - weight / weight.sum(axis=1, keepdims=True))
    return float(np.max(away))


__all__ = ["MarkovCertificate", "certify_markov"]
