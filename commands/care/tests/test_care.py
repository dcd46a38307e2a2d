"""Care for each other, with what other capabilities keep: areas, rules, being forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import Answer, Context, Feature, Topic, verbatim, words
from bot.capability.data import erasure
from bot.testing.talk import ROOM, START_TIME, Talk, day_in_words, user_id
from bot.types import EventId, RoomId, RoomUpgraded
from storage import log, settings
from storage.files import restores
from storage.membership import room_state

HOUR = timedelta(hours=1)
LEVELS = "m.room.power_levels"
DESK = RoomId("!mesa:test")
BEA = user_id("bea")
about = verbatim("for this test")


def forgetter(folder: Path) -> Feature:
    """Somebody forgets Bea, and says what it was."""
    feature = Feature("forgetter", folder)

    @feature.command(
        words("olvida", "esquece", "obliterate"),
        help=about,
        example=about,
        topic=Topic("forgetter", words("olvidos", "esquecidos", "oblivion"), about),
    )
    async def forget(ctx: Context, *, text: str = "") -> Answer:
        return await erasure.forget_person(ctx, BEA)

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, forgetter(tmp_path / "forgetter")]


async def warned(talk: Talk, who: str = "bea") -> str:
    """What somebody reads when they are warned."""
    await talk.tells("ana", f"advertir @{who}:test insultos de noche")
    await talk.sent()
    await talk.tells("ana", "2")
    private = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == private)


async def test_who_accepted_the_rules_is_reminded_of_them(talk: Talk) -> None:
    for line in ("reglas cambiar Nos escuchamos.", "sí"):
        await talk.tells("ana", line)
    await talk.tells("bea", "acepto")
    await talk.sent()
    assert f"Aceptaste las reglas de la red el {day_in_words()}" in await warned(talk)
    assert "reglas de la red" not in await warned(talk, "carla")


async def an_area(talk: Talk) -> RoomId:
    """Two rooms that Ana moderates and one that she does not, in one area."""
    await talk.room(DESK, "Mesa", ["ana", "bea"], {"ana": 50})
    other = await talk.room(RoomId("!radio:test"), "Radio", ["ana", "bea", "carla"], {"carla": 50})
    for who, room in (("ana", ROOM), ("ana", DESK)):
        await talk.says(who, "!area agregar prensa", room=room)
    async with talk.machine.db.transaction() as tx:
        await tx.run("INSERT INTO onboarding_area_room SELECT id, ? FROM onboarding_area", other)
    await talk.sent()
    return other


async def test_a_wide_act_shows_first_what_it_touches(talk: Talk) -> None:
    other = await an_area(talk)
    asked = await talk.answer("ana", "!vetar @bea:test amenazas área:prensa")
    assert "En 2 salas del área “prensa”: Sala · Mesa" in asked
    assert "No en “Radio”: No puedes hacer eso aquí" in asked
    await talk.tells("ana", "dale")  # it can't be undone: only a plain yes
    assert not [p for p in await talk.sent() if p.kind == "ban"]
    await talk.says("ana", "!vetar @bea:test amenazas área:prensa")
    await talk.tells("ana", "sí")
    posts = await talk.sent()
    assert {p.room for p in posts if p.kind == "ban"} == {ROOM, DESK}
    letters = [p.plain for p in posts if p.room == await talk.private("bea")]
    assert len(letters) == 1 and "Sala · Mesa" in letters[0] and "Motivo: amenazas" in letters[0]
    for room in (ROOM, DESK):
        log = await talk.answer("ana", "!historial", room=room)
        assert "prohibió la entrada de alguien" in log and "Bea" not in log
    assert "vetó" not in await talk.answer("carla", "!historial", room=other)
    said = await talk.answer("ana", "!vetar @bea:test x área:nada")
    assert "No existe el área “nada” aquí" in said


async def named(talk: Talk, table: str) -> bool:
    async with talk.machine.db.reading() as tx:
        rows = [tuple(row) for row in await tx.all(f"SELECT * FROM {table}")]  # noqa: S608
    return "@bea" in repr(rows)


async def test_who_is_forgotten_stays_silent_as_a_hash_until_the_end(talk: Talk) -> None:
    await warned(talk)
    await talk.says("ana", "!silenciar @bea:test 2h gritos")
    await talk.sent()
    said = await talk.answer("ana", "!olvida")
    assert (
        "tu nombre en 2 advertencias, silencios y prohibiciones de entrada: siguen vigentes sin él"
        in said
    )
    for table in ("care_measure", "job", "log", "item", "posted"):
        assert not await named(talk, table), table
    async with talk.machine.db.reading() as tx:
        assert await log.is_whole(tx, ROOM)
    await talk.wait_until(START_TIME.at + 3 * HOUR)
    await talk.sent()
    assert BEA not in dict[str, Any](talk.gateway.state[ROOM, LEVELS, ""]["users"])
    assert "Es la número 2" in await warned(talk)


async def test_an_open_incident_goes_on_without_the_name_of_who_told_it(talk: Talk) -> None:
    await talk.room(DESK, "Cuidado", ["bea", "carla", "dora"])
    await talk.set("care", "yes", DESK)
    for line in ("incidente gritos", "incidente @carla:test me sigue"):
        await talk.tells("bea", line)
    await talk.tells("carla", "incidente otra cosa de @bea:test")
    await talk.tells("dora", "incidente una cosa más")
    for line in ("atender 2", "resolver 2 listo"):
        await talk.tells("dora", line)
    await talk.tells("bea", "atender 4")
    await talk.sent()
    async with talk.machine.db.transaction() as tx:
        await tx.run("INSERT INTO ban_lists_list VALUES ('!lista:x.org', 1)")
        await tx.run(
            "INSERT INTO ban_lists_rule (list, kind, key, entity, wild, reason)"
            " VALUES ('!lista:x.org', 'user', 'k', '@bea:test', 0, 'spam')"
        )
    said = await talk.answer("ana", "!olvida")
    assert "1 incidente ya resuelto" in said and "tu nombre en 1 incidente abierto" in said
    async with talk.machine.db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    for table in tables:
        if table["name"] not in ("member", "room"):
            assert not await named(talk, table["name"]), table["name"]
    await talk.wait(timedelta(0))
    told = [post.plain for post in await talk.said() if post.room == DESK]
    assert any("El incidente 4 espera" in text for text in told)  # who took it is gone
    shown = await talk.answer("dora", "incidente 1", room=await talk.private("dora"))
    assert "gritos" in shown


async def test_only_the_networks_moderators_choose_the_care_teams_room(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "bea"], {"bea": 50, "ana": 50})
    assert "No puedes" in await talk.answer("bea", "!configurar cuidado sí", room=DESK)
    for room in (ROOM, DESK):
        await talk.says("ana", "!configurar cuidado sí", room=room)
        await talk.says("ana", "sí", room=room)
    await talk.sent()
    async with talk.machine.db.reading() as tx:
        assert await settings.rooms_with(tx, "care", "yes") == [DESK]


async def test_a_room_that_is_replaced_takes_its_measures_along(talk: Talk) -> None:
    await talk.says("ana", "!silenciar @bea:test 2h gritos")
    await talk.sent()
    new = RoomId("!nueva:test")
    await talk.room(new, "Sala", ["ana", "bea"], {"ana": 50, "bea": -1})
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$up"), user_id("ana"), at, new, True, True))
    await talk.sent()
    await talk.wait(3 * HOUR)
    await talk.sent()
    assert BEA not in dict[str, Any](talk.gateway.state[new, LEVELS, ""]["users"])


async def test_who_was_silenced_after_the_copy_was_made_is_not_left_so(talk: Talk) -> None:
    await talk.says("ana", "!silenciar @carla:test 2h gritos")
    await talk.sent()
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, START_TIME.at)
        power = {"users": {user_id("ana"): 50, "@minga:test": 50, BEA: -1, user_id("carla"): -1}}
        event = {"type": LEVELS, "state_key": "", "content": power}
        await room_state.apply_state(tx, ROOM, [event], whole=False)
    await talk.machine.dispatcher.announce_restore()
    await talk.sent()
    await talk.wait(timedelta(0))
    private = await talk.private("ana")
    (said,) = [post.plain for post in await talk.said() if post.room == private]
    assert "Bea (@bea:test)" in said and "Carla" not in said
