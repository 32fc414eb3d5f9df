from __future__ import annotations

import pytest

from rooms.face.sample_brief import sample
from winset.face.html.page import render
from winset.face.text import summary


@pytest.mark.parametrize("width", [40, 60, 80])
def test_summary_stays_inside_the_width(width: int) -> None:
    lines = summary(sample(), width=width)
    assert max(len(line) for line in lines) <= width


def test_summary_tells_the_essentials() -> None:
    text = "\n".join(summary(sample()))
    for part in ("very unlikely", "18 %", "Claims: 3 hold, 1 fails, 1 undecided", "✗ fails", "grid_error"):
        assert part in text
    assert "\x1b" not in text


def test_what_failed_is_listed_first_and_numbers_keep_their_unit() -> None:
    lines = summary(sample(), width=60)
    listed = [line.split()[1] for line in lines if line.startswith(("  ✗ ", "  ? ", "  ✓ "))]
    assert listed == ["fails", "undecided", "holds", "holds", "holds"]
    assert not [line for line in lines if line.lstrip().startswith("%")]
    assert "  A deal of any kind by December 2020: very unlikely (18 %)." in lines


def test_several_equilibria_are_told_and_one_is_not() -> None:
    brief = sample()
    text = " ".join(" ".join(summary(brief)).split())
    assert "Equilibria: 2 were found from the start." in text
    assert "2: pyongyang's staller plays send_delegates 97 %, not 20 % deal 19 %; test 40 %" in text
    brief["equilibria"] = brief["equilibria"][:1]
    assert "Equilibria" not in "\n".join(summary(brief))


def test_a_bare_brief() -> None:
    brief = sample()
    for part in ("questions", "claims", "warnings"):
        brief[part] = []
    brief["forecast"]["curves"] = []
    assert "Claims" not in "\n".join(summary(brief))


def test_the_precision_is_told() -> None:
    brief = sample()
    brief["stamp"]["settings"]["precision"] = {"a": 15.0, "b": 10.0}
    assert "what errors at precision 10 to 15 account for" in "\n".join(summary(brief))
    del brief["stamp"]["settings"]["precision"]
    assert "what the players' errors account for" in "\n".join(summary(brief))


def test_a_claim_undecided_between_equilibria_says_so() -> None:
    brief = sample()
    claim = next(c for c in brief["claims"] if len(c["numbers"]) == 2)
    claim |= {"verdict": "undecided", "effect": 0.4, "margin": 0.001, "note": ""}
    claim["reason"] = "it depends on which of 2 equilibria is played"
    assert "It depends on which of 2 equilibria is played." in "\n".join(summary(brief, width=200))
    assert "It depends on which of 2 equilibria is played" in render(brief)


def test_a_fact_shows_the_rows_it_rests_on() -> None:
    text = "\n".join(summary(sample()))
    assert "2 of 339 rows of launches" in text.replace("2 of 339 rows of\n", "2 of 339 rows of ")
    assert "2019-05-04 KN-23, SRBM (CNS)" in text
    assert "2019-05-09 KN-23, SRBM (GEN, unchecked)" in text
