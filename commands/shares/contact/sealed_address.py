"""Sealing of an address for one contact, so that only two networks of a link can read it.

Each side makes a key for this contact alone (X25519, RFC 7748) and sends the public half in its
signed chain, so that nobody between can replace it. The shared secret goes through HKDF-SHA-256
(RFC 5869) together with everything that identifies the contact: link, contact, thing, both networks
and both keys. So a key made for one contact opens nothing of another, and a message moved elsewhere
opens nowhere. The keys are deleted after use, so a seized machine does not have them.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.api import canonical_json, sealed_text

LABEL = "minga-link-contact-1"
LONGEST = 255
"""Bytes of a Matrix user id (spec, user identifiers)."""
SEALED_SIZE = 12 + 2 * sealed_text.PADDING_BLOCK + 16
"""Bytes of a sealed address of any length: nonce, two blocks, tag."""


class UnsealError(Exception):
    """Raised if the keys of a contact can't seal or open an address."""


@dataclass(frozen=True, slots=True)
class ContactBinding:
    """What identifies a contact, to which an address is sealed.

    `asker` and `author` are the keys of their networks, `asker_key` and `author_key` the public
    halves of those made for this contact, as they were sent.
    """

    link: str
    id: str
    thing: str
    asker: str
    asker_key: str
    author: str
    author_key: str

    def bound_parts(self) -> list[str]:
        """Return all facts from which a contact's key is derived."""
        return [
            LABEL,
            self.link,
            self.id,
            self.thing,
            self.asker,
            self.asker_key,
            self.author,
            self.author_key,
        ]


def new_key() -> tuple[bytes, str]:
    """Return a new key pair for one contact: the secret half, and the public one in hexadecimal."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw().hex()


def seal_address(own: bytes, theirs: str, contact: ContactBinding, by: str, address: str) -> str:
    """Return an address encrypted for one contact, sent by the network with key `by`.

    Raises `UnsealError` if `theirs` is no key, `ValueError` for more than `LONGEST` bytes.
    """
    if len(address.encode()) > LONGEST:
        raise ValueError("too long for an address")
    padded = address.ljust(LONGEST)
    return sealed_text.seal(
        _derive_key(own, theirs, contact), _associated_data(contact, by), padded
    ).hex()


def unseal_address(own: bytes, theirs: str, contact: ContactBinding, by: str, sealed: str) -> str:
    """Return the address that the network with key `by` encrypted for this contact. Raises
    `UnsealError`."""
    key = _derive_key(own, theirs, contact)
    try:
        raw = bytes.fromhex(sealed)
        if len(raw) != SEALED_SIZE:
            raise UnsealError("not as long as an address")
        return sealed_text.unseal(key, _associated_data(contact, by), raw).rstrip(" ")
    except (InvalidTag, ValueError) as error:
        raise UnsealError("not sealed for this contact") from error


def _associated_data(contact: ContactBinding, by: str) -> bytes:
    """Return the associated data.

    It names who sealed, so nobody can be sent their own text back.
    """
    return canonical_json([*contact.bound_parts(), by])


def _derive_key(own: bytes, theirs: str, contact: ContactBinding) -> bytes:
    """Derive the key. A point of low order gives a key that all know: refused (RFC 7748 §6.1)."""
    try:
        other = X25519PublicKey.from_public_bytes(bytes.fromhex(theirs))
        common = X25519PrivateKey.from_private_bytes(own).exchange(other)
    except ValueError as error:
        raise UnsealError("no key for this") from error
    return HKDF(SHA256(), 32, None, canonical_json(contact.bound_parts())).derive(common)
