"""The page that answers an argument: its mechanisms one by one, then its sentences one by one.

`python -m winset.face.article NAME PAGE --with record.json robust.json` solves what it needs and writes the page, with
what `winset follow` and `winset robust` found beside it. A mechanism without a variant that
switches it off, a sentence without a verdict, or a number that the list should have and the scenario lacks is told, and
nothing is written; with `--partial` the page is written and lists what is missing first.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import winset
from winset.base import words
from winset.face import over

Json = dict[str, Any]
ROWS_SHOWN = 3
STEPS_SHOWN = 4
MISSING = "Not in the scenario yet"


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the page; 2 where something is missing and `--partial` was not given."""
    parser = argparse.ArgumentParser(prog="python -m winset.face.article", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("name", help="a name of `winset list`, or a scenario file")
    parser.add_argument("page", type=Path, help="the Markdown file to write")
    parser.add_argument("--mechanisms", type=int, default=0, help="how many the list has: M1, M2, …")
    parser.add_argument("--claims", type=int, default=0, help="how many sentences the list has")
    parser.add_argument("--partial", action="store_true", help="write the page although something is missing")
    parser.add_argument("--with", nargs="+", type=Path, default=[], dest="beside", metavar="FILE",
                        help="what follow and robust wrote with --json")  # fmt: skip
    given = parser.parse_args(arguments)
    scenario = winset.read(given.name)
    results = [json.loads(path.read_text(encoding="utf-8")) for path in given.beside]
    wanted = [f"M{i}" for i in range(1, given.mechanisms + 1)], list(range(1, given.claims + 1))
    lacking = absent(scenario, *wanted)
    if lacking and not given.partial:
        return _complain(lacking)
    brief = dict(winset.beside(winset.brief(scenario, all_variants=True), scenario=scenario, results=results))
    lacking += unanswered(scenario, brief)
    if lacking and not given.partial:
        return _complain(lacking)
    given.page.write_text(page(scenario, brief, lacking), encoding="utf-8")
    return 0


def _complain(lacking: Iterable[str]) -> int:
    for line in lacking:
        print(f"missing: {line}", file=sys.stderr)
    print("nothing was written; mend the scenario, or write what there is with --partial", file=sys.stderr)
    return 2


def absent(scenario: winset.Scenario, labels: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """What the lists should have and the scenario does not: mechanisms, off-switches, sentences."""
    known = {m.name for m in scenario.mechanisms}
    off = {label for v in scenario.variants for label in (*v.switches_off, *v.switches_on)}
    there = {c.number for c in scenario.claims}
    out = [f"the mechanism {label}" for label in labels if label not in known]
    out += [f"a variant that switches off {m.name} ({m.part})" for m in scenario.mechanisms if m.name not in off]
    out += [f"what carries {m.name} ({m.part})" for m in scenario.mechanisms if not m.carried_by]
    return out + [f"a claim with the number {n}" for n in numbers if n not in there]


def unanswered(scenario: winset.Scenario, brief: Json) -> list[str]:
    """Rows that would be empty once everything is solved."""
    effects = {v["name"]: v["effects"] for v in brief["variants"]}
    out = [
        f"the effect of {v.name} on a headline probability"
        for v in scenario.variants
        if (v.switches_off or v.switches_on) and not effects.get(v.name)
    ]
    return out + [f"a reason or a number for the claim {c['id']}" for c in brief["claims"] if not _answer(c)]


def page(scenario: winset.Scenario, brief: Json, lacking: Sequence[str] = ()) -> str:
    """The page as Markdown.

    Args:
        scenario: the scenario.
        brief: its brief, with every variant solved, and what was found over draws and from the record laid beside it.
        lacking: what is missing, told first.
    """
    parts = [_head(brief)]
    if lacking:
        parts.append(f"## {MISSING}\n\n" + "\n".join(f"- {line}" for line in lacking) + "\n")
    parts += [_mechanisms(scenario), _effects(scenario, brief), _claims(brief), _held(brief)]
    return "\n".join(parts)


def _head(brief: Json) -> str:
    stamp = brief["stamp"]
    versions = ", ".join(f"{name} {number}" for name, number in stamp["versions"].items())
    tally = words.counted([c["verdict"] for c in brief["claims"]])
    return f"""# The article, mechanism by mechanism and sentence by sentence

This page is made from the scenario `{stamp["file"].removesuffix(".yaml")}` (`make article`); do not edit it by hand.
Every number is the model's at the central values of its assumptions, every fact the record files'.
Claims: {tally}.

- scenario: `{stamp["scenario"]}`
- computed with {versions}; {stamp["settings"]["grid"]} inner belief nodes a dimension
"""


def carriers(scenario: winset.Scenario, mechanism: Any) -> str:
    """The names that carry a mechanism, each with its lines in the file: `staller (99), listen (159)`."""
    told = []
    for carrier in mechanism.carried_by:
        lines = ", ".join(map(str, scenario.lines(carrier.name)))
        told.append(f"`{carrier.name}` ({lines})")
    return ", ".join(told)


def _mechanisms(scenario: winset.Scenario) -> str:
    rows = [
        (m.name, m.part, carriers(scenario, m), _switches(scenario, m.name), m.simplified) for m in scenario.mechanisms
    ]
    table = _table(
        ("mechanism", "the part", "carried by (line)", "switched off by", "simplified, and what it costs"), rows
    )
    return f"## Mechanisms\n\nThe numbers in brackets are lines of the scenario's file.\n\n{table}"


def _switches(scenario: winset.Scenario, label: str) -> str:
    """The variants that switch a mechanism off, or on where the base is without it."""
    off, on = ([f"`{v}`" for v in found] for found in (_off(scenario, label), _on(scenario, label)))
    return ", ".join(off) if off else f"off in the base; switched on by {words.listing(on)}"


def _off(scenario: winset.Scenario, label: str) -> list[str]:
    """The variants that switch it off, and nothing else where there are such."""
    found = [v for v in scenario.variants if label in v.switches_off]
    alone = [v.name for v in found if len(v.switches_off) == 1]
    return alone or [v.name for v in found]


def _on(scenario: winset.Scenario, label: str) -> list[str]:
    return [v.name for v in scenario.variants if label in v.switches_on]


def _effects(scenario: winset.Scenario, brief: Json) -> str:
    """What switching off does to the headline probabilities; both sides on the grid on which variants are compared."""
    effects = {v["name"]: {e["question"]: e for e in v["effects"]} for v in brief["variants"]}
    asked = list(dict.fromkeys(e["question"] for v in brief["variants"] for e in v["effects"]))
    notes = {q["name"]: words.heading(q["note"], q["name"]) for q in brief["questions"]}
    base = {e["question"]: e["base"] for v in brief["variants"] for e in v["effects"]}
    rows: list[tuple[str, ...]] = [("all", "as it is", *(words.percent(base[q]) for q in asked))]
    for mechanism in scenario.mechanisms:
        off = _off(scenario, mechanism.name)
        for variant in off or _on(scenario, mechanism.name):
            cells = [_moved(effects.get(variant, {}).get(q)) for q in asked]
            rows.append((mechanism.name, f"{'without' if off else 'with'} it: `{variant}`", *cells))
    table = _table(("mechanism", "variant", *(notes[q] for q in asked)), rows)
    told = (
        "Probabilities with the mechanism switched off (or on, where the base is without it), and by how many points "
    )
    told += "they moved."
    return f"## What switching off does\n\n{told}\n\n{table}"


def _moved(effect: Json | None) -> str:
    if effect is None:
        return ""
    return f"{words.percent(effect['variant'])} ({words.points(effect['variant'] - effect['base'])})"


def _claims(brief: Json) -> str:
    numbered = sorted((c for c in brief["claims"] if c["number"]), key=lambda c: c["number"])
    others = [c for c in brief["claims"] if not c["number"]]
    columns = ("number", "sentence", "kind", "verdict", "what it rests on")
    text = f"## Sentences\n\n{_table(columns, map(claim_row, numbered))}"
    return text + (f"\nNot in the article:\n\n{_table(columns, map(claim_row, others))}" if others else "")


def _held(brief: Json) -> str:
    """What became of each sentence over all draws and given the record; "" where neither was laid beside the brief."""
    drawn, record = brief.get("robust"), brief.get("record")
    told = []
    if drawn:
        counts = {over.count(c) for c in drawn["claims"]} - {0}
        fewer = f"; what reads a variant in the first {min(counts)} of them" if len(counts) > 1 else ""
        told.append(words.capital(over.how(drawn)) + fewer)
        told += [over.quality(drawn).rstrip("."), over.failed(drawn), over.minority(drawn)]
    if record:
        told.append(f"The record is followed to {record['until']}")
    if not told:
        return ""
    shares, recorded = over.claims(brief), over.recorded(brief)
    rows = [
        (
            str(claim["number"]) if claim["number"] else "–", f"“{claim['quote']}”",
            f"{words.SIGNS[claim['verdict']]} {claim['verdict']}",
            *(part or "–" for part in shares.get(claim["id"], ("", ""))), recorded.get(claim["id"], "–"),
        )
        for claim in sorted(brief["claims"], key=lambda c: c["number"] or len(brief["claims"]) + 1)
    ]  # fmt: skip
    columns = ("number", "sentence", "centrally", "over the draws", "turns on", "given the record")
    text = textwrap.fill(". ".join(part for part in told if part) + ".", 120, break_on_hyphens=False)
    return f"## Over everything uncertain, and given the record\n\n{text}\n\n{_table(columns, rows)}"


def claim_row(claim: Json) -> tuple[str, ...]:
    """A sentence's row: number, words and speaker, kind, verdict, and its numbers, rows or reason."""
    number = str(claim["number"]) if claim["number"] else "–"
    said = f"“{claim['quote']}” ({claim['by']})"
    return number, said, claim["kind"], f"{words.SIGNS[claim['verdict']]} {claim['verdict']}", _answer(claim)


def _answer(claim: Json) -> str:
    """How a claim was read, what came out and on what it turns, the course or the rows of record files behind it."""
    out = claim["why"]
    if out and claim["note"]:
        out = f"Read as: {claim['note'].rstrip('.')}. {out}"
    told = claim["explanation"]
    if told is not None:
        out += f" Turns on: {told['sentence'].rstrip('.')}."
        if told["witness"] is not None:
            out += f" {'A typical' if told['witness']['step'] else 'Likeliest'} course: {_course(told['witness'])}."
    shown = [words.row(row) for row in claim["rows"][:ROWS_SHOWN]]
    left = len(claim["rows"]) - len(shown)
    shown += [f"and {words.plural(left, 'row')} more"] if left else []
    return f"{out} Rows: {'; '.join(shown)}." if shown else out


def _course(witness: Json) -> str:
    """The last steps of a course of play, with the probability of the whole."""
    steps = witness["steps"]
    said = "; ".join(f"{step['date']} {step['text']}" for step in steps[-STEPS_SHOWN:])
    return f"{'… ' if len(steps) > STEPS_SHOWN else ''}{said} ({words.fine(witness['probability'])})"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    sys.exit(main())
