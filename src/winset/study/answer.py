"""One formula, answered.

`ask` looks into the cache first and loads the numeric rooms only when there is something to compute.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from winset.base.card import Card, Shown, Table
from winset.base.diagnostics import Where
from winset.language.days import settled_by_rows
from winset.language.given import given_grid, given_values
from winset.language.rules.formulas import resolve
from winset.language.scenario import Scenario
from winset.language.stacked import taken
from winset.study import cache as store
from winset.study.brief_data import CertificateData, PartData, ReadingData, RowData, UnitKind
from winset.study.cards import certificate_text, number_text, span_text


@dataclass(frozen=True, kw_only=True, repr=False)
class Answer(Shown):
    """The answer to a formula.

    Attributes:
        formula: as asked.
        value: a number, True or False; None when undecided.
        low, high: band over numerical error (probability dropped, belief grid) and over the equilibria found; None
            where there is no number.
        unit: "probability", "number", "truth" or "date" (`value` is then the day's number in the Gregorian calendar,
            1 January of the year 1 being 1, and `text` the day).
        text: the answer in one short line.
        word: ICD-203 word, for a probability.
        parts: the formula's leaves with their values; for a comparison both sides.
        variants: variants that were read besides the base.
        effect: left side minus right side of a comparison; `margin` the numerical error it had to exceed.
        slack: by what share of its greater side the comparison on which a judgement turns is away from turning, the
            numerical error taken off.
        grid_error: how far the value moved on a belief grid with about half the inner nodes; None if not measured.
        undecided: why there is no value; "" where there is one.
        definition: which logit equilibrium: "payoffs net of errors" or "with EV1 shocks".
        equilibria: the answer in each equilibrium found, the principal one first; empty where there is only that.
        certificate: the figures of the base's certificate.
        warnings: folds, several equilibria, cells missed, probability lost.
        rows: of a fact, the rows of record files that it rests on, by day, at most 40; `rows_say` says how many there
            are of which table, which of them nobody has checked, and what their absence proves.
    """

    formula: str
    value: float | bool | None
    low: float | None = None
    high: float | None = None
    unit: UnitKind = "number"
    text: str = ""
    word: str = ""
    parts: list[PartData] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    effect: float | None = None
    margin: float | None = None
    slack: float | None = None
    grid_error: float | None = None
    undecided: str = ""
    definition: str = ""
    equilibria: list[ReadingData] = field(default_factory=list)
    certificate: CertificateData = field(default_factory=lambda: CertificateData())
    warnings: list[str] = field(default_factory=list)
    rows: list[RowData] = field(default_factory=list)
    rows_say: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The answer as plain JSON data."""
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Answer:
        """Inverse of `as_dict`."""
        return Answer(**{f.name: data[f.name] for f in fields(Answer)})

    def card(self) -> Card:
        """What it shows of itself: the answer, what it was made of, in which equilibria, and how well it was solved."""
        parts = tuple(
            (p["formula"], p["variant"] or "base", number_text(p["value"]), span_text(p["low"], p["high"]))
            for p in self.parts
        )
        readings = tuple((r["origin"], number_text(r["value"])) for r in self.equilibria)
        return Card(
            title=str(self),
            tables=(
                Table(heading="Made of", columns=("", "in", "value", "band"), rows=parts),
                Table(heading="Equilibria", columns=("", "value"), rows=readings),
            ),
            notes=(*self.warnings, certificate_text(self.certificate)) if self.certificate else tuple(self.warnings),
        )

    def __str__(self) -> str:
        return f"{self.formula}: {self.text}"


def ask(
    scenario: Scenario,
    formula: str,
    *,
    variant: str = "",
    values: dict[str, float] | None = None,
    grid: int | None = None,
    grid_check: bool = True,
    certificate: bool = True,
    cache: bool = True,
    memory: float = 1.5e9,
    progress: Callable[[int, int, str], None] | None = None,
) -> Answer:
    """Answers one formula.

    Args:
        scenario: as made by `winset.read` or `winset.build`.
        formula: such as `P(deal by 2020-06)` or `P(deal) < P(deal) in no_inquiry`; see the language reference.
        variant: the variant to take as the base.
        values: parameter values that replace the central ones.
        grid: inner belief nodes per dimension; None: what the scenario asks for.
        grid_check: solve the base again on a coarser grid, to put the movement into the band.
        certificate: certify the base.
        cache: look into and keep answers in the disk cache.
        memory: most bytes a solution may take.
        progress: progress(done, total, label).

    Raises:
        ScenarioError: the formula, or a name in it, is wrong, or it has no value here.
        SizeError: the game would not fit.
    """
    values = given_values(scenario, values)
    given_grid(grid)
    tree = resolve(scenario, formula, Where("", 1, 1))
    if settled_by_rows(tree):
        from winset.study.facts import answer as fact_answer

        return fact_answer(scenario, tree, formula)
    base = taken(scenario, variant)
    there = base.answering(tree)
    parts = {
        "scenario": store.scenario_hash(scenario, values, variant), "formula": repr(tree), "grid": grid,
        "grid_check": grid_check, "certificate": certificate,
    }  # fmt: skip
    name = store.key("answer", parts)
    if cache and (kept := store.load(name)) is not None:
        with suppress(KeyError, TypeError):  # not what was stored: computed anew
            return Answer.from_dict({**kept, "formula": formula})
    from winset.study.asking import answer
    from winset.study.formulas import Asker
    from winset.study.solved import Study, StudySettings

    settings = StudySettings(grid=grid, memory=memory)
    study = Study(scenario=there, values=values, settings=settings, progress=progress, base=base.solve)
    out = answer(Asker(study, grid_check=grid_check), formula, certificate=certificate)
    if base.reads_others(tree):
        out.warnings.append(base.note)
    if cache:
        store.store(name, out.as_dict())
    return out
