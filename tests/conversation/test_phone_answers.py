"""Short answers of a person with a phone: a number that is none, a yes elsewhere, a title."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership, RoomId

KITCHEN = RoomId("!cocina:test")


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "!retirar 99", "Lo que es público: `!publicar`"),
        ("es", "minga, quita la 99 de la web", "Lo que es público: `!publicar`"),
        ("pt", "!retirar 99", "O que é público: `!publicar`"),
        ("en", "!withdraw 99", "What is public: `!publish`"),
    ],
)
async def test_a_number_that_is_not_public_leads_to_what_is(
    talk: Talk, language: str, line: str, heard: str
) -> None:
    await talk.set("language", language)
    assert heard in await talk.answer("ana", line)


async def test_a_number_that_is_none_leads_in_private_to_ones_own(talk: Talk) -> None:
    await talk.tells("bea", "recordar en 3 horas; pan")
    await talk.tells("bea", "cancelar 99")
    assert "`cancelar 1`: “pan”" in (await talk.said())[-1].plain
    said = await talk.answer("bea", "!cancelar 99")
    assert "pan" not in said and "`!pendientes`" in said
    await talk.tells("carla", "cancelar 99")
    assert "pan" not in (await talk.said())[-1].plain


@pytest.mark.parametrize(
    ("answer", "heard"), [("sí", "Estará en 2 salas"), ("no", "¿Para qué sala?")]
)
async def test_in_private_who_says_in_all_is_not_asked_for_which(
    talk: Talk, answer: str, heard: str
) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.tells("ana", "avisar hola en todas")
    assert (await talk.said())[-1].plain == "¿En todas las salas que moderas? `sí` o `no`"
    await talk.tells("ana", answer)
    assert heard in (await talk.said())[-1].plain


@pytest.mark.parametrize(
    ("language", "answer", "heard"),
    [
        ("es", "sí", "lo pregunté en “Sala”. Escríbelo allá: `sí`"),
        ("es", "mejor no", "Escríbelo allá: `no`"),
        ("pt", "blz", "Perguntei isso em “Sala”. Escreva lá: `sim`"),
        ("en", "yes please", "I asked you that in “Sala”. Please write it there: `yes`"),
    ],
)
async def test_a_private_yes_is_led_to_the_question_in_the_room(
    talk: Talk, language: str, answer: str, heard: str
) -> None:
    await talk.set("language", language)
    await talk.tells("ana", f"!language {language}")
    await talk.said()
    await talk.says("ana", "!encuesta ¿pizza o pasta?")
    await talk.said()
    await talk.tells("ana", answer)
    assert heard in (await talk.said())[-1].plain
    await talk.wait(timedelta(minutes=20))
    await talk.tells("ana", answer)
    assert "Sala" not in (await talk.said())[-1].plain


@pytest.mark.parametrize("now", [Membership.BAN, Membership.LEAVE])
async def test_who_is_in_the_room_no_more_does_not_hear_what_it_is_called(
    talk: Talk, now: Membership
) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.says("bea", "!encuesta ¿pizza o pasta?", room=KITCHEN)
    await talk.said()
    await talk.moves("bea", now, KITCHEN, by="ana")
    await talk.said()
    await talk.tells("bea", "sí")
    (post,) = await talk.said()
    assert "Cocina" not in post.plain


async def test_a_yes_that_nothing_waits_for_is_told_so(talk: Talk) -> None:
    await talk.tells("bea", "sí")
    assert "no espero un sí ni un no" in (await talk.said())[-1].plain


@pytest.mark.parametrize(("answer", "heard"), [("sí", "en 1 sala más: Cocina"), ("no", "`!área`")])
async def test_a_room_that_is_nearly_named_takes_a_yes(talk: Talk, answer: str, heard: str) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    assert "¿Es “Cocina”?" in await talk.answer("ana", "!avisar hola en: Cosina")
    assert heard in await talk.answer("ana", answer)


async def test_who_sees_what_names_publishing_where_nothing_is_public(talk: Talk) -> None:
    assert "Nada de esto es público" in await talk.answer("ana", "!quién puede ver esto")
    await talk.says("ana", "!avisar Corte de luz")
    post = (await talk.said())[-1]
    await talk.says("ana", "!publicar ya", reply=post)
    assert "¿Sigo?" in (await talk.said())[-1].plain
    await talk.answer("ana", "sí")
    assert "Nada de esto" not in await talk.answer("ana", "!quién puede ver esto")
    said = await talk.answer("ana", "minga, quita lo de luz de la web")
    assert "“Corte de luz”, ya no es público" in said


@pytest.mark.parametrize(
    ("language", "made", "line", "heard"),
    [
        (
            "es",
            "!evento Asado comunitario en 3 días 11:00",
            "minga cancela el asado",
            "el evento 1",
        ),
        ("es", "!evento Asado en 3 días 11:00", "minga quién va al asado", "“Asado” (1)"),
        (
            "es",
            "!recordar en 3 horas; comprar pan",
            "!cancelar comprar pan porfa",
            "recordatorio 1",
        ),
        ("pt", "!evento Roda de conversa em 3 dias 11:00", "minga cancela a roda", "o evento 1"),
        ("en", "!event Tea in 3 days 11:00", "minga call off the tea please", "cancel event 1"),
        ("en", "!poll Where to? North, South", "minga close the poll", "nobody voted"),
    ],
)
async def test_the_words_of_a_title_name_it(
    talk: Talk, language: str, made: str, line: str, heard: str
) -> None:
    await talk.set("language", language)
    await talk.answer("ana", made)
    assert heard in await talk.answer("ana", line)


@pytest.mark.parametrize(
    ("language", "made", "line", "heard"),
    [
        ("es", "!encuesta ¿Té? Sí, No", "minga cierra la 1", "nadie votó"),
        ("es", "!encuesta ¿Té? Sí, No", "minga cierra la 1 a las 7", "No cerré nada"),
        ("es", "!encuesta ¿Té? Sí, No", "minga cancela la 1", "la encuesta 1"),
        ("pt", "!enquete Chá? Sim, Não", "minga fecha a 1", "ninguém votou"),
        ("pt", "!enquete Chá? Sim, Não", "minga fecha a 1 as 7", "Não encerrei nada"),
    ],
)
async def test_a_number_behind_the_article_is_no_hour(
    talk: Talk, language: str, made: str, line: str, heard: str
) -> None:
    await talk.set("language", language)
    await talk.answer("ana", made)
    assert heard in await talk.answer("ana", line)


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "minga cancela la 1", "el evento 1"),
        ("es", "minga cierra la 1", "1 es “Tea”"),
        ("es", "minga, pasa la 1 para mañana 18h", "Tea"),
        ("pt", "minga, passa a 1 pra amanhã 18h", "Tea"),
        ("es", "minga, no canceles el 1", "no hago nada"),
        ("es", "minga, no la canceles", "no hago nada"),
        ("es", "minga, ya no voy", "`!no voy 1`"),
        ("es", "minga, al final no puedo ir", "`!no voy 1`"),
        ("pt", "minga cancela a 1", "o evento 1"),
        ("pt", "minga, não cancela a 1", "não faço nada"),
        ("pt", "minga, não vou mais", "`!não vou 1`"),
        ("en", "minga, don't cancel 1", "I do nothing"),
        ("es", "minga, no canceles el evento", "no hago nada. Lo previsto sigue"),
        ("es", "minga, no canceles el tea", "no hago nada"),
        ("pt", "minga, não cancela o tea", "não faço nada"),
        ("en", "minga, don't cancel the tea", "I do nothing. What is planned goes on."),
        ("en", "minga, please don't close it", "What is open: `!pending`"),
        ("en", "minga, i'm not going anymore", "`!not going 1`"),
    ],
)
async def test_what_is_said_by_the_name_is_answered_as_meant(
    talk: Talk, language: str, line: str, heard: str
) -> None:
    await talk.set("language", language)
    begun = {"es": "!evento Tea en 3 días 11:00", "pt": "!evento Tea em 3 dias 11:00"}
    await talk.answer("ana", begun.get(language, "!event Tea in 3 days 11:00"))
    assert heard in await talk.answer("ana", line)


@pytest.mark.parametrize(
    ("language", "line", "danger"),
    [
        ("es", "no me quites la ropa", "Si hay peligro: `pánico`"),
        ("es", "no cierra la puerta, estoy encerrada", "escribe `pánico`"),
        ("es", "no cambia mi situacion", "Si hay peligro: `pánico`"),
        ("es", "no cierra la puerta", "Si hay peligro: `pánico`"),
        ("pt", "nao me tire daqui", "Se há perigo: `pânico`"),
        ("pt", "nao me tira de casa", "Se há perigo: `pânico`"),
        ("en", "don't move", "In danger: `panic`"),
        ("en", "don't close the door", "In danger: `panic`"),
    ],
)
async def test_what_names_no_thing_forbids_the_bot_nothing(
    talk: Talk, language: str, line: str, danger: str
) -> None:
    await talk.set("language", language)
    await talk.tells("bea", f"!language {language}")
    await talk.said()
    await talk.tells("bea", line)
    own = "\n".join(post.plain for post in await talk.said(await talk.private("bea")))
    assert danger in own
    assert not re.search("no hago nada|não faço nada|I do nothing", own)


@pytest.mark.parametrize(
    ("language", "line", "done", "danger"),
    [
        ("es", "no la cierres", "no hago nada. Lo previsto sigue", "`pánico`"),
        ("pt", "não cancela o evento", "não faço nada", "`incidente`"),
        ("en", "don't close it", "I do nothing. What is planned goes on.", "`panic`"),
    ],
)
async def test_in_private_what_is_not_to_be_done_keeps_the_way_to_help(
    talk: Talk, language: str, line: str, done: str, danger: str
) -> None:
    await talk.set("language", language)
    await talk.tells("bea", f"!language {language}")
    await talk.said()
    await talk.tells("bea", line)
    own = "\n".join(post.plain for post in await talk.said(await talk.private("bea")))
    assert done in own
    assert danger in own


async def test_whose_door_does_not_close_does_not_speak_to_the_bot(talk: Talk) -> None:
    await talk.answer("ana", "!evento Tea en 3 días 11:00")
    await talk.says("ana", "minga no cierra la puerta")
    assert await talk.said() == []
    assert "no hago nada" not in await talk.answer("ana", "minga, no cierra la puerta")


@pytest.mark.parametrize(
    "line",
    [
        *("minga cierra la 1 de mayo", "minga pasa a la 1", "minga pasa a las 7"),
        *("minga passa a 12 de maio", "minga pasa a 20 personas", "minga no cierra hoy"),
    ],
)
async def test_days_and_hours_of_a_gathering_are_no_orders(talk: Talk, line: str) -> None:
    await talk.answer("ana", "!evento Tea en 3 días 11:00")
    await talk.says("ana", line)
    assert await talk.said() == []


async def test_a_title_that_fits_twice_names_nothing(talk: Talk) -> None:
    await talk.answer("ana", "!evento Asado del barrio en 3 días 11:00")
    await talk.answer("ana", "!evento Asado de la escuela en 4 días 11:00")
    assert "Falta el número" in await talk.answer("ana", "!cancelar el asado")
    assert "el evento 2" in await talk.answer("ana", "!cancelar el asado de la escuela")


async def test_a_title_of_another_room_names_nothing(talk: Talk) -> None:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"], {"ana": 50})
    await talk.says("ana", "!evento Asado en 3 días 11:00", room=KITCHEN)
    await talk.said()
    said = await talk.answer("ana", "!cancelar el asado")
    assert "Falta el número" in said and "1" not in said.replace("57", "")


@pytest.mark.parametrize(
    "line",
    [
        "minga cierra a las 5",
        "minga cierra a la 1",
        "minga pasa a 3 de mayo",
        "minga pasa para el domingo",
        "minga cambia de lugar",
        "minga busca una cocinera",
        "minga empieza a las 9",
        "minga me gusta mucho",
        "minga: quiero agradecer a todas",
        "minga ayuda vecinal",
        "minga cancela por lluvia",
        "minga muda para domingo",
    ],
)
async def test_what_is_told_of_a_minga_is_left_alone(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() == []


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("!encuesta pintamos el salón sí o no", "Encuesta 1: pintamos el salón\n1 Sí\n2 No"),
        ("!encuesta ¿vamos, si/no?", "Encuesta 1: ¿vamos?\n1 Sí\n2 No"),
        ("!enquete pintamos, sim ou nao", "Encuesta 1: pintamos\n1 Sim\n2 Não"),
        ("!poll do we paint it yes or no?", "Encuesta 1: do we paint it\n1 Yes\n2 No"),
    ],
)
async def test_yes_or_no_behind_a_question_are_its_options(
    talk: Talk, line: str, question: str
) -> None:
    assert question in await talk.answer("ana", line)


async def test_own_text_keeps_its_please(talk: Talk) -> None:
    said = await talk.answer("ana", "!avisar traigan agua, por favor")
    assert "traigan agua, por favor" in said
    assert "nada abierto" in await talk.answer("bea", "minga pendientes porfa")


@pytest.mark.parametrize("line", ["passa", "corre", "haz", "minga, pasaa", "minga, hazz"])
async def test_a_verb_that_needs_more_is_never_suggested(talk: Talk, line: str) -> None:
    said = await talk.answer("ana", f"!{line}" if "," not in line else line)
    assert not any(f"`!{word}`" in said for word in ("pasa", "passa", "corre", "haz")), said


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "a ver", "Todavía no hice nada. `sí` lo hace: “salir”. `no` lo deja."),
        ("es", "qué pasa si digo sí", "Todavía no hice nada. `sí` lo hace: “salir”."),
        ("pt", "como assim", "Ainda não fiz nada. `sim` faz: “salir”."),
        ("en", "what does it do", "I did nothing yet. `yes` does it: “salir”."),
    ],
)
async def test_what_is_no_yes_and_no_no_hears_what_yes_does(
    talk: Talk, language: str, line: str, heard: str
) -> None:
    private = await talk.private("bea")
    await talk.answer(
        "bea", {"es": "idioma es", "pt": "idioma pt", "en": "idioma en"}[language], room=private
    )
    await talk.answer("bea", "salir", room=private)
    assert heard in await talk.answer("bea", line, room=private)
    assert [one for one in await talk.sent() if one.kind == "kick"] == []
