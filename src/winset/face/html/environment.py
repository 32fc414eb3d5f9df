"""The templates of the page, with the filters that they use; compiled ones are kept in the user's cache folder."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined

from winset.base import places, words
from winset.base.plain import moment, prose


@lru_cache(maxsize=1)
def environment() -> Environment:
    """What templates are read, compiled and filled in with; `get_template("page.html.j2")`."""
    made = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, auto_reload=False,
        loader=FunctionLoader(text_of), bytecode_cache=_kept(),
    )  # fmt: skip
    made.filters.update(
        percent=words.percent,
        number=words.figure,
        power=lambda value: words.power(words.number(value)),
        human=words.human,
        capital=words.capital,
        date=words.date_label,
        moment=moment,
        prose=prose,
        by=words.by,
        altered=words.altered,
        round_name=words.round_label,
        listing=words.listing,
        plural=words.plural,
    )
    return made


def text_of(name: str) -> str:
    """A file that comes with the templates."""
    return (files("winset.face.html") / "templates" / name).read_text(encoding="utf-8")


def _kept() -> FileSystemBytecodeCache | None:
    """Where compiled templates are kept, each by a hash of its text; None where nothing can be written."""
    folder = places.user_cache() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None
