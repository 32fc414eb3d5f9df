"""The targets of the canon: what is true of each model, with tolerance and source."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Target:
    """One number that a model is known to have.

    Attributes:
        model: name of the model; its first two digits name the page of the literature that it belongs to.
        parameters: of the model, by name: numbers, or lists of numbers.
        quantity: what the number is, in words.
        value: the number.
        tolerance: how far off an answer may be.
        source: where it was proved, or how it was derived.
    """

    model: str
    parameters: Mapping[str, Any]
    quantity: str
    value: float
    tolerance: float
    source: str

    @property
    def case(self) -> str:
        """The parameters as one text, the same for equal parameters."""
        return json.dumps(dict(self.parameters), sort_keys=True)


@cache
def targets() -> tuple[Target, ...]:
    """All targets, in the order of their table."""
    text = files("winset.testing").joinpath("canon.csv").read_text(encoding="utf-8")
    return tuple(
        Target(
            model=row["model"],
            parameters=json.loads(row["parameters"]),
            quantity=row["quantity"],
            value=float(row["value"]),
            tolerance=float(row["tolerance"]),
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def models() -> tuple[str, ...]:
    """The models that have targets, in the order of their table."""
    return tuple(dict.fromkeys(target.model for target in targets()))
