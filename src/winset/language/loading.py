"""The text of a scenario: from a file or an open stream, never more than a scenario may have, and always UTF-8."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from winset.base.diagnostics import Where
from winset.language.document import LARGEST
from winset.language.lexer import problem, shown

_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x1f\x8b": "compressed data", b"PK": "compressed data"}
"""First bytes that say what a file is instead of UTF-8 text."""


def text_of(source: str | os.PathLike[str] | BinaryIO, *, name: str = "") -> str:
    """The text of a scenario file, or of an open stream of bytes such as `sys.stdin.buffer`.

    Only regular files are opened: a pipe or a device may never end.

    Args:
        source: the path, or the stream.
        name: what diagnostics call it; by default the path.

    Raises:
        ScenarioError: S101 too large, S109 not UTF-8, S110 it cannot be read.
    """
    if not isinstance(source, (str, os.PathLike)):
        return _decoded(source.read(LARGEST + 1), Where(name))
    where = Where(name or str(source))
    try:
        kind = os.stat(source).st_mode
        if not stat.S_ISREG(kind):
            what = "it is a folder" if stat.S_ISDIR(kind) else "it is no regular file"
            fix = "" if stat.S_ISDIR(kind) else "Give a file, or `-` for standard input where a verb takes it."
            raise problem("S110", f"the file cannot be read: {what}", where, fix=fix)
        with Path(source).open("rb") as stream:
            return _decoded(stream.read(LARGEST + 1), where)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be opened"
        raise problem("S110", f"the file cannot be read: {shown(reason)}", where) from None


def _decoded(data: bytes, where: Where) -> str:
    if len(data) > LARGEST:
        raise problem("S101", f"the file has more than {LARGEST:,} bytes", where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        found = next((kind for mark, kind in _MARKS.items() if data.startswith(mark)), "")
        told = f"it looks like {found}" if found else f"the byte {data[error.start]:#04x} stands for no character"
        raise problem("S109", f"the file is not UTF-8 text; {told}", Where(where.file, line, column)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
