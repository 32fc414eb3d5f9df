"""Whether the model fits a record, as a finding."""

from __future__ import annotations

import math
from collections.abc import Sequence

from winset.learn.filter import Step
from winset.learn.surprise import LEVEL, Fit, broken_from, surprise
from winset.study.following.data import Entry, Misfit
from winset.study.following.waterfalls import finite, label

LITTLE = 2.0
"""Standard deviations below what was expected from which so little surprise is told."""


def misfit(steps: Sequence[Step], bets: Sequence[Fit], entries: Sequence[Entry]) -> Misfit:
    """The finding at the end of a record."""
    sighted = {s.number: surprise(s) for s in steps if s.sighting is not None}
    whole = math.fsum(s.bits for s in sighted.values())
    expected = math.fsum(s.expected for s in sighted.values())
    spread = math.sqrt(math.fsum(s.spread**2 for s in sighted.values()))
    p_value = bets[-1].p_value if bets else 1.0
    broken = broken_from(bets)
    told = f"{whole:.1f} bits of surprise where {expected:.1f} ± {spread:.1f} were to be expected"
    text = f"nothing says that the model does not fit: {told} (p {p_value:.2g})"
    if spread > 1e-9 and whole < expected - LITTLE * spread:
        off = (expected - whole) / spread
        text += f", less by {off:.1f} standard deviations: the model thinks play more random than the record shows it"
    if not sighted:
        text = "the record has nothing to follow"
    if broken is None:
        return Misfit(
            fits=True, p_value=p_value, level=LEVEL, since="", event="", noticed="", impossible=False,
            surprise=finite(whole), expected=expected, spread=spread, text=text,
        )  # fmt: skip
    since, noticed = max(broken.since, 0), entries[broken.step]
    run = {n: s.bits - s.expected for n, s in sighted.items() if since <= n <= broken.step}
    worst = entries[max(run, key=lambda n: run[n])]
    impossible = steps[broken.step].probability <= 0
    if impossible:
        text = (
            f"the model cannot have this record: `{label(worst)}` ({worst.date}) has probability 0; where the record "
            "may be wrong, `mistaken` at that move says how often"
        )
    else:
        text = (
            f"from {entries[since].date} on the model no longer fits (p {p_value:.2g}; noticed {noticed.date}); what "
            f"broke it most is `{label(worst)}` ({worst.date}); over the whole record {told}"
        )
    return Misfit(
        fits=False, p_value=p_value, level=LEVEL, since=entries[since].date, event=label(worst), noticed=noticed.date,
        impossible=impossible, surprise=finite(whole), expected=expected, spread=spread, text=text,
    )  # fmt: skip
