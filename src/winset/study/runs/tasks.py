"""What a run is made of: a job that all its tasks share, tasks, and what comes of them.

A job names a class by its place, and what one object of it is made from; each worker makes one object, once, and calls
it with what each task has of its own. Only names, plain data and what `pickle` takes travel.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from threading import Lock
from typing import Any, Protocol

from winset.study import cache


@dataclass(frozen=True, kw_only=True)
class Task:
    """One piece of work.

    Attributes:
        key: hash of all that its result depends on; the name under which the result is kept.
        own: what this task has of its own, as JSON data.
    """

    key: str
    own: Any


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of a task.

    Attributes:
        key: of the task.
        data: the result, as JSON data; None where there is none.
        error: why there is none: what broke down, in words. Such a task is tried again by the next run.
    """

    key: str
    data: Any = None
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What all tasks of a run share.

    Attributes:
        maker: `package.module:name` of what makes the worker: called with `shared`, it gives what is called with a
            task's own data and returns JSON data.
        shared: what the worker is made from; it has to be picklable.
        parts: JSON data that stands for `shared` in the keys of results: equal parts, equal results.
    """

    maker: str
    shared: Any
    parts: Any

    @cached_property
    def digest(self) -> str:
        """Hash of all that results depend on besides what a task has of its own: code and versions too."""
        return cache.key(self.maker, {"parts": self.parts})

    def task(self, own: Any) -> Task:
        """The task with these data of its own."""
        said = json.dumps([self.digest, own], sort_keys=True, allow_nan=False)
        return Task(key=hashlib.sha256(said.encode()).hexdigest(), own=own)

    def worker(self) -> Callable[[Any], Any]:
        """What carries out tasks; made anew."""
        module, _, name = self.maker.partition(":")
        made: Callable[[Any], Any] = getattr(import_module(module), name)(self.shared)
        return made


class Executor(Protocol):
    """Carries out tasks somewhere. Used as a context, at whose end it lets everything go, whatever it is doing."""

    def run(self, job: Job, tasks: Iterator[Task]) -> Generator[Done, None, None]:
        """What comes of the tasks, in any order; once it is closed, no task is taken any more.

        A task is taken from the iterator, from any thread but one at a time, when there is somebody to do it: what has
        not been taken is not begun. A task that fails gives a `Done` with an error, never an exception.
        """

    def __enter__(self) -> Executor:
        """Itself."""

    def __exit__(self, *_: object) -> None:
        """Ends what it has begun."""


class Turns(Iterator[Task]):
    """An iterator that several threads may take from, and give back to."""

    def __init__(self, tasks: Iterator[Task]) -> None:
        self._tasks, self._back, self._lock, self.stopped = tasks, list[Task](), Lock(), False

    def __next__(self) -> Task:
        with self._lock:
            if self.stopped:
                raise StopIteration
            return self._back.pop() if self._back else next(self._tasks)

    def stop(self) -> None:
        """Gives nothing out any more."""
        with self._lock:
            self.stopped = True

    def back(self, task: Task) -> None:
        """Puts a task back, to be taken again."""
        with self._lock:
            self._back.append(task)


def attempt(work: Callable[[Any], Any], task: Task) -> Done:
    """One task carried out here."""
    try:
        return Done(key=task.key, data=work(task.own))
    except Exception as error:  # whatever it was, it is told and counted
        found = getattr(error, "diagnostics", ())
        return Done(key=task.key, error=f"{type(error).__name__}: {found[0].message if found else error}")


__all__ = ["Done", "Executor", "Job", "Task", "Turns", "attempt"]
