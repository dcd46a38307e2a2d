"""Services of the announcements feature: taking one back, and a person's data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.api import (
    CANCEL,
    CHANGE_ITEM,
    EXPORT_PERSON,
    ROOM_CLOSES,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    RoomId,
    UserError,
    UserId,
    _,
    items,
    n_,
)
from commands.announcements import announcing, store
from commands.announcements.declaration import KIND, OVER_JOB, ROOMS_JOB, feature
from commands.translations.services import TRANSLATABLE, TRANSLATED, TranslatableWords
from commands.translations.titles import is_gone, title_words

feature.rows("announcements_announcement", text="text")
feature.rows("announcements_reading", room="room", on_clash="drop")
feature.rows(
    "announcements_reading",
    person="person",
    says=n_("{count} announcement marked as read", "{count} announcements marked as read", 0),
)


@feature.offers(CANCEL.of(KIND))
async def stop_announcement(ctx: Context, item: Item) -> Answer:
    """List an announcement no more and stop asking who has read it; rooms that have not got it yet
    don't get it. What is said stays. Return what to say. Raises `UserError` unless the asker wrote
    it or moderates its room."""
    if not await ctx.may_change(item):
        raise UserError(
            _("You can't take back {number}: that is for its author.", number=item.number)
        )
    await _stop_asking(ctx, item)
    one = await store.get_announcement(ctx.db, item.number)
    if one is not None and one.asks:
        return _(
            "Announcement {number} is over: I ask nobody any more. What was said stays.",
            number=item.number,
        )
    return _("Announcement {number} is over. What was said stays.", number=item.number)


@feature.offers(CHANGE_ITEM.of(KIND))
async def refuse_change(_ctx: Context, item: Item, _text: str) -> Answer:
    """Raise `UserError`: people may have acted on what they read."""
    raise UserError(
        _(
            "An announcement is not changed: `!cancel {number}`, then announce it anew.",
            number=item.number,
        )
    )


async def _stop_asking(ctx: Context, item: Item) -> None:
    await items.close(ctx.db, item.number)
    for kind in (ROOMS_JOB, OVER_JOB):
        await ctx.cancel_jobs(item.number, kind)


@feature.offers(ROOM_CLOSES.of(KIND))
async def leave_room(ctx: Context, item: Item, goes_on: RoomId | None) -> list[Effect]:
    """Stop asking who has read an announcement whose room closes, unless other rooms still read it.
    Return what to send."""
    if goes_on is None:
        await _stop_asking(ctx, item)
    return []


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return the announcements that the person said they have read."""
    read = await store.readings_of(ctx.db, person)
    return [_("You have read announcement {number}.", number=number) for number in read]


@feature.offers(TRANSLATABLE.of(KIND))
async def translatable_words(ctx: Context, item: Item) -> TranslatableWords:
    """Return the text of an open announcement, to be translated. Raises `UserError` for another
    one."""
    one = await store.get_announcement(ctx.db, item.number)
    if one is None or not item.open:
        raise UserError(_("Announcement {number} is over.", number=item.number))
    read = bool(await store.count_readings(ctx.db, item.number))
    return title_words(one.text, announcing.LONGEST, is_fixed=read, is_moderated=True)


@feature.offers(TRANSLATED.of(KIND))
async def show_translation(
    ctx: Context, item: Item, person: UserId, language: str
) -> Sequence[Effect]:
    """Post or edit an announcement, with its translations, in all its rooms. Return what to
    send."""
    one = await store.get_announcement(ctx.db, item.number)
    if one is None:
        return []
    facts: dict[str, Any] = {"language": language, "gone": is_gone(one.text, language)}
    if item.others:
        await ctx.schedule(
            ROOMS_JOB, ctx.now, item=item.number, room=item.room, person=person, payload=facts
        )
    return announcing.translation_messages(item, one, item.room, person, facts)
