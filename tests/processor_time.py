"""Tell how much processor each file of tests takes, with the servers it uses: a plugin of pytest.

`make test-cost` writes the table. Processor time, unlike the clock, is the same on a busy machine.
"""

from __future__ import annotations

import os
import resource
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SHOWN = 25
COLLECTING, BETWEEN = "(import and collect)", "(deal out and report)"
_TICKS = os.sysconf("SC_CLK_TCK")
_REPORT = "processor_time"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor: of this process, and of all that it started."""

    own: float = 0.0
    started: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.own + other.own, self.started + other.started)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.own - other.own, self.started - other.started)

    @property
    def all(self) -> float:
        return self.own + self.started


def measure() -> Spent:
    """What was spent until now. Of processes that still run only Linux tells (proc(5))."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    over = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = sum(_read_running(os.getpid()))
    return Spent(own.ru_utime + own.ru_stime, over.ru_utime + over.ru_stime + running)


def _read_running(ancestor: int) -> Iterator[float]:
    """The seconds of each process that still runs below this one, and of what it waited for."""
    children = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _name, _end, rest = stat.read_text(errors="replace").rpartition(")")
        except OSError:  # it ended meanwhile
            continue
        fields = rest.split()
        children[int(fields[1])].append((int(stat.parent.name), sum(map(int, fields[11:15]))))
    below = [ancestor]
    while below:
        for process, ticks in children[below.pop()]:
            below.append(process)
            yield ticks / _TICKS


@dataclass(slots=True)
class Account:
    """What each file took, in one process; `until` is what was booked by now."""

    by_file: dict[str, Spent] = field(default_factory=lambda: defaultdict(Spent))
    until: Spent = field(default_factory=Spent)

    def book(self, where: str) -> None:
        """Put down to this file all that was spent since the last call."""
        now = measure()
        self.by_file[where] += now - self.until
        self.until = now

    def add(self, told: dict[str, tuple[float, float]]) -> None:
        """Take in what a worker told by `tell`."""
        for where, (own, started) in told.items():
            self.by_file[where] += Spent(own, started)

    def tell(self) -> dict[str, tuple[float, float]]:
        """What xdist can carry from a worker."""
        return {where: (spent.own, spent.started) for where, spent in self.by_file.items()}

    def lines(self) -> list[str]:
        """The table, dearest first, in seconds."""
        rows = sorted(self.by_file.items(), key=lambda row: -row[1].all)
        whole = sum((spent for _where, spent in rows), Spent())
        table = [("(all)", whole), *rows]
        return [
            f"{'seconds':>9}{'python':>9}{'started':>9}  file",
            *(f"{s.all:9.2f}{s.own:9.2f}{s.started:9.2f}  {where}" for where, s in table),
        ]


class Bookkeeper:
    """Books at each change of file, since looking at all processes takes its time too."""

    def __init__(self, config: pytest.Config) -> None:
        self.account = Account()
        self.table = Path(config.option.processor_time)
        self.is_worker = hasattr(config, "workeroutput")
        self.deals = not self.is_worker and bool(getattr(config.option, "numprocesses", 0))

    def pytest_collection_finish(self) -> None:
        self.account.book(COLLECTING)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Iterator[Any]:
        done = yield
        if nextitem is None or nextitem.path != item.path:
            self.account.book(item.path.relative_to(item.config.rootpath).as_posix())
        return done

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.account.add(getattr(node, "workeroutput", {}).get(_REPORT, {}))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.is_worker:
            session.config.workeroutput[_REPORT] = self.account.tell()  # type: ignore[attr-defined]
            return
        if self.deals:  # what its workers spent, they told themselves
            own = resource.getrusage(resource.RUSAGE_SELF)
            self.account.by_file[BETWEEN] += Spent(own.ru_utime + own.ru_stime)
        self.table.parent.mkdir(parents=True, exist_ok=True)
        self.table.write_text("\n".join([*self.account.lines(), ""]), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section(f"processor time ({self.table})")
        for line in self.account.lines()[: SHOWN + 2]:
            terminalreporter.write_line(line)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--processor-time", metavar="TABLE", help="write there what each file took of the processor"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.option.processor_time:
        config.pluginmanager.register(Bookkeeper(config))
