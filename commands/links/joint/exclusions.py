"""Networks that are left out of a joint decision or call off their vote: all see whose doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from bot.api import Context, Effect, Line, Say, _, items
from commands.links.joint import question, room_messages, store
from commands.links.joint.store import Joint
from commands.links.joint.terms import Answer, Opening, Terms, chosen
from commands.links.protocol.envelope import Envelope

SHOWN = 5
"""How many networks are named; the rest is counted."""


def left_out(terms: Terms, signs: Mapping[str, Envelope], part: Set[str]) -> list[str]:
    """Return who said yes and is not in `part`, in the order of the terms."""
    return [
        key
        for key in terms.keys
        if key in signs and key not in part and signs[key].says(Answer).answer == "yes"
    ]


def lines(
    terms: Terms, signs: Mapping[str, Envelope], part: Set[str], names: Mapping[str, str]
) -> list[Line]:
    """Return lines for the result: who was left out, and who was counted without a yes.

    Whether a yes was in time is not claimed, as no clock holds for all.
    """
    out, agreed = left_out(terms, signs, part), left_out(terms, signs, set())
    against = [key for key in terms.keys if key in part and key not in agreed]
    found = []
    if out:
        found.append(
            _("{names} had said yes, and {proposer} opened it without them: their votes are not in"
              " it.", names=some([names[key] for key in out]), proposer=names[terms.proposer])
        )  # fmt: skip
    if against:
        found.append(
            _("{proposer} counted in {names}, without their yes: they owed no answer.",
              names=some([names[key] for key in against]), proposer=names[terms.proposer])
        )  # fmt: skip
    return found


def some(names: Sequence[str | Line]) -> tuple[str | Line, ...]:
    """Return the first `NAMES_SHOWN` names, and how many more there are."""
    more = len(names) - SHOWN
    return (*names[:SHOWN], _("{count} more", count=more)) if more > 0 else tuple(names)


async def opened(ctx: Context, one: Joint) -> list[Line | Effect]:
    """Tell our room if the proposer opened without a network that had said yes."""
    word = await store.word(ctx.db, one.item, "open", one.terms.proposer)
    signs = await store.said(ctx.db, one.item, "sign")
    if word is None or ctx.signer.public not in signs:
        return []
    part = chosen(one.terms.keys, word.says(Opening).part)
    out, known = left_out(one.terms, signs, part), await room_messages.names(ctx, one)
    named = {"number": one.item, "title": question.title(one.terms),
             "proposer": known[one.terms.proposer]}  # fmt: skip
    if ctx.signer.public in out:
        said = [
            _("{proposer} opened joint decision {number}, “{title}”, without us, though we had said"
              " yes. Our votes are not in it.", **named),
            _("Its moderators can say why. To vote on it here all the same: `!poll` or"
              " `!proposal`"),
        ]  # fmt: skip
        return [Say(tuple(said), room=one.room, loud=True, item=one.item)]
    if not out or ctx.signer.public not in part:
        return []
    others = _("{proposer} opened joint decision {number} without {names}, who had said yes.",
               names=some([known[key] for key in out]), **named)  # fmt: skip
    return [Say((others,), room=one.room, item=one.item)]


async def unopened(ctx: Context, one: Joint, now: int) -> list[Line | Effect] | None:
    """Close a decision that we agreed to and its proposer never opened; None if it is not so.

    If the opening comes after all, the result is told like any that is late.
    """
    sign = await store.word(ctx.db, one.item, "sign", ctx.signer.public)
    if now < one.terms.commit_by or sign is None or sign.says(Answer).answer != "yes":
        return None
    await store.put(ctx.db, replace(one, told=store.UNOPENED))
    await items.close(ctx.db, one.item)
    known = await room_messages.names(ctx, one)
    line = _("{proposer} never opened joint decision {number}, “{title}”, so nothing was voted on"
             " here.", proposer=known[one.terms.proposer], number=one.item,
             title=question.title(one.terms))  # fmt: skip
    return [Say((line,), room=one.room, item=one.item)]


async def called_off(ctx: Context, one: Joint, word: Envelope) -> list[Line | Effect]:
    """Tell our room what follows if another network calls off its vote.

    Before the opening, the proposer ends the whole decision by it.
    """
    opened = await store.word(ctx.db, one.item, "open", one.terms.proposer)
    sign = await store.word(ctx.db, one.item, "sign", ctx.signer.public)
    ours = sign.says(Answer).answer if sign else ""
    known = await room_messages.names(ctx, one)
    named = {"network": known[word.network], "number": one.item,
             "title": question.title(one.terms)}  # fmt: skip
    if one.told is not None:
        return []
    if opened is not None:
        part = chosen(one.terms.keys, opened.says(Opening).part)
        sealed = await store.word(ctx.db, one.item, "commit", word.network)
        if sealed or ours != "yes" or not {word.network, ctx.signer.public} <= part:
            return []  # a sealed result still counts
        line = _("{network} called its vote in joint decision {number}, “{title}”, off: it will"
                 " have no result in it.", **named)  # fmt: skip
        return [Say((line,), room=one.room, item=one.item)]
    if word.network != one.terms.proposer:
        return []
    await store.put(ctx.db, replace(one, told=store.OFF))
    await items.close(ctx.db, one.item)
    if ours == "no":
        return []
    line = _("{network} called joint decision {number}, “{title}”, off: there is nothing to vote"
             " on.", **named)  # fmt: skip
    return [Say((line,), room=one.room, item=one.item)]
