"""Game files by name: `.efg` trees and `.nfg` tables, told apart by their first word."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from winset.base.diagnostics import Diagnostic, Where
from winset.base.errors import ScenarioError
from winset.tree.efg_read import parse_efg
from winset.tree.efg_write import efg_lines
from winset.tree.nfg import nfg_text, parse_nfg
from winset.tree.scan import cut, text_of
from winset.tree.tree import NormalForm, Tree


def read_game(source: str | bytes | os.PathLike[str], *, file: str = "") -> Tree | NormalForm:
    """Reads a game of the field's own files: Gambit's `.efg` (a tree) and `.nfg` (a table).

    Args:
        source: path of a file; or its text, which begins with `EFG` or `NFG`; or its bytes.
        file: name for errors where the text is given.

    Returns:
        A `Tree` for an extensive form, a `NormalForm` for a strategic form; numbers kept as fractions beside floats.

    Raises:
        ScenarioError: it cannot be read, or is no such file; the first mistake, with line, column and the fix.
    """
    given = isinstance(source, bytes) or (isinstance(source, str) and source.lstrip("\ufeff \t\r\n")[:3] in _FIRST)
    text, file = text_of(source if isinstance(source, bytes) or given else Path(source), file)  # type: ignore[arg-type]
    text = text.removeprefix("\ufeff")
    found = _WORD.match(text)
    kind = found[1] if found else text[:1]
    if kind == "EFG":
        return parse_efg(text, file)
    if kind == "NFG":
        return parse_nfg(text, file)
    start = len(text) - len(text.lstrip())
    place = Where(file, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    raise ScenarioError([Diagnostic(
        code="X102", message=f"a game file begins with `EFG` or `NFG`, not with `{cut(kind)}`", where=place,
        example={"first line": 'EFG 2 R "title" { "Alice" "Bob" }'}, why="the first word tells what kind of file it is",
        fix="save the game as .efg or .nfg, or read it as a scenario if it is one",
    )])  # fmt: skip


_FIRST = ("EFG", "NFG")
_WORD = re.compile(r'\s*+([^\s{},"]++)')


def write_game(game: Tree | NormalForm, path: str | os.PathLike[str]) -> Path:
    """Writes a tree as `.efg` or a table as `.nfg`, whole or not at all.

    Args:
        game: what to write.
        path: where to; an existing file is replaced.

    Raises:
        ScenarioError: the ending of the path is of the other kind, the file cannot be written, or a label cannot.
    """
    path = Path(path)
    kind = ".efg" if isinstance(game, Tree) else ".nfg"
    if path.suffix.lower() in {".efg", ".nfg"} - {kind}:
        raise ScenarioError([Diagnostic(
            code="X120", message=f"a {'tree' if kind == '.efg' else 'table'} is not written as {path.suffix}",
            where=Where(str(path)), why="other programs go by the ending", fix=f"let the name end in {kind}",
        )])  # fmt: skip
    try:
        _write(path, efg_lines(game) if isinstance(game, Tree) else iter([nfg_text(game)]))
    except OSError as reason:
        raise ScenarioError([Diagnostic(
            code="X101", message=f"the file cannot be written: {reason.strerror}", where=Where(str(path)),
            why="nothing has been changed", fix="check its path and whether you may write there",
        )]) from None  # fmt: skip
    return path


def _write(path: Path, lines: object) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as out:
            out.writelines(lines)  # type: ignore[arg-type]
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
