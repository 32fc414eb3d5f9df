"""A formula in plain English: what a leaf such as `P(deal != none by 2020-12)` asks, for readers who write none.

It reads canonical text, since a brief carries formulas as text only, and knows the forms of a single figure: a
probability, an expectation, a belief, a value, a strategy. Of anything else it says nothing, and the reader is left
with the formula itself, which stands beside these words in any case.
"""

from __future__ import annotations

import re

from winset.base.words import capital, human, listing, long_date

LEAF = re.compile(r"(P|E|belief|value|strategy)\(")
NAME = r"[A-Za-z_]\w*"
EVER = "at some time"
WHEN = (
    (r"(.*) by ([\w-]+)", "by the end of {}"),
    (r"(.*) at ([\w-]+)", "at the end of {}"),
    (r"(.*) within 1 rounds?", "within one round"),
    (r"(.*) within (\d+) rounds", "within {} rounds"),
    (r"(.*) eventually", EVER),
)


def plain(formula: str, variant: str = "") -> str:
    """What one figure is, in words: `probability that there is some deal by the end of December 2020`.

    Args:
        formula: a leaf of a formula, as canonical text.
        variant: the variant in which it was read; "" for the base.

    Returns:
        The words, or "" where the formula is not a single figure.
    """
    head = LEAF.match(formula)
    close = _closing(formula, head.end()) if head else -1
    if not head or close < 0:
        return ""
    tail = _tail(formula[close + 1 :])
    if tail is None:
        return ""
    return _SAID[head[1]](formula[head.end() : close]) + tail + _variant(variant)


def event(text: str) -> str:
    """An event in words: `pyongyang plays long_range` is `Pyongyang plays long range`."""
    return _condition(text)


def prose(text: str) -> str:
    """A sentence in the scenario's own names as a reader meets it: `washington plays agree, then full_deal` is
    `“Washington: agree, then full deal”`, `no_inquiry` is `“no inquiry”`, `2020-03` is `March 2020`."""
    text = re.sub(rf"\b({NAME}) (\({NAME}\))( in {NAME})? plays ({NAME})", _typed, text)
    text = re.sub(rf"\b({NAME}) plays ({NAME}(?:\([^()]*\))?(?:, then {NAME})?)", _played, text)
    text = re.sub(
        rf"\bof ({NAME}) ({NAME}) is seen", lambda m: f"all see “{human(m[2])}” of {capital(human(m[1]))}", text
    )
    text = re.sub(rf"\bbelief that ({NAME}) is\b", lambda m: f"belief that {capital(human(m[1]))} is", text)
    text = re.sub(r"(?<![\w-])\d{4}-\d{2}(?![\w-])", lambda m: long_date(m[0]), text)
    text = re.sub(r"`([^`]*)`", lambda m: f"“{human(m[1])}”", text)
    text = re.sub(r"(?<![\w“])[A-Za-z]\w*_\w*", lambda m: f"“{human(m[0])}”", text)
    return human(text)


def _typed(found: re.Match[str]) -> str:
    where = f" in the variant “{found[3].removeprefix(' in ')}”" if found[3] else ""
    return human(f"{capital(found[1])} {found[2]}{where} plays “{found[4]}”")


def _played(found: re.Match[str]) -> str:
    who = found[1] if found[1] == "chance" else capital(found[1])
    return f"“{human(who)}: {human(found[2])}”"


def is_play(text: str) -> bool:
    """Whether an event is something done, which happens at a moment, and not something that is so and may end."""
    return re.search(r"\bplays\b", text) is not None


def moment(label: str) -> str:
    """A date as `December 2020`, a round as `round 3`."""
    return f"round {label}" if label.isdigit() else long_date(label)


def when(formula: str) -> str:
    """The date of a probability or an expectation, as it follows a title: ` by the end of December 2020`; or ""."""
    found = re.fullmatch(r"[PE]\((.*)\)", formula)
    if not found or _closing(formula, 2) != len(formula) - 1:
        return ""
    time = _time(found[1])[1]
    return f" {time}" if time and time != EVER else ""


def _closing(text: str, start: int) -> int:
    """Where the parenthesis that opens just before `start` closes; -1 if it does not."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return -1


def _tail(rest: str) -> str | None:
    """What follows the figure's own parentheses: the history or the state at which it is read, and a variant."""
    said = ""
    while rest := rest.strip():
        found = re.match(rf"(after|from) \(|in ({NAME})", rest)
        if not found:
            return None
        if found[2]:
            said, rest = said + _variant(found[2]), rest[found.end() :]
            continue
        close = _closing(rest, found.end())
        if close < 0:
            return None
        inside = [part.strip() for part in _split(rest[found.end() : close])]
        said += _history(inside) if found[1] == "after" else _start(inside)
        rest = rest[close + 1 :]
    return said


def _variant(name: str) -> str:
    return f", in the variant “{human(name)}”" if name else ""


def _split(text: str) -> list[str]:
    """The parts between commas that stand in no parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _history(parts: list[str]) -> str:
    return " once " + listing([_condition(part) for part in parts])


def _start(parts: list[str]) -> str:
    rounds = [part.split("=")[1].strip() for part in parts if re.match(r"round\s*=", part)]
    others = [_condition(part) for part in parts if not re.match(r"round\s*=", part)]
    since = f" from {moment(rounds[0])} on" if rounds else ""
    return since + (f", starting where {listing(others)}" if others else "")


def _time(text: str) -> tuple[str, str]:
    """An event parted into its condition and its time."""
    for pattern, said in WHEN:
        found = re.fullmatch(pattern, text)
        if found:
            label = found[2] if found.lastindex == 2 else ""
            if said.startswith("at the end") and re.search(r"\bplays\b", found[1]):
                said = "in {}"  # a state stands at the end of a round, a play is made in it
            return found[1], said.format(label if "rounds" in said else moment(label))
    return text, ""


def _condition(text: str) -> str:
    """A condition of the state or a play, in words."""
    text = re.sub(rf"\b({NAME}) plays ({NAME}) or \1 plays ", r"\1 plays \2 or ", text)
    text = re.sub(rf"\bnot ({NAME})\b(?! (?:plays|is|=|!=|<|>))", r"\1 is off", text)
    text = re.sub(rf"({NAME}) in \{{([^}}]*)\}}", lambda m: f"{m[1]} is {' or '.join(m[2].split(', '))}", text)
    text = re.sub(rf"({NAME}) (!=|=) none\b", lambda m: f"there is {'no' if m[2] == '=' else 'some'} {m[1]}", text)
    text = re.sub(rf"\bchance plays ({NAME})", r"chance brings \1", text)
    text = re.sub(rf"\b({NAME}) (plays|is) (?={NAME})", _subject, text)
    text = re.sub(r"(?<![<>!=])=(?!=)", "is", text.replace("!=", "is not"))
    return human(text)


def _subject(found: re.Match[str]) -> str:
    name, verb = found[1], found[2]
    return f"{capital(name) if verb == 'plays' else name} {verb} "


def _probability(body: str) -> str:
    what, _, premise = body.partition(" given ")
    condition, time = _time(what)
    said = f"probability that {_condition(condition)}" + _ever(condition, time)
    return said + (f", given that {_condition(premise)}" if premise else "")


def _ever(condition: str, time: str) -> str:
    """When it counts: what is so, and may end, at any time up to a date; what is done, by a date."""
    over = time.startswith("at ") or is_play(condition) or re.match(r"always\b|.* until ", condition)
    if over or time == EVER:
        return f" {time}" if time else ""
    return f" {EVER}" + (f" {time.replace('by the end', 'up to the end')}" if time else "")


def _expectation(body: str) -> str:
    expression, time = _time(body)
    return f"average {human(expression)}" + (f" {time}" if time else "")


def _belief(body: str) -> str:
    condition, time = _time(body)
    who, _, kind = condition.partition(" is ")
    return f"public belief that {capital(human(who))} is {human(kind)}" + (f", {time}" if time else "")


def _value(body: str) -> str:
    who, _, kind = body.partition(" is ")
    return f"expected payoff of {capital(human(who))}" + (f" if {human(kind)}" if kind else "")


def _strategy(body: str) -> str:
    play, _, kind = body.partition(" if ")
    return f"how often {_condition(play)}" + (f" if it is {human(kind)}" if kind else "")


_SAID = {"P": _probability, "E": _expectation, "belief": _belief, "value": _value, "strategy": _strategy}
