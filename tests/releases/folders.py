"""What a version leaves on disk of two linked networks in the middle of everything.

FOLDER then holds `a` and `b`, the data folders of the networks, `a.backup`, which `minga backup`
made of `a` an hour later, `key`, the key file of both, and `homeserver.json`, what the homeserver
knows. `tests/storage/test_old_data.py` goes on from there.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.operate import cli
from bot.testing import fake_machine
from bot.testing.talk import ROOM
from bot.types import UserId
from storage.encryption import keys as keyring
from storage.encryption import root_key, secret_files
from storage.encryption.backup_keys import Opener, open_file_key
from storage.files.backup_format import read_backup_info
from tests.links.between import Between
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, person
from tests.releases.networks import (
    KITCHEN,
    PEOPLE,
    Linked,
    closed_polls,
    events,
    people,
    polls,
    things,
    together,
    unsent,
)

SECRET = hashlib.sha256(b"the key of the test data").hexdigest()
"""The key of the test data: everybody may know it."""
CONFIG = """
[matrix]
homeserver = "https://matrix.example.org"
user_id = "@minga:a"
password_file = "password"
[network]
name = "Red A"
language = "es"
timezone = "America/Bogota"
moderators = ["@ana:test"]
[storage]
data_dir = "a"
key_file = "key"
"""
# --- the key store --------------------------------------------------------------------------------


@dataclass
class Bot(Person):
    """The bot's own device: its key store is the one beside the database."""

    keys: keyring.Keys | None = None

    def _open(self) -> CryptoMachine:
        assert self.keys is not None
        path = self.folder / keyring.KEY_STORE
        return CryptoMachine.open(
            path,
            self.user,
            self.device,
            db_key=self.keys.niodb,
            pickle_key=self.keys.nio_pickle,
            clock=self.clock,
        )


async def key_store(data: Path, scratch: Path, keys: keyring.Keys) -> dict[str, Any]:
    """Ana has said two things to the bot's device, which heard the first one only."""
    server = KeyServer()
    bot = Bot(server, data, UserId("@minga:one.example"), "BOT", keys=keys)
    await bot.machine.maintain(bot.http)
    await bot.sign()
    ana = await person(server, scratch, "ana")
    for one, other in ((bot, ana), (ana, bot)):
        await one.machine.query_devices(one.http, [other.user])
    first = await ana.say("hola", [bot])
    bot.sync()
    assert bot.hear(first).content["body"] == "hola"
    second = await ana.say("sigo aquí", [bot])
    bot.machine.close()
    ana.machine.close()
    return {"heard": first, "waits": second, "user": bot.user, "device": bot.device}


# --- the files ------------------------------------------------------------------------------------


def homeserver(world: Between) -> dict[str, Any]:
    """What stays outside of the data folders, as JSON."""
    found: dict[str, Any] = {"inside": {r: sorted(who) for r, who in world.inside.items()}}
    found["asked"] = sorted(map(list, world.asked))
    for bot, talk in world.talks.items():
        gateway = talk.gateway
        found[bot] = {
            "posted": [
                [txn, p.room, p.kind, p.content, p.event] for txn, p in gateway.posted.items()
            ],
            "made": gateway.made,
            "opened": gateway.opened,
            "state": [[*key, content] for key, content in gateway.state.items()],
            "others": [[*key, content] for key, content in gateway.others.items()],
            "stamps": {event: at.isoformat() for event, at in gateway.stamps.items()},
            "masters": gateway.masters,
            "left": sorted(gateway.left),
            "files": {url: text_of(data) for url, data in gateway.files.items()},
        }
    return found


def text_of(data: bytes) -> str:
    """Receipts, results and calendars as they are; of a picture nothing."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""


async def live(world: Between) -> dict[str, Any]:
    """All of it; what the homeserver knows in the end."""
    await world.link("a", "b")
    talk = world.of("a")
    await talk.room(ROOM, "Sala", [*PEOPLE], {"ana": 50})
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    numbers: dict[str, Any] = {}
    for part in (closed_polls, events, things, people, polls):
        numbers |= await part(world)
        talk.clock.at += timedelta(minutes=3)
    numbers |= await together(world, numbers["workshop"])
    await world.flow()
    numbers |= await unsent(world)
    return homeserver(world) | {"numbers": numbers, "now": talk.clock.at.isoformat()}


async def write(folder: Path) -> str:
    """Write all but the backup. Return the moment at which it ends there."""
    folder.mkdir(mode=0o700)
    (folder / "key").touch(mode=0o600)
    (folder / "key").write_text(SECRET + "\n")
    (folder / "config.toml").write_text(CONFIG)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text("secret")
    keys = root_key.unlock(folder / "a", key_file=folder / "key", create=True)
    fake_machine.KEY = keys.db
    scratch = folder / "scratch"
    scratch.mkdir()
    store = await key_store(folder / "a", scratch, keys)
    world = await Linked.start(scratch, "a", "b", language="es")
    try:
        known = await live(world) | {"keys": store}
    finally:
        await world.close(leaves_files=True)
    for name in ("a", "b"):
        secret_files.make_private_folder(folder / name)
        (scratch / name / "m.db").rename(folder / name / keyring.DATABASE)
    known["secrets"] = {"minga.db": keys.db.hex(), "matrix.db": keys.niodb.hex()}
    known["secrets"] |= {"backed up": keys.bare_db.hex()}
    (folder / "b" / keyring.HEADER).write_bytes((folder / "a" / keyring.HEADER).read_bytes())
    (folder / "homeserver.json").write_text(json.dumps(known, ensure_ascii=False, indent=0))
    return str(known["now"])


def back_up(folder: Path, now: str) -> None:
    """By the command that the operator types, an hour later."""
    config, target = folder / "config.toml", folder / "a.backup"
    with time_machine.travel(datetime.fromisoformat(now) + timedelta(hours=1)):
        cli.main(["backup", "--config", str(config), str(target)], standalone_mode=False)
    info = read_backup_info(target)
    opener = Opener(key_file=folder / "key")
    known = json.loads((folder / "homeserver.json").read_text())
    known["secrets"]["a.backup"] = open_file_key(info.recipients, info.salt, opener).hex()
    (folder / "homeserver.json").write_text(json.dumps(known, ensure_ascii=False, indent=0))
