"""Runs where OpenSpiel is installed, told what to do over standard input; imports nothing of winset.

    python openspiel_child.py GAME FOLDER SOLVER [LIMIT]

SOLVER is `tree` (write the game tree to FOLDER/tree.npz and end), `cfr` or `cfr+`. A solver then reads lines: a number
of iterations to make, after which it writes its average policy to FOLDER/policy.npy, one probability for each action of
each information set in the order of the tree, and answers with a line of JSON; an empty line ends it. It makes no more
iterations, but for the first, once it has taken LIMIT seconds of the processor.
"""

import json
import sys
import time

import numpy as np
import pyspiel
from page import most_memory


def load(text):
    game = pyspiel.load_game(text)
    if game.get_type().dynamics == pyspiel.GameType.Dynamics.SIMULTANEOUS:
        game = pyspiel.convert_to_turn_based(game)
    return game


def write_tree(game, folder):
    """Level by level: who moves at each node (0 chance, -1 nobody), its set, its number of children, what it pays."""
    player, infoset, counts, levels, pays = [], [], [], [0], []
    number, owner, legal, labels, law = {}, [], [], [], []
    level = [game.new_initial_state()]
    while level:
        below = []
        levels.append(levels[-1] + len(level))
        for state in level:
            if state.is_terminal():
                player.append(-1)
                infoset.append(-1)
                counts.append(0)
                pays.append(state.returns())
                continue
            if state.is_chance_node():
                outcomes = state.chance_outcomes()
                who, actions, odds = 0, [a for a, _ in outcomes], [p for _, p in outcomes]
                key = (0, tuple(outcomes))
            else:
                who, actions = state.current_player() + 1, state.legal_actions()
                odds = [float("nan")] * len(actions)
                key = (who, state.information_state_string())
            if key not in number:
                number[key] = len(owner)
                owner.append(who)
                legal.append(len(actions))
                labels.append("" if not who else key[1])
                law += odds
            player.append(who)
            infoset.append(number[key])
            counts.append(len(actions))
            below += [state.child(a) for a in actions]
        level = below
    np.savez(
        f"{folder}/tree.npz", player=player, infoset=infoset, counts=counts, level=levels,
        pays=np.array(pays).reshape(-1, game.num_players()), owner=owner, legal=legal, law=law,
    )  # fmt: skip
    with open(f"{folder}/labels.json", "w", encoding="utf-8") as file:
        json.dump(labels, file)


def policy(solver, folder):
    """Its average policy in the order of the tree's actions; NaN at chance's."""
    with open(f"{folder}/labels.json", encoding="utf-8") as file:
        labels = json.load(file)
    legal = np.load(f"{folder}/tree.npz")["legal"]
    table = solver.tabular_average_policy().policy_table()
    return np.concatenate([
        [p for _, p in sorted(table[label])] if label else [float("nan")] * int(n)
        for label, n in zip(labels, legal, strict=True)
    ])  # fmt: skip


def serve(game, folder, name):
    began = time.process_time()
    solver = (pyspiel.CFRPlusSolver if name == "cfr+" else pyspiel.CFRSolver)(game)
    seconds, done = time.process_time() - began, 0
    print(json.dumps({"seconds": seconds, "done": 0}), flush=True)
    for line in sys.stdin:
        if not line.strip():
            break
        goal = done + int(line)
        while done < goal and (not done or seconds < float(sys.argv[4])):
            began = time.process_time()
            solver.evaluate_and_update_policy()
            seconds += time.process_time() - began
            done += 1
        np.save(f"{folder}/policy.npy", policy(solver, folder))
        print(json.dumps({"seconds": seconds, "done": done, "megabytes": most_memory()}), flush=True)


if __name__ == "__main__":
    loaded = load(sys.argv[1])
    if sys.argv[3] == "tree":
        write_tree(loaded, sys.argv[2])
    else:
        serve(loaded, sys.argv[2], sys.argv[3])
