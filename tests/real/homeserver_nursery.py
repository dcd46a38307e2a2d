"""Homeservers that have their modules already: each is a fork of a process that imported them.

Importing Synapse is three quarters of the processor time that its start takes. Synapse has a
reactor that can be forked for its own tests (synapse.app.complement_fork_starter); it is used here.
`python homeserver_nursery.py 3` is the process that is forked, as in tests/real/nursery.py.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from bot.demo.synapse import Homeserver, environment
from tests.real.nursery import NUMBER, Nursery, serve

NURSERY = Nursery(__file__)


class ForkedHomeserver(Homeserver):
    """A `Homeserver` whose process is a fork; all else is as it was."""

    def _begin(self, output: BinaryIO) -> Forked:
        return fork_synapse(["-c", str(self.folder / "homeserver.yaml")], self.folder, output)


def fork_synapse(arguments: Sequence[str], cwd: Path, output: BinaryIO) -> Forked:
    """Start `python -m synapse.app.homeserver ARGUMENTS`, its output and errors in a file."""
    order = [str(cwd), environment(), list(arguments)]
    return Forked(NURSERY.order(order, [output.fileno()]))


class Forked(subprocess.Popen[bytes]):
    """A running homeserver: what `subprocess.Popen` is, as far as `Homeserver` needs it."""

    def __init__(self, life: socket.socket) -> None:
        """`life`: where the nursery tells its process id at once, and its exit status later."""
        self._life = life  # nothing of Popen's own is set up: it is no child of ours
        self.stdin = None
        (self.pid,) = NUMBER.unpack(life.recv(NUMBER.size))
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit status, a signal's number below zero; None while it runs."""
        if self._status is None and select.select([self._life], [], [], 0)[0]:
            self._end()
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit status. Raises `subprocess.TimeoutExpired` after `timeout` seconds."""
        if self._status is None:
            if not select.select([self._life], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("synapse", timeout or 0)
            self._end()
        assert self._status is not None
        return self._status

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _end(self) -> None:
        with self._life:
            said = self._life.recv(NUMBER.size)
        (self._status,) = NUMBER.unpack(said) if said else (-signal.SIGKILL,)


# --- the process that is forked -----------------------------------------------------------------


def _be_synapse(_files: list[int], arguments: list[str]) -> None:
    """From here on this is Synapse."""
    from synapse.app import complement_fork_starter as starter
    from synapse.app.homeserver import main
    from synapse.metrics import _reactor_metrics

    reactor: Any = vars(_reactor_metrics)["reactor"]
    starter._worker_entrypoint(main, reactor, ["synapse", *arguments])


def _prepare() -> None:
    """Import Synapse with a reactor that each fork gives an epoll of its own."""
    from synapse.app import complement_fork_starter

    starter: Any = complement_fork_starter
    starter.installReactor(starter.ProxiedReactor())
    import synapse.app.homeserver  # noqa: F401


if __name__ == "__main__":
    _prepare()
    serve(socket.socket(fileno=int(sys.argv[1])), _be_synapse)
