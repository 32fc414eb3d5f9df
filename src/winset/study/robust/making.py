"""How `robust` is made: the draws, then what the answers turn on, step by step, each as tasks of a resumable run.

Every step sends tasks to the same executor and keeps their results in the same store: the draws with the central
point, the checks on the finer grid, the bars of the tornado, the turning values, the two-way maps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from winset.language.scenario import Claim, Question
from winset.study import cache
from winset.study.robust.axes import Axis, points, valued
from winset.study.robust.data import (
    EXPLAINED,
    Bar,
    Boundary,
    Draws,
    Failure,
    Influence,
    Quality,
    Region,
    Robust,
    Share,
    Spread,
)
from winset.study.robust.draw import Setup
from winset.study.robust.indices import indices
from winset.study.robust.statistics import correlated, histogram, interval, quantiles
from winset.study.runs.running import Progress, carry_out
from winset.study.runs.store import Store
from winset.study.runs.tasks import Done, Executor, Job

MAJORITY = 0.5
"""Where the turn of a headline probability is sought: likelier than not."""
FOLDED = 0.01
"""Probability of a place at which the path folds, above which a draw counts as folded."""
LEAST = 0.01
"""Total index below which a parameter leads nowhere."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question or a claim, with its unit ("truth" for what has a verdict) and whether it takes other solutions."""

    name: str
    formula: str
    unit: str
    compares: bool = False
    question: Question | None = None
    claim: Claim | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be done; see `winset.study.robust.robust.robust`."""

    setup: Setup
    items: tuple[Item, ...]
    axes: tuple[Axis, ...]
    central: dict[str, float]
    draws: int
    compared: int
    seed: int
    checks: int
    fine: int
    leading: int
    bars: int
    maps: tuple[str, ...]
    side: int
    variant: str
    hash: str
    """Of the scenario as it was given, and the variant asked for."""


@dataclass(kw_only=True)
class Making:
    """One run of `robust`."""

    plan: Plan
    store: Store
    at: Executor
    progress: Progress | None
    unit: Any = None
    points: Any = None
    solved: list[int] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)
    unsolved: str = ""
    unchecked: list[str] = field(default_factory=list)
    order: dict[str, list[Axis]] = field(default_factory=dict)
    middle: dict[str, Any] = field(default_factory=dict)
    checked: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def make(self) -> Robust:
        """Everything."""
        plan = self.plan
        failures = self.draw()
        items = {item.name: self.item(item) for item in plan.items}
        self.bars(items)
        self.boundaries(items)
        regions = [self.region(items[name]) for name in plan.maps]
        scenario = plan.setup.scenario
        return Robust(
            title=scenario.title,
            stamp={
                "scenario": plan.hash, "versions": cache.versions(),
                "seed": plan.seed, "points": "Sobol, scrambled", "grid": plan.setup.grid, "variant": plan.variant,
                "spread": plan.setup.walking.spread, "prune": plan.setup.walking.prune, "values": plan.central,
            },
            asked=plan.draws, solved=len(self.solved), failures=failures, central_reason=self.unsolved,
            questions=[one for one in items.values() if isinstance(one, Spread)],
            claims=[one for one in items.values() if isinstance(one, Share)],
            regions=regions, quality=self.quality(), draws=self.table(),
        )  # fmt: skip

    def run(self, owns: Sequence[Any], label: str, job: Job | None = None) -> list[Done]:
        """What comes of tasks with these data of their own, in their order."""
        job = job or self.plan.setup.job()
        tasks = [job.task(own) for own in owns]
        found = carry_out(job, tasks, store=self.store, at=self.at, progress=self.progress, label=label)
        return [found[task.key] for task in tasks]

    def draw(self) -> list[Failure]:
        """The central point, the draws, and the checks; returns what failed."""
        plan = self.plan
        self.unit = points(plan.draws, len(plan.axes), plan.seed)
        self.points = valued(plan.axes, self.unit)
        names = [axis.name for axis in plan.axes]
        owns: list[dict[str, Any]] = [
            {"values": {**plan.central, **dict(zip(names, map(float, row), strict=True))}} for row in self.points
        ]
        home = [item.name for item in plan.items if not item.compares]
        for own in owns[plan.compared :] if len(home) < len(plan.items) else ():
            own["names"] = home
        middle, *got = self.run([{"values": plan.central}, *owns], "draws")
        self.middle = middle.data or {}
        if not self.middle.get("ok"):
            self.unsolved = told = _short(middle.error) or self.middle["reason"]
            self.middle = {"answers": {item.name: {"value": None, "reason": told} for item in plan.items}}
        failures = []
        for number, (own, done) in enumerate(zip(owns, got, strict=True), start=1):
            if done.data is not None and done.data["ok"]:
                self.solved.append(number - 1)
                self.data.append(done.data)
            else:
                told = _short(done.error) or done.data["reason"]
                failures.append(Failure(number=number, values=own["values"], reason=told))
        finer = [{**owns[i], "grid": plan.fine, "full": True} for i in self.solved[: plan.checks]]
        for k, done in enumerate(self.run(finer, "checks on the finer grid")):
            if done.data is not None and done.data["ok"]:
                self.checked.append((k, done.data))
            else:
                self.unchecked.append(_short(done.error) or done.data["reason"])
        return failures

    def numbers(self, name: str) -> list[float | None]:
        """A question's answers, or a claim's margins, over the draws solved."""
        return [_number(data["answers"].get(name, {})) for data in self.data]

    def item(self, item: Item) -> Spread | Share:
        """A question or claim over the draws, with what it turns on."""
        got = self.numbers(item.name)
        kept = [i for i, y in enumerate(got) if y is not None]
        values = np.array([got[i] for i in kept], dtype=float)
        found = indices(self.unit[[self.solved[i] for i in kept]], values, seed=self.plan.seed)
        order = np.argsort(-found.total, kind="stable")
        self.order[item.name] = [
            self.plan.axes[i] for i in correlated(self.unit[[self.solved[i] for i in kept]], values)
        ]
        influences = [
            Influence(
                parameter=self.plan.axes[i].name, first=float(found.first[i]), total=float(found.total[i]),
                first_low=float(found.first_low[i]), first_high=float(found.first_high[i]),
                total_low=float(found.total_low[i]), total_high=float(found.total_high[i]),
            )
            for i in order if found.total[i] > 0
        ]  # fmt: skip
        moved = [
            abs(fine - coarse)
            for k, data in self.checked
            if (fine := _number(data["answers"].get(item.name, {}))) is not None and (coarse := got[k]) is not None
        ]
        shared: dict[str, Any] = {
            "name": item.name, "formula": item.formula, "influences": influences, "explained": found.explained,
            "grid_error": max(moved) if moved else None,
        }  # fmt: skip
        middle = self.middle["answers"].get(item.name, {})
        shared["central_reason"] = middle.get("reason", "")
        if item.unit != "truth":
            edges, counts = histogram(values, unit=item.unit)
            headline = item.question is not None and item.question.headline
            return Spread(
                **shared, unit=item.unit, headline=headline, central=middle.get("value"), count=len(values),
                mean=float(values.mean()) if len(values) else None,
                deviation=float(values.std(ddof=1)) if len(values) > 1 else None,
                quantiles=quantiles(values), edges=edges, counts=counts,
                threshold=MAJORITY if headline and item.unit == "probability" else None,
            )  # fmt: skip
        said = [data["answers"][item.name] for data in self.data if item.name in data["answers"]]
        holds, fails = (sum(one.get("holds") is way for one in said) for way in (True, False))
        none = [one["reason"] for one in said if one.get("reason")]
        count = len(said)
        low, high = interval(holds, count)
        turned = sum(
            data["answers"][item.name].get("holds") is not self.data[k]["answers"][item.name].get("holds")
            for k, data in self.checked if item.name in data["answers"]
        )  # fmt: skip
        claim = item.claim
        return Share(
            **shared, quote=claim.quote if claim else "", by=claim.by if claim else "",
            kind=claim.kind if claim else "question", number=claim.number if claim else 0,
            central=_verdict(middle["holds"]) if "holds" in middle else None, margin=middle.get("margin"),
            holds=holds, fails=fails, undecided=count - holds - fails, share=holds / count if count else None,
            low=low, high=high, turned=turned,
            reason=none[0] if none and len(none) == count else "",
        )  # fmt: skip

    def leading(self, one: Spread | Share, count: int) -> list[Axis]:
        """The parameters that an answer turns on most: by their total indices; where these explain less than
        `EXPLAINED`, then by how the answer is correlated with them."""
        known = {axis.name: axis for axis in self.plan.axes}
        found = [known[i.parameter] for i in one.influences[:count] if i.total >= LEAST]
        if one.explained < EXPLAINED:
            found += [axis for axis in self.order[one.name] if axis not in found]
        return found[:count]

    def bars(self, items: dict[str, Spread | Share]) -> None:
        """The bars of the leading parameters, put into the items that have a central answer."""
        central = self.plan.central
        items_with = {name: one for name, one in items.items() if _central(one) is not None}
        asked: dict[str, list[str]] = {}
        for name, one in items_with.items():
            for axis in self.leading(one, self.plan.bars):
                asked.setdefault(axis.name, []).append(name)
        known = {axis.name: axis for axis in self.plan.axes}
        ends = [(known[name], end) for name in asked for end in (known[name].low, known[name].high)]
        owns = [{"values": {**central, axis.name: end}, "names": asked[axis.name]} for axis, end in ends]
        got = {
            (axis.name, end): done.data["answers"] if done.data and done.data["ok"] else {}
            for (axis, end), done in zip(ends, self.run(owns, "tornado"), strict=True)
        }
        for name, one in items_with.items():
            items[name] = replace(one, bars=sorted(
                (_bar(one, axis, *(_number(got[axis.name, end].get(name, {})) for end in (axis.low, axis.high)))
                 for axis in self.leading(one, self.plan.bars)), key=_length, reverse=True,
            ))  # fmt: skip

    def boundaries(self, items: dict[str, Spread | Share]) -> None:
        """Where claims with both verdicts, and headline probabilities on both sides of even odds, turn."""
        asked = [
            (name, axis)
            for name, one in items.items() if self.turns(one)
            for axis in self.leading(one, self.plan.leading)
        ]  # fmt: skip
        owns = []
        for name, axis in asked:
            one = items[name]
            owns.append({
                "name": name, "axis": axis.name, "low": axis.low, "high": axis.high, "central": axis.value,
                "values": self.plan.central, "threshold": one.threshold if isinstance(one, Spread) else None,
            })  # fmt: skip
        job = self.plan.setup.job("winset.study.robust.boundary:Finding")
        found: dict[str, list[Boundary]] = {}
        for (name, axis), done in zip(asked, self.run(owns, "where answers turn", job), strict=True):
            told = done.data or {"at": None, "failed": True, "reason": _short(done.error)}
            found.setdefault(name, []).append(
                Boundary(parameter=axis.name, low=axis.low, high=axis.high, central=axis.value, **told)
            )
        for name, some in found.items():
            items[name] = replace(items[name], boundaries=some)

    def turns(self, one: Spread | Share) -> bool:
        """Whether an answer turns among the draws."""
        if isinstance(one, Share):
            return one.holds > 0 and one.fails + one.undecided > 0
        known = [y for y in self.numbers(one.name) if y is not None]
        return one.threshold is not None and bool(known) and min(known) < one.threshold < max(known)

    def region(self, one: Spread | Share) -> Region:
        """The answer over the two parameters that it turns on most."""
        pair = self.leading(one, 2)
        pair += [a for a in self.plan.axes if a not in pair][: 2 - len(pair)]  # there are two, or no map is asked for
        across, up = pair[0], pair[-1]
        x, y = (np.linspace(a.low, a.high, self.plan.side).tolist() for a in (across, up))
        owns = [
            {"values": {**self.plan.central, across.name: b, up.name: a}, "names": [one.name], "several": True}
            for a in y for b in x
        ]  # fmt: skip
        got = [done.data if done.data and done.data["ok"] else None for done in self.run(owns, f"map of {one.name}")]
        cells = [None if data is None else _number(data["answers"][one.name]) for data in got]
        many = [data is not None and data["equilibria"] > 1 for data in got]
        side = len(x)
        return Region(
            name=one.name, across=across.name, up=up.name, x=x, y=y,
            values=[cells[i : i + side] for i in range(0, len(cells), side)],
            several=[many[i : i + side] for i in range(0, len(many), side)],
        )  # fmt: skip

    def quality(self) -> Quality:
        """How well the draws were solved."""
        told = [data["solution"] for data in self.data]
        made = [data["certificate"] for _, data in self.checked]

        def over(key: str, how: Callable[[list[Any]], Any]) -> Any:
            return how([one[key] for one in told]) if told else 0

        gains = [one["full_gain"] for one in made if one["full_gain"] is not None]
        return Quality(
            grid=self.plan.setup.grid, fine=self.plan.fine, cells=over("cells", lambda v: float(np.mean(v))),
            missed=over("missed", sum), draws_missed=over("missed", lambda v: sum(m > 0 for m in v)),
            residual=float(over("residual", max)), lost=float(over("lost", max)),
            folded=over("folded", lambda v: sum(m > FOLDED for m in v)), checked=len(made),
            passed=sum(one["passes"] is not False for one in made), full_gain=max(gains) if gains else None,
            unchecked=len(self.unchecked), unchecked_reason=self.unchecked[0] if self.unchecked else "",
            seconds=float(np.mean([data["seconds"] for data in self.data])) if self.data else 0.0,
        )  # fmt: skip

    def table(self) -> Draws:
        """The draws themselves."""
        axes = self.plan.axes
        names = list(dict.fromkeys(key for data in self.data for key in data.get("evidence", {})))
        return Draws(
            parameters=[a.name for a in axes], low=[a.low for a in axes], high=[a.high for a in axes],
            central=[a.value for a in axes], points=[list(map(float, self.points[i])) for i in self.solved],
            values={item.name: self.numbers(item.name) for item in self.plan.items},
            evidence={key: [data.get("evidence", {}).get(key) for data in self.data] for key in names},
        )  # fmt: skip


def _number(answer: dict[str, Any]) -> float | None:
    """An answer's number, or its margin."""
    found = answer.get("margin") if "holds" in answer else answer.get("value")
    return None if found is None else float(found)


def _short(error: str) -> str:
    """The first line of what broke down."""
    return error.partition("\n")[0]


def _verdict(holds: bool | None) -> Any:
    return "undecided" if holds is None else ("holds" if holds else "fails")


def _bar(one: Spread | Share, axis: Axis, at_low: float | None, at_high: float | None) -> Bar:
    line = one.threshold if isinstance(one, Spread) else 0.0
    middle = _central(one)
    ends = [y for y in (at_low, at_high) if y is not None]
    flips = line is not None and isinstance(middle, float) and any((y > line) != (middle > line) for y in ends)
    return Bar(parameter=axis.name, low=axis.low, high=axis.high, at_low=at_low, at_high=at_high, flips=flips)


def _central(one: Spread | Share) -> float | None:
    """The central answer, or of a claim its margin there."""
    return one.central if isinstance(one, Spread) else one.margin


def _length(bar: Bar) -> float:
    return 0.0 if bar.at_low is None or bar.at_high is None else abs(bar.at_high - bar.at_low)


__all__ = ["Item", "Making", "Plan"]
