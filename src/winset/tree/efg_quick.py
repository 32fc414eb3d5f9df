"""One node of an extensive-form file at a time by one regular expression: five times as fast as word by word.

It takes a node only where nothing can be wrong with it, and leaves every other one to `efg_read`. Every repetition
is possessive, so that no text is tried twice.
"""

from __future__ import annotations

import re
from fractions import Fraction

from winset.tree.efg_parts import Described, Nodes, Paid
from winset.tree.numbers import NUMBER, parse_number
from winset.tree.scan import unescaped
from winset.tree.tree import CHANCE, TERMINAL

_INSIDE = r'(?:[^"\\]++|\\"|\\(?!"))*+'
_LABEL = rf'"({_INSIDE})"'
_COUNT = r"([0-9]{1,18}+)"
_NEXT = r"(?=(?:(?<=\})|\s|\Z)\s*+(?:[pct]\s|\Z))"
_OUTCOME = rf'\s++{_COUNT}(?:\s++{_LABEL}\s*+\{{([^{{}}"]*+)\}})?+{_NEXT}'
_ODDS = rf"\s++(?:{NUMBER})(?=[\s}}])"
_LEAF = re.compile(rf"\s*+t\s++{_LABEL}{_OUTCOME}")
_MOVE = re.compile(
    rf'\s*+p\s++{_LABEL}\s++{_COUNT}\s++{_COUNT}(?:\s++("{_INSIDE}"\s*+\{{(?:\s*+"{_INSIDE}")++\s*+\}}))?+{_OUTCOME}'
)
_DRAW = re.compile(
    rf'\s*+c\s++{_LABEL}\s++{_COUNT}(?:\s++("{_INSIDE}"\s*+\{{(?:\s*+"{_INSIDE}"{_ODDS})++\s*+\}}))?+{_OUTCOME}'
)
_LABELS = re.compile(_LABEL)
_DRAWN = re.compile(rf"{_LABEL}(?:\s*+\{{|\s++({NUMBER}))")
_PAYOFFS = re.compile(rf"(?:\s*+(?:{NUMBER})(?=[\s,]|\Z)\s*+,?+)++\s*+\Z")
_MOST = 100_000  # numbers remembered by their text


class Quick:
    """Reads nodes of a text into `Nodes`."""

    def __init__(self, text: str, nodes: Nodes) -> None:
        self.text = text
        self.nodes = nodes
        self.numbers: dict[str, tuple[Fraction, float]] = {}

    def node(self, at: int) -> int:
        """Reads the node at an offset; the offset behind it, or 0, with nothing taken, where it is not plain."""
        found = _LEAF.match(self.text, at)
        if found is not None:
            label, number, name, paid = found.groups()
            o = self._outcome(int(number), name, paid, at)
            if o < -1:
                return 0
            self.nodes.add(TERMINAL, -1, o, unescaped(label), 0)
            return found.end()
        found = _MOVE.match(self.text, at)
        if found is not None:
            label, who, place, described, number, name, paid = found.groups()
            player = int(who)
        else:
            found = _DRAW.match(self.text, at)
            if found is None:
                return 0
            label, place, described, number, name, paid = found.groups()
            player = CHANCE
        known = self._set(player, int(place), described, at)
        o = self._outcome(int(number), name, paid, at) if known is not None else -2
        if known is None or o < -1:
            return 0
        self.nodes.add(player, known.index, o, unescaped(label), len(known.actions))
        return found.end()

    def _set(self, player: int, number: int, described: str | None, at: int) -> Described | None:
        known = self.nodes.sets.get((player, number))
        if known is not None:
            return known if described is None or described == known.raw else None
        if described is None or not number or player > self.nodes.players:
            return None
        if player == CHANCE:
            pairs = _DRAWN.findall(described)
            labels = [label for label, _ in pairs]
            try:
                odds = tuple(self._number(text)[0] for _, text in pairs[1:])
            except ValueError:
                return None
            if min(odds) < 0 or sum(odds) != 1:
                return None
        else:
            labels, odds = _LABELS.findall(described), ()
        name, *actions = map(unescaped, labels)
        new = Described(label=name, actions=tuple(actions), odds=odds, at=at, raw=described)
        return self.nodes.describe(player, number, new)

    def _outcome(self, number: int, name: str | None, paid: str | None, at: int) -> int:
        """Index of the outcome, -1 for none, -2 where something about it is not plain."""
        if name is None or paid is None:
            known = self.nodes.outcomes.get(number)
            return known.index if known is not None else -2 if number else -1
        known = self.nodes.outcomes.get(number)
        if known is not None:
            return known.index if known.raw == (name, paid) else -2
        if not number or not _PAYOFFS.match(paid):
            return -2
        try:
            pairs = [self._number(text) for text in paid.replace(",", " ").split()]
        except ValueError:
            return -2
        if len(pairs) != self.nodes.players:
            return -2
        exact, floats = zip(*pairs, strict=True)
        new = Paid(label=unescaped(name), payoffs=exact, floats=floats, at=at, raw=(name, paid))
        return self.nodes.pay(number, new).index

    def _number(self, text: str) -> tuple[Fraction, float]:
        known = self.numbers.get(text)
        if known is None:
            number = parse_number(text)
            known = number, float(number)
            if len(self.numbers) < _MOST:
                self.numbers[text] = known
        return known
