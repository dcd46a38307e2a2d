"""The steps of docs/operating.md, pasted in their order, end in a bot that answers.

All is real but systemctl and where the paths begin: a venv, pip with the lock's hashes, the program
that it installs, a Synapse as it is generated, a unit that runs as a user of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.demo.synapse import Homeserver
from storage.encryption.keys import DATABASE
from tests.real import systemctl
from tests.real.plain import Member
from tests.real.test_first_day import an_account, devices
from tests.real.test_first_day import answers as options
from tests.real.test_operator import bad, minga, secret

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.root
PATHS = re.compile(r"(?<![\w./])/(opt|etc|var/lib)/")


def blocks(section: str) -> list[str]:
    """The code of one section of the guide, to be pasted."""
    text = (ROOT / "docs/operating.md").read_text()
    chapter = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```\n(.+?)^```$", chapter, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def machine() -> Iterator[Path]:
    """A root folder that any user may walk into, and commands that stand in for systemd's."""
    root = Path(tempfile.mkdtemp(prefix="minga-guide-"))
    root.chmod(0o755)
    for folder in ("opt", "etc/systemd/system", "var/lib", "run", "bin"):
        (root / folder).mkdir(parents=True, mode=0o755)
    stand_in = root / "bin/systemctl"
    stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} {systemctl.__file__} {root} "$@"\n')
    stand_in.chmod(0o755)
    (root / "bin/python3").symlink_to(Path(sys.executable).resolve())
    yield root
    systemctl.stop(root)
    shutil.rmtree(root)


def paste(machine: Path, text: str, answers: dict[str, str] | None = None) -> str:
    """Type these lines into a shell of root's, and the answers at their questions."""
    script = machine / "pasted"
    script.write_text("set -e\n" + PATHS.sub(rf"{machine}/\1/", text))
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MINGA_")}
    environment["PATH"] = f"{machine / 'bin'}:/usr/bin:/bin"
    with subprocess.Popen(  # noqa: S603
        ["/bin/bash", str(script)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    ) as process:
        os.close(slave)
        said, asked = "", dict(answers or {})
        with contextlib.suppress(OSError):  # the terminal is gone: all has ended
            while chunk := os.read(master, 4096):
                said += chunk.decode(errors="replace")
                for question in [q for q in asked if re.search(rf"{re.escape(q)}[^\n]*: $", said)]:
                    os.write(master, asked.pop(question).encode() + b"\n")
        os.close(master)
    assert process.returncode == 0, said
    assert not asked, said
    return said


@pytest.fixture
async def ana(generated: Homeserver) -> AsyncIterator[Member]:
    account = an_account(generated, "ana")
    async with Member() as member:
        await member.login(*account.door)
        yield member


async def answered(ana: Member, room: str, bot: str) -> None:
    await ana.send(room, "!estado")
    await ana.hears("Aquí estoy", 60, room=room, sender=bot)


async def test_the_steps_pasted_in_order_end_in_a_bot_that_answers(
    machine: Path, generated: Homeserver, ana: Member
) -> None:
    account = an_account(generated, "guide")
    answers = {
        "Homeserver": generated.url,
        "The bot's account": account.id,
        "Its password": account.password,
        "The network's name": "Red de la guía",
        "Its language": "es",
        "Its time zone": "America/Bogota",
        "Its moderators": ana.user,
    }
    (steps,) = blocks("On a server with systemd")
    said = await asyncio.to_thread(paste, machine, steps, answers)
    assert "The bot runs now" in said
    assert f"invites {account.id} and writes: !ayuda" in said
    assert bad(said) == []
    room = await ana.create_room([account.id])
    await ana.joined(room, account.id)
    await answered(ana, room, account.id)
    await ends_as_root_and_goes_on_as_its_user(machine, ana, room, account.id)
    assert devices(account) == 1


async def ends_as_root_and_goes_on_as_its_user(
    machine: Path, ana: Member, room: str, bot: str
) -> None:
    """Each repair of the guide, made by root on the unit's folder, leaves what the unit reads."""
    program = "/opt/minga/bin/minga"
    config = "--config /etc/minga/config.toml"
    data = machine / "var/lib/minga"

    def belongs() -> bool:
        return {p.stat().st_uid for p in (data, *data.rglob("*"))} == {systemctl.USER}

    backup = machine / "var/lib/copy"
    await asyncio.to_thread(paste, machine, f"{program} backup {config} {backup}")
    assert belongs()
    repair = f"systemctl stop minga\n{program} init --new-device {config}\nsystemctl start minga"
    await asyncio.to_thread(paste, machine, repair)
    assert belongs()
    await answered(ana, room, bot)
    repair = (
        f"systemctl stop minga\nmv {data} {data}.old\n{program} restore {config} {backup}\n"
        f"{program} init {config}\nsystemctl start minga\n{program} doctor {config}"
    )
    said = await asyncio.to_thread(paste, machine, repair)
    assert bad(said) == []
    assert (data / DATABASE).exists()
    assert belongs()
    await answered(ana, room, bot)


async def test_what_root_leaves_in_a_folder_of_another_user_is_that_users(
    machine: Path, generated: Homeserver
) -> None:
    """As in a container's volume: configuration, secrets and data belong to whoever runs it."""
    folder = machine / "var/lib/volume"
    folder.mkdir(mode=0o700)
    os.chown(folder, 65_534, 65_534)
    account = an_account(generated, "volume")
    await minga("init", *options(account, folder))
    owners = {str(p): p.stat().st_uid for p in folder.rglob("*")}
    assert set(owners.values()) == {65_534}, owners
    link = folder / "data/link"
    outside = secret(machine / "outside", "not theirs")
    link.symlink_to(outside)
    os.link(outside, folder / "data/hard")
    await minga("doctor", "--config", folder / "config.toml", status=1)
    await minga("backup", "--config", folder / "config.toml", folder / "copy")
    assert outside.stat().st_uid == 0, "a link does not lead out of the folder"
