"""The way in: a file, a text or Python dictionaries become a checked `Scenario`."""

from __future__ import annotations

import os
from typing import Any

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.language import read_evidence, read_game, read_hindcast, read_hypotheses, read_observed, read_rest
from winset.language.blocks.expansion import expand
from winset.language.document import Tree, compose, from_python
from winset.language.loading import text_of
from winset.language.read_agreements import agreements as read_agreements
from winset.language.reader import Reader
from winset.language.rules.catalogue import complete
from winset.language.scenario import Scenario

VERSION = 1


def read(path: str | os.PathLike[str]) -> Scenario:
    """Reads a scenario file.

    Raises:
        ScenarioError: it has problems; `diagnostics` lists all of them.
    """
    return read_text(text_of(path), str(path))


def read_text(text: str, file: str = "") -> Scenario:
    """Reads a scenario from its text; `file` is the name that diagnostics give.

    Raises:
        ScenarioError: it has problems; `diagnostics` lists all of them.
    """
    scenario, found = examine(text, file)
    return _accepted(scenario, found)


def build(**sections: Any) -> Scenario:
    """Makes a scenario from the same nesting as the file's, in dictionaries and lists.

    A key with a space is written with an underscore: `ends_when="politics = calm"`. The version `winset` may
    be left out. In place of a line and a column, diagnostics give the path (`players.pyongyang.discount`).

    Raises:
        ScenarioError: it has problems; `diagnostics` lists all of them.
    """
    sections.setdefault("winset", VERSION)
    scenario, found = _gathered(lambda: from_python(sections), "", "")
    return _accepted(scenario, found)


def check(path_or_text: str | os.PathLike[str]) -> tuple[Scenario | None, tuple[Diagnostic, ...]]:
    """All problems of a file or of a text (a string of several lines), and the scenario if none is an error."""
    if isinstance(path_or_text, str) and ("\n" in path_or_text or not path_or_text.strip()):
        return examine(path_or_text, "")
    try:
        text = text_of(path_or_text)
    except ScenarioError as error:
        return None, error.diagnostics
    return examine(text, str(path_or_text))


def examine(text: str, file: str) -> tuple[Scenario | None, tuple[Diagnostic, ...]]:
    """As `check`, of a text."""
    return _gathered(lambda: compose(text, file), text, file)


def _accepted(scenario: Scenario | None, found: tuple[Diagnostic, ...]) -> Scenario:
    if scenario is None:
        raise ScenarioError(found)
    return scenario


def _gathered(tree: Any, text: str, file: str) -> tuple[Scenario | None, tuple[Diagnostic, ...]]:
    reader = Reader()
    try:
        root = tree()
    except ScenarioError as error:
        return None, tuple(complete(d) for d in error.diagnostics)
    try:
        expand(reader, root)
        whole = not reader.found.errors  # else names that blocks would have made are missing
        scenario, formulas = _scenario(reader, root, text, file)
        if scenario is not None and whole:
            from winset.language.rules.examine import examine_scenario

            examine_scenario(scenario, formulas, reader)
    except ScenarioError as error:  # too many problems to go on
        return None, error.diagnostics
    found = tuple(reader.found)
    if scenario is None or reader.found.errors:
        return None, found
    from dataclasses import replace

    return replace(scenario, warnings=found), found


def _scenario(reader: Reader, root: Tree, text: str, file: str) -> tuple[Scenario | None, dict[str, dict[str, Tree]]]:
    if root.kind != "map":
        reader.report("S301", "a scenario is a mapping of keys: `winset: 1`, `scenario: …`, …", root.where)
        return None, {}
    got = reader.fields(root, "scenario", "the scenario")
    if "winset" in got and got["winset"][1].text != str(VERSION):
        reader.report("S310", f"the version of the language is {VERSION}", got["winset"][1].where)

    def value(key: str) -> Tree | None:
        return got[key][1] if key in got else None

    for key, node in reader.entries(value("parameters"), "parameters"):
        reader.parameter(key.text, node, key.text)
    clock = read_rest.clock(reader, got.get("clock"))
    settings, precision = read_rest.solution(reader, got.get("solution"))
    players = read_game.players(reader, value("players"), precision, clock.rounds is None)
    state = read_game.state(reader, value("state"))
    payoffs = reader.fields(got["payoffs"][1], "payoffs", "`payoffs`") if "payoffs" in got else {}
    ends = value("ends when")
    questions, asked = read_rest.questions(reader, value("questions"))
    claims, claimed = read_rest.claims(reader, value("claims"))
    events, foretold = read_hindcast.hindcast(reader, value("hindcast"))
    pays = {
        key: read_game.pays(reader, payoffs[key][1] if key in payoffs else None, f"payoffs.{key.replace(' ', '_')}")
        for key in ("each round", "at the end")
    }
    definitions = read_rest.definitions(reader, value("define"))
    moves = read_game.moves(reader, value("round"))
    ends_when = reader.expression(ends, "ends_when", "`ends when`") if ends is not None else None
    observed = read_observed.observed(reader, value("observed"))
    variants = read_rest.variants(reader, value("variants"), state)
    hypotheses = read_hypotheses.hypotheses(reader, value("hypotheses"))
    scenario = Scenario(
        title=reader.text(got, "scenario"), clock=clock, players=players, round=moves,
        about=reader.text(got, "about"), state=state, parameters=tuple(reader.parameters.values()),
        definitions=definitions, ends_when=ends_when, each_round=pays["each round"], at_end=pays["at the end"],
        agreements=read_agreements(reader, value("agreements"), state),
        sources=read_rest.texts(reader, value("sources"), "sources"), record=read_rest.record(reader, value("record")),
        tables=read_evidence.tables(reader, value("tables"), file),
        observed=observed,
        mechanisms=read_evidence.mechanisms(reader, value("mechanisms")),
        variants=variants, hypotheses=hypotheses, questions=questions, claims=claims, hindcast=events,
        settings=settings, text=text, file=file, where=root.where,
    )  # fmt: skip
    return scenario, {"question": asked, "claim": claimed, "event": foretold}
