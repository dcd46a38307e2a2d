"""Processes that have their modules already: each is a fork of one that imported them.

Importing, and reading the words, cost more processor than all else a starting bot does, and the
tests start it more than a hundred times. A fork runs the same `minga`, in a session of its own, and
dies like any process. Homeservers are forks too (tests/real/homeserver_nursery.py).
`python nursery.py 3` is the process that is forked; it takes orders from descriptor 3.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import commands

ORDER = 256 * 1024
MOST_FILES = 3
NUMBER = struct.Struct("!i")
Be = Callable[..., None]


class Forked:
    """A running bot: what a process of asyncio is, as far as the tests need it."""

    def __init__(self, life: socket.socket, pid: int, stdout: asyncio.StreamReader) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._over = asyncio.create_task(self._end(life))

    async def _end(self, life: socket.socket) -> int:
        with life:
            said = await asyncio.get_running_loop().sock_recv(life, NUMBER.size)
        (self.returncode,) = NUMBER.unpack(said) if said else (-signal.SIGKILL,)
        return self.returncode

    async def wait(self) -> int:
        """Its exit status; a signal's number below zero."""
        return await asyncio.shield(self._over)

    def terminate(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)


class Nursery:
    """The process that is forked, begun once and at the latest when needed; it ends with us."""

    def __init__(self, program: str = __file__) -> None:
        self._program = program
        self._orders: socket.socket | None = None
        self._beginning = threading.Lock()

    def begin(self) -> socket.socket:
        """Have it import everything beside what else is done; return where it takes orders."""
        with self._beginning:  # two homeservers are started at once, each in a thread
            self._orders = self._orders or self._begin()
        return self._orders

    def order(self, what: Sequence[object], files: Sequence[int]) -> socket.socket:
        """Order a fork, which gets these files; return a socket that tells its pid, then its end:
        a number each, and nothing if it was killed with its nursery."""
        life, its_life = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with its_life:
            given = [its_life.fileno(), *files]
            socket.send_fds(self.begin(), [json.dumps(what).encode()], given)
        return life

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            subprocess.Popen(  # noqa: S603
                [sys.executable, self._program, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            ).returncode = 0  # nobody waits for it: it ends when our end of its orders is closed
        return ours

    async def start(
        self,
        arguments: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        *,
        more: Sequence[str] = (),
        limit: int,
    ) -> Forked:
        """`minga ARGUMENTS` in that folder, its output and errors as one stream.

        With the capabilities in the folders of `more` too; `limit` bounds a line.
        """
        loop = asyncio.get_running_loop()
        read, write = os.pipe()
        life = self.order([str(cwd), dict(environment), list(arguments), list(more)], [write])
        life.setblocking(False)
        os.close(write)
        (pid,) = NUMBER.unpack(await loop.sock_recv(life, NUMBER.size))
        stdout = asyncio.StreamReader(limit)
        pipe = os.fdopen(read, "rb", 0)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdout), pipe)
        return Forked(life, pid, stdout)


# --- the process that is forked -----------------------------------------------------------------


def serve(orders: socket.socket, be: Be) -> None:
    """Fork for each order, and tell of each end; until nobody can order any more.

    `be`: what a fork does, with the files it was given and what else the order says.
    """
    gc.collect()
    gc.freeze()  # else each fork's collector walks all of it, and so copies each page of it
    lives: dict[int, socket.socket] = {}
    ended, wake = socket.socketpair()
    wake.setblocking(False)
    ended.setblocking(False)
    signal.signal(signal.SIGCHLD, _nothing)
    signal.set_wakeup_fd(wake.fileno())
    look = selectors.DefaultSelector()
    look.register(orders, selectors.EVENT_READ)
    look.register(ended, selectors.EVENT_READ)
    while True:
        for key, _mask in look.select():
            if key.fileobj is ended:
                ended.recv(4096)
                _bury(lives)
            elif not _ordered(orders, lives, be):
                return


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Woken up by the descriptor."""


def _bury(lives: dict[int, socket.socket]) -> None:
    while lives:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with lives.pop(pid) as life, contextlib.suppress(OSError):
            life.send(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _ordered(orders: socket.socket, lives: dict[int, socket.socket], be: Be) -> bool:
    order, given, _flags, _address = socket.recv_fds(orders, ORDER, MOST_FILES)
    if not order:
        return False
    life, *files = given
    pid = os.fork()
    if pid == 0:
        for one in (orders, *lives.values()):
            one.close()
        os.close(life)
        cwd, environment, *rest = json.loads(order)
        _run(be, files, cwd, environment, rest)
    for file in files:
        os.close(file)
    lives[pid] = socket.socket(fileno=life)
    lives[pid].send(NUMBER.pack(pid))
    return True


def _run(
    be: Be, files: list[int], cwd: str, environment: dict[str, str], rest: list[Any]
) -> NoReturn:
    """Run a fork: the last of its files is its output. It ends as a program does."""
    os.setsid()
    if sys.platform == "linux":  # it ends with who forked it, and that with the tests
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *others, output = files
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    status: Any = 1
    try:
        be(others, *rest)
        status = 0
    except SystemExit as error:
        status = error.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1 if status else 0)


def _be_minga(_files: list[int], arguments: list[str], more: list[str]) -> None:
    """From here on this is `minga`."""
    sys.argv = ["minga", *arguments]
    if more:
        from bot.capability import discovery

        commands.__path__ += more
        discovery._names.cache_clear()  # looked up before the fork, without what a test adds
    from tests.real.moved import follow

    follow()
    from bot.operate.cli import main

    main()


def _prepare() -> None:
    """What each process would read and compile again, and keep: it is there after the fork.

    So are the tables of a new database, which each bot of a test would make step by step.
    """
    from bot.run.optional_libraries import hide_optional_libraries, without_authorities

    hide_optional_libraries()  # as `minga run` does, before anything tries them
    with without_authorities():
        import bot.run.app  # noqa: F401
    from bot import distress
    from bot.capability.discovery import features, migration_folders
    from bot.i18n import Catalogue
    from bot.run import machine
    from bot.run.machine import SENTENCES_FOLDER
    from tests.kept_schema import make, migrate_by_copy
    from tests.real import moved  # noqa: F401

    found = features()
    Catalogue.load([SENTENCES_FOLDER, *(feature.folder for feature in found)])
    distress.find_help_kind("hola")
    asyncio.run(make(migration_folders(found)))
    vars(machine)["migrate"] = migrate_by_copy


if __name__ == "__main__":
    _prepare()
    serve(socket.socket(fileno=int(sys.argv[1])), _be_minga)
