"""Who says in their own words that they are back. It is Wednesday, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import START_TIME, Talk

pytestmark = pytest.mark.begins("10:00", "it names hours of this day")

MINUTE = timedelta(minutes=1)
OUT, ENDED, ASKED = (
    "regreso 12:00 @carla",
    "Qué bueno que regresaste",
    "¿Ya regresaste y estás bien",
)
STATE = "Cuando regreses: `ok`"


async def reads(talk: Talk, line: str) -> str:
    """Return what Bea reads in private after a line of hers."""
    await talk.said()
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said(await talk.private("bea")))


async def goes_out(talk: Talk, minutes: int) -> None:
    for who in ("bea", "carla"):
        await talk.private(who)
    await reads(talk, OUT)
    await talk.wait_until(START_TIME.at + minutes * MINUTE)


@pytest.mark.parametrize(
    "line",
    [
        *("home safe thx", "made it home", "cheguei em casa, tudo certo", "llegué bien, gracias"),
        *("ya llegue a casa, todo bien", "cheguei bem"),
    ],
)
async def test_arrived_and_well_is_back_once_it_was_asked(talk: Talk, line: str) -> None:
    await goes_out(talk, 30)  # they may be where they were going
    assert ASKED in await reads(talk, line)
    await talk.wait_until(START_TIME.at + 121 * MINUTE)
    assert ENDED in await reads(talk, line)


@pytest.mark.parametrize("line", ["si, todo bien", "si ya estoy", "yes all good", "sim", "sí"])
async def test_a_yes_is_back_once_it_was_asked(talk: Talk, line: str) -> None:
    await goes_out(talk, 121)
    assert ENDED in await reads(talk, line)


@pytest.mark.parametrize("line", ["si, todo bien", "yes all good", "llegué", "estoy en casa"])
async def test_what_may_mean_something_else_is_asked(talk: Talk, line: str) -> None:
    await goes_out(talk, 30)
    assert ASKED in await reads(talk, line)


@pytest.mark.parametrize(
    "line",
    ["no llegué a casa", "home safe?", "salí de la casa de mi ex"],
)
async def test_what_is_not_surely_a_return_is_told_the_state(talk: Talk, line: str) -> None:
    await goes_out(talk, 30)
    heard = await reads(talk, line)
    assert ENDED not in heard and ("`regreso 23:30`" in heard or ASKED in heard)


async def test_a_lapsed_question_hides_no_state(talk: Talk) -> None:
    await goes_out(talk, 100)
    await reads(talk, "necesito sillas para el sábado")
    await talk.wait_until(START_TIME.at + 122 * MINUTE)
    assert STATE in await reads(talk, "perdón se me murió el cel")


@pytest.mark.parametrize(
    "line",
    [
        *("cheguei em casa obrigada pode parar", "cheguei sim, esqueci de avisar"),
        *(
            "yes im home sorry forgot",
            "ya llegue gracias",
            "estoy bien perdon me quede sin bateria",
        ),
    ],
)
async def test_a_clear_return_counts_at_its_time_with_an_excuse_beside_it(
    talk: Talk, line: str
) -> None:
    await goes_out(talk, 121)
    assert ENDED in await reads(talk, line)


async def test_who_says_once_more_that_they_are_back_has_answered_yes(talk: Talk) -> None:
    await goes_out(talk, 30)
    assert ASKED in await reads(talk, "ya llegue gracias")
    assert ENDED in await reads(talk, "estoy en casa, perdón")


@pytest.mark.parametrize(
    "lines",
    [
        ("cancela el aviso", "pronto en casa"),
        ("en casa pronto", "pronto"),
        ("ahora a casa", "a casa ahora"),
        ("no me esperes en casa", "no me esperes en casa"),
        ("no salgo bien", "no salgo bien"),
        ("to home now", "to home now"),
    ],
)
async def test_what_is_unclear_ends_nothing_said_twice_either(
    talk: Talk, lines: tuple[str, str]
) -> None:
    await goes_out(talk, 121)
    for line in lines:
        assert ENDED not in await reads(talk, line), line


async def test_two_words_in_one_go_are_no_answer_to_what_nobody_read(talk: Talk) -> None:
    await goes_out(talk, 30)
    await talk.said()
    for line in ("llegue", "en casa"):
        await talk.tells("bea", line, unread=True)
    heard = "\n".join(post.plain for post in await talk.said(await talk.private("bea")))
    assert ASKED in heard and ENDED not in heard


@pytest.mark.parametrize(
    "line", ["cancela el aviso", "cancel the check-in", "ya no salgo, deja el aviso"]
)
async def test_who_needs_nobody_to_wait_is_asked_and_a_yes_takes_it_back(
    talk: Talk, line: str
) -> None:
    await goes_out(talk, 30)
    heard = await reads(talk, line)
    assert "¿Dejo de esperar tu `ok`" in heard and "12:00" in heard, heard
    assert "Te sigo esperando" in await reads(talk, "no")
    await reads(talk, line)
    assert "Ya no espero ningún `ok`" in await reads(talk, "sí")


async def test_without_a_check_in_nothing_is_heard_to_be_taken_back(talk: Talk) -> None:
    assert "¿Dejo de esperar" not in await reads(talk, "cancela el aviso")
