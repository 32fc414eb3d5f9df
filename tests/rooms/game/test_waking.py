"""What numba is told before its first kernel runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
import numpy as np
from winset.base.process import claim
from winset.game.kernels import wake
from winset.game.merging import by_spread
{}
wake()
group, count = by_spread(np.array([0, 0, 1]), np.full((3, 1), 0.5), np.ones(3), np.zeros(3, dtype=bool), 1e-4)
print(count, "scipy.linalg" in sys.modules)
import scipy.linalg
print(scipy.linalg.det(np.eye(2)))
"""


def printed(code: str) -> list[str]:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.split("\n")[:-1]


def test_our_own_process_does_without_linear_algebra() -> None:
    """Until somebody asks for it; the other case is the control, and what anybody who calls the library gets."""
    pytest.importorskip("scipy.linalg")
    assert printed(CODE.format("claim()")) == ["2 False", "1.0"]
    assert printed(CODE.format("")) == ["2 True", "1.0"]


def test_kernels_of_others_may_multiply_matrices() -> None:
    pytest.importorskip("scipy.linalg")
    code = "import numba, numpy as np; from winset.game import kernels; kernels.wake(); "
    assert printed(code + "print(numba.njit(lambda a: np.dot(a, a))(np.ones(3)))") == ["3.0"]
