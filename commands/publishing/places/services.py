"""What people hear of the places of what is public, and what of these tables goes where.

After a restore the books are held against the folder's log and the public rooms, where more may
have happened since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Number,
    RoomId,
    UserError,
    _,
    items,
    n_,
    public_services,
    tell_moderators,
)
from commands.public_site import machine_files, paths
from commands.public_site.log.entries import SiteEntry, file_hash
from commands.publishing import making, store
from commands.publishing.declaration import feature
from commands.publishing.making import NOWHERE, POST_JOB, RESTORED_JOB, schedule_once
from commands.publishing.places import room_store
from commands.publishing.places.folder import State
from commands.publishing.places.rendering import RenderedFiles, said_reasons
from commands.publishing.places.snapshot import read_snapshot

AGAIN = timedelta(minutes=1)
"""When the posts are looked at again, where the homeserver or the outbox is behind."""
MOST_TOLD = 20
"""Numbers that a sentence names."""

for table in (
    *("publishing_entry", "publishing_path", "publishing_unwritten", "publishing_folder"),
    "publishing_logged",
    *("publishing_room", "publishing_post", "publishing_posted", "publishing_to_post"),
):
    feature.at_split(table, "stays")  # with the bot that hands it out
feature.rows(
    "publishing_room",
    room="room",
    on_move="keep",
    why="nobody but the bot can replace a public room",
)
feature.rows("publishing_room", room="asked_in")
feature.rows("publishing_post", room="room", on_move="keep", why="our messages stay where they are")


# --- troubles of the folder, each told once -----------------------------------------------------

_NOTHING_LOST = _("Nothing is lost: I try again by myself, and write it then.")
_OPERATOR = _("Whoever runs me can see more with: minga doctor")
TROUBLES: dict[State, tuple[Line, ...]] = {
    "away": (
        _("I can't write what became public: its folder is away, or I may not write there."),
        _NOTHING_LOST,
        _OPERATOR,
    ),
    "full": (
        _("I can't write what became public: the disk of its folder is full."),
        _NOTHING_LOST,
        _OPERATOR,
    ),
    "foreign": (
        _("In the folder for what is public lies something that is not mine."),
        _("I touch nothing of it, and write nothing there."),
        _OPERATOR,
    ),
    "forked": (
        _("In the folder for what is public stands something that I signed and don't know of."),
        _("So that there are no two truths, I write nothing there."),
        _OPERATOR,
    ),
}


async def tell_trouble(ctx: Context, state: State) -> list[Effect]:
    """Tell the moderators why the folder can't be written."""
    return list(await tell_moderators(ctx, TROUBLES[state], sorted(ctx.defaults.moderators)))


async def tell_unfit(ctx: Context, rendered: RenderedFiles) -> list[Effect]:
    """Return the messages that tell the moderators for which public items no page could be made."""
    if not rendered.unfit:
        return []
    numbers = tuple(sorted(rendered.unfit))
    lines = [
        _("I can make no page of {numbers}, so it stands in no folder.", numbers=numbers),
        _("All else is written. This is a fault of mine: please tell whoever runs me."),
    ]
    return list(await tell_moderators(ctx, lines, sorted(ctx.defaults.moderators)))


# --- after a restore: the folder's log -----------------------------------------------------------


async def withdraw_outdated(ctx: Context, entries: Sequence[SiteEntry]) -> list[Effect]:
    """Withdraw the items that log entries missing from our database call withdrawn or changed.

    A name may have been taken out of it, or words. So its room is told, and can look at it; and a
    yes to a name holds no more, since it may have been taken back. What people made public again
    since the entry was written is as they want it.
    """
    last = {
        number: entry
        for entry in entries
        for number in map(paths.number_of_record, entry.files)
        if number is not None
    }
    known = await read_snapshot(ctx.db, last.keys(), said_reasons(ctx), ctx.now)
    effects: list[Effect] = []
    for number, entry in sorted(last.items()):
        ours = await known.item(number)
        if ours is None or ours.document is None or ours.since > entry.at:
            continue
        if file_hash(machine_files.write_record(ours)) == entry.files[paths.record(number)]:
            continue
        effects += await withdraw_restored(ctx, Number(number))
    return effects


async def withdraw_restored(ctx: Context, number: Number) -> list[Effect]:
    """Withdraw something that is another by now than the copy says, if it says that it is public.

    Whoever would be named in it is asked anew. Return what tells its room.
    """
    if not await store.is_public(ctx.db, number):
        return []
    await store.forget_answers(ctx.db, number)
    item = await items.get(ctx.db, number)
    if item is None:
        await making.withdraw(ctx, number, store.ERASED)
        return []
    return await making.withdraw_erased(ctx, item)


# --- after a restore: the posts ------------------------------------------------------------------


async def schedule_comparison(ctx: Context) -> None:
    """Have the posts of each public room looked at."""
    for room, last in (await room_store.newest_posts(ctx.db)).items():
        await ctx.schedule(
            RESTORED_JOB, ctx.now, room=NOWHERE, payload={"room": room, "last": last}
        )


@feature.runs(RESTORED_JOB)
async def compare_posts(ctx: Context, job: Job) -> Answer:
    """Withdraw what of the posts was redacted, take away what the books don't know, and post what
    was lost on its way.

    A post that was redacted there was withdrawn or changed. One that the books don't know can't be
    withdrawn by anybody any more. One that the homeserver has no more says nothing: old messages
    may be deleted there, or a list may end too early. The moderators are told of it, and if it
    shows nothing.
    """
    room, last = RoomId(str(job.payload["room"])), int(job.payload["last"])
    if await room_store.is_being_sent(ctx.db, room):  # looked at again with what stands there then
        await _look_again(ctx, job)
        return None
    try:
        found = ctx.fetched.own_messages(room)
        known = await room_store.posts_in(ctx.db, room)
        listed = None if found is None else set(found)
        absent = [
            post
            for post in known
            if listed is not None and post.id <= last and post.event and post.event not in listed
        ]
        redacted = ctx.fetched.are_redacted(room, [post.event for post in absent])
    except UserError:  # the homeserver does not answer
        await _look_again(ctx, job)
        return None
    effects: list[Effect] = []
    missing: list[Number] = []
    for post in absent:
        if redacted[post.event]:
            await room_store.delete_post(ctx.db, post)
            for number in post.numbers:
                effects += await withdraw_restored(ctx, number)
        elif redacted[post.event] is None:
            missing += [one for one in post.numbers if await store.is_public(ctx.db, one)]
    await schedule_once(ctx, POST_JOB, ctx.now)  # what the outbox lost
    if found is None:
        return await _tell_refused(ctx)
    events = {post.event for post in known}
    unknown = [event for event in found if event not in events]
    effects += [public_services.public_posts.TakePostAway(room, one) for one in unknown]
    return [*effects, *await _tell_missing(ctx, missing)]


async def _tell_refused(ctx: Context) -> list[Effect]:
    """Tell the moderators that the homeserver does not show what stands in the public room."""
    lines = [
        _("The server does not show me what stands in the public room."),
        _("So I can't see there what was withdrawn after the copy was made."),
        _("It may stand as public again. Please look: `!publish`"),
    ]
    return await tell_moderators(ctx, lines, sorted(ctx.defaults.moderators))


async def _tell_missing(ctx: Context, numbers: list[Number]) -> list[Effect]:
    """Tell the moderators what is public and can't be found in the public room, and ask."""
    if not numbers:
        return []
    shown: list[object] = list(numbers[:MOST_TOLD])
    if (more := len(numbers) - len(shown)) > 0:
        shown.append(_("and {more} more", more=more))
    lines = [
        n_(
            "In the public room I miss {count} thing that is public: {numbers}",
            "In the public room I miss {count} things that are public: {numbers}",
            len(numbers),
            numbers=tuple(shown),
        ),
        _("The homeserver has these messages no more, and can't say who took them away."),
        _(
            "They stay public. Was one withdrawn after the copy was made? `!withdraw {number}`",
            number=numbers[0],
        ),
    ]
    return await tell_moderators(ctx, lines, sorted(ctx.defaults.moderators))


async def _look_again(ctx: Context, job: Job) -> None:
    await ctx.schedule(RESTORED_JOB, ctx.now + AGAIN, room=NOWHERE, payload=job.payload)
