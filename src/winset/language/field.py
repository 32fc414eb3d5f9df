"""What the table of the language is made of: a key, and a mapping with its keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One key: its keyword, what may stand there, its meaning, whether it must be there, what is taken otherwise.

    `example` is a value to write; the messages about a key that lacks or is of the wrong kind show it.
    """

    key: str
    kind: str
    meaning: str
    required: bool = False
    default: str = ""
    example: str = ""

    @property
    def model(self) -> str:
        """The key with a value to write; the words to choose from where they are fixed."""
        if self.kind.startswith("choice:"):
            first, *others = self.kind[7:].split("|")
            return f"`{self.key}: {first}` (or {', '.join(others)})"
        return f"`{self.key}: {self.example}`" if self.example else ""


@dataclass(frozen=True)
class Section:
    """A mapping of the language and its keys, in canonical order."""

    name: str
    meaning: str
    fields: tuple[Field, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keywords, in canonical order."""
        return tuple(f.key for f in self.fields)
