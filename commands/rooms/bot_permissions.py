"""`!permissions`: what the bot may not do in a room, how to allow it, and who reads along there."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    ItemAccess,
    Line,
    Person,
    Room,
    UserError,
    UserId,
    _,
    n_,
    outsiders,
    rooms,
    verbatim,
    words,
)
from commands.rooms import room_selection
from commands.rooms.declaration import ROOMS, feature
from commands.rooms.room_selection import AREA_PREFIX, room_name

LOWER_ROLE_POWER, HIGHER_ROLE_POWER = 50, 100
"""The power of the two roles that Element X knows."""
"""Apps call them moderator and admin."""
MOST_NAMED = 5
_ACT_LINES = {
    "say": _("write and open polls"),
    "redact": _("take messages away"),
    "invite": _("invite people"),
    "kick": _("remove people"),
    "ban": _("keep people out"),
    "m.room.power_levels": _("change who has which role"),
    "m.room.name": _("rename the room"),
    "m.room.topic": _("change what the room is about"),
    "m.room.join_rules": _("change who can come in"),
    "m.room.history_visibility": _("change who reads what was said before"),
    "m.space.child": _("put rooms into this space"),
}
_OF_AREA = re.compile(r"(?i)^(?:en|em|in|de|of|da|do)\s+")


@feature.command(
    words("permisos", "permissões", "permissions"),
    help=_("what I may not do here, and how to let me"),
    example=_("For example: `!permissions` or `!permissions area press`"),
    topic=ROOMS,
    does=ItemAccess.READS,
    where=CommandPlace.ROOM,
)
async def permissions(ctx: Context, *, text: str = "") -> Answer:
    """Show what the bot may do in this room or, in private, in all rooms of an area that the asker
    moderates. Return the answer."""
    # An area may be named with or without its word.
    named = AREA_PREFIX.match(_OF_AREA.sub("", text.strip()) + " ")
    if named is not None:
        return await _answer_for_area(ctx, _OF_AREA.sub("", text.strip())[named.end() :])
    room = ctx.target_room
    lacking = missing_acts(ctx, room)
    outside = [
        *await outsiders.bridge_lines(ctx.db, room.room),
        *await outsiders.policy_lines(ctx.db, room.room),
    ]
    if not lacking:
        return [_("I may do all that I need here."), *outside]
    lines = [*outside, _("Here I may not:")]
    lines += [
        _("{what} (takes {power}): {without}", what=_act_name(act), power=level, without=without)
        for act, level, without in lacking
    ]
    return [*lines, *await _advice(ctx, room, max(level for _act, level, _without in lacking))]


def missing_acts(ctx: Context, room: Room) -> list[tuple[str, int, tuple[Line, ...]]]:
    """Return the acts for which the bot lacks power, the power each takes, and the features that
    fail without it."""
    needed: dict[str, list[Line]] = {}
    for one in ctx.registry.features.values():
        for power in one.powers:
            needed.setdefault(power.act, []).append(power.without)
    own = room.power_of(ctx.me)
    every = [(act, _needed_power(room, act), tuple(lines)) for act, lines in needed.items()]
    return [one for one in every if own < one[1]]


def _needed_power(room: Room, act: str) -> int:
    if act == "say":
        return room.power_to_write
    if act in ("invite", "kick", "ban", "redact"):
        return room.power_to(act)
    return room.power_for(act, state=True)


def _act_name(act: str) -> Line:
    return _ACT_LINES.get(act, verbatim(act))


async def _advice(ctx: Context, room: Room, level: int) -> list[Line]:
    """Say who can give the bot the power, and where to tap in the apps."""
    able = await _people_able(ctx, room, level)
    if not able:
        return [
            _("Nobody who is here has the power to give me {power}.", power=level),
            _("What isn't needed can stay as it is. Else a new room helps, where you are admins."),
        ]
    who = tuple(Person(one) for one in able[:MOST_NAMED])
    return [
        _("Who can let me: {people}. I have {power} now.", people=who, power=room.power_of(ctx.me)),
        _role_line(ctx, level),
        _(
            "In Element: the room's settings, Roles and permissions, give {bot} power {power}.",
            bot=Person(ctx.me),
            power=level,
        ),
        _("What isn't needed can stay as it is."),
    ]


def _role_line(ctx: Context, level: int) -> Line:
    """Name the lowest role of Element X that suffices: it knows only two."""
    bot = Person(ctx.me)
    if level <= LOWER_ROLE_POWER:
        return _(
            "In Element X: the room's name, Roles and permissions, Moderators, add {bot}.", bot=bot
        )
    if level <= HIGHER_ROLE_POWER:
        return _(
            "In Element X: the room's name, Roles and permissions, Admins, add {bot}.", bot=bot
        )
    return _("Element X can't give so much power.")


async def _people_able(ctx: Context, room: Room, level: int) -> list[UserId]:
    """Return who may change roles, has that much power to give, and more than the bot (auth
    rules)."""
    least = max(room.power_for("m.room.power_levels", state=True), level)
    own = room.power_of(ctx.me)
    present = await rooms.members(ctx.db, room.room)
    powers = {who: room.power_of(who) for who in present if who != ctx.me}
    able = [who for who, power in powers.items() if power >= least and power > own]
    return sorted(able, key=lambda who: -powers[who])


async def _answer_for_area(ctx: Context, name: str) -> Answer:
    """Group an area's rooms by what is missing.

    Rooms that the asker does not moderate are only counted.
    """
    found = await room_selection.rooms_of_area(ctx, name.strip())
    mine = [room for room in found.rooms if await ctx.moderates(room.room)]
    if not mine:
        raise UserError(
            _("You moderate no room of that area."), _("This room alone: `!permissions`")
        )
    ctx.answer_privately |= not ctx.is_private
    groups: dict[tuple[str, ...], list[Room]] = {}
    for room in mine:
        groups.setdefault(tuple(act for act, *_rest in missing_acts(ctx, room)), []).append(room)
    fine = len(groups.pop((), []))
    lines = (
        [
            n_(
                "In {count} room I may do all that I need.",
                "In {count} rooms I may do all that I need.",
                fine,
            )
        ]
        if fine
        else []
    )
    for acts, those in groups.items():
        what = tuple(_act_name(act) for act in acts)
        shown = tuple(room_name(room) for room in those[: MOST_NAMED * 4])
        lines.append(_("In {rooms} I may not: {what}", rooms=shown, what=what))
    if groups:
        lines.append(_("How to let me: `!permissions` in that room."))
    left = len(found.rooms) - len(mine) + found.unseen
    if left:
        lines.append(
            n_(
                "I say nothing of {count} room that you don't moderate.",
                "I say nothing of {count} rooms that you don't moderate.",
                left,
            )
        )
    return lines
