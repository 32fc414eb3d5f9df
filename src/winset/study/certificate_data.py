"""The certificate of a solved variant as plain data, and warnings that go with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from winset.base.words import fine, plural
from winset.certify.certificate import Certificate, certify
from winset.certify.figures import Headline
from winset.game.solution import FAILED
from winset.study.brief_data import CertificateData
from winset.study.solved import Solved, Study

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


def certificate_data(solved: Solved, moved: Mapping[str, tuple[float, float | None]] | None = None,
                     kind: str = "", made: Certificate | None = None) -> CertificateData:  # fmt: skip
    """The certificate of a solved variant.

    Args:
        moved: for each headline answer, its value and its value on another belief grid.
        kind: which other grid that was.
        made: the certificate without headlines, where it has been made before.
    """
    headlines = {name: Headline(value=value, other_grid=other) for name, (value, other) in (moved or {}).items()}
    certificate = (made or certified(solved)).moved_by(headlines)
    details = certificate.as_dict()
    details.pop("seconds", None)
    worst = max(certificate.full_gain, key=lambda g: g.interim)
    return CertificateData(
        equilibrium=solved.solution.origin,
        stage_residual=plain(certificate.stage_residual.value),
        missed=certificate.missed,
        cells=certificate.cells,
        one_shot_gain=plain(max(g.interim for g in certificate.one_shot_gain)),
        full_gain=plain(worst.interim),
        ex_ante_gain=plain(max(g.ex_ante for g in certificate.full_gain)),
        logit_bound=plain(worst.interim_bound),
        grid_error=None if certificate.grid_error is None else plain(certificate.grid_error.largest),
        grid_error_kind=kind,
        mass_lost=float(solved.graph.mass_lost),
        passes={"holds": True, "fails": False}.get(certificate.verdict),
        lines=certificate.lines(),
        details=plain(details),
    )


def certified(solved: Solved) -> Certificate:
    """The certificate of a solved variant, without the movement of headline answers."""
    return certify(solved.solution, reach=solved.without_error.graph)


def warnings_about(solved: Solved) -> list[str]:
    """What the reader of an answer has to know about the solution it comes from."""
    solution, name = solved.solution, solved.variant or "base"
    out = [f"{name}: {remark}" for remark in solved.course.remarks]
    failed = sum(int(np.count_nonzero(h == FAILED)) for h in solution.how)
    cells = int(sum(h.size for h in solution.how))
    if failed:
        out.append(f"{name}: {failed} of {cells} cells missed the tolerance")
    folded = sum(int(np.count_nonzero(f > 0)) for f in solution.folds)
    if folded:
        out.append(
            f"{name}: the path from precision 0 folds in {folded} of {cells} cells{_visited(solved)}; several "
            "equilibria exist there, at this precision or a lower one"
        )
    if solution.status != "solved" and not failed:
        out.append(f"{name}: {solution.status}. {solution.advice}".strip())
    if "graph" in solved.__dict__ and solved.graph.mass_lost > _MUCH_LOST:
        out.append(f"{name}: probability {solved.graph.mass_lost:.1e} was dropped with unlikely histories")
    return out


def _visited(solved: Solved) -> str:
    """In how many of the places that histories visit the path folds, and how likely the likeliest of them is."""
    masses = solved.graph.folded if "graph" in solved.__dict__ else None
    if masses is None:
        return ""
    count = sum(len(m) for m in masses)
    if not count:
        return ", in none that histories visit"
    most = max(float(m.max()) for m in masses if len(m))
    return f", in {plural(count, 'place')} that histories visit, the likeliest with {fine(most)}"


def warnings_about_equilibria(study: Study) -> list[str]:
    """What the reader has to know of the searches for other equilibria that were made."""
    out = []
    for variant, found in study.found.items():
        name, count = variant or "base", len(found.selections)
        if count:
            out.append(
                f"{name}: {count + 1} equilibria were found from the start; what is not said to range over them is of "
                "the principal one"
            )
        if found.refused:
            out.append(
                f"{name}: {found.refused} further strategies for the start converged, but the certificate does not "
                "bear them out"
            )
        if found.more:
            out.append(f"{name}: {found.more} further combinations of strategies for the start were not looked at")
    return out
