"""Compute and schedule the jobs of a loan: reminders, lateness, expiry."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.api import Context, JobKind, dates
from commands.lending.declaration import BEGIN_JOB, LAPSE_JOB, LATE_JOB, REMIND_JOB, REQUEST_LASTS
from commands.lending.loans import LentThing, Loan, LoanSide, LoanState

MORNING = time(9)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def schedule_jobs(ctx: Context, thing: LentThing, loan: Loan) -> None:
    """Schedule the remaining jobs of a loan (begin, reminders, late), in place of earlier ones."""
    await ctx.cancel_jobs(loan.item)
    for kind, at in upcoming_jobs(loan, ctx.said_at):
        await ctx.schedule(kind, at, item=loan.item, room=thing.room, zone=loan.zone)


def upcoming_jobs(loan: Loan, now: datetime) -> list[tuple[JobKind, datetime]]:
    """Return the kinds and times (UTC) of a loan's jobs that are still to come."""
    if loan.state is LoanState.WANTED:
        return [(LAPSE_JOB, loan.until or now + REQUEST_LASTS)]
    assert loan.starts is not None
    assert loan.until is not None
    found = [(REMIND_JOB, at) for at in reminder_times(loan)]
    found.append((LATE_JOB, late_time(loan)))
    if loan.state is LoanState.BOOKED:
        begins = loan.starts - HOUR if loan.timed else _morning_of(loan, loan.starts)
        found += [(BEGIN_JOB, begins)] if loan.handed is LoanSide.NOBODY else []
        found.append((LAPSE_JOB, loan.until))
    return [(kind, at) for kind, at in found if at > now]


def is_overtaken(loan: Loan, due: datetime, now: datetime) -> bool:
    """Return whether a newer message about the loan is due too, as after the bot was away."""
    kinds = (LAPSE_JOB,) if loan.handed is LoanSide.NOBODY else (REMIND_JOB, LATE_JOB)
    return any(kind in kinds and at <= now for kind, at in upcoming_jobs(loan, due))


def _morning_of(loan: Loan, at: datetime) -> datetime:
    day = dates.to_wall(at, loan.zone).date()
    return dates.to_utc(datetime.combine(day, MORNING), loan.zone)


def reminder_times(loan: Loan) -> list[datetime]:
    """Return when (UTC) the borrower is reminded: the day before, and on the day.

    On the day it is the morning, or two hours before a given hour.
    """
    assert loan.starts is not None
    assert loan.until is not None
    if loan.timed:
        found = [loan.until - DAY, loan.until - 2 * HOUR]
    else:
        found = [_morning_of(loan, loan.until - DAY), _morning_of(loan, loan.until)]
    return [at for at in found if at > loan.starts]


def late_time(loan: Loan) -> datetime:
    """Return when (UTC) the lender is told that the thing is late.

    An hour after the given hour, else the next morning.
    """
    assert loan.until is not None
    return loan.until + HOUR if loan.timed else _morning_of(loan, loan.until + HOUR)
