"""A joint decision after a restored backup: what we had said holds, and its result is told only if
it is known to be right.

What we said since the backup was made is lost here. The others send it back with our signature, as
far as they hold it, and then it stands as if it had never been lost: before what we have said in
its place since, for that is how the others have it. What one of them says about the result is that
one's word and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.api import AFTER_RESTORE, Context, Effect, Line, Moment, Number, Say, Span, _, items
from commands.joint_decisions import exclusions, question, room_messages, store
from commands.joint_decisions.declaration import COMPARE_JOB, RETURNED_JOB, feature
from commands.joint_decisions.home_result import opens_seal, sealing_time
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.statement import JointStatement
from commands.joint_decisions.store import JointDecision, Returned
from commands.joint_decisions.terms import Commitment, Final, TermsAnswer
from commands.links.protocol.envelope import NetworkEnvelope

ASKED_FIRST = timedelta(minutes=10)
"""After a restore the others are asked for our words so long before a step is taken."""
CONFIRMED_BY = 2
"""How many other networks must at least have signed a result that we did not sign ourselves."""
ASKED_AFTER = timedelta(hours=3)
"""After this time our room is told whom to ask for a result that nothing has confirmed."""
TO_TELL = frozenset({Returned.ROOM, Returned.NO, Returned.QUIT, Returned.OPENED})
"""What our room has not been told yet of the words that came back."""


@feature.offers(AFTER_RESTORE)
async def resume_decisions(ctx: Context, _made: datetime) -> list[Effect]:
    """After a backup was restored, take no step in open joint decisions before other networks were
    asked for our words, and keep back the results of those that had closed. Return what to tell the
    rooms.

    What we had signed, sealed, opened or seen may be lost here and known to them: without it we
    would say something else in its place, or compute another result than theirs.
    """
    said: list[Effect] = []
    for one in await store.untold_decisions(ctx.db):
        part = await store.takes_part(ctx.db, one, ctx.signer.public)
        if one.terms.closes > ctx.now.timestamp():
            at = await wait_for_words(ctx, one)
            said += [_waiting_message(one, at - ctx.now)] if part else []
        elif part:
            said.append(await _hold_result(ctx, one))
    return said


async def wait_for_words(ctx: Context, one: JointDecision) -> datetime:
    """Take no step in a joint decision until others could send back what we had said in it, but
    no later than its counts are sealed. Return until when (UTC)."""
    at = ctx.now + ASKED_FIRST
    if one.terms.closes > ctx.now.timestamp():
        at = min(at, sealing_time(one.terms))
    await ctx.schedule(RETURNED_JOB, at, item=one.item)
    return at


def _named(one: JointDecision) -> dict[str, object]:
    return {"number": one.item, "title": question.title(one.terms)}


def _waiting_message(one: JointDecision, wait: timedelta) -> Say:
    lines = (
        _(
            "Joint decision {number}, “{title}”: I ask the other networks what I had said in it.",
            **_named(one),
        ),
        _("That takes {wait}. Until then please don't close or cancel the vote.", wait=Span(wait)),
    )
    return Say(lines, room=one.room, item=one.item)


async def _hold_result(ctx: Context, one: JointDecision) -> Say:
    """Keep back the result of a joint decision that has closed. Return what to tell its room."""
    await store.put_decision(ctx.db, replace(one, told=store.RESTORED))
    await _compare_when_confirmed(ctx, one)
    lines = (
        _("Joint decision {number}, “{title}”: if I said its result, that holds.", **_named(one)),
        _(
            "If not, I say it once my own signature comes back, or most others, at least two,"
            " signed the same."
        ),
    )
    return Say(lines, room=one.room, item=one.item)


async def _compare_when_confirmed(ctx: Context, one: JointDecision) -> None:
    over = datetime.fromtimestamp(one.terms.over_by, UTC)
    await ctx.cancel_jobs(one.item, COMPARE_JOB)  # compared once, when the others have answered
    at = max(ctx.now, over) + ASKED_AFTER
    await ctx.schedule(COMPARE_JOB, at, item=one.item, restored=True)


def needs_confirmation(one: JointDecision) -> bool:
    """Return whether a result of a joint decision is told only once others have confirmed it."""
    is_sealed = one.told is None and one.returned is Returned.SEALED
    return one.told == store.RESTORED or is_sealed


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


async def take_back_word(ctx: Context, item: Number, word: NetworkEnvelope) -> bool:
    """Store a word of ours in a joint decision that another network sent back, if a restored backup
    lost it. Return whether something was stored.

    Of two words of one kind the first counts, for the others hold that one; of results the last.
    The caller has made sure that we signed it, and that it is among what was lost.
    """
    one = await store.get_decision(ctx.db, item)
    if one is None or not store.is_valid_word(one.terms, word):
        return False
    held = await store.get_word(ctx.db, item, word.kind, word.network)
    if held is not None and (held.seq > word.seq) == (word.kind == "final"):
        return False
    if not await store.put_word(ctx.db, item, word, instead=True):
        return False
    await store.put_decision(ctx.db, replace(one, returned=_meaning(one, word, held)))
    return True


def _meaning(one: JointDecision, word: NetworkEnvelope, held: NetworkEnvelope | None) -> Returned:
    """Return what a word of ours that came back means. `held`: what we said in its place since."""
    if word.kind != "sign" and held is not None:  # known, and acted on
        return one.returned
    if word.kind == "quit":
        return Returned.QUIT
    if word.kind == "reveal" and one.result is None:
        return Returned.OPENED
    if word.kind != "sign" or one.returned is not Returned.NOTHING:
        return one.returned
    yes = word.parse_body(TermsAnswer).answer == "yes"
    since = held.parse_body(TermsAnswer).answer if held is not None else ""
    if yes and since != "yes" and one.poll is None:
        return Returned.ROOM
    return Returned.NO if not yes and since == "yes" else Returned.NOTHING


async def report_returned(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Do what follows from a word of ours that came back. Return what to tell our room."""
    if one.returned is Returned.ROOM:
        return await _ask_for_room(ctx, one)
    if one.returned is Returned.NO:
        await store.put_decision(ctx.db, replace(one, returned=Returned.NOTHING))
        line = _("We had said no to joint decision {number}, “{title}”: that holds.", **_named(one))
        return [Say((line,), room=one.room, item=one.item)]
    if one.returned is Returned.QUIT and await store.has_sealed(ctx.db, one, ctx.signer.public):
        await store.put_decision(ctx.db, replace(one, returned=Returned.NOTHING))
        return []  # a sealed result still counts
    return await _take_vote_home(ctx, one)


async def _take_vote_home(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Make our vote our own, as the others have our last word in it. Return what to tell."""
    own, known = replace(one, returned=Returned.OWN), _named(one)
    if one.returned is Returned.OPENED:
        lines = [
            _(
                "Our counts in joint decision {number}, “{title}”, have been opened already: they"
                " hold.",
                **known,
            )
        ]
    elif one.terms.proposer == ctx.signer.public and await store.counted_in(ctx.db, one) is None:
        own = replace(own, told=store.CALLED_OFF)
        await items.close(ctx.db, one.item)
        lines = [
            _(
                "We had called joint decision {number}, “{title}”, off: nothing is decided in it.",
                **known,
            )
        ]
    else:
        lines = [
            _(
                "We had called our vote in joint decision {number}, “{title}”, off: it has no"
                " result of ours.",
                **known,
            ),
            _("What comes out of it is told here."),
        ]
    if await _is_voting(ctx, one):
        lines.append(
            _("The vote {poll} is our own now. To end it: `!cancel {poll}`", poll=one.poll)
        )
    await store.put_decision(ctx.db, own)
    await room_messages.stop_sharing(ctx, own)
    return [Say(tuple(lines), room=one.room, loud=True, item=one.item)]


async def _is_voting(ctx: Context, one: JointDecision) -> bool:
    poll = await items.get(ctx.db, one.poll) if one.poll is not None else None
    return poll is not None and poll.open


async def _ask_for_room(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Ask our moderators in which room we vote, as our yes came back and its room did not."""
    part = await store.counted_in(ctx.db, one)
    asked = replace(one, returned=Returned.ASKED)
    if part is not None and ctx.signer.public not in part:
        await store.put_decision(ctx.db, asked)
        return await exclusions.report_opening(ctx, asked)
    if one.terms.closes <= ctx.now.timestamp():
        return [await _hold_result(ctx, asked)]
    await store.put_decision(ctx.db, asked)
    known = (
        _(
            "We had proposed joint decision {number}, “{title}”. In which room we vote is lost.",
            **_named(one),
        )
        if one.terms.proposer == ctx.signer.public
        else _(
            "We had said yes to joint decision {number}, “{title}”. In which room we vote is lost.",
            **_named(one),
        )
    )
    lines = (
        known,
        _(
            "To vote on it in a room, write there until {moment}: `!network accept {number}`",
            number=one.item,
            moment=Moment(datetime.fromtimestamp(one.terms.closes, UTC)),
        ),
        _("Votes that were cast on it before are lost: please vote again in the new poll."),
    )
    return [Say(lines, room=one.room, loud=True, item=one.item)]


async def can_open_seal(ctx: Context, one: JointDecision) -> bool:
    """Return whether we hold the counts that we have sealed: no others may ever be opened."""
    seal = await store.get_word(ctx.db, one.item, "commit", ctx.signer.public)
    return seal is not None and opens_seal(one.result, one.nonce, seal.parse_body(Commitment))


async def report_sealed(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Keep back the result of a joint decision in which a seal came back whose counts we don't
    hold. Return what to tell our room: that the same counts would open it."""
    await store.put_decision(ctx.db, replace(one, returned=Returned.SEALED))
    await _compare_when_confirmed(ctx, one)
    if one.result is not None:
        return [_other_counts_message(one)]
    lines = [
        _(
            "In joint decision {number}, “{title}”, our counts were sealed already. I lost them.",
            **_named(one),
        )
    ]
    if await _is_voting(ctx, one):
        lines.append(
            _(
                "Please vote again in {poll} as before: only the same counts can be opened and"
                " count.",
                poll=one.poll,
            )
        )
    lines.append(_("If not, the others read that we sealed a result and did not open it."))
    return [Say(tuple(lines), room=one.room, loud=True, item=one.item)]


async def report_recount(ctx: Context, item: Number) -> list[Effect]:
    """Return what to tell our room if our vote was counted again and its counts don't open the seal
    that came back."""
    one = await store.get_decision(ctx.db, item)
    is_sealed = one is not None and one.returned is Returned.SEALED
    if one is None or not is_sealed or one.result is None or await can_open_seal(ctx, one):
        return []
    return [_other_counts_message(one)]


def _other_counts_message(one: JointDecision) -> Say:
    line = _(
        "Joint decision {number}, “{title}”: these are not the counts that we had sealed.",
        **_named(one),
    )
    more = _("So they are not opened: the others read that we sealed a result and did not open it.")
    return Say((line, more), room=one.room, loud=True, item=one.item)


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
