"""The bot's identity in secret storage: stored under a recovery key, and taken back with it.

The account data lies on the homeserver, which may show anything there. Only what the recovery key
proves is believed (spec §Secrets; docs/decisions/0034).
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Mapping
from typing import Any

from bot.gateway import Refused
from bot.i18n import ToldError, _
from bot.matrix.account_data import account_data_path, read_account_data
from bot.matrix.crypto import secret_storage
from bot.matrix.crypto.bot_identity import USAGES, Identity
from bot.matrix.crypto.secret_storage import DamagedSecret
from bot.matrix.crypto.trust import cross_signing_key
from bot.matrix.crypto.wire import JsonHttp
from bot.matrix.fields import as_mapping, short_text
from bot.types import UserId

DEFAULT_KEY = "m.secret_storage.default_key"
KEY_PREFIX = "m.secret_storage.key."
SECRETS = {usage: f"m.cross_signing.{usage}" for usage in USAGES}
"""Type of account data of each private key of the identity."""
MASTER_FIELD = "org.minga.master_key"
"""Field of a key's description: the public master key that is stored under it."""
MOST_KEYS = 8
"""Keys that one secret is read for."""
_SEALED_FIELDS = ("iv", "ciphertext", "mac")
_SEED_BYTES = 32

LAST_WAYS = _(
    "If there is no other paper: minga restore with a backup; else a new identity, of which"
    " everybody is warned: minga init --new-identity"
)
MISTYPED = _(
    "That is not a recovery key: a letter is wrong, missing or too many. It has 48 letters and"
    " digits in 12 groups, and capital letters count. Compare it with the paper and type it again."
)
NOTHING_STORED = _(
    "The homeserver shows nothing stored under a recovery key for this account: none was made, or"
    " somebody deleted it. Is matrix.user_id the right account? {last_ways}",
    last_ways=LAST_WAYS,
)
WRONG_KEY = _(
    "This recovery key does not open what the account has stored: it is another account's, or an"
    " older one. Look for the newest paper of this account. {last_ways}",
    last_ways=LAST_WAYS,
)
DAMAGED = _(
    "The recovery key is right, but what the account has stored under it is damaged or was changed,"
    " by the homeserver or by somebody with the account's password. Nothing of it was used. Ask"
    " who runs the homeserver for its copy of the day before. {last_ways}",
    last_ways=LAST_WAYS,
)
OTHER_IDENTITY = _(
    "The recovery key opens an earlier identity of this account, not the one that the homeserver"
    " shows: somebody made a new one since, or the homeserver lies. If it was you, look for the"
    " newer paper; if not, find out who did. {last_ways}",
    last_ways=LAST_WAYS,
)
NOT_KEPT = _(
    "The homeserver did not keep what was stored, so there is no new recovery key; one that you"
    " have opens as before. Ask who runs the homeserver, then run this again."
)


class RecoveryError(ToldError):
    """The identity was not stored, or not taken back. The message says why and what to do."""


class RecoveryState(enum.Enum):
    """What the homeserver shows of a recovery key."""

    ABSENT = enum.auto()
    OTHER = enum.auto()
    """One of an earlier identity, or made by another program."""
    PRESENT = enum.auto()


async def recovery_state(http: JsonHttp, user: UserId, master: str) -> RecoveryState:
    """Return whether the homeserver holds a recovery key for the identity with this master key, for
    another identity, or none."""
    key_id = short_text((await _read(http, user, DEFAULT_KEY)).get("key"))
    if not key_id:
        return RecoveryState.ABSENT
    described = await _read(http, user, KEY_PREFIX + key_id)
    for name in SECRETS.values():
        if key_id not in _sealed_entries(await _read(http, user, name)):
            return RecoveryState.ABSENT
    same = described.get(MASTER_FIELD) == master
    return RecoveryState.PRESENT if same else RecoveryState.OTHER


async def store_identity(http: JsonHttp, user: UserId, seeds: bytes) -> bytes:
    """Store the seeds at the homeserver under a new recovery key, and return it once the server has
    shown that it opens them.

    A key from before goes on opening until `retire_other_keys`, so that a crash at any step leaves
    one that does. Raises `RecoveryError`.
    """
    key, key_id = secret_storage.make_key(), secrets.token_hex(16)
    master = {MASTER_FIELD: Identity.from_seeds(user, seeds).master_key}
    await _write(http, user, KEY_PREFIX + key_id, secret_storage.describe_key(key) | master)
    for name, seed in zip(SECRETS.values(), _parts(seeds), strict=True):
        others = _sealed_entries(await _read(http, user, name), MOST_KEYS - 1)
        secret = secret_storage.encode_bytes(seed)
        sealed = others | {key_id: secret_storage.seal_secret(key, name, secret)}
        await _write(http, user, name, {"encrypted": sealed})
    await _write(http, user, DEFAULT_KEY, {"key": key_id})
    try:
        kept = await open_seeds(http, user, key)
    except RecoveryError:
        kept = b""
    if kept != seeds:
        raise RecoveryError(NOT_KEPT)
    return key


async def retire_other_keys(http: JsonHttp, user: UserId) -> None:
    """Make the default recovery key the only one that opens the identity. It may be repeated."""
    key_id = short_text((await _read(http, user, DEFAULT_KEY)).get("key"))
    retired: set[str] = set()
    for name in SECRETS.values():
        sealed = _sealed_entries(await _read(http, user, name))
        retired |= sealed.keys() - {key_id}
        if len(sealed) > 1 and key_id in sealed:
            await _write(http, user, name, {"encrypted": {key_id: sealed[key_id]}})
    for other in sorted(retired):
        await _write(http, user, KEY_PREFIX + other, {})


async def open_seeds(http: JsonHttp, user: UserId, key: bytes) -> bytes:
    """Return the three seeds that are stored at the homeserver under this key. Raises
    `RecoveryError`."""
    stored = {usage: await _read(http, user, name) for usage, name in SECRETS.items()}
    sealed = {usage: _sealed_entries(content) for usage, content in stored.items()}
    if not any(sealed.values()):
        raise RecoveryError(NOTHING_STORED)
    for key_id in sealed["master"]:
        try:
            _open_one(key, "master", sealed["master"][key_id])
        except DamagedSecret:
            continue
        try:
            return b"".join(_open_one(key, usage, sealed[usage][key_id]) for usage in USAGES)
        except (DamagedSecret, KeyError):
            raise RecoveryError(DAMAGED) from None
    named = {key_id for entries in sealed.values() for key_id in entries}
    for key_id in sorted(named):
        if secret_storage.is_described(key, await _read(http, user, KEY_PREFIX + key_id)):
            raise RecoveryError(DAMAGED)
    raise RecoveryError(WRONG_KEY)


async def recover_seeds(http: JsonHttp, user: UserId, key: bytes) -> bytes:
    """Return the seeds of the identity that the homeserver shows. Raises `RecoveryError`.

    They fit all three public keys that it shows; where it shows none, they can be published again.
    """
    seeds = await open_seeds(http, user, key)
    answer = await http.call("POST", "/_matrix/client/v3/keys/query", {"device_keys": {user: []}})
    for usage, public in Identity.from_seeds(user, seeds).public_keys.items():
        shown = as_mapping(answer, f"{usage}_keys", user)
        if shown and cross_signing_key(shown, user, usage) != public:
            raise RecoveryError(OTHER_IDENTITY if usage == "master" else DAMAGED)
    return seeds


def _open_one(key: bytes, usage: str, sealed: Mapping[str, Any]) -> bytes:
    """Return one seed. Raises `DamagedSecret`, also if something else than a key was sealed."""
    return secret_storage.decode_key(secret_storage.open_secret(key, SECRETS[usage], sealed))


def _parts(seeds: bytes) -> list[bytes]:
    return [seeds[at : at + _SEED_BYTES] for at in range(0, len(seeds), _SEED_BYTES)]


def _sealed_entries(content: Mapping[str, Any], most: int = MOST_KEYS) -> dict[str, dict[str, str]]:
    """Return the sealed forms of a secret by their key's id: few, short, of the right shape."""
    found: dict[str, dict[str, str]] = {}
    for key_id, sealed in as_mapping(content, "encrypted").items():
        fields = {
            name: short_text(as_mapping(sealed).get(name), 2 * secret_storage.MOST_SECRET_BYTES)
            for name in _SEALED_FIELDS
        }
        if short_text(key_id) and all(fields.values()) and len(found) < most:
            found[key_id] = fields
    return found


async def _read(http: JsonHttp, user: UserId, kind: str) -> Mapping[str, Any]:
    """Return an event of account data, {} if there is none. Raises `RecoveryError`."""
    try:
        return await read_account_data(http, user, kind)
    except Refused as refused:
        raise _refusal(refused) from None


async def _write(http: JsonHttp, user: UserId, kind: str, content: Mapping[str, Any]) -> None:
    try:
        await http.call("PUT", account_data_path(user, kind), content)
    except Refused as refused:
        raise _refusal(refused) from None


def _refusal(refused: Refused) -> RecoveryError:
    return RecoveryError(
        _(
            "The homeserver refuses to store or to show the account's data ({code}). A recovery"
            " key that you have is good as before. Ask who runs the homeserver, then run this"
            " again.",
            code=refused.code,
        )
    )
