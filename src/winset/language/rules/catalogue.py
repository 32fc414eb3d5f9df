from __future__ import annotations
from winset.base.diagnostics import Diagnostic
def complete(d: Diagnostic) -> Diagnostic:
    return d
