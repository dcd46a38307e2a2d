"""A conversation of a network that has a folder for what is public."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.capability.discovery import features
from bot.capability.room_policy import PublicFolder
from bot.testing.fake_gateway import BOT
from bot.testing.talk import Talk
from bot.types import UserId
from commands.public_site.log.folder_check import check_folder

NOW = timedelta(0)
ADDRESS = "https://red.example.org/"


@asynccontextmanager
async def talk_with_folder(
    path: Path,
    *,
    address: str = ADDRESS,
    templates: Path | None = None,
    bot: UserId = BOT,
    later: int = 0,
) -> AsyncIterator[Talk]:
    """Yield a conversation; its folder is `path / "public"`.

    `later`: one on the books of another before it, whose events it does not repeat.
    """
    folder = path / "public"
    folder.mkdir(exist_ok=True)
    talk = await Talk.start(
        path / "minga.db",
        features(),
        public=PublicFolder(folder, address, templates),
        bot=bot,
    )
    talk._ids = count(later)
    try:
        yield talk
    finally:
        await talk.close(leaves_file=True)


async def publish(talk: Talk, number: int, text: str, room_says: bool = True) -> None:
    """Plan an event and make it public."""
    await talk.says("ana", f"!evento {text} en {43 + 7 * number} horas lugar: Plaza")
    await talk.says("ana", f"!publicar {number}")
    await talk.says("ana", "sí")
    await talk.sent()
    if room_says:
        await talk.wait(NOW)


def faults(folder: Path) -> list[str]:
    """Return what `minga verify-folder` would say is wrong."""
    check = check_folder(folder)
    return [line.in_english() for line in check.wrong]


def copy_of(folder: Path, name: str) -> Path:
    """Return a copy of a folder beside it."""
    made = folder.with_name(name)
    shutil.copytree(folder, made)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
