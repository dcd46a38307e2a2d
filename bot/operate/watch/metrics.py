"""What Prometheus reads of the bot: its machine, never its people.

No metric counts what people do, or changes when they do it: whoever takes the monitoring must not
learn when somebody voted or called for help (docs/decisions/0046). So times are of whole minutes,
and sizes of 16 MiB: each message would show in the last sync, each change in the files.
"""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.operate.watch.condition import Condition, Trouble

LABELS = frozenset({"kind", "version"})
"""Their values are from a fixed list: nobody's name can become one."""
MINUTE, BLOCK = 60.0, 16.0 * 2**20
_STARTED = datetime.now(UTC)


def render_metrics(condition: Condition) -> bytes:
    """Return the bot's condition as metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Look(condition))
    return generate_latest(registry)


class _Look(Collector):
    """One look as metrics: what is not known has no sample."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        now = self._condition
        version = importlib.metadata.version("minga")
        yield _labelled("minga_build_info", "The version that runs.", "version", {version: 1})
        yield _gauge("minga_start_time_seconds", "When it started (Unix time).", _unix(_STARTED))
        yield _gauge("minga_ready", "Whether it can answer people now.", not now.unready)
        yield _labelled(
            "minga_trouble",
            "What is wrong now, by kind.",
            "kind",
            {one.value: one in now.troubles for one in Trouble},
        )
        yield _gauge(
            "minga_last_sync_timestamp_seconds",
            "Until when all that the homeserver reported is handled (Unix time).",
            _unix(now.last_sync),
        )
        yield _gauge(
            "minga_oldest_letter_age_seconds",
            "How long the oldest message waits that only the homeserver keeps waiting.",
            _age(now.at, now.oldest_letter),
        )
        yield _gauge(
            "minga_late_letters",
            "Messages that only the homeserver keeps waiting, for over 15 minutes.",
            now.letters_late,
        )
        yield _gauge("minga_late_jobs", "Things due for over 15 minutes.", now.jobs_late)
        yield _gauge(
            "minga_oldest_late_job_age_seconds",
            "For how long the oldest late thing has been due.",
            _age(now.at, now.oldest_job),
        )
        yield _gauge(
            "minga_last_backup_timestamp_seconds",
            "When the last backup was made (Unix time).",
            _unix(now.last_backup),
        )
        yield _gauge("minga_disk_free_bytes", "What is free for the data.", _blocks(now.free_bytes))
        yield _gauge("minga_data_size_bytes", "The files of the data.", _blocks(now.data_bytes))
        yield _gauge("minga_resident_memory_bytes", "Memory in use.", _resident_bytes())


def _gauge(name: str, help_text: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(name, help_text)
    if value is not None:
        family.add_metric([], value)
    return family


def _labelled(name: str, help_text: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _unix(at: datetime | None) -> float | None:
    return None if at is None else _whole(at.timestamp(), MINUTE)


def _age(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(_whole((now - since).total_seconds(), MINUTE), 0.0)


def _blocks(size: float) -> float:
    return _whole(size, BLOCK)


def _whole(value: float, unit: float) -> float:
    """Return the value without what is less than a whole `unit`."""
    return value // unit * unit


def _resident_bytes() -> float | None:
    """Return how much memory this process uses, where the system tells (proc_pid_statm(5))."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return None
    return _blocks(int(pages) * os.sysconf("SC_PAGE_SIZE"))
