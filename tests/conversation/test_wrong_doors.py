"""Words that led somewhere else: each finds what people mean by it."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from bot.capability.registry import UNSUGGESTED, Registry
from bot.run.app import features
from bot.testing.talk import ROOM, START_TIME, Talk, find_number
from bot.text.command_words import MOST_WORDS
from bot.types import RoomId

LANGUAGES = ("es", "pt", "en")
FULL = os.environ.get("MINGA_FULL") == "1"
"""Try each slip of each word; else a sixth of each word's, another one on most days."""


async def privately(talk: Talk, who: str, line: str) -> str:
    await talk.tells(who, line)
    return "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize(
    "line", ["peço a palavra", "levantar la mano", "levantar a mão", "raise hand", "quero falar"]
)
async def test_a_hand_is_raised(talk: Talk, line: str) -> None:
    await talk.says("ana", "!reunion empezar")
    await talk.sent()
    assert "tu turno" in (await talk.answer("bea", f"!{line}")).lower()


@pytest.mark.parametrize("line", ["asamblea en 2 días 19h", "assembleia em 2 dias 19h"])
async def test_an_assembly_with_a_date_is_an_event(talk: Talk, line: str) -> None:
    said = await talk.answer("ana", f"!{line}")
    assert line.split()[0].capitalize() in said and "`voy 1`" in said


async def test_an_assembly_without_a_date_is_a_meeting(talk: Talk) -> None:
    assert "reunión empezar" in await talk.answer("ana", "!asamblea")
    assert "reunión empezar" in await talk.answer("ana", "!asamblea extraordinaria")


async def test_an_assemblys_count_is_one_still(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    number = find_number((await talk.said())[0])
    assert "confirm" in await talk.answer("ana", f"!asamblea {number} Norte:14 Sur:9")


@pytest.mark.parametrize(
    "line",
    ["llegué bien", "ya llegué a casa", "cheguei bem", "ok estoy bien", "listo", "sí", "got home"],
)
async def test_who_may_be_back_is_asked_and_never_left_in_silence(talk: Talk, line: str) -> None:
    await talk.tells("bea", "regreso en 2 horas @carla:test")
    await talk.wait(timedelta(minutes=30))
    await talk.sent()
    assert "¿Ya regresaste y estás bien?" in await privately(talk, "bea", line)
    assert "Qué bueno" in await privately(talk, "bea", "sí")


async def test_who_is_not_back_is_waited_for(talk: Talk) -> None:
    await talk.tells("bea", "regreso en 2 horas @carla:test")
    await talk.sent()
    assert "¿Ya regresaste y estás bien?" in await privately(talk, "bea", "todo bien")
    assert "Te sigo esperando" in await privately(talk, "bea", "no")


@pytest.mark.parametrize("word", ["aplazar", "postergar", "correr", "adiar", "postpone"])
async def test_an_event_is_put_off(talk: Talk, word: str) -> None:
    await talk.says("ana", "!evento Taller en 2 días 19h")
    await talk.sent()
    said = await talk.answer("ana", f"!{word} 1 en 3 días 20h")
    assert "20:00" in said and "cancelar" not in said


@pytest.mark.parametrize("word", ["alargar", "ampliar", "más tiempo", "estender", "mais tempo"])
async def test_a_poll_gets_more_time(talk: Talk, word: str) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur hasta en 2 días 18h")
    await talk.sent()
    assert "apagar" not in (said := await talk.answer("ana", f"!{word} 1 hasta en 3 días 18h"))
    assert "18:00" in said


async def test_a_vote_is_for_the_poll_that_has_the_option(talk: Talk) -> None:
    """Nobody's vote is taken away because a secret one is open beside it."""
    many = ["ana", "bea", "carla", "dora", "eva", "fe"]
    room = await talk.room(RoomId("!muchas:test"), "Muchas", many, {"ana": 50})
    for line in ("¿Quién? Uno, Dos secreta hasta en 2 días 18h", "¿Dónde? Norte, Sur"):
        await talk.says("ana", f"!encuesta {line}", room=room)
    await talk.sent()
    await talk.says("bea", "!votar norte", room=room)
    posts = await talk.sent()
    assert [post.kind for post in posts] == ["m.room.message"] and "Norte" in posts[0].plain
    await talk.says("bea", "!votar uno", room=room)
    assert "redact" in [post.kind for post in await talk.sent()]


@pytest.mark.parametrize("line", ["lista", "lista de asistencia", "lista de presença"])
async def test_a_list_in_a_room_says_who_comes(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Taller en 2 días 19h")
    await talk.says("bea", "!voy 1")
    await talk.sent()
    await talk.says("bea", f"!{line}")
    posts = await talk.sent()
    assert "Bea" in "\n".join(post.plain for post in posts)
    assert [post.kind for post in posts] == ["m.room.message"]


async def test_an_appeal_is_no_resource(talk: Talk) -> None:
    own = await talk.private("bea")
    await talk.says("bea", "!recurso contra a expulsão")
    posts = await talk.sent()
    (post,) = [post for post in posts if post.kind == "m.room.message"]
    assert post.room == own and "Falta el número" in post.plain


async def test_who_signs_up_comes(talk: Talk) -> None:
    await talk.says("ana", "!evento Taller en 2 días 19h")
    await talk.sent()
    assert "Anotado" in await talk.answer("bea", "!me inscrevo 1")


async def test_a_survey_with_a_question_is_a_poll(talk: Talk) -> None:
    await talk.says("bea", "!pesquisa onde? Norte, Sul")
    assert any(post.kind.endswith("poll.start") for post in await talk.sent())
    await talk.says("bea", "!pesquisa carta do bairro")
    assert not any(post.kind.endswith("poll.start") for post in await talk.sent())


async def test_a_member_is_offered_only_what_they_may(talk: Talk) -> None:
    said = await talk.answer("bea", "!avisar mañana no hay agua")
    assert "`!recordar" in said and "1)" not in said
    assert "1)" in await talk.answer("ana", "!avisar mañana 9am no hay agua")


# --- the nearest word -----------------------------------------------------------------------------


def slips(word: str) -> set[str]:
    """A letter left out, doubled, wrong, or changed with the next."""
    found = {word[:n] + word[n + 1 :] for n in range(len(word))}
    found |= {word[:n] + word[n] + word[n:] for n in range(len(word))}
    found |= {word[:n] + letter + word[n + 1 :] for n in range(len(word)) for letter in "aeosr"}
    return found | {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)}


def test_no_slip_of_any_word_leads_to_what_takes_away_or_raises_the_alarm() -> None:
    registry = Registry(features())
    names = {name for command in registry.commands for name in command.name}
    assert {command.name.en for command in registry.commands} >= UNSUGGESTED and MOST_WORDS
    wrong = []
    first, every = (0, 1) if FULL else (START_TIME.at.toordinal() % 6, 6)
    for name in sorted(names):
        twice = {two for one in sorted(slips(name))[::9] for two in sorted(slips(one))[::11]}
        for typed in sorted(slips(name) | twice)[first::every]:
            if registry.find_command(typed) is not None:
                continue
            near = registry.nearest_command(typed, LANGUAGES[len(typed) % 3])
            if near is not None and near[0].name.en in UNSUGGESTED:
                wrong.append((typed, near[1]))
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        ("en", "!pol Where? B, C", "`!poll`"),
        ("es", "!pol Where? B, C", "`!encuesta`"),
        ("es", "!remnd x", "`!recordar`"),
        ("es", "!auyda", "`!ayuda`"),
        ("es", "!vuscar protocolo", "`!buscar`"),
        ("es", "!botar 1 2", "`!votar`"),
        ("es", "!recordarmañana 17h; lona", "`!recordar`"),
        ("pt", "!menuu", "`!menu`"),
        *(("es", f"!{word}", "") for word in ("datos", "conteo", "guía")),
        ("es", "!pagar 1", ""),
        ("es", "!canclar 1", "No entendí “canclar”. Escribe la palabra completa"),
        ("es", "!expulsr @bea x", "No entendí “expulsr”. Escribe la palabra completa"),
        ("pt", "!borarme", "Escreva a palavra completa"),
    ],
)
async def test_a_near_word_is_of_the_rooms_language_or_none(
    talk: Talk, language: str, typed: str, shown: str
) -> None:
    await talk.set("language", language)
    said = await talk.answer("bea", typed)
    assert shown in said if shown else said == ""


@pytest.mark.parametrize(
    "line",
    [
        "carla mando mensajes raros a mi prima",
        "encusta cine o parque",
        "x cuando",
    ],
)
async def test_a_sentence_in_private_hears_of_help_before_a_near_word(
    talk: Talk, line: str
) -> None:
    first, near, _all = (await privately(talk, "bea", line)).splitlines()[:3]
    assert "`pánico`" in first and "`incidente`" in first
    assert near.startswith(("¿O es `", "ver lo que"))


async def test_what_is_near_nothing_hears_the_three_likeliest_things(talk: Talk) -> None:
    said = await privately(talk, "bea", "zzyzx")
    assert said.startswith("No entendí") and said.count("`") == 6
    assert await talk.answer("bea", "!zzyzx", room=ROOM) == ""
