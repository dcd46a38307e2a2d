"""What Prometheus reads: named by its conventions, known to dashboard and alerts, about nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.operate.watch.condition import Trouble
from bot.operate.watch.metrics import LABELS, render_metrics
from bot.testing.talk import ROOM, Talk
from tests.operate.watch.scene import AT, WELL, condition, lookout
from tests.source_files import ROOT

HOUR = timedelta(hours=1)
UNITS = ("seconds", "bytes", "info", "ready", "trouble", "letters", "jobs")
FOLDER = ROOT / "deploy/monitoring"


def samples(found: bytes) -> dict[tuple[str, str], float]:
    """Each value, by the name of its metric and the value of its label."""
    return {
        (one.name, "".join(one.labels.values())): one.value
        for family in text_string_to_metric_families(found.decode())
        for one in family.samples
    }


def values(**changed: Any) -> dict[tuple[str, str], float]:
    return samples(render_metrics(condition(**changed)))


def names() -> set[str]:
    return {name for name, _label in values()}


def test_each_metric_says_how_the_bot_is() -> None:
    found = values(
        oldest_letter=AT - HOUR - timedelta(seconds=59),
        letters_late=4,
        jobs_late=2,
        oldest_job=AT - 2 * HOUR,
    )
    assert found["minga_ready", ""] == 0
    assert found["minga_trouble", "letters_late"] == found["minga_trouble", "jobs_late"] == 1
    assert found["minga_trouble", "no_sync"] == 0
    assert found["minga_late_letters", ""] == 4
    assert found["minga_late_jobs", ""] == 2
    assert found["minga_oldest_letter_age_seconds", ""] == 3600
    assert found["minga_oldest_late_job_age_seconds", ""] == 7200
    assert found["minga_disk_free_bytes", ""] == 40 * 2**30
    assert found["minga_last_backup_timestamp_seconds", ""] == (AT - 24 * HOUR).timestamp()
    assert found["minga_start_time_seconds", ""] > 1e9
    assert found["minga_resident_memory_bytes", ""] > 2**20
    assert values()["minga_ready", ""] == 1


def test_what_is_not_known_has_no_sample() -> None:
    found = values(last_sync=None, last_backup=None)
    assert ("minga_last_sync_timestamp_seconds", "") not in found
    assert ("minga_last_backup_timestamp_seconds", "") not in found
    assert found["minga_trouble", "backup_old"] == found["minga_trouble", "catching_up"] == 1


def test_names_end_in_their_unit_and_each_has_a_sentence() -> None:
    families = list(text_string_to_metric_families(render_metrics(WELL).decode()))
    assert len(families) > 10
    for family in families:
        assert re.fullmatch(r"minga_[a-z_]+", family.name)
        assert family.name.endswith(UNITS), family.name
        assert family.documentation.endswith(".")


def test_labels_have_fixed_values_only() -> None:
    fixed = {*Trouble, *(v for (n, v) in values() if n == "minga_build_info")}
    for family in text_string_to_metric_families(render_metrics(WELL).decode()):
        for one in family.samples:
            assert set(one.labels) <= LABELS
            assert set(one.labels.values()) <= fixed


def test_no_number_tells_when_somebody_wrote() -> None:
    """A sync that ended sooner, a file that grew, a letter of just now change nothing."""
    quiet = values()
    later = timedelta(seconds=20)
    busy = values(
        last_sync=WELL.last_sync and WELL.last_sync + later,
        oldest_letter=AT - later,
        data_bytes=WELL.data_bytes + 2**20,
        free_bytes=WELL.free_bytes - 2**20 + 2**24 - 1,
    )
    memory = ("minga_resident_memory_bytes", "")
    assert {k: v for k, v in busy.items() if k != memory} == {
        k: v for k, v in quiet.items() if k != memory
    }


async def test_nothing_of_people_and_rooms_stands_in_it(talk: Talk) -> None:
    for name in ("ana", "bea", "carla"):
        await talk.says(name, f"!encuesta ¿Nos vemos {name}? Parque, Biblioteca")
    await talk.says("bea", "!pánico")
    text = render_metrics(await lookout(talk).look()).decode()
    assert re.findall(r"[@!#$]\S*:\S+", text) == []
    words = set(re.findall(r"[a-z]+", text.lower()))
    assert words & {"ana", "bea", "carla", "parque", "biblioteca", "encuesta", "panico"} == set()
    assert ROOM.strip("!").partition(":")[0] not in words
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) == len(values()) - 2, "the same as of any bot: no sync and no backup yet"


# --- dashboard and alerts -------------------------------------------------------------------------


def expressions() -> Iterator[str]:
    """Each query of the dashboard and of the alerts."""
    board = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield target["expr"]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["query"]
    rules = (FOLDER / "minga.rules.yml").read_text(encoding="utf-8")
    yield from re.findall(r"^\s+expr: (.*)$", rules, re.MULTILINE)


def test_the_dashboard_and_the_alerts_ask_for_metrics_that_are_there() -> None:
    asked = {name for one in expressions() for name in re.findall(r"\bminga_[a-z_]+", one)}
    assert asked <= names()
    assert names() - asked == set(), "what nobody looks at is not told"


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_a_query_uses_only_labels_and_troubles_that_are_there(expression: str) -> None:
    for label, value in re.findall(r"(\w+)=~?\"([^\"]*)\"", expression):
        assert label in {*LABELS, "job", "instance"}
        if label == "kind":
            assert set(value.split("|")) <= set(Trouble)


def test_the_dashboard_is_whole() -> None:
    board = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
    squares = [
        (x, y)
        for p in (panel["gridPos"] for panel in panels)
        for x in range(p["x"], p["x"] + p["w"])
        for y in range(p["y"], p["y"] + p["h"])
    ]
    assert len(set(squares)) == len(squares), "no panel covers another"


def test_there_are_three_alerts_and_each_is_tried() -> None:
    rules = (FOLDER / "minga.rules.yml").read_text(encoding="utf-8")
    alerts = re.findall(r"- alert: (\w+)", rules)
    assert len(alerts) == 3
    tried = (FOLDER / "minga.rules.test.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"alertname: (\w+)", tried)) == set(alerts)
