"""Decisions with a rule: opened, voted, ended, as people have them in a room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import (
    ROOM,
    PostedEvent,
    Talk,
    day_in_words,
    find_number,
    month_in_words,
    user_id,
)
from commands.polls.tests.test_polls import DAYS
from storage.membership import room_state


async def proposed(talk: Talk, line: str, who: str = "ana") -> tuple[PostedEvent, PostedEvent, int]:
    """The opening message, the native poll, the number."""
    await talk.says(who, line)
    posts = await talk.sent()
    opening = next(p for p in posts if p.kind == "m.room.message")
    polls = [p for p in posts if p.is_poll]
    assert polls, opening.plain
    return opening, polls[0], find_number(opening)


async def crowd(talk: Talk, count: int) -> list[str]:
    """So many people in the room, besides the bot."""
    here = ["ana", "bea", "carla"]
    more = [f"p{n}" for n in range(count - len(here))]
    events = [
        {"type": "m.room.member", "state_key": user_id(name), "content": {"membership": "join"}}
        for name in more
    ]
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, ROOM, events, whole=False)
    return here + more


async def heard(talk: Talk, *words: str) -> PostedEvent:
    """All these words were said; the message that holds the first of them."""
    posts = await talk.said()
    every = "\n".join(post.plain for post in posts)
    for word in words:
        assert word in every, f"{word!r} is not in {every!r}"
    return next(post for post in posts if words[0] in post.plain)


def labels(native: PostedEvent) -> list[str]:
    answers = native.content["org.matrix.msc3381.poll.start"]["answers"]
    return [answer["org.matrix.msc1767.text"] for answer in answers]


async def closed(talk: Talk, number: int, who: str = "ana") -> str:
    """The result, as the room reads it."""
    await talk.said()
    await talk.says(who, f"!cerrar {number}")
    return next(p.plain for p in await talk.said() if not p.plain.startswith("* "))


# --- consent ------------------------------------------------------------------------------------

CHARTER = '!propuesta "Adherimos a la carta" tipo:consentimiento hasta en 56 horas'


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_consent_says_its_rule_and_passes_without_a_block(talk: Talk) -> None:
    opening, native, number = await proposed(talk, CHARTER)
    assert f"Propuesta {number}: Adherimos a la carta" in opening.plain
    assert "bloqu" in opening.plain
    assert labels(native) == ["a favor", "en contra", "abstención", "me aparto", "bloqueo"]
    await talk.says("ana", "a favor", reply=opening)
    await heard(talk, "Anotado: a favor")
    await talk.says("bea", "en contra", reply=opening)
    told = await heard(talk, "Anotado: en contra")
    assert f'!votar {number} bloqueo "' in told.plain, "who is against hears how to block"
    assert "aprobada" in await closed(talk, number)


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_consent_with_a_block_does_not_pass_and_says_why(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, CHARTER)
    await talk.says("ana", "a favor", reply=opening)
    await talk.says("bea", f'!votar {number} bloqueo "no hay plata"')
    await heard(talk, "Anotado: bloqueo", "no hay plata")
    result = await closed(talk, number)
    assert "no aprobada" in result
    assert "no hay plata" in result


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_block_needs_its_reason(talk: Talk) -> None:
    opening, _native, _number = await proposed(talk, CHARTER)
    await talk.says("bea", "bloqueo", reply=opening)
    await heard(talk, "razón")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_tap_is_a_stance(talk: Talk) -> None:
    _opening, native, number = await proposed(talk, CHARTER)
    await talk.taps("ana", native, 1)
    await talk.taps("bea", native, 4)
    result = await closed(talk, number)
    assert "aprobada" in result
    assert "no aprobada" not in result
    assert "me aparto: 1" in result


async def test_consensus_does_not_pass_with_one_against(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, "!propuesta Cerramos el lunes tipo:consenso")
    await talk.says("ana", "a favor", reply=opening)
    await talk.says("bea", "contra", reply=opening)
    assert "no aprobada" in await closed(talk, number)


# --- majority, threshold, quorum ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "votes", "verdict"),
    [
        ("", ("a favor", "a favor", "en contra"), "aprobada"),
        ("", ("a favor", "en contra", "abstención"), "no aprobada"),
        ("mayoria:2/3", ("a favor", "a favor", "en contra"), "aprobada"),
        ("mayoria:75%", ("a favor", "a favor", "en contra"), "no aprobada"),
        ("dos tercios", ("a favor", "abstención", "abstención"), "aprobada"),
        ("quorum:3", ("a favor", "a favor"), "sin quórum"),
        ("quorum:3", ("a favor", "a favor", "abstención"), "aprobada"),
    ],
)
async def test_majorities(talk: Talk, setting: str, votes: tuple[str, ...], verdict: str) -> None:
    opening, _native, number = await proposed(talk, f"!propuesta Compramos la olla {setting}")
    for who, vote in zip(("ana", "bea", "carla"), votes, strict=False):
        await talk.says(who, vote, reply=opening)
        await heard(talk, "Anotado")
    first = (await closed(talk, number)).split("\n")[0]
    assert verdict in first
    assert ("no aprobada" in first) is (verdict == "no aprobada")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_fifty_five_percent_with_a_quorum_of_sixty_ends_without_quorum_by_itself(
    talk: Talk,
) -> None:
    people = await crowd(talk, 20)
    opening, _native, number = await proposed(
        talk, '!propuesta "Nos unimos a la red" quorum:60% hasta viernes 18h'
    )
    assert "60%" in opening.plain
    assert "12" in opening.plain, "how many that are"
    for who in people[:11]:
        await talk.says(who, f"!votar {number} a favor")
    await talk.said()
    await talk.wait(5 * DAYS)
    await heard(talk, "sin quórum", "11", "20", "12")


async def test_who_comes_later_is_not_on_the_roll(talk: Talk) -> None:
    opening, native, number = await proposed(talk, "!propuesta Cerramos el lunes")
    await crowd(talk, 4)
    await talk.says("p0", "a favor", reply=opening)
    await heard(talk, "No puedes votar")
    await talk.taps("p0", native, 1)
    await heard(talk, "No puedes votar")
    assert "0 de 3" in await talk.answer("ana", f"!resultados {number}")


async def test_neither_bots_nor_who_is_only_invited_are_on_the_roll(talk: Talk) -> None:
    events = [
        {"type": "m.room.member", "state_key": user_id(name), "content": {"membership": what}}
        for name, what in (("relay", "join"), ("eva", "invite"))
    ]
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, ROOM, events, whole=False)
    await talk.set("bots", "@relay:test")
    opening, _native, _number = await proposed(talk, "!propuesta Cerramos el lunes quorum:1")
    assert "3 personas" in opening.plain


# --- ranked, score, dates ------------------------------------------------------------------------


async def test_ranked(talk: Talk) -> None:
    opening, _native, number = await proposed(
        talk, "!encuesta ¿Qué nombre? Sol, Luna, Mar tipo:preferencia"
    )
    assert "de dos en dos" in opening.plain
    for who, vote in (("ana", "2 1 3"), ("bea", "Luna > Mar > Sol"), ("carla", "1 2 3")):
        await talk.says(who, vote, reply=opening)
        await heard(talk, "Anotado")
    assert "gana Luna" in await closed(talk, number)


async def test_run_off(talk: Talk) -> None:
    opening, _native, number = await proposed(
        talk, "!propuesta ¿Qué nombre? Sol, Luna, Mar tipo:segunda-vuelta"
    )
    for who, vote in (("ana", "1 2 3"), ("bea", "1 3 2"), ("carla", "2 1 3")):
        await talk.says(who, vote, reply=opening)
    assert "gana Sol" in await closed(talk, number)


async def test_score(talk: Talk) -> None:
    opening, _native, number = await proposed(
        talk, "!propuesta ¿Qué hacemos? Feria, Taller, Cine tipo:puntos puntos:5"
    )
    await talk.says("ana", "1:5 2:3", reply=opening)
    await talk.says("bea", "Taller 4, Cine 2", reply=opening)
    await talk.says("carla", "2:9", reply=opening)
    await heard(talk, "5")
    result = await closed(talk, number)
    assert "gana Taller" in result
    assert "Taller: 7" in result


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_a_date_poll_with_if_need_be(talk: Talk) -> None:
    opening, native, number = await proposed(talk, '!cuando "Reunión" lunes 18h, 19h, martes 20h')
    assert f"{day_in_words(5)}, 18:00" in opening.plain
    assert f"{day_in_words(5)}, 19:00" in opening.plain, "a clock alone is on the day before it"
    await talk.says("ana", "1 3?", reply=opening)
    await heard(talk, "Anotado", "si hace falta")
    await talk.says("bea", "3", reply=opening)
    await heard(talk, "Anotado")
    await talk.taps("carla", native, 2, 3)
    assert f"gana {day_in_words(6)}, 20:00" in await closed(talk, number)


# --- while it is open ----------------------------------------------------------------------------


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_the_author_gives_more_time_and_the_room_hears_it(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, CHARTER)
    await talk.says("bea", f"!extender {number} hasta domingo 18h")
    await heard(talk, "No puedes cambiar")
    await talk.says("ana", f"!extender {number} hasta mañana 18h")
    await heard(talk, "más tarde")
    await talk.says("ana", f"!extender {number} hasta domingo 18h")
    await heard(talk, f"{day_in_words(4)}, 18:00")
    await talk.wait(4 * DAYS)
    said = await talk.said()
    assert not any("aprobada" in post.plain for post in said)
    await talk.wait(2 * DAYS)
    await heard(talk, "no aprobada")


async def test_voters_add_options_where_the_author_allows_it(talk: Talk) -> None:
    opening, _native, number = await proposed(
        talk, "!encuesta ¿Dónde? Norte, Sur opciones-abiertas"
    )
    assert f"`!opción {number} " in opening.plain
    await talk.says("bea", f"!opcion {number} Este")
    await heard(talk, "Este", "3")
    await talk.says("carla", f"!votar {number} 3")
    await heard(talk, "Anotado: Este")
    await talk.says("carla", f"!opcion {number} norte")
    await heard(talk, "se ven igual")
    assert "gana Este" in await closed(talk, number)


async def test_no_option_is_added_where_the_author_did_not_allow_it(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("bea", f"!opcion {number} Este")
    await heard(talk, "No se pueden agregar opciones")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_only_who_has_not_voted_is_reminded_in_private_and_once(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, CHARTER)
    await talk.says("bea", "a favor", reply=opening)
    await talk.said()
    await talk.wait(timedelta(days=1, hours=12))
    letters = [p for p in await talk.sent() if f"{number}" in p.plain and "voto" in p.plain]
    assert len(letters) == 2
    assert all(p.room != ROOM for p in letters)
    await talk.wait(timedelta(hours=12))
    await talk.hears_nothing()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_nobody_sees_counts_before_the_end(talk: Talk) -> None:
    opening, native, number = await proposed(talk, CHARTER + " sin-parciales")
    assert native.content["org.matrix.msc3381.poll.start"]["kind"].endswith("undisclosed")
    await talk.says("bea", "a favor", reply=opening)
    await talk.said()
    for who in ("ana", "carla", "bea"):
        text = await talk.answer(who, f"!resultados {number}")
        assert "a favor: 1" not in text
        assert "1 de 3" in text


# --- an assembly --------------------------------------------------------------------------------


async def test_an_assembly_counts_once_two_more_members_confirm_it(talk: Talk) -> None:
    _opening, native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur", who="ana")
    await talk.taps("carla", native, 1)
    await talk.says("bea", f"!presencial {number} Norte:14 Sur:19")
    await heard(talk, "Solo quien modera")
    await talk.says("ana", f"!presencial {number} Norte:14 Sur:19")
    recorded = await heard(talk, "33 personas", "Norte: 14")
    await talk.says("ana", "sí", reply=recorded)
    await heard(talk, "dos personas más")
    await talk.says("bea", "sí", reply=recorded)
    await heard(talk, "falta 1")
    await talk.says("bea", f"!presencial {number} confirmar")
    await heard(talk, "Ya la confirmaste")
    assert "Sur: 0" in await talk.answer("ana", f"!resultados {number}")
    await talk.says("carla", "confirmo", reply=recorded)
    await heard(talk, "33 votos de la asamblea")
    result = await closed(talk, number)
    assert "gana Sur" in result
    assert "Norte: 15" in result
    assert "En la sala" in result
    assert "En la asamblea" in result


async def test_a_count_that_was_never_confirmed_does_not_count(talk: Talk) -> None:
    _opening, native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur", who="ana")
    await talk.taps("carla", native, 1)
    await talk.says("ana", f"!presencial {number} Sur:19")
    await talk.said()
    assert "gana Norte" in await closed(talk, number)
    assert "Espera un conteo de" in await talk.answer("ana", f"!acta {number}")


async def test_what_an_opening_says_at_the_end_is_read_line_by_line(talk: Talk) -> None:
    opening, _native, number = await proposed(
        talk, "!encuesta ¿Qué nombre? Sol, Luna, Mar tipo:preferencia"
    )
    await talk.says("ana", "2 1 3", reply=opening)
    await talk.said()
    await talk.says("ana", f"!cerrar {number}")
    edit = next(p.plain for p in await talk.said() if p.plain.startswith("* "))
    assert edit.split("\n")[0] == "* Cerrada: gana Luna, abajo."
    assert edit.split("\n")[2:5] == ["1 Sol", "2 Luna", "3 Mar"]


# --- the record ---------------------------------------------------------------------------------


async def test_what_was_decided_is_found_by_word_and_by_date(talk: Talk) -> None:
    for line in ("!propuesta Compramos la olla común", "!encuesta ¿Dónde? Norte, Sur"):
        opening, _native, number = await proposed(talk, line)
        await talk.says("bea", "1", reply=opening)
        await closed(talk, number)
    assert "olla común" in await talk.answer("carla", "!decisiones")
    found = await talk.answer("carla", "!decisiones olla comun")
    assert "aprobada" in found
    assert "Dónde" not in found
    assert "olla" in await talk.answer("carla", f"!decisiones {month_in_words()}")
    assert "olla" in await talk.answer("carla", "!decisiones desde ayer")
    assert "No encuentro" in await talk.answer("carla", f"!decisiones {month_in_words(-1)}")
    assert "No encuentro" in await talk.answer("carla", "!decisiones bicicletas")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_minutes_have_everything(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, CHARTER + " quorum:2")
    await talk.says("ana", "a favor", reply=opening)
    await talk.says("bea", "bloqueo porque no hay plata", reply=opening)
    await closed(talk, number)
    text = await talk.answer("carla", f"!acta {number}")
    for part in (
        "Adherimos a la carta",
        "consentimiento",
        "quórum: 2",
        "2 de 3",
        "no aprobada",
        "no hay plata",
        "bloqueo: 1",
        "Ana",
    ):
        assert part in text, (part, text)
