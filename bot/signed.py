"""What the bot signs: tables that are read strictly, hashed in one spelling, signed with one key.

Every hash is taken over a canonical list that begins with a label, so that nothing that was hashed
for one purpose can be shown for another.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from bot.canonical import canonical
from bot.signer import Signer, is_signed

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Secret = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=0, lt=2**53)]


def digest(label: str, *parts: str | int) -> str:
    """SHA-256 over the label and the parts."""
    return sha256(canonical([label, *parts])).hexdigest()


class Table(BaseModel):
    """Read strictly: what is not named here is refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    def text(self) -> str:
        """As it is kept, sent and checked."""
        return canonical(self.model_dump(exclude_none=True)).decode()


class Signed(Table):
    """A table with the bot's signature over all the rest of it."""

    signature: str = ""

    def bare(self) -> bytes:
        return canonical(self.model_dump(exclude_none=True, exclude={"signature"}))

    @property
    def hash(self) -> str:
        """What others name it by: of all but the signature."""
        return sha256(self.bare()).hexdigest()

    def signed(self, signer: Signer) -> Self:
        return self.model_copy(update={"signature": signer.sign(self.bare())})

    def is_signed(self, public: str) -> bool:
        return is_signed(public, self.bare(), self.signature)
