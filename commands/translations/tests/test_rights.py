"""Who says that a translation holds, who takes it back, and what stays once somebody voted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, find_number
from bot.types import Membership, RoomId
from commands.translations.tests.asking import EN, ES, PT, QUESTION, asked, opened, question

# --- who decides ---------------------------------------------------------------------------------


async def test_where_the_author_is_gone_a_moderator_decides(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}"', "bea")
    await talk.moves("bea", Membership.LEAVE)
    await talk.sent()
    said = await talk.answer("carla", f"!traducir {number} pt: {PT}")
    assert "Pregunto en privado a quien modera" in said
    assert f"Carla puso {number} en portugués: “{PT}”\nEl texto es: “{ES}”" in await asked(
        talk, "ana"
    )
    await talk.tells("ana", "sí")
    assert any(f"{ES} / {PT}" in post.plain for post in await talk.said(ROOM))
    assert f"{ES} / {EN} / {PT}" in await talk.answer("ana", f"!traducir {number} en: {EN}")


@pytest.mark.parametrize(
    "line", ["!traducir {n} pt no", "!traduzir {n} português: não", "!translate {n} pt: undo"]
)
async def test_a_moderator_takes_a_translation_back(talk: Talk, line: str) -> None:
    _opening, _native, number = await opened(talk, QUESTION, "bea")
    await talk.answer("bea", f'!traducir {number} en:"Which day?" "Tuesday" "Thursday"')
    for who in ("bea", "carla"):
        assert "es para la moderación" in await talk.answer(who, line.format(n=number))
    await talk.says("ana", line.format(n=number))
    edit, _redaction, told, native = await talk.sent()
    assert "¿Qué día? / Which day?\n1 martes / Tuesday\n2 jueves / Thursday" in edit.plain
    assert told.plain == f"Ana retiró lo que dice {number} en portugués."
    assert native.is_poll
    assert "terça" not in edit.plain + question(native)
    assert f"retiró lo que dice {number} en portugués" in await talk.answer("carla", "!historial")
    assert "no tiene texto en portugués" in await talk.answer("ana", line.format(n=number))


async def test_each_translation_stands_in_the_log_of_each_room(talk: Talk) -> None:
    other = await talk.room(RoomId("!otra:test"), "Cocina", ["ana", "dora"], {"ana": 50})
    await talk.says("ana", f'!propuesta "{ES}" en: Cocina')
    await talk.says("ana", "sí")
    await talk.wait(timedelta(minutes=1))
    number = find_number((await talk.said())[-1])
    await talk.answer("ana", f"!traducir {number} pt: {PT} english: {EN}")
    for who, room in (("carla", ROOM), ("dora", other)):
        said = await talk.answer(who, "!historial", room=room)
        assert f"puso {number} en portugués" in said
        assert f"puso {number} en inglés" in said
    await talk.wait(timedelta(minutes=1))
    await talk.said()
    await talk.says("ana", f"!traducir {number} pt no")
    await talk.wait(timedelta(minutes=1))
    heard = [post.room for post in await talk.said() if "retiró lo que dice" in post.plain]
    assert sorted(heard) == sorted([ROOM, other])


@pytest.mark.parametrize("banned", [True, False])
async def test_who_may_not_post_in_all_its_rooms_any_more_asks_a_moderator(
    talk: Talk, *, banned: bool
) -> None:
    members = ["ana", "bea", "carla"]
    other = await talk.room(RoomId("!otra:test"), "Cocina", [*members, "dora"], {"bea": 50})
    await talk.says("bea", f'!propuesta "{ES}" en: Cocina')
    await talk.says("bea", "sí")
    await talk.wait(timedelta(minutes=1))
    number = find_number((await talk.said())[-1])
    if banned:
        await talk.moves("bea", Membership.BAN, other, by="ana")
    else:
        await talk.room(other, "Cocina", [*members, "dora"], {"ana": 50})
    said = await talk.answer("bea", f"!traducir {number} pt: Ana é ladra")
    assert "Pregunto en privado a quien modera" in said
    assert "Ana é ladra" in await asked(talk, "ana")
    await talk.tells("ana", "no")
    await talk.wait(timedelta(minutes=1))
    assert not [post for post in await talk.said() if post.room in (ROOM, other)]


# --- what was voted on stays ----------------------------------------------------------------------

YES_NO_POLL = '!encuesta "¿Firmamos?" "sí" "no"'


@pytest.mark.parametrize(
    ("options", "translated"),
    [
        ('"sí" "no"', '"não" "sim"'),
        ('"sí" "no"', '"Não!" "com certeza"'),
        ('"Dale" "Nop"', '"Discordo" "Concordo"'),
        ('"a favor" "en contra"', '"contra" "a favor da carta"'),
        ('"sí" "abstención"', '"em branco" "talvez"'),
    ],
)
async def test_no_option_says_yes_in_one_language_and_no_in_another(
    talk: Talk, options: str, translated: str
) -> None:
    said = await talk.answer("ana", f'!encuesta "¿A?" {options} pt:"A?" {translated}')
    assert "quieren decir cosas distintas" in said
    _opening, _native, number = await opened(talk, f'!encuesta "¿A?" {options}')
    said = await talk.answer("ana", f'!traducir {number} pt:"A?" {translated}')
    assert "quieren decir cosas distintas" in said


async def test_two_yeses_to_one_question_may_be_translated(talk: Talk) -> None:
    line = '!encuesta "¿Vamos?" "Sí, hoy" "Sí, mañana" "No" pt:"Vamos?" "Sim, hoje" "Sim, amanhã"'
    opening, _native, _number = await opened(talk, f'{line} "Não"')
    assert "3 No / Não" in opening.plain


async def test_options_get_no_translation_once_somebody_has_voted(talk: Talk) -> None:
    opening, _native, number = await opened(talk, QUESTION.split(" pt:")[0])
    await talk.answer("carla", f'!traduzco {number} en:"Which day?" "Thursday" "Tuesday"')
    await asked(talk, "ana")
    await talk.says("bea", "1", reply=opening)
    await talk.said()
    said = await talk.answer("ana", f'!traducir {number} pt:"Que dia?" "quinta" "terça"')
    assert "Las opciones quedan como están" in said
    assert "Las opciones quedan como están" in await talk.answer(
        "carla", f'!traducir {number} pt:"Que dia?" "terça" "quinta"'
    )
    await talk.tells("ana", "sí")
    assert "Las opciones quedan" in "\n".join(post.plain for post in await talk.said())
    said = await talk.answer("ana", f"!traducir {number} pt: Que dia?")
    assert "¿Qué día? / Que dia?\n1 martes\n2 jueves" in said


async def test_the_options_of_a_secret_vote_are_translated_at_its_opening_only(talk: Talk) -> None:
    for name in ("dora", "elsa", "flor"):
        await talk.moves(name, Membership.JOIN)
    await talk.says("ana", f"{YES_NO_POLL} secreta hasta en 3 días")
    number = find_number(next(post for post in await talk.said() if "¿Firmamos?" in post.plain))
    said = await talk.answer("ana", f'!traducir {number} pt:"Assinamos?" "sim" "não"')
    assert "Las opciones quedan como están" in said
    assert "/ Assinamos?" in await talk.answer("ana", f"!traducir {number} pt: Assinamos?")


async def test_an_assembly_has_voted_on_the_words_too(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'{YES_NO_POLL} pt:"Assinamos?" "sim" "não"')
    await talk.answer("ana", f"!presencial {number} sí:4 no:2")
    said = await talk.answer("ana", f"!traducir {number} pt: Recusamos assinar?")
    assert "en portugués queda:" in said
    said = await talk.answer("ana", f"!cambiar {number} ¿Rechazamos firmar?")
    assert "Ya hay votos sobre este texto" in said
