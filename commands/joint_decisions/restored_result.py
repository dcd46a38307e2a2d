"""The result of a joint decision after a restored backup: told only if it is known to be right.

What we said since the backup was made is lost here. The others send it back with our signature, as
far as they hold it; what one of them says about the result is that one's word and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.api import AFTER_RESTORE, Context, Effect, Line, Say, _
from commands.joint_decisions import question, store
from commands.joint_decisions.declaration import COMPARE_JOB, feature
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.statement import JointStatement
from commands.joint_decisions.store import JointDecision
from commands.joint_decisions.terms import Final, TermsAnswer
from commands.links.protocol.envelope import NetworkEnvelope

CONFIRMED_BY = 2
"""How many other networks must at least have signed a result that we did not sign ourselves."""
ASKED_AFTER = timedelta(hours=3)
"""After this time our room is told whom to ask for a result that nothing has confirmed."""


@feature.offers(AFTER_RESTORE)
async def hold_ended_decisions(ctx: Context, _made: datetime) -> list[Effect]:
    """Keep back the results of joint decisions that had closed when a backup was restored, until
    other networks have answered. Return what to tell the rooms.

    What we had sealed, opened or seen may be lost here and known to them: without it we would
    compute another result than theirs, and than the one that our room may have read.
    """
    said: list[Effect] = []
    for one in await store.untold_decisions(ctx.db):
        if one.terms.closes > ctx.now.timestamp() or not await store.takes_part(
            ctx.db, one, ctx.signer.public
        ):
            continue
        await store.put_decision(ctx.db, replace(one, told=store.RESTORED))
        over = datetime.fromtimestamp(one.terms.over_by, UTC)
        at = max(ctx.now, over) + ASKED_AFTER
        await ctx.cancel_jobs(one.item, COMPARE_JOB)  # compared once, when the others have answered
        await ctx.schedule(COMPARE_JOB, at, item=one.item, restored=True)
        named = {"number": one.item, "title": question.title(one.terms)}
        lines = (
            _("Joint decision {number}, “{title}”: if I said its result, that holds.", **named),
            _(
                "If not, I say it once my own signature comes back, or most others, at least two,"
                " signed the same."
            ),
        )
        said.append(Say(lines, room=one.room, item=one.item))
    return said


def is_confirmed(
    found: JointStatement, finals: Mapping[str, NetworkEnvelope], network: str
) -> bool:
    """Return whether a result that follows from what we have heard is the right one.

    It is if our own signature stands under it, as another network sends it back; or if most of the
    others that take part signed it, and `CONFIRMED_BY` at least: one alone could hold back what we
    said ourselves, and sign whatever follows without it. `network`: our own key.
    """
    signed = {key for key, one in finals.items() if one.parse_body(Final).statement == found.hash}
    others = {part.key for part in found.parts} - {network}
    agree = len(signed & others)
    return network in signed or (agree >= CONFIRMED_BY and 2 * agree > len(others))


async def take_back_word(ctx: Context, one: JointDecision, word: NetworkEnvelope) -> bool:
    """Store a word of ours that another network sent back, if a restored backup lost it. Return
    whether something was stored."""
    if one.told != store.RESTORED or not store.is_valid_word(one.terms, word):
        return False
    if word.kind == "final":  # only the last one that we signed counts
        held = await store.get_word(ctx.db, one.item, "final", word.network)
        if held is not None and held.seq > word.seq:
            return False
    return await store.put_word(ctx.db, one.item, word)


async def report_unconfirmed(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Tell our room whom to ask for a result that nothing has confirmed since we were restored.
    Return what to say."""
    known = await network_names(ctx, one)
    answers = await store.words_of_kind(ctx.db, one.item, "sign")
    names = [
        known[key]
        for key in one.terms.keys
        if key != ctx.signer.public
        and key in answers
        and answers[key].parse_body(TermsAnswer).answer == "yes"
    ]
    lines = (
        _(
            "I don't know the result of joint decision {number}, “{title}”: nothing confirms it.",
            number=one.item,
            title=question.title(one.terms),
        ),
        _("Please ask their moderators for its file: {names}", names=tuple(names)),
        _("On a phone: `!export verifier` is a page that checks it in the browser."),
    )
    return [Say(lines, room=one.room, item=one.item)]
