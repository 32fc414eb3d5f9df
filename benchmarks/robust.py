"""What a draw of `winset robust` costs, whether the cost is linear in the draws, and what a second process brings.

    python benchmarks/robust.py us-dprk-2019 --draws 16 --grids 2 3

For each grid: processor seconds of a draw, for what reads the base alone and for all questions and claims; how far the
answers of a few draws move to the scenario's own grid; and the wall clock of N and N/2 draws by one process and by two,
all with an empty store. On a machine that others use, processor seconds are the figures to trust.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time

os.environ["WINSET_THREADS"] = "1"

import winset
from winset.language.stacked import taken
from winset.study.robust.axes import axes, points, valued
from winset.study.robust.draw import Drawing, Setup
from winset.study.robust.robust import _items
from winset.study.runs.running import carry_out, executor
from winset.study.runs.store import Store


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="us-dprk-2019")
    parser.add_argument("--draws", type=int, default=16)
    parser.add_argument("--grids", type=int, nargs="+", default=[2, 3])
    parser.add_argument("--parts", nargs="+", default=["cost", "error", "processes"])
    given = parser.parse_args()
    scenario = winset.read(given.scenario)
    items = _items(scenario, taken(scenario, ""), ())
    found = axes(scenario)
    names = [a.name for a in found]
    spots = [
        dict(zip(names, map(float, row), strict=True)) for row in valued(found, points(given.draws, len(found), 1))
    ]
    formulas = tuple((i.name, i.formula) for i in items)
    home = [i.name for i in items if not i.compares]
    print(
        f"{given.scenario}: {len(found)} parameters, {len(items)} questions and claims, {len(home)} of the base alone"
    )
    setups = {grid: Setup(scenario=scenario, formulas=formulas, grid=grid) for grid in given.grids}
    if "cost" in given.parts:
        for grid, setup in setups.items():
            cost(grid, setup, spots, home)
    if "error" in given.parts:
        for grid, setup in setups.items():
            error(grid, scenario.settings.grid, setup, spots[:4], [i for i in items if i.unit != "truth"])
    if "processes" in given.parts:
        processes(setups[given.grids[0]], spots, home)


def cost(grid: int, setup: Setup, spots: list[dict[str, float]], home: list[str]) -> None:
    """Processor seconds of a draw."""
    drawing = Drawing(setup)
    drawing({"values": {}, "names": home[:1]})  # kernels are loaded
    for label, wanted in (("base alone", home), ("all", None)):
        if wanted is None and len(home) == len(setup.formulas):
            continue
        begun, solved = time.process_time(), 0
        for values in spots[: len(spots) if wanted else max(len(spots) // 4, 2)]:
            solved += drawing({"values": values, **({"names": wanted} if wanted else {})})["ok"]
        spent = time.process_time() - begun
        if solved:
            print(f"grid {grid}, {label}: {spent / solved:.2f} s of one core a draw, over {solved} solved", flush=True)


def error(grid: int, fine: int, setup: Setup, spots: list[dict[str, float]], numbers: list) -> None:
    """How far the answers of some draws move from a grid to the scenario's own."""
    drawing, wanted = Drawing(setup), [i.name for i in numbers if not i.compares]
    worst: dict[str, float] = {}
    for values in spots:
        pair = [drawing({"values": values, "names": wanted, "grid": g}) for g in (grid, fine)]
        if all(one["ok"] for one in pair):
            for name in wanted:
                ends = [one["answers"][name]["value"] for one in pair]
                if None not in ends:
                    worst[name] = max(worst.get(name, 0.0), abs(ends[0] - ends[1]))
    told = ", ".join(f"{name} {value:.1e}" for name, value in sorted(worst.items(), key=lambda p: -p[1]))
    print(f"grid {grid} against {fine}, largest movement: {told}", flush=True)


def processes(setup: Setup, spots: list[dict[str, float]], home: list[str]) -> None:
    """The wall clock of N and N/2 draws by one process and by two."""
    job, walls = setup.job(), {}
    for workers in (1, 2):
        with executor("", workers) as at:
            warm = [job.task({"values": {}, "names": home[:1], "warm": k}) for k in range(workers)]
            carry_out(job, warm, store=Store(tempfile.mkdtemp()), at=at)
            for count in (len(spots) // 2, len(spots)):
                tasks = [job.task({"values": values, "names": home}) for values in spots[:count]]
                begun = time.perf_counter()
                carry_out(job, tasks, store=Store(tempfile.mkdtemp()), at=at)
                walls[workers, count] = time.perf_counter() - begun
                print(f"{count} draws, {workers} processes: {walls[workers, count]:.1f} s", flush=True)
    half, whole = len(spots) // 2, len(spots)
    print(f"twice the draws take {walls[1, whole] / walls[1, half]:.2f} times as long")
    print(f"two processes are {walls[1, whole] / walls[2, whole]:.2f} times as fast as one")


if __name__ == "__main__":
    main()
