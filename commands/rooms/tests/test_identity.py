"""Somebody's keys were replaced: their rooms are told, and somebody who knows them confirms it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, NewIdentity, OldIdentity, RoomId, Trust

OTHER = RoomId("!otra:test")
HOURS_72 = timedelta(hours=72)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
COUNTS = "la identidad nueva cuenta desde ahora"
DOES_NOTHING = "Por ahora no hago nada de lo que escribe Bea"
_numbers: Iterator[int] = count(1)


async def replace(talk: Talk, name: str, key: str = "new") -> None:
    event = EventId(f"$identity-{name}-{next(_numbers)}")
    await talk.happens(NewIdentity(RoomId(""), event, user_id(name), talk.clock.at, key))


async def old_speaks(talk: Talk, name: str, *, back: bool = False) -> None:
    event = EventId(f"$old-{name}-{next(_numbers)}")
    await talk.happens(OldIdentity(RoomId(""), event, user_id(name), talk.clock.at, back))


async def told(talk: Talk) -> dict[RoomId, str]:
    return {post.room: post.plain for post in await talk.said()}


async def does_nothing(talk: Talk, name: str = "bea") -> bool:
    """Is what this person writes of no effect?"""
    await talk.wait(timedelta(minutes=11))  # it is said once in ten minutes
    await talk.said()
    heard = await talk.answer(name, "!estado")
    return "no hago nada de lo que escribe" in heard


async def test_every_shared_room_is_told_and_the_private_one_is_not(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["bea", "carla"], {"carla": 50})
    await talk.private("bea")
    await replace(talk, "bea")
    heard = await told(talk)
    assert set(heard) == {ROOM, OTHER}
    for text in heard.values():
        assert "identidad nueva de Matrix" in text
        assert "teléfono" in text
        assert "`!confirmar @bea:test`" in text


@pytest.mark.parametrize("language", ["es", "pt", "en"])
async def test_what_the_room_reads_of_it_fits_a_phone_and_genders_nobody(
    talk: Talk, language: str
) -> None:
    await talk.set("language", language)
    await replace(talk, "bea")
    texts = list((await told(talk)).values())
    texts.append(await talk.answer("carla", "!confirmar @bea no"))
    for text in texts:
        assert all(len(line) <= 120 for line in text.splitlines()), text
        assert not re.search(r"\b(?:ella|ela|la conoces|la saca|her|she)\b", text, re.IGNORECASE)


async def test_a_room_reads_it_in_its_own_language(talk: Talk) -> None:
    await talk.set("language", "pt")
    await replace(talk, "bea")
    (text,) = (await told(talk)).values()
    assert "identidade nova no Matrix" in text


async def test_moderators_of_the_network_who_are_elsewhere_hear_it_too(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["dora", "carla"])
    await replace(talk, "dora")
    assert set(await told(talk)) == {OTHER, await talk.private("ana")}


async def test_nothing_that_the_new_identity_writes_counts(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    await talk.says("bea", "!estado")
    posts = await talk.sent()
    assert DOES_NOTHING in posts[0].plain
    (help_room,) = {post.room for post in posts} - {ROOM}
    assert [person for room, person in talk.gateway.made if room == help_room] == [user_id("bea")]
    for words in ("por teléfono o en persona", "por telefone ou pessoalmente", "face to face"):
        assert words in posts[1].plain.lower()
    assert "Sala" not in posts[1].plain


async def test_nor_in_private_where_only_the_help_room_answers(talk: Talk) -> None:
    private = await talk.private("bea")
    await replace(talk, "bea")
    await talk.said()
    await talk.tells("bea", "mis-datos")
    posts = await talk.sent()
    assert private not in {post.room for post in posts}
    assert "!confirmar @bea:test" in posts[0].plain


async def test_in_danger_the_help_room_says_first_whom_to_call(talk: Talk) -> None:
    """Nothing else of ours can be read on a phone that is new because the old one was taken."""
    await talk.private("bea")
    await replace(talk, "bea")
    await talk.said()
    await talk.tells("bea", "auxilio, me están siguiendo")
    (post,) = await talk.sent()
    assert post.room in {room for room, _person in talk.gateway.made}
    firsts = [part.partition("\n")[0] for part in post.plain.split("\n\n")]
    assert len(firsts) == 3
    assert firsts[0] == "Si hay peligro: llama a alguien de confianza o al número de emergencias."
    await talk.wait(11 * MINUTE)
    await talk.says("bea", "me siguen", room=post.room, trust=Trust.REPLACED)
    assert (await talk.sent())[0].plain.startswith("Si hay peligro")
    await talk.happens(OldIdentity(RoomId(""), EventId("$b"), user_id("bea"), talk.clock.at, True))
    assert not [one for one in await talk.sent() if one.room == await talk.private("bea")]


async def test_a_looser_room_is_loose_for_unsigned_devices_and_not_for_this(talk: Talk) -> None:
    await talk.set("unsigned", "yes")
    assert "Aquí estoy" in await talk.answer("bea", "!estado", trust=Trust.UNSIGNED)
    await replace(talk, "bea")
    await talk.said()
    for trust in (Trust.SIGNED, Trust.UNSIGNED, Trust.REPLACED):
        await talk.wait(timedelta(minutes=11))
        assert DOES_NOTHING in await talk.answer("bea", "!estado", trust=trust)


async def test_a_tap_on_a_poll_is_not_counted(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur en 2 días")
    poll = next(post for post in await talk.sent() if "poll.start" in post.kind)
    await replace(talk, "bea")
    await talk.taps("bea", poll, 1)
    await talk.sent()
    assert "0" in await talk.answer("ana", "!resultados 1")
    await talk.taps("carla", poll, 1)
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1")


async def test_a_question_that_waited_is_not_answered_by_it(talk: Talk) -> None:
    await talk.says("bea", "!evento Taller en 2 días 19h")
    await talk.said()
    await talk.says("bea", "!cancelar 1")
    await talk.said()
    await replace(talk, "bea")
    await talk.said()
    await talk.says("bea", "sí")
    assert not [p for p in await talk.said() if "ancel" in p.plain and p.room == ROOM]
    assert "Taller" in await talk.answer("ana", "!eventos")


async def test_somebody_who_knows_them_confirms_and_all_their_rooms_read_it(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["bea", "carla"], {"carla": 50})
    await replace(talk, "bea")
    await talk.said()
    await talk.says("carla", "!confirmar @bea")
    heard = await told(talk)
    assert set(heard) == {ROOM, OTHER}
    assert all(COUNTS in text and "Carla" in text for text in heard.values())
    assert talk.gateway.accepted == [(user_id("bea"), "new")]
    assert not await does_nothing(talk)
    log = await talk.answer("ana", "!historial")
    assert "Bea: tiene una identidad nueva de Matrix" in log
    assert "Carla: confirmó la identidad nueva de Matrix de Bea" in log


@pytest.mark.parametrize("doubt", ["no se", "no sé si es", "creo", "¿?  quien es", "não sei"])
async def test_words_that_are_no_yes_confirm_nobody(talk: Talk, doubt: str) -> None:
    await replace(talk, "bea")
    await talk.said()
    heard = await talk.answer("carla", f"!confirmar @bea {doubt}")
    assert "No cambié nada" in heard and "`!confirmar @bea:test no`" in heard
    assert await does_nothing(talk)
    await talk.says("carla", "!confirmar @bea sí")
    assert COUNTS in (await told(talk))[ROOM]


@pytest.mark.parametrize(
    "line",
    ["!confirmar @bea", "!confirmar @bea:test", "!confirm @bea", "!confirmar identidad @bea"],
)
async def test_as_people_type_it(talk: Talk, line: str) -> None:
    await replace(talk, "bea")
    await talk.said()
    assert COUNTS in await talk.answer("ana", line)


async def test_in_private_it_works_too(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    await talk.tells("carla", "confirmar @bea")
    heard = await told(talk)
    assert set(heard) == {ROOM, await talk.private("carla")}


async def test_who_is_not_there_may_not_write_or_is_doubted_confirms_nothing(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["dora", "eva"])
    await talk.room(RoomId("!tres:test"), "Tres", ["bea", "muda"], {"muda": -1})
    await replace(talk, "bea")
    await replace(talk, "carla")
    await talk.said()
    for who, room in (("dora", OTHER), ("muda", RoomId("!tres:test")), ("bea", ROOM)):
        await talk.says(who, "!confirmar @bea:test", room=room)
    await talk.says("carla", "!confirmar @bea:test")
    await talk.tells("dora", "confirmar @bea:test")
    await talk.set("unsigned", "yes")
    await talk.says("ana", "!confirmar @bea:test", trust=Trust.UNSIGNED)
    assert COUNTS not in "\n".join(post.plain for post in await talk.said())
    assert talk.gateway.accepted == []
    assert await does_nothing(talk)


async def test_nothing_to_confirm_is_said_and_a_number_is_led_elsewhere(talk: Talk) -> None:
    assert "no hay nada que confirmar" in await talk.answer("ana", "!confirmar @bea")
    assert "`!voy 12`" in await talk.answer("ana", "!confirmar 12")
    assert "la persona" in await talk.answer("ana", "!confirmar")


async def test_a_no_ends_the_waiting_and_moderators_hear_what_to_do(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    heard = await talk.answer("carla", "!confirmar @bea no")
    assert "`!expulsar @bea:test …`" in heard
    await talk.wait(HOURS_72 + HOUR)
    await talk.said()
    assert talk.gateway.accepted == []
    assert "quien modera" in await talk.answer("carla", "!confirmar @bea")
    assert COUNTS in await talk.answer("ana", "!confirmar @bea")
    assert "Carla: dijo que" in await talk.answer("ana", "!historial")


async def test_after_72_silent_hours_it_counts(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    await talk.wait(HOURS_72 - HOUR)
    assert await does_nothing(talk)
    await talk.wait(HOUR)
    (text,) = [p.plain for p in await talk.said() if "72 horas" in p.plain]
    assert "Nadie lo confirmó" in text
    assert talk.gateway.accepted == [(user_id("bea"), "new")]
    assert not await does_nothing(talk)
    assert "después de 72 horas de silencio" in await talk.answer("ana", "!historial")


async def test_while_the_old_identity_speaks_it_does_not(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    await talk.wait(timedelta(hours=70))
    await old_speaks(talk, "bea")
    (text,) = (await told(talk)).values()
    assert "sigue escribiendo" in text
    await old_speaks(talk, "bea")  # said once a day
    assert await told(talk) == {}
    await talk.wait(timedelta(hours=70))
    await talk.said()
    assert talk.gateway.accepted == []
    await talk.wait(timedelta(hours=3))
    assert "72 horas" in (await told(talk))[ROOM]
    assert talk.gateway.accepted == [(user_id("bea"), "new")]


async def test_when_the_old_keys_are_back_nothing_waits_any_more(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    await old_speaks(talk, "bea", back=True)
    (text,) = (await told(talk)).values()
    assert "identidad de Matrix de antes" in text
    assert not await does_nothing(talk)
    await talk.wait(HOURS_72 + HOUR)
    await talk.said()
    assert talk.gateway.accepted == []


async def test_keys_replaced_all_day_are_told_once_and_each_needs_a_word_of_its_own(
    talk: Talk,
) -> None:
    await replace(talk, "bea", "first")
    await talk.said()
    await talk.wait(HOUR)
    for n in range(5):
        await replace(talk, "bea", f"later {n}")
    assert await told(talk) == {}
    assert "cambió otra vez" in await talk.answer("carla", "!confirmar @bea")
    assert talk.gateway.accepted == []
    assert COUNTS in await talk.answer("carla", "!confirmar @bea")
    assert talk.gateway.accepted == [(user_id("bea"), "later 4")]


async def test_each_replacement_waits_its_own_72_hours(talk: Talk) -> None:
    await replace(talk, "bea", "first")
    await talk.wait(timedelta(hours=71))
    await replace(talk, "bea", "second")
    await talk.wait(timedelta(hours=2))
    await talk.said()
    assert talk.gateway.accepted == []
    await talk.wait(timedelta(hours=70))
    await talk.said()
    assert talk.gateway.accepted == [(user_id("bea"), "second")]


async def test_what_is_for_them_waits_and_nothing_is_lost(talk: Talk) -> None:
    private = await talk.private("bea")
    await talk.tells("bea", "recordar en 2 horas; llevar la lona")
    await talk.said()
    await replace(talk, "bea")
    await talk.wait(timedelta(hours=3))
    assert private not in await told(talk)
    await talk.restart()
    await talk.says("carla", "!confirmar @bea")
    await talk.said()
    assert "llevar la lona" in "\n".join(
        post.plain for post in talk.gateway.posted.values() if post.room == private
    )


async def test_an_answer_on_its_way_when_the_keys_changed_waits_too(talk: Talk) -> None:
    private = await talk.private("bea")
    await talk.tells("bea", "mis-datos")
    await replace(talk, "bea")
    assert private not in {post.room for post in await talk.sent()}
    await talk.says("ana", "!confirmar @bea")
    assert private in {post.room for post in await talk.sent()}


async def test_it_goes_through_a_restart(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    await talk.restart()
    assert await does_nothing(talk)


async def test_a_room_that_they_enter_meanwhile_is_told(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.said()
    await talk.room(OTHER, "Otra", ["dora"])
    await talk.moves("bea", Membership.JOIN, OTHER)
    assert "`!confirmar @bea:test`" in (await told(talk))[OTHER]


async def test_status_and_security_say_who_waits_to_whom_it_concerns(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["dora"])
    await replace(talk, "bea")
    await talk.said()
    waits = "nadie la confirmó todavía"
    assert waits in await talk.answer("ana", "!estado")
    assert waits not in await talk.answer("dora", "!estado", room=OTHER)
    await talk.tells("carla", "seguridad")
    (post,) = await talk.said()
    assert "Bea" in post.plain
    assert waits in post.plain
    await talk.tells("dora", "seguridad")
    (post,) = await talk.said()
    assert waits not in post.plain


async def test_of_strangers_nothing_is_said(talk: Talk) -> None:
    await replace(talk, "@eve:evil")
    await talk.hears_nothing()
    await talk.wait(HOURS_72 + HOUR)
    await talk.hears_nothing()
    assert talk.gateway.accepted == [(user_id("@eve:evil"), "new")]


async def test_to_be_forgotten_is_no_way_round_it(talk: Talk) -> None:
    await replace(talk, "bea")
    for line in ("borrarme", "sí"):
        await talk.tells("bea", line)
    await talk.said()
    assert await does_nothing(talk)


async def test_after_a_restore_the_hours_begin_anew(talk: Talk) -> None:
    """The key store holds it back so long from when it sees the new identity again."""
    await replace(talk, "bea")
    await talk.said()
    talk.clock.at += HOURS_72 - HOUR
    await talk.restore_backup()
    await talk.wait(HOUR * 2)
    assert COUNTS not in "\n".join(post.plain for post in await talk.said())
    assert talk.gateway.accepted == []
    await talk.wait(HOURS_72 - HOUR)
    assert COUNTS in "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize(
    "line", ["meu celular vai morrer", "mi celular no prende", "my phone is dying"]
)
async def test_whose_phone_dies_is_not_told_that_all_is_well(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    (said,) = await talk.said()
    assert "Todo está bien" not in said.plain
    await talk.tells("bea", "mi celular")
    assert "confirmaste" in (await talk.said())[-1].plain
