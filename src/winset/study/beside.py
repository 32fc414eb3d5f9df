"""What other verbs found, laid beside a brief: the record followed, draws over what is uncertain, a hindcast.

Each is made by itself, since draws and hindcasts take as long as they take; a brief only shows them, and only where
they are of the very scenario that it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from winset.base.errors import WinsetError
from winset.language.scenario import Scenario
from winset.language.variants import chain
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
    out |= fitting_results(results, scenario=scenario, variant=brief["variant"])
    return cast(Brief, ShownBrief(out))


def fitting_results(
    results: Sequence[Any], *, scenario: Scenario, variant: str, names: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    """Results as data by their kind, once it is sure that they can be laid beside a brief of this variant.

    Args:
        results, scenario: as of `beside`.
        variant: that the brief takes for the base.
        names: what errors call each result; nothing where left out.

    Raises:
        ScenarioError: there is no such variant.
        WinsetError: as by `beside`.
    """
    chain(scenario, variant)
    out: dict[str, dict[str, Any]] = {}
    for i, result in enumerate(results):
        data = result if isinstance(result, Mapping) or not hasattr(result, "as_dict") else result.as_dict()
        try:
            kind = kind_of(data)
            if kind in out:
                fix = "Give one of each kind."
                raise WinsetError(f"two results of `winset {_MARKS[kind][0]}` were given\n    fix: {fix}")
            _refuse_other(kind, data, scenario, variant)
        except WinsetError as error:
            if not names:
                raise
            raise WinsetError(f"{names[i]}: {error}") from None
        out[kind] = dict(data)
    return out


def _refuse_other(kind: str, data: Mapping[str, Any], scenario: Scenario, asked: str) -> None:
    """Refuses a result that is of another scenario or variant."""
    verb, stamp = _MARKS[kind][0], data.get("stamp", {})
    variant = str(data.get("variant", stamp.get("variant", "")))
    if stamp.get("scenario") != scenario_hash(scenario, None, variant):
        name = scenario.file or "the scenario"
        raise WinsetError(
            f"the result of `winset {verb}` is of another scenario, or of this one before it was changed\n"
            f"    fix: Make it anew from {name}: winset {verb} … --json FILE"
        )
    if kind != "hindcast" and variant != asked:
        told, wanted = (f"the variant `{name}`" if name else "the base" for name in (variant, asked))
        choice = f" --variant {asked}" if asked else ""
        raise WinsetError(
            f"the result of `winset {verb}` is of {told}, and the brief of {wanted}\n"
            f"    fix: Make it of the same: winset {verb}{choice} … --json FILE"
        )


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
