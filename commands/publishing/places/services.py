"""What people hear of the places of what is public, and what of these tables goes where."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Answer, Context, Effect, Line, Number, _, items, tell_moderators
from commands.public_site import machine_files, paths
from commands.public_site.log.entries import SiteEntry, file_hash
from commands.publishing import making, store
from commands.publishing.declaration import feature
from commands.publishing.places.folder import State
from commands.publishing.places.rendering import RenderedFiles, said_reasons
from commands.publishing.places.snapshot import read_snapshot

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


async def tell_trouble(ctx: Context, state: State) -> Answer:
    """Tell the moderators why the folder can't be written."""
    return list(await tell_moderators(ctx, TROUBLES[state], sorted(ctx.defaults.moderators)))


async def tell_unfit(ctx: Context, rendered: RenderedFiles) -> Answer:
    """Tell the moderators of public items for which no page could be made. Return the messages, or
    None if there is no such item."""
    lines: list[Line] = []
    if rendered.unfit:
        numbers = tuple(sorted(rendered.unfit))
        lines += [
            _("I can make no page of {numbers}, so it stands in no folder.", numbers=numbers),
            _("All else is written. This is a fault of mine: please tell whoever runs me."),
        ]
    if not lines:
        return None
    return list(await tell_moderators(ctx, lines, sorted(ctx.defaults.moderators)))


# --- after a restore ------------------------------------------------------------------------------


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
