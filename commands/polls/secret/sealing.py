"""A ballot's own key: without it nobody can tell who voted or what; shredding destroys it."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.api import UserId

BLOCK = 512
"""What is sealed is filled up to a multiple of this: its length says nothing about the vote."""


@dataclass(frozen=True, slots=True, repr=False)
class Box:
    """Seals what links a voter to a vote in ballot `number`."""

    number: int
    key: bytes

    @classmethod
    def new(cls, number: int) -> Box:
        return cls(number, secrets.token_bytes(32))

    def mark(self, voter: UserId) -> bytes:
        """Under what a voter's vote is kept."""
        return self._derive("mark", voter)

    def salt(self, voter: UserId) -> str:
        """What keeps a voter's leaf of the roll from being guessed."""
        return self._derive("salt", voter)[:16].hex()

    def seal(self, mark: bytes, text: str) -> bytes:
        plain = text.encode()
        nonce = secrets.token_bytes(12)
        padded = plain + b" " * (-len(plain) % BLOCK)
        return nonce + self._cipher().encrypt(nonce, padded, self._place(mark))

    def unseal(self, mark: bytes, sealed: bytes) -> str:
        """Raises `cryptography.exceptions.InvalidTag` where a vote was moved or changed."""
        plain = self._cipher().decrypt(sealed[:12], sealed[12:], self._place(mark))
        return plain.rstrip(b" ").decode()

    def _cipher(self) -> AESGCM:
        return AESGCM(self._derive("seal", ""))

    def _place(self, mark: bytes) -> bytes:
        return b"%d|%b" % (self.number, mark)

    def _derive(self, use: str, of: str) -> bytes:
        return hmac.digest(self.key, f"{use}|{of}".encode(), "sha256")
