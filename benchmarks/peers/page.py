"""`docs/explain/peers.md`: one section for each peer, each written by its own benchmark."""

from __future__ import annotations

import os
import platform
import resource
from pathlib import Path
from textwrap import fill

WIDTH = 120
PAGE = Path(__file__).resolve().parents[2] / "docs" / "explain" / "peers.md"
HEAD = """# Against other programs

Each section of this page is written by the benchmark that it names; do not edit it by hand. Both programs of a table
worked on the same games, on the same machine; where figures come from separate runs, the section says so.
"""


def write_section(title: str, text: str, page: Path = PAGE) -> None:
    """Replaces the section of this title, or adds it at its place in the alphabet; lines of prose are broken."""
    found = page.read_text(encoding="utf-8") if page.exists() else HEAD
    head, *parts = found.split("\n## ")
    sections = dict(part.split("\n", 1) for part in parts)
    parts = [part if part.startswith("|") else fill(part, WIDTH, break_on_hyphens=False) for part in text.split("\n\n")]
    sections[title] = "\n" + "\n\n".join(parts).strip() + "\n"
    body = "".join(f"\n## {name}\n{sections[name].rstrip()}\n" for name in sorted(sections))
    page.write_text(f"{head.rstrip()}\n{body}", encoding="utf-8")


def markdown(heads: list[str], rows: list[list[str]]) -> str:
    """A table."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def machine() -> str:
    """What the figures were measured on, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(text.split(":", 1)[1].strip() for text in lines if text.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"Machine: {os.cpu_count()} cores, {name}, Python {platform.python_version()}."


def most_memory() -> float:
    """The most that this process held, in MB; not what it inherited when it was started."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(text.split()[1]) for text in lines if text.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
