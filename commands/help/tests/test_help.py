"""The help is short enough for a phone, and leads to all there is."""

from __future__ import annotations

import re

import pytest

from bot.testing.talk import Talk

ASK = {"es": "ayuda", "pt": "ajuda", "en": "help"}
ALL = {"es": "todo", "pt": "tudo", "en": "all"}
IN_ROOM, IN_PRIVATE = 7, 10
"""Most lines of the help: a screen of a phone."""


def codes(said: str) -> list[str]:
    """What stands in the answer to be typed."""
    return [code.removeprefix("!") for code in re.findall(r"`([^`]+)`", said) if code != "!"]


@pytest.mark.parametrize("language", ASK)
@pytest.mark.parametrize("who", ["ana", "bea"])
async def test_the_help_is_a_screen_of_lines_that_can_be_typed(
    talk: Talk, language: str, who: str
) -> None:
    await talk.set("language", language)
    await talk.tells(who, f"idioma {language}")
    await talk.said()
    await talk.says(who, f"!{ASK[language]}")
    await talk.tells(who, ASK[language])
    room, private = (post.plain for post in await talk.said())
    for said, most in ((room, IN_ROOM), (private, IN_PRIVATE)):
        assert 4 < len(said.splitlines()) <= most
        assert max(map(len, said.splitlines())) < 130
        for code in codes(said):
            assert talk.machine.registry.find_command(code) is not None, code


@pytest.mark.parametrize("language", ASK)
@pytest.mark.parametrize("who", ["ana", "bea"])
async def test_each_subject_of_the_help_is_bold(talk: Talk, language: str, who: str) -> None:
    await talk.set("language", language)
    await talk.tells(who, f"idioma {language}")
    await talk.said()
    await talk.says(who, f"!{ASK[language]}")
    await talk.tells(who, ASK[language])
    for post in await talk.said():
        assert "*" not in post.plain
        drawn = str(post.content["formatted_body"]).split("<br>")
        plain = [line for line in drawn if "<strong>" not in line]
        # Of one's own rooms, and what stands last in a room, are sentences.
        assert len(plain) <= 1, plain


@pytest.mark.parametrize("language", ASK)
async def test_the_index_leads_to_every_command(talk: Talk, language: str) -> None:
    await talk.set("language", language)
    index = await talk.answer("ana", f"!{ASK[language]} {ALL[language]}")
    assert len(index.splitlines()) <= 12
    registry, reached = talk.machine.registry, index
    for subject in codes(index):
        reached += await talk.answer("ana", f"!{ASK[language]} {subject}") + "\n"
    missing = [
        str(command.name.en)
        for command in registry.commands
        if f"`!{getattr(command.name, language)}`" not in reached and command.topic.key != "help"
    ]
    assert missing == []


async def test_what_is_open_stands_first_with_its_number(talk: Talk) -> None:
    assert "ahora" not in await talk.answer("bea", "!ayuda")
    await talk.answer("ana", "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h")
    assert (await talk.answer("bea", "!ayuda")).startswith("Abierto ahora: Encuesta 1: ¿Dónde?")
    await talk.answer("ana", "!encuesta ¿Cuándo vamos? Hoy, Nunca hasta mañana 18h")
    first = (await talk.answer("bea", "!ayuda")).splitlines()[0]
    assert "Encuesta" in first and "todo (2): `!pendientes`" in first


async def test_an_example_has_the_number_of_something_here(talk: Talk) -> None:
    await talk.answer("ana", "!recordar mañana 9h; agua")
    await talk.answer("ana", "!evento Taller mañana 19h")
    assert "`voy 2`" in await talk.answer("bea", "!ayuda")


@pytest.mark.parametrize("where", ["room", "private"])
async def test_a_member_reads_no_word_of_the_moderators(talk: Talk, where: str) -> None:
    ask = talk.says if where == "room" else talk.tells
    await ask("bea", "!ayuda")
    [post] = await talk.said()
    shown = [
        found for code in codes(post.plain) if (found := talk.machine.registry.find_command(code))
    ]
    assert {found[0].topic.key for found in shown} & {"moderation", "governance"} == set()
    await ask("bea", "!ayuda todo")
    [post] = await talk.said()
    assert "moderación" not in post.plain


async def test_the_way_to_help_in_danger_is_the_last_line_in_a_room(talk: Talk) -> None:
    for who, line in (("ana", "!ayuda"), ("bea", "!ayuda"), ("bea", "!ayuda todo")):
        last = (await talk.answer(who, line)).splitlines()[-1]
        assert "`incidente`" in last and "`pánico`" in last


async def test_whoever_asks_for_help_reads_the_way_out_of_danger_first(talk: Talk) -> None:
    await talk.tells("bea", "necesito ayuda")
    [post] = await talk.said()
    assert "`pánico`" in post.plain.splitlines()[0]


async def test_the_name_of_a_subject_alone_is_its_help(talk: Talk) -> None:
    registry = talk.machine.registry
    for topic in registry.topics():
        for word in topic.name:
            assert registry.find_command(word) is not None, word
    assert (await talk.answer("bea", "!redes")).startswith("Otras redes:")
    assert "`!admitir`" in await talk.answer("bea", "!ingreso")
    assert await talk.answer("bea", "redes") == ""
    assert await talk.answer("bea", "!redes sociales de la asamblea") == ""


async def test_a_command_says_which_subject_it_is_of(talk: Talk) -> None:
    said = await talk.answer("bea", "!ayuda encuesta")
    assert "`!ayuda decisiones`" in said


async def test_a_subject_and_a_command_of_one_name_are_both_explained(talk: Talk) -> None:
    said = await talk.answer("bea", "!ayuda seguridad")
    assert "`!regreso`" in said
    assert "`!seguridad`" in said


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("secreta", "`!encuesta … secreta`"),
        ("secreto", "`!encuesta … secreta`"),
        ("mayoria", "`!propuesta … mayoría: …`"),
        ("retencion", "`!configurar retención`"),
        ("retención", "`!configurar retención`"),
        ("seguridad", "`!confirmar`"),
        ("seguridad", "`!pánico`"),
    ],
)
async def test_a_word_behind_a_command_and_a_setting_are_found_too(
    talk: Talk, topic: str, found: str
) -> None:
    assert found in await talk.answer("ana", f"!ayuda {topic}")


async def test_what_is_open_in_private_has_the_persons_own_reminders(talk: Talk) -> None:
    await talk.tells("bea", "recordar mañana 17:00; llamar a la imprenta")
    await talk.sent()
    for who, is_there in (("bea", True), ("ana", False)):
        await talk.tells(who, "pendientes")
        assert any("imprenta" in post.plain for post in await talk.said()) is is_there
