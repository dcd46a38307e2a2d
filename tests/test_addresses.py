"""An address is one wherever people are named, however it is written."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.conversation.addresses import is_address
from bot.run.app import features
from bot.testing.talk import ROOM, Talk
from bot.types import RoomId

PLAIN = "@bea:test"
LONG = "@" + "b" * 150 + ":" + ".".join(["servidora"] * 9)
"""Longer than 100 characters before the colon, which some commands did not read once."""
LINES = (
    "!advertir {} gritos",
    "!silenciar {} 2h gritos",
    "!expulsar {} gritos",
    "!vetar {} gritos",
    "!dar-moderacion {}",
    "!quitar-moderacion {}",
    "!cargo dar cuidado {}",
    "!cargo quitar cuidado {}",
    '!presto "mesa" a {} por 3 días',
    "!presto {} silla por 3 días",
    "!tarea {} pan",
    "!tarea comprar pan con {}",
    "!horas 2 a {}",
    "!invitar {} prensa",
    "!lista prensa {}",
    "!equipos Norte: {}",
    "!perfil {}",
    "!confirmar {}",
    "!historial {}",
    "!buscar mesa de: {}",
    "!encuesta ¿Sí? sí, no; votan: {}",
    '!votantes agregar "Casa" {}',
    "!red conectar {}",
)
"""A line for every command that takes people, as far as what it names is shown."""
FORMS = {
    "in angles": "<{}>",
    "in brackets": "({})",
    "with a comma": "{},",
    "link": "https://matrix.to/#/{}",
    "link with a question mark": "https://matrix.to/#/{}?via=test",
    "encoded link": "https://matrix.to/#/%40{1}",
    "named link": "[Bea](https://matrix.to/#/{})",
}


async def transcript(path: Path, who: str, form: str) -> dict[str, str]:
    """What is answered to each line, with the same words for the same person."""
    talk = await Talk.start(path, features())
    await talk.room(ROOM, "Sala", ["ana", who, "carla"], {"ana": 100}, bot_power=100)
    await talk.set("time_bank", "own", RoomId(""))
    await talk.answer("ana", "!cargo nuevo cuidado")
    await talk.answer("ana", "!area agregar prensa")
    found = {}
    for line in LINES:
        said = await talk.answer("ana", line.format(form.format(who, who[1:])))
        found[line] = re.sub(r"[Bb]{40,}(?=\W)|\bBea\b", "WHO", said.replace(who, "WHO"))
        await talk.answer("ana", "!cancelar")
        await talk.sent()
    await talk.close()
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return asyncio.run(transcript(tmp_path_factory.mktemp("plain") / "minga.db", PLAIN, "{}"))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_every_command_takes_every_form_of_an_address(
    tmp_path: Path, plain: dict[str, str], form: str
) -> None:
    said = await transcript(tmp_path / "minga.db", PLAIN, form)
    assert said == plain


async def test_every_command_takes_a_long_address(tmp_path: Path, plain: dict[str, str]) -> None:
    assert is_address(LONG) and len(LONG) > 230
    assert await transcript(tmp_path / "minga.db", LONG, "{}") == plain
