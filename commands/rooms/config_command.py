"""`!config`: list a room's settings, explain one, or change it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.api import (
    Answer,
    Context,
    Line,
    Setting,
    Unfit,
    UserError,
    Where,
    Wish,
    Words,
    _,
    carry,
    fold,
    words,
)
from commands.rooms import setting_copy, settings_file, templates
from commands.rooms.declaration import PAGE, ROOMS, feature, here, in_force, kept, shown
from commands.rooms.setting_changes import permit
from commands.rooms.setting_names import (
    AREA,
    COPY,
    EXPORT,
    IMPORT,
    MANY,
    TEMPLATE,
    expects,
    named,
    reason,
    unfit,
)

_PAGE = re.compile(r"(?:pagina|page)\s*:?\s*(\d{1,3})")
_WAYS: dict[Words, Callable[[Context, str], Awaitable[Answer]]] = {
    COPY: setting_copy.copy,
    AREA: setting_copy.everywhere,
    TEMPLATE: templates.use,
    EXPORT: settings_file.export,
    IMPORT: settings_file.load,
}


@feature.command(
    words("configurar", "configurar", "config", "ajustes | ajustes | settings"),
    help=_("what this room has set, and changing it"),
    example=_("For example: `!config` or `!config language en`"),
    topic=ROOMS,
    where=Where.ROOM,
)
async def configure(ctx: Context, *, text: str = "") -> Answer:
    """List the settings, explain one, or preview and make a change."""
    first, _sep, rest = re.sub(r"\s", " ", text.strip(), count=1).partition(" ")
    if (many := MANY.get(fold(first.rstrip(":")))) is not None:
        return await _WAYS[many](ctx, rest.strip())
    page = _PAGE.fullmatch(fold(text.strip()))
    if page or not text.strip():
        return await _listed(ctx, int(page[1]) if page else 1)
    text, why = reason(text)
    setting, typed = named(ctx, text)
    if not typed:
        return await _explained(ctx, setting)
    return await _change(ctx, setting, typed, why)


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
    else:
        lines.append(
            _("All at once: `!config template`, `!config copy to Press`, `!config export`")
        )
    return lines


async def _explained(ctx: Context, setting: Setting) -> Answer:
    value = shown(ctx, setting, await kept(ctx, setting))
    lines = [_("`{name}`: {value}. {help}", name=setting.name, value=value, help=setting.help)]
    expected = expects(setting)
    if expected:
        lines.append(_("What fits: {expected}", expected=expected))
    lines.append(_("To change it: `!config {name}` and the value.", name=setting.name))
    return lines


async def _change(ctx: Context, setting: Setting, typed: str, why: str) -> Answer:
    await permit(ctx, setting)
    try:
        after = setting.kind.read(typed)
    except Unfit as no:
        raise UserError(*unfit(setting, typed, no)) from None
    before = await kept(ctx, setting)
    if after == in_force(ctx, setting, before):
        value = shown(ctx, setting, after)
        return _("It is so already: {name}: {value}.", name=setting.name, value=value)
    ctx.confirm(*await _preview(ctx, setting, before, after))
    what = _("{name}: {value}", name=setting.name, value=shown(ctx, setting, after))
    payload = {"key": setting.key, "value": after, "why": why}
    return await carry(ctx, Wish("set", here(ctx).room, what, payload, of=setting.key))


async def _preview(
    ctx: Context, setting: Setting, before: str | None, after: str
) -> tuple[Line, ...]:
    """Show the value before and after, where it holds, and what it affects."""
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
