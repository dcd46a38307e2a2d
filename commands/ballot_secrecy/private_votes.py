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
    StrictModel,
    UserError,
    Words,
    _,
    fold_answer,
    items,
    spellings,
    words,
)
from commands.ballot_secrecy import ballot_store, ballot_texts, ballot_votes, earlier_identity
from commands.ballot_secrecy.vote_text import SecretVote, parse_secret_vote
from commands.decision_rules import ballots, vote_rules
from commands.poll_book import poll_store, vote_entry
from commands.poll_book import texts as poll_texts
from commands.poll_book.poll_lookup import is_in_poll_room
from commands.poll_book.poll_store import Poll

SLOT_PREFIX = "secret:"
"""Slot of private messages about a secret ballot, votes too.

They are redacted when it is shredded.
"""
RECEIPT_WORDS = words("comprobante", "comprovante", "receipt", "recibo, prueba, prova, proof")


async def find_ballot(ctx: Context, text: str) -> tuple[Item, str] | None:
    """Return the only open ballot, if it is secret and the line names no decision.

    Nothing is asked back, since the stored question would keep the vote. Raises `UserError` if
    several polls are open.
    """
    if await ctx.replied_item("poll") is not None:
        return None
    number = re.match(r"\s*#?(\d{1,9})\b", text)
    named = await items.get(ctx.db, Number(int(number[1]))) if number else None
    if named is not None and named.kind == "poll" and await ctx.may_see(named):
        return None
    found = [
        await poll_store.get_poll(ctx.db, number)
        for number in await poll_store.open_polls_for(ctx.db, ctx.who)
    ]
    if not any(poll.rule.secret for poll in found):
        return None
    if len(found) > 1:
        raise ballot_texts.which_ballot_error([(poll.number, poll.title) for poll in found])
    item = await items.get(ctx.db, found[0].number)
    return (item, text) if item is not None else None


async def answer_typed(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Cast a typed vote, `vote 57 2 full moon`.

    `vote 57` alone shows one's own vote; `vote 57 receipt` sends its files.
    """
    if not text.strip():
        return await _show_ballot(ctx, item, poll)
    if fold_answer(text) in {fold_answer(word) for word in RECEIPT_WORDS} and _is_no_option(
        poll, text
    ):
        return await _proof_files(ctx, item, poll)
    answer = await _read_and_cast(ctx, item, poll, text, strict=False)
    if answer is not None:
        return answer
    return await _private_answer(
        ctx,
        item,
        _("I know no option “{words}” in poll {number}.", words=text[:60], number=item.number),
        *poll_texts.numbered_options(poll),
        ballot_texts.how_to_vote(poll),
    )


def _is_no_option(poll: Poll, text: str) -> bool:
    named = {fold_answer(name) for option in poll.options for name in spellings(option.label)}
    return fold_answer(text) not in named


async def answer_reply(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Cast a vote in reply to a private message about the ballot. Returns None for talk."""
    for meant in (text,) if poll.kind.stances else vote_rules.vote_readings(text):
        counted = vote_rules.strip_poll_number(meant, item.number, poll.takes, poll.places)
        answer = await _read_and_cast(ctx, item, poll, counted, strict=True)
        if answer is not None:
            return answer
    return None


async def _read_and_cast(
    ctx: Context, item: Item, poll: Poll, text: str, *, strict: bool
) -> Answer:
    wrong: tuple[Line, ...] = ()
    voted: SecretVote | None = None
    try:
        voted = parse_secret_vote(poll, text, strict=strict)
        if voted is None:
            return None
    except UserError as error:
        wrong = error.lines
    refused = vote_entry.vote_refusal(poll, ctx)
    if refused is not None:
        return await _private_answer(ctx, item, refused)
    here = await is_in_poll_room(ctx, item, ctx.who)
    if not here or not await ballot_store.is_on_roll(ctx.db, item.number, ctx.who):
        return await _private_answer(
            ctx, item, *await vote_entry.no_vote_lines(ctx, item.number, here=here)
        )
    if voted is None:
        return await _private_answer(ctx, item, *wrong)
    return await _cast_own_vote(ctx, item, poll, voted)


async def _cast_own_vote(ctx: Context, item: Item, poll: Poll, voted: SecretVote) -> Answer:
    if await earlier_identity.has_earlier_vote(ctx, item.number):
        return await _private_answer(ctx, item, *earlier_identity.VOTE_STAYS)
    try:
        return await _store_vote(ctx, item, poll, voted)
    except ballot_store.TooManyChanges as error:
        return await _private_answer(ctx, item, ballot_texts.too_many_changes_line(error.until))


async def _store_vote(ctx: Context, item: Item, poll: Poll, voted: SecretVote) -> Answer:
    if vote_entry.lacks_reason(vote_entry.VoteContent(voted.ballot, None, voted.reason)):
        # Not asked for as a question: the stored question would keep the vote.
        return await _private_answer(ctx, item, *vote_entry.reason_question(poll))
    if not voted.ballot:
        await ballot_votes.withdraw_vote(ctx.db, item.number, ctx.who, ctx.said_at)
        return await _private_answer(ctx, item, poll.kind.noted((), poll.question))
    choice = ballots.format_ballot(voted.ballot)
    got = await ballot_votes.cast_vote(
        ctx.db,
        ctx.signer,
        item.number,
        ctx.who,
        choice,
        voted.words,
        ctx.said_at,
        reason=voted.reason,
    )
    manifest = (await ballot_store.running_ballot(ctx.db, item.number, ctx.said_at))[0].manifest
    slowed = await ballot_votes.is_slowed(ctx.db, item.number, ctx.who, ctx.said_at)
    echo = ballot_texts.confirmation_lines(poll, manifest, got, voted.reason, slowed=slowed)
    return [
        *await _private_answer(ctx, item, *echo),
        signed_file(ctx, item.number, ballot_texts.RECEIPT, got),
    ]


async def _show_ballot(ctx: Context, item: Item, poll: Poll) -> Answer:
    """Show options, one's own vote and the end; after the end, what is left of it."""
    ballot = await ballot_store.get_ballot(ctx.db, item.number)
    if ballot is None or ballot.box is None:
        return [
            poll_texts.already_over_line(poll)
            if poll.cancelled
            else ballot_texts.shredded_line(poll)
        ]
    if await earlier_identity.has_earlier_vote(ctx, item.number):
        return await _private_answer(
            ctx,
            item,
            poll_texts.head_line(poll),
            *poll_texts.numbered_options(poll),
            *earlier_identity.VOTE_STAYS,
        )
    got = await ballot_votes.own_receipt(ctx.db, item.number, ctx.who)
    lines = [
        poll_texts.head_line(poll),
        *poll_texts.numbered_options(poll),
        *ballot_texts.own_vote_lines(poll, ballot.manifest, got),
    ]
    if poll.ended is None:
        lines += [ballot_texts.how_to_vote(poll), poll_texts.end_line(poll)]
    return await _private_answer(ctx, item, *lines)


async def _proof_files(ctx: Context, item: Item, poll: Poll) -> Answer:
    """Send the receipt and the proof of being on the roll."""
    proof = await ballot_votes.prove_roll(ctx.db, item.number, ctx.who)
    if proof is None:
        ballot = await ballot_store.get_ballot(ctx.db, item.number)
        if ballot is not None and ballot.box is None:
            return (
                poll_texts.already_over_line(poll)
                if poll.cancelled
                else ballot_texts.shredded_line(poll)
            )
        return await vote_entry.no_vote_lines(
            ctx, item.number, here=await is_in_poll_room(ctx, item, ctx.who)
        )
    if await earlier_identity.has_earlier_vote(ctx, item.number):
        return await _private_answer(ctx, item, *earlier_identity.VOTE_STAYS)
    got = await ballot_votes.own_receipt(ctx.db, item.number, ctx.who)
    told = (
        _("The receipt of your vote, and the proof that you were on the roll.")
        if got
        else _("The proof that you are on the roll. I know of no vote of yours here.")
    )
    files = [signed_file(ctx, item.number, ballot_texts.RECEIPT, got)] if got else []
    return [
        *await _private_answer(ctx, item, told),
        *files,
        signed_file(ctx, item.number, ballot_texts.ROLL, proof),
    ]


async def _private_answer(ctx: Context, item: Item, *lines: Line) -> list[Line | Effect]:
    """Return an answer, and record both it and the line it answers so they can be redacted."""
    if ctx.origin.event is not None:
        slot = f"{SLOT_PREFIX}{ctx.origin.event}"
        await items.mark_posted(ctx.db, ctx.origin.event, ctx.room, item.number, slot, {})
    said: dict[str, Any] = {"reply_to": ctx.origin.event, "thread": ctx.origin.thread}
    return [Say(lines, item=item.number, slot=new_slot(), loud=True, **said)]


def signed_file(ctx: Context, number: Number, name: Words, table: StrictModel) -> SendFile:
    """Return a signed table as a private file about this ballot."""
    return SendFile(
        file_name(name, number, ctx.policy.language),
        "application/json",
        table.to_json().encode(),
        item=number,
        slot=new_slot(),
        thread=ctx.origin.thread,
    )


def file_name(name: Words, number: Number, language: str) -> str:
    """Return the name of a file in this language."""
    return f"{name.in_language(language)}-{number}.json"


def new_slot() -> str:
    """Return a new slot that marks a private message about a secret ballot."""
    return f"{SLOT_PREFIX}{secrets.token_hex(8)}"
