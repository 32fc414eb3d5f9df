"""The grid solver against the exact tree on the 200 random games of `tests/truth/test_exact_agreement.py`, to 1e-6.

The test stops at 127 inner nodes with two belief coordinates; this goes on to 511, and writes for every game the grid
at which its strategies agree to 1e-6 along the tree's histories, or how far they then are apart:
`docs/explain/figures/exact_agreement.csv`. Takes half an hour:

    python benchmarks/exact_agreement.py
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "explain" / "figures" / "exact_agreement.csv"
GRIDS = {0: (1,), 1: (15, 31, 63, 127, 255, 511, 1023), 2: (15, 31, 63, 127, 255, 511)}
AIM = 1e-6


def main() -> None:
    """Measures, prints and writes the table."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "truth")]
    import test_exact_agreement as agreement

    from winset.game.grid import BeliefGrid
    from winset.solve.backward import solve
    from winset.solve.exact import solve_tree

    rows, reached = [], Counter[int]()
    for seed in agreement.SEEDS:
        tree = solve_tree(agreement.game_number(seed))
        counts = tree.game.type_counts
        inner, apart = 0, float("inf")
        for inner in GRIDS[sum(k - 1 for k in counts)]:
            apart = agreement.apart(tree, solve(tree.game, grid=BeliefGrid(counts, inner=inner), memory=8e9))
            if apart <= AIM:
                break
        reached[inner if apart <= AIM else -1] += 1
        types = "x".join(map(str, counts))
        rows.append([seed, types, len(tree.nodes), len(tree.folded) + tree.inner_folds, inner, f"{apart:.1e}"])
        if apart > AIM:
            print(f"game {seed} ({types} types): {apart:.1e} at {inner} nodes")
    for inner, games in sorted(reached.items()):
        print(f"{games} games " + (f"agree to {AIM:g} at {inner} nodes" if inner > 0 else "are further apart"))
    with OUT.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["seed", "types", "histories", "folds", "inner_nodes", "largest_difference"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
