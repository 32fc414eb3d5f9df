"""Whether every player remembers what it knew and did (perfect recall; Kuhn 1953, Selten 1975).

A player has perfect recall if at all nodes of each of its information sets the last action it took is the same one,
and so, by induction, the whole sequence of its sets and actions. A set that a path meets twice (absent-mindedness;
Piccione and Rubinstein 1997) breaks it too. What follows from perfect recall is that a player's own sequence is known
at each set; best responses by backward induction and the sequence form rest on that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError
from winset.tree.tree import CHANCE, Shorts, Tree

_MOST = 6  # own moves that an error lists


@dataclass(frozen=True, kw_only=True, eq=False)
class Recall:
    """What players remember.

    Attributes:
        last: (N, P) int32, the last action that each player took before a node; -1 none.
        before: (H,) int32, the last action that the mover took before the set, the same at all its nodes where the
            set keeps recall (at others that of its first node); -1 none, and at chance's sets.
        forgetful: the sets whose nodes differ in it, in order.
    """

    last: Shorts
    before: Shorts
    forgetful: tuple[int, ...]

    @property
    def perfect(self) -> bool:
        """Whether every player remembers everything."""
        return not self.forgetful


def recall(tree: Tree) -> Recall:
    """What each player remembers at each node: one pass over the levels."""
    last = np.full((tree.nodes, len(tree.players)), -1, dtype=np.int32)
    for d in range(1, tree.depth):
        rows = np.arange(tree.level[d], tree.level[d + 1])
        above = tree.parent[rows]
        last[rows] = last[above]
        who = tree.player[above]
        mine = who > CHANCE
        last[rows[mine], who[mine] - 1] = tree.arrived[rows[mine]]
    before = np.full(tree.sets, -1, dtype=np.int32)
    nodes = np.flatnonzero(tree.player > CHANCE)[::-1]
    own = last[nodes, tree.player[nodes] - 1]
    sets = tree.infoset[nodes]
    before[sets] = own  # the first node of a set is assigned last, and stays
    return Recall(last=last, before=before, forgetful=tuple(np.unique(sets[own != before[sets]]).tolist()))


def with_perfect_recall(tree: Tree, purpose: str) -> Recall:
    """What players remember, where they remember everything.

    Args:
        tree: any tree.
        purpose: what needs it, as the subject of a sentence: "the sequence form".

    Raises:
        ScenarioError: somebody forgets; the error names the set, two of its nodes and what differs.
    """
    found = recall(tree)
    if not found.perfect:
        raise ScenarioError([forgetting(tree, found, purpose)])
    return found


def forgetting(tree: Tree, found: Recall, purpose: str) -> Diagnostic:
    """What is forgotten at the first forgetful set, as a problem for whatever needs perfect recall."""
    h = found.forgetful[0]
    starts, members = tree.members
    nodes = members[starts[h] : starts[h + 1]]
    player = int(tree.set_player[h])
    one = int(nodes[0])
    other = int(nodes[np.flatnonzero(found.last[nodes, player - 1] != found.last[one, player - 1])[0]])
    name, twice = tree.player_name(player), _twice(tree, nodes)
    if twice is not None:
        return Diagnostic(
            code="X202",
            message=f"{name} is absent-minded: the play to {tree.path_name(twice[1])} meets {tree.set_name(h)} twice",
            example={"first at": tree.path_name(twice[0]), "again at": tree.path_name(twice[1])},
            why=f"{purpose} needs perfect recall, and here {name} does not know whether it has moved before",
            fix="give the second node an information set of its own",
        )
    return Diagnostic(
        code="X201",
        message=f"{name} forgets at {tree.set_name(h)}: its nodes {tree.path_name(one)} and {tree.path_name(other)} "
                "differ in what it did before",
        example={tree.path_name(one): _memory(tree, one, player), tree.path_name(other): _memory(tree, other, player)},
        why=f"{purpose} needs perfect recall: at every node of a set a player has the same moves of its own behind it",
        fix="part the set, or let two players of one interest make these moves",
    )  # fmt: skip


def _twice(tree: Tree, nodes: Shorts) -> tuple[int, int] | None:
    """Two nodes of a set of which one lies above the other."""
    inside, clear = set(nodes.tolist()), set()
    for n in nodes.tolist():
        trail, up = [], int(tree.parent[n])
        while up >= 0 and up not in clear:
            if up in inside:
                return up, n
            trail.append(up)
            up = int(tree.parent[up])
        clear.update(trail)
    return None


def _memory(tree: Tree, node: int, player: int) -> str:
    """What a player did on the way to a node."""
    own = [a for a in tree.path(node) if tree.set_player[tree.set_of[a]] == player]
    if not own:
        return "no move of its own"
    said = [f"“{tree.action_label[a] or a}” at set {tree.set_number[tree.set_of[a]]}" for a in own[-_MOST:]]
    return ("… " if len(own) > _MOST else "") + ", then ".join(said)
