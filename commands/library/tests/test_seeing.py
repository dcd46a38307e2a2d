"""Who sees what: by who is in the room now, asked again each time."""

from __future__ import annotations

from bot.api import rooms, search
from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded, Trust

PRESS = RoomId("!prensa:test")


async def found(talk: Talk, who: str, words: str) -> list[str]:
    """What this person finds in the index now."""
    async with talk.machine.db.reading() as tx:
        here = [room.room for room in await rooms.shared_rooms(tx, user_id(who))]
        results = await search.search(tx, search.Query(words), here, 10)
    return [] if results.near else sorted(f"#{one.name}: {one.title}" for one in results.found)


async def test_a_member_of_one_room_sees_its_things_and_loses_them_on_leaving(talk: Talk) -> None:
    await talk.room(PRESS, "Prensa", ["ana", "dora"], {"ana": 50})
    await talk.answer("bea", "!guardar sala Lo de la sala #agua")
    await talk.answer("dora", "!guardar prensa-uno Lo de la prensa #agua", room=PRESS)
    for who, sees, not_seen in (("bea", "sala", "prensa"), ("dora", "prensa", "sala")):
        await talk.tells(who, "#agua")
        [post] = await talk.said()
        assert f"Lo de la {sees}" in post.plain and f"Lo de la {not_seen}" not in post.plain
        assert [t.split(":")[1] for t in await found(talk, who, "agua")] == [f" Lo de la {sees}"]
    await talk.tells("ana", "#agua")
    assert "2 recursos" in (await talk.said())[0].plain
    assert "Lo de la sala" not in await talk.answer("ana", "#agua", room=PRESS)
    assert "No existe" in await talk.answer("dora", "!recursos 1", room=PRESS)
    await talk.says("ana", "!recursos 1", room=PRESS)
    assert [(p.room != PRESS) == ("Lo de la sala" in p.plain) for p in await talk.said()] == [
        True,
        True,
    ]
    await talk.answer("ana", "!guardar sala Otra con ese nombre", room=PRESS)
    await talk.tells("ana", "actualizar sala Lo nuevo")
    assert (
        "¿Cuál?\n1) 3, #sala: Otra con ese nombre\n2) 1, #sala: Lo de la sala"
        in (await talk.said())[0].plain
    )
    await talk.tells("ana", "1")
    assert "#sala (3) ahora dice: Lo nuevo" in (await talk.said())[0].plain
    await talk.moves("bea", Membership.LEAVE)
    await talk.room(RoomId("!otra:test"), "Otra", ["bea"])
    await talk.tells("bea", "recursos 1")
    assert "No existe el número 1" in (await talk.said())[-1].plain
    for line in ("#agua", "#sala", "recursos", "versiones 1", "vigente 1"):
        await talk.tells("bea", line)
        assert "Lo de la" not in "\n".join(post.plain for post in await talk.said()), line
    assert await found(talk, "bea", "agua") == []


async def test_the_whole_network_sees_what_moderators_show_it(talk: Talk) -> None:
    await talk.room(PRESS, "Prensa", ["dora"])
    line = "!guardar guía Cómo cuidarnos #cuidado visible:red"
    assert "No puedes mostrarlo a toda la red" in await talk.answer("bea", line)
    await talk.answer("bea", line.replace(" visible:red", ""))
    assert await talk.answer("dora", "#guía", room=PRESS) == ""
    assert "para toda la red" in await talk.answer("ana", "!actualizar guía visible:red")
    assert "mostró a toda la red el 1" in await talk.answer("carla", "!historial")
    assert "Cómo cuidarnos" in await talk.answer("dora", "#guía", room=PRESS)
    assert "Cómo cuidarnos" in await talk.answer("dora", "!recursos 1", room=PRESS)
    assert await found(talk, "dora", "cuidar") == ["#guía: Cómo cuidarnos"]
    assert "Ya hay algo" not in await talk.answer("dora", "!guardar guía La nuestra", room=PRESS)
    assert "La nuestra" in await talk.answer("dora", "#guía", room=PRESS)
    assert "Cómo cuidarnos" in await talk.answer("carla", "#guía")
    theirs = await talk.says("carla", "Solo para la sala")
    await talk.answer("bea", "!guardar lista Teléfonos")
    await talk.answer("ana", "!actualizar lista visible:red")
    assert "ahora dice" in await talk.answer("bea", "!actualizar lista Otros teléfonos")
    refused = await talk.answer("bea", "!actualizar lista", reply=theirs)
    assert "No puedes mostrarlo a toda la red" in refused
    await talk.moves("dora", Membership.LEAVE, PRESS)
    await talk.tells("dora", "#guía")
    assert "cuidarnos" not in "\n".join(post.plain for post in await talk.said())


async def test_where_the_server_reads_along_nothing_of_another_room_is_said(talk: Talk) -> None:
    square = await talk.room(RoomId("!plaza:test"), "Plaza", ["ana", "bea"], encrypted=False)
    await talk.answer("ana", "!guardar guía Cómo cuidarnos #cuidado visible:red")
    await talk.answer("bea", "!guardar nota Para la plaza", room=square)
    assert "Para la plaza" in await talk.answer("ana", "#nota", room=square)
    said: list[PostedEvent] = []
    for line in ("#guía", "#cuidado", "!recursos", "!versiones 1", "!recursos 1"):
        await talk.says("bea", line, room=square)
        said = [post for post in await talk.said() if "cuidar" in post.plain]
        assert not [post for post in said if post.room == square], line
    assert said, "by number it is told in private"


async def test_a_looser_room_gives_an_unsigned_device_no_more_than_its_own(talk: Talk) -> None:
    await talk.room(PRESS, "Prensa", ["ana", "bea"], {"ana": 50})
    await talk.answer("ana", "!guardar guía Cómo cuidarnos visible:red", room=PRESS)
    await talk.answer("ana", "!guardar nota Solo aquí")
    await talk.set("unsigned", "yes")
    assert "Solo aquí" in await talk.answer("bea", "#nota", trust=Trust.UNSIGNED)
    assert await talk.answer("bea", "#guía", trust=Trust.UNSIGNED) == ""
    assert "cuidarnos" in await talk.answer("bea", "#guía")


async def test_a_room_that_goes_on_takes_its_library_along(talk: Talk) -> None:
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "bea"], {"ana": 50})
    await talk.answer("bea", "!guardar nota La vieja #x")
    await talk.answer("ana", "!guardar nota La nueva", room=new)
    await talk.happens(
        RoomUpgraded(ROOM, EventId("$up"), user_id("ana"), talk.clock.at, new, True, True)
    )
    await talk.said()
    assert "La nueva" in await talk.answer("bea", "#nota", room=new)
    assert "La vieja" in await talk.answer("bea", "#nota-1", room=new)
    assert "#nota-1: La vieja" in await talk.answer("bea", "#x", room=new)
    assert await found(talk, "bea", "vieja") == ["#nota-1: La vieja"]


async def test_a_theme_tells_of_what_else_has_it(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        for ref, room in (("1", ROOM), ("2", RoomId("!ajena:test"))):
            at = talk.clock.at
            one = search.Findable("other", ref, "offer", room, "Taller", at, themes=("Agua",))
            await search.index_entry(tx, one)
    there = "también lo tiene 1 cosa: `!buscar #agua`"
    assert (await talk.answer("bea", "#agua")).endswith(there)
    await talk.answer("bea", "!guardar pozo Está al lado #agua")
    said = await talk.answer("carla", "#agua")
    assert said.startswith("#agua: 1 recurso.\n#pozo: ") and said.endswith(there)


async def test_a_newcomer_hears_what_is_there(talk: Talk) -> None:
    await talk.answer("bea", "!guardar nota Los lunes")
    await talk.tells("carla", "bienvenida")
    said = "\n".join(post.plain for post in await talk.said())
    assert "En la biblioteca hay 1 recurso; lo más nuevo:\n#nota: Los lunes" in said
