"""The JSON Schema accepts what is valid and refuses what is not; the generated page is current."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import jsonschema
import pytest
from language_samples import ROOT, valid_texts
from ruamel.yaml import YAML

from winset.language.fields import SECTIONS
from winset.language.rules.catalogue import FAMILIES, RULES
from winset.language.rules.page import rules_page
from winset.language.schema import schema

TABLES = ("catalogue.py", "compiled.py", "building.py", "game_files.py", "markov_games.py")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _load(text: str) -> Any:
    return _plain(YAML(typ="safe", pure=True).load(text))


@pytest.mark.parametrize("name", valid_texts())
def test_valid_scenarios_fit_the_schema(name: str) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    assert [error.message for error in validator.iter_errors(_load(valid_texts()[name]))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("winset: 1", "winst: 1"), ("round: month", "round: fortnight"), ("start: inquiry", "starts: inquiry")],
)
def test_slips_do_not_fit_the_schema(old: str, new: str, example: str) -> None:
    assert old in example
    validator = jsonschema.Draft202012Validator(schema())
    assert not validator.is_valid(_load(example.replace(old, new)))


def test_the_schema_is_a_schema_and_covers_the_table() -> None:
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    for name, section in SECTIONS.items():
        properties = made["properties"] if name == "scenario" else made["$defs"][name]["properties"]
        assert set(properties) == set(section.keys)


def test_the_rules_page_is_current() -> None:
    page = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    assert page == rules_page()


def test_every_rule_says_what_why_and_how() -> None:
    assert len(RULES) >= 60
    for rule in RULES.values():
        assert rule.code[0] in FAMILIES
        assert rule.code[1:].isdigit()
        assert all((rule.what, rule.why, rule.bad, rule.good, rule.fix))
        assert f"### {rule.code}" in rules_page()


def test_every_code_in_the_source_is_in_the_catalogue_and_every_rule_is_raised() -> None:
    source = ROOT / "src" / "winset"
    tables = {source / "language" / "rules" / name for name in TABLES}
    texts = [path.read_text(encoding="utf-8") for path in source.rglob("*.py") if path not in tables]
    named = {code for text in texts for code in re.findall(r"\"([A-Z]\d{3})\"", text)}
    assert named == set(RULES)


def test_no_code_stands_twice_in_the_tables() -> None:
    folder = ROOT / "src" / "winset" / "language" / "rules"
    text = "".join((folder / name).read_text(encoding="utf-8") for name in TABLES)
    codes = re.findall(r"^    \(\"([A-Z]\d{3})w?\"", text, re.MULTILINE)
    assert sorted(codes) == sorted(RULES)
