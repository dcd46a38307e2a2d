"""Secret storage of Matrix: a recovery key, and secrets sealed with it (spec §Secrets). Pure.

All that is opened here was stored by a homeserver: nothing of it is used before its code (HMAC)
fits, and nothing is read beyond the size that it may have.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.matrix.fields import short_text

ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"
KEY_BYTES = 32
MOST_SECRET_BYTES = 1024
"""Largest secret that is opened. A signing key has 43 characters."""
_PREFIX = bytes((0x8B, 0x01))
_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LENGTH = 48
"""Letters of every recovery key: 58^47 is less than what its prefix allows, 58^48 is more."""
_GROUP = 4
_MOST_TYPED = 1000
_IV_BYTES = 16
_MAC_BYTES = 32


class MistypedKey(ValueError):
    """What was typed is not a recovery key: a letter is wrong, missing or too many."""


class DamagedSecret(ValueError):
    """A stored secret was not sealed with this key and for this name, or was changed since."""


# --- the recovery key ----------------------------------------------------------------------------


def make_key() -> bytes:
    """Return a new random key of secret storage."""
    return secrets.token_bytes(KEY_BYTES)


def format_recovery_key(key: bytes) -> str:
    """Return the key as people write it down: base58 in groups of four (spec §Recovery key)."""
    plain = _PREFIX + key
    number = int.from_bytes(plain + bytes([_parity(plain)]), "big")
    letters = ""
    while number:
        number, digit = divmod(number, len(_LETTERS))
        letters = _LETTERS[digit] + letters
    return " ".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def parse_recovery_key(typed: str) -> bytes:
    """Return the bytes of a recovery key that a person typed; spaces count for nothing.

    Raises `MistypedKey`, by the letters, their number, the prefix or the parity byte.
    """
    letters = "".join(typed[:_MOST_TYPED].split())
    if len(letters) != _LENGTH or not set(letters) <= set(_LETTERS):
        raise MistypedKey
    number = 0
    for letter in letters:
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    raw = number.to_bytes(_LENGTH, "big").lstrip(b"\0")
    if len(raw) != len(_PREFIX) + KEY_BYTES + 1 or not raw.startswith(_PREFIX) or _parity(raw):
        raise MistypedKey
    return raw[len(_PREFIX) : -1]


def _parity(raw: bytes) -> int:
    found = 0
    for byte in raw:
        found ^= byte
    return found


# --- what is sealed with it ----------------------------------------------------------------------


def seal_secret(key: bytes, name: str, secret: str) -> dict[str, str]:
    """Return the secret encrypted with the key under this name (spec
    §m.secret_storage.v1.aes-hmac-sha2)."""
    return _seal(key, name, secret.encode(), _start_value())


def open_secret(key: bytes, name: str, sealed: Mapping[str, Any]) -> str:
    """Return the secret that was encrypted with this key under this name. Raises `DamagedSecret`.

    The code covers neither the start value nor who sealed it: whoever opens a secret compares it
    with what it must be.
    """
    iv = _decode(sealed.get("iv"), _IV_BYTES)
    ciphertext = _decode(sealed.get("ciphertext"), MOST_SECRET_BYTES)
    mac = _decode(sealed.get("mac"), _MAC_BYTES)
    encryption_key, code_key = _derive_keys(key, name)
    try:
        code = HMAC(code_key, SHA256())
        code.update(ciphertext)
        code.verify(mac)
        if len(iv) != _IV_BYTES:
            raise DamagedSecret
        return _apply_stream(encryption_key, iv, ciphertext).decode()
    except (InvalidSignature, UnicodeDecodeError):
        raise DamagedSecret from None


def describe_key(key: bytes) -> dict[str, str]:
    """Return the description of a key, by which it is recognised later (spec §Key storage)."""
    sealed = _seal(key, "", bytes(KEY_BYTES), _start_value())
    return {"algorithm": ALGORITHM, "iv": sealed["iv"], "mac": sealed["mac"]}


def is_described(key: bytes, description: Mapping[str, Any]) -> bool:
    """Return whether the description belongs to this key. One without an authentication code
    belongs to none."""
    try:
        iv = _decode(description.get("iv"), _IV_BYTES)
        mac = _decode(description.get("mac"), _MAC_BYTES)
    except DamagedSecret:
        return False
    if description.get("algorithm") != ALGORITHM or len(iv) != _IV_BYTES:
        return False
    expected = _decode(_seal(key, "", bytes(KEY_BYTES), iv)["mac"], _MAC_BYTES)
    return secrets.compare_digest(mac, expected)


def encode_bytes(raw: bytes) -> str:
    """Return the bytes as unpadded base64."""
    return base64.b64encode(raw).decode().rstrip("=")


def decode_key(text: str) -> bytes:
    """Return the 32 bytes of a stored signing key. Raises `DamagedSecret`."""
    raw = _decode(text, KEY_BYTES)
    if len(raw) != KEY_BYTES:
        raise DamagedSecret
    return raw


def _start_value() -> bytes:
    """Return a random start value of the counter.

    Its bit 63 is 0, so that counters of 64 and of 128 bits give the same.
    """
    iv = bytearray(secrets.token_bytes(_IV_BYTES))
    iv[8] &= 0x7F
    return bytes(iv)


def _seal(key: bytes, name: str, plain: bytes, iv: bytes) -> dict[str, str]:
    encryption_key, code_key = _derive_keys(key, name)
    ciphertext = _apply_stream(encryption_key, iv, plain)
    code = HMAC(code_key, SHA256())
    code.update(ciphertext)
    parts = {"iv": iv, "ciphertext": ciphertext, "mac": code.finalize()}
    return {part: encode_bytes(raw) for part, raw in parts.items()}


def _derive_keys(key: bytes, name: str) -> tuple[bytes, bytes]:
    """Return the keys of encryption and code. A salt of zeros is HKDF's own for "none"."""
    derived = HKDF(SHA256(), 2 * KEY_BYTES, salt=bytes(KEY_BYTES), info=name.encode()).derive(key)
    return derived[:KEY_BYTES], derived[KEY_BYTES:]


def _apply_stream(key: bytes, iv: bytes, text: bytes) -> bytes:
    """Encrypt or decrypt with AES-256 in counter mode, which are the same."""
    stream = Cipher(algorithms.AES(key), modes.CTR(iv)).encryptor()
    return stream.update(text) + stream.finalize()


def _decode(value: Any, most: int) -> bytes:
    """Return the bytes of base64, padded or not. Raises `DamagedSecret` if they are too many."""
    text = short_text(value, most * 2).rstrip("=")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise DamagedSecret from None
    if not raw or len(raw) > most:
        raise DamagedSecret
    return raw
