"""Why an answer is what it is: one sentence, the numbers behind it, and the likeliest course of play.

`explain` looks into the cache first and loads the numeric rooms only when there is something to compute.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import Any

from winset.base.diagnostics import Where
from winset.language.given import given_grid, given_values
from winset.language.rules.formulas import resolve
from winset.language.scenario import Scenario
from winset.language.stacked import taken
from winset.study import cache as store
from winset.study.brief import known
from winset.study.brief_data import Brief
from winset.study.explanation_data import ExplanationData
from winset.study.pointing import Meant, meant
from winset.study.wording import show_formula, sides_text


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """An answer with what it turns on.

    Attributes:
        name: of the claim or question explained; "" for a formula.
        quote: the claim's words, else the question's note.
        formula: what was answered.
        value, text, word: the answer, as in `Answer`.
        confidence: how far the figure can be trusted and on what ground; apart from how likely anything is.
        reason: why there is no value, or what several equilibria differ on; "" where there is nothing to say.
        data: the sentence, its parts, dates, evidence and witness; None where the formula has no value.
    """

    name: str
    quote: str
    formula: str
    value: float | bool | None
    text: str
    word: str
    confidence: str
    reason: str
    data: ExplanationData | None

    @property
    def sentence(self) -> str:
        """What it turns on, in one sentence."""
        return self.data["sentence"] if self.data else self.reason

    def as_dict(self) -> dict[str, Any]:
        """The explanation as plain JSON data."""
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Explanation:
        """Inverse of `as_dict`."""
        return Explanation(**{f.name: data[f.name] for f in fields(Explanation)})

    def __str__(self) -> str:
        return f"{self.name or self.formula}: {self.sentence}"


def explain(
    scenario: Scenario,
    formula_or_name: str,
    *,
    after: str = "",
    variant: str = "",
    values: dict[str, float] | None = None,
    grid: int | None = None,
    cache: bool = True,
    memory: float = 1.5e9,
    progress: Callable[[int, int, str], None] | None = None,
) -> Explanation:
    """Explains one answer: what a claim, a forecast, a belief, a value or a strategy turns on.

    What a brief in the cache has explained already is taken from there; of a headline question that also says which of
    the solved variants moves it most.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        formula_or_name: the name of a claim or a question of the scenario, its title or the beginning of its quote,
            or a formula.
        after: a public history after which to read it, such as `pyongyang plays talk, pyongyang plays no_progress`.
        variant: the variant to take as the base.
        values: parameter values that replace the central ones.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        cache: look into and keep explanations in the disk cache.
        memory: most bytes a solution may take.
        progress: progress(done, total, label).

    Raises:
        ScenarioError: the formula, or a name in it, is wrong, or it has no value here; C493 no claim or question is
            called so or begins so, or several do; C494 it has no one meaning with the variant as the base.
        SizeError: the game would not fit.
    """
    values = given_values(scenario, values)
    given_grid(grid)
    what = meant(scenario, formula_or_name)
    name, quote, formula, reason = what.name, what.quote, what.formula, what.reason
    if not formula and name:
        return Explanation(
            name=name, quote=quote, formula="", value=None, text="undecided", word="", confidence="", reason=reason,
            data=None,
        )  # fmt: skip
    tree = resolve(scenario, formula, Where(f"`{name}`" if name else "", 1, 1), after=after)
    formula = show_formula(tree) if after else formula
    base = taken(scenario, variant)
    there = base.answering(tree)
    parts = {
        "scenario": store.scenario_hash(scenario, values, variant), "formula": repr(tree), "grid": grid, "name": name,
    }  # fmt: skip
    key = store.key("explanation", parts)
    if cache and (kept := store.load(key)) is not None:
        with suppress(KeyError, TypeError):  # not what was stored: computed anew
            return Explanation.from_dict({**kept, "formula": formula})
    made = known(scenario, variant=variant, values=values, grid=grid) if cache and name and not after else None
    if made is not None and (told := _told(made, what)) is not None:
        return told
    from winset.study.explaining import make_explanation
    from winset.study.solved import Study, StudySettings

    study = Study(
        scenario=there, values=values, settings=StudySettings(grid=grid, memory=memory),
        progress=progress, base=base.solve,
    )  # fmt: skip
    out = make_explanation(study, name, quote, formula, tree)
    if cache:
        store.store(key, out.as_dict())
    return out


def _told(brief: Brief, what: Meant) -> Explanation | None:
    """The explanation that a brief holds already; None where it explains something else only."""
    for question in brief["questions"]:
        if question["name"] == what.name and question["formula"] == what.formula and question["explanation"]:
            value = question["value"]
            sure = "" if isinstance(value, bool) or value is None else question["confidence"] or brief["confidence"]
            return Explanation(
                name=what.name, quote=what.quote, formula=what.formula, value=value, text=question["text"],
                word=question["word"], confidence=sure, reason=question["undecided"], data=question["explanation"],
            )  # fmt: skip
    for claim in brief["claims"]:
        if claim["id"] == what.name and claim["formula"] == what.formula and claim["explanation"]:
            truth = {"holds": True, "fails": False}.get(claim["verdict"])
            text = "undecided: " + claim["reason"] if truth is None else ("true" if truth else "false")
            sides = sides_text(claim["numbers"])
            return Explanation(
                name=what.name, quote=what.quote, formula=what.formula, value=truth,
                text=f"{text} ({sides})" if sides and truth is not None else text, word="", confidence="",
                reason=claim["reason"], data=claim["explanation"],
            )  # fmt: skip
    return None
