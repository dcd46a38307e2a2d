"""Accounts of the homeserver for people who have none: a registration token, and its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.delivery.effects import Callback, Effect
from bot.delivery.entry_kind import DeliverySite, EntryKind, PendingEntry, Refusal
from bot.delivery.entry_writer import EntryWriter
from bot.delivery.payload import Payload, stored_as
from bot.delivery.subject import Subject, writes
from bot.gateway import Gateway
from bot.i18n import _
from bot.types import RoomId, UserId
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
    """Let nobody register with these tokens any more. Accounts made with them stay.

    `asked_by` is told in private if that is refused for good.
    """

    tokens: tuple[str, ...]
    asked_by: UserId | None = None


@dataclass(frozen=True, slots=True)
class OfferPayload(Payload):
    """An offer of accounts; `until` is in seconds since 1970."""

    token: str
    uses: int
    until: float


async def offer_accounts(
    gateway: Gateway, entry: PendingEntry[OfferPayload], _site: DeliverySite
) -> None:
    """Create the registration token at the homeserver. Idempotent, as its text is chosen
    beforehand."""
    said = entry.payload
    await gateway.accounts.offer(said.token, said.uses, datetime.fromtimestamp(said.until, UTC))


OFFER = EntryKind("offer_accounts", OfferPayload, offer_accounts, waits_for_servers=True)


async def write_offer(writer: EntryWriter, effect: OfferAccounts) -> None:
    """Write the outbox entry that makes a registration token at the homeserver."""
    payload = OfferPayload(effect.token, effect.uses, effect.until.timestamp(), then=effect.then)
    await writer.put_entry(OFFER, payload, OFFICE)


@dataclass(frozen=True, slots=True)
class WithdrawalPayload(Payload):
    """The registration tokens to withdraw."""

    token: str
    others: tuple[str, ...] = field(default=(), metadata=stored_as("others", tuple))

    @property
    def tokens(self) -> tuple[str, ...]:
        """All registration tokens to be deleted."""
        return (self.token, *self.others)


async def withdraw_accounts(
    gateway: Gateway, entry: PendingEntry[WithdrawalPayload], _site: DeliverySite
) -> None:
    """Delete the registration tokens at the homeserver. Idempotent."""
    for token in entry.payload.tokens:
        await gateway.accounts.withdraw(token)


WITHDRAWAL = EntryKind(
    "withdraw_accounts",
    WithdrawalPayload,
    withdraw_accounts,
    refusal=Refusal(
        lambda payload: _(
            "I could not take back registration codes ({codes})", codes=payload.tokens
        ),
        reason=(
            _("I have no right to accounts of the server any more"),
            _(
                "Whoever runs the server can delete it there: docs/operating.md, “Accounts for"
                " people who have none”."
            ),
        ),
    ),
    waits_for_servers=True,
    is_given_up=False,
)


async def write_withdrawal(writer: EntryWriter, effect: WithdrawAccounts) -> None:
    """Write the outbox entry that deletes registration tokens at the homeserver."""
    asked = writer.told_in_private(effect.asked_by)
    payload = WithdrawalPayload(effect.tokens[0], effect.tokens[1:], requester=asked)
    await writer.put_entry(WITHDRAWAL, payload, OFFICE)


SUBJECT = Subject(
    kinds=(OFFER, WITHDRAWAL),
    writers=(writes(OfferAccounts, write_offer), writes(WithdrawAccounts, write_withdrawal)),
)
