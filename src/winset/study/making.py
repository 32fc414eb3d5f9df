"""How a brief is made: each part in turn, over one study, so that a variant is solved once and only if it is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, cast

from winset.base.errors import ScenarioError
from winset.certify.certificate import Certificate
from winset.game.kernels import threads
from winset.language import variants
from winset.language.formula import In, parse_formula, walk
from winset.language.scenario import Parameter, Question, Scenario, Variant
from winset.study import cache as store
from winset.study.across import in_equilibrium
from winset.study.answer import Answer
from winset.study.asking import answer, definition
from winset.study.brief_data import (
    Assumption,
    BeliefCurve,
    Brief,
    CertificateData,
    EquilibriumData,
    Forecast,
    QuestionData,
    SizeData,
    Stamp,
    StrategyRow,
    VariantData,
)  # fmt: skip
from winset.study.certificate_data import certificate_data, certified, plain, warnings_about, warnings_about_equilibria
from winset.study.claims import bearing_on_argument, judge
from winset.study.delay import Waits, delay, waits
from winset.study.figure_data import Figures
from winset.study.figures import figures
from winset.study.forecast import belief_curves, curves, outcomes, strategy_table
from winset.study.formulas import Asker
from winset.study.mind import turning, weakest
from winset.study.sides import Sides
from winset.study.solved import Progress, Solved, Study, StudySettings
from winset.study.telling import finish
from winset.study.variant_words import changes
from winset.study.why import explained
from winset.study.workers import shift


def make_brief(
    scenario: Scenario,
    *,
    variant: str,
    values: dict[str, float] | None,
    grid: int | None,
    full: bool,
    all_variants: bool,
    memory: float,
    progress: Progress | None,
) -> Brief:
    """Makes a brief; see `winset.study.brief.brief`."""
    begun = time.perf_counter()
    how = StudySettings(grid=grid, memory=memory)
    study = Study(scenario=scenario, values=values, settings=how, progress=progress, base=variant)
    clock = _Clock(study.seconds, progress)
    asker = Asker(study, check=study.on_grid(2 * how.inner(scenario)) if full else None)
    sides = Sides(asker, scenario, all_variants)
    base, proof, own = _solved(study, sides, clock, progress)
    own.forecast["curves"] += sides.lines
    answers = clock.time("questions", lambda: {q.name: _answered(asker, q) for q in scenario.questions})
    questions = clock.time("explanations", lambda: _questions(scenario, answers, sides))
    certificate = clock.time("certify", lambda: _certificate(asker, questions, proof))
    claims = clock.time("claims", lambda: [judge(asker, c, sides.pieces) for c in scenario.claims])
    readers = _readers(scenario)
    told = [_variant(study, v, sides, readers.get(v.name, [])) for v in scenario.variants]
    out = Brief(
        winset=1,
        title=scenario.title,
        about=scenario.about,
        variant=variant,
        stamp=_stamp(scenario, values, variant, base, study),
        size=_size(base),
        bottom_line=[],
        questions=questions,
        claims=claims,
        against=bearing_on_argument(claims),
        confidence="",
        weakest=[],
        turning=turning(questions, claims, told, sides.verdicts),
        delay=clock.time("delay", lambda: delay(base, _elsewhere(asker, sides))),
        forecast=own.forecast,
        beliefs=own.beliefs,
        strategies=own.strategies,
        figures=own.figures,
        assumptions=_assumptions(variants.apply(scenario, variant).parameters, values or {}),
        variants=told,
        equilibria=clock.time("equilibria", lambda: _equilibria(study, answers)),
        certificate=certificate,
        warnings=_warnings(scenario, study, sides),
        sources=dict(scenario.sources),
        timings={},
    )
    out["weakest"] = weakest(claims, out["turning"])
    finish(out)
    study.seconds["certify"] = study.seconds.get("certify", 0.0) + proof.seconds
    out["timings"] = {k: round(v, 3) for k, v in {**study.seconds, "total": time.perf_counter() - begun}.items()}
    return cast(Brief, plain(out))


@dataclass(frozen=True, kw_only=True)
class _Own:
    """What a brief shows of the base alone."""

    forecast: Forecast
    beliefs: list[BeliefCurve]
    strategies: list[StrategyRow]
    figures: Figures

    @classmethod
    def of(cls, base: Solved, questions: tuple[Question, ...], clock: _Clock) -> _Own:
        forecast = clock.time("forecast", lambda: outcomes(base, curves(base, questions)))
        return cls(
            forecast=forecast,
            beliefs=clock.time("forecast", lambda: belief_curves(base)),
            strategies=strategy_table(base),
            figures=clock.time("figures", lambda: figures(base, forecast["dates"])),
        )


def _solved(study: Study, sides: Sides, clock: _Clock, progress: Progress | None) -> tuple[Solved, Certificate, _Own]:
    """The base solved, proved and shown, and all variants, side by side where there are cores for it."""
    with shift(sides.orders, sides.setup, apart=sides.apart) as work:
        base = study.solved()
        clock.time("variants", lambda: base.without_error.graph)
        with beside(lambda: certified(base)) as proof:
            clock.time("questions", sides.measure)
            own = _Own.of(base, study.scenario.questions, clock)
            clock.time("variants", lambda: sides.collect(work, progress))
        return base, proof.result(), own


@contextmanager
def beside(work: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Does work in a thread beside what is done inside; before it, where kernels may use one thread only.

    What Python does for variants leaves idle cores to the proof. Nothing is awaited where the inside fails."""
    if threads() == 1:
        done: Future[Any] = Future()
        done.set_result(work())
        yield done
        return
    pool = ThreadPoolExecutor(1)
    try:
        yield pool.submit(work)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _elsewhere(asker: Asker, sides: Sides) -> Waits | None:
    """What delays are worth on the other belief grid; None where beliefs have no grid."""
    if sides.apart or not asker.study.dimensions:
        return sides.waits
    return waits(asker.rough.study.solved())


def _size(base: Solved) -> SizeData:
    size = base.size
    return SizeData(
        states=size.states,
        stages=size.stages,
        belief_nodes=size.belief_nodes,
        cells=size.cells,
        bytes=size.bytes,
    )


class _Clock:
    """Adds up seconds by part, and tells which part is being made."""

    def __init__(self, seconds: dict[str, float], progress: Progress | None) -> None:
        self.seconds = seconds
        self.tell = progress or (lambda done, total, label: None)

    def time(self, part: str, work: Callable[[], Any]) -> Any:
        """Does the work; what `compile` and `solve` take inside is counted there only."""
        self.tell(0, 1, part)
        begun, inside = time.perf_counter(), sum(self.seconds.values())
        out = work()
        spent = time.perf_counter() - begun - (sum(self.seconds.values()) - inside)
        self.seconds[part] = self.seconds.get(part, 0.0) + spent
        return out


def _stamp(scenario: Scenario, values: dict[str, float] | None, variant: str, base: Solved, study: Study) -> Stamp:
    settings = scenario.settings
    walking = study.settings.as_dict()
    return Stamp(
        scenario=store.scenario_hash(scenario, values, variant),
        file=PurePath(scenario.file).name,
        versions=store.versions(),
        definition=definition(settings.shocks),
        settings={
            **walking,
            "grid": study.settings.inner(scenario),
            "span": settings.span,
            "precision": {p.name: p.precision for p in base.game.players},
            "discount": {p.name: p.discount for p in base.game.players},
            "values": dict(values or {}),
        },
    )


def _answered(asker: Asker, question: Question) -> Answer:
    try:
        return answer(asker, question.formula)
    except ScenarioError as error:
        said = error.diagnostics[0].message if error.diagnostics else str(error)
        return Answer(formula=question.formula, value=None, undecided=said, text="undecided: " + said)


def _question(question: Question, got: Answer) -> QuestionData:
    return QuestionData(
        name=question.name, formula=question.formula, note=question.note, headline=question.headline, unit=got.unit,
        value=got.value, low=got.low, high=got.high, word=got.word, text=got.text, parts=got.parts,
        variants=got.variants, undecided=got.undecided, grid_error=got.grid_error, title="", meaning="", shown="",
        span="", scale="", confidence="", explanation=None,
    )  # fmt: skip


def _questions(scenario: Scenario, answers: dict[str, Answer], sides: Sides) -> list[QuestionData]:
    """The questions with their answers; the headline ones with what these turn on."""
    out = [_question(q, answers[q.name]) for q in scenario.questions]
    for question in [q for q in out if q["headline"]] or out:
        name = question["name"]
        moved = {
            variant: (e["base"], e["variant"])
            for variant, effects in sides.effects.items()
            for e in effects
            if e["question"] == name
        }
        question["explanation"] = explained(sides.pieces, question["formula"], answers[name], moved)
    return out


def _certificate(asker: Asker, questions: list[QuestionData], made: Certificate) -> CertificateData:
    """The base's certificate, with the headline probabilities as the answers whose movement is measured."""
    heads = [q for q in questions if q["headline"]] or questions
    moved = {}
    for q in heads:
        if q["unit"] == "probability" and isinstance(q["value"], float):
            moved[q["name"]] = (q["value"], asker.elsewhere(parse_formula(q["formula"])))
    return certificate_data(asker.study.solved(), moved, asker.other_grid, made)


def _assumptions(parameters: tuple[Parameter, ...], values: dict[str, float]) -> list[Assumption]:
    return [
        Assumption(
            name=p.name,
            value=values.get(p.name, p.value),
            low=p.low,
            high=p.high,
            distribution=_distribution(p),
            unit=p.unit,
            status="open" if p.is_open else p.status,
            source=p.source,
            note=p.note,
        )  # fmt: skip
        for p in parameters
    ]


def _distribution(parameter: Parameter) -> str:
    if parameter.distribution is None:
        return ""
    name, arguments = parameter.distribution
    return f"{name}({', '.join(f'{k} {v:g}' for k, v in arguments)})"


def _variant(study: Study, variant: Variant, sides: Sides, used_by: list[str]) -> VariantData:
    return VariantData(
        name=variant.name, note=variant.note, based_on=variant.based_on, changed=changes(study.scenario, variant),
        switches_off=list(variant.switches_off),
        switches_on=list(variant.switches_on), solved=variant.name in sides.effects,
        effects=sides.effects.get(variant.name, []), used_by=used_by,
    )  # fmt: skip


def _readers(scenario: Scenario) -> dict[str, list[str]]:
    """The questions and claims that read each variant."""
    formulas = [(q.name, q.formula) for q in scenario.questions] + [(c.name, c.holds_if) for c in scenario.claims]
    out: dict[str, list[str]] = {}
    for reader, text in formulas:
        for name in {n.variant for n in walk(parse_formula(text)) if isinstance(n, In)} if text else ():
            out.setdefault(name, []).append(reader)
    return out


def _equilibria(study: Study, answers: dict[str, Answer]) -> list[EquilibriumData]:
    """The base's equilibria with their answers, variants staying in their principal ones."""
    count, found = study.count(), study.found[study.base]
    checks = [found.principal, *found.checks]
    out = []
    for i, check in enumerate(checks[:count]):
        own = {name: in_equilibrium(got, {study.base: i} if i else {}) for name, got in answers.items()}
        out.append(
            EquilibriumData(
                origin=study.solved("", i).solution.origin, answers=own, check=check.as_dict() if check else {}
            )
        )
    return out


def _warnings(scenario: Scenario, study: Study, sides: Sides) -> list[str]:
    out = warnings_about(study.solved()) + sides.warnings + warnings_about_equilibria(study)
    opened = [p.name for p in scenario.parameters if p.is_open]
    if opened:
        out.append(f"left open by the author, taken at the middle of the range: {', '.join(opened)}")
    for item in scenario.warnings:
        out.append(getattr(item, "message", str(item)))
    return out
