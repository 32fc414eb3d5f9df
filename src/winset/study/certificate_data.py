"""The certificate of a solved variant as plain data, and warnings that go with it."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from winset.game.solution import FAILED
from winset.study.brief_data import CertificateData
from winset.study.solved import Solved

_MUCH_LOST = 1e-4
"""Probability lost beyond which a warning is given."""


def plain(value: Any) -> Any:
    """Data classes and arrays as JSON data; numbers that are not finite become None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.repr}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.bool_ | bool):
        return bool(value)
    if isinstance(value, np.integer | int):
        return int(value)
    if isinstance(value, np.floating | float):
        return float(value) if math.isfinite(value) else None
    return value if value is None or isinstance(value, str) else str(value)


def certificate_data(solved: Solved) -> CertificateData:
    """The figures of a certificate; those about answers (`grid_error`) are filled in where answers are made."""
    certificate = solved.certificate
    cells = int(sum(h.size for h in solved.solution.how))
    return CertificateData(
        stage_residual=_figure(certificate, "stage_residual"),
        missed=int(sum((h == FAILED).sum() for h in solved.solution.how)),
        cells=cells,
        one_shot_gain=_figure(certificate, "one_shot_gain"),
        full_gain=_figure(certificate, "full_gain"),
        logit_bound=_figure(certificate, "logit_bound"),
        grid_error=None,
        grid_error_kind="",
        mass_lost=float(solved.graph.mass_lost),
        passes=_verdict(certificate),
        lines=str(certificate).splitlines(),
        details=plain(certificate),
    )


def _figure(certificate: Any, name: str) -> float | None:
    value = plain(getattr(certificate, name, None))
    return float(value) if isinstance(value, int | float) else None


def _verdict(certificate: Any) -> bool | None:
    value = getattr(certificate, "passes", None)
    value = value() if callable(value) else value
    return None if value is None else bool(value)


def warnings_about(solved: Solved) -> list[str]:
    """What the reader of an answer has to know about the solution it comes from."""
    solution, name = solved.solution, solved.variant or "base"
    out = []
    failed = int(sum((h == FAILED).sum() for h in solution.how))
    cells = int(sum(h.size for h in solution.how))
    if failed:
        out.append(f"{name}: {failed} of {cells} cells missed the tolerance")
    folded = int(sum((f > 0).sum() for f in solution.folds))
    if folded:
        out.append(
            f"{name}: the path from precision 0 folds in {folded} of {cells} cells; other equilibria exist there"
        )
    if solution.status != "solved" and not failed:
        out.append(f"{name}: {solution.status}. {solution.advice}".strip())
    if "graph" in solved.__dict__ and solved.graph.mass_lost > _MUCH_LOST:
        out.append(f"{name}: probability {solved.graph.mass_lost:.1e} was dropped with unlikely histories")
    return out
