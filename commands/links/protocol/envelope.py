"""The signed message that networks send each other, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError

from bot.api import Count, Hash, Secret, Signer, StrictModel, canonical_json, hash_parts, is_signed

MESSAGE_TYPE = "org.minga.link"
LARGEST = 40_000
"""Bytes of a message as JSON, where `é` takes six; a homeserver takes 64 KiB encrypted."""
DEEPEST = 12
"""How deep a message can be nested."""
FIRST = "0" * 64
"""The hash that the first message of a chain names as the one before."""

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}$")]
"""A network's public key (Ed25519, unpadded base64), by which it is known in a link."""
T = TypeVar("T", bound=StrictModel)
KindWord = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")]


class InvalidMessage(Exception):
    """Raised for content that is no valid message of a network."""


class NetworkEnvelope(StrictModel):
    """A message of `network`, the `seq`-th in this link; `prev` is the hash of the one before.

    `id` names what it is about: the same thing keeps its id through its versions.
    """

    v: Literal[1] = 1
    link: Secret
    network: Key
    seq: Annotated[Count, Field(ge=1)]
    prev: Hash
    kind: KindWord
    id: Secret
    body: dict[str, Any]
    sig: str = ""

    def signed_bytes(self) -> bytes:
        """Return the bytes of the message that are signed and hashed: canonical JSON without the
        signature."""
        return canonical_json(self.model_dump(exclude={"sig"}))

    @property
    def hash(self) -> str:
        """The hash by which the network's next message names this one."""
        return hash_parts("minga-link-1", self.signed_bytes().decode())

    def sign_with(self, signer: Signer) -> Self:
        """Return a copy with the signer's signature."""
        return self.model_copy(update={"sig": signer.sign(self.signed_bytes())})

    def is_genuine(self) -> bool:
        """Return whether the holder of the network's key signed exactly this message."""
        return is_signed(self.network, self.signed_bytes(), self.sig)

    def parse_body(self, kind: type[T]) -> T:
        """Return the message's body, read strictly as this type. Raises `InvalidMessage` if it is
        not of it."""
        try:
            return kind.model_validate_json(canonical_json(self.body))
        except ValidationError as error:
            raise InvalidMessage(f"no such {self.kind}") from error

    def content(self) -> dict[str, Any]:
        """Return the content of the Matrix event that carries the message."""
        return self.model_dump()


class UnknownVersion(InvalidMessage):
    """Raised for a message in a version that is not known yet."""


def parse_envelope(content: Mapping[str, Any]) -> NetworkEnvelope:
    """Return the network's message in an event's content.

    Raises `InvalidMessage`; `UnknownVersion` for a version to come. Other fields of the event are
    ignored, as they are not signed. The signature is not checked: see `is_genuine`.
    """
    if _deep(content, DEEPEST):
        raise InvalidMessage("nested too deep")
    try:
        size = len(json.dumps(content))
    except (ValueError, TypeError) as error:
        raise InvalidMessage("not JSON") from error
    if size > LARGEST:
        raise InvalidMessage("too large")
    version = content.get("v")
    if isinstance(version, bool):
        raise InvalidMessage("no version")
    if isinstance(version, int) and version > 1:
        raise UnknownVersion(f"version {version}")
    try:
        known = {name: content[name] for name in NetworkEnvelope.model_fields if name in content}
        found = NetworkEnvelope.model_validate(known)
        found.signed_bytes()
    except (ValidationError, ValueError) as error:
        raise InvalidMessage("not a message of a network") from error
    return found


def _deep(value: Any, left: int) -> bool:
    """Tell whether the value is nested deeper than `left`, looking no deeper."""
    if isinstance(value, Mapping):
        return left == 0 or any(_deep(part, left - 1) for part in value.values())
    if isinstance(value, list | tuple):
        return left == 0 or any(_deep(part, left - 1) for part in value)
    return False
