"""What only two of the networks in a link can read: an address, sealed for one contact.

Each side makes a key for this contact alone (X25519, RFC 7748) and says the public half in its
signed chain, so that nobody between can put their own in its place. What both come to goes through
HKDF-SHA-256 (RFC 5869) together with all that the contact is: link, contact, thing, both networks
and both keys. So a key that was made for one contact opens nothing of another, and a message that
is moved elsewhere opens nowhere. Whoever takes a machine later finds the keys gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.api import canonical, sealing

LABEL = "minga-link-contact-1"
LONGEST = 255
"""Bytes of a Matrix address (spec, user identifiers)."""
SEALED = 12 + 2 * sealing.BLOCK + 16
"""Bytes of what is sealed, whatever the address: nonce, two blocks, tag."""


class Unopened(Exception):
    """It was not sealed for this contact by the other of the two."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What both keys are bound to. Keys of networks and of this contact, as they were said."""

    link: str
    id: str
    thing: str
    asker: str
    asker_key: str
    author: str
    author_key: str

    def bound(self) -> list[str]:
        return [LABEL, self.link, self.id, self.thing, self.asker, self.asker_key, self.author,
                self.author_key]  # fmt: skip


def new() -> tuple[bytes, str]:
    """A key for one contact: its secret half, and the public one as it is said."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw().hex()


def seal(own: bytes, theirs: str, contact: Contact, by: str, address: str) -> str:
    """`address`, sealed by the network of key `by`. Raises `Unopened` for a key that is none."""
    if len(address.encode()) > LONGEST:
        raise ValueError("too long for an address")
    padded = address.ljust(LONGEST)
    return sealing.seal(_shared(own, theirs, contact), _place(contact, by), padded).hex()


def unseal(own: bytes, theirs: str, contact: Contact, by: str, sealed: str) -> str:
    """What the network of key `by` sealed for this contact. Raises `Unopened`."""
    key = _shared(own, theirs, contact)
    try:
        raw = bytes.fromhex(sealed)
        if len(raw) != SEALED:
            raise Unopened("not as long as an address")
        return sealing.unseal(key, _place(contact, by), raw).rstrip(" ")
    except (InvalidTag, ValueError) as error:
        raise Unopened("not sealed for this contact") from error


def _place(contact: Contact, by: str) -> bytes:
    """Neither can be given its own words back as the other's."""
    return canonical([*contact.bound(), by])


def _shared(own: bytes, theirs: str, contact: Contact) -> bytes:
    """A point of low order would make a key that all know: it is refused (RFC 7748 §6.1)."""
    try:
        other = X25519PublicKey.from_public_bytes(bytes.fromhex(theirs))
        common = X25519PrivateKey.from_private_bytes(own).exchange(other)
    except ValueError as error:
        raise Unopened("no key for this") from error
    return HKDF(SHA256(), 32, None, canonical(contact.bound())).derive(common)
