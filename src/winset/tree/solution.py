"""What a solver of trees returns: a profile, what it is worth, and how it was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from winset.base.card import Card, Shown, Table, few
from winset.tree.path import LogitPath
from winset.tree.tree import CHANCE, Floats, Tree

Progress = Callable[[int, int, str], None]
"""progress(done, total, label): called now and then by a solver."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TreeSolution(Shown):
    """A strategy profile of a tree, as its solver left it; a certificate judges it.

    Attributes:
        tree: what was solved.
        profile: (A,) probability of every action at its information set; chance's actions hold their own.
        values: (P,) expected payoff of each player.
        method: one line, the name of the method.
        status: "solved", or what was not reached, in a few words.
        advice: what to do where it is not "solved", else empty.
        facts: seconds, counts and settings of the method.
        path: the logit path, of the method that follows it.
    """

    tree: Tree
    profile: Floats
    values: Floats
    method: str
    status: str = "solved"
    advice: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    path: LogitPath | None = None

    def card(self) -> Card:
        """What it shows of itself: the values, and the probabilities of the first sets."""
        tree = self.tree
        mine = [h for h in range(tree.sets) if tree.set_player[h] != CHANCE]
        rows = tuple(
            (tree.set_name(h), ", ".join(
                f"{tree.action_label[a] or a - tree.set_first[h] + 1} {self.profile[a]:.4f}"
                for a in range(tree.set_first[h], tree.set_first[h + 1])
            ))
            for h in mine[:20]
        )  # fmt: skip
        left = f"and {len(mine) - 20:,} information sets more" if len(mine) > 20 else ""
        return Card(
            title=f"{tree.title or 'a game without a title'}: {self.status} ({self.method})",
            lines=tuple(line for line in (self.advice, left) if line),
            tables=(
                Table(heading="Expected payoffs", columns=("", ""), rows=tuple(
                    (name, f"{value:.6g}") for name, value in zip(tree.players, self.values, strict=True)
                )),
                Table(heading="Strategies", columns=("at", ""), rows=few(rows, 20)),
                Table(heading="Solved", columns=("", ""), rows=tuple(
                    (key.replace("_", " "), f"{value:,.6g}" if isinstance(value, (int, float)) else str(value))
                    for key, value in self.facts.items()
                )),
            ),
        )  # fmt: skip
