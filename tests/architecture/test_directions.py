"""Which room may import which, over every import statement, those inside functions included."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "src" / "winset"
CORE = {"base", "language", "game"}
MAY_IMPORT = {
    "base": set(),
    "language": {"base"},
    "game": {"base", "language"},
    "tree": CORE,
    "solve": CORE | {"tree"},
    "certify": CORE | {"tree"},
    "learn": CORE | {"tree", "solve", "certify"},
    "study": CORE | {"tree", "solve", "certify", "learn"},
    "testing": CORE | {"tree", "solve", "certify", "learn", "study"},
    "face": {"base", ""},
}
NUMERIC = {"numpy", "numba", "scipy", "jax", "torch"}
NUMERIC_ROOMS = {"game", "tree", "solve", "certify", "learn", "study", "testing"}


def imports(source: str, package: str) -> list[str]:
    """Full names of the modules that a source imports, relative ones resolved against its package."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join(parts[: len(parts) - node.level + 1] + ([node.module] if node.module else []))
            # `from winset import solve` imports a room as well as `import winset.solve` does
            found += [f"{base}.{alias.name}" for alias in node.names] if base == "winset" else [base]
    return found


def room_of(module: str) -> str | None:
    """`solve` for `winset.solve.backward`; "" for the façade and what it exports; None outside winset."""
    parts = module.split(".")
    if parts[0] != "winset":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in MAY_IMPORT else ""


def violations(source: str, package: str) -> list[str]:
    room = room_of(package)
    bad = []
    for module in imports(source, package):
        other = room_of(module)
        if other is None:
            if module.split(".")[0] in NUMERIC and room not in NUMERIC_ROOMS:
                bad.append(f"{room} imports {module}")
        elif room and other != room and other not in MAY_IMPORT[room]:
            bad.append(f"{room} imports {module}")
    return bad


def files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    package = ".".join(["winset", *path.relative_to(ROOT).parent.parts])
    assert violations(path.read_text(encoding="utf-8"), package) == []


def test_every_room_is_known() -> None:
    rooms = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith("_")}
    assert rooms <= set(MAY_IMPORT) | {"library"}
    assert not list((ROOT / "library").rglob("*.py"))


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("import winset.solve.backward", "winset.certify"),
        ("from winset.certify import certificate", "winset.solve"),
        ("def f():\n    from winset.solve import backward", "winset.certify"),
        ("def f():\n    import numpy as np", "winset.language"),
        ("from winset import study", "winset.game"),
        ("from winset.solve.backward import solve", "winset.tree"),
        ("from winset.tree.tree import Tree", "winset.game"),
        ("from ...study import brief", "winset.face.cli"),
        ("from winset.language.reading import read", "winset.face.cli"),
        ("from winset import solve", "winset.certify"),
        ("from winset.testing.run import table", "winset.study"),
        ("from winset.testing.run import table", "winset.face"),
        ("from winset.face.text import shown", "winset.testing.canon"),
        ("if TYPE_CHECKING:\n    from winset.study.brief import Brief", "winset.face"),
    ],
)
def test_planted_violations_are_found(source: str, package: str) -> None:
    assert violations(source, package)


def test_allowed_imports_pass() -> None:
    assert violations("import winset\nfrom winset.base.errors import WinsetError\nimport rich", "winset.face.cli") == []
    assert violations("from . import stage\nfrom winset.game.game import Game\nimport numpy", "winset.solve") == []
