"""Which tests share a process where several run the suite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from suite_parts import APART, ORDER, QUIET, TESTS, TOGETHER, part_of, turn_of


def test_what_is_named_is_there() -> None:
    for folder in (*QUIET, *TOGETHER, *ORDER):
        assert (TESTS / folder).exists()
    for name in APART:
        file, _, test = name.partition("::")
        assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8")


def test_a_file_is_a_part_and_long_cases_are_apart() -> None:
    assert part_of("tests/rooms/study/test_why.py::test_a[1::2]") == "rooms/study/test_why.py"
    assert part_of("tests/rooms/extensive/test_logit.py::test_a") == part_of("tests/rooms/extensive/test_regret.py::b")
    one, two = (part_of(f"tests/truth/test_canon.py::test_targets_are_met[{m}]") for m in ("01A", "03C"))
    assert one != two and part_of("tests/truth/test_canon.py::test_the_canon_is_whole") == "truth/test_canon.py"


def test_what_needs_no_kernels_comes_before_what_waits_for_them() -> None:
    quiet, loud = turn_of("tests/rooms/language/test_fuzz.py::a"), turn_of("tests/truth/test_canon.py::a")
    assert turn_of("tests/rooms/solve/test_small_games.py::a") < quiet < loud < turn_of("tests/rooms/game/test_x.py::a")


@pytest.mark.parametrize("case", range(6))
def test_the_tests_of_a_file_run_in_one_process(case: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each leaves its process's number where all processes of the run see it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    (shared / "processes-of-test_parts").mkdir(exist_ok=True)
    (shared / "processes-of-test_parts" / str(os.getpid())).touch()
    assert len(list(Path(shared / "processes-of-test_parts").iterdir())) == 1
