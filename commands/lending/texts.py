"""Build the lines that show things and loans."""

from __future__ import annotations

from bot.api import Day, Line, Moment, Person, _
from commands.lending import phrases
from commands.lending.loans import Loan, State, Thing


def until(loan: Loan) -> Moment | Day | None:
    """Return the end of a loan, as a moment or as a day."""
    if loan.until is None:
        return None
    return (Moment if loan.timed else Day)(loan.until, loan.zone)


def starts(loan: Loan) -> Moment | Day | None:
    """Return the start of a loan, as a moment or as a day."""
    if loan.starts is None:
        return None
    return (Moment if loan.timed else Day)(loan.starts, loan.zone)


def title(thing: Thing) -> str:
    """Return the title of a thing, cut for a list."""
    return phrases.short(thing.title)


def who(loan: Loan) -> object:
    """Return the borrower, or `somebody` for a forgotten one."""
    return Person(loan.borrower) if loan.borrower else _("somebody")


def when(loan: Loan, *, planned: bool) -> Line:
    """Return the time of a loan; the start is named only if it is `planned`."""
    if planned and loan.starts is not None:
        return _("from {starts} until {until}", starts=starts(loan), until=until(loan))
    return _("until {until}", until=until(loan))


def lending(thing: Thing, loan: Loan, lender: object, *, planned: bool) -> Line:
    """Return the sentence that says who lends what to whom, until when."""
    return _(
        "Loan {number}: {lender} lends “{title}” to {borrower}, {when}.",
        number=loan.item,
        title=title(thing),
        lender=lender,
        borrower=who(loan),
        when=when(loan, planned=planned),
    )


def one(thing: Thing, loan: Loan) -> Line:
    """Return a loan as a line of a list, as in `57: “proyector” · Bea · until …`."""
    facts: list[object] = [who(loan)]
    if loan.until is not None:
        facts.append(when(loan, planned=loan.state is State.BOOKED))
    if loan.state is State.WANTED:
        facts.append(_("waits for it"))
    return _(
        "{number}: “{title}” · {facts}", number=loan.item, title=title(thing), facts=tuple(facts)
    )
