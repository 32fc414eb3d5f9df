"""Rows read as acts: which counts, what silence says, what is known when, and how probable each report is."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from talks import ROWS, talks

import winset
from winset.language.acts import Act, acts_of, labels
from winset.learn.sighting import Observations, Sighting
from winset.learn.watching import watched

Says = dict[tuple[int, str, str], str]


def says(seen: Observations) -> Says:
    """What the record says, by round, move and player; "-" for silence."""
    return {(s.round, s.move, s.player): s.says or "-" for s in seen.sightings}


def one(seen: Observations, number: int, move: str, player: str) -> Sighting:
    """The sighting of one side."""
    return next(s for s in seen.sightings if (s.round, s.move, s.player) == (number, move, player))


@pytest.fixture
def scenario(tmp_path: Path) -> winset.Scenario:
    return talks(tmp_path)


def test_the_scenario_has_no_problem(scenario: winset.Scenario) -> None:
    assert scenario.warnings == ()


def test_of_several_acts_in_a_round_the_first_listed_counts(scenario: winset.Scenario) -> None:
    assert says(winset.observe(scenario)) == {
        (1, "programme", "north"): "short",
        (1, "reply", "south"): "exercise",
        (2, "programme", "north"): "long",
        (3, "programme", "north"): "-",
        (3, "reply", "chance"): "failed",
        (4, "programme", "north"): "nuclear",
        (5, "programme", "north"): "-",
        (5, "clash", "north"): "push",
        (5, "clash", "south"): "push",
        (5, "home", "chance"): "vote_held",
        (6, "programme", "north"): "-",
    }


def test_every_row_that_stands_for_nothing_is_listed_with_why(scenario: winset.Scenario) -> None:
    assert [(u.table, u.row, u.why) for u in winset.observe(scenario).unused] == [
        ("", 0, "in 2019-10 `short` counts at `programme`, not `drop`"),
        ("events", 0, "before the calendar, which begins with 2019-10"),
        ("events", 4, "in 2019-11 `long` counts at `programme`, not `short`"),
        ("events", 6, "in 2019-12 `failed` counts at `reply`, not `exercise`"),
        ("events", 7, "no rule of `observed` takes it"),
        ("events", 10, "its day is not known"),
        ("events", 12, "after the calendar, which ends with 2020-03"),
    ]


def test_rows_and_reports_add_up(scenario: winset.Scenario) -> None:
    seen = winset.observe(scenario)
    counted = {(r.table, r.row) for s in seen.sightings for r in s.reports}
    unused = {(u.table, u.row) for u in seen.unused}
    assert counted & unused == set()
    assert counted | unused == {("", 0), ("", 1)} | {("events", i) for i in range(13)}


def test_an_unfinished_round_reports_but_is_not_silent(scenario: winset.Scenario) -> None:
    seen = winset.observe(scenario, until="2020-02-10")
    assert (seen.last_round, seen.over) == (5, False)
    assert (5, "programme", "north") not in says(seen)
    assert says(seen)[5, "home", "chance"] == "vote_held"
    whole = winset.observe(scenario, until="2020-02")
    assert (whole.until, whole.last_round, whole.over) == ("2020-02-29", 5, True)
    assert says(whole)[5, "programme", "north"] == "-"


def test_a_day_before_the_calendar_or_without_rows_knows_nothing(scenario: winset.Scenario) -> None:
    seen = winset.observe(scenario, until="2019-09-30")
    assert (seen.last_round, seen.over, seen.sightings) == (0, False, ())
    assert [u.row for u in seen.unused] == [0, 10]


def test_later_rows_of_the_record_are_not_listed(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("date: 2020-02-10", "date: 2020-05-10"))
    assert "after the calendar" in winset.observe(scenario).unused[1].why
    assert [u.row for u in winset.observe(scenario, until="2020-03").unused if not u.table] == [0]


def test_a_named_date_is_a_day(scenario: winset.Scenario) -> None:
    assert winset.observe(scenario, until="vote").until == "2020-01-15"


@pytest.mark.parametrize("until", ["soon", "2019-13", ""])
def test_what_is_no_day_is_refused(scenario: winset.Scenario, until: str) -> None:
    with pytest.raises(winset.ScenarioError) as caught:
        winset.observe(scenario, until=until)
    assert [d.code for d in caught.value.diagnostics] == ["T701"]


def test_a_row_counts_once_it_is_known(scenario: winset.Scenario) -> None:
    assert (1, "reply", "south") not in says(winset.observe(scenario, until="2019-11-03"))
    assert says(winset.observe(scenario, until="2019-11-04"))[1, "reply", "south"] == "exercise"
    assert all(u.row != 2 for u in winset.observe(scenario, until="2019-11-03").unused)


def test_silence_waits_until_rows_would_be_known(tmp_path: Path) -> None:
    later = talks(tmp_path, ROWS, ("    mistaken: 0.02\n", "    mistaken: 0.02\n    known after: 10\n"))
    assert (3, "programme", "north") not in says(winset.observe(later, until="2020-01-09"))
    assert says(winset.observe(later, until="2020-01-10"))[3, "programme", "north"] == "-"


def by_enumeration(acts: list[str], missed: dict[str, float], mistaken: float, done: str) -> dict[str, float]:
    """P(report | done) over all that can happen: a row is left or not, the record is mistaken or not."""
    every = [*acts, ""]
    out = dict.fromkeys(every, 0.0)
    for leaves in (True, False):
        chance = missed.get(done, 0.0)
        weight = (1 - chance if leaves else chance) if done in acts else float(not leaves)
        should = done if leaves else ""
        for said in every if weight else []:
            out[said] += weight * (1 - mistaken if said == should else mistaken / (len(every) - 1))
    return out


def test_likelihoods_are_those_of_the_stated_chances(scenario: winset.Scenario) -> None:
    acts = ["nuclear", "long", "short"]
    seen = winset.observe(scenario)
    for number, said in ((1, "short"), (2, "long"), (3, "")):
        found = one(seen, number, "programme", "north")
        assert found.says == said
        for done in acts:
            wanted = by_enumeration(acts, {"short": 0.2}, 0.02, done)
            assert found.likelihood[done] == pytest.approx(wanted[said], abs=1e-15)
            assert sum(wanted.values()) == pytest.approx(1.0)
        for value in (found.otherwise, found.absent):
            assert value == pytest.approx(by_enumeration(acts, {}, 0.02, "hold")[said], abs=1e-15)
    assert one(seen, 1, "reply", "south").likelihood == {"exercise": 1.0}
    assert one(seen, 1, "reply", "south").otherwise == 0.0


def test_a_chance_may_be_a_parameter_of_a_variant(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("questions:", "variants: {keen: {parameters: {blind: 0.1}}}\nquestions:"))
    found = one(winset.observe(scenario, variant="keen"), 3, "programme", "north")
    assert found.likelihood["short"] == pytest.approx(by_enumeration(["a", "b", "c"], {"a": 0.1}, 0.02, "a")[""])
    assert winset.observe(scenario).sightings != winset.observe(scenario, variant="keen").sightings


def test_parameters_may_have_other_values(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("mistaken: 0.02", "mistaken: {value: 0.02, range: [0, 0.1]}"))
    found = winset.observe(scenario, values={"blind": 0.1, "observed.programme.mistaken": 0.05})
    wanted = by_enumeration(["short", "b", "c"], {"short": 0.1}, 0.05, "short")
    assert one(found, 3, "programme", "north").likelihood["short"] == pytest.approx(wanted[""], abs=1e-15)
    for values, code in (({"blnd": 0.1}, "N115"), ({"blind": 1.5}, "P403")):
        with pytest.raises(winset.ScenarioError) as caught:
            winset.observe(scenario, values=values)
        assert [d.code for d in caught.value.diagnostics] == [code]


def test_what_a_variant_takes_away_is_reported_all_the_same(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("questions:", "variants: {halt: {without: [nuclear, long]}}\nquestions:"))
    assert says(winset.observe(scenario, variant="halt")) == says(winset.observe(scenario))


def test_unchecked_rows_weigh_less_and_leave_the_word_to_checked_ones(tmp_path: Path) -> None:
    scenario = talks(tmp_path)
    acts, trust = ["nuclear", "long", "short"], 0.9
    found = one(winset.observe(scenario), 4, "programme", "north")
    assert [(r.act, r.checked) for r in found.reports] == [("nuclear", False), ("short", True)]
    for done in acts:
        wanted = by_enumeration(acts, {"short": 0.2}, 0.02, done)
        value = trust * wanted["nuclear"] + (1 - trust) * wanted["short"]
        assert found.likelihood[done] == pytest.approx(value, abs=1e-15)
    without = winset.observe(scenario, unchecked=False)
    assert says(without)[4, "programme", "north"] == "short"
    assert "its source `GEN` is unchecked: from memory" in [u.why for u in without.unused]


def test_an_unchecked_row_alone_says_nothing_where_it_is_wrong(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS.replace("2020-01-12,launch", "2020-01-12,nothing"))
    found = one(winset.observe(scenario), 4, "programme", "north")
    whole = 0.9 * by_enumeration(["nuclear", "long", "short"], {}, 0.02, "hold")["nuclear"] + 0.1 / 3
    assert found.otherwise == pytest.approx(whole, abs=1e-15)


def test_a_wrong_row_does_not_hide_an_act_that_counts_before_it(tmp_path: Path) -> None:
    """A test that leaves rows for certain cannot stand behind an unchecked row of something smaller."""
    rows = ROWS.replace("2020-01-12,launch", "2020-01-12,nothing")
    move = next(m for m in watched(talks(tmp_path, rows), talks(tmp_path, rows)).moves if m.move.name == "programme")
    side = replace(move.sides["north"], missed={"nuclear": 0.0, "long": 0.25, "short": 0.2})
    known = ["nuclear", "long", "short"]
    assert side.wrong("short", "nuclear", known) == 0.0
    assert side.wrong("short", "long", known) == pytest.approx(0.25 / 3)
    assert side.wrong("nuclear", "short", known) == pytest.approx(1 / 3)
    for done in (*known, ""):
        assert sum(side.wrong(says, done, known) for says in known) == pytest.approx(1.0)


def test_no_trust_is_the_same_as_leaving_out(tmp_path: Path) -> None:
    nothing = talks(tmp_path, ROWS, ("trust unchecked: 0.9", "trust unchecked: 0"))
    full = talks(tmp_path, ROWS, ("trust unchecked: 0.9", "trust unchecked: 1"))
    assert winset.observe(nothing).sightings == winset.observe(full, unchecked=False).sightings
    assert winset.observe(nothing).sightings != winset.observe(full).sightings


def test_a_source_that_is_unchecked_in_a_table_is_so_in_the_record(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("vote_held, source: CNS", "vote_held, source: GEN"))
    found = one(winset.observe(scenario), 5, "home", "chance")
    assert not found.reports[0].checked
    assert (5, "home", "chance") not in says(winset.observe(scenario, unchecked=False))


def test_the_record_counts_beside_the_rules(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("date: 2019-10-20", "date: 2019-09-20"), ("action: drop", "action: long"))
    assert "before the calendar" in winset.observe(scenario).unused[0].why
    scenario = talks(tmp_path, ROWS, ("date: 2019-10-20", "date: 2019-12-20"))
    found = one(winset.observe(scenario), 3, "programme", "north")
    assert (found.says, found.reports[0].table) == ("drop", "")
    assert found.likelihood["drop"] == pytest.approx(0.98)
    assert found.otherwise == pytest.approx(0.02 / 4)


def test_an_action_with_parameters_stands_for_all_its_values(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("      long: ", "      offer: events where kind = letter\n      long: "))
    found = one(winset.observe(scenario), 3, "programme", "north")
    assert found.says == "offer"
    assert set(found.likelihood) == {"nuclear", "offer(share=0.2)", "offer(share=0.5)", "long", "short"}


def test_labels_are_those_of_the_game(scenario: winset.Scenario) -> None:
    from winset.game.shape import label_of

    for move in scenario.round:
        for side in move.sides:
            for action in side.actions if not side.signals else ():
                values = [v for _, v in action.parameters] or [()]
                wanted = tuple(label_of(action, (v,) if action.parameters else ()) for v in values[0]) or (action.name,)
                assert labels(move, Act(side.player, action.name)) == wanted


def test_what_can_be_seen_at_a_move(scenario: winset.Scenario) -> None:
    seen = {move.name: [(a.player, a.name) for a in acts_of(move)] for move in scenario.round}
    assert seen["comply"] == [("north", "caught"), ("north", "unseen")]
    assert seen["reply"][-2:] == [("chance", "signed"), ("chance", "failed")]


def test_an_outcome_of_either_side_comes_with_the_other_sides_act(tmp_path: Path) -> None:
    draw = "{chance: {hit: {probability: 0.5}, miss: {probability: rest}}}"
    both = f"{{north: {{wait: {{}}, push: {draw}}}, south: {{wait: {{}}, push: {draw}}}}}"
    rules = "{hit: events where kind = shots, north plays wait: events where kind = talk}"
    rows = ROWS + "2020-02-03,talk,,a talk,CNS\n"
    scenario = talks(
        tmp_path, rows, ("{north: {wait: {}, push: {}}, south: {wait: {}, push: {}}}", both),
        ("{north plays push: events where kind = shots, south plays push: events where kind = shots}", rules),
    )  # fmt: skip
    found = says(winset.observe(scenario))
    assert (found[5, "clash", "chance"], found[5, "clash", "north"]) == ("hit", "wait")
    alone = talks(
        tmp_path, rows, ("{north: {wait: {}, push: {}}, south", f"{{north: {{wait: {{}}, push: {draw}}}, south"),
        ("{north plays push: events where kind = shots, south plays push: events where kind = shots}", rules),
    )  # fmt: skip
    assert (5, "clash", "north") not in says(winset.observe(alone))


def test_a_hidden_act_in_the_record_is_not_seen(tmp_path: Path) -> None:
    scenario = talks(tmp_path, ROWS, ("action: drop", "action: cheat"))
    assert "hidden at `comply`" in winset.observe(scenario).unused[0].why


def test_an_act_of_two_moves_needs_a_rule(tmp_path: Path) -> None:
    twice = ("north: {wait: {}, push: {}}", "north: {wait: {}, push: {}, drop: {}}")
    scenario = talks(tmp_path, ROWS, twice)
    assert [d.code for d in scenario.warnings] == ["E527"]
    assert winset.observe(scenario).unused[0].why == "it does not say at which of `programme`, `clash`"
    named = talks(
        tmp_path,
        ROWS,
        twice,
        ("north plays push: ", "north plays drop: events where kind = letter, north plays push: "),
    )
    assert named.warnings == ()
    assert says(winset.observe(named))[1, "clash", "north"] == "drop"


def later(scenario: winset.Scenario, day: str, how: random.Random) -> winset.Scenario:
    """The scenario with every row after a day changed, and with some more."""
    table = scenario.tables[0]
    sheet = table.sheet
    kinds = ["launch", "nuclear", "summit", "exercise", "shots", "letter"]
    rows, lines = [], []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        if row[0] > day:
            when = f"{how.randint(2020, 2022)}-{how.randint(4, 12):02d}-03"
            row = (when, how.choice(kinds), how.choice(["9000", "unknown"]), "changed", how.choice(["GEN", "CNS"]))
        rows.append(row)
        lines.append(line)
    rows.insert(how.randrange(len(rows)), ("2020-03-30", "nuclear", "far", "added", "CNS"))
    kept = [i for i, row in enumerate(rows) if not row[0] or row[0] <= day]
    first = [rows[i] for i in kept]  # the numbers of earlier rows stay
    others = [row for i, row in enumerate(rows) if i not in kept]
    changed = replace(sheet, rows=tuple(first + others), lines=tuple(range(len(rows))))
    record = tuple(o for o in scenario.record if o.date.isoformat() <= day)
    return replace(scenario, tables=(replace(table, sheet=changed),), record=record)


@pytest.mark.parametrize("day", ["2019-10-15", "2019-11-10", "2019-12-31", "2020-01-11"])
def test_later_rows_change_nothing(tmp_path: Path, day: str) -> None:
    ordered = "\n".join([ROWS.splitlines()[0], *sorted(ROWS.splitlines()[1:])]) + "\n"
    scenario = talks(tmp_path, ordered)
    how = random.Random(day)
    before = winset.observe(scenario, until=day)
    for _ in range(20):
        assert winset.observe(later(scenario, day, how), until=day) == before


def test_earlier_rows_change_something(tmp_path: Path) -> None:
    scenario = talks(tmp_path)
    table = scenario.tables[0]
    rows = tuple((row[0], "letter", *row[2:]) if row[1] == "launch" else row for row in table.sheet.rows)
    changed = replace(scenario, tables=(replace(table, sheet=replace(table.sheet, rows=rows)),))
    assert winset.observe(changed, until="2019-10-15") != winset.observe(scenario, until="2019-10-15")


def test_how_the_record_is_read_changes_no_game(tmp_path: Path) -> None:
    from winset.game.key import game_key

    plain, other = talks(tmp_path), talks(tmp_path, ROWS, ("mistaken: 0.02", "mistaken: {value: 0.1, range: [0, 0.2]}"))
    keys = [game_key(s, {p.name: p.value for p in s.parameters}) for s in (plain, other)]
    assert keys[0] == keys[1]
    assert plain.content() != other.content()
    third = talks(tmp_path, ROWS, ("probability: 0.2", "probability: 0.3"))
    assert game_key(third, {p.name: p.value for p in third.parameters}) != keys[0]


def test_with_other_names_it_says_the_same(scenario: winset.Scenario) -> None:
    from winset.testing.rewriting import other_names, renamed

    names = other_names(scenario)
    before = says(winset.observe(scenario))
    told = {(n, names[m], names.get(who, who)): names.get(said, said) for (n, m, who), said in before.items()}
    assert says(winset.observe(renamed(scenario, names))) == told


def test_a_clock_without_a_calendar_has_no_record() -> None:
    with pytest.raises(winset.ScenarioError) as caught:
        winset.observe(winset.read("beer-quiche"))
    assert [d.code for d in caught.value.diagnostics] == ["T702"]
