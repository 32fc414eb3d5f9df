"""The rules that need no states: every expression at its place, names, information, priors, record."""

from __future__ import annotations

from dataclasses import replace

from winset.base.diagnostics import Where
from winset.language.clock import begun, first_day, round_of
from winset.language.expr import Name
from winset.language.lexer import shown
from winset.language.read_rest import MOST_ROUNDS
from winset.language.reader import Reader, nearest
from winset.language.rules.expressions import NAMES, NUMBER, TRUTH, Checker, Place
from winset.language.rules.names import Names, effects, no_action, no_type, nodes, plays_read, types_read
from winset.language.rules.sizes import DEEPEST, LARGEST
from winset.language.scenario import Effect, Move, Outcome, Pay, Scenario, Side, Variant
from winset.language.variants import clocks

EVERY = None


def static(scenario: Scenario, names: Names, reader: Reader) -> None:
    """Applies the rules of this file."""
    checker = Checker(names, reader)
    spaces(scenario, names, reader)
    places = {d.name: d.where for d in scenario.definitions}
    for name in names.broken - names.large:
        reader.report("N118", f"the definition `{name}` leads back to itself", places[name])
    for name in names.large:
        text = f"`{name}`, with the definitions that it uses, has more than {DEEPEST} levels or {LARGEST:,} parts"
        reader.report("S205", text, places[name])
    for definition in scenario.definitions:
        if definition.name not in names.broken:
            place = Place(what=f"`{definition.name}`", want="any", types=EVERY, plays=frozenset(names.types))
            checker.check(definition.value, place)
    names.used -= {d.name for d in scenario.definitions}
    for definition in scenario.definitions:
        names.used |= {n.name for n in nodes(definition.value) if isinstance(n, Name)}
    if (not scenario.players or not scenario.round) and not reader.found.errors:
        reader.report("G608", "a game needs at least one player and one move", scenario.where)
    for player in scenario.players:
        what = f"the prior of `{player.name}`"
        for kind in player.types:
            checker.check(kind.prior, Place(what=what, timed=False))
        checker.check(player.discount, Place(what=f"the discount of `{player.name}`"))
        checker.check(player.precision, Place(what=f"the precision of `{player.name}`"))
        if not any(side.player == player.name for move in scenario.round for side in move.sides):
            reader.report("G615", f"the player `{player.name}` never moves", player.where)
    for variable in scenario.state:
        for _, probability in variable.start:
            checker.check(probability, Place(what=f"the start of `{variable.name}`", probability=True))
    seen: dict[str, Move] = {}
    for move in scenario.round:
        if move.name in seen:
            reader.report(
                "N120", f"two moves are called `{move.name}`", move.where, conflicts_with=seen[move.name].where
            )
        seen[move.name] = move
        check_move(move, names, checker)
    if scenario.ends_when is not None:
        checker.check(scenario.ends_when, Place(what="`ends when`", want=TRUTH))
    for title, pays in (("each round", scenario.each_round), ("at the end", scenario.at_end)):
        check_pays(pays, Place(what=f"the payoff `{title}`", types=EVERY), checker)
    variants(scenario, names, checker)
    evidence(scenario, names, reader)


def spaces(scenario: Scenario, names: Names, reader: Reader) -> None:
    """One space of names for variables, parameters, definitions and dates; values apart from them."""
    where: dict[str, tuple[Where, str]] = {}
    listed = [(v.name, v.where, "variable") for v in scenario.state]
    listed += [(p.name, p.where, "parameter") for p in scenario.parameters]
    listed += [(d.name, d.where, "definition") for d in scenario.definitions]
    listed += [(name, scenario.clock.where, "date") for name, _ in scenario.clock.dates]
    for name, place, sort in listed:
        if name in where:
            other, before = where[name]
            reader.report("N111", f"`{name}` is the name of a {before} and of a {sort}", place, conflicts_with=other)
        where.setdefault(name, (place, sort))
    for variable in scenario.state:
        for value in variable.values if variable.kind == "names" else ():
            if value in where:
                other, sort = where[str(value)]
                text = f"`{value}` is a value of `{variable.name}` and the name of a {sort}"
                reader.report("N112", text, variable.where, conflicts_with=other)
    for move in scenario.round:
        for side in move.sides:
            for action in side.actions:
                for name, _ in action.parameters:
                    if name in where:
                        other, sort = where[name]
                        text = f"`{name}` is a parameter of `{action.name}` and the name of a {sort}"
                        reader.report("N111", text, action.where, conflicts_with=other)


def check_move(move: Move, names: Names, checker: Checker) -> None:
    """One move."""
    what = f"the move `{move.name}`"
    if move.condition is not None:
        checker.check(move.condition, Place(what=f"the condition of {what}", want=TRUTH))
    movers = [side.player for side in move.sides]
    for number, side in enumerate(move.sides):
        if side.player not in names.types:
            near = nearest(side.player, [*names.types, "chance"])
            checker.reader.report("N105", f"there is no player `{side.player}`", side.where, nearest=near)
        if side.player in movers[:number]:
            checker.reader.report("G610", f"`{side.player}` moves twice at once in {what}", side.where)
        check_side(move, side, checker)
    base = Place(what="", plays=frozenset(movers))
    for case in move.cases:
        checker.check(case.condition, replace(base, what=f"a case of {what}", want=TRUTH))
        check_effect(case.effect, base, f"a case of {what}", checker)
        reveals(case.effect, plays_read(case.condition, names), move, checker)
    for effect, _, _ in effects(move):
        for change in effect.then:
            reveals(Effect(then=(change,)), plays_read(change.value, names), move, checker)
        for outcome in effect.chance:
            if outcome.probability is not None:
                reveals(Effect(chance=(outcome,)), plays_read(outcome.probability, names), move, checker)
    if move.kind == "chance":
        check_outcomes(move.outcomes, Place(what=f"an outcome of {what}", types=EVERY, plays=frozenset()), checker)
        read: set[str] = set()
        for outcome in move.outcomes:
            if outcome.probability is not None:
                read |= types_read(outcome.probability, names)
        if len(read) > 1:
            listed = ", ".join(sorted(read))
            checker.reader.report("I503", f"{what} reads the types of {listed}", move.where)


def check_side(move: Move, side: Side, checker: Checker) -> None:
    """The actions and signals of one player."""
    for action in side.actions:
        local = tuple(name for name, _ in action.parameters)
        title = f"the action `{action.name}`"
        if action.condition is not None:
            checker.check(action.condition, Place(what=f"the condition of {title}", want=TRUTH, local=local))
        check_effect(action.effect, Place(what=title, local=local), title, checker)
        if side.hidden:
            reveals(action.effect, {side.player}, move, checker)
    own = Place(
        what=f"a signal of `{side.player}`", types=frozenset({side.player}), plays=frozenset({side.player}),
        why_types="I505",
    )  # fmt: skip
    for signal in side.signals:
        if signal.probability is not None:
            others = plays_read(signal.probability, checker.names) - {side.player}
            if others & set(checker.names.types):
                text = f"the signal `{signal.name}` cannot read what `{min(others)}` plays"
                checker.reader.report("I505", text, signal.where)
                continue
    check_outcomes(side.signals, own, checker)


def reveals(effect: Effect, players: set[str], move: Move, checker: Checker) -> None:
    """A hidden action must not change what the public sees."""
    hidden = {side.player for side in move.sides if side.hidden} & players
    if not hidden:
        return
    for change in effect.then:
        text = f"`{change.variable}` changes with the hidden action of `{min(hidden)}`"
        checker.reader.report("I506", text, change.where)
    for outcome in effect.chance:
        text = f"the draw `{outcome.name}` follows from the hidden action of `{min(hidden)}`"
        checker.reader.report("I506", text, outcome.where)
    for change_of in effect.becomes:
        if change_of.player not in hidden:
            text = f"the type of `{change_of.player}` changes with the hidden action of `{min(hidden)}`"
            checker.reader.report("I507", text, change_of.where)


def check_pays(pays: tuple[Pay, ...], place: Place, checker: Checker) -> None:
    """Payments."""
    for pay in pays:
        if pay.player not in checker.names.types:
            near = nearest(pay.player, checker.names.types)
            checker.reader.report("N105", f"there is no player `{pay.player}` to be paid", pay.where, nearest=near)
        checker.check(pay.amount, replace(place, what=f"the payment to `{pay.player}`", types=EVERY, want=NUMBER))


def check_effect(effect: Effect, base: Place, what: str, checker: Checker) -> None:
    """Payments, assignments, changes of type and the draw of one effect."""
    check_pays(effect.pays, base, checker)
    public = replace(base, types=frozenset(), plays=base.plays, why_types="I501")
    for change in effect.then:
        variable = checker.names.variables.get(change.variable)
        if variable is None:
            near = nearest(change.variable, checker.names.variables)
            text = f"`{change.variable}` is no state variable and cannot be assigned"
            checker.reader.report("N119", text, change.where, nearest=near)
            continue
        title = f"the new value of `{change.variable}`"
        if change.how != "set":
            if variable.kind == "truth":
                checker.reader.report("U322", f"`{change.variable}` is true or false", change.where)
            checker.check(change.value, replace(public, what=f"the number of steps of `{change.variable}`"))
        elif variable.kind == "names":
            checker.check(change.value, replace(public, what=title, want=NAMES, domain=variable.values))
        else:
            want = TRUTH if variable.kind == "truth" else NUMBER
            checker.check(change.value, replace(public, what=title, want=want, domain=()))
    for turn in effect.becomes:
        types = checker.names.types.get(turn.player)
        if types is None:
            near = nearest(turn.player, checker.names.types)
            checker.reader.report("N105", f"there is no player `{turn.player}`", turn.where, nearest=near)
            continue
        for name in (turn.old, turn.new):
            if name not in types:
                checker.reader.report("N106", where=turn.where, **no_type(turn.player, name, types))
        if turn.old == turn.new:
            checker.reader.report("G611", f"`{turn.old}` of `{turn.player}` becomes itself", turn.where)
        title = f"the probability that `{turn.old}` becomes `{turn.new}`"
        checker.check(turn.probability, replace(public, what=title, want=NUMBER, domain=(), probability=True))
    check_outcomes(effect.chance, replace(public, what=f"the draw of {what}", why_types="I504"), checker, inner=True)


def check_outcomes(found: tuple[Outcome, ...], place: Place, checker: Checker, *, inner: bool = False) -> None:
    """Named outcomes: of chance, of a draw, or signals."""
    for outcome in found:
        title = f"the probability of `{outcome.name}`"
        if outcome.probability is not None:
            checker.check(outcome.probability, replace(place, what=title, want=NUMBER, domain=(), probability=True))
        if outcome.condition is not None:
            public = replace(place, what=f"the condition of `{outcome.name}`", want=TRUTH, domain=(), types=frozenset())
            checker.check(outcome.condition, public)
        if (inner and outcome.effect.chance) or (place.why_types != "I505" and outcome.effect.chance and not inner):
            checker.reader.report("G609", f"the outcome `{outcome.name}` leads to another draw", outcome.where)
        check_effect(outcome.effect, replace(place, types=frozenset()), f"`{outcome.name}`", checker)


def variants(scenario: Scenario, names: Names, checker: Checker) -> None:
    """The variants name what is there."""
    reader = checker.reader
    known = {v.name: v for v in scenario.variants}
    for variant in scenario.variants:
        what = f"the variant `{variant.name}`"
        if variant.based_on and variant.based_on not in known:
            near = nearest(variant.based_on, known)
            reader.report("N110", f"{what} is based on `{variant.based_on}`", variant.where, nearest=near)
        seen, name = [variant.name], variant.based_on
        while name in known and name not in seen:
            seen.append(name)
            name = known[name].based_on
        if name == variant.name:
            reader.report("N116", f"{what} is based on itself", variant.where)
        for player, prior in variant.prior:
            types = names.types.get(player)
            if types is None:
                near = nearest(player, names.types)
                reader.report("N105", f"{what} gives a prior of `{player}`", variant.where, nearest=near)
                continue
            for kind, tree in prior:
                if kind not in types:
                    near = nearest(kind, types)
                    reader.report("N106", f"{what}: `{player}` has no type `{kind}`", variant.where, nearest=near)
                checker.check(tree, Place(what=f"the prior of `{player}` in {what}", timed=False))
        for _, start in variant.start:
            for _, tree in start:
                checker.check(tree, Place(what=f"the start of {what}", probability=True))
        for name, _ in variant.dates:
            if name not in names.dates:
                near = nearest(name, names.dates)
                reader.report("N123", f"{what} moves the date `{name}`", variant.where, nearest=near)
        _begins(scenario, variant, what, reader)
        _without(scenario, variant.without, what, variant, reader)


def _begins(scenario: Scenario, variant: Variant, what: str, reader: Reader) -> None:
    """A variant begins where the clock can."""
    clock, start = scenario.clock, variant.begins
    if start is None:
        return
    if clock.start is None:
        reader.report("T714", f"{what} begins on {start}, but the clock has no calendar", variant.where)
    elif clock.rounds is None:
        reader.report("T714", f"{what} begins on {start}, but the game has no end that could stay", variant.where)
    elif begun(clock, start) == clock and start != clock.start:
        last = first_day(clock, clock.rounds)
        text = f"its last round begins on {last}" if start > last else f"no week of its clock begins on {start}"
        reader.report("T714", f"{what} begins on {start}; {text}", variant.where)
    elif (begun(clock, start).rounds or 0) > MOST_ROUNDS:
        reader.report("U302", f"{what} has more than {MOST_ROUNDS:,} rounds", variant.where)


def _without(scenario: Scenario, gone: tuple[str, ...], what: str, variant: object, reader: Reader) -> None:
    from winset.language.variants import _without as taken_away

    assert isinstance(variant, Variant)
    full = {f"{m.name}.{a.name}" for m in scenario.round for s in m.sides for a in s.actions}
    short = sorted(name.split(".", 1)[1] for name in full)
    for name in gone:
        if name not in full and name not in short:
            near = nearest(name, [*short, *full])
            listed = "" if near else f"Name one of {shown(', '.join(dict.fromkeys(short)), 400)}, or leave it out."
            text = f"{what} takes away `{shown(name)}`, which no move has"
            reader.report("N117", text, variant.where, nearest=near, fix=listed)
    known = {v.name: v for v in scenario.variants}
    every = [*gone]
    seen, below = {variant.name}, variant.based_on
    while below in known and below not in seen:
        seen.add(below)
        every += known[below].without
        below = known[below].based_on
    for move in scenario.round:
        for before, side in zip(move.sides, taken_away(move, tuple(every)).sides, strict=True):
            if before.actions and not side.actions:
                reader.report("G616", f"{what} leaves `{side.player}` no action at `{move.name}`", variant.where)


def evidence(scenario: Scenario, names: Names, reader: Reader) -> None:
    """Sources and the record."""
    sources = {key for key, _ in scenario.sources}
    cited = [(p.source, p.where) for p in scenario.parameters]
    cited += [(o.source, o.where) for o in scenario.record] + [(c.source, c.where) for c in scenario.claims]
    for source, where in cited:
        if source and source not in sources and " " not in source and (sources or source.isupper()):
            near = nearest(source, sources)
            reader.report("E501", f"the source `{source}` is not listed", where, nearest=near)
    before = None
    for row in scenario.record:
        own = {o.name for o in names.options if o.player == row.player}
        if row.player not in names.types and row.player != "chance":
            near = nearest(row.player, [*names.types, "chance"])
            reader.report("E502", f"the record names the player `{row.player}`", row.where, nearest=near)
        elif row.action not in own:
            reader.report("E502", where=row.where, **no_action(names, row.player, row.action))
        if before is not None and row.date < before:
            reader.report("E504", f"the row of {row.date} comes after that of {before}", row.where)
        before = row.date
        dated = scenario.clock.start is not None and scenario.clock.rounds is not None
        if dated and not any(1 <= round_of(one, row.date) <= (one.rounds or 0) for one in clocks(scenario)):
            reader.report("E505", f"no round contains {row.date}", row.where)


def unused(scenario: Scenario, names: Names, reader: Reader) -> None:
    """Warns of what changes nothing; to be called when everything else was checked."""
    for parameter in scenario.parameters:
        if parameter.name not in names.used and "." not in parameter.name:
            reader.report("N121", f"the parameter `{parameter.name}` is never used", parameter.where)
    for definition in scenario.definitions:
        if definition.name not in names.used:
            reader.report("N122", f"the definition `{definition.name}` is never used", definition.where)
    for variable in scenario.state:
        if variable.name not in names.used:
            reader.report("N124", f"no expression reads the variable `{variable.name}`", variable.where)
