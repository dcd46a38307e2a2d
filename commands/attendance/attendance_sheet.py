"""An event's attendance sheet: who said that they come, and rows to write in."""

from __future__ import annotations

from bot.api import Context, Item, RenderLine, _, print_services, rooms, verbatim
from commands.attendance import event_parameters, stored_roster
from commands.attendance.declaration import feature
from commands.events import texts
from commands.events.event import next_date

pages = print_services.printed_pages

EMPTY_ROWS = 15
"""Rows for people who come without having said so."""
MOST_NAMED = 300


@feature.offers(print_services.PRINT_ITEM.of("event"))
async def print_sheet(ctx: Context, item: Item, tell: RenderLine) -> pages.PrintedPages:
    """Return a printable list of the people expected at the event's next date, or an empty one if
    no date is to come."""
    event = await event_parameters.load_event(ctx, item)
    when = next_date(event, ctx.said_at)
    named = await rooms.member_names(ctx.db, event.room)
    going = (await stored_roster.load_roster(ctx, event, when)).going if when else ()
    rows = [
        (str(n), _name(named.get(one.person, ""), one.person, one.guests), "")
        for n, one in enumerate(going[:MOST_NAMED], start=1)
    ]
    rows += [(str(n), "", "") for n in range(len(rows) + 1, len(rows) + 1 + EMPTY_ROWS)]
    head = [texts.date_line(event, when)] if when else []
    if event.place:
        head.append(verbatim(event.place))
    foot = _(
        "Event {number} · {network}. Who keeps this sheet keeps who was there.",
        number=item.number,
        network=ctx.defaults.network,
    )
    return pages.PrintedPages(
        event.title,
        ctx.policy.language,
        tell(foot),
        (
            *(pages.PrintedText(tell(line)) for line in head),
            pages.Table(
                (tell(_("No.")), tell(_("Name")), tell(_("Signature"))), tuple(rows), (1, 6, 5)
            ),
        ),
    )


def _name(name: str, person: str, guests: int) -> str:
    shown = name or person.removeprefix("@").partition(":")[0]
    return f"{shown} +{guests}" if guests else shown
