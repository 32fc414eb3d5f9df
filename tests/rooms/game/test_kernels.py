"""Threads that are kept from call to call."""

from __future__ import annotations

import os
import sys

import pytest

from winset.game.kernels import in_chunks, lending, threads


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_starts_threads_of_its_own() -> None:
    seen: list[tuple[int, int]] = []
    in_chunks(lambda low, high: seen.append((low, high)), 1000)
    child = os.fork()
    if child == 0:
        in_chunks(lambda low, high: None, 1000)
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert sum(high - low for low, high in seen) == 1000


def test_cores_that_are_lent_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINSET_THREADS", "4")
    with lending(1):
        assert threads() == 3
        with lending(5):
            assert threads() == 1
    assert threads() == 4
