"""What the guides show is what happens: their conversations, and each line that can be typed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from tests.guides import (
    LANGUAGES,
    Replay,
    Spoken,
    begin,
    codes,
    conversations,
    guides,
    in_this_run,
)

PEOPLE = ["ana", "bea", "carla", "dora", "elsa", "flor"]
SHOWN = [
    pytest.param(language, block, id=f"{guide.stem}-{language}-{n}")
    for language in LANGUAGES
    for guide in guides(language)
    for n, block in enumerate(conversations(guide.read_text(encoding="utf-8")))
]
OF_OPERATORS = re.compile(
    r"minga |make( |$)|secrets/|config\.toml|moderators$|systemctl|\.venv|register_new_|--|!$"
)
"""What stands between backticks and is no line of a chat: files, and what an operator types."""
WITHIN = (
    "quorum:",
    "secret",
    "sin-parciales",
    "sem-parciais",
    "no-interim",
    "hasta",
    "até",
    "until",
)
"""What is added to a line, as the guide says."""
UNKNOWN = {"es": "No entendí", "pt": "Não entendi", "en": "I didn't understand"}


@pytest.fixture
async def rooms(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """A room of six, in the language of the guide, whose next number is the guides' first."""
    talk = await Talk.start(tmp_path / "minga.db", features(), language=request.param)
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 100}, bot_power=100)
    await begin(talk)
    yield talk
    await talk.close()


@pytest.mark.parametrize(("rooms", "block"), SHOWN, indirect=["rooms"])
async def test_a_conversation_of_a_guide_is_one(
    rooms: Talk, block: list[Spoken], request: pytest.FixtureRequest
) -> None:
    replay = Replay(rooms, request.node.callspec.params["rooms"])
    for line in block:
        await replay.says(line)


@pytest.mark.begins("2026-11-26T10:00-05:00", "one day after the one that the guides show")
def test_a_date_of_a_guide_is_turned_once() -> None:
    assert in_this_run("el jueves 26 de noviembre", "es") == "el viernes 27 de noviembre"
    assert in_this_run("Sexta-feira, 27 de novembro", "pt") == "Sábado, 28 de novembro"


def test_there_are_conversations_in_each_language() -> None:
    found = [str(param.id).split("-")[1] for param in SHOWN]
    assert all(found.count(language) >= 4 for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_guide_is_there_in_each_language(language: str) -> None:
    found = [guide for guide in guides(language) if guide.parent.name == language]
    assert len(found) == 4


def lines(language: str) -> list[str]:
    """What somebody may type in the chat, each once."""
    found = [c for guide in guides(language) for c in codes(guide.read_text(encoding="utf-8"))]
    chat = [one for one in dict.fromkeys(found) if not OF_OPERATORS.match(one)]
    return [one for one in chat if one != "1" and one != "2" and not one.startswith(WITHIN)]


@pytest.mark.parametrize(
    ("rooms", "language"), [(one, one) for one in LANGUAGES], indirect=["rooms"]
)
async def test_each_line_that_a_guide_shows_is_understood(rooms: Talk, language: str) -> None:
    """In private where it has no sign. A number that is nothing's is an answer too."""
    found = lines(language)
    assert len(found) > 50
    wrong = {}
    for line in found:
        room = ROOM if line.startswith("!") else await rooms.private("ana")
        said = await rooms.answer("ana", line, room=room)
        if UNKNOWN[language] in said or not said:
            wrong[line] = said
        await rooms.answer("ana", "cancelar", room=room)
        await rooms.answer("ana", "cancelar", room=await rooms.private("ana"))
    assert wrong == {}
