"""The agenda of a meeting to print, with room to write below."""

from __future__ import annotations

from bot.api import Context, Item, RenderLine, Span, _, print_services, rooms, verbatim
from commands.meetings import agenda_store, store
from commands.meetings.agenda_store import AgendaPoint
from commands.meetings.declaration import feature

pages = print_services.printed_pages

EMPTY_ROWS = 6


@feature.offers(print_services.PRINT_AGENDA)
async def print_agenda(ctx: Context, tell: RenderLine) -> pages.PrintedPages | None:
    """Return the printable agenda of the meeting that goes on here, else of the next one."""
    thread = ctx.origin.thread or ""
    found = await store.find_open_meeting(ctx.db, ctx.room, thread)
    points = (
        await agenda_store.points_of_meeting(ctx.db, found.item)
        if found
        else await agenda_store.proposed_points(ctx.db, ctx.room, thread)
    )
    return await _pages(ctx, points, found.title if found else "", tell) if points else None


@feature.offers(print_services.PRINT_ITEM.of("meeting"))
async def print_meeting(ctx: Context, item: Item, tell: RenderLine) -> pages.PrintedPages:
    """Return the printable agenda of a meeting by its number."""
    points = await agenda_store.points_of_meeting(ctx.db, item.number)
    return await _pages(ctx, points, item.title, tell)


async def _pages(
    ctx: Context, points: list[AgendaPoint], title: str, tell: RenderLine
) -> pages.PrintedPages:
    room = await rooms.get(ctx.db, ctx.room)
    name = (room.name if room else "") or ""
    rows = tuple(
        (str(n), one.title, tell(_("{span}", span=Span(one.length))) if one.length else "")
        for n, one in enumerate(points, start=1)
    )
    return pages.PrintedPages(
        title or tell(_("Agenda")),
        ctx.policy.language,
        tell(_("{room} · {network}", room=verbatim(name), network=ctx.defaults.network)),
        (
            pages.Table((tell(_("No.")), tell(_("Point")), tell(_("Time"))), rows, (1, 8, 3)),
            pages.PrintedText(tell(_("Agreements and tasks:"))),
            pages.Table(
                (tell(_("What")), tell(_("Who")), tell(_("By when"))), (), (6, 3, 3), EMPTY_ROWS
            ),
        ),
    )
