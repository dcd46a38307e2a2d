"""A plugin of pytest that tries mutants: each in a process that is forked when all is collected.

`MINGA_MUTANTS` names a JSON file: the mutants' numbers, the file for the verdicts, and the patience
with a test in seconds.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.mutants import switch


@dataclass(frozen=True, slots=True)
class Passage:
    """What one test does without a mutant: which places it reaches, and in how many seconds."""

    item: pytest.Item
    seconds: float
    reached: frozenset[int] = field(default_factory=frozenset)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Try the mutants one after the other, in place of the usual run."""
    if session.testsfailed or "MINGA_MUTANT" in os.environ:
        return None
    order = json.loads(Path(os.environ["MINGA_MUTANTS"]).read_text("utf-8"))
    passages = list(_passages(session))
    early = sorted(switch.reached)
    with Path(order["verdicts"]).open("w", encoding="utf-8") as file:
        for number in order["numbers"]:
            verdict = "early"
            if number not in early:
                verdict = _verdict(session, passages, number, order["patience"])
            file.write(json.dumps([number, verdict]) + "\n")
            file.flush()
    return True


def _passages(session: pytest.Session) -> list[Passage]:
    """Run every test once, none of which may fail. Return what each comes to.

    What the tests import is imported here too: else each mutant's process would do it again, and
    its first test would take longer than it may.
    """
    here = set(sys.modules)

    def run() -> str:
        done = []
        for index, item in enumerate(session.items):
            switch.reached.clear()
            began = time.monotonic()
            if not _passes(session, [item], [300.0]):
                return json.dumps(item.nodeid)
            done.append([index, time.monotonic() - began, sorted(switch.reached)])
        return json.dumps([done, [name for name in sys.modules if name not in here]])

    try:
        told = json.loads(_in_a_fork(run, 1200) or '"the process broke"')
    except TimeoutError:
        told = "the limit of time"
    if isinstance(told, str):
        raise pytest.UsageError(f"fails without a mutant: {told}")
    done, imported = told
    for name in imported:
        importlib.import_module(name)
    return [Passage(session.items[at], took, frozenset(names)) for at, took, names in done]


def _verdict(
    session: pytest.Session, passages: Sequence[Passage], number: int, patience: float
) -> str:
    """Return `killed`, `timed out`, `alive`, or `unreached` if no test comes to the mutant.

    Each test has five times what it usually takes, and `patience` seconds. A change that makes
    tests wait is noticed, but so is one on a machine that is too busy.
    """
    those = sorted((p for p in passages if number in p.reached), key=lambda p: p.seconds)
    if not those:
        return "unreached"

    def run() -> str:
        switch.turn_on(number)
        limits = [5 * p.seconds + patience for p in those]
        return "alive" if _passes(session, [p.item for p in those], limits) else "killed"

    try:
        return _in_a_fork(run, 5 * sum(p.seconds for p in those) + 60) or "killed"
    except TimeoutError:
        return "timed out"


def _passes(session: pytest.Session, items: Sequence[pytest.Item], limits: Sequence[float]) -> bool:
    """Run tests until one fails. Return whether none did.

    A test that takes longer than its limit of seconds ends this process.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for item, following, limit in zip(items, [*items[1:], None], limits, strict=True):
        signal.setitimer(signal.ITIMER_REAL, limit)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def _in_a_fork(run: Callable[[], str], limit: float) -> str:
    """Return what `run` returns in a process of its own; nothing if it breaks.

    Raises `TimeoutError` after `limit` seconds, or when an alarm of its own ended it.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            os.write(write, run().encode())
        finally:
            os._exit(0)
    os.close(write)
    told, until = b"", time.monotonic() + limit
    with os.fdopen(read, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
            piece = pipe.read(65536)
            told += piece
            if not piece:
                break
        else:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise TimeoutError
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        raise TimeoutError
    return told.decode()
