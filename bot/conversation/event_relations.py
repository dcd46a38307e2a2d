"""Asks about or refuses what depends on a relation that a homeserver may have made (0025)."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.capability.context import Context
from bot.capability.errors import YES_NO, UserError
from bot.capability.feature import Answer
from bot.delivery.effects import Say
from bot.i18n import _
from bot.lines import Line
from bot.types import Number, PollEnd, PollVote
from storage import items
from storage.items import Item

MOST_QUOTED = 60
"""How much of a line a question about it repeats, in characters."""


async def confirm_relation(ctx: Context, answer: Answer) -> Answer:
    """Return the answer, after making sure that the line was meant for the message that it replies
    to.

    Asks once (raises `AnswerNeeded`) if the relation is outside of the ciphertext, the handler
    would do something, and the line does not name the item's number. Raises `UserError` for a no.
    """
    if answer is None or ctx.origin.relation_sealed:
        return answer
    reply = ctx.origin.reply_to
    item = await items.item_about(ctx.db, reply) if reply is not None else None
    if item is None and not ctx.has_read_replied and not ctx.unsealed_answer:
        return answer
    if (
        item is not None
        and not ctx.unsealed_answer
        and str(item.number) in re.findall(r"\d+", ctx.text)
    ):
        return answer
    if ctx.ask("meant", YES_NO, _question(ctx, item), _HOW) != "yes":
        raise UserError(_("I left it as it was."))
    return answer


_HOW = _("Your app leaves open what you reply to. Write `yes` or `no`, without replying.")


def _question(ctx: Context, item: Item | None) -> Line:
    said = (ctx.unsealed_answer or ctx.text).strip().split("\n")[0]
    short = said if len(said) <= MOST_QUOTED else said[:MOST_QUOTED].rstrip() + "…"
    if ctx.unsealed_answer:
        return _("Is “{text}” your answer to my question?", text=short)
    if item is None:
        return _("Is your “{text}” for the message that it replies to?", text=short)
    named = {"number": item.number, "title": item.title}
    if not item.title:
        return _("Is your “{text}” for number {number}?", text=short, number=item.number)
    return _("Is your “{text}” for {number}, “{title}”?", text=short, **named)


# --- taps -----------------------------------------------------------------------------------------


def tag_answer(number: Number, key: str) -> str:
    """Return the id of a native poll's answer with the item's number in front, which binds a vote
    to that poll."""
    return f"{number}.{key}"


def untag_vote(tap: PollVote, number: Number) -> PollVote:
    """Return the vote with the item's number, which `tag_answer` put before each answer id, taken
    off."""
    tag = tag_answer(number, "")
    return replace(tap, answers=tuple(one.removeprefix(tag) for one in tap.answers))


def names_its_poll(what: PollVote | PollEnd, number: Number) -> bool:
    """Return whether the voter, and not only a homeserver, says which poll the vote or poll end is
    for.

    True if the relation is encrypted or each answer id carries the item's number.
    """
    if what.relation_sealed:
        return True
    tag = tag_answer(number, "")
    given = what.answers if isinstance(what, PollVote) else ()
    return bool(given) and all(one.startswith(tag) for one in given)


def unbound_answer(what: PollVote | PollEnd, number: Number) -> Say:
    """Return the refusal of a vote of which only the homeserver says which poll it is for."""
    return Say(
        (
            _("I changed nothing: your app left open which poll your tap was for."),
            _("Please write it in words, with its number: {number}.", number=number),
        ),
        to=what.sender,
        loud=True,
    )
