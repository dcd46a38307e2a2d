"""What a room of sixty sees of each act: as many messages as `docs/messages.md` says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk
from bot.types import Membership, RoomId

TABLE = Path(__file__).parents[2] / "docs" / "messages.md"
ROW = re.compile(r"\| ([^|]+?) \| \d+ \| (\d+) \| (\d+) \|")
PEOPLE = ["ana", "bea", "carla", *(f"p{n}" for n in range(4, 61))]
WRITE, TAP = PEOPLE[:30], PEOPLE[30:]
DOOR, MODERATORS = RoomId("!puerta:test"), RoomId("!mod:test")
SIGNS = {"m.reaction", "redact", "m.room.power_levels"}
Act = Callable[[Talk], Awaitable[list[PostedEvent]]]


def is_sign(post: PostedEvent) -> bool:
    """Return whether an event only changes what stands there, and is no new message."""
    return post.kind in SIGNS or post.content.get("m.relates_to", {}).get("rel_type") == "m.replace"


async def poll(talk: Talk) -> list[PostedEvent]:
    return await voted(talk, "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h", "Norte")


async def proposal(talk: Talk) -> list[PostedEvent]:
    return await voted(talk, '!propuesta "La carta" tipo:consentimiento hasta mañana 18h', "sí")


async def show_of_hands(talk: Talk) -> list[PostedEvent]:
    return await voted(talk, "!manos ¿Seguimos?", "sí")


async def secret_vote(talk: Talk) -> list[PostedEvent]:
    """All write to the bot in private, as a native poll would show who votes what."""
    await talk.says("ana", "!encuesta secreta ¿Quién coordina? Dora, Iara hasta mañana 18h")
    opened = await talk.sent()
    for one in PEOPLE:
        await talk.tells(one, "votar 1 2")
    answered = await talk.sent()
    await talk.wait(timedelta(days=2))
    return [*opened, *answered, *await talk.sent()]


async def voted(talk: Talk, line: str, vote: str) -> list[PostedEvent]:
    """Ask something, let half of the room reply and half tap, and let it end."""
    await talk.says("ana", line)
    opened = await talk.sent()
    (native,) = (post for post in opened if post.is_poll)
    for one in WRITE:
        await talk.says(one, vote, reply=opened[0])
    for one in TAP:
        await talk.taps(one, native, 2)
    answered = await talk.sent()
    await talk.wait(timedelta(days=3))
    return [*opened, *answered, *await talk.sent()]


async def event(talk: Talk) -> list[PostedEvent]:
    """Opened; half write that they come and half tap."""
    await talk.says("ana", "!evento Taller de radio en 9 días 19h lugar: Casa Azul cupo 80")
    opened = await talk.sent()
    (native,) = (post for post in opened if post.is_poll)
    for one in WRITE:
        await talk.says(one, "voy 1")
    for one in TAP:
        await talk.taps(one, native, 1)
    await talk.wait(timedelta(minutes=1))
    return [*opened, *await talk.sent()]


async def event_change(talk: Talk) -> list[PostedEvent]:
    await event(talk)
    await talk.says("ana", "!cambiar 1 lugar: Casa Roja")
    return await talk.sent()


async def event_cancelled(talk: Talk) -> list[PostedEvent]:
    """With the question to who cancels and the end of the taps."""
    await event(talk)
    await talk.says("ana", "!cancelar 1")
    await talk.says("ana", "sí")
    return await talk.sent()


async def meeting(talk: Talk) -> list[PostedEvent]:
    """Ten hands, who speak one after the other, two points with a time each, and the minutes."""
    await talk.says("ana", "!reunion empezar Asamblea")
    await talk.says("ana", "!punto Presupuesto 5m\nMarcha 5m")
    for _point in range(2):
        await talk.says("ana", "!punto siguiente")
        await talk.wait(timedelta(minutes=6))
    for one in WRITE[1:11]:
        await talk.says(one, "!palabra")
    for _hand in range(10):
        await talk.says("ana", "!palabra siguiente")
    await talk.says("bea", "acuerdo: usar Signal")
    await talk.says("ana", "!reunion cerrar")
    return await talk.sent()


async def offer(talk: Talk) -> list[PostedEvent]:
    await talk.says("bea", "!ofrezco camioneta los sábados #transporte")
    return await talk.sent()


async def loan(talk: Talk) -> list[PostedEvent]:
    """Lent, received and given back, each said by both in the room."""
    await talk.says("ana", "!presto proyector a @bea hasta en 5 días")
    for line in ("!recibido 2", "!devuelto 2"):
        await talk.says("bea", line)
        await talk.says("ana", line)
    return await talk.sent()


async def mute(talk: Talk) -> list[PostedEvent]:
    """The levels of the room change too, which clients show in a way of their own."""
    await talk.says("ana", "!silenciar @carla 2h insultos")
    return await talk.sent()


ACTS: dict[str, Act] = {
    "Poll": poll,
    "Proposal": proposal,
    "Show of hands": show_of_hands,
    "Secret vote": secret_vote,
    "Event": event,
    "Change of an event": event_change,
    "Event cancelled": event_cancelled,
    "Meeting with ten hands": meeting,
    "Offer": offer,
    "Loan": loan,
    "Mute": mute,
}


async def twelve_at_the_door(talk: Talk) -> list[PostedEvent]:
    """Twelve people knock and answer one after the other; what the moderators' room sees."""
    await a_door(talk)
    for n in range(12):
        person = f"@p{n}:servidor{n}.org"
        await talk.moves(person, Membership.KNOCK, DOOR)
        await talk.wait(timedelta(0))
        await talk.tells(person, "por la radio")
        await talk.wait(timedelta(minutes=5))
    return [post for post in await talk.sent() if post.room == MODERATORS]


async def newcomer(talk: Talk) -> list[PostedEvent]:
    """One knocks, answers, accepts the rules and is invited; what they read till then."""
    await a_door(talk)
    await talk.answer("ana", "!reglas cambiar Nos escuchamos.")
    await talk.answer("ana", "sí")
    await talk.moves("@dora:lejos.org", Membership.KNOCK, DOOR)
    await talk.wait(timedelta(0))
    await talk.tells("@dora:lejos.org", "por la radio")
    await talk.says("ana", "!admitir 2", room=MODERATORS)
    await talk.tells("@dora:lejos.org", "acepto")
    await talk.sent()
    await talk.wait(timedelta(minutes=1))
    await talk.sent()
    there = await talk.private("@dora:lejos.org")
    return [post for post in talk.gateway.posted.values() if post.room == there]


async def a_door(talk: Talk) -> None:
    await talk.room(DOOR, "Vestíbulo", ["ana", "bea"], {"ana": 50}, join_rule="knock")
    await talk.room(MODERATORS, "Moderación", ["ana", "carla"], {"ana": 50})
    await talk.set("moderation", "yes", MODERATORS)


AT_THE_DOOR: dict[str, Act] = {
    "Twelve who knock and answer": twelve_at_the_door,
    "A newcomer, until they are invited": newcomer,
}


def table() -> dict[str, tuple[int, int]]:
    """Return the messages and signs of each act in the table."""
    found = ROW.findall(TABLE.read_text(encoding="utf-8"))
    return {act: (int(messages), int(signs)) for act, messages, signs in found}


def test_the_table_and_the_measures_name_the_same_acts() -> None:
    assert list(table()) == [*ACTS, *AT_THE_DOOR]


@pytest.mark.parametrize("act", ACTS)
async def test_a_room_of_sixty_sees_what_the_table_says(talk: Talk, act: str) -> None:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50})
    posts = [post for post in await ACTS[act](talk) if post.room == ROOM]
    signs = sum(map(is_sign, posts))
    assert (len(posts) - signs, signs) == table()[act], [(p.kind, p.plain) for p in posts]


@pytest.mark.parametrize("act", AT_THE_DOOR)
async def test_at_the_door_is_heard_what_the_table_says(talk: Talk, act: str) -> None:
    posts = await AT_THE_DOOR[act](talk)
    signs = sum(map(is_sign, posts))
    assert (len(posts) - signs, signs) == table()[act], [(p.kind, p.plain) for p in posts]
