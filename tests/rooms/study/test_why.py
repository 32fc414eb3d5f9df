"""What answers turn on, held against closed forms, the logit rule read backwards, and Bayes' rule."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import winset
from rooms.study import hand
from winset.language.formula import After, parse_formula
from winset.study.asking import answer
from winset.study.context import Context
from winset.study.events import Event
from winset.study.formulas import Asker
from winset.study.gains import event_gains
from winset.study.pieces import Piece, Pieces
from winset.study.solved import Study, StudySettings
from winset.study.why import explained
from winset.study.witness import witness

WAR_ODDS, COST_A, LOW, HIGH = 0.5, 0.1, 0.05, 0.25
PRECISION = 12.0


def ultimatum(resolute: float = 0.3, precision: float = PRECISION, **more: Any) -> winset.Scenario:
    """Fearon's ultimatum with two demands, payments by label."""
    safe, risky = WAR_ODDS + LOW - 0.002, WAR_ODDS + HIGH - 0.002
    return winset.build(
        scenario="Two demands",
        clock={"rounds": 1},
        solution={"precision": precision},
        parameters={"resolute": {"value": resolute}},
        players={"a": {}, "b": {"types": {"low_cost": "resolute", "high_cost": "rest"}}},
        state={"demand": {"values": ["none", "safe", "risky"], "start": "none"}},
        round=[
            {
                "move": "demanding",
                "by": "a",
                "actions": {
                    "ask_safe": {"pays": {"a": {"face": -0.01}}, "then": {"demand": "safe"}},
                    "ask_risky": {"then": {"demand": "risky"}},
                },
            },
            {
                "move": "answer",
                "by": "b",
                "actions": {
                    "accept": {
                        "pays": {
                            "a": {"share": f"if demand = safe then {safe} else {risky}"},
                            "b": {"share": f"if demand = safe then {1 - safe} else {1 - risky}"},
                        }
                    },
                    "fight": {
                        "pays": {
                            "a": {"prize": WAR_ODDS, "war": -COST_A},
                            "b": {
                                "prize": 1 - WAR_ODDS,
                                "war": f"if b is low_cost then {-LOW} else {-HIGH}",
                            },
                        }
                    },
                },
            },
        ],
        **more,
    )


def asker(scenario: winset.Scenario, **how: Any) -> Asker:
    return Asker(Study(scenario=scenario, settings=StudySettings(**how)))


def piece(scenario: winset.Scenario, formula: str, **how: Any) -> Piece:
    tree, context = parse_formula(formula), Context()
    if isinstance(tree, After):
        tree, context = tree.formula, Context(after=tree.observations)
    found = Pieces(asker(scenario, **how)).of(tree, context)
    assert found is not None
    return found


def fights(demand: float, cost: float, precision: float = PRECISION) -> float:
    """How often a type of B fights: the logit rule on two payoffs."""
    return 1 / (1 + math.exp(-precision * ((1 - WAR_ODDS - cost) - (1 - demand))))


@pytest.mark.slow
def test_the_parts_of_a_choice_are_the_closed_form_by_label() -> None:
    choice = piece(ultimatum(), "strategy(a plays ask_risky)").choice
    assert choice is not None
    safe, risky = WAR_ODDS + LOW - 0.002, WAR_ODDS + HIGH - 0.002
    war = {d: 0.3 * fights(d, LOW) + 0.7 * fights(d, HIGH) for d in (safe, risky)}
    expected = {
        "face": 0.01,
        "share": (1 - war[risky]) * risky - (1 - war[safe]) * safe,
        "prize": (war[risky] - war[safe]) * WAR_ODDS,
        "war": -(war[risky] - war[safe]) * COST_A,
    }
    assert choice.gain.by_label() == pytest.approx(expected, abs=1e-12)
    assert choice.gain.total == pytest.approx(sum(expected.values()), abs=1e-12)
    assert choice.gain.total == pytest.approx(math.log(choice.chance / choice.other_chance) / PRECISION, abs=1e-9)
    assert choice.gain.check == pytest.approx(choice.gain.total, abs=1e-9)


@pytest.mark.slow
def test_a_choice_turns_on_the_belief_of_the_textbook() -> None:
    """Without errors, and without the face that asking little costs, the threshold is (high - low) / (high + cA)."""
    choice = piece(ultimatum(precision=20000.0), "strategy(a plays ask_risky)").choice
    assert choice is not None and choice.turn is not None
    short, face = 0.002, 0.01
    paid_by_low = WAR_ODDS - COST_A - (WAR_ODDS + LOW - short - face)  # risky less safe, against a type that fights
    paid_by_high = HIGH - LOW + face
    assert choice.turn.at == pytest.approx(paid_by_high / (paid_by_high - paid_by_low), abs=1e-6)
    assert (choice.turn.player, choice.turn.type, choice.turn.now) == ("b", "low_cost", pytest.approx(0.3))


@pytest.mark.slow
def test_at_the_belief_where_a_choice_turns_both_actions_are_played_alike() -> None:
    first = piece(ultimatum(), "strategy(a plays ask_risky)").choice
    assert first is not None and first.turn is not None
    there = piece(ultimatum(resolute=first.turn.at), "strategy(a plays ask_risky)").choice
    assert there is not None
    assert there.chance == pytest.approx(0.5, abs=1e-9)  # B's play does not depend on the belief here
    assert abs(first.chance - 0.5) > 0.05


@pytest.mark.slow
def test_the_choice_of_an_informed_type_is_its_own_closed_form() -> None:
    choice = piece(ultimatum(), "strategy(b plays fight if high_cost) after (a plays ask_risky)").choice
    assert choice is not None
    assert (choice.type, choice.action, choice.other) == ("high_cost", "fight", "accept")
    risky = WAR_ODDS + HIGH - 0.002
    assert choice.gain.by_label() == pytest.approx(
        {"share": -(1 - risky), "prize": 1 - WAR_ODDS, "war": -HIGH}, abs=1e-12
    )
    assert choice.turn is None  # it knows all there is to know


@pytest.mark.slow
@pytest.mark.parametrize("player", ["a", "b", "b is low_cost"])
def test_a_value_by_label_sums_to_the_value(player: str) -> None:
    found = piece(ultimatum(), f"value({player})").payoff
    assert found is not None
    assert found.total == pytest.approx(winset.ask(ultimatum(), f"value({player})", certificate=False).value, abs=1e-9)
    assert found.check == pytest.approx(found.total, abs=1e-9)
    assert sum(found.by_date().values()) == pytest.approx(found.total, abs=1e-12)
    assert set(found.by_label()) == ({"face", "share", "prize", "war"} if player == "a" else {"share", "prize", "war"})


@pytest.mark.slow
def test_a_discounted_stream_is_paid_when_it_is_paid() -> None:
    """One player, three rounds of 1 each, discount 0.5: 1, 1/2 and 1/4 in the three rounds."""
    scenario = winset.build(
        scenario="Stream", clock={"rounds": 3}, players={"a": {"discount": 0.5}}, solution={"precision": 1},
        round=[{"move": "m", "by": "a", "actions": {"x": {"pays": {"a": 2}}, "y": {}}}],
        payoffs={"each round": {"a": {"rent": 1}}},
    )  # fmt: skip
    found = piece(scenario, "value(a)").payoff
    assert found is not None
    own = 2 * math.exp(2) / (1 + math.exp(2))
    assert found.by_label() == pytest.approx({"own": 1.75 * own, "rent": 1.75})
    assert list(found.by_date().values()) == pytest.approx([1 + own, (1 + own) / 2, (1 + own) / 4])


@pytest.mark.slow
def test_hidden_actions_pay_by_label_too() -> None:
    scenario = winset.build(
        scenario="Hidden", clock={"rounds": 1}, solution={"precision": 3},
        players={"a": {"types": {"keen": 0.4, "idle": 0.6}}},
        round=[{
            "move": "m", "by": "a",
            "actions": {"work": {"pays": {"a": {"effort": "if a is idle then -2 else -0.5"}}}, "laze": {}},
            "signals": {"good": {"probability": "if a plays work then 0.8 else 0.3", "pays": {"a": {"fame": 1}}},
                        "bad": {"probability": "rest"}},
        }],
    )  # fmt: skip
    for kind, effort in (("keen", -0.5), ("idle", -2.0)):
        choice = piece(scenario, f"strategy(a plays work if {kind})").choice
        assert choice is not None
        assert choice.gain.by_label() == pytest.approx({"effort": effort, "fame": 0.5}, abs=1e-12)
        assert choice.gain.check == pytest.approx(effort + 0.5, abs=1e-9)


@pytest.mark.slow
def test_taste_shocks_are_a_part_of_their_own() -> None:
    scenario = replace(ultimatum(), settings=replace(ultimatum().settings, shocks="included"))
    choice = piece(scenario, "strategy(a plays ask_risky)").choice
    assert choice is not None and choice.gain.check is not None
    assert "shocks" in choice.gain.by_label()
    assert choice.gain.total == pytest.approx(math.log(choice.chance / choice.other_chance) / PRECISION, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["beer-quiche", "prisoners-dilemma", "treaty", "spence", "centipede"])
def test_on_the_shelf_parts_sum_to_the_solver_s_own_value(name: str) -> None:
    scenario = winset.read(name)
    study = asker(scenario)
    pieces = Pieces(study)
    for player in scenario.players:
        found = pieces.of(parse_formula(f"value({player.name})"), Context())
        assert found is not None and found.payoff is not None
        assert found.payoff.total == pytest.approx(found.payoff.check, abs=2e-3)


# Beliefs.


@pytest.mark.slow
def test_a_likelihood_ratio_is_the_ratio_of_strategies_and_bayes_rule_holds() -> None:
    scenario = ultimatum()
    history = "after (a plays ask_risky, b plays fight)"
    found = piece(scenario, f"belief(b is low_cost) {history}").evidence
    assert len(found) == 1  # what A asks says nothing of B
    risky = WAR_ODDS + HIGH - 0.002
    ratio = fights(risky, LOW) / fights(risky, HIGH)
    assert found[0]["ratio"] == pytest.approx(ratio, abs=1e-9)
    assert found[0]["before"] == pytest.approx(0.3)
    odds = 0.3 / 0.7 * ratio
    assert found[0]["after"] == pytest.approx(odds / (1 + odds), abs=1e-9)
    other = piece(scenario, f"belief(b is high_cost) {history}").evidence
    assert other[0]["ratio"] == pytest.approx(1 / ratio, abs=1e-9)


def test_of_a_hidden_action_the_signal_is_the_evidence() -> None:
    from winset.study.evidence import evidence

    tree = parse_formula("belief(A is strong) after (A plays smoke, chance plays nothing)")
    assert isinstance(tree, After)
    solved = hand.solved(hidden=True)
    found = evidence(solved.game, solved.after(tree.observations), tree.formula)  # type: ignore[arg-type]
    smoke = {k: hand.FIGHT[k] * 0.8 + (1 - hand.FIGHT[k]) * 0.1 for k in ("strong", "weak")}
    assert len(found) == 1
    assert found[0]["ratio"] == pytest.approx(smoke["strong"] / smoke["weak"])
    assert found[0]["after"] == pytest.approx(0.3 * smoke["strong"] / (0.3 * smoke["strong"] + 0.7 * smoke["weak"]))


# Where a probability comes about.


def parsed(formula: str) -> Event:
    tree = parse_formula(f"P({formula})").event  # type: ignore[union-attr]
    return Event(form=tree.form, condition=tree.condition, goal=tree.goal)


@pytest.mark.parametrize("formula", ["mood = war", "always mood != war", "A is weak and mood = war", "A plays fight"])
@pytest.mark.parametrize("how", [{}, {"hidden": True}, {"turning": True}])
def test_gains_sum_to_the_probability(formula: str, how: dict[str, bool]) -> None:
    solved = hand.solved(**how)
    event = parsed(formula)
    gains = event_gains(solved.graph, solved.language, event)
    assert gains.total == pytest.approx(solved.flow(event).accepted((0,)), abs=1e-12)
    assert sum(gains.by_round().values()) + gains.start == pytest.approx(gains.total)


def test_gains_are_credited_to_the_round_and_the_step() -> None:
    solved = hand.solved()
    gains = event_gains(solved.graph, solved.language, parsed("mood = war"))
    fight = {k: hand.FIGHT[k] * hand.WAR for k in hand.PRIOR}
    first = sum(hand.PRIOR[k] * fight[k] for k in hand.PRIOR)
    second = sum(hand.PRIOR[k] * (1 - fight[k]) * fight[k] for k in hand.PRIOR)
    assert gains.steps == pytest.approx({(1, "chance plays war"): first, (2, "chance plays war"): second})


@pytest.mark.parametrize("deadline", [1, 2])
@pytest.mark.parametrize("formula", ["mood = tense", "A plays fight", "mood = tense and A is strong"])
def test_what_stands_at_a_date_is_credited_to_what_brought_it_about(formula: str, deadline: int) -> None:
    solved = hand.solved(turning=True)
    event = replace(parsed(formula), form="at", deadline=deadline)
    gains = event_gains(solved.graph, solved.language, event)
    assert gains.total == pytest.approx(solved.flow(event).accepted((0,)), abs=1e-12)
    assert not any(step == "the round ends" for _, step in gains.steps)


# The likeliest course.


def course(solved: Any, event: Event) -> Any:
    return witness(solved.graph, solved.language, hand.respond, event, formula="P(x)", variant="")


def test_the_course_is_the_likeliest_of_all_and_its_probability_the_product_of_its_steps() -> None:
    solved = hand.solved()
    found = course(solved, parsed("mood = war"))
    fight = sum(hand.PRIOR[k] * hand.FIGHT[k] for k in hand.PRIOR)
    assert [s["text"] for s in found["steps"]] == ["A plays fight", "chance plays war"]
    assert found["probability"] == pytest.approx(fight * hand.WAR)
    assert found["probability"] == pytest.approx(np.prod([s["probability"] for s in found["steps"]]))
    assert found["probability"] <= solved.flow(parsed("mood = war")).accepted((0,))
    belief = found["steps"][0]["beliefs"][0]
    assert (belief["type"], belief["before"]) == ("strong", pytest.approx(0.3))
    assert belief["after"] == pytest.approx(0.3 * 0.9 / fight)
    assert found["steps"][1]["beliefs"] == []  # chance says nothing of A


def test_a_course_that_reads_types_says_them_and_holds_their_probability() -> None:
    found = course(hand.solved(), parsed("A is strong and mood = war"))
    assert found["types"] == {"A": "strong"}
    assert found["probability"] == pytest.approx(0.3 * 0.9 * hand.WAR)


def test_a_hidden_action_is_told_where_the_event_reads_it() -> None:
    found = course(hand.solved(hidden=True), parsed("A plays yield and mood = tense"))
    assert found["types"] == {"A": "weak"}
    assert found["probability"] == pytest.approx(0.7 * 0.8 * 0.1)
    assert found["steps"][0]["text"] == "A plays yield unseen and smoke is seen"


def test_a_course_may_lead_through_a_change_of_type() -> None:
    """A that begins weak is not at once strong: it fights, and turns strong then, with probability one half."""
    solved = hand.solved(turning=True)
    event = Event(
        form="until", condition=parsed("A is weak").condition, goal=parsed("mood = tense and A is strong").condition
    )
    found = course(solved, event)
    assert found["types"] == {"A": "weak"}
    assert found["probability"] == pytest.approx(0.7 * 0.2 * hand.TURN)
    assert found["probability"] <= solved.flow(event).accepted((0,)) + 1e-12


def test_no_course_leads_to_what_cannot_be() -> None:
    assert course(hand.solved(), parsed("mood = war and mood = calm")) is None


@pytest.mark.parametrize("formula", ["mood = calm", "always mood != war", "mood = tense"])
def test_no_play_that_was_drawn_is_likelier_than_the_course(formula: str) -> None:
    """Against every path of the tree of two rounds, worked through by hand in plain loops."""
    solved = hand.solved()
    event = replace(parsed(formula), form="at", deadline=2) if "always" not in formula else parsed(formula)
    found = course(solved, event)
    best = 0.0
    for first, one in (("fight", "war"), ("fight", "nothing"), ("yield", "")):
        for second, two in (("fight", "war"), ("fight", "nothing"), ("yield", "")):
            acts = [(first, one)] if one == "war" else [(first, one), (second, two)]
            chance = sum(
                hand.PRIOR[k]
                * math.prod(
                    (hand.FIGHT[k] if a == "fight" else 1 - hand.FIGHT[k])
                    * {"war": hand.WAR, "nothing": 1 - hand.WAR, "": 1.0}[drawn]
                    for a, drawn in acts
                )
                for k in hand.PRIOR
            )
            mood = {"war": "war", "nothing": "tense", "": "calm"}[acts[-1][1]]
            if mood == formula.split()[-1] or ("always" in formula and mood != "war"):
                best = max(best, chance)
    assert found["probability"] == pytest.approx(best, abs=1e-12)


# Sentences.


@pytest.mark.slow
def test_a_comparison_of_variants_is_taken_apart_by_step() -> None:
    scenario = ultimatum(variants={"soft": {"parameters": {"resolute": 0.05}}})
    study = asker(scenario)
    formula = "P(b plays fight) > P(b plays fight) in soft"
    got = answer(study, formula)
    found = explained(Pieces(study), formula, got)
    assert found is not None and found["total"] == pytest.approx(got.effect, abs=1e-12)
    assert sum(p["value"] for p in found["parts"]) == pytest.approx(found["total"], abs=1e-12)
    assert found["parts"][0]["name"] == "b plays fight"
    assert found["sentence"].startswith("holds by ")
    assert found["equilibrium"] == "the principal equilibrium"


@pytest.mark.slow
def test_a_sentence_names_label_and_sign() -> None:
    found = winset.explain(ultimatum(), "strategy(a plays ask_safe)", cache=False)
    assert found.data is not None and found.data["total"] is not None
    assert "a plays ask_safe" in found.sentence and "ask_risky" in found.sentence
    largest = found.data["parts"][0]
    sign = "+" if largest["value"] > 0 else "\N{MINUS SIGN}"
    assert f"{largest['name']} {sign}" in found.sentence
    assert abs(largest["value"]) == max(abs(p["value"]) for p in found.data["parts"])


@pytest.mark.slow
def test_an_explanation_names_the_equilibrium_and_what_others_say() -> None:
    """The treaty is kept in one equilibrium and broken in another."""
    scenario = winset.read("treaty")
    claims = {c.name: c for c in scenario.claims}
    found = {name: winset.explain(scenario, name, cache=False) for name in claims}
    disagreed = [e for e in found.values() if e.value is None and e.data is not None]
    assert disagreed
    for one in disagreed:
        assert one.data is not None and one.data["equilibrium"].startswith("the principal equilibrium, one of ")
        assert "undecided: it depends on which of" in one.sentence and "in the principal equilibrium" in one.sentence


@pytest.mark.slow
def test_a_claim_is_explained_by_its_name_and_one_without_a_formula_by_its_reason() -> None:
    scenario = ultimatum(
        claims={
            "war": {"quote": "There will be war", "by": "x", "kind": "forecast", "holds if": "P(b plays fight) > 0.5"},
            "dim": {"quote": "Who knows", "by": "x", "kind": "forecast", "reason": "nothing measures it"},
        }
    )
    found = winset.explain(scenario, "war", cache=False)
    assert found.value is False and found.sentence.startswith("fails by ")
    assert found.data is not None and found.data["witness"] is not None
    silent = winset.explain(scenario, "dim", cache=False)
    assert silent.data is None and silent.sentence == "nothing measures it"


@pytest.mark.slow
def test_explanations_are_kept_and_come_back_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("WINSET_CACHE", str(tmp_path))
    first = winset.explain(ultimatum(), "P(b plays fight)")
    monkeypatch.setattr("winset.study.explaining.make_explanation", lambda *a: pytest.fail("computed again"))
    assert winset.explain(ultimatum(), "P(b plays fight)") == first


@pytest.mark.slow
def test_after_is_the_same_as_writing_it() -> None:
    one = winset.explain(ultimatum(), "strategy(b plays fight)", after="a plays ask_risky", cache=False)
    two = winset.explain(ultimatum(), "strategy(b plays fight) after (a plays ask_risky)", cache=False)
    assert one.as_dict() == two.as_dict()


@pytest.mark.slow
def test_a_brief_explains_claims_and_headline_questions() -> None:
    scenario = ultimatum(
        questions={"war": {"ask": "P(b plays fight)", "headline": True}, "pay": {"ask": "value(a)"}},
        claims={"c": {"quote": "q", "by": "x", "kind": "forecast", "holds if": "P(b plays fight) < 0.9"}},
    )
    made = winset.brief(scenario, cache=False)
    asked = {q["name"]: q for q in made["questions"]}
    assert asked["pay"]["explanation"] is None
    told = asked["war"]["explanation"]
    assert told is not None and told["witness"] is not None and told["total"] == pytest.approx(asked["war"]["value"])
    claim = made["claims"][0]["explanation"]
    assert claim is not None and claim["total"] == pytest.approx(made["claims"][0]["effect"])


def test_dates_are_told_where_half_of_it_comes_about_and_payments_where_they_pull_apart() -> None:
    from winset.study.why_words import AT_START, mostly, paid

    def of(**values: float) -> list[Any]:
        return [{"name": name.strip("r").replace("_", "-"), "value": value} for name, value in values.items()]

    months = of(r2019_10=0.1, r2019_11=0.3, r2019_12=0.3, r2020_01=0.1)
    assert mostly(months) == "2019-11 to 2019-12"
    assert mostly([{"name": AT_START, "value": 5.0}, *months]) == "2019-11 to 2019-12"
    assert mostly(of(r1=0.9, r2=0.1)) == "round 1"
    assert mostly(of(r1=1.0)) == ""
    assert paid(of(r1=-1.0, r2=0.5, r3=0.25)) == ", \N{MINUS SIGN}1.00 in round 1 against +0.75 afterwards"
    assert paid(of(r1=1.0, r2=0.5)) == ", at least half of it paid in round 1"
