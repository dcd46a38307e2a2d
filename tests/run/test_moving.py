"""A room is upgraded in the middle of what goes on in it: all of it goes on in the new room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.fake_gateway import BOT
from bot.testing.talk import ROOM, PostedEvent, Talk, dated, find_number, user_id
from bot.types import EventId, Membership, MembershipChanged, RoomId, RoomUpgraded, Trust
from storage import help_rooms, log, rooms, settings
from storage.rows import room_moves
from tests.storage.rows import test_forgetting

NEW = RoomId("!nueva:test")
HOUR = timedelta(hours=1)
PEOPLE = ["ana", "bea", "carla"]


async def linked(talk: Talk, old: RoomId, new: RoomId, *, back: bool = True) -> None:
    """Both rooms name each other in their state."""
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", new, old)
        if back:
            await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", old, new)


async def upgrade(
    talk: Talk, old: RoomId = ROOM, *, authentic: bool = True, powered: bool = True
) -> None:
    event = EventId(f"$stone-{old}-{authentic}-{powered}")
    at = talk.clock.at
    await talk.happens(RoomUpgraded(old, event, user_id("ana"), at, NEW, authentic, powered))


async def enter(talk: Talk, new: RoomId = NEW) -> None:
    at = talk.clock.at
    await talk.happens(
        MembershipChanged(
            new, EventId(f"$in{new}"), BOT, at, BOT, Membership.JOIN, Membership.INVITE
        )
    )


async def upgraded(talk: Talk) -> list[PostedEvent]:
    """The whole way of it; what the bot did in the end."""
    await upgrade(talk, authentic=False)
    assert [p.kind for p in await talk.sent()] == ["join"]
    await talk.room(NEW, "Sala", PEOPLE, {"ana": 50})
    await linked(talk, ROOM, NEW)
    await enter(talk)
    await talk.hears_nothing()
    await upgrade(talk)
    return sorted(await talk.sent(), key=lambda p: p.room != ROOM)


async def opened(talk: Talk) -> tuple[int, PostedEvent]:
    await talk.says("ana", '!encuesta "¿Dónde?" "Norte" "Sur" cierra: en 2 horas')
    said, poll = await talk.sent()
    return find_number(said), poll


async def test_a_tap_of_somebody_who_has_not_come_over_counts(talk: Talk) -> None:
    number, poll = await opened(talk)
    await upgraded(talk)
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM member WHERE room = ? AND person = ?", NEW, user_id("bea"))
    await talk.taps("bea", poll, 2)
    await talk.says("bea", "hola")
    assert "Sur: 1" in await talk.answer("ana", f"!resultados {number}", room=NEW)
    await talk.moves("bea", Membership.LEAVE, ROOM)
    await talk.taps("bea", poll, 1)
    said = "\n".join(p.plain for p in await talk.said())
    assert "No puedes votar" in said
    assert "Sur: 1" in await talk.answer("ana", f"!resultados {number}", room=NEW)


async def test_an_open_poll_goes_on_and_is_decided_in_the_new_room(talk: Talk) -> None:
    number, old = await opened(talk)
    await talk.taps("bea", old, 1)
    gone, left, came, again, poll = await upgraded(talk)
    assert (gone.room, gone.kind, gone.content["redacts"]) == (ROOM, "redact", old.event)
    assert (left.room, "sigue en la sala nueva" in left.plain) == (ROOM, True)
    assert (came.room, "sigue aquí" in came.plain) == (NEW, True)
    assert (again.room, f"encuesta {number} sigue aquí" in again.plain) == (NEW, True)
    await talk.taps("carla", poll, 2)
    await talk.says("ana", "2", room=NEW, reply=again)
    await talk.hears("Anotado: Sur")
    await talk.wait(2 * HOUR)
    (result,) = [
        p for p in await talk.said(NEW) if "gana" in p.plain and "m.new_content" not in p.content
    ]
    assert "Norte: 1" in result.plain
    assert "Sur: 2" in result.plain


async def test_a_tap_in_the_old_room_that_is_read_later_counts(talk: Talk) -> None:
    _number, old = await opened(talk)
    await upgraded(talk)
    await talk.taps("bea", old, 1)
    await talk.wait(2 * HOUR)
    assert any("Norte: 1" in p.plain for p in await talk.said(NEW))


async def test_a_proposal_of_organisations_goes_on_with_its_votes_and_its_rights(
    talk: Talk,
) -> None:
    await talk.says("ana", "!votantes agregar Sur @bea suplente:@carla peso:20")
    await talk.says("ana", "!votantes agregar Norte @carla peso:3")
    await talk.said()
    await talk.says("ana", "!propuesta Compramos la olla quorum:2 cierra: en 2 horas")
    said, old = await talk.sent()
    number = find_number(said)
    results = f"!resultados {number}"
    tap = await talk.taps("bea", old, 1)
    posts = await upgraded(talk)
    again, poll = posts[-2:]
    assert f"{number}" in again.plain
    await talk.taps("carla", poll, 2)
    assert "a favor: 20\nen contra: 3" in await talk.answer("ana", results, room=NEW)
    await talk.says("ana", "!votantes agregar Sur titular: @ana", room=NEW)
    await talk.said()
    await talk.redacts("bea", tap)
    await talk.taps("bea", poll, 3)
    assert "a favor: 20\nen contra: 3" in await talk.answer("ana", results, room=NEW)
    await talk.says("ana", f"voto {number} en contra", room=NEW)
    await talk.hears("Sur: Anotado: en contra")
    await talk.wait(2 * HOUR)
    (result,) = [p for p in await talk.said(NEW) if "no aprobada." in p.plain]
    assert "Nadie votó a favor.\nen contra: 23" in result.plain


async def test_settings_reminders_questions_and_the_log_go_along(talk: Talk) -> None:
    await talk.says("ana", "!config idioma pt")
    await talk.says("ana", "sí")
    await talk.says("bea", "!lembrar em 1 hora; levar a faixa", thread=EventId("$root"))
    await talk.says("ana", "!config doze-horas sim")
    await talk.said()
    posts = await upgraded(talk)
    assert posts[0].plain.startswith("A sala continua aqui")
    await talk.says("ana", "sim", room=NEW)
    async with talk.machine.db.reading() as tx:
        assert await settings.settings_of(tx, NEW) == {"language": "pt", "twelve": "yes"}
    await talk.said()
    await talk.wait(HOUR)
    (rung,) = await talk.said()
    assert (rung.room, "levar a faixa" in rung.plain) == (NEW, True)
    assert "m.relates_to" not in rung.content
    lines = await talk.answer("carla", "!historico", room=NEW)
    assert "substituiu a sala" in lines
    assert "português" in lines.casefold()
    assert "Cuidado" not in lines


async def test_a_log_that_was_tampered_with_stays_so(talk: Talk) -> None:
    await talk.says("ana", "!config idioma pt")
    await talk.says("ana", "sí")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE log SET act = 'nothing'")
    await talk.said()
    await upgraded(talk)
    async with talk.machine.db.reading() as tx:
        assert not await log.is_whole(tx, NEW)


async def test_the_former_room_is_offered_no_more(talk: Talk) -> None:
    await upgraded(talk)
    async with talk.machine.db.reading() as tx:
        assert [r.room for r in await rooms.shared_rooms(tx, user_id("bea"))] == [NEW]
        assert [r.room for r in await rooms.network_rooms(tx)] == [NEW]


async def test_it_happens_once(talk: Talk) -> None:
    await opened(talk)
    await upgraded(talk)
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$x"), user_id("ana"), at, NEW, True, True))
    await talk.hears_nothing()


async def test_without_power_or_without_a_way_back_nothing_moves(talk: Talk) -> None:
    await upgrade(talk, authentic=False, powered=False)
    await talk.hears_nothing()
    await talk.room(NEW, "Trampa", PEOPLE)
    await linked(talk, ROOM, NEW, back=False)
    await upgrade(talk, authentic=False)
    await talk.hears_nothing()
    async with talk.machine.db.reading() as tx:
        assert await room_moves.successor_of(tx, ROOM) is None


async def test_a_room_that_only_claims_to_be_the_next_one_is_left(talk: Talk) -> None:
    await talk.room(NEW, "Trampa", PEOPLE)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", ROOM, NEW)
    await talk.invites("bea", NEW)
    await enter(talk)
    assert "leave" in [p.kind for p in await talk.sent()]


async def test_whoever_waits_alone_in_another_room_gets_no_private_one(talk: Talk) -> None:
    """Nameless, encrypted and for two, as private rooms are; but nobody brought us there."""
    await upgrade(talk, authentic=False)
    await talk.sent()
    await talk.room(NEW, "", ["@mallory:x"], {"@mallory:x": 100})
    await linked(talk, ROOM, NEW, back=False)
    await enter(talk)
    assert [p.kind for p in await talk.sent()] == ["leave"]


async def test_nothing_moves_into_a_room_without_encryption(talk: Talk) -> None:
    await opened(talk)
    await talk.room(NEW, "Sala", PEOPLE, encrypted=False)
    await linked(talk, ROOM, NEW)
    await upgrade(talk)
    await talk.hears("no está cifrada")
    async with talk.machine.db.reading() as tx:
        assert await room_moves.successor_of(tx, ROOM) is None


async def test_a_private_room_goes_on_for_the_same_two_alone(talk: Talk) -> None:
    old = await talk.private("bea")
    await talk.room(NEW, "", ["bea"])
    await linked(talk, old, NEW)
    await enter(talk)
    await upgrade(talk, old)
    await talk.hears("Nuestra sala privada sigue aquí")
    await talk.says("bea", "recordatorios", room=NEW)
    await talk.hears("no hay recordatorios")


async def test_a_private_room_goes_on_with_nobody_else(talk: Talk) -> None:
    old = await talk.private("bea")
    await talk.room(NEW, "", ["bea", "carla"])
    await linked(talk, old, NEW)
    await upgrade(talk, old)
    assert [(p.room, p.kind) for p in await talk.sent()] == [(NEW, "leave")]
    async with talk.machine.db.reading() as tx:
        assert await rooms.private_room(tx, user_id("bea")) == old


async def test_a_help_room_is_never_followed(talk: Talk) -> None:
    talk.gateway.unconfirmed.add(user_id("carla"))
    await talk.says("carla", "!ayuda", trust=Trust.UNSIGNED)
    _told, steps = await talk.sent()
    await talk.room(NEW, "", ["carla"])
    await linked(talk, steps.room, NEW)
    await talk.invites("carla", NEW)
    await enter(talk)
    await upgrade(talk, steps.room)
    done = [(p.room, p.kind) for p in await talk.sent()]
    assert (steps.room, "leave") in done
    async with talk.machine.db.reading() as tx:
        assert await help_rooms.open_for(tx, user_id("carla")) is None
        assert await help_rooms.person_of(tx, NEW) is None
        assert await room_moves.successor_of(tx, steps.room) is None


async def test_a_meeting_its_agenda_and_the_tasks_go_on_in_the_new_room(talk: Talk) -> None:
    await talk.says("ana", "!reunion empezar", thread=EventId("$hilo"))
    await talk.says("ana", "acuerdo: pan", thread=EventId("$hilo"))
    await talk.says("ana", "!tarea @bea barrer")
    await talk.says("ana", '!accion "Carta" "Escribe" "Llama"')
    await talk.sent()
    await upgraded(talk)
    assert "barrer" in await talk.answer("bea", "!tareas", room=NEW)
    assert "1. Escribe" in await talk.answer("bea", "!accion 3", room=NEW)
    await talk.says("ana", "acuerdo: agua", room=NEW)
    assert "· pan\n· agua" in await talk.answer("ana", "!reunion cerrar", room=NEW)


async def test_what_is_lent_and_who_waits_for_it_go_on_in_the_new_room(talk: Talk) -> None:
    await talk.says("ana", dated("!presto proyector a @bea hasta {+5}"))
    await talk.says("bea", "!recibido 2")
    await talk.says("carla", dated("!pido proyector hasta {+10}"))
    await talk.sent()
    await upgraded(talk)
    listed = await talk.answer("ana", "!préstamos", room=NEW)
    assert ("lo tiene Bea" in listed, "espera 1 persona" in listed) == (True, True)
    await talk.says("bea", "!devuelto 2", room=NEW)
    await talk.says("ana", "!devuelto 2", room=NEW)
    assert any("sigues tú (número 3)" in post.plain for post in await talk.said())


STAYS = {
    "room": "as its server describes it",
    "member": "who is in it",
    "room_move": "where it went",
    "letter": "what is on its way may have been accepted there",
    "posted": "our messages stay where they are",
    "seen": "the tombstone itself",
    "log": "the chain is called so in which a line was written",
    "log_head": "the same",
    "onboarding_invitation": "who was invited there was invited there",
    "job": "the answer to such an invitation",
    "library_version": "where each version was said",
    "question": "what is followed from there when it is answered",
}
"""What names the former room for good."""


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_nothing_that_was_kept_of_the_room_is_left_behind(talk: Talk) -> None:
    await test_forgetting.everything(talk)
    await talk.says("ana", "!configurar plantilla asamblea")
    await talk.says("ana", "sí")
    await talk.sent()
    async with talk.machine.db.reading() as tx:
        before = await log.check_log(tx, ROOM)
    await upgraded(talk)
    left = await test_forgetting.where(talk, ROOM)
    assert set(left) <= set(STAYS), {table: left[table] for table in set(left) - set(STAYS)}
    assert {row[2] for row in left["job"]} == {"invited"}
    assert ROOM not in {row[1] for row in (*left["log"], *left["log_head"])}
    assert ROOM not in {row[0] for row in left["question"]}
    async with talk.machine.db.reading() as tx:
        after = await log.check_log(tx, NEW)
        assert (after.lines, after.is_whole) == (before.lines + 1, True)
        assert await log.entry_marked(tx, NEW, before.mark) is not None
