"""The rules of `perceives`: who errs, about what, and who knows of it."""

from __future__ import annotations

from winset.language.reader import Reader, nearest
from winset.language.rules.names import Names
from winset.language.scenario import Scenario, Variant
from winset.language.variants import apply, chain, perception


def perceived(scenario: Scenario, names: Names, reader: Reader) -> None:
    """Applies the rules of this file."""
    known = {v.name for v in scenario.variants}
    for variant in scenario.variants:
        what = f"the variant `{variant.name}`"
        if _lost(scenario, variant, known):
            continue  # said elsewhere
        found = perception(scenario, variant.name)
        for player, name in variant.perceives:
            if player not in names.types:
                near = nearest(player, names.types)
                reader.report("N105", f"{what} says what `{player}` perceives", variant.where, nearest=near)
            if name not in known:
                near = nearest(name, known)
                reader.report("N110", f"{what} lets `{player}` perceive `{name}`", variant.where, nearest=near)
            elif not _lost(scenario, _named(scenario, name), known):
                _suits(scenario, variant, player, name, reader)
        if variant.aware or (variant.perceives and found.aware):
            _aware(scenario, variant, names, reader)


def _named(scenario: Scenario, name: str) -> Variant:
    return next(v for v in scenario.variants if v.name == name)


def _lost(scenario: Scenario, variant: Variant, known: set[str]) -> bool:
    """Whether what a variant is based on is not there, or leads back to it."""
    seen, name = {variant.name}, variant.based_on
    while name:
        if name not in known or name in seen:
            return True
        seen.add(name)
        name = _named(scenario, name).based_on
    return False


def _suits(scenario: Scenario, variant: Variant, player: str, name: str, reader: Reader) -> None:
    """A perceived variant is solved by itself, and has the actions of the game as it is."""
    what = f"the variant `{variant.name}`"
    if perception(scenario, name):
        text = f"{what} lets `{player}` perceive `{name}`, in which somebody errs in turn"
        reader.report("G622", text, variant.where, conflicts_with=_named(scenario, name).where)
        return
    mine, seen = (apply(scenario, v).clock.start for v in (variant.name, name))
    if mine != seen:
        text = f"{what} lets `{player}` perceive `{name}`, which begins on {seen}, not on {mine}"
        reader.report("G624", text, variant.where, conflicts_with=_named(scenario, name).where)
        return
    own, other = (_options(scenario, v) for v in (variant.name, name))
    if own != other:
        apart = ", ".join(f"`{a}`" for a in sorted(own ^ other))
        text = f"{what} lets `{player}` perceive `{name}`, and only one of the two games has {apart}"
        reader.report("G621", text, variant.where, conflicts_with=_named(scenario, name).where)


def _options(scenario: Scenario, name: str) -> set[str]:
    """`move.action` of all that may be done in a variant."""
    gone = {taken for variant in chain(scenario, name) for taken in variant.without}
    every = {(m.name, a.name) for m in scenario.round for s in m.sides for a in s.actions}
    return {f"{m}.{a}" for m, a in every if a not in gone and f"{m}.{a}" not in gone}


def _aware(scenario: Scenario, variant: Variant, names: Names, reader: Reader) -> None:
    """Who knows of an error, if anybody may."""
    what, found = f"the variant `{variant.name}`", perception(scenario, variant.name)
    for player in found.aware:
        if player not in names.types:
            near = nearest(player, names.types)
            reader.report("N105", f"in {what}, `{player}` is aware of an error", variant.where, nearest=near)
            return
    movers = {side.player for move in scenario.round for side in move.sides}
    said = ""
    if not found:
        said = "nobody errs"
    elif len(found.seen) > 1:
        said = f"{' and '.join(f'`{p}`' for p in found.seen)} err at once"
    elif len(set(found.aware)) > 1:
        said = f"{' and '.join(f'`{p}`' for p in dict.fromkeys(found.aware))} know of it"
    elif set(found.aware) & set(found.seen):
        said = f"`{found.aware[0]}` itself errs"
    elif not set(found.aware) <= movers:
        said = f"`{found.aware[0]}` never moves"
    elif movers - set(found.aware) - set(found.seen):
        said = f"`{min(movers - set(found.aware) - set(found.seen))}` moves as well"
    elif scenario.clock.rounds is None:
        said = "the game has no end"
    if said:
        reader.report("G623", f"{what} lets `{found.aware[0]}` be aware of an error, but {said}", variant.where)
