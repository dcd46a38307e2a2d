"""From a machine with Python only, and a homeserver as it is generated, to the first answer.

Timed: `dist/first-answer.txt` has the seconds of each step; docs/operating.md tells them. The steps
are those of the guide. Nothing was made before but the moderator's account.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.synapse import Homeserver
from tests.real.generated import Generated
from tests.real.plain import Member
from tests.real.test_operating_guide import ROOT, blocks, machine, paste
from tests.real.test_operator import bad

__all__ = ["machine"]
pytestmark = [pytest.mark.root, pytest.mark.full]
PASSWORD = "a long password"
MOST_SECONDS = 600
"""Of the machine, on one that does other things too; a person types for some minutes besides."""


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Homeserver]:
    """`synapse --generate-config`, with nothing changed but the port."""
    with Generated(tmp_path / "synapse") as started:
        yield started


async def test_from_python_alone_to_the_first_encrypted_answer(
    machine: Path, untouched: Homeserver
) -> None:
    ana = untouched.register("ana", PASSWORD)
    bot = "@minga:generated.example"
    answers = {
        "Homeserver": untouched.url,
        "The bot's account": "minga",
        "The network's name": "Red de la guía",
        "Its language": "es",
        "Its time zone": "bogota",
        "Its moderators": "ana",
        "Synapse's registration_shared_secret": untouched._secret(),
    }
    (steps,) = blocks("On a server with systemd")
    install, _, rest = steps.partition("mkdir")
    init, _, doctor = f"mkdir{rest}".rpartition("/opt/minga/bin/minga doctor")
    times: dict[str, float] = {}

    began = time.monotonic()
    await asyncio.to_thread(paste, machine, install)
    times["install"] = time.monotonic() - began
    said = await asyncio.to_thread(paste, machine, init, answers)
    times["minga init"] = time.monotonic() - began - times["install"]
    assert f"Created the account {bot}." in said
    assert "shown only now" in said, "the recovery key"
    assert "takes few messages at once" in said
    assert f"invites {bot} and writes: !ayuda" in said
    async with Member() as member:
        await member.login(untouched.url, ana, PASSWORD)
        started = time.monotonic()
        room = await member.create_room([bot])
        await member.joined(room, bot)
        asked = await member.send(room, "!ayuda")
        answer = await member.hears(
            lambda heard: heard.reply_to == asked and not heard.failure, 120, room=room, sender=bot
        )
        times["invited, asked and answered"] = time.monotonic() - started
        assert answer.encrypted
    times["all"] = sum(times.values())
    said = await asyncio.to_thread(paste, machine, f"/opt/minga/bin/minga doctor{doctor}")
    assert bad(said) == []
    lines = [f"{name}: {seconds:.1f} s" for name, seconds in times.items()]
    (ROOT / "dist").mkdir(exist_ok=True)
    (ROOT / "dist/first-answer.txt").write_text("\n".join(lines) + "\n")
    assert times["all"] < MOST_SECONDS, lines
