"""What other verbs found, laid beside a brief: the record followed, draws over what is uncertain, a hindcast.

Each is made by itself, since draws and hindcasts take as long as they take; a brief only shows them, and only where
they are of the very scenario that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from winset.base.errors import WinsetError
from winset.language.scenario import Scenario
from winset.study.brief_data import Brief
from winset.study.cache import scenario_hash
from winset.study.cards import ShownBrief

_MARKS = {
    "record": ("follow", {"entries", "misfit", "matrices"}),
    "robust": ("robust", {"quality", "regions", "claims"}),
    "hindcast": ("hindcast", {"misses", "references", "scores"}),
}
"""Of each kind of result: the verb that makes it, and keys that no other kind has."""


def beside(brief: Brief, *, scenario: Scenario, results: Sequence[Any]) -> Brief:
    """A brief with the results of `follow`, `robust` and `hindcast` laid beside it.

    Args:
        brief: as made by `winset.brief`.
        scenario: that it is about.
        results: what `winset.follow`, `robust` and `hindcast` returned, or the same as JSON data; one of each at most.

    Raises:
        WinsetError: a result is none of these, is of another scenario or variant, or there are two of one kind. A
            hindcast may be of another variant, since that may be the one that begins early enough.
    """
    out: dict[str, Any] = dict(brief)
    for result in results:
        data = result if isinstance(result, Mapping) else result.as_dict()
        kind = kind_of(data)
        verb = _MARKS[kind][0]
        if kind in out:
            raise WinsetError(f"two results of `winset {verb}` were given\n    fix: Give one of each kind.")
        stamp = data.get("stamp", {})
        variant = str(data.get("variant", stamp.get("variant", "")))
        if stamp.get("scenario") != scenario_hash(scenario, None, variant):
            name = scenario.file or "the scenario"
            raise WinsetError(
                f"the result of `winset {verb}` is of another scenario, or of this one before it was changed\n"
                f"    fix: Make it anew from {name}: winset {verb} … --json FILE"
            )
        if kind != "hindcast" and variant != brief["variant"]:
            told, asked = (f"the variant `{name}`" if name else "the base" for name in (variant, brief["variant"]))
            choice = f" --variant {brief['variant']}" if brief["variant"] else ""
            raise WinsetError(
                f"the result of `winset {verb}` is of {told}, and the brief of {asked}\n"
                f"    fix: Make it of the same: winset {verb}{choice} … --json FILE"
            )
        out[kind] = dict(data)
    return cast(Brief, ShownBrief(out))


def kind_of(data: Mapping[str, Any]) -> str:
    """`record`, `robust` or `hindcast`: what a result is.

    Raises:
        WinsetError: it is none of these.
    """
    for kind, (_, marks) in _MARKS.items():
        if isinstance(data, Mapping) and marks <= data.keys():
            return kind
    raise WinsetError(
        "this is no result of `winset follow`, `robust` or `hindcast`\n"
        "    example: winset robust talks.yaml --json robust.json, then winset brief talks.yaml --with robust.json"
    )
