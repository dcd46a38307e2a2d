"""`minga ready`: what a health check is told, and its exit status."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.operate import cli
from bot.operate.config import load_config
from bot.testing.talk import Talk
from tests.operate.test_config import LEAST, mistakes, write
from tests.operate.watch.scene import lookout
from tests.operate.watch.test_http_port import ready, serving


async def ask(path: Path) -> Result:
    """In a thread, for the bot that is asked runs here."""
    words = ["ready", "--config", str(path)]
    return await asyncio.to_thread(CliRunner().invoke, cli.main, words)


def configured(folder: Path, listen: str, token: str = "") -> Path:
    more = f'[watch]\nlisten = "{listen}"\n'
    if token:
        more += 'token_file = "token"\n'
        (folder / "token").touch(mode=0o600)
        (folder / "token").write_text(f"{token}\n")
    return write(folder, LEAST + more)


async def test_it_says_whether_the_bot_is_ready(talk: Talk, tmp_path: Path) -> None:
    async with serving(lookout(talk)) as here:
        told = await ask(configured(tmp_path, here))
        assert told.exit_code == 1
        assert told.stderr == "The bot has not read yet what was said while it was off.\n"
    async with serving(await ready(talk)) as here:
        told = await ask(configured(tmp_path, here))
        assert (told.exit_code, told.output) == (0, "The bot reads and answers.\n")


async def test_it_shows_the_token_and_says_when_that_is_another(talk: Talk, tmp_path: Path) -> None:
    async with serving(await ready(talk), "right") as here:
        assert (await ask(configured(tmp_path, here, "right"))).exit_code == 0
        told = await ask(configured(tmp_path, here, "wrong"))
        assert (told.exit_code, told.stderr) == (
            1,
            "The bot runs with another token than the configuration names.\n",
        )


async def test_without_a_bot_or_a_port_the_status_is_one(tmp_path: Path) -> None:
    told = await ask(configured(tmp_path, "127.0.0.1:1"))
    assert (told.exit_code, told.stderr) == (1, "The bot does not answer.\n")
    told = await ask(write(tmp_path, LEAST))
    assert told.exit_code == 1
    assert "set listen =" in told.stderr
    told = await ask(tmp_path / "none.toml")
    assert told.exit_code == 1


@pytest.mark.parametrize(
    ("listen", "is_fine"),
    [
        ("127.0.0.1:9464", True),
        ("[::1]:9464", True),
        ("localhost:9464", True),
        ("127.0.0.1", False),
        ("127.0.0.1:0", False),
        ("127.0.0.1:99999", False),
        ("9464", False),
        ("monitor.example.org:9464", False),
        ("http://127.0.0.1:9464", False),
        ("127.0.0.1:9464/metrics", False),
        ("a@127.0.0.1:9464", False),
    ],
)
def test_where_it_listens_is_an_address_of_this_machine(
    tmp_path: Path, listen: str, is_fine: bool
) -> None:
    path = configured(tmp_path, listen)
    if is_fine:
        assert load_config(path).watch.listen == listen
        return
    (line,) = mistakes(path)
    assert line.startswith("watch.listen: it is not an address of this machine with a port")


@pytest.mark.parametrize("listen", ["0.0.0.0:9464", "[::]:9464", "192.168.1.7:9464"])
def test_others_can_ask_only_with_a_token(tmp_path: Path, listen: str) -> None:
    (line,) = mistakes(configured(tmp_path, listen))
    assert "where others than this machine can ask, token_file is needed too" in line
    assert load_config(configured(tmp_path, listen, "token")).watch.token() == "token"
