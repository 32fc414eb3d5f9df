"""What a reader of a brief means by a name, a title or the beginning of a quote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from winset.base import words
from winset.base.errors import ScenarioError
from winset.base.plain import when
from winset.language.formula import Belief, Expectation, Probability, StrategyOf, ValueOf, parse_formula, walk
from winset.language.lexer import problem, shown
from winset.language.reader import nearest
from winset.language.rows import Rows
from winset.language.scenario import Claim, Question, Scenario

_ASKING = (Probability, Expectation, Belief, ValueOf, StrategyOf, Rows)
_WORDS = re.compile(r"[^()<>=+*/^]+")
_LISTED = 600
"""Characters of names that are listed."""


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What is to be explained.

    Attributes:
        name: of the claim or question; "" for a formula.
        quote: the claim's words, else the question's note.
        formula: what to answer; "" where a claim has none.
        reason: why it has none.
    """

    name: str
    quote: str
    formula: str
    reason: str


def meant(scenario: Scenario, given: str) -> Meant:
    """A claim or question by its name, its title or the beginning of its quote; else the text stands for a formula.

    Raises:
        ScenarioError: C493 several begin so, or it is no formula and nothing is called so or begins so.
    """
    known: dict[str, Claim | Question] = {question.name: question for question in scenario.questions}
    known |= {claim.name: claim for claim in scenario.claims}
    if given in known:
        return _of(known[given])
    if _asks(given):
        return Meant(name="", quote="", formula=given, reason="")
    start = _plain(given)
    named = {name: [_plain(text) for text in _texts(one)] for name, one in known.items()}
    whole = [name for name, texts in named.items() if start in texts]
    found = whole or [name for name, texts in named.items() if start and any(t.startswith(start) for t in texts)]
    if len(found) == 1:
        return _of(known[found[0]])
    if found:
        text = f"several titles and quotes begin with `{shown(given)}`"
        raise problem("C493", text, fix=f"Write more of it, or one of these names: {', '.join(found)}.")
    if _WORDS.fullmatch(given) and given not in _numbers(scenario):
        near, listed = nearest(given, known), shown(", ".join(known), _LISTED) or "none"
        raise problem(
            "C493", f"no claim or question is called `{shown(given)}`, and no title or quote begins so", nearest=near,
            fix=f"Write `{near}`." if near else f"Use one of these names: {listed}.",
        )  # fmt: skip
    return Meant(name="", quote="", formula=given, reason="")


def _of(one: Claim | Question) -> Meant:
    if isinstance(one, Question):
        return Meant(name=one.name, quote=one.note, formula=one.formula, reason="")
    reason = one.reason or ("needs the record" if one.kind == "fact" else "no formula is given")
    return Meant(name=one.name, quote=one.quote, formula=one.holds_if, reason=reason)


def _texts(one: Claim | Question) -> list[str]:
    """What a brief shows of it: a claim's quote, a question's title."""
    if isinstance(one, Claim):
        return [one.quote]
    title = words.heading(one.note, one.name)
    return [title, title + when(one.formula)]


def _asks(text: str) -> bool:
    """Whether a text is a formula that asks something of the game or of a record file."""
    try:
        return any(isinstance(node, _ASKING) for node in walk(parse_formula(text)))
    except ScenarioError:
        return False


def _plain(text: str) -> str:
    """A text without what copying may change: case, blanks, quotation marks around it, dots that stand for the rest."""
    return " ".join(text.split()).casefold().strip("\"'“”‘’ ").rstrip(".… ")


def _numbers(scenario: Scenario) -> set[str]:
    """Names that stand for a number or a condition, of which it is said that they ask nothing."""
    return (
        {p.name for p in scenario.parameters}
        | {d.name for d in scenario.definitions}
        | {v.name for v in scenario.state}
    )
