"""Signed documents: parsed strictly, hashed in canonical form, signed with one key.

Every hash covers a canonical list that begins with a label, so that a hash made for one purpose
can't be presented for another.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from bot.signing.canonical_json import canonical_json
from bot.signing.signer import Signer, is_signed

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Secret = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=0, lt=2**53)]


def hash_parts(label: str, *parts: str | int) -> str:
    """Return the SHA-256 of the label and the parts, in hex."""
    return sha256(canonical_json([label, *parts])).hexdigest()


class StrictModel(BaseModel):
    """A document that is parsed strictly: unknown fields are refused."""

    model_config = ConfigDict(defer_build=True, strict=True, frozen=True, extra="forbid")

    def to_json(self) -> str:
        """Return the model as canonical JSON, as it is stored, sent and checked."""
        return canonical_json(self.model_dump(exclude_none=True)).decode()


class SignedModel(StrictModel):
    """A document with the bot's signature over all other fields."""

    signature: str = ""

    def unsigned_bytes(self) -> bytes:
        """Return the model as canonical JSON without the signature: what is signed."""
        return canonical_json(self.model_dump(exclude_none=True, exclude={"signature"}))

    @property
    def hash(self) -> str:
        """The hash of everything but the signature, by which other tables refer to this one."""
        return sha256(self.unsigned_bytes()).hexdigest()

    def sign(self, signer: Signer) -> Self:
        """Return a copy with the signer's signature."""
        return self.model_copy(update={"signature": signer.sign(self.unsigned_bytes())})

    def is_signed(self, public: str) -> bool:
        """Return whether the signature is valid for this public key."""
        return is_signed(public, self.unsigned_bytes(), self.signature)
