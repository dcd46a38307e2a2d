"""Settings and acts of other capabilities, as rooms lists, logs and takes them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import commands.rooms
from bot.api import (
    DESCRIBE_LOG_ENTRY,
    Answer,
    Context,
    Feature,
    Line,
    Need,
    RoomId,
    Setting,
    Topic,
    WholeNumber,
    Words,
    log,
    verbatim,
    words,
)
from bot.testing.talk import Talk


async def touches(_ctx: Context, _room: RoomId, _value: str) -> Line | None:
    return verbatim("changes 3 things")


def a_feature(folder: Path) -> Feature:
    """A capability with many settings and one act that can be taken back."""
    other = Feature("other", folder)
    for n in range(15):
        name = f"thing-{chr(97 + n)}{n}"
        about = verbatim(f"About {name}.")
        names = Words(name, name, name)
        other.settings.append(Setting(name, names, WholeNumber(1, 9), "5", about, affects=touches))

    @other.command(
        words("hacer", "fazer", "act"),
        help=verbatim("act"),
        example=verbatim("act"),
        topic=Topic("other", words("otra", "outra", "other"), verbatim("Other")),
        need=Need.MODERATOR,
    )
    async def act(ctx: Context) -> Answer:
        await ctx.log("acted", {"what": "tea"}, undo={"what": "tea"})
        await ctx.log("dark", {})
        return verbatim("acted")

    @other.undo("acted")
    async def back(ctx: Context, kept: Mapping[str, Any]) -> Answer:
        await ctx.log("poured", {})
        return verbatim(f"no more {kept['what']}")

    @other.offers(DESCRIBE_LOG_ENTRY)
    async def describe(_ctx: Context, entry: log.LogEntry) -> Line | None:
        return verbatim("made " + entry.facts["what"]) if entry.act == "acted" else None

    return other


@pytest.fixture
def capabilities(tmp_path: Path) -> Sequence[Feature]:
    return [commands.rooms.feature, a_feature(tmp_path)]


@pytest.fixture
def room_language() -> str:
    return "en"


async def test_a_long_list_comes_in_pages(talk: Talk) -> None:
    first = await talk.answer("bea", "!config all")
    assert "Page 1 of 3. More: `!config page 2`" in first
    assert len(first.splitlines()) <= 14
    second = await talk.answer("bea", "!config page 2")
    assert "12 `thing-c2`: 5. About thing-c2." in second
    assert "More" not in await talk.answer("bea", "!config page 3")


async def test_what_a_change_touches_is_shown_before_it_is_made(talk: Talk) -> None:
    assert "changes 3 things" in await talk.answer("ana", "!config thing-a0 7")
    assert "Changed" in await talk.answer("ana", "yes")
    assert "5 → 7" in await talk.answer("bea", "!log")


async def test_a_value_out_of_bounds_hears_the_nearest(talk: Talk) -> None:
    heard = await talk.answer("ana", "!config thing-a0 77")
    assert "a number from 1 to 9" in heard
    assert "`!config thing-a0 9`" in heard


async def test_acts_of_other_capabilities_are_told_and_taken_back(talk: Talk) -> None:
    await talk.answer("ana", "!act")
    heard = await talk.answer("bea", "!log")
    assert "Ana: made tea" in heard
    assert "Ana: other, dark" in heard
    assert "I take this back: made tea" in await talk.answer("ana", "!undo")
    done = await talk.answer("ana", "yes")
    assert "Taken back: made tea" in done
    assert "no more tea" in done
    assert "took back: made tea" in await talk.answer("bea", "!log")
    async with talk.machine.db.reading() as tx:
        owners = await tx.all("SELECT feature FROM log WHERE act IN ('poured', 'undone')")
    assert [row["feature"] for row in owners] == ["other", "rooms"]


async def test_english_speaks_of_what_one_cannot_do(talk: Talk) -> None:
    assert "You can't" in await talk.answer("bea", "!config language es")
    assert "You can't" in await talk.answer("bea", "!undo")
    assert "I didn't understand “languaje”" in await talk.answer("ana", "!config languaje es")
