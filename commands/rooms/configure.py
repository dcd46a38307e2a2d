"""What a room has set: the list, what a setting means, and changing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.api import (
    Answer,
    Context,
    Line,
    RoomId,
    Setting,
    Unfit,
    UserError,
    Where,
    Wish,
    _,
    carry,
    fold,
    settings,
    words,
)
from commands.rooms.base import (
    MODERATION,
    PAGE,
    ROOMS,
    feature,
    here,
    in_force,
    kept,
    place_of,
    shown,
)

NEAR = 2
"""So many letters may differ for a suggestion."""
_PAGE = re.compile(r"(?:pagina|page)\s*:?\s*(\d{1,3})")


@feature.command(
    words("configurar", "configurar", "config", "ajustes | ajustes | settings"),
    help=_("what this room has set, and changing it"),
    example=_("For example: `!config` or `!config language en`"),
    topic=ROOMS,
    where=Where.ROOM,
)
async def configure(ctx: Context, *, text: str = "") -> Answer:
    """The list; a setting explained; or a change, shown before it is made."""
    page = _PAGE.fullmatch(fold(text.strip()))
    if page or not text.strip():
        return await _listed(ctx, int(page[1]) if page else 1)
    setting, typed = _named(ctx, text)
    if not typed:
        return await _explained(ctx, setting)
    return await _change(ctx, setting, typed)


async def _listed(ctx: Context, page: int) -> Answer:
    every = ctx.registry.settings
    pages = -(-len(every) // PAGE)
    page = min(max(page, 1), pages)
    lines = [_("What this room has set. To change it: `!config` with the name and the value.")]
    for n, setting in list(enumerate(every, start=1))[(page - 1) * PAGE : page * PAGE]:
        value = shown(ctx, setting, await kept(ctx, setting))
        lines.append(
            _(
                "{n} `{name}`: {value}. {help}",
                n=n,
                name=setting.name,
                value=value,
                help=setting.help,
            )
        )
    if page < pages:
        lines.append(_("Page {page} of {pages}. More: `!config page {next}`", page=page,
                       pages=pages, next=page + 1))  # fmt: skip
    return lines


async def _explained(ctx: Context, setting: Setting) -> Answer:
    value = shown(ctx, setting, await kept(ctx, setting))
    lines = [_("`{name}`: {value}. {help}", name=setting.name, value=value, help=setting.help)]
    expected = expects(setting)
    if expected:
        lines.append(_("What fits: {expected}", expected=expected))
    lines.append(_("To change it: `!config {name}` and the value.", name=setting.name))
    return lines


def expects(setting: Setting) -> Line | None:
    """Which values fit, as the setting's kind says it."""
    try:
        setting.kind.read("")
    except Unfit as unfit:
        return unfit.expected
    return None


def _named(ctx: Context, text: str) -> tuple[Setting, str]:
    """The setting that the text begins with (name or number in the list), and the value."""
    name, colon, value = text.partition(":")
    if colon and (setting := ctx.registry.setting(name.strip())) is not None:
        return setting, _value(value)
    parts = text.split()
    first = parts[0].rstrip(":.)")
    every = ctx.registry.settings
    if first.isdecimal() and len(first) < 4 and 1 <= int(first) <= len(every):
        return every[int(first) - 1], _value(" ".join(parts[1:]))
    for count in range(min(len(parts), 5), 0, -1):
        setting = ctx.registry.setting(" ".join(parts[:count]).rstrip(":"))
        if setting is not None:
            return setting, _value(" ".join(parts[count:]))
    raise UserError(*_unknown(ctx, first))


def _value(text: str) -> str:
    return text.strip().strip('"').strip()


def _unknown(ctx: Context, typed: str) -> list[Line]:
    """No setting has that name; the nearest one is shown, never taken by itself."""
    lines = [_("There is no setting “{name}”. All there are: `!config`", name=typed[:40])]
    near = process.extractOne(
        re.sub(r"[\s\-_]", "", fold(typed)),
        ctx.registry.setting_names(),
        scorer=DamerauLevenshtein.distance,
        score_cutoff=NEAR if len(typed) > 5 else 1,
    )
    setting = ctx.registry.setting(near[0]) if near else None
    if setting is not None:
        lines.insert(0, _("I didn't understand “{typed}”. Is it `!config {name}`?",
                          typed=typed[:40], name=setting.name))  # fmt: skip
    return lines


async def permit(ctx: Context, setting: Setting) -> None:
    """A room's moderators change it; what touches the network, only the network's too."""
    if not await ctx.moderates(here(ctx).room):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("What is set here: `!config`"),
        )
    wide = setting.network or setting.key == MODERATION.key
    if wide and ctx.who not in ctx.defaults.moderators:
        raise UserError(_("You can't do that: it is for the network's moderators."))


async def _change(ctx: Context, setting: Setting, typed: str) -> Answer:
    await permit(ctx, setting)
    try:
        after = setting.kind.read(typed)
    except Unfit as unfit:
        raise UserError(*_unfit(setting, typed, unfit)) from None
    before = await kept(ctx, setting)
    if after == in_force(ctx, setting, before):
        value = shown(ctx, setting, after)
        return _("It is so already: {name}: {value}.", name=setting.name, value=value)
    ctx.confirm(*await _preview(ctx, setting, before, after))
    what = _("{name}: {value}", name=setting.name, value=shown(ctx, setting, after))
    payload = {"key": setting.key, "value": after}
    return await carry(ctx, Wish("set", here(ctx).room, what, payload, of=setting.key))


@feature.act("set", words("ajuste", "ajuste", "setting"), _("change a setting"))
async def set_value(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Keep the value; one line in the log, with the way back."""
    setting = ctx.registry.setting(str(payload["key"]))
    if setting is None:
        raise UserError(_("There is no such setting any more."))
    before = await kept(ctx, setting, room)
    after = str(payload["value"])
    await put(ctx, setting, after, room)
    facts = {"key": setting.key, "before": in_force(ctx, setting, before), "after": after}
    undo = {"key": setting.key, "value": before}
    await ctx.log("set", facts, room=room, undo=undo)
    return _("Changed. It stands in `!log`, which all of the room can read. To go back: `!undo`")


def _unfit(setting: Setting, typed: str, unfit: Unfit) -> list[Line]:
    name = setting.name
    lines = [
        _(
            "I didn't understand “{typed}” for `{name}`. What fits: {expected}",
            typed=typed[:40],
            name=name,
            expected=unfit.expected,
        )
    ]
    if unfit.nearest:
        lines.append(_("The nearest: `!config {name} {value}`", name=name, value=unfit.nearest))
    return lines


async def _preview(
    ctx: Context, setting: Setting, before: str | None, after: str
) -> tuple[Line, ...]:
    """Before → after, where it holds and what it touches."""
    lines = [
        _(
            "{name}: before, {before} → after, {after}.",
            name=setting.name,
            before=shown(ctx, setting, before),
            after=shown(ctx, setting, after),
        ),
        setting.help,
        _("It holds for the whole network.") if setting.network else _("It holds in this room."),
    ]
    touched = await setting.affects(ctx, here(ctx).room) if setting.affects else None
    return (*lines, touched) if isinstance(touched, Line) else tuple(lines)


async def put(ctx: Context, setting: Setting, value: str | None, room: RoomId) -> None:
    """Keep it. There is one moderators' room: choosing another one ends the old choice."""
    if setting.key == MODERATION.key and value == "yes":
        for other in await settings.rooms_with(ctx.db, setting.key, "yes"):
            if other != room:
                await settings.put(ctx.db, other, setting.key, None)
                facts = {"key": setting.key, "before": "yes", "after": "no"}
                await ctx.log("set", facts, room=other)
    await settings.put(ctx.db, place_of(setting, room), setting.key, value)
    for offer in ctx.registry.services("chosen"):
        await offer(ctx, setting.key, room)
