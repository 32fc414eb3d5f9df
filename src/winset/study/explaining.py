"""One answer and its explanation, from a study; see `winset.study.explanation`."""

from __future__ import annotations

from winset.language import variants
from winset.language.days import rows_in
from winset.language.formula import Belief, Expectation, Formula, Probability, StrategyOf, ValueOf, walk
from winset.language.lexer import problem, shown
from winset.study.answer import Answer
from winset.study.asking import answer
from winset.study.explanation import Explanation
from winset.study.formulas import Asker
from winset.study.pieces import Pieces
from winset.study.solved import Study
from winset.study.telling import confidence, over_equilibria
from winset.study.why import explained


def make_explanation(study: Study, name: str, quote: str, formula: str, tree: Formula) -> Explanation:
    """Answers a formula and says what the answer turns on; `tree` is the formula as read, with its places.

    Raises:
        ScenarioError: the formula is wrong, or has no value here.
    """
    if not name and not _asks(tree):
        names = [c.name for c in study.scenario.claims] + [q.name for q in study.scenario.questions]
        fix = "Ask about `P(…)`, `E(…)`, `belief(…)`, `value(…)` or `strategy(…)`"
        raise problem(
            "C490", f"`{shown(formula)}` asks nothing of the game, so there is nothing to explain", tree.where,
            fix=f"{fix}, or one of {shown(', '.join(names), 200)}." if names else f"{fix}.",
        )  # fmt: skip
    asker = Asker(study)
    got = answer(asker, formula, tree=tree, certificate=True)
    return Explanation(
        name=name, quote=quote, formula=formula, value=got.value, text=got.text, word=got.word,
        confidence=_confidence(study, got), reason=got.undecided, data=explained(Pieces(asker), formula, got),
    )  # fmt: skip


def _asks(tree: Formula) -> bool:
    """Whether anything in a formula has to be solved, or looked up in a record file."""
    return bool(rows_in(tree)) or any(isinstance(part, Probability | Expectation | Belief | ValueOf | StrategyOf)
                                      for part in walk(tree))  # fmt: skip


def _confidence(study: Study, got: Answer) -> str:
    if isinstance(got.value, bool) or got.value is None:
        return ""
    several = [r["value"] for r in got.equilibria if isinstance(r["value"], float)]
    parameters = variants.apply(study.scenario, study.base).parameters
    assumed = sum(p.status == "assumed" or p.is_open for p in parameters)
    moved = got.grid_error if got.unit == "probability" else None
    return confidence(
        got.certificate, assumed, moved=moved, measured=got.grid_error is not None,
        equilibria=over_equilibria(several, got.unit),
    )  # fmt: skip
