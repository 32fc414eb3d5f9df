"""A figure of the gallery: points that were solved, lines that theory draws, as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 68, 16, 16, 52
_COLOURS = ("#1b6ca8", "#c8553d", "#3f8f5b", "#7a4fa3", "#8a6d1d")
_LEGEND = 18
_At = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One comparative static: `x` and `y` as solved, `exact_x` and `exact_y` the line that the closed form draws.

    Attributes:
        name: what the legend says; may be empty where a figure has one curve.
        x, y: solved points.
        exact_x, exact_y: the closed form; a NaN in `exact_y` breaks the line.
    """

    x: Sequence[float]
    y: Sequence[float]
    exact_x: Sequence[float] = ()
    exact_y: Sequence[float] = ()
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What is drawn: curves on one pair of axes, and a sentence on what to see."""

    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    caption: str


def nice_ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Round numbers from `low` to `high`, at most `most` of them."""
    if high <= low:
        return [low]
    raw = (high - low) / (most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [i * step + 0.0 for i in range(first, last + 1)]


def _span(values: Sequence[float]) -> tuple[float, float]:
    finite = [v for v in values if math.isfinite(v)]
    low, high = min(finite), max(finite)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    room = 0.05 * (high - low)
    return low - room, high + room


def svg(figure: Figure) -> str:
    """The figure as an SVG text that looks the same on every machine.

    Raises:
        ValueError: there is nothing to draw.
    """
    if not any(len(curve.x) for curve in figure.curves):
        raise ValueError("a figure needs at least one point")
    xs = _span([v for c in figure.curves for v in (*c.x, *c.exact_x)])
    ys = _span([v for c in figure.curves for v in (*c.y, *c.exact_y)])
    named = [c for c in figure.curves if c.name]
    top = _TOP + _LEGEND * len(named)

    def at(x: float, y: float) -> tuple[float, float]:
        across = _LEFT + (x - xs[0]) / (xs[1] - xs[0]) * (_WIDTH - _LEFT - _RIGHT)
        down = _HEIGHT - _BOTTOM - (y - ys[0]) / (ys[1] - ys[0]) * (_HEIGHT - _BOTTOM - top)
        return across, down

    parts = _axes(figure, xs, ys, top, at)
    for i, curve in enumerate(figure.curves):
        colour = _COLOURS[i % len(_COLOURS)]
        parts += _line([at(x, y) for x, y in zip(curve.exact_x, curve.exact_y, strict=True)], colour)
        parts += [_circle(*at(x, y), colour) for x, y in zip(curve.x, curve.y, strict=True)]
    for i, curve in enumerate(named):
        colour, y = _COLOURS[figure.curves.index(curve) % len(_COLOURS)], _TOP + _LEGEND * i
        parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{_LEFT + 24}" y2="{y}" stroke="{colour}" stroke-width="1.6"/>')
        parts.append(
            f'<circle cx="{_LEFT + 12}" cy="{y}" r="3.5" fill="#ffffff" stroke="{colour}" stroke-width="1.6"/>'
        )
        parts.append(f'<text x="{_LEFT + 32}" y="{y + 4}" fill="#111">{escape(curve.name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axes(figure: Figure, xs: tuple[float, float], ys: tuple[float, float], top: float, at: _At) -> list[str]:
    """The paper, the grid with its numbers, and what stands along the axes."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13" role="img" aria-label="{escape(figure.y_label)} against {escape(figure.x_label)}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    for tick in nice_ticks(*xs):
        x, y = at(tick, ys[0])
        parts.append(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{y:.1f}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle" fill="#333">{tick:.6g}</text>')
    for tick in nice_ticks(*ys):
        x, y = at(xs[0], tick)
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end" fill="#333">{tick:.6g}</text>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text x="{middle:.1f}" y="{_HEIGHT - 10}" text-anchor="middle" fill="#111">{escape(figure.x_label)}</text>'
    )
    centre = (top + _HEIGHT - _BOTTOM) / 2
    parts.append(
        f'<text transform="translate(16 {centre:.1f}) rotate(-90)" text-anchor="middle" fill="#111">'
        f"{escape(figure.y_label)}</text>"
    )
    return parts


def _circle(x: float, y: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#ffffff" stroke="{colour}" stroke-width="1.6"/>'


def _line(points: list[tuple[float, float]], colour: str) -> list[str]:
    """The line through the points, broken where one is not finite."""
    runs: list[list[str]] = [[]]
    for a, b in points:
        if math.isfinite(b):
            runs[-1].append(f"{a:.1f},{b:.1f}")
        elif runs[-1]:
            runs.append([])
    return [
        f'<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{" ".join(run)}"/>'
        for run in runs
        if len(run) > 1
    ]
