"""Sign in to the homeserver: one account, one device, one process."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from bot.gateway import Refused, SignedOut, TryLater
from bot.i18n import ToldError, _
from bot.lines import Line
from bot.matrix.crypto.bot_identity import random_device_id
from bot.matrix.crypto.trust import cross_signing_key
from bot.matrix.fields import as_mapping
from bot.matrix.http import Http, SoftLogout
from bot.matrix.login_sentences import (
    DEACTIVATED,
    DEAD_LOGIN,
    DEAD_TOKEN,
    LAPSED_TOKEN,
    NO_PASSWORDS,
    REFUSED,
    SIGNED_OUT,
    TOO_OLD,
)
from bot.types import UserId
from storage.database import Database
from storage.encryption import secrets
from storage.files import restoration

SESSION_ENTRY = "matrix-session"
OLDEST_VERSION = (1, 11)
"""The first version with authenticated media (v1.11)."""
_log = structlog.get_logger()


class DeadLogin(SignedOut):
    """The device is gone at the homeserver: a new one is needed."""


class UnusableAccount(ToldError):
    """The homeserver or the account cannot be used. The message says why."""


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """How to sign in: a password, or a token with its device."""

    homeserver: str
    user: UserId
    password: str | None = None
    token: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the homeserver shows of an account: its public master key, if any, and devices with
    keys."""

    master: str | None
    devices: tuple[str, ...]


async def sign_in(http: Http, db: Database, key: bytes, account: Account) -> str:
    """Log in, and give the token to `http`. Return the device id, which is the same after every
    restart.

    Raises `UnusableAccount`, or `SignedOut` if the device is gone at the server.
    """
    await _check_version(http)
    known = await stored_session(db, key, account.user)
    if account.token is not None:
        known = {"token": account.token, "device": account.device or known.get("device", "")}
    elif not known.get("token"):
        known = await _log_in(http, db, key, account, known)
    http.token = known["token"]
    try:
        device = await _check_device(http, account, known["device"])
    except SignedOut as dead:
        if account.password is None or not isinstance(dead, SoftLogout):
            raise await explain_dead_login(account, dead) from None
        known = await _log_in(http, db, key, account, known)
        device = await _check_device(http, account, known["device"])
    if known["device"] != device or account.token is not None:
        await _store_session(db, key, account.user, {"token": http.token, "device": device})
    return device


async def session_device(db: Database, key: bytes, user: UserId) -> str | None:
    """Return the device with which the bot was logged in here before, or None.

    Raises `UnusableAccount`.
    """
    known = await stored_session(db, key, user)
    return known["device"] if known.get("token") else None


async def inspect_account(account: Account) -> AccountState:
    """Log in briefly and return the account's state.

    Raises as `brief_login` does.
    """
    async with brief_login(account) as http:
        return await account_state(http, account.user)


@contextlib.asynccontextmanager
async def brief_login(account: Account) -> AsyncIterator[Http]:
    """Return a context with a login for a look at the account. No device is left behind.

    Raises `UnusableAccount` if the account cannot be used, `SignedOut` for a dead token, or
    `TryLater`.
    """
    http = Http(account.homeserver, account.token or "")
    try:
        await _check_version(http)
        if account.token is not None:
            await _check_device(http, account, account.device or "")
            yield http
            return
        named = {"initial_device_display_name": "minga: a look"}
        http.token = await _fetch_token(http, account, named)
        try:
            await _check_device(http, account, "")
            yield http
        finally:
            await http.call("POST", "/_matrix/client/v3/logout", {}, timeout=20)
    except Refused as refused:
        raise UnusableAccount(_("The homeserver refused ({code}).", code=refused.code)) from None
    finally:
        await http.close()


async def account_state(http: Http, user: UserId) -> AccountState:
    """Return the state of this login's account (devices, identity) as the homeserver shows it."""
    body: dict[str, Any] = {"device_keys": {user: []}}
    answer = await http.call("POST", "/_matrix/client/v3/keys/query", body, timeout=20)
    master = as_mapping(answer, "master_keys", user)
    key = (cross_signing_key(master, user, "master") or "?") if master else None
    return AccountState(key, tuple(map(str, as_mapping(answer, "device_keys", user))))


def explain_dead_token(dead: SignedOut) -> DeadLogin:
    """Return the sentence that says what the operator can do if the only known token is dead: a
    lapsed one costs no device."""
    return DeadLogin(LAPSED_TOKEN if isinstance(dead, SoftLogout) else DEAD_TOKEN)


async def explain_dead_login(account: Account, dead: SignedOut) -> DeadLogin:
    """Return the sentence that says why the login is dead and what helps, after trying it."""
    if account.password is None:
        return explain_dead_token(dead)
    try:
        await inspect_account(account)
    except UnusableAccount as unfit:
        if unfit.lines == (DEACTIVATED,):
            return DeadLogin(DEACTIVATED)
        if unfit.lines in ((REFUSED,), (NO_PASSWORDS,)):
            return DeadLogin(
                _(
                    "{signed_out} {refused} Then: minga init --new-device",
                    signed_out=SIGNED_OUT,
                    refused=unfit.lines[0],
                )
            )
    except (TryLater, SignedOut):
        pass
    return DeadLogin(DEAD_LOGIN)


async def undo_sign_in(http: Http, db: Database, account: Account) -> None:
    """Log out a login made just now, so that no device is left behind."""
    await forget_session(db)
    if account.token is None:
        with contextlib.suppress(Refused, TryLater, SignedOut):
            await http.call("POST", "/_matrix/client/v3/logout", {}, timeout=10)


async def forget_session(db: Database) -> None:
    """Delete the stored login: the next start signs in as a new device."""
    async with db.transaction() as tx:
        await secrets.drop(tx, SESSION_ENTRY)


async def begin_as_restored(db: Database, key_store: Path, account: Account) -> None:
    """Mark the data as restored, to go on as a new device, since another run has used the account.

    Two runs on one device would use the same message keys twice. Raises `UnusableAccount` if only a
    token is known, which belongs to the old device.
    """
    if account.password is None:
        raise UnusableAccount(
            _(
                "This folder is a copy of one in which a bot has worked since. As a"
                " copy it needs a device of its own, and for that the account's"
                " password (matrix.password_file)"
            )
        )
    _log.warning("the data is a copy of what was used since: going on as after a restore")
    async with db.transaction() as tx:
        await restoration.resume_as_restored(tx, datetime.now(UTC))
        await secrets.drop(tx, SESSION_ENTRY)
    for file in key_store.parent.glob(f"{key_store.name}*"):
        file.unlink()


async def _check_version(http: Http) -> None:
    answer = await http.call("GET", "/_matrix/client/versions")
    told = answer.get("versions")
    if is_too_old([v for v in told if isinstance(v, str)] if isinstance(told, list) else []):
        raise UnusableAccount(TOO_OLD)


def is_too_old(versions: Iterable[str]) -> bool:
    """Return whether a homeserver that speaks these versions of the spec is too old for the bot."""
    return max(map(_version, versions), default=(0, 0)) < OLDEST_VERSION


def _version(name: str) -> tuple[int, int]:
    major, _, minor = name.removeprefix("v").partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)


async def _log_in(
    http: Http, db: Database, key: bytes, account: Account, known: dict[str, str]
) -> dict[str, str]:
    """Log in by password (spec §Login).

    The device id is stored first: a retry makes no second device.
    """
    if account.password is None:
        raise UnusableAccount(_("There is neither a password nor an access token"))
    device = known.get("device") or account.device or random_device_id()
    await _store_session(db, key, account.user, {"token": "", "device": device})
    named = {"device_id": device, "initial_device_display_name": "Minga"}
    http.token = ""
    token = await _fetch_token(http, account, named)
    fresh = {"token": token, "device": device}
    await _store_session(db, key, account.user, fresh)
    http.token = token
    _log.info("signed in")
    return fresh


async def log_in_again(db: Database, key: bytes, account: Account) -> str:
    """Log in by password with the device of the stored login, and return the fresh token.

    Other requests go on meanwhile. Raises `UnusableAccount` or `TryLater`.
    """
    http = Http(account.homeserver)
    try:
        known = await stored_session(db, key, account.user)
        return (await _log_in(http, db, key, account, known))["token"]
    finally:
        await http.close()


async def _fetch_token(http: Http, account: Account, named: dict[str, str]) -> str:
    """Return the token of a login with the password. Raises `UnusableAccount` with what to do."""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": account.user},
        "password": account.password,
    }
    try:
        answer = await http.call("POST", "/_matrix/client/v3/login", body | named)
    except Refused as refused:
        raise UnusableAccount(await _why_refused(http, refused.code)) from None
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise UnusableAccount(_("The homeserver gave no access token"))
    return token


async def _why_refused(http: Http, code: str) -> Line:
    if code == "M_USER_DEACTIVATED":
        return DEACTIVATED
    try:
        flows = (await http.call("GET", "/_matrix/client/v3/login")).get("flows")
    except (Refused, TryLater):
        flows = None
    kinds = [f.get("type") for f in flows if isinstance(f, dict)] if isinstance(flows, list) else []
    if "m.login.password" not in kinds:
        return NO_PASSWORDS
    return (
        REFUSED
        if code == "M_FORBIDDEN"
        else _("The homeserver refused to log in ({code}).", code=code)
    )


async def _check_device(http: Http, account: Account, device: str) -> str:
    """Return the token's device, as the server names it.

    Raises `UnusableAccount` if it is another one.
    """
    answer = await http.call("GET", "/_matrix/client/v3/account/whoami")
    found = answer.get("device_id")
    if answer.get("user_id") != account.user:
        raise UnusableAccount(
            _("The homeserver knows this login under another account than matrix.user_id")
        )
    if not isinstance(found, str) or (device and found != device):
        raise UnusableAccount(_("The access token belongs to another device than the bot's keys"))
    return found


async def stored_session(db: Database, key: bytes, user: UserId) -> dict[str, str]:
    """Return the stored login with `user`, `device` and `token`, or {} if there is none.

    Raises `UnusableAccount` if it is of another account than `user`.
    """
    async with db.reading() as tx:
        raw = await secrets.get(tx, key, SESSION_ENTRY)
    found: dict[str, Any] = json.loads(raw) if raw else {}
    if found and found["user"] != user:
        raise UnusableAccount(_("The data belongs to another account than matrix.user_id"))
    return found


async def _store_session(db: Database, key: bytes, user: UserId, session: dict[str, str]) -> None:
    async with db.transaction() as tx:
        await secrets.put(tx, key, SESSION_ENTRY, json.dumps(session | {"user": user}).encode())
