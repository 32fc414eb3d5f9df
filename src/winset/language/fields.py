"""The one table of what may be written where: it drives the reader, the JSON Schema and the reference page.

A field's `kind` says what may stand as its value:

    text           any text                     name          a name
    names          a list of names              truth         true or false
    whole          a whole number               number        a constant number
    date           2019, 2019-10, 2019-10-02    expression    an expression, or a number with its pedigree
    formula        a formula                    choice:a|b    one of these words
    one:SECTION    a mapping of that section    map:SECTION   names to mappings of that section
    events         names of actions, outcomes or signals; or each with the condition under which it counts
    list:SECTION   a list of such mappings      own:…         read by a function of its own
"""

from __future__ import annotations

from winset.language.blocks.table import BLOCK_TABLE
from winset.language.field import Field, Section

__all__ = ["EFFECT_KEYS", "SECTIONS", "Field", "Section"]

_NOTE = Field("note", "text", "a remark that is kept with the element")
_EFFECT = (
    Field("pays", "own:pays", "payments: player to amount, or to named parts of an amount"),
    Field("then", "own:then", "assignments: variable to expression, `up n` or `down n`"),
    Field("becomes", "own:becomes", "changes of type: player, old type, new type, probability"),
    Field("chance", "map:outcome", "a public draw that follows: named outcomes"),
)
_TABLE = (
    Section("scenario", "The whole file.", (
        Field("winset", "whole", "version of the language, 1", required=True, example="1"),
        Field("scenario", "text", "the title", required=True, example="A title"),
        Field("about", "text", "a paragraph for the reader"),
        Field("sources", "own:texts", "keys that numbers, records and claims may cite"),
        Field("clock", "one:clock", "how time passes", required=True, example="{rounds: 4}"),
        Field("solution", "one:solution", "how the scenario asks to be solved", example="{precision: 12}"),
        Field("parameters", "map:parameter", "numbers with their pedigree"),
        Field("players", "map:player", "who decides", required=True, example="{a: {}, b: {}}"),
        Field("state", "map:variable", "public variables with finite domains"),
        Field("blocks", "map:block", "building blocks: each name stands for the parts that its kind makes"),
        Field("define", "own:expressions", "names for expressions"),
        Field(
            "round", "list:move", "the moves of a round, in order", required=True,
            example="[{move: talk, by: a, actions: {wait: {}, sign: {}}}]",
        ),
        Field("ends when", "expression", "the game is over once this holds", default="false"),
        Field("payoffs", "one:payoffs", "what is paid at the end of each round and of the game"),
        Field("tables", "map:table", "record files beside the scenario's, for facts"),
        Field("mechanisms", "map:mechanism", "the parts of the argument and what carries each"),
        Field("agreements", "own:agreements", "deals on the table: the state right after each, the walk-away first"),
        Field("record", "list:observation", "what happened, dated and sourced"),
        Field("observed", "own:observed", "which rows of record files stand for which acts of the moves"),
        Field("variants", "map:variant", "named changes"),
        Field("hypotheses", "own:hypotheses", "competing explanations, to be weighed by the record"),
        Field("questions", "map:question", "named formulas whose values are asked for"),
        Field("claims", "map:claim", "quoted sentences made checkable"),
        Field("hindcast", "map:hindcast", "events that are forecast from dates of the past, and scored"),
    )),
    Section("clock", "How time passes: rounds, or a calendar.", (
        Field("from", "date", "the first round's date"),
        Field("to", "date", "the last round's date"),
        Field("round", "choice:day|week|month|quarter|year", "length of a round", default="month"),
        Field("rounds", "own:rounds", "number of rounds, or `infinite`"),
        Field("dates", "own:dates", "named dates, for expressions"),
    )),
    Section("solution", "How the scenario asks to be solved.", (
        Field("precision", "expression", "λ of every player that states none of its own", default="10"),
        Field("shocks", "choice:excluded|included", "whether values include the expected shock", default="excluded"),
        Field("grid", "whole", "inner belief nodes per uncertain dimension", default="15"),
        Field("span", "number", "outermost inner belief node, in log-odds", default="6"),
        _NOTE,
    )),
    Section("parameter", "A number with its pedigree.", (
        Field("value", "number", "the central value; without it the parameter is open"),
        Field("range", "own:range", "lowest and highest plausible value"),
        Field("distribution", "own:distribution", "uniform, normal, lognormal, triangular or beta, with arguments"),
        Field("unit", "text", "its unit"),
        Field("status", "choice:measured|expert range|assumed", "where the number comes from", default="assumed"),
        Field("source", "text", "a key of `sources`, or free text"),
        _NOTE,
    )),
    Section("player", "Who decides.", (
        Field("about", "text", "one line for the reader"),
        Field("types", "own:expressions", "1 to 4 private types with their prior", default="one type"),
        Field("discount", "expression", "factor from one round to the next", default="1"),
        Field("precision", "expression", "λ, per unit of payoff", default="solution.precision"),
        Field("lives", "choice:one round|all rounds", "short-lived: only its own round matters", default="all rounds"),
        _NOTE,
    )),
    Section("variable", "A public state variable.", (
        Field("values", "own:values", "an enumeration: its names, in order"),
        Field("range", "own:range", "lowest and highest number"),
        Field("by", "number", "step of the range", default="1"),
        Field("start", "own:start", "first value, or values with probabilities", required=True, example="0"),
        _NOTE,
    )),
    Section("move", "One step of a round, by players.", (
        Field("move", "name", "its name", required=True),
        Field("by", "own:by", "a player, a list of players who move at once, or `chance`", required=True),
        Field("if", "expression", "where false, the move does not happen", default="true"),
        Field("actions", "own:actions", "what may be done; keyed by player where several move"),
        Field("signals", "own:signals", "what the public sees instead of the action"),
        Field("when", "list:case", "what follows from the choices: every case that holds applies"),
        Field("outcomes", "map:outcome", "of a chance move: its named outcomes"),
        _NOTE,
    )),
    Section("action", "A labelled choice.", (
        Field("for", "own:for", "parameters: one action per combination of their values"),
        Field("if", "expression", "where false, the action is not available", default="true"),
        *_EFFECT,
        _NOTE,
    )),
    Section("outcome", "A result of chance, or a signal.", (
        Field("probability", "own:probability", "an expression, or `rest`", required=True),
        Field("if", "expression", "where false, its probability is zero", default="true"),
        *_EFFECT,
        _NOTE,
    )),
    Section("case", "An effect that follows when the choices meet a condition.", (
        Field("if", "expression", "the condition", required=True),
        *_EFFECT,
        _NOTE,
    )),
    Section("payoffs", "What is paid apart from moves.", (
        Field("each round", "own:pays", "at the end of every round played"),
        Field("at the end", "own:pays", "when the game is over"),
    )),
    Section("observation", "One dated row of the record.", (
        Field("date", "date", "the day", required=True),
        Field("player", "name", "who, or `chance`", required=True),
        Field("action", "name", "the action or outcome", required=True),
        Field("source", "text", "a key of `sources`, or free text"),
        _NOTE,
    )),
    Section("observed", "How the record is read as acts of the game: one key for each move that leaves rows.", (
        Field("trust unchecked", "expression", "chance that a report from unchecked rows is right", default="1"),
    )),
    Section("observed_move", "What the record says of one move.", (
        Field(
            "acts", "own:rows", "act to its rows, `TABLE where CONDITION`; of several the first that has rows counts",
            required=True, example="{test: launches where missile_class = SRBM}",
        ),
        Field("silence", "names", "what was done in a round that left no row", default="silence says nothing"),
        Field("missed", "own:missed", "chance that an act leaves no row, for all acts or by act", default="0"),
        Field("mistaken", "expression", "chance that the record says another thing than it should", default="0"),
        Field("known after", "whole", "days after its date that a row is known", default="0"),
        _NOTE,
    )),
    Section("table", "A record file: CSV, the columns named in its first line; or YAML, a list of mappings.", (
        Field("file", "text", "its path from the scenario's folder", required=True, example="data/events.csv"),
        Field("date", "text", "the column of the rows' days", example="date"),
        Field("shows", "names", "the columns that say what a row is about", default="every column"),
        Field("source", "text", "a key of `sources`, for all rows"),
        Field("source column", "text", "the column of each row's own key"),
        Field("unchecked", "own:texts", "source keys whose rows nobody has checked, and why"),
        Field("plover", "text", "the column of PLOVER event names", example="event"),
        Field("cameo", "text", "the column of CAMEO codes", example="code"),
        Field("scope", "text", "what the file leaves out"),
        _NOTE,
    )),
    Section("mechanism", "A part of the argument.", (
        Field("part", "text", "what it is, in a few words", required=True, example="playing for time"),
        Field("carried by", "names", "names declared in the scenario", required=True, example="[staller, listen]"),
        Field(
            "simplified", "text", "what was simplified, and what that costs", required=True,
            example="delay pays a fixed amount",
        ),
        _NOTE,
    )),
    Section("variant", "A named change to the scenario.", (
        Field("based on", "name", "the variant it starts from"),
        Field("start", "own:starts", "start values"),
        Field("parameters", "own:numbers", "values of parameters"),
        Field("prior", "own:priors", "priors: player, type, probability"),
        Field("without", "names", "actions taken away: `action` or `move.action`"),
        Field("dates", "own:dates", "named dates"),
        Field("from", "date", "where it begins, in place of the clock; the end stays", default="the clock's"),
        Field("switches off", "names", "labels of the mechanisms it switches off"),
        Field("switches on", "names", "labels of those that the base is without and it switches on"),
        Field("perceives", "own:perceives", "who errs: player to the variant it takes for the game"),
        Field("aware", "names", "who knows of the error and exploits it", default="nobody"),
        _NOTE,
    )),
    Section("hypothesis", "One of several competing explanations; for most its variant's name alone is enough.", (
        Field("in", "name", "the variant in which it holds; `base` for the scenario as it is", required=True,
              example="base"),
        Field("prior", "number", "its weight beside the others, before the record", default="1"),
        _NOTE,
    )),
    Section("question", "A formula whose value is asked for.", (
        Field("ask", "formula", "the formula", required=True, example="P(EVENT)"),
        Field("headline", "truth", "leads the brief", default="false"),
        _NOTE,
    )),
    Section("claim", "A quoted sentence made checkable.", (
        Field("quote", "text", "the words, at most 15", required=True, example='"the words"'),
        Field("by", "text", "the speaker", required=True, example="the speaker"),
        Field("source", "text", "a key of `sources`, or free text"),
        Field("kind", "choice:fact|cause|belief|forecast|result", "what sort of sentence it is", required=True),
        Field("holds if", "formula", "a formula that is true or false"),
        Field("reason", "text", "why no formula can be given"),
        Field("number", "whole", "its number in a list of the argument's sentences"),
        _NOTE,
    )),
    Section("hindcast", "An event that is forecast from dates of the past, and scored by what happened.", (
        Field("ask", "formula", "`P(X)`, without a time", required=True, example="P(EVENT)"),
        Field("by", "own:days", "the deadlines; a month means its last day", required=True, example="[2019-12-31]"),
        Field(
            "happened", "own:selected", "`TABLE where CONDITION`, or a list: any such row says that it happened",
            required=True, example="events where category = talks",
        ),
        Field("again", "truth", "each forecast is about the time after it; else one row settles it", default="false"),
        Field("covered from", "date", "the first day that the rows cover", default="the table's first row"),
        Field("covered to", "date", "the last day that the rows cover", default="the table's last row"),
        Field("public", "own:dates", "ids of public questions about it, each with its deadline"),
        Field("public against", "own:dates", "the same, of questions whose statement is the opposite"),
        _NOTE,
    )),
)  # fmt: skip

SECTIONS: dict[str, Section] = {section.name: section for section in (*_TABLE, *BLOCK_TABLE)}
EFFECT_KEYS = tuple(f.key for f in _EFFECT)
