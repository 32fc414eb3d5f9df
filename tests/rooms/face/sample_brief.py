"""An invented brief with every part filled, as `winset.brief` would return it. Its numbers mean nothing."""

from __future__ import annotations

import math
from typing import Any, cast

from rooms.face.sample_figures import figures
from winset.study.brief_data import Brief, ClaimData
from winset.study.telling import came_out, finish, part_words

DATES = [f"{2019 + (9 + i) // 12}-{(9 + i) % 12 + 1:02d}" for i in range(16)]
N = len(DATES)


def rise(end: float, speed: float = 0.2) -> list[float]:
    return [end * (1 - math.exp(-speed * (i + 1))) / (1 - math.exp(-speed * N)) for i in range(N)]


def part(formula: str, variant: str, value: float, width: float = 0.01) -> dict[str, Any]:
    band = {"low": value - width, "high": value + width}
    meaning, shown = part_words(formula, variant, value)
    told = {"meaning": meaning, "shown": shown}
    return {"formula": formula, "variant": variant, "value": value, **band, "grid": 11, **told}


def question(name: str, formula: str, note: str, value: Any, word: str, *, headline: bool = True) -> dict[str, Any]:
    unit = "truth" if isinstance(value, bool) else "probability" if 0 <= value <= 1 else "number"
    return {
        "name": name,
        "formula": formula,
        "note": note,
        "headline": headline,
        "unit": unit,
        "value": value,
        "low": None if unit == "truth" else value - 0.02,
        "high": None if unit == "truth" else value + 0.03,
        "word": word,
        "text": f"{note}: {value}",
        "parts": [],
        "variants": [],
        "undecided": "",
        "grid_error": 0.003,
        **dict.fromkeys(("title", "meaning", "shown", "span", "scale", "confidence"), ""),
        "explanation": explanation(f"{value}, by way of two plays agree +0.2") if headline else None,
    }


def explanation(sentence: str) -> dict[str, Any]:
    step = {"date": "2019-10", "move": "reply", "text": "washington plays agree", "probability": 0.4}
    belief = {"player": "washington", "type": "dealmaker", "before": 0.49, "after": 0.6}
    return {
        "sentence": sentence,
        "kind": "forecast",
        "about": "P(deal != none)",
        "total": 0.2,
        "parts": [{"name": "washington plays agree", "value": 0.2}],
        "dates": [{"name": "2019-10", "value": 0.2}],
        "evidence": [],
        "equilibrium": "the principal equilibrium",
        "grid": 8,
        "witness": {
            "formula": "P(deal != none)",
            "variant": "",
            "step": "",
            "date": "",
            "share": None,
            "probability": 0.4,
            "types": {},
            "steps": [{**step, "beliefs": [belief]}],
        },
    }


def claim(name: str, quote: str, kind: str, verdict: str, reason: str, numbers: list[dict[str, Any]]) -> dict[str, Any]:
    made = {
        "id": name,
        "quote": quote,
        "by": "the author" if kind == "cause" else "a former official",
        "kind": kind,
        "source": "ARTICLE",
        "note": "",
        "formula": " < ".join(n["formula"] + (f" in {n['variant']}" if n["variant"] else "") for n in numbers),
        "verdict": verdict,
        "numbers": numbers,
        "effect": numbers[0]["value"] - numbers[1]["value"] if len(numbers) == 2 else None,
        "margin": 0.004 if len(numbers) == 2 else None,
        "number": 0,
        "rows": [],
        "slack": abs(numbers[0]["value"] / numbers[1]["value"] - 1) if len(numbers) == 2 else None,
        "equilibria": 1,
        "reason": reason,
        "gap": "",
        "confidence": "",
        "explanation": explanation("holds by 3.4 points") if numbers else None,
    }
    made["why"] = came_out(cast(ClaimData, made), reason)
    return made


def names(name: str, values: list[str], ends: list[float]) -> dict[str, Any]:
    later = [rise(end) for end in ends]
    first = [1 - sum(series[i] for series in later) for i in range(N)]
    return {
        "name": name,
        "kind": "names",
        "values": values,
        "probability": [first, *later],
        "mean": None,
        "median": None,
        "bands": None,
    }


def numbers(name: str, low: int, high: int) -> dict[str, Any]:
    mean = [low + (high - low) * v for v in rise(0.6, 0.1)]
    spread = [0.3 * (high - low) * math.sqrt((i + 1) / N) for i in range(N)]
    bands = {
        share: [
            [max(low, m - k * s) for m, s in zip(mean, spread, strict=True)],
            [min(high, m + k * s) for m, s in zip(mean, spread, strict=True)],
        ]
        for share, k in (("50", 0.5), ("80", 1.0), ("95", 1.5))
    }
    values = [str(v) for v in range(low, high + 1)]
    return {
        "name": name,
        "kind": "numbers",
        "values": values,
        "probability": [[1 / len(values)] * N for _ in values],
        "mean": mean,
        "median": [round(m) for m in mean],
        "bands": bands,
    }


def belief(player: str, kind: str, start: float, drift: float) -> dict[str, Any]:
    mean = [start + drift * (1 - math.exp(-0.2 * (i + 1))) for i in range(N)]
    width = [0.3 * (1 - math.exp(-0.15 * (i + 1))) for i in range(N)]
    return {
        "player": player,
        "type": kind,
        "start": start,
        "mean": mean,
        "q10": [max(0.0, m - w) for m, w in zip(mean, width, strict=True)],
        "q50": mean,
        "q90": [min(1.0, m + w) for m, w in zip(mean, width, strict=True)],
    }


def action(move: str, by: str, label: str, level: float, slope: float) -> dict[str, Any]:
    return {
        "move": move,
        "by": by,
        "action": label,
        "probability": [min(1, max(0, level + slope * i)) for i in range(N)],
    }


def strategy(round_label: str, move: str, player: str, kind: str, actions: dict[str, float]) -> dict[str, Any]:
    state = {"politics": "inquiry", "groundwork": 0, "deal": "none", "moratorium": True}
    return {
        "round": round_label,
        "move": move,
        "player": player,
        "type": kind,
        "reached": 1.0,
        "state": state,
        "actions": actions,
    }


def assumption(
    name: str, value: float, low: float | None, high: float | None, status: str, note: str
) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "low": low,
        "high": high,
        "distribution": "",
        "unit": "per month" if "rate" in name else "",
        "status": status,
        "source": "CNS" if status == "measured" else "",
        "note": note,
    }


def variant(name: str, note: str, changed: list[str], effects: list[tuple[str, float, float]]) -> dict[str, Any]:
    return {
        "name": name,
        "note": note,
        "based_on": "",
        "changed": changed,
        "switches_off": ["M2"] if effects else [],
        "switches_on": [],
        "solved": bool(effects),
        "effects": [{"question": q, "base": b, "variant": v} for q, b, v in effects],
        "used_by": ["debilitated"] if effects else [],
    }


def sample() -> dict[str, Any]:
    """The brief, new at each call."""
    deal, no_inquiry = (
        part("P(deal != none by 2020-12)", "", 0.18),
        part("P(deal != none by 2020-12)", "no_inquiry", 0.31),
    )
    test, quiet = (
        part("P(long_range_test by 2020-03)", "", 0.41),
        part("P(long_range_test by 2020-03)", "no_deadline", 0.24),
    )
    doubt = [part("belief(pyongyang is staller)", "", 0.71)]
    claims = [
        claim("debilitated", "when the person in question is debilitated, the diplomacy suffers", "cause", "holds",
              "", [deal, no_inquiry]),
        claim("time", "the other side is playing for time", "belief", "holds",
              "", doubt),
        claim("deadline", "the end-of-year deadline makes a long-range test less likely", "cause", "fails",
              "", [test, quiet]),
        {**claim("spate", "a spate of tests", "fact", "holds", "2 of 339 rows of launches", []), "number": 20, "rows": [
            {"table": "launches", "file": "data/launches.csv", "line": 7, "date": "2019-05-04", "what": "KN-23, SRBM",
             "source": "CNS", "unchecked": ""},
            {"table": "launches", "file": "data/launches.csv", "line": 9, "date": "2019-05-09", "what": "KN-23, SRBM",
             "source": "GEN", "unchecked": "from memory"}]},
        {**claim("miscalculation", "that could be a hugely consequential miscalculation", "belief", "undecided",
                 "What the other side believes of the leader's mind is not a variable of this model.", []), "formula": ""},
    ]  # fmt: skip
    whole = {
        "winset": 1,
        "title": "US–North Korea talks after Stockholm",
        "about": "Two leaders who alone can conclude, delegates without authority, a deadline at the end of the year, "
        "and an inquiry at home that weakens one of them.",
        "variant": "",
        "stamp": {
            "scenario": "9f2c4e7ab01d5c3387aa",
            "file": "us-dprk-2019",
            "versions": {"winset": "0.1.0", "numpy": "2.4.6", "numba": "0.68.1", "python": "3.11.7"},
            "definition": "payoffs net of errors",
            "settings": {"grid": 15, "span": 6.0, "precision": {"pyongyang": 12.0, "washington": 12.0}},
        },
        "size": {"states": 288, "stages": 48, "belief_nodes": 225, "cells": 3_110_400, "bytes": 900_000_000},
        "bottom_line": [],
        "confidence": "",
        "weakest": [
            {"claim": "debilitated", "slack": 0.42, "why": "Holds by 13.0 points, 42 % of the greater side."},
            {"claim": "deadline", "slack": 0.41, "why": "Fails by 17.0 points, 41 % of the greater side."},
        ],
        "turning": [
            {"about": "deal", "kind": "question", "title": "A deal of any kind by December 2020", "edge": 0.2,
             "distance": 0.02, "told": "18 %: 2.0 points below the 20 % beyond which it is unlikely.",
             "tried": ["no_inquiry", "no_deadline"],
             "flips": [{"variant": "no_inquiry", "base": 0.18, "value": 0.31, "before": "very unlikely",
                        "after": "unlikely"}]},
            {"about": "debilitated", "kind": "claim", "title": "“when the person in question is debilitated”",
             "edge": None, "distance": 0.13, "told": "Holds by 13.0 points.", "tried": [], "flips": []},
        ],
        "delay": {
            "rounds": [1, 3], "dates": ["2019-11", "2020-01"], "lengths": ["1 month", "3 months"], "missing": "",
            "told": "Who gains from delay: were everything to stand still for 3 months, Pyongyang would gain (0.02) "
            "and Washington would lose (0.05).",
            "rows": [
                {"player": "pyongyang", "type": "", "now": -0.16, "gains": [0.01, 0.02], "errors": [0.001, 0.001]},
                {"player": "pyongyang", "type": "staller", "now": 0.1, "gains": [0.02, None], "errors": [0.001, None]},
                {"player": "washington", "type": "", "now": -0.65, "gains": [-0.02, -0.05], "errors": [0.0, 0.0]},
            ],
        },
        "questions": [
            question("deal", "P(deal != none by 2020-12)", "A deal of any kind by December 2020", 0.18, "very unlikely"),
            question("test", "P(long_range_test by 2020-03)", "A long-range test by March 2020", 0.41, "unlikely"),
            question("arsenal", "E(arsenal at 2020-12)", "Size of the arsenal at the end of 2020", 42.7, ""),
            question("playing", "belief(pyongyang is staller)", "Pyongyang only waits", 0.71, "likely", headline=False),
        ],
        "claims": claims,
        "against": ["deadline", "miscalculation"],
        "forecast": {
            "dates": DATES,
            "marks": [{"name": "deadline", "date": "2019-12"}, {"name": "election", "date": "2020-11"}],
            "variables": [
                names("politics", ["inquiry", "impeached", "cleared", "reelected"], [0.15, 0.5, 0.2]),
                names("deal", ["none", "interim", "comprehensive"], [0.14, 0.04]),
                numbers("arsenal", 30, 60),
                numbers("groundwork", 0, 3),
                {"name": "moratorium", "kind": "truth", "values": ["false", "true"], "mean": None, "median": None, "bands": None,
                 "probability": [rise(0.45), [1 - v for v in rise(0.45)]]},
            ],
            "actions": [
                action("approach", "pyongyang", "wait", 0.5, 0.01),
                action("approach", "pyongyang", "send_delegates", 0.3, -0.01),
                action("approach", "pyongyang", "long_range_test", 0.05, 0.004),
                action("approach", "pyongyang", "nuclear_test", 0.001, 0.0),
                action("answer", "washington", "maximum_pressure", 0.6, -0.02),
                action("answer", "washington", "offer_interim(relief=1)", 0.1, 0.02),
                action("home_front", "chance", "vote", 0.3, -0.02),
            ],
            "curves": [
                {"question": "deal", "event": "deal != none", "variant": "", "probability": rise(0.18)},
                {"question": "deal", "event": "deal != none", "variant": "no_inquiry", "probability": rise(0.31)},
                {"question": "deal", "event": "deal != none", "variant": "no_deadline", "probability": rise(0.17, 0.1)},
                {"question": "test", "event": "long_range_test", "variant": "", "probability": rise(0.55, 0.3)},
                {"question": "test", "event": "long_range_test", "variant": "no_deadline", "probability": rise(0.34)},
            ],
            "ended": rise(0.2),
            "mass_lost": 2.3e-6,
        },
        "beliefs": [
            belief("pyongyang", "staller", 0.71, 0.0), belief("pyongyang", "trader", 0.29, 0.0),
            belief("washington", "dealmaker", 0.5, -0.1), belief("washington", "maximalist", 0.5, 0.1),
        ],
        "strategies": [
            strategy("2019-10", "approach", "pyongyang", "trader", {"wait": 0.35, "send_delegates": 0.6, "long_range_test": 0.05}),
            strategy("2019-10", "approach", "pyongyang", "staller", {"wait": 0.62, "send_delegates": 0.2, "long_range_test": 0.18}),
            strategy("2019-10", "answer", "washington", "dealmaker", {"maximum_pressure": 0.2, "offer_interim(relief=1)": 0.8}),
            strategy("2019-10", "answer", "washington", "maximalist", {"maximum_pressure": 0.9, "offer_interim(relief=1)": 0.1}),
        ],
        "figures": figures(N),
        "assumptions": [
            assumption("impeachment_rate", 0.3, 0.15, 0.5, "expert range", "House vote once an inquiry is open"),
            assumption("talk_cost", 0.05, None, None, "assumed", "Delegates cost little but not nothing"),
            assumption("test_success", 0.72, 0.6, 0.85, "measured", "Share of launches that reached their height, 2016 to 2019"),
        ],
        "variants": [
            variant("no_inquiry", "No inquiry is opened.", ["politics starts at calm"], [("deal", 0.18, 0.31), ("test", 0.41, 0.44)]),
            variant("no_deadline", "The end of the year passes as any other month.", ["deadline = 2030-12-31"],
                    [("deal", 0.18, 0.17), ("test", 0.41, 0.24)]),
            variant("hanoi", "The failure at Hanoi weighs on both.", ["talk_cost = 0.1 (0.05)"], []),
        ],
        "equilibria": [
            {"origin": "principal", "answers": {"deal": 0.18, "test": 0.41, "arsenal": 42.7, "playing": 0.71},
             "check": {"stage_residual": 2.1e-12, "one_shot_gain": 0.0011, "logit_bound": 0.11, "beyond_logit": -0.1}},
            {"origin": "2: pyongyang's staller plays send_delegates 97 %, not 20 %",
             "answers": {"deal": 0.19, "test": 0.4, "arsenal": 42.0, "playing": 0.71},
             "check": {"stage_residual": 4.0e-13, "one_shot_gain": 0.0019, "logit_bound": 0.11, "beyond_logit": -0.1}},
        ],
        "certificate": {
            "equilibrium": "principal",
            "stage_residual": 3.2e-10, "missed": 12, "cells": 3_110_400, "one_shot_gain": 0.0021, "full_gain": 0.0043, "ex_ante_gain": 0.0011,
            "logit_bound": 0.11, "grid_error": 0.0031, "mass_lost": 2.3e-6, "lines": [],
        },
        "warnings": ["12 of 3,110,400 cells missed the tolerance, all at beliefs above 0.99.", "Folds were met in 41 cells."],
        "sources": {"CNS": "CNS North Korea Missile Test Database (James Martin Center for Nonproliferation Studies, for NTI)",
                    "ARTICLE": "On North Korea, the Chickens Are Coming Home to Roost (October 2019)"},
        "timings": {"solve": 6.1, "certify": 2.2, "forecast": 1.1},
    }  # fmt: skip
    return cast(dict[str, Any], finish(cast(Brief, whole)))
