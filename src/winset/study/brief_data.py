"""The shape of a brief: what `winset.brief` returns, as plain JSON data.

A brief holds numbers, names and generated sentences, and no layout. Every float is finite; what is
not known is None beside a text that says why. Probabilities are in [0, 1]. Lists run in the order in
which they should be shown. A *series* has one entry per date of `forecast.dates`.

The same scenario, settings and versions give the same bytes, `timings` apart.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from winset.study.explanation_data import ExplanationData
from winset.study.figure_data import Figures
from winset.study.mind_data import DelayData, TurningData, WeakData

Verdict = Literal["holds", "fails", "undecided"]
UnitKind = Literal["probability", "number", "truth", "date"]


class Stamp(TypedDict):
    """What was computed, by what. Carries no date: same input, same stamp.

    Attributes:
        scenario: content hash of scenario, variant and values (hexadecimal).
        file: the file's name without its folder, or the library name.
        versions: `winset`, `numpy`, `numba`, `python`.
        definition: which logit equilibrium: "payoffs net of errors" or "with EV1 shocks".
        settings: `grid` inner belief nodes per dimension, `span` in log-odds, `precision` {player: λ},
            `discount` {player: δ}, `spread` and `prune` of the histories followed, and those of the half grid
            on which variants are compared (`spread_variants`, `prune_variants`).
    """

    scenario: str
    file: str
    versions: dict[str, str]
    definition: str
    settings: dict[str, Any]


class SizeData(TypedDict):
    """What solving took: public states, stages, belief nodes, cells, and peak bytes foreseen."""

    states: int
    stages: int
    belief_nodes: int
    cells: int
    bytes: int


class Sentence(TypedDict):
    """One line of the bottom line. `text` states the likelihood; `confidence` stands apart from it.

    Attributes:
        text: the sentence, with the number and its ICD-203 word ("unlikely (31 %)").
        confidence: how far the figure can be trusted and on what ground; may be empty.
        about: name of the question or claim it speaks of; may be empty.
    """

    text: str
    confidence: str
    about: str


class PartData(TypedDict):
    """A leaf of a formula with its value: `formula` as canonical text, the `variant` it was read in ("" = base).

    `grid`: inner belief nodes per dimension at which it was computed; comparisons of variants use the half grid.
    `meaning` says in words what it is, `shown` its value as people read it."""

    formula: str
    variant: str
    value: float | None
    low: float | None
    high: float | None
    grid: int
    meaning: str
    shown: str


class RowData(TypedDict):
    """A row of a record file that a fact rests on.

    Attributes:
        table, file, line: where it stands: the table's name, its file, and the line of that file.
        date: its day; "" where the table has none.
        what: what it is about, from the table's columns.
        source: its source key.
        unchecked: why nobody has checked it; "" where its source was.
    """

    table: str
    file: str
    line: int
    date: str
    what: str
    source: str
    unchecked: str


class QuestionData(TypedDict):
    """A question and its answer.

    Attributes:
        name, formula, note, headline: as in the scenario.
        unit: how to print `value`; with "truth" it is True or False.
        value: None when undecided.
        low, high: band over numerical error and over the equilibria found; None with "truth".
        word: ICD-203 word, or a span such as "unlikely to roughly even"; "" when not a probability.
        text: the answer in one short line.
        parts: the formula's leaves, in the principal equilibrium.
        variants: variants that were read besides the base.
        undecided: why there is no value; else "".
        grid_error: how far the value moved when the game was solved again on another belief grid; None if not measured.
        standing: of something of the state that is asked to be ever so by a date, how likely it is so at that date, as
            a sentence; "" for anything else. `stands` the probability, None likewise.
        title: its note, or its name with the date that the formula asks about; `meaning`: the formula in words, ""
            where it is no single figure.
        shown: the value as people read it ("46 %", "3.4 points", "undecided"); `span` the same of its range, "" where
            that is narrow; `scale` the ends of a number of the state whose expectation is asked, or "".
        confidence: how far the number can be trusted and on what ground; "" where there is none.
        explanation: what it turns on, for headline questions; None for others and where there is no value.
    """

    name: str
    formula: str
    note: str
    headline: bool
    unit: UnitKind
    value: float | bool | None
    low: float | None
    high: float | None
    word: str
    text: str
    parts: list[PartData]
    variants: list[str]
    undecided: str
    grid_error: float | None
    title: str
    meaning: str
    standing: NotRequired[str]  # this and the next are put in when the whole forecast is known
    stands: NotRequired[float | None]
    shown: str
    span: str
    scale: str
    confidence: str
    explanation: ExplanationData | None


class ClaimData(TypedDict):
    """A claim and its verdict.

    Attributes:
        id: its name; `quote`, `by`, `kind`, `source`, `note` as in the scenario.
        formula: what would make it hold; "" where none can be given.
        verdict: holds, fails or undecided.
        numbers: the formula's leaves: for a cause both sides.
        effect: the difference between the two sides of a comparison (left - right); None otherwise.
        margin: numerical error that the effect had to exceed; None otherwise.
        slack: by what share of its greater side the comparison on which the verdict turns is away from turning, the
            numerical error taken off; None where nothing is compared.
        equilibria: in how many combinations of equilibria it was read; 1: in the principal one only.
        reason: why it is undecided; "" where it is not.
        why: what came out, in one or two sentences with the numbers.
        gap: the difference of the two sides beside its numerical error, as a sentence; "" where it is no comparison.
        confidence: how far the verdict can be trusted and on what ground; "" where no number was computed for it.
        number: in a list of the argument's sentences; 0 where it has none.
        rows: of a fact, the rows of record files that it rests on; `numbers` is then empty.
        explanation: what the verdict turns on; None where the claim has no formula or no value.
    """

    id: str
    number: int
    quote: str
    by: str
    kind: str
    source: str
    note: str
    formula: str
    verdict: Verdict
    numbers: list[PartData]
    effect: float | None
    margin: float | None
    slack: float | None
    equilibria: int
    reason: str
    why: str
    rows: list[RowData]
    gap: str
    confidence: str
    explanation: ExplanationData | None


class VariableForecast(TypedDict):
    """Distribution of a public state variable at the end of each round.

    Attributes:
        kind: names, numbers or truth.
        values: the domain, in order, as text (numbers as shortest text).
        probability: one series per value: probability[value][date].
        mean, median: series for numbers, else None.
        bands: for numbers {"50": [low, high], "80": ..., "95": ...}, each a pair of series; else None.
    """

    name: str
    kind: Literal["names", "numbers", "truth"]
    values: list[str]
    probability: list[list[float]]
    mean: list[float] | None
    median: list[float] | None
    bands: dict[str, list[list[float]]] | None


class ActionForecast(TypedDict):
    """How often an action is played: series of the probability that it is played in that round.

    `by` is a player or "chance"; hidden actions are included (what is done, not what is seen)."""

    move: str
    by: str
    action: str
    probability: list[float]


class Curve(TypedDict):
    """P(X by D) over every date D, for a question of the form P(X) or P(X by D); `variant` "" is the base."""

    question: str
    event: str
    variant: str
    probability: list[float]


class MarkData(TypedDict):
    """A named date of the scenario: `date` is the label of the round that contains it."""

    name: str
    date: str


class Forecast(TypedDict):
    """Outcomes by date. `dates` labels the rounds ("2019-10", or "1"); values are at the end of each round.

    Attributes:
        marks: the named dates among them, such as a deadline or an election.
        ended: series of the probability that the game is over by the end of the round.
        mass_lost: probability not followed; the series of probabilities sum to 1 - mass_lost at most.
    """

    dates: list[str]
    marks: list[MarkData]
    variables: list[VariableForecast]
    actions: list[ActionForecast]
    curves: list[Curve]
    ended: list[float]
    mass_lost: float


class BeliefCurve(TypedDict):
    """The public belief that `player` is of `type`, at the end of each round, across histories.

    `start` is the prior; mean, and the 10, 50 and 90 % quantiles as series."""

    player: str
    type: str
    start: float
    mean: list[float]
    q10: list[float]
    q50: list[float]
    q90: list[float]


class StrategyRow(TypedDict):
    """What one type does at one move of the first rounds, along the likeliest public history.

    `reached` is the probability of the history up to there, `state` that history's public state,
    `actions` {label: probability}, without actions that are not available."""

    round: str
    move: str
    player: str
    type: str
    reached: float
    state: dict[str, Any]
    actions: dict[str, float]


class Assumption(TypedDict):
    """A parameter with its pedigree. `low`, `high` None where no range is given."""

    name: str
    value: float
    low: float | None
    high: float | None
    distribution: str
    unit: str
    status: str
    source: str
    note: str


class Effect(TypedDict):
    """A headline question in the base and in a variant."""

    question: str
    base: float
    variant: float


class VariantData(TypedDict):
    """A variant: what it changes, in words, and its effect where it was solved.

    Attributes:
        changed: lines such as "politics starts at calm", "talk_cost = 0.1 (0.05)".
        solved: False when no question or claim needed it.
        effects: on the headline probabilities; empty when not solved.
        used_by: names of the questions and claims that read it.
    """

    name: str
    note: str
    based_on: str
    changed: list[str]
    switches_off: list[str]
    switches_on: list[str]
    solved: bool
    effects: list[Effect]
    used_by: list[str]


class CertificateData(TypedDict, total=False):
    """The certificate of the base; see `winset.certify`.

    The five summary figures are always there; `lines` is the whole of it as printable text; `details` is the
    certificate's own data.

    Attributes:
        equilibrium: which one is certified: "principal", or what sets it apart.
        stage_residual: largest fixed-point residual over all cells.
        missed: cells beyond the tolerance, of `cells`.
        one_shot_gain, full_gain: most that any type gains at a history by deviating once, or by an optimal strategy
            from there on, in payoff units (interim: it knows its type).
        ex_ante_gain: most that a player gains at the start by an optimal strategy, before it knows its type.
        logit_bound: what the logit errors alone can account for.
        grid_error: largest movement of a headline answer when solved again on another grid.
        grid_error_kind: which other grid ("about half the inner nodes", "about twice the inner nodes").
        mass_lost: probability dropped by pruning, in the base.
        passes: True when every figure is inside its limit.
    """

    equilibrium: str
    stage_residual: float | None
    missed: int | None
    cells: int
    one_shot_gain: float | None
    full_gain: float | None
    ex_ante_gain: float | None
    logit_bound: float | None
    grid_error: float | None
    grid_error_kind: str
    mass_lost: float
    passes: bool | None
    lines: list[str]
    details: dict[str, Any]


class ReadingData(TypedDict):
    """An answer in one combination of equilibria.

    Attributes:
        origin: the combination in words: "principal", or what is done differently.
        chosen: number of the equilibrium by variant, from 0; variants not named are in their principal one, 0.
        value: None where it has none there; `low`, `high` None where it is not a number.
    """

    origin: str
    chosen: dict[str, int]
    value: float | bool | None
    low: float | None
    high: float | None


class EquilibriumData(TypedDict):
    """One equilibrium of the base; the first is the principal one.

    Attributes:
        origin: its name: "principal", or its number and the largest difference at the start in words.
        answers: {question: value}, variants staying in their principal equilibria.
        check: `stage_residual`, `one_shot_gain`, `logit_bound` and `beyond_logit` at the start, by the certificate's
            code (`winset.certify.spot`); empty where nobody has a choice.
    """

    origin: str
    answers: dict[str, float | bool | None]
    check: dict[str, float]


class Beside(TypedDict, total=False):
    """What `winset follow`, `robust` and `hindcast` gave, as JSON, where it was laid beside (`winset.beside`)."""

    record: dict[str, Any]
    robust: dict[str, Any]
    hindcast: dict[str, Any]


class Brief(Beside):
    """A brief: a dictionary of plain JSON data, the same as `winset brief --json` prints.

    `brief["questions"]` lists the answers (each with `name`, `value`, `low`, `high`, `word`), `brief["claims"]` the
    verdicts (`id`, `verdict`, `why`); `brief["certificate"]["passes"]` is True where every figure is in its limit.

    Attributes:
        warnings: one line each: folds met, cells missed, several equilibria, mass lost, notes of the checker.
        figures: strategy maps, the game's shape, the bargaining space, the record (see `figure_data`).
        against: ids of claims that failed or are undecided: what came out against the argument.
        confidence: the ground of confidence that most answers and verdicts share; said once, and beside an answer only
            where its own is another. "" where there is none.
        weakest: the claims that have a formula, the one whose verdict the least would turn first.
        turning: for each headline probability and each claim with a formula, what would change it.
        delay: who gains from delay; None where the game has a single round or only short-lived players.
        sources: {key: text} of the scenario.
        timings: {part: seconds}; not part of the stamp.
    """

    winset: int
    title: str
    about: str
    variant: str
    stamp: Stamp
    size: SizeData
    bottom_line: list[Sentence]
    questions: list[QuestionData]
    claims: list[ClaimData]
    against: list[str]
    confidence: str
    weakest: list[WeakData]
    turning: list[TurningData]
    delay: DelayData | None
    forecast: Forecast
    beliefs: list[BeliefCurve]
    strategies: list[StrategyRow]
    figures: Figures
    assumptions: list[Assumption]
    variants: list[VariantData]
    equilibria: list[EquilibriumData]
    certificate: CertificateData
    warnings: list[str]
    sources: dict[str, str]
    timings: dict[str, float]
