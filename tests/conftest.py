"""Compiles the kernels once, and says so, before the first test that needs them; and which tests share a process."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

NUMERIC = ("solve", "certify", "learn", "study", "truth")
"""Folders whose tests run compiled kernels."""
PATIENCE = 900.0
"""Seconds after which a process that compiles is taken for dead."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of a file in one process, since they share what they solve, but for those marked otherwise."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Solves a small scenario where the kernels of this very source have not been compiled yet.

    Of several processes of one run the first compiles and the others wait."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return  # nothing is compiled
    if session.config.option.collectonly or not any(set(NUMERIC) & set(Path(i.path).parts) for i in session.items):
        return
    from winset.base.places import kernel_folder

    folder = kernel_folder()
    folder.mkdir(parents=True, exist_ok=True)
    stamp, lock = folder / "compiled-for-tests", folder / "compiling-for-tests"
    while not stamp.exists():
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            try:
                if time.time() - lock.stat().st_mtime > PATIENCE:
                    lock.unlink(missing_ok=True)
            except FileNotFoundError:
                pass
            time.sleep(1.0)
            continue
        try:
            _compile(session)
            stamp.touch()
        finally:
            lock.unlink(missing_ok=True)


def _compile(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line("Compiling the kernels, once for this state of the source: a minute or two")
    import winset

    began = time.perf_counter()
    winset.brief(winset.read("beer-quiche"), cache=False)
    if reporter is not None:
        reporter.write_line(f"compiled in {time.perf_counter() - began:.0f} s")
