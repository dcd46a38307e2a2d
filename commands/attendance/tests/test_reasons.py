"""Answers to an event with a reason, its name or who comes along, in a reply to it."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk
from commands.attendance import rsvp_phrases
from commands.events.tests.making import made, weekly


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("al final no puedo ir, se me enfermo el nene", "no vas"),
        ("não vou conseguir ir, desculpa gente", "no vas"),
        ("actually cant make it sorry", "no vas"),
        ("perdon, no puedo ir porque trabajo", "no vas"),
        ("yo voy a la asamblea pero llego tarde", "vas a"),
        ("vou na assembleia mas chego tarde", "vas a"),
        ("im coming to the assembly with 2 kids", "vas a"),
        ("voy con dos nenes", "vas a"),
        ("perdon dije que si pero ya no puedo", "no vas"),
        ("dije que iba pero no voy a poder", "no vas"),
        ("na verdade nao vou mais desculpa", "no vas"),
        ("eu disse sim, mas não vou poder", "no vas"),
        ("falei que ia mas não vou, to doente", "no vas"),
        ("actually scratch that i cant come", "no vas"),
        ("sorry, i said yes but i can't come anymore", "no vas"),
        ("no voy a poder", "no vas"),
        ("en realidad no voy", "no vas"),
        ("vou sim e levo minha filha", "con 1 persona más"),
        ("voy y llevo a mi hija", "con 1 persona más"),
        ("ill be there but late", "vas a"),
        ("coming but late", "vas a"),
        ("im coming but a bit late", "vas a"),
        ("voy pero tarde", "vas a"),
        ("vou mas atrasada", "vas a"),
    ],
)
async def test_a_reply_with_a_reason_or_the_events_name_counts(
    talk: Talk, line: str, said: str
) -> None:
    _event, opening, _poll = await made(talk, title="Asamblea / assembleia / assembly", guests=3)
    await talk.says("bea", line, reply=opening)
    (answer,) = await talk.hears("Anotado: ")
    assert said in answer.plain and ("no vas" in said or "no vas" not in answer.plain)
    assert ("con 2 personas más" in answer.plain) == ("2 kids" in line or "dos nenes" in line)


@pytest.mark.parametrize(
    "line",
    [
        *("no llego tarde", "no voy a llegar a tiempo", "no puedo esperar", "i can't wait"),
        *("voy a preguntar", "voy al chino y llego tarde", "no voy, mentira, si voy"),
        *(
            "no puedo ir antes, llego a las 9",
            "no puedo abrir, tengo frio",
            "voy, pregunto y aviso",
            *("dije que si pero no se si puedo", "i said yes but my sister can't come"),
            *("dije que no puedo esperar", "no voy a poder abrir el archivo", "coming soon!"),
            *("ella dijo que si pero ya no puede", "no voy a poder, no abre el link"),
            *("na verdade vou perguntar", "dije que si pero ya no puedo?", "scratch that"),
            *("no voy?", "¿vamos?", "não vou?", "not going?"),
        ),
    ],
)
async def test_a_reply_that_only_looks_like_an_answer_is_talk(talk: Talk, line: str) -> None:
    _event, opening, _poll = await made(talk)
    await talk.says("bea", line, reply=opening)
    assert not [p for p in await talk.sent() if "notado" in p.plain]


@pytest.mark.parametrize(
    "line",
    [
        *("no puedo ir, me estan siguiendo", "no puedo ir, la policia esta en la puerta"),
        *("no puedo, me encerraron", "no puedo ir, me encerró mi marido"),
        *("nao vou conseguir ir, ele ta me batendo", "não posso ir, ele me trancou em casa"),
        *("cant come, he locked me in", "can't make it, im being followed"),
    ],
)
async def test_a_frightened_reply_is_offered_help_in_private_and_is_no_answer(
    talk: Talk, line: str
) -> None:
    _event, opening, _poll = await made(talk)
    await talk.says("bea", line, reply=opening)
    said = await talk.sent()
    assert not [p for p in said if p.room == ROOM]
    assert [p for p in said if p.room == await talk.private("bea") and "pánico" in p.plain]


@pytest.mark.parametrize("line", ["no voy, me pegó mi novio", "não vou, meu marido me bateu"])
async def test_a_reply_that_tells_of_harm_is_not_noted_in_the_room(talk: Talk, line: str) -> None:
    _event, opening, _poll = await made(talk)
    await talk.says("bea", line, reply=opening)
    assert not [p for p in await talk.sent() if p.room == ROOM]


@pytest.mark.parametrize(
    "line",
    [
        *("no puedo ir, se enfermo el nene", "no voy, no me siento bien", "no voy (turno)"),
        *("no voy, ayer me lastimé", "no llego, hay mucho trafico", "no puedo ir porque trabajo"),
        *("não vou, vou trabalhar", "não vou poder ir, prova na escola", "n vou, filho doente"),
        *("can't come, I'm sick", "cant make it, car broke down", "im not going, too tired"),
    ],
)
def test_a_refusal_with_a_reason_is_one(line: str) -> None:
    assert rsvp_phrases.parse_refusal(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        *("no puedo, no abre el archivo", "no puedo (abrir el enlace)", "no puedo, a que hora es?"),
        *("no voy, alguien sabe si hay micro?", "¿no puedo ir, y si llueve?"),
        *("não posso, não abre o link", "não vou poder, não abre", "can't, the link is broken"),
        *("no voy. Al final si", "no voy... miento", "no voy, mejor sí", "no voy, bueno, voy"),
        *("não vou... minto", "não vou. no final vou", "não vou, quer dizer, vou"),
        *("can't make it... actually yes", "can't come, jk", "can't come, count me in"),
        *("no voy (a pagar eso)", "no voy, no es cierto", "no voy, tal vez"),
    ],
)
def test_a_line_about_another_thing_or_taken_back_is_no_refusal(line: str) -> None:
    assert rsvp_phrases.parse_refusal(line) is None


async def test_only_a_refusal_gives_up_the_seat_and_it_says_how_to_come_back(talk: Talk) -> None:
    event, opening, _poll = await made(talk)
    await talk.answer("bea", f"voy {event.item}")
    for line in ("no puedo, no abre el archivo", "no puedo ir, a que hora es?", "no voy... miento"):
        await talk.says("bea", line, reply=opening)
        assert not await talk.sent()
    await talk.says("bea", "no voy, me siento mal", reply=opening)
    await talk.hears(f"Si cambia: `voy {event.item}`")


@pytest.mark.parametrize(
    "line",
    [
        *("no puedo ir a la asamblea, me toca turno", "no voy 1, me toca turno"),
        *("não vou na assembleia, tenho prova", "i cant come to the assembly, kids are sick"),
    ],
)
async def test_a_no_to_the_bot_names_the_event_and_why(talk: Talk, line: str) -> None:
    event, _opening, _poll = await made(talk, title="Asamblea / assembleia / assembly")
    line = line.replace(" 1,", f" {event.item},")
    assert "Anotado: no vas a" in await talk.answer("bea", f"minga, {line}")


@pytest.mark.parametrize(
    "line", ["no puedo ir a la asamblea, mentira, si voy", "no voy a la asamblea, a que hora es?"]
)
async def test_a_no_that_is_taken_back_gives_up_no_seat(talk: Talk, line: str) -> None:
    event, _opening, _poll = await made(talk, title="Asamblea")
    await talk.answer("bea", f"voy {event.item}")
    assert "Anotado" not in await talk.answer("bea", f"minga, {line}")


async def test_a_reason_drops_no_date_of_a_series(talk: Talk) -> None:
    event, _opening, _poll = await made(talk, title="Asamblea", rule=weekly())
    said = await talk.answer("bea", f"!no voy {event.item}, el lunes trabajo")
    assert "Anotado" not in said


@pytest.mark.parametrize(
    "line",
    [
        *("anotame para la asamblea", "apuntame para la asamblea", "me anota para a assembleia"),
        *("put me down for the assembly", "sign me up for the assembly"),
        *("im coming to the assembly", "i'm coming to the assembly"),
    ],
)
async def test_who_asks_to_be_put_down_for_an_event_comes(talk: Talk, line: str) -> None:
    await made(talk, title="Asamblea / assembleia / assembly")
    assert "Anotado: vas a" in await talk.answer("bea", f"minga, {line}")
