"""What an outbox entry holds: one frozen dataclass for each kind, stored as JSON in its row.

A row outlives an update, so every form that was ever stored is read. A new field needs a default;
the key of a field never changes, whatever the field is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, asdict, dataclass, field, fields, is_dataclass
from typing import Any, Self

from bot.delivery.effects import Callback
from bot.types import EventId, RoomId, UserId


def stored_as(key: str, read: Callable[[Any], Any] | None = None) -> dict[str, Any]:
    """Return metadata for `dataclasses.field`: the field's key in JSON, and the function that turns
    its JSON value into the field's."""
    return {"key": key, "read": read}


@dataclass(frozen=True, slots=True)
class Stored:
    """A dataclass with a stored form. Fields that have their default are left out of it."""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object from which `from_json` makes an equal instance."""
        held = ((one, getattr(self, one.name)) for one in fields(self))
        return {_key(one): _plain(value) for one, value in held if value != one.default}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the instance that `to_json` stored. Raises `TypeError` if a field without a
        default is missing."""
        known = [one for one in fields(cls) if _key(one) in stored]
        return cls(**{one.name: _read(one, stored[_key(one)]) for one in known})


def _key(one: Field[Any]) -> str:
    return str(one.metadata.get("key", one.name))


def _read(one: Field[Any], value: Any) -> Any:
    read = one.metadata.get("read")
    return value if read is None or value is None else read(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Stored):
        return value.to_json()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


@dataclass(frozen=True, slots=True)
class Requester(Stored):
    """Who requested an effect, and where they are told if the homeserver refuses it."""

    by: UserId
    room: RoomId
    event: EventId | None = None
    thread: EventId | None = None
    tells_in_private: bool = field(default=False, metadata=stored_as("private"))


@dataclass(frozen=True, slots=True)
class Payload(Stored):
    """What an entry of any kind may hold.

    `requester` is told if the entry is refused; `then` is the job that is told its result instead.
    """

    requester: Requester | None = field(
        default=None, kw_only=True, metadata=stored_as("asked", Requester.from_json)
    )
    then: Callback | None = field(
        default=None,
        kw_only=True,
        metadata=stored_as("then", lambda stored: Callback(**stored)),
    )

    @property
    def person(self) -> UserId | None:
        """The person whom the outbox entry is about, as its callback is told."""
        return None


@dataclass(frozen=True, slots=True)
class MessagePayload(Payload):
    """A payload that is sent as an event of this type and content.

    `private_of` is the person whose private room it was written for, checked again at delivery.
    """

    type: str
    content: Mapping[str, Any]
    private_of: UserId | None = field(default=None, kw_only=True, metadata=stored_as("private"))
