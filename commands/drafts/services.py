"""Services of the drafts: taking back, what is open, a person's data."""

from __future__ import annotations

from bot.api import (
    CANCEL,
    EXPORT_PERSON,
    PENDING_OF_KIND,
    ROOM_CLOSES,
    WITHDRAW,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    is_author,
    items,
    n_,
    public_changes,
)
from commands.drafts import (
    acceptance,
    amendment_store,
    draft_store,
    lookup,
    person_store,
    texts,
)
from commands.drafts.amendments import AmendmentState
from commands.drafts.declaration import SHOWN_AT_ONCE, feature

feature.rows("drafts_version", person="who", text="body", on_forget="blank")
feature.rows("drafts_amendment", person="who", text="text", on_forget="blank")
feature.rows(
    "drafts_comment",
    person="who",
    says=n_("{count} comment on a draft", "{count} comments on drafts", 0),
)
feature.rows("drafts_comment", text="text", on_forget="blank")
feature.log_line("cancelled", _("took back draft {number}"))


@feature.offers(CANCEL.of("draft"))
async def cancel_draft(ctx: Context, item: Item) -> Answer:
    """Delete a draft with its amendments, once confirmed. Return what to say, if anything. Raises
    `UserError` without the right.

    An adopted text stays in the library.
    """
    meant = await lookup.load_draft(ctx, item.number)
    if meant is None or not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't take {number} back: that is for who began it or the moderators.",
                number=item.number,
            )
        )
    waiting = await amendment_store.open_amendments(ctx.db, item.number)
    ctx.confirm(
        _(
            "Draft {number}, “{name}”, goes with all its versions.",
            number=item.number,
            name=meant.draft.name,
        ),
        n_("{count} amendment waits.", "{count} amendments wait.", len(waiting)),
        final=True,
    )
    told = _("Draft {number}, “{name}”, is taken back.", number=item.number, name=meant.draft.name)
    effects: list[Line | Effect] = [told]
    for number in (item.number, *(one.item for one in waiting)):
        poll = await lookup.open_vote(ctx.db, number)
        if poll is not None:
            effects += await ctx.registry.offers(WITHDRAW)[0](ctx, poll, told)
    for number in await amendment_store.numbers_of(ctx.db, item.number):
        await items.delete(ctx.db, number)
    await items.delete(ctx.db, item.number)
    await public_changes.note_change(ctx, item.number)
    if not is_author(ctx, item):
        await ctx.log("cancelled", {"number": item.number}, room=item.room)
    return effects


@feature.offers(ROOM_CLOSES.of("draft"))
async def leave_room(ctx: Context, item: Item, _goes_on: RoomId | None) -> list[Effect]:
    """End a draft whose room closes, with its amendments. Its text stays in the room's messages.
    What was adopted is in the library, and goes where that goes. Return what to send."""
    draft = await draft_store.get_draft(ctx.db, item.number)
    if draft is None:
        return []
    for one in await amendment_store.open_amendments(ctx.db, item.number):
        await amendment_store.set_state(ctx.db, one.item, AmendmentState.WITHDRAWN)
        await items.close(ctx.db, one.item)
    await items.close(ctx.db, item.number)
    if draft.closed:
        return []
    line = _(
        "Draft {number}, “{name}”, stays at version {version}: this room is closed.",
        number=item.number,
        name=draft.name,
        version=draft.version,
    )
    return [Say((line,), room=item.room, item=item.number)]


@feature.offers(CANCEL.of("amendment"))
async def cancel_amendment(ctx: Context, item: Item) -> Answer:
    """Take an amendment back, for the person who proposed it; others reject it by this. Return what
    to say, if anything.

    Raises `UserError` without the right.
    """
    found = await lookup.find_amendment(ctx, item.number)
    if found is None:
        raise UserError(_("There is no number {number} here.", number=item.number))
    if is_author(ctx, item):
        return await acceptance.withdraw(ctx, *found)
    return await acceptance.reject(ctx, *found)


@feature.offers(PENDING_OF_KIND.of("draft"))
async def pending_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return lines with the open drafts of a room and how many amendments wait."""
    lines: list[Line] = []
    for one in await draft_store.drafts_in(ctx.db, room, SHOWN_AT_ONCE):
        waiting = len(await amendment_store.open_amendments(ctx.db, one.item))
        lines.append(
            n_(
                "Draft {number}, “{name}”, version {version}: {count} amendment waits",
                "Draft {number}, “{name}”, version {version}: {count} amendments wait",
                waiting,
                number=one.item,
                name=one.name,
                version=one.version,
            )
        )
    return lines


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the person's amendments and comments, and how many versions of drafts they
    wrote."""
    lines: list[Line] = []
    for one in await person_store.amendments_of(ctx.db, person):
        version = await draft_store.get_version(ctx.db, one.draft, one.change.base)
        lines.append(texts.amendment_line(one, version.body if version else ()))
    lines += [
        _("Your comment on {number}: “{text}”", number=number, text=text)
        for number, text in await person_store.comments_of(ctx.db, person)
    ]
    count = await person_store.count_versions(ctx.db, person)
    written = n_(
        "You wrote {count} version of drafts.", "You wrote {count} versions of drafts.", count
    )
    return [*lines, *([written] if count else [])]
