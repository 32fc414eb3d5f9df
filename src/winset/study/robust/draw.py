"""One draw: a scenario solved at one point of its parameters, and all that is asked of it.

A draw's own data are the parameter values, and what of the formulas is asked (`names`; by default all), on which grid,
whether the certificate is made in full, and whether other equilibria are sought. What comes of it is JSON data; a
point at which the scenario cannot be solved is a result too, with the reason.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from winset.base.errors import ScenarioError, SizeError, WinsetError
from winset.certify.certificate import certify
from winset.game.game import Floats
from winset.game.solution import FAILED
from winset.language.formula import Formula, parse_formula
from winset.language.scenario import Scenario
from winset.study import cache
from winset.study.arithmetic import Judgement
from winset.study.context import Context, leaves
from winset.study.formulas import Asker
from winset.study.graph import Walking
from winset.study.robust.margins import margin
from winset.study.runs.tasks import Job
from winset.study.solved import Solved, Study, StudySettings

WALKING = Walking(prune=1e-9, spread=1e-4)
"""How closely histories are followed in a draw: as variants are in a brief."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What all draws share.

    Attributes:
        scenario: the scenario; `base` the variant that is its base.
        formulas: what is asked, by name.
        grid: inner belief nodes per dimension.
        walking: how closely histories are followed.
        evidence: `package.module:name` of a function that is given the solved base (`study.solved.Solved`) and returns
            numbers by name, kept with the draw; "" for none.
        facts: JSON data for it, such as a date; part of the key.
        memory: most bytes a solution may take.
    """

    scenario: Scenario
    base: str = ""
    formulas: tuple[tuple[str, str], ...]
    grid: int
    walking: Walking = WALKING
    evidence: str = ""
    facts: Any = None
    memory: float = 1.5e9

    def job(self, maker: str = "winset.study.robust.draw:Drawing") -> Job:
        """The job of which draws are tasks."""
        parts = {
            "scenario": cache.scenario_hash(self.scenario, None, self.base), "formulas": dict(self.formulas),
            "grid": self.grid, "spread": self.walking.spread, "prune": self.walking.prune,
            "rounds": self.walking.rounds, "evidence": self.evidence, "facts": self.facts,
        }  # fmt: skip
        if self.evidence:
            parts |= evidence_parts(self.evidence)
        return Job(maker=maker, shared=self, parts=parts)


@dataclass(kw_only=True)
class Drawing:
    """Carries out draws; see the module's text."""

    setup: Setup
    trees: dict[str, Formula] = field(default_factory=dict)

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.trees = {name: parse_formula(text) for name, text in setup.formulas}

    def __call__(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """What comes of a draw.

        Raises:
            SizeError: a solution would take more memory than this run allows.
        """
        begun = time.perf_counter()
        names = own.get("names") or list(self.trees)
        asker = self.asker(own["values"], own.get("grid"))
        try:
            base = asker.study.solved()
            self.measure(asker, names)
            answers = {name: self.answer(asker, name) for name in names}
            out = {"ok": True, "answers": answers, "solution": solution(base)}
            if own.get("full"):
                out["certificate"] = certificate(base)
            if own.get("several"):
                out["equilibria"] = asker.study.count()
            if self.setup.evidence:
                module, _, name = self.setup.evidence.partition(":")
                told = getattr(import_module(module), name)(base, self.setup.facts)
                out["evidence"] = {str(k): number(float(v)) for k, v in told.items()}
        except SizeError:  # of this run's memory, not of the point: no result to keep
            raise
        except WinsetError as error:
            return {"ok": False, "reason": reason(error), "seconds": time.perf_counter() - begun}
        return {**out, "seconds": time.perf_counter() - begun}

    def asker(self, values: Mapping[str, float], grid: int | None = None) -> Asker:
        """The scenario at a point, ready to be asked."""
        setup = self.setup
        settings = StudySettings(
            grid=grid or setup.grid, memory=setup.memory, walking=setup.walking, walking_variants=setup.walking
        )
        study = Study(scenario=drawn(setup.scenario, values), settings=settings, base=setup.base)
        return Asker(study, grid_check=False)

    def measure(self, asker: Asker, names: list[str]) -> None:
        """Measures all leaves, variant by variant, and lets each variant go."""
        read: dict[tuple[Any, Context], None] = {}
        for name in names:
            read.update(dict.fromkeys(leaves(self.trees[name], asker.home, {})))
        base = self.setup.base
        order = [base, *(v.name for v in self.setup.scenario.variants if v.name != base)]
        for variant in order:
            mine = [pair for pair in read if pair[1].variant == variant]
            for leaf, context in mine:
                with suppress(WinsetError):  # kept, and raised again where the leaf is read
                    asker.measured(leaf, context)
            if mine:
                asker.forget(variant)

    def answer(self, asker: Asker, name: str) -> dict[str, Any]:
        """One formula: a number with its band, or a verdict with its margin; or why there is neither."""
        tree = self.trees[name]
        try:
            got = asker.value(tree, asker.home)
            if isinstance(got, Judgement):
                return {"holds": got.value, "margin": number(margin(asker, tree, asker.home))}
            return {"value": number(got.value), "low": number(got.low), "high": number(got.high)}
        except SizeError:
            raise
        except WinsetError as error:
            return {"value": None, "reason": reason(error)}


def evidence_parts(place: str) -> dict[str, str]:
    """What stands for a function of evidence in keys besides its name: a hash of the source of its module.

    Modules of winset itself are in every key already.

    Raises:
        WinsetError: there is no such function.
    """
    module, _, name = place.partition(":")
    try:
        function = getattr(made := import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise WinsetError(
            f"there is no function `{place}` for evidence: {error}\n    fix: Write it as package.module:name."
        ) from error
    if module.partition(".")[0] == "winset":
        return {}
    file = getattr(made, "__file__", None)
    if file and Path(file).is_file():
        return {"evidence_source": hashlib.sha256(Path(file).read_bytes()).hexdigest()}
    code = getattr(function, "__code__", None)  # of a module made in memory
    said = repr((code.co_code, code.co_consts, code.co_names)) if code else repr(function)
    return {"evidence_source": hashlib.sha256(said.encode()).hexdigest()}


def drawn(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with other central values; what a variant sets, it still sets."""
    parameters = tuple(replace(p, value=float(values[p.name])) if p.name in values else p for p in scenario.parameters)
    return replace(scenario, parameters=parameters)


def solution(base: Solved) -> dict[str, Any]:
    """Figures of how well the base was solved: `cells`, how many `missed` the tolerance, the largest `residual`, the
    probability `lost` with unlikely histories, and that of the likeliest place at which the path folds."""
    found = base.solution
    masses = base.graph.folded if "graph" in base.__dict__ else None
    return {
        "cells": int(sum(h.size for h in found.how)),
        "missed": int(sum((h == FAILED).sum() for h in found.how)),
        "residual": largest_solved(found.residual),
        "lost": float(base.graph.mass_lost) if "graph" in base.__dict__ else 0.0,
        "folded": float(max((m.max(initial=0.0) for m in masses or ()), default=0.0)),
    }


def largest_solved(residuals: Sequence[Floats]) -> float:
    """The largest residual of a cell that was solved; cells that were not are counted by themselves."""
    return float(max((r[np.isfinite(r)].max(initial=0.0) for r in residuals), default=0.0))


def certificate(base: Solved) -> dict[str, Any]:
    """The figures of the certificate, made by code that the solver does not share."""
    made = certify(base.solution, reach=base.without_error.graph)
    return {
        "stage_residual": number(float(made.stage_residual.value)), "missed": made.missed, "cells": made.cells,
        "one_shot_gain": number(float(max(g.interim for g in made.one_shot_gain))),
        "full_gain": number(float(max(g.interim for g in made.full_gain))),
        "passes": {"holds": True, "fails": False}.get(made.verdict),
    }  # fmt: skip


def number(value: float) -> float | None:
    """A number as JSON has it; None where it is not finite."""
    return float(value) if np.isfinite(value) else None


def reason(error: WinsetError) -> str:
    """What went wrong, in one line."""
    told = (
        error.diagnostics[0].message
        if isinstance(error, ScenarioError | SizeError) and error.diagnostics
        else str(error)
    )
    return told.splitlines()[0] if told else type(error).__name__


__all__ = ["WALKING", "Drawing", "Setup", "certificate", "drawn", "number", "reason", "solution"]
