"""The services of incidents: what is open, and a person's data."""

from __future__ import annotations

from bot.api import (
    ADVICE_LINES,
    EXPORT_PERSON,
    FORGET,
    ITEM_READERS,
    PENDING,
    Context,
    Item,
    Line,
    RoomId,
    UserId,
    _,
    items,
    n_,
)
from commands.incidents import care_team, incident_command, incident_store, readers, receipt
from commands.incidents.declaration import WAITING_JOB, feature

feature.rows("incidents_incident", person=("reporter", "owner"), on_forget="blank")

MOST_PENDING = 20


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's settled incidents. Return lines that say what was deleted. Open ones stay
    without the reporter's name."""
    mine = await incident_store.reported_by(ctx.db, person)
    for one in mine:
        if one.closed is not None:
            await ctx.cancel_jobs(one.item)
            await items.delete(ctx.db, one.item)
    for one in await incident_store.owned_by(ctx.db, person):
        if one.closed is None:
            await ctx.cancel_jobs(one.item)
            await ctx.schedule(WAITING_JOB, ctx.now, item=one.item)
    stay = sum(one.closed is None for one in mine)
    told: list[Line] = []
    if len(mine) > stay:
        told.append(
            n_(
                "{count} incident that is settled",
                "{count} incidents that are settled",
                len(mine) - stay,
            )
        )
    if stay:
        told.append(
            n_(
                "your name at {count} open incident: it stays without it until it is settled",
                "your name at {count} open incidents: they stay without it until they are settled",
                stay,
            )
        )
    return told


@feature.offers(PENDING)
async def pending_incidents(ctx: Context, room: RoomId) -> list[Line]:
    """List open incidents in the care team's room, except those that somebody there must not
    see."""
    found = await incident_store.open_incidents(ctx.db, MOST_PENDING)
    place = await care_team.team_room(ctx) if found else None
    if place is None or place.room != room:
        return []
    return [
        await incident_command.state_line(ctx, one)
        for one in found
        if (await care_team.team_for(ctx, one)).room is not None
    ]


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return lines with everybody who reads an incident and who does not, for who reported it.

    Only where nobody else reads it: they may not learn of it.
    """
    one = await incident_store.get_incident(ctx.db, item.number)
    if one is None or one.reporter != ctx.who or not ctx.answers_one_person:
        return []
    return await readers.current_readers(ctx, one)


@feature.offers(ADVICE_LINES.of("reported"))
async def reported_lines(_ctx: Context) -> list[Line]:
    """Return that reports stay where they were read. Whoever holds the phone learns of none."""
    return [_("What you report stays with those who read it. To see it or add to it: `incident`")]


@feature.offers(ADVICE_LINES.of("confidence"))
async def confidence_lines(ctx: Context) -> list[Line]:
    """Return how to tell something to the care team alone, and who that is."""
    return await receipt.confidence_lines(ctx)


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with what this person told the care team, and which incidents they take care
    of."""
    told: list[Line] = []
    for one in await incident_store.reported_by(ctx.db, person):
        said = tuple(await incident_store.texts_of(ctx.db, one))
        told += [await incident_command.state_line(ctx, one), _("“{text}”", text=said)]
    return told + [
        _("You take care of incident {number}.", number=one.item)
        for one in await incident_store.owned_by(ctx.db, person)
    ]
