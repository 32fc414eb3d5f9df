"""A brief of a scenario with a variant as its base: what cannot be read on top of the variant is told, not answered."""

from __future__ import annotations

from dataclasses import replace

from winset.language.formula import parse_formula
from winset.language.scenario import Scenario
from winset.language.stacked import Base
from winset.study import cache as store
from winset.study.brief_data import Brief, QuestionData
from winset.study.claims import bearing_on_argument
from winset.study.telling import finish


def refused(base: Base, scenario: Scenario) -> tuple[dict[str, str], dict[str, str]]:
    """The questions and the claims of a scenario that are not answered here, each with the reason."""
    questions = {q.name: base.refuses(parse_formula(q.formula)) for q in scenario.questions}
    claims = {c.name: base.refuses(parse_formula(c.holds_if)) for c in scenario.claims if c.holds_if}
    return {n: r for n, r in questions.items() if r}, {n: r for n, r in claims.items() if r}


def without_refused(base: Base) -> Scenario:
    """The scenario with the questions and claims alone that have a meaning here, for `make_brief`."""
    questions, claims = refused(base, base.scenario)
    return replace(
        base.scenario,
        questions=tuple(q for q in base.scenario.questions if q.name not in questions),
        claims=tuple(
            replace(c, holds_if="", reason=claims[c.name]) if c.name in claims else c for c in base.scenario.claims
        ),
    )


def put_back(brief: Brief, base: Base, scenario: Scenario, values: dict[str, float] | None) -> Brief:
    """The brief as one of the variant: with what was refused in its place, and the reason beside it."""
    questions, claims = refused(base, scenario)
    brief["variant"] = base.variant
    brief["stamp"]["scenario"] = store.scenario_hash(scenario, values, base.variant)
    known = {q["name"]: q for q in brief["questions"]}
    brief["questions"] = [
        known[q.name] if q.name in known else _unanswered(scenario, i, questions[q.name])
        for i, q in enumerate(scenario.questions)
    ]
    formulas = {c.name: c.holds_if for c in scenario.claims}
    for claim in brief["claims"]:
        if claim["id"] in claims:
            claim["formula"] = formulas[claim["id"]]
    brief["against"] = bearing_on_argument(brief["claims"])
    for one in brief["equilibria"]:
        one["answers"] = {q.name: one["answers"].get(q.name) for q in scenario.questions}
    read = [*(q.formula for q in scenario.questions), *(c.holds_if for c in scenario.claims if c.holds_if)]
    if any(base.reads_others(parse_formula(text)) for text in read):
        brief["warnings"].append(base.note)
    return finish(brief)


def _unanswered(scenario: Scenario, index: int, reason: str) -> QuestionData:
    question = scenario.questions[index]
    return QuestionData(
        name=question.name, formula=question.formula, note=question.note, headline=question.headline, unit="number",
        value=None, low=None, high=None, word="", text=f"undecided: {reason}", parts=[], variants=[], undecided=reason,
        grid_error=None, title="", meaning="", shown="", span="", scale="", confidence="", explanation=None,
    )  # fmt: skip
