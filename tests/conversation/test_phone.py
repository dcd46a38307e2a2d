"""What a person with a phone stumbles over: short answers, words to come, calls for help."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.api import Context, Feature, Line, Topic, verbatim, words
from bot.dates import say_day, to_utc, to_wall
from bot.run.app import features
from bot.testing.talk import ROOM, START_TIME, Talk, dated, day_in_words, moment_in_words, user_id
from storage import settings

HELP = Topic("built", words("x", "x", "x"), verbatim("x"))


@pytest.mark.parametrize(
    ("language", "line", "answer", "understood"),
    [
        ("es", "!recordar mañana a las 7 desayuno", "7am", "{+1 day}, 07:00"),
        ("es", "!recordar mañana a las 7 desayuno", "de la mañana", "07:00"),
        ("es", "!recordar mañana a las 7 desayuno", "Mañana", "07:00"),
        ("es", "!recordar mañana a las 7 cena", "7 de la noche", "19:00"),
        ("es", "!recordar mañana a las 7 cena", "las 19:00", "19:00"),
        ("pt", "!lembrar amanhã às 7 café", "da manhã", "{+1 day}, 07:00"),
        ("pt", "!lembrar amanhã às 7 jantar", "7 da noite", "19:00"),
        ("pt", "!lembrar amanha 7 comprar leite", "19h", "19:00 (Bogotá), “comprar leite”"),
        ("pt", "!lembrar amanha 7 comprar leite", "3", "09:00 (Bogotá), “7 comprar leite”"),
    ],
)
async def test_a_doubtful_hour_is_answered_in_words(
    talk: Talk, language: str, line: str, answer: str, understood: str
) -> None:
    await talk.set("language", language)
    assert "1) " in await talk.answer("bea", line)
    assert dated(understood, language) in await talk.answer("bea", answer)


def an_hour_or_a_day() -> tuple[str, int, datetime]:
    """Return a weekday two days ahead, a number that may be its hour, and the day of that number.

    `viernes 5` is either this Friday at five or the next fifth, which is no Friday.
    """
    today = to_wall(START_TIME.at, "America/Bogota")
    soon = {(today + timedelta(days=ahead)).day for ahead in range(3)}
    friday = today + timedelta(days=2)
    days = [friday + timedelta(days=ahead) for ahead in range(1, 30)]
    other = next(
        day
        for day in days
        if day.day in {5, 6, 7, 8, 9} - soon and day.weekday() != friday.weekday()
    )
    return dated("{+2 weekday}"), other.day, other


async def test_a_number_behind_a_weekday_is_its_hour_or_a_day(talk: Talk) -> None:
    weekday, number, other = an_hour_or_a_day()
    await talk.answer("bea", f"!recordar {weekday} {number} pagar")
    assert dated(f"{{+2 day}}, {number + 12}:00") in await talk.answer("bea", f"{number}pm")
    await talk.answer("bea", f"!recordar {weekday} {number} pagar")
    day = say_day(to_utc(other, "America/Bogota"), "America/Bogota", "es", now=talk.clock.at)
    assert f"{day}, 09:00" in await talk.answer("bea", f"el {day.split()[0]}")


async def test_words_that_tell_nothing_apart_leave_the_question_waiting(talk: Talk) -> None:
    await talk.answer("bea", "!recordar mañana a las 7 desayuno")
    for line in ("jueves", "mañana nos vemos", "a las 7", "de", "7:30 am"):
        assert await talk.answer("bea", line) == ""
    assert "19:00" in await talk.answer("bea", "pm")


async def test_a_day_without_an_hour_is_offered_without_one(talk: Talk) -> None:
    weekday, number, other = an_hour_or_a_day()
    said = await talk.answer("bea", f"!recordar {weekday} {number} pagar")
    day = say_day(to_utc(other, "America/Bogota"), "America/Bogota", "es", now=talk.clock.at)
    assert f"{day} ·" in said and "00:00" not in said


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("es", "!recordar ayer 8am pan", "{yesterday}"),
        ("pt", "!lembrar ontem 8h pão", "{yesterday}"),
        ("es", "!recordar mañana 25h pan", "“mañana 25h”"),
        ("pt", "!lembrar amanhã 25h pão", "“amanhã 25h”"),
    ],
)
async def test_dates_that_cannot_be_are_named_whole(
    talk: Talk, language: str, line: str, said: str
) -> None:
    await talk.set("language", language)
    said = said.format(yesterday=day_in_words(-1, language))
    assert said in (await talk.answer("bea", line)).lower()


async def test_several_are_cancelled_each_after_a_yes_or_none_at_all(talk: Talk) -> None:
    await talk.says("ana", "!recordar mañana 17h; pan")
    for _ in range(2):
        await talk.says("ana", "!encuesta ¿Té? Sí, No")
    await talk.sent()
    assert "encuesta 2" in await talk.answer("ana", "!cancelar 1, 2 y 3")
    assert "encuesta 3" in await talk.answer("ana", "sí")
    assert "Lo dejé" in await talk.answer("ana", "no")
    assert "pan" in await talk.answer("ana", "!pendientes")
    await talk.answer("ana", "!cancelar 1 2 3")
    await talk.answer("ana", "sí")
    done = await talk.answer("ana", "sí")
    assert "recordatorio 1" in done and "encuesta 2" in done and "encuesta 3" in done
    assert "pan" not in await talk.answer("ana", "!pendientes")


async def test_a_word_that_gets_built_wins(tmp_path: Path) -> None:
    built = Feature("built", tmp_path)

    @built.command(
        words("evento", "evento", "event"), help=verbatim("x"), example=verbatim("x"), topic=HELP
    )
    async def made(ctx: Context, *, text: str = "") -> Line:
        return verbatim(f"made {text}")

    talk = await Talk.start(tmp_path / "minga.db", [built])
    await talk.says("bea", "!evento Taller")
    await talk.hears("made Taller")
    await talk.close()


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("es", "!panico", "Escribe a la moderación"),
        ("es", "!auxilio me siguen dos tipos desde la plaza hasta mi casa", "Ana (@ana:test)"),
        ("es", "!socorro otra vez me siguen de noche desde la sala", "Ana (@ana:test)"),
        ("pt", "!socorro", "Escreva para a moderação"),
    ],
)
async def test_a_call_for_help_in_the_room_is_answered_in_private(
    tmp_path: Path, language: str, line: str, said: str
) -> None:
    """Where nobody can be called, as that capability was taken out."""
    talk = await Talk.start(tmp_path / "alone.db", [f for f in features() if f.name != "danger"])
    async with talk.machine.db.transaction() as tx:
        await settings.set_language(tx, user_id("bea"), language)
    own = await talk.private("bea")
    event = await talk.says("bea", line)
    posts = await talk.sent()
    assert [p.room for p in posts if p.kind == "m.room.message"] == [own]
    assert said in next(p.plain for p in posts if p.kind == "m.room.message")
    assert [p.room for p in posts if p.kind == "redact"] == [ROOM], event
    await talk.tells("bea", line.removeprefix("!"))
    assert said in (await talk.said())[0].plain
    await talk.close()


@pytest.mark.parametrize("line", ["!peligro", "!me siguen", "!estoy en peligro"])
async def test_who_speaks_of_danger_hears_how_to_call_for_help(talk: Talk, line: str) -> None:
    own = await talk.private("bea")
    await talk.says("bea", line)
    (post,) = [post for post in await talk.sent() if post.kind == "m.room.message"]
    assert post.room == own and "`pánico`" in post.plain and "Ana (@ana:test)" in post.plain


@pytest.mark.parametrize("line", ["!lol", "!vos", "!mundo", "!sala", "!fogo", "!todo"])
async def test_short_words_are_not_taken_for_others(talk: Talk, line: str) -> None:
    assert await talk.answer("bea", line) == ""


@pytest.mark.parametrize(
    ("line", "near"),
    [("!encuestra x", "`!encuesta`"), ("!recodar x", "`!recordar`"), ("!ayda", "`!ayuda`")],
)
async def test_a_slip_is_still_understood(talk: Talk, line: str, near: str) -> None:
    assert near in await talk.answer("bea", line)


@pytest.mark.parametrize(
    ("language", "line", "there", "absent"),
    [
        ("es", "!ayuda encuesta", "`!votación` · `!sondeo`", "votação"),
        ("pt", "!ajuda enquete", "`!votação`", "sondeo"),
        ("es", "!ayuda todo", "También en portugués e inglés", "!ajuda"),
        ("pt", "!ajuda tudo", "Também em espanhol e inglês", "!ayuda"),
    ],
)
async def test_help_lists_the_words_of_the_readers_language(
    talk: Talk, language: str, line: str, there: str, absent: str
) -> None:
    await talk.set("language", language)
    said = await talk.answer("bea", line)
    assert there in said
    assert absent not in said


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("es", "!configurar idioma pt", "antes, español → después, português"),
        ("pt", "!configurar idioma en", "antes, português → depois, English"),
        ("en", "!config language es", "before, English → after, español"),
    ],
)
async def test_languages_are_called_by_their_own_names(
    talk: Talk, language: str, line: str, said: str
) -> None:
    await talk.set("language", language)
    assert said in await talk.answer("ana", line)


async def test_after_a_no_a_yes_does_nothing(talk: Talk) -> None:
    """A refusal undoes the change; the question that was answered must not wait on."""
    for second in ("no", "!deshacer"):
        await talk.answer("ana", "!configurar idioma pt")
        await talk.answer("ana", second)
        assert await talk.answer("ana", "sí") == ""
    assert "español" in await talk.answer("ana", "!configurar idioma")


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        ("!recordar mañana reunión a las 6pm", "{+1 day}, 18:00", "{+1 day}\n"),
        ("!recuérdame que mañana tengo cita a las 3 de la tarde", "{+1 day}, 15:00", "·"),
        ("!recordar cada {+5 weekday} reunión a las 6pm", "{+5 day}, 18:00", "·"),
        ("!lembrar amanha 8", "{+1 day}, 08:00", "20:00"),
    ],
)
async def test_an_hour_away_from_its_day_is_asked_back(
    talk: Talk, line: str, first: str, second: str
) -> None:
    said = await talk.answer("bea", dated(line))
    assert f"1) {dated(first)}" in said
    assert dated(second) in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!cancelar el 1", "recordatorio 1"),
        ("!cancelar el recordatorio 1", "recordatorio 1"),
        ("!borrar 1", "recordatorio 1"),
        ("!delete 1", "recordatorio 1"),
        ("!erase the reminder 1", "recordatorio 1"),
        ("!apagar o lembrete 1", "recordatorio 1"),
        ("!mis recordatorios", "pan"),
        ("!hola", "Aquí puedes"),
        ("!ayuda como hago una encuesta", "`!encuesta`:"),
        ("!recuerda: mañana 9 am pan", "09:00"),
        (
            "!recuérdame tarea de mate el {+5 weekday} 7am 🙏",
            "{+5 day}, 07:00 (Bogotá), “tarea de mate”",
        ),
        ("!lembrar 5 min tirar a pizza", "{soon} (Bogotá), “tirar a pizza”"),
    ],
)
async def test_everyday_words_are_understood(talk: Talk, line: str, said: str) -> None:
    await talk.says("bea", "!recordar mañana 17h; pan")
    await talk.sent()
    soon = moment_in_words(talk.clock.at + timedelta(minutes=5))
    expected = dated(said).replace("{soon}", soon)
    assert expected in await talk.answer("bea", dated(line))


@pytest.mark.parametrize(
    ("language", "line", "said"),
    [
        ("es", "como hago un recordatorio", "`recordar mañana"),
        ("pt", "me ajuda a fazer uma enquete", "`enquete Onde?"),
        ("pt", "tô com medo", "escreva `pânico`"),
        ("es", "tengo miedo", "escribe `pánico`"),
    ],
)
async def test_a_sentence_in_private_gets_what_is_near(
    talk: Talk, language: str, line: str, said: str
) -> None:
    async with talk.machine.db.transaction() as tx:
        await settings.set_language(tx, user_id("bea"), language)
    await talk.tells("bea", line)
    assert said in (await talk.said())[0].plain
