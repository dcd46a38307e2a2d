"""The key of a ballot. Without it nobody can tell who voted or what; shredding destroys it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.api import UserId

PADDING_BLOCK = 512
"""Sealed text is padded to a multiple of this, so that its length reveals nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class BallotBox:
    """Seal the link from voters to votes in ballot `number`."""

    number: int
    key: bytes

    @classmethod
    def new(cls, number: int) -> BallotBox:
        """Return a box with a new random key."""
        return cls(number, secrets.token_bytes(32))

    def mark(self, voter: UserId) -> bytes:
        """Return the key under which a voter's vote is stored."""
        return self._derive("mark", voter)

    def salt(self, voter: UserId) -> str:
        """Return the salt that keeps a voter's roll leaf from being guessed."""
        return self._derive("salt", voter)[:16].hex()

    def seal(self, mark: bytes, text: str) -> bytes:
        """Encrypt a text for this mark with AES-GCM."""
        plain = text.encode()
        nonce = secrets.token_bytes(12)
        padded = plain + b" " * (-len(plain) % PADDING_BLOCK)
        return nonce + self._cipher().encrypt(nonce, padded, self._place(mark))

    def unseal(self, mark: bytes, sealed: bytes) -> str:
        """Decrypt a sealed text.

        Raises `cryptography.exceptions.InvalidTag` if it was moved or changed.
        """
        plain = self._cipher().decrypt(sealed[:12], sealed[12:], self._place(mark))
        return plain.rstrip(b" ").decode()

    def _cipher(self) -> AESGCM:
        return AESGCM(self._derive("seal", ""))

    def _place(self, mark: bytes) -> bytes:
        return b"%d|%b" % (self.number, mark)

    def _derive(self, use: str, of: str) -> bytes:
        return hmac.digest(self.key, f"{use}|{of}".encode(), "sha256")
