"""Who gains from delay, and what would change an answer or a verdict: as rows of text for the page and for Markdown."""

from __future__ import annotations

from typing import Any

from winset.base import words

Json = dict[str, Any]

MOST_WEAK = 5
"""Weakest verdicts that are shown."""


def delay_table(brief: Json) -> Json:
    """The table of delays: `head`, and `rows` with `name`, whether it is a `player`, and `cells`."""
    found = brief["delay"]
    rows = []
    for row in found["rows"]:
        who = words.capital(words.human(row["player"]))
        name = f"if {words.human(row['type'])}" if row["type"] else who
        cells = [words.figure(float(f"{row['now']:.3g}")), *map(gain, row["gains"])]
        rows.append({"name": name, "player": not row["type"], "cells": cells})
    return {"head": ["side", "worth now", *(f"{length} later" for length in found["lengths"])], "rows": rows}


def gain(value: float | None) -> str:
    """A gain or a loss with its sign, to three digits."""
    if value is None:
        return words.UNKNOWN
    return words.signed(f"{value:+.3g}") if abs(value) >= 5e-7 else "0"


def weak(brief: Json) -> list[Json]:
    """The weakest verdicts, each with its claim's quote and verdict and why it is weak."""
    claims = {c["id"]: c for c in brief["claims"]}
    return [
        {
            **one,
            "quote": claims[one["claim"]]["quote"],
            "verdict": claims[one["claim"]]["verdict"],
            "sign": words.SIGNS[claims[one["claim"]]["verdict"]],
        }
        for one in brief["weakest"][:MOST_WEAK]
        if one["claim"] in claims
    ]


def changing(brief: Json) -> list[Json]:
    """The headline probabilities, and the claims that a solved variant turns, each with what would change it."""
    return [
        {"title": one["title"], "told": one["told"], "flips": flips(one), "about": one["about"], "kind": one["kind"]}
        for one in brief["turning"]
        if one["kind"] == "question" or one["flips"]
    ]


def flips(one: Json) -> str:
    """`no hanoi: likely (75 %); …`: the variants that change an answer, and what it is there."""
    said = []
    for flip in one["flips"]:
        value = f" ({words.percent(flip['value'])})" if flip["value"] is not None else ""
        said.append(f"{words.human(flip['variant'])}: {flip['after']}{value}")
    return "; ".join(said) or (f"none of {len(one['tried'])}" if one["tried"] else "none was solved")


def rest(brief: Json) -> str:
    """How the other claims stand: tried in variants and not turned, or not tried, or without a formula."""
    claims = [t for t in brief["turning"] if t["kind"] == "claim"]
    steady = sum(bool(t["tried"]) and not t["flips"] for t in claims)
    untried = sum(not t["tried"] for t in claims)
    bare = sum(not c["formula"] for c in brief["claims"])
    said = []
    if steady:
        said.append(f"{words.plural(steady, 'more claim')} {_keep(steady)} in every variant that was solved.")
    if untried:
        told = "compare variants themselves, or are read after a history, and were"
        one = "compares variants itself, or is read after a history, and was"
        said.append(f"{words.plural(untried, 'claim')} {one if untried == 1 else told} not tried in others.")
    if bare:
        said.append(f"{words.plural(bare, 'claim')} without a formula cannot be ranked.")
    return " ".join(said)


def _keep(count: int) -> str:
    return "keeps its verdict" if count == 1 else "keep their verdicts"
