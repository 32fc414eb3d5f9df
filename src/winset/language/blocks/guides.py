"""What a reader should know of each kind: what it is for, what it formalises, what it leaves out."""

# ruff: noqa: E501  (paragraphs)

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """The prose of one page.

    Attributes:
        purpose: what the block is for and what it means.
        closed_form: what the example must reproduce; a test holds it.
        literature: the works whose mechanism it formalises, and which part.
        leaves_out: what it simplifies.
    """

    purpose: str
    closed_form: str
    literature: tuple[str, ...]
    leaves_out: tuple[str, ...]


GUIDES: dict[str, Guide] = {
    "deadline": Guide(
        "A player has said in public that something must happen by a date. If the day ends without it, the player who said so pays: its threat was empty. "
        "Coming back to the table afterwards may cost again. `unless` says when the deadline counts as met; it is read at the end of the round that contains the date. "
        "A literal date becomes a date of the clock under the block's name, so a variant may move it; `NAME_missed` may be read in conditions and questions.",
        "Three rounds, solved backwards by hand: each round's choice is a logit of the effort against what waiting leads to. At equal cost and effort in the last round one half gives way.",
        ("Fearon 1994, *Domestic political audiences and the escalation of international disputes*: a public threat costs its maker when it is not carried out.",
         "Fanning 2016, *Reputational bargaining and deadlines*: concessions bunch before a deadline that costs."),
        ("Whether it is missed is read from the present state, not remembered: what meets `unless` later lifts it. Keep a state variable where the past itself matters.",
         "The cost is the same whatever the other side did; blame is not shared out."),
    ),
    "tenure": Guide(
        "The leader's office is a public state: calm, under inquiry, lost, gone. Named changes lead from one state to another with a hazard in each round, and an election decides on its date. "
        "Other parts read the state: what a deal costs at home, how long it lasts, whether the game ends (`ends when: politics = gone`). A successor is a state like any other. "
        "In the election's round the leader's changes rest; what may happen from other states goes on.",
        "Competing constant hazards: removal by the election has probability v (1 - (1 - v - c)^n) / (v + c), and the election takes its share of the rest.",
        ("Wolford 2007, *The turnover trap*: leaders change, and what the other side knows of them with it.",
         "McGillivray and Smith 2008, *Punishing the Prince*: relations hang on the leader who made them, and on how long he is likely to stay."),
        ("Hazards are given: nothing that the players do changes them, unless a rate reads the state that their actions set.",
         "A successor is the same player with the same types; give him other payoffs by reading the office's state."),
    ),
    "ratification": Guide(
        "An agreement needs somebody at home who may reject it. Its worth to the ratifier is compared with a standard that nobody at the table knows: uniform from `threshold` to `threshold + spread`, so that "
        "it passes with probability (worth - threshold) / spread, between 0 and 1. The agreements that are likely to pass are the win-set; since `threshold` may read the state, the win-set moves with politics. "
        "An outcome keeps its effect and loses part of its probability to `NAME_rejected`. An action that is named becomes a draw: what the author wrote in it follows if it is `NAME_ratified`; "
        "what other blocks add to the action follows from signing alone, and they may name `NAME_ratified` instead. Worth and threshold read the state after the action, never a private type.",
        "One offer to a ratifier uniform on [t, t + w]: the offer is min(t + w, max(t, (1 + t) / 2)), and home's expected share is t + w up to t = 1 - 2w and (1 - t²) / 4w beyond, so strictness helps only up to there.",
        ("Putnam 1988, *Diplomacy and domestic politics: the logic of two-level games*: the win-set, and that a small one may help at the table.",
         "Iida 1993, *When and how do domestic constraints matter?*: neither side is sure what will be ratified.",
         "Mo 1995, *Domestic institutions and international bargaining: the role of agent veto in two-level games*: the ratifier's own preferences.",
         "Schelling 1960, *The Strategy of Conflict*: the strength of a tied hand."),
        ("The ratifier is no player: it does not bargain and cannot be persuaded. Model it as a player where it does.",
         "Each vote draws a standard anew: a rejection teaches nothing about the next. Two ratifiers of one agreement draw apart from each other, and are asked in the order of their blocks' names."),
    ),
    "delegation": Guide(
        "Delegates meet without authority. Whether they work or only listen is hidden, even from the other side; what is seen is progress or none. Progress raises a variable, on which a later agreement may depend. "
        "The move has no action that concludes anything: only what else stands in the round does. A player who gains from delay sends delegates who listen, and is told from one who means it by the progress that fails to come.",
        "Where progress changes nothing else, each round's choice is a logit of the cost, and expected progress is the mixture of the two chances.",
        ("Schelling 1960, *The Strategy of Conflict*: the use of sending somebody who cannot concede.",
         "Crawford and Sobel 1982, *Strategic information transmission*: how little talk carries between unequal interests; here progress, which is costly, carries it.",
         "Cai 2000, *Bargaining on behalf of a constituency*: delegates and those who sent them."),
        ("Delegates have no interests of their own.", "Progress is one-sided: use two blocks that build one variable where both sides must work."),
    ),
    "capability": Guide(
        "A stock of levels, such as an arsenal, that grows by time and by tests while nothing is agreed, and shifts what each side gets meanwhile. `grows` adds a level with a probability each round, in a move of its own or as one more outcome "
        "of a chance move that is there (`in`). `raised by` adds to an action the draw whether it adds a level (`NAME_rises`, `NAME_stays`). `worth` is what a level is worth to each player each round, and `beyond` for how many rounds the last level counts at the end.",
        "Growth and tests add up: the expected level is the start plus the sum of the chances, and its worth the discounted sum.",
        ("Powell 1999, *In the Shadow of Power*: bargaining while power shifts.",
         "Spaniel 2019, *Bargaining over the Bomb*: what is offered so that a weapon is not built."),
        ("A level is worth the same wherever one stands; put a curve into `payoffs` where it is not.", "Levels are public; a secret stock is a private type (see monitoring)."),
    ),
    "monitoring": Guide(
        "While a pact stands, a player chooses in secret whether to comply or to cheat. An inspection finds cheating with a probability, and now and then finds the innocent guilty; the public sees `found` or `quiet` and nothing else. "
        "What follows from `found` is public. What follows from cheating that stays unseen cannot be: it is the gain, the `harm` to others, and a change of the cheater's own type (`becomes`: a secret stock).",
        "Cheating is chosen with the logit of its gain against the fine times (detection - false alarm).",
        ("Dresher 1962, *A sampling inspection problem in arms control agreements*: inspections as a game.",
         "Coe and Vaynman 2020, *Why arms control is so rare*: what an inspection shows, and what it costs."),
        ("Inspections come by themselves in every round in which the pact stands; use actions where they are chosen.", "An inspection finds nothing about the past: one that follows old cheating needs a type that remembers it."),
    ),
    "audience cost": Guide(
        "A commitment made in public, such as a moratorium: while it stands, breaking it costs its maker. Some acts make it, some break it, and some end it without cost (to drop a pledge before doing what it forbids). "
        "It is a truth value under the block's name, which conditions, payoffs and other blocks may read.",
        "Backing down is chosen with the logit of what standing firm costs against the shame: one half where they are equal.",
        ("Fearon 1994, *Domestic political audiences and the escalation of international disputes*.",
         "Schultz 1998, *Domestic opposition and signaling in international crises*: why such costs differ between states; let the cost read the type or the state."),
        ("The audience is no player; it punishes mechanically.", "The cost does not grow with the commitment's age. Let it read the state where it does."),
    ),
    "rapport": Guide(
        "A channel between leaders, from cold to warm. Some acts raise it by one level, and some end it at once: it dies with a leader (name the outcomes of a tenure) or with an affront. "
        "It does nothing by itself: conditions and payoffs read it. In a list each act counts always; written as `act: condition`, only where the condition holds.",
        "With constant chances of a loss h and a visit b each round, two levels are a chain whose probability of warm is π + (1 - π) (1 - h - b)^n, π = b / (h + b).",
        ("Wolford 2007, *The turnover trap*: what was built with a leader is gone with him.",
         "McGillivray and Smith 2008, *Punishing the Prince*: relations are with leaders, not with nations."),
        ("It does not fade by itself; add a chance move where it does.", "Both sides see the same level."),
    ),
}  # fmt: skip
