"""Somebody in danger, or who is called by them, asks to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.feature import Feature
from bot.testing.talk import Talk
from tests.storage.rows.test_forgetting import BEA, ROOMS_OWN, forgetter, where

ALARM = "está en peligro y pide ayuda"


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, forgetter(tmp_path / "forgetter")]


async def named(talk: Talk, who: str, whom: str) -> None:
    await talk.tells(who, f"panico avisar @{whom}:test")
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.tells(whom, "si")
    await talk.sent()


async def test_nothing_names_who_called_or_was_called(talk: Talk) -> None:
    await named(talk, "bea", "carla")
    await named(talk, "carla", "bea")
    await talk.tells("bea", "panico me siguen")
    await talk.wait(timedelta(minutes=3))
    await talk.sent()
    assert "danger_named" in await where(talk, BEA)
    await talk.says("carla", "!olvida")
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.wait(timedelta(days=1))
    await talk.sent()
    assert {t for t in await where(talk, BEA) if t.startswith("danger") or t == "job"} == set()
    assert set(await where(talk, BEA)) <= ROOMS_OWN


async def test_who_answered_and_is_forgotten_is_followed_by_the_others(talk: Talk) -> None:
    await named(talk, "carla", "bea")
    await talk.tells("carla", "panico")
    await talk.sent()
    await talk.tells("bea", "voy")
    await talk.sent()
    await talk.wait(timedelta(hours=1))
    await talk.sent()
    await talk.says("carla", "!olvida")
    await talk.wait(timedelta(0))
    said = [(post.room, post.plain) for post in await talk.said()]
    ana, carla = await talk.private("ana"), await talk.private("carla")
    assert any(room == ana and ALARM in text for room, text in said)
    assert any(room == carla and "ya no está aquí" in text for room, text in said)
