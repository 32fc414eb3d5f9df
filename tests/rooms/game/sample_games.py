"""Small scenarios that between them use every part of the language, and a generator of random ones."""

from __future__ import annotations

import random

EVERYTHING = """
winset: 1
scenario: a little of everything
clock: {from: 2019-11, to: 2019-12, round: month, dates: {deadline: 2019-11-30}}
parameters:
  rate: {value: 0.3, range: [0.1, 0.5]}
  toll: 0.05
players:
  north: {types: {trader: 0.3, staller: 0.7}, discount: 0.98}
  south: {types: {dealer: 0.5, hawk: 0.25, dove: 0.25}, discount: 0.9}
  press: {lives: one round}
state:
  politics: {values: [calm, inquiry, impeached], start: inquiry}
  ground: {range: [0, 2], start: 0}
  pause: {start: true}
  mood: {values: [good, bad], start: {good: 0.4, bad: 0.6}}
  level: {range: [0, 1], by: 0.5, start: 0.5}
define:
  weak: politics in {inquiry, impeached}
round:
  - move: approach
    by: north
    if: not weak or ground < 2
    actions:
      wait: {pays: {south: if north is staller and south is hawk then 0.3 else 0}}
      talk:
        if: ground < 2
        pays: {north: -toll, south: {mood: 0.1, cost: -toll}}
        then: {ground: up 1, pause: true, level: 1 - level}
      test:
        chance:
          success: {probability: 0.7, then: {ground: down 1, pause: false}, pays: {press: ground}}
          failure: {probability: rest, pays: {north: -0.2}}
        becomes: {north: {staller: {trader: 0.05}}}
      offer:
        for: {share: 0 to 1 by 0.5, relief: [0, 1]}
        if: share + relief / 2 <= 1
        pays: {south: share * level}
        then: {mood: if share > 0.4 then good else bad}
  - move: clash
    by: [north, south]
    if: mood = bad or now > deadline
    actions:
      north: {hold: {}, push: {if: pause, pays: {north: 0.1}}}
      south: {hold: {}, push: {}, yield: {becomes: {south: {hawk: {dove: 0.5}, dealer: {dove: 0.1, hawk: 0.2}}}}}
    when:
      - if: north plays push and south plays push
        pays: {north: -1, south: if south is hawk then -0.5 else -1}
        then: {politics: calm}
      - if: south plays yield
        then: {level: 0}
        chance: {wind: {probability: 0.25, then: {mood: good}}, still: {probability: rest}}
  - move: comply
    by: north
    actions: {keep: {}, cheat: {pays: {north: 0.2}, becomes: {north: {trader: {staller: 0.3}}}}, dodge: {if: pause}}
    signals:
      caught:
        probability: if north plays cheat then 0.4 else if north is staller then 0.1 else 0.01
        then: {pause: false}
      rumour: {probability: 0.2, if: pause, pays: {north: if north is trader then -0.1 else 0}}
      quiet: {probability: rest}
    when:
      - {if: north plays cheat and pause, pays: {south: -0.3}}
  - move: home
    by: chance
    if: politics = inquiry
    outcomes:
      vote: {probability: if now >= deadline then rate / 2 else rate, then: {politics: impeached}, pays: {south: -0.1}}
      stop: {probability: 0.1, if: mood = good, then: {politics: calm}}
      nothing: {probability: rest}
  - move: leak
    by: chance
    outcomes:
      leak:
        probability: if south is hawk then 0.2 else 0.1
        then: {mood: bad}
        becomes: {south: {dealer: {hawk: 0.5}}}
      none: {probability: rest}
ends when: politics = calm and ground = 2
payoffs:
  each round: {north: 0.1 * ground, south: {alarm: -0.2, ground: 0.1 * ground * (if now > deadline then 2 else 1)}}
  at the end: {south: if north is trader then -1 else 0, press: now}
"""


def _effect(rng: random.Random, names: list[str], depth: int = 0, hidden: str = "") -> str:
    """The inside of an effect; a hidden action's only pays."""
    parts = [f"pays: {{a: {rng.choice(['x', '0.5', 'if a is high then 1 else -x', '-y * x'])}}}"]
    if rng.random() < 0.5:
        parts[0] = f"pays: {{b: {{one: {rng.randint(-3, 3) / 2}, two: if b is left then y else 0}}}}"
    if hidden:
        if rng.random() < 0.5:
            parts.append(f"becomes: {{{hidden}: {{{_change(hidden)}: {rng.choice([0.1, 0.5, 1])}}}}}")
        return ", ".join(parts)
    free = [n for n in names if rng.random() < 0.6]
    if free:
        values = {"x": ["up 1", "down 1", "2 - x"], "y": ["up 1", "down 2", "if flag then 0.5 else y"],
                  "flag": ["not flag", "x > 1", "false"],
                  "side": ["left_", "if x = 0 then right_ else side", "right_"]}  # fmt: skip
        parts.append("then: {" + ", ".join(f"{n}: {rng.choice(values[n])}" for n in free) + "}")
    if rng.random() < 0.25:
        p = rng.choice(["a", "b"])
        parts.append(f"becomes: {{{p}: {{{_change(p)}: {rng.choice([0.1, 0.5])}}}}}")
    if not depth and rng.random() < 0.4:
        q = rng.choice(["0.25", "x / 4", "if flag then 0.5 else 0"])
        one, two = _effect(rng, names, depth + 1), _effect(rng, names, depth + 1)
        parts.append(f"chance: {{up{depth}: {{probability: {q}, {one}}}, dn{depth}: {{probability: rest, {two}}}}}")
    return ", ".join(parts)


def _change(player: str) -> str:
    return {"a": "high: {low", "b": "left: {right"}[player] + ": REPLACE}"


def random_text(seed: int) -> str:
    """A random scenario of two players with two types each and four variables."""
    rng = random.Random(seed)
    names = ["x", "y", "flag", "side"]
    moves = []
    secret = False
    for m in range(rng.randint(2, 3)):
        kind = rng.choice(["one", "both", "hidden", "chance", "nature"])
        condition = rng.choice(["", "    if: x < 2 or flag\n", "    if: now != 2\n", "    if: side = left_\n"])
        head = f"  - move: m{m}\n"
        if kind == "one":
            p = rng.choice("ab")
            body = f"    by: {p}\n{condition}    actions:\n      stay: {{{_effect(rng, names)}}}\n"
            body += f"      go: {{if: flag or x > 0, {_effect(rng, names)}}}\n"
            body += "      bid: {for: {r: [0, 0.5]}, if: r <= y, pays: {a: r * x}, then: {x: if r > 0 then 2 else x}}\n"
        elif kind == "both":
            body = f"    by: [a, b]\n{condition}    actions:\n"
            body += (
                f"      a: {{p: {{{_effect(rng, ['x', 'flag'])}}}, q: {{if: flag, {_effect(rng, ['x', 'flag'])}}}}}\n"
            )
            body += f"      b: {{r: {{{_effect(rng, ['y'])}}}, s: {{}}}}\n"
            body += f"    when:\n      - {{if: b plays s and x > 0, {_effect(rng, ['side'])}}}\n"
        elif kind == "hidden":
            p, t = rng.choice([("a", "high"), ("b", "left")])
            secret = True
            one, two = _effect(rng, [], hidden=p), _effect(rng, [], hidden=p)
            q = f"if {p} plays c then 0.5 else if {p} is {t} then 0.25 else 0"
            body = f"    by: {p}\n{condition}    actions: {{k: {{{one}}}, c: {{{two}}}}}\n"
            body += f"    signals:\n      seen: {{probability: {q}, {_effect(rng, ['x'], 2)}}}\n"
            body += f"      not_: {{probability: rest, {_effect(rng, ['y'], 2)}}}\n"
        else:
            q = "0.1 + x / 4" if kind == "chance" else "if a is high then 0.5 else x / 4"
            body = (
                f"    by: chance\n{condition}    outcomes:\n      o: {{probability: {q}, {_effect(rng, names, 1)}}}\n"
            )
            body += f"      n: {{probability: rest, {_effect(rng, names, 1)}}}\n"
        moves.append(head + body)
    ends = rng.choice(["", "ends when: x = 2 and side = right_\n", "ends when: flag and y = 0\n"])
    late = "" if ends else "    b: if b is right then x else 0\n"
    mine = "0" if secret and ends else "(if b is left then x else 0.5)"  # K821 refuses the two together
    text = f"""
winset: 1
scenario: random {seed}
clock: {{rounds: {rng.randint(1, 3)}}}
players:
  a: {{types: {{high: 0.25, low: 0.75}}, discount: 0.9}}
  b: {{types: {{left: 0.5, right: 0.5}}}}
state:
  x: {{range: [0, 2], start: {rng.randint(0, 2)}}}
  y: {{range: [0, 1], by: 0.5, start: {{0: 0.5, 0.5: 0.5}}}}
  flag: {{start: {rng.choice(["true", "false"])}}}
  side: {{values: [left_, right_], start: left_}}
round:
{"".join(moves)}{ends}payoffs:
  each round: {{a: x - y, b: {mine} + (if side = left_ then 1 else now)}}
  at the end:
    a: 2 * x
{late}"""
    return _unravel(text)


def _unravel(text: str) -> str:
    """`{high: {low: REPLACE}: 0.1}` to `{high: {low: 0.1}}`."""
    import re

    return re.sub(r": \{(\w+): \{(\w+): REPLACE\}: ([0-9.]+)\}", r": {\1: {\2: \3}}", text)
