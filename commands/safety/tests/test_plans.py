"""Who asks in a sentence that somebody be told: it is asked. It is Wednesday, 10:00."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk

pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

GO = "Antes de ir: `regreso 22:00 @ana:servidor.org`"
ASKED = "¿Espero tu `ok` hasta"


async def heard(talk: Talk, line: str) -> str:
    await talk.private("bea")
    await talk.said()
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said(await talk.private("bea")))


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("salgo de la casa de mi ex, si en 40 min no escribo avisale a carla", "10:40"),
        ("to indo pra casa a pé, se eu não responder até as 23h avisa a carla", "23:00"),
        ("if you don't hear from me in 30 min tell carla", "10:30"),
        ("if i'm not back by 11pm tell @carla:test please", "23:00"),
        ("si a las 22 no escribi avisa a carla", "22:00"),
        ("call carla if i am not back by 11pm", "23:00"),
        ("necesito que si no vuelvo a las 23:00 avisen a carla", "23:00"),
        ("i need you to tell carla if i'm not back by 23:00", "23:00"),
        ("fala pra carla se eu não voltar até as 23h", "23:00"),
        ("avisale a carla si no llego a las 22hs", "22:00"),
        ("vuelvo a las 21, si no avisen a carla", "21:00"),
        ("volto às 21h, se não avisem a carla", "21:00"),
        ("i'll be back by 9pm, if not tell carla", "21:00"),
        ("llego a casa a las 21h, si no avisa a carla por favor", "21:00"),
        ("si no te escribo en una hora avisale a carla", "11:00"),
        ("voy saliendo, si en media hora no doy señales avisa a carla", "10:30"),
        ("to indo pra casa se eu nao responder ate as 23 avisa a carla", "23:00"),
        ("se eu não der sinal em uma hora avisa a carla", "11:00"),
        ("if i don't text in half an hour tell carla", "10:30"),
        ("if i'm not home by 23 tell carla", "23:00"),
    ],
)
async def test_who_wants_somebody_told_is_asked_and_a_yes_notes_it(
    talk: Talk, line: str, at: str
) -> None:
    said = await heard(talk, line)
    assert ASKED in said and at in said and "a Carla (@carla:test)?" in said, said
    assert "Si hay peligro: escribe `pánico`" in said
    said = await heard(talk, "sí")
    assert "Anotado, número 1" in said and at in said and "aviso a Carla" in said


async def test_the_hour_is_asked_before_and_the_place_is_noted(talk: Talk) -> None:
    assert "1) " in await heard(
        talk, "voy sola al cerro, si no vuelvo a las 9 avisen a carla y ana"
    )
    said = await heard(talk, "2")
    assert ASKED in said and "Carla" in said and "Ana" in said
    assert "Anotado" in await heard(talk, "sí")
    await talk.tells("ana", "regreso")
    async with talk.machine.db.reading() as tx:
        assert await tx.column(str, "SELECT note FROM safety_return") == ["voy sola al cerro"]


async def test_a_no_notes_nothing_and_tells_nobody(talk: Talk) -> None:
    await heard(talk, "vuelvo a las 21, si no avisen a carla")
    await talk.tells("bea", "no")
    posts = await talk.said()
    assert [post.plain for post in posts] == ["Bien. No anoté nada."]


async def test_whom_nobody_knows_is_asked_for(talk: Talk) -> None:
    said = await heard(talk, "si no vuelvo a las 23 avisen a mi hermana")
    assert "Falta a quién aviso" in said
    assert ASKED in await heard(talk, "a carla")


async def test_who_names_nobody_and_no_hour_in_figures_is_asked_whom(talk: Talk) -> None:
    """It begins with `voy`, which is another command's word, and answers no event."""
    said = await heard(talk, "voy saliendo si en una hora no escribo avisen")
    assert "Falta a quién aviso" in said
    said = await heard(talk, "a carla")
    assert ASKED in said and "11:00" in said
    assert "Anotado, número 1" in await heard(talk, "si claro")


@pytest.mark.parametrize(
    "line",
    [
        *("no avisen a ana si no llego a las 21", "if i don't text in an hour they worry"),
        *("si no escribo en una hora no avisen a carla", "llego en una hora, no le avises a ana"),
    ],
)
async def test_who_wants_nobody_told_leaves_no_check_in(talk: Talk, line: str) -> None:
    await heard(talk, "regreso 11:00 @carla")
    await heard(talk, "ya volví")  # a former contact to fall back on
    said = await heard(talk, line)
    assert ASKED not in said and "Anotado" not in said and "Falta" not in said, said


@pytest.mark.parametrize(
    ("line", "is_plan"),
    [
        ("si no vuelvo avisale a ana", True),
        ("si no vuelvo avisen", True),
        ("si no llueve avisa a ana", False),
        ("si no llueve a las 9 avisa a ana", False),
        ("avisa a ana que no llego", False),
        ("avisa a ana que si no llego a las 21 empiecen", True),
        ("vuelvo a las 21, no avisen a ana", False),
        ("si no vuelvo a las 21 no avisen a ana", False),
    ],
)
async def test_without_an_hour_they_read_how(talk: Talk, line: str, is_plan: bool) -> None:
    said = await heard(talk, line)
    assert (GO in said) is is_plan and ASKED not in said, said


@pytest.mark.parametrize(
    "line",
    [
        "me están siguiendo, si no vuelvo a las 21 avisen a carla",
        "estoy en peligro, si no respondo en 5 min avisen a carla",
        "estão me seguindo, se eu não responder até as 23h avisa a carla",
        "they are following me, if i'm not back by 9pm tell carla",
    ],
)
async def test_a_cry_that_tells_it_too_is_a_cry(talk: Talk, line: str) -> None:
    said = await heard(talk, line)
    assert "¿Aviso ya a tu gente" in said and ASKED not in said, said
    said = await heard(talk, "sí")
    assert "Estoy avisando ahora" in said and ASKED not in said, said


@pytest.mark.parametrize(
    "line",
    [
        "pánico, estoy en la 7, si no respondo en 5 min avisen a carla",
        "!pánico estoy en la 7, si no respondo en 5 min avisen a carla",
        "panic if i don't answer in 5 minutes call carla",
    ],
)
async def test_a_call_for_help_that_tells_it_too_calls(talk: Talk, line: str) -> None:
    said = await heard(talk, line)
    assert "Estoy avisando ahora" in said and ASKED not in said, said


@pytest.mark.parametrize(
    "line",
    [
        "!incidente damian dice que si no contesto en 5 minutos avisa a mi jefe",
        "por favor incidente: si no llego a las 8 damian avisa a todos",
        "!recordar mañana a las 9 si no llego avisen a carla",
        "necesito taxi a las 22, si no llego avisen a carla",
        "we need a van at 22:00, if we don't arrive tell carla",
    ],
)
async def test_the_words_of_another_command_are_its_own(talk: Talk, line: str) -> None:
    said = await heard(talk, line)
    assert ASKED not in said and GO not in said, said


async def test_a_vote_with_such_words_is_counted(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Cuándo? | lunes | martes")
    await talk.says("bea", "!votar 1 2 si no llego avisen a carla")
    said = "\n".join(post.plain for post in await talk.said())
    assert ASKED not in said, said


@pytest.mark.parametrize(
    "note",
    ["la marcha, si no contesto avisar a mi abogada 555-1234", "si en 40 min no contesto, dile"],
)
async def test_the_note_of_a_check_in_moves_no_hour(talk: Talk, note: str) -> None:
    said = await heard(talk, f"!regreso 22:00 @carla:test; {note}")
    assert "Anotado" in said and "22:00" in said and ASKED not in said, said
    async with talk.machine.db.reading() as tx:
        (kept,) = await tx.column(str, "SELECT note FROM safety_return")
    assert kept.startswith(note[:10])
