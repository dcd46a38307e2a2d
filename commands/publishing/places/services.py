"""Where what is public can be read, and what of these tables goes where."""

from __future__ import annotations

from bot.api import Context, Line, _
from commands.publishing.declaration import feature
from commands.publishing.extensions import PUBLIC_PLACES
from commands.publishing.places import room_store

for table in (
    *("publishing_entry", "publishing_path", "publishing_unwritten", "publishing_folder"),
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
