"""Doctor says where a running bot does not answer monitoring, and is quiet where it does."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.operate.config import load_config
from bot.operate.doctor.checks import _port
from bot.testing.talk import Talk
from tests.operate.test_config import LEAST, write
from tests.operate.watch.scene import lookout
from tests.operate.watch.test_http_port import serving
from tests.operate.watch.test_ready_command import configured


async def test_a_port_that_answers_is_fine_ready_or_not(talk: Talk, tmp_path: Path) -> None:
    async with serving(lookout(talk), "token") as here:
        config = load_config(configured(tmp_path, here, "token"))
        assert await asyncio.to_thread(_port, config) == []
        (tmp_path / "token").write_text("another")
        (found,) = await asyncio.to_thread(_port, config)
        assert not found.is_fine


def test_a_port_that_does_not_answer_is_bad(tmp_path: Path) -> None:
    (found,) = _port(load_config(configured(tmp_path, "127.0.0.1:1")))
    assert not found.is_fine
    assert "does not answer at watch.listen (127.0.0.1:1)" in found.what


def test_what_was_not_set_or_cannot_be_read_is_no_matter_of_the_port(tmp_path: Path) -> None:
    assert _port(load_config(write(tmp_path, LEAST))) == []
    path = configured(tmp_path, "127.0.0.1:1", "token")
    (tmp_path / "token").chmod(0o644)
    assert _port(load_config(path)) == []
