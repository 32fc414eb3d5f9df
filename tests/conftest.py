"""Compiles the kernels once, and says so, before the first test that needs them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

NUMERIC = ("solve", "certify", "study", "truth")
"""Folders whose tests run compiled kernels."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Solves a small scenario where the kernels of this very source have not been compiled yet."""
    if session.config.option.collectonly or not any(set(NUMERIC) & set(Path(i.path).parts) for i in session.items):
        return
    from winset.base.places import kernel_folder

    stamp = kernel_folder() / "compiled-for-tests"
    if stamp.exists():
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line("Compiling the kernels, once for this state of the source: a minute or two")
    import winset

    began = time.perf_counter()
    winset.brief(winset.read("beer-quiche"), cache=False)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    if reporter is not None:
        reporter.write_line(f"compiled in {time.perf_counter() - began:.0f} s")
