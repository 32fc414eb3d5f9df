"""A Dask cluster of two workers on this machine, one of them killed in the middle: nothing is lost."""

import os
import signal
import sys
from pathlib import Path

import pytest

from winset.base.errors import WinsetError
from winset.study.runs.running import carry_out, executor
from winset.study.runs.store import Store
from winset.study.runs.tasks import Job

HERE = Path(__file__).parent


def test_without_dask_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WinsetError, match=r"Dask is not installed(.|\n)*fix: Install it"):
        executor("dask", 2)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_worker_is_killed_and_nothing_is_lost(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.syspath_prepend(str(HERE))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address.removeprefix("tcp://")
        one = Job(maker="odd_jobs:make", shared={"factor": 3, "seconds": 0.05}, parts=3)
        tasks = [one.task({"x": x}) for x in range(30)]
        tasks.append(one.task({"x": 1, "bad": True}))
        with executor(f"dask://{address}") as at:
            done, killed = {}, 0
            for got in at.run(one, iter(tasks)):
                done[got.key] = got
                if len(done) == 5:
                    killed = next(d.data["pid"] for d in done.values() if d.data)
                    os.kill(killed, signal.SIGKILL)
            assert [done[t.key].data["y"] for t in tasks[:30]] == [3 * x for x in range(30)]
            assert done[tasks[30].key].error == "ValueError: bad"
            after = {d.data["pid"] for d in list(done.values())[5:] if d.data}
            assert len(after - {killed}) >= 1
            kept = carry_out(one, tasks[:4], store=Store(tmp_path), at=at)
            assert [kept[t.key].data["y"] for t in tasks[:4]] == [0, 3, 6, 9]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_is_not_there_is_said(monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setattr("winset.study.runs.cluster.PATIENCE", 0.5)
    with pytest.raises(WinsetError, match="no Dask scheduler answers"):
        executor("dask://127.0.0.1:9")
