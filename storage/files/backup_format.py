"""A backup as a file: what is in it, in which order, and who opens it (docs/decisions/0003).

A magic line, a header in JSON, then what is sealed, in chunks under AES-256-GCM with a key of this
file alone. The header says when it was made and holds that key, sealed for each recipient
(`storage.encryption.backup_keys`). It is authenticated with each chunk, and each chunk is bound to
its position and to being the last: nothing can be cut off, swapped or left out. Sealed are a line
of JSON (root key, its header, account) and the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.i18n import _, verbatim
from bot.lines import Line
from storage.encryption import backup_keys, root_key
from storage.encryption import keys as keyring
from storage.encryption.backup_keys import Opener, Recipients
from storage.encryption.keys import Keys, SecretError
from storage.files.backup_records import ANY_MAGIC, MAGIC, OLD_MAGIC, BackupError

CHUNK = 1 << 16
_TAG = 16
_MOST_HEADER = 1 << 16
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading JSON that somebody made up may raise."""
_DAMAGED = _("The backup is damaged or was changed. Use another one.")


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What can be read of a backup without its key. `mark`: which bot's schedule made it."""

    made: datetime
    recipients: Sequence[Mapping[str, Any]]
    salt: bytes
    mark: str = ""

    @property
    def key_header(self) -> Mapping[str, Any]:
        """The header of the root key that opens the backup; empty if it has a key of its own."""
        return next((one["key"] for one in self.recipients if one["kind"] == "root"), {})

    @property
    def openers(self) -> Line:
        """What opens the backup: the data's key, or the keys of its own by their public ids."""
        if self.key_header:
            return _("the data's key ({id})", id=self.key_header.get("id", ""))
        return verbatim(", ".join(str(one.get("id") or one["kind"]) for one in self.recipients))

    def is_marked(self, mark: bytes) -> bool:
        """Return whether the backup was made by a schedule with this secret mark."""
        return hmac.compare_digest(self.mark.encode(), _mark(mark, self.salt).encode())


@dataclass(frozen=True, slots=True, repr=False)
class Contents:
    """What is sealed beside the database. `account`: the bot's, "" if not known."""

    root: bytes
    key_header: Mapping[str, Any]
    account: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Sealing:
    """How a backup is made: for whom, of which account, when (None: now), by which schedule.

    `mark`: the schedule's secret, by which it knows its files again.
    """

    recipients: Recipients = field(default_factory=Recipients)
    account: str = ""
    mark: bytes = b""
    made: datetime | None = None


# --- to write ----------------------------------------------------------------------------------


def seal(
    plain: BinaryIO, keys: Keys, key_header: Mapping[str, Any], made: datetime, sealing: Sealing
) -> tuple[BackupInfo, Iterator[bytes]]:
    """Return the header of a backup file, and its encrypted content piece by piece."""
    salt, file_key = secrets.token_bytes(32), secrets.token_bytes(32)
    mark = _mark(sealing.mark, salt) if sealing.mark else ""
    to = backup_keys.seal_file_key(file_key, salt, keys, key_header, sealing.recipients)
    info = BackupInfo(made, to, salt, mark)
    header = json.dumps(
        {"made": made.isoformat(), "salt": salt.hex(), "mark": mark, "recipients": to}
    ).encode()
    front = MAGIC + struct.pack(">I", len(header)) + header
    inside = {"root": keys.root.hex(), "key": dict(key_header), "account": sealing.account}
    pieces = _pieces(json.dumps(inside).encode() + b"\n", plain)
    return info, _encrypted(pieces, _cipher(file_key, salt, front), front)


def _pieces(first: bytes, plain: BinaryIO) -> Iterator[bytes]:
    piece = first + plain.read(CHUNK - len(first))
    while piece:
        yield piece
        piece = plain.read(CHUNK)


def _encrypted(pieces: Iterator[bytes], cipher: AESGCM, front: bytes) -> Iterator[bytes]:
    yield front
    piece, number = next(pieces), 0
    for following in pieces:
        yield cipher.encrypt(_nonce(number, last=False), piece, front)
        piece, number = following, number + 1
    yield cipher.encrypt(_nonce(number, last=True), piece, front)


# --- to read -----------------------------------------------------------------------------------


def read_backup_info(source: Path) -> BackupInfo:
    """Return the facts about a backup that can be read without its key. Raises `BackupError` if the
    file is no backup or damaged."""
    with open_file(source) as file:
        return _read_header(file)[0]


def open_file(source: Path) -> BinaryIO:
    """Open a backup file and return it for reading. Raises `BackupError` if it can't be opened."""
    try:
        return source.open("rb")
    except FileNotFoundError:
        raise BackupError(_("There is no file {source}.", source=source)) from None
    except OSError as error:
        raise BackupError(
            _("{source} cannot be read: {reason}", source=source, reason=reason_of(error))
        ) from None


def unseal(file: BinaryIO, opener: Opener) -> tuple[BackupInfo, Contents, Iterator[bytes]]:
    """Return a backup's header, the secrets stored beside the database, and the database piece by
    piece.

    Raises `BackupError` or `SecretError`, also while the pieces are read.
    """
    info, front = _read_header(file)
    if front.startswith(OLD_MAGIC):
        root = root_key.find_root_key(
            info.key_header, key_file=opener.key_file, passphrase_file=opener.passphrase_file
        )
        cipher = _cipher(Keys.from_root(root).backup, info.salt, front)
        return info, Contents(root, info.key_header), _decrypted(file, cipher, front)
    try:
        file_key = backup_keys.open_file_key(info.recipients, info.salt, opener)
        pieces = _decrypted(file, _cipher(file_key, info.salt, front), front)
        line, _newline, rest = next(pieces).partition(b"\n")
        inside = json.loads(line)
        found = Contents(
            bytes.fromhex(inside["root"]),
            keyring.parse_header(json.dumps(inside["key"]).encode(), "the backup"),
            _printable(inside["account"]),
        )
    except _MALFORMED:
        raise BackupError(_DAMAGED) from None
    return info, found, _chain(rest, pieces)


def _printable(account: object) -> str:
    """Return an account as text for a terminal. Raises `ValueError`."""
    if not isinstance(account, str) or not account.isprintable() or len(account) > 255:
        raise ValueError("account")
    return account


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _decrypted(file: BinaryIO, cipher: AESGCM, front: bytes) -> Iterator[bytes]:
    chunk, number = file.read(CHUNK + _TAG), 0
    while True:
        following = file.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), chunk, front)
        except InvalidTag:
            raise BackupError(_DAMAGED) from None
        if not following:
            return
        chunk, number = following, number + 1


def _read_header(file: BinaryIO) -> tuple[BackupInfo, bytes]:
    """Return the header, and the bytes authenticated with each chunk."""
    front = file.read(len(MAGIC) + 4)
    magic = front[: len(MAGIC)]
    if magic not in (MAGIC, OLD_MAGIC):
        if magic.startswith(ANY_MAGIC) and magic != MAGIC[: len(magic)]:
            raise BackupError(_("A newer Minga made this backup: install that one."))
        raise BackupError(
            _("This is not a backup of Minga, or only its first bytes. Use another one.")
        )
    try:
        (length,) = struct.unpack(">I", front[len(MAGIC) :])
        raw = file.read(min(length, _MOST_HEADER))
        header = json.loads(raw)
        if magic == OLD_MAGIC:  # sealed for the root key, which is its file's key too
            header["recipients"] = [{"kind": "root", "key": header["key"], "sealed": ""}]
        info = BackupInfo(
            datetime.fromisoformat(header["made"]).astimezone(UTC),
            backup_keys.check_recipients(header["recipients"]),
            bytes.fromhex(header["salt"]),
            str(header.get("mark", "")),
        )
    except (*_MALFORMED, SecretError, struct.error):
        raise BackupError(
            _("The backup is damaged: its header cannot be read. Use another one.")
        ) from None
    return info, front + raw


# --- what both need ----------------------------------------------------------------------------


def _cipher(key: bytes, salt: bytes, front: bytes) -> AESGCM:
    """Return the cipher with a key of this file alone, so that nonces may count from zero."""
    info = b"minga backup 1" if front.startswith(OLD_MAGIC) else b"minga backup 2"
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=info).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _mark(mark: bytes, salt: bytes) -> str:
    return hmac.digest(mark, salt, hashlib.sha256).hex()[:32]


def reason_of(error: Exception) -> str:
    """Return the operating system's words for an error, or the error's type."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
