"""Gambit's extensive-form files (`.efg`), read exactly.

The format is that of Gambit's documentation, "The extensive game (.efg) file format": a prologue with title, players
and an optional comment, then the nodes in prefix order. An information set or an outcome is described where it first
appears; later the description is left out whole, or repeated and then the same. Numbers are kept as fractions.

Most nodes are read by one regular expression each (`efg_quick`). Whatever it does not take, unusual or wrong, is
read word by word, and only there is an error raised; so what is accepted does not depend on the way.
"""

from __future__ import annotations

import gc
from fractions import Fraction
from typing import NoReturn

from winset.tree.efg_parts import Described, Nodes, Paid, tree_of
from winset.tree.efg_quick import Quick
from winset.tree.scan import Scanner, cut
from winset.tree.tree import CHANCE, TERMINAL, Tree

HEAD = 'EFG 2 R "title" { "Alice" "Bob" }'
MOVE = 'p "" 1 1 "" { "yes" "no" } 0'
DRAW = 'c "" 1 "" { "heads" 1/2 "tails" 1/2 } 0'
LEAF = 't "" 1 "" { 1, -1 }'


def parse_efg(text: str, file: str = "", *, quick: bool = True) -> Tree:
    """The tree that a text means.

    Args:
        text: of an `.efg` file.
        file: its name, for errors.
        quick: False reads every node word by word; the tree is the same.

    Raises:
        ScenarioError: the text is none; the first mistake, with line, column and the fix.
    """
    collecting = gc.isenabled()
    gc.disable()  # a million small objects are made and none is dropped: collecting would only take time
    try:
        return _read(Scanner(text, file), quick)
    finally:
        if collecting:
            gc.enable()


def _read(scan: Scanner, quick: bool) -> Tree:
    title, players, comment = _prologue(scan)
    nodes = Nodes(players=len(players))
    reader = _Reader(scan, nodes)
    fast = Quick(scan.text, nodes)
    at = scan.ahead.at
    while nodes.missing:
        after = fast.node(at) if quick else 0
        if not after:
            if scan.ahead.at != at:
                scan.jump(at)
            reader.node()
            after = scan.ahead.at
        at = after
    scan.jump(at)
    if scan.ahead.kind != "end":
        scan.fail("X107", "something stands behind the last node of the tree", scan.ahead.at,
                  example={"complete": 'after a set { "yes" "no" } come two subtrees'},
                  why="every action listed has led to its node already",
                  fix="remove it, or list the action that leads to it")  # fmt: skip
    return tree_of(nodes, title, comment, players)


def _prologue(scan: Scanner) -> tuple[str, tuple[str, ...], str]:
    for words, what in ((("EFG",), "`EFG`"), (("2",), "`2`, the version,"), (("R", "D"), "`R`")):
        if scan.ahead.kind != "word" or scan.ahead.text not in words:
            scan.fail("X102", f"an .efg file has {what} here", scan.ahead.at, example={"first line": HEAD},
                      why="it tells what kind of file this is", fix="correct the first line")  # fmt: skip
        scan.take()
    title = scan.want("label", "the title of the game in quotes", HEAD).text
    names = scan.labels("the names of the players", HEAD)
    comment = scan.take().text if scan.ahead.kind == "label" else ""
    return title, names, comment


class _Reader:
    """Reads nodes word by word, and says what is wrong with them."""

    def __init__(self, scan: Scanner, nodes: Nodes) -> None:
        self.scan = scan
        self.nodes = nodes
        self.at = 0  # where the node begins

    def node(self) -> None:
        """Reads one node."""
        scan, nodes = self.scan, self.nodes
        token = scan.ahead
        if token.kind == "end":
            more = sum(nodes.open)
            scan.fail("X106", f"the file ends where {'a node' if more == 1 else f'{more} more nodes'} should follow",
                      token.at, example={"complete": 'after a set { "yes" "no" } come two subtrees'},
                      why="every action leads to a node",
                      fix="add what is missing, or look whether the file was cut off")  # fmt: skip
        if token.kind != "word" or token.text not in ("p", "c", "t"):
            scan.expected("a node, which begins with `p`, `c` or `t`", MOVE)
        self.at = token.at
        kind = scan.take().text
        example = {"p": MOVE, "c": DRAW, "t": LEAF}[kind]
        label = scan.want("label", "the label of the node in quotes", example).text
        if kind == "t":
            nodes.add(TERMINAL, -1, self._outcome(LEAF), label, 0)
            return
        player = CHANCE if kind == "c" else self._player()
        known = self._set(player, example)
        nodes.add(player, known.index, self._outcome(example), label, len(known.actions))

    def _player(self) -> int:
        player, at = self.scan.whole("the number of a player", MOVE, 1)
        if player > self.nodes.players:
            self.scan.fail("X108", f"there is no player {player}", at, example={"right": MOVE},
                           why=f"the first line names {self.nodes.players} players, numbered from 1",
                           fix="correct the number, or name the player in the first line")  # fmt: skip
        return player

    def _set(self, player: int, example: str) -> Described:
        """The information set ahead, described or known."""
        scan = self.scan
        number, at = scan.whole("the number of an information set", example, 1)
        known = self.nodes.sets.get((player, number))
        if scan.ahead.kind != "label":
            if known is None:
                scan.fail("X110", f"information set {number} has not been described", at, example={"right": example},
                          why="where a set first appears, its label and its actions say what it is",
                          fix="add its label and its actions, or correct the number")  # fmt: skip
            return known
        described = scan.ahead.at
        label, actions, odds = scan.take().text, [], []
        scan.want("{", "`{` before the actions of the information set", example)
        while scan.ahead.kind == "label":
            actions.append(scan.take().text)
            if player == CHANCE:
                odds.append(self._odds(actions[-1]))
        if not actions:
            scan.expected("the label of an action in quotes", example)
        scan.want("}", "the label of an action, or `}` after the last one", example)
        new = Described(label=label, actions=tuple(actions), odds=tuple(odds), at=self.at)
        if known is None:
            self._sums(new, number, described)
            return self.nodes.describe(player, number, new)
        if not known.same(new):
            self._differs("X109", f"information set {number}", known.difference(new), described, known.at)
        return known

    def _odds(self, action: str) -> Fraction:
        odds, at = self.scan.number(f'the probability of "{cut(action)}"', DRAW)
        if odds < 0:
            self.scan.fail("X112", f'the probability of "{cut(action)}" is negative: {odds}', at,
                           example={"right": DRAW}, why="no chance is less than none",
                           fix="write a probability from 0 to 1")  # fmt: skip
        return odds

    def _sums(self, new: Described, number: int, at: int) -> None:
        if new.odds and sum(new.odds) != 1:
            total = sum(new.odds)
            said = str(total) if len(str(total)) < 30 else f"{float(total)!r}"
            self.scan.fail("X112", f"the probabilities of chance's information set {number} add up to {said}, not 1",
                           at, example={"right": DRAW}, why="numbers are read exactly, and chance does something",
                           fix="write them so that they add up, thirds as 1/3")  # fmt: skip

    def _outcome(self, example: str) -> int:
        """The outcome ahead, described or known; -1 for none."""
        scan, nodes = self.scan, self.nodes
        number, at = scan.whole("the number of an outcome, 0 for none,", example)
        known = nodes.outcomes.get(number)
        if scan.ahead.kind != "label":
            if number and known is None:
                scan.fail("X114", f"outcome {number} has not been described", at, example={"right": LEAF},
                          why="where an outcome first appears, its label and its payoffs say what it is",
                          fix="add its label and its payoffs, or correct the number")  # fmt: skip
            return known.index if known else -1
        if not number:
            scan.fail("X114", "outcome 0 has a description", at, example={"right": LEAF},
                      why="0 means that nothing is paid here",
                      fix="number the outcome from 1, or remove what follows")  # fmt: skip
        described = scan.ahead.at
        label = scan.take().text
        paid = self._payoffs(number)
        new = Paid(label=label, payoffs=paid, floats=tuple(map(float, paid)), at=self.at)
        if known is None:
            return nodes.pay(number, new).index
        if (new.label, new.payoffs) != (known.label, known.payoffs):
            self._differs("X113", f"outcome {number}", known.difference(new), described, known.at)
        return known.index

    def _payoffs(self, number: int) -> tuple[Fraction, ...]:
        scan, payoffs = self.scan, []
        scan.want("{", "`{` before the payoffs", LEAF)
        while scan.ahead.kind == "word":
            payoffs.append(scan.number("a payoff", LEAF)[0])
            if scan.ahead.kind == ",":
                scan.take()
        if scan.ahead.kind == "}" and len(payoffs) != self.nodes.players:
            scan.fail("X115", f"outcome {number} has {len(payoffs)} payoffs for {self.nodes.players} players",
                      scan.ahead.at, example={"right": LEAF}, why="every player gets something, be it 0",
                      fix="write one payoff for each player, in the order of the first line")  # fmt: skip
        scan.want("}", "a payoff, or `}` after the last one", LEAF)
        return tuple(payoffs)

    def _differs(self, code: str, what: str, difference: str, at: int, first: int) -> NoReturn:
        self.scan.fail(code, f"{what} was described otherwise before: {difference}", at, other=first,
                       example={"right": "the same description, or none"},
                       why="one of the two descriptions would have to be ignored",
                       fix="make them the same, or give one another number")  # fmt: skip
