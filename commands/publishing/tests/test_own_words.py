"""What hurried people say of their name, in words of their own, is understood as they mean it."""

from __future__ import annotations

import pytest

from bot.conversation.questions import answers
from bot.testing.talk import Talk
from bot.text import own_words
from commands.publishing.tests.test_publishing import public_text, publish_event, said_now

NOES = [
    "no quiero que salga mi nombre",
    "no gracias",
    "claro que no",
    "prefiero que no",
    "mejor no",
    "no, mi nombre no",
    "nooo",
    "ok pero sin mi nombre",
    "não quero",
    "não, obrigada",
    "prefiro que não",
    "no thanks",
    "I'd rather not",
    "please don't put my name",
]
YESES = [
    "sí pueden poner mi nombre",
    "sii",
    "dale",
    "podem por meu nome sim",
    "sim pode",
    "pode sim",
    "ok u can",
    "yes you may",
    "sí, gracias",
]
NEITHER = ["no voy a la marcha", "si hace falta", "tal vez", "qué es esto", "no hay agua", ""]
PRIVATE = [
    "keep my name out of it",
    "keep me out of the website",
    "guarda mi nombre en secreto",
    "guarda meu nome fora disso",
    "no quiero que salga mi nombre",
    "não quero que meu nome apareça",
    "quiten mi nombre",
    "tira meu nome",
    "take my name off",
    "no me nombren",
    "retirar mi nombre",
    "tira o meu nome",
    "tire o meu nome",
    "tira o meu nome do site",
    "tirar o meu nome de tudo",
    "retira o meu nome",
    "retirem o meu nome",
    "apaga meu nome do site",
    "apague o meu nome do site",
    "borra mi nombre de la web",
    "elimina mi nombre de internet",
    "remove my name from the website",
    "take my name off the site",
    "me arrepentí quita mi nombre",
    "me arrependi tira meu nome",
    "i changed my mind take my name down",
    "take my name down NOW",
]
CHANGED = [
    "me arrepenti, quita mi nombre",
    "ya no quiero, borren mi nombre por favor",
    "pensei melhor, tirem o meu nome",
    "i changed my mind, please take my name down",
]


@pytest.mark.parametrize("line", NOES)
def test_a_no(line: str) -> None:
    assert own_words.read_yes_no(line) == "no"


@pytest.mark.parametrize("line", YESES)
def test_a_yes(line: str) -> None:
    assert own_words.read_yes_no(line) == "yes"


@pytest.mark.parametrize("line", NEITHER)
def test_what_speaks_of_other_things_is_neither(line: str) -> None:
    assert own_words.read_yes_no(line) is None


async def asked(talk: Talk) -> None:
    """Have Bea asked whether her name may stand in the place of a march."""
    await publish_event(talk, "Marcha en 50 horas lugar: Casa de @bea")


async def test_a_no_in_her_words_keeps_her_name_out_and_a_yes_brings_it_in(talk: Talk) -> None:
    await asked(talk)
    await talk.tells("bea", "depende de la hora")
    assert "Sin un sí no lo hago" in await said_now(talk)
    await talk.tells("bea", "no quiero que salga mi nombre")
    assert "Tu nombre no está en 1" in await said_now(talk)
    assert "Bea" not in await public_text(talk, 1)
    await talk.tells("bea", "publicar mi nombre 1")
    await said_now(talk)
    assert "Casa de Bea" in await public_text(talk, 1)
    await talk.tells("bea", "no quiero que salga mi nombre")
    assert "Saco tu nombre" in await said_now(talk)
    assert "Bea" not in await public_text(talk, 1)


async def test_a_yes_in_her_words(talk: Talk) -> None:
    await asked(talk)
    await talk.tells("bea", "sí pueden poner mi nombre")
    await said_now(talk)
    assert "Casa de Bea" in await public_text(talk, 1)


async def test_a_second_yes_is_told_that_it_is_done_and_a_later_one_is_not(talk: Talk) -> None:
    await asked(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    await talk.tells("bea", "sí")
    assert "Ya está: aceptaste que tu nombre esté en 1" in await said_now(talk)
    await talk.tells("bea", "me arrepentí, quita mi nombre")
    assert "Saco tu nombre" in await said_now(talk)
    assert "Bea" not in await public_text(talk, 1)
    await talk.tells("bea", "sí")
    assert "Ya está" not in await said_now(talk)


async def test_who_is_not_named_reads_that_there_is_nothing_to_do(talk: Talk) -> None:
    await asked(talk)
    await talk.tells("carla", "publicar mi nombre 1")
    said = await said_now(talk)
    assert "En lo público de 1 no está tu nombre." in said
    assert "No hay nada que hacer" in said


@pytest.mark.parametrize(
    "line",
    ["quien ve mi voto", "quem ve meu voto", "who can see my vote", "quem pode ver meu voto"],
)
async def test_who_asks_who_sees_her_vote_is_told(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    assert "La sala ve los votos que se tocan" in await said_now(talk)


@pytest.mark.parametrize("line", PRIVATE)
async def test_who_asks_for_privacy_has_it_and_nothing_is_kept_or_frightens(
    talk: Talk, line: str
) -> None:
    await talk.tells("bea", line)
    said = await said_now(talk)
    assert "Tu nombre no está en nada público, y sin tu sí no lo pongo en ninguna parte" in said
    assert "pánico" not in said and "Guardado" not in said


@pytest.mark.parametrize("line", PRIVATE)
async def test_asked_for_it_she_is_asked_no_more(talk: Talk, line: str) -> None:
    await asked(talk)
    await talk.tells("bea", line)
    assert "Tu nombre no est" in await said_now(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    assert "Bea" not in await public_text(talk, 1)


@pytest.mark.parametrize(
    "line",
    [
        "ya no quiero que se vea",
        "no quiero que aparezca más",
        "que ya no se vea",
        "nao quero mais que apareça",
        "não quero que isso apareça",
        "i dont want it to be seen anymore",
        "I don't want this to show up",
    ],
)
async def test_who_wants_something_out_of_sight_reads_how(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    said = await said_now(talk)
    assert "Si es tu nombre: `retirar mi nombre`" in said, said
    assert "Si es algo que hice público, quien modera lo saca con `retirar 57`" in said, said
    assert "pánico" not in said


@pytest.mark.parametrize("line", ["no quiero que se vea la lluvia", "quiero que aparezca"])
async def test_other_wishes_are_not_taken_for_it(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    assert "retirar mi nombre" not in await said_now(talk)


LISTED = [
    "minga, que es publico",
    "minga, ¿qué es público?",
    "minga, o que é público?",
    "minga, whats public?",
    "minga, what's public?",
    "!publico",
    "!publicado",
    "!qué es público",
]
SHOWN = ["minga, haz público el evento 1", "!torna público o evento 1", "!make public 1"]
TAKEN_OUT = [
    "!quita de la web 1",
    "minga, quita eso de la web 1",
    "minga, tira isso do site 1",
    "minga, take it off the website 1",
]


@pytest.mark.parametrize("line", LISTED)
async def test_what_is_public_is_listed(talk: Talk, line: str) -> None:
    await publish_event(talk, "Marcha en 50 horas")
    assert "1: evento, “Marcha”" in await talk.answer("bea", line)


@pytest.mark.parametrize("line", ["que es publico", "o que é público?", "whats public"])
async def test_it_is_listed_in_private_too(talk: Talk, line: str) -> None:
    await publish_event(talk, "Marcha en 50 horas")
    await talk.tells("bea", line)
    assert "1: evento, “Marcha”" in await said_now(talk)


@pytest.mark.parametrize("line", SHOWN)
async def test_it_is_shown_before_it_becomes_public(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    assert "evento 1: “Marcha”" in await talk.answer("ana", line)


@pytest.mark.parametrize("line", TAKEN_OUT)
async def test_it_is_taken_out(talk: Talk, line: str) -> None:
    await publish_event(talk, "Marcha en 50 horas")
    assert "1, “Marcha”, ya no es público" in await talk.answer("ana", line)


async def test_called_by_name_it_asks_for_what_is_missing(talk: Talk) -> None:
    await publish_event(talk, "Marcha en 50 horas")
    assert "¿Cuál? Con su número" in await talk.answer("ana", "minga, quita eso de la web")
    line = "minga, todas las decisiones desde ahora"
    assert "¿Sigo?" in await talk.answer("ana", line)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "si claro",
            "si, con gusto",
            "bueno, sí",
            "claro que sim",
            "sure",
            "of course",
            "dale gracias",
        ),
        *("yes of course", "Sí, por supuesto", "sim, com certeza", "yes please", "yes i will"),
    ],
)
def test_an_assent_with_nothing_to_weigh_beside_it_answers_a_question(line: str) -> None:
    assert answers.read_yes_no(line) == "yes"
    assert answers.read_yes_no(line, final=True) is None


@pytest.mark.parametrize(
    "line",
    [
        *("si pero no", "sure?", "bueno, no", "si quiere", "claro que no", "sure not", "si puedo"),
        *("of course not", "bueno a ver", "si claro pero mañana", "bueno?", "gracias"),
        *("bueno", "bueno gracias"),
    ],
)
def test_what_weighs_or_asks_is_no_assent(line: str) -> None:
    assert answers.read_yes_no(line) != "yes"


@pytest.mark.parametrize("line", ["bueno", "sure", "con gusto"])
def test_nobody_is_called_by_a_guess(line: str) -> None:
    assert answers.fitting_answer({"kind": "call"}, line, reply=False, private=True) is None
