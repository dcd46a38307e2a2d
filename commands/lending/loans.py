"""Things and loans, and what may become of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, StrEnum

from bot.api import Number, RoomId, UserId


class Owner(StrEnum):
    PERSON = "person"
    ROOM = "room"
    NETWORK = "network"  # whoever shares a room with the bot may see and borrow it


class State(StrEnum):
    WANTED = "wanted"
    BOOKED = "booked"
    OUT = "out"
    OVER = "over"


class Side(IntFlag):
    """Who confirmed that a thing changed hands."""

    NOBODY = 0
    LENDER = 1
    BORROWER = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class Thing:
    """`keeper` hands it over: its owner, or who looks after what is the room's or the network's."""

    item: Number
    room: RoomId
    title: str
    owner: Owner
    keeper: UserId
    open: bool = True


@dataclass(frozen=True, slots=True)
class Loan:
    """`starts` and `until` are UTC; of a day without an hour (not `timed`) its bounds in `zone`."""

    item: Number
    thing: Number
    borrower: UserId
    state: State
    starts: datetime | None
    until: datetime | None
    timed: bool
    zone: str
    handed: Side = Side.NOBODY
    back: Side = Side.NOBODY

    @property
    def live(self) -> bool:
        return self.state in (State.BOOKED, State.OUT)


def clashing(
    loans: Iterable[Loan], starts: datetime, until: datetime, now: datetime
) -> Loan | None:
    """The first of a thing's loans that leaves no room for another from `starts` to `until`.

    What is out is not there, whenever it was to begin and even if it was due back: it stands in
    the way of whatever begins now.
    """
    for one in sorted((loan for loan in loans if loan.live), key=lambda loan: loan.starts or now):
        assert one.starts is not None
        assert one.until is not None
        out = one.state is State.OUT
        begins, ends = (
            (min(one.starts, now), max(one.until, now)) if out else (one.starts, one.until)
        )
        if begins < until and (starts < ends or (out and starts <= now)):
            return one
    return None


def overdue(loan: Loan, now: datetime) -> bool:
    return loan.state is State.OUT and loan.until is not None and loan.until < now


def under_way(loan: Loan, now: datetime) -> bool:
    """It is with the borrower, or on its way there."""
    begun = loan.starts is not None and loan.starts <= now
    return loan.state is State.OUT or (loan.state is State.BOOKED and begun)
