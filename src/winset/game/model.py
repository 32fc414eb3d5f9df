"""A scenario at given values, ready for evaluation: names bound to numbers, domains to codes, types to axes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np

from winset.base.diagnostics import NOWHERE, Diagnostic, Where
from winset.base.errors import ScenarioError
from winset.game.game import Floats, Ints
from winset.language.expr import Expr
from winset.language.scenario import Scenario, Value, Variable


def problem(code: str, message: str, where: Where = NOWHERE, **details: object) -> ScenarioError:
    """A `ScenarioError` with one diagnostic, to be raised."""
    return ScenarioError([Diagnostic(code=code, message=message, where=where, **details)])  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """What expressions are evaluated against.

    Attributes:
        scenario: the scenario, variant applied.
        values: parameter values in force.
        dates: number of the round that each named date falls in.
    """

    scenario: Scenario
    values: dict[str, float]
    dates: dict[str, int]
    facts: dict[int, object] = field(default_factory=dict)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The public state variables, in order."""
        return self.scenario.state

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each variable."""
        return {v.name: i for i, v in enumerate(self.variables)}

    @cached_property
    def domains(self) -> tuple[Floats, ...]:
        """What a code of each variable is worth in an expression: numbers and truths their value, names their code."""
        return tuple(
            np.arange(len(v.values), dtype=float) if v.kind == "names" else np.array([float(x) for x in v.values])
            for v in self.variables
        )

    @cached_property
    def definitions(self) -> dict[str, Expr]:
        """The named expressions."""
        return {d.name: d.value for d in self.scenario.definitions}

    @cached_property
    def players(self) -> dict[str, int]:
        """Index of each player."""
        return {p.name: i for i, p in enumerate(self.scenario.players)}

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """Number of types of each player."""
        return tuple(len(p.types) for p in self.scenario.players)

    @cached_property
    def joint(self) -> Ints:
        """(P, Θ) type index of each player at every joint type, row-major over players."""
        rows = list(product(*(range(k) for k in self.counts)))
        return np.array(rows, dtype=np.int64).reshape(len(rows), len(self.counts)).T

    @cached_property
    def radix(self) -> Ints:
        """(V,) weights that turn a row of codes into one whole number."""
        sizes = [len(v.values) for v in self.variables]
        weights = [1]
        for size in sizes[:0:-1]:
            weights.append(weights[-1] * size)
        if sizes and weights[-1] * sizes[0] >= 2**62:
            raise problem(
                "K820",
                f"the {len(sizes)} state variables have more than 4e18 combinations of values",
                why="a state is stored as one 64-bit number",
                fix="drop a variable, or give its range fewer values",
            )
        return np.array(weights[::-1] if sizes else [], dtype=np.int64)

    def ids(self, codes: Ints) -> Ints:
        """(S,) one whole number for each row of codes."""
        return codes @ self.radix if codes.shape[1] else np.zeros(len(codes), dtype=np.int64)

    def codes(self, ids: Ints) -> Ints:
        """(S, V) the codes that `ids` made whole numbers of."""
        sizes = np.array([len(v.values) for v in self.variables], dtype=np.int64)
        return ids[:, None] // self.radix % sizes

    def type_index(self, player: str, name: str) -> int:
        """Index of a type among its player's."""
        return [t.name for t in self.scenario.players[self.players[player]].types].index(name)

    def describe(self, codes: Ints) -> dict[str, Value]:
        """A row of codes as names to values."""
        return {v.name: v.values[int(c)] for v, c in zip(self.variables, codes, strict=True)}


class View:
    """Some states, as columns of values computed when first read."""

    def __init__(self, model: Model, codes: Ints) -> None:
        self.model = model
        self.codes = codes
        self._columns: dict[int, Floats] = {}

    def __len__(self) -> int:
        return len(self.codes)

    def column(self, variable: int) -> Floats:
        """(S, 1) what the variable is worth in each state."""
        found = self._columns.get(variable)
        if found is None:
            found = self._columns[variable] = self.model.domains[variable][self.codes[:, variable]][:, None]
        return found

    def take(self, rows: Ints) -> View:
        """The view of some of the states."""
        return View(self.model, self.codes[rows])
