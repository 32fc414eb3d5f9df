"""Variants in a second process: the same brief, whoever computes them and whatever becomes of the process."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time

import pytest

import winset
from winset.base import places
from winset.base.diagnostics import Diagnostic
from winset.base.errors import ScenarioError, SolveError
from winset.language.scenario import Scenario
from winset.language.variants import perception, played_alike
from winset.study import children, formulas, orders, sides, workers
from winset.study.children import Setup, Worker
from winset.study.making import make_brief
from winset.study.orders import Done, Order
from winset.study.solved import Study


def made(monkeypatch: pytest.MonkeyPatch, name: str, cores: int) -> dict[str, object]:
    """The brief of a scenario with a private type and variants, as if it were large, without its timings."""
    monkeypatch.setenv("WINSET_THREADS", str(cores))
    monkeypatch.setattr(formulas, "SMALL", 0)
    monkeypatch.setattr(places, "compiled", lambda: True)
    scenario = winset.read(name)
    brief = make_brief(
        scenario, variant="", values=None, grid=None, full=False, all_variants=True, memory=1.5e9, progress=None
    )
    return {**brief, "timings": {}}


@pytest.mark.parametrize("name", ["beer-quiche", "misperceived-ultimatum"])
def test_same_brief(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    started = []
    original = children._new
    monkeypatch.setattr(children, "_new", lambda: started.append(original()) or started[-1])
    alone = made(monkeypatch, name, 1)
    assert not started
    here, original_work = [], orders.carry_out
    monkeypatch.setattr(orders, "carry_out", lambda order, *how: here.append(order) or original_work(order, *how))
    beside = made(monkeypatch, name, 2)
    assert len(started) == 1
    assert len(here) < 1 + len(winset.read(name).variants)  # the base and its variants: the worker has done some
    assert all(process.poll() is not None for process in started)
    assert json.dumps(alone, sort_keys=True) == json.dumps(beside, sort_keys=True)


def test_a_worker_that_breaks_down_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "misperceived-ultimatum"
    alone = made(monkeypatch, name, 1)
    original = children._new

    def dead() -> object:
        process = original()
        process.kill()
        return process

    monkeypatch.setattr(children, "_new", dead)
    assert json.dumps(made(monkeypatch, name, 2), sort_keys=True) == json.dumps(alone, sort_keys=True)


def test_a_worker_started_ahead_is_the_one_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    name, new, began = "misperceived-ultimatum", children._new, []
    alone = made(monkeypatch, name, 1)
    monkeypatch.setattr(children, "_new", lambda: began.append(new()) or began[-1])
    monkeypatch.setenv("WINSET_THREADS", "2")
    with winset.ahead():
        (worker,) = children._waiting
        children.tell_ahead(Setup.of(winset.read(name), values=None, grid=None, memory=1.5e9, base=""))
        assert worker.given is not None and not worker.given.scenario.claims
        beside = made(monkeypatch, name, 2)
        assert not children._waiting
    assert len(began) == 1 and worker.process.poll() is not None
    assert json.dumps(alone, sort_keys=True) == json.dumps(beside, sort_keys=True)


def test_a_worker_told_something_else_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    name, new, began = "misperceived-ultimatum", children._new, []
    alone = made(monkeypatch, name, 1)
    monkeypatch.setattr(children, "_new", lambda: began.append(new()) or began[-1])
    monkeypatch.setenv("WINSET_THREADS", "2")
    with winset.ahead():
        children.tell_ahead(Setup.of(winset.read(name), values=None, grid=1, memory=1.5e9, base=""))
        beside = made(monkeypatch, name, 2)
    assert len(began) == 2 and all(process.poll() is not None for process in began)
    assert json.dumps(alone, sort_keys=True) == json.dumps(beside, sort_keys=True)


def test_a_worker_that_nobody_takes_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "compiled", lambda: True)
    monkeypatch.setenv("WINSET_THREADS", "2")
    with winset.ahead():
        (worker,) = children._waiting
        if hasattr(os, "getpgid"):  # else the interrupt of a terminal would end it in a traceback while it is loaded
            assert os.getpgid(worker.process.pid) != os.getpgid(0)
    assert worker.process.poll() is not None
    assert not children._waiting
    monkeypatch.setenv("WINSET_THREADS", "1")
    with winset.ahead():
        assert not children._waiting


def test_all_orders_are_carried_out_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def done(group: tuple[Order, ...]) -> list[Done]:
        return [empty(o) for o in group]

    setup = Setup(scenario=None, values=None, grid=None, memory=1.0, base="")  # type: ignore[arg-type]
    with workers.shift([order("0"), order("1", "2"), order("3"), order("4")], setup, apart=False) as shift:
        found = shift.finished(done, lambda i, n, label: None)
    assert [d.variant for d in found] == ["0", "1", "2", "3", "4"]


def pieces(scenario: Scenario) -> list[list[str]]:
    """The variants of a scenario as pieces of work."""
    every = [o for v in scenario.variants for o in order(v.name)]
    return [[o.variant for o in group] for group in orders.together(every, scenario, "")]


def test_a_worker_has_what_is_played_like_the_base() -> None:
    """The largest pieces are at the ends: of variants played like the base at the first, of the others at the last."""
    scenario = winset.read("us-dprk-2019")
    kinds = played_alike(scenario, ["", *(v.name for v in scenario.variants)])
    found = pieces(scenario)
    like = [all(kinds[name] == 0 for name in group) for group in found]
    assert like == sorted(like, reverse=True) and 5 < sum(like) < len(found)
    sizes = [len(group) for group in found]
    assert sizes[: sum(like)] == sorted(sizes[: sum(like)], reverse=True)
    assert sizes[sum(like) :] == sorted(sizes[sum(like) :])
    assert ["institutional", "institutional_no_inquiry"] in found  # played alike, and not like the base


def test_whoever_asks_begins_at_the_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.Shift, "_feed", lambda self, worker: None)
    monkeypatch.setattr(workers, "started", lambda setup: Worker(process=children._new()))
    monkeypatch.setattr(places, "compiled", lambda: True)
    setup = Setup(scenario=None, values=None, grid=None, memory=1.0, base="")  # type: ignore[arg-type]
    for cores, seen in (("1", ["0", "1", "2"]), ("2", ["2", "1", "0"])):
        monkeypatch.setenv("WINSET_THREADS", cores)
        taken: list[str] = []
        with workers.shift([order("0"), order("1"), order("2")], setup, apart=True) as shift:
            found = shift.finished(lambda group, to=taken: [to.append(group[0].variant) or empty(group[0])], _quiet)
        assert taken == seen
        assert [d.variant for d in found] == ["0", "1", "2"]


def _quiet(done: int, total: int, label: str) -> None:
    pass


def empty(order: Order) -> Done:
    return Done(variant=order.variant, raw={}, found={}, pieces={}, solved=True, lines=[], readable=[], warnings=[])


@pytest.mark.parametrize("name", ["beer-quiche", "misperceived-ultimatum"])
def test_beside_a_worker_the_base_is_solved_on_one_grid_only(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What is asked of it on the half grid is the worker's to find out."""
    solve, here = Study._solve, []
    monkeypatch.setattr(
        Study, "_solve", lambda self, *a, **k: here.append((a[1], self.settings.grid)) or solve(self, *a, **k)
    )
    took = workers.Shift.finished

    def waits(self: workers.Shift, *how: object) -> list[Done]:
        while len(self._left) == self._total:  # the worker has the base in hand before anything is left to this one
            time.sleep(0.01)
        return took(self, *how)

    made(monkeypatch, name, 1)
    assert len({grid for variant, grid in here if variant == ""}) == 2
    here.clear()
    monkeypatch.setattr(workers.Shift, "finished", waits)
    made(monkeypatch, name, 2)
    assert len({grid for variant, grid in here if variant == ""}) == 1


def order(*names: str) -> tuple[Order, ...]:
    return tuple(Order(variant=n, leaves=(), trees=(), heads=(), effects=(), trials={}) for n in names)


def test_variants_go_with_those_that_perceive_them() -> None:
    scenario = winset.read("misperceived-ultimatum")
    names = [v.name for v in scenario.variants]
    seen = {name: set(perception(scenario, name).seen.values()) for name in names}
    assert any(seen.values())
    groups = pieces(scenario)
    home = {name: group for group in groups for name in group}
    assert list(home) and sorted(home) == sorted(names)
    assert all(home[view] is home[name] for name in names for view in seen[name] if view in home)
    assert all(len(group) == 1 or any(seen[name] for name in group) for group in groups)


def test_an_error_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    setup = Setup(scenario=None, values=None, grid=None, memory=1.0, base="")  # type: ignore[arg-type]

    def fails(group: tuple[Order, ...]) -> list[Done]:
        raise ScenarioError([Diagnostic(code="C490", message="no such thing")])

    with workers.shift([order("x")], setup, apart=False) as shift, pytest.raises(ScenarioError, match="no such thing"):
        shift.finished(fails, lambda i, n, label: None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="tells a parent's end by its number, as on Unix")
def test_a_worker_ends_with_its_parent() -> None:
    """However the parent was ended: a worker left behind would keep the pipes of a terminal open."""
    child = "import subprocess, sys; from winset.study import children as c; p = c._new(); print(p.pid, flush=True)"
    parent = subprocess.Popen(
        [sys.executable, "-c", child + "; import time; time.sleep(60)"], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    os.kill(worker, 0)
    parent.kill()
    parent.communicate()
    for _ in range(300):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("the worker lives on")


def test_errors_travel() -> None:
    error = pickle.loads(pickle.dumps(ScenarioError([Diagnostic(code="C490", message="what", fix="how")])))
    assert [d.fix for d in error.diagnostics] == ["how"]
    assert pickle.loads(pickle.dumps(SolveError("far", result=3))).args == ("far",)


def test_what_is_found_of_variants_is_kept_in_the_order_of_their_declaration(monkeypatch: pytest.MonkeyPatch) -> None:
    name, seen, keep = "misperceived-ultimatum", [], sides.Sides._keep
    monkeypatch.setattr(sides.Sides, "_keep", lambda self, done: seen.append(done.variant) or keep(self, done))
    made(monkeypatch, name, 1)
    declared = [v.name for v in winset.read(name).variants]
    assert seen == ["", *declared]
    assert [v for group in pieces(winset.read(name)) for v in group] != declared  # else nothing was put in order
