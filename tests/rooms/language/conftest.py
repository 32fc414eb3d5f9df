"""Fixtures of the language's tests, and the way to their samples."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def example() -> str:
    """The example of the language page."""
    from language_samples import example_text

    return example_text()
