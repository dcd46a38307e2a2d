"""Things and loans, and when loans overlap. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, StrEnum

from bot.api import Number, RoomId, UserId


class ThingOwner(StrEnum):
    """To whom a thing belongs."""

    PERSON = "person"
    ROOM = "room"
    NETWORK = "network"  # whoever shares a room with the bot may see and borrow it


class LoanState(StrEnum):
    """What has become of a loan."""

    WANTED = "wanted"
    BOOKED = "booked"
    OUT = "out"
    OVER = "over"


class LoanSide(IntFlag):
    """Who has confirmed that a thing changed hands."""

    NOBODY = 0
    LENDER = 1
    BORROWER = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class LentThing:
    """A thing that can be lent.

    `keeper` hands it over: the owner, or a person who looks after it for the room or network.
    """

    item: Number
    room: RoomId
    title: str
    owner: ThingOwner
    keeper: UserId
    open: bool = True


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan or a request. `starts` and `until` are in UTC.

    If it is not `timed`, they are the bounds of days in `zone`.
    """

    item: Number
    thing: Number
    borrower: UserId
    state: LoanState
    starts: datetime | None
    until: datetime | None
    timed: bool
    zone: str
    handed: LoanSide = LoanSide.NOBODY
    back: LoanSide = LoanSide.NOBODY

    @property
    def is_live(self) -> bool:
        """Whether the loan is agreed on or the thing is out."""
        return self.state in (LoanState.BOOKED, LoanState.OUT)


def first_clash(
    loans: Iterable[Loan], starts: datetime, until: datetime, now: datetime
) -> Loan | None:
    """Return the first loan that overlaps the time from `starts` to `until`, or None.

    A thing that is out stays in the way of a loan that begins now, even if it was due back.
    """
    for one in sorted(
        (loan for loan in loans if loan.is_live), key=lambda loan: loan.starts or now
    ):
        assert one.starts is not None
        assert one.until is not None
        out = one.state is LoanState.OUT
        begins, ends = (
            (min(one.starts, now), max(one.until, now)) if out else (one.starts, one.until)
        )
        if begins < until and (starts < ends or (out and starts <= now)):
            return one
    return None


def is_overdue(loan: Loan, now: datetime) -> bool:
    """Return whether the thing is out and should be back."""
    return loan.state is LoanState.OUT and loan.until is not None and loan.until < now


def is_under_way(loan: Loan, now: datetime) -> bool:
    """Return whether the thing is out, or its loan should have begun."""
    begun = loan.starts is not None and loan.starts <= now
    return loan.state is LoanState.OUT or (loan.state is LoanState.BOOKED and begun)
