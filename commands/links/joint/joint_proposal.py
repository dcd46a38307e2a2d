"""`!network propose` and its answers: several networks decide on the same terms."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.api import (
    Answer,
    Ballot,
    Context,
    Day,
    Effect,
    Job,
    Line,
    Moment,
    Number,
    Say,
    Then,
    UserError,
    _,
    items,
)
from commands.links import store as links
from commands.links.connection import handshake
from commands.links.declaration import GRACE, declines_for_all, feature
from commands.links.joint import (
    exclusions,
    question,
    room_messages,
    steps,
    store,
    unlinked_networks,
)
from commands.links.joint import terms as said
from commands.links.joint.store import Joint
from commands.links.joint.terms import Final, Member, Terms
from commands.links.network_names import links_named, peers_named
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import LARGEST, Envelope, Unfit
from commands.links.shares import outbound_shares
from commands.links.store import Link, Peer

SOONEST = timedelta(minutes=1)
"""A vote can't end sooner than this, nor can a later step be shorter."""
FARTHEST = timedelta(days=366)
"""How far away the last date may be."""
MOST_WAITING = 50
"""How many decisions that one network proposed may be open."""
SETTLED = timedelta(days=2)
"""How long after its end a fork can still change the result of a decision."""
AROUND = 1000
"""Bytes of a message around its body."""
EACH = re.compile(
    r"[,;]?\s(?:con |com |with )?(?:"
    r"(?:(?:un |um |one )?votos? |(?:one )?votes? )?(?:por|by|per|for each) (?:cada )?"
    r"(?:redes|rede|red|networks?)"
    r"|(?:una|cada) red,? un voto|(?:uma|cada) rede,? um voto|(?:one|each) network,? one vote"
    r")(?=[\s.,;!]|$)",
    re.IGNORECASE,
)
"""How people say that each network has one vote, anywhere in the line."""


async def propose(ctx: Context, rest: str) -> Answer:
    """Put an open proposal of ours to other networks, after a confirmation.

    Raises `UserError` without the right, for what is no vote or ends too soon, and unless one link
    has all the networks.
    """
    line, each = EACH.subn("", " ".join(rest.split()), 1)
    named = outbound_shares.WITH.search(line)
    item, _more = await ctx.item(line[: named.start()] if named else line)
    if not await ctx.moderates(item.room):
        raise UserError(_("You can't do that: it is for the moderators of the room of {number}.",
                          number=item.number))  # fmt: skip
    found = await links_named(ctx, named[1] if named else "")
    if len(found) > 1:
        raise UserError(
            _("Those networks are in different rooms: a joint decision needs one link with all."),
            _("Which networks are linked, and in which link: `!network`"),
        )
    link, every = found[0]
    meant = await peers_named(ctx, named[1] if named else "")
    asked = [peer for peer in every if peer in meant]
    number = await items.add(ctx.db, ctx.feature, "joint", item.room, ctx.me, item.title, ctx.read)
    asks = await _together(ctx, item.kind, item.number, number)
    if asks.closes < ctx.read + SOONEST:
        raise UserError(_("It ends too soon for other networks to take part."),
                        _("To give more time: `!extend {number} until tomorrow 18h`",
                          number=item.number))  # fmt: skip
    grace = int(await ctx.setting(GRACE))
    terms = _terms(ctx, asks, asked, grace, each=each > 0)
    names = tuple(peer.name for peer in asked)
    ctx.confirm(
        _("“{title}” ({number}) goes to {names}: its words, the rule and the dates.",
          title=asks.title, number=item.number, names=names),
        *_not_asked([peer for peer in every if peer not in asked]),
        *question.asked(terms),
        _("They answer until {moment}. From here only totals go out, no name.",
          moment=Moment(datetime.fromtimestamp(terms.answer_by, UTC))),
    )  # fmt: skip
    one = Joint(number, link.item, terms.id, terms, item.room, item.number, outbound.new_id(), None,
                None)  # fmt: skip
    await store.put(ctx.db, one)
    await steps.wait(ctx, one)
    sign = said.Answer(terms=terms.hash, answer="yes")
    effects = [
        await outbound.send(ctx, link, "propose", terms.model_dump(), terms.id),
        *await steps.say(ctx, one, "sign", sign.model_dump()),
    ]
    await ctx.log("proposed", {"number": number, "names": list(names)}, room=item.room)
    return [_("Joint decision {number}: asked {names}.", number=number, names=names), *effects]


def _not_asked(others: list[Peer]) -> list[Line]:
    if not others:
        return []
    return [_("Not asked, though in the same link, where their bots can read it: {names}.",
              names=exclusions.some([peer.name for peer in others]))]  # fmt: skip


async def _together(ctx: Context, kind: str, item: Number, joint: Number) -> Ballot:
    for offer in ctx.registry.services(f"together:{kind}"):
        given: Ballot = await offer(ctx, item, Then(feature.name, "counted", joint))
        return given
    raise UserError(
        _("What has the number {number} is no vote.", number=item),
        _("For example: `!proposal “Letter for the water” until tomorrow 18h`"),
    )


def _terms(ctx: Context, asks: Ballot, asked: list[Peer], grace: int, *, each: bool) -> Terms:
    """Return the terms. Raises `UserError` for more text than one message takes."""
    every = [Member(key=ctx.signer.public, name=(ctx.defaults.network or ctx.me)[:100])]
    every += [Member(key=peer.key or "", name=peer.name[:100]) for peer in asked]
    end = int(asks.closes.timestamp())
    terms = Terms(
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
        answer_by=int((ctx.read + (asks.closes - ctx.read) / 3).timestamp()),
        closes=end,
        commit_by=end + grace,
        reveal_by=end + 2 * grace,
        networks=tuple(sorted(every, key=lambda one: one.key)),
    )
    if len(json.dumps(terms.model_dump())) > LARGEST - AROUND:
        raise UserError(
            _("That is more text than goes to so many networks at once."),
            _("With shorter options it fits; the details can go in a message of each room."),
        )
    return terms


@inbound.takes("propose")
async def proposed(ctx: Context, link: Link, peer: Peer, one: Envelope) -> Answer:
    """Keep another network's proposal until a moderator answers.

    Raises `InvalidMessage` for terms that can't hold, and for too many at once.
    """
    terms = _read(ctx, peer, one)
    if ctx.signer.public not in terms.keys:
        return None  # only others in this link are asked
    if await store.by_id(ctx.db, terms.id) is not None:
        return None
    home = await ctx.moderators_room()
    if home is None:
        return None
    if terms.answer_by <= ctx.read.timestamp():
        return await unlinked_networks.too_late(ctx, peer, terms)
    if unknown := await unlinked_networks.of(ctx, link, terms):
        return await unlinked_networks.refuse(ctx, link, peer, terms, unknown)
    if await store.open_of(ctx.db, link.item, peer.bot) >= MOST_WAITING:
        raise Unfit("too many at once")
    for check in ctx.registry.services("votable"):
        await check(ctx, question.proposal(terms, home, Then(feature.name, "counted", link.item)))
    title = question.title(terms)
    number = await items.add(ctx.db, feature.name, "joint", home, peer.bot, title, ctx.read)
    made = Joint(number, link.item, terms.id, terms, home, None, outbound.new_id(), None, None)
    await store.put(ctx.db, made)
    await steps.wait(ctx, made)
    await _said_before(ctx, made)
    known = await room_messages.names(ctx, made)
    names = tuple(known[key] for key in terms.keys)
    closes = datetime.fromtimestamp(terms.closes, UTC)
    return await handshake.tell(
        ctx,
        _("{network} asks us to decide together ({number}): “{title}”", network=peer.name,
          number=number, title=title),
        _("With: {names}. It ends on {moment}.", names=names, moment=Moment(closes)),
        *question.asked(terms),
        _("To vote on it in a room, write there until {day}: `!network accept {number}` · if not:"
          " `!network decline {number}`", number=number,
          day=Day(datetime.fromtimestamp(terms.answer_by, UTC))),
    )  # fmt: skip


def _read(ctx: Context, peer: Peer, one: Envelope) -> Terms:
    """Return the terms of a proposal. Raises `InvalidMessage` if they can't hold."""
    terms = one.says(Terms)
    far = (ctx.read + FARTHEST).timestamp()
    if terms.id != one.id or terms.proposer != peer.key or terms.reveal_by > far:
        raise Unfit("not such terms")
    if any(option != question.one_line(option) for option in terms.options):
        raise Unfit("an option does not look as it reads")
    least = SOONEST.total_seconds()
    if terms.commit_by - terms.closes < least or terms.reveal_by - terms.commit_by < least:
        raise Unfit("nobody could answer in time")
    return terms


async def _said_before(ctx: Context, one: Joint) -> None:
    """Store what others said about it before it came, as chains arrive in any order."""
    ends = {p.key: p.head.seq for p in await links.peers(ctx.db, one.link)}
    for word in await links.about(ctx.db, one.link, one.id):
        if word.kind in store.KINDS and word.seq <= ends.get(word.network, 0):
            with suppress(Unfit):
                if word.network in one.terms.keys and store.fits(one.terms, word):
                    await store.say(ctx.db, one.item, word)


async def answer(ctx: Context, one: Joint, *, yes: bool) -> Answer:
    """Answer a proposal. A yes is for a room's moderators, a no for those of the network.

    Raises `UserError` without the right, and if it is settled, opened or too late.
    """
    room = await ctx.place()
    if not yes:
        await declines_for_all(ctx)
    elif not await ctx.moderates(room.room):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    if ctx.signer.public in await store.said(ctx.db, one.item, "sign"):
        raise UserError(_("That is settled already."))
    if one.told in store.NOTHING:
        raise UserError(_("That is settled already."))
    if ctx.read.timestamp() >= one.terms.answer_by:
        raise UserError(_("The time to answer is over."))
    if await store.word(ctx.db, one.item, "open", one.terms.proposer):
        known = await room_messages.names(ctx, one)
        raise UserError(_("{network} has opened it already, without us.",
                          network=known[one.terms.proposer]))  # fmt: skip
    here = replace(one, room=room.room)
    await store.put(ctx.db, here)
    sign = said.Answer(terms=one.terms.hash, answer="yes" if yes else "no")
    effects = await steps.say(ctx, here, "sign", sign.model_dump())
    act = "joined_decision" if yes else "declined_decision"
    await ctx.log(act, {"number": one.item}, room=room.room)
    line = (
        _("We take part. The vote opens here as soon as all have answered.")
        if yes
        else _("We do not take part. They see that, and not who said so.")
    )
    return [line, *effects]


def _hears(kind: str) -> None:
    @inbound.takes(kind, last=True)
    async def heard(ctx: Context, link: Link, peer: Peer, word: Envelope) -> Answer:
        """Store a word of theirs in a joint decision, and schedule what follows."""
        one = await store.by_id(ctx.db, word.id)
        if one is None or one.link != link.item or word.network not in one.terms.keys:
            return None
        if not store.fits(one.terms, word):
            raise Unfit("not theirs to say")
        if not await store.say(ctx.db, one.item, word):
            return None
        effects: list[Line | Effect] = []
        if kind == "open":
            effects += await exclusions.opened(ctx, one)
        elif kind == "sign":
            effects += await unlinked_networks.heard(ctx, one, word)
        elif kind == "quit":
            effects += await exclusions.called_off(ctx, one, word)
        if kind != "final":
            await steps.soon(ctx, one)
        return effects


for _kind in store.KINDS:
    _hears(_kind)


@feature.job("compare")
async def compare(ctx: Context, job: Job) -> Answer:
    """Some time after the end, name networks with another result, and close the decision.

    All then say what they have heard, so that a fork shows.
    """
    one = await store.get(ctx.db, job.item) if job.item else None
    link = await links.get(ctx.db, one.link) if one else None
    if one is not None:  # it is over, whatever came of it
        await items.close(ctx.db, one.item)
    if one is None or link is None or one.told is None or one.told in store.NOTHING:
        return None
    finals = await store.said(ctx.db, one.item, "final")
    other = {key for key, final in finals.items() if final.says(Final).statement != one.told}
    if not other:
        return None
    names = await room_messages.names(ctx, one)
    lines = tuple(
        _("{network} worked out another result from the same words.", network=names[key])
        for key in one.terms.keys
        if key in other
    )
    return [Say(lines, room=one.room, loud=True), *await inbound.say_here(ctx, link)]


@inbound.stops
async def forked(ctx: Context, link: Link, peer: Peer) -> list[Line | Effect]:
    """Drop a network's words in open decisions if it told others something else."""
    for one in await store.latest(ctx.db, link.item):
        over = one.terms.over_by + SETTLED.total_seconds()
        if peer.key in one.terms.keys and ctx.read.timestamp() < over:
            await store.unsay(ctx.db, one.item, peer.key or "")
            await steps.soon(ctx, one)
    return []
