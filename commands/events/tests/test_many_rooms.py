"""One event in many rooms: shown in each, answered in each, each person counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, find_number, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded
from storage import rooms
from storage.files import restores

KITCHEN, GARDEN = RoomId("!kitchen:test"), RoomId("!garden:test")
NEW = RoomId("!new:test")
LINE = "!evento Fiesta del barrio en 10 días 19h en: Cocina, Huerta"
AT_ONCE = timedelta(0)
COUNTED = timedelta(minutes=1)


@pytest.fixture
async def three(talk: Talk) -> Talk:
    """Ana moderates three rooms; Bea is in two of them, Dora and Elsa are in one."""
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "dora"], {"ana": 50})
    await talk.room(GARDEN, "Huerta", ["ana", "elsa"], {"ana": 50})
    return talk


async def made(talk: Talk, line: str = LINE) -> tuple[int, dict[str, list[PostedEvent]]]:
    """Make the event and agree; return its number and what each room got."""
    await talk.says("ana", line)
    await talk.sent()
    await talk.says("ana", "sí")
    posts = await posts_by_room(talk)
    return find_number(next(p for p in posts[ROOM] if p.kind == "m.room.message")), posts


async def posts_by_room(talk: Talk, wait: timedelta = AT_ONCE) -> dict[str, list[PostedEvent]]:
    """What each room got since the last call, after what was due was done."""
    await talk.wait(wait)
    found: dict[str, list[PostedEvent]] = {}
    for post in await talk.sent():
        found.setdefault(post.room, []).append(post)
    return found


def plain(posts: dict[str, list[PostedEvent]], room: str) -> str:
    """The words of what a room got."""
    return "\n".join(post.plain for post in posts.get(room, ()))


async def test_each_room_gets_the_event_and_its_poll(three: Talk) -> None:
    number, posts = await made(three)
    assert set(posts) == {ROOM, KITCHEN, GARDEN}
    for room in posts:
        assert f"Evento {number}: Fiesta del barrio" in plain(posts, room)
        assert "Está en 3 salas" in plain(posts, room)
        assert sum(post.is_poll for post in posts[room]) == 1


async def test_before_a_yes_it_says_how_many_rooms_and_people(three: Talk) -> None:
    await three.says("ana", "!evento Otra cosa en 10 días 19h")
    await three.sent()
    shown = await three.answer("ana", LINE)
    assert "aquí y en 2 salas más: Cocina · Huerta" in shown
    assert "En todas estas salas juntas hay 5 personas." in shown
    assert "A la misma hora: Otra cosa" in shown, "one yes to all that is to be known"
    assert "Lo dejé como estaba" in await three.answer("ana", "no")
    assert await posts_by_room(three) == {}


async def test_who_comes_says_so_in_any_room_and_counts_once(three: Talk) -> None:
    number, posts = await made(three)
    await three.taps("bea", next(p for p in posts[ROOM] if p.is_poll), 1)
    await three.taps("bea", next(p for p in posts[KITCHEN] if p.is_poll), 1)
    await three.says("elsa", f"voy {number}", room=GARDEN)
    opening = next(p for p in posts[KITCHEN] if not p.is_poll)
    await three.says("dora", "voy", room=KITCHEN, reply=opening)
    await three.sent()
    told = await three.answer("carla", f"!asistentes {number}")
    assert "Van (3)" in told


async def test_the_counts_are_shown_in_each_room(three: Talk) -> None:
    number, _posts = await made(three)
    await three.says("elsa", f"voy {number}", room=GARDEN)
    await three.sent()
    posts = await posts_by_room(three, COUNTED)
    assert all("1" in plain(posts, room) for room in (ROOM, KITCHEN, GARDEN))
    assert [p.content["m.relates_to"]["rel_type"] for p in posts[KITCHEN]] == ["m.replace"]


async def test_each_room_lists_it(three: Talk) -> None:
    _number, _posts = await made(three)
    for room, who in ((KITCHEN, "dora"), (GARDEN, "elsa")):
        assert "Fiesta del barrio" in await three.answer(who, "!eventos", room=room)
    told = await three.answer("bea", "!eventos", room=await three.private("bea"))
    assert told.count("Fiesta del barrio") == 1, "she is in two of its rooms"
    month = await three.answer("bea", "!eventos este mes", room=await three.private("bea"))
    assert month.count("Fiesta del barrio") <= 1


async def test_a_move_is_said_in_each_room_and_who_comes_is_told_once(three: Talk) -> None:
    number, posts = await made(three)
    await three.taps("dora", next(p for p in posts[KITCHEN] if p.is_poll), 1)
    await three.says("ana", f"!mover {number} en 11 días 20h", room=KITCHEN)
    posts = await posts_by_room(three)
    assert all("20:00" in plain(posts, room) for room in (ROOM, KITCHEN, GARDEN))
    assert sum("movió" in p.plain or "cambió" in p.plain for p in posts[KITCHEN]) == 1
    private = await three.private("dora")
    assert len(posts[private]) == 1


async def test_it_is_cancelled_in_each_room_and_the_polls_end(three: Talk) -> None:
    number, _posts = await made(three)
    await three.says("ana", f"!cancelar {number}", room=GARDEN)
    await three.says("ana", "sí", room=GARDEN)
    posts = await posts_by_room(three)
    for room in (ROOM, KITCHEN, GARDEN):
        assert "cancel" in plain(posts, room).lower()
        assert sum(p.kind.endswith("poll.end") for p in posts[room]) == 1


async def test_one_date_of_a_series_is_cancelled_in_each_room(three: Talk) -> None:
    number, _posts = await made(three, "!evento Ensayo en 10 días 19h cada:semana en: Cocina")
    await three.says("ana", f"!cancelar {number}")
    await three.says("ana", "1")
    await three.says("ana", "sí")
    posts = await posts_by_room(three)
    assert "una fecha" in plain(posts, KITCHEN)
    assert "Evento" in plain(posts, KITCHEN)


async def test_the_polls_end_in_each_room_when_it_begins(three: Talk) -> None:
    _number, _posts = await made(three)
    posts = await posts_by_room(three, timedelta(days=11))
    for room in (ROOM, KITCHEN, GARDEN):
        assert sum(p.kind.endswith("poll.end") for p in posts[room]) == 1, room


async def test_who_comes_is_reminded_once(three: Talk) -> None:
    private = await three.private("bea")
    number, posts = await made(three)
    for room in (ROOM, KITCHEN):
        await three.taps("bea", next(p for p in posts[room] if p.is_poll), 1)
    rung = 0
    for _hour in range(11 * 24):
        posts = await posts_by_room(three, timedelta(hours=1))
        said = [post.plain for post in posts.get(private, ())]
        assert len(said) <= 1, said
        rung += any(f"({number})" in line for line in said)
    assert rung > 0


async def test_who_leaves_one_room_still_comes_and_who_leaves_all_does_not(three: Talk) -> None:
    number, posts = await made(three)
    await three.taps("bea", next(p for p in posts[KITCHEN] if p.is_poll), 1)
    await three.taps("dora", next(p for p in posts[KITCHEN] if p.is_poll), 1)
    for who in ("bea", "dora"):
        await three.moves(who, Membership.LEAVE, room=KITCHEN)
    await three.sent()
    assert "Van (1)" in await three.answer("ana", f"!asistentes {number}")


async def test_who_is_in_no_room_of_it_may_not_see_it(three: Talk) -> None:
    other = await three.room(RoomId("!press:test"), "Prensa", ["eva"], {"eva": 50})
    number, _posts = await made(three)
    for line in (f"voy {number}", f"!evento {number}", f"!asistentes {number}"):
        assert "No existe el número" in await three.answer("eva", line, room=other)


# --- rooms that change ----------------------------------------------------------------------------


async def test_a_lost_room_hears_nothing_more(three: Talk) -> None:
    number, posts = await made(three)
    await three.taps("elsa", next(p for p in posts[GARDEN] if p.is_poll), 1)
    async with three.machine.db.transaction() as tx:
        await rooms.mark_left(tx, GARDEN)
    await three.says("ana", f"!cambiar {number} lugar: Casa Azul")
    posts = await posts_by_room(three)
    assert "Casa Azul" in plain(posts, KITCHEN)
    assert GARDEN not in posts


@pytest.mark.parametrize("old", [ROOM, KITCHEN])
async def test_an_upgraded_room_keeps_its_part(three: Talk, old: RoomId) -> None:
    number, posts = await made(three)
    await three.taps("bea", next(p for p in posts[old] if p.is_poll), 1)
    await three.room(NEW, "Nueva", ["ana", "bea", "carla", "dora"], {"ana": 50})
    at = three.clock.at
    await three.happens(RoomUpgraded(old, EventId("$u"), user_id("ana"), at, NEW, True, True))
    posts = await posts_by_room(three)
    assert sum(p.kind.endswith("poll.end") for p in posts[old]) == 1
    assert sum(p.is_poll for p in posts[NEW]) == 1
    told = await three.answer("bea", f"!asistentes {number}", room=NEW)
    assert "Van (1)" in told
    await three.says("ana", f"!cambiar {number} lugar: Casa Azul", room=GARDEN)
    posts = await posts_by_room(three)
    assert all("Casa Azul" in plain(posts, room) for room in {ROOM, KITCHEN, NEW} - {old})
    assert sum("Casa Azul" in p.plain and p.kind == "m.room.message" for p in posts[NEW]) >= 1


async def test_after_a_restore_each_room_is_told(three: Talk) -> None:
    number, _posts = await made(three)
    async with three.machine.db.transaction() as tx:
        await restores.note_restore(tx, three.clock.at)
    assert await three.machine.dispatcher.announce_restore()
    posts = await posts_by_room(three)
    for room in (ROOM, KITCHEN, GARDEN):
        (said,) = [p.plain for p in posts[room] if "copia" in p.plain]
        assert f"cambió después: {number}" in said


async def test_rooms_that_came_later_can_be_added(three: Talk) -> None:
    number, _posts = await made(three)
    late = await three.room(RoomId("!late:test"), "Nueva", ["ana", "gil"], {"ana": 50})
    assert "No existe el número" in await three.answer("gil", f"voy {number}", room=late)
    shown = await three.answer("ana", f"!cambiar {number} en: Nueva, Cocina")
    assert "aquí y en 1 sala más: Nueva" in shown
    await three.says("ana", "sí")
    posts = await posts_by_room(three)
    assert f"Evento {number}: Fiesta del barrio" in plain(posts, late)
    assert sum(post.is_poll for post in posts[late]) == 1
    for room in (KITCHEN, GARDEN):
        assert all("m.relates_to" in post.content for post in posts[room]), "only edited"
        assert "Está en 4 salas" in plain(posts, room)
    await three.says("gil", f"voy {number}", room=late)
    assert "Van (1)" in await three.answer("ana", f"!asistentes {number}")
    told = await three.answer("ana", f"!cambiar {number} en: Nueva")
    assert "ya está ahí" in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("en: Huerta", "Sin 1 sala que no moderas: Huerta"),
        ("en: nada", "No conozco"),
        ("en: Cocina lugar: Casa", "primero las salas"),
    ],
)
async def test_who_may_add_rooms_is_who_may_ask_there(three: Talk, line: str, said: str) -> None:
    number, _posts = await made(three, LINE.replace(", Huerta", ""))
    levels = {"users": {user_id("elsa"): 50, three.gateway.me: 50}}
    await three.state(GARDEN, "m.room.power_levels", levels)
    assert said in await three.answer("ana", f"!cambiar {number} {line}")
    assert GARDEN not in await posts_by_room(three)


@pytest.mark.parametrize(
    "line",
    [
        "!evento Fiesta en 10 días 19h en: Cocina, Huerta",
        '!evento "Fiesta" en 10 días 19h en casa de Eva en: cocina; huerta',
        "!evento Fiesta en 10 días 19h cupo:20 en: todas lugar: Plaza",
        "!evento Fiesta en:todas fecha: en 10 días 19h",
        "!evento Fiesta en 10 días a las 7 de la tarde en salas: Cocina | Huerta",
        "!evento Festa em 10 dias 19h em: todas as salas",
        "!evento Festa em 10 dias às 19h local: Praça em: Cocina, Huerta",
        "!event Party in 10 days 19h in: all",
        "!event Party in 10 days 7pm place: Square in rooms: Cocina, Huerta",
        "!taller de radio en 10 días 19h en: Cocina, Huerta",
    ],
)
async def test_it_is_typed_as_people_type(three: Talk, line: str) -> None:
    _number, posts = await made(three, line)
    assert {ROOM, KITCHEN, GARDEN} <= set(posts)
