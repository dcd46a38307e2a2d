"""Who reads an incident, told at once, changed afterwards, and when somebody joins the team."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Media, Membership, RoomId
from commands.incidents.tests.test_incidents import CARE, a_team, tells, told

DAY = timedelta(days=1)


async def table(talk: Talk, name: str) -> str:
    async with talk.machine.db.reading() as tx:
        return repr([tuple(row) for row in await tx.all(f"SELECT * FROM {name}")])  # noqa: S608


async def test_it_is_said_where_a_bridge_reads_along(talk: Talk) -> None:
    await a_team(talk)
    telegram = {"bridgebot": "@telegrambot:test", "protocol": {"id": "telegram"}}
    await talk.state(ROOM, "m.bridge", telegram)
    await talk.moves("@telegrambot:test", Membership.JOIN)
    await talk.moves("@signal_0b2a44a4-1f6e-4a0e-8a9c-2f3b1f0a9d11:test", Membership.JOIN, CARE)
    copied = "Telegram puede guardar una copia de lo que escribiste"
    settled = "En la sala de quienes lo resuelven lee también un puente: Signal"
    await talk.says("bea", "!incidente mensajes feos")
    heard = (await told(talk))["bea"]
    assert copied in heard and settled in heard
    heard = (await tells(talk, "carla", "incidente mensajes feos"))["carla"]
    assert copied not in heard and settled in heard


async def test_where_somebody_could_be_meant_it_is_asked_before_anybody_is_told(
    talk: Talk,
) -> None:
    await a_team(talk, "dora", "eva", "bea")
    said = await tells(talk, "carla", "incidente Beatriz me amenaza")
    assert set(said) == {"carla"}
    assert "¿Es sobre Bea (@bea:test), que está en el equipo de cuidado?" in said["carla"]
    assert "Hasta que respondas no se lo cuento a nadie" in said["carla"]
    await talk.wait(DAY / 2)
    assert await told(talk) == {}
    said = await tells(talk, "carla", "sí")
    assert set(said) == {"carla", "dora", "eva"}
    assert "No se muestra a: Bea." in said["carla"] and "Quién lo lee: Dora · Eva." in said["carla"]
    assert "No se muestra a: Bea." in said["dora"]  # so that nobody talks of it with her
    assert "no" in said["carla"]
    await tells(talk, "carla", "incidente Beatriz me amenaza")
    said = await tells(talk, "carla", "no")
    assert set(said) == {"carla", "equipo"} and "No se muestra a" not in said["carla"]


async def test_typed_in_a_room_it_is_asked_and_answered_in_private(talk: Talk) -> None:
    await a_team(talk, "dora", "eva", "bea")
    await talk.says("carla", "!incidente la beita me grita")
    posts = await talk.sent()
    assert [p.kind for p in posts if p.room == ROOM] == ["redact"]
    (asked,) = [p for p in posts if p.room == await talk.private("carla") and p.plain]
    assert "¿Es sobre Bea" in asked.plain and "Borré tu mensaje de la sala" in asked.plain
    said = await tells(talk, "carla", "sí")
    assert set(said) == {"carla", "dora", "eva"}


async def test_a_role_without_a_name_is_asked_about(talk: Talk) -> None:
    said = await tells(talk, "bea", "incidente la moderadora me grita")
    assert set(said) == {"bea"} and "¿Es sobre Ana (@ana:test), que modera?" in said["bea"]
    said = await tells(talk, "bea", "sí")
    assert "No guardé nada" in said["bea"] and set(said) == {"bea"}
    assert "Aquí no hay otra persona" in said["bea"]
    assert "[]" == await table(talk, "incidents_incident") == await table(talk, "incidents_part")
    await tells(talk, "bea", "incidente la moderadora me grita")
    said = await tells(talk, "bea", "no")
    assert set(said) == {"bea", "ana"} and "No se muestra a" not in said["bea"]


async def test_where_nobody_is_left_the_contact_outside_is_named(talk: Talk) -> None:
    await talk.says("ana", "!configurar contacto-de-fuera Red Sur, +57 300 000")
    await talk.says("ana", "sí")
    await talk.sent()
    said = await tells(talk, "bea", "incidente ana me grita")
    assert "Fuera de esta red puedes acudir a: Red Sur, +57 300 000" in said["bea"]
    assert set(said) == {"bea"} and "incidente 1" not in said["bea"]


async def test_a_name_in_what_is_added_later_takes_the_incident_away_from_them(
    talk: Talk,
) -> None:
    await a_team(talk, "dora", "eva", "bea")
    await talk.tells("carla", "incidente me gritan en las reuniones")
    (first,) = [p for p in await talk.said() if p.room == CARE]
    await talk.tells("bea", "atender 1")
    await talk.sent()
    await talk.tells("carla", "incidente 1 ayer fue Bea otra vez")
    posts = await talk.sent()
    gone = [p.content["redacts"] for p in posts if p.kind == "redact"]
    assert first.event in gone
    assert not [p for p in posts if p.room == CARE and p.kind != "redact"]
    rooms = {await talk.private(who): who for who in ("bea", "dora", "eva", "carla")}
    told_to = {rooms[p.room] for p in posts if p.kind == "m.room.message"}
    assert told_to == {"dora", "eva", "carla"}
    (mine,) = [p.plain for p in posts if rooms.get(p.room) == "carla" and p.plain]
    assert "Desde ahora no se muestra a: Bea. Puede que ya se haya leído antes." in mine
    for line in ("incidente 1", "resolver 1 listo", "atender 1", "apelar 1 x"):
        assert "No existe" in (await tells(talk, "bea", line))["bea"]
    await talk.wait(2 * DAY)  # whoever took it is out: it waits for somebody again
    assert {*await told(talk)} == {"dora", "eva"}


async def test_somebody_can_be_left_out_afterwards_and_let_in_again(talk: Talk) -> None:
    await a_team(talk, "dora", "eva", "bea")
    said = await tells(talk, "carla", "incidente me gritan")
    assert "`incidente 1 sin @nombre`" in said["carla"]
    assert "Nadie de quienes" in (await tells(talk, "carla", "incidente 1 sin @zoe"))["carla"]
    said = await tells(talk, "carla", "incidente 1 sin @bea y @dora")
    assert set(said) == {"carla", "eva"} and "Quién lo lee: Eva." in said["carla"]
    said = await tells(talk, "carla", "incidente 1 sin dormir desde ayer")
    assert "Agregado al incidente 1" in said["carla"] and set(said) == {"carla", "eva"}
    assert "Solo quien lo contó" in (await tells(talk, "eva", "incidente 1 con bea"))["eva"]
    assert "Solo quien lo contó" in (await tells(talk, "eva", "incidente 1 sin bea"))["eva"]
    said = await tells(talk, "carla", "incidente 1 con bea otra vez me gritan")
    assert "Agregado" in said["carla"] and set(said) == {"carla", "eva"}
    asked = await tells(talk, "carla", "incidente 1 con bea")
    assert "se muestra a: Bea (@bea:test)" in asked["carla"] and set(asked) == {"carla"}
    said = await tells(talk, "carla", "sí")
    assert set(said) == {"carla", "bea"} and "me gritan" in said["bea"]
    await tells(talk, "carla", "incidente 1 sin eva")
    said = await tells(talk, "carla", "incidente 1 sin bea")
    assert set(said) == {"carla", "ana"} and "me gritan" in said["ana"]  # nobody of the team
    said = await tells(talk, "carla", "incidente 1 sin ana")
    assert "lo borré" in said["carla"] and "Habla con alguien de tu confianza" in said["carla"]
    assert await table(talk, "incidents_part") == "[]"


async def test_who_joins_the_team_later_does_not_read_what_may_be_about_them(talk: Talk) -> None:
    await a_team(talk, "dora", "eva")
    await tells(talk, "carla", "incidente Beatriz me amenaza")
    await tells(talk, "carla", "incidente @bea me amenaza")
    await talk.moves("bea", Membership.JOIN, CARE)
    for number in (1, 2):
        assert "No existe" in (await tells(talk, "bea", f"incidente {number}"))["bea"]
    said = await tells(talk, "carla", "incidente 1 y hoy también")
    assert set(said) == {"carla", "dora", "eva"}
    assert "No hay nada abierto" in await talk.answer("bea", "!pendientes", room=CARE)
    shown = (await tells(talk, "dora", "incidente 1"))["dora"]
    assert "No se muestra a: Bea." in shown and "`incidente 1 con @nombre`" in shown
    await tells(talk, "dora", "incidente 1 con bea")
    said = await tells(talk, "dora", "sí")
    assert "Beatriz me amenaza" in said["bea"] and "Dora dice que" in said["carla"]
    assert "Solo quien lo contó" in (await tells(talk, "dora", "incidente 2 con bea"))["dora"]
    await talk.moves("carla", Membership.JOIN, CARE)  # who told it reads it anyway
    assert "Beatriz" in (await tells(talk, "carla", "incidente 1"))["carla"]


async def test_whoever_is_meant_hears_from_no_reminder_that_something_waits(talk: Talk) -> None:
    await a_team(talk, "dora", "eva", "bea")
    mods = RoomId("!mods:test")
    await talk.room(mods, "Mods", ["ana", "bea"], {"ana": 50, "bea": 50})
    await talk.set("moderation", "yes", mods)
    await tells(talk, "carla", "incidente bea me amenaza")
    places = {CARE, mods, await talk.private("bea")}
    for _day in range(4):
        await talk.wait(DAY + timedelta(hours=1))
        posts = await talk.said()
        assert posts and not [p.plain for p in posts if p.room in places]
    for room in (CARE, mods, ROOM):
        assert "Bea" not in await talk.answer("dora", "!historial", room=room)
        assert "ncidente 1" not in await talk.answer("dora", "!pendientes", room=room)
    await talk.says("dora", "!atender 1", room=CARE)
    await talk.says("dora", "!resolver 1 hablamos con Bea", room=CARE)
    posts = await talk.sent()
    assert {p.kind for p in posts if p.room == CARE} == {"redact"}


async def test_a_files_name_counts_and_an_edit_reaches_nobody(talk: Talk) -> None:
    await a_team(talk, "dora", "eva", "bea")
    media = Media("mxc://test/x", "golpe de bea.jpg", "image/jpeg", 10, {})
    private = await talk.private("carla")
    event = await talk.tells("carla", "incidente mira la foto", media=media)
    said = await told(talk)
    assert set(said) == {"carla", "dora", "eva"}
    await talk.edits("carla", event, "incidente mira la foto, fue eva", room=private)
    await talk.hears_nothing()


async def test_a_team_of_the_reporter_alone_is_nobody(talk: Talk) -> None:
    await a_team(talk, "carla", "bea")
    said = await tells(talk, "carla", "incidente bea me amenaza")
    assert "No guardé nada" in said["carla"] and set(said) == {"carla"}
    assert user_id("bea") not in await table(talk, "item")


async def test_no_command_tells_whom_it_is_about_that_it_is_there(talk: Talk) -> None:
    await a_team(talk, "dora", "eva", "bea")
    await tells(talk, "carla", "incidente bea me amenaza")
    for word in ("cancelar", "atender", "resolver", "apelar", "votar", "mostrar", "levantar"):
        there = await talk.answer("bea", f"!{word} 1 x", room=CARE)
        none = await talk.answer("bea", f"!{word} 2 x", room=CARE)
        assert there.replace("1", "2") == none.replace("1", "2"), word
    await talk.tells("carla", "borrarme")
    await talk.tells("carla", "sí")
    await talk.sent()
    assert user_id("carla") not in await table(talk, "item") + await table(talk, "job")


async def test_who_reads_it_is_said_by_its_number_to_the_reporter_alone(talk: Talk) -> None:
    await tells(talk, "bea", "incidente mensajes feos")
    said = (await tells(talk, "bea", "visible 1"))["bea"]
    assert "Quién lo lee: Ana." in said and "sala" not in said, "no room reads it"
    await talk.says("bea", "!visible 1")
    assert "Quién lo lee: Ana." in (await told(talk))["bea"]
    await a_team(talk, "dora", "eva", "bea")
    await tells(talk, "carla", "incidente Beatriz me amenaza")
    await tells(talk, "carla", "sí")
    said = (await tells(talk, "carla", "quien puede ver la 2"))["carla"]
    assert "Quién lo lee: Dora · Eva." in said and "No se muestra a: Bea." in said
