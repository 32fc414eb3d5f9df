"""How large an expression is once its definitions are written out, and which definitions lead back to themselves.

Definitions may use one another, so a short file can stand for an expression of any size. Both measures are taken
without writing anything out and without recursion, so that what is too large is refused before it is looked into.
"""

from __future__ import annotations

from collections.abc import Mapping

from winset.language.expr import Expr, Name, parts

DEEPEST = 100
"""Levels that a definition may have with the definitions that it uses."""

LARGEST = 20_000
"""Parts that one expression may have with the definitions that it uses."""

ALTOGETHER = 300_000
"""Parts that all expressions of a scenario may have so."""

_MOST = 10**9


def measured(tree: Expr, known: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Levels and parts of an expression; a name in `known` counts as what it stands for."""
    deepest, count = 0, 0
    todo = [(tree, 1)]
    while todo:
        node, level = todo.pop()
        more_levels, more = known.get(node.name, (0, 0)) if isinstance(node, Name) else (0, 0)
        deepest, count = max(deepest, level + more_levels), min(count + 1 + more, _MOST)
        todo.extend((part, level + 1) for part in parts(node))
    return deepest, count


def order(definitions: Mapping[str, Expr]) -> tuple[list[str], set[str]]:
    """The definitions, each after those that it uses, and the ones in a circle (left out of the order)."""
    uses = {name: {n.name for n in _nodes(tree) if isinstance(n, Name)} for name, tree in definitions.items()}
    uses = {name: used & definitions.keys() for name, used in uses.items()}
    users: dict[str, set[str]] = {name: set() for name in definitions}
    for name, used in uses.items():
        for other in used:
            users[other].add(name)
    free = _peeled(uses, users)
    stuck = definitions.keys() - set(free)
    inside = {name: users[name] & stuck for name in stuck}
    circular = stuck - set(_peeled(inside, {name: uses[name] & stuck for name in stuck}))
    broken = {name: uses[name] - circular for name in definitions if name not in circular}
    return _peeled(broken, users), circular


def _peeled(needs: Mapping[str, set[str]], back: Mapping[str, set[str]]) -> list[str]:
    """Names in the order in which nothing that they need is left; those in a circle never come."""
    left = {name: len(needed) for name, needed in needs.items()}
    todo = [name for name, count in left.items() if count == 0]
    found: list[str] = []
    while todo:
        name = todo.pop()
        found.append(name)
        for other in back[name]:
            if other in left:
                left[other] -= 1
                if left[other] == 0:
                    todo.append(other)
    return found


def _nodes(tree: Expr) -> list[Expr]:
    found, todo = [], [tree]
    while todo:
        node = todo.pop()
        found.append(node)
        todo.extend(parts(node))
    return found
