"""Where the root key comes from: a key file, or a stretched passphrase. Both are checked first."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.i18n import _
from bot.lines import Line
from storage.encryption.key_header import HEADER as HEADER
from storage.encryption.key_header import LIVE_SALT as LIVE_SALT
from storage.encryption.key_header import NEXT, SCRYPT, new_header
from storage.encryption.key_header import backup_header as backup_header
from storage.encryption.key_header import new_live_salt as new_live_salt
from storage.encryption.key_header import parse_header as parse_header
from storage.encryption.key_header import read_header as read_header
from storage.encryption.key_header import write_header as write_header
from storage.encryption.keys import Keys, has_database, is_key_of, key_id, seal_header
from storage.encryption.secret_files import SecretError as SecretError
from storage.encryption.secret_files import (
    exists,
    make_private_folder,
    read_secret,
    write_secret,
)
from storage.encryption.weak_secrets import is_weak_key, is_weak_passphrase

LEAST_PASSPHRASE = 12


_TOO_SHORT = _("The passphrase is too short: use 12 characters or more.")


def unlock(
    data: Path, *, key_file: Path, passphrase_file: Path | None = None, create: bool = False
) -> Keys:
    """Return the keys for the databases in `data`.

    The passphrase file is used if given, else the key file. `create` makes a missing key file, but
    never beside an existing database or header, which another key could not open. Raises
    `SecretError`.
    """
    header = read_header(data)
    if header is not None and NEXT in header:
        _refuse_half_changed(data, header, key_file, passphrase_file)
    if passphrase_file is not None:
        root = _from_passphrase(data, passphrase_file, header)
    else:
        root = _from_file(data, key_file, header, create=create)
    made = header or read_header(data) or {}
    return Keys.from_root(root, made.get(LIVE_SALT))


def find_root_key(
    header: Mapping[str, Any], *, key_file: Path, passphrase_file: Path | None = None
) -> bytes:
    """Return the data's root key, from which the keys of all its files are derived: made of the
    key file, or by scrypt of the passphrase in its file, as the data's `header` says.

    Raises `SecretError` if that file is missing, or if another one made the header.
    """
    if header["kdf"] == "scrypt":
        if passphrase_file is None:
            raise SecretError(
                _(
                    "This data is locked with a passphrase: name its file in"
                    " storage.passphrase_file."
                )
            )
        if not exists(passphrase_file):
            raise SecretError(
                _(
                    "{file} is missing. To type the passphrase into it: install -D -m 600"
                    " /dev/stdin {file}, then the passphrase, Enter and Ctrl-D.",
                    file=passphrase_file,
                )
            )
        return find_root_key_in(read_secret(passphrase_file), passphrase_file, header)
    return find_root_key_in(read_secret(key_file), key_file, header)


def find_root_key_in(secret: bytes, named: Path, header: Mapping[str, Any]) -> bytes:
    """Return the root key to which `header` belongs, made of the content of the file `named`.

    Raises `SecretError` if it does not fit.
    """
    if header["kdf"] == "file" and is_too_short(secret):
        raise SecretError(
            _(
                "{path} is too short for a key, and this data was locked with key {id}. Put"
                " the right key there; nothing was changed.",
                path=named,
                id=header["id"],
            )
        )
    root = make_root_key(secret, named, header)
    if not is_key_of(root, header) and header["kdf"] == "scrypt":
        raise SecretError(
            _(
                "The passphrase in {file} does not open this data (key {id}): is a letter wrong?"
                " Nothing was changed. Type it anew: install -D -m 600 /dev/stdin {file}, then the"
                " passphrase, Enter and Ctrl-D.",
                file=named,
                id=header["id"],
            )
        )
    if not is_key_of(root, header):
        raise SecretError(
            _(
                "{named} is not the key of this data (it was locked with key {id},"
                " this is {found}). Put the right key there; nothing was changed.",
                named=named,
                id=header["id"],
                found=key_id(root),
            )
        )
    return root


def make_root_key(secret: bytes, named: Path, how: Mapping[str, Any]) -> bytes:
    """Return the root key made of the secret in the way that the header tells.

    `named` is the file of the secret, for messages. Raises `SecretError`.
    """
    if how["kdf"] == "scrypt":
        return stretch_passphrase(secret, how)
    return add_salt(parse_root_key(secret, named), how)


def parse_root_key(secret: bytes, path: Path) -> bytes:
    """Return the root key of a key file: 64 hexadecimal digits, or any secret of 32 bytes or more.

    Raises `SecretError`.
    """
    text = _without_newline(secret)
    if len(text) == 64 and all(c in b"0123456789abcdefABCDEF" for c in text):
        return bytes.fromhex(text.decode())
    if is_too_short(secret):
        raise SecretError(
            _(
                "{path} is too short for a key: it needs 64 hexadecimal digits, or"
                " any secret of 32 bytes and more. For a new one: openssl rand -hex 32",
                path=path,
            )
        )
    return HKDF(SHA256(), 32, salt=b"org.minga", info=b"root").derive(text)


def is_too_short(secret: bytes) -> bool:
    """Return whether the content of a key file has fewer than the 32 bytes of a key."""
    return len(_without_newline(secret)) < 32


def add_salt(root: bytes, header: Mapping[str, Any]) -> bytes:
    """Return the key mixed with the header's salt, so that the key file alone opens nothing. Old
    headers have none."""
    salt = header.get("salt")
    if salt is None:
        return root
    return HKDF(SHA256(), 32, salt=bytes.fromhex(salt), info=b"org.minga header").derive(root)


def stretch_passphrase(passphrase: bytes, header: Mapping[str, Any]) -> bytes:
    """Return the root key of a passphrase (scrypt, RFC 7914), in about half a second.

    Raises `SecretError` if it is too short.
    """
    text = _without_newline(passphrase)
    if len(text) < LEAST_PASSPHRASE:
        raise SecretError(_TOO_SHORT)
    n, r, p = (int(header[name]) for name in ("n", "r", "p"))
    if (n, r, p) != tuple(SCRYPT.values()):
        raise SecretError(
            _(
                "{header} asks for another scrypt (n={n} r={r} p={p}) than we know.",
                header=HEADER,
                n=n,
                r=r,
                p=p,
            )
        )
    return Scrypt(salt=bytes.fromhex(header["salt"]), length=32, n=n, r=r, p=p).derive(text)


def create_key_file(path: Path) -> None:
    """Write 32 random bytes in hexadecimal to a new durable file with mode 0600."""
    make_private_folder(path.parent, tighten=False)
    write_secret(path, secrets.token_hex(32).encode() + b"\n")


def _from_file(data: Path, path: Path, header: Mapping[str, Any] | None, *, create: bool) -> bytes:
    if not exists(path):
        if header is not None or has_database(data):
            raise SecretError(
                _(
                    "{path} is missing, and {data} was locked with it. Put the key"
                    " back (from where you keep its copy); without it the data cannot"
                    " be read by anyone.",
                    path=path,
                    data=data,
                )
            )
        if not create:
            raise SecretError(_("{path} is missing. Make it with: minga init", path=path))
        create_key_file(path)
    if header is not None:
        if header["kdf"] != "file":
            raise SecretError(
                _(
                    "{data} was locked with a passphrase: name its file in"
                    " storage.passphrase_file.",
                    data=data,
                )
            )
        return find_root_key(header, key_file=path)
    if has_database(data):
        raise SecretError(_no_header_line(data))
    secret = read_secret(path)
    refuse_weak_key(secret, path)
    return _lock_new_data(data, secret, path, new_header("file"))


def _from_passphrase(data: Path, path: Path, header: Mapping[str, Any] | None) -> bytes:
    if header is None:
        if has_database(data):
            raise SecretError(_no_header_line(data))
        secret = read_secret(path)
        refuse_weak_passphrase(secret)
        return _lock_new_data(data, secret, path, new_header("scrypt"))
    if header["kdf"] != "scrypt":
        raise SecretError(
            _(
                "{data} was locked with a key file: take storage.passphrase_file out"
                " of the configuration.",
                data=data,
            )
        )
    return find_root_key(header, key_file=path, passphrase_file=path)


def _lock_new_data(data: Path, secret: bytes, named: Path, how: Mapping[str, Any]) -> bytes:
    root = make_root_key(secret, named, how)
    write_header(data, seal_header(root, how))
    return root


def _refuse_half_changed(
    data: Path, header: Mapping[str, Any], key_file: Path, passphrase_file: Path | None
) -> None:
    """Raise `SecretError` if the earlier key, which the databases have until the change begins,
    does not open them any more, or is not the one that is configured.
    """
    if not header[NEXT]["begun"] and is_configured(header, key_file, passphrase_file):
        return
    raise SecretError(
        _(
            "The change of {data} from key {id} to key {new} was interrupted. Nothing is lost: the"
            " next start finishes it, or: minga change-key",
            data=data,
            id=header["id"],
            new=header[NEXT]["id"],
        )
    )


def is_configured(header: Mapping[str, Any], key_file: Path, passphrase_file: Path | None) -> bool:
    """Return whether the configured secret is the one to which this header belongs."""
    if (header["kdf"] == "scrypt") != (passphrase_file is not None):
        return False
    try:
        find_root_key(header, key_file=key_file, passphrase_file=passphrase_file)
    except SecretError:
        return False
    return True


def check_new_secret(*, key_file: Path, passphrase_file: Path | None = None) -> None:
    """Raise `SecretError` if the configured secret could not be used for new data. Writes
    nothing."""
    if passphrase_file is not None:
        refuse_weak_passphrase(read_secret(passphrase_file))
    elif exists(key_file):
        refuse_weak_key(read_secret(key_file), key_file)


def refuse_weak_key(secret: bytes, path: Path) -> None:
    """Raise `SecretError` if the content of a key file is too short or weak to lock new data."""
    parse_root_key(secret, path)
    if is_weak_key(_without_newline(secret)):
        raise SecretError(
            _(
                "{path} is no random key: anybody could guess it. For a new one: openssl rand"
                " -hex 32",
                path=path,
            )
        )


def refuse_weak_passphrase(passphrase: bytes) -> None:
    """Raise `SecretError` if a passphrase is too short or weak to lock new data."""
    text = _without_newline(passphrase)
    if len(text) < LEAST_PASSPHRASE:
        raise SecretError(_TOO_SHORT)
    if is_weak_passphrase(text):
        raise SecretError(
            _("The passphrase is too easy to guess: use six random words, or a key file.")
        )


def _no_header_line(data: Path) -> Line:
    return _(
        "{header} is missing; without its salt neither key nor passphrase opens anything. Put it"
        " back, or move {data} away and bring the last backup back: minga restore",
        header=data / HEADER,
        data=data,
    )


def _without_newline(secret: bytes) -> bytes:
    """Remove the newline that editors add; a binary secret stays as it is."""
    try:
        secret.decode()
    except UnicodeDecodeError:
        return secret
    return secret.rstrip(b"\r\n")
