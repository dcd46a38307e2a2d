"""Who has no confirmed device is helped in a room of their own, where nothing else ever stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.event_content import POLL_TYPE
from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import BotInvited, DeviceVerified, Membership, RoomId, Trust, UndecryptedMessage
from storage import help_rooms, outbox_entries, rooms
from storage.membership import room_state

BEA, CARLA = user_id("bea"), user_id("carla")
STEPS = (
    "falta confirmar que este dispositivo es tuyo",
    "falta confirmar que este dispositivo é seu",
    "not confirmed as yours",
)
DAY = timedelta(days=1)


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Carla has no confirmed device."""
    talk.gateway.unconfirmed.add(CARLA)
    return talk


async def ask(talk: Talk, who: str = "carla", room: RoomId = ROOM) -> list[PostedEvent]:
    await talk.says(who, "!ayuda", trust=Trust.UNSIGNED, room=room)
    return await talk.sent()


async def helped(talk: Talk) -> RoomId:
    """Carla asks, and is in her help room."""
    _told, steps = await ask(talk)
    return steps.room


async def open_room(talk: Talk) -> RoomId | None:
    async with talk.machine.db.reading() as tx:
        return await help_rooms.open_for(tx, CARLA)


async def test_the_steps_are_told_in_three_languages_in_a_room_made_for_it(talk: Talk) -> None:
    told, steps = await ask(talk)
    assert (told.room, talk.gateway.made) == (ROOM, [(steps.room, CARLA)])
    for words in (*STEPS, "`cancelar`", "`cancel`"):
        assert words in steps.plain
    assert "Sala" not in steps.plain
    assert "Red de prueba" not in steps.plain
    async with talk.machine.db.reading() as tx:
        room = await rooms.get(tx, steps.room)
        assert room is not None
        assert room.private_of is None
        assert await rooms.private_room(tx, CARLA) is None
        assert steps.room not in {r.room for r in await rooms.shared_rooms(tx, CARLA)}
        assert steps.room not in {r.room for r in await rooms.network_rooms(tx)}


async def test_who_has_another_confirmed_device_is_helped_just_so(talk: Talk) -> None:
    talk.gateway.unsigned[BEA] = ("LAPTOP",)
    mark, steps = await ask(talk, "bea")
    assert talk.gateway.made == [(steps.room, BEA)]
    assert (mark.kind, mark.room, mark.content["m.relates_to"]["key"]) == ("m.reaction", ROOM, "✗")
    for words in (*STEPS, "Si ya confirmaste otro celular"):
        assert words in steps.plain


async def test_what_the_other_device_writes_does_not_close_it(talk: Talk) -> None:
    """It shows nothing of the one that is not confirmed; that one's confirmation does."""
    talk.gateway.unsigned[BEA] = ("LAPTOP",)
    _mark, steps = await ask(talk, "bea")
    await talk.says("bea", "!pendientes")
    await talk.says("bea", "ya está", room=steps.room)
    assert {one.kind for one in await talk.sent()} == {"m.room.message"}
    confirmed = DeviceVerified(ROOM, talk._event(), BEA, talk.clock.at)
    await talk.happens(confirmed)
    said, left = [one for one in await talk.sent() if one.room == steps.room]
    assert "Listo" in said.plain
    assert left.kind == "leave"


async def test_every_line_that_did_not_count_gets_a_mark_and_no_answer_in_the_room(
    talk: Talk,
) -> None:
    await talk.says("ana", '!encuesta "¿Dónde?" "Parque" "Casa"')
    poll, *_native = await talk.sent()
    await talk.says("carla", "!votar 1 1", trust=Trust.UNSIGNED)
    await talk.says("carla", "2", reply=poll, trust=Trust.UNSIGNED)
    await talk.says("carla", "!voy 1", trust=Trust.UNSIGNED)
    inside = [one for one in await talk.sent() if one.room == ROOM]
    assert [one.kind for one in inside] == ["m.reaction"] * 3
    await talk.says("ana", "!resultados 1")
    await talk.hears("0 de 3")


async def test_a_tap_that_did_not_count_opens_it_too(talk: Talk) -> None:
    talk.gateway.unsigned[BEA] = ("LAPTOP",)
    await talk.says("ana", '!encuesta "¿Dónde?" "Parque" "Casa"')
    _opening, native = await talk.sent()
    await talk.votes("bea", native.event, tuple(native.answers[:1]), trust=Trust.UNSIGNED)
    steps, letter = sorted(await talk.sent(), key=lambda one: STEPS[0] not in one.plain)
    assert steps.room != letter.room
    assert STEPS[0] in steps.plain
    assert "No pude contar tu toque" in letter.plain


async def test_talk_and_signed_commands_open_no_help_room(talk: Talk) -> None:
    await talk.says("carla", "buenos días", trust=Trust.UNSIGNED)
    await talk.says("carla", "!ayuda")
    await talk.sent()
    assert talk.gateway.made == []


async def test_nothing_runs_there_and_only_the_steps_are_said(talk: Talk) -> None:
    room = await helped(talk)
    await talk.wait(timedelta(hours=1))
    for line in ("!ayuda", "encuesta ¿Cine? Sí, No", "hola", "!pendientes", "salas"):
        await talk.says("carla", line, room=room, trust=Trust.UNSIGNED)
    (again,) = await talk.sent()  # once in a while, not to every line
    assert again.room == room
    assert all(words in again.plain for words in STEPS)
    assert again.plain.startswith("Si hay peligro")  # whatever was typed, it may be that


async def test_what_cannot_be_read_there_is_answered_with_the_steps(talk: Talk) -> None:
    room = await helped(talk)
    await talk.wait(timedelta(hours=1))
    await talk.happens(UndecryptedMessage(room, talk._event(), CARLA, talk.clock.at, talk._event()))
    (again,) = await talk.sent()
    assert all(words in again.plain for words in STEPS)


@pytest.mark.parametrize("line", ["cancelar", "!cancelar", "cancel"])
async def test_cancelar_closes_it_without_a_word(talk: Talk, line: str) -> None:
    room = await helped(talk)
    await talk.says("carla", line, room=room, trust=Trust.UNSIGNED)
    assert [(p.kind, p.room) for p in await talk.sent()] == [("leave", room)]
    assert await open_room(talk) is None


@pytest.mark.parametrize("words", ["ya está", "!ayuda"])
async def test_a_signed_message_anywhere_closes_it_with_one_sentence(
    talk: Talk, words: str
) -> None:
    room = await helped(talk)
    await talk.says("carla", words)
    said, *more = [p for p in await talk.sent() if p.room == room]
    assert all(w in said.plain for w in ("Listo", "Pronto", "Done"))
    assert [p.kind for p in more] == ["leave"]
    await talk.says("carla", words)
    assert [p for p in await talk.sent() if p.room == room] == []


async def test_a_signed_message_in_the_help_room_itself_closes_it_too(talk: Talk) -> None:
    room = await helped(talk)
    await talk.says("carla", "!ayuda", room=room)
    assert [p.kind for p in await talk.sent()] == ["m.room.message", "leave"]


async def test_one_room_a_day(talk: Talk) -> None:
    room = await helped(talk)
    await talk.says("carla", "cancelar", room=room, trust=Trust.UNSIGNED)
    await talk.sent()
    await talk.wait(timedelta(hours=2))
    assert [p.room for p in await ask(talk)] == [ROOM]
    await talk.wait(DAY)
    _told, steps = await ask(talk)
    assert steps.room != room
    await talk.wait(DAY * 2)
    assert [p.room for p in await ask(talk)] == [ROOM]  # the second one is still open


async def test_a_third_person_ends_it(talk: Talk) -> None:
    room = await helped(talk)
    await talk.moves("bea", Membership.INVITE, room, by="carla")
    assert [(p.kind, p.room) for p in await talk.sent()] == [("leave", room)]
    assert await open_room(talk) is None


async def test_the_person_leaving_ends_it_and_nobody_calls_the_bot_back(talk: Talk) -> None:
    room = await helped(talk)
    await talk.moves("carla", Membership.LEAVE, room)
    assert [p.kind for p in await talk.sent()] == ["leave"]
    again = BotInvited(
        room, talk._event(), user_id("ana"), talk.clock.at, direct=True, encrypted=True
    )
    await talk.happens(again)
    await talk.sent()
    assert not [p for p in talk.gateway.posted.values() if p.kind == "join"]


async def test_our_own_coming_in_makes_it_no_private_room(talk: Talk) -> None:
    room = await helped(talk)
    await talk.moves(talk.gateway.me, Membership.JOIN, room)
    await talk.hears_nothing()
    async with talk.machine.db.reading() as tx:
        assert await rooms.private_room(tx, CARLA) is None


async def test_private_letters_go_to_the_private_room(talk: Talk) -> None:
    room = await helped(talk)
    await talk.tells("carla", "ayuda")
    assert room not in {p.room for p in await talk.said() if "Listo" not in p.plain}


@pytest.mark.parametrize("kind", ["m.room.message", f"{POLL_TYPE}.start"])
async def test_no_other_letter_is_delivered_there(talk: Talk, kind: str) -> None:
    room = await helped(talk)
    await write(talk, room, "event", {"type": kind, "content": {"body": "Encuesta 1"}})
    await write(talk, room, "file", {"type": kind, "content": {}})
    await write(talk, room, "invite", {"user": user_id("bea"), "reason": ""})
    await talk.hears_nothing()


async def test_no_help_is_delivered_elsewhere(talk: Talk) -> None:
    body = {"type": "m.room.message", "content": {"body": "x"}, "help": True}
    await write(talk, ROOM, "event", body)
    await talk.hears_nothing()


async def write(talk: Talk, room: RoomId, kind: str, payload: dict[str, object]) -> None:
    async with talk.machine.db.transaction() as tx:
        await outbox_entries.add(
            tx,
            room=room,
            person=None,
            kind=kind,
            payload=payload,
            device=talk.gateway.device,
            at=talk.clock.at,
        )


async def test_a_crash_while_it_is_made_makes_no_second_one(talk: Talk) -> None:
    await talk.says("carla", "!ayuda", trust=Trust.UNSIGNED)
    async with talk.machine.db.reading() as tx:
        waiting = await outbox_entries.entries_after(tx, 0)
    (entry,) = (one for one in waiting if one.kind == "help")
    await talk.gateway.make_private_room(CARLA, entry.alias)
    await talk.restart()
    _told, steps = await talk.sent()
    assert talk.gateway.made == [(steps.room, CARLA)]


async def test_who_made_the_room_together_with_others_is_no_excuse_to_stay(talk: Talk) -> None:
    room = await talk.room(RoomId("!ajena:test"), "Ajena", ["bea", "carla"], version="12")
    async with talk.machine.db.transaction() as tx:
        made = {"room_version": "12", "additional_creators": [talk.gateway.me]}
        event = {
            "type": "m.room.create",
            "state_key": "",
            "content": made,
            "sender": user_id("bea"),
        }
        await room_state.apply_state(tx, room, [event], whole=False)
    await talk.happens(BotInvited(room, talk._event(), user_id("bea"), talk.clock.at, False, True))
    await talk.moves(talk.gateway.me, Membership.JOIN, room)
    assert "leave" in [p.kind for p in await talk.sent() if p.room == room]


async def test_our_coming_into_a_room_we_just_made_says_and_leaves_nothing(talk: Talk) -> None:
    """In version 12 whom we made it for is a creator too; the outbox may not have marked it yet."""
    room = await talk.room(RoomId("!nueva:test"), "", ["carla"], version="12")
    async with talk.machine.db.transaction() as tx:
        made = {"room_version": "12", "additional_creators": [CARLA]}
        event = {"type": "m.room.create", "state_key": "", "content": made}
        await room_state.apply_state(tx, room, [event | {"sender": talk.gateway.me}], whole=False)
    await talk.moves(talk.gateway.me, Membership.JOIN, room)
    await talk.hears_nothing()
