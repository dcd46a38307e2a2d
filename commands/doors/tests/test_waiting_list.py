"""The one message in the moderators' room about who waits at the doors."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import PostedEvent, Talk, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded
from commands.doors.tests.test_doors import DOOR, DORA, MODS, NOW, a_door, acts, knocks, types
from commands.doors.tests.test_waves import is_edit

MINUTE = timedelta(minutes=1)
EVA = "@eva:lejos.org"
NEW_MODS = RoomId("!mod2:test")


async def lists(talk: Talk, room: RoomId = MODS) -> list[PostedEvent]:
    """Everything that was posted in the moderators' room, the newest last."""
    await talk.said()
    every = talk.gateway.posted.values()
    return [p for p in every if p.room == room and p.kind == "m.room.message"]


async def applies(talk: Talk, who: str) -> None:
    await knocks(talk, who)
    await types(talk, who, f"soy {who}")


async def test_twelve_people_are_one_message_that_is_edited(talk: Talk) -> None:
    await a_door(talk)
    people = [f"@p{n}:servidor{n}.org" for n in range(12)]
    for person in people:
        await applies(talk, person)
        await talk.wait(MINUTE)
    posts = await lists(talk)
    assert [is_edit(post) for post in posts] == [False] + [True] * (len(posts) - 1)
    last = posts[-1].plain
    assert "12 solicitudes esperan una decisión" in last and "soy @p" not in last
    assert all(last.count(f"({person})") == 1 for person in people)
    assert "`solicitudes 1`" in last and "`!admitir 1`" in last
    await talk.answer("carla", "!rechazar 1", room=MODS)
    await talk.answer("carla", "!admitir 3", room=MODS)
    await talk.wait(MINUTE)
    last = (await lists(talk))[-1].plain
    assert "10 solicitudes" in last and "la respuesta fue no" in last and "puede entrar" in last
    assert "`!admitir 4`" in last


async def test_who_is_at_the_questions_is_listed_and_calls_nobody(talk: Talk) -> None:
    await a_door(talk)
    await knocks(talk, EVA)
    assert await lists(talk) == []
    await applies(talk, DORA)
    (post,) = await lists(talk)
    assert "Eva (@eva:lejos.org), “Vestíbulo”: en la pregunta 1 de 1" in post.plain
    assert post.content["msgtype"] == "m.text"


async def test_it_is_posted_and_edited_once_through_kills(talk: Talk) -> None:
    await a_door(talk)
    for step in (
        lambda: talk.moves(DORA, Membership.KNOCK, DOOR),
        lambda: talk.tells(DORA, "por la radio"),
        lambda: talk.says("carla", "!admitir 1", room=MODS),
    ):
        await step()
        await talk.restart()
        await talk.wait(MINUTE)
        await talk.restart()
        await lists(talk)
        await talk.restart()
        await talk.wait(MINUTE)
    heard = [post.plain for post in await lists(talk) if "Dora" in post.plain and ":" in post.plain]
    assert sum("1 solicitud espera" in one for one in heard) == 1
    assert sum(one.startswith("* En la puerta") for one in heard) == 1


async def test_after_a_day_of_talk_it_goes_on_in_a_new_message(talk: Talk) -> None:
    await a_door(talk)
    await applies(talk, DORA)
    await talk.wait(timedelta(days=1))
    await applies(talk, EVA)
    first, *between, old, new = await lists(talk)
    assert not is_edit(first) and all(map(is_edit, [*between, old])) and not is_edit(new)
    assert "sigue en un mensaje más nuevo" in old.plain and "Dora" not in old.plain
    assert "2 solicitudes" in new.plain and "Dora" in new.plain and "Eva" in new.plain


async def test_when_it_is_full_it_goes_on_in_a_new_message(talk: Talk) -> None:
    await a_door(talk)
    for n in range(21):
        await applies(talk, f"@p{n}:servidor{n}.org")
        await talk.wait(MINUTE)
    news = [post for post in await lists(talk) if not is_edit(post)]
    assert len(news) == 2 and "@p20:" in news[1].plain and "@p19:" not in news[1].plain
    old = [post for post in await lists(talk) if is_edit(post)][-1]
    assert "20 solicitudes" in old.plain and "sigue en un mensaje más nuevo" in old.plain


async def test_a_reply_to_it_needs_a_number(talk: Talk) -> None:
    await a_door(talk)
    await applies(talk, DORA)
    await applies(talk, EVA)
    (post, *_rest) = await lists(talk)
    said = await talk.answer("carla", "!admitir", room=MODS, reply=post)
    assert "número" in said and acts(talk, "invite") == []
    await talk.answer("carla", "!rechazar 3", room=MODS)
    said = await talk.answer("carla", "!admitir", room=MODS, reply=post)
    assert "Falta el número" in said, "another one may have taken the only place meanwhile"
    assert acts(talk, "invite") == []


async def test_whoever_is_forgotten_stands_on_it_no_more(talk: Talk) -> None:
    await a_door(talk)
    await applies(talk, DORA)
    await talk.wait(MINUTE)
    await types(talk, DORA, "borrar mis datos")
    await types(talk, DORA, "sí")
    await talk.wait(MINUTE)
    posts = await lists(talk)
    assert "Dora" in posts[0].plain and "Dora" not in posts[-1].plain and is_edit(posts[-1])


async def test_in_the_room_that_replaces_the_moderators_it_is_posted_anew(talk: Talk) -> None:
    await a_door(talk)
    await applies(talk, DORA)
    new = await talk.room(NEW_MODS, "Moderación", ["ana", "carla"], {"ana": 50})
    what = RoomUpgraded(MODS, EventId("$u"), user_id("ana"), talk.clock.at, new, True, True)
    await talk.happens(what)
    await talk.wait(NOW)
    assert any("1 solicitud espera" in post.plain for post in await lists(talk, NEW_MODS))
    await applies(talk, EVA)
    await talk.wait(MINUTE)
    assert "2 solicitudes" in (await lists(talk, NEW_MODS))[-1].plain


async def test_where_twelve_moderate_an_admission_is_a_check_mark(talk: Talk) -> None:
    people = ["ana", "carla", *(f"m{n}" for n in range(12))]
    await a_door(talk)
    await talk.room(MODS, "Moderación", people, {"ana": 50})
    await applies(talk, DORA)
    await talk.said()
    await talk.says("carla", "!admitir 1", room=MODS)
    there = [post for post in await talk.sent() if post.room == MODS]
    assert [post.kind for post in there] == ["m.reaction"]
