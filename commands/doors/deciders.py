"""Which rooms are doors, and who decides on requests there."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Context,
    Length,
    OneOf,
    Room,
    RoomId,
    Setting,
    _,
    is_in_moderators_room,
    words,
)
from commands.doors.declaration import feature

KNOCKABLE = ("knock", "knock_restricted")
ASK_AGAIN_AFTER = Setting(
    "return",
    words("volver-a-pedir", "pedir-de-novo", "ask-again"),
    Length(timedelta(days=1), timedelta(days=366)),
    str(90 * 86400),
    _("How long after a no somebody can ask again to come in."),
)
_DECIDES = {
    "moderators": words("moderación", "moderação", "moderators"),
    "vouches": words("avales", "recomendações", "vouches", "indicações"),
    "room": words("sala", "sala", "room", "votación, votação, vote"),
}
NETWORK_DECISION = Setting(
    "decision",
    words("decide", "decide", "decision"),
    OneOf(_DECIDES),
    "moderators",
    _(
        "Who decides at the doors: the moderators, the vouches alone once there are enough, or a"
        " vote of the room."
    ),
    network=True,
)
DOOR_DECISION = Setting(
    "door_decision",
    words("decide-en-esta-puerta", "decide-nesta-porta", "door-decision"),
    OneOf({"network": words("red", "rede", "network"), **_DECIDES}),
    "network",
    _("Who decides on who knocks here: as in the whole network, or otherwise."),
)
feature.settings += [ASK_AGAIN_AFTER, NETWORK_DECISION, DOOR_DECISION]


def is_door(ctx: Context, room: Room | None) -> bool:
    """Return whether people can knock at the room and the bot can let them in."""
    return (
        room is not None
        and room.joined
        and room.private_of is None
        and room.join_rule in KNOCKABLE
        and room.power_of(ctx.me) >= room.power_to("invite")
    )


async def decision_mode(ctx: Context, door: RoomId) -> str:
    """Return how requests at this door are decided, by its own or the network's setting.

    The value is `moderators`, `vouches` or `room`.
    """
    here = await ctx.setting_value(DOOR_DECISION, door)
    return await ctx.setting_value(NETWORK_DECISION) if here == "network" else here


async def may_decide(ctx: Context, door: RoomId) -> bool:
    """Return whether the person may decide on requests: they moderate the door or are in the
    moderators' room."""
    return await ctx.moderates(door, ctx.who) or await is_in_moderators_room(ctx, ctx.who)
