"""Accounts of the homeserver for people who have none: a registration token, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.delivery.effects import Callback, Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload
from bot.delivery.subject import Subject, writes
from bot.gateway import Gateway
from bot.types import RoomId
from storage.outbox_entries import Address

OFFICE = Address(RoomId("accounts"), None)
"""One queue, so that what is taken back was given before."""


@dataclass(frozen=True, slots=True)
class OfferAccounts(Effect):
    """Let `uses` people register at the homeserver with the token, until `until` (UTC)."""

    token: str
    uses: int
    until: datetime
    then: Callback


@dataclass(frozen=True, slots=True)
class WithdrawAccounts(Effect):
    """Let nobody register with the token any more. Accounts made with it stay."""

    token: str


@dataclass(frozen=True, slots=True)
class OfferPayload(Payload):
    """An offer of accounts; `until` is in seconds since 1970."""

    token: str
    uses: int
    until: float


async def offer_accounts(
    gateway: Gateway, entry: PendingEntry[OfferPayload], _site: DeliverySite
) -> None:
    """Make the registration token. Idempotent, as its text is chosen beforehand."""
    said = entry.payload
    await gateway.accounts.offer(said.token, said.uses, datetime.fromtimestamp(said.until, UTC))


OFFER = EntryKind("offer_accounts", OfferPayload, offer_accounts, waits_for_servers=True)


async def write_offer(writer: EntryWriter, effect: OfferAccounts) -> None:
    """Write the outbox entry that makes a registration token at the homeserver."""
    payload = OfferPayload(effect.token, effect.uses, effect.until.timestamp(), then=effect.then)
    await writer.put_entry(OFFER, payload, OFFICE)


@dataclass(frozen=True, slots=True)
class WithdrawalPayload(Payload):
    """The registration token to withdraw."""

    token: str


async def withdraw_accounts(
    gateway: Gateway, entry: PendingEntry[WithdrawalPayload], _site: DeliverySite
) -> None:
    """Delete the registration token at the homeserver. Idempotent."""
    await gateway.accounts.withdraw(entry.payload.token)


WITHDRAWAL = EntryKind(
    "withdraw_accounts", WithdrawalPayload, withdraw_accounts, waits_for_servers=True
)


async def write_withdrawal(writer: EntryWriter, effect: WithdrawAccounts) -> None:
    """Write the outbox entry that deletes a registration token at the homeserver."""
    await writer.put_entry(WITHDRAWAL, WithdrawalPayload(effect.token), OFFICE)


SUBJECT = Subject(
    kinds=(OFFER, WITHDRAWAL),
    writers=(writes(OfferAccounts, write_offer), writes(WithdrawAccounts, write_withdrawal)),
)
