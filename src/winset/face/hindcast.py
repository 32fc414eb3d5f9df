"""A hindcast as plain text within a given width: what it got wrong comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from winset.base import words
from winset.base.columns import columns, wrapped

Json = dict[str, Any]
Paint = Callable[[str, str], str]
MOST_DATES = 12
"""Rows of a table by date; of more, an even choice is shown."""
HAPPENED = {True: "yes", False: "no", None: "not known"}


def lines(data: Json, width: int = 80, paint: Paint = lambda text, style: text) -> list[str]:
    """The report as lines of text.

    Args:
        data: a hindcast's data.
        width: columns to stay within.
        paint: colours a text in a style (`bold`, `dim`, `good`, `bad`); by default leaves it plain.
    """
    out: list[str] = []
    for part in (_title, _misses, _scores, _references, _events, _bins, _dates, _public, _notes):
        found = list(part(data, width, paint))
        if found:
            out += [*([""] if out else []), *found]
    return out


def _title(data: Json, width: int, paint: Paint) -> Iterator[str]:
    stamp = data["stamp"]
    variant = f" (variant {stamp['variant']})" if stamp["variant"] else ""
    for line in wrapped(f"{data['title']}{variant}: hindcast, {stamp['start']} to {stamp['end']}", width):
        yield paint(line, "bold")
    yield from wrapped(manner(data), width)


def manner(data: Json) -> str:
    """How the forecasts were made, in a sentence."""
    stamp = data["stamp"]
    drawn = "at the scenario's values"
    if any(d["parameters"] for d in data["dates"]):
        drawn = f"over {words.plural(stamp['draws'], 'draw')} of the parameters"
    more = f" ({stamp['solved']} points solved in all)" if stamp["solved"] > stamp["draws"] else ""
    return f"Each forecast is made on the first day of a round from the record up to the day before, {drawn}{more}."


def _misses(data: Json, width: int, paint: Paint) -> Iterator[str]:
    yield paint("What it got wrong, the worst first", "bold")
    if not data["misses"]:
        yield from wrapped("No forecast gave what happened less than one half.", width, "  ")
    for miss in data["misses"]:
        came = "it happened" if miss["happened"] else "it did not happen"
        text = f"{miss['event']} by {miss['deadline']}: {words.percent(miss['probability'])} on {miss['date']}; {came}"
        yield from (paint(line, "bad") for line in wrapped(text, width, "  ", "    "))
        for sentence in miss["told"]:
            yield from wrapped(sentence, width, "    ")


def _scores(data: Json, width: int, paint: Paint) -> Iterator[str]:
    score = data["scores"]
    yield paint("Scores", "bold")
    if not score["resolved"]:
        yield from wrapped(f"None of {words.plural(score['forecasts'], 'forecast')} can be scored.", width, "  ")
        return
    yield from wrapped(
        f"{words.plural(score['resolved'], 'forecast')} of {words.plural(score['events'], 'event')}: Brier score "
        f"{_number(score['brier'])}, log score {_loss(score['log'])} nats; 0 is perfect. Of the Brier score: "
        f"reliability {_number(score['reliability'])} (0 is best), resolution {_number(score['resolution'])} (more is "
        f"better), uncertainty of what happened {_number(score['uncertainty'])}, within bins "
        f"{_number(score['within'])}.", width, "  ",
    )  # fmt: skip
    if score["unresolved"]:
        yield from wrapped(f"{words.plural(score['unresolved'], 'forecast')} more have no known outcome.", width, "  ")


def _references(data: Json, width: int, paint: Paint) -> Iterator[str]:
    compared = [r for r in data["references"] if r["forecasts"]]
    if not compared:
        return
    yield paint("Against others: skill is the share of their loss that is saved", "bold")
    for score, title, own in (("brier", "Brier", "own_brier"), ("log", "log", "own_log")):
        rows = [(f"{title} score of", "forecasts", "theirs", "own", "skill, 90 % interval")]
        for one in compared:
            skill = next((s for s in one["skill"] if s["score"] == score), None)
            rows.append(
                (one["name"], str(one["forecasts"]), _loss(one[score]), _loss(one[own]), _skill(skill))
            )  # fmt: skip
        yield from columns(rows, width=width, right=(1, 2, 3))
    for one in compared:
        yield from wrapped(f"{one['name']}: {one['about']}.", width, "  ", "    ")
    yield from wrapped("Intervals draw whole events with all their forecasts, with replacement.", width, "  ")


def _events(data: Json, width: int, paint: Paint) -> Iterator[str]:
    yield paint("Events", "bold")
    rows = [("event", "by", "happened", "forecasts", "first", "last", "Brier", "log")]
    for event in data["events"]:
        for deadline in event["deadlines"]:
            told = deadline["forecasts"]
            first, last = ((words.percent(told[i]["probability"]) if told else "") for i in (0, -1))
            settled = deadline["on"] if deadline["happened"] else HAPPENED[deadline["happened"]] if told else ""
            rows.append(
                (
                    event["name"], deadline["deadline"], settled, str(len(told)), first, last,
                    _number(deadline["brier"]), "" if deadline["brier"] is None else _loss(deadline["log"]),
                )
            )  # fmt: skip
    yield from columns(rows, width=width, right=(3, 4, 5, 6, 7))


def _bins(data: Json, width: int, paint: Paint) -> Iterator[str]:
    bins = data["scores"]["bins"]
    if not bins:
        return
    yield paint("Reliability: how often it happened where it was said to be so likely", "bold")
    rows = [("said", "forecasts", "events", "mean", "happened", "if reliable, 90 %", "")]
    for b in bins:
        expected = f"{words.percent(b['expected_low'])} to {words.percent(b['expected_high'])}"
        rows.append(
            (
                f"{words.percent(b['low'])} to {words.percent(b['high'])}", str(b["forecasts"]), str(b["events"]),
                words.percent(b["mean"]),
                words.percent(b["frequency"]), expected, "" if b["fits"] else "outside",
            )
        )  # fmt: skip
    yield from columns(rows, width=width, right=(1, 2, 3, 4))


def _dates(data: Json, width: int, paint: Paint) -> Iterator[str]:
    yield paint("Dates: what was known, and how many draws bear it", "bold")
    dates = data["dates"]
    names = list(dict.fromkeys(name for d in dates for name in _first_types(d["beliefs"])))[:3]
    rows, marked = [("date", "rows", "effective", *names)], False
    for d in _some(dates):
        mark = "" if d["enough"] else " !"
        marked |= bool(mark)
        beliefs = [words.percent(d["beliefs"][n]) if n in d["beliefs"] else "" for n in names]
        rows.append((d["date"], str(d["reports"]), f"{d['ess']:.0f}{mark}", *beliefs))
    yield from columns(rows, width=width, right=tuple(range(1, len(rows[0]))))
    if marked:
        yield from wrapped("!: these weights cannot be relied on; why stands at the end.", width, "  ")
    learnt = _learnt(dates[-1]["parameters"]) if dates else []
    if learnt:
        yield from wrapped(f"Parameters that the record moved most by {dates[-1]['date']}:", width, "  ")
        yield from columns(learnt, width=width, indent=4, right=(1, 2))


def _first_types(beliefs: Json) -> list[str]:
    """One type of each player; of two the other says nothing more."""
    seen: set[str] = set()
    return [n for n in beliefs if (who := n.split(" is ")[0]) not in seen and not seen.add(who)]  # type: ignore[func-returns-value]


def _learnt(parameters: Sequence[Json]) -> list[tuple[str, ...]]:
    """The parameters whose middle 80 % moved or narrowed most, in units of what it was before."""

    def moved(p: Json) -> float:
        width = p["prior_high"] - p["prior_low"]
        return float(abs(p["mean"] - p["prior_mean"]) / width) if width > 0 else 0.0

    chosen = [p for p in sorted(parameters, key=moved, reverse=True) if moved(p) > 0.1][:5]
    if not chosen:
        return []
    rows: list[tuple[str, ...]] = [("", "before", "now", "80 % now")]
    for p in chosen:
        interval = f"{p['low']:.3g} to {p['high']:.3g}"
        rows.append((p["name"], f"{p['prior_mean']:.3g}", f"{p['mean']:.3g}", interval))
    return rows


def _public(data: Json, width: int, paint: Paint) -> Iterator[str]:
    if not data["public"]:
        return
    yield paint("Public forecasts of the same rounds", "bold")
    rows = [("event", "by", "question", "made", "n", "public", "own", "happened")]
    for m in data["public"]:
        rows.append(
            (
                m["event"], m["deadline"], m["question"], m["first"][:7], str(m["count"]), words.percent(m["public"]),
                words.percent(m["own"]), HAPPENED[m["happened"]],
            )
        )  # fmt: skip
    yield from columns(rows, width=width, wide=2, right=(4, 5, 6))


def _notes(data: Json, width: int, paint: Paint) -> Iterator[str]:
    if data["warnings"] or data["failures"]:
        yield paint("Mind", "bold")
    for warning in data["warnings"]:
        yield from wrapped(f"{words.capital(warning)}.", width, "  ", "    ")
    for failure in data["failures"][:3]:
        yield from wrapped(f"A draw failed: {failure}", width, "  ", "    ")


def _some(rows: Sequence[Json]) -> list[Json]:
    if len(rows) <= MOST_DATES:
        return list(rows)
    return [rows[round(i * (len(rows) - 1) / (MOST_DATES - 1))] for i in range(MOST_DATES)]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _loss(value: float | None) -> str:
    """A mean score of forecasts that there are; JSON has no infinity."""
    return "infinite" if value is None else f"{value:.3f}"


def _skill(skill: Json | None) -> str:
    if skill is None or skill["value"] is None:
        return "no value"
    if skill["low"] is None:
        return f"{skill['value']:+.2f}"
    return f"{skill['value']:+.2f} ({skill['low']:+.2f}, {skill['high']:+.2f})"


__all__ = ["lines", "manner"]
