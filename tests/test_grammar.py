"""What stands behind a command is declared once: help and near words are made from it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import cast

import pytest

from bot.capability.context import Context
from bot.capability.feature import Command
from bot.capability.registry import Registry
from bot.capability.sub_commands import SubCommand
from bot.conversation.grammar import find_taking_back
from bot.conversation.pages import split_page
from bot.run.app import features
from bot.testing.talk import Talk

REGISTRY = Registry(features())
WITH_SUBS = [command for command in REGISTRY.commands if list(command.subs)]


async def test_the_help_names_every_word_behind_a_command(talk: Talk) -> None:
    for command in WITH_SUBS:
        said = await talk.answer("ana", f"!ayuda {command.name.es}")
        for one in command.subs:
            assert f"`!{command.name.es} {one.name.es}`: " in said, (said, one.name.es)
            alone = await talk.answer("ana", f"!ayuda {command.name.es} {one.name.es}")
            assert alone.startswith(f"`!{command.name.es} {one.name.es}`: "), alone


async def test_a_misspelt_word_behind_a_command_gets_the_nearest(talk: Talk) -> None:
    said = await talk.answer("ana", "!red compatir 57")
    assert "¿Es `!red compartir`? Ejemplo: `!red compartir 57`" in said
    assert "`!ayuda red`" in said
    assert "¿Es" not in await talk.answer("ana", "!red desconecta 57")


async def test_a_word_far_from_all_gets_what_there_is(talk: Talk) -> None:
    assert "conectar · sumar · compartir" in await talk.answer("ana", "!red zapato 57")


async def test_what_is_missing_is_explained_with_the_words_own_example(talk: Talk) -> None:
    said = await talk.answer("ana", "!red compartir")
    assert "Falta el número. Ejemplo: `!red compartir 57`" in said


@pytest.mark.parametrize(
    ("text", "page", "rest"),
    [
        ("agua", 1, "agua"),
        ("agua 2", 2, "agua"),
        ("agua página 2", 2, "agua"),
        ("agua pagina: 12", 12, "agua"),
        ("agua Page 3", 3, "agua"),
        ("agua pag. 3", 3, "agua"),
        ("agua pág 3", 3, "agua"),
        ("agua p. 3", 3, "agua"),
        ("p3", 3, ""),
        ("P.3", 3, ""),
        ("7", 7, ""),
        ("agua 1000", 1000, "agua"),
        ("agua página 9999", 1000, "agua"),
        ("diciembre 2026", 1, "diciembre 2026"),
        ("agua 0", 1, "agua"),
        ("agua 12345", 1, "agua 12345"),
        ("agua v2", 1, "agua v2"),
    ],
)
def test_a_page_is_read_in_one_way(text: str, page: int, rest: str) -> None:
    assert split_page(text) == (page, rest)


@pytest.mark.parametrize(
    ("text", "page"), [("57", 1), ("agua 2", 1), ("57 p2", 2), ("página 2", 2)]
)
def test_a_bare_number_is_no_page_where_a_number_means_a_thing(text: str, page: int) -> None:
    assert split_page(text, bare=False)[0] == page


@pytest.mark.parametrize(
    ("typed", "takes_back"),
    [
        ("#agua", False),
        ("#noticias", False),
        ("#agua no", True),
        ("não #agua", True),
        ("#agua No.", True),
        ("quitar #agua", True),
        ("#agua reabrir", True),
    ],
)
async def test_a_no_before_or_behind_takes_back(talk: Talk, typed: str, takes_back: bool) -> None:
    said = await talk.answer("ana", f"!ocultar {typed}")
    assert ("Te muestro otra vez #" in said) == takes_back, said
    assert ("No te muestro más #" in said) != takes_back, said


@pytest.mark.parametrize(
    "typed",
    [
        *("57 es mi hermano del barrio", "57 porque no respeta a nadie", "57 la mano. abierta"),
        *("57 ya no viene", "abrir la sala", "nota 3"),
    ],
)
async def test_words_in_the_middle_take_nothing_back(talk: Talk, typed: str) -> None:
    assert await find_taking_back(cast(Context, talk), typed) == (False, typed)


async def test_an_item_may_be_left_out_but_no_other_word_stands_for_it(talk: Talk) -> None:
    await talk.says("ana", "!evento Asamblea; mañana 19h")
    assert "1 próximo evento" in await talk.answer("ana", "!eventos archivo")
    assert "1, “Asamblea”" in await talk.answer("ana", "!eventos archivo 1")
    assert "Falta el número" in await talk.answer("ana", "!eventos archivo asamblea")


# --- raw text -------------------------------------------------------------------------------------

MOST_RAW_COMMANDS, MOST_RAW_SUB_COMMANDS = 49, 8
"""How many take raw text. When one more is declared, this goes down; it goes up only for a command
that is new and whose line is prose."""


def is_raw(declared: Command | SubCommand) -> bool:
    return any(
        one.kind is inspect.Parameter.KEYWORD_ONLY and one.annotation is str
        for one in declared.params
    )


def declarations() -> Iterator[Command | SubCommand]:
    for command in REGISTRY.commands:
        yield command
        yield from command.subs


def test_ever_fewer_commands_take_raw_text() -> None:
    commands = [one.name.en for one in REGISTRY.commands if is_raw(one)]
    subs = [one.name.en for command in REGISTRY.commands for one in command.subs if is_raw(one)]
    assert len(commands) == MOST_RAW_COMMANDS, commands
    assert len(subs) == MOST_RAW_SUB_COMMANDS, subs


RAW = [declared for declared in declarations() if is_raw(declared)]


@pytest.mark.parametrize("declared", RAW, ids=lambda one: one.name.en)
def test_a_command_that_takes_raw_text_says_why(declared: Command | SubCommand) -> None:
    source = inspect.getsource(declared.handler)
    behind = source.partition('"""')[2].partition('"""')[2].strip().splitlines()[0]
    assert source.startswith("@feature.command(  # ") or behind.strip().startswith("# ")
