"""What answers, briefs and forecasts show of themselves; a brief and a forecast stay plain JSON data all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from winset.base.card import Card, Shown, Table, few

Data = Mapping[str, Any]
_DATES = 6
"""Dates of a forecast that a card shows."""
_DASHES = ("", "6 3", "2 3", "9 3 2 3", "1 5", "12 4")
_SIZE = (560, 180)


class ShownBrief(Shown, dict[str, Any]):
    """A brief: a dictionary in every respect, that prints as its answers and verdicts."""

    def card(self) -> Card:
        """The bottom line, answers, verdicts and the certificate's line."""
        questions = tuple((q["name"], q["formula"], q["undecided"] or q["text"]) for q in self["questions"])
        claims = tuple((c["verdict"], f"“{c['quote']}” ({c['by']})", c["why"]) for c in self["claims"])
        variant = f" (variant {self['variant']})" if self["variant"] else ""
        return Card(
            title=self["title"] + variant,
            lines=tuple(sentence["text"] for sentence in self["bottom_line"]),
            tables=(
                Table(heading="Questions", columns=("", "", ""), rows=few(questions)),
                Table(heading="Claims", columns=("", "", ""), rows=few(claims)),
            ),
            notes=(certificate_text(self["certificate"]), *self["warnings"]),
        )


class ShownForecast(Shown, dict[str, Any]):
    """A forecast: a dictionary in every respect, that prints as its curves."""

    def card(self) -> Card:
        """Curves of the questions and the state at a few dates; on a page also as a drawing."""
        dates = self["dates"]
        count = min(_DATES, len(dates))
        picked = sorted({round(i * (len(dates) - 1) / max(count - 1, 1)) for i in range(count)})
        names = tuple(dates[i] for i in picked)

        def row(name: str, series: Sequence[float]) -> tuple[str, ...]:
            return (name, *(f"{series[i]:.3f}" for i in picked))

        events = [(c["question"], c["probability"]) for c in self["curves"]]
        means = [(v["name"], v["mean"]) for v in self["variables"] if v["mean"] is not None]
        states = [
            (f"{v['name']} = {value}", series)
            for v in self["variables"] if v["mean"] is None
            for value, series in zip(v["values"], v["probability"], strict=True)
        ]  # fmt: skip
        lost = self["mass_lost"]
        return Card(
            title=f"Forecast, {dates[0]} to {dates[-1]}" if dates else "Forecast without rounds",
            tables=(
                Table(heading="Has happened by", columns=("", *names), rows=tuple(row(*e) for e in events)),
                Table(heading="State", columns=("", *names), rows=tuple(row(*s) for s in states)),
                Table(heading="Mean", columns=("", *names), rows=tuple(row(*m) for m in means)),
            ),
            notes=(f"probability {lost:.1e} was not followed",) if lost > 1e-6 else (),
            picture=drawing(dates, events) if len(dates) > 2 and events else "",
        )


def drawing(dates: Sequence[str], events: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Curves of probabilities by date as one SVG element, each named beside its end and told apart by its dash."""
    width, height = _SIZE
    right, bottom = width - 150, height - 24

    def x(i: int) -> float:
        return 40 + (right - 40) * i / (len(dates) - 1)

    def y(p: float) -> float:
        return bottom - (bottom - 10) * p

    told = ", ".join(f"{name} {series[-1]:.0%}" for name, series in events)
    out = [
        f'<svg role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}" fill="currentColor" '
        f'font-size="11" font-family="sans-serif"><title>Probability by date, at the end: {escape(told)}</title>'
    ]
    for p in (0.0, 0.5, 1.0):
        out.append(f'<line x1="40" x2="{right}" y1="{y(p):.1f}" y2="{y(p):.1f}" stroke="currentColor" opacity="0.25"/>')
        out.append(f'<text x="34" y="{y(p) + 4:.1f}" text-anchor="end">{p:.0%}</text>')
    for i in (0, len(dates) - 1):
        out.append(f'<text x="{x(i):.1f}" y="{height - 6}" text-anchor="middle">{escape(dates[i])}</text>')
    above = -12.0
    for k, (name, series) in enumerate(sorted(events, key=lambda e: -e[1][-1])):
        points = " ".join(f"{x(i):.1f},{y(p):.1f}" for i, p in enumerate(series))
        dash = _DASHES[k % len(_DASHES)]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        out.append(f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.6"{dashes}/>')
        above = max(y(series[-1]) + 4, above + 12)
        out.append(f'<text x="{right + 6}" y="{above:.1f}">{escape(name[:22])}</text>')
    return "".join([*out, "</svg>"])


def certificate_text(certificate: Data) -> str:
    """The certificate's verdict in one line."""
    if not certificate:
        return "certificate: none was asked for"
    told = {True: "passes", False: "does not pass", None: "no verdict"}[certificate.get("passes")]
    named = (("residual", "stage_residual"), ("one-shot gain", "one_shot_gain"), ("grid error", "grid_error"))
    known = [f"{label} {certificate[key]:.1e}" for label, key in named if certificate.get(key) is not None]
    return f"certificate: {told}" + (f" ({', '.join(known)})" if known else "")


def number_text(value: float | bool | None) -> str:
    """A value in a cell."""
    if value is None:
        return "undecided"
    return ("true" if value else "false") if isinstance(value, bool) else f"{value:.4g}"


def span_text(low: float | None, high: float | None) -> str:
    """A band in a cell, where its ends differ as they are printed."""
    if low is None or high is None or f"{low:.4g}" == f"{high:.4g}":
        return ""
    return f"{low:.4g} to {high:.4g}"
