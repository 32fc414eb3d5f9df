"""The logit path of a game as a picture that stands alone: probabilities of actions over λ, folds and all."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from winset.face.html.svg import Canvas, Scale, spread, text_width

WIDTH, HEIGHT = 760.0, 420.0
LEFT, TOP, BOTTOM = 46.0, 40.0, 46.0
MOST = 10
"""Lines that a reader can tell apart; of more actions those are drawn that move most."""
COLOURS = ("#0b62a4", "#b8430c", "#2e7d32", "#7b3fa0", "#8a6d00", "#007c89", "#b0215a", "#5d5d5d", "#4657c4", "#8c4a2f")
DARK = ("#6db3f2", "#ff9a62", "#7bc67f", "#c792ea", "#e0c04d", "#4dc8d4", "#ff7eb0", "#b5b5b5", "#98a5ff", "#d59a7c")
STYLE = (
    "text{{font:12px system-ui,sans-serif;fill:#222}}.h{{font-size:15px;font-weight:600}}"
    ".base{{stroke:#777;fill:none}}.grid{{stroke:#ddd;fill:none}}.fold{{stroke:#999;stroke-dasharray:3 4;fill:none}}"
    "{light}@media(prefers-color-scheme:dark){{text{{fill:#ddd}}.grid{{stroke:#444}}{dark}}}"
)


def path_svg(
    title: str,
    precision: Sequence[float],
    lines: Sequence[tuple[str, Sequence[float]]],
    *,
    folds: Sequence[float] = (),
    limit: Sequence[float] | None = None,
) -> str:
    """An SVG file of a path.

    Args:
        title: above the picture.
        precision: λ of each point, in the order of the path; it may fall between folds.
        lines: name and probabilities, as many as points, of each action.
        folds: λ at which the path turns; marked by vertical lines.
        limit: the probability of each line at λ = ∞, drawn as a dot at the right edge; None: not known.

    Returns:
        The text of the file. λ is drawn by its area hyperbolic sine: evenly near 0, by factors further on.
    """
    chosen = sorted(sorted(range(len(lines)), key=lambda i: -_movement(lines[i][1]))[:MOST])
    canvas, right = Canvas(width=WIDTH, height=HEIGHT), 20 + max(text_width(lines[i][0]) for i in chosen)
    low = next((x for x in precision if x > 0), 1.0)
    unit = max(low, max(precision) / 1e5) or 1.0
    x = Scale(low=0.0, high=math.asinh(max(precision) / unit), start=LEFT, end=WIDTH - max(90.0, min(right, 260.0)))
    y = Scale(low=0.0, high=1.0, start=HEIGHT - BOTTOM, end=TOP)
    canvas.text(8, 16, title, "h")
    _axes(canvas, x, y, unit, max(precision))
    for lam in folds:
        place = x(math.asinh(lam / unit))
        canvas.line(place, y(0.0), place, y(1.0), "fold")
    if len(folds):
        canvas.text(x.end, TOP - 4, f"dashed: the path turns ({len(folds)} times)", "t", anchor="end")
    ends = [limit[i] if limit is not None else lines[i][1][-1] for i in chosen]
    places = spread([y(p) for p in ends], 15.0, TOP, HEIGHT - BOTTOM)
    for look, (i, end, place) in enumerate(zip(chosen, ends, places, strict=True)):
        name, values = lines[i]
        points = [(x(math.asinh(lam / unit)), y(p)) for lam, p in zip(precision, values, strict=True)]
        canvas.path(points, f"l{look}")
        if limit is not None:
            canvas.dot(x.end, y(end), 3.5, f"m{look}")
        canvas.text(x.end + 9, place + 4, name[:40], f"n{look}")
    left = f"; {len(lines) - len(chosen)} actions that move less are left out" if len(lines) > len(chosen) else ""
    about = f"Probabilities of {len(chosen)} actions along the logit path, λ from 0 to {max(precision):.4g}{left}."
    drawn = str(canvas.markup(title, about))
    style = STYLE.format(light=_looks(COLOURS), dark=_looks(DARK))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{HEIGHT:g}" '
    return head + drawn.removeprefix("<svg ").replace("</title>", Markup("</title><style>{}</style>").format(style), 1)


def _movement(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _looks(colours: Sequence[str]) -> str:
    return "".join(
        f".l{i}{{stroke:{c};fill:none;stroke-width:2}}.m{i}{{fill:{c}}}.n{i}{{fill:{c}}}" for i, c in enumerate(colours)
    )


def _axes(canvas: Canvas, x: Scale, y: Scale, unit: float, far: float) -> None:
    for p in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line(x.start, y(p), x.end, y(p), "base" if p == 0.0 else "grid")
        canvas.text(x.start - 6, y(p) + 4, f"{p:g}", "t", anchor="end")
    free = -1.0
    powers = range(math.floor(math.log10(unit)), math.ceil(math.log10(far or 1.0)) + 1)
    for lam in (0.0, *(10.0**k for k in powers)):
        place = x(math.asinh(lam / unit))
        if lam > far or place < free:
            continue
        canvas.line(place, y(0.0), place, y(0.0) + 5, "base")
        canvas.text(place, y(0.0) + 19, f"{lam:g}", "t", anchor="middle")
        free = place + text_width(f"{lam:g}") + 14
    canvas.text(x.end, HEIGHT - 8, "precision λ", "t", anchor="end")
    canvas.text(8, TOP - 8, "probability", "t")
