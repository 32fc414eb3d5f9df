"""How the shelf's errors shrink with the precision λ and with the belief grid.

Writes `docs/explain/figures/shelf_convergence.csv` and `.svg`. Takes a minute or two:

    python benchmarks/shelf_convergence.py
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import winset.library
from winset.language import reading
from winset.study.answer import ask

SHELF = Path(next(iter(winset.library.__path__))) / "textbook"
OUT = Path(__file__).resolve().parents[1] / "docs" / "explain" / "figures"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the figure: a formula whose exact value is known, along precisions or along grids."""

    label: str
    scenario: str
    formula: str
    exact: float
    along: str
    points: tuple[float, ...]
    values: tuple[tuple[str, float], ...] = ()
    grid: int | None = None


LINES = [
    Line(label="matching pennies, P(up)", scenario="matching-pennies", formula="strategy(row plays up)", exact=0.5,
         along="precision", points=(25, 50, 100, 200, 400, 800)),
    Line(label="beer or quiche, P(beer | weak)", scenario="beer-quiche",
         formula="strategy(stranger plays beer if weak)", exact=2 / 3, along="precision",
         points=(10, 20, 40, 80, 160), values=(("strong_share", 0.4),), grid=801),
    Line(label="chain store, P(third entry)", scenario="chain-store", formula="P(entrant plays enter at 3)",
         exact=0.95, along="precision", points=(10, 20, 40, 80, 160), grid=1001),
    Line(label="beer or quiche at λ = 2, P(beer | weak)", scenario="beer-quiche",
         formula="strategy(stranger plays beer if weak)", exact=0.6100350282406038, along="grid",
         points=(5, 11, 21, 41, 81, 161), values=(("lambda", 2.0),)),
    Line(label="beer or quiche, P(duel | beer)", scenario="beer-quiche",
         formula="strategy(bully plays duel) after (stranger plays beer)", exact=0.5, along="grid",
         points=(25, 51, 101, 201, 401, 801), values=(("strong_share", 0.4),)),
    Line(label="chain store, P(third entry)", scenario="chain-store", formula="P(entrant plays enter at 3)",
         exact=0.95, along="grid", points=(25, 51, 101, 201, 401, 801), values=(("lambda", 400.0),)),
]  # fmt: skip


def error(line: Line, point: float) -> float:
    """Distance to the exact value at one precision or grid."""
    values = dict(line.values)
    grid = line.grid
    if line.along == "precision":
        values["lambda"] = point
    else:
        grid = int(point)
    scenario = reading.read(SHELF / f"{line.scenario}.yaml")
    got = ask(scenario, line.formula, values=values, grid=grid, grid_check=False, certificate=False, cache=False).value
    return math.nan if got is None else abs(float(got) - line.exact)


def panel(lines: list[Line], found: dict[tuple[str, str, float], float], left: int, title: str) -> list[str]:
    """One log-log panel as SVG elements, 360 wide and 300 high."""
    xs = [math.log10(p) for line in lines for p in line.points]
    ys = [math.log10(max(found[line.along, line.label, p], 1e-12)) for line in lines for p in line.points]
    low_x, high_x, low_y, high_y = min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys))

    def at(x: float, y: float) -> str:
        px = left + 60 + 280 * (x - low_x) / (high_x - low_x)
        return f"{px:.1f},{40 + 200 * (high_y - y) / (high_y - low_y):.1f}"

    out = [f'<text x="{left + 200}" y="24" text-anchor="middle" font-weight="bold">{title}</text>']
    for y in range(low_y, high_y + 1):
        py = 40 + 200 * (high_y - y) / (high_y - low_y)
        out.append(f'<line x1="{left + 60}" x2="{left + 340}" y1="{py:.1f}" y2="{py:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{left + 54}" y="{py + 4:.1f}" text-anchor="end">1e{y}</text>')
    for x in sorted({p for line in lines for p in line.points})[::2]:
        px = left + 60 + 280 * (math.log10(x) - low_x) / (high_x - low_x)
        out.append(f'<text x="{px:.1f}" y="256" text-anchor="middle">{x:g}</text>')
    dashes, colours = ("", "6 3", "2 3"), ("#1b5e8c", "#b3541e", "#3d7a3a")
    for i, line in enumerate(lines):
        path = " ".join(
            at(math.log10(p), math.log10(max(found[line.along, line.label, p], 1e-12))) for p in line.points
        )
        style = f'fill="none" stroke="{colours[i]}" stroke-width="2" stroke-dasharray="{dashes[i]}"'
        out.append(f'<polyline points="{path}" {style}/>')
        y = 276 + 16 * i
        out.append(f'<line x1="{left + 40}" x2="{left + 70}" y1="{y}" y2="{y}" {style}/>')
        out.append(f'<text x="{left + 76}" y="{y + 4}">{line.label}</text>')
    return out


def main() -> None:
    """Measures and writes table and figure."""
    found = {(line.along, line.label, p): error(line, p) for line in LINES for p in line.points}
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / "shelf_convergence.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["along", "quantity", "point", "error"])
        for (along, label, point), value in found.items():
            writer.writerow([along, label, f"{point:g}", f"{value:.3g}"])
    body = panel([x for x in LINES if x.along == "precision"], found, 0, "Error against precision λ")
    body += panel([x for x in LINES if x.along == "grid"], found, 370, "Error against inner belief nodes")
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 330" font-family="sans-serif" font-size="11">'
    text = "\n".join([head, '<rect width="740" height="330" fill="#fff"/>', *body, "</svg>", ""])
    (OUT / "shelf_convergence.svg").write_text(text)


if __name__ == "__main__":
    main()
