"""What people hear of the places of what is public, and what of these tables goes where."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Answer, Context, Effect, Line, Number, _, items, tell_moderators
from commands.public_site import machine_files, paths
from commands.public_site.log.entries import SiteEntry, file_hash
from commands.publishing import making, store
from commands.publishing.declaration import PUBLIC_PLACES, feature
from commands.publishing.places import room_store
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


@feature.offers(PUBLIC_PLACES)
async def place_lines(ctx: Context) -> list[Line]:
    """Return where what is public can be read, or will be, a line for each place."""
    lines: list[Line] = []
    public, room = ctx.defaults.public, await room_store.open_room(ctx.db)
    if public.folder is not None and public.address:
        lines.append(_("Everybody can read it here: {address}", address=public.address))
    elif public.folder is not None:
        lines.append(_("It goes into a folder that whoever runs me hands out."))
    if room is not None:
        address = f"#{room.alias}:{ctx.me.partition(':')[2]}"
        lines.append(_("I post it in {address}, where everybody can read it.", address=address))
    if lines:
        lines.append(_("As a file, to carry it by hand: `!export published`"))
    return lines


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
    """Tell the moderators of items that no page could be made of, and of unfit templates."""
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
    """Withdraw what these entries, which our books lacked, say is withdrawn or another by now.

    A name may have been taken out of it, or words. So its room is told, and can look at it; and a
    yes to a name holds no more, since it may have been taken back.
    What people made public again since the entry was written is as they want it.
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
        await store.forget_answers(ctx.db, Number(number))
        item = await items.get(ctx.db, Number(number))
        if item is None:
            await making.withdraw(ctx, Number(number), store.ERASED)
        else:
            effects += await making.withdraw_erased(ctx, item)
    return effects
