"""Set-ups whose account, devices, rooms or runs are broken (rows 81 to 96)."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import pytest

from bot.matrix.run_record import CLAIM_TYPE
from bot.types import RoomId
from storage import rooms
from storage.database import Tx
from storage.files import lock
from storage.membership import removals, room_state
from tests.operate.doctor.homeserver import ANA, ME
from tests.operate.doctor.rows_config import begin_anew
from tests.operate.doctor.rows_data import OCCUPIED
from tests.operate.doctor.scene import KEY, Bot, row, secret

ROOM = RoomId("!room:one.example")
SIGNED_OUT = r"does not accept the bot's login any more: its device was signed out\."


def device(bot: Bot) -> str:
    (found,) = bot.server.logins.values()
    return found


@row(81, "device signed out elsewhere", SIGNED_OUT + r".*: minga init --new-device$")
def signed_out(bot: Bot) -> None:
    bot.server.end(device(bot))


@row(82, "account deactivated", r"account was deactivated.*bring it back.*minga init --new-device")
def deactivated(bot: Bot) -> None:
    bot.server.is_deactivated = True


@row(
    83, "signed out, password wrong", SIGNED_OUT + r".*put the right.*Then: minga init --new-device"
)
def signed_out_and_changed(bot: Bot) -> None:
    signed_out(bot)
    bot.server.password = "another one"


def foreign_identity(bot: Bot) -> dict[str, Any]:
    key = {"ed25519:" + "A" * 43: "A" * 43}
    return {"user_id": ME, "usage": ["master"], "keys": key}


@row(84, "account that Element cross-signed", OCCUPIED + ".*minga init --new-identity")
def used_by_element(bot: Bot) -> None:
    begin_anew(bot)
    bot.server.keys.masters[ME] = foreign_identity(bot)


@row(85, "init twice in two folders", OCCUPIED + ".*minga init --new-identity")
def second_folder(bot: Bot) -> None:
    there = bot.folder.with_name("second")
    shutil.copytree(bot.folder, there, ignore=lambda *_: ["data", "key"])
    secret(there / "secrets/key", KEY)
    bot.folder = there


@row(86, "operating.md's block in its order", OCCUPIED + ".*minga init --new-identity")
def unit_before_data(bot: Bot) -> None:
    bot.environment["MINGA_STORAGE__DATA_DIR"] = str(bot.folder / "var-lib-minga")
    (bot.folder / "var-lib-minga").mkdir(mode=0o700)


def another_run(bot: Bot, **more: object) -> None:
    record = {"run": "f" * 32, "device": "ANOTHER", "since": int(time.time()) - 90}
    bot.server.tell(CLAIM_TYPE, record | {"stopped": "", "over": ""} | more)


@row(
    87,
    "two bots on one account",
    r"Another bot took over this account on .*device ANOTHER.*--take-over",
)
def two_bots(bot: Bot) -> None:
    another_run(bot)


@row(
    88,
    "whole folder copied, not started",
    r"is a copy of another folder.*stops for good",
    kind="note",
)
def copied(bot: Bot) -> None:
    there = bot.folder.with_name("copy")
    shutil.copytree(bot.folder, there)
    bot.folder = there


def mark_live(bot: Bot, seconds_ago: float) -> None:
    async def work(tx: Tx) -> None:
        await tx.run("INSERT OR REPLACE INTO live VALUES (1, ?)", time.time() - seconds_ago)

    bot.change_data(work)


@row(
    89,
    "bot frozen",
    r"runs, but has read nothing from the homeserver since .*systemctl restart minga",
)
def frozen(bot: Bot) -> None:
    mark_live(bot, 600)
    bot.held.enter_context(lock.hold(bot.data))


def enter_room(bot: Bot, *events: tuple[str, str, dict[str, Any]], joined: bool = True) -> None:
    """The bot is in “Sala”, with these events of state (type, key, content) besides."""
    state = [
        ("m.room.create", "", {"room_version": "11"}),
        ("m.room.name", "", {"name": "Sala"}),
        ("m.room.member", ME, {"membership": "join"}),
        ("m.room.member", ANA, {"membership": "join"}),
        ("m.room.power_levels", "", {"users": {ANA: 100}}),
        ("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"}),
    ]
    told = {(kind, key): content for kind, key, content in (*state, *events)}
    every = [
        {"type": kind, "state_key": key, "content": content, "sender": ANA}
        for (kind, key), content in told.items()
    ]

    async def work(tx: Tx) -> None:
        await rooms.mark_joined(tx, ROOM, datetime.now(UTC))
        await room_state.apply_state(tx, ROOM, every, whole=True)

    bot.change_data(work)


@row(90, "bot has no power to write", r"In “Sala” the bot may not write.*A moderator of the room")
def no_power(bot: Bot) -> None:
    enter_room(bot, ("m.room.power_levels", "", {"users": {ANA: 100}, "events_default": 50}))


@row(91, "bot thrown out of the room", r"taken out of “Sala” on .*invite it again", kind="note")
def thrown_out(bot: Bot) -> None:
    enter_room(bot)

    async def work(tx: Tx) -> None:
        assert await removals.is_kept_for(tx, ROOM)
        await removals.note(tx, ROOM, datetime.now(UTC))
        await rooms.mark_left(tx, ROOM)

    bot.change_data(work)


@row(92, "room without encryption", r"“Sala” is not encrypted: the bot keeps quiet there.*settings")
def no_encryption(bot: Bot) -> None:
    enter_room(bot, ("m.room.encryption", "", {}))


@row(
    93,
    "member with unsigned device",
    r"People whose device nobody confirmed: 1\..*help room",
    kind="note",
)
def unsigned_device(bot: Bot) -> None:
    async def work(tx: Tx) -> None:
        await tx.run("INSERT INTO help_room VALUES (?, ?, 0, 1, 0)", "!help:one.example", ANA)

    bot.change_data(work)


@row(
    94,
    "backup written into data_dir",
    r"data/mine is a backup and lies beside its data.*mv \S*mine",
)
def backup_inside(bot: Bot) -> None:
    said = bot.minga("backup", bot.folder / "mine")
    assert said.status == 0, said.text
    (bot.folder / "mine").rename(bot.data / "mine")


@row(
    95,
    "restored, not started, old one alive",
    r"Another bot .*device ANOTHER.*stops for good",
    kind="note",
)
def restored(bot: Bot) -> None:
    said = bot.minga("backup", bot.folder / "mine")
    assert said.status == 0, said.text
    shutil.rmtree(bot.data)
    said = bot.minga("restore", bot.folder / "mine")
    assert said.status == 0, said.text
    another_run(bot)


@row(96, "tzdata package missing", r"The package tzdata is missing: install the bot anew")
def no_time_zones(bot: Bot) -> None:
    def version(name: str) -> str:
        if name == "tzdata":
            raise metadata.PackageNotFoundError(name)
        return known(name)

    known = metadata.version
    patch = bot.held.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(metadata, "version", version)
