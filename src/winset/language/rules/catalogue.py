"""Every rule: its stable code, what it finds, why, a bad and a good example, and the fix.

Families: S syntax, N names, U units and ranges, T timing, I information, P probability, G game form,
C claims, questions and formulas, E evidence (sources and record), B building blocks, K met with the numbers in force,
X game files and trees. A code is never given to another rule.
"""

# ruff: noqa: E501  (a table of one row a rule)

from __future__ import annotations

from dataclasses import dataclass, replace

from winset.base.diagnostics import Diagnostic
from winset.language.rules.building import BLOCK_ROWS
from winset.language.rules.compiled import ROWS
from winset.language.rules.game_files import TREE_ROWS
from winset.language.rules.markov_games import MARKOV_ROWS

FAMILIES = {
    "S": "Syntax",
    "N": "Names",
    "U": "Units and ranges",
    "T": "Timing",
    "I": "Information",
    "P": "Probability",
    "G": "Game form",
    "C": "Claims, questions and formulas",
    "E": "Evidence",
    "B": "Building blocks",
    "K": "On the way to an answer",
    "X": "Game files and trees",
    "M": "Markov games",
}


@dataclass(frozen=True)
class Rule:
    """One rule; `warning` marks those that do not stop solving."""

    code: str
    what: str
    why: str
    bad: str
    good: str
    fix: str
    warning: bool = False


def _rules(*rows: tuple[str, str, str, str, str, str]) -> tuple[Rule, ...]:
    return tuple(Rule(r[0].rstrip("w"), *r[1:], warning=r[0].endswith("w")) for r in rows)


_SYNTAX = _rules(
    ("S101", "The file is too large", "A scenario is meant to be read; a file of this size is something else.",
     "a file of 10 MB", "a file of up to 1 MB", "Keep data outside the scenario."),
    ("S102", "Not YAML", "The text cannot be split into keys and values.",
     "players: [a, b", "players: [a, b]",
     "Close the bracket or quote, put a text that contains `: ` into quotes, and indent with spaces, never tabs."),
    ("S103", "Anchors, aliases, tags or merge keys", "They can multiply without bound and hide what is said.",
     "talk_cost: &cost 0.05", "talk_cost: 0.05", "Write the value out, or make it a parameter and name that."),
    ("S104", "A key twice", "Only one of the two could count, and it is not clear which.",
     "{start: calm, start: inquiry}", "{start: calm}", "Remove one of them."),
    ("S105", "Too deep or too much", "Nesting and size are bounded, so that every file is read in a moment.",
     "[[[[[[[[…]]]]]]]]", "[1, 2]", "Name parts by `define` and use the names."),
    ("S106", "A key that is not a name", "Everything is keyed by name.",
     "{[a, b]: 1}", "{a: 1, b: 1}", "Use a plain word as key."),
    ("S107", "Not one document", "A scenario is exactly one YAML document.",
     "---\\na: 1\\n---\\nb: 2", "winset: 1\\nscenario: …", "Put one scenario into one file."),
    ("S108", "A Python value without meaning", "Only dictionaries, lists, texts, finite numbers, truth values and dates have one.",
     "build(clock=object())", "build(clock={'rounds': 3})", "Use plain values."),
    ("S109", "Not UTF-8", "The bytes are not text.", "a file in Latin-1", "a file in UTF-8", "Save the file as UTF-8."),
    ("S110", "The file cannot be read", "There is nothing at this path that can be opened.",
     "winset check scenaro.yaml", "winset check scenario.yaml", "Check the path."),
    ("S111", "Too many problems", "One slip near the top often causes the others.",
     "a file with 3,000 unknown names", "a file with a few", "Mend the first ones and check again."),
    ("S112", "An invisible character", "It changes what a terminal or a page shows without being seen itself.",
     "\"calm\\e[2J\"", "calm", "Remove it."),
    ("S201", "The expression is too long", "Expressions are bounded to 4,000 characters.",
     "a + a + a + …", "total", "Name parts by `define` and use the names."),
    ("S202", "A character without meaning", "The grammar of expressions is small.",
     "cost $ 2", "cost * 2", "Use the operators of the language page."),
    ("S203", "A word that cannot stand here", "The expression could be read up to this word only.",
     "groundwork 3", "groundwork = 3", "Add the missing operator, or remove the word."),
    ("S204", "The expression ends too early", "Something is missing at its end.", "1 +", "1 + cost", "Complete it, or close the bracket."),
    ("S205", "The expression is too deep", "Nesting is bounded to 60 levels and chains to 100 terms; a definition counts as what it stands for.",
     "((((…))))", "weakened or far", "Name parts by `define` and use the names."),
    ("S206", "Chained comparison", "`a < b < c` would compare a truth value with c.",
     "0 < groundwork < 3", "0 < groundwork and groundwork < 3", "Join two comparisons by `and`."),
    ("S207", "The power is too large", "Powers are bounded: exponents to 64, constants to what a number can hold.",
     "9^999", "exp(2)", "Write the number itself."),
    ("S208", "Not a number or a date", "The digits do not form one.", "2019-13", "2019-12", "Correct the digits."),
    ("S209", "Unknown function", "Only min max abs exp log sqrt floor ceil round exist.",
     "sin(x)", "exp(x)", "Use one of these functions."),
    ("S210", "Wrong number of arguments", "`min` and `max` take several, all others one.",
     "exp(1, 2)", "exp(1)", "Give the function what it takes."),
    ("S301", "A mapping is needed", "The parts of this element are named by keys.",
     "clock: 4", "clock: {rounds: 4}", "Write `key: value` pairs."),
    ("S302", "A required key is missing", "Without it the element has no meaning.",
     "groundwork: {range: [0, 3]}", "groundwork: {range: [0, 3], start: 0}", "Add the key."),
    ("S303", "A single value is needed", "A list or a mapping has no meaning here.",
     "scenario: [a, b]", "scenario: Talks", "Write one value."),
    ("S304", "Neither true nor false", "YAML 1.2 knows only these two words.", "headline: yes", "headline: true", "Write `true` or `false`."),
    ("S305", "Not one of the words", "The key has a fixed set of words.", "round: fortnight", "round: week", "Use one of the words named."),
    ("S306", "A list is needed", "The order matters, or there may be several.",
     "round: {move: talk}", "round: [{move: talk, …}]", "Begin each item with `- `."),
    ("S307", "A number or expression is needed", "A list or mapping has no value.",
     "discount: [0.9]", "discount: 0.9", "Write an expression, or `{value: …, range: …}`."),
    ("S308", "Nothing where something is needed", "An empty value has no meaning here.", "if:", "if: groundwork < 3", "Write it, or remove the key."),
    ("S309", "`+1` is a number", "A value that begins with + would be set, not added.",
     "then: {groundwork: +1}", "then: {groundwork: up 1}", "Write `up 1`."),
    ("S310", "Unknown version", "This program reads version 1 of the language.", "winset: 2", "winset: 1", "Write `winset: 1`."),
)  # fmt: skip

_NAMES = _rules(
    ("N101", "Unknown key", "A key that means nothing here is most often a slip.", "act1ons: {}", "actions: {}", "Correct or remove it."),
    ("N102", "Unknown name", "A name in an expression is a variable, parameter, definition, named date or action parameter.",
     "if: groundwrok < 3", "if: groundwork < 3", "Correct the name, or declare it."),
    ("N103", "Not a value of the variable", "A variable takes only the values of its domain.",
     "start: {politics: quiet}", "start: {politics: calm}", "Use one of its values."),
    ("N104", "Not a value of the variable it is compared with", "Only the variable's own values, variables and definitions can stand here.",
     "politics = quiet", "politics = calm", "Use one of its values."),
    ("N105", "Unknown player", "Only the players declared, and those who move here, can be named.",
     "pays: {pyongyan: 1}", "pays: {pyongyang: 1}", "Correct the name."),
    ("N106", "Unknown type", "The player has no such type.", "pyongyang is stall", "pyongyang is staller", "Correct the name."),
    ("N107", "Unknown action", "There is no such action or outcome.", "pyongyang plays chet", "pyongyang plays cheat", "Correct the name."),
    ("N108", "An action's parameter outside its action", "It has a value only for that action.",
     "if: share > 0.5", "if: pyongyang plays offer(share > 0.5)", "Use it inside its action, or after `plays`."),
    ("N109", "Not a usable name", "Names are letters, digits and underscores, do not begin with a digit, and are no words of the language.",
     "2nd-term: 0.1", "second_term: 0.1", "Choose another name."),
    ("N110", "Unknown variant", "There is no variant of that name.", "P(x) in no_inquirry", "P(x) in no_inquiry", "Correct the name."),
    ("N111", "One name for two things", "Variables, parameters, definitions, dates and action parameters share one space of names.",
     "a parameter and a variable `cost`", "`cost` and `cost_state`", "Rename one."),
    ("N112", "A value named like something else", "Beside its variable, the name could mean either.",
     "values: [calm, talk_cost]", "values: [calm, costly]", "Rename the value."),
    ("N113", "A value twice", "A domain is a set.", "values: [calm, calm]", "values: [calm, inquiry]", "Remove one."),
    ("N114", "A variant starts what is no variable", "`start` takes state variables only.",
     "start: {talk_cost: 1}", "parameters: {talk_cost: 1}", "Correct the name, or use `parameters`."),
    ("N115", "A variant sets what is no parameter", "`parameters` takes parameters only.",
     "parameters: {politics: 1}", "start: {politics: calm}", "Correct the name, or use `start`."),
    ("N116", "A variant based on itself", "The chain of `based on` has no beginning.",
     "v: {based on: v}", "v: {based on: w}", "Break the circle."),
    ("N117", "A variant takes away what is not there", "No move has such an action.",
     "without: [tst]", "without: [test]", "Correct the name; `move.action` names one move's action."),
    ("N118", "A circle of definitions", "Each is defined by the other.",
     "{a: b + 1, b: a - 1}", "{a: 1, b: a - 1}", "Break the circle."),
    ("N119", "Assignment to what is no variable", "Only state variables can change.",
     "then: {talk_cost: 1}", "then: {groundwork: 1}", "Correct the name, or make it a state variable."),
    ("N120", "Two moves of one name", "A move is known by its name.", "two moves `talk`", "`talk` and `reply`", "Rename one."),
    ("N121w", "A parameter is never used", "It changes nothing, and is most often a slip.", "parameters: {unused: 1}", "parameters: {}", "Use or remove it."),
    ("N122w", "A definition is never used", "It changes nothing.", "define: {unused: 1}", "define: {}", "Use or remove it."),
    ("N123", "A variant moves a date that is not named", "`dates` of a variant takes the clock's named dates.",
     "dates: {deadlin: 2020-06}", "dates: {deadline: 2020-06}", "Correct the name."),
    ("N124w", "A variable never matters", "No expression reads it.", "state: {idle: {start: true}}", "state: {}", "Use or remove it."),
    ("N131", "Carried by something that is declared nowhere", "A mechanism points at what carries it in the file.",
     "M5: {carried by: [staler]}", "M5: {carried by: [staller]}", "Name something that is declared: a variable, parameter, definition, move, action, outcome, type, player or date."),
    ("N132", "Not a mechanism", "A variant switches off, or on, what `mechanisms` lists.", "switches off: [M99]", "switches off: [M9]", "Correct the label, or declare the mechanism."),
    ("N141", "An agreement sets what is no variable", "An agreement is told by the public state right after it.",
     "agreements: {none: {}, partial: {sanction: eased}}", "agreements: {none: {}, partial: {pressure: eased}}", "Correct the name, or make it a state variable."),
)  # fmt: skip

_UNITS = _rules(
    ("U301", "Not a constant number", "Names cannot be used here.", "value: talk_cost", "value: 0.05", "Write a number, such as 0.25, 1/3 or 30%."),
    ("U302", "Outside the possible numbers", "The setting has bounds.", "rounds: 0", "rounds: 4", "Choose a number within them."),
    ("U303", "Not a range", "A range is `[low, high]`.", "range: 3", "range: [0, 3]", "Write two numbers in brackets."),
    ("U304", "A range upside down", "The first number is the lowest.", "range: [3, 0]", "range: [0, 3]", "Swap the numbers."),
    ("U305", "A parameter without number", "It needs a value, a range or a distribution.", "cost: {unit: points}", "cost: {value: 0.1}", "Add one."),
    ("U306", "A value outside its own range", "The central value is one of the plausible ones.",
     "{value: 0.7, range: [0.1, 0.5]}", "{value: 0.3, range: [0.1, 0.5]}", "Widen the range, or correct the value."),
    ("U307", "Unknown distribution or arguments", "Each distribution has its own arguments.",
     "{gaussian: {mean: 0, sd: 1}}", "{normal: {mean: 0, sd: 1}}", "uniform: low, high; normal, lognormal: mean, sd; triangular: low, mode, high; beta: a, b."),
    ("U308", "Arguments that describe no distribution", "sd, a and b lie above zero, and low ≤ mode ≤ high.",
     "{normal: {mean: 0, sd: -1}}", "{normal: {mean: 0, sd: 1}}", "Correct the arguments."),
    ("U309", "Values and range at once", "A variable is an enumeration or a range of numbers.",
     "{values: [a, b], range: [0, 1]}", "{values: [a, b]}", "Remove one of them."),
    ("U310", "A variable without values", "A domain has at least one.", "values: []", "values: [calm, inquiry]", "List the values."),
    ("U311", "Uneven numbers", "The numbers of a variable rise in even steps.", "values: [0, 1, 3]", "range: [0, 3]", "Use a range, or names."),
    ("U312", "Steps that do not fit", "The step leads from the lowest number to the highest, and numbers a step apart can be told apart.",
     "{range: [0, 1], by: 0.3}", "{range: [0, 1], by: 0.25}", "Choose a step that divides the range."),
    ("U313", "Too many values", "A domain has at most 2,000 values.", "range: [0, 100000]", "range: [0, 10]", "Use a coarser step."),
    ("U314", "Not a grid", "The values of an action's parameter are even steps or a list.", "for: {share: some}", "for: {share: 0 to 1 by 0.1}", "Write `low to high by step`."),
    ("U315", "A value is needed", "A start or change names a value of the variable.", "start: []", "start: calm", "Write the value."),
    ("U316", "A number outside the variable's range", "A variable takes only the values of its domain.",
     "{range: [0, 3], start: 5}", "{range: [0, 3], start: 0}", "Choose a number of the range."),
    ("U317", "A name used as a number", "Values of an enumeration cannot be added, multiplied or paid.",
     "2 * politics", "if politics = calm then 2 else 0", "Say which number each value stands for."),
    ("U318", "Names put in order", "Values of an enumeration can be equal or not, nothing else.",
     "politics < impeached", "politics in {calm, inquiry}", "Use `=`, `!=` or `in`."),
    ("U319", "A number used as a condition", "A condition is true or false.", "if: groundwork", "if: groundwork > 0", "Compare it with something."),
    ("U320", "Two kinds compared", "A name is never equal to a number.", "politics = 2", "politics = calm", "Compare like with like."),
    ("U321", "A value of the wrong kind", "The variable takes values of another kind.",
     "then: {politics: 2}", "then: {politics: calm}", "Assign a value of its domain."),
    ("U322", "`up` or `down` of a truth value", "There are no steps between true and false.",
     "then: {moratorium: up 1}", "then: {moratorium: true}", "Assign `true` or `false`."),
    ("U323", "Discount outside 0 to 1", "A discount is a factor from one round to the next.", "discount: 1.2", "discount: 0.98", "Choose a number from 0 to 1."),
    ("U324", "Precision that is no positive number", "Precision λ is zero or above, and finite.", "precision: -2", "precision: 12", "Choose a number from 0 up."),
    ("U325", "An assignment outside the range", "In a state that can be reached, the new value is not in the variable's domain.",
     "then: {groundwork: groundwork + 1}", "then: {groundwork: up 1}", "Use `up`/`down`, which stop at the end, or a condition."),
    ("U326", "Not a number in some state", "In a state that can be reached, the expression divides by zero or overflows.",
     "1 / groundwork", "1 / (1 + groundwork)", "Guard it by `if … then … else …`."),
    ("U327", "A step that is not whole", "`up` and `down` move by whole steps.", "then: {groundwork: up 0.5}", "then: {groundwork: up 1}", "Use a whole number."),
    ("U328", "Not a number at the central values", "A prior, discount or precision cannot be computed.",
     "discount: 1 / 0", "discount: 0.9", "Correct the expression."),
    ("U329", "A number that is never taken", "The condition would be false always, or true always.",
     "groundwork = 7", "groundwork = 3", "Use one of the values."),
    ("U330", "A payment too large to choose by", "Numbers have 16 digits: payment times precision beyond 1e15 leaves none for what a choice turns on.",
     "pays: {pyongyang: 1e18}", "pays: {pyongyang: 10}", "Count payments in larger units, or lower the precision."),
)  # fmt: skip

_TIME = _rules(
    ("T701", "Not a date", "Dates are written year-month or year-month-day.", "from: Oct 2019", "from: 2019-10", "Write 2019-10 or 2019-10-02."),
    ("T702", "A calendar without beginning", "Without `from` there is no calendar.", "clock: {rounds: 4, round: month}", "clock: {from: 2019-10, rounds: 4}", "Add `from`."),
    ("T703", "The number of rounds is unclear", "A clock says its rounds once: `rounds`, or `from` and `to`.",
     "clock: {from: 2019-10}", "clock: {from: 2019-10, to: 2021-01}", "State exactly one of `to` and `rounds`."),
    ("T704", "A player without discount for ever", "In an infinite game every player needs a discount below 1.",
     "clock: {rounds: infinite}", "discount: 0.9", "Give the player a discount below 1."),
    ("T705", "A short-lived player with a discount", "It cares for its own round only.", "{lives: one round, discount: 0.9}", "{lives: one round}", "Remove the discount."),
    ("T706", "The end before the beginning", "The clock runs forward.", "{from: 2021-01, to: 2019-10}", "{from: 2019-10, to: 2021-01}", "Swap the dates."),
    ("T707", "The round's number in an infinite game", "There the strategies do not depend on the date.",
     "if: now > 3", "if: phase = late", "Use a state variable for the phase."),
    ("T708", "A discount of 1 or more for ever", "The sum of payoffs would not be finite.", "discount: 1", "discount: 0.95", "Choose a discount below 1."),
    ("T709", "A date without calendar", "A clock of numbered rounds knows no dates.", "now >= 2019-12", "now >= 3", "Use a round's number, or give the clock `from`."),
    ("T710", "A month where rounds are shorter", "A month does not name one round there.", "now >= 2019-12", "now >= 2019-12-01", "Write the day."),
    ("T711w", "A date outside the calendar", "No round contains it.", "dates: {election: 2031-11}", "dates: {election: 2020-11}", "Correct the date, or lengthen the clock."),
    ("T712", "A round that is not there", "The formula looks at a round before the first or after the last.",
     "P(deal by 99)", "P(deal by 12)", "Choose a round of the clock."),
    ("T713", "Beyond the calendar", "Dates run to the end of the year 9999.",
     "{from: 9999-10, rounds: 12}", "{from: 2019-10, rounds: 12}", "Begin earlier, or end sooner."),
    ("T714", "A beginning that the clock cannot have",
     "A variant may begin earlier or later than the clock, where that has a calendar and an end, and by whole weeks where rounds are weeks.",
     "longer: {from: 2025-01}", "longer: {from: 2018-03}", "Begin before the clock's last round, at the beginning of a round."),
)  # fmt: skip

_INFORMATION = _rules(
    ("I501", "A type read where nobody may know it", "Conditions and assignments are public; types are private.",
     "if: pyongyang is staller", "pays: {pyongyang: if pyongyang is staller then 1 else 0}",
     "Use the type in payoffs, signals' and outcomes' probabilities only."),
    ("I502", "A choice read outside its move", "`plays` is the choice at this move.", "payoffs: {each round: {a: b plays push}}",
     "when: [{if: b plays push, pays: {a: 1}}]", "Keep the choice in a state variable, or use `when`."),
    ("I503", "A chance move that reads two players' types", "Its outcome is a signal of one player's type.",
     "probability: if a is x and b is y then 1 else 0", "probability: if a is x then 1 else 0", "Split it into two chance moves."),
    ("I504", "A public draw that reads a type", "A draw after a choice would be a second signal.",
     "chance: {hit: {probability: if a is x then 1 else 0}}", "a chance move of its own", "Make it a chance move, or a signal."),
    ("I505", "A signal that reads what is another's", "A signal depends on its own player's action and type.",
     "signals of a: {seen: {probability: if b is x then 1 else 0}}", "{seen: {probability: if a is x then 1 else 0}}", "Use the mover's own type and action."),
    ("I506", "A hidden action that shows", "A public change of the state would reveal what the signal hides.",
     "cheat: {then: {moratorium: false}}", "signals: {caught: {then: {moratorium: false}}}", "Put the change into the signal."),
    ("I507", "A hidden action that changes another's type", "The others could not know it.", "cheat: {becomes: {washington: …}}",
     "cheat: {becomes: {pyongyang: …}}", "Change the mover's own type only, or put it into the signal."),
    ("I508", "A choice of one who does not move here", "`plays` names a player of this move.", "when: [{if: washington plays x}]",
     "by: [pyongyang, washington]", "Name a player of this move."),
)  # fmt: skip

_PROBABILITY = _rules(
    ("P401", "A prior that does not sum to 1", "The types exhaust the possibilities.", "{trader: 0.3, staller: 0.6}", "{trader: 0.3, staller: 0.7}", "Correct it, or write `rest` for one type."),
    ("P402", "A prior of zero or less", "A type that cannot occur is no type.", "{trader: 0, staller: 1}", "{trader: 0.01, staller: 0.99}", "Remove the type, or give it some probability."),
    ("P403", "A probability outside 0 to 1", "Probabilities lie between 0 and 1.", "probability: 1.4", "probability: 0.4", "Correct the number; 40% is 0.4."),
    ("P404", "`rest` twice", "Only one can take what remains.", "{a: rest, b: rest}", "{a: 0.5, b: rest}", "State all but one."),
    ("P405", "A start that does not sum to 1", "The start values exhaust the possibilities.", "{good: 0.4, bad: 0.4}", "{good: 0.4, bad: rest}", "Correct the numbers."),
    ("P406", "Outcomes that do not sum to 1", "In a state that can be reached, something else would have to happen, or too much.",
     "{vote: {probability: 0.3}}", "{vote: {probability: 0.3}, nothing: {probability: rest}}", "Give one outcome the probability `rest`."),
    ("P407", "A probability outside 0 to 1 in some state", "In a state that can be reached, the expression leaves the range.",
     "probability: 0.4 * groundwork", "probability: min(1, 0.4 * groundwork)", "Bound it by `min` and `max`."),
    ("P408", "Changes of type beyond 1", "What a type becomes has probabilities of at most 1 together.",
     "{a: {b: 0.7, c: 0.7}}", "{a: {b: 0.7, c: 0.3}}", "Correct the numbers; what remains stays as it is."),
)  # fmt: skip

_FORM = _rules(
    ("G601", "Too many types", "A player has 1 to 4 types: the belief grid grows with each.", "types: {a: 0.2, b: 0.2, c: 0.2, d: 0.2, e: 0.2}",
     "types: {a: 0.5, b: 0.5}", "Merge types that act alike."),
    ("G602", "Too many combinations", "An action stands for at most 2,000 combinations of its parameters.", "for: {x: 0 to 1 by 0.0001}", "for: {x: 0 to 1 by 0.1}", "Use a coarser grid."),
    ("G603", "A move by nobody", "`by` names who chooses.", "by: []", "by: pyongyang", "Name a player, or `chance`."),
    ("G604", "A key of the other sort of move", "Players have actions; chance has outcomes.", "{by: chance, actions: {}}", "{by: chance, outcomes: {}}", "Use the right key."),
    ("G605", "A move with nothing to choose from", "A move needs actions, or outcomes.", "{move: talk, by: pyongyang}", "{move: talk, by: pyongyang, actions: {wait: {}}}", "Add them."),
    ("G606", "A state in which nobody can move", "The move happens in a state that can be reached, and no action is available there.",
     "send: {if: groundwork < 3}", "wait: {}", "Add an action that is always available, or an `if` on the move."),
    ("G607", "Two assignments of one variable", "In a state that can be reached, two effects of one move assign it at once.",
     "both players: then: {politics: …}", "when: [{if: …, then: {politics: …}}]", "Leave it to one effect, most simply a `when` case."),
    ("G608", "No player or no move", "A game needs both.", "round: []", "round: [{move: …}]", "Add one."),
    ("G609", "A draw inside a draw", "At most one draw follows an effect.", "chance: {a: {chance: {…}}}", "chance: {a: {…}, b: {…}}", "List all outcomes side by side, or add a chance move."),
    ("G610", "A player twice at one move", "Each chooses once.", "by: [a, a]", "by: [a, b]", "Remove one."),
    ("G611", "A type that becomes itself", "What remains of the probability stays as it is.", "{staller: {staller: 0.5}}", "{staller: {trader: 0.5}}", "Remove it."),
    ("G612w", "A move that never happens", "Its condition holds in no state that can be reached.", "if: groundwork > 7", "if: groundwork > 2", "Correct the condition, or remove the move."),
    ("G613w", "An action that is never available", "Its condition holds in no state that can be reached.", "if: groundwork > 7", "if: groundwork > 2", "Correct the condition, or remove the action."),
    ("G614w", "The game is over before it begins", "`ends when` holds at the start.", "ends when: true", "ends when: deal != none", "Correct the condition or the start."),
    ("G615w", "A player without a move", "It only watches.", "players: {bystander: {}}", "by: bystander", "Give it a move, or remove it."),
    ("G616", "A variant that leaves nobody able to move", "All actions of a move are taken away.", "without: [wait, test]", "without: [test]", "Leave at least one action."),
    ("G617", "Too many combinations of types", "Payoffs are kept for every combination of all players' types; 4,096 are possible.",
     "seven players of four types", "two players of four types", "Give types only to players whose secret matters."),
    ("G618", "Too many choices at once", "Every combination of what the players of one move do is looked at; 20,000 are possible.",
     "two players at once, 200 offers each", "two players at once, 20 offers each", "Use coarser grids, or let the players move one after the other."),
    ("G619", "Too many first states", "Every combination of start values is a state; 20,000 are possible.",
     "nine variables that start with ten values each", "a chance move that draws them when they matter", "Give fewer variables a random start."),
    ("G620", "Too many draws at once", "Every combination of the draws that follow a choice is a branch; 10,000 are possible.",
     "twenty cases of `when`, each with a draw", "one case with a draw", "Draw once, or in chance moves one after the other."),
    ("G621", "A perceived game with other actions", "Who errs about the game still chooses among the actions that there are, and watches those that are taken.",
     "{perceives: {north: no_tests}}, no_tests: {without: [test]}", "{perceives: {north: costly_tests}}, costly_tests: {parameters: {cost: 9}}",
     "Let both variants take away the same actions; make an action unattractive in the perceived one instead."),
    ("G624", "A misperception of the calendar", "Who errs about the game still acts in its rounds, so both begin on one day.",
     "misread: {perceives: {north: longer}}", "misread: {based on: longer, perceives: {north: longer_calm}}",
     "Let both variants begin on the same day."),
    ("G622", "A misperception of a misperception", "The perceived variant is a game that is solved; one in which somebody errs has no equilibrium of its own.",
     "misread: {perceives: {north: misread}}", "misread: {perceives: {north: easy_south}}", "Name a variant without `perceives`."),
    ("G623", "Awareness that is not possible", "Who knows of an error answers it; that is worked out for one who knows and one who errs, while nobody else moves, in a finite game.",
     "{perceives: {north: x}, aware: [north]}", "{perceives: {north: x}, aware: [south]}", "Name one other player who moves, or leave `aware` out: then nobody knows of the error."),
    ("G641", "Agreements without a walk-away", "The first agreement is none at all; what the others are worth is told against it.",
     "agreements: {partial: {deal: partial}}", "agreements: {none: {}, partial: {deal: partial}}", "Put the state without an agreement first: `none: {}`."),
    ("G642", "Two agreements alike", "The same state cannot be worth two things.",
     "agreements: {none: {}, nothing: {}}", "agreements: {none: {}, partial: {deal: partial}}", "Name the variable in which they differ, or remove one."),
)  # fmt: skip

_CLAIMS = _rules(
    ("C401", "An empty formula", "There is nothing to ask.", "deal: ''", "deal: P(groundwork = 3)", "Write the formula."),
    ("C402", "Not a form of formulas", "Formulas are made of P, E, belief, value, strategy and arithmetic.", "prob(deal)", "P(deal)", "Use a form of the language page."),
    ("C403", "A claim without formula or reason", "What the model cannot decide is said to be undecided, and why.",
     "{quote: …, by: X, kind: fact}", "{quote: …, by: X, kind: fact, reason: the record decides}", "Add `holds if` or `reason`."),
    ("C404", "A quote of more than 15 words", "Quotes are short: what is claimed, in the speaker's words.", "a quote of 16 words", "a quote of 15 words", "Shorten it."),
    ("C405", "A claim that is neither true nor false", "`holds if` compares something.", "holds if: P(deal)", "holds if: P(deal) > 0.5", "Compare it with something."),
    ("C406", "A state variable outside P and E", "It has a value only in a state.", "ask: groundwork + 1", "ask: E(groundwork at 3)", "Put it into P(…) or E(…)."),
    ("C407", "A choice or type inside E", "E takes an expression of the state.", "E(pyongyang plays test)", "P(pyongyang plays test)", "Use P for events."),
    ("C408", "A hidden action among public observations", "The public sees the signal.", "after (pyongyang plays cheat)", "after (pyongyang plays caught)", "Name the signal."),
    ("C409", "A truth value in arithmetic", "A comparison is no number in a formula.", "(P(a) > 0.5) + 1", "P(a) + 1", "Remove the comparison."),
    ("C410", "A number where truth is needed", "`and`, `or` and `not` join comparisons.", "P(a) and P(b) > 0.5", "P(a) > 0.5 and P(b) > 0.5", "Compare it with something."),
    ("C411", "A number of rounds that is not whole", "`within N rounds` counts rounds from 1.", "P(deal within 0 rounds)", "P(deal within 3 rounds)", "Use a whole number from 1."),
    ("C412", "Averages in an infinite game", "A date has no meaning there.", "E(x at 2020-12)", "E(x at 12)", "Use a round's number."),
    ("C413", "E without a date", "Without end, the state has no last value.", "E(groundwork)", "E(groundwork at 3)", "Say at which round."),
    ("C414", "A probability outside 0 to 1 in `from`", "A belief is a probability.", "belief a is x = 2", "belief a is x = 0.2", "Choose a number from 0 to 1."),
    ("C415", "Not the number of a round", "A round is named by a date, or by a whole number that stands by itself.",
     "P(deal by 1.5)", "P(deal by 2)", "Write a date or a whole number."),
    ("C416", "A state said twice", "Only one of the two could hold.",
     "from (groundwork = 1, groundwork = 2)", "from (groundwork = 1)", "Remove one of them."),
    ("C417w", "Computed numbers compared exactly", "What is computed is hardly ever exactly equal to anything.",
     "P(war) = 0.2", "P(war) within 0.001 of 0.2", "Write `X within 0.001 of Y`."),
    ("C418", "Read in two places", "A formula is read in one variant, and after one history or from one state; of two only one could count.",
     "P(deal) after (a plays wait) after (b plays wait)", "P(deal) after (a plays wait, b plays wait)", "Write one history with all that was seen, or compare two formulas."),
    ("C431", "An unknown table", "Facts are answered from the record files under `tables`.", "count(launch)", "count(launches)", "Name a table."),
    ("C432", "An unknown column", "A condition compares a column of the file.", "count(launches where clas = SRBM)", "count(launches where class = SRBM)", "Name a column of the file's first line."),
    ("C433w", "A value that never occurs", "A misspelt value is found in no row, and the count is 0.", "count(launches where class = SRMB)", "count(launches where class = SRBM)", "Correct the value; if it is meant, ask what does occur and count those."),
    ("C434", "A value of the wrong kind", "Days are compared with days, numbers with numbers; texts are equal or not, or contain words.",
     "count(launches where day > SRBM)", "count(launches where day > 2019-05)", "Compare with what the column holds."),
    ("C435", "Days of a table without days", "`days`, `first` and `last` read the column that `date` names.", "launches: {file: launches.csv}", "launches: {file: launches.csv, date: day}", "Give the table's `date`."),
    ("C436", "A day among numbers", "A day less a day is a number of days; a day is compared with days only.", "first(launches) > 3", "first(launches) > 2019-05", "Compare it with a date, or take one day from another."),
    ("C437", "Two claims of one number", "Each sentence of the list is answered once.", "a: {number: 7}, b: {number: 7}", "a: {number: 7}, b: {number: 8}", "Correct one of them."),
    ("C438", "A code that events do not have", "A condition on codes of events names one of the vocabulary's, so that a slip is no count of 0.", "plover = THREAT", "plover = THREATEN", "Write a PLOVER event or a CAMEO code."),
    ("C441", "Deadlines without a calendar", "An event is forecast from one day up to another.", "clock: {rounds: 4}", "clock: {from: 2019-10, to: 2020-12}", "Give the clock `from` and `to`."),
    ("C442", "A hindcast of something else than P(X)", "What is asked up to each deadline is whether one event comes about.", "ask: P(deal by 2020-06)", "ask: P(deal)", "Write `P(X)` without a time; the deadlines stand under `by`."),
    ("C443w", "A deadline outside the calendar", "The scenario says nothing of that time; the event is not answered.", "by: [2031-12-31]", "by: [2020-12-31]", "Correct the deadline, or extend the clock."),
    ("C444", "Rows that cover no time", "The last day covered lies before the first.", "covered from: 2020-01, covered to: 2019-01", "covered from: 2019-01, covered to: 2020-01", "Exchange the two days."),
    ("C445", "A state that happens again", "Once it is reached a state lasts, so each later forecast of it is certain; what happens again is an act.", "ask: P(deal), again: true", "ask: P(south plays sign), again: true", "Ask of the act that brings the state about, or leave `again` out."),
)  # fmt: skip

_EVIDENCE = _rules(
    ("E501w", "A source that is not listed", "Numbers, records and claims cite keys of `sources`.", "source: CSN", "source: CNS", "List it under `sources`, or correct the key."),
    ("E502", "A record of an unknown player or action", "The record says what happened in the words of the game.", "{player: pyongyang, action: tset}", "{player: pyongyang, action: test}", "Use a player's action, or `chance` and an outcome."),
    ("E503w", "Measured, but by whom", "A measured number has a source.", "{value: 0.3, status: measured}", "{value: 0.3, status: measured, source: CNS}", "Cite it."),
    ("E504w", "Rows out of order", "The record is read from the first day to the last.", "2019-11 before 2019-10", "2019-10 before 2019-11", "Sort the rows by date."),
    ("E505w", "A row outside the calendar", "No round contains its day.", "date: 1999-01-01", "date: 2019-10-02", "Correct the date, or the clock."),
    ("E511", "A record file that cannot be read", "Facts rest on files beside the scenario's, and on no others.", "file: ../launches.csv", "file: data/launches.csv", "Check the path."),
    ("E512", "A record file that is no table", "Every row has one cell for each column that the first line names.",
     "day,class\\n2019-05-04", "day,class\\n2019-05-04,SRBM", "Mend the line of the file."),
    ("E513", "A column that the file does not have", "The first line of the file names the columns.", "date: dat", "date: day", "Name a column of the file's first line."),
    ("E514", "Not a day", "Each row of a table with days happened on a day, or its cell is empty.", "May 2019", "2019-05-04", "Write the day as year-month-day; leave the cell empty where it is not known."),
    ("E515w", "Tables without a folder", "Record files stand beside the scenario's file; a text or a dictionary has no such place.",
     "cat talks.yaml | winset check -", "winset check talks.yaml", "Read the scenario from its file; until then facts are undecided."),
    ("E516", "A code that events do not have", "Codes of events are read by the vocabularies of PLOVER and CAMEO, so each has to be in them.",
     "THREAT, 23", "THREATEN, 13", "Correct the cell, or name another column."),
    ("E521", "Rows for a move that is not there", "Rows are read as acts at a move of the round.", "observed: {programm: …}", "observed: {programme: …}", "Name a move of the round."),
    ("E522", "Rows for an act that is not there", "A row says that something was seen at the move: an action, a signal of a hidden one, an outcome of chance.",
     "{nuklear: nuclear_tests}", "{nuclear: nuclear_tests}", "Name what can be seen at the move."),
    ("E523", "Which side's act", "Where several sides of a move have an act of one name, a row says whose it was.", "{push: clashes}", "{north plays push: clashes}", "Write `PLAYER plays ACT`."),
    ("E524", "An act with two places in the record", "Of a side's acts each leaves its own rows, and silence stands for one that leaves none.",
     "{acts: {hold: tests}, silence: hold}", "{acts: {test: tests}, silence: hold}", "Name each act once."),
    ("E525", "Rows without days", "Which round a row belongs to follows from its day.", "{file: tests.csv}", "{file: tests.csv, date: day}", "Name the column of days, and give the clock `from`."),
    ("E527w", "A row that does not say where", "A row of the record is a report of one move; where several moves have the act, `observed` says which.",
     "{player: pyongyang, action: wait}", "{player: pyongyang, action: send}", "List the act at one of the moves under `observed`; until then the row is not used."),
)  # fmt: skip

_HYPOTHESES = _rules(
    ("E531", "A hypothesis of a variant that is not there", "A hypothesis is the scenario as it is, or one of its variants.",
     "{both: base, neither: neithr}", "{both: base, neither: neither}", "Name a variant, or `base`."),
    ("E532", "Types of nobody", "Types that compete are those of a player of whom more than one type is possible.",
     "{types of: pyongjang}", "{types of: pyongyang}", "Name a player with several types."),
    ("E533", "Nothing that competes", "Hypotheses are weighed against each other, so a set holds at least two of one kind.",
     "{both: base}", "{both: base, neither: neither}", "Add what it competes with."),
    ("E534", "One hypothesis under two names", "The record cannot tell apart what is the same.",
     "{both: base, all: base}", "{both: base, neither: neither}", "Remove one, or name another variant."),
    ("E535", "A prior that is not above 0", "Priors are weights: what has none is no hypothesis.",
     "{in: neither, prior: 0}", "{in: neither, prior: 0.5}", "Give it a weight above 0, or leave it out."),
    ("E536", "Hypotheses weighed by different records", "A variant that begins later is not asked about what came before.",
     "{both: base, neither: since_2018}", "{both: base, neither: neither}", "Let all variants of the set begin on one day."),
)  # fmt: skip
_BLOCKS = _rules(*BLOCK_ROWS)
_LATER = _rules(*ROWS)
_TREES = _rules(*TREE_ROWS)
_MARKOV = _rules(*MARKOV_ROWS)

RULES: dict[str, Rule] = {
    rule.code: rule
    for family in (
        _SYNTAX,
        _NAMES,
        _UNITS,
        _TIME,
        _INFORMATION,
        _PROBABILITY,
        _FORM,
        _CLAIMS,
        _EVIDENCE,
        _HYPOTHESES,
        _BLOCKS,
        _LATER,
        _TREES,
        _MARKOV,
    )
    for rule in family
}


def complete(found: Diagnostic) -> Diagnostic:
    """The diagnostic with the rule's reason and fix where it states none of its own."""
    rule = RULES[found.code]
    fix = found.fix or (f"Write `{found.nearest}`." if found.nearest else rule.fix)
    severity = "warning" if rule.warning else found.severity
    return replace(found, why=found.why or rule.why, fix=fix, severity=severity)
