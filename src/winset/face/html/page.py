"""From a brief's data to the page: fills the template with what each section shows."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from winset.base import words
from winset.face import over
from winset.face.html import (
    bargain,
    followed,
    form,
    mapped,
    mind,
    moving,
    play,
    series,
    timeline,
    uncertain,
    verdicts,
)
from winset.face.html.environment import environment, text_of
from winset.face.html.typeset import typeset

Json = dict[str, Any]


def render(brief: Json) -> str:
    """One self-contained page: no script, no request, readable offline, in light and dark and on paper.

    Args:
        brief: a brief's data, as `winset.brief` returns it.

    Returns:
        The text of an HTML document.
    """
    page = environment().get_template("page.html.j2").render(
        style=Markup(text_of("page.css")), changes=mind.sections(brief), uncertain=uncertain.sections(brief),
        along=followed.sections(brief.get("record"), play.looks(brief)), **_context(brief),
    )  # fmt: skip
    return typeset(re.sub(r"(?<=\d) (?=%|points\b)", "\N{NO-BREAK SPACE}", page))


def _context(brief: Json) -> Json:
    by_date = len(brief["forecast"]["dates"]) > 2
    look = play.looks(brief)
    heads = [q for q in brief["questions"] if q["headline"]] or brief["questions"][:3]
    variables, still = series.variables(brief) if by_date else ([], [])
    openings, unlikely = play.openings(brief)
    shared = brief["confidence"]
    claims = {c["id"]: verdicts.claim(c, shared) for c in brief["claims"]}
    lines = brief["bottom_line"]
    return {
        "brief": brief,
        "looks": look,
        "paragraphs": [part for part in re.split(r"\n\s*\n", brief["about"]) if part.strip()],
        "lines": [
            {**line, "ground": words.apart(line["confidence"], shared)}
            for line in lines
            if line["about"] not in claims and line["about"] != "more"
        ],
        "more": [line["text"] for line in lines if line["about"] == "more"],
        "sparks": series.sparks(brief) if by_date else {},
        "against_first": [claims[line["about"]] for line in lines if line["about"] in claims],
        "confidence": shared,
        "judgements": [verdicts.judgement(q, shared) for q in heads],
        "others": [verdicts.judgement(q, shared) for q in brief["questions"] if q not in heads],
        "curves": series.curves(brief) if by_date else [],
        "variables": variables,
        "still": still,
        "table": [] if by_date else series.short_table(brief),
        "actions": play.actions(brief, look) if by_date else [],
        "beliefs": series.beliefs(brief, look) if by_date else [],
        "openings": openings,
        "unlikely": unlikely,
        "timeline": timeline.timeline(brief, look),
        "form": form.form(brief, look),
        "maps": mapped.maps(brief, look),
        "space": bargain.space(brief),
        "waiting": moving.waiting(brief, look),
        "movers": moving.movers(brief),
        "claims": list(claims.values()),
        "tally": verdicts.tally(brief),
        "against": [claims[name] for name in brief["against"] if name in claims],
        "assumptions": [verdicts.assumption(a) for a in brief["assumptions"]],
        "over": over.claims(brief),
        "recorded": over.recorded(brief),
        "variants": verdicts.variants(brief),
        "certificate": verdicts.certificate(brief),
        "equilibria": verdicts.equilibria(brief),
        "heads": {q["name"]: words.heading(q["note"], q["name"]) for q in brief["questions"]},
    }
