"""Tasks sent to a Dask cluster: `dask://HOST:PORT` is a scheduler's address, `dask` starts one on this machine.

The scheduler keeps what every task was made of, so a worker that is lost takes nothing with it: what it was doing, and
the worker that it had made, are made again elsewhere. Only a task that loses several workers one after the other is
given up (Dask's `allowed-failures`), and is then told as failed.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

from winset.base.errors import WinsetError
from winset.study.runs.tasks import Done, Job, Task, attempt

AHEAD = 2
"""Tasks sent ahead for each thread of the cluster, so that none waits for the next."""

PATIENCE = 20.0
"""Seconds in which a scheduler has to answer."""


class Cluster:
    """Tasks carried out by a Dask cluster.

    Args:
        address: `HOST:PORT` of a scheduler; empty: a cluster of processes on this machine.
        workers: how many of these.

    Raises:
        WinsetError: Dask is not installed, or there is no scheduler at the address.
    """

    def __init__(self, address: str, workers: int) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise WinsetError(
                "Dask is not installed, so there is no cluster to send work to\n"
                '    fix: Install it with `pip install "winset[cluster]"`, or leave `--on` away.'
            ) from error
        self.local: Any = None
        try:
            if not address:
                self.local = LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None, processes=True
                )
            self.client: Any = Client(self.local if self.local is not None else f"tcp://{address}", timeout=PATIENCE)
        except (OSError, ValueError) as error:
            self.__exit__()
            raise WinsetError(
                f"no Dask scheduler answers at `{address}`: {error}\n"
                "    fix: Give the address that `dask scheduler` prints, as dask://HOST:PORT."
            ) from error

    def run(self, job: Job, tasks: Iterator[Task]) -> Generator[Done, None, None]:
        """What comes of the tasks; see `Executor`."""
        from distributed import as_completed

        run, sent = uuid4().hex, dict[str, Task]()
        ready = self.client.submit(_packed, pickle.dumps(job), key=f"winset-job-{run}")
        waiting = as_completed()

        def send() -> bool:
            task = next(tasks, None)
            if task is not None:
                future = self.client.submit(_carried_out, ready, task, key=f"winset-{run}-{task.key}", pure=False)
                sent[future.key] = task
                waiting.add(future)
            return task is not None

        more = True
        while more or sent:
            while more and len(sent) < AHEAD * max(sum(self.client.nthreads().values()), 1):
                more = send()
            if not sent:
                break
            future = next(waiting)
            task = sent.pop(future.key)
            if future.status == "finished":
                yield future.result()
            else:
                yield Done(key=task.key, error=f"given up by the cluster: {_said(future)}")

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for part in (getattr(self, "client", None), self.local):
            with suppress(Exception):  # a scheduler that is gone cannot be told
                if part is not None:
                    part.close()


def _said(future: Any) -> str:
    with suppress(Exception):
        error = future.exception()
        return f"{type(error).__name__}: {error}"
    return str(future.status)


def _packed(job: bytes) -> bytes:
    """What a worker is made of, as a result that the scheduler can have made again."""
    return job


_made: dict[tuple[bytes, int], Callable[[Any], Any]] = {}
MOST = 16
"""Workers of different jobs or threads that one process keeps."""


def _carried_out(job: bytes, task: Task) -> Done:
    """A task carried out on the cluster; each thread makes its worker once a job."""
    key = (job, threading.get_ident())
    if key not in _made:
        try:
            if len(_made) >= MOST:
                _made.clear()
            _made[key] = pickle.loads(job).worker()
        except Exception as error:
            return Done(key=task.key, error=f"{type(error).__name__}: {error}")
    return attempt(_made[key], task)


__all__ = ["Cluster"]
