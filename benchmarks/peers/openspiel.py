"""Zero-sum trees: winset's regret minimiser against OpenSpiel's CFR and CFR+ in C++, to a certified exploitability.

    python benchmarks/peers/openspiel.py [--limit SECONDS] [--python INTERPRETER_WITH_PYSPIEL] [--short] [--write]

OpenSpiel's own games, which grow until neither of its solvers comes below the first accuracy within the limit. Its
tree is written out node by node, so both solve the same one, and one judge decides for both: `certify_tree` on the
profile, where exploitability is the sum of what both players could gain (OpenSpiel's `nash_conv`; twice its
`exploitability`). Seconds are those of the processor, which other work on the machine does not lengthen; all of these
solvers work on one thread. OpenSpiel's are those of making the solver and of `evaluate_and_update_policy`; what is
asked of it in between is not counted, and it is asked each time that its iterations have grown by a tenth. winset's are
those of one call of `solve_regret` for each accuracy, the making of the sequence form and its own tests of the gains
included, the median of three after one that loads the kernels. Each solver has a process of its own. Then winset alone,
on a tree of 1.6 million nodes (left out with --short). --write puts the tables into docs/explain/peers.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from winset.certify.extensive import certify_tree
from winset.solve.extensive.regret import solve_regret
from winset.tree.checks import checked
from winset.tree.games import kuhn
from winset.tree.liars_dice import liars_dice
from winset.tree.tree import CHANCE, TERMINAL, Tree

sys.path.insert(0, str(Path(__file__).resolve().parent))
from page import machine, markdown, most_memory, write_section

ACCURACIES = (1e-2, 1e-3, 1e-4, 1e-5)
SOLVERS = ("cfr", "cfr+")
MOST = 100_000
"""Iterations of OpenSpiel after which a small game counts as given up."""
POKER = (
    "universal_poker(betting=limit,numPlayers=2,numRounds=2,blind=1 1,raiseSize=2 4,firstPlayer=1 1,maxRaises=2 2,"
    "numSuits=2,numRanks={},numHoleCards=1,numBoardCards=0 1)"
)
GOOF = "goofspiel(num_cards={},imp_info=True,points_order=descending)"
FAMILIES = {
    "poker": [
        ("Kuhn poker", "kuhn_poker"),
        ("Leduc hold'em", "leduc_poker"),
        ("the same, 6 ranks", POKER.format(6)),
        ("the same, 10 ranks", POKER.format(10)),
    ],
    "goofspiel": [(f"goofspiel, {n} cards", GOOF.format(n)) for n in (4, 5, 6)],
    "dice": [(f"liar's dice, {n} sides", f"liars_dice(dice_sides={n})") for n in (3, 4, 5, 6, 7)],
}
CHILD = Path(__file__).resolve().parent / "openspiel_child.py"


def read_tree(folder: Path, title: str) -> Tree:
    """The tree that the child wrote."""
    data = np.load(folder / "tree.npz")
    player, infoset, counts, legal = (data[key] for key in ("player", "infoset", "counts", "legal"))
    owner, law = data["owner"], data["law"]
    ends = player == TERMINAL
    number = np.zeros(len(owner), dtype=np.int64)
    for i in range(3):
        number[owner == i] = np.arange(1, np.sum(owner == i) + 1)
    first = np.concatenate([[0], np.cumsum(legal)]).astype(np.int64)
    return checked(Tree(
        title=title, players=("First", "Second"), player=player.astype(np.int32), infoset=infoset.astype(np.int32),
        parent=np.concatenate([[-1], np.repeat(np.arange(len(counts)), counts)]).astype(np.int32),
        first=1 + np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), level=data["level"].astype(np.int64),
        outcome=np.where(ends, np.cumsum(ends) - 1, -1).astype(np.int32), set_player=owner.astype(np.int32),
        set_number=number, set_label=("",) * len(owner), set_first=first, action_label=("",) * int(first[-1]),
        chance=law, payoff=data["pays"], outcome_label=("",) * int(ends.sum()),
        outcome_number=np.arange(1, int(ends.sum()) + 1, dtype=np.int64),
    ))  # fmt: skip


def theirs(python: str, game: str, folder: Path, solver: str, tree: Tree, limit: float) -> dict[str, Any]:
    """Seconds to each accuracy, by the certificate; iterations, memory, the last profile's payoff and gains."""
    child = subprocess.Popen(
        [python, str(CHILD), game, str(folder), solver, str(limit)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None
    told = json.loads(child.stdout.readline())
    reached: dict[float, float] = {}
    gap, value = np.inf, np.nan
    while not told["done"] or (told["seconds"] < limit and told["done"] < MOST and gap > ACCURACIES[-1]):
        child.stdin.write(f"{max(1, told['done'] // 10)}\n")
        child.stdin.flush()
        told = json.loads(child.stdout.readline())
        profile = np.load(folder / "policy.npy")
        judged = certify_tree(tree, np.where(tree.is_chance, tree.chance, profile))
        gap, value = judged.exploitability, float(judged.payoffs[0])
        reached |= {a: told["seconds"] for a in ACCURACIES if gap <= a and a not in reached}
    child.stdin.write("\n")
    child.stdin.close()
    child.wait()
    return {"reached": reached, "gap": gap, "value": value, **told}


def ours(tree: Tree, limit: float) -> dict[str, Any]:
    """The same of winset; certified."""
    solve_regret(kuhn(), accuracy=0.1)
    reached, told, taken = {}, {}, 0.0
    for accuracy in ACCURACIES:
        times: list[float] = []
        while len(times) < 3 and sum(times) < limit:
            began = time.process_time()
            found = solve_regret(tree, accuracy=accuracy, most_seconds=20 * limit)
            times.append(time.process_time() - began)
        judged = certify_tree(tree, found.profile)
        assert judged.sound
        told = {"value": float(judged.payoffs[0]), "gap": judged.exploitability, "done": found.facts["turns"]}
        taken = statistics.median(times)
        if judged.exploitability > accuracy or taken > limit:
            break
        reached[accuracy] = taken
    memory = most_memory()
    return {"reached": reached, "seconds": taken, **told, "megabytes": memory}


def apart(folder: Path, limit: float) -> dict[str, Any]:
    """`ours` in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--limit", str(limit), "--alone", str(folder)], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    data = json.loads(done.stdout.splitlines()[-1])
    return {**data, "reached": {float(a): s for a, s in data["reached"].items()}}


def compare(python: str, limit: float, families: list[str]) -> list[dict[str, Any]]:
    """One row for each game."""
    rows = []
    for family in families:
        for name, game in FAMILIES[family]:
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place)
                subprocess.run([python, str(CHILD), game, place, "tree"], check=True)
                tree = read_tree(folder, name)
                row = {"name": name, "nodes": tree.nodes, "sets": int(np.sum(tree.set_player != CHANCE))}
                row["winset"] = apart(folder, limit)
                for solver in SOLVERS:
                    row[solver] = theirs(python, game, folder, solver, tree, limit)
            rows.append(row)
            print("\n".join(" ".join(cells) for cells in (sizes(row), *times(row))), flush=True)
            if not any(row[solver]["reached"] for solver in SOLVERS):
                break
    return rows


def sizes(row: dict[str, Any]) -> list[str]:
    """A game: its size, its value, whether the programs agree on it, memory."""
    differ = max(abs(row[s]["value"] - row["winset"]["value"]) for s in SOLVERS)
    bound = max(row[s]["gap"] for s in SOLVERS) + row["winset"]["gap"]
    return [
        row["name"], f"{row['nodes']:,}", f"{row['sets']:,}", f"{round(row['winset']['value'], 6) + 0.0:.6f}",
        f"{differ:.0e}{'' if differ <= bound else ', MORE than the gains allow'}",
        *(f"{1e3 * row[s]['seconds'] / row[s]['done']:.3g}" for s in ("winset", *SOLVERS)),
        *(f"{row[s]['megabytes']:.0f}" for s in ("winset", *SOLVERS)),
    ]  # fmt: skip


def times(row: dict[str, Any]) -> list[list[str]]:
    """A game: seconds to each accuracy, and how many times as long the faster of OpenSpiel's solvers takes."""
    out = []
    for accuracy in ACCURACIES:
        took = [row[s]["reached"].get(accuracy) for s in ("winset", *SOLVERS)]
        shown = ["—" if t is None else f"{t:.3g}" for t in took]
        ratio = ratio_of(row, accuracy)
        out.append([row["name"], f"{accuracy:g}", *shown, "—" if ratio is None else f"{ratio:,.3g}"])
    return out


def ratio_of(row: dict[str, Any], accuracy: float) -> float | None:
    """The faster of OpenSpiel's solvers over winset, where both came there."""
    other = [row[s]["reached"][accuracy] for s in SOLVERS if accuracy in row[s]["reached"]]
    mine = row["winset"]["reached"].get(accuracy)
    return min(other) / mine if other and mine else None


def section(rows: list[dict[str, Any]], version: str, limit: float, alone: str) -> str:
    """The section of the page."""
    ratios = [r for row in rows for a in ACCURACIES if (r := ratio_of(row, a)) is not None]
    only = sum(a in row["winset"]["reached"] and ratio_of(row, a) is None for row in rows for a in ACCURACIES)
    parts = (
        f"Written by `python benchmarks/peers/openspiel.py --write`: OpenSpiel {version}, its own games and its CFR "
        f"and CFR+ in C++, against winset's `solve_regret`. Each solver had {limit:.0f} seconds of the processor for "
        f"a game; the games of a kind grow until neither of OpenSpiel's comes below {ACCURACIES[0]:g} in that time, "
        f"and small ones end after {MOST:,} turns. One judge decides for both, winset's certificate: exploitability is "
        "the sum of what both players could gain, in units of the payoffs (OpenSpiel's `nash_conv`).",
        f"In the {len(ratios)} rows where both came to the accuracy, the faster of OpenSpiel's solvers takes between "
        f"{min(ratios):,.2g} and {max(ratios):,.0f} times as long as winset, {statistics.geometric_mean(ratios):,.0f} "
        f"times in the geometric mean; in {only} more only winset came there. A dash: not within the time.",
        markdown(["game", "exploitability", "winset, s", "CFR, s", "CFR+, s", "times"],
                 [cells for row in rows for cells in times(row)]),
        "The same games: what they are worth to the first player, by how much the values that the programs found "
        "differ at most (each errs by no more than its exploitability), milliseconds for a turn of both players, and "
        "the most memory that a process held, Python and its libraries included.",
        markdown(["game", "nodes", "information sets", "value", "values differ", "winset, ms", "CFR, ms", "CFR+, ms",
                  "winset, MB", "CFR, MB", "CFR+, MB"], [sizes(row) for row in rows]),
        alone,
        machine(),
    )  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def large(sides: int = 7) -> str:
    """Alone, on a tree that OpenSpiel does not come to."""
    tree = liars_dice(sides)
    told = []
    for accuracy in ACCURACIES[:3]:
        began = time.process_time()
        found = solve_regret(tree, accuracy=accuracy)
        taken = time.process_time() - began
        judged = certify_tree(tree, found.profile)
        told.append(f"{judged.exploitability:.1e} after {found.facts['turns']:,} turns and {taken:.1f} s")
    memory = most_memory()
    return (f"winset alone, {tree.title[0].lower()}{tree.title[1:]} ({tree.nodes:,} nodes, "
            f"{int(np.sum(tree.set_player != CHANCE)):,} information sets, {memory:.0f} MB): certified exploitability "
            f"{', '.join(told)}.")  # fmt: skip


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for a solver and a game")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has pyspiel")
    parser.add_argument("--only", choices=FAMILIES, action="append", help="games of this kind; may be repeated")
    parser.add_argument("--short", action="store_true", help="leave out the tree that winset solves alone")
    parser.add_argument("--write", action="store_true", help="write the section of docs/explain/peers.md")
    parser.add_argument("--alone", metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        print(json.dumps(ours(read_tree(Path(arguments.alone), "a game"), arguments.limit)))
        return
    ask = "import pyspiel; from importlib.metadata import version; print(version('open_spiel'))"
    has = subprocess.run([arguments.python, "-c", ask], capture_output=True, text=True, check=False)
    if has.returncode:
        print("OpenSpiel is not installed there: nothing to compare with")
        return
    version = has.stdout.strip().splitlines()[-1]
    print(f"OpenSpiel {version}, at most {arguments.limit:.0f} s for a solver and a game")
    rows = compare(arguments.python, arguments.limit, arguments.only or list(FAMILIES))
    alone = "" if arguments.short else large()
    print(alone)
    if arguments.write:
        write_section("OpenSpiel", section(rows, version, arguments.limit, alone))


if __name__ == "__main__":
    main()
