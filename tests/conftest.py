"""Compiles the kernels once, and says so, before the first test that needs them; and which tests share a process.

With several processes (`pytest -n`) a file of tests stays in one of them, since its tests share what they solve; so do
the files that compile the same kernels of their own. One process compiles the common kernels with the first test that
needs them, and the others begin with tests that need none."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from suite_parts import QUIET, TESTS, part_of, turn_of

NUMERIC = ("solve", "certify", "learn", "study", "truth")
"""Folders whose tests run compiled kernels."""
PATIENCE = 900.0
"""Seconds after which a process that compiles is taken for dead."""
DONE = pytest.StashKey[bool]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out parts of the suite; the markers of `--dist loadgroup` are not seen by every pytest (9.2)."""
    from xdist.scheduler import LoadScopeScheduling

    class Parts(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return part_of(nodeid)

    config.option.loadscopereorder = False
    return Parts(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what is begun first to the front, where several processes share the work."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: turn_of(item.nodeid))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Compiles before the first test where one process does everything; see `pytest_runtest_setup`."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _ready(session)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Compiles before the first test that may need kernels, or waits for the process that does."""
    if not item.path.relative_to(TESTS).as_posix().startswith(QUIET):
        _ready(item.session)


def _ready(session: pytest.Session) -> None:
    """Solves a small scenario where the kernels of this very source have not been compiled yet.

    Of several processes of one run the first compiles and the others wait."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1" or session.config.option.collectonly:
        return
    if session.stash.get(DONE, False):
        return
    session.stash[DONE] = True
    if not any(set(NUMERIC) & set(Path(i.path).parts) for i in session.items):
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
