"""The key of a ballot. Without it nobody can tell who voted or what; shredding destroys it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from bot.api import sealed_text

PADDING_BLOCK = 512
"""Sealed text is padded to a multiple of this, so that its length reveals nothing."""


@dataclass(frozen=True, slots=True, repr=False)
class BallotBox:
    """Seal the link from voters to votes in ballot `number`."""

    number: int
    key: bytes

    @classmethod
    def new(cls, number: int) -> BallotBox:
        """Return a box for a secret ballot's votes, with a new random key."""
        return cls(number, sealed_text.new_key())

    def mark(self, voter: str) -> bytes:
        """Return the secret mark under which the vote of a person or an organisation is stored."""
        return self._derive("mark", voter)

    def salt(self, voter: str) -> str:
        """Return the salt that keeps a voter's roll leaf from being guessed."""
        return self._derive("salt", voter)[:16].hex()

    def seal(self, mark: bytes, text: str) -> bytes:
        """Return a text encrypted for this voter's mark with AES-GCM."""
        plain = text.encode()
        padded = plain + b" " * (-len(plain) % PADDING_BLOCK)
        return sealed_text.seal_bytes(self._derive("seal", ""), self._place(mark), padded)

    def unseal(self, mark: bytes, sealed: bytes) -> str:
        """Return the decrypted text of this voter's mark.

        Raises `cryptography.exceptions.InvalidTag` if it was sealed with another ballot's key or
        for another mark, or was changed since.
        """
        plain = sealed_text.unseal_bytes(self._derive("seal", ""), self._place(mark), sealed)
        return plain.rstrip(b" ").decode()

    def _place(self, mark: bytes) -> bytes:
        return b"%d|%b" % (self.number, mark)

    def _derive(self, use: str, of: str) -> bytes:
        return hmac.digest(self.key, f"{use}|{of}".encode(), "sha256")
