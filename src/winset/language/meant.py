"""A number whose field gives it a sense, kept until the parameters that it reads are known."""

from __future__ import annotations

from dataclasses import dataclass

from winset.base.diagnostics import Where
from winset.language.expr import Expr


@dataclass(frozen=True)
class Meant:
    """One number.

    Attributes:
        tree: the expression; None for a quantity with its pedigree, which is the parameter declared at `where`.
        where: its place.
        sense: a key of `winset.language.field.SENSES`.
        what: for messages.
    """

    tree: Expr | None
    where: Where
    sense: str
    what: str
