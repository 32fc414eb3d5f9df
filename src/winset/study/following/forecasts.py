"""The headline questions of a scenario, read where a record has led."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from winset.base.errors import ScenarioError, WinsetError
from winset.language.days import settled_by_rows
from winset.language.expr import Expr, Plays
from winset.language.formula import After, Belief, Formula, From, In, StrategyOf, ValueOf, parse_formula, walk
from winset.language.scenario import Claim, Question, Scenario
from winset.learn.histories import Place
from winset.learn.standing import Standing
from winset.study.arithmetic import Judgement, Quantity
from winset.study.asking import unit_of
from winset.study.conditions import unanswerable
from winset.study.context import Context
from winset.study.following.data import ClaimSeen
from winset.study.following.waterfalls import finite
from winset.study.formulas import Asker, number
from winset.study.solved import Solved, Study
from winset.study.wording import show_formula

_HERE = (Plays("", "the record so far"),)


@dataclass
class AtPlace(Asker):
    """Evaluates formulas as of one place of a solved scenario, where a record has led."""

    solved: Solved | None = None
    standing: Place | None = None

    def place(self, context: Context) -> tuple[Solved, Place]:
        """The place, whatever the context."""
        assert self.solved is not None and self.standing is not None
        return self.solved, self.standing

    def expectation(self, value: Expr, at: Expr | None, context: Context) -> Quantity:
        """As of the place; of a date before it nothing is said."""
        self._ahead(at, value)
        return super().expectation(value, at, context)

    def belief(self, leaf: Belief, context: Context) -> Quantity:
        """As of the place; of a date before it nothing is said."""
        self._ahead(leaf.at, leaf)
        return super().belief(leaf, context)

    def _ahead(self, at: Expr | None, what: Any) -> None:
        assert self.solved is not None and self.standing is not None
        if at is not None and number(at, self.solved.language) < self.standing.round:
            raise unanswerable("the date lies before the place", what)


@dataclass
class Forecaster:
    """Follows the headline questions of a scenario; without any, all its questions.

    Attributes:
        study: where the scenario is solved.
        asked: the questions followed, with their formulas.
        left_out: those that are not, and why.
    """

    study: Study
    asked: list[tuple[Question, Formula]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        solved = self.study.solved()
        self._solved = Solved(
            variant=solved.variant, game=solved.game, size=solved.size, solution=solved.solution,
            walking=self.study.settings.walking_variants, course=solved.course,
        )  # fmt: skip
        for question in headlines(self.study.scenario):
            tree = parse_formula(question.formula)
            if why := unfit(tree):
                self.left_out[question.name] = why
            else:
                self.asked.append((question, tree))

    def at(self, standing: Standing) -> dict[str, float | None]:
        """Every question's figure where a record has led; None where it has none any more."""
        asker = AtPlace(self.study, grid_check=False, solved=self._solved, standing=standing.place)
        context = Context(variant=self.study.base, after=_HERE)
        found: dict[str, float | None] = {}
        for question, tree in list(self.asked):
            try:
                value = asker.value(tree, context)
            except WinsetError as error:
                found[question.name] = None
                said = error.diagnostics[0].message if isinstance(error, ScenarioError) else str(error).splitlines()[0]
                self.left_out.setdefault(question.name, f"not to the end of the record, since {said}")
                continue
            if isinstance(value, Judgement):
                self.asked.remove((question, tree))
                self.left_out[question.name] = "its answer is true or false"
            else:
                found[question.name] = value.value
        return found

    def claims_at(self, standing: Standing) -> list[ClaimSeen]:
        """What the record says of each claim of the scenario, in its order."""
        return [self._claim(claim, standing) for claim in self.study.scenario.claims]

    def _claim(self, claim: Claim, standing: Standing) -> ClaimSeen:
        if not claim.holds_if:
            return ClaimSeen(name=claim.name, verdict="", figures={}, why="it has no formula")
        tree = parse_formula(claim.holds_if)
        if why := unfit(tree) or unseen(tree):
            return ClaimSeen(name=claim.name, verdict="", figures={}, why=why)
        asker = AtPlace(self.study, grid_check=False, solved=self._solved, standing=standing.place)
        try:
            found = asker.value(tree, Context(variant=self.study.base, after=_HERE)).as_judgement()
        except WinsetError as error:
            return ClaimSeen(name=claim.name, verdict="", figures={}, why=str(error).splitlines()[0])
        figures = {show_formula(part.leaf): finite(part.quantity.value) for part in asker.parts}
        verdict = {True: "holds", False: "fails", None: "undecided"}[found.value]
        return ClaimSeen(name=claim.name, verdict=verdict, figures=figures, why=found.why)

    def unit(self, name: str) -> str:
        """Whether a question's figure is a probability."""
        return next(unit_of(tree) for question, tree in self.asked if question.name == name)


def headlines(scenario: Scenario) -> tuple[Question, ...]:
    """The questions that lead the brief; without any, all."""
    return tuple(q for q in scenario.questions if q.headline) or scenario.questions


def unseen(tree: Formula) -> str:
    """Why the record cannot say whether a formula holds; "" where it can: of values and strategies it has no rows."""
    for part in walk(tree):
        if isinstance(part, ValueOf | StrategyOf):
            return "it is about values or strategies, of which a record has no rows"
    return ""


def unfit(tree: Formula) -> str:
    """Why a formula cannot be read where a record has led; "" where it can."""
    for part in walk(tree):
        if isinstance(part, In):
            return f"it reads the variant `{part.variant}`, which the record is not followed through"
        if isinstance(part, After):
            return "it is read after a history of its own"
        if isinstance(part, From):
            return "it is read from a state of its own"
    return "record files answer it" if settled_by_rows(tree) else ""
