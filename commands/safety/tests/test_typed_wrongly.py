"""A check-in typed in a hurry, wrongly or in other words. It is Wednesday, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk

pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

NOTED, ENDED = "Anotado, número 1. Hora de regreso", "Ya no espero ningún `ok`"
GO = "Antes de ir: `regreso 22:00 @ana:servidor.org`"


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    for who in ("ana", "bea", "carla"):
        await talk.private(who)
    return talk


async def reads(talk: Talk, line: str, who: str = "bea") -> str:
    """Return what somebody reads in private after a line of theirs."""
    await talk.tells(who, line)
    return "\n".join(post.plain for post in await talk.said(await talk.private(who)))


@pytest.mark.parametrize(
    "line",
    [
        *("volta 22h @carla", "regresso 22h @carla", "retorno às 22h @carla", "vuelvo 22h @carla"),
        *("vuelta 22:00 @carla", "return 22:00 @carla", "volto 22h @carla"),
    ],
)
async def test_other_words_for_it(talk: Talk, line: str) -> None:
    assert NOTED in await reads(talk, line)


@pytest.mark.parametrize(
    "line",
    [
        *("cancelar regreso", "cancelar mi regreso", "cancela el regreso", "cancelar retorno"),
        *("cancelar volta", "cancel back-by", "cancel my return", "anular mi vuelta"),
        *("regreso cancelar", "regreso ya no", "volto cancela", "regreso no"),
    ],
)
async def test_the_only_one_needs_no_number_to_be_taken_back(talk: Talk, line: str) -> None:
    await reads(talk, "regreso 22h @carla")
    assert ENDED in await reads(talk, line)


async def test_a_word_that_means_several_things_or_none_asks_for_the_number(talk: Talk) -> None:
    assert "Falta el número" in await reads(talk, "cancelar regreso")
    await reads(talk, "cancelar")
    await reads(talk, "recordar mañana 21:00; una cosa")
    await reads(talk, "recordar mañana 22:00; otra cosa")
    assert "Falta el número" in await reads(talk, "cancelar recordatorio")
    await reads(talk, "cancelar")
    await reads(talk, "regreso 22h @carla")
    assert "Falta el número" in await talk.answer("bea", "!cancelar regreso")  # not in a room


@pytest.mark.parametrize("typed", ["999", "tarde", "me demoro"])
async def test_what_is_no_hour_is_named(talk: Talk, typed: str) -> None:
    assert f"una hora que yo entienda, en lugar de “{typed}”" in await reads(
        talk, f"regreso {typed}"
    )
    assert NOTED in (await reads(talk, "22h")) + (await reads(talk, "@carla:test"))


async def test_a_note_is_not_taken_for_an_hour(talk: Talk) -> None:
    assert "Falta la hora de regreso" in await reads(talk, "regreso @carla; la marcha")


@pytest.mark.parametrize("said", ["me demoro", "no sé", "nadie", "ninguém", "nobody"])
async def test_an_answer_that_names_nobody_is_no_name(talk: Talk, said: str) -> None:
    assert "Falta a quién aviso" in await reads(talk, "regreso 22h")
    assert "Falta a quién aviso" in await reads(talk, said)
    assert NOTED in await reads(talk, "a Carla")


async def test_late_in_one_line_changes_nothing_and_says_how(talk: Talk) -> None:
    await reads(talk, "regreso 22h @carla")
    heard = await reads(talk, "regreso me demoro")
    assert "Todavía no cambié nada" in heard and "`regreso 23:30`" in heard


async def test_a_contact_who_says_no_needs_no_number(talk: Talk) -> None:
    await reads(talk, "regreso 22h @carla")
    await talk.sent()
    assert "Gracias por decirlo" in await reads(talk, "regreso no", "carla")


@pytest.mark.parametrize(
    ("line", "is_care"),
    [
        ("vou encontrar alguém que me dá medo", True),
        ("voy a verme con alguien que me da miedo", True),
        ("voy a salir con un desconocido", False),
        ("vou sair com um desconhecido", False),
        ("vou sozinha pra casa", False),
        ("voy sola a casa", False),
        ("going to meet someone who scares me", False),
        ("i'm going on a date with a stranger", False),
    ],
)
async def test_who_goes_alone_or_to_a_stranger_reads_of_it_and_answers_no_event(
    talk: Talk, line: str, is_care: bool
) -> None:
    heard = await reads(talk, line)
    assert GO in heard and "`voy 57`" not in heard
    assert ("`incidente`" in heard) is is_care


async def test_who_comes_alone_to_an_event_still_comes(talk: Talk) -> None:
    await talk.says("ana", "!evento asamblea el sábado 15:00")
    await talk.sent()
    for line in ("voy 1 sola", "voy sola"):
        assert GO not in await reads(talk, line)


@pytest.mark.parametrize(
    "line", ["regreso 11 @carla", "volto 11 @carla", "regreso 11; marcha @carla"]
)
async def test_a_bare_hour_is_an_hour(talk: Talk, line: str) -> None:
    assert "11:00" in await reads(talk, line)
    assert NOTED in await reads(talk, "2")


async def test_contacts_are_named_without_a_sign_and_changed(talk: Talk) -> None:
    """Whoever changes whom to tell must not be told of the one before."""
    assert "aviso a Carla" in await reads(talk, "regreso 22h carla")
    changed = await reads(talk, "regreso 22:30 a Ana")
    assert "aviso a Ana" in changed and "Carla" not in changed
    assert "aviso a Ana" in await reads(talk, "regreso 23h casa de carla"), "a note"
    assert "aviso a Ana (@ana:test) · Carla" in await reads(talk, "regreso 23h ana y carla")


async def test_it_is_among_what_is_open_for_its_author_alone(talk: Talk) -> None:
    await reads(talk, "regreso 22h @carla")
    assert "Número 1. Hora de regreso" in await reads(talk, "pendientes")
    assert "No hay nada abierto" in await reads(talk, "pendientes", "carla")
    assert "No hay nada abierto" in await talk.answer("bea", "!pendientes")


async def test_who_answers_late_reads_what_comes_next_and_no_time_that_is_over(talk: Talk) -> None:
    await reads(talk, "regreso 10:30 @carla")
    await talk.wait(timedelta(minutes=32))
    await reads(talk, "llegué")
    waiting = await reads(talk, "no")
    assert "Si no llega, aviso a Carla" in waiting and "10:40" in waiting
    await talk.wait(timedelta(minutes=20))
    await reads(talk, "llegué")
    assert "Ya les avisé que no respondiste" in await reads(talk, "no")
