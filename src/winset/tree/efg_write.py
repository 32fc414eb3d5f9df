"""Trees as Gambit's extensive-form files (`.efg`): what is read and written once stays the same byte for byte.

One line a node, in prefix order, every set and outcome described wherever it appears, as other programs expect it.
Numbers are written in one way each (`numbers.number_text`); where only floats are known, as the shortest decimals
that read back as them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.tree.numbers import exact, exact_odds, number_text, odds_text
from winset.tree.tree import CHANCE, TERMINAL, Tree


def efg_text(tree: Tree) -> str:
    """The text of an `.efg` file.

    Raises:
        ScenarioError: a label ends in a backslash, which the format cannot say.
    """
    return "".join(efg_lines(tree))


def efg_lines(tree: Tree) -> Iterator[str]:
    """The lines of the text, each with its line break, one after the other: no whole text is held in memory.

    Raises:
        ScenarioError: as for `efg_text`.
    """
    names = " ".join(map(quoted, tree.players))
    yield f"EFG 2 R {quoted(tree.title)} {{ {names} }}\n"
    yield f"{quoted(tree.comment)}\n\n"
    sets = [_set(tree, h) for h in range(tree.sets)]
    outcomes = [_outcome(tree, o) for o in range(len(tree.outcome_label))]
    outcomes.append("0")
    labels = tree.node_label
    who, where, paid, first = tree.player.tolist(), tree.infoset.tolist(), tree.outcome.tolist(), tree.first.tolist()
    waiting = [0]
    while waiting:
        n = waiting.pop()
        label = quoted(labels[n]) if labels else '""'
        if who[n] == TERMINAL:
            yield f"t {label} {outcomes[paid[n]]}\n"
        elif who[n] == CHANCE:
            yield f"c {label} {sets[where[n]]} {outcomes[paid[n]]}\n"
        else:
            yield f"p {label} {who[n]} {sets[where[n]]} {outcomes[paid[n]]}\n"
        waiting.extend(range(first[n + 1] - 1, first[n] - 1, -1))


def _set(tree: Tree, h: int) -> str:
    """Number, label and actions of a set."""
    span = slice(int(tree.set_first[h]), int(tree.set_first[h + 1]))
    parts = [quoted(a) for a in tree.action_label[span]]
    if tree.set_player[h] == CHANCE:
        odds = tree.exact_chance[span] if tree.exact_chance else exact_odds(tree.chance[span].tolist())
        parts = [f"{label} {odds_text(p or Fraction(0))}" for label, p in zip(parts, odds, strict=True)]
    return f"{tree.set_number[h]} {quoted(tree.set_label[h])} {{ {' '.join(parts)} }}"


def _outcome(tree: Tree, o: int) -> str:
    """Number, label and payoffs of an outcome."""
    paid = tree.exact_payoff[o] if tree.exact_payoff else tuple(exact(float(x)) for x in tree.payoff[o])
    return f"{tree.outcome_number[o]} {quoted(tree.outcome_label[o])} {{ {', '.join(map(number_text, paid))} }}"


def quoted(label: str) -> str:
    """A label in quotes.

    Raises:
        ScenarioError: it ends in a backslash.
    """
    if label.endswith("\\"):
        raise ScenarioError([Diagnostic(
            code="X118", message=f"the label `{label}` cannot be written",
            why="in these files a backslash before a quotation mark makes it part of the label, so none can end in one",
            fix="let the label end otherwise",
        )])  # fmt: skip
    return '"' + label.replace('"', '\\"') + '"'
