"""The rules of Markov games: met while one is made from arrays or from a scenario, solved or certified."""

# ruff: noqa: E501  (a table of one row a rule)

MARKOV_ROWS = (
    ("M101", "Payoffs that are no table for each state", "With P players every state needs P tables with an axis for each player's actions.",
     "payoffs of the shape (2, 3) for two players", "payoffs of the shape (2, 3, 2)", "Give each state such an array; a player without a choice has an axis of length 1."),
    ("M102", "Transitions that do not fit the payoffs", "Every joint action of every state leads somewhere.",
     "transitions for 2 of 3 states", "one array (A_1, …, A_P, S) for each state", "Give one probability for each joint action and next state."),
    ("M103", "A discount of the wrong shape", "It is one number, one for each player, or one for each player and state.",
     "discount=[0.9, 0.9, 0.9] for two players", "discount=[0.9, 0.95]", "Give one of these."),
    ("M104", "A number of a Markov game that is none", "Nothing can be computed from it.", "a payoff of nan", "a payoff of 0", "Give a finite number."),
    ("M105", "Transition probabilities that are none", "They say what comes next; what is missing to 1 ends the game.",
     "0.7 and 0.7", "0.5 and 0.5", "Divide each row by its sum."),
    ("M106", "A discount outside of [0, 1]", "It is what the next state is worth beside this one.", "discount=1.2", "discount=0.95", "Give a number from 0 up to below 1."),
    ("M107", "Play for ever that counts in full", "What it is worth would be infinite, or undefined.",
     "discount=1 and no end", "discount=0.95, or rows that sum to less than 1", "Give a discount below 1, or let the game end."),
    ("M201", "Precisions that a path cannot be asked for", "λ is 0 or more, and several are met in rising order.",
     "precision=[2, 1]", "precision=[1, 2]", "Give rising numbers; None for the limit."),
    ("M202", "Weights of λ that do not fit", "Each player answers at λ times its weight.", "weights=[1] for two players", "weights=[1, 2]", "Give one positive number for each player."),
    ("M301", "Too many states to certify", "What a player could gain is solved for with one number for each pair of states.",
     "a certificate of 100,000 states", "a certificate of 5,000 states", "Certify a smaller game of the same kind."),
    ("M401", "A scenario that is no Markov game", "A Markov game has no private types, values without expected shocks, and everybody answers at a finite λ above 0.",
     "a player of two types", "players without types", "Take away what the message names, or solve the scenario as it is."),
    ("M402", "A scenario too large for one array", "All states and joint actions of a Markov game are solved at once.",
     "a million states of nine joint actions", "a thousand states", "Solve it round by round: `winset.solve`."),
)  # fmt: skip
