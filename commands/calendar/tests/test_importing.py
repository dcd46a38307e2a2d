"""Calendar files that people send to a room, as conversations."""

from __future__ import annotations

import pytest
import vobject

from bot.testing.talk import ROOM, PostedEvent, Talk
from bot.types import EventId, Media, RoomId
from commands.events.tests.days import Day, in_days


def day() -> Day:
    """The day of an event that says nothing else."""
    return in_days(6)


def stamp(hour: str = "190000", days: int = 0) -> str:
    """The hour of that day, or of so many days later, as files write it."""
    return f"{day().plus(days).wall:%Y%m%d}T{hour}"


def file(*entries: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\n{''.join(entries)}END:VCALENDAR\r\n".encode()


def entry(uid: str, day: str, *lines: str, title: str = "Taller") -> str:
    said = (
        "BEGIN:VEVENT",
        f"UID:{uid}@google.com",
        f"SUMMARY:{title}",
        f"DTSTART;TZID=America/Bogota:{day}",
        *lines,
        "END:VEVENT",
        "",
    )
    return "\r\n".join(said)


async def media(talk: Talk, data: bytes) -> Media:
    uploaded = await talk.gateway.upload(data, "text/calendar")
    return Media(str(uploaded.file["url"]), "x.ics", "text/calendar", len(data), uploaded.file)


async def sends(talk: Talk, who: str, data: bytes, text: str = "!importar") -> str:
    return await talk.answer(who, text, media=await media(talk, data))


async def test_events_are_shown_and_then_kept(plain: Talk) -> None:
    data = file(entry("1", stamp()), entry("2", "20200101T190000"))
    said = await sends(plain, "bea", data)
    assert "Eventos nuevos: 1" in said
    assert f"{day().title(plain)}, 19:00 (Bogotá): Taller" in said
    assert "Ya pasaron, así que los dejo fuera: 1" in said
    said = await plain.answer("bea", "sí")
    assert "Importé 1 evento" in said
    assert "Evento 1: Taller" in said
    assert f"{day().title(plain)}: 19:00 Taller (1)" in await plain.answer("carla", "!eventos")


async def test_in_reply_to_the_file_and_kept_through_a_restart(plain: Talk) -> None:
    found = await media(plain, file(entry("1", stamp())))
    sent = await plain.says("carla", "programa.ics", media=found)
    assert await plain.said() == []
    assert "Eventos nuevos: 1" in await plain.answer("bea", "!evento importar", reply=sent)
    await plain.restart()
    assert "Importé 1 evento" in await plain.answer("bea", "sí")


async def test_a_no_leaves_everything_as_it_was(plain: Talk) -> None:
    await sends(plain, "bea", file(entry("1", stamp())))
    await plain.answer("bea", "no")
    assert "Todavía" in await plain.answer("bea", "!eventos")


async def test_the_same_again_changes_and_doubles_nothing(plain: Talk) -> None:
    await sends(plain, "bea", file(entry("1", stamp())))
    await plain.answer("bea", "sí")
    again = await sends(plain, "bea", file(entry("1", stamp())))
    assert "Ya está aquí como dice el archivo: 1 evento" in again
    said = await sends(plain, "bea", file(entry("1", stamp("203000"), title="Taller largo")))
    assert "Cambiados: 1" in said
    said = await plain.answer("bea", "sí")
    assert "Bea cambió el evento 1" in said
    listed = await plain.answer("bea", "!eventos")
    assert "20:30 Taller largo (1)" in listed
    assert "(2)" not in listed


async def test_what_others_made_is_not_changed_by_a_file(plain: Talk) -> None:
    await sends(plain, "bea", file(entry("1", stamp())))
    await plain.answer("bea", "sí")
    moved = file(entry("1", stamp("203000")))
    assert "no es igual en el archivo" in await sends(plain, "carla", moved)
    assert "Cambiados: 1" in await sends(plain, "ana", moved)


async def test_what_is_cancelled_in_the_file_is_said_and_left_to_people(plain: Talk) -> None:
    await sends(plain, "bea", file(entry("1", stamp())))
    await plain.answer("bea", "sí")
    said = await sends(plain, "bea", file(entry("1", stamp(), "STATUS:CANCELLED")))
    assert "`!cancelar 1`" in said or "!cancelar 1" in said


async def test_each_refused_event_is_told_with_its_line(plain: Talk) -> None:
    no_day = f"{day().wall.year}1301T190000"
    data = file(
        entry("1", stamp(), f"DTEND;TZID=America/Bogota:{stamp('180000')}", title="Al revés"),
        entry("2", no_day),
        entry("3", stamp(), "RRULE:FREQ=SECONDLY", title="\u202eBomba"),
    )
    said = await sends(plain, "bea", data)
    assert "Línea 2, “Al revés”: termina antes de empezar." in said
    assert f"Línea 8, “Taller”: “{no_day}” no existe en ningún calendario." in said
    assert "Línea 13, “Bomba”: se repite más de una vez al día." in said


async def test_many_stand_in_one_message_and_the_rest_waits_for_the_next_time(
    plain: Talk,
) -> None:
    data = file(*(entry(str(n), stamp(days=n % 28)) for n in range(130)))
    said = await sends(plain, "bea", data)
    assert "Eventos nuevos: 100" in said
    assert "las otras 30" in said or "los otros 30" in said
    await plain.says("bea", "sí")
    posts = await plain.said()
    assert len(posts) == 2
    assert "importó 100 eventos: del 1 al 100" in posts[1].plain
    assert "Eventos nuevos: 30. Cambiados: 0. Iguales: 100" in await sends(plain, "bea", data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"hola", "no es un calendario"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "No encuentro en él"),
        (bytes(5_000_000), "demasiado grande para mí: recibo hasta 2 MB"),
        (b"BEGIN:VCALENDAR\r\n" + entry("1", "20200101T190000").encode() * 10_001, "10001 eventos"),
    ],
)
async def test_what_is_no_calendar_or_too_much_is_told(plain: Talk, data: bytes, said: str) -> None:
    assert said in await sends(plain, "bea", data)


async def test_without_a_file_it_is_said_how(plain: Talk) -> None:
    assert "responde al archivo" in await plain.answer("bea", "!importar")


async def test_in_private_it_is_for_the_room_that_is_named(plain: Talk) -> None:
    await plain.room(RoomId("!prensa:test"), "Prensa", ["bea"])
    await plain.set("calendar files", "no", RoomId("!prensa:test"))
    await plain.tells("bea", "importar", media=await media(plain, file(entry("1", stamp()))))
    await plain.hears("¿Para qué sala?")
    await plain.tells("bea", "Prensa")
    await plain.hears("Eventos nuevos: 1")
    await plain.tells("bea", "sí")
    assert "Prensa" in {p.room: p.plain for p in await plain.said()}.get(ROOM, "Prensa")
    assert "Taller" in await plain.answer("bea", "!eventos", room=RoomId("!prensa:test"))


# --- the files beside events ----------------------------------------------------------------------


def taller(*more: str) -> str:
    """A line that makes an event."""
    return " ".join(("!evento Taller", in_days(2).weekday, "19h", *more))


def uid_and_sequence(talk: Talk, post: PostedEvent) -> tuple[str, str, str]:
    found = vobject.readOne(talk.gateway.files[post.content["file"]["url"]].decode()).vevent
    return found.uid.value, found.sequence.value, found.status.value


async def only_file(talk: Talk) -> tuple[PostedEvent, list[EventId]]:
    posts = await talk.sent()
    [found] = [p for p in posts if p.content.get("msgtype") == "m.file"]
    return found, [EventId(p.content["redacts"]) for p in posts if "redacts" in p.content]


async def test_where_files_are_wanted_a_change_sends_one_anew_in_place_of_the_old_one(
    talk: Talk,
) -> None:
    await talk.set("calendar files", "yes")
    await talk.says("bea", taller())
    first, gone = await only_file(talk)
    assert gone == []
    await talk.says("bea", f"!mover 1 {in_days(3).weekday} 20h")
    second, gone = await only_file(talk)
    assert gone == [first.event]
    assert "para cambiarlo en tu calendario" in second.plain
    await talk.says("bea", "!cancelar 1")
    await talk.sent()
    await talk.says("bea", "sí")
    last, gone = await only_file(talk)
    assert gone == [second.event]
    assert "para quitarlo de tu calendario" in last.plain
    uid, sequence, status = uid_and_sequence(talk, first)
    assert (sequence, status) == ("0", "CONFIRMED")
    assert uid_and_sequence(talk, second) == (uid, "1", "CONFIRMED")
    assert uid_and_sequence(talk, last) == (uid, "2", "CANCELLED")


async def test_what_is_not_in_the_file_sends_none(talk: Talk) -> None:
    await talk.set("calendar files", "yes")
    await talk.says("bea", taller("cupo 10"))
    await only_file(talk)
    await talk.says("bea", "!cambiar 1 cupo:12")
    assert not [p for p in await talk.sent() if p.content.get("msgtype") == "m.file"]


async def test_all_that_comes_is_one_file_on_request(plain: Talk) -> None:
    assert "Todavía" in await plain.answer("bea", "!eventos archivo")
    for line in (taller(), f"!evento Asamblea {in_days(3).weekday} 19h"):
        await plain.says("bea", line)
    await plain.sent()
    await plain.says("carla", "!eventos archivo")
    post, _gone = await only_file(plain)
    assert post.content["filename"] == "eventos.ics"
    assert "2 próximos eventos" in post.plain
    data = plain.gateway.files[post.content["file"]["url"]].decode()
    titles = [e.summary.value for e in vobject.readOne(data).vevent_list]
    assert titles == ["Taller", "Asamblea"]
    await plain.tells("carla", "eventos archivo 2")
    post, _gone = await only_file(plain)
    assert post.content["filename"] == "evento-2.ics"


async def test_our_own_file_taken_in_again_is_the_same_event(talk: Talk) -> None:
    await talk.says("bea", taller("lugar: Casa Azul"))
    await talk.sent()
    await talk.says("carla", "!eventos archivo 1")
    post, _gone = await only_file(talk)
    data = talk.gateway.files[post.content["file"]["url"]]
    assert "Ya está aquí como dice el archivo" in await sends(talk, "bea", data)


async def test_one_event_is_exported_by_its_number_and_never_where_others_may_not_read_it(
    plain: Talk,
) -> None:
    await plain.says("bea", taller())
    await plain.sent()
    await plain.says("carla", "!exportar 1")
    post, _gone = await only_file(plain)
    assert (post.room, post.content["filename"]) == (ROOM, "evento-1.ics")
    other = await plain.room(RoomId("!otra:test"), "Otra", ["carla", "dani"])
    for line in ("!exportar 1", "!eventos archivo 1"):
        await plain.says("carla", line, room=other)
        posts = await plain.said()
        here = [p.plain for p in posts if p.room == other]
        assert here == ["Te escribí en privado."] and len(posts) == 2
    assert "No existe" in await plain.answer("dani", "!exportar 1", room=other)
