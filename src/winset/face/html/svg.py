"""Drawing: a canvas of SVG elements, scales, and nothing about briefs.

Colours and dashes are classes (`c0`…, `d0`…) that the page's style sheet defines, so a drawing
follows light and dark. Words are real `<text>`, so they can be read aloud, searched and tested.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

Point = tuple[float, float]


def _short(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight map from data to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel at which a value lies; a scale without width puts all at its start."""
        if self.high == self.low:
            return self.start
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(kw_only=True)
class Canvas:
    """Collects elements; `markup` closes the drawing with its title and its description for screen readers."""

    width: float
    height: float
    parts: list[Markup] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, style: str) -> None:
        """A straight line."""
        self.parts.append(
            Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
                _short(x1), _short(y1), _short(x2), _short(y2), style
            )
        )

    def path(self, points: Sequence[Point], style: str, *, closed: bool = False) -> None:
        """An open line or, closed, an area."""
        steps = "L".join(f"{_short(x)} {_short(y)}" for x, y in points)
        self.parts.append(Markup('<path d="M{}{}" class="{}"/>').format(steps, "Z" if closed else "", style))

    def rect(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """A rectangle."""
        self.parts.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>').format(
                _short(x), _short(y), _short(max(width, 0)), _short(height), style
            )
        )

    def dot(self, x: float, y: float, radius: float, style: str) -> None:
        """A filled circle."""
        self.parts.append(
            Markup('<circle cx="{}" cy="{}" r="{}" class="{}"/>').format(_short(x), _short(y), _short(radius), style)
        )

    def text(self, x: float, y: float, words: str, style: str = "t", *, anchor: str = "start") -> None:
        """Words; `anchor` is start, middle or end."""
        self.parts.append(
            Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(
                _short(x), _short(y), style, anchor, words
            )
        )

    def markup(self, title: str, description: str = "", *, style: str = "chart") -> Markup:
        """The whole drawing."""
        label = f"{title}. {description}" if description else title
        head = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>').format(
            style, _short(self.width), _short(self.height), label, title
        )
        about = Markup("<desc>{}</desc>").format(description) if description else Markup("")
        return head + about + Markup("").join(self.parts) + Markup("</svg>")


def spread(places: Iterable[float], gap: float, low: float, high: float) -> list[float]:
    """Moves labels apart: places of the same order, at least `gap` apart, inside [low, high] where they fit."""
    order = sorted(enumerate(places), key=lambda item: item[1])
    moved = [value for _, value in order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    if moved and moved[-1] > high:
        moved[-1] = high
        for i in range(len(moved) - 2, -1, -1):
            moved[i] = min(moved[i], moved[i + 1] - gap)
    if moved and moved[0] < low:
        moved = [value + low - moved[0] for value in moved]
    result = [0.0] * len(moved)
    for (index, _), value in zip(order, moved, strict=True):
        result[index] = value
    return result


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """About `count` round numbers that cover [low, high]; the first is ≤ low and the last ≥ high."""
    raw = (high - low) / max(count, 1)
    if not raw > 1e-300:  # equal, or so close that powers of ten give out
        return [low - 0.5, low + 0.5] if low != int(low) else [low - 1, low, low + 1]
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def text_width(words: str, size: float = 12) -> float:
    """About how wide words are when set in the sans-serif of the page."""
    return 0.54 * size * len(words)


def clean(words: object) -> Markup:
    """Text made safe to stand in markup."""
    return escape(words)
