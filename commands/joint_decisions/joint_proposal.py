"""`!network propose` and its answers: several networks decide on the same terms."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

from bot.api import (
    CHECK_VOTABLE,
    JOINT_VOTE,
    Answer,
    Callback,
    Context,
    Day,
    Effect,
    Item,
    Job,
    JointBallot,
    Line,
    Moment,
    Number,
    Say,
    UserError,
    _,
    items,
    moderators_only,
    one_line,
)
from commands.joint_decisions import (
    exclusions,
    question,
    steps,
    store,
    unlinked_networks,
)
from commands.joint_decisions.declaration import COMPARE_JOB, COUNTED_JOB, GRACE, feature
from commands.joint_decisions.introduced_word import say_who_is_introduced
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.store import JointDecision
from commands.joint_decisions.terms import Final, JointTerms, TermsAnswer, TermsNetwork
from commands.links import store as link_store
from commands.links.connection import handshake
from commands.links.declaration import require_network_decider
from commands.links.network_names import links_named, peers_named
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import LARGEST, InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer
from commands.shares import outbound_shares

SOONEST = timedelta(minutes=1)
"""A vote can't end sooner than this, nor can a later step be shorter."""
FARTHEST = timedelta(days=366)
"""How far away the last date may be."""
MOST_WAITING = 50
"""How many decisions that one network proposed may be open."""
SETTLED = timedelta(days=2)
"""How long after its end a fork can still change the result of a decision."""
BYTES_AROUND = 1000
"""Bytes of a message around its body."""
ONE_VOTE_EACH = re.compile(
    r"[,;]?\s(?:con |com |with )?(?:"
    r"(?:(?:un |um |one )?votos? |(?:one )?votes? )?(?:por|by|per|for each) (?:cada )?"
    r"(?:redes|rede|red|networks?)"
    r"|(?:una|cada) red,? un voto|(?:uma|cada) rede,? um voto|(?:one|each) network,? one vote"
    r")(?=[\s.,;!]|$)",
    re.IGNORECASE,
)
"""How people say that each network has one vote, anywhere in the line."""


async def find_one_vote_each(_ctx: Context, text: str) -> tuple[bool, str]:
    """Return whether each network has one vote, and the text without it."""
    rest, found = ONE_VOTE_EACH.subn("", text, 1)
    return found > 0, rest


async def propose_decision(
    ctx: Context,
    each: Annotated[bool, find_one_vote_each],
    networks: outbound_shares.NamedNetworks,
    item: Item,
) -> Answer:
    """Put an open proposal of ours to other networks, after a confirmation.

    Raises `UserError` without the right, for what ends too soon, and without one link with all.
    """
    if not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't do that: it is for the moderators of the room of {number}.",
                number=item.number,
            )
        )
    found = await links_named(ctx, networks)
    if len(found) > 1:
        raise UserError(
            _("Those networks are in different rooms: a joint decision needs one link with all."),
            _("Which networks are linked, and in which link: `!network`"),
        )
    link, every = found[0]
    meant = await peers_named(ctx, networks)
    asked = [peer for peer in every if peer in meant]
    number = await items.add(ctx.db, feature.name, "joint", item.room, ctx.me, item.title, ctx.now)
    asks = await _ballot_of(ctx, item.kind, item.number, number)
    if asks.closes < ctx.now + SOONEST:
        raise UserError(
            _("It ends too soon for other networks to take part."),
            _("To give more time: `!extend {number} until tomorrow 18h`", number=item.number),
        )
    grace = int(await ctx.setting_value(GRACE))
    terms = _terms(ctx, asks, asked, grace, each=each)
    names = tuple(peer.name for peer in asked)
    ctx.confirm(
        _(
            "“{title}” ({number}) goes to {names}: its words, the rule and the dates.",
            title=asks.title,
            number=item.number,
            names=names,
        ),
        *_not_asked_lines([peer for peer in every if peer not in asked]),
        *question.question_lines(terms),
        _(
            "They answer until {moment}. From here only totals go out, no name.",
            moment=Moment(datetime.fromtimestamp(terms.answer_by, UTC)),
        ),
    )
    one = JointDecision(
        number, link.item, terms.id, terms, item.room, item.number, outbound.new_id(), None, None
    )
    await store.put_decision(ctx.db, one)
    await steps.schedule_dates(ctx, one)
    sign = TermsAnswer(terms=terms.hash, answer="yes")
    effects = [
        await outbound.send_message(ctx, link, "propose", terms.model_dump(), terms.id),
        *await steps.send_word(ctx, one, "sign", sign.model_dump()),
        *await say_who_is_introduced(ctx, one),
    ]
    await ctx.log("proposed", {"number": number, "names": list(names)}, room=item.room)
    return [_("Joint decision {number}: asked {names}.", number=number, names=names), *effects]


def _not_asked_lines(others: list[Peer]) -> list[Line]:
    if not others:
        return []
    return [
        _(
            "Not asked, though in the same link, where their bots can read it: {names}.",
            names=exclusions.first_names([peer.name for peer in others]),
        )
    ]


async def _ballot_of(ctx: Context, kind: str, item: Number, joint: Number) -> JointBallot:
    for offer in ctx.registry.offers(JOINT_VOTE.of(kind)):
        given: JointBallot = await offer(ctx, item, Callback.of(COUNTED_JOB, joint))
        return given
    raise UserError(
        _("What has the number {number} is no vote.", number=item),
        _("For example: `!proposal “Letter for the water” until tomorrow 18h`"),
    )


def _terms(
    ctx: Context, asks: JointBallot, asked: list[Peer], grace: int, *, each: bool
) -> JointTerms:
    """Return the terms. Raises `UserError` for more text than one message takes."""
    every = [TermsNetwork(key=ctx.signer.public, name=(ctx.defaults.network or ctx.me)[:100])]
    every += [TermsNetwork(key=peer.key or "", name=peer.name[:100]) for peer in asked]
    end = int(asks.closes.timestamp())
    terms = JointTerms(
        id=outbound.new_id(),
        proposer=ctx.signer.public,
        title=asks.title,
        options=asks.options,
        method=asks.kind if asks.options else "choice",  # type: ignore[arg-type]
        most=asks.most,
        points=asks.points,
        majority=asks.majority,
        quorum=asks.quorum,
        count="networks" if each else "sum",
        answer_by=int((ctx.now + (asks.closes - ctx.now) / 3).timestamp()),
        closes=end,
        commit_by=end + grace,
        reveal_by=end + 2 * grace,
        networks=tuple(sorted(every, key=lambda one: one.key)),
    )
    if len(json.dumps(terms.model_dump())) > LARGEST - BYTES_AROUND:
        raise UserError(
            _("That is more text than goes to so many networks at once."),
            _("With shorter options it fits; the details can go in a message of each room."),
        )
    return terms


@inbound.handles("propose", of=feature)
async def receive_proposal(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope
) -> Answer:
    """Keep another network's proposal until a moderator answers.

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
        await check(ctx, question.room_proposal(terms, home, Callback.of(COUNTED_JOB, link.item)))
    title = question.title(terms)
    number = await items.add(ctx.db, feature.name, "joint", home, peer.bot, title, ctx.now)
    made = JointDecision(
        number, link.item, terms.id, terms, home, None, outbound.new_id(), None, None
    )
    await store.put_decision(ctx.db, made)
    await steps.schedule_dates(ctx, made)
    await _store_earlier_words(ctx, made)
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
            "To vote on it in a room, write there until {day}: `!network accept {number}` · if not:"
            " `!network decline {number}`",
            number=number,
            day=Day(datetime.fromtimestamp(terms.answer_by, UTC)),
        ),
    )


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
        if word.kind in store.WORD_KINDS and word.seq <= ends.get(word.network, 0):
            with suppress(InvalidMessage):
                if word.network in one.terms.keys and store.is_valid_word(one.terms, word):
                    await store.put_word(ctx.db, one.item, word)


async def answer_proposal(ctx: Context, one: JointDecision, *, yes: bool) -> Answer:
    """Answer a proposal. A yes is for a room's moderators, a no for those of the network.

    Raises `UserError` without the right, and if it is settled, opened or too late.
    """
    room = await ctx.choose_room()
    if not yes:
        await require_network_decider(ctx)
    elif not await ctx.moderates(room.room):
        raise moderators_only()
    if ctx.signer.public in await store.words_of_kind(ctx.db, one.item, "sign"):
        raise UserError(_("That is settled already."))
    if one.told in store.NO_RESULT:
        raise UserError(_("That is settled already."))
    if ctx.now.timestamp() >= one.terms.answer_by:
        raise UserError(_("The time to answer is over."))
    if await store.get_word(ctx.db, one.item, "open", one.terms.proposer):
        known = await network_names(ctx, one)
        raise UserError(
            _("{network} has opened it already, without us.", network=known[one.terms.proposer])
        )
    here = replace(one, room=room.room)
    await store.put_decision(ctx.db, here)
    sign = TermsAnswer(terms=one.terms.hash, answer="yes" if yes else "no")
    effects = await steps.send_word(ctx, here, "sign", sign.model_dump())
    effects += await say_who_is_introduced(ctx, here) if yes else []
    act = "joined_decision" if yes else "declined_decision"
    await ctx.log(act, {"number": one.item}, room=room.room)
    line = (
        _("We take part. The vote opens here as soon as all have answered.")
        if yes
        else _("We do not take part. They see that, and not who said so.")
    )
    return [line, *effects]


def _handle_word(kind: str) -> None:
    @inbound.handles(kind, last=True, of=feature)
    async def heard(ctx: Context, link: NetworkLink, peer: Peer, word: NetworkEnvelope) -> Answer:
        """Store a word of theirs in a joint decision, and schedule what follows."""
        one = await store.find_decision(ctx.db, word.id)
        if one is None or one.link != link.item or word.network not in one.terms.keys:
            return None
        if not store.is_valid_word(one.terms, word):
            raise InvalidMessage("not theirs to say")
        if not await store.put_word(ctx.db, one.item, word):
            return None
        effects: list[Line | Effect] = []
        if kind == "open":
            effects += await exclusions.report_opening(ctx, one)
        elif kind == "sign":
            effects += await unlinked_networks.report_unlinked(ctx, one, word)
        elif kind == "quit":
            effects += await exclusions.report_quit(ctx, one, word)
        if kind != "final":
            await steps.schedule_steps(ctx, one)
        return effects


for _kind in store.WORD_KINDS:
    _handle_word(_kind)


@feature.runs(COMPARE_JOB)
async def compare_statements(ctx: Context, job: Job) -> Answer:
    """Some time after the end, name networks with another result, and close the decision.

    All then say what they have heard, so that a fork shows.
    """
    one = await store.get_decision(ctx.db, job.item) if job.item else None
    link = await link_store.get_link(ctx.db, one.link) if one else None
    if one is not None:  # it is over, whatever came of it
        await items.close(ctx.db, one.item)
    if one is None or link is None or one.told is None or one.told in store.NO_RESULT:
        return None
    finals = await store.words_of_kind(ctx.db, one.item, "final")
    other = {key for key, final in finals.items() if final.parse_body(Final).statement != one.told}
    if not other:
        return None
    names = await network_names(ctx, one)
    lines = tuple(
        _("{network} worked out another result from the same words.", network=names[key])
        for key in one.terms.keys
        if key in other
    )
    return [Say(lines, room=one.room, loud=True), *await inbound.send_here(ctx, link)]


@inbound.on_stop
async def drop_forked_words(ctx: Context, link: NetworkLink, peer: Peer) -> list[Line | Effect]:
    """Drop a network's words in open decisions if it told others something else."""
    for one in await store.latest_decisions(ctx.db, link.item):
        over = one.terms.over_by + SETTLED.total_seconds()
        if peer.key in one.terms.keys and ctx.now.timestamp() < over:
            await store.drop_result_words(ctx.db, one.item, peer.key or "")
            await steps.schedule_steps(ctx, one)
    return []
