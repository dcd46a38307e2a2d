"""A room publishes what it decides from now on: said before, once, and only what people asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership, RoomId
from commands.ballot_secrecy.tests.secret_talk import LINE, PEOPLE, fill, opened, six
from commands.publishing.tests.test_names import calls_themselves
from commands.publishing.tests.test_publishing import public_text, record, said_now

DAYS = timedelta(days=1)
POLL = "!encuesta ¿Dónde? Norte, Sur hasta en 2 horas"


async def begin(talk: Talk, line: str = "!publicar decisiones") -> str:
    """What the room reads before and after the yes."""
    shown = await talk.answer("ana", line)
    return shown + await talk.answer("ana", "sí")


async def decide(talk: Talk, number: int, *, line: str = POLL) -> str:
    """Open a poll, vote, and let everything come to its end. Return what is said."""
    await talk.says("bea", line)
    for who in ("ana", "bea", "carla"):
        await talk.says(who, f"!votar {number} 1")
    await talk.wait(timedelta(hours=2))
    await talk.wait(3 * DAYS)
    return "\n".join(p.plain for p in await talk.said())


@pytest.mark.parametrize(
    "line",
    [
        "!publicar decisiones",
        "!publicar todas las decisiones",
        "!publicar las decisiones de ahora en adelante",
        "!publicar todas las decisiones de esta sala de ahora en adelante",
        "!publicar todas las decisiones de esta sala desde ahora",
        "!publicar todas las decisiones que se tomen aquí desde hoy, y siempre",
        "!publicar todas as decisões desta sala a partir de agora",
        "!publish all the decisions that we take here, from now on",
        "!publicar lo decidido",
        "!publicar decisões",
        "!publicar todas as decisões a partir de agora",
        "!publish all decisions from now on",
        "!publish decisions of this room from now on",
        "!publish every decision",
    ],
)
async def test_lines_of_people_in_a_hurry(talk: Talk, line: str) -> None:
    said = await begin(talk, line)
    assert "todo lo que decida esta sala se hace público" in said, said
    assert "lo que decida esta sala se hace público" in said
    assert "se hace público desde" in await talk.answer("bea", "!publicar")


async def test_a_decision_says_so_when_it_opens_and_is_public_once_it_is_final(talk: Talk) -> None:
    await begin(talk)
    assert "El resultado se hará público" in await talk.answer("bea", POLL)
    assert await record(talk, 1) is None
    for who in ("ana", "bea", "carla"):
        await talk.says(who, "!votar 1 1")
    await talk.wait(timedelta(hours=2))
    await talk.said()
    assert await record(talk, 1) is None, "votes that were sent in time can still come"
    await talk.restart()
    await talk.wait(3 * DAYS)
    said = "\n".join(p.plain for p in await talk.said())
    assert "1, “¿Dónde?”, ahora es público" in said and "!retirar 1" in said
    text = await public_text(talk, 1)
    assert "Norte" in text and "Bea" not in text and "@" not in text


FEW = "Donde pueden votar menos de 5, los números solos pueden decir cómo votó alguien."


async def test_where_few_can_vote_the_opening_says_what_the_counts_tell(talk: Talk) -> None:
    assert FEW not in await talk.answer("bea", POLL), "nothing of it becomes public"
    await begin(talk)
    assert FEW in await talk.answer("bea", POLL)
    await six(talk)
    assert FEW not in await talk.answer("bea", POLL)


async def test_a_chamber_of_few_counts_as_few(talk: Talk) -> None:
    await six(talk)
    await talk.room(RoomId("!prensa:test"), "Prensa", ["ana", "bea", "carla", "dora", "elsa"])
    await talk.room(RoomId("!campo:test"), "Campo", ["flor", "ana"])
    await begin(talk)
    said = await talk.answer("ana", "!propuesta Firmamos cámaras: prensa, campo")
    assert "campo (1)" in said and "El resultado se hará público" in said and FEW in said, said


async def test_a_changed_opening_says_it_still(talk: Talk) -> None:
    await begin(talk)
    await talk.says("bea", POLL)
    await talk.said()
    await talk.says("bea", "!extender 1 hasta en 5 horas")
    edits = [p.plain for p in await talk.said() if p.plain.startswith("* ")]
    assert edits and "El resultado se hará público" in edits[-1]


async def test_what_was_open_before_does_not_become_public(talk: Talk) -> None:
    await talk.says("bea", POLL)
    await begin(talk)
    for who in ("ana", "bea", "carla"):
        await talk.says(who, "!votar 1 1")
    await talk.wait(timedelta(hours=2))
    await talk.wait(3 * DAYS)
    assert await record(talk, 1) is None


async def test_it_ends_by_a_word(talk: Talk) -> None:
    await begin(talk)
    assert "ya no se hace público" in await talk.answer("ana", "!publicar decisiones no")
    assert "público" not in await decide(talk, 1)
    assert await record(talk, 1) is None


async def test_what_was_withdrawn_does_not_come_back(talk: Talk) -> None:
    await begin(talk)
    await decide(talk, 1)
    await talk.says("ana", "!retirar 1")
    await talk.wait(10 * DAYS)
    found = await record(talk, 1)
    assert found is not None and not found.is_public


async def test_what_the_bot_asks_for_others_does_not_become_public(talk: Talk) -> None:
    """It may be about somebody: to let them in, to remove them."""
    await begin(talk)
    await talk.says("ana", "!quién-decide renombrar decisión")
    await talk.says("ana", "sí")
    await talk.says("ana", "!renombrar Plenaria")
    await talk.says("ana", "sí")
    said = await said_now(talk)
    assert "Propuesta 2" in said and "El resultado se hará público" not in said, said
    for who in ("ana", "bea"):
        await talk.says(who, "!votar 2 a favor")
    await talk.wait(10 * DAYS)
    assert await record(talk, 2) is None


async def test_a_secret_vote_is_public_only_when_nobody_can_object_any_more(talk: Talk) -> None:
    await six(talk)
    await begin(talk)
    opening, number = await opened(talk, LINE)
    assert "El resultado se hará público" in opening.plain
    await fill(talk, number, *("1" for _person in PEOPLE))
    await talk.wait(timedelta(hours=57))
    await talk.said()
    assert await record(talk, number) is None
    await talk.wait(10 * DAYS)
    await talk.said()
    found = await record(talk, number)
    assert found is not None and found.is_public


@pytest.mark.parametrize(
    "question",
    [
        "¿Sacamos a @carla de la coordinación?",
        "¿Sacamos a @carla:test de la coordinación?",
        "¿Sacamos a Carla de la coordinación?",
        "¿Y @nadie?",
    ],
)
async def test_what_is_about_somebody_waits_for_who_looks_at_it(talk: Talk, question: str) -> None:
    await begin(talk)
    await talk.says("bea", f'!propuesta "{question}" hasta en 2 horas')
    for who in ("ana", "bea"):
        await talk.says(who, "!votar 1 sí")
    await talk.moves("carla", Membership.LEAVE)
    await talk.wait(timedelta(hours=3))
    await talk.wait(3 * DAYS)
    said = "\n".join(p.plain for p in await talk.said())
    assert "no se hace público por sí solo: puede que el texto nombre a alguien" in said, said
    assert await record(talk, 1) is None
    assert "¿Sigo?" in await talk.answer("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "@" not in await public_text(talk, 1)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("!propuesta que bea lleve la caja", " (bea)"),
        ("!encuesta ¿Quién? Bea, Carla", " (Bea · Carla)"),
        ("!propuesta ¿Sacamos a @carla de la coordinación?", " (carla)"),
        ("!propuesta ¿Y @nadie?", ""),
    ],
)
async def test_the_opening_says_what_keeps_it(talk: Talk, line: str, named: str) -> None:
    """What it says holds at the end, when nobody has looked at it."""
    assert "Donde el texto pueda nombrar a alguien, pregunto antes a quien modera" in await begin(
        talk
    )
    said = await talk.answer("bea", line)
    held = f"Puede que el texto nombre a alguien{named}: al final pregunto a quien modera"
    assert held in said and "El resultado se hará público" not in said, said


async def test_translations_are_looked_at_too(talk: Talk) -> None:
    await begin(talk)
    said = await talk.answer("bea", "!propuesta Pintamos la sala\npt: Bea pinta a sala")
    assert "nombre a alguien (Bea)" in said, said


@pytest.mark.parametrize("name", ["compa Kike", "Bea Kike (ella)"])
async def test_any_word_of_a_name_keeps_it(talk: Talk, name: str) -> None:
    for person in ("ana", "bea", "carla"):
        await calls_themselves(talk, person, name)
    await begin(talk)
    said = await decide(talk, 1, line='!propuesta "¿Sacamos a Kike de la cocina?" hasta en 2 horas')
    assert "1, “¿Sacamos a Kike de la cocina?”, no se hace público por sí solo" in said, said
    assert "son también nombres de gente de aquí, y a nadie le pregunté: Kike." in said, said
    assert await record(talk, 1) is None


async def test_who_does_not_moderate_is_refused(talk: Talk) -> None:
    assert "No puedes" in await talk.answer("bea", "!publicar decisiones")
    assert "una de antes" in (await talk.answer("ana", "!publicar decisiones pasadas")).lower()
    assert "no se hace público por sí solo" in await talk.answer("ana", "!publicar decisiones no")


async def test_it_can_be_undone(talk: Talk) -> None:
    await begin(talk)
    await talk.says("ana", "!deshacer")
    await talk.says("ana", "sí")
    assert "por sí solo" in await talk.answer("bea", "!publicar")


async def test_only_who_may_is_told_how(talk: Talk) -> None:
    for begun in (False, True):
        if begun:
            await talk.says("ana", "!publicar decisiones")
            await talk.says("ana", "sí")
        assert "!publicar decisiones" in await talk.answer("ana", "!publicar")
        told = await talk.answer("bea", "!publicar")
        assert "se hace público" in told or "no se hace público" in told
        assert "!publicar decisiones" not in told and "!publicar 57" not in told
    await talk.says("ana", "!quién-decide publicar decisión")
    await talk.says("ana", "sí")
    assert "!publicar decisiones" in await talk.answer("bea", "!publicar")
