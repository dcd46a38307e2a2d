"""Opens a room for the care team that was named, and makes it the one that incidents go to."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from bot.api import (
    Answer,
    Callback,
    Context,
    CreateRoom,
    Effect,
    Job,
    Line,
    Person,
    Room,
    RoomId,
    Say,
    UserId,
    _,
    items,
    rooms,
    settings,
)
from commands.rooms import setting_changes
from commands.rooms.declaration import CARE_OPENED_JOB, feature

CARE_KEY = "care"
"""The setting of the care team's room, which another capability has."""


async def can_name_team(ctx: Context) -> bool:
    """Return whether no care team is set and the person may name one: a network moderator."""
    setting = ctx.registry.setting_named(CARE_KEY)
    chosen = await settings.rooms_with(ctx.db, CARE_KEY, "yes")
    return setting is not None and not chosen and ctx.who in ctx.defaults.moderators


async def open_care_room(ctx: Context, near: Room, people: Sequence[UserId]) -> list[Line | Effect]:
    """Create a room for these people. Return what to say. Once they are in it, incidents and
    appeals go there."""
    number = await items.add(ctx.db, feature.name, "care_room", near.room, ctx.who, "", ctx.said_at)
    await items.close(ctx.db, number)  # nobody can do anything with it
    name = await ctx.render_line(_("Care team"), near.room)
    then = Callback.of(CARE_OPENED_JOB, number)
    shown = tuple(Person(one) for one in people)
    return [
        _("I open a room for the care team and invite: {people}", people=shown),
        CreateRoom(secrets.token_hex(10), name, then, invite=tuple(people)),
    ]


@feature.runs(CARE_OPENED_JOB)
async def appoint_care_room(ctx: Context, job: Job) -> Answer:
    """Make the new room the care team's, or say that it could not be created. Return what to say,
    if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    setting = ctx.registry.setting_named(CARE_KEY)
    if item is None or setting is None:
        return None
    await items.delete(ctx.db, item.number)
    room = await rooms.get(ctx.db, RoomId(str(job.payload["room"])))
    if job.payload["code"] or room is None or not room.joined:
        failed = _("The care team's room could not be opened.")
        how = _("For the care team: invite me to its room, and there `!config care yes`")
        return _to_author(item.author, failed, how)
    chosen = await settings.rooms_with(ctx.db, CARE_KEY, "yes")
    if chosen or item.author not in ctx.defaults.moderators:  # a homeserver may take hours
        kept = _("The care team was chosen in another way meanwhile, so I left it as it is.")
        return _to_author(item.author, kept)
    await setting_changes.put_value(ctx, setting, "yes", room.room)
    facts = {"key": CARE_KEY, "before": "no", "after": "yes"}
    undo = {"key": CARE_KEY, "value": None, "after": "yes"}
    namer = replace(ctx, who=item.author)  # who named the team answers for it, not the bot
    await namer.log("set", facts, room=room.room, undo=undo)
    said = _("The care team has its room now. Whoever accepts the invitation reads what comes.")
    return [Say((setting.help,), room=room.room), *_to_author(item.author, said)]


def _to_author(author: UserId, *lines: Line) -> list[Effect]:
    return [Say(lines, to=author, loud=True)] if author else []
