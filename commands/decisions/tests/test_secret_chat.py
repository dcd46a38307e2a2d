"""Secret votes in conversation: opened in the room, given in private, taken out of the room."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.testing.parts import with_needs
from bot.testing.talk import ROOM, Talk, find_number
from commands.ballot_secrecy.files.evidence import check_evidence, read_evidence
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_talk import (
    LINE,
    closed,
    content,
    fill,
    opened,
    receipt,
    six,
    told,
)
from commands.decisions.verify_tool import verify


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Six people: fewer than five can't vote in secret."""
    return await six(talk)


pytestmark = pytest.mark.begins("wednesday 10:00", "it names days of the week")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_secret_ballot_from_the_opening_to_the_check(talk: Talk, tmp_path: Path) -> None:
    await talk.says("ana", LINE)
    opening, manifest = await talk.said()
    number = find_number(opening)
    for words in (
        f"Encuesta {number}: ¿Dónde?",
        "1 Norte\n2 Sur\n3 Zoom",
        f"en privado: `votar {number} 1",
        "Solo yo veo cómo votas",
        "72 horas después",
        "presionar o pagar",
        "Con menos de 5 votos no publico",
        "18:00 (Bogotá)",
    ):
        assert words in opening.plain
    assert not re.search("[0-9a-f]{16}", opening.plain), "hashes and keys stand in the file"
    assert manifest.plain == "Para comprobar después el resultado, guarda este archivo."
    assert manifest.content["filename"] == f"apertura-{number}.json"
    echo = await told(talk, "bea", f"votar {number} 2 piedra azul")
    assert "Anotado: Sur" in echo and "piedra azul" in echo
    assert "Con menos de 5 votos no publico" in echo, "said before it can come to that"
    assert "Si todas las personas votan igual" in echo
    mine = await receipt(talk, "carla", f"votar {number} 1")
    await fill(talk, number, "1", "", "", "1", "2", "2")
    shown, bundle = await closed(talk, number)
    assert "Norte: 3" in shown and "Sur: 3" in shown and "empate" in shown
    assert "6 de 6 personas" in shown
    assert f"minga verify-result resultado-{number}.json" in shown
    assert not [f for f in inspect_bundle(bundle) if f.weight is FindingWeight.BAD]
    assert next(f.weight for f in check_evidence(bundle, read_evidence(mine))) is FindingWeight.FINE
    assert json.loads(content(talk, manifest)) == json.loads(bundle.manifest.to_json())
    file = tmp_path / "result.json"
    file.write_text(bundle.to_json())
    assert (verify(file, [mine]) or (False,))[0]


# --- voting -------------------------------------------------------------------------------------


async def test_the_last_vote_counts_and_can_be_taken_back(talk: Talk) -> None:
    _opening, number = await opened(talk)
    old = await receipt(talk, "bea", f"votar {number} 1 una cosa")
    new = await receipt(talk, "bea", f"votar {number} 3 otra cosa")
    await receipt(talk, "carla", f"votar {number} 2")
    assert "sin voto" in await told(talk, "carla", f"votar {number} retiro mi voto")
    await fill(talk, number, "3", "", "", "3", "3", "3")
    shown, bundle = await closed(talk, number)
    assert "Norte: 0" in shown and "Sur: 0" in shown and "Zoom: 5" in shown
    assert "5 de 6 personas" in shown
    assert not [f for f in inspect_bundle(bundle) if f.weight is FindingWeight.BAD]
    found = [next(f.weight for f in check_evidence(bundle, read_evidence(r))) for r in (old, new)]
    assert found == [FindingWeight.GONE, FindingWeight.FINE]


async def test_votar_alone_shows_the_options_and_ones_own_vote(talk: Talk) -> None:
    _opening, number = await opened(talk)
    said = await told(talk, "bea", f"votar {number}")
    assert "1 Norte" in said and "No tengo ningún voto tuyo" in said
    await told(talk, "bea", f"votar {number} 2 piedra azul")
    assert "Tu voto: Sur." in await told(talk, "bea", "votar"), "the only secret one open for her"
    assert "No tengo ningún voto tuyo" in await told(talk, "carla", "votar")


@pytest.mark.parametrize(
    "line",
    [
        "!encuesta secreta ¿Dónde? Norte, Sur",
        '!encuesta secreta "¿Dónde?" "Norte" "Sur"',
        '!encuesta secreta: "¿Dónde?" "Norte" "Sur"',
        '!propuesta anónima "Sede nueva"',
        "!propuesta secreta: Sede nueva",
        '!cuando secreta "Reunión" en 9 días 18h, en 10 días 19h',
    ],
)
async def test_secret_may_stand_first(talk: Talk, line: str) -> None:
    opening, _number = await opened(talk, line)
    assert "El voto es secreto" in opening.plain and "ecreta" not in opening.plain
    assert "nónima" not in opening.plain


@pytest.mark.parametrize(("answer", "secret"), [("sí", True), ("no", False)])
async def test_a_title_that_begins_with_the_word_is_asked_about(
    talk: Talk, answer: str, secret: bool
) -> None:
    await talk.says("ana", "!propuesta Secreto de voto en asambleas")
    await talk.hears("¿Debe ser secreto el voto?")
    await talk.says("ana", answer)
    opening = (await talk.said())[0].plain
    assert ("El voto es secreto" in opening) is secret
    assert ("Secreto de voto en asambleas" in opening) is not secret


async def test_oculta_first_is_asked_back(talk: Talk) -> None:
    await talk.says("ana", "!encuesta oculta ¿Dónde? Norte, Sur")
    await talk.hears("¿Qué debe quedar oculto?")
    opening, _number = await opened(talk, "2")
    assert "El voto es secreto" in opening.plain


async def test_the_number_may_be_left_out_where_only_one_can_be_meant(talk: Talk) -> None:
    _opening, number = await opened(talk)
    assert "Anotado: Sur" in await told(talk, "bea", "votar 2 piedra azul")
    assert "Anotado: Norte" in await told(talk, "bea", "votar Norte piedra azul")
    await talk.says("ana", "!encuesta ¿Qué? Pan, Sur")
    public = find_number((await talk.said())[0])
    said = await told(talk, "bea", "votar Sur piedra azul")
    assert "¿En cuál?" in said and f"{public} ¿Qué?" in said
    await talk.says("ana", f"!cerrar {public}")
    await talk.said()
    _other, second = await opened(talk, '!propuesta secreta "Sede nueva"')
    said = await told(talk, "bea", "votar Sur piedra azul")
    assert "¿En cuál?" in said and f"{second} Sede nueva" in said and f"{number} ¿Dónde?" in said
    async with talk.machine.db.reading() as tx:
        assert await tx.one("SELECT 1 FROM question") is None, "a question would keep the vote"
    assert "Anotado: a favor" in await told(talk, "bea", f"votar {second} a favor piedra azul")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("votar {n} 7 luna", "opci"),
        ("votar {n} 1 2", "hasta 1 opci"),
        ("votar {n} Este luna", "No encuentro la opción"),
        ("votar {n} 1:12 2:5", "un voto"),
    ],
)
async def test_a_vote_that_cannot_be_is_explained(talk: Talk, line: str, said: str) -> None:
    _opening, number = await opened(talk)
    assert said in await told(talk, "bea", line.format(n=number))
    _shown, bundle = await closed(talk, number)
    assert bundle.result.turnout == 0


async def test_who_is_not_on_the_roll_cannot_vote(talk: Talk) -> None:
    _opening, number = await opened(talk, f"{LINE} votan:@ana,@bea,@dora,@elsa,@flor")
    assert "fij" in await told(talk, "carla", f"votar {number} 2 luna")
    await talk.tells("eva", f"votar {number} 2 luna")
    await talk.hears(f"No existe el número {number}")
    assert (await closed(talk, number))[1].result.turnout == 0


async def test_a_reason_is_read_by_the_room_without_a_name(talk: Talk) -> None:
    _opening, number = await opened(
        talk, '!propuesta "Sede nueva" tipo:consentimiento secreta hasta viernes 18h'
    )
    said = await told(talk, "bea", f'votar {number} bloqueo "no hay plata" piedra azul')
    assert "bloqueo, “no hay plata”" in said and "“piedra azul”" in said
    await told(talk, "carla", f"votar {number} a favor queso porque ya era hora")
    await fill(talk, number, "a favor", "", "", "a favor", "a favor")
    shown, bundle = await closed(talk, number)
    assert "bloqueo: “no hay plata”" in shown and "a favor: “ya era hora”" in shown
    assert "no aprobada" in shown
    assert "Bea" not in shown and "luna" not in shown and "luna" not in bundle.to_json()
    await talk.says("ana", f"!acta {number}")
    minutes = (await talk.said())[0].plain
    assert "no hay plata" in minutes and "secreta" in minutes and "Bea" not in minutes


async def test_every_kind_can_be_secret(talk: Talk) -> None:
    lines = (
        ('!propuesta "Sede" tipo:mayoria secreta', "a favor luna", "a favor: 6"),
        ('!propuesta "Sede" tipo:consenso secreta', "me aparto luna", "me aparto: 6"),
        ("!encuesta ¿Dónde? Norte, Sur, Zoom tipo:preferencia secreta", "2 1 3 luna", "gana Sur"),
        ("!encuesta ¿Dónde? Norte, Sur tipo:puntos secreta", "1:3 2:5 luna", "gana Sur"),
        ("!encuesta ¿Dónde? Norte, Sur, Zoom multiple:2 secreta", "1 3 luna", "Zoom: 6"),
        ('!cuando "Reunión" en 9 días 18h, en 10 días 19h secreta', "1 2? luna", "6 de 6 personas"),
    )
    for line, vote, result in lines:
        _opening, number = await opened(talk, line)
        said = await told(talk, "bea", f"votar {number} {vote}")
        assert "Anotado" in said and "Tus palabras: “luna”" in said, line
        await fill(talk, number, *[vote if who != 1 else "" for who in range(5)], vote)
        shown, bundle = await closed(talk, number)
        assert result in shown, (line, shown)
        assert not [f for f in inspect_bundle(bundle) if f.weight is FindingWeight.BAD], line


async def test_talk_in_private_is_no_vote(talk: Talk) -> None:
    _opening, number = await opened(talk, '!propuesta "Sede nueva" secreta')
    await talk.tells("bea", f"votar {number}")
    asked = (await talk.said())[0]
    await talk.tells("bea", "no entiendo cómo votar", reply=asked)
    assert "Anotado" not in "".join(p.plain for p in await talk.said())
    assert "No encuentro la opción" in await told(talk, "bea", f"votar {number} no entiendo cómo")
    assert "No encuentro" in await told(talk, "bea", f"votar {number} si hace falta")
    assert "Anotado: en contra" in await told(talk, "bea", "en contra", reply=asked)


# --- votes that everybody could read --------------------------------------------------------------


@pytest.mark.parametrize("line", ["!votar {n} 2", "!votar 2", "!votar {n} Sur roble", "!voto Sur"])
async def test_a_vote_typed_in_the_room_goes_and_is_not_counted(talk: Talk, line: str) -> None:
    _opening, number = await opened(talk)
    event = await talk.says("bea", line.format(n=number))
    posts = await talk.sent()
    assert [p.content["redacts"] for p in posts if p.kind == "redact"] == [event]
    said = [p for p in posts if p.kind == "m.room.message"]
    assert [p.room for p in said] == [await talk.private("bea")]
    assert "no lo conté" in said[0].plain and f"escribe aquí: `votar {number} 1" in said[0].plain
    assert "Sur" not in said[0].plain and "roble" not in said[0].plain, "it is not repeated"
    _shown, bundle = await closed(talk, number)
    assert (bundle.result.turnout, bundle.result.excluded) == (0, {"room": 1})
    assert not [f for f in inspect_bundle(bundle) if f.weight is FindingWeight.BAD]


@pytest.mark.parametrize("text", ["2", "la 2", "Sur", "voto 2 piedra azul", '2 "piedra azul"', "7"])
async def test_a_vote_in_reply_to_the_opening_goes_too(talk: Talk, text: str) -> None:
    opening, number = await opened(talk)
    event = await talk.says("bea", text, reply=opening)
    posts = await talk.sent()
    assert [p.content["redacts"] for p in posts if p.kind == "redact"] == [event]
    assert (await closed(talk, number))[1].result.turnout == 0


@pytest.mark.parametrize("text", ["gracias!", "2 personas no pueden venir", "¿cómo se vota?"])
async def test_talk_in_reply_to_the_opening_stays(talk: Talk, text: str) -> None:
    opening, _number = await opened(talk)
    await talk.says("bea", text, reply=opening)
    await talk.hears_nothing()


async def test_a_vote_in_the_room_without_the_sign_goes_too(talk: Talk) -> None:
    _opening, number = await opened(talk)
    event = await talk.says("bea", f"votar {number} 2 piedra azul")
    assert event in [p.content.get("redacts") for p in await talk.sent()]
    await talk.says("bea", f"voto {number} de cada tres veces")
    await talk.says("bea", f"votar {number + 1} 2")
    await talk.hears_nothing()
    assert (await closed(talk, number))[1].result.turnout == 0


async def test_where_the_bot_may_not_redact_it_asks_for_it(talk: Talk) -> None:
    _opening, number = await opened(talk)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET power = '{}' WHERE room = ?", ROOM)
    await talk.says("bea", f"!votar {number} 2")
    posts = await talk.sent()
    assert not [p for p in posts if p.kind == "redact"]
    assert "Borra tu mensaje" in posts[-1].plain and posts[-1].room != ROOM


async def test_the_word_alone_in_the_room_says_where_to_vote(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await talk.says("bea", f"!votar {number}")
    await talk.hears("Escríbeme en privado")


async def test_an_answer_of_an_app_that_taps_all_the_same_is_not_counted(talk: Talk) -> None:
    opening, number = await opened(talk)
    for texts in (1, 0):  # told once
        event = await talk.votes("bea", opening.event, ("o2",))
        posts = await talk.sent()
        assert event in [p.content.get("redacts") for p in posts]
        assert len([p for p in posts if p.kind == "m.room.message"]) == texts
    assert (await closed(talk, number))[1].result.turnout == 0


async def test_em_portugues(tmp_path: Path) -> None:
    talk = await Talk.start(
        tmp_path / "pt.db", with_needs("polls"), language="pt", zone="America/Sao_Paulo"
    )
    await six(talk)
    await talk.says("ana", "!enquete Quem coordena? Iara, João secreta até sexta 18h")
    opening, manifest = await talk.said()
    number = find_number(opening)
    assert f"`votar {number} 1 lua cheia` (no lugar de “lua cheia”, duas palavras suas)" in (
        opening.plain
    )
    assert manifest.content["filename"] == f"abertura-{number}.json"
    said = await told(talk, "bea", f"votar {number} 1 pedra azul")
    assert "Anotado: Iara" in said and "Suas palavras: “pedra azul”" in said
    assert "72 horas depois do fim" in said and "Se alguém pressiona você" in said
    await talk.says("bea", f"!votar {number} 2")
    posts = await talk.sent()
    assert any("não contei" in p.plain for p in posts)
    for who in ("ana", "carla", "dora", "elsa", "flor"):
        await told(talk, who, f"votar {number} 1 pedra {who}")
    await talk.says("ana", f"!encerrar {number}")
    shown = "\n".join(p.plain for p in await talk.said(ROOM))
    assert "Iara vence" in shown or "vence Iara" in shown
    assert f"minga verify-result resultado-{number}.json" in shown
    await talk.close()
