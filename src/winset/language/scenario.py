"""The scenario: the immutable form that everything after the language reads.

A `Scenario` is data only. It is made by `winset.read` (from a file) or
`winset.build` (from the same nesting of dictionaries in Python), both of which
check it; a Scenario that exists has no errors. Every element is keyed by name.

Timing. The game is played in rounds. A round is an ordered list of moves. After
every move `ends_when` is looked at: once it holds, the remaining moves of the
round are skipped. At the end of each round played (the last one included) the
`each_round` payoffs are paid, on the state as it then is. When the game is over
(`ends_when`, or after the last round) the `at_end` payoffs are paid as well, in
that same round. A player's discount factor applies from one round to the next;
within a round nothing is discounted. A short-lived player's factor is 0.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from winset.base.card import Card, Shown
from winset.language.element import Element
from winset.language.expr import Expr, Number
from winset.language.rows import Rows
from winset.language.tables import NOTHING, Sheet
from winset.language.weighed import HindcastEvent, Hypotheses

Unit = Literal["day", "week", "month", "quarter", "year", ""]
Status = Literal["measured", "expert range", "assumed"]
Value = str | float | bool
"""A value of a state variable: a name, a number or a truth value."""


@dataclass(frozen=True, kw_only=True)
class Parameter(Element):
    """A number with its pedigree.

    Attributes:
        name: its name; one written in place is named by its path, such as `players.pyongyang.discount`.
        value: the central value (where only a range is given: its middle).
        low, high: the plausible range, if any.
        distribution: its kind and arguments, such as `("normal", {"mean": 0.3, "sd": 0.1})`, if any.
        is_open: the author gave no value: an axis of uncertainty.
        status: *measured*, *expert range* or *assumed* (the default).
        source: key into `Scenario.sources`, or free text.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    distribution: tuple[str, tuple[tuple[str, float], ...]] | None = None
    is_open: bool = False
    unit: str = ""
    status: Status = "assumed"
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Type(Element):
    """One of a player's types with its prior probability."""

    name: str
    prior: Expr


@dataclass(frozen=True, kw_only=True)
class Player(Element):
    """Who decides. One to four types; a player without private information has the single type `only`."""

    name: str
    types: tuple[Type, ...]
    discount: Expr
    precision: Expr
    short_lived: bool = False
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Variable(Element):
    """A public state variable.

    Attributes:
        kind: *names* (an enumeration), *numbers* (an evenly spaced range) or *truth*.
        values: its domain, in order.
        start: its first value or values, each with a probability.
    """

    name: str
    kind: Literal["names", "numbers", "truth"]
    values: tuple[Value, ...]
    start: tuple[tuple[Value, Expr], ...]


@dataclass(frozen=True, kw_only=True)
class Assignment(Element):
    """`variable: expression`; `up n` and `down n` move along the domain and stop at its end."""

    variable: str
    how: Literal["set", "up", "down"]
    value: Expr


@dataclass(frozen=True, kw_only=True)
class Pay(Element):
    """What one player is paid; `label` says which part of the payoff it is, where given."""

    player: str
    amount: Expr
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Becomes(Element):
    """`player`, if of type `old`, turns into type `new` with this probability (else stays)."""

    player: str
    old: str
    new: str
    probability: Expr


@dataclass(frozen=True, kw_only=True)
class Effect(Element):
    """What follows: payments, then all assignments at once (each reads the state before),
    then changes of type, then at most one draw among named outcomes."""

    pays: tuple[Pay, ...] = ()
    then: tuple[Assignment, ...] = ()
    becomes: tuple[Becomes, ...] = ()
    chance: tuple[Outcome, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome(Element):
    """A named result of chance, or a signal: probability (None: the rest) and effect.

    An outcome whose condition is false has probability zero."""

    name: str
    probability: Expr | None
    condition: Expr | None = None
    effect: Effect = Effect()


@dataclass(frozen=True, kw_only=True)
class Action(Element):
    """A labelled choice. With `parameters` it stands for one action per combination of their values,
    labelled `offer(share=0.5)`; the parameters' names may be used in its expressions."""

    name: str
    parameters: tuple[tuple[str, tuple[float, ...]], ...] = ()
    condition: Expr | None = None
    effect: Effect = Effect()


@dataclass(frozen=True, kw_only=True)
class Side(Element):
    """What one player may do at a move. With `signals` the action is hidden and the public sees the signal;
    a signal's probability may read `player plays action` and the player's own type."""

    player: str
    actions: tuple[Action, ...]
    signals: tuple[Outcome, ...] = ()

    @property
    def hidden(self) -> bool:
        """True when the public sees a signal instead of the action."""
        return bool(self.signals)


@dataclass(frozen=True, kw_only=True)
class Case(Element):
    """An effect that follows when the choices (and signals) at this move meet a condition."""

    condition: Expr
    effect: Effect


@dataclass(frozen=True, kw_only=True)
class Move(Element):
    """One step of a round: by players (one, or several at once) or by chance.

    Where the condition is false the move does not happen. Effects apply in this order: each side's
    action effect, each side's signal effect, every `when` case that holds; assignments to the same
    variable from two of them are a mistake that `check` reports.
    """

    name: str
    kind: Literal["players", "chance"]
    condition: Expr | None = None
    sides: tuple[Side, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Clock(Element):
    """How time passes: so many rounds (None: for ever), with dates where `start` is given.

    `dates` are named dates; in expressions a date means the number of the round that contains it."""

    rounds: int | None
    unit: Unit = ""
    start: dt.date | None = None
    dates: tuple[tuple[str, dt.date], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Definition(Element):
    """A name for an expression, to keep conditions readable."""

    name: str
    value: Expr


@dataclass(frozen=True, kw_only=True)
class Variant(Element):
    """A named change. Only what is stated differs from the base (or from `based_on`).

    Attributes:
        perceives: (player, variant) pairs: the player acts as if that variant were the game; the game itself is
            this variant's.
        aware: players who know of the error.
        begins: the day from which it runs instead of the clock's; the end stays. None: the clock's own.
    """

    name: str
    based_on: str = ""
    start: tuple[tuple[str, tuple[tuple[Value, Expr], ...]], ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    prior: tuple[tuple[str, tuple[tuple[str, Expr], ...]], ...] = ()
    without: tuple[str, ...] = ()
    dates: tuple[tuple[str, dt.date], ...] = ()
    switches_off: tuple[str, ...] = ()
    switches_on: tuple[str, ...] = ()
    perceives: tuple[tuple[str, str], ...] = ()
    aware: tuple[str, ...] = ()
    begins: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Agreement(Element):
    """A deal on the table: the public state right after it, by variable; what is not named is as at the start.

    The first agreement of a scenario is none at all: the walk-away, with which the others are compared."""

    name: str
    state: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question(Element):
    """A named formula whose value is asked for. `headline` ones lead the brief."""

    name: str
    formula: str
    headline: bool = False


@dataclass(frozen=True, kw_only=True)
class Claim(Element):
    """A sentence made checkable.

    Attributes:
        quote: the words, at most 15, verbatim; `by` the speaker; `source` where it stands.
        kind: *fact*, *cause*, *belief* or *forecast*; *result* for a theorem on the textbook shelf.
        holds_if: a formula that is true or false; empty where none can be given, then `reason` says why.
        number: its number in a list of the argument's sentences; 0 where it has none.
    """

    name: str
    quote: str
    by: str
    kind: Literal["fact", "cause", "belief", "forecast", "result"]
    holds_if: str = ""
    reason: str = ""
    source: str = ""
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Table(Element):
    """A record file: dated rows, from which facts are answered.

    Attributes:
        file: its path from the scenario's folder.
        date: the column of the rows' days; empty where they have none.
        shows: the columns that say what a row is about; empty: every column.
        source: key into `Scenario.sources` for all rows; `source_column` holds each row's own key.
        unchecked: source keys whose rows nobody has checked, and why that is so.
        scope: what the file leaves out; told with every verdict that rests on the absence of rows.
        plover: the column of PLOVER event names; `cameo`: of CAMEO codes; empty where there is none.
        read: False where the scenario was read without a folder; then it has no rows.
        sha256: hash of the cells, by which the scenario's own hash depends on them.
        sheet: the rows.
    """

    name: str
    file: str
    date: str = ""
    shows: tuple[str, ...] = ()
    source: str = ""
    source_column: str = ""
    unchecked: tuple[tuple[str, str], ...] = ()
    scope: str = ""
    plover: str = ""
    cameo: str = ""
    read: bool = True
    sha256: str = ""
    sheet: Sheet = field(default=NOTHING, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Carrier(Element):
    """A name that carries a mechanism: of a variable, parameter, definition, move, action, outcome, type or date."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Mechanism(Element):
    """A part of the argument, where it is in the scenario, and what was simplified.

    Variants that switch it off name it under `switches off`; where the base is without it, those that switch it on,
    under `switches on`.
    """

    name: str
    part: str
    carried_by: tuple[Carrier, ...]
    simplified: str = ""


@dataclass(frozen=True, kw_only=True)
class Observation(Element):
    """One dated row of the record: who did what, by whose account."""

    date: dt.date
    player: str
    action: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ObservedAct(Element):
    """An act that leaves rows in record files, as written (`push`, or `north plays push`), and which rows."""

    act: str
    rows: tuple[Rows, ...]


@dataclass(frozen=True, kw_only=True)
class ObservedMove(Element):
    """What the record says of one move.

    Attributes:
        acts: in the order in which they count where a round has rows of several.
        silence: what was done in a round without a row (one act of a side), as written; without, silence says nothing.
        missed: (act, chance that it leaves no row); the act "" stands for all that are not named.
        mistaken: chance that the record says something else than it should, evenly over the others.
        known_after: days after its date that a row is known.
    """

    move: str
    acts: tuple[ObservedAct, ...]
    silence: tuple[str, ...] = ()
    missed: tuple[tuple[str, Expr], ...] = ()
    mistaken: Expr = Number(0.0)
    known_after: int = 0


@dataclass(frozen=True, kw_only=True)
class Observed(Element):
    """How record files are read as acts of the game. What is said here changes nothing in the game itself.

    Attributes:
        trust_unchecked: chance that a report from rows that nobody has checked is right; else it says nothing.
    """

    moves: tuple[ObservedMove, ...] = ()
    trust_unchecked: Expr = Number(1.0)


@dataclass(frozen=True, kw_only=True)
class Settings(Element):
    """How the scenario asks to be solved.

    Attributes:
        shocks: *excluded*: payoffs are reported net of errors (the agent logit equilibrium of McKelvey and
            Palfrey 1998); *included*: values contain the expected EV1 shock (log-sum-exp), as in the
            estimation literature. The two are different models.
        grid: inner belief nodes per uncertain dimension, beside the two certainties.
        span: the outermost inner node, in log-odds.
    """

    shocks: Literal["excluded", "included"] = "excluded"
    grid: int = 15
    span: float = 6.0


@dataclass(frozen=True, kw_only=True, repr=False)
class Scenario(Shown, Element):
    """A checked scenario; see the module's text for what it means."""

    title: str
    clock: Clock
    players: tuple[Player, ...]
    round: tuple[Move, ...]
    about: str = ""
    state: tuple[Variable, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    definitions: tuple[Definition, ...] = ()
    ends_when: Expr | None = None
    each_round: tuple[Pay, ...] = ()
    at_end: tuple[Pay, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    record: tuple[Observation, ...] = ()
    observed: Observed = Observed()
    variants: tuple[Variant, ...] = ()
    hypotheses: tuple[Hypotheses, ...] = ()
    questions: tuple[Question, ...] = ()
    claims: tuple[Claim, ...] = ()
    hindcast: tuple[HindcastEvent, ...] = ()
    settings: Settings = Settings()
    text: str = field(default="", compare=False, repr=False)
    file: str = field(default="", compare=False, repr=False)
    warnings: tuple[Any, ...] = field(default=(), compare=False, repr=False)

    def lines(self, name: str) -> tuple[int, ...]:
        """The lines of the scenario's file on which something of this name is declared, in order."""
        from winset.language.declared import declared

        return tuple(sorted({where.line for where in declared(self).get(name, ()) if where.line}))

    def content(self) -> str:
        """Everything it says, without comments, layout and place, as one text: the same content, the same text."""
        said = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
        return f"Scenario({said})"

    def card(self) -> Card:
        """What it shows of itself: who decides what, on what state, and what is asked."""
        from winset.language.card import scenario_card

        return scenario_card(self)
