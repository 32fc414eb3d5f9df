"""The logit path of a tree as a result: points (λ, profile) from uniform play on, and where they lead."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np

from winset.base.card import Card, Shown, Table, few
from winset.tree.tree import Floats, Ints, Tree


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LogitPath(Shown):
    """Agent logit equilibria on the principal branch, in the order in which the path meets them.

    Attributes:
        tree: whose path it is.
        precision: (S,) λ of each point, from 0; it falls between folds.
        kept: (W,) the actions whose probabilities are kept, all the players' where there is room.
        probability: (S, W) probability of each kept action.
        residual: (S,) largest |log p - log softmax(λ U)| at the point.
        folds: (number of folds,) λ at which the path turns around, as far as its points tell.
        limit: (A,) estimate of the profile at λ = ∞, None where the path was not followed far.
        limit_error: size of the last correction of that estimate, in probability.
        regret: at the last point, the most that a set gains by its best action where it is reached.
    """

    tree: Tree
    precision: Floats
    kept: Ints
    probability: Floats
    residual: Floats
    folds: Floats
    limit: Floats | None = None
    limit_error: float = float("nan")
    regret: float = float("nan")

    def names(self) -> tuple[str, ...]:
        """One name for each kept action: player, set, action; no two alike."""
        return tuple(action_name(self.tree, int(a)) for a in self.kept)

    def csv(self) -> str:
        """The points as a table: λ, residual, then one column for each kept action."""
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["lambda", "residual", *self.names()])
        for lam, miss, row in zip(self.precision, self.residual, self.probability, strict=True):
            rows.writerow([repr(float(lam)), f"{miss:.2e}", *(repr(float(p)) for p in row)])
        return out.getvalue()

    def card(self) -> Card:
        """What it shows of itself: its points, some of them, and its limit."""
        names, shown = self.names()[:6], np.unique(np.linspace(0, len(self.precision) - 1, 12).astype(int))
        rows = tuple(
            (f"{self.precision[k]:.6g}", *(f"{p:.6f}" for p in self.probability[k, :6]), f"{self.residual[k]:.1e}")
            for k in shown
        )
        if self.limit is not None:
            rows += (("∞", *(f"{self.limit[a]:.6f}" for a in self.kept[:6]), f"± {self.limit_error:.1e}"),)
        left = f"{len(self.kept) - 6:,} actions more in `csv()`" if len(self.kept) > 6 else ""
        turns = ", ".join(f"{lam:.6g}" for lam in self.folds[:8])
        return Card(
            title=f"logit path of {self.tree.title or 'a game without a title'}: {len(self.precision):,} points",
            lines=tuple(t for t in (f"it folds at λ = {turns}" if turns else "it does not fold", left) if t),
            tables=(Table(columns=("λ", *names, "residual"), rows=few(rows, 20)),),
        )


def action_name(tree: Tree, action: int) -> str:
    """`Alice:3:bet`: player, the set's label or number, the action's label or number."""
    h = int(tree.set_of[action])
    label = tree.set_label[h]
    place = label if label and tree.set_label.count(label) == 1 else str(tree.set_number[h])
    which = tree.action_label[action]
    begin, end = tree.set_first[h], tree.set_first[h + 1]
    if not which or tree.action_label[begin:end].count(which) > 1:
        which = str(action - begin + 1)
    who = "chance" if tree.set_player[h] == 0 else tree.players[tree.set_player[h] - 1]
    return f"{who}:{place}:{which}"
