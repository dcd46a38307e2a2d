"""A thread for what waits for the disk: it runs one function after the other for an event loop.

Executors do the same for many callers in many threads; their locks and futures cost twice as much
as the hop itself, and each commit is a hop (docs/decisions/0040).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar, cast

Value = TypeVar("Value")


class ThreadEnded(RuntimeError):
    """The thread was closed, or failed: nothing runs in it any more."""


class _Job(NamedTuple):
    """A function to call, and the future that waits for it."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    future: asyncio.Future[Any]


class DiskThread:
    """Runs functions in the order in which they are given. Used by one event loop at a time."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._begun, self._ended = 0, 0
        self._has_ended = False
        # A daemon: who ends the process without `close` waits for nothing.
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_free(self) -> bool:
        """Whether nothing is under way: after a caller was cancelled, something still may be."""
        return self._begun == self._ended

    async def call(self, function: Callable[..., Value], *args: Any) -> Value:
        """Run a function after all that was given before, and return its result or raise what it
        raises.

        It goes on if the caller is cancelled, unless it has not begun. Raises `ThreadEnded` rather
        than wait for a thread that is not there.
        """
        future = asyncio.get_running_loop().create_future()
        self._begun += 1
        self._jobs.put(_Job(function, args, future))
        if self._has_ended:  # looked at last: what was put in before it ended, it settles
            future.cancel()
            raise ThreadEnded("closed, or failed before")
        return cast(Value, await future)

    def close(self) -> None:
        """Run what was given to the thread before, then end it. A later `call` raises
        `ThreadEnded`."""
        self._has_ended = True
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                self._do(job)
            except BaseException as error:  # such as lack of memory
                self._fail(job, error)
                return
            del job  # not to keep its result until the next one

    def _do(self, job: _Job) -> None:
        """Call the job's function and let its loop know. Only this thread writes `_ended`."""
        left = job.future.cancelled()
        result, error = (None, None) if left else _call(job.function, job.args)
        self._ended += 1
        _tell(job, result, error)

    def _fail(self, job: _Job | None, error: BaseException) -> None:
        """Raise `ThreadEnded` in all that wait, for nobody is here to do it. That ends the
        process."""
        self._has_ended = True
        while job is not None:
            with contextlib.suppress(MemoryError):  # again: nobody else tells whoever waits
                ended = ThreadEnded("failed")
                ended.__cause__ = error
                _tell(job, None, ended)
                job = None if self._jobs.empty() else self._jobs.get()


def _tell(job: _Job, result: object, error: BaseException | None) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
        job.future.get_loop().call_soon_threadsafe(_settle, job.future, result, error)


def _call(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    """Return the function's result, or what it raised. Knows no future: the error would hold it."""
    try:
        return function(*args), None
    except BaseException as raised:
        return None, raised


def _settle(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.done():  # cancelled, or told already
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
