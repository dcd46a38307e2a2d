"""Events that are corrected in people's own words, in a reply to them or by their title."""

from __future__ import annotations

import pytest

from bot.testing.talk import PostedEvent, Talk

MOVED = {"es": "movió el evento 1", "pt": "remarcou o evento 1", "en": "moved event 1"}
WHEN = {"es": "Cuándo es “asado” (1)", "pt": "Quando é “asado” (1)", "en": "When “asado” (1) is"}
PLACE = {"es": "El lugar de “asado” (1)", "pt": "O local de “asado” (1)", "en": "The place of"}


async def announced(talk: Talk, language: str) -> PostedEvent:
    """Return the message of an event that Bea made, in a room of this language."""
    await talk.set("language", language)
    await talk.says("bea", "!event asado in 4 days 17:00 place: the yard")
    return (await talk.said())[0]


@pytest.mark.begins("wednesday 10:00", "a bare hour is asked about, one in the past refused")
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "es a las 18h"),
        ("es", "al final es a las 6pm no a las 5"),
        ("es", "mejor a las 18:30"),
        ("es", "cambia a las 6pm"),
        ("pt", "é às 16h"),
        ("pt", "muda pras 16h"),
        ("pt", "não é no domingo, é no sábado, mesmo horário"),
        ("en", "it's not sunday, it's saturday"),
        ("en", "make it 6:30pm"),
        ("en", "actually make it 7pm instead"),
        ("en", "its at 19:00 now"),
    ],
)
async def test_a_reply_says_when_it_is_now(talk: Talk, language: str, line: str) -> None:
    event = await announced(talk, language)
    await talk.says("bea", line, reply=event)
    assert MOVED[language] in (await talk.said())[0].plain


async def test_a_bare_hour_is_asked_about(talk: Talk) -> None:
    event = await announced(talk, "es")
    await talk.says("bea", "es a las 6", reply=event)
    assert "18:00" in (await talk.said())[0].plain


@pytest.mark.parametrize(
    ("language", "line", "yes", "place"),
    [
        ("es", "es en la cancha", "sí", "la cancha"),
        ("es", "cambia el lugar a la cancha", "sí", "la cancha"),
        ("pt", "agora é na Redação", "sim", "Redação"),
        ("en", "it's at the library now", "yes", "the library"),
    ],
)
async def test_a_reply_says_where_it_is_now(
    talk: Talk, language: str, line: str, yes: str, place: str
) -> None:
    event = await announced(talk, language)
    await talk.says("bea", line, reply=event)
    (asked,) = await talk.said()
    assert PLACE[language] in asked.plain and place in asked.plain
    await talk.says("bea", yes)
    assert place in (await talk.said())[0].plain


async def test_place_and_hour_are_said_one_after_the_other(talk: Talk) -> None:
    event = await announced(talk, "es")
    await talk.says("bea", "ahora es en la cancha a las 6pm", reply=event)
    assert "Una cosa tras otra" in (await talk.said())[0].plain


@pytest.mark.parametrize(
    "line",
    ["es lejos", "es a las 6 que llego", "make it fun", "im in town", "es en serio", "mejor no"],
)
async def test_talk_in_a_reply_changes_nothing(talk: Talk, line: str) -> None:
    event = await announced(talk, "es")
    await talk.says("bea", line, reply=event)
    assert await talk.said() == []


@pytest.mark.begins("wednesday 10:00", "the event is on Sunday")
@pytest.mark.parametrize(
    ("language", "line", "yes"),
    [
        ("es", "mejor mañana", "sí"),
        ("es", "perdón, mañana", "sí"),
        ("es", "no, el sábado", "sí"),
        ("es", "y mejor el sábado", "sí"),
        ("pt", "desculpa, amanhã", "sim"),
        ("pt", "e amanha", "sim"),
        ("en", "sorry, tomorrow", "yes"),
        ("en", "actually tomorrow", "yes"),
    ],
)
async def test_a_day_alone_moves_an_event_after_a_yes(
    talk: Talk, language: str, line: str, yes: str
) -> None:
    event = await announced(talk, language)
    await talk.says("bea", line, reply=event)
    (asked,) = await talk.said()
    assert WHEN[language] in asked.plain and MOVED[language] not in asked.plain
    await talk.says("bea", yes)
    assert MOVED[language] in (await talk.said())[0].plain


@pytest.mark.begins("wednesday 10:00", "the event is on Sunday")
async def test_a_no_to_a_day_alone_leaves_the_event(talk: Talk) -> None:
    event = await announced(talk, "es")
    await talk.says("bea", "perdón, mañana", reply=event)
    await talk.said()
    assert "dejé como estaba" in await talk.answer("bea", "no")


@pytest.mark.begins("wednesday 10:00", "the event is on Sunday")
@pytest.mark.parametrize(
    "line",
    ["y mañana", "y el sábado", "ojo mañana", "y a las 8", "e amanhã", "E às 8h", "so tomorrow"],
)
async def test_what_goes_on_with_talk_moves_no_event(talk: Talk, line: str) -> None:
    event = await announced(talk, "es")
    await talk.says("bea", line, reply=event)
    assert await talk.said() == []


@pytest.mark.parametrize("line", ["es a las 18h", "es en mi casa"])
async def test_only_who_may_change_it_corrects_an_event(talk: Talk, line: str) -> None:
    event = await announced(talk, "es")
    await talk.says("carla", line, reply=event)
    assert await talk.said() == []


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("es", "minga cambia el lugar del asado a la cancha", "lugar: la cancha"),
        ("es", "Minga, cambia el lugar de la 1 a la cancha", "lugar: la cancha"),
        ("pt", "minga muda o local do asado para a redação", "local: a redação"),
        ("en", "minga change the place of the asado to the library", "place: the library"),
    ],
)
async def test_the_place_is_changed_by_the_title(
    talk: Talk, language: str, line: str, said: str
) -> None:
    await announced(talk, language)
    assert said in await talk.answer("bea", line)


@pytest.mark.begins("wednesday 10:00", "the event is on Sunday")
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "minga quien va el domingo"),
        ("pt", "minga quem vai no domingo"),
        ("en", "minga whos coming on sunday"),
    ],
)
async def test_who_comes_on_a_day_is_of_the_only_event_of_that_day(
    talk: Talk, language: str, line: str
) -> None:
    await announced(talk, language)
    assert "(1)" in await talk.answer("bea", line)


@pytest.mark.begins("wednesday 10:00", "both events are on Sunday")
async def test_who_comes_on_a_day_of_two_events_asks_for_the_number(talk: Talk) -> None:
    await announced(talk, "es")
    await talk.answer("ana", "!evento taller en 4 días 10:00")
    assert "Falta el número" in await talk.answer("bea", "minga quien va el domingo")
