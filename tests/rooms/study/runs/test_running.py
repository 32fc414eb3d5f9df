"""Runs: the same results whoever carries tasks out, nothing lost when anything is killed, no work done twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from winset.base.errors import WinsetError
from winset.study import cache
from winset.study.runs.pool import Pool, Serial
from winset.study.runs.running import carry_out, executor
from winset.study.runs.store import Store
from winset.study.runs.tasks import Job

HERE = Path(__file__).parent
ROOT = HERE.parents[3]


@pytest.fixture(autouse=True)
def _jobs_are_found(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.syspath_prepend(str(HERE))


def job(**shared):
    return Job(maker="odd_jobs:make", shared={"factor": 3, **shared}, parts={"factor": 3})


def counted(log):
    return Path(log).read_text().split() if Path(log).exists() else []


def test_keys_say_all_that_results_depend_on():
    one = job()
    assert one.task({"x": 1}).key == one.task({"x": 1}).key
    others = [one.task({"x": 2}), Job(maker="odd_jobs:make", shared=None, parts={"factor": 4}).task({"x": 1}),
              Job(maker="odd_jobs:other", shared=None, parts={"factor": 3}).task({"x": 1})]  # fmt: skip
    assert len({one.task({"x": 1}).key, *(t.key for t in others)}) == 4


def test_the_version_of_scipy_is_told_and_part_of_keys(monkeypatch):
    """Points and turning values come from it."""
    assert cache.versions()["scipy"]
    before, entry = job().task({"x": 1}).key, cache.key("brief", {})
    other = {**cache.versions(), "scipy": "0.1"}
    monkeypatch.setattr(cache, "versions", lambda: other)
    assert job().task({"x": 1}).key != before and cache.key("brief", {}) != entry


@pytest.mark.parametrize("make", [Serial, lambda: Pool(1)], ids=["here", "pool"])
def test_a_result_that_is_no_json_data_is_an_error_of_its_task(tmp_path, make):
    one, store = job(), Store(tmp_path)
    tasks = [one.task({"x": 1, "set": True}), one.task({"x": 2})]
    with make() as at:
        found = carry_out(one, tasks, store=store, at=at)
    assert "the result is no JSON data" in found[tasks[0].key].error and found[tasks[1].key].data["y"] == 6
    assert list(store.keys()) == [tasks[1].key]


def test_the_code_is_part_of_the_key(monkeypatch):
    before = job().task({"x": 1}).key
    monkeypatch.setattr("winset.study.cache.sources_hash", lambda: "other sources")
    assert job().task({"x": 1}).key != before


@pytest.mark.parametrize("make", [Serial, lambda: Pool(2)], ids=["here", "pool"])
def test_results_are_kept_and_failures_told(tmp_path, make):
    one, store, log = job(log=str(tmp_path / "log")), Store(tmp_path / "store"), tmp_path / "log"
    tasks = [one.task({"x": x}) for x in range(6)]
    tasks += [one.task({"x": 7, "bad": True}), one.task({"x": 8, "nan": True}), one.task({"x": 0})]
    with make() as at:
        told = []
        found = carry_out(one, tasks, store=store, at=at, progress=lambda *state: told.append(state))
        assert [found[t.key].data["y"] for t in tasks[:6]] == [0, 3, 6, 9, 12, 15]
        assert found[tasks[6].key].error == "ValueError: bad"
        assert "no JSON data" in found[tasks[7].key].error
        assert told[-1][:2] == (8, 8)
        assert len(counted(log)) == 8
        again = carry_out(one, tasks, store=store, at=at)
    assert {k: d.error for k, d in again.items()} == {k: d.error for k, d in found.items()}
    assert len(counted(log)) == 10, "only the two that failed are tried again"
    assert not list((tmp_path / "store").rglob("*.claim"))


def test_a_worker_that_breaks_down_is_replaced(tmp_path):
    one = job()
    tasks = [one.task({"x": x}) for x in range(4)]
    tasks += [one.task({"x": 5, "ends_once": str(tmp_path / "once")}), one.task({"x": 6, "ends": True})]
    with Pool(2) as at:
        found = carry_out(one, tasks, store=Store(tmp_path / "store"), at=at)
    assert [found[t.key].data["y"] for t in tasks[:5]] == [0, 3, 6, 9, 15]
    assert found[tasks[5].key].error == "its worker broke down 2 times (exit status 7)"


def started(tmp_path, seconds, count=40):
    command = [sys.executable, str(HERE / "one_run.py"), str(tmp_path / "store"), str(tmp_path / "log"), str(count),
               str(seconds)]  # fmt: skip
    path = os.pathsep.join([str(HERE), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True)


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path):
    """SIGKILL of the whole run loses the tasks in flight (at most one a worker) and nothing else."""
    run = started(tmp_path, 0.05)
    store = Store(tmp_path / "store")
    limit = time.monotonic() + 60
    while len(list(store.keys())) < 6 and time.monotonic() < limit:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    time.sleep(1.0)  # workers see within half a second that they are alone
    kept, begun = len(list(store.keys())), len(counted(tmp_path / "log"))
    assert 6 <= kept < 40
    assert begun - kept <= 2 * 2, "in flight: the task of each worker, and one whose answer was not yet read"
    out, _ = started(tmp_path, 0.0).communicate(timeout=60)
    assert float(out) == 3 * sum(range(40))
    assert len(counted(tmp_path / "log")) == begun + 40 - kept
    assert not list((tmp_path / "store").rglob("*.claim"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at in /proc")
def test_workers_end_with_their_run(tmp_path):
    """Even in the middle of a long task, and however the run was ended."""
    run = started(tmp_path, 60.0)
    limit = time.monotonic() + 60
    while len(counted(tmp_path / "log")) < 2 and time.monotonic() < limit:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    pids = [int(path.name.split("-")[1]) for path in tmp_path.glob("log-*")]
    assert pids
    limit = time.monotonic() + 20
    while any(map(alive, pids)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not any(map(alive, pids))


def alive(pid):
    """Whether a process runs; one that has ended and that nobody has asked for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_two_runs_at_once_share_the_work(tmp_path):
    runs = [started(tmp_path, 0.03) for _ in range(2)]
    outs = [run.communicate(timeout=90)[0] for run in runs]
    assert [float(out) for out in outs] == [3 * sum(range(40))] * 2
    assert sorted(map(int, counted(tmp_path / "log"))) == list(range(40)), "nothing twice"


def test_what_is_interrupted_leaves_no_claim(tmp_path):
    one, store = job(seconds=0.02), Store(tmp_path)

    def stop(done, total, label):
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Pool(2) as at:
        carry_out(one, [one.task({"x": x}) for x in range(30)], store=store, at=at, progress=stop)
    assert 2 <= len(list(store.keys())) < 30
    assert not list(tmp_path.rglob("*.claim"))


def test_where_work_can_be_sent():
    with executor("here") as at:
        assert isinstance(at, Serial)
    with executor("", 1) as at:
        assert isinstance(at, Serial)
    with executor("", 3) as at:
        assert isinstance(at, Pool) and len(at.members) == 3
    for on, workers, said in (("spark", None, "can not be sent to `spark`"), ("", 0, "at least 1")):
        with pytest.raises(WinsetError, match=said):
            executor(on, workers)
