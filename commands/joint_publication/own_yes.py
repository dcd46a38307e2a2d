"""Our network's yes to a joint decision of a room that makes public all that it decides: once."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Item,
    Job,
    Say,
    UserError,
    UserId,
    _,
    items,
    may_act,
    public_changes,
    public_services,
)
from commands.joint_decisions import store as joint_store
from commands.joint_publication import agreement, public_file, store
from commands.joint_publication.agreement import named
from commands.joint_publication.declaration import AGREE_ACT, OWN_YES_JOB, feature
from commands.links.declaration import may_decide_for_network
from commands.links.moderators import tell_moderators


@feature.offers(public_services.OWN_PART.of("joint"))
async def own_part(ctx: Context, item: Item) -> Item | None:
    """Return our own vote in a joint decision, or None if we have none."""
    one = await joint_store.get_decision(ctx.db, item.number)
    return await items.get(ctx.db, one.poll) if one and one.poll is not None else None


@feature.offers(public_services.ASK_BY_RULE.of("joint"))
async def ask_by_rule(ctx: Context, item: Item, by: UserId) -> Answer:
    """Have our yes said, unless we said something already; None once all networks said yes.

    Nobody looks at it before, so words that may be a name keep it: `!publish` asks the others then.
    """
    one = await public_file.require_decision(ctx, item)
    said = await store.words_about(ctx.db, item.number)
    own = said.get(ctx.signer.public)
    if own is not None:
        return [] if agreement.missing_names(one, said, own.file) else None
    await public_file.make_file(ctx, item)
    await agreement.require_link(ctx, one)
    if words := await public_file.find_named(ctx, item, one.terms, unseen=True):
        raise UserError(
            _("The text may name somebody: {words}.", words=tuple(words)),
            _("To look at it, and ask the other networks: `!publish {number}`", number=item.number),
        )
    await ctx.schedule(OWN_YES_JOB, ctx.now, item=item.number, person=None if by == ctx.me else by)
    return []


@feature.runs(OWN_YES_JOB)
async def say_own_yes(ctx: Context, job: Job) -> Answer:
    """Say our yes as the rules of our home room have it, as whoever had the room publish, if it
    does still.

    It names our network, so where neither they nor the home room itself said so, the moderators
    are asked.
    """
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None or ctx.signer.public in await store.words_about(ctx.db, item.number):
        return None
    if not await public_changes.becomes_public(ctx, item):
        return None  # the room ended it since the job was planned
    one = await public_file.require_decision(ctx, item)
    file = public_file.digest((await public_file.make_file(ctx, item)).content)
    home = await ctx.moderators_room() or item.room
    entitled, may = home == item.room, False
    if ctx.who != ctx.me:  # our own power is nobody's word
        entitled |= await may_decide_for_network(ctx)
        may = await may_act(ctx, AGREE_ACT, home)
    if entitled or may:
        return await agreement.request_yes(ctx, home, one, file, entitled=entitled)
    lines = (
        _("“{title}” ({number}) becomes public once all its networks agree.", **named(one)),
        _("To say our yes, and ask the others: `!publish {number}`", number=item.number),
    )
    told = _("I asked the network's moderators first: our network is named in it.")
    return [*await tell_moderators(ctx, *lines), Say((told,), room=item.room, item=item.number)]
