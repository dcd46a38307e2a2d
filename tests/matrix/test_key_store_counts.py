"""How often the key store is asked for one command and its answer.

The numbers are limits. A change that needs more says in its commit why, and raises them here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, know, person

Ask = Callable[[], tuple[int, int]]


@pytest.fixture
async def bot(server: KeyServer, tmp_path: Path) -> Person:
    return await person(server, tmp_path, "bot")


@pytest.fixture
async def ana(server: KeyServer, tmp_path: Path, bot: Person) -> Person:
    """She and the bot know each other's devices."""
    ana = await person(server, tmp_path, "ana")
    await know(bot, ana)
    return ana


@pytest.fixture
def asked(bot: Person) -> Ask:
    """A function that returns how many statements the key store was asked for since its last call,
    and how many of them were commits."""
    said: list[str] = []
    bot.machine._store._file.set_trace_callback(said.append)

    def take() -> tuple[int, int]:
        found = len(said), said.count("COMMIT")
        said.clear()
        return found

    return take


async def command(bot: Person, ana: Person) -> None:
    """Ana says something, the bot takes in what came and reads it, as a sync does."""
    said = await ana.say("!pendientes", [bot])
    bot.sync()
    with bot.machine.transaction():
        assert bot.hear(said).content["body"] == "!pendientes"
        bot.machine.sharer.keep_copy_ahead(ROOM)


async def test_a_command_and_its_answer(bot: Person, ana: Person, asked: Ask) -> None:
    for _ in range(2):
        await command(bot, ana)
        await bot.say("hola", [ana])
    asked()
    await command(bot, ana)
    statements, commits = asked()
    assert statements <= 5
    assert commits == 1
    await bot.say("hola", [ana])
    assert asked() == (0, 0)


async def test_the_first_command_in_a_room_and_its_answer(
    bot: Person, ana: Person, asked: Ask
) -> None:
    """Her session comes before it, and with the answer ours goes out."""
    await command(bot, ana)
    statements, commits = asked()
    assert statements <= 26
    assert commits == 2, "of the session, and of the command"
    await bot.say("hola", [ana])
    statements, commits = asked()
    assert statements <= 12
    assert commits == 2, "of what is given to her device, and of our own copy"
