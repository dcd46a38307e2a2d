"""`!embargoes`: what waits of one's own; `!publish 57`: another time for it, or out with it now."""

from __future__ import annotations

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Item,
    Line,
    Moment,
    UserError,
    _,
    items,
    own_words,
    public_services,
    verbatim,
    words,
)
from commands.embargo import held_store, holding
from commands.embargo.declaration import EMBARGOES, KIND, feature
from commands.embargo.held_store import Held

SHOWN = 20


@feature.command(
    words("embargos", "embargos", "embargoes", "embargo, mis embargos | meus embargos | embargo"),
    help=_("what you wrote that waits for its time"),
    example=_("For example: `embargoes`"),
    topic=EMBARGOES,
    where=CommandPlace.PRIVATE,
)
async def list_embargoes(ctx: Context) -> Answer:
    """List what the person has waiting to be published, the next first. Return the answer."""
    found = await held_store.held_by(ctx.db, ctx.who)
    if not found:
        return [
            _("Nothing of yours waits for its time."),
            _("For example: `announce The report is out publish: tomorrow 06:00`"),
        ]
    lines = [await embargo_line(ctx, one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(_("and {more} more", more=len(found) - SHOWN))
    lines.append(
        _(
            "Another time: `publish {number} tomorrow 06:00`. Not at all: `cancel {number}`",
            number=found[0].item,
        )
    )
    return lines


async def embargo_line(ctx: Context, one: Held) -> Line:
    """Return one line for the author with what waits to be published, and until when."""
    item = await items.get(ctx.db, one.item)
    return _(
        "Embargo {number}: {moment}, “{title}”",
        number=one.item,
        moment=Moment(one.due, one.zone),
        title=verbatim(item.title if item else ""),
    )


@feature.offers(public_services.RELEASE.of(KIND))
async def release_now(ctx: Context, item: Item, typed: str) -> Answer:
    """Publish something that waits, now or at the time typed. Return what to say, if anything.
    Raises `UserError` for what waits no more."""
    ctx.discreet = not ctx.is_private
    one = await held_store.get_held(ctx.db, item.number)
    if one is None:
        raise UserError(_("Number {number} waits no more.", number=item.number))
    typed = typed.strip(" .!,;:")
    if not typed or own_words.says_now(typed):
        await holding.publish_now(ctx, one)
        return None  # it says that it is out
    time = holding.read_time(ctx, typed)
    await holding.reschedule(ctx, one, time)
    return _(
        "Embargo {number} comes out {moment}.",
        number=one.item,
        moment=Moment(time.at, time.zone),
    )
