"""A poll's paper ballot for an assembly, with the sheet on which its count is written down.

It prints what `!in-person` reads: a ballot whose count could not be written down is not printed.
"""

from __future__ import annotations

from bot.api import (
    Context,
    Item,
    Line,
    Moment,
    RenderLine,
    UserError,
    _,
    n_,
    print_services,
    rooms,
    verbatim,
)
from commands.decisions.declaration import feature
from commands.poll_book import poll_store, texts
from commands.poll_book.poll import Poll
from commands.poll_lines import split_votes
from commands.polls import assembly_votes

pages = print_services.printed_pages

BLANK = "____"
"""Where the votes of an option are written in by hand."""


@feature.offers(print_services.PRINT_ITEM.of("poll"))
async def print_ballot(ctx: Context, item: Item, tell: RenderLine) -> pages.PrintedPages:
    """Return the printable paper ballot of a poll, with a sheet for the count. Raises `UserError`
    if no count fits it."""
    poll = await poll_store.get_poll(ctx.db, item.number)
    refused = await assembly_votes.assembly_refusal(ctx, poll)
    if refused is not None:
        raise UserError(refused)
    if poll.ended or poll.over(ctx.said_at):
        raise UserError(texts.already_over_line(poll))
    counts = count_line(poll, tell)
    labels = [tell(label) for label in poll.kind.labels(poll.question)]
    numbered = tuple(f"{n}  {label}" for n, label in enumerate(labels, start=1))
    room = await rooms.get(ctx.db, item.room)
    foot = _(
        "Poll {number} · {room} · {network}",
        number=item.number,
        room=verbatim((room.name if room else "") or ""),
        network=ctx.defaults.network,
    )
    return pages.PrintedPages(
        item.title,
        ctx.policy.language,
        tell(foot),
        (
            pages.PrintedText(tell(_how_to_mark(poll))),
            pages.Boxes(numbered),
            pages.PageBreak(),
            pages.PrintedText(
                tell(_("Count of the assembly: {title}", title=verbatim(item.title)))
            ),
            pages.Table(
                (tell(_("Option")), tell(_("Votes"))),
                tuple((one, "") for one in numbered),
                (3, 1),
                empty=0,
            ),
            pages.PrintedText(tell(_("Blank or doubtful ballots: they are not counted."))),
            pages.PrintedText(tell(_("Counted by (two people):"))),
            pages.Table((tell(_("Name")), tell(_("Signature"))), (), (1, 1), empty=2),
            pages.PrintedText(tell(_until_line(poll)), small=True),
            pages.PrintedText(counts, small=True),
        ),
    )


def _how_to_mark(poll: Poll) -> Line:
    most = poll.question.most if not poll.kind.stances else 1
    return n_(
        "Mark {count} box with a cross.",
        "Mark up to {count} boxes with a cross.",
        most,
    )


def _until_line(poll: Poll) -> Line:
    if poll.closes is None:
        return _("A moderator writes it down in the room; two more people confirm it.")
    return _(
        "A moderator writes it down in the room before {moment}; two more people confirm it.",
        moment=Moment(poll.closes),
    )


def count_line(poll: Poll, tell: RenderLine) -> str:
    """Return the command that records an assembly's count of paper ballots, with blanks for the
    votes.

    Options that are not read back by their names stand there by their numbers. Raises `UserError`
    if neither is.
    """
    labels = [tell(label) for label in poll.kind.labels(poll.question)]
    wanted = {place: place for place in range(1, len(labels) + 1)}
    for names in (labels, [str(place) for place in wanted]):
        typed = " ".join(f"{name}:{place}" for place, name in enumerate(names, start=1))
        if _reads_as(poll, typed) == wanted:
            parts = " ".join(f"{name}:{BLANK}" for name in names)
            return tell(
                _("`!in-person {number} {counts}`", number=poll.number, counts=verbatim(parts))
            )
    raise UserError(_("A show of hands can't be added to a poll of this kind: vote in the room."))


def _reads_as(poll: Poll, typed: str) -> dict[int, int] | None:
    try:
        return split_votes.parse_show_of_hands(typed, poll.kind, poll.question)
    except UserError:
        return None
