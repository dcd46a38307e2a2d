"""The keys that backups have of their own: a passphrase, or pairs of which we know one half.

A backup is encrypted with a key of its file alone, which is sealed once for each recipient:

- `public`: HPKE (RFC 9180, base mode) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM.
  Who seals can't open it afterwards.
- `passphrase`: scrypt (RFC 7914) as for the root key, then AES-256-GCM.
- `root`: AES-256-GCM under a key derived from the root key; only where there is no other recipient.

What is sealed is bound to its file by the file's salt.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.i18n import _
from bot.lines import Line
from storage.encryption import keys as keyring
from storage.encryption import root_key
from storage.encryption.key_change import kept_path
from storage.encryption.key_header import SCRYPT
from storage.encryption.keys import Keys, SecretError
from storage.encryption.secret_files import exists, read_secret

PUBLIC, PRIVATE = "minga-public-", "minga-private-"
MOST_RECIPIENTS = 20
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_USE = b"minga backup 2"
_ONCE = bytes(12)
"""The nonce of keys that encrypt one thing only."""


@dataclass(frozen=True, slots=True, repr=False)
class Recipients:
    """Whose key opens a backup: a passphrase, public halves of pairs. With none, the root key."""

    passphrase: bytes | None = None
    public: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Opener:
    """What somebody has to open a backup with. `secret`: a passphrase or the private half."""

    key_file: Path
    passphrase_file: Path | None = None
    secret: bytes | None = None


class NeedsSecret(SecretError):
    """The backup has a key of its own, and none was given."""


# --- as text -----------------------------------------------------------------------------------


def create_pair() -> tuple[str, str]:
    """Return a new pair as text: the public half and the private one."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return _as_text(PUBLIC, public), _as_text(PRIVATE, private.private_bytes_raw())


def parse_half(text: str, kind: str) -> bytes | None:
    """Return the 32 bytes of a public or private half, or None if the text is not one.

    Spaces and capitals do not matter. Three bytes of a hash find a mistyped letter.
    """
    plain = "".join(text.split()).lower()
    try:
        raw = base64.b32decode(plain.removeprefix(kind).upper())
    except ValueError:
        return None
    fine = plain.startswith(kind) and len(raw) == 35 and _check(kind, raw[:32]) == raw[32:]
    return raw[:32] if fine else None


def spaced(text: str) -> str:
    """Return half of a key pair in groups of four letters, as one writes it on paper."""
    prefix, letters = text[: text.rindex("-") + 1], text[text.rindex("-") + 1 :]
    return " ".join([prefix, *(letters[at : at + 4] for at in range(0, len(letters), 4))])


def public_id(public: bytes) -> str:
    """Return a short public id of a key pair."""
    return hashlib.sha256(b"minga backup key" + public).hexdigest()[:12]


def read_passphrase(path: Path) -> bytes:
    """Return the passphrase in a file. Raises `SecretError`, also for a short or weak one."""
    root_key.check_new_secret(key_file=path, passphrase_file=path)
    return read_secret(path)


def _as_text(kind: str, raw: bytes) -> str:
    return kind + base64.b32encode(raw + _check(kind, raw)).decode().lower()


def _check(kind: str, raw: bytes) -> bytes:
    return hashlib.sha256(kind.encode() + raw).digest()[:3]


# --- to seal and to open the key of one file ---------------------------------------------------


def seal_file_key(
    file_key: bytes, salt: bytes, keys: Keys, key_header: Mapping[str, Any], to: Recipients
) -> list[dict[str, Any]]:
    """Return the file's key encrypted for each recipient, as it stands in the file's header."""
    found: list[dict[str, Any]] = [
        {
            "kind": "public",
            "id": public_id(public),
            "sealed": _SUITE.encrypt(
                file_key, X25519PublicKey.from_public_bytes(public), info=_USE + salt
            ).hex(),
        }
        for public in to.public
    ]
    if to.passphrase is not None:
        how = {"salt": secrets.token_hex(16), **SCRYPT}
        stretched = root_key.stretch_passphrase(to.passphrase, how)
        found.append({"kind": "passphrase", **how, "sealed": _wrap(stretched, salt, file_key)})
    if not found:
        sealed = _wrap(keys.backup, salt, file_key)
        found.append({"kind": "root", "key": dict(key_header), "sealed": sealed})
    return found


def open_file_key(recipients: Sequence[Mapping[str, Any]], salt: bytes, opener: Opener) -> bytes:
    """Decrypt and return the key that a backup file is encrypted with, from one of its header's
    `recipients`, by the secret that `opener` holds.

    Raises `NeedsSecret` if a secret is needed and none was given, `SecretError` for a wrong one,
    and `ValueError` for a damaged header.
    """
    for one in recipients:
        if one["kind"] == "root":
            return _open_with_root(one, salt, opener)
    if opener.secret is None:
        raise NeedsSecret(_needed(recipients))
    text = opener.secret.decode(errors="replace")
    private = parse_half(text, PRIVATE)
    if parse_half(text, PUBLIC) is not None:
        raise SecretError(
            _("This is the public half, with which nothing opens: give the private one.")
        )
    if private is not None:
        return _open_with_private(recipients, salt, private)
    if text.strip().lower().startswith(PRIVATE):
        raise SecretError(_("A letter of this private half is wrong: compare it with the paper."))
    return _open_with_passphrase(recipients, salt, opener.secret)


def _open_with_root(one: Mapping[str, Any], salt: bytes, opener: Opener) -> bytes:
    if opener.secret is not None:
        raise SecretError(
            _("The backup opens with the data's key {id}: leave --key out.", id=one["key"]["id"])
        )
    return _unwrap(Keys.from_root(_find_root(one["key"], opener)).backup, salt, one)


def _find_root(header: Mapping[str, Any], opener: Opener) -> bytes:
    """Return the root key: of the configured secret, else of the one that a change of it kept."""
    places = opener.key_file, opener.passphrase_file
    try:
        return root_key.find_root_key(header, key_file=places[0], passphrase_file=places[1])
    except SecretError:
        for kept in (kept_path(file, header["id"]) for file in places if file is not None):
            if exists(kept):
                return root_key.find_root_key_in(read_secret(kept), kept, header)
        raise


def _open_with_private(
    recipients: Sequence[Mapping[str, Any]], salt: bytes, private: bytes
) -> bytes:
    half = X25519PrivateKey.from_private_bytes(private)
    mine = public_id(half.public_key().public_bytes_raw())
    for one in recipients:
        if one["kind"] == "public" and one["id"] == mine:
            try:
                return _SUITE.decrypt(bytes.fromhex(one["sealed"]), half, info=_USE + salt)
            except InvalidTag:
                raise ValueError("a sealed key was changed") from None
    raise SecretError(
        _("This private half is of pair {id}. {needed}", id=mine, needed=_needed(recipients))
    )


def _open_with_passphrase(
    recipients: Sequence[Mapping[str, Any]], salt: bytes, passphrase: bytes
) -> bytes:
    for one in recipients:
        if one["kind"] == "passphrase":
            stretched = root_key.stretch_passphrase(passphrase, one)
            try:
                return _unwrap(stretched, salt, one)
            except ValueError:
                raise SecretError(
                    _("This is not the passphrase of the backup: try again, letter by letter.")
                ) from None
    raise SecretError(_needed(recipients))


def _needed(recipients: Sequence[Mapping[str, Any]]) -> Line:
    """Return the sentence about what opens it."""
    pairs = ", ".join(str(one["id"]) for one in recipients if one["kind"] == "public")
    by_passphrase = any(one["kind"] == "passphrase" for one in recipients)
    if pairs and by_passphrase:
        return _(
            "The backup opens with its passphrase or the private half of {pairs}: name the file"
            " with --key",
            pairs=pairs,
        )
    if pairs:
        return _(
            "The backup opens with the private half of {pairs}: name its file with --key",
            pairs=pairs,
        )
    return _("The backup opens with a passphrase of its own: name its file with --key")


def _wrap(key: bytes, salt: bytes, file_key: bytes) -> str:
    return AESGCM(_once(key, salt)).encrypt(_ONCE, file_key, _USE).hex()


def _unwrap(key: bytes, salt: bytes, one: Mapping[str, Any]) -> bytes:
    try:
        return AESGCM(_once(key, salt)).decrypt(_ONCE, bytes.fromhex(one["sealed"]), _USE)
    except InvalidTag:
        raise ValueError("a sealed key was changed") from None


def _once(key: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=salt, info=_USE + b" key").derive(key)


def check_recipients(found: Any) -> list[dict[str, Any]]:
    """Return the recipients that a backup's header names. Raises `ValueError` or `KeyError` for a
    malformed one."""
    if not isinstance(found, list) or not 0 < len(found) <= MOST_RECIPIENTS:
        raise ValueError("recipients")
    for one in found:
        bytes.fromhex(one["sealed"])
        if one["kind"] == "root":
            one["key"] = keyring.parse_header(json.dumps(one["key"]).encode(), "the backup")
            bytes.fromhex(one["key"]["id"])
        elif one["kind"] == "passphrase":
            bytes.fromhex(one["salt"])
            if any(one[name] != value for name, value in SCRYPT.items()):
                raise ValueError("scrypt")
        elif one["kind"] == "public":
            bytes.fromhex(one["id"])
        else:
            raise ValueError(one["kind"])
    return found
