"""A reply that begins with an option counts or is asked back; a block counts with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from bot.types import EventId, PollVote
from commands.polls.tests.test_decisions import proposed
from commands.polls.tests.test_mandates import OLLA, organised, results, to

PROPOSE = '!propuesta "Firmamos la carta" tipo:consentimiento hasta en 3 horas'
ASK = "!encuesta ¿Dónde? Parque, Biblioteca, Zoom hasta en 3 horas"


async def asked(talk: Talk, line: str) -> tuple[PostedEvent, PostedEvent]:
    """Return the opening and the native poll."""
    await talk.says("ana", line)
    opening, native = await talk.sent()
    return opening, native


@pytest.mark.parametrize(
    ("line", "reply", "noted"),
    [
        (PROPOSE, "bloqueo, la carta nombra a personas sin preguntarles", "bloqueo, “la carta"),
        (PROPOSE, "bloqueo - no hay plata", "bloqueo, “no hay plata”"),
        (PROPOSE, "bloqueio! não tem dinheiro", "bloqueo, “não tem"),
        (PROPOSE, "sí, me parece bien", "a favor, “me parece bien”"),
        (PROPOSE, "a favor porque hace falta", "a favor, “hace falta”"),
        (PROPOSE, "a favor, y que salga el lunes", "a favor, “y que salga"),
        (PROPOSE, "en contra. No conozco el texto", "en contra, “No conozco"),
        (ASK, "biblioteca, queda cerca", "Biblioteca, “queda cerca”"),
        (ASK, "2, queda cerca", "Biblioteca, “queda cerca”"),
    ],
)
async def test_an_option_and_what_follows_is_a_vote_with_its_reason(
    talk: Talk, line: str, reply: str, noted: str
) -> None:
    opening, _native = await asked(talk, line)
    await talk.says("bea", reply, reply=opening)
    (said,) = await talk.said()
    assert f"Anotado: {noted}" in said.plain


@pytest.mark.parametrize(
    ("line", "reply", "vote"),
    [
        (PROPOSE, "no, espera", "no"),
        (PROPOSE, "sí pero no todavía", "sí"),
        (PROPOSE, "a favor, aunque bloqueo si cambia", "a favor"),
        (ASK, "parque no, queda lejos", "parque"),
        (ASK, "parque, biblioteca o lo que sea", "parque"),
        (ASK, "bibliotca", "Biblioteca"),
        (ASK, "2 la verdad me parece mejor", "2"),
        (ASK, "3 me queda mejor", "3"),
        (ASK, "2 fica melhor pra mim", "2"),
        (ASK, "2 é melhor", "2"),
        (ASK, "3 works better for me", "3"),
        (ASK, "2 is better", "2"),
    ],
)
async def test_what_only_begins_like_a_vote_is_asked_back(
    talk: Talk, line: str, reply: str, vote: str
) -> None:
    opening, _native = await asked(talk, line)
    await talk.says("bea", reply, reply=opening)
    await talk.hears(f"¿Es tu voto? Así cuenta: `!votar 1 {vote}`")
    assert "Votó" not in await talk.answer("ana", "!resultados 1") or "0 de 3" in "".join(
        await talk.answer("ana", "!resultados 1")
    )


@pytest.mark.parametrize(
    "reply",
    [
        "gracias",
        "¿a qué hora es?",
        "me da igual dónde, la verdad",
        "2 no me queda bien",
        "2 personas me parece bien",
        "ops",
        "oops, 2?",
        "espera",
        "wait no",
        "ops 2 de vocês faltaram",
        "wait 2 minutes",
        "3 me parece mal",
        "no puedo el 1",
        "ops, sim",
    ],
)
async def test_talk_is_left_alone(talk: Talk, reply: str) -> None:
    opening, _native = await asked(talk, ASK)
    await talk.says("bea", reply, reply=opening)
    await talk.hears_nothing()


@pytest.mark.parametrize(
    "reply",
    [
        *("ops era 2", "ops, é a 2", "opa, desculpa, era a 2", "wait no i meant 2", "oops 2"),
        *("espera, era la 2", "ups la 2", "oops i meant the second", "espera não, é a 2"),
    ],
)
async def test_a_correction_in_reply_to_the_poll_changes_the_vote(talk: Talk, reply: str) -> None:
    opening, _native = await asked(talk, ASK)
    await talk.says("bea", "1", reply=opening)
    await talk.hears("Anotado: Parque")
    await talk.says("bea", reply, reply=opening)
    await talk.hears("Anotado: Biblioteca")


# --- blocks --------------------------------------------------------------------------------------


async def test_a_typed_block_counts_only_with_its_reason(talk: Talk) -> None:
    opening, _native = await asked(talk, PROPOSE)
    await talk.says("bea", "bloqueo", reply=opening)
    (question,) = await talk.hears("Falta la razón: la sala la lee junto al bloqueo.")
    assert "`!votar 1 en contra`" in question.plain
    assert "0 de 3" in await talk.answer("ana", "!resultados 1")
    await talk.says("bea", "no hay plata pal bus", reply=question)
    await talk.hears("Anotado: bloqueo, “no hay plata pal bus”")
    assert "bloqueo: 1" in await talk.answer("ana", "!resultados 1")


async def test_the_next_line_in_private_is_the_reason_of_a_tapped_block(talk: Talk) -> None:
    _opening, native = await asked(talk, PROPOSE)
    await talk.taps("bea", native, 5)
    await talk.wait(timedelta(0))
    (question,) = await talk.hears("¿Por qué bloqueas la propuesta 1")
    assert question.room == await talk.private("bea")
    assert question.content["msgtype"] == "m.text", "it notifies"
    assert "0 de 3" in await talk.answer("ana", "!resultados 1")
    await talk.tells("bea", "la carta nombra a personas")
    await talk.hears("Anotado: bloqueo, “la carta nombra a personas”")
    assert "bloqueo: 1" in await talk.answer("ana", "!resultados 1")
    await talk.wait(timedelta(hours=4))
    assert "Bea, bloqueo: “la carta nombra a personas”" in (await talk.said())[-1].plain


async def test_a_later_tap_stands_though_the_reason_comes(talk: Talk) -> None:
    _opening, native = await asked(talk, PROPOSE)
    await talk.taps("bea", native, 5)
    await talk.wait(timedelta(0))
    await talk.hears("¿Por qué bloqueas")
    talk.clock.at += timedelta(minutes=1)
    await talk.taps("bea", native, 1)
    await talk.tells("bea", "la carta nombra a personas")
    await talk.hears("cuenta lo que tocaste o escribiste después")
    assert "a favor: 1" in await talk.answer("ana", "!resultados 1")


async def test_a_reason_after_the_end_does_not_change_what_was_said(talk: Talk) -> None:
    _opening, native = await asked(talk, PROPOSE)
    await talk.taps("bea", native, 5)
    await talk.wait(timedelta(0))
    await talk.hears("¿Por qué bloqueas")
    await talk.wait(timedelta(hours=4))
    await talk.sent()
    await talk.tells("bea", "la carta nombra a personas")
    await talk.hears("cerró")
    assert "bloqueo" not in await talk.answer("ana", "!resultados 1")


async def test_a_vote_by_words_goes_to_the_open_decision_that_has_them(talk: Talk) -> None:
    await asked(talk, ASK)
    await asked(talk, PROPOSE)
    await talk.says("bea", "!votar biblioteca")
    await talk.hears("Anotado: Biblioteca")
    await talk.says("bea", "!votar por el parque")
    await talk.hears("Anotado: Parque")
    await talk.says("bea", "!votar a favor")
    await talk.hears("Anotado: a favor")
    await talk.tells("carla", "votar zoom")
    await talk.hears("Anotado: Zoom")


MEETINGS = "!encuesta ¿Qué hacemos? Reunión 1, Reunión 2"
DAYS_IN_MAY = '!encuesta "¿Cuándo?" "1 de mayo 18h" "2 de mayo 18h" "Reunión 1, 18h"'
NUMBERED_OPTIONS = [
    (MEETINGS, "votar reunión 2", "Reunión 2"),
    (MEETINGS, "votar la reunión 2", "Reunión 2"),
    (MEETINGS, "votar reunión 1 porque sí", "Reunión 1, “sí”"),
    (MEETINGS, "votar 1 reunión 2", "Reunión 2"),
    ("!enquete O quê? Tarefa 7, Tarefa 8", "votar a tarefa 8", "Tarefa 8"),
    ("!enquete O quê? Tarefa 7, Tarefa 8", "votar tarefa 8", "Tarefa 8"),
    ("!poll What? Event 1, Event 2", "vote event 2", "Event 2"),
    ("!poll What? Event 1, Event 2", "vote the event 1", "Event 1"),
    (DAYS_IN_MAY, "votar 1 de mayo 18h", "1 de mayo 18h"),
    (DAYS_IN_MAY, "votar 2 de mayo 18h", "2 de mayo 18h"),
    (DAYS_IN_MAY, "votar reunión 1, 18h", "Reunión 1, 18h"),
    ("!encuesta ¿Cuántas? 1 taza, 2 tazas", "votar 2 tazas", "2 tazas"),
]


@pytest.mark.parametrize("way", ["!", "in private", "in a reply", "only the words in a reply"])
@pytest.mark.parametrize(("question", "vote", "noted"), NUMBERED_OPTIONS)
async def test_a_number_in_an_options_words_is_no_polls_number(
    talk: Talk, question: str, vote: str, noted: str, way: str
) -> None:
    opening, _native = await asked(talk, question)
    if way == "in private":
        await talk.tells("bea", vote)
    elif way == "only the words in a reply":
        await talk.says("bea", vote.split(maxsplit=1)[1], reply=opening)
    else:
        await talk.says("bea", f"!{vote}", reply=opening if way == "in a reply" else None)
    await talk.hears(f"Anotado: {noted}")


@pytest.mark.parametrize(
    ("vote", "noted"),
    [
        ("encuesta 2 tazas", "Anotado: tazas"),
        ("encuesta 2 1", "Anotado: tazas"),
        ("2 tazas", "Anotado: tazas"),
        ("2 1", "Anotado: tazas"),
        ("encuesta 2", "Anotado: Encuesta 2"),
        ("voto 2", "Falta la opción"),
        ("reunión 3", "No existe el número 3"),
    ],
)
async def test_a_polls_number_with_a_vote_behind_it_is_its_number(
    talk: Talk, vote: str, noted: str
) -> None:
    await asked(talk, "!encuesta ¿Qué hacemos? Encuesta 2, 2 tazas, Nada")
    await asked(talk, "!encuesta ¿Cuál? tazas, platos")
    await talk.says("bea", f"!votar {vote}")
    await talk.hears(noted)


async def test_a_question_without_options_is_shown_before_it_opens(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Vamos a la marcha?")
    await talk.hears("¿Abro “¿Vamos a la marcha?” como votación de sí o no?")
    await talk.says("ana", "sí")
    opening, native = await talk.sent()
    assert opening.plain.split("\n")[1:3] == ["1 Sí", "2 No"]
    assert len(native.answers) == 2
    await talk.says("ana", "!encuesta ¿Vamos al cine?")
    await talk.says("ana", "no")
    assert not [post for post in await talk.sent() if post.is_poll]


@pytest.mark.parametrize("question", ["¿Dónde?", "¿A qué hora?", "¿Con quién vamos?", "Onde?"])
async def test_a_question_that_yes_does_not_answer_asks_for_options(
    talk: Talk, question: str
) -> None:
    assert "Faltan las opciones" in await talk.answer("ana", f"!encuesta {question}")


async def test_a_block_that_is_read_after_the_end_may_still_be_explained(talk: Talk) -> None:
    """The tap was in time, and nobody could ask while the bot was away."""
    _opening, native = await asked(talk, PROPOSE)
    stamp = talk.clock.at + timedelta(hours=1)
    await talk.wait(timedelta(hours=4))
    await talk.sent()
    await talk.happens(
        PollVote(ROOM, EventId("$late"), user_id("bea"), stamp, native.event, ("o5",), 1, late=True)
    )
    await talk.wait(timedelta(0))
    await talk.hears("¿Por qué bloqueas la propuesta 1")
    await talk.tells("bea", "no hay plata")
    await talk.hears("corrijo el resultado")
    assert "bloqueo: 1" in await talk.answer("ana", "!resultados 1")


async def test_of_an_alternate_who_votes_otherwise_nobody_is_told(talk: Talk) -> None:
    await organised(talk)
    opening, _native, number = await proposed(talk, OLLA)
    for vote in ("a favor", "en contra"):
        await talk.says("carla", vote, reply=opening)
        assert await to(talk, "bea") == await to(talk, "carla") == []
    assert "en contra: 20" in await results(talk, number)
