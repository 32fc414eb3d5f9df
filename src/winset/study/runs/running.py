"""A run: what is stored is taken from the store, what others are at is left to them, the rest is carried out and kept.

    with executor("", workers=2) as at:
        found = carry_out(job, [job.task({"x": 1.0})], store=Store(), at=at)

A result is kept as soon as it is there. A process that is killed at any moment therefore loses the tasks in flight and
no other, and the next run goes on from there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from winset.base.errors import WinsetError
from winset.study.runs.store import Store
from winset.study.runs.tasks import Done, Executor, Job, Task

Progress = Callable[[int, int, str], None]
"""progress(done, total, label)."""
PAUSE = 0.2
"""Seconds between looks at what other processes have done."""


def executor(on: str = "", workers: int | None = None) -> Executor:
    """Who carries out tasks.

    Args:
        on: "": processes of this machine; "here": this very process; "dask": a Dask cluster started on this machine;
            "dask://HOST:PORT": the cluster of that scheduler.
        workers: how many processes; None: as many as cores. One core, or one worker: this very process.

    Raises:
        WinsetError: it is none of these, or the cluster is not there.
    """
    if workers is not None and workers < 1:
        raise WinsetError(f"the number of workers is at least 1, not {workers}")
    count = workers or os.cpu_count() or 1
    if on == "dask" or on.startswith("dask://"):
        from winset.study.runs.cluster import Cluster

        return Cluster(on.removeprefix("dask").removeprefix("://"), count)
    from winset.study.runs.pool import Pool, Serial

    if on not in ("", "here"):
        raise WinsetError(
            f"work can not be sent to `{on}`\n    fix: Write dask://HOST:PORT, or dask for a cluster on this machine."
        )
    return Serial() if on == "here" or count == 1 else Pool(count)


def carry_out(
    job: Job, tasks: Sequence[Task], *, store: Store, at: Executor, progress: Progress | None = None, label: str = "",
) -> dict[str, Done]:  # fmt: skip
    """What comes of some tasks, by key; each key once.

    Args:
        job: what the tasks share.
        tasks: in the order in which they are begun.
        store: where results are looked for and kept.
        at: who carries them out.
        progress: progress(done, total, label), after each task.

    Raises:
        OSError: a result cannot be kept.
    """
    found: dict[str, Done] = {}
    wanted = {task.key: task for task in tasks}
    held: set[str] = set()

    def tell() -> None:
        if progress is not None:
            progress(len(found), len(wanted), label)

    def mine(of: Sequence[Task], left: list[Task]) -> Iterator[Task]:
        """The tasks to carry out here; those that others are at are left."""
        for task in of:
            data = store.load(task.key)
            if data is None and not store.claim(task.key):
                left.append(task)
                continue
            if data is None:  # between the look and the claim another process may have finished it
                data = store.load(task.key)
                if data is not None:
                    store.release(task.key)
            if data is not None:
                found[task.key] = Done(key=task.key, data=data)
                continue
            held.add(task.key)
            yield task

    store.tidy()
    rest: list[Task] = list(wanted.values())
    try:
        while rest:
            left: list[Task] = []
            before = len(found)
            with closing(at.run(job, mine(rest, left))) as coming:  # closed before claims are ended: none is made after
                for done in coming:
                    found[done.key] = _kept(store, done)
                    held.discard(done.key)
                    for key in list(held):
                        store.renew(key)
                    tell()
            rest = left
            tell()
            if rest and len(found) == before:
                time.sleep(PAUSE)
    finally:
        for key in list(held):
            store.release(key)
    return found


def _kept(store: Store, done: Done) -> Done:
    """A result put into the store; what it could not hold is an error of the task."""
    if done.error:
        store.release(done.key)
        return done
    try:
        store.keep(done.key, done.data)
    except (TypeError, ValueError) as error:
        store.release(done.key)
        return Done(key=done.key, error=f"the result is no JSON data: {error}")
    return done


__all__ = ["Progress", "carry_out", "executor"]
