"""Elections as people have them: from the call to the result that a file proves."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from bot.testing.dated_words import day_in_words
from bot.testing.talk import ROOM, PostedEvent, Talk
from bot.types import Membership
from commands.decisions.verify_tool import verify

PEOPLE = ("ana", "bea", "carla", "dora", "elsa", "flor", "gabi")
CALL = (
    "!elección Comité puestos:{seats} candidaturas hasta en 48 horas, voto hasta en 96 horas {more}"
)
JSON = "application/json"
LONG_ENOUGH = timedelta(days=9)


async def called(talk: Talk, seats: int = 2, more: str = "") -> str:
    """An election is called in a room of seven; what the room reads."""
    await talk.room(ROOM, "Sala", [*PEOPLE], {"ana": 50})
    return await talk.answer("ana", CALL.format(seats=seats, more=more))


async def told(talk: Talk, who: str, line: str) -> str:
    """What the bot answers in private."""
    await talk.tells(who, line)
    place = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == place)


async def stand(talk: Talk, *who: str, groups: str = "") -> None:
    for person in who:
        heard = await told(talk, person, f"me postulo 1 por la radio, soy {person} {groups}")
        assert "Anotado: te postulas en la elección 1, Comité." in heard


async def next_step(talk: Talk) -> tuple[str, list[PostedEvent]]:
    """The candidacies or the vote close: what the room reads, and the files."""
    await talk.said()
    await talk.wait(timedelta(hours=48, minutes=1))
    posts = [post for post in await talk.said(ROOM) if not post.plain.startswith("* ")]
    files = [post for post in posts if post.content.get("msgtype") == "m.file"]
    return "\n".join(post.plain for post in posts if post not in files), files


def content(talk: Talk, post: PostedEvent) -> str:
    return talk.gateway.files[post.content["file"]["url"]].decode()


def ballot_order(shown: str) -> dict[str, int]:
    """The place of each candidate on the ballot that was shown."""
    lines = shown.split("Encuesta 2:")[1].splitlines()[1:]
    named = takewhile(lambda pair: pair[1].startswith(f"{pair[0]} "), enumerate(lines, start=1))
    return {line.split(" ", 1)[1].lower(): place for place, line in named}


async def test_an_open_election_from_the_call_to_the_proof(talk: Talk, tmp_path: Path) -> None:
    call = await called(talk)
    promise = call.split("`")[-2]
    await stand(talk, "ana", "bea", "carla")
    shown, files = await next_step(talk)
    assert "3 candidaturas, en el orden del sorteo. La votación es la 2." in shown
    place = ballot_order(shown)
    sheet = content(talk, files[0])
    secret = sheet.split("sha256(")[1].split(")")[0]
    assert hashlib.sha256(secret.encode()).hexdigest() == promise, "the promise was kept"
    ranked = [line.split(" @")[1] for line in sheet.splitlines() if line[:64].isalnum()]
    assert [who.split(":")[0] for who in ranked] == sorted(place, key=place.__getitem__)
    for who in ("ana", "bea", "dora", "elsa"):
        assert "Anotado" in await told(talk, who, f"votar 2 {place['carla']} {place['bea']}")
    assert "Anotado" in await told(talk, "flor", f"votar 2 {place['ana']}")
    assert "no van dos en el mismo lugar" in await told(talk, "gabi", "votar 2 1=2")
    result, _files = await next_step(talk)
    assert "ganan Carla · Bea." in result
    assert "Carla: puesto en la ronda 1, votos: 4 (bastan: 2)." in result
    assert "Bea: puesto en la ronda 2, votos: 2 (bastan: 2)." in result
    await talk.says("ana", "!exportar 2")
    export = await talk.said()
    signed = next(p for p in export if p.content.get("info", {}).get("mimetype") == JSON)
    file = tmp_path / "result.json"
    file.write_text(content(talk, signed))
    fine, _lines = verify(file, []) or (False, [])
    assert fine
    assert '"surplus ' in content(talk, signed), "each round is in the file"
    file.write_text(content(talk, signed).replace("seats:", "seats: "))
    assert (verify(file, []) or (True,))[0] is False


async def test_a_secret_election_with_somebody_who_steps_down(talk: Talk, tmp_path: Path) -> None:
    await called(talk, 1, "secreta")
    await stand(talk, "ana", "bea", "carla")
    shown, _files = await next_step(talk)
    place = ballot_order(shown)
    for who in ("ana", "bea", "carla", "dora", "elsa"):
        first = f"votar 2 {place['bea']} {place['carla']}"
        assert "Anotado" in await told(talk, who, first)
    assert "Anotado" in await told(talk, "flor", f"votar 2 {place['ana']}")
    await talk.tells("bea", "desisto 1")
    posts = [post.plain for post in await talk.said() if post.room == ROOM]
    assert posts == [
        "Bea ya no se postula en la elección 2. Los votos quedan y pasan a quien sigue en cada uno."
    ]
    result, files = await next_step(talk)
    assert "gana Carla." in result
    assert "Desistió durante la votación: Bea." in result
    file = tmp_path / "result.json"
    file.write_text(content(talk, files[-1]))
    fine, lines = verify(file, []) or (False, [])
    assert fine
    assert any("Stepped down" in line.msgid for line in lines)
    cut = content(talk, files[-1]).replace('"withdrawn":[', '"withdrawn":[9,')
    file.write_text(cut)
    assert (verify(file, []) or (True,))[0] is False


async def test_who_is_removed_during_the_vote_is_not_elected(talk: Talk) -> None:
    await called(talk, 1)
    await stand(talk, "ana", "bea")
    place = ballot_order((await next_step(talk))[0])
    for who in ("carla", "dora", "elsa"):
        await told(talk, who, f"votar 2 {place['bea']}")
    await told(talk, "flor", f"votar 2 {place['ana']}")
    await talk.moves("bea", Membership.LEAVE)
    assert "Bea ya no se postula" in "\n".join(post.plain for post in await talk.said(ROOM))
    assert "gana Ana." in (await next_step(talk))[0]


async def test_quotas_are_met_in_the_count(talk: Talk) -> None:
    call = await called(talk, 2, "al menos 1 de: sur")
    assert "Cuota: al menos 1 de sur." in call
    await stand(talk, "ana", "bea")
    await stand(talk, "carla", groups="grupo: sur")
    shown, _files = await next_step(talk)
    place = ballot_order(shown)
    assert f"Cuota: al menos 1 de sur ({place['carla']})." in shown
    for who in ("ana", "bea", "dora"):
        await told(talk, who, f"votar 2 {place['ana']} {place['bea']}")
    for who in ("elsa", "flor", "gabi"):
        await told(talk, who, f"votar 2 {place['bea']} {place['ana']}")
    result, _files = await next_step(talk)
    assert "Carla" in result.splitlines()[0]
    assert "una cuota no se podía cumplir" in result


async def test_the_most_votes_and_approval(talk: Talk) -> None:
    call = await called(talk, 2, "método: aprobación")
    assert "Nombras a cada persona que te parece bien." in call
    await stand(talk, "ana", "bea", "carla")
    place = ballot_order((await next_step(talk))[0])
    for who in ("dora", "elsa"):
        await told(talk, who, f"votar 2 {place['ana']} {place['bea']} {place['carla']}")
    await told(talk, "flor", f"votar 2 {place['carla']}, {place['bea']}")
    await told(talk, "gabi", f"votar 2 {place['carla']}")
    result, _files = await next_step(talk)
    assert "ganan Carla · Bea." in result
    assert "Carla: puesto, votos: 4." in result


async def test_somebody_who_is_proposed_must_accept(talk: Talk) -> None:
    await called(talk)
    assert "pregunto en privado a 2 personas" in await talk.answer("ana", "!nominar 1 @bea @carla")
    await talk.wait(timedelta(minutes=1))
    asked = "\n".join(post.plain for post in await talk.said())
    assert asked.count("te propone para la elección 1, Comité.") == 2
    assert "Anotado: te postulas" in await told(talk, "bea", "sí")
    assert "no te postulas" in await told(talk, "carla", "no")
    listed = await talk.answer("dora", "!candidaturas 1")
    assert "se postula 1 persona" in listed
    assert "Carla" not in listed
    assert "ya les pregunté" in await talk.answer("ana", "!nominar 1 @bea")
    assert "no está en esa sala" in await talk.answer("ana", "!nominar 1 @zoe:elsewhere.org")


async def test_fewer_candidates_than_seats_and_nobody(talk: Talk) -> None:
    await called(talk, 3)
    await stand(talk, "ana", "bea")
    shown, _files = await next_step(talk)
    assert "no hay más candidaturas que puestos, así que sin votación:" in shown
    assert "Queda vacío 1 puesto." in shown
    await talk.says("ana", CALL.format(seats=2, more=""))
    await talk.said()
    shown, _files = await next_step(talk)
    assert "termina: nadie se postula." in shown


async def test_quotas_that_cannot_be_met_end_it_with_a_word(talk: Talk) -> None:
    await called(talk, 2, "al menos 2 de: sur")
    await stand(talk, "ana", "bea", "carla", groups="grupo: norte")
    shown, _files = await next_step(talk)
    assert "hacían falta 2 de sur y se postulan 0." in shown


async def test_what_cannot_be_is_refused_at_once(talk: Talk) -> None:
    for line, answer in {
        "!elección": "Falta qué se elige",
        "!elección Comité puestos:0": "de 1 a 50 puestos",
        "!elección Comité puestos:9999": "de 1 a 50 puestos",
        "!elección Comité puestos:2 al menos 3 de: sur": "no se puede cumplir: sur",
        "!elección Comité metodo: borda": "No conozco el método",
        "!elección Comité candidaturas hasta en 2 días, voto hasta en 500 días": "más de un año",
        "!elección Comité candidaturas hasta en 5 días, voto hasta en 5 días": "después de las",
        f"!elección {'x' * 300}": "más de 200 letras",
        "!elección Comité puestos:2 secreta": "5 personas",
    }.items():
        assert answer in await talk.answer("ana", line), line


@pytest.mark.begins("sunday 10:00", "it names days of the week")
async def test_on_a_sunday_until_sunday_is_the_one_after_the_candidacies(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", [*PEOPLE], {"ana": 50})
    said = await talk.answer(
        "ana", "!elección Comité puestos:2 candidaturas hasta viernes, voto hasta domingo"
    )
    friday, sunday = day_in_words(5), day_in_words(7)
    assert f"en privado hasta el {friday}" in said
    assert f"se vota hasta el {sunday}" in said
    far = "!elección Otro puestos:2 candidaturas hasta en 9 días, voto hasta domingo"
    assert f"hasta el {day_in_words(14)}" in await talk.answer("ana", far)


async def test_candidacies_come_too_late_and_can_be_taken_back(talk: Talk) -> None:
    await called(talk)
    await stand(talk, "ana", "bea", "carla")
    assert "pasan de 400 letras" in await told(talk, "dora", f"me postulo 1 {'x' * 401}")
    assert "Anotado: no te postulas" in await told(talk, "carla", "me retiro 1")
    assert "No te postulas" in await told(talk, "carla", "desistir 1")
    await next_step(talk)
    assert "cerraron" in await told(talk, "dora", "me postulo 1 yo también")


async def test_an_election_is_cancelled_by_its_author(talk: Talk) -> None:
    await called(talk)
    assert "Elección 1: Comité" in await talk.answer("bea", "!pendientes")
    assert "No puedes" in await talk.answer("bea", "!cancelar 1")
    await talk.answer("ana", "!cancelar 1")
    assert "queda cancelada" in await talk.answer("ana", "sí")
    assert "ya terminó" in await told(talk, "bea", "me postulo 1")
    await talk.wait(LONG_ENOUGH)
    assert not [post for post in await talk.said(ROOM) if "candidaturas" in post.plain]


async def test_a_candidate_who_is_forgotten_is_gone(talk: Talk) -> None:
    await called(talk)
    await stand(talk, "bea")
    assert "te postulas" in await export_of(talk, "bea")
    await talk.tells("bea", "borrarme")
    await talk.said()
    await talk.tells("bea", "sí")
    await talk.wait(timedelta(minutes=2))
    await talk.said()
    assert "se postulan 0 personas" in await talk.answer("ana", "!candidaturas 1")


async def export_of(talk: Talk, who: str) -> str:
    """Everything in the file of a person's data."""
    await talk.tells(who, "mis datos")
    await talk.wait(timedelta(minutes=1))
    files: list[Any] = [p for p in await talk.said() if p.content.get("msgtype") == "m.file"]
    return "\n".join(content(talk, post) for post in files)


async def test_more_candidates_than_a_native_poll_shows(talk: Talk) -> None:
    many = [f"p{at:02}" for at in range(24)]
    await talk.room(ROOM, "Sala", ["ana", *many], {"ana": 50})
    await talk.answer("ana", CALL.format(seats=2, more=""))
    for who in many:
        await talk.tells(who, "me postulo 1")
    await talk.said()
    await talk.wait(timedelta(hours=48, minutes=1))
    posts = await talk.sent()
    assert not any(post.is_poll for post in posts)
    assert len(ballot_order("\n".join(post.plain for post in posts))) == 24
    assert "Anotado" in await told(talk, "ana", "votar 2 24 3")
    result, _files = await next_step(talk)
    assert "ganan " in result
