"""The list at the homeserver of people who were forgotten (docs/decisions/0076)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.delivery.effects import Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload
from bot.delivery.subject import Subject, writes
from bot.gateway import AccountStore
from bot.types import RoomId, UserId
from storage.outbox_entries import Address
from storage.rows import forgotten_people
from storage.rows.forgotten_people import LIST_TYPE, ForgottenEntry

log = structlog.get_logger()

LIST = Address(RoomId("forgotten"), None)
"""One queue, because the list is read, changed and written back."""


@dataclass(frozen=True, slots=True)
class NoteForgotten(Effect):
    """Note, where no restore of a backup reaches, that this person was forgotten at `at` (UTC)."""

    person: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class ForgottenPayload(Payload):
    """An entry of the list, which names nobody."""

    id: str
    mark: str
    day: int


async def add_to_list(
    gateway: AccountStore, entry: PendingEntry[ForgottenPayload], site: DeliverySite
) -> None:
    """Add the entry to the list at the homeserver. Idempotent.

    A list with another key stays beside ours: a backup that is restored later may have its key.
    """
    said = entry.payload
    async with site.db.reading() as tx:
        key = await forgotten_people.list_key(tx)
    content = await gateway.account_data(LIST_TYPE)
    there = forgotten_people.open_list(key, content)
    others = forgotten_people.other_lists(key, content, said.day)
    fresh = forgotten_people.with_entry(there, ForgottenEntry(said.id, said.mark, said.day))
    sealed = forgotten_people.seal_list(key, fresh, others)
    if others:
        kept = len(sealed.get("others", ()))
        log.warning("lists of forgotten people have other keys", count=len(others), kept=kept)
    await gateway.set_account_data(LIST_TYPE, sealed)


ADDITION = EntryKind("note_forgotten", ForgottenPayload, add_to_list, is_given_up=False)


async def write_addition(writer: EntryWriter, effect: NoteForgotten) -> None:
    """Write the outbox entry that adds a forgotten person to the list at the homeserver, which no
    restored backup undoes."""
    at = effect.at.astimezone(UTC)
    made = await forgotten_people.add_entry(writer.tx, effect.person, at)
    await writer.put_entry(ADDITION, ForgottenPayload(made.id, made.mark, made.day), LIST)


SUBJECT = Subject(kinds=(ADDITION,), writers=(writes(NoteForgotten, write_addition),))
