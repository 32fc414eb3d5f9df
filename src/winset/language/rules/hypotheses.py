"""The rules for competing hypotheses: variants and players that are there, each hypothesis another one."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from winset.base.errors import ScenarioError
from winset.language.lexer import shown
from winset.language.reader import Reader, nearest
from winset.language.scenario import Scenario
from winset.language.variants import apply
from winset.language.weighed import Hypotheses


def hypotheses(scenario: Scenario, reader: Reader) -> None:
    """Applies the rules."""
    for one in scenario.hypotheses:
        if one.among:
            _variants(scenario, one, reader)
        elif one.types_of:
            _types(scenario, one, reader)


def _variants(scenario: Scenario, one: Hypotheses, reader: Reader) -> None:
    known = [v.name for v in scenario.variants]
    taken: dict[str, str] = {}
    for hypothesis in one.among:
        if hypothesis.variant and hypothesis.variant not in known:
            near = nearest(hypothesis.variant, [*known, "base"])
            fix = "" if near else f"Name `base` or one of {shown(', '.join(known), 300)}." if known else ""
            text = f"`{hypothesis.name}` in the hypotheses `{one.name}` names `{shown(hypothesis.variant)}`"
            text += ", which is no variant"
            reader.report("E531", text, hypothesis.where, nearest=near, fix=fix)
        elif hypothesis.variant in taken:
            text = f"`{taken[hypothesis.variant]}` and `{hypothesis.name}` in the hypotheses `{one.name}` are both "
            text += f"`{hypothesis.variant or 'base'}`"
            reader.report("E534", text, hypothesis.where)
        taken.setdefault(hypothesis.variant, hypothesis.name)
    begins: dict[dt.date | None, str] = {}
    for name in (name for name in taken if not name or name in known):
        with suppress(ScenarioError):  # told where variants are checked
            begins.setdefault(apply(scenario, name).clock.start, name)
    if len(begins) > 1:
        told = " and ".join(f"`{name or 'base'}` on {day}" for day, name in list(begins.items())[:2])
        text = (
            f"the hypotheses `{one.name}` begin on different days, {told}: they would be weighed by different records"
        )
        reader.report("E536", text, one.where)


def _types(scenario: Scenario, one: Hypotheses, reader: Reader) -> None:
    player = next((p for p in scenario.players if p.name == one.types_of), None)
    several = [p.name for p in scenario.players if len(p.types) > 1]
    if player is not None and len(player.types) > 1:
        return
    near = nearest(one.types_of, several)
    fix = "" if near else f"Name one of {', '.join(several)}." if several else "Give a player types."
    why = "has one type only" if player is not None else "is no player"
    text = f"the hypotheses `{one.name}` are the types of `{shown(one.types_of)}`, which {why}"
    reader.report("E532", text, one.where, nearest="" if player is not None else near, fix=fix)
