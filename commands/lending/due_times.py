"""Compute and schedule the jobs of a loan: reminders, lateness, expiry."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.api import Context, dates
from commands.lending.declaration import WANTED_FOR
from commands.lending.loans import Loan, Side, State, Thing

MORNING = time(9)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def plan(ctx: Context, thing: Thing, loan: Loan) -> None:
    """Schedule all jobs of a loan, in place of earlier ones."""
    await ctx.call_off(loan.item)
    for name, at in coming(loan, ctx.now):
        await ctx.schedule(name, at, item=loan.item, room=thing.room, zone=loan.zone)


def coming(loan: Loan, now: datetime) -> list[tuple[str, datetime]]:
    """Return the names and times (UTC) of a loan's jobs that are still to come."""
    if loan.state is State.WANTED:
        return [("lapse", loan.until or now + WANTED_FOR)]
    assert loan.starts is not None
    assert loan.until is not None
    found = [("remind", at) for at in reminders(loan)]
    found.append(("late", late_at(loan)))
    if loan.state is State.BOOKED:
        begins = loan.starts - HOUR if loan.timed else _morning(loan, loan.starts)
        found += [("begin", begins)] if loan.handed is Side.NOBODY else []
        found.append(("lapse", loan.until))
    return [(name, at) for name, at in found if at > now]


def _morning(loan: Loan, at: datetime) -> datetime:
    day = dates.to_wall(at, loan.zone).date()
    return dates.to_utc(datetime.combine(day, MORNING), loan.zone)


def reminders(loan: Loan) -> list[datetime]:
    """Return the times (UTC) of the reminders: the day before, and on the day.

    On the day it is the morning, or two hours before a given hour.
    """
    assert loan.starts is not None
    assert loan.until is not None
    if loan.timed:
        found = [loan.until - DAY, loan.until - 2 * HOUR]
    else:
        found = [_morning(loan, loan.until - DAY), _morning(loan, loan.until)]
    return [at for at in found if at > loan.starts]


def late_at(loan: Loan) -> datetime:
    """Return when (UTC) the lender hears that the thing is late.

    An hour after the given hour, else the next morning.
    """
    assert loan.until is not None
    return loan.until + HOUR if loan.timed else _morning(loan, loan.until + HOUR)
