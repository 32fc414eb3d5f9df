"""Which tests of the suite share a process where several run it (`tests/conftest.py`), and what is begun first."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent
QUIET = ("architecture", "rooms/language")
"""Folders whose tests run no compiled kernels."""
TOGETHER = ("rooms/extensive",)
"""Folders that stay in one process, since their files compile the same kernels."""
APART = (
    "truth/test_battery.py::test_every_scenario_of_the_library_passes",
    "truth/test_canon.py::test_targets_are_met",
    "truth/test_exact_agreement.py::test_agree",
    "truth/test_invariance.py::test_what_must_not_matter_does_not",
)
"""Long tests whose cases share nothing: each case is a part of its own."""
ORDER = ("rooms/solve/test_small_games.py", *QUIET, "rooms/extensive", "truth", "rooms/study", "rooms")
"""What is begun first: one part that compiles, those that need no kernels meanwhile, what takes long, what is short."""


def part_of(nodeid: str) -> str:
    """The part of the suite that a test belongs to; a part stays in one process."""
    name = nodeid.removeprefix("tests/")
    file, _, test = name.partition("::")
    if f"{file}::{test.partition('[')[0]}" in APART:
        return name
    return next((folder for folder in TOGETHER if name.startswith(f"{folder}/")), file)


def turn_of(nodeid: str) -> int:
    """When the part of a test is begun, among the others."""
    part = part_of(nodeid)
    return next((k for k, folder in enumerate(ORDER) if part.startswith(folder)), len(ORDER))
