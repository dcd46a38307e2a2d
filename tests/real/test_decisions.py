"""Every kind of decision in one encrypted room: tapped, typed and replied, to its result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.real.botprocess import MINGA
from tests.real.hall import EVERYBODY, Hall
from tests.real.servers import Pair

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    """Made once for all tests."""
    async with Hall.of(pair, tmp_path_factory.mktemp("hall")) as made:
        yield made


KINDS = [
    pytest.param(
        "!encuesta ¿Dónde? Norte, Sur",
        "",
        """
        ana toca 1
        bruno escribe 1
        celia responde la 2
        dani responde Sur
        ana toca 2
        eva responde 7 → van de 1 a 2
        """,
        "gana Sur",
        ("Norte: 1", "Sur: 3", f"Votaron 4 de {EVERYBODY} personas."),
        id="choice",
    ),
    pytest.param(
        '!encuesta ¿Qué llevamos? "Pan" "Té" "Fruta" multiple:2',
        "Toca hasta 2 opciones",
        """
        ana toca 1 2
        bruno escribe 2 3
        celia responde 1 y 3
        dani responde 3 2 1 → hasta 2 opciones
        dani responde pan
        """,
        "gana Pan",
        ("Pan: 3", "Té: 2", "Fruta: 2"),
        id="multiple",
    ),
    pytest.param(
        "!propuesta Compramos la olla mayoria:2/3",
        "al menos 2/3",
        """
        ana toca 1
        bruno escribe a favor
        celia responde en contra
        dani responde me abstengo
        """,
        "aprobada",
        ("a favor: 2", "en contra: 1", "abstención: 1"),
        id="majority",
    ),
    pytest.param(
        "!propuesta Vendemos la carpa mayoria:2/3",
        "al menos 2/3",
        """
        ana toca 2
        bruno escribe a favor
        """,
        "no aprobada",
        ("A favor: 1 de 2; hacía falta al menos 2/3.",),
        id="majority-missed",
    ),
    pytest.param(
        '!propuesta "Adherimos a la carta" tipo:consentimiento',
        "nadie la bloquea",
        """
        ana toca 4
        bruno responde de acuerdo
        celia escribe en contra → bloqueo "
        dani responde a favor porque ya era hora
        """,
        "aprobada",
        ("a favor: 2", "en contra: 1", "me aparto: 1", "Se apartó 1 persona."),
        id="consent",
    ),
    pytest.param(
        "!propuesta Cerramos el lunes tipo:consenso",
        "nadie está en contra",
        """
        ana toca 1
        bruno responde a favor
        celia escribe en contra
        """,
        "no aprobada",
        ("No hay consenso: 1 voto en contra.",),
        id="consensus",
    ),
    pytest.param(
        '!presupuesto $10.000 "Radio" 4000, "Taller" 2500, "Marcha" 6000',
        "parte igual",
        """
        ana toca 1 2
        bruno escribe 3
        celia responde 1 y 2
        dani responde radio
        """,
        "entran Radio · Taller. Sobran: 3500.",
        (
            "Radio (4000): 3 · entra: la pagan las partes de quienes la eligieron",
            "Marcha (6000): 1 · queda afuera: cuesta más que los 3500 que sobran",
        ),
        id="budget",
    ),
    pytest.param(
        "!encuesta ¿Qué nombre? Sol, Luna, Mar tipo:preferencia",
        "de dos en dos",
        """
        ana toca 2
        bruno responde Luna > Mar > Sol
        celia escribe 1 2 3
        dani escribe 3=2 1
        """,
        "gana Luna",
        ("En orden: Luna > Mar > Sol",),
        id="schulze",
    ),
    pytest.param(
        "!propuesta ¿Qué color? Rojo, Verde, Azul tipo:segunda-vuelta",
        "Se cuenta por rondas",
        """
        ana toca 1
        bruno responde 1 2 3
        celia escribe 2 3 1
        dani responde verde, azul, rojo
        eva escribe 3 2 1
        """,
        "gana Verde",
        ("Rojo: 2", "Verde: 2", "Azul: 1", "Salieron: Azul."),
        id="run-off",
    ),
    pytest.param(
        "!propuesta ¿Qué hacemos? Feria, Taller, Cine tipo:puntos puntos:5",
        "de 0 a 5 puntos",
        """
        ana toca 1
        bruno responde Taller 4, Cine 2
        celia escribe 1:2 2:5
        dani responde 2:9 → de 0 a 5
        dani responde 2:3
        """,
        "gana Taller",
        ("Feria: 7", "Taller: 12", "Cine: 2"),
        id="score",
    ),
    pytest.param(
        "!propuesta ¿En qué gastamos? Feria, Taller, Cine tipo:fichas puntos:10",
        "reparte 10 puntos",
        """
        ana toca 1 2
        bruno responde 1:2 3:8
        celia escribe 2:4 3:8 → Son 12 puntos, y hay 10 para repartir
        celia escribe cine 10
        """,
        "gana Cine",
        ("Feria: 7", "Taller: 5", "Cine: 18"),
        id="dots",
    ),
    pytest.param(
        '!cuando "Reunión" mañana 18h, 19h, pasado mañana 20h',
        "si hace falta",
        """
        ana toca 1 3
        bruno responde 1 3?
        celia escribe 3
        dani responde 2 si hace falta, 3 sí
        """,
        "20:00",
        ("18:00: 2", "19:00: 0, si hace falta: 1", "20:00: 3, si hace falta: 1"),
        id="dates",
    ),
    pytest.param(
        '!presupuesto 10000 "Radio" 4000, "Taller" 2500, "Marcha" 6000',
        "tiene una parte igual",
        """
        ana toca 1 2
        bruno escribe 3
        celia responde 2 y 3
        """,
        "entran Taller · Marcha. Sobran: 1500",
        ("Marcha (6000): 2 · entra: la pagan las partes de quienes la eligieron",),
        id="budget",
    ),
]


@pytest.mark.parametrize(("line", "rule", "votes", "verdict", "says"), KINDS)
async def test_a_kind_from_its_question_to_its_result(
    hall: Hall, line: str, rule: str, votes: str, verdict: str, says: tuple[str, ...]
) -> None:
    poll = await hall.opens("bruno", line)
    assert rule in poll.opening.text
    await hall.votes(poll, votes)
    result = await hall.closes(poll)
    first, *rest = result.splitlines()
    assert verdict in first
    assert ("no aprobada" in first) is (verdict == "no aprobada")
    for words in says:
        assert any(one.endswith(words) for one in rest), (words, result)


async def test_a_block_stops_consent_and_the_result_says_why(hall: Hall) -> None:
    poll = await hall.opens("ana", '!propuesta "Firmamos el comunicado" tipo:consentimiento')
    await hall.votes(poll, "ana toca 1 \n bruno responde a favor \n celia toca 5")
    asked = await hall.letter("celia", f"¿Por qué bloqueas la propuesta {poll.number}")
    assert "Tu bloqueo cuenta cuando tenga su razón" in asked
    await hall.votes(poll, 'celia escribe bloqueo "no hay plata" → no pasa')
    result = await hall.closes(poll)
    assert "no aprobada" in result.splitlines()[0]
    assert "No pasa: hay 1 bloqueo." in result
    assert "no hay plata" in result
    minutes = await hall.answer("dani", f"!acta {poll.number}")
    for words in ("consentimiento", f"3 de {EVERYBODY}", "no aprobada", "no hay plata"):
        assert words in minutes
    assert "comunicado" in await hall.answer("eva", "!decisiones comunicado")
    assert "comunicado" in await hall.answer("eva", "!decisiones desde ayer")


async def test_nobody_sees_counts_before_the_end(hall: Hall) -> None:
    poll = await hall.opens("bruno", "!encuesta ¿Quién habla? Una, Dos sin-parciales")
    await hall.votes(poll, "ana toca 1 \n celia responde 1")
    for who in ("ana", "bruno"):  # who moderates, and the author
        said = await hall.answer(who, f"!resultados {poll.number}")
        assert f"2 de {EVERYBODY}" in said
        assert "Una: 2" not in said
    assert "Una: 2" in (await hall.closes(poll)).splitlines()


async def test_with_more_time_it_ends_by_itself_without_its_quorum(hall: Hall) -> None:
    """Five of nine are 55 %, and 60 % were asked for."""
    line = '!propuesta "Nos unimos a la red" quorum:60% hasta en 2 horas'
    poll = await hall.opens("bruno", line)
    assert "60% (6 votos)" in poll.opening.text
    await hall.votes(poll, "ana toca 1 \n bruno escribe a favor \n celia responde sí")
    await hall.says("bruno", f"!extender {poll.number} hasta en 5 horas")
    assert "Nos unimos a la red" in (await hall.hears("Ahora cierra")).text
    hall.bot.later(hours=3)  # its first deadline is over
    await hall.votes(poll, "dani responde a favor \n eva escribe en contra")
    hall.bot.later(hours=3)
    first, *rest = (await hall.result(poll)).splitlines()
    assert f"sin quórum. Votaron 5 de {EVERYBODY}; hacían falta 6." in first
    assert {"a favor: 4", "en contra: 1"} <= set(rest)
    await hall.ana.hears(lambda one: one.content.get("redacts") == poll.native.id, room=hall.room)
    state = await hall.ana.poll_state(hall.room, poll.native.id)
    assert state is None or not state["ended"], "Element has no tally of its own"


async def test_a_voter_adds_an_option(hall: Hall) -> None:
    poll = await hall.opens("ana", "!encuesta ¿Qué plaza? Alta, Baja opciones-abiertas")
    await hall.says("bruno", f"!opcion {poll.number} Nueva")
    await hall.hears("agrega la opción 3")
    await hall.votes(poll, "ana toca 1 \n celia escribe 3 \n dani responde nueva")
    result = await hall.closes(poll)
    assert "gana Nueva" in result
    assert {"Alta: 1", "Baja: 0", "Nueva: 2"} <= set(result.splitlines())


async def test_an_assembly_counts_once_two_members_have_confirmed_it(hall: Hall) -> None:
    poll = await hall.opens("ana", "!encuesta ¿Qué sede? Norte, Sur")
    await hall.votes(poll, "dani responde 2")
    await hall.says("ana", f"!presencial {poll.number} Norte:14 Sur:9")
    recorded = await hall.hears("registra una asamblea de 23 personas")
    assert "falta 1 persona" in await hall.answer("bruno", "sí", recorded)
    assert "Norte: 0" in await hall.answer("eva", f"!resultados {poll.number}")
    await hall.says("celia", f"!presencial {poll.number} confirmar")
    await hall.hears("cuentan 23 votos de la asamblea")
    result = await hall.closes(poll)
    assert "gana Norte" in result.splitlines()[0]
    assert {"Norte: 14", "Sur: 10"} <= set(result.splitlines())
    assert "En la sala: Norte: 0 · Sur: 1" in result
    assert "En la asamblea: Norte: 14 · Sur: 9" in result


async def test_a_mandate_is_split_and_the_delegate_goes_before_the_alternate(hall: Hall) -> None:
    room = await hall.gather_in("Federación", "bruno", "celia")
    bruno, celia = hall.people["bruno"].user, hall.people["celia"].user
    add = f'!votantes agregar "Cooperativa Sur" {bruno} suplente:{celia} peso:20'
    assert "peso 20" in await hall.answer("ana", add, room=room)
    await hall.answer("ana", f'!votantes agregar "Norte" {hall.ana.user} peso:4', room=room)
    poll = await hall.opens("ana", "!propuesta Paramos el jueves", room)
    assert "2 organizaciones" in poll.opening.text

    await hall.votes(poll, "ana toca 1 \n celia responde en contra → Cooperativa Sur: Anotado")
    await hall.votes(
        poll,
        """
        bruno responde 12 sí 5 no 4 abst → Son 21 votos
        bruno escribe 12 sí 5 no 3 abst → Cooperativa Sur: Anotado
        """,
    )
    await hall.letter("celia", "cuenta ese voto en lugar del tuyo")
    await hall.votes(poll, "celia responde en contra → como titular: tu voto no cuenta")
    await hall.letter("bruno", "Cuenta tu voto, porque eres titular")
    result = await hall.closes(poll)
    assert "aprobada" in result.splitlines()[0]
    counts = {"a favor: 16", "en contra: 5", "abstención: 3"}
    assert counts | {"Votaron 2 de 2 organizaciones."} <= set(result.splitlines())


@pytest.mark.full
async def test_a_text_passes_in_each_chamber_and_an_organisation_changes_its_delegate(
    hall: Hall, tmp_path: Path
) -> None:
    """While it is open the delegate names the next, and the alternate confirms it in private."""
    room = await hall.gather_in("Asamblea", "bruno", "celia", "dani", "eva")
    bruno, celia, dani, eva = (hall.people[who].user for who in ("bruno", "celia", "dani", "eva"))
    for line in (
        f"!votantes agregar Lima {hall.ana.user}",
        f'!votantes agregar "Cooperativa Sur" {bruno} suplente:{celia}',
        f"!votantes agregar Radio {eva}",
        "!votantes cámara gobiernos: Lima",
        "!votantes cámara organizaciones: el resto",
    ):
        await hall.answer("ana", line, room=room)
    poll = await hall.opens("ana", '!propuesta "Firmamos" cámaras: gobiernos, organizaciones', room)
    await hall.votes(
        poll, "ana toca 1 \n bruno responde en contra \n eva escribe a favor → Radio: Anotado"
    )
    named = await hall.answer("bruno", f"!mi-organización titular {dani}", room=room)
    assert "próxima titular" in named
    await hall.letter("celia", "¿Lo confirmas?")
    await hall.says("celia", "sí", room=hall.letters["celia"])
    changed = await hall.hears(" confirmó:", room=room)
    assert "Cooperativa Sur" in changed.text
    await hall.votes(poll, "dani responde a favor → Cooperativa Sur: Anotado")
    result = await hall.closes(poll)
    assert "“Firmamos”: aprobada" in result
    assert "gobiernos: aprobada. a favor: 1. Votaron 1 de 1." in result
    assert "organizaciones: aprobada. a favor: 2. Votaron 2 de 2." in result

    await hall.says("ana", f"!exportar {poll.number}", room=room)
    sent = await hall.hears("el resultado firmado", room=room)
    (tmp_path / "result.json").write_bytes(await hall.ana.download(sent))
    process = await asyncio.create_subprocess_exec(
        MINGA, "verify-result", tmp_path / "result.json", stdout=asyncio.subprocess.PIPE
    )
    told = (await process.communicate())[0].decode()
    assert process.returncode == 0, told
    assert "Chamber organizaciones: it passes. 2 of 2 voted." in told


async def test_a_vote_that_was_given_counts_until_its_owner_votes(hall: Hall) -> None:
    """Celia gives hers to Bruno, who accepts it in private; Dani's goes to nobody."""
    given = await hall.answer("celia", f"!delegar {hall.people['bruno'].user} hasta en 56 horas")
    assert "delega su voto en" in given
    await hall.letter("bruno", "¿Aceptas?")
    await hall.says("bruno", "sí", room=hall.letters["bruno"])
    await hall.hears("Aceptado: ")
    poll = await hall.opens("ana", "!propuesta Pintamos la casa")
    await hall.votes(poll, "bruno responde a favor → Cuenta también por \n dani escribe en contra")
    assert "a favor: 2" in await hall.answer("eva", f"!resultados {poll.number}")
    await hall.votes(poll, "celia escribe en contra")
    assert "en contra: 2" in await hall.answer("eva", f"!resultados {poll.number}")
    await hall.votes(poll, "celia escribe ninguna")
    await hall.votes(poll, "bruno responde a favor → Cuenta también por")
    result = await hall.closes(poll)
    counts = {"a favor: 2", "en contra: 1", f"Votaron 3 de {EVERYBODY} personas."}
    assert counts <= set(result.splitlines())
    assert "votó por: " in result
    await hall.answer("celia", "!delegar no")


async def test_votes_count_that_came_before_during_and_after_a_kill(hall: Hall) -> None:
    poll = await hall.opens("ana", '!propuesta "Marchamos el sábado" tipo:consentimiento')
    await hall.votes(poll, "ana toca 1 \n bruno responde a favor")
    await hall.bot.kill()
    await hall.says("celia", f"!votar {poll.number} me aparto")
    await hall.people["dani"].vote(hall.room, poll.native, poll.labels[0])
    await hall.bot.start()
    await hall.hears("Anotado: me aparto", 60)
    await hall.votes(poll, "eva escribe en contra")
    result = await hall.closes(poll)
    assert "aprobada" in result.splitlines()[0]
    counts = {"a favor: 3", "en contra: 1", "me aparto: 1", f"Votaron 5 de {EVERYBODY} personas."}
    assert counts <= set(result.splitlines())


async def test_ana_could_read_all_that_the_bot_ever_said(hall: Hall) -> None:
    """From the server, once more: signed, decrypted, without a shield."""
    said = [one for one in await hall.ana.timeline(hall.room) if one.sender == hall.bot.user]
    # A native poll is taken away at its end: of what is gone nothing is left to read.
    sealed = [one for one in said if one.encrypted and one.content]
    assert len(sealed) > EVERYBODY
    assert {(one.failure, one.shield) for one in sealed} == {(None, 0)}
    # Matrix encrypts neither reactions nor redactions: they say which event, and nothing more.
    plain = {one.type for one in said if not one.encrypted and one.state_key is None}
    assert plain <= {"m.reaction", "m.room.redaction"}
