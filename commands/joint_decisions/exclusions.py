"""Networks that are left out of a joint decision or call off their vote: all see whose doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from bot.api import Context, Effect, Line, Say, _, items
from commands.joint_decisions import question, store
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.store import JointDecision, Returned
from commands.joint_decisions.terms import JointTerms, Opening, TermsAnswer, decode_bits
from commands.links.protocol.envelope import NetworkEnvelope

NAMES_SHOWN = 5
"""How many networks are named; the rest is counted."""


def networks_left_out(
    terms: JointTerms, signs: Mapping[str, NetworkEnvelope], part: Set[str]
) -> list[str]:
    """Return the keys of the networks that said yes to a joint decision and are not in `part`, in
    the terms' order."""
    return [
        key
        for key in terms.keys
        if key in signs and key not in part and signs[key].parse_body(TermsAnswer).answer == "yes"
    ]


def exclusion_lines(
    terms: JointTerms,
    signs: Mapping[str, NetworkEnvelope],
    part: Set[str],
    names: Mapping[str, str],
) -> list[Line]:
    """Return lines for a joint decision's result: which network was left out, and which was counted
    without a yes.

    Whether a yes was in time is not claimed, as no clock holds for all.
    """
    out, agreed = networks_left_out(terms, signs, part), networks_left_out(terms, signs, set())
    against = [key for key in terms.keys if key in part and key not in agreed]
    found = []
    if out:
        found.append(
            _(
                "{names} had said yes, and {proposer} opened it without them: their votes are"
                " not in"
                " it.",
                names=first_names([names[key] for key in out]),
                proposer=names[terms.proposer],
            )
        )
    if against:
        found.append(
            _(
                "{proposer} counted in {names}, without their yes: they owed no answer.",
                names=first_names([names[key] for key in against]),
                proposer=names[terms.proposer],
            )
        )
    return found


def first_names(names: Sequence[str | Line]) -> tuple[str | Line, ...]:
    """Return the first `NAMES_SHOWN` names, and how many more there are."""
    more = len(names) - NAMES_SHOWN
    return (*names[:NAMES_SHOWN], _("{count} more", count=more)) if more > 0 else tuple(names)


async def report_opening(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Tell our room if the proposer opened a joint decision without a network that had said yes.
    Return what to say."""
    word = await store.get_word(ctx.db, one.item, "open", one.terms.proposer)
    signs = await store.words_of_kind(ctx.db, one.item, "sign")
    if word is None or ctx.signer.public not in signs or one.returned is Returned.ROOM:
        return []  # what came back of ours is told in a moment, with this
    part = decode_bits(one.terms.keys, word.parse_body(Opening).part)
    out, known = networks_left_out(one.terms, signs, part), await network_names(ctx, one)
    named = {
        "number": one.item,
        "title": question.title(one.terms),
        "proposer": known[one.terms.proposer],
    }
    if ctx.signer.public in out:
        said = [
            _(
                "{proposer} opened joint decision {number}, “{title}”, without us, though we had"
                " said"
                " yes. Our votes are not in it.",
                **named,
            ),
            _(
                "Its moderators can say why. To vote on it here all the same: `!poll` or"
                " `!proposal`"
            ),
        ]
        return [Say(tuple(said), room=one.room, loud=True, item=one.item)]
    if not out or ctx.signer.public not in part:
        return []
    others = _(
        "{proposer} opened joint decision {number} without {names}, who had said yes.",
        names=first_names([known[key] for key in out]),
        **named,
    )
    return [Say((others,), room=one.room, item=one.item)]


async def close_unopened(ctx: Context, one: JointDecision, now: int) -> list[Line | Effect] | None:
    """Close a decision of linked networks that we agreed to and its proposer never opened, and
    return what to say; return None if that is not so.

    If the opening comes after all, the result is told like any that is late.
    """
    sign = await store.get_word(ctx.db, one.item, "sign", ctx.signer.public)
    if now < one.terms.commit_by or sign is None or sign.parse_body(TermsAnswer).answer != "yes":
        return None
    await store.put_decision(ctx.db, replace(one, told=store.UNOPENED))
    await items.close(ctx.db, one.item)
    known = await network_names(ctx, one)
    line = _(
        "{proposer} never opened joint decision {number}, “{title}”, so nothing was voted on here.",
        proposer=known[one.terms.proposer],
        number=one.item,
        title=question.title(one.terms),
    )
    return [Say((line,), room=one.room, item=one.item)]


async def report_quit(
    ctx: Context, one: JointDecision, word: NetworkEnvelope
) -> list[Line | Effect]:
    """Return what to tell our room if another network withdraws its vote from a decision of linked
    networks.

    Before the opening, the proposer ends the whole decision by that.
    """
    opened = await store.get_word(ctx.db, one.item, "open", one.terms.proposer)
    sign = await store.get_word(ctx.db, one.item, "sign", ctx.signer.public)
    ours = sign.parse_body(TermsAnswer).answer if sign else ""
    known = await network_names(ctx, one)
    named = {"network": known[word.network], "number": one.item, "title": question.title(one.terms)}
    if one.told is not None:
        return []
    if opened is not None:
        part = decode_bits(one.terms.keys, opened.parse_body(Opening).part)
        sealed = await store.get_word(ctx.db, one.item, "commit", word.network)
        if sealed or ours != "yes" or not {word.network, ctx.signer.public} <= part:
            return []  # a sealed result still counts
        line = _(
            "{network} called its vote in joint decision {number}, “{title}”, off: it will"
            " have no result in it.",
            **named,
        )
        return [Say((line,), room=one.room, item=one.item)]
    if word.network != one.terms.proposer:
        return []
    await store.put_decision(ctx.db, replace(one, told=store.CALLED_OFF))
    await items.close(ctx.db, one.item)
    if ours == "no":
        return []
    line = _(
        "{network} called joint decision {number}, “{title}”, off: there is nothing to vote on.",
        **named,
    )
    return [Say((line,), room=one.room, item=one.item)]
