"""What `winset robust` and `winset what-if-true` print."""

from __future__ import annotations

from collections.abc import Sequence

from winset.base import words
from winset.base.columns import columns, wrapped
from winset.study.robust.data import EXPLAINED, Bar, Boundary, Change, Condition, Influence, Robust, Share, Spread

BARS = "▁▂▃▄▅▆▇█"
FAILURES = 5
"""Draws that failed that are printed one by one; the others are counted."""
NAMED = 8
"""Parameters of the shortest change that are printed one by one; the others are counted."""
MANY = 8
"""Parameters above which the values of a draw that failed are left to the data."""
LEADING, DRAWS_EACH = 0.05, 50
"""Total index of a leading parameter, and the draws for each below which it is told that indices are rough."""
FAR = 0.15
"""Share of a range by which draws that failed lie elsewhere than others where that is told."""
NOT_ASKED = "asked in none of the draws, since it reads a variant or a state of its own (`--compared`)"


def robust_lines(found: Robust, width: int) -> list[str]:
    """The result at a width."""
    q = found.quality
    of = words.plural(len(found.draws.parameters), "parameter")
    told = f"{found.title}: {words.plural(found.solved, 'draw')} of {of} (Sobol points, seed {found.stamp['seed']})"
    out = wrapped(told, width)
    out += _failures(found, width)
    if found.central_reason:
        out += wrapped(f"The central values could not be solved, so there are no central answers and no tornado: "
                       f"{found.central_reason}", width)  # fmt: skip
    if found.questions:
        out += ["", "Questions: central, then 5 %, median and 95 % of the draws"]
        for one in found.questions:
            out += _question(one, width)
    if found.claims:
        out += ["", "Claims: the share of the plausible cases in which each holds"]
        for claim in found.claims:
            out += _claim(claim, found, width)
    out += _rough(found, width)
    for region in found.regions:
        several = sum(map(sum, region.several))
        out += ["", *wrapped(f"Map of {region.name} over {region.across} and {region.up}: in the data; several "
                             f"equilibria in {several} of {len(region.x) * len(region.y)} places", width)]  # fmt: skip
    out += ["", *wrapped(
        f"Solved on {words.plural(q.grid, 'inner belief node')} per dimension, {q.cells:,.0f} cells a draw; "
        f"{q.missed:,} {'cell' if q.missed == 1 else 'cells'} missed the tolerance, in "
        f"{words.plural(q.draws_missed, 'draw')}; largest residual {words.small(q.residual)}; probability dropped at "
        f"most {words.small(q.lost)}; the path folds in a place that is visited in "
        f"{words.plural(q.folded, 'draw')}.", width)]  # fmt: skip
    if q.checked:
        gain = "" if q.full_gain is None else f", a deviation gains at most {words.small(q.full_gain)}"
        out += wrapped(f"Checked on {words.plural(q.fine, 'inner node')}: {words.plural(q.checked, 'draw')}; the "
                       f"certificate does not fail in {q.passed} of them{gain}.", width)  # fmt: skip
    if q.unchecked:
        out += wrapped(f"{q.unchecked} of {words.plural(q.checked + q.unchecked, 'check')} on the finer grid failed: "
                       f"{q.unchecked_reason}", width)  # fmt: skip
    return out


def _rough(found: Robust, width: int) -> list[str]:
    """That there are few draws for the shares of the variance, where there are."""
    every: list[Spread | Share] = [*found.questions, *found.claims]
    leading = max((sum(i.total >= LEADING for i in one.influences) for one in every), default=0)
    if found.solved >= DRAWS_EACH * leading:
        return []
    told = (
        f"Shares of the variance are rough: {words.plural(found.solved, 'draw')} for up to "
        f"{words.plural(leading, 'leading parameter')}, where {DRAWS_EACH} each are wanted."
    )
    return ["", *wrapped(told, width)]


def _failures(found: Robust, width: int) -> list[str]:
    """Draws that failed: their values where there are few parameters, else why, how often, and where they lie."""
    if not found.failures:
        return []
    out = wrapped(f"{words.plural(len(found.failures), 'draw')} of {found.asked} failed and count nowhere:", width)
    if len(found.draws.parameters) <= MANY:
        for one in found.failures[:FAILURES]:
            at = ", ".join(f"{k} {v:.4g}" for k, v in one.values.items() if k in found.draws.parameters)
            out += wrapped(f"{one.number}. {one.reason} (at {at})", width, "  ", "     ")
        if len(found.failures) > FAILURES:
            out.append(f"  and {len(found.failures) - FAILURES} more; the data lists them")
        return out
    kinds: dict[str, list[int]] = {}
    for one in found.failures:
        kinds.setdefault(one.reason.partition(" (it is")[0], []).append(one.number)
    for reason, numbers in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        told = ", ".join(map(str, numbers[:FAILURES])) + (", …" if len(numbers) > FAILURES else "")
        out += wrapped(f"{reason}: {words.plural(len(numbers), 'draw')} ({told})", width, "  ", "    ")
    if where := _where(found):
        out += wrapped(f"they lie at {where}; the data lists their values", width, "  ", "    ")
    return out


def _where(found: Robust) -> str:
    """In which parameters the draws that failed differ most from those that were solved, on average."""
    draws, gaps = found.draws, []
    for i, (name, low, high) in enumerate(zip(draws.parameters, draws.low, draws.high, strict=True)):
        failed = [(one.values[name] - low) / (high - low) for one in found.failures]
        solved = [(row[i] - low) / (high - low) for row in draws.points]
        if failed and solved:
            gaps.append((sum(failed) / len(failed) - sum(solved) / len(solved), name))
    leading = sorted(gaps, key=lambda pair: -abs(pair[0]))[:3]
    return words.listing([f"{'high' if gap > 0 else 'low'} {name}" for gap, name in leading if abs(gap) > FAR])


def _question(one: Spread, width: int) -> list[str]:
    if not one.count:
        why = "no draw has a value" if one.central is None else NOT_ASKED
        return wrapped(f"{one.name}: {why}", width, "  ", "    ")
    low, middle, high = (words.quantity(one.quantiles[i], one.unit) for i in (0, 2, 4))
    error = "" if one.grid_error is None else f"; the grid moves it by up to {words.small(one.grid_error)}"
    told = f"{one.name}: {words.quantity(one.central, one.unit)}; {low}, {middle}, {high}{error}"
    out = wrapped(told, width, "  ", "    ")
    out.append("    " + sparkline(one.counts))
    return out + _turning(one, width)


def sparkline(counts: Sequence[int]) -> str:
    """A histogram in one line."""
    top = max(counts, default=0)
    return "".join(" " if not c else BARS[min(7, c * 8 // max(top, 1))] for c in counts)


def _claim(one: Share, found: Robust, width: int) -> list[str]:
    if one.share is None or one.reason:
        why = NOT_ASKED if found.solved and one.central is not None else "no draw was solved"
        return wrapped(f"{one.name}: {one.reason or why}", width, "  ", "    ")
    span = f"{words.percent(one.low)} to {words.percent(one.high)}"
    sign = words.SIGNS[one.central] if one.central else words.UNKNOWN
    told = f"{sign} {one.name}: holds in {words.percent(one.share)} ({span})"
    if (count := one.holds + one.fails + one.undecided) < found.solved:
        told += f" of the first {count} draws"
    if one.undecided:
        told += f", undecided in {one.undecided}"
    if one.central:
        told += f"; centrally it {'is ' if one.central == 'undecided' else ''}{one.central}"
    else:
        told += "; centrally it has no verdict" + ("" if found.central_reason else f": {one.central_reason}")
    if one.turned:
        told += f"; another verdict on the finer grid in {words.plural(one.turned, 'checked draw')}"
    return wrapped(told, width, "  ", "    ") + _turning(one, width)


def _turning(one: Spread | Share, width: int) -> list[str]:
    out = []
    if one.influences:
        told = ", ".join(influence_words(i) for i in one.influences[:3])
        out += wrapped(f"turns on {told}", width, "    ", "      ")
    if (one.influences or one.bars or one.boundaries) and one.explained < EXPLAINED:
        told = f"{words.percent(1 - one.explained)} of the variance is explained by no parameter alone or in pairs"
        out += wrapped(told, width, "    ", "      ")
    for boundary in one.boundaries:
        out += wrapped(turn_words(one, boundary), width, "    ", "      ")
    flips = [b for b in one.bars if b.flips]
    if flips:
        told = ", ".join(f"{b.parameter} at {_end(one, b)}" for b in flips)
        out += wrapped(f"turned by one parameter alone: {told}", width, "    ", "      ")
    return out


def _end(one: Spread | Share, bar: Bar) -> str:
    line = (one.threshold or 0.0) if isinstance(one, Spread) else 0.0
    middle = one.central if isinstance(one, Spread) else one.margin
    ends = [
        f"{x:.4g}" for x, y in ((bar.low, bar.at_low), (bar.high, bar.at_high))
        if y is not None and middle is not None and (y > line) != (middle > line)
    ]  # fmt: skip
    return " and at ".join(ends)


def influence_words(one: Influence) -> str:
    """A parameter with its share of an answer's variance."""
    total, first = (
        words.percent(min(max(share, 0.0), 1.0)) for share in (one.total, one.first)
    )  # estimates may pass 1
    return f"{one.parameter} ({total} of the variance, {first} alone)"


def turn_words(one: Spread | Share, found: Boundary) -> str:
    """Where an answer turns in one parameter, in words."""
    name = found.parameter
    if found.at is None and found.failed:
        return f"{name}: a turn could not be looked for everywhere: {found.reason}"
    if found.at is None:
        return f"{name}: no turn from {found.low:.4g} to {found.high:.4g} ({found.reason})"
    if found.until is None:
        where = f"{'above' if found.above else 'below'} {found.at:.5g}"
    else:
        where = "from {:.5g} to {:.5g}".format(*sorted((found.at, found.until)))
    jump = ", where it jumps" if found.jumps else ""
    told = f"{where}{jump} (now {found.central:.4g}){', and elsewhere too' if found.elsewhere else ''}"
    told += f"; {found.reason}" if found.reason else ""
    if isinstance(one, Share):
        return f"{name}: holds {told}"
    even = one.threshold == 0.5
    return f"{'more likely than not' if even else f'over {words.percent(one.threshold)}'} where {name} is {told}"


def condition_lines(found: Condition, width: int) -> list[str]:
    """What would have to be true, at a width."""
    if found.state == "true already":
        by = f" (by {words.small(found.margin)})" if found.margin else ""
        return wrapped(f"{found.formula}: true already, at the central values{by}", width)
    if found.state == "found":
        out = wrapped(f"{found.formula} would be true with", width)
    else:
        out = wrapped(f"{found.formula}: nothing that was tried inside the ranges makes it true; the closest is", width)
    out += columns([_change(one) for one in found.changes], width=width)
    if found.state == "found":
        out += wrapped(f"which is a change of {found.distance:.3g} ranges in all.", width)
        if found.nearest and found.shortest < 0.999 * found.distance:
            many = words.plural(len(found.nearest), "parameter")
            out += wrapped(f"The shortest found, {found.shortest:.3g} ranges, moves {many}:", width)
            out += columns([_change(one) for one in found.nearest[:NAMED]], width=width)
            if len(found.nearest) > NAMED:
                out += wrapped(f"and {len(found.nearest) - NAMED} more by less; --json names them all.", width)
    else:
        off, central = (words.small(None if m is None else -m) for m in (found.margin, found.central))
        out += wrapped(f"where it is off by {off}; at the central values by {central}.", width)
    out += wrapped(f"It holds in {found.holding} of {words.plural(found.draws, 'draw')}; the scenario was solved "
                   f"{words.plural(found.solutions, 'time')}, on {words.plural(found.grid, 'inner belief node')} per "
                   "dimension.", width)  # fmt: skip
    return out


def _change(one: Change) -> tuple[str, str, str]:
    return one.parameter, f"at {one.at:.10g}", f"now {one.now:.4g}; {words.percent(abs(one.share))} of its range"


__all__ = ["condition_lines", "robust_lines", "sparkline", "turn_words"]
