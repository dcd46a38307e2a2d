"""A thread for calls that may never return, as those on a file system that is mounted from afar.

The threads that everybody shares are few: each call that hangs would take one for good.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from bot.capability.errors import UserError
from bot.i18n import _

Result = TypeVar("Result")


class StillOut(UserError):
    """An earlier call has not returned yet, so no other was begun."""

    def __init__(self) -> None:
        super().__init__(_("I can't look that up now."), _("Please ask again in a while."))


class OwnThread:
    """Runs calls, one at a time, where a call that hangs holds up no other work.

    The end of the process does not wait for it either, so what it does must be safe to be cut off.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._call: Future[object] | None = None

    async def run(self, call: Callable[[], Result]) -> Result:
        """Run a function in the thread and return its result. A timeout leaves it running.

        Raises `StillOut` instead while an earlier call is still running.
        """
        if self._call is not None and not self._call.done():
            raise StillOut
        future: Future[Result] = Future()
        future.set_running_or_notify_cancel()
        self._call = future  # type: ignore[assignment]
        Thread(target=_run, args=(call, future), name=self._name, daemon=True).start()
        return await asyncio.wrap_future(future)


def _run(call: Callable[[], Result], future: Future[Result]) -> None:
    """Store what the call returns or raises."""
    try:
        result = call()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
