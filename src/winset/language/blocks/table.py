"""The keys of every kind of building block; part of the table of the language (`winset.language.fields`)."""

# ruff: noqa: E501  (a table of one row a key)

from __future__ import annotations

from winset.language.field import Field, Section

_NOTE = Field("note", "text", "a remark that is kept with what the block makes")
_KINDS = (
    Section("deadline", "A date by which something must have happened, or it costs who set it.", (
        Field("by", "name", "the player who pays", required=True, example="pyongyang"),
        Field("on", "own:on", "a date, a name of `clock.dates`, or the number of a round", required=True, example="2019-12-31", sense="round"),
        Field("unless", "expression", "where true, the deadline counts as met", default="false"),
        Field("cost", "expression", "paid at the end of the deadline's round where it is not met", required=True, example="0.05", sense="amount"),
        Field("returning", "one:returning", "what coming back to the table afterwards costs"),
        Field("note", "text", "a remark for the reader of the file"),
    )),
    Section("tenure", "A leader's hold on office: hazards from one public state to the next, and an election.", (
        Field("of", "name", "the player whose leader it is", required=True, example="washington"),
        Field("values", "own:values", "the states of the office, in order", required=True, example="[calm, inquiry, gone]"),
        Field("start", "own:start", "the first state, or states with probabilities", required=True, example="calm"),
        Field("changes", "map:change", "what may happen in a round: named hazards"),
        Field("election", "one:election", "a date on which the office is won or lost"),
        _NOTE,
    )),
    Section("ratification", "A ratifier whose standard is not known accepts an agreement or rejects it.", (
        Field("of", "name", "the player whose side ratifies", required=True, example="washington"),
        Field("agreements", "own:expressions", "action or outcome to its worth to the ratifier", required=True, example="{sign: 0.5}"),
        Field("threshold", "expression", "the least worth that may do; it may read the state", required=True, example="0.3"),
        Field("spread", "expression", "the standard is uniform from the threshold to this much above it", default="0", sense="amount"),
        Field("rejected", "one:result", "what follows from a rejection"),
        _NOTE,
    )),
    Section("delegation", "Delegates without authority: whether they work or only listen is not seen, progress is.", (
        Field("by", "name", "the player whose delegates they are", required=True, example="pyongyang"),
        Field("if", "expression", "where false, there are no talks", default="true"),
        Field("builds", "name", "the variable that progress raises by one level", required=True, example="groundwork"),
        Field("levels", "own:range", "its lowest and highest level; without it `state` declares the variable"),
        Field("start", "own:start", "its first level", default="the lowest"),
        Field("working", "expression", "chance of progress where the delegates work", required=True, example="0.4", sense="chance"),
        Field("listening", "expression", "chance of progress where they only listen", default="0", sense="chance"),
        Field("cost", "expression", "of working, to the player; it may read the player's type", default="0", sense="cost"),
        Field("then", "own:then", "assignments that follow in any case"),
        Field("failing", "own:then", "those that follow without progress, in place of `then`"),
        _NOTE,
    )),
    Section("capability", "A stock of levels that time and tests raise and agreements lower.", (
        Field("of", "name", "the player who has it", required=True, example="pyongyang"),
        Field("levels", "own:range", "lowest and highest level", required=True, example="[0, 2]"),
        Field("start", "own:start", "the first level", required=True, example="1"),
        Field("grows", "one:growth", "growth by itself"),
        Field("raised by", "own:expressions", "action to the chance that it adds a level", sense="chance"),
        Field("lowered by", "own:expressions", "action or outcome to the levels it takes away, or `all`", sense="steps"),
        Field("worth", "own:expressions", "player to what a level is worth to it each round"),
        Field("beyond", "expression", "rounds for which the last level counts at the end", default="0", sense="amount"),
        _NOTE,
    )),
    Section("monitoring", "Compliance is a hidden choice, seen only through an inspection that may err.", (
        Field("of", "name", "the player who complies or cheats", required=True, example="pyongyang"),
        Field("if", "expression", "where false, nothing is inspected", default="true"),
        Field("gain", "expression", "of cheating, to the player; it may read the player's type", required=True, example="0.1"),
        Field("harm", "own:expressions", "player to what cheating costs it, seen or not", sense="amount"),
        Field("detection", "expression", "chance that cheating is found", required=True, example="0.4", sense="chance"),
        Field("false alarm", "expression", "chance that the innocent are found guilty", default="0", sense="chance"),
        Field("costs", "own:expressions", "player to what an inspection costs it", sense="amount"),
        Field("found", "one:result", "what follows, in public, from what was found"),
        Field("becomes", "own:steps", "changes of the cheater's type, unseen: old type, new type, probability"),
        _NOTE,
    )),
    Section("audience cost", "A public commitment that costs its maker when it is broken.", (
        Field("of", "name", "the player who is bound", required=True, example="pyongyang"),
        Field("start", "own:start", "whether it stands at first", default="false"),
        Field("made by", "events", "actions or outcomes that make it"),
        Field("broken by", "events", "those that break it, at its cost where it stood", required=True, example="[test]"),
        Field("released by", "events", "those that end it without cost"),
        Field("cost", "expression", "of breaking it; it may read the player's type", required=True, example="0.03", sense="cost"),
        _NOTE,
    )),
    Section("rapport", "A channel between leaders: built slowly, lost at once.", (
        Field("between", "names", "the players", required=True, example="[pyongyang, washington]"),
        Field("levels", "own:values", "its levels, from the lowest", default="cold, warm"),
        Field("start", "own:start", "the first level", required=True, example="warm"),
        Field("built by", "events", "actions or outcomes that raise it by one level"),
        Field("lost by", "events", "those that end it: the lowest level"),
        _NOTE,
    )),
)  # fmt: skip
_PARTS = (
    Section("returning", "What coming back after a deadline costs.", (
        Field("by", "names", "the actions that come back", required=True, example="[talk]"),
        Field("cost", "expression", "of each of them", required=True, example="0.02", sense="amount"),
        Field("if", "expression", "once the date is past: where true, the cost is paid", default="the deadline is not met"),
    )),
    Section("change", "One hazard of a tenure.", (
        Field("from", "names", "the states in which it may happen", required=True, example="inquiry"),
        Field("to", "name", "the state it leads to", required=True, example="trial"),
        Field("rate", "expression", "its probability in a round", required=True, example="0.3", sense="chance"),
        Field("if", "expression", "a further condition, such as `now < campaign`", default="true"),
        Field("pays", "own:pays", "payments: player to amount, or to named parts of an amount"),
        Field("then", "own:then", "assignments to other variables"),
        _NOTE,
    )),
    Section("election", "A date on which an office is won or lost.", (
        Field("on", "own:on", "a date, a name of `clock.dates`, or the number of a round", required=True, example="2020-11-03", sense="round"),
        Field("from", "names", "the states in which the leader stands", default="all but `lost`"),
        Field("defeat", "expression", "probability of losing it", required=True, example="0.5", sense="chance"),
        Field("lost", "name", "the state after a defeat", required=True, example="lost"),
        Field("won", "name", "the state after a victory", required=True, example="calm"),
    )),
    Section("growth", "How a capability grows by itself.", (
        Field("rate", "expression", "chance of one more level in a round", required=True, example="0.03", sense="chance"),
        Field("if", "expression", "where false, it does not grow", default="true"),
        Field("in", "name", "a chance move to which the outcome is added; else the block makes a move"),
    )),
    Section("result", "What follows in public.", (
        Field("pays", "own:pays", "payments: player to amount, or to named parts of an amount"),
        Field("then", "own:then", "assignments: variable to expression, `up n` or `down n`"),
    )),
    Section("placement", "The place of a block's move among the moves of a round.", (
        Field("block", "name", "the name of the block", required=True, example="inspections"),
        Field("move", "name", "the name of the move", default="the block's name"),
        _NOTE,
    )),
)  # fmt: skip

KINDS: dict[str, Section] = {section.name: section for section in _KINDS}
BLOCK = Section(
    "block",
    "A building block: one key, which is its kind.",
    tuple(Field(name, f"one:{name}", section.meaning) for name, section in KINDS.items()),
)
BLOCK_TABLE = (BLOCK, *_KINDS, *_PARTS)
