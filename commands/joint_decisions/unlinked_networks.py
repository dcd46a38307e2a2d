"""Proposals with networks that we are not linked with: refused, with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.api import Context, Effect, Line, Moment, Say, _, items, one_line
from commands.joint_decisions import question, store
from commands.joint_decisions.declaration import feature
from commands.joint_decisions.exclusions import first_names
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.store import JointDecision
from commands.joint_decisions.terms import JointTerms, TermsAnswer, decode_bits, encode_bits
from commands.links import store as link_store
from commands.links.connection import handshake
from commands.links.protocol import outbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer
from commands.shares import share_store

MOST, WITHIN = 10, timedelta(days=1)
"""How many such proposals of one network are answered in a day; more is junk."""


async def unlinked_keys(ctx: Context, link: NetworkLink, terms: JointTerms) -> list[str]:
    """Return the networks in a joint decision's terms with which we are not linked, so that we
    can't hear them."""
    linked = {
        p.key
        for p in await link_store.peers_of_link(ctx.db, link.item)
        if p.state is link_store.PeerState.LINKED
    }
    return [key for key in terms.keys if key not in linked | {ctx.signer.public}]


async def refuse_proposal(
    ctx: Context, link: NetworkLink, peer: Peer, terms: JointTerms, unknown: list[str]
) -> list[Line | Effect]:
    """Refuse a joint decision with a signed reason, and tell our moderators what to do. Return what
    to say.

    `unknown`: the keys of the networks in it with which we are not linked. Raises `InvalidMessage`
    after `MOST` refusals to this network in a day, or if there is no moderators' room.
    """
    home = await ctx.moderators_room()
    told = store.UNKNOWN, ctx.now - WITHIN
    if home is None or await store.count_told_since(ctx.db, link.item, peer.bot, *told) >= MOST:
        raise InvalidMessage("too many that we can't take part in")
    title = question.title(terms)
    number = await items.add(ctx.db, feature.name, "joint", home, peer.bot, title, ctx.now)
    await items.close(ctx.db, number)
    kept = JointDecision(
        number, link.item, terms.id, terms, home, None, outbound.new_id(), None, store.UNKNOWN
    )
    await store.put_decision(ctx.db, kept)
    no = TermsAnswer(terms=terms.hash, answer="no", unknown=encode_bits(terms.keys, unknown))
    called = first_names([await _network_label(ctx, link, peer, terms, key) for key in unknown])
    return [
        await outbound.send_message(ctx, link, "sign", no.model_dump(), terms.id),
        *await handshake.tell_moderators(
            ctx,
            _(
                "{network} asks us to decide together on “{title}”, with networks that we are not"
                " linked with: {names}.",
                network=peer.name,
                title=title,
                names=called,
            ),
            _("I answered that we can't take part: we would not hear their results."),
            _(
                "To take part, compare the codes with them, `!network`; then {network} can propose"
                " it anew.",
                network=peer.name,
            ),
        ),
    ]


async def report_late_proposal(ctx: Context, peer: Peer, terms: JointTerms) -> list[Effect]:
    """Tell our moderators about a joint decision's proposal that came after the time to answer.
    Return the messages."""
    if await share_store.count_today(ctx.db, peer.bot, "asked too late", ctx.now) > MOST:
        return []
    return await handshake.tell_moderators(
        ctx,
        _(
            "{network} asked us to decide together on “{title}” while I was off line. The time to"
            " answer was over on {moment}.",
            network=peer.name,
            title=question.title(terms),
            moment=Moment(datetime.fromtimestamp(terms.answer_by, UTC)),
        ),
        _("To take part in something of the kind, its moderators can propose it anew."),
        loud=False,
    )


async def _network_label(
    ctx: Context, link: NetworkLink, peer: Peer, terms: JointTerms, key: str
) -> str | Line:
    """Return our name for a network; else the proposer's name for it, marked as such."""
    known = await link_store.peer_by_key(ctx.db, link.item, key)
    if known is not None:
        return known.name or known.bot
    name = next(one.name for one in terms.networks if one.key == key)
    return _("“{name}” (so {network} calls it)", name=one_line(name)[:60], network=peer.name)


async def report_unlinked(
    ctx: Context, one: JointDecision, word: NetworkEnvelope
) -> list[Line | Effect]:
    """Tell our room why a network that we asked can't take part in a joint decision. Return what to
    say."""
    said = word.parse_body(TermsAnswer)
    if one.terms.proposer != ctx.signer.public or said.answer == "yes" or not said.unknown:
        return []
    known = await network_names(ctx, one)
    unknown = decode_bits(one.terms.keys, said.unknown) - {word.network, ctx.signer.public}
    if not unknown:
        return []
    lines = (
        _(
            "{network} can't take part in joint decision {number}: it is not linked with {names}.",
            network=known[word.network],
            number=one.item,
            names=first_names([known[key] for key in one.terms.keys if key in unknown]),
        ),
        _(
            "Once those networks have compared their codes, `!network`, you can propose it"
            " to all of"
            " them anew."
        ),
    )
    return [Say(lines, room=one.room, item=one.item)]
