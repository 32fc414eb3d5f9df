"""Orders carried out in other processes, so that a second core works on variants while the base is solved and proved.

A worker is a fresh Python that runs this module: it reads pickled messages from its standard input and answers on its
standard output. Fresh rather than forked, so that it works on every system, beside any threads, and from scripts
without a `__main__` guard. What comes back does not depend on where an order was carried out.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread

from winset.base import places
from winset.base.errors import WinsetError
from winset.base.process import claim
from winset.game.kernels import lending, threads, wake
from winset.study.children import Setup, Worker, end_with, put_down, send, started
from winset.study.formulas import Asker
from winset.study.orders import Done, Order, carry_out_all
from winset.study.pieces import Pieces
from winset.study.solved import Study, StudySettings

MOST = 1
"""Most workers: each holds a solution of its own, and memory is promised as well as time."""


class Shift:
    """Orders being carried out by workers, and by whoever asks for what is done; those that belong together, by one.

    Workers begin with the first, and whoever asks for what is done with the last, where there are workers."""

    def __init__(self, orders: Sequence[tuple[Order, ...]], setup: Setup, count: int) -> None:
        self._left = deque(enumerate(orders))
        self._total = len(orders)
        self._done: dict[int, list[Done] | BaseException] = {}
        self._workers: list[Worker] = []
        with suppress(OSError):  # where no process can be started, all is done here
            self._workers += [started(setup) for _ in range(count)]
        self._threads = [Thread(target=self._feed, args=(w,), daemon=True) for w in self._workers]
        for thread in self._threads:
            thread.start()

    @property
    def size(self) -> int:
        """How many workers there are."""
        return len(self._workers)

    def finished(
        self, here: Callable[[tuple[Order, ...]], list[Done]], tell: Callable[[int, int, str], None]
    ) -> list[Done]:
        """What came of all orders, in their order; those left are carried out here meanwhile."""
        take = self._left.pop if self._workers else self._left.popleft
        while True:
            try:
                number, orders = take()
            except IndexError:
                for thread in self._threads:
                    thread.join()
                if not self._left:  # else a worker broke down
                    break
                continue
            names = ", ".join(o.variant for o in orders)
            tell(len(self._done), self._total, f"variant {names}" if names else "what the base turns on")
            self._done[number] = here(orders)
        out = []
        for number in sorted(self._done):
            done = self._done[number]
            if isinstance(done, BaseException):
                raise done
            out += done
        return out

    def _feed(self, worker: Worker) -> None:
        """Hands orders to a worker until none is left; what a worker that broke down had in hand is put back."""
        process = worker.process
        assert process.stdin is not None
        assert process.stdout is not None
        hand: tuple[int, tuple[Order, ...]] | None = None
        try:
            while True:
                try:
                    hand = self._left.popleft()
                except IndexError:
                    return
                worker.send(hand[1])
                self._done[hand[0]] = pickle.load(process.stdout)
                hand = None
        except Exception:  # whatever became of the worker or of its answer, the order is carried out here
            if hand is not None:
                self._left.append(hand)
        finally:
            with suppress(OSError, ValueError):
                process.stdin.close()

    def stop(self) -> None:
        """Ends the workers, whatever they are doing."""
        self._left.clear()
        for worker in self._workers:
            put_down(worker.process)


@contextmanager
def shift(orders: Sequence[tuple[Order, ...]], setup: Setup, *, apart: bool) -> Iterator[Shift]:
    """Starts workers on some orders; none where there is one core, or kernels have yet to be compiled.

    Args:
        orders: what is to be done, in pieces of work.
        setup: what workers make their study of.
        apart: whether workers may be used at all.
    """
    many = min(MOST, threads() - 1, len(orders) - 1) if apart and places.compiled() else 0
    work = Shift(orders, setup, max(many, 0))
    try:
        with lending(work.size):
            yield work
    finally:
        work.stop()


def main() -> None:
    """A worker's life: the setup, then orders until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt of a terminal goes to all; the parent ends us
    Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    claim()
    wake()
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # so that nothing printed comes between the answers
    with suppress(EOFError, BrokenPipeError):
        setup = pickle.load(orders)
        settings = StudySettings(grid=setup.grid, memory=setup.memory)
        study = Study(scenario=setup.scenario, values=setup.values, settings=settings, base=setup.base).coarse
        side = Asker(study, grid_check=False)
        pieces = Pieces(side)
        with suppress(WinsetError):  # what variants take over from; why it cannot be solved, its own process says
            study.solved()
        while True:
            work = pickle.load(orders)
            done: list[Done] | BaseException
            try:
                done = carry_out_all(work, side, pieces)
            except BaseException as error:
                done = error
            send(answers, done)


if __name__ == "__main__":
    main()
