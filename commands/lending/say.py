"""How loans are said."""

from __future__ import annotations

from bot.api import Day, Line, Moment, Person, _
from commands.lending import reading
from commands.lending.loans import Loan, State, Thing


def until(loan: Loan) -> Moment | Day | None:
    if loan.until is None:
        return None
    return (Moment if loan.timed else Day)(loan.until, loan.zone)


def starts(loan: Loan) -> Moment | Day | None:
    if loan.starts is None:
        return None
    return (Moment if loan.timed else Day)(loan.starts, loan.zone)


def title(thing: Thing) -> str:
    return reading.short(thing.title)


def who(loan: Loan) -> object:
    return Person(loan.borrower) if loan.borrower else _("somebody")


def when(loan: Loan, *, planned: bool) -> Line:
    """From when until when; what goes now only says until when."""
    if planned and loan.starts is not None:
        return _("from {starts} until {until}", starts=starts(loan), until=until(loan))
    return _("until {until}", until=until(loan))


def lending(thing: Thing, loan: Loan, lender: object, *, planned: bool) -> Line:
    """Who lends what to whom until when: the echo of a loan."""
    return _(
        "Loan {number}: {lender} lends “{title}” to {borrower}, {when}.",
        number=loan.item,
        title=title(thing),
        lender=lender,
        borrower=who(loan),
        when=when(loan, planned=planned),
    )


def one(thing: Thing, loan: Loan) -> Line:
    """A loan in a list of one's own: `57: “proyector” · Bea · until …`."""
    facts: list[object] = [who(loan)]
    if loan.until is not None:
        facts.append(when(loan, planned=loan.state is State.BOOKED))
    if loan.state is State.WANTED:
        facts.append(_("waits for it"))
    return _(
        "{number}: “{title}” · {facts}", number=loan.item, title=title(thing), facts=tuple(facts)
    )
