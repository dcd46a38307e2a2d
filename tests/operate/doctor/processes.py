"""`minga` as another user or with limits: forks of one process that has its modules.

Its imports are nine tenths of what such a process takes. `python processes.py 3` is what is forked,
as in tests/real/nursery.py.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.real.nursery import NUMBER, Nursery, serve

NURSERY = Nursery(__file__)
ROOT = Path(__file__).parents[3]


def run_minga(
    words: Sequence[str], environment: Mapping[str, str], user: int, limits: Mapping[int, int]
) -> tuple[int, str]:
    """Run `minga WORDS` as this user (0: root) and with these limits of the process.

    Return its exit status, and what it printed.
    """
    order = [str(ROOT), dict(environment), list(words), user, list(limits.items())]
    with tempfile.TemporaryFile() as output:
        with NURSERY.order(order, [output.fileno()]) as life:
            life.recv(NUMBER.size)  # its process id
            (status,) = NUMBER.unpack(life.recv(NUMBER.size))
        output.seek(0)
        return status, output.read().decode()


# --- the process that is forked -----------------------------------------------------------------


def _be_minga(
    _files: list[int], words: list[str], user: int, limits: list[tuple[int, int]]
) -> None:
    """From here on this is `minga`."""
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))
    if user:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    sys.argv = ["minga", *words]
    from bot.operate.cli import main

    main()


def _prepare() -> None:
    """Import what `minga doctor` imports."""
    import bot.operate.cli
    import bot.run.app  # noqa: F401
    from bot.capability.discovery import features

    features()


if __name__ == "__main__":
    _prepare()
    serve(socket.socket(fileno=int(sys.argv[1])), _be_minga)
