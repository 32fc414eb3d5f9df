"""Who may perceive which variant, and who may know of it."""

from __future__ import annotations

import pytest

from winset.language.reading import check
from winset.language.variants import perception

PERCEIVING = """
winset: 1
scenario: errors
clock: {rounds: 2}
players: {north: {types: {x: 0.5, y: 0.5}}, south: {}, west: {}}
round:
  - {move: one, by: north, actions: {stay: {}, go: {pays: {south: 1}}}}
  - {move: two, by: south, actions: {stay: {}, go: {pays: {north: 1}}}}
OTHERS
variants:
  other: {prior: {north: {x: 0.9, y: 0.1}}}
  worse: {prior: {north: {x: 0.2, y: 0.8}}}
  MISREAD
"""


@pytest.mark.parametrize(
    ("misread", "others", "code", "said"),
    [
        ("m: {perceives: {south: other}}", "", "", ""),
        ("m: {perceives: {south: other}, aware: [north]}", "", "", ""),
        ("m: {perceives: {soutj: other}}", "", "N105", "soutj"),
        ("m: {perceives: {south: othr}}", "", "N110", "othr"),
        ("m: {perceives: {south: other}, aware: [nobody]}", "", "N105", "nobody"),
        ("m: {perceives: {south: other}, aware: [south]}", "", "G623", "itself errs"),
        ("m: {perceives: {south: other}, aware: [west]}", "", "G623", "never moves"),
        ("m: {perceives: {south: other, north: worse}, aware: [north]}", "", "G623", "err at once"),
        ("m: {perceives: {south: other}, aware: [north, west]}", "", "G623", "know of it"),
        ("m: {aware: [north]}", "", "G623", "nobody errs"),
        ("m: {perceives: {south: other}, aware: [north]}", "west", "G623", "`west` moves as well"),
        ("m: {perceives: {south: other}, aware: [north]}", "infinite", "G623", "no end"),
        ("n: {perceives: {south: m}}\n  m: {perceives: {south: other}}", "", "G622", "errs in turn"),
        ("m: {perceives: {south: m}}", "", "G622", "errs in turn"),
        ("m: {perceives: {south: less}}\n  less: {without: [two.go]}", "", "G621", "`two.go`"),
        (
            "m: {based on: less, perceives: {south: also}}\n"
            "  less: {without: [two.go]}\n  also: {without: [two.go]}", "", "", "",
        ),
    ],
)  # fmt: skip
def test_who_may_perceive_what(misread: str, others: str, code: str, said: str) -> None:
    more = "  - {move: three, by: west, actions: {stay: {}, go: {pays: {west: 1}}}}" if others == "west" else ""
    text = PERCEIVING.replace("MISREAD", misread).replace("OTHERS", more)
    if others == "infinite":
        text = text.replace("rounds: 2", "rounds: infinite").replace("south: {}", "south: {discount: 0.9}")
        text = text.replace("y: 0.5}}", "y: 0.5}, discount: 0.9}").replace("west: {}", "west: {discount: 0.9}")
    scenario, found = check(text)
    errors = [d for d in found if d.severity == "error"]
    if not code:
        assert scenario is not None, [str(d) for d in errors]
        return
    assert [d.code for d in errors] == [code], [str(d) for d in errors]
    assert said in errors[0].message
    assert errors[0].fix


def test_what_is_perceived_is_taken_over_and_replaced() -> None:
    text = PERCEIVING.replace("OTHERS", "").replace(
        "MISREAD",
        "m: {perceives: {south: other}, aware: [north]}\n  n: {based on: m}\n"
        "  o: {based on: m, perceives: {south: worse}}",
    )
    scenario, found = check(text)
    assert scenario is not None, [str(d) for d in found]
    said = {name: perception(scenario, name) for name in ("", "other", "m", "n", "o")}
    assert [bool(s) for s in said.values()] == [False, False, True, True, True]
    assert said["n"] == said["m"]
    assert said["o"].seen == {"south": "worse"}
    assert said["o"].aware == ("north",)
