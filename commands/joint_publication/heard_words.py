"""What other networks say on whether a joint decision may become public."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Say,
    _,
    items,
    public_changes,
)
from commands.joint_decisions import store as joint_store
from commands.joint_decisions.network_names import network_names
from commands.joint_decisions.store import JointDecision
from commands.joint_publication import agreement, store
from commands.joint_publication.declaration import (
    COMPARE_JOB,
    SILENCE_JOB,
    WORD_KIND,
    PublishWord,
    feature,
)
from commands.links.moderators import tell_moderators
from commands.links.protocol import inbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer

MOST_WORDS = 10
"""After so many words of one network about one decision another yes is junk. A no never is."""
AGAIN, COMPARED_FOR = timedelta(hours=1), timedelta(days=7)
"""How soon our words are compared with theirs again, and until when."""


@inbound.handles(WORD_KIND, last=True, of=feature)
async def hear_word(ctx: Context, link: NetworkLink, peer: Peer, word: NetworkEnvelope) -> Answer:
    """Store another network's yes or no to a joint decision's public file, and tell whom it
    concerns.

    Raises `InvalidMessage` for other terms, and for a yes after too many words.
    """
    one = await joint_store.find_decision(ctx.db, word.id)
    if one is None or one.link != link.item or word.network not in one.terms.keys:
        return None
    said, before = word.parse_body(PublishWord), await store.words_about(ctx.db, one.item)
    if said.terms != one.terms.hash:
        raise InvalidMessage("other terms")
    earlier = before.get(word.network)
    if earlier is not None and said.answer == "no" and not earlier.is_yes:
        return None  # said before
    if earlier is not None and said.answer == "yes" and earlier.times >= MOST_WORDS:
        raise InvalidMessage("too many words")
    await store.put_word(ctx.db, one.item, word.network, said)
    own = before.get(ctx.signer.public)
    await public_changes.note_consent_gone(ctx, one.item)
    if said.answer == "no":
        return await _report_no(ctx, one, word.network) if own and own.is_yes else None
    if own is None or own.file != said.file:
        until = (ctx.now + COMPARED_FOR).timestamp()
        await ctx.schedule(COMPARE_JOB, ctx.now, item=one.item, until=until)
        return None
    now = await store.words_about(ctx.db, one.item)
    item = await items.get(ctx.db, one.item)
    if item is None or not own.is_yes or agreement.missing_names(one, now, own.file):
        return None
    lines = await agreement.tell_agreed(ctx, item, one)
    return Say(tuple(lines), room=item.room, item=item.number) if lines else None


async def _report_no(ctx: Context, one: JointDecision, key: str) -> list[Effect]:
    known = await network_names(ctx, one)
    return await tell_moderators(
        ctx,
        _(
            "{network} does not let “{title}” ({number}) be public, so it is public nowhere.",
            network=known[key],
            **agreement.named(one),
        ),
        _("They owe no reason. You can ask their moderators."),
    )


@feature.runs(COMPARE_JOB)
async def ask_moderators(ctx: Context, job: Job) -> Answer:
    """Ask our moderators about a public file, once ours is the same as the one that another network
    means."""
    one = await joint_store.get_decision(ctx.db, job.item) if job.item else None
    said = await store.words_about(ctx.db, one.item) if one else {}
    own = said.get(ctx.signer.public)
    asking = [
        key for key, word in said.items() if word.is_yes and (own is None or word.file != own.file)
    ]
    if one is None or not asking:
        return None
    known = await network_names(ctx, one)
    asker = await agreement.find_asker(ctx, one.item)
    if asker is not None:
        return await _ask(ctx, one, known[asker])
    until = float(job.payload["until"])
    if ctx.now.timestamp() < until:
        await ctx.schedule(COMPARE_JOB, ctx.now + AGAIN, item=one.item, until=until)
        return None
    line = _(
        "{network} asks to make “{title}” ({number}) public, but has other words of it than we.",
        network=known[asking[0]],
        **agreement.named(one),
    )
    return await tell_moderators(ctx, line, _("So nothing of it becomes public."))


async def _ask(ctx: Context, one: JointDecision, network: str) -> list[Effect]:
    lines: list[Line] = [
        _(
            "{network} asks: may “{title}” ({number}), which we decided together, become public?",
            network=network,
            **agreement.named(one),
        ),
        *agreement.what_lines(one),
        _(
            "Yes: `!network accept {number}` · no: `!network decline {number}`",
            number=one.item,
        ),
        _("Without our yes nobody makes it public. A yes publishes nothing here by itself."),
    ]
    return await tell_moderators(ctx, *lines)


@feature.runs(SILENCE_JOB)
async def report_silence(ctx: Context, job: Job) -> Answer:
    """Tell who asked which networks have not answered about a public file."""
    item = await items.get(ctx.db, job.item) if job.item else None
    one = await joint_store.get_decision(ctx.db, item.number) if item else None
    if item is None or one is None:
        return None
    said = await store.words_about(ctx.db, one.item)
    own = said.get(ctx.signer.public)
    silent = [key for key in one.terms.keys if key not in said]
    if own is None or not own.is_yes or not silent:
        return None
    known = await network_names(ctx, one)
    line = _(
        "No answer on making “{title}” ({number}) public: {names}. So nothing of it is public.",
        names=tuple(known[key] for key in silent),
        **agreement.named(one),
    )
    return Say((line,), room=item.room, item=item.number)
