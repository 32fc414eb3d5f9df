"""What the search of a variant takes over from those before it, and what goes wrong in one variant only."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from language_samples import valid_texts

from winset.base.diagnostics import Diagnostic
from winset.language.reader import Reader
from winset.language.reading import check, read_text
from winset.language.rules.names import gather
from winset.language.rules.shared import Part, Shared, Step
from winset.language.rules.states import EFFORT, Search
from winset.language.rules.steps import Played
from winset.language.scenario import Scenario
from winset.language.variants import apply

SCENARIO = """
winset: 1
scenario: Work
clock: {from: 2019-10, to: 2020-03, round: month, dates: {deadline: 2019-12-31}}
players: {north: {types: {calm: 0.5, keen: 0.5}, precision: patience}, south: {}}
parameters: {step: 1, patience: 1, odds: 0.5, ease: 1, fine: 1}
state: {work: {range: [0, 5], start: 0}, mood: {values: [low, high], start: low}}
define: {share: odds / 2 + odds / 2}
blocks: {pledge: {audience cost: {of: north, broken by: [push], cost: FINE}}}
round:
  - move: act
    by: north
    actions: {wait: {}, push: {then: {work: WORK}, pays: {north: PAID}}}
  - move: answer
    by: south
    actions: {pause: {if: mood = low}, demand: {for: {size: [1, 2]}}}
  - move: luck
    by: chance
    outcomes: {up: {probability: LUCK, then: {mood: high}}, none: {probability: rest}}
payoffs: {each round: {north: EACH}, at the end: {south: work}}
ends when: ENDS
variants:
  before: {parameters: {ease: 2}}
  other: OTHER
  same: {prior: {north: {calm: 0.4, keen: 0.6}}}
"""
PLAIN = {
    "WORK": '"min(5, work + step)"', "PAID": "1", "LUCK": "share", "EACH": "work", "ENDS": "work = 5", "FINE": "fine",
    "OTHER": "{parameters: {ease: 3}}",
}  # fmt: skip

ONLY_THERE = {
    "a parameter, in an effect": ("U325", {"OTHER": "{parameters: {step: 0.5}}"}),
    "a parameter, in a payment": ("U326", {"PAID": "1 / ease", "OTHER": "{parameters: {ease: 0}}"}),
    "a parameter, in a payoff": ("U326", {"EACH": "work / ease", "OTHER": "{parameters: {ease: 0}}"}),
    "a parameter, in `ends when`": ("U326", {"ENDS": "work / ease = 5", "OTHER": "{parameters: {ease: 0}}"}),
    "a definition that reads one": ("P407", {"OTHER": "{parameters: {odds: 1.5}}"}),
    "a number with a sense": ("B910", {"OTHER": "{parameters: {fine: -1}}"}),
    "a number with a sense, and rounds": ("B910", {"FINE": "rounds - 3", "OTHER": "{from: 2020-02}"}),
    "a prior": ("P402", {"OTHER": "{parameters: {odds: 1.5}, prior: {north: {calm: odds, keen: 1 - odds}}}"}),
    "a player's precision": ("U330", {"PAID": "1e9", "OTHER": "{parameters: {patience: 1e7}}"}),
    "a player's precision, in a payoff": ("U330", {"EACH": "1e9", "OTHER": "{parameters: {patience: 1e7}}"}),
    "a named date": ("U326", {"EACH": "1 / (deadline - 1)", "OTHER": "{dates: {deadline: 2019-10-15}}"}),
    "a literal date": ("U326", {"LUCK": "0.5 / (2020-02 - 1)", "OTHER": "{from: 2020-02}"}),
    "the present round": ("U326", {"LUCK": "0.5 / (8 - now)", "OTHER": "{from: 2019-08}"}),
    "how many rounds there are": ("U326", {"LUCK": "0.5 / (rounds - 2)", "OTHER": "{from: 2020-02}"}),
    "an action taken away": ("G606", {"OTHER": "{without: [demand]}"}),
    "where the game starts": ("U325", {"WORK": "work + 2", "ENDS": "work = 4", "OTHER": "{start: {work: 1}}"}),
    "a variant of a variant": ("U326", {"PAID": "1 / ease", "OTHER": "{based on: before, parameters: {ease: 0}}"}),
}


def text_of(changes: dict[str, str]) -> str:
    text = SCENARIO
    for name, said in {**PLAIN, **changes}.items():
        text = text.replace(name, said)
    return text


def test_the_scenario_is_clean() -> None:
    scenario, found = check(text_of({}))
    assert scenario is not None
    assert not [d for d in found if d.severity == "error"]


@pytest.mark.parametrize("why", ONLY_THERE)
def test_what_goes_wrong_in_one_variant_only_is_found_there(why: str) -> None:
    code, changes = ONLY_THERE[why]
    _, found = check(text_of(changes))
    errors = [d for d in found if d.severity == "error"]
    assert code in {d.code for d in errors}
    assert all(d.message.startswith("in the variant `other`: ") for d in errors)
    assert not [d for d in check(text_of({**changes, "OTHER": PLAIN["OTHER"]}))[1] if d.severity == "error"]


def test_what_goes_wrong_in_two_variants_is_found_in_both() -> None:
    other = "{parameters: {step: 0.5}}\n  again: {based on: other, prior: {north: {calm: 0.3, keen: 0.7}}}"
    _, found = check(text_of({"OTHER": other}))
    assert [(d.code, d.message[:24]) for d in found if d.severity == "error"] == [
        ("U325", "in the variant `other`: "),
        ("U325", "in the variant `again`: "),
    ]


def searches(scenario: Scenario, *, apart: bool) -> Iterator[tuple[object, ...]]:
    """What the searches of a scenario and of its variants come to, each for itself or with what they share."""
    base = gather(scenario)
    shared = Shared(base)
    for name in ("", *(v.name for v in scenario.variants)):
        effort = EFFORT // (8 * len(scenario.variants)) if name else EFFORT
        changed = apply(scenario, name)
        names = gather(changed) if apart else gather(changed, base)
        reader = Reader()
        search = Search(names, reader, Shared(names) if apart else shared, effort)
        search.run()
        found: tuple[Diagnostic, ...] = tuple(reader.found)
        left = max(search.played.effort, -1)  # how far beyond its end a search that is cut off would go says nothing
        yield name, search.complete, search.happened, search.open, search.count, left, found


@pytest.mark.parametrize("name", sorted(name for name, text in valid_texts().items() if "\nvariants:" in text))
def test_every_search_comes_to_the_same_as_alone(name: str) -> None:
    scenario = read_text(valid_texts()[name])
    assert scenario.variants
    assert list(searches(scenario, apart=False)) == list(searches(scenario, apart=True))


def test_what_is_the_same_is_not_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    count: dict[str, int] = {}
    play = Played.step

    def counted(self: Played, part: Part, env: dict[object, object]) -> Step:
        prior = str(self.scenario.players[0].types[0].prior)
        key = f"{dict(self.names.parameters)['ease']:g} {prior}"
        count[key] = count.get(key, 0) + 1
        return play(self, part, env)

    monkeypatch.setattr(Played, "step", counted)
    read_text(text_of({"PAID": "ease"}))
    assert [key.split()[0] for key in count] == ["1", "2", "3"]  # `same` changes a prior, and plays nothing
    plays = list(count.values())
    assert plays[1] == plays[2] < plays[0] / 2  # the move that reads `ease`, and nothing else


def test_a_variant_leaves_alone_what_searches_take_for_the_same(example: str) -> None:
    base = read_text(example)
    for variant in base.variants:
        changed = apply(base, variant.name)
        for kept in ("definitions", "each_round", "at_end", "ends_when"):
            assert getattr(changed, kept) is getattr(base, kept)
        assert [dataclasses.replace(v, start=()) for v in changed.state] == [
            dataclasses.replace(v, start=()) for v in base.state
        ]
        assert [[t.name for t in p.types] for p in changed.players] == [[t.name for t in p.types] for p in base.players]
        assert [p.name for p in changed.parameters] == [p.name for p in base.parameters]
        for move, was in zip(changed.round, base.round, strict=True):
            gone = {a.name for s in was.sides for a in s.actions} - {a.name for s in move.sides for a in s.actions}
            assert gone or move is was
