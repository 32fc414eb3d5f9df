"""One broken scenario for each rule: the right code at the right line, with words that help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from winset.base.errors import ScenarioError
from winset.language.reading import check, read
from winset.language.rules.catalogue import RULES
from winset.language.rules.compiled import ROWS
from winset.language.rules.game_files import TREE_ROWS
from winset.language.rules.markov_games import MARKOV_ROWS

FILES = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
APART = {"S101", "S108", "S109", "S110", "E515"}
"""Rules about files and Python values, tested in `test_reading`."""
LATER = {row[0] for row in (*ROWS, *TREE_ROWS, *MARKOV_ROWS)}
"""Rules met after checking, tested in the rooms that raise them."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_rule_is_found(path: Path) -> None:
    head = re.match(r"# (\w\d+) line (\d+)", path.read_text(encoding="utf-8"))
    assert head is not None
    code, line = head.group(1), int(head.group(2))
    scenario, found = check(path)
    hits = [d for d in found if d.code == code]
    assert hits, [str(d) for d in found]
    assert hits[0].where.line == line
    assert hits[0].where.column >= 1
    assert hits[0].message
    assert hits[0].why
    assert hits[0].fix
    assert (scenario is None) == any(d.severity == "error" for d in found)
    assert RULES[code].warning == (hits[0].severity == "warning")


def test_every_rule_has_a_broken_scenario() -> None:
    shown = {path.stem.split("-")[0] for path in FILES}
    assert shown | APART | LATER == set(RULES)
    assert len(FILES) >= 60


def test_every_rule_met_later_is_met_in_some_test() -> None:
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parents[2].rglob("test_*.py")]
    missing = {code for code in LATER | APART if not any(f'"{code}"' in text for text in texts)}
    assert missing == set()


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("U325", {"work": 2}),
        ("U326", {"work": 0}),
        ("P406-2", {"work": 2}),
        ("P407", {"work": 2}),
        ("G606", {"work": 2}),
        ("G607", {"north plays": "push", "south plays": "push"}),
    ],
)
def test_a_state_is_given_as_witness(name: str, example: dict[str, object]) -> None:
    _, found = check(Path(__file__).parent / "broken" / f"{name}.yaml")
    witness = next(d.example for d in found if d.code == name[:4])
    assert example.items() <= witness.items()


@pytest.mark.parametrize(
    ("name", "nearest"), [("N102", "work"), ("N104", "inquiry"), ("N106", "staller"), ("N110", "calm_start")]
)
def test_the_nearest_name_is_offered(name: str, nearest: str) -> None:
    _, found = check(Path(__file__).parent / "broken" / f"{name}.yaml")
    assert [d.nearest for d in found if d.code == name] == [nearest]


def test_all_problems_are_reported_at_once_in_order() -> None:
    text = (Path(__file__).parent / "broken" / "N102.yaml").read_text(encoding="utf-8")
    text = text.replace("discount: 0.98", "discount: [1]").replace("P(work = 3 by", "P(work = 3 bye")
    _, found = check(text)
    codes = [d.code for d in found]
    assert {"N102", "S307", "S203"} <= set(codes)
    assert [d.where.line for d in found] == sorted(d.where.line for d in found)


def test_reading_raises_what_checking_reports() -> None:
    path = Path(__file__).parent / "broken" / "N102.yaml"
    with pytest.raises(ScenarioError) as caught:
        read(path)
    assert caught.value.diagnostics == check(path)[1]
