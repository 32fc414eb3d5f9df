"""Gambit's strategic-form files (`.nfg`), both versions: a table of payoffs, and a table of numbered outcomes.

The format is that of Gambit's documentation, "The strategic game (.nfg) file format": a prologue with title, players,
their strategies (as labels, or only how many) and an optional comment; then either payoffs cell by cell, or a list of
outcomes and the number of the outcome of each cell, 0 for none. Cells stand in the order in which the first player's
strategy changes fastest.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np

from winset.tree.checks import checked_table
from winset.tree.efg_write import quoted
from winset.tree.numbers import exact, number_text
from winset.tree.scan import Scanner
from winset.tree.tree import NormalForm

HEAD = 'NFG 1 R "title" { "Alice" "Bob" }'
STRATEGIES = '{ { "up" "down" } { "left" "right" } }'
OUTCOMES = '{ { "win" 1, -1 } { "lose" -1, 1 } }'
MOST_CELLS = 10**12
"""Numbers of a table up to which they are counted in an error; no file holds more."""
MOST_STRATEGIES = 1_000_000
"""Strategies of one player of which a file only says how many there are; more are a mistake."""


def parse_nfg(text: str, file: str = "") -> NormalForm:
    """The table that a text means.

    Args:
        text: of an `.nfg` file.
        file: its name, for errors.

    Raises:
        ScenarioError: the text is none; the first mistake, with line, column and the fix.
    """
    scan = Scanner(text, file)
    title, players = _prologue(scan)
    strategies = _strategies(scan, len(players))
    comment = scan.take().text if scan.ahead.kind == "label" else ""
    shape = tuple(len(s) for s in strategies)
    outcomes: list[tuple[str, tuple[Fraction, ...]]] | None = None
    if scan.ahead.kind == "{":
        outcomes = _outcomes(scan, len(players))
        numbers = _cells(scan, shape, 1, len(outcomes))
        nothing = (Fraction(0),) * len(players)
        cells = [outcomes[int(n) - 1][1] if n else nothing for n in numbers]
    else:
        flat = _cells(scan, shape, len(players), None)
        cells = [tuple(flat[i : i + len(players)]) for i in range(0, len(flat), len(players))]
    order = _row_major(shape)
    paid = tuple(cells[c][i] for i in range(len(players)) for c in order)
    return checked_table(NormalForm(
        title=title,
        comment=comment,
        players=players,
        strategies=strategies,
        payoff=np.array([float(x) for x in paid]).reshape(len(players), *shape),
        exact_payoff=paid,
        outcome=None if outcomes is None else np.array([int(numbers[c]) for c in order], dtype=np.int64).reshape(shape),
        outcome_label=() if outcomes is None else tuple(label for label, _ in outcomes),
        outcome_payoff=None if outcomes is None else tuple(row for _, row in outcomes),
    ))  # fmt: skip


def _prologue(scan: Scanner) -> tuple[str, tuple[str, ...]]:
    for words, what in ((("NFG",), "`NFG`"), (("1",), "`1`, the version,"), (("R", "D"), "`R`")):
        if scan.ahead.kind != "word" or scan.ahead.text not in words:
            scan.fail("X102", f"an .nfg file has {what} here", scan.ahead.at, example={"first line": HEAD},
                      why="it tells what kind of file this is", fix="correct the first line")  # fmt: skip
        scan.take()
    title = scan.want("label", "the title of the game in quotes", HEAD).text
    return title, scan.labels("the names of the players", HEAD)


def _strategies(scan: Scanner, players: int) -> tuple[tuple[str, ...], ...]:
    start = scan.want("{", "`{` before the players' strategies", STRATEGIES).at
    found: list[tuple[str, ...]] = []
    if scan.ahead.kind == "{":
        while scan.ahead.kind == "{":
            found.append(scan.labels("the labels of a player's strategies", STRATEGIES))
    else:
        while scan.ahead.kind == "word":
            number, at = scan.whole("the number of a player's strategies", "{ 2 2 }", 1)
            if number > MOST_STRATEGIES:
                scan.fail("X116", f"{number} strategies of one player", at, example={"right": "{ 2 2 }"},
                          why=f"more than {MOST_STRATEGIES:,} fit no table", fix="correct the number")  # fmt: skip
            found.append(tuple(str(i + 1) for i in range(number)))
    if scan.ahead.kind == "}" and len(found) != players:
        scan.fail("X116", f"strategies of {len(found)} players, and {players} are named", start,
                  example={"right": STRATEGIES}, why="every player has strategies",
                  fix="give each player's strategies, in the order of the first line")  # fmt: skip
    scan.want("}", "the strategies of a player, or `}` after the last one", STRATEGIES)
    return tuple(found)


def _outcomes(scan: Scanner, players: int) -> list[tuple[str, tuple[Fraction, ...]]]:
    scan.want("{", "`{` before the outcomes", OUTCOMES)
    found: list[tuple[str, tuple[Fraction, ...]]] = []
    while scan.ahead.kind == "{":
        scan.take()
        label = scan.want("label", "the label of an outcome in quotes", OUTCOMES).text
        payoffs = []
        if scan.ahead.kind == ",":
            scan.take()
        while scan.ahead.kind == "word":
            payoffs.append(scan.number("a payoff", OUTCOMES)[0])
            if scan.ahead.kind == ",":
                scan.take()
        if scan.ahead.kind == "}" and len(payoffs) != players:
            scan.fail("X115", f"outcome {len(found) + 1} has {len(payoffs)} payoffs for {players} players",
                      scan.ahead.at, example={"right": OUTCOMES}, why="every player gets something, be it 0",
                      fix="write one payoff for each player, in the order of the first line")  # fmt: skip
        scan.want("}", "a payoff, or `}` after the last one", OUTCOMES)
        found.append((label, tuple(payoffs)))
    scan.want("}", "an outcome, or `}` after the last one", OUTCOMES)
    return found


def _cells(scan: Scanner, shape: tuple[int, ...], each: int, outcomes: int | None) -> list[Fraction]:
    """The numbers of the body: `each` a cell; numbers of outcomes where it is said how many there are."""
    wanted = prod(shape) * each
    what = "the number of an outcome" if outcomes is not None else "a payoff"
    example = "1 2 2 1" if outcomes is not None else "1 -1 -1 1 -1 1 1 -1"
    found: list[Fraction] = []
    while scan.ahead.kind == "word":
        if len(found) == wanted:
            break
        if outcomes is None:
            found.append(scan.number(what, example)[0])
            continue
        number, at = scan.whole(what, example)
        if number > outcomes:
            scan.fail("X117", f"there is no outcome {number}", at, example={"right": example},
                      why=f"{outcomes} outcomes are listed, numbered from 1, and 0 means none",
                      fix="correct the number, or list the outcome")  # fmt: skip
        found.append(Fraction(number))
    if (len(found) < wanted) == (scan.ahead.kind == "end"):
        have = f"only {len(found):,}" if len(found) < wanted else "more"
        size = " × ".join(map(str, (*shape, each))) if each > 1 else " × ".join(map(str, shape))
        size = f"{size} = {wanted:,}" if wanted < MOST_CELLS else f"more than {MOST_CELLS:,}"
        scan.fail("X116", f"the table has {have} numbers, and {size} belong there", scan.ahead.at,
                  example={"right": example}, why="every cell of the table has what it pays",
                  fix="add or remove numbers, or correct the strategies")  # fmt: skip
    if scan.ahead.kind != "end":
        scan.expected(what, example)
    return found


def _row_major(shape: tuple[int, ...]) -> list[int]:
    """For each cell in row-major order, its place where the first player's strategy changes fastest."""
    return np.arange(prod(shape)).reshape(shape[::-1]).T.ravel().tolist()


def nfg_text(table: NormalForm) -> str:
    """The text of an `.nfg` file: with outcomes where the table names them, else with payoffs.

    Raises:
        ScenarioError: a label ends in a backslash, which the format cannot say.
    """
    names = " ".join(map(quoted, table.players))
    head = f"NFG 1 R {quoted(table.title)} {{ {names} }}\n\n"
    lists = "".join(f"{{ {' '.join(map(quoted, labels))} }}\n" for labels in table.strategies)
    head += f"{{\n{lists}}}\n{quoted(table.comment)}\n\n"
    cells = np.transpose(np.arange(prod(table.shape)).reshape(table.shape)).ravel().tolist()
    if table.outcome is not None and table.outcome_payoff is not None:
        pairs = zip(table.outcome_label, table.outcome_payoff, strict=True)
        rows = [f"{{ {quoted(label)} {', '.join(map(number_text, paid))} }}\n" for label, paid in pairs]
        flat = table.outcome.ravel()
        return f"{head}{{\n{''.join(rows)}}}\n{' '.join(str(flat[c]) for c in cells)}\n"
    number = prod(table.shape)
    paid = table.exact_payoff or tuple(exact(float(x)) for x in table.payoff.ravel())
    lines = (" ".join(number_text(paid[i * number + c]) for i in range(len(table.players))) for c in cells)
    return head + "".join(f"{line}\n" for line in lines)
