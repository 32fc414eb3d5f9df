"""Games built by hand as arrays, with fixed strategies: what the formulas say about them can be worked out on paper.

Two rounds. In each, A (strong with probability 0.3, weak 0.7) plays `fight` or `yield`: strong fights with probability
0.9, weak with 0.2, whatever was seen before. After a fight chance makes war of it with probability 0.4; war ends the
game. With `hidden`, the public sees instead of A's action the signal `smoke`, with probability 0.8 after a fight and
0.1 after yielding. With `turning`, each time a weak A has fought it becomes strong with probability 0.5.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from winset.game.game import Game, GamePlayer, Mover, Stage
from winset.game.grid import BeliefGrid
from winset.game.solution import Response
from winset.language.scenario import Clock, Parameter, Scenario
from winset.study.graph import Walking
from winset.study.solved import Solved, Study

FIGHT = {"strong": 0.9, "weak": 0.2}
PRIOR = {"strong": 0.3, "weak": 0.7}
WAR = 0.4
SMOKE = {"fight": 0.8, "yield": 0.1}
TURN = 0.5
CALM, TENSE, AT_WAR = 0, 1, 2


def scenario() -> Scenario:
    """The frame that a hand-made game needs."""
    return Scenario(
        title="by hand", clock=Clock(rounds=2), players=(), round=(),
        parameters=(Parameter(name="half", value=0.5),),
    )  # fmt: skip


def _move(round_: int, hidden: bool, turning: bool) -> Stage:
    start = np.array([CALM, TENSE]) if round_ == 2 else np.array([CALM])
    count = len(start)
    laws = np.array([[[1.0, 0.0], [TURN, 1.0 - TURN]]]) if turning else None
    law = np.tile([0, -1], (count, 1)) if turning else None
    if hidden:
        signal = np.zeros((count, 2, 2, 2))
        signal[:, 0, :, :] = [SMOKE["fight"], 1 - SMOKE["fight"]]
        signal[:, 1, :, :] = [SMOKE["yield"], 1 - SMOKE["yield"]]
        seen: tuple[str, ...] = ("smoke", "clear")
    else:
        signal, seen = None, ("fight", "yield")
    mover = Mover(
        player=0, actions=("fight", "yield"), available=np.ones((count, 2), dtype=bool),
        happens=np.ones(count, dtype=bool), observables=seen, signal=signal, law=law,
    )  # fmt: skip
    branches = count * 2
    return Stage(
        round=round_, move="attack", states=start, movers=(mover,), discount=np.ones(1), first=np.arange(branches + 1),
        probability=np.ones(branches), target=np.tile([1, 0], count), landing=np.tile([TENSE, CALM], count),
        outcome=np.zeros(branches, dtype=np.int64), outcomes=("",), reward=np.zeros((branches, 1, 2)), laws=laws,
    )  # fmt: skip


def _chance(round_: int) -> Stage:
    return Stage(
        round=round_, move="escalation", states=np.array([CALM, TENSE]), movers=(), discount=np.ones(1),
        first=np.array([0, 1, 3]), probability=np.array([1.0, WAR, 1 - WAR]),
        target=np.array([0, -1, 1]), landing=np.array([CALM, AT_WAR, TENSE]), outcome=np.array([0, 1, 2]),
        outcomes=("", "war", "nothing"), reward=np.zeros((3, 1, 2)),
    )  # fmt: skip


def _settle(round_: int) -> Stage:
    last = round_ == 2
    return Stage(
        round=round_, move="", states=np.array([CALM, TENSE]), movers=(), discount=np.ones(1),
        first=np.array([0, 1, 2]), probability=np.ones(2),
        target=np.array([-1, -1]) if last else np.array([0, 1]), landing=np.array([CALM, TENSE]),
        outcome=np.zeros(2, dtype=np.int64), outcomes=("",), reward=np.zeros((2, 1, 2)),
    )  # fmt: skip


def game(*, hidden: bool = False, turning: bool = False) -> Game:
    """The game as arrays."""
    stages = tuple(s for r in (1, 2) for s in (_move(r, hidden, turning), _chance(r), _settle(r)))
    return Game(
        scenario=scenario(),
        players=(
            GamePlayer(name="A", types=("strong", "weak"), prior=np.array([0.3, 0.7]), discount=1.0, precision=1.0),
        ),
        variables=(("mood", ("calm", "tense", "war")),), states=np.array([[0], [1], [2]]), stages=stages,
        start=((0, 1.0),), infinite=False, shocks=False, dates=("1", "2"), values={"half": 0.5}, key="by hand",
    )  # fmt: skip


def respond(stage: int, states: np.ndarray, beliefs: np.ndarray) -> Response:
    """The fixed strategies; values that say which row they are."""
    count = len(states)
    own = np.array([[FIGHT["strong"], 1 - FIGHT["strong"]], [FIGHT["weak"], 1 - FIGHT["weak"]]])
    return Response(
        strategies=(np.tile(own, (count, 1, 1)),), values=np.tile([10.0, 20.0], (count, 1)),
        residual=np.zeros(count), folds=np.zeros(count, dtype=np.int64), how=np.ones(count, dtype=np.int64),
    )  # fmt: skip


def solved(*, hidden: bool = False, turning: bool = False, walking: Walking | None = None) -> Solved:
    """The game as if it had been solved."""
    made = game(hidden=hidden, turning=turning)
    solution = SimpleNamespace(
        respond=respond, grid=BeliefGrid((2,), 3, 2.0), how=(), folds=(), status="solved", advice="", origin="principal"
    )
    return Solved(variant="", game=made, size=None, solution=solution, walking=walking or Walking(merge=0.0, prune=0.0))  # type: ignore[arg-type]


def study(**how: object) -> Study:
    """A study in which the game stands solved, as the base and as the variant `other`."""
    out = Study(scenario=scenario())
    out._solved[""] = solved(**how)  # type: ignore[arg-type]
    out._solved["other"] = out._solved[""]
    return out


def simulate(count: int, seed: int, *, hidden: bool = False, turning: bool = False) -> list[dict[str, object]]:
    """Plays of the game by plain loops: per play its first type, actions, signals, wars and moods by round."""
    draw = np.random.default_rng(seed)
    out = []
    for _ in range(count):
        kind = "strong" if draw.random() < PRIOR["strong"] else "weak"
        play: dict[str, object] = {"first": kind, "acts": [], "signs": [], "war": 0, "kinds": []}
        for round_ in (1, 2):
            act = "fight" if draw.random() < FIGHT[kind] else "yield"
            sign = "smoke" if draw.random() < SMOKE[act] else "clear"
            if turning and act == "fight" and kind == "weak" and draw.random() < TURN:
                kind = "strong"
            play["acts"].append(act)  # type: ignore[attr-defined]
            play["signs"].append(sign)  # type: ignore[attr-defined]
            tense = (sign == "smoke") if hidden else (act == "fight")
            play["kinds"].append(kind)  # type: ignore[attr-defined]
            if tense and draw.random() < WAR:
                play["war"] = round_
                break
        out.append(play)
    return out
