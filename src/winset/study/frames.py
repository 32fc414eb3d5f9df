"""Results as data frames and data sets, where pandas and xarray are installed: one row an observation, names as index.

Briefs and forecasts may be what `winset.brief` and `winset.forecast` return or the same read back from JSON. Rounds
with a calendar become time stamps of their first day, others numbers; values of a round are those at its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from winset.base.errors import WinsetError
from winset.certify.certificate import Certificate
from winset.game.solution import Solution
from winset.language.scenario import Scenario
from winset.study.answer import Answer
from winset.study.following.data import Following
from winset.study.game_solution import GameSolution
from winset.study.record_frames import FOLLOWING, HINDCAST, ROBUST, Spec
from winset.study.robust.data import Robust
from winset.study.tree_frames import path_rows, strategy_rows, value_rows

if TYPE_CHECKING:
    import pandas
    import xarray

Row = dict[str, Any]
Rows = Callable[[Any], Iterator[Row]]
_PROBABILITY = "probability"
_WITH_TABLES = (
    "an Answer, a Brief, a Forecast, a Certificate, a Solution, a GameSolution, a Following, a Robust, a hindcast or a "
    "Scenario"
)


def to_pandas(result: Any, *, table: str = "") -> pandas.DataFrame:
    """A result as a tidy data frame: one row an observation, what names it in the index.

    Args:
        result: an `Answer`, `Brief`, `Forecast`, `Certificate`, `Solution`, `GameSolution`, `Following`, `Robust` or
            `Scenario`, or what `hindcast` returned.
        table: which of its tables; "" for the first. A forecast has `curves`, `variables`, `means`, `actions`; a brief
            these and `questions`, `claims`, `beliefs`, `strategies`, `assumptions`; an answer `parts` and `equilibria`;
            a certificate `figures` and `gains`; a solution `strategies`; a game solved `strategies`, `values` and
            `path`; a record followed `steps`, `beliefs`, `forecasts`, `parts`, `matrix`, `claims`; draws `questions`,
            `claims`, `influences`, `boundaries`, `draws`; a hindcast `forecasts`, `references`, `dates`; a scenario
            `parameters`.

    Returns:
        The table; `attrs["unit"]` says in which unit each column with numbers is, `attrs["table"]` which table it is.

    Raises:
        WinsetError: pandas is not installed, or the result has no such table.
    """
    pd = _library("pandas")
    name, (index, units, rows) = _table(result, table)
    try:
        frame = pd.DataFrame(list(rows(result)))
    except (KeyError, TypeError) as error:
        if not isinstance(result, Mapping):
            raise
        fix = "Give what `winset.brief`, `forecast` or `hindcast` returned, or the whole of its JSON."
        raise _wrong(f"this {_called(result)} lacks what its table `{name}` is made of", fix, f"{error!r}") from error
    if frame.empty:
        frame = pd.DataFrame(columns=[*index, *units])
    if "date" in frame.columns:
        frame["date"] = (
            pd.to_datetime(frame["date"].map(_first_day)) if _dated(frame["date"]) else frame["date"].map(int)
        )
        frame = frame.rename(columns={} if _dated_index(frame) else {"date": "round"})
        index = tuple("round" if key == "date" and "round" in frame.columns else key for key in index)
    frame = frame.set_index(list(index) or [key for key in frame.columns if key not in units])
    frame.attrs = {"table": name, "unit": dict(units)}
    return cast("pandas.DataFrame", frame)


def to_xarray(result: Any, *, table: str = "", round: int = 1, move: str = "") -> xarray.Dataset:
    """A result as a data set with named dimensions.

    Args:
        result: a `Brief`, a `Forecast` or a `Solution`.
        table: of a forecast or brief: `curves` (the default), `variables`, `means`, `actions`; of a brief also
            `beliefs`.
        round, move: of a solution, which stage; by default the first move of the round.

    Returns:
        Of a forecast: the table over `date` (or `round`) and its names. Of a solution: `strategy_PLAYER` over `state`,
        `belief`, `type` and `action`, `value` over `state`, `belief` and `row` (player and type), and `probability`
        over `belief` and `row`, the beliefs at which they hold. Each variable's `attrs["units"]` names its unit.

    Raises:
        WinsetError: xarray is not installed, or the result has no such table or stage.
    """
    xr = _library("xarray")
    if isinstance(result, Solution):
        return cast("xarray.Dataset", _stage(xr, result, round, move))
    if not isinstance(result, Mapping):
        raise _wrong(f"{_named(result)} has no data set", "Give a Brief, a Forecast or a Solution.")
    frame = to_pandas(result, table=table)
    units = frame.attrs["unit"]
    data = frame[list(units)].to_xarray()
    for column, unit in units.items():
        data[column].attrs["units"] = unit
    data.attrs["table"] = frame.attrs["table"]
    return cast("xarray.Dataset", data)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        fix = 'Install it with `pip install "winset[frames]"`.'
        raise _wrong(f"{name} is not installed", fix, f"This needs {name}, which winset itself does not.") from error


def _wrong(message: str, fix: str, why: str = "") -> WinsetError:
    return WinsetError("\n".join([message, *([f"    why: {why}"] if why else []), f"    fix: {fix}"]))


def _table(result: Any, wanted: str) -> tuple[str, Spec]:
    """The name of a table, and its index, units by column, and rows."""
    tables = _tables(result)
    name = wanted or next(iter(tables), "")
    if name not in tables:
        if not tables:
            raise _wrong(f"{_named(result)} has no tables", f"Give a result of winset that has some: {_WITH_TABLES}.")
        raise _wrong(f"{_named(result)} has no table `{wanted}`", f"Name one of {', '.join(tables)}.")
    return name, tables[name]


def _named(result: Any) -> str:
    name = _called(result)
    return f"{'an' if name[0] in 'AEIOaeiou' else 'a'} {name}"


def _called(result: Any) -> str:
    if isinstance(result, Mapping):
        if "misses" in result:
            return "hindcast"
        return "Brief" if "claims" in result else "Forecast" if "curves" in result else "dictionary"
    return type(result).__name__


def _tables(result: Any) -> dict[str, Spec]:
    kind = _called(result)
    if kind == "Forecast":
        return _FORECAST
    if kind == "hindcast":
        return HINDCAST
    if kind == "Brief":
        inside: dict[str, Spec] = {
            name: (index, units, lambda brief, rows=rows: rows(brief["forecast"]))  # type: ignore[misc]
            for name, (index, units, rows) in _FORECAST.items()
        }
        return {**_BRIEF, **inside}
    known = {
        Answer: _ANSWER, Certificate: _CERTIFICATE, Solution: _SOLUTION, Scenario: _SCENARIO, GameSolution: _GAME,
        Following: FOLLOWING, Robust: ROBUST,
    }  # fmt: skip
    return known.get(type(result), {})


def _dated(labels: Any) -> bool:
    return any(re.fullmatch(r"\d{4}(-.*)?", str(label)) for label in labels)


def _dated_index(frame: Any) -> bool:
    return str(frame["date"].dtype).startswith("datetime")


def _first_day(label: str) -> str:
    year, _, rest = str(label).partition("-")
    if rest.startswith("Q"):
        rest = f"{3 * int(rest[1:]) - 2:02d}"
    return "-".join([year, *(rest.split("-") if rest else ["01"]), "01"][:3])


def _curves(forecast: Any) -> Iterator[Row]:
    for curve in forecast["curves"]:
        for date, value in zip(forecast["dates"], curve["probability"], strict=True):
            yield {"date": date, "question": curve["question"], "variant": curve["variant"], _PROBABILITY: value}


def _variables(forecast: Any) -> Iterator[Row]:
    for variable in forecast["variables"]:
        for value, series in zip(variable["values"], variable["probability"], strict=True):
            for date, number in zip(forecast["dates"], series, strict=True):
                yield {"date": date, "variable": variable["name"], "value": value, _PROBABILITY: number}


def _means(forecast: Any) -> Iterator[Row]:
    for variable in forecast["variables"]:
        if variable["mean"] is not None:
            bands = [(f"{end}{key}", s) for key, pair in variable["bands"].items()
                     for end, s in zip(("low", "high"), pair, strict=True)]  # fmt: skip
            for i, date in enumerate(forecast["dates"]):
                told = {name: series[i] for name, series in bands}
                yield {"date": date, "variable": variable["name"], "mean": variable["mean"][i], **told}


def _actions(forecast: Any) -> Iterator[Row]:
    for a in forecast["actions"]:
        for date, value in zip(forecast["dates"], a["probability"], strict=True):
            yield {"date": date, "move": a["move"], "by": a["by"], "action": a["action"], _PROBABILITY: value}


def _beliefs(brief: Any) -> Iterator[Row]:
    for curve in brief["beliefs"]:
        for i, date in enumerate(brief["forecast"]["dates"]):
            told = {key: curve[key][i] for key in ("mean", "q10", "q50", "q90")}
            yield {"date": date, "player": curve["player"], "type": curve["type"], **told}


def _strategies(brief: Any) -> Iterator[Row]:
    for row in brief["strategies"]:
        for action, value in row["actions"].items():
            told = {key: row[key] for key in ("move", "player", "type")}
            yield {"date": row["round"], **told, "action": action, _PROBABILITY: value, "reached": row["reached"]}


def _listed(key: str, *columns: str) -> Rows:
    return lambda result: ({c: entry[c] for c in columns} for entry in result[key])


def _cells(solution: Solution) -> Iterator[Row]:
    """Every cell of the grid at which somebody chooses."""
    game = solution.game
    points = solution.grid.beliefs(solution.grid.points())
    for stage, strategies in zip(game.stages, solution.strategies, strict=True):
        date = game.dates[stage.round - 1] if stage.round <= len(game.dates) else str(stage.round)
        for side, table in zip(stage.movers, strategies, strict=True):
            player, start = game.players[side.player], game.row_start
            for s in np.flatnonzero((side.available.sum(axis=1) > 1) & side.happens):
                state = game.state(int(stage.states[s]))
                for g, k in np.ndindex(*table.shape[1:3]):
                    beliefs = {
                        f"{p.name} is {t}": float(points[g, start[i] + n])
                        for i, p in enumerate(game.players) if len(p.types) > 1 for n, t in enumerate(p.types)
                    }  # fmt: skip
                    for a in np.flatnonzero(side.available[s]):
                        yield {
                            "date": date, "move": stage.move, **state, **beliefs, "player": player.name,
                            "type": player.types[k], "action": side.actions[a],
                            _PROBABILITY: float(table[s, g, k, a]),
                        }  # fmt: skip


def _figures(certificate: Certificate) -> Iterator[Row]:
    for figure in (v for v in certificate.as_dict().values() if isinstance(v, dict) and "means" in v):
        yield {key: figure[key] for key in ("name", "value", "limit", "unit", "passes", "means")}


def _gains(certificate: Certificate) -> Iterator[Row]:
    for kind in ("one_shot_gain", "full_gain"):
        for gain in getattr(certificate, kind):
            keys = ("interim", "interim_bound", "ex_ante", "ex_ante_bound")
            yield {"gain": kind, "player": gain.player, **{key: getattr(gain, key) for key in keys}}


def _parameters(scenario: Scenario) -> Iterator[Row]:
    for p in scenario.parameters:
        keys = ("name", "value", "low", "high", "unit", "status", "source", "note")
        yield {key: getattr(p, key) for key in keys}


def _parts(answer: Answer) -> Iterator[Row]:
    yield {"formula": answer.formula, "variant": "", "value": answer.value, "low": answer.low, "high": answer.high}
    for part in answer.parts:
        if (part["formula"], part["variant"]) != (answer.formula, ""):
            yield {key: part[key] for key in ("formula", "variant", "value", "low", "high")}


_SERIES = {_PROBABILITY: _PROBABILITY}
_OWN = dict.fromkeys(("value", "low", "high"), "of the formula")
_MEANS = dict.fromkeys(("mean", "low50", "high50", "low80", "high80", "low95", "high95"), "of the variable")
_GAINS = dict.fromkeys(("interim", "interim_bound", "ex_ante", "ex_ante_bound"), "payoff")
_FORECAST: dict[str, Spec] = {
    "curves": (("date", "question", "variant"), _SERIES, _curves),
    "variables": (("date", "variable", "value"), _SERIES, _variables),
    "means": (("date", "variable"), _MEANS, _means),
    "actions": (("date", "move", "by", "action"), _SERIES, _actions),
}
_BRIEF: dict[str, Spec] = {
    "questions": (
        ("name",), _OWN, _listed("questions", "name", "value", "low", "high", "unit", "word", "formula", "text"),
    ),
    "claims": (
        ("id",), {"effect": "of the formula", "margin": "of the formula"},
        _listed("claims", "id", "verdict", "effect", "margin", "kind", "by", "quote", "formula", "why"),
    ),
    "beliefs": (
        ("date", "player", "type"), dict.fromkeys(("mean", "q10", "q50", "q90"), _PROBABILITY), _beliefs,
    ),
    "strategies": (
        ("date", "move", "player", "type", "action"), {**_SERIES, "reached": _PROBABILITY}, _strategies,
    ),
    "assumptions": (
        ("name",), dict.fromkeys(("value", "low", "high"), "of the parameter"),
        _listed("assumptions", "name", "value", "low", "high", "unit", "status", "source", "note"),
    ),
}  # fmt: skip
_ANSWER: dict[str, Spec] = {
    "parts": (("formula", "variant"), _OWN, _parts),
    "equilibria": (
        ("origin",), _OWN,
        lambda answer: ({key: r[key] for key in ("origin", "value", "low", "high")} for r in answer.equilibria),
    ),
}  # fmt: skip
_CERTIFICATE: dict[str, Spec] = {
    "figures": (("name",), {"value": "as in the column `unit`", "limit": "as in the column `unit`"}, _figures),
    "gains": (("gain", "player"), _GAINS, _gains),
}
_SOLUTION: dict[str, Spec] = {
    "strategies": ((), _SERIES, _cells),
}
_GAME: dict[str, Spec] = {
    "strategies": (("equilibrium", "player", "set", "action"), {_PROBABILITY: "1", "reach": "1"}, strategy_rows),
    "values": (("equilibrium", "player"), {"value": "payoff", "gain": "payoff"}, value_rows),
    "path": (("point", "action"), {"lambda": "1 / payoff", _PROBABILITY: "1"}, path_rows),
}
_SCENARIO: dict[str, Spec] = {
    "parameters": (("name",), dict.fromkeys(("value", "low", "high"), "as in the column `unit`"), _parameters),
}


def _stage(xr: Any, solution: Solution, round: int, move: str) -> Any:
    """One stage of a solution as a data set."""
    game = solution.game
    found = [
        k for k, stage in enumerate(game.stages)
        if stage.round == round and stage.move and (stage.move == move or (not move and stage.movers))
    ]  # fmt: skip
    if not found:
        known = ", ".join(dict.fromkeys(s.move for s in game.stages if s.move))
        message = f"there is no move `{move}` in round {round}" if move else f"nobody moves in round {round}"
        raise _wrong(message, f"Name one of {known} and a round from 1 to {max(s.round for s in game.stages)}.")
    k = found[0]
    stage = game.stages[k]
    rows = [f"{p.name} is {t}" if len(p.types) > 1 else p.name for p in game.players for t in p.types]
    states = [", ".join(f"{n} = {v}" for n, v in game.state(int(row)).items()) for row in stage.states]
    beliefs = solution.grid.beliefs(solution.grid.points())
    data = xr.Dataset(
        {
            "value": (("state", "belief", "row"), solution.values[k], {"units": "payoff"}),
            "probability": (("belief", "row"), beliefs, {"units": _PROBABILITY}),
        },
        coords={"state": states, "belief": np.arange(len(beliefs)), "row": rows},
        attrs={"move": stage.move, "round": stage.round},
    )
    for side, table in zip(stage.movers, solution.strategies[k], strict=True):
        player = game.players[side.player]
        alone = len(stage.movers) == 1
        dims = ("state", "belief", *(("type", "action") if alone else (f"type_{player.name}", f"action_{player.name}")))
        shown = np.where(side.available[:, None, None, :], table, np.nan)
        coords = {dims[2]: list(player.types), dims[3]: list(side.actions)}
        data[f"strategy_{player.name}"] = xr.DataArray(shown, dims=dims, coords=coords, attrs={"units": _PROBABILITY})
    return data
