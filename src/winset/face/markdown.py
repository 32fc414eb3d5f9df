"""A brief as Markdown: what the page shows, in its order, as text that reads well raw and rendered. No HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from winset.base import words
from winset.base.plain import moment, prose
from winset.face import changes, markdown_beside, markdown_figures, why
from winset.face.html import play, series, verdicts
from winset.face.html.typeset import curly
from winset.face.marks import code, table, text

Json = dict[str, Any]
KICKER = "Brief"
"""The first word below the title."""
_CODE = re.compile(r"(?<!\\)(``.*?``|`[^`\n]*`)")
DATES_SHOWN = 6
"""Dates in a table; more would be wider than sense. Every date stands in the data."""


def is_brief(found: str) -> bool:
    """Whether a text begins as those of `markdown` do; an empty one may be written over as well."""
    lines = [line for line in found.splitlines() if line.strip()][:2]
    return not lines or (len(lines) == 2 and lines[0].startswith("# ") and lines[1].startswith(KICKER))


def markdown(brief: Json) -> str:
    """The brief as a Markdown document.

    Args:
        brief: a brief's data, as `winset.brief` returns it.
    """
    parts: list[tuple[str, Callable[[Json], Iterator[str]]]] = [
        ("Key judgements", _judgements), ("Several equilibria", _equilibria),
        ("What moves the answers", markdown_figures.movers), ("Forecast", _forecast),
        ("Along the record", markdown_beside.record), ("Which reading the record favours", markdown_beside.matrices),
        ("Over what is uncertain", markdown_beside.robust), ("Hindcast", markdown_beside.hindcast),
        ("The bargaining space", markdown_figures.space), ("The game", markdown_figures.game),
        ("Where each side does what", markdown_figures.maps), ("What came out against the argument", _against),
        ("Claims", _claims), ("What would change our mind", _mind),
        ("Who gains from delay", _delay), ("Beliefs", _beliefs), ("Who does what", _strategies),
        ("The public state", _state), ("Variants", _variants), ("Assumptions", _assumptions),
        ("Other questions", _others), ("Certificate", _certificate), ("Sources", _sources), ("Stamp", _stamp),
    ]  # fmt: skip
    kicker = " · ".join(
        t for t in (KICKER, words.human(brief["variant"]) and f"variant {words.human(brief['variant'])}",
                    brief["stamp"]["file"]) if t
    )  # fmt: skip
    lines = [f"# {text(brief['title'])}", "", text(kicker), "", "## Bottom line", "", *_bottom_line(brief)]
    for title, part in parts:
        found = list(part(brief))
        if found:
            lines += ["", f"## {title}", "", *found]
    whole = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"
    return "".join(part if i % 2 else curly(part) for i, part in enumerate(_CODE.split(whole)))


def _bottom_line(brief: Json) -> Iterator[str]:
    for sentence in brief["bottom_line"]:
        yield f"- {text(sentence['text'])}"
        if ground := words.apart(sentence["confidence"], brief["confidence"]):
            yield f"  Confidence: {text(ground)}"
    yield ""
    if brief["confidence"]:
        yield f"Confidence, wherever nothing else is said: {text(brief['confidence'])}"
    certificate = verdicts.certificate(brief)
    if certificate["known"]:
        yield f"Certificate: {text(certificate['says'])}."
    yield "All of this holds inside the model, at the values it assumes; it is not a forecast of the world."
    for part in re.split(r"\n\s*\n", brief["about"]):
        if part.strip():
            yield f"\n{text(part)}"


def _heads(brief: Json) -> list[Json]:
    return [q for q in brief["questions"] if q["headline"]] or brief["questions"][:3]


def _judgements(brief: Json) -> Iterator[str]:
    yield from _questions(_heads(brief), brief["confidence"])


def _others(brief: Json) -> Iterator[str]:
    heads = _heads(brief)
    yield from _questions([q for q in brief["questions"] if q not in heads], brief["confidence"])


def _questions(asked: list[Json], shared: str) -> Iterator[str]:
    for number, question in enumerate(asked, 1):
        span = f"numerical range {question['span']}" if question["span"] else ""
        tail = ", ".join(t for t in (question["word"] or question["scale"], span) if t)
        yield f"{number}. **{text(question['title'])}: {question['shown']}**" + (f" ({text(tail)})." if tail else ".")
        if question["meaning"]:
            yield f"   {text(question['meaning'])}.{question['standing'] and ' ' + text(question['standing'])}"
        yield f"   {code(question['formula'])}"
        if question["undecided"]:
            yield f"   Undecided: {text(question['undecided'])}"
        if (told := why.shown(question["explanation"])) is not None:
            yield f"   Turns on: {text(told['sentence'])}"
            yield from (f"   {line}" if line else "" for line in markdown_figures.course(told))
        if ground := words.apart(question["confidence"], shared):
            yield f"   Confidence: {text(ground)}"


def _equilibria(brief: Json) -> Iterator[str]:
    found = verdicts.equilibria(brief)
    if found is None:
        return
    yield text(found["told"])
    yield ""
    for row in found["rows"]:
        answers = [f"{words.human(n)} {a}" for n, a in zip(found["names"], row["answers"], strict=True)]
        said = f"{'; '.join(answers)}; residual {row['residual']}, gain {row['gain']}."
        yield f"- **{text(row['origin'])}**: {text(said)}"


def _dates(brief: Json) -> list[int]:
    count = len(brief["forecast"]["dates"])
    shown = min(DATES_SHOWN, count)
    return sorted({round(i * (count - 1) / max(shown - 1, 1)) for i in range(shown)})


def _labels(brief: Json, picked: list[int]) -> list[str]:
    return [text(words.date_label(brief["forecast"]["dates"][i])) for i in picked]


def _forecast(brief: Json) -> Iterator[str]:
    curves = brief["forecast"]["curves"]
    if len(brief["forecast"]["dates"]) < 3 or not curves:
        return
    picked = _dates(brief)
    yield "How likely it is, seen from the start, that each has ever come about by the end of each round."
    titles = {q["name"]: words.heading(q["note"], q["name"]) for q in _heads(brief)}
    for question in dict.fromkeys(c["question"] for c in curves if c["question"] in titles):
        own = [c for c in curves if c["question"] == question]
        yield f"\n**{text(titles[question])}**: {text(series.up_to(own[0]['event']))}.\n"
        rows = [
            [text(words.human(c["variant"]) or "base"), *(words.percent(c["probability"][i]) for i in picked)]
            for c in sorted(own, key=lambda c: bool(c["variant"]))
        ]
        yield from table(["variant", *_labels(brief, picked)], rows)
    marks = [f"{words.human(m['name'])} {moment(m['date'])}" for m in brief["forecast"]["marks"]]
    if marks:
        yield f"Named dates: {text(', '.join(marks))}."


def _against(brief: Json) -> Iterator[str]:
    claims = {c["id"]: c for c in brief["claims"]}
    for name in brief["against"]:
        if name in claims:
            claim = claims[name]
            who = text(words.by(claim["by"]))
            yield f"- **{claim['verdict']}** “{text(claim['quote'])}” {who}. {text(claim['why'])}"


def _claims(brief: Json) -> Iterator[str]:
    if not brief["claims"]:
        return
    told = words.counted([c["verdict"] for c in brief["claims"]])
    yield f"{told}. A verdict is the model's, at the central values of its assumptions; it is not the world's."
    for given in brief["claims"]:
        claim = verdicts.claim(given, brief["confidence"])
        yield f"\n### {claim['sign']} {claim['verdict']}: “{text(claim['quote'])}”"
        source = f", {text(claim['source'])}" if claim["source"] else ""
        yield f"\n{text(claim['by'])}, {claim['kind']}{source}."
        if claim["note"]:
            yield f"\nRead as: {text(claim['note'])}"
        if not claim["numbers"]:
            yield f"\n{text(claim['why'])}"
        if claim["rows"]:
            yield "\n" + "\n".join(f"- {text(row['said'])}" for row in claim["rows"])
        if claim["numbers"]:
            yield ""
            for part in claim["numbers"]:
                yield f"- {text(part['meaning'])}: **{part['shown']}**"
        if claim["reason"] and claim["numbers"]:
            yield f"\n{text(words.capital(claim['reason'].rstrip('.')))}."
        yield from markdown_figures.turns_on(claim["explanation"])
        if claim["formula"]:
            yield f"\nHolds if {code(claim['formula'])}. {text(claim['gap'])}".rstrip()
        if claim["ground"]:
            yield f"\nConfidence: {text(claim['ground'])}"


def _mind(brief: Json) -> Iterator[str]:
    weak, rows, rest = changes.weak(brief), changes.changing(brief), changes.rest(brief)
    if weak:
        yield "The weakest verdicts, the weakest first:\n"
        for number, one in enumerate(weak, 1):
            yield f"{number}. {one['sign']} {one['verdict']}: “{text(one['quote'])}” {text(one['why'])}"
        yield ""
    if rows:
        yield "How far each answer lies from another word, and the solved variants that change it:\n"
        for row in rows:
            yield f"- **{text(row['title'])}** {text(row['told'])} Changed by: {text(row['flips'])}."
        yield ""
    if rest:
        yield text(rest)


def _delay(brief: Json) -> Iterator[str]:
    if brief["delay"] is None:
        return
    found = changes.delay_table(brief)
    yield text(brief["delay"]["told"])
    yield (
        "\nThe start against the same public state and beliefs later. For so long nobody moves, chance draws nothing "
        "and only the payoffs of each round are paid: a standstill, in which neither side can use the time; then the "
        "game goes on as solved. Figures: what the side then "
        "expects, discounted to the start, less what it expects without the delay, in its own units of payoff.\n"
    )
    rows = [[f"**{text(r['name'])}**" if r["player"] else text(r["name"]), *r["cells"]] for r in found["rows"]]
    yield from table(found["head"], rows)
    if brief["delay"]["missing"]:
        yield f"No number: {text(brief['delay']['missing'])}."


def _beliefs(brief: Json) -> Iterator[str]:
    if len(brief["forecast"]["dates"]) < 3 or not brief["beliefs"]:
        return
    picked = _dates(brief)
    yield (
        "What the public comes to believe of each player: the mean over histories, and in brackets the lowest and the "
        "highest tenth of histories.\n"
    )
    rows = []
    for one in brief["beliefs"]:
        cells = [f"{words.percent(one['mean'][i])} ({_pair(one['q10'][i], one['q90'][i])})" for i in picked]
        who = f"{words.capital(words.human(one['player']))} is {words.human(one['type'])}"
        rows.append([text(who), words.percent(one["start"]), *cells])
    yield from table(["belief", "start", *_labels(brief, picked)], rows)


def _pair(low: float, high: float) -> str:
    return words.band(low, high, "probability") or words.percent(low)


def _strategies(brief: Json) -> Iterator[str]:
    openings, unlikely = play.openings(brief)
    if openings:
        yield "The opening moves by private type, along the likeliest history."
    for one in openings:
        where = "at the start" if one["first"] else f"reached with {words.percent(one['reached'])}"
        state = f", {one['state']}" if one["state"] else ""
        who = text(words.capital(words.human(one["player"])))
        yield f"\n**{who}**, {text(one['move'])}, {one['round']} ({text(where + state)}):\n"
        head = ["action", *("every type" if t == "only" else text(f"if {words.human(t)}") for t in one["types"])]
        yield from table(head, [[text(words.human(a)), *map(words.percent, values)] for a, values in one["rows"]])
        if one["left_out"]:
            yield f"{words.plural(one['left_out'], 'other')}, each below 1 %."
    if unlikely:
        yield f"{words.plural(unlikely, 'later move')} left out, on a history less likely than 5 %."
    if len(brief["forecast"]["dates"]) < 3:
        return
    for group in play.actions(brief, play.looks(brief)):
        yield f"\n**{text(words.capital(words.human(group['actor'])))}**: how likely each action is in a round.\n"
        rows = [
            [text(f"{words.human(r['action'])} ({words.human(r['move'])})"), words.percent(r["first"]),
             f"{words.percent(r['peak'])}, {words.round_label(r['when'])}"]
            for r in group["rows"]
        ]  # fmt: skip
        yield from table(["action", "first round", "highest"], rows)


def _state(brief: Json) -> Iterator[str]:
    picked = _dates(brief)
    still = series.variables(brief)[1] if len(brief["forecast"]["dates"]) > 2 else []
    for one in brief["forecast"]["variables"]:
        quiet = any(s.startswith(f"{words.human(one['name'])} (") for s in still)
        if quiet:
            continue
        head = [text(words.human(one["name"])), *_labels(brief, picked)]
        if one["kind"] == "numbers":
            rows = [["mean", *(words.figure(round(one["mean"][i], 2)) for i in picked)]]
            for share, (low, high) in one["bands"].items():
                cells = [f"{words.figure(low[i])} to {words.figure(high[i])}" for i in picked]
                rows.append([f"{share} % of histories", *cells])
        else:
            pairs = zip(one["values"], one["probability"], strict=True)
            rows = [
                [text(words.human(v)), *(words.percent(p[i]) for i in picked)]
                for v, p in pairs
                if max(p) >= series.SEEN
            ]
        yield from table(head, rows)
    if still:
        yield f"Always the same at the end of a round: {text(words.listing(still))}."


def _variants(brief: Json) -> Iterator[str]:
    found = verdicts.variants(brief)
    if found["rows"]:
        yield "Each changes what it names and nothing else. In brackets: points more or less than the base.\n"
        rows = [["**base**", *(f"**{v}**" for v in found["base"])]]
        for row in found["rows"]:
            rows.append([text(words.human(row["name"])), *(_cell(c) for c in row["cells"])])
        yield from table(["variant", *map(text, found["columns"])], rows)
    for title, listed in (
        ("", [*found["rows"], *found["others"]]),
        ("Not solved for this brief, since no question or claim reads them:", found["unsolved"]),
    ):
        if title and listed:
            yield f"\n{title}\n"
        for variant in listed:
            told = "; ".join(t for t in (variant["note"], words.altered(variant)) if t)
            yield f"- **{text(words.human(variant['name']))}**: {text(told)}."


def _cell(cell: Json) -> str:
    return f"{cell['shown']} ({cell['change']})" if cell["change"] else str(cell["shown"])


def _assumptions(brief: Json) -> Iterator[str]:
    if not brief["assumptions"]:
        return
    yield "Every number the scenario puts in. A verdict is no better than these.\n"
    for given in map(verdicts.assumption, brief["assumptions"]):
        span = f" ({given['range']})" if given["range"] else ""
        unit = f" {given['unit']}" if given["unit"] else ""
        ground = "; ".join(t for t in (given["note"], given["source"] and f"[{given['source']}]") if t)
        line = f"- **{text(words.human(given['name']))}** {text(given['shown'] + unit + span)}, {given['status']}"
        yield line + (f": {text(ground)}" if ground else "")


def _certificate(brief: Json) -> Iterator[str]:
    found = verdicts.certificate(brief)
    if found["known"]:
        yield f"**{text(found['says'])}.** {text(found['means'])}\n"
    rows = [[text(r["tests"]), code(r["name"]), r["shown"], r["limit"] or words.UNKNOWN] for r in found["rows"]]
    yield from table(["what is tested", "name", "figure", "limit"], rows, left=2)
    for warning in brief["warnings"]:
        yield f"- {text(prose(warning))}"


def _sources(brief: Json) -> Iterator[str]:
    for key, said in brief["sources"].items():
        yield f"- **{text(key)}**: {text(said)}"


def _stamp(brief: Json) -> Iterator[str]:
    stamp, size = brief["stamp"], brief["size"]
    yield f"- scenario: {text(stamp['file'])}, {code(stamp['scenario'])}"
    yield f"- definition: logit equilibrium, {text(stamp['definition'])}"
    settings = []
    for key, value in stamp["settings"].items():
        if isinstance(value, dict):
            value = ", ".join(f"{words.human(p)} {words.number(x)}" for p, x in value.items())
        settings.append(f"{words.human(key)} {value if isinstance(value, str) else words.number(value)}".rstrip())
    yield f"- settings: {text('; '.join(settings))}"
    yield (
        f"- size: {size['states']:,} states, {size['stages']:,} stages, {size['belief_nodes']:,} belief nodes, "
        f"{size['cells']:,} cells"
    )
    yield f"- versions: {', '.join(f'{k} {v}' for k, v in stamp['versions'].items())}"
