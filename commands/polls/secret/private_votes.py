"""Secret votes in the private room: cast, shown to their voter, and proved by files."""

from __future__ import annotations

import re
import secrets
from typing import Any

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Number,
    Say,
    SendFile,
    Table,
    UserError,
    Words,
    _,
    bare,
    items,
    words,
)
from commands.polls import ballots
from commands.polls import poll_store as polls
from commands.polls import texts as aloud
from commands.polls.poll_lookup import joined
from commands.polls.poll_store import Poll
from commands.polls.secret import ballot_store, ballot_texts, ballot_votes, earlier_identity
from commands.polls.secret.vote_text import Voted, read
from commands.polls.votes import late_votes, vote_entry, vote_rules

SLOT = "secret:"
"""Slot of private messages about a secret ballot, votes too.

They are redacted when it is shredded.
"""
RECEIPT = words("comprobante", "comprovante", "receipt", "recibo, prueba, prova, proof")


async def meant(ctx: Context, text: str) -> tuple[Item, str] | None:
    """Return the only open ballot, if it is secret and the line names no decision.

    Nothing is asked back, since the stored question would keep the vote. Raises `UserError` if
    several polls are open.
    """
    if await ctx.replied("poll") is not None:
        return None
    number = re.match(r"\s*#?(\d{1,9})\b", text)
    named = await items.get(ctx.db, Number(int(number[1]))) if number else None
    if named is not None and named.kind == "poll" and await ctx.may_see(named):
        return None
    found = [await polls.get(ctx.db, number) for number in await polls.open_for(ctx.db, ctx.who)]
    if not any(poll.rule.secret for poll in found):
        return None
    if len(found) > 1:
        raise ballot_texts.which([(poll.number, poll.title) for poll in found])
    item = await items.get(ctx.db, found[0].number)
    return (item, text) if item is not None else None


async def typed(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Cast a typed vote, `vote 57 2 full moon`.

    `vote 57` alone shows one's own vote; `vote 57 receipt` sends its files.
    """
    if not text.strip():
        return await _shown(ctx, item, poll)
    if bare(text) in {bare(word) for word in RECEIPT} and _free(poll, text):
        return await _files(ctx, item, poll)
    answer = await _heard(ctx, item, poll, text, strict=False)
    if answer is not None:
        return answer
    return await _about(
        ctx,
        item,
        _("I know no option “{words}” in poll {number}.", words=text[:60], number=item.number),
        *aloud.numbered(poll),
        ballot_texts.how(poll),
    )


def _free(poll: Poll, text: str) -> bool:
    return bare(text) not in {bare(option.label) for option in poll.options}


async def replied(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Cast a vote in reply to a private message about the ballot. Returns None for talk."""
    for meant in (text,) if poll.kind.stances else vote_rules.ways(text):
        counted = vote_rules.without_number(meant, item.number, poll.takes, poll.places)
        answer = await _heard(ctx, item, poll, counted, strict=True)
        if answer is not None:
            return answer
    return None


async def _heard(ctx: Context, item: Item, poll: Poll, text: str, *, strict: bool) -> Answer:
    wrong: tuple[Line, ...] = ()
    voted: Voted | None = None
    try:
        voted = read(poll, text, strict=strict)
        if voted is None:
            return None
    except UserError as error:
        wrong = error.lines
    refused = late_votes.refusal(poll, ctx)
    if refused is not None:
        return await _about(ctx, item, refused)
    here = await joined(ctx, item, ctx.who)
    if not here or not await ballot_store.on_roll(ctx.db, item.number, ctx.who):
        return await _about(ctx, item, *await vote_entry.no_vote(ctx, item.number, here=here))
    if voted is None:
        return await _about(ctx, item, *wrong)
    return await _cast(ctx, item, poll, voted)


async def _cast(ctx: Context, item: Item, poll: Poll, voted: Voted) -> Answer:
    if await earlier_identity.stands(ctx, item.number):
        return await _about(ctx, item, *earlier_identity.STAYS)
    try:
        return await _kept(ctx, item, poll, voted)
    except ballot_store.TooOften as error:
        return await _about(ctx, item, ballot_texts.too_often(error.until))


async def _kept(ctx: Context, item: Item, poll: Poll, voted: Voted) -> Answer:
    if not voted.ballot:
        await ballot_votes.withdraw(ctx.db, item.number, ctx.who, ctx.now)
        return await _about(ctx, item, poll.kind.noted((), poll.question))
    choice = ballots.written(voted.ballot)
    got = await ballot_votes.cast_vote(
        ctx.db,
        ctx.signer,
        item.number,
        ctx.who,
        choice,
        voted.words,
        ctx.now,
        reason=voted.reason,
    )
    manifest = (await ballot_store.running(ctx.db, item.number, ctx.now))[0].manifest
    said = vote_entry.Said(voted.ballot, None, voted.reason)
    slowed = await ballot_votes.slowed(ctx.db, item.number, ctx.who, ctx.now)
    echo = ballot_texts.noted(poll, manifest, got, voted.reason, slowed=slowed)
    lines = (*echo, *vote_entry.without_reason(poll, said))
    return [*await _about(ctx, item, *lines), file(ctx, item.number, ballot_texts.RECEIPT, got)]


async def _shown(ctx: Context, item: Item, poll: Poll) -> Answer:
    """Show options, one's own vote and the end; after the end, what is left of it."""
    ballot = await ballot_store.get(ctx.db, item.number)
    if ballot is None or ballot.box is None:
        return [aloud.already(poll) if poll.cancelled else ballot_texts.shredded(poll)]
    if await earlier_identity.stands(ctx, item.number):
        return await _about(
            ctx, item, aloud.head(poll), *aloud.numbered(poll), *earlier_identity.STAYS
        )
    got = await ballot_votes.check(ctx.db, item.number, ctx.who)
    lines = [aloud.head(poll), *aloud.numbered(poll), *ballot_texts.own(poll, ballot.manifest, got)]
    if poll.ended is None:
        lines += [ballot_texts.how(poll), aloud.until(poll)]
    return await _about(ctx, item, *lines)


async def _files(ctx: Context, item: Item, poll: Poll) -> Answer:
    """Send the receipt and the proof of being on the roll."""
    proof = await ballot_votes.prove_roll(ctx.db, item.number, ctx.who)
    if proof is None:
        ballot = await ballot_store.get(ctx.db, item.number)
        if ballot is not None and ballot.box is None:
            return aloud.already(poll) if poll.cancelled else ballot_texts.shredded(poll)
        return await vote_entry.no_vote(ctx, item.number, here=await joined(ctx, item, ctx.who))
    if await earlier_identity.stands(ctx, item.number):
        return await _about(ctx, item, *earlier_identity.STAYS)
    got = await ballot_votes.check(ctx.db, item.number, ctx.who)
    told = (
        _("The receipt of your vote, and the proof that you were on the roll.")
        if got
        else _("The proof that you are on the roll. I know of no vote of yours here.")
    )
    files = [file(ctx, item.number, ballot_texts.RECEIPT, got)] if got else []
    return [
        *await _about(ctx, item, told),
        *files,
        file(ctx, item.number, ballot_texts.ROLL, proof),
    ]


async def _about(ctx: Context, item: Item, *lines: Line) -> list[Line | Effect]:
    """Return an answer, and record both it and the line it answers so they can be redacted."""
    if ctx.origin.event is not None:
        slot = f"{SLOT}{ctx.origin.event}"
        await items.posted(ctx.db, ctx.origin.event, ctx.room, item.number, slot, {})
    said: dict[str, Any] = {"reply_to": ctx.origin.event, "thread": ctx.origin.thread}
    return [Say(lines, item=item.number, slot=fresh_slot(), **said)]


def file(ctx: Context, number: Number, name: Words, table: Table) -> SendFile:
    """Return a signed table as a private file about this ballot."""
    return SendFile(
        named(name, number, ctx.policy.language),
        "application/json",
        table.text().encode(),
        item=number,
        slot=fresh_slot(),
        thread=ctx.origin.thread,
    )


def named(name: Words, number: Number, language: str) -> str:
    """Return the name of a file in this language."""
    return f"{name.in_language(language)}-{number}.json"


def fresh_slot() -> str:
    """Return a new slot that marks a private message about a secret ballot."""
    return f"{SLOT}{secrets.token_hex(8)}"
