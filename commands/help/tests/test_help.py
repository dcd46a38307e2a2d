"""The help is short enough for a phone, and leads to all there is."""

from __future__ import annotations

import re

import pytest

from bot.testing.talk import Talk

LINES, LENGTH = 30, 1600
"""Three screens of a phone at the most."""


@pytest.mark.parametrize(("language", "ask"), [("es", "ayuda"), ("pt", "ajuda"), ("en", "help")])
async def test_the_help_is_short_and_each_line_leads_to_all_of_its_subject(
    talk: Talk, language: str, ask: str
) -> None:
    await talk.set("language", language)
    short = await talk.answer("ana", f"!{ask}")
    assert short.count("\n") < LINES
    assert len(short) < LENGTH
    subjects = re.findall(r"^([^:`\n]+): `!", short, re.MULTILINE)
    registry = talk.machine.registry
    reached = ""
    for subject in subjects:
        reached += await talk.answer("ana", f"!{ask} {subject}") + "\n"
    assert len(subjects) >= len(registry.topics())
    missing = [
        str(command.name.en)
        for command in registry.commands
        if f"`!{getattr(command.name, language)}`" not in reached
    ]
    assert missing == []


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
        ("mayoria", "`!propuesta … mayoria: …`"),
        ("retencion", "`!configurar retencion`"),
        ("retención", "`!configurar retencion`"),
        ("seguridad", "`!confirmar`"),
        ("seguridad", "`!panico`"),
    ],
)
async def test_a_word_behind_a_command_and_a_setting_are_found_too(
    talk: Talk, topic: str, found: str
) -> None:
    assert found in await talk.answer("ana", f"!ayuda {topic}")
