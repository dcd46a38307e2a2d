"""A cry that asks for secrecy, or tells more behind it, is a cry all the same."""

from __future__ import annotations

import pytest

from bot import distress
from bot.distress import HelpKind
from bot.testing.talk import ROOM, Talk

ASKED = "¿Aviso ya a tu gente"
SECRET = (
    "me siguen, no le digan a diego|me siguen no avises a la policia|me siguen no le digan a diego"
    "|me seguem nao conta pro diego|me siguen, que no se entere diego|me seguem que ninguem saiba"
    "|they follow me, dont tell diego|they are following me dont call the police"
)
TOLD = (
    "me seguem, o diego ta comigo|me siguen, diego está conmigo|me acaba de pegar mi marido"
    "|tô apanhando|alguien entró a casa|someones trying to break in|hes breaking the door"
    "|diego me cagó a trompadas|he is trying to get in"
)
NO_CRY = (
    "los que me siguen no se enteran de nada|las cuentas que me siguen, gracias|to apanhando chuva"
    "|alguien entró a la casa de la cultura|im trying to get in the room|he is kicking the ball"
    "|me acaba de llegar la lista|no avises a las 5|dont tell me"
)


@pytest.mark.parametrize("line", [*SECRET.split("|"), *TOLD.split("|")])
def test_it_is_a_cry(line: str) -> None:
    assert distress.find_help_kind(line) is HelpKind.DANGER
    assert distress.asks_secrecy(line) == (line in SECRET.split("|"))


@pytest.mark.parametrize("line", NO_CRY.split("|"))
def test_it_is_none(line: str) -> None:
    assert distress.find_help_kind(line) is None and not distress.asks_secrecy(line)


@pytest.mark.parametrize("line", [*SECRET.split("|")[:4], *TOLD.split("|")[:3]])
async def test_whoever_writes_it_is_asked_and_a_yes_calls(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    assert ASKED in "".join(post.plain for post in await talk.said())
    await talk.tells("bea", "si")
    assert any("pide ayuda" in post.plain and line in post.plain for post in await talk.said())


@pytest.mark.parametrize("line", SECRET.split("|")[:4])
async def test_the_room_keeps_no_secret_cry(talk: Talk, line: str) -> None:
    own = await talk.private("bea")
    await talk.says("bea", f"minga {line}")
    posts = await talk.sent()
    assert [post.kind for post in posts if post.room == ROOM] == ["redact"]
    assert ASKED in "".join(post.plain for post in posts if post.room == own)
