"""The canon solved: what came out beside what is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from winset.testing.registry import recipes
from winset.testing.targets import Target, models, targets


@dataclass(frozen=True, kw_only=True)
class Row:
    """A target and what the scenario's solution says.

    Attributes:
        target: what is true.
        scenario: name of the scenario that was solved; empty where the model has no recipe yet.
        got: what came out; None where nothing did.
        why: why the tolerance is missed, where that is known.
    """

    target: Target
    scenario: str = ""
    got: float | None = None
    why: str = ""

    @property
    def error(self) -> float | None:
        """How far the answer is off."""
        return None if self.got is None else abs(self.got - self.target.value)

    @property
    def met(self) -> bool:
        """Whether the answer is within the tolerance."""
        return self.error is not None and self.error <= self.target.tolerance

    def as_dict(self) -> dict[str, object]:
        """The row as plain data."""
        one = self.target
        return {
            "model": one.model, "parameters": dict(one.parameters), "quantity": one.quantity, "target": one.value,
            "tolerance": one.tolerance, "source": one.source, "scenario": self.scenario, "got": self.got,
            "error": self.error, "met": self.met, "why": self.why,
        }  # fmt: skip


def run(model: str) -> list[Row]:
    """Answers all targets of one model.

    Raises:
        KeyError: no target has a model of this name.
    """
    wanted = [target for target in targets() if target.model == model]
    if not wanted:
        raise KeyError(f"the canon has no model {model!r}; it has {', '.join(models())}")
    recipe = recipes().get(model)
    if recipe is None:
        return [Row(target=target) for target in wanted]
    rows = []
    for _, case in groupby(sorted(wanted, key=lambda t: t.case), key=lambda t: t.case):
        asked = list(case)
        got = recipe.answer(asked[0].parameters, [target.quantity for target in asked])
        for target in asked:
            value, why = got.get(target.quantity), recipe.short.get(target.quantity, "")
            rows.append(
                Row(target=target, scenario=recipe.scenario, got=None if value is None else float(value), why=why)
            )
    order = {id(target): i for i, target in enumerate(wanted)}
    return sorted(rows, key=lambda row: order[id(row.target)])


def table(chosen: Sequence[str] = (), *, workers: int = 1) -> list[Row]:
    """The rows of some models, or of all; each model is solved on its own, by as many processes as asked for."""
    return [row for rows in _runs(tuple(chosen) or models(), workers) for row in rows]


def _runs(chosen: Sequence[str], workers: int) -> Iterator[list[Row]]:
    if workers <= 1:
        yield from map(run, chosen)
        return
    with ProcessPoolExecutor(max_workers=workers) as pool:
        yield from pool.map(run, chosen)


def missing(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    """Rows that are not met, by model."""
    out: dict[str, list[Row]] = {}
    for row in rows:
        if not row.met:
            out.setdefault(row.target.model, []).append(row)
    return out
