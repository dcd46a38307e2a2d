"""Services by which capabilities say what is printed of what is theirs, and for whom."""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.service import KindService, Service
from bot.delivery.effects import RenderLine
from bot.delivery.rendering import Reader
from bot.documents import printed_pages as printed_pages
from bot.documents.printed_pages import PrintedPages
from bot.types import RoomId
from storage.items import Item

PRINT_ITEM = KindService[[Item, RenderLine], PrintedPages]("print")
"""The pages of an item: the paper ballot of a poll, the attendance sheet of an event.

`ctx.who` may see the item. Raises `UserError` if there is nothing to print of it.
"""


PRINT_AGENDA = Service[[RenderLine], PrintedPages | None]("print agenda")
"""The agenda of the meeting in `ctx.room`, going on or to come, or None without points."""


def make_pdf(pages: PrintedPages) -> bytes:
    """Return the pages as the bytes of a PDF in A4, with its title and language. Computes for about
    a second in a thread."""
    # Who starts the program should not wait a second for what few ask for.
    from bot.documents.pdf_writer import write_pdf

    return write_pdf(pages)


async def renderer_for(ctx: Context, room: RoomId) -> RenderLine:
    """Return the function that renders lines as plain text for the readers of `room`, all
    translations side by side."""
    known = await ctx.policy_of_room(room)
    reader = Reader(
        known.language,
        known.zone,
        known.shown_prefix,
        ctx.now,
        known.uses_twelve_hours,
        reads_all=True,
    )
    renderer = ctx.renderer
    return lambda line: renderer.render_lines((line,), reader).plain
