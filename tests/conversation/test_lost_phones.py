"""Who tells that a phone was stolen, or that an ex has it: nothing of it is lost, and only who
wishes it is told how to sign it out and no more.

The lines were written before the code that reads them, as people type on phones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import distress
from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from tests.conversation.test_wrong_doors import privately

REPORT = {"es": "incidente", "pt": "incidente", "en": "incident"}
SIGN_OUT = {"es": "`cerrar sesión`", "pt": "`encerrar sessão`", "en": "`sign out`"}
HOW = {"es": "Solo tú puedes cerrar", "pt": "Só você pode", "en": "Only you can sign out"}
YES = {"es": "sí", "pt": "sim", "en": "yes"}
STORIES = {
    "es": (
        "me robaron el celular y tiene mis mensajes",
        "mi ex tiene mi celular y lee los mensajes del grupo",
        "me quitaron el celular y estan escribiendo por mi",
        "perdi el celular en la marcha y ahi estan las listas",
        "alguien me robó el celular en la reunión y creo que fue uno del grupo",
        "la policia me quito el celular y tiene los contactos de todos",
        "mi celular robado lo tiene mi ex pareja y me amenaza con publicar todo",
        "hola, me robaron el celu ayer, tienen todo",
        "se me perdio el telefono y alguien escribe por mi en el grupo",
        "quitaron mi celular y me pegaron",
        "me arrebataron el telefono",
        "ella tiene mi celular",
        "necesito ayuda me robaron el celular",
    ),
    "pt": (
        "roubaram meu celular e leem minhas mensagens",
        "meu ex está com meu celular e lê tudo",
        "levaram meu celular na manifestação com os contatos",
        "perdi o celular e tem gente escrevendo por mim no grupo",
        "meu celular foi roubado por alguém da rede",
        "a polícia pegou meu celular com a lista de todo mundo",
        "oi, roubaram meu celular ontem, o que eu faço",
        "tirou meu celular e me bateu",
        "levaram o celular",
        "pegaram o celular na rua",
        "sumiu o celular e alguém escreve por mim",
    ),
    "en": (
        "someone stole my phone and has my messages",
        "my ex has my phone and reads everything",
        "my phone was stolen at the meeting, i think it was carla",
        "police took my phone with all the contacts in it",
        "i lost my phone and somebody writes as me in the group",
        "my boyfriend took my phone and hits me",
        "he snatched my phone",
        "she has my phone",
        "he has my old phone and threatens to publish my messages",
    ),
}
WISHES = {
    "es": (
        "cierra la sesion de mi celular robado",
        "por favor cierra sesión en mi celular viejo",
        "saca a mi ex de mi cuenta",
    ),
    "pt": ("desloga meu celular roubado", "encerrar sessão no celular roubado"),
    "en": ("sign out of my phone that my ex has", "remove my ex from my old phone"),
}
"""They wish it, and tell nothing that has to reach anybody."""
BOTH = {
    "es": (
        *("hola, mi celular fue robado ayer", "perdi mi celular como cierro mi cuenta ahi"),
        "Hola amigas, perdí mi celular",
    ),
    "pt": (
        *("sumiu o celular", "meu celular sumiu, desloga ele", "bom dia gente, perdi meu celular"),
        "oi pessoal perdi meu celular, o que eu faço",
    ),
    "en": (
        *("hi, i've lost my phone, what now?", "lost my phone, log me out everywhere"),
        "hey everyone, i lost my phone",
    ),
}
"""Told in a report they are part of it; else they are wishes."""
NO_PHONES = (
    *("i lost my phone charger", "she has my phone number", "we lost the computer game"),
    *("bea tiene mi celular nuevo", "me robaron una sonrisa", "levaram o notebook da sede"),
    *("my phone is dying", "presto mi celular", "he has my phone case", "perdi o aparelho novo"),
    *("pegaram o celular da carla", "levaram o celular novo pra loja", "pegaram o celular errado"),
)


async def begin(path: Path, language: str) -> tuple[Talk, Iterator[str]]:
    """Return a conversation, and members of whom each has reported nothing yet."""
    talk = await Talk.start(path / "minga.db", features(), language=language)
    people = [f"p{n}" for n in range(20)]
    await talk.room(ROOM, "Sala", ["ana", *people], {"ana": 50})
    return talk, iter(people)


@pytest.mark.parametrize("language", STORIES)
async def test_an_open_report_keeps_what_is_told_of_a_phone(tmp_path: Path, language: str) -> None:
    talk, people = await begin(tmp_path, language)
    for line in (*STORIES[language], *BOTH[language]):
        await privately(talk, who := next(people), REPORT[language])
        said = await privately(talk, who, line)
        assert f": {line}" in said, "whoever settles it reads every word"
        assert SIGN_OUT[language] in said and HOW[language] not in said, (line, said)
    await talk.close()


@pytest.mark.parametrize("language", STORIES)
async def test_a_story_is_answered_with_both_and_waits_for_a_yes(
    tmp_path: Path, language: str
) -> None:
    talk, people = await begin(tmp_path, language)
    for line in STORIES[language]:
        said = await privately(talk, who := next(people), line)
        assert SIGN_OUT[language] in said and HOW[language] not in said, (line, said)
        assert f": {line}" not in said, "nobody was told yet"
        assert line in await privately(talk, who, YES[language]), line
    await talk.close()


@pytest.mark.parametrize("language", WISHES)
async def test_a_wish_is_told_how_and_an_open_report_goes_on(tmp_path: Path, language: str) -> None:
    talk, people = await begin(tmp_path, language)
    for line in (*WISHES[language], *BOTH[language]):
        assert HOW[language] in await privately(talk, next(people), line), line
    for line in WISHES[language]:
        await privately(talk, who := next(people), REPORT[language])
        assert HOW[language] in await privately(talk, who, line), line
        assert ": x y z" in await privately(talk, who, "x y z"), "the question stayed"
    await talk.close()


async def test_a_wish_leaves_the_question_whether_to_call(talk: Talk) -> None:
    await privately(talk, "bea", "me siguen")
    said = await privately(talk, "bea", "cierra la sesion de mi celular robado")
    assert HOW["es"] in said and "¿Aviso? `sí` o `no`" in said
    assert "me siguen" in await privately(talk, "bea", "sí")


async def test_a_story_is_added_to_what_a_call_would_tell(talk: Talk) -> None:
    await privately(talk, "bea", "me siguen")
    await privately(talk, "bea", "mi ex tiene mi celular y lee todo")
    assert "me siguen mi ex tiene mi celular" in await privately(talk, "bea", "sí")


@pytest.mark.parametrize("line", ["hola, carla me acosa", "gracias, pedro me insulta"])
async def test_a_report_may_begin_with_a_greeting(talk: Talk, line: str) -> None:
    await privately(talk, "bea", "incidente")
    assert "Hola" in await privately(talk, "bea", "hola como estas")
    assert f": {line}" in await privately(talk, "bea", line)


async def test_a_report_may_begin_like_another_command(talk: Talk) -> None:
    await privately(talk, "bea", "incidente")
    told = "salir de mi cuenta fue imposible, mi ex cambio la clave"
    assert f"¿Es lo que pasó: “{told}”?" in await privately(talk, "bea", told)
    assert f": {told}" in await privately(talk, "bea", "sí")


async def test_what_was_no_report_is_not_passed_on(talk: Talk) -> None:
    await privately(talk, "bea", "incidente")
    await privately(talk, "bea", "encuesta sobre el color del mural")
    assert "no anoté nada" in await privately(talk, "bea", "no")
    await privately(talk, "carla", "incidente")
    assert "PHONE" in await privately(talk, "carla", "!mi celular"), "a command, by its prefix"


async def test_a_text_that_is_asked_for_is_kept(talk: Talk) -> None:
    await privately(talk, "bea", "recordar mañana 17:00")
    assert "“perdi mi celular”" in await privately(talk, "bea", "perdi mi celular")


async def test_the_room_reads_nothing_of_it(talk: Talk) -> None:
    await talk.says("bea", "minga, perdi mi celular en la marcha y ahi estan las listas")
    posts = await talk.said()
    assert [post for post in posts if post.room == ROOM] == []
    assert "¿Paso lo que escribiste como incidente?" in posts[-1].plain


@pytest.mark.parametrize("line", NO_PHONES)
def test_other_things_are_no_lost_phone(line: str) -> None:
    assert not distress.tells_of_lost_device(line)


WARNINGS = {
    "es": "chicas me robaron el telefono en el bondi, no le contesten nada a mi cuenta",
    "pt": "gente o celular da carla foi roubado, não respondam ela",
    "en": "my phone got stolen, this is bea from my sisters phone."
    " dont trust messages from my account",
}
SHUT_OUT = {"es": "`expulsar @bea:", "pt": "`expulsar @bea:", "en": "`remove @bea:"}


@pytest.mark.parametrize("language", WARNINGS)
async def test_a_warning_of_an_account_stays_for_the_others(tmp_path: Path, language: str) -> None:
    talk, people = await begin(tmp_path, language)
    await talk.sent()
    me = str(talk.gateway.me)
    await talk.says(next(people), f"@minga {WARNINGS[language]}", mentions=[me])
    posts = await talk.sent()
    assert [post.kind for post in posts] == ["m.room.message"] and posts[0].room != ROOM
    assert SHUT_OUT[language] in posts[0].plain
    await talk.close()


@pytest.mark.parametrize(
    "line",
    [
        "my ex took my phone and hits me, dont answer my account",
        "he harasses me, dont trust his account",
        "perdi mi celular en la marcha",
    ],
)
def test_what_accuses_somebody_is_no_such_warning(line: str) -> None:
    assert not distress.warns_of_account(line)
