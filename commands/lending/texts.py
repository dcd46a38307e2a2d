"""Build the lines that show things and loans."""

from __future__ import annotations

from bot.api import Day, Line, Moment, Person, _, shorten_line
from commands.lending.loans import LentThing, Loan, LoanState


def loan_end(loan: Loan) -> Moment | Day | None:
    """Return when a loan ends, as a moment or as a day, or None if that is open."""
    if loan.until is None:
        return None
    return (Moment if loan.timed else Day)(loan.until, loan.zone)


def loan_start(loan: Loan) -> Moment | Day | None:
    """Return when a loan starts, as a moment or as a day, or None if that is open."""
    if loan.starts is None:
        return None
    return (Moment if loan.timed else Day)(loan.starts, loan.zone)


def short_title(thing: LentThing) -> str:
    """Return the title of a thing, cut to fit into a list."""
    return shorten_line(thing.title, 60)


def borrower_name(loan: Loan) -> object:
    """Return the borrower's name, or `somebody` for a forgotten one."""
    return Person(loan.borrower) if loan.borrower else _("somebody")


def loan_time(loan: Loan, *, planned: bool) -> Line:
    """Return the time of a loan in words; the start is named only if it is `planned`."""
    if planned and loan.starts is not None:
        return _("from {starts} until {until}", starts=loan_start(loan), until=loan_end(loan))
    return _("until {until}", until=loan_end(loan))


def loan_sentence(thing: LentThing, loan: Loan, lender: object, *, planned: bool) -> Line:
    """Return the sentence that says who lends what to whom, and until when."""
    return _(
        "Loan {number}: {lender} lends “{title}” to {borrower}, {when}.",
        number=loan.item,
        title=short_title(thing),
        lender=lender,
        borrower=borrower_name(loan),
        when=loan_time(loan, planned=planned),
    )


def loan_line(thing: LentThing, loan: Loan) -> Line:
    """Return a loan as a line of a list, as in `57: “proyector” · Bea · until …`."""
    facts: list[object] = [borrower_name(loan)]
    if loan.until is not None:
        facts.append(loan_time(loan, planned=loan.state is LoanState.BOOKED))
    if loan.state is LoanState.WANTED:
        facts.append(_("waits for it"))
    return _(
        "{number}: “{title}” · {facts}",
        number=loan.item,
        title=short_title(thing),
        facts=tuple(facts),
    )
