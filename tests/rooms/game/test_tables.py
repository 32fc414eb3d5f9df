"""Compilations that share tables: the same games, whatever was compiled before."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import winset
from winset.game import compile as room
from winset.game.game import Game
from winset.language.scenario import Scenario

SHELF = ["treaty", "shifting-power", "beer-quiche", "matching-pennies", "misperceived-ultimatum"]


def alike(a: object, b: object) -> bool:
    """Whether two games, or parts of them, have equal arrays throughout."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b, strict=True))
    if dataclasses.is_dataclass(a) and not isinstance(a, Scenario | type):
        return type(a) is type(b) and all(alike(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    return bool(a == b)


def compiled(name: str, backwards: bool) -> list[tuple[Game, Game]]:
    """Every variant compiled by itself, and with the tables of those before it."""
    scenario, tables = winset.read(name), {}
    names = ["", *(v.name for v in scenario.variants)]
    return [
        (room.compile_game(scenario, variant=v), room.compile_game(scenario, variant=v, tables=tables))
        for v in (reversed(names) if backwards else names)
    ]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", SHELF)
def test_sharing_changes_nothing(name: str, backwards: bool) -> None:
    for alone, shared in compiled(name, backwards):
        assert alike(alone, shared)


def test_a_key_that_leaves_something_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "step_key", lambda model, move: "" if move is None else move.name)
    assert not all(alike(alone, shared) for alone, shared in compiled("treaty", False))


def test_states_are_numbered_by_their_values() -> None:
    game = room.compile_game(winset.read("treaty"))
    rows = [tuple(row) for row in game.states.tolist()]
    assert rows == sorted(rows)
    assert len(set(rows)) == len(rows)
