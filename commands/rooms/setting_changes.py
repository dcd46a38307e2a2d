"""Change a setting: who may, the log entry, and the undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    SETTING_CHANGED,
    Answer,
    Context,
    Line,
    RoomId,
    Setting,
    UserError,
    _,
    may_act,
    network_only,
    settings,
    words,
)
from commands.rooms.declaration import (
    effective_value,
    feature,
    setting_room,
    show_value,
    stored_value,
)


def affects_network(setting: Setting) -> bool:
    """Return whether the setting affects the whole network, whichever room it is set in."""
    return setting.network or setting.single


async def require_may_set(ctx: Context, setting: Setting) -> None:
    """Raise `UserError` unless the room's rules let the asker change this setting."""
    if not await may_act(ctx, "set", ctx.target_room.room, setting.key):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("What is set here: `!config`"),
        )
    require_may_set_network(ctx, setting)


def require_may_set_network(ctx: Context, setting: Setting) -> None:
    """Raise `UserError` if the setting affects the network and the asker does not moderate it."""
    if affects_network(setting) and ctx.who not in ctx.defaults.moderators:
        raise network_only(ctx.defaults.moderators)


def setting_of_key(ctx: Context, key: str) -> Setting:
    """Return the setting of this key. Raises `UserError` if its capability was removed."""
    setting = ctx.registry.setting_named(key)
    if setting is None:
        raise UserError(_("There is no such setting any more."))
    return setting


async def affected_lines(ctx: Context, setting: Setting, value: str) -> list[Line]:
    """Return lines that say what a change of the setting to this value would affect, or none."""
    if setting.affects is None:
        return []
    touched = await setting.affects(ctx, ctx.target_room.room, value)
    return [] if touched is None else [touched]


@feature.act(
    "set",
    words("ajuste", "ajuste", "setting", "configurar, config"),
    _("change a setting"),
    value=True,
)
async def set_value(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Store the value of a setting (None: the default) and log the change with its undo. Return
    what to say, if anything."""
    setting = setting_of_key(ctx, str(payload["key"]))
    require_may_set_network(ctx, setting)
    before, after = await stored_value(ctx, setting, room), payload["value"]
    if effective_value(ctx, setting, before) == effective_value(
        ctx, setting, after
    ):  # done meanwhile
        value = show_value(ctx, setting, after)
        return _("It is so already: {name}: {value}.", name=setting.name, value=value)
    await put_value(ctx, setting, after, room)
    values = {
        "before": effective_value(ctx, setting, before),
        "after": effective_value(ctx, setting, after),
    }
    why = {"why": payload["why"]} if payload.get("why") else {}
    undo = {"key": setting.key, "value": before, "after": after}
    await ctx.log("set", {"key": setting.key, **values, **why}, room=room, undo=undo)
    return _("Changed. It stands in `!log`, which all of the room can read. To go back: `!undo`")


@feature.undo("set")
async def undo_set(ctx: Context, undo: Mapping[str, Any]) -> Answer:
    """Restore the former value of a setting, or the default for None. Return what to say, if
    anything. Raises `UserError` if it was changed since."""
    setting = setting_of_key(ctx, str(undo["key"]))
    require_may_set_network(ctx, setting)
    if "after" in undo and await stored_value(ctx, setting, ctx.target_room.room) != undo["after"]:
        raise UserError(_("That was changed again since then."))
    await put_value(ctx, setting, undo["value"], ctx.target_room.room)
    return None


async def put_value(ctx: Context, setting: Setting, value: str | None, room: RoomId) -> None:
    """Store the value of a setting. A setting that only one room can have is removed from the other
    room."""
    if setting.single and value == "yes":
        for other in await settings.rooms_with(ctx.db, setting.key, "yes"):
            if other != room:
                await settings.set_value(ctx.db, other, setting.key, None)
                facts = {"key": setting.key, "before": "yes", "after": "no"}
                await ctx.log("set", facts, room=other)
    await settings.set_value(ctx.db, setting_room(setting, room), setting.key, value)
    for offer in ctx.registry.offers(SETTING_CHANGED):
        await offer(ctx, setting.key, room)
