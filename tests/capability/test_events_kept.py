"""Events through what happens to rooms and people: upgrades, restores, somebody forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Answer, Context, Feature, Topic, _, words
from bot.capability.data import erasure
from bot.capability.services import EXPORT_PERSON
from bot.testing.talk import ROOM, START_TIME, Talk, day_in_words, user_id
from bot.types import EventId, RoomId, RoomUpgraded
from storage.files import restores

NEW = RoomId("!nueva:test")


def asker(folder: Path) -> Feature:
    """A capability with two commands that are missing yet."""
    feature = Feature("asker", folder)
    topic = Topic("asker", words("probar", "provar", "trying"), _("for this test"))

    @feature.command(
        words("esfumame", "esfumame", "obliterate"),
        help=_("for this test"),
        example=_("for this test"),
        topic=topic,
    )
    async def forget(ctx: Context) -> Answer:
        return await erasure.forget_person(ctx, ctx.who) or _("nothing")

    @feature.command(
        words("guardado", "guardei", "held"),
        help=_("for this test"),
        example=_("for this test"),
        topic=topic,
    )
    async def export(ctx: Context) -> Answer:
        return [
            line
            for offer in ctx.registry.offers(EXPORT_PERSON)
            for line in await offer(ctx, ctx.who)
        ]

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, asker(tmp_path / "asker")]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.set("calendar files", "no")
    return talk


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_an_event_goes_on_in_the_next_room_with_its_dates(talk: Talk) -> None:
    await talk.answer("bea", "!evento Ensayo cada martes 19h 2 veces")
    await talk.room(NEW, "Sala", ["ana", "bea"], {"ana": 50})
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$u"), user_id("ana"), at, NEW, True, True))
    await talk.said()
    assert "Ensayo (1)" in await talk.answer("bea", "!eventos", room=NEW)
    assert "Ensayo" not in await talk.answer("bea", "!eventos")
    await talk.wait(timedelta(days=8))
    await talk.sent()
    second = day_in_words(13, now=talk.clock.at).capitalize()
    assert second in await talk.answer("bea", "!eventos", room=NEW)


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_restore_says_which_events_are_as_they_were(talk: Talk) -> None:
    await talk.answer("bea", "!evento Ensayo cada martes 19h")
    await talk.answer("bea", "!evento Taller viernes 19h")
    made = START_TIME.at - timedelta(days=1)
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, made)
    assert await talk.machine.dispatcher.announce_restore()
    said = "\n".join(post.plain for post in await talk.said(ROOM))
    assert f"2 próximos eventos están como el {day_in_words(-1)}" in said
    assert "2, 1" in said


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_person_gets_their_events_and_is_forgotten_with_them(talk: Talk) -> None:
    await talk.answer("bea", "!evento Taller viernes 19h lugar: Casa de Bea")
    await talk.answer("bea", "!mover 1 sábado")
    await talk.answer("carla", "!evento Cine viernes 19h")
    held = await talk.answer("bea", "!guardado")
    assert f"Evento 1 que creaste: “Taller”, {day_in_words(3)}, 19:00" in held
    assert "Casa de Bea" in held and "Cine" not in held
    assert "1 evento borrado" in await talk.answer("bea", "!esfumame")
    assert "Taller" not in await talk.answer("carla", "!eventos")
    async with talk.machine.db.reading() as tx:
        tables = [
            row["name"] for row in await tx.all("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        left = [
            table
            for table in tables
            for row in await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            if "Casa de Bea" in repr(tuple(row))
        ]
    assert set(left) <= {"letter"}  # what is said already
    await talk.wait(timedelta(days=7))
    await talk.sent()
