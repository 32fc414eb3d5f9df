"""The rules of building blocks: met while a block is expanded."""

# ruff: noqa: E501  (a table of one row a rule)

BLOCK_ROWS = (
    ("B901", "Not one kind of block", "The one key of a block says what it is a part of.",
     "blocks: {year_end: {by: pyongyang}}", "blocks: {year_end: {deadline: {by: pyongyang, …}}}", "Put the fields under the name of a kind."),
    ("B902", "A block without a place", "A round is an ordered list of moves, and only its author knows when in it this one comes.",
     "round: [{move: talk, …}]", "round: [{block: inspections}, {move: talk, …}]", "Add `- block: NAME` among the moves."),
    ("B903", "A place without need", "A block that makes a move has one place in the round; one that makes none has none.",
     "round: [{block: room}, {block: room}]", "round: [{block: room}]", "Remove it."),
    ("B904", "No such block", "Only what `blocks` names can be placed.", "- block: inspection", "- block: inspections", "Correct the name."),
    ("B905", "A block names what is not there", "It acts on actions, outcomes and signals of the round, or of other blocks' moves.",
     "broken by: [long_rnge]", "broken by: [long_range]", "Use `action`, `outcome` or `move.action`."),
    ("B906", "A name that is taken", "What a block makes is named after it, and must not take the place of something else.",
     "state: {pledge: …} beside blocks: {pledge: {audience cost: …}}", "blocks: {moratorium: {audience cost: …}}", "Rename the block, or remove the other."),
    ("B907", "A block assigns what is assigned already", "Only one of the two assignments could count.",
     "test: {then: {pledge: false}} beside broken by: [test]", "test: {} beside broken by: [test]", "Leave it to the block, or name other actions."),
    ("B908", "A draw where none can be added", "At most one draw follows an action, and a signal is one already.",
     "raised by: {test: 0.1}, where test has a `chance`", "raised by: {test: 0.1}, where it has none", "Put the other draw into a chance move, or name the outcomes."),
    ("B909", "A field that does not fit the others", "Alone it would mean nothing.",
     "delegation: {builds: work, start: 0}", "delegation: {builds: work, levels: [0, 2], start: 0}", "Add the field it belongs to, or remove it."),
    ("B910", "A number that a field cannot mean", "A cost is no gain, a chance lies from 0 to 1, a spread is not below 0, and a round has a whole number.",
     "ratification: {spread: -1, …}", "ratification: {spread: 0.5, …}", "Correct the number, or the range of the parameter."),
    ("B911", "Blocks that stand for too much at one place", "What several blocks make of one probability is written into one expression, and its size is bounded.",
     "sixty blocks that ratify one agreement", "two blocks that ratify one agreement", "Let one block ratify for several: its worth the least of theirs, `min(…)`."),
)  # fmt: skip
