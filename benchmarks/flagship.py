"""The figures that were promised of the flagship, measured: cells a second, the brief, `--help` and `check`.

Writes `docs/explain/measured.md`. Takes some three minutes on two cores, best left alone:

    python benchmarks/flagship.py

Times of whole commands are medians of fresh processes. Machines differ, so the table carries the time of a fixed piece
of work (the yardstick: 20 million logistic functions in one compiled loop on one core) to divide by.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numba
import numpy as np

OUT = Path(__file__).resolve().parents[1] / "docs" / "explain" / "measured.md"
NAME = "us-dprk-2019"
WINSET = [sys.executable, "-m", "winset"]

PAGE = """\
# Promised and measured

This page is written by `python benchmarks/flagship.py`; do not edit it by hand. The scenario is `us-dprk-2019`. A cell
is a move at a state and a belief node; at about two thirds of them nobody has a choice, which is why the cells at which
somebody chooses are counted apart. Whole commands are medians of fresh processes. The yardstick is a fixed piece of
arithmetic: where it takes twice as long, the machine is about half as fast, and so is everything else.

| what | asked | measured |
| --- | --- | --- |
"""

CELLS = f"""
import json, time, winset
from winset.solve.backward import solve
scenario = winset.read({NAME!r})
game = winset.compile_game(scenario)
solve(game)
best = float("inf")
for _ in range(3):
    begun = time.perf_counter()
    solution = solve(game)
    best = min(best, time.perf_counter() - begun)
forced, direct, unique, traced, failed = solution.facts["how"]
print(json.dumps(dict(seconds=best, cells=solution.facts["cells"], choosing=direct + unique + traced + failed,
                      traced=traced, failed=failed)))
"""


def run(arguments: list[str], **environment: str) -> tuple[float, str]:
    """Seconds that a fresh process took, and what it printed."""
    begun = time.perf_counter()
    done = subprocess.run(arguments, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return time.perf_counter() - begun, done.stdout


def held(arguments: list[str]) -> tuple[float, float]:
    """Most gigabytes of resident memory that one process of a command held, and all of them together (on Linux)."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = together = 0.0
    while process.poll() is None:
        now = [_resident(pid) for pid in (process.pid, *_children(process.pid))]
        most, together = max(most, *now), max(together, sum(now))
        time.sleep(0.05)
    return most, together


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1e6


def median(arguments: list[str], times: int, **environment: str) -> float:
    """Median seconds of a command."""
    return statistics.median(run(arguments, **environment)[0] for _ in range(times))


@numba.njit
def _yardstick(x: np.ndarray) -> float:
    total = 0.0
    for _ in range(20):
        for i in range(x.size):
            total += 1.0 / (1.0 + np.exp(-x[i]))
    return total


def yardstick() -> float:
    """Seconds of the fixed piece of work."""
    x = np.linspace(-5, 5, 1_000_000)
    _yardstick(x)
    found = []
    for _ in range(5):
        begun = time.perf_counter()
        _yardstick(x)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def rows() -> list[tuple[str, str, str]]:
    """(what, figure asked for, measured)."""
    measure = yardstick()
    cells = json.loads(run([sys.executable, "-c", CELLS], WINSET_THREADS="1")[1])
    rate, choosing = cells["cells"] / cells["seconds"], cells["choosing"] / cells["seconds"]
    solved = 100 * (1 - cells["failed"] / cells["cells"])
    with tempfile.TemporaryDirectory() as folder:
        brief = [*WINSET, "brief", NAME, "--no-cache", "--out", folder]
        warm = median(brief, 3)
        largest, both = held(brief)  # of a run that compiles nothing
        run([*WINSET, "brief", NAME, "--out", folder])
        again = median([*WINSET, "brief", NAME, "--out", folder], 5)
        data = json.loads((Path(folder) / f"{NAME}.json").read_text(encoding="utf-8"))
        cold = run(brief, WINSET_CACHE=str(Path(folder) / "cache"))[0] - warm
    certificate = data["certificate"]
    return [
        ("cells solved a second on one core", "1,000,000", f"{rate:,.0f}"),
        ("of these, cells at which somebody chooses", "", f"{choosing:,.0f}"),
        ("cells solved to 1e-8", "99.99 %", f"{solved:.4f} % of {cells['cells']:,}"),
        ("largest movement of a headline probability (grid_error)", "0.005", f"{certificate['grid_error']:.4f}"),
        ("brief, compiled kernels, nothing else kept", "15 s", f"{warm:.1f} s"),
        ("memory of its larger process", "1.5 GB", f"{largest:.2f} GB"),
        ("memory of its two processes together", "1.5 GB", f"{both:.2f} GB"),
        ("the same brief asked for again", "", f"{again:.2f} s"),
        ("one-time compilation of the kernels", "60 s", f"{cold:.0f} s"),
        ("winset --help", "0.25 s", f"{median([*WINSET, '--help'], 7):.2f} s"),
        ("winset check of the flagship", "0.5 s", f"{median([*WINSET, 'check', NAME], 7):.2f} s"),
        ("yardstick", "", f"{measure:.3f} s"),
        ("machine", "", f"{os.cpu_count()} cores, {_processor()}, Python {platform.python_version()}, "
                        f"numpy {np.__version__}, numba {numba.__version__}"),
    ]  # fmt: skip


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def main() -> None:
    """Measures, prints and writes the table."""
    table = rows()
    width = max(len(what) for what, _, _ in table)
    for what, asked, got in table:
        print(f"{what:{width}}  {asked:>9}  {got}")
    lines = [f"| {what} | {asked} | {got} |" for what, asked, got in table]
    OUT.write_text(PAGE + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"written: {OUT.name}")


if __name__ == "__main__":
    main()
