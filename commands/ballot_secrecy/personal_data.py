"""What is kept of a person: the secret ballots in which they may vote or have voted."""

from __future__ import annotations

from bot.api import FORGET, Context, Line, UserId, _, n_
from commands.ballot_secrecy import ballot_end_store, ballot_votes
from commands.ballot_secrecy.declaration import feature
from commands.poll_book import poll_store, texts

feature.rows("ballot_secrecy_roll", person="person", on_forget="code")
feature.rows("ballot_secrecy_ballot", text="bundle", on_forget="code")
feature.at_split(
    "ballot_secrecy_ballot",
    "waits",
    "ended IS NULL",
    _("The secret ballot {number} is open: its keys stay with the bot that began it."),
)


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Withdraw a person's votes in open secret ballots, and delete for counted ones whose they
    were.

    Returns a line that says how many there were.
    """
    count = await ballot_end_store.forget_person(ctx.db, person, ctx.said_at)
    if not count:
        return []
    return [
        n_(
            "{count} secret vote (of what has ended the total stays, without your name)",
            "{count} secret votes (of what has ended the totals stay, without your name)",
            count,
        )
    ]


async def ballot_lines(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the secret ballots in which a person may vote, never how they did."""
    found: list[Line] = []
    for number in await ballot_votes.ballots_of_person(ctx.db, person):
        poll = await poll_store.get_poll(ctx.db, number)
        found.append(
            _(
                "Poll {number}, “{question}”: you may vote in secret. Your vote, if there is"
                " one, is "
                "only in private and not in this file: `vote {number}`",
                number=number,
                question=texts.short_question(poll.title),
            )
        )
    return found
