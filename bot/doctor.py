"""`minga doctor`: what is wrong, in plain words, one line each. It only looks."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.config import Config, ConfigError, load
from storage import lock
from storage.database import Database, Tx, WrongKey
from storage.keys import Keys, SecretError, is_private, read_header, unlock

ROOM_ON_DISK = 200 * 2**20
CLOCK_MAY_DIFFER = timedelta(seconds=30)
ZONES_MAY_AGE = timedelta(days=2 * 365)
SESSION = "matrix-session"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `note`: worth knowing, nothing to mend."""

    what: str
    fine: bool = True
    note: bool = False

    def __str__(self) -> str:
        mark = "note" if self.note else "ok  " if self.fine else "BAD "
        return f"{mark} {self.what}"


def bad(what: str) -> Finding:
    return Finding(what, fine=False)


def note(what: str) -> Finding:
    return Finding(what, note=True)


async def examine(path: Path) -> list[Finding]:
    """Every check that can be made; those that need what is broken are left out."""
    found = [*_program()]
    try:
        config = load(path)
    except ConfigError as error:
        return [*found, *(bad(line) for line in str(error).splitlines())]
    found.append(Finding(f"The configuration {path} can be used."))
    found += _files(config)
    found += _machine(config)
    keys, finding = _keys(config)
    found.append(finding)
    found += [f async for f in _database_and_login(config, keys)]
    return found


# --- this machine --------------------------------------------------------------------------------


def _program() -> list[Finding]:
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("minga", "matrix-nio", "tzdata")
    )
    found = [Finding(f"{versions}, Python {sys.version.partition(' ')[0]}.")]
    zones = importlib.metadata.version("tzdata")
    released = datetime(int(zones.partition(".")[0]), 1, 1, tzinfo=UTC)
    if datetime.now(UTC) - released > ZONES_MAY_AGE:
        found.append(bad(f"The time zones are old ({zones}): upgrade the package tzdata."))
    return found


def _files(config: Config) -> list[Finding]:
    named = {
        "matrix.password_file": config.matrix.password_file,
        "matrix.access_token_file": config.matrix.access_token_file,
        "storage.passphrase_file": config.storage.passphrase_file,
        "storage.key_file": None if config.storage.passphrase_file else config.storage.key_file,
    }
    found: list[Finding] = []
    for key, file in named.items():
        if file is None:
            continue
        if not file.exists():
            found.append(bad(f"{key}: {file} is missing."))
        elif not is_private(file):
            found.append(bad(f"{key}: others can read {file}. Mend it: chmod 600 {file}"))
    if config.storage.data_dir.exists():
        found += _open_to_others(config.storage.data_dir)
    return found or [Finding("The secrets are there, and nobody else can read them.")]


def _open_to_others(data: Path) -> list[Finding]:
    found = []
    if data.stat().st_mode & 0o077:
        found.append(bad(f"Others can look into {data}. Mend it: chmod 700 {data}"))
    open_files = [f for f in data.iterdir() if f.is_file() and f.stat().st_mode & 0o077]
    return found + [bad(f"Others can read {f}. Mend it: chmod 600 {f}") for f in open_files]


def _machine(config: Config) -> list[Finding]:
    data = config.storage.data_dir
    place = next(p for p in (data, *data.parents) if p.exists())
    free = shutil.disk_usage(place).free
    found = [
        Finding(f"{free // 2**20:,} MiB are free for the data.")
        if free > ROOM_ON_DISK
        else bad(f"Only {free // 2**20} MiB are free in {place}: make room, 200 MiB at least.")
    ]
    swap = _open_swap()
    if swap:
        found.append(note(f"{swap} may get keys and is perhaps not encrypted: encrypt it, or off."))
    if data.exists() and lock.is_held(data):
        found.append(Finding("The bot is running."))
    else:
        found.append(note("The bot is not running."))
    return found


def _open_swap() -> str | None:
    """Swap that is neither compressed memory nor behind dm-crypt, as far as can be seen."""
    try:
        lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return None
    places = [line.split()[0] for line in lines if line]
    return next(
        (p for p in places if not p.startswith(("/dev/zram", "/dev/dm-", "/dev/mapper"))), None
    )


# --- key, database, homeserver -------------------------------------------------------------------


def _keys(config: Config) -> tuple[Keys | None, Finding]:
    where = config.storage
    if not where.data_dir.exists() or read_header_safely(where.data_dir) is None:
        return None, note("There is no data yet: the first start makes it.")
    try:
        keys = unlock(
            where.data_dir, key_file=where.key_file, passphrase_file=where.passphrase_file
        )
    except SecretError as error:
        return None, bad(str(error))
    return keys, Finding(f"The key fits the data (key {keys.id}).")


def read_header_safely(data: Path) -> dict[str, Any] | None:
    try:
        return read_header(data)
    except SecretError:
        return {}


async def _database_and_login(config: Config, keys: Keys | None) -> AsyncIterator[Finding]:
    login: dict[str, Any] = {}
    if keys is not None and config.storage.database.exists():
        try:
            login = await _login(config, keys)
            yield Finding("The database opens and is sound.")
            for finding in _identities(login.get("doubted", [])):
                yield finding
        except WrongKey:
            yield bad(f"The key does not open {config.storage.database}. Put the right one back.")
        except ValueError as error:
            yield bad(str(error))
    async for finding in _homeserver(config):
        yield finding
        if not finding.fine:
            return
    if login.get("token"):
        async for finding in _account(config, login):
            yield finding
    else:
        yield note("The bot has not logged in yet: the first start does it.")


async def _login(config: Config, keys: Keys) -> dict[str, Any]:
    """What the gateway keeps of its login, if it did log in. Raises `WrongKey`, `ValueError`."""
    from storage import secrets

    db = await Database.open(config.storage.database, keys.db, create=False)
    try:
        async with db.reading() as tx:
            sound = await tx.one("PRAGMA quick_check")
            if sound is None or sound[0] != "ok":
                raise ValueError("The database is damaged: restore the last backup.")
            tables = await tx.one("SELECT 1 FROM sqlite_master WHERE name = 'secret'")
            kept = await secrets.get(tx, keys.xsign, SESSION) if tables else None
            doubted = await _doubted(tx)
    finally:
        await db.close()
    found: dict[str, Any] = json.loads(kept) if kept else {}
    return found | {"doubted": doubted}


async def _doubted(tx: Tx) -> list[datetime]:
    """Since when people's new identities wait to be confirmed."""
    from storage import identities

    if await tx.one("SELECT 1 FROM sqlite_master WHERE name = 'identity'") is None:
        return []
    return [new.changed for new in await identities.all_waiting(tx)]


def _identities(since: Sequence[datetime]) -> Iterator[Finding]:
    """Who they are the rooms know; here nobody is named."""
    if since:
        yield note(
            f"New Matrix identities that nobody confirmed: {len(since)}, the oldest since"
            f" {since[0]:%Y-%m-%d %H:%M} UTC. Their rooms know of them: !status, !confirm."
        )


async def _homeserver(config: Config) -> AsyncIterator[Finding]:
    address = config.matrix.homeserver
    began = time.monotonic()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(
                f"{address}/_matrix/client/versions", timeout=aiohttp.ClientTimeout(total=15)
            ) as answer,
        ):
            body = await answer.json(content_type=None)
            date = answer.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        yield bad(
            f"{address} does not answer ({type(error).__name__}): is it up, and the name right?"
        )
        return
    if not isinstance(body, dict) or "versions" not in body:
        yield bad(f"{address} answers, but is not a Matrix homeserver.")
        return
    yield Finding(f"{address} answers in {int((time.monotonic() - began) * 1000)} ms.")
    if date:
        yield _clock(date)


def _clock(date: str) -> Finding:
    try:
        apart = abs(datetime.now(UTC) - parsedate_to_datetime(date))
    except (ValueError, TypeError):
        return note("The homeserver does not say what time it is.")
    if apart > CLOCK_MAY_DIFFER:
        return bad(
            f"This clock and the homeserver's are {int(apart.total_seconds())} s apart: deadlines"
            " need the right time. Turn time synchronisation on (timedatectl set-ntp true)."
        )
    return Finding("The clock agrees with the homeserver's.")


async def _account(config: Config, login: dict[str, Any]) -> AsyncIterator[Finding]:
    from bot.gateway import Refused, SignedOut, TryLater
    from bot.matrix.http import Http
    from bot.matrix.trust import judge

    me, device = config.matrix.user_id, str(login.get("device", ""))
    http = Http(config.matrix.homeserver, str(login.get("token", "")))
    try:
        who = await http.call("GET", "/_matrix/client/v3/account/whoami", timeout=15)
        if who.get("user_id") != me or who.get("device_id") != device:
            yield bad("The login in the database is of another account or device.")
            return
        yield Finding("The login is valid.")
        asked: dict[str, Any] = {"device_keys": {me: []}}
        keys = await http.call("POST", "/_matrix/client/v3/keys/query", asked, timeout=15)
        mine = [
            keys.get(n, {}).get(me) for n in ("device_keys", "master_keys", "self_signing_keys")
        ]
        devices = judge(me, *mine).devices
    except SignedOut:
        yield bad(
            "The homeserver does not know the login any more: start the bot, it logs in anew."
        )
        return
    except (Refused, TryLater, AttributeError) as error:
        yield bad(f"The login could not be checked ({type(error).__name__}).")
        return
    finally:
        await http.close()
    ours = next((d for d in devices if d.id == device), None)
    if ours is None or not ours.signed:
        yield bad("The device is not signed by the account's identity: start the bot, it signs it.")
    else:
        yield Finding("The device is signed by the account's identity.")
    others = sum(1 for d in devices if d.id != device)
    if others:
        yield note(f"The account has {others} other devices: log out those that are not needed.")
