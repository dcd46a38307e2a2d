"""Data that an older version wrote, byte for byte, and conversations that go on from it.

`make record-release` packs those of a release (`tests/releases/record.py`). Encrypted pages can't
be made smaller: what is kept is what stands in them, with what encryption added (salts, IVs, MACs),
from which the very file is made again. Nothing here asks the project how its files are written,
which may change.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.capability.room_policy import Defaults
from bot.run.app import features
from bot.run.machine import upgrade_database
from bot.run.stages.limits import Limits
from bot.testing.fake_gateway import FakeGateway
from bot.testing.fake_machine import build_machine
from bot.testing.talk import KEY, FakeClock, PostedEvent, Talk, user_id
from bot.types import EventId, RoomId, UserId
from storage.database import Database, Tx
from storage.encryption import keys as keyring
from storage.encryption import live_salt, root_key
from tests.links.between import Between, bot_of

DATA = Path(__file__).parents[1] / "data"
PAGE, RESERVED, SALT = 4096, 80, 16
CHUNK, TAG, FRONT = 1 << 16, 16, len(b"MINGA-BACKUP 1\n") + 4
NAMES = (
    "a/key.json",
    "a/minga.db",
    "a/matrix.db",
    "b/key.json",
    "b/minga.db",
    "a.backup",
    "key",
    "config.toml",
    "password",
    "homeserver.json",
)


# --- SQLCipher's pages and the backup's chunks ----------------------------------------------------


def _page(raw: bytes, key: bytes, *, first: bool, closing: bool) -> bytes:
    """What stands in a page, encrypted (`closing`) or decrypted; all else stays as it is."""
    start, end = SALT if first else 0, PAGE - RESERVED
    cipher = Cipher(algorithms.AES(key), modes.CBC(raw[end : end + 16]))
    work = cipher.encryptor() if closing else cipher.decryptor()
    return raw[:start] + work.update(raw[start:end]) + work.finalize() + raw[end:]


def pages(raw: bytes, key: bytes, *, closing: bool) -> bytes:
    every = range(0, len(raw), PAGE)
    return b"".join(_page(raw[at : at + PAGE], key, first=not at, closing=closing) for at in every)


def _chunks(
    front: bytes, key: bytes, length: int, whole: int
) -> Iterator[tuple[AESGCM, bytes, int]]:
    """For each chunk the cipher, its nonce, and where it begins."""
    salt = bytes.fromhex(json.loads(front[FRONT:])["salt"])
    info = b"minga backup " + front[len(b"MINGA-BACKUP ") :][:1]
    cipher = AESGCM(HKDF(SHA256(), 32, salt=salt, info=info).derive(key))
    starts = range(0, whole, length)
    for number, at in enumerate(starts):
        yield cipher, number.to_bytes(11, "big") + bytes([at == starts[-1]]), at


def _front(raw: bytes) -> bytes:
    return raw[: FRONT + int.from_bytes(raw[FRONT - 4 : FRONT], "big")]


def _database_start(plain: bytes) -> int:
    """Where the database begins in a backup: since the second format after a line of its own."""
    start = len(_front(plain))
    return start if plain.startswith(b"MINGA-BACKUP 1") else plain.index(b"\n", start) + 1


def unsealed(raw: bytes, key: bytes) -> bytes:
    front, step = _front(raw), CHUNK + TAG
    rest = raw[len(front) :]
    made = [
        cipher.decrypt(nonce, rest[at : at + step], front)
        for cipher, nonce, at in _chunks(front, key, step, len(rest))
    ]
    return front + b"".join(made)


def sealed(raw: bytes, key: bytes) -> bytes:
    front = _front(raw)
    rest = raw[len(front) :]
    made = [
        cipher.encrypt(nonce, rest[at : at + CHUNK], front)
        for cipher, nonce, at in _chunks(front, key, CHUNK, len(rest))
    ]
    return front + b"".join(made)


def _backed_up_key(secrets: dict[str, str]) -> bytes:
    """The key of the database in the backup: without the live salt, which the oldest had not."""
    return bytes.fromhex(secrets.get("backed up", secrets["minga.db"]))


def opened(name: str, raw: bytes, secrets: dict[str, str]) -> bytes:
    """The file as it is kept."""
    if name == "a.backup":
        plain = unsealed(raw, bytes.fromhex(secrets[name]))
        start = _database_start(plain)
        return plain[:start] + pages(plain[start:], _backed_up_key(secrets), closing=False)
    key = secrets.get(Path(name).name)
    return pages(raw, bytes.fromhex(key), closing=False) if key else raw


def closed(name: str, plain: bytes, secrets: dict[str, str]) -> bytes:
    """The file as it was."""
    if name == "a.backup":
        start = _database_start(plain)
        inner = pages(plain[start:], _backed_up_key(secrets), closing=True)
        return sealed(plain[:start] + inner, bytes.fromhex(secrets[name]))
    key = secrets.get(Path(name).name)
    return pages(plain, bytes.fromhex(key), closing=True) if key else plain


def pack(commit: str, folder: Path) -> None:
    secrets = json.loads((folder / "homeserver.json").read_text(encoding="utf-8"))["secrets"]
    sums = {}
    with tarfile.open(DATA / commit / "data.tar.xz", "w:xz", preset=9) as archive:
        for name in NAMES:
            raw = (folder / name).read_bytes()
            sums[name] = hashlib.sha256(raw).hexdigest()
            plain = opened(name, raw, secrets)
            assert closed(name, plain, secrets) == raw, name
            entry = tarfile.TarInfo(name)
            entry.size = len(plain)
            archive.addfile(entry, io.BytesIO(plain))
    text = "".join(f"{total}  {name}\n" for name, total in sums.items())
    (DATA / commit / "sha256").write_text(text, encoding="utf-8")


@cache
def files(commit: str) -> dict[str, bytes]:
    """All of it, each file as it was written."""
    with tarfile.open(DATA / commit / "data.tar.xz") as archive:
        found = {name: archive.extractfile(name) for name in archive.getnames()}
        plain = {name: file.read() for name, file in found.items() if file is not None}
    secrets = json.loads(plain["homeserver.json"])["secrets"]
    made = {name: closed(name, text, secrets) for name, text in plain.items()}
    lines = (DATA / commit / "sha256").read_text(encoding="utf-8").splitlines()
    sums = {name: total for total, name in (line.split("  ") for line in lines)}
    assert {name: hashlib.sha256(raw).hexdigest() for name, raw in made.items()} == sums
    return made


def put(commit: str, folder: Path) -> None:
    """The files as they lay on that machine, closed to others."""
    for name, raw in files(commit).items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(raw)


# --- conversations that go on ---------------------------------------------------------------------


FACTS = {
    "help:!help:test": "@eva:test",
    "help:!closed:test": "@bea:test",
    "help:!former:test": "gone",
    "helping:@eva:test": "!help:test",
    "helped:@eva:test": "1795619160.25",
    "helped:@bea:test": "1795532760.0",
    "unread:@eva:test": "1795619170.5",
    "unread:@fede:test": "1795619180.0",
    "unsure:@eva:test": "yes",
    "unsure:@gala:test": "yes",
    "by:!new:test": "@ana:test",
    "by:!private:test": "@bea:test",
    "direct:!private:test": "yes",
    "asked:@gala:test": "1795619160.5",
    "moved:!former:test": "!next:test",
    "behind:!quiet:test": "1795619160.75",
    "behind:!first:test": "",
    "restored": '{"made": "2026-11-25T16:11:00+00:00", "at": "2026-11-25T18:00:00+00:00"}',
    "new-identity": "2026-11-25T16:12:00.500000+00:00",
    "ending": "yes",
    "runs": '{"runs": ["one", "two"], "folder": "f", "over": "w", "stale": true, "why": "gone"}',
    "tzdata": "2025.2",
    "tidied": "2026-11-25",
    "look:!door:test": "yes",
    "many_knock:!door:test": "7",
    "many_knock:!gate:test": "8",
    "crowd:!sala:test:far.example:8448": "2026-11-25T16:13:00+00:00 3",
    "many_wait": "yes",
    "no_companion": "2026-11-25T16:14:00+00:00",
    "telling": "yes",
    "stuck_told": "2026-11-25 4",
}
"""One of each kind that the catch-all table of that time could hold."""


async def add_facts(path: Path, key: bytes) -> None:
    """Put all of these into a database that was not migrated yet."""
    db = await Database.open(path, key, create=False)
    async with db.transaction() as tx:
        await tx.many("INSERT OR REPLACE INTO fact VALUES (?, ?)", [*FACTS.items()])
    await db.close()


Add = Callable[[Tx, float], Awaitable[None]]
_BEGUN: dict[tuple[str, str, Add | None], bytes] = {}


async def begin_both(folder: Path, commit: str, add: Add | None = None) -> None:
    """Both networks' folders as the program leaves them at its start: done once, then copied.

    `add` puts more into the first one's database before, at the moment of the data.
    """
    put(commit, folder)
    for name, adding in (("a", add), ("b", None)):
        path, made = folder / name / keyring.DATABASE, (commit, name, adding)
        if made not in _BEGUN:
            if adding is not None:
                await _add(folder, commit, adding)
            await begin(folder / name, folder / "key")
            _BEGUN[made] = path.read_bytes()
        path.write_bytes(_BEGUN[made])


async def _add(folder: Path, commit: str, add: Add) -> None:
    key = root_key.unlock(folder / "a", key_file=folder / "key").bare_db
    now = datetime.fromisoformat(json.loads(files(commit)["homeserver.json"])["now"])
    db = await Database.open(folder / "a" / keyring.DATABASE, key, create=False)
    async with db.transaction() as tx:
        await add(tx, now.timestamp())
    await db.close()


async def begin(data: Path, key_file: Path) -> None:
    """As the program begins with a folder; then the database has the key of conversations."""
    keys = await live_salt.ensure_live_salt(data, root_key.unlock(data, key_file=key_file))
    db = await Database.open(data / keyring.DATABASE, keys.db, create=False)
    await upgrade_database(db, features())
    await db.rekey(KEY)
    await db.close()


def gateway_of(bot: UserId, known: dict[str, Any], clock: FakeClock) -> FakeGateway:
    """The homeserver as it was, where nothing that was sent before is sent again."""
    gateway = FakeGateway(bot, now=clock.now, _count=count(10_000))
    for txn, room, kind, content, event in known["posted"]:
        gateway.posted[txn] = PostedEvent(RoomId(room), kind, content, EventId(event))
    gateway.made = [(RoomId(room), UserId(who)) for room, who in known["made"]]
    gateway.opened = known["opened"]
    gateway.files = {url: text.encode() for url, text in known["files"].items()}
    gateway.masters = known["masters"]
    gateway.left = set(known["left"])
    gateway.stamps = {e: datetime.fromisoformat(at) for e, at in known["stamps"].items()}
    for mine, theirs in ((gateway.state, known["state"]), (gateway.others, known["others"])):
        mine |= {(RoomId(room), kind, key): content for room, kind, key, content in theirs}
    return gateway


async def talk_of(folder: Path, name: str, known: dict[str, Any]) -> Talk:
    """One network, at the moment of its data."""
    bot = bot_of(name)
    clock = FakeClock(datetime.fromisoformat(known["now"]))
    gateway = gateway_of(bot, known[bot], clock)
    defaults = Defaults("es", "America/Bogota", frozenset({user_id("ana")}), f"Red {name.upper()}")
    path, limits = folder / name / keyring.DATABASE, Limits(0)
    machine = await build_machine(path, gateway, clock, features(), defaults, limits)
    talk = Talk(machine, path, clock, gateway, features(), defaults, limits)
    talk._heard, talk._ids = len(gateway.posted), count(10_000)
    talk._joined, talk._entered = len(gateway.made), len(gateway.opened)
    return talk


@dataclass(slots=True)
class Old:
    """Both networks of the data, linked, and the numbers of what is under way."""

    world: Between
    known: dict[str, Any]

    @classmethod
    async def start(cls, folder: Path, commit: str) -> Old:
        """From the folders in `folder`, whose databases have begun."""
        known = json.loads(files(commit)["homeserver.json"])
        world = Between(ids=count(10_000))
        for name in ("a", "b"):
            bot = bot_of(name)
            world.talks[bot], world.heard[bot] = await talk_of(folder, name, known), []
        world.inside = {RoomId(r): set(who) for r, who in known["inside"].items()}
        world.asked = {(RoomId(r), UserId(who)) for r, who in known["asked"]}
        return cls(world, known)

    @property
    def talk(self) -> Talk:
        return self.world.of("a")

    def __getitem__(self, name: str) -> int:
        return int(self.known["numbers"][name])

    def heard(self) -> list[PostedEvent]:
        """What the first network's bot did since, and forget it."""
        every = self.world.heard[self.talk.gateway.me]
        found = [*every]
        every.clear()
        return found

    async def answer(self, who: str, line: str, *, private: bool = False) -> str:
        """What is said to anybody after a line of somebody, in the room or in private."""
        self.heard()
        await (self.talk.tells if private else self.talk.says)(who, line)
        await self.world.flow()
        return "\n".join(post.plain for post in self.heard())

    async def later(self, hours: int) -> list[PostedEvent]:
        """Time passes in both networks, hour by hour; what the first one did."""
        for _hour in range(hours):
            for talk in self.world.talks.values():
                await talk.wait(timedelta(hours=1))
            await self.world.flow()
        return self.heard()
