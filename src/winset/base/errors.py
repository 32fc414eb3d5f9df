"""The exception family. Each carries its diagnostics or the result it spoiled.

WinsetError
├── ScenarioError      the scenario, or a question about it, has problems (diagnostics)
├── SizeError          it would not fit: says how large, and what to change (diagnostics)
└── SolveError         a computation ended without the promised quality (status, result)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from winset.base.diagnostics import Diagnostic


class WinsetError(Exception):
    """Root of every error that winset raises on purpose."""


class _Diagnosed(WinsetError):
    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(str(d) for d in self.diagnostics))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.diagnostics,)


class ScenarioError(_Diagnosed):
    """The input cannot be accepted; every problem found is in `diagnostics`."""


class SizeError(_Diagnosed):
    """The input is sound but too large for the limits in force."""


class SolveError(WinsetError):
    """A computation ended without the promised quality; `result` holds what there is."""

    def __init__(self, message: str, result: Any = None) -> None:
        super().__init__(message)
        self.result = result
