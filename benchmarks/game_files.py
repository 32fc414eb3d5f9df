"""How fast game files are read and written, and in how much memory.

Binary trees with payoffs of two players at every leaf, in which each node is an information set of its own, and the
same trees with one set a depth:

    python benchmarks/game_files.py [DEPTH]
"""

from __future__ import annotations

import random
import resource
import sys
import time

from winset.tree.efg_read import parse_efg
from winset.tree.efg_write import efg_text


def text_of(depth: int, *, shared: bool) -> str:
    """A file of a binary tree; `shared`: one information set a depth."""
    rng = random.Random(1)
    lines, waiting, sets, outcomes = ['EFG 2 R "binary" { "A" "B" }\n""\n\n'], [0], 0, 0
    while waiting:
        d = waiting.pop()
        if d == depth:
            outcomes += 1
            lines.append(f't "" {outcomes} "" {{ {rng.randint(-9999, 9999) / 100}, {rng.randint(-99, 99)} }}\n')
            continue
        sets += 1
        lines.append(f'p "" {d % 2 + 1} {d + 1 if shared else sets} "" {{ "left" "right" }} 0\n')
        waiting += [d + 1, d + 1]
    return "".join(lines)


def main(depth: int) -> None:
    """Measures and prints."""
    for shared in (False, True):
        text = text_of(depth, shared=shared)
        size = len(text) / 1e6
        began = time.perf_counter()
        tree = parse_efg(text)
        read = time.perf_counter() - began
        began = time.perf_counter()
        efg_text(tree)
        wrote = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{tree.nodes:,} nodes, {tree.sets:,} sets, {size:.1f} MB: read {read:.1f} s ({size / read:.1f} MB/s), "
              f"written {wrote:.1f} s ({size / wrote:.1f} MB/s), peak {peak:,.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 19)
