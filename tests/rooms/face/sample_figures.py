"""The invented figures of the invented brief. Their numbers mean nothing, but they add up."""

from __future__ import annotations

from typing import Any

BELIEF = [i / 20 for i in range(21)]


def panel(value: str, here: bool, tilt: float, several: int = 0) -> dict[str, Any]:
    def shares(level: float) -> dict[str, list[float]]:
        agree = [level + (tilt if value == "inquiry" else 0.0) + 0.3 * x for x in BELIEF]
        return {"refuse": [0.99 - p for p in agree], "offer_interim(relief=1)": agree, "walk_out": [0.01] * 21}

    return {
        "value": value,
        "here": here,
        "mean": shares(0.3),
        "types": {"dealmaker": shares(0.5), "maximalist": shares(0.1)},
        "several": [i < several for i in range(21)],
    }


def worth(trader: float, staller: float, dealmaker: float, maximalist: float) -> dict[str, dict[str, float]]:
    return {
        "pyongyang": {"trader": trader, "staller": staller},
        "washington": {"dealmaker": dealmaker, "maximalist": maximalist},
    }


def agreement(name: str, state: dict[str, Any], gain: dict[str, dict[str, float]], dates: int) -> dict[str, Any]:
    by_date = {p: {k: [v + 0.01 * i for i in range(dates)] for k, v in own.items()} for p, own in gain.items()}
    return {
        "name": name, "state": state, "round": "2019-10" if state else "", "move": "answer" if state else "",
        "gain": gain, "paid": worth(0, 0, 0.2, 0) if state else {}, "by_date": by_date if state else {}, "why": "",
        "agreeing": [], "told": "",
    }  # fmt: skip


def figures(dates: int = 16) -> dict[str, Any]:
    """Figures, new at each call."""
    pair = {"pyongyang": "trader", "washington": "dealmaker"}
    return {
        "maps": [
            {
                "player": "washington", "move": "answer", "round": "2019-11", "reached": 0.2, "variable": "politics",
                "state": {"politics": "inquiry", "groundwork": 0, "deal": "none", "moratorium": True},
                "why": "of the circumstances that no player moves, the one with which strategies differ most",
                "about": "pyongyang", "type": "staller", "belief": BELIEF, "base": 0.7, "moved": 0.1,
                "panels": [panel("calm", False, 0.0), panel("inquiry", True, 0.15, several=4)],
            }
        ],
        "shape": {
            "players": [
                {"name": "pyongyang", "about": "Wants relief, or time.", "types": {"trader": 0.29, "staller": 0.71}},
                {"name": "washington", "about": "", "types": {"dealmaker": 0.5, "maximalist": 0.5}},
            ],
            "moves": [
                {"name": "approach", "by": "players", "condition": "deal = none", "outcomes": [], "draws": ["learns"],
                 "sides": [{"player": "pyongyang", "actions": ["wait", "send_delegates"], "seen": []}]},
                {"name": "room", "by": "players", "condition": "", "outcomes": [], "draws": [],
                 "sides": [{"player": "pyongyang", "actions": ["work", "listen"],
                            "seen": ["progress", "no_progress"]}]},
                {"name": "clash", "by": "players", "condition": "", "outcomes": [], "draws": [],
                 "sides": [{"player": "pyongyang", "actions": ["hold", "push"], "seen": []},
                           {"player": "washington", "actions": ["hold", "push"], "seen": []}]},
                {"name": "home_front", "by": "chance", "condition": "politics = inquiry", "sides": [],
                 "outcomes": ["vote", "nothing_new"], "draws": []},
            ],
            "paid": {"pyongyang": ["sanctions"], "washington": ["alarm", "leverage"]}, "last": {"pyongyang": []},
            "ends": "politics = gone", "rounds": 16, "unit": "month", "first": "2019-10", "final": "2021-01",
        },
        "bargaining": {
            "agreements": [
                agreement("no_deal", {}, worth(0, 0, 0, 0), dates),
                agreement("interim", {"deal": "interim"}, worth(0.3, -0.2, 0.2, 0.1), dates),
                agreement("comprehensive", {"deal": "comprehensive", "arsenal": 0}, worth(0.1, -0.6, 0.8, 0.5), dates),
            ],
            "pairs": [
                {"types": {"pyongyang": "staller", "washington": "dealmaker"}, "probability": 0.355, "zone": [],
                 "pareto": ["no_deal", "interim", "comprehensive"], "nash": ""},
                {"types": pair, "probability": 0.145, "zone": ["interim", "comprehensive"],
                 "pareto": ["interim", "comprehensive"], "nash": "comprehensive"},
            ],
        },
        "record": [
            {"date": "2019-10-02", "round": "2019-10", "by": "pyongyang", "action": "send_delegates", "source": "CNS",
             "note": "to Stockholm"},
            {"date": "2019-12-18", "round": "2019-12", "by": "chance", "action": "vote", "source": "CNS", "note": ""},
        ],
    }  # fmt: skip
