"""What other verbs found, as Markdown: the record followed, draws over what is uncertain, a hindcast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from winset.base import words
from winset.face import over
from winset.face.html import followed, uncertain
from winset.face.marks import table, text

Json = dict[str, Any]


def record(brief: Json) -> Iterator[str]:
    """Events with what each says and moves, and whether the model fits."""
    found = brief.get("record")
    if not found:
        return
    variant = f" In the variant {words.human(found['variant'])}." if found["variant"] else ""
    yield f"{text(words.capital(found['misfit']['text']))}.{text(variant)}\n"
    events = [e for e in found["entries"] if e["kind"] == "event"]
    rows = []
    for number, entry in enumerate(events, 1):
        told = followed.event(entry, found, number)
        based = "; ".join(_row(row) for row in told["rows"] if row["text"])
        seen = f"{told['who']}: {told['says']}{f' – {based}' if based else ''}"
        said = "; ".join([*told["beliefs"], *told["moves"]])
        expected = f" ({told['expected']})" if told["expected"] else ""
        rows.append([told["date"], text(seen), text(said), told["chance"], told["bits"] + expected])
    head = ["date", "what was seen", "what it says and moves", "chance", "surprise (expected), bits"]
    yield from table(head, rows, left=3)
    for fall in followed.falls(found):
        changes = [
            [text(c.name), ("+" if c.by > 0 else "") + words.points(c.by)] for c in followed.changes(fall["parts"])
        ]
        yield (
            f"**{text(words.capital(words.human(fall['name'])))}**: {words.percent(fall['start'])} to "
            f"{words.percent(fall['end'])}; the parts add up to the change.\n"
        )
        yield from table(["what", "points"], changes)


def _row(row: Json) -> str:
    """A row of the record in the words of its table, with its source."""
    source = f" ({row['source']})" if row["source"] else ""
    return f"{row['text']}{source}{'' if row['checked'] else ', unchecked'}"


def matrices(brief: Json) -> Iterator[str]:
    """Rival readings weighed by the record."""
    for given in (brief.get("record") or {}).get("matrices", []):
        shown = followed.matrix(given)
        yield f"**{text(shown['title'])}.** {text(shown['text'])}\n"
        rows = [
            [f"{row['date']} {text(row['label'])}", *(f"{symbol} {ratio}" for symbol, ratio in row["cells"])]
            for row in shown["rows"]
        ]
        rows += [["before the record", *shown["prior"]], ["after it", *shown["posterior"]]]
        yield from table(["sighting", *(text(c) for c in shown["columns"])], rows)
        yield (
            "CC and C speak for a reading, N for neither side, I and II against it; the ratio is the likelihood of "
            "what was seen against the other readings together.\n"
        )
        if shown["fewer"]:
            yield f"{words.plural(shown['fewer'], 'less diagnostic sighting')} not shown.\n"


def robust(brief: Json) -> Iterator[str]:
    """Answers and verdicts over the draws."""
    found = brief.get("robust")
    if not found:
        return
    yield f"{text(words.capital(over.how(found)))}. {text(over.quality(found))} {text(over.failed(found))}\n"
    if against := over.minority(found):
        yield f"{text(against)}.\n"
    rows = [
        [text(words.human(q["name"])), *(over.figure(v, q["unit"]) for v in (q["central"], *q["quantiles"][::2]))]
        for q in found["questions"]
        if q["count"]
    ]
    yield from table(["question", "central", "5 %", "median", "95 %"], rows)
    claims = [
        [
            f"“{text(c['quote'] or words.human(c['name']))}”",
            c["central"] or "no verdict",
            text(over.turns(c)),
            text(over.share(c)),
        ]
        for c in found["claims"]
    ]
    yield from table(["claim", "centrally", "turns on", "over the draws"], claims, left=4)


def hindcast(brief: Json) -> Iterator[str]:
    """What the scenario would have said, and how it scored."""
    found = brief.get("hindcast")
    if not found:
        return
    shown = uncertain.hindcast_context(found)
    yield "What it got wrong, the worst first:\n"
    for miss in shown["misses"]:
        told = (
            f"{miss['event']} by {miss['deadline']}: {miss['said']} on {miss['date']}; {miss['came']}. {miss['told']}"
        )
        yield f"- {text(told)}"
    variant = f" In the variant {words.human(shown['variant'])}." if shown["variant"] else ""
    yield f"\n{text(shown['scores'])} {text(shown['how'])}{text(variant)}\n"
    rows = [
        [text(r["name"]), str(r["forecasts"]), r["brier"], r["own"], f"{r['skill']} {r['band']}".strip()]
        for r in shown["references"]
    ]
    yield from table(["reference", "forecasts", "its Brier score", "own", "skill (90 %)"], rows)
    rows = [
        [text(e["name"]), e["by"], e["happened"], str(e["count"]), e["first"], e["last"], e["brier"]]
        for e in shown["events"]
    ]
    yield from table(["event", "by", "happened", "forecasts", "first", "last", "Brier"], rows, left=3)
    for warning in shown["warnings"]:
        yield f"- {text(words.capital(warning))}.\n"
