"""A week in fast time, in short: fewer rooms, the same restarts, outage and full disk."""

from __future__ import annotations

from pathlib import Path

from benchmarks.limits_page import write_part
from benchmarks.week import run_week
from benchmarks.week_report import summary


async def test_a_week_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    week = await run_week(tmp_path, 30)
    try:
        found = await summary(week)
    finally:
        await week.talk.close()
    assert (found["lost"], found["doubled"], found["early"]) == ([], [], [])
    assert found["votes"][0] == found["votes"][1] > 40
    assert found["left"] == 0
    assert found["refused"] > 0  # the full disk was felt
    assert found["said"] + found["excused"] >= found["expected"] > 150
    assert week.days[-1].waiting == 0
    assert max(d.memory for d in week.days[2:]) - week.days[1].memory < 20
    assert week.days[-1].disk < 20


def test_a_part_of_the_page_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "limits.md"
    page.write_text("before\n<!-- week -->\nold\n<!-- /week -->\nafter\n", "utf-8")
    write_part("week", "new", page)
    said = page.read_text("utf-8")
    assert said.startswith("before\n<!-- week -->\nnew\n") and said.endswith(
        "<!-- /week -->\nafter\n"
    )
    assert "old" not in said
