"""Small changes to the solvers and to the certificate, one at a time: does some test notice each?

Needs `pip install cosmic-ray`, whose operators make the changes. A random sample of all changes is tried (the seed is
fixed), each in a process of its own, without compiled kernels, on the tests that `TESTS` names for the changed file;
those take seconds. A change is noticed when a test fails, or when it takes far more time than without.

    NUMBA_DISABLE_JIT=1 WINSET_THREADS=1 python benchmarks/mutation.py --count 200 --out mutants.jsonl

Every line of the output is a change with what came of it, and those that stand there already are not tried
again; `--score` adds a file of them up.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "winset"

CERTIFICATE = ("tests/rooms/certify/test_certificate.py", "tests/rooms/certify/test_still.py",
               "tests/rooms/certify/test_interpolant.py", "tests/rooms/certify/test_steps.py")  # fmt: skip
GRID = ("tests/rooms/solve/test_small_games.py",)
LINE = ("tests/rooms/solve/test_line.py", *GRID)
EQUILIBRIA = ("tests/rooms/extensive/test_all_equilibria.py",)
PATH = ("tests/rooms/extensive/test_products.py",
        "tests/rooms/extensive/test_logit.py::test_the_dense_oracle_agrees",
        "tests/rooms/extensive/test_logit.py::test_points_asked_for_lie_on_the_path_exactly")  # fmt: skip
TESTS = {
    "certify/extensive.py": ("tests/rooms/certify/test_extensive.py",),
    **dict.fromkeys(
        ("certify/arrays.py", "certify/certificate.py", "certify/figures.py", "certify/histories.py",
         "certify/interpolant.py", "certify/kernel.py", "certify/steps.py", "certify/sweep.py"), CERTIFICATE),
    **dict.fromkeys(
        ("solve/backward.py", "solve/cells.py", "solve/exact.py", "solve/exact_path.py", "solve/exact_stage.py",
         "solve/follow.py", "solve/handing.py", "solve/hermite.py", "solve/line_cell.py", "solve/pack.py",
         "solve/passing.py", "solve/stage.py"), GRID),
    "solve/line.py": LINE,
    **dict.fromkeys(
        ("solve/extensive/all_equilibria.py", "solve/extensive/corners.py", "solve/extensive/strategic.py"),
        EQUILIBRIA),
    **dict.fromkeys(
        ("solve/extensive/corrector.py", "solve/extensive/follow.py", "solve/extensive/krylov.py",
         "solve/extensive/logit.py", "solve/extensive/passes.py"), PATH),
    "solve/extensive/zero_sum.py": ("tests/rooms/extensive/test_zero_sum.py",),
}  # fmt: skip
GAMES = "(3-1-1 or 5-1-1 or 9-1-1 or 18-1-1 or 1-2-1 or 7-1-4) or exact_tree or says_so"
QUICK = {
    CERTIFICATE: (
        "good_solution_holds and 5 or wrong_value_is_caught and 5 or perturbed and 5 or lost_branch and 5 or as_dict "
        "or exact_values and (1 or 2 or 3) or moving_headline or shocks or counts0 or counts1 or missing_figures "
        "or goes_by_the_rule"
    ),
    GRID: GAMES,
    LINE: f"test_line or {GAMES}",
    PATH: "random-0 or random-3 or other-2 or who-moves or products or points",
}  # fmt: skip
"""With `--quick`, the tests of a group that are made at all: survivors are then tried on all of them with `--again`."""
SLOW = (
    "infinite or histories_that_follow or interpolation_shows or lost_mass or wrong_posterior_along or 12-1 or 22-1 "
    "or 5-1-4 or 32 or memory or thousand or large or grows or holds[19]"
)
"""Tests that are left out, since they take long without compiled kernels."""
LEFT_OUT = {
    "certify/spot.py": "read only where other equilibria are looked for, whose tests take minutes here",
    "solve/others.py": "likewise",
    "solve/aware.py": "read only where somebody errs about the game; likewise",
}
OPERATORS = (
    "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul", "ReplaceBinaryOperator_Mul_Add", "ReplaceBinaryOperator_FloorDiv_Mul",
    "ReplaceComparisonOperator_Lt_LtE", "ReplaceComparisonOperator_Lt_Gt", "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_Gt_Lt", "ReplaceComparisonOperator_LtE_Lt", "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_Eq_NotEq", "ReplaceComparisonOperator_NotEq_Eq", "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceContinueWithBreak", "AddNot",
    "NumberReplacer", "ZeroIterationForLoop", "ReplaceUnaryOperator_USub_UAdd", "ReplaceUnaryOperator_Delete_USub",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One place in one file at which one operator changes something."""

    file: str
    operator: str
    occurrence: int


def operator(name: str) -> object:
    from cosmic_ray.plugins import get_operator

    return get_operator(f"core/{name}")()


def changes() -> Iterator[Change]:
    """All of them."""
    from cosmic_ray.ast import get_ast
    from cosmic_ray.mutating import MutationVisitor

    for file in sorted(TESTS):
        tree = get_ast((PACKAGE / file).read_text(encoding="utf-8"))
        for name in OPERATORS:
            visitor = MutationVisitor(10**9, operator(name))
            visitor.walk(tree)
            for occurrence in range(visitor._count):
                yield Change(file, name, occurrence)


def changed(change: Change) -> str:
    """The file's text with the change."""
    from cosmic_ray.mutating import mutate_code

    text = mutate_code(
        (PACKAGE / change.file).read_text(encoding="utf-8"), operator(change.operator), change.occurrence
    )
    assert text is not None
    return str(text)


def lines(before: str, after: str) -> tuple[int, str, str]:
    """The first line that differs: its number, as it was and as it is."""
    for number, (old, new) in enumerate(zip(before.splitlines(), after.splitlines(), strict=False), 1):
        if old != new:
            return number, old.strip(), new.strip()
    return 0, "", ""


class Changed(importlib.machinery.SourceFileLoader):
    """Loads a module from another text than its file's."""

    text = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that is changed."""

    def __init__(self, module: str, path: Path, text: str) -> None:
        self.module, self.path, self.text = module, path, text

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        loader = Changed(fullname, str(self.path))
        loader.text = self.text
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


def run(file: str, text: str | None, tests: tuple[str, ...], seconds: float, quick: bool = False) -> tuple[str, float]:
    """What came of the tests: "survived", "killed", "timeout" or "error"; and the processor seconds."""
    began = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    child = os.fork()
    if child == 0:
        _child(file, text, tests, seconds, quick)
    _, status = os.waitpid(child, 0)
    spent = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - began
    if os.WIFSIGNALED(status):
        return ("timeout" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "killed"), spent
    return {0: "survived", 1: "killed"}.get(os.WEXITSTATUS(status), "error"), spent


def _child(file: str, text: str | None, tests: tuple[str, ...], seconds: float, quick: bool) -> None:
    code = 9
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        quiet = os.open(os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if text is not None:
            module = "winset." + file.removesuffix(".py").replace("/", ".")
            assert module not in sys.modules
            sys.meta_path.insert(0, Finder(module, PACKAGE / file, text))
        import pytest

        which = f"not ({SLOW})" + (f" and ({QUICK[tests]})" if quick and tests in QUICK else "")
        there = [t for t in tests if (ROOT / t.split("::")[0]).exists()]
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "xdist.plugin",
                                "-W", "ignore::RuntimeWarning", "-m", "not slow and not oracle",
                                "-k", which,
                                *there]))  # fmt: skip
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def score(rows: Sequence[dict[str, object]]) -> str:
    """Changes tried and noticed, by file."""
    tried, noticed = Counter(str(r["file"]) for r in rows), Counter(
        str(r["file"]) for r in rows if r["outcome"] != "survived"
    )  # fmt: skip
    out = [f"| {file} | {tried[file]} | {noticed[file]} |" for file in sorted(tried)]
    total, whole = sum(tried.values()), sum(noticed.values())
    return "\n".join(["| file | tried | noticed |", "|---|---|---|", *out,
                      f"| all | {total} | {whole} ({whole / max(total, 1):.0%}) |"])  # fmt: skip


def main() -> None:
    """See the module's text."""
    given = argparse.ArgumentParser()
    given.add_argument("--count", type=int, default=200)
    given.add_argument("--seed", type=int, default=4)
    given.add_argument("--out", type=Path, default=Path("mutants.jsonl"))
    given.add_argument("--again", type=Path, help="try the survivors of this file again")
    given.add_argument("--score", type=Path, help="add this file up, and do no more")
    given.add_argument("--quick", action="store_true", help="fewer tests of each file first")
    given.add_argument("--files", default="", help="only files whose path contains this")
    how = given.parse_args()
    if how.score:
        print(score([json.loads(line) for line in how.score.read_text().splitlines()]))
        return
    if os.environ.get("NUMBA_DISABLE_JIT") != "1":
        sys.exit("set NUMBA_DISABLE_JIT=1: kernels compiled anew for every change would take days")
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    for name in ("numpy", "numba", "pytest", "winset.language.scenario", "winset.game.compile",
                 "winset.tree.random_trees", "winset.tree.from_game", "scipy.optimize", "scipy.sparse"):  # fmt: skip
        importlib.import_module(name)
    if how.again:
        rows = [json.loads(line) for line in how.again.read_text().splitlines()]
        chosen = [Change(r["file"], r["operator"], r["occurrence"]) for r in rows if r["outcome"] == "survived"]
    else:
        every = [c for c in changes() if how.files in c.file]
        print(f"{len(every):,} changes in all", flush=True)
        chosen = random.Random(how.seed).sample(every, min(how.count, len(every)))
    done = set()
    if how.out.exists():
        rows = [json.loads(line) for line in how.out.read_text(encoding="utf-8").splitlines()]
        done = {Change(r["file"], r["operator"], r["occurrence"]) for r in rows}
    usual: dict[tuple[str, ...], float] = {}
    for number, change in enumerate(chosen, 1):
        tests = TESTS[change.file]
        if change in done:
            continue
        if tests not in usual:
            outcome, usual[tests] = run(change.file, None, tests, 600, how.quick)
            print(f"{', '.join(tests)}: {outcome}, {usual[tests]:.1f} s", flush=True)
            if outcome != "survived":
                sys.exit("the tests fail without any change")
        text, began = changed(change), time.time()
        outcome, spent = run(change.file, text, tests, 10 + 4 * usual[tests], how.quick)
        line, old, new = lines((PACKAGE / change.file).read_text(encoding="utf-8"), text)
        row = {"file": change.file, "operator": change.operator, "occurrence": change.occurrence, "line": line,
               "old": old, "new": new, "outcome": outcome, "seconds": round(spent, 1)}  # fmt: skip
        with how.out.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
        print(f"{number}/{len(chosen)} {change.file}:{line} {outcome} {spent:.0f} s ({time.time() - began:.0f} s)",
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
