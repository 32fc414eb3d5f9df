"""A solved game file: its equilibria, how they were found, the certificate, and what all that looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from winset.base.card import Card, Shown, Table, few
from winset.certify.extensive import TreeCertificate
from winset.solve.extensive.all_equilibria import AllEquilibria
from winset.tree.path import LogitPath
from winset.tree.ranges import payoff_range
from winset.tree.tree import CHANCE, Floats, NormalForm, Tree

NASH = 1e-6
"""Largest gain, as a share of the range of payoffs, with which a profile passes as a Nash equilibrium."""
LOGIT_RESIDUAL = 1e-8
"""Largest difference between a probability and the logit response with which a profile passes."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TreeEquilibrium:
    """One equilibrium.

    Attributes:
        profile: (A,) probability of every action, chance's included.
        values: (P,) what each player expects.
        exact_profile, exact_values: the same as fractions; None where they are known as floats only.
        certificate: what was measured on the profile.
    """

    profile: Floats
    values: Floats
    exact_profile: tuple[Fraction, ...] | None = None
    exact_values: tuple[Fraction, ...] | None = None
    certificate: TreeCertificate

    def met(self, tree: Tree) -> Floats:
        """(H,) the probability of coming to each information set."""
        inner = tree.infoset >= 0
        return np.asarray(
            np.bincount(tree.infoset[inner], tree.reach(self.profile)[inner], tree.sets), dtype=np.float64
        )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class GameSolution(Shown):
    """A game file solved.

    Attributes:
        game: what was given.
        tree: the same as a tree; of a table, one in which the players choose one after the other, unseen.
        method: key of the method.
        name: of the method, in words.
        why: why it was taken.
        others: (key, why not) of each other method; empty where the method was asked for.
        precision: λ of a logit equilibrium, else None.
        equilibria: what was found, at least one.
        status: "solved", or what was not reached.
        advice: what to do then; and what else the reader has to know.
        facts: counts and seconds of the method.
        every: with the method `all-equilibria`, the whole of its answer.
        path: the logit path, where one path was followed.
    """

    game: Tree | NormalForm
    tree: Tree
    method: str
    name: str
    why: str
    others: tuple[tuple[str, str], ...]
    precision: float | None
    equilibria: tuple[TreeEquilibrium, ...]
    status: str
    advice: str
    facts: Mapping[str, Any]
    every: AllEquilibria | None = None
    path: LogitPath | None = None

    @property
    def concept(self) -> str:
        """What kind of equilibrium: `logit equilibrium at λ = 2`, `Nash equilibrium`."""
        if self.precision is not None:
            return f"agent logit equilibrium at λ = {self.precision:g}"
        return "subgame-perfect equilibrium" if self.method == "backward" else "Nash equilibrium"

    @property
    def origin(self) -> str:
        """The concept, and for the end of a path that it is one: `Nash equilibrium, limit of logit equilibria`."""
        limit = self.method.startswith("logit") and self.precision is None
        return self.concept + (", limit of logit equilibria" if limit else "")

    @property
    def worst(self) -> float:
        """The largest error of any equilibrium: the logit residual, or the gain as a share of the range of payoffs."""
        if self.precision is not None:
            return max(e.certificate.residual for e in self.equilibria)
        gains = max(float(e.certificate.gain.max()) for e in self.equilibria)
        if self.method == "backward":
            gains = max(gains, *(float(np.nanmax(e.certificate.agent_gain, initial=0.0)) for e in self.equilibria))
        return max(gains, 0.0) / payoff_range(self.tree)

    @property
    def holds(self) -> bool:
        """Whether the certificate of every equilibrium passes."""
        most = NASH if self.precision is None else LOGIT_RESIDUAL
        return all(e.certificate.sound for e in self.equilibria) and self.worst <= most

    def verdict(self) -> str:
        """The certificate in one sentence."""
        many = len(self.equilibria) > 1
        what = f"each of the {len(self.equilibria)} is" if many else "this is"
        kind = ("an " if self.concept[0] == "a" else "a ") + self.concept
        if self.precision is not None:
            return f"{what} {'' if self.holds else 'NOT '}{kind}: probabilities are within {self.worst:.1e} of it"
        gain = max(float(e.certificate.gain.max()) for e in self.equilibria)
        told = "nobody gains anything by another strategy" if gain <= 0 else f"nobody gains more than {gain:.1e}"
        return f"{what} {'' if self.holds else 'NOT '}{kind}: {told}"

    @property
    def sets(self) -> list[int]:
        """The information sets of players at which there is a choice."""
        return np.flatnonzero((self.tree.set_player != CHANCE) & (np.diff(self.tree.set_first) > 1)).tolist()

    def names(self) -> tuple[str, ...]:
        """The players."""
        return tuple(self.tree.player_name(i) for i in range(1, len(self.tree.players) + 1))

    def values(self, found: TreeEquilibrium) -> tuple[str, ...]:
        """What each player expects, as fractions where they are known and short."""
        exact = found.exact_values or (None,) * len(found.values)
        return tuple(_shown(x, float(v)) for x, v in zip(exact, found.values, strict=True))

    def choices(self, found: TreeEquilibrium, *, most: int) -> dict[int, list[tuple[str, tuple[str, ...], bool]]]:
        """What is done, by player 1 to P: at each set its name, its actions, and whether play never comes there.

        The name is empty where the set is the player's only one and has no label. Sets of each player are cut so that
        there are `most` in all."""
        tree, out = self.tree, dict[int, list[tuple[str, tuple[str, ...], bool]]]()
        met = found.met(tree)
        share = max(1, most // max(len(tree.players), 1))
        mine = np.array(self.sets, dtype=np.int64)
        for i in range(1, len(tree.players) + 1):
            own = mine[tree.set_player[mine] == i]
            for h in own[: share if len(mine) > most else None].tolist():
                name = f"“{tree.set_label[h]}”" if tree.set_label[h] else f"set {tree.set_number[h]}"
                if len(own) == 1 and not tree.set_label[h]:
                    name = ""
                out.setdefault(i, []).append((name, _choice(tree, found, h), not met[h] > 0))
        return out

    def figures(self) -> tuple[tuple[str, str], ...]:
        """What was measured, the worst of several equilibria, and what the method counted."""
        every = [e.certificate for e in self.equilibria]
        rows = []
        if self.precision is None:
            most = np.max([c.gain for c in every], axis=0)
            shown = list(zip(self.names(), most, strict=True))
            if len(shown) > MOST_PLAYERS:
                shown = [("a player", most.max())]
            rows += [(f"most that {name} gains", _small(float(gain))) for name, gain in shown]
            if self.method != "all-equilibria":
                rows.append(("most gained at one set, reached or not", _small(max(_most(c.agent_gain) for c in every))))
        else:
            rows.append(("residual: largest difference from the logit response", f"{self.worst:.1e}"))
            rows.append(("most that players gain, errors included", _small(max(float(c.gain.max()) for c in every))))
        rows.append(("sums of probabilities off by", _small(max(c.sum_error for c in every))))
        if any(c.unreached for c in every):
            rows.append(
                ("sets whose beliefs cannot be told: others never lead there", f"{max(c.unreached for c in every):,}")
            )
        kept = ("steps", "folds", "pieces", "pieces with a path", "iterations", "turns", "components", "seconds")
        rows += [(key, _counted(self.facts[key])) for key in kept if key in self.facts]
        return tuple(rows)

    def as_dict(self, found: TreeEquilibrium) -> dict[str, Any]:
        """One equilibrium as data: values and, for every information set of a player, its actions' probabilities."""
        tree, exact = self.tree, found.exact_profile
        strategies = []
        for h in np.flatnonzero(tree.set_player != CHANCE).tolist():
            begin, end = int(tree.set_first[h]), int(tree.set_first[h + 1])
            strategies.append({
                "player": tree.player_name(int(tree.set_player[h])), "set": int(tree.set_number[h]),
                "label": tree.set_label[h], "actions": list(tree.action_label[begin:end]),
                "probabilities": found.profile[begin:end].tolist(),
            } | ({"exact": [str(x) for x in exact[begin:end]]} if exact else {}))  # fmt: skip
        values = {"values": dict(zip(self.names(), found.values.tolist(), strict=True))}
        if found.exact_values:
            values["exact_values"] = dict(zip(self.names(), map(str, found.exact_values), strict=True))
        return values | {"gain": dict(zip(self.names(), found.certificate.gain.tolist(), strict=True)),
                         "strategies": strategies}  # fmt: skip

    def card(self) -> Card:
        """What it shows of itself: the method and why, the equilibria, the certificate."""
        tables = [Table(heading="Expected payoffs", columns=("", *self.names()), rows=few(tuple(
            (str(k), *self.values(e)) for k, e in enumerate(self.equilibria, 1)
        )))]  # fmt: skip
        for k, found in enumerate(self.equilibria[:3], 1):
            rows = tuple(
                (f"{self.tree.player_name(i)} {name}".strip(), ", ".join(words))
                for i, some in self.choices(found, most=12).items()
                for name, words, _ in some
            )
            heading = f"Strategies of {k}" if len(self.equilibria) > 1 else "Strategies"
            tables.append(Table(heading=heading, columns=("at", ""), rows=rows))
        tables.append(Table(heading="Certificate", columns=("", ""), rows=self.figures()))
        if self.others:
            tables.append(Table(heading="Not taken", columns=("method", "because"), rows=self.others))
        return Card(
            title=f"{self.tree.title or 'a game without a title'}: {self.concept}",
            lines=(f"method: {self.name}: {self.why}", self.verdict()),
            tables=tuple(tables),
            notes=tuple(t for t in ("" if self.status == "solved" else self.status, self.advice) if t),
        )


MOST_PLAYERS, MOST_ACTIONS = 6, 8


def _shown(exact: Fraction | None, value: float) -> str:
    """A number as a short fraction or with six digits."""
    if exact is not None and len(text := str(exact)) <= 12:
        return text
    return f"{value:.6g}" if value == 0 or abs(value) >= 5e-7 else f"{value:.0e}"


def _counted(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}"


def _small(value: float) -> str:
    return "0" if value <= 0 else f"{value:.1e}"


def _most(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.max(initial=0.0))


def _choice(tree: Tree, found: TreeEquilibrium, h: int) -> tuple[str, ...]:
    """`check 2/3`, `bet 1/3`: what is done at a set, an action each, without those that are never taken."""
    begin, end = int(tree.set_first[h]), int(tree.set_first[h + 1])
    exact, played = found.exact_profile, [a for a in range(begin, end) if found.profile[a] != 0]
    names = [tree.action_label[a] or str(a - begin + 1) for a in range(begin, end)]
    names = [f"“{name}”" if name.isdigit() else name for name in names]  # beside its probability
    told = tuple(
        f"{names[a - begin]} {_shown(exact[a] if exact else None, float(found.profile[a]))}"
        for a in sorted(sorted(played, key=lambda a: -found.profile[a])[:MOST_ACTIONS])
    )
    return (*told, f"{len(played) - MOST_ACTIONS} more") if len(played) > MOST_ACTIONS else told
