"""The reference pages of the building blocks, made from the table, the guides and the examples."""

from __future__ import annotations

import textwrap
from importlib.resources import files

from winset.language.blocks.guides import GUIDES
from winset.language.blocks.table import BLOCK_TABLE, KINDS
from winset.language.blocks.text import expand_text
from winset.language.field import SENSES, Section
from winset.language.rules.page import wrapped

_SECTIONS = {section.name: section for section in BLOCK_TABLE}
_SAID = ("chance", "amount", "cost", "steps")
"""Senses that the page states; of a round the field's meaning says it."""
_MADE = "This page is made from the code (`make pages`); do not edit it by hand."


def block_pages() -> dict[str, str]:
    """A page for each kind of building block, by the name of its file, and an index (`README.md`)."""
    found = {f"{_file(name)}.md": _page(name) for name in KINDS}
    rows = [f"| [{name}]({_file(name)}.md) | {section.meaning} |" for name, section in KINDS.items()]
    found["README.md"] = "\n".join(
        [
            "# Building blocks",
            "",
            wrapped(f"{_MADE} How blocks are written, placed and composed: [the language](../language.md)."),
            "",
            "| kind | what it is |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )
    return found


def example(kind: str) -> str:
    """The example of a kind: a whole scenario, in canonical form."""
    return files("winset.language.blocks").joinpath("examples", f"{_file(kind)}.yaml").read_text(encoding="utf-8")


def _file(kind: str) -> str:
    return kind.replace(" ", "-")


def _page(kind: str) -> str:
    guide, section, text = GUIDES[kind], KINDS[kind], example(kind)
    parts = [f"# {kind}\n", f"{section.meaning}\n", wrapped(_MADE) + "\n", wrapped(guide.purpose) + "\n"]
    parts += ["## Fields\n", _table(section)]
    for field in section.fields:
        inner = _SECTIONS.get(field.kind.partition(":")[2])
        if field.kind.startswith(("one:", "map:")) and inner is not None:
            parts.append(f"`{field.key}`: {inner.meaning}\n\n{_table(inner)}")
    parts += [
        "## Example\n",
        f"```yaml\n{text}```\n",
        wrapped(f"What it has to reproduce: {guide.closed_form}") + "\n",
    ]
    parts += ["## What it expands to\n", f"```yaml\n{_changed(text, expand_text(text))}```\n"]
    parts += ["## What it formalises\n", *(_item(work) for work in guide.literature), ""]
    parts += ["## What it leaves out\n", *(_item(gap) for gap in guide.leaves_out), ""]
    return "\n".join(parts)


def _table(section: Section) -> str:
    rows = ["| field | means | otherwise |", "| --- | --- | --- |"]
    for field in section.fields:
        otherwise = "required" if field.required else field.default
        sense = f"; {SENSES[field.sense].words}" if field.sense in _SAID else ""
        rows.append(f"| `{field.key}` | {field.meaning.replace('|', 'or')}{sense} | {otherwise} |")
    return "\n".join(rows) + "\n"


def _changed(text: str, expanded: str) -> str:
    """The sections of the expanded text that the example does not have as they are."""
    before = set(_sections(text))
    return "\n".join(part for part in _sections(expanded) if part not in before)


def _sections(text: str) -> list[str]:
    """The top-level sections of a canonical text."""
    found: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith((" ", "#", "-")):
            found.append(line + "\n")
        elif line and found:
            found[-1] += line + "\n"
    return found


def _item(text: str) -> str:
    return textwrap.fill(f"- {text}", 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
