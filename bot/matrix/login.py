"""Who we are at the homeserver: one account, one device, one process."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from bot.gateway import Refused, SignedOut
from bot.matrix.http import Http, NeedsAuth, SoftLogout
from bot.matrix.identity import random_device_id
from bot.matrix.wire import word
from bot.types import UserId
from storage import backup, secrets
from storage.database import Database

SESSION = "matrix-session"
OLDEST = (1, 11)
"""The first version whose media can be fetched by those alone who may (v1.11)."""
DEAD = (
    "The homeserver does not accept the bot's access token any more: its device was signed out."
    " Sign in again as a new device with: minga init"
)

_log = structlog.get_logger()


class Unfit(Exception):
    """The homeserver or the account cannot be used. The sentence says why."""


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """How to get in: a password, or a token with the device that it belongs to."""

    homeserver: str
    user: UserId
    password: str | None = None
    token: str | None = None
    device: str | None = None


class Lock:
    """Two processes on one key store would fork its ratchets: only one gets this."""

    def __init__(self, folder: Path) -> None:
        """Raises `Unfit` if another process holds it."""
        self._file = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise Unfit(f"{folder} is in use: another bot runs on the same data") from None

    def release(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._file)


async def sign_in(http: Http, db: Database, key: bytes, account: Account) -> str:
    """Give `http` its token; the device id, the same after every restart.

    Raises `Unfit`, or `SignedOut` where the device is gone at the server.
    """
    await _check_version(http)
    known = await _known(db, key, account.user)
    if account.token is not None:
        known = {"token": account.token, "device": account.device or known.get("device", "")}
    elif not known.get("token"):
        known = await _log_in(http, db, key, account, known)
    http.token = known["token"]
    try:
        device = await _who(http, account, known["device"])
    except SoftLogout:
        if account.password is None:
            raise SignedOut(DEAD) from None
        known = await _log_in(http, db, key, account, known)
        device = await _who(http, account, known["device"])
    except SignedOut:
        raise SignedOut(DEAD) from None
    if known["device"] != device or account.token is not None:
        await _keep(db, key, account.user, {"token": http.token, "device": device})
    return device


async def forget(db: Database) -> None:
    """The next start signs in as a new device (after a restore, or when the old one is gone)."""
    async with db.transaction() as tx:
        await secrets.drop(tx, SESSION)


async def begin_anew(db: Database, key_store: Path, account: Account) -> None:
    """What another run has done since is unknown here: go on as after a restore, as a new device.

    Two runs on one device would use the same message keys twice. Raises `Unfit` where only a token
    is known: it belongs to the old device.
    """
    if account.password is None:
        raise Unfit(
            "This folder is a copy of one in which a bot has worked since. As a copy it needs a"
            " device of its own, and for that the account's password (matrix.password_file)"
        )
    _log.warning("the data is a copy of what was used since: going on as after a restore")
    async with db.transaction() as tx:
        await backup.go_on_as_restored(tx, datetime.now(UTC))
        await secrets.drop(tx, SESSION)
    for file in key_store.parent.glob(f"{key_store.name}*"):
        file.unlink()


async def sign_out_device(http: Http, account: Account, device: str) -> None:
    """End a device of ours whose bot does not answer: it can do nothing any more.

    Without the password it can't be done; then that bot stops when it hears of us.
    """
    path, body = "/_matrix/client/v3/delete_devices", {"devices": [device]}
    try:
        await http.call("POST", path, body)
    except NeedsAuth as asked:
        if account.password is not None:
            auth = {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": account.user},
                "password": account.password,
                "session": word(asked.body.get("session")),
            }
            await http.call("POST", path, body | {"auth": auth})


async def _check_version(http: Http) -> None:
    answer = await http.call("GET", "/_matrix/client/versions")
    told = answer.get("versions")
    known = [_version(v) for v in told if isinstance(v, str)] if isinstance(told, list) else []
    if max(known, default=(0, 0)) < OLDEST:
        raise Unfit("The homeserver is too old: it must speak version 1.11 of Matrix or newer")


def _version(name: str) -> tuple[int, int]:
    major, _, minor = name.removeprefix("v").partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)


async def _log_in(
    http: Http, db: Database, key: bytes, account: Account, known: dict[str, str]
) -> dict[str, str]:
    """By password (spec §Login). The device id is on disk first: a retry makes no second device."""
    if account.password is None:
        raise Unfit("There is neither a password nor an access token")
    device = known.get("device") or account.device or random_device_id()
    await _keep(db, key, account.user, {"token": "", "device": device})
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": account.user},
        "password": account.password,
        "device_id": device,
        "initial_device_display_name": "Minga",
    }
    http.token = ""
    try:
        answer = await http.call("POST", "/_matrix/client/v3/login", body)
    except Refused as refused:
        raise Unfit(
            f"The homeserver refused the bot's account or password ({refused.code})"
        ) from None
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise Unfit("The homeserver gave no access token")
    fresh = {"token": token, "device": device}
    await _keep(db, key, account.user, fresh)
    http.token = token
    _log.info("signed in")
    return fresh


async def _who(http: Http, account: Account, device: str) -> str:
    """Does the token belong to this account and device? The device, as the server names it."""
    answer = await http.call("GET", "/_matrix/client/v3/account/whoami")
    found = answer.get("device_id")
    if answer.get("user_id") != account.user:
        raise Unfit("The access token belongs to another account than matrix.user_id")
    if not isinstance(found, str) or (device and found != device):
        raise Unfit("The access token belongs to another device than the bot's keys")
    return found


async def _known(db: Database, key: bytes, user: UserId) -> dict[str, str]:
    async with db.reading() as tx:
        raw = await secrets.get(tx, key, SESSION)
    found: dict[str, Any] = json.loads(raw) if raw else {}
    if found and found["user"] != user:
        raise Unfit("The data belongs to another account than matrix.user_id")
    return found


async def _keep(db: Database, key: bytes, user: UserId, session: dict[str, str]) -> None:
    async with db.transaction() as tx:
        await secrets.put(tx, key, SESSION, json.dumps(session | {"user": user}).encode())
