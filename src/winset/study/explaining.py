"""One answer and its explanation, from a study; see `winset.study.explanation`."""

from __future__ import annotations

from winset.language import variants
from winset.language.expr import Name
from winset.language.formula import Plain, parse_formula
from winset.language.lexer import problem
from winset.study.answer import Answer
from winset.study.asking import answer
from winset.study.explanation import Explanation
from winset.study.formulas import Asker
from winset.study.pieces import Pieces
from winset.study.solved import Study
from winset.study.telling import confidence, over_equilibria
from winset.study.why import explained


def make_explanation(study: Study, name: str, quote: str, formula: str) -> Explanation:
    """Answers a formula and says what the answer turns on.

    Raises:
        ScenarioError: the formula is wrong, or has no value here.
    """
    tree = parse_formula(formula)
    if isinstance(tree, Plain) and isinstance(tree.value, Name):
        names = [c.name for c in study.scenario.claims] + [q.name for q in study.scenario.questions]
        raise problem(
            "C490", f"`{formula}` is a number of the scenario, which nothing has to explain", tree.where,
            fix=f"ask about a formula, or one of {', '.join(names) or 'its questions'}",
        )  # fmt: skip
    asker = Asker(study)
    got = answer(asker, formula, certificate=True)
    return Explanation(
        name=name, quote=quote, formula=formula, value=got.value, text=got.text, word=got.word,
        confidence=_confidence(study, got), reason=got.undecided, data=explained(Pieces(asker), formula, got),
    )  # fmt: skip


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
