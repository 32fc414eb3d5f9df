"""The terminal: wrapped text on stdout, everything about the run on stderr, colour only for people."""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from winset.base.diagnostics import Diagnostic, Where

WIDEST = 80
NARROWEST = 40
PATIENCE = 2.0  # seconds without a word, where no bar can be shown
WAIT = 30.0  # seconds after which how far a long part has come is told once more
LABEL = 30  # columns for what is being done, beside the bar
CODES = {"error": "31;1", "warning": "33;1", "note": "36;1", "bold": "1", "dim": "2", "good": "32", "bad": "31"}


class Screen:
    """Where a verb prints. `out` is for results, `err` for messages; neither has colour when it is piped."""

    def __init__(self, *, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        for stream in (self.out, self.err):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")
        self.width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))

    def print(self, text: str = "") -> None:
        """A line of the result."""
        print(text, file=self.out)

    def wrap(self, text: str, *, indent: str = "", hang: str | None = None) -> None:
        """A paragraph of the result, wrapped."""
        for line in self.wrapped(text, indent=indent, hang=hang):
            self.print(line)

    def wrapped(self, text: str, *, indent: str = "", hang: str | None = None) -> list[str]:
        """The lines of a paragraph; continuation lines start with `hang`."""
        later = indent if hang is None else hang
        return textwrap.wrap(
            text, self.width, initial_indent=indent, subsequent_indent=later, break_on_hyphens=False
        ) or [indent]

    def json(self, data: Any) -> None:
        """The result as JSON; numbers that JSON does not know stand as `null`."""
        print(dumped(data), file=self.out)

    def paint(self, text: str, style: str, stream: TextIO | None = None) -> str:
        """Coloured text where a person looks at it; NO_COLOR is respected."""
        stream = stream or self.out
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
            return text
        return f"\x1b[{CODES[style]}m{text}\x1b[0m"

    def say(self, text: str) -> None:
        """A message about the run."""
        for line in self.wrapped(text):
            print(line, file=self.err)

    def error(self, text: str) -> None:
        """A message about what went wrong, outside any scenario."""
        said, *more = text.split("\n")
        first, *rest = self.wrapped(f"winset: {visible(said)}", hang="  ")
        for line in more:  # why, an example, the fix: each by itself
            rest += self.wrapped(visible(line.strip()), indent="  ", hang="    ")
        print(self.paint(first, "error", self.err), *rest, sep="\n", file=self.err)

    def failed(self, text: str, *, as_json: bool) -> None:
        """What went wrong outside any scenario: a message, or with `as_json` data on stdout."""
        if as_json:
            self.json({"ok": False, "error": text, "diagnostics": []})
        else:
            self.error(text)

    def diagnostics(
        self, items: Sequence[Diagnostic], *, as_json: bool = False, texts: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Problems as a compiler shows them, on stderr, with the line and a caret; with `as_json`, data on stdout,
        and `more` beside them."""
        if as_json:
            clean = all(d.severity != "error" for d in items)
            self.json({"ok": clean, "diagnostics": [d.as_dict() for d in items], **(more or {})})
            return
        sources: dict[str, list[str]] = {name: text.split("\n") for name, text in (texts or {}).items()}
        for number, item in enumerate(items):
            if number:
                print(file=self.err)
            for line in self._diagnostic(item, sources):
                print(line, file=self.err)

    def _diagnostic(self, item: Diagnostic, sources: dict[str, list[str]]) -> Iterator[str]:
        place = str(item.where) if item.where.file else "in the text given" if "" in sources else ""
        head = visible(f"{item.severity} {item.code}: {item.message}")
        if place:
            yield self.paint(visible(f"{place}:"), "bold", self.err)
        first, *rest = self.wrapped(head, hang="  ")
        yield self.paint(first, item.severity, self.err)
        yield from rest
        yield from self.excerpt(item.where, sources)
        if item.example:
            state = ", ".join(f"{name} = {_plain(value)}" for name, value in item.example.items())
            yield from self.wrapped(f"for example where {state}", indent="  ", hang="    ")
        if item.conflicts_with:
            yield f"  the other place: {item.conflicts_with}"
            yield from self.excerpt(item.conflicts_with, sources)
        for label, text in (("why", item.why), ("did you mean", item.nearest), ("fix", item.fix)):
            if text:
                yield from self.wrapped(visible(f"{label}: {text}"), indent="  ", hang="    ")

    def excerpt(self, where: Where, sources: dict[str, list[str]]) -> Iterator[str]:
        """The line meant, cut to the width around its column, and a caret under it."""
        lines = _source(where.file, sources)
        if not 1 <= where.line <= len(lines):
            return
        text = lines[where.line - 1].expandtabs(1).replace("\r", "")
        text = visible(text)
        margin = f"{where.line:>5} | "
        room, column = self.width - len(margin) - 1, max(where.column, 1) - 1
        start = 0 if column < room - 8 else column - room // 2
        shown = text[start : start + room]
        if start:
            shown = "…" + shown[1:]
        if start + room < len(text):
            shown = shown[:-1] + "…"
        yield margin + shown
        if where.column:
            yield " " * 5 + " | " + " " * (column - start) + self.paint("^", "error", self.err)

    @contextmanager
    def progress(self, title: str) -> Iterator[Any]:
        """A callback `step(done, total, label)`: a bar with an estimate on a terminal; elsewhere, of what takes longer
        than a moment, a line as each part of the work comes up, and now and then how far it has come."""
        if not self.err.isatty():
            yield self._lines(title)
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(bar_width=28), TextColumn("{task.percentage:>3.0f} %"))
        console = Console(file=self.err, width=self.width)
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            task = bar.add_task(title, total=1.0)

            def step(done: float, total: float, label: str = "") -> None:
                bar.update(task, completed=done, total=total, description=f"{title} {label}"[:LABEL])

            yield step

    def _lines(self, title: str) -> Callable[..., None]:
        """A callback that names each part of the work, where somebody may be waiting for it."""
        silent, told = time.monotonic(), set[str]()

        def step(done: float, total: float, label: str = "") -> None:
            nonlocal silent
            part, quiet = label.partition(":")[0], time.monotonic() - silent
            if part and quiet >= (WAIT if part in told else PATIENCE):
                far = f", {done:,.0f} of {total:,.0f}" if part in told and total > 1 else ""
                self.say(f"{title}: {part}{far}")
                self.err.flush()
                told.add(part)
                silent = time.monotonic()

        return step


def _source(file: str, sources: dict[str, list[str]]) -> list[str]:
    if file and file not in sources:
        import winset

        try:
            sources[file] = winset.text_of(file).split("\n")
        except winset.ScenarioError:
            sources[file] = []
    return sources.get(file, [])


def _plain(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def standard_input() -> BinaryIO:
    """Standard input as bytes.

    Raises:
        OSError: it is closed.
    """
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed", "standard input")
    return sys.stdin.buffer


def dumped(data: Any) -> str:
    """JSON that every reader takes: no `NaN`, no `Infinity`."""
    try:
        return json.dumps(data, indent=2, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(data), indent=2, ensure_ascii=False, default=str)


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def write(path: Path, text: str) -> None:
    """Writes a file whole or not at all; a link is followed, and an old file's permissions stay.

    Raises:
        OSError: it cannot be written; `filename` is the path as given.
    """
    if not path.name or path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder, not a file", str(path))
    place = _real(path)
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        with suppress(OSError):
            shutil.copymode(place, part)
        os.replace(part, place)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _real(path: Path) -> Path:
    """The path without links.

    Raises:
        OSError: a character of it can stand in no path.
    """
    try:
        os.fsencode(path)
        return Path(os.path.realpath(path))
    except ValueError:  # a null, or half of a pair of surrogates
        raise OSError(errno.EINVAL, "one of its characters can stand in no path", visible(str(path))) from None


def visible(text: str) -> str:
    """Text whose every character can be seen and encoded; what cannot is shown as a question mark."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def check_folder(folder: Path) -> None:
    """Makes sure, before any work is done, that files can be written into a folder that need not be there yet.

    Raises:
        OSError: they cannot.
    """
    if folder.suffix.lower() in (".html", ".htm", ".md", ".json") and not folder.is_dir():
        raise NotADirectoryError(
            errno.ENOTDIR, "name a folder; the page, the text and the data go into it", str(folder)
        )
    place = _real(folder)
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{place.name} is a file, not a folder", str(folder))
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, "nothing can be written there", str(folder))


def table(rows: Iterable[Sequence[str]], *, gap: str = "  ", right: Sequence[int] = ()) -> list[str]:
    """Rows as aligned columns; the numbers in `right` are the columns set flush right."""
    kept = [list(row) for row in rows]
    if not kept:
        return []
    widths = [max(len(row[i]) for row in kept) for i in range(len(kept[0]))]
    lines = []
    for row in kept:
        cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append(gap.join(cells).rstrip())
    return lines


def give(where: str | None, data: object, screen: Screen) -> None:
    """Prints the data or writes them, where they are asked for."""
    if where == "-":
        screen.json(data)
    elif where:
        write(Path(where), dumped(data) + "\n")
