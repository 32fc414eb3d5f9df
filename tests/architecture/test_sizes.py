"""Files and functions stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE_CAP = 500
FUNCTION_CAP = 60
LONG_KERNELS = {"follow", "build_line"}  # one loop each, whose state would have to be passed whole between its parts


def sources() -> list[Path]:
    return sorted(p for folder in ("src", "tests", "benchmarks") for p in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_CAP


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef, text: list[str]) -> int:
    """Lines of a function that hold code: without its docstring, blank lines and comments."""
    body = text[node.lineno - 1 : node.end_lineno]
    doc = node.body[0]
    if ast.get_docstring(node) is not None:
        body = body[: doc.lineno - node.lineno] + body[(doc.end_lineno or doc.lineno) - node.lineno + 1 :]
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in body)


@pytest.mark.parametrize("path", [p for p in sources() if p.is_relative_to(ROOT / "src")], ids=lambda p: p.name)
def test_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {f.name: size for f in functions if (size := code_lines(f, text.splitlines())) > FUNCTION_CAP}
    assert {name: size for name, size in long.items() if name not in LONG_KERNELS} == {}
