"""`!network propose`: put a vote of ours to other networks, which then decide on the same terms."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from bot.api import (
    JOINT_VOTE,
    Answer,
    Callback,
    Context,
    Item,
    JointBallot,
    Line,
    Moment,
    Number,
    Span,
    UserError,
    _,
    items,
)
from commands.joint_decisions import (
    exclusions,
    question,
    steps,
    store,
)
from commands.joint_decisions.declaration import COUNTED_JOB, GRACE, feature
from commands.joint_decisions.home_result import seal_secret
from commands.joint_decisions.introduced_word import say_who_is_introduced
from commands.joint_decisions.shared_link import choose_shared_link
from commands.joint_decisions.store import JointDecision
from commands.joint_decisions.terms import JointTerms, TermsAnswer, TermsNetwork
from commands.links.protocol import outbound
from commands.links.protocol.envelope import LARGEST
from commands.links.store import Peer
from commands.shares import outbound_shares

ANSWER_TIME = timedelta(minutes=30)
"""The least time that other networks' moderators have to accept."""
PART_TO_ANSWER = 3
"""They accept in the first third of the time until the vote ends."""
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
    """Return whether a proposal gives each network one vote, and the text without the words for
    it."""
    rest, found = ONE_VOTE_EACH.subn("", text, 1)
    return found > 0, rest


async def propose_decision(
    ctx: Context,
    each: Annotated[bool, find_one_vote_each],
    networks: outbound_shares.NamedNetworks,
    item: Item,
) -> Answer:
    """Propose a joint decision on an open proposal of ours to other networks, after a confirmation.
    Return what to say, if anything.

    Raises `UserError` without the right, for what ends too soon, and without one link with all.
    """
    if not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't do that: it is for the moderators of the room of {number}.",
                number=item.number,
            )
        )
    link, asked, others = await choose_shared_link(ctx, networks, item.number)
    number = await items.add(ctx.db, feature.name, "joint", item.room, ctx.me, item.title, ctx.now)
    asks = await _ballot_of(ctx, item.kind, item.number, number)
    require_time_to_answer(ctx.now, asks.closes, item.number)
    grace = int(await ctx.setting_value(GRACE))
    terms = _terms(ctx, asks, asked, grace, each=each)
    names = tuple(peer.name for peer in asked)
    until = _(
        "They can accept until {moment}.",
        moment=Moment(datetime.fromtimestamp(terms.answer_by, UTC)),
    )
    ctx.confirm(
        _(
            "“{title}” ({number}) goes to {names}: its words, the rule and the dates.",
            title=asks.title,
            number=item.number,
            names=names,
        ),
        *_not_asked_lines(others),
        *question.question_lines(terms),
        until,
        _("From here only totals go out, no name."),
    )
    secret = seal_secret(ctx.signer, terms)
    one = JointDecision(
        number, link.item, terms.id, terms, item.room, item.number, secret, None, None
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
    asked_line = _("Joint decision {number}: asked {names}.", number=number, names=names)
    return [asked_line, until, *effects]


def require_time_to_answer(now: datetime, closes: datetime, poll: Number) -> None:
    """Raise `UserError` if other networks would have less than `ANSWER_TIME` to accept a joint
    decision."""
    shortest = ANSWER_TIME * PART_TO_ANSWER
    if closes >= now + shortest:
        return
    raise UserError(
        _(
            "It ends too soon: others answer in the first third, which takes {answer} at least.",
            answer=Span(ANSWER_TIME),
        ),
        _("So the vote must last {shortest} more at least.", shortest=Span(shortest)),
        _(
            "First: `!extend {number} until in 2 hours`; then the same line once more.",
            number=poll,
        ),
    )


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
    """Return the terms. Raises `UserError` for too much text, and where networks have no vote."""
    if each and asks.fewest:
        raise UserError(
            _("Here all votes count together: a block stops it wherever it is.")
            if asks.kind == "consent"
            else _("An order of preference is counted over all votes together."),
            _("So without “by network”."),
        )
    every = [TermsNetwork(key=ctx.signer.public, name=(ctx.defaults.network or ctx.me)[:100])]
    every += [TermsNetwork(key=peer.key or "", name=peer.name[:100]) for peer in asked]
    end = int(asks.closes.timestamp())
    terms = JointTerms(
        id=outbound.new_id(),
        proposer=ctx.signer.public,
        title=asks.title,
        options=asks.options,
        method=asks.kind if asks.options else "choice",  # type: ignore[arg-type]
        rule="majority" if asks.options else asks.kind,  # type: ignore[arg-type]
        fewest=asks.fewest,
        most=asks.most,
        points=asks.points,
        majority=asks.majority,
        quorum=asks.quorum,
        count="networks" if each else "sum",
        answer_by=int((ctx.now + (asks.closes - ctx.now) / PART_TO_ANSWER).timestamp()),
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
