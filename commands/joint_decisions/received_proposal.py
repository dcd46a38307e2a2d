"""A proposal of another network: kept until a moderator of ours answers it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.api import (
    CHECK_VOTABLE,
    Answer,
    Callback,
    Context,
    Effect,
    Line,
    Moment,
    RoomId,
    UserError,
    UserId,
    _,
    items,
    moderators_only,
    one_line,
)
from commands.joint_decisions import (
    question,
    restored_result,
    steps,
    store,
    unlinked_networks,
)
from commands.joint_decisions.declaration import COUNTED_JOB, feature
from commands.joint_decisions.home_result import seal_secret
from commands.joint_decisions.introduced_word import say_who_is_introduced
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.store import JointDecision, Returned
from commands.joint_decisions.terms import JointTerms, TermsAnswer
from commands.links import store as link_store
from commands.links.connection import handshake
from commands.links.declaration import require_network_decider
from commands.links.protocol import inbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer

SOONEST = timedelta(minutes=1)
"""No step after the vote can be shorter."""
FARTHEST = timedelta(days=366)
"""How far away the last date may be."""
MOST_WAITING = 50
"""How many decisions that one network proposed may be open."""


@inbound.handles("propose", of=feature)
async def receive_proposal(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope
) -> Answer:
    """Store another network's proposal of a joint decision until a moderator answers. Return what
    to say, if anything.

    Raises `InvalidMessage` for terms that can't hold, and for too many at once.
    """
    terms = _parse_terms(ctx, peer, one)
    if ctx.signer.public not in terms.keys:
        return None  # only others in this link are asked
    if await store.find_decision(ctx.db, terms.id) is not None:
        return None
    home = await ctx.moderators_room()
    if home is None:
        return None
    if terms.answer_by <= ctx.now.timestamp():
        return await unlinked_networks.report_late_proposal(ctx, peer, terms)
    if unknown := await unlinked_networks.unlinked_keys(ctx, link, terms):
        return await unlinked_networks.refuse_proposal(ctx, link, peer, terms, unknown)
    if await store.count_open_of(ctx.db, link.item, peer.bot) >= MOST_WAITING:
        raise InvalidMessage("too many at once")
    for check in ctx.registry.offers(CHECK_VOTABLE):
        wanted = question.room_proposal(terms, home, Callback.of(COUNTED_JOB, link.item))
        await check(ctx, replace(wanted, fewest=0))  # of the room that accepts, not of this one
    title = question.title(terms)
    made = await _add_decision(ctx, link, terms, home, peer.bot)
    number = made.item
    known = await network_names(ctx, made)
    names = tuple(known[key] for key in terms.keys)
    closes = datetime.fromtimestamp(terms.closes, UTC)
    return await handshake.tell_moderators(
        ctx,
        _(
            "{network} asks us to decide together ({number}): “{title}”",
            network=peer.name,
            number=number,
            title=title,
        ),
        _("With: {names}. It ends on {moment}.", names=names, moment=Moment(closes)),
        *question.question_lines(terms),
        _(
            "To vote on it in a room, write there until {moment}: `!network accept {number}` · if"
            " not: `!network decline {number}`",
            number=number,
            moment=Moment(datetime.fromtimestamp(terms.answer_by, UTC)),
        ),
    )


@inbound.on_returned
async def take_back_proposal(ctx: Context, link: NetworkLink, word: NetworkEnvelope) -> None:
    """Store a proposal of ours that a restored backup lost; what we said in it comes after it."""
    home = await ctx.moderators_room()
    if word.kind != "propose" or home is None or await store.find_decision(ctx.db, word.id):
        return
    made = await _add_decision(ctx, link, word.parse_body(JointTerms), home, ctx.me)
    await restored_result.wait_for_words(ctx, made)


async def _add_decision(
    ctx: Context, link: NetworkLink, terms: JointTerms, home: RoomId, proposer: UserId
) -> JointDecision:
    """Store a joint decision that we have no vote on yet, with what was said about it before."""
    title = question.title(terms)
    number = await items.add(ctx.db, feature.name, "joint", home, proposer, title, ctx.now)
    secret = seal_secret(ctx.signer, terms)
    made = JointDecision(number, link.item, terms.id, terms, home, None, secret, None, None)
    await store.put_decision(ctx.db, made)
    await steps.schedule_dates(ctx, made)
    await _store_earlier_words(ctx, made)
    return made


def _parse_terms(ctx: Context, peer: Peer, one: NetworkEnvelope) -> JointTerms:
    """Return the terms of a proposal. Raises `InvalidMessage` if they can't hold."""
    terms = one.parse_body(JointTerms)
    far = (ctx.now + FARTHEST).timestamp()
    if terms.id != one.id or terms.proposer != peer.key or terms.reveal_by > far:
        raise InvalidMessage("not such terms")
    if any(option != one_line(option) for option in terms.options):
        raise InvalidMessage("an option does not look as it reads")
    least = SOONEST.total_seconds()
    if terms.commit_by - terms.closes < least or terms.reveal_by - terms.commit_by < least:
        raise InvalidMessage("nobody could answer in time")
    return terms


async def _store_earlier_words(ctx: Context, one: JointDecision) -> None:
    """Store what others said about it before it came, as chains arrive in any order."""
    ends = {p.key: p.head.seq for p in await link_store.peers_of_link(ctx.db, one.link)}
    for word in await link_store.messages_about(ctx.db, one.link, one.id):
        if word.kind not in store.WORD_KINDS or word.network not in one.terms.keys:
            continue
        with suppress(InvalidMessage):
            if word.network == ctx.signer.public:  # a restored backup lost it, with the proposal
                await restored_result.take_back_word(ctx, one.item, word)
            elif word.seq <= ends.get(word.network, 0) and store.is_valid_word(one.terms, word):
                await store.put_word(ctx.db, one.item, word)


async def answer_proposal(ctx: Context, one: JointDecision, *, yes: bool) -> Answer:
    """Answer another network's proposal of a joint decision. Return what to say, if anything.

    A yes is for a room's moderators, a no for those of the network. A yes that a restored backup
    lost is not said anew, but its room is named again. Raises `UserError` without the right, and if
    it is settled, opened or too late.
    """
    room = await ctx.choose_room()
    if not yes:
        await require_network_decider(ctx)
    elif not await ctx.moderates(room.room):
        raise moderators_only()
    again = yes and one.returned in (Returned.ROOM, Returned.ASKED)
    answered = await store.get_word(ctx.db, one.item, "sign", ctx.signer.public)
    if one.told in store.ENDINGS_WITHOUT_RESULT or (answered is not None and not again):
        raise UserError(_("That is settled already."))
    counted = await store.counted_in(ctx.db, one)
    is_counted = ctx.signer.public in (counted or ())  # for it heard a yes that we lost
    late_from = one.terms.closes if again or is_counted else one.terms.answer_by
    if ctx.now.timestamp() >= late_from:
        raise UserError(_("The time to answer is over."))
    if counted is not None and not is_counted:
        known = await network_names(ctx, one)
        raise UserError(
            _("{network} has opened it already, without us.", network=known[one.terms.proposer])
        )
    if yes:
        for check in ctx.registry.offers(CHECK_VOTABLE):
            then = Callback.of(COUNTED_JOB, one.item)
            await check(ctx, question.room_proposal(one.terms, room.room, then))
    here = replace(one, room=room.room, returned=Returned.NOTHING)
    await store.put_decision(ctx.db, here)
    effects: list[Line | Effect] = []
    if answered is None:
        sign = TermsAnswer(terms=one.terms.hash, answer="yes" if yes else "no")
        effects += await steps.send_word(ctx, here, "sign", sign.model_dump())
        effects += await say_who_is_introduced(ctx, here) if yes else []
    if counted is not None:
        await steps.schedule_steps(ctx, here)
    act = "joined_decision" if yes else "declined_decision"
    await ctx.log(act, {"number": one.item}, room=room.room)
    line = (
        _("We take part. The vote opens here as soon as all have answered.")
        if yes
        else _("We do not take part. They see that, and not who said so.")
    )
    return [line, *effects]
