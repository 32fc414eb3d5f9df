"""A record followed, as text for a terminal and as a card for a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from winset.base import words
from winset.base.card import Card, Table, few
from winset.base.columns import columns, wrapped
from winset.study.following.data import Entry, Following, Matrix, Waterfall
from winset.study.following.waterfalls import label

SMALL = 0.0005
"""A move of a forecast below which the text of a step leaves it out; the data hold it."""
BELIEF = 0.005
"""The same of a belief."""
MOST_PARTS = 12
"""Parts of one waterfall that the text shows, the greatest of them."""


def lines(found: Following, width: int = 80) -> list[str]:
    """The whole as lines of text."""
    variant = f", variant {found.variant}" if found.variant else ""
    out = wrapped(f"{found.title}{variant}: the record followed to {_end(found)}", width)
    out += ["", "Events, with what the model thought of them and what they move"]
    if found.entries:
        out += wrapped(
            "Chance of such a report given the record before; its surprise in bits, beside what was expected; p: the "
            "chance of a report as unlikely. ×: how much likelier the report is if the type is that one.", width, "  ",
        )  # fmt: skip
    events = [e.date for e in found.entries if e.kind == "event"]
    if events != sorted(events):
        out += wrapped("Acts of one round stand in the order of its moves, not of their days.", width, "  ")
    for (is_event, _), group in groupby(found.entries, key=lambda e: (e.kind == "event", e.round)):
        run = list(group)
        out += _events(run, found, width) if is_event else _quiet(run, width)
    if not found.entries:
        out += ["  none"]
    out += ["", "Does the model fit the record?"]
    out += wrapped(words.capital(found.misfit.text) + ".", width, "  ")
    for heading, falls in (("Beliefs", found.types), ("Forecasts", found.questions)):
        moved = [fall for i, fall in enumerate(falls) if fall.parts and not _mirrors(falls, i)]
        if moved:
            out += ["", f"{heading}: where the change comes from (the parts add up to it)"]
            for fall in moved:
                out += _waterfall(fall, width)
    out += _claims(found, width)
    for matrix in found.matrices:
        out += ["", *_matrix(matrix, width)]
    out += _notes(found, width)
    return out


def _claims(found: Following, width: int) -> list[str]:
    """Claims with a verdict, and what keeps the others from one."""
    out = ["", "Claims, given the record"] if found.claims else []
    for claim in (c for c in found.claims if c.verdict):
        figures = ", ".join(
            f"{name}: {words.fine(value) if words.is_chance(name) else words.number(value)}"
            for name, value in claim.figures.items()
        )
        out += wrapped(f"{words.SIGNS[claim.verdict]} {claim.name} {claim.verdict}: {figures}", width, "  ", "    ")
    silent = sorted((c for c in found.claims if not c.verdict), key=lambda c: c.why)
    for why, group in groupby(silent, key=lambda c: c.why):
        names = [c.name for c in group]
        out += wrapped(f"– {words.listing(names)}: cannot say, {why}", width, "  ", "    ")
    return out


def _mirrors(falls: Sequence[Waterfall], i: int) -> bool:
    """Whether a waterfall is that of the other of a player's two types; the data hold both."""
    player = falls[i].name.partition(" is ")[0]
    same = [j for j, fall in enumerate(falls) if not fall.formula and fall.name.startswith(f"{player} is ")]
    return not falls[i].formula and len(same) == 2 and i == same[1]


def _end(found: Following) -> str:
    """To where the record was followed."""
    if found.misfit.impossible:
        last = next((e for e in reversed(found.entries) if e.bits is None or e.probability <= 0), found.entries[-1])
        return f"{last.date}, where the model cannot have it"
    return found.until or "its end"


def _events(entries: Sequence[Entry], found: Following, width: int) -> list[str]:
    out: list[str] = []
    for entry in entries:
        head = f"{entry.date}  {label(entry)}"
        out += wrapped(f"{head}: {words.fine(entry.probability)} ({_surprise(entry)})", width, "  ", " " * 6)
        for row in entry.rows[:1]:
            mark = "" if row.checked else ", unchecked"
            if row.text:
                out += wrapped(f"{row.text}{mark}", width, " " * 6)
        told = _beliefs(entry)
        if told:
            out += wrapped("; ".join(told), width, " " * 6)
        moves = list(_moves(entry, found))
        if moves:
            out += wrapped("; ".join(moves), width, " " * 6)
    return out


def _surprise(entry: Entry) -> str:
    if entry.bits is None:
        return "impossible"
    if not entry.expected:
        return "the only report there can be"
    return f"{entry.bits:.1f} bits, {entry.expected:.1f} expected; p {entry.p_value:.2g}"


def _beliefs(entry: Entry) -> list[str]:
    """Likelihood ratios and beliefs, for the likelier type of each player told once."""
    out = []
    for name, after in entry.after.items():
        before, ratio = entry.before[name], entry.ratio.get(name)
        if after is None or before is None or abs(after - before) < BELIEF:
            continue
        if after < before if ratio is None else ratio < 1:  # without a ratio: proven, or ruled out
            continue
        out.append(f"{name} {_ratio(ratio)}: {words.fine(before)} → {words.fine(after)}")
    return out


def _moves(entry: Entry, found: Following) -> Iterator[str]:
    """What the step moves of each forecast."""
    for fall in found.questions:
        part = next((p for p in fall.parts if entry.number in p.steps and p.kind == "event"), None)
        now = entry.questions.get(fall.name)
        if part is None or now is None:
            continue
        if fall.unit == "probability":
            if abs(part.added) >= SMALL:
                yield f"{fall.name} {_points(part.added)} to {words.fine(now)}"
        elif abs(part.added) >= 5e-4 * max(abs(now), 1e-3):
            yield f"{fall.name} {words.gain(part.added)} to {words.figure(now)}"


def _points(value: float) -> str:
    return ("+" if value > 0 else "") + words.points(value)


def _quiet(entries: Sequence[Entry], width: int) -> list[str]:
    """What a stretch without events moves of beliefs, in one line."""
    kinds = {e.kind for e in entries}
    first, last = entries[0], entries[-1]
    told = []
    for name, after in last.after.items():
        before = first.before[name]
        if after is not None and before is not None and after - before >= BELIEF:
            told.append(f"{name} {words.fine(before)} → {words.fine(after)}")
    if not told:
        return []
    what = "nothing reported" if "silence" in kinds else "time passes" if "time" in kinds else "what was dropped"
    return wrapped(f"{first.round}  {what}: {'; '.join(told)}", width, "  ", " " * 6)


def _waterfall(fall: Waterfall, width: int) -> list[str]:
    chance = fall.unit == "probability"
    show = words.fine if chance else words.figure
    out = wrapped(f"{fall.name}: {show(fall.start)} → {show(fall.end)}", width, "  ", "    ")
    parts = _gathered(fall)
    least = SMALL if chance else 5e-4 * max(abs(fall.start), abs(fall.end), 1e-3)
    great = [i for i in range(len(parts)) if abs(parts[i][1]) >= least]
    shown = sorted(sorted(great, key=lambda i: -abs(parts[i][1]))[:MOST_PARTS])
    rows = [(_added(parts[i][1], chance), _odds(parts[i][2]), parts[i][0]) for i in shown]
    left = [parts[i] for i in range(len(parts)) if i not in shown]
    if left:
        odds = None if any(o is None for _, _, o in left) else sum(o or 0.0 for _, _, o in left)
        rows.append((_added(sum(a for _, a, _ in left), chance), _odds(odds), words.plural(len(left), "smaller part")))
    return out + columns(rows, width=width, indent=4, wide=2, right=(0, 1))


def _gathered(fall: Waterfall) -> list[tuple[str, float, float | None]]:
    """The parts, each run without an event put together."""
    out: list[tuple[str, float, float | None]] = []
    for is_event, group in groupby(fall.parts, key=lambda p: p.kind == "event"):
        run = list(group)
        if is_event:
            out += [(f"{p.date}  {p.label}", p.added, p.log_odds) for p in run]
            continue
        kinds = [text for kind, text in _QUIET.items() if any(p.kind == kind for p in run)] or ["what was dropped"]
        odds = None if any(p.log_odds is None for p in run) else sum(p.log_odds or 0.0 for p in run)
        text = run[0].label if len(run) == 1 else " and ".join(kinds)
        dates = run[0].date if run[0].date == run[-1].date else f"{run[0].date} to {run[-1].date}"
        out.append((f"{dates}  {text}", sum(p.added for p in run), odds))
    return out


_QUIET = {"silence": "nothing reported", "time": "time passing"}


def _added(value: float, chance: bool) -> str:
    return _points(value) if chance else words.gain(value)


def _odds(value: float | None) -> str:
    return "" if value is None else words.signed(f"{value:+.2f}")


def _matrix(matrix: Matrix, width: int) -> list[str]:
    """A matrix of hypotheses: sightings in rows, the most diagnostic first."""
    out = [f"Competing hypotheses: {words.human(matrix.name)}"]
    for name, means, prior, posterior in zip(
        matrix.hypotheses, matrix.means, matrix.prior, matrix.posterior, strict=True
    ):
        out += wrapped(f"{name} ({means}): {words.fine(prior)} → {words.fine(posterior)}", width, "  ", "      ")
    rows = [("", *matrix.hypotheses)]
    for row in matrix.rows[:MOST_PARTS]:
        rows.append((f"{row.date}  {row.label}", *(f"{_ratio(c.ratio)} {c.symbol:>2}" for c in row.cells)))
    if matrix.rows:
        right = tuple(range(1, len(matrix.hypotheses) + 1))
        out += columns(rows, width=width, indent=2, wide=0, right=right)
        out += wrapped(
            "×: likelihood ratio against the others together; CC and C speak for a hypothesis, N for neither, I and II "
            "against it.", width, "  ",
        )  # fmt: skip
    more = len(matrix.rows) - MOST_PARTS
    if more > 0:
        out.append(f"  and {words.plural(more, 'sighting')} less diagnostic")
    if matrix.neutral:
        tell = "tells" if matrix.neutral == 1 else "tell"
        out += wrapped(f"{words.plural(matrix.neutral, 'sighting')} {tell} nothing apart", width, "  ")
    return out + wrapped(matrix.text, width, "  ")


def _ratio(value: float | None) -> str:
    if value is None:
        return "×∞"
    if value >= 10:
        return f"×{value:.0f}" if value < 1e6 else f"×{value:.0e}"
    return f"×{value:.2f}" if value >= 0.1 else f"×{value:.1g}"


def _notes(found: Following, width: int) -> list[str]:
    out: list[str] = []
    if found.left_out:
        out += ["", "Headline questions that are not followed"]
        for name, why in found.left_out.items():
            out += wrapped(f"{name}: {why}", width, "  ", "      ")
    if found.unused:
        out += ["", f"Of the record, {words.plural(len(found.unused), 'row')} not used"]
        for why, group in groupby(sorted(found.unused, key=lambda u: u["why"]), key=lambda u: u["why"]):
            rows = list(group)
            shown = "; ".join(f"{u['date']} {u['text']}".strip() for u in rows[:2]) + ("; …" if len(rows) > 2 else "")
            out += wrapped(f"{words.plural(len(rows), 'row')}, {why}: {shown}", width, "  ", "      ")
    if found.warnings:
        out.append("")
        for warning in found.warnings:
            out += wrapped(warning, width, "! ", "  ")
    return out


def card(found: Following) -> Card:
    """What it shows of itself."""
    events = tuple(
        (e.date, label(e), words.fine(e.probability), "; ".join(_beliefs(e)))
        for e in found.entries if e.kind == "event"
    )  # fmt: skip
    ends = tuple((w.name, words.fine(w.start), words.fine(w.end)) for w in found.types)
    ends += tuple((w.name, words.quantity(w.start, w.unit), words.quantity(w.end, w.unit)) for w in found.questions)
    variant = f" (variant {found.variant})" if found.variant else ""
    return Card(
        title=f"{found.title}{variant}: the record followed to {found.until or 'its end'}",
        lines=(words.capital(found.misfit.text) + ".", *(m.text for m in found.matrices)),
        tables=(
            Table(heading="Events", columns=("", "what", "probability", "beliefs"), rows=few(events)),
            Table(heading="Before and after", columns=("", "before", "after"), rows=ends),
        ),
        notes=tuple(found.warnings),
    )  # fmt: skip
