"""The data of a brief's figures, as plain JSON: strategy maps, the game's shape, the bargaining space, the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict


class PanelData(TypedDict):
    """One panel of a strategy map: everything as it is, but for the value of the panel's variable.

    Attributes:
        value: the variable's value here, as text; "" where there is one panel only.
        here: whether this is the value at the place that the map is drawn for.
        mean: {action: series over the map's `belief`}, averaged over the player's own types as the public sees them.
        types: {type: {action: series}}.
        several: per belief, whether the path of equilibria folds there, so that others exist.
    """

    value: str
    here: bool
    mean: dict[str, list[float]]
    types: dict[str, dict[str, list[float]]]
    several: list[bool]


class MapData(TypedDict):
    """What a player does at one move, by what is believed and by circumstances.

    Attributes:
        player, move, round: who, at which move, in which round (its label).
        state: the public state at the place; `reached` its probability in that round. Of all places it is the one
            with the largest product of `reached` and `moved`.
        variable: the variable that makes the panels; "" for none. `why` says by which rule.
        about, type: whose type the belief is about (the horizontal axis), and which type.
        belief: the axis, from 0 to 1; `base` where the public belief stands at the place.
        moved: by how much the strategy differs over belief and panels: mean total variation from its mean, averaged
            over the player's own types.
    """

    player: str
    move: str
    round: str
    state: dict[str, Any]
    reached: float
    variable: str
    why: str
    about: str
    type: str
    belief: list[float]
    base: float
    moved: float
    panels: list[PanelData]


class SideData(TypedDict):
    """A side of a move: what it can do, and what the public sees of it.

    `seen`: labels of the signals where the action itself is hidden; empty where it is public."""

    player: str
    actions: list[str]
    seen: list[str]


class MoveData(TypedDict):
    """A move of the round; `by` chance has outcomes and no sides, `condition` is empty where it always comes.

    `draws`: outcomes of chance that may follow from what is done."""

    name: str
    by: str
    condition: str
    sides: list[SideData]
    outcomes: list[str]
    draws: list[str]


class ActorData(TypedDict):
    """A player: its types with their priors (one of each name), and a line about it."""

    name: str
    about: str
    types: dict[str, float]


class ShapeData(TypedDict):
    """The form of the game, read off the scenario.

    Attributes:
        players, moves: who, and the moves of a round in order.
        paid: {player: parts of what is paid at the end of each round}; `last` the same at the end of the game.
        ends: the condition that ends it; "" for none. `rounds`: how many (None: without end), of which `unit`.
        first, final: labels of the first and the last round; "" without end.
    """

    players: list[ActorData]
    moves: list[MoveData]
    paid: dict[str, list[str]]
    last: dict[str, list[str]]
    ends: str
    rounds: int | None
    unit: str
    first: str
    final: str


class AgreeingData(TypedDict):
    """What one type makes of the action that may bring about an agreement, at the beliefs of the start.

    Attributes:
        player, type: whose choice it is.
        action: the action; `chance` how likely it ends in the agreement.
        failing: what the action is worth beyond walking away when it does not; None where it always does.
        worth: what the action is worth beyond walking away, on balance: with `chance` the agreement's gain, else
            `failing`.
        other: the action that is best for the type beside it, and `other_worth` the same of that.
        played: how likely the type plays the action there.
    """

    player: str
    type: str
    action: str
    chance: float
    failing: float | None
    worth: float
    other: str
    other_worth: float
    played: float


class AgreementData(TypedDict):
    """One agreement on the table.

    Attributes:
        name, state: as in the scenario.
        round, move: where it is first signed; "" where no single move leads there.
        gain: {player: {type: what it is worth beyond walking away}}: what signing pays and all that follows, less
            all that follows without it; None where the game never comes to the state.
        paid: {player: {type: the part of it that signing itself pays}}.
        by_date: {player: {type: series over the forecast's dates of `gain` when it is signed then}}; None where it
            cannot be signed then; empty where it can be signed in one round only.
        agreeing: for each type of the player whose choice first signs it, what that choice is worth; empty where it
            is not one player's open choice.
        told: why a type that would gain by the agreement seldom agrees, as sentences; "" where there is none such.
        why: what a reader must know of it; "" for nothing.
    """

    name: str
    state: dict[str, Any]
    round: str
    move: str
    gain: Mapping[str, Mapping[str, float | None]]
    paid: Mapping[str, Mapping[str, float]]
    by_date: dict[str, dict[str, list[float | None]]]
    agreeing: list[AgreeingData]
    told: str
    why: str


class PairData(TypedDict):
    """What the agreements are for one combination of types.

    Attributes:
        types: {player: type}; `probability` that they are these, by the beliefs at the start.
        zone: agreements that leave nobody worse off; `pareto` those nobody can improve on, walking away included.
        nash: the one with the largest product of gains; "" where none leaves all better off.
    """

    types: dict[str, str]
    probability: float
    zone: list[str]
    pareto: list[str]
    nash: str


class BargainingData(TypedDict):
    """The agreements, valued under the equilibrium at the beliefs of the start. The first is walking away."""

    agreements: list[AgreementData]
    pairs: list[PairData]


class RecordData(TypedDict):
    """A dated row of the record inside the forecast; `round` is the label of the round that contains it."""

    date: str
    round: str
    by: str
    action: str
    source: str
    note: str


class Figures(TypedDict):
    """What the figures of a brief show; `bargaining` is None where no agreements are named."""

    maps: list[MapData]
    shape: ShapeData
    bargaining: BargainingData | None
    record: list[RecordData]
