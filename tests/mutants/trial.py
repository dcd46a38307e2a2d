"""A plugin of pytest that tries mutants: each in a process that is forked when all is collected.

`MINGA_MUTANTS` names a JSON file: the mutants' numbers, and the file for the verdicts.
"""

from __future__ import annotations

import json
import os
import select
import signal
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
    early = sorted(switch.reached)
    passages = list(_passages(session))
    with Path(order["verdicts"]).open("w", encoding="utf-8") as file:
        for number in order["numbers"]:
            verdict = "early" if number in early else _verdict(session, passages, number)
            file.write(json.dumps([number, verdict]) + "\n")
            file.flush()
    return True


def _passages(session: pytest.Session) -> list[Passage]:
    """Run every test once, none of which may fail. Return what each comes to."""

    def run() -> str:
        done = []
        for index, item in enumerate(session.items):
            switch.reached.clear()
            began = time.monotonic()
            if not _passes(session, [item], [300.0]):
                return json.dumps(item.nodeid)
            done.append([index, time.monotonic() - began, sorted(switch.reached)])
        return json.dumps(done)

    told = json.loads(_in_a_fork(run, 1200) or '"the limit of time"')
    if isinstance(told, str):
        raise pytest.UsageError(f"fails without a mutant: {told}")
    return [Passage(session.items[at], took, frozenset(names)) for at, took, names in told]


def _verdict(session: pytest.Session, passages: Sequence[Passage], number: int) -> str:
    """Return `killed`, `alive`, or `unreached` if no test comes to the mutant."""
    those = sorted((p for p in passages if number in p.reached), key=lambda p: p.seconds)
    if not those:
        return "unreached"

    def run() -> str:
        switch.turn_on(number)
        limits = [5 * p.seconds + 15 for p in those]
        return "alive" if _passes(session, [p.item for p in those], limits) else "killed"

    return _in_a_fork(run, 5 * sum(p.seconds for p in those) + 60) or "killed"


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
    """Return what `run` returns in a process of its own; nothing if it breaks or takes too long."""
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
            told = b""
            os.kill(child, 9)
    os.waitpid(child, 0)
    return told.decode()
