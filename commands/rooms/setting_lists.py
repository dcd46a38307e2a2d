"""The lists of what a room has set: what every room needs first, then all of it by subject."""

from __future__ import annotations

from bot.api import FIRST_PAGE, Answer, Context, Line, Page, Setting, _
from commands.rooms.declaration import PAGE_LINES, show_value, stored_value

FIRST = ("language", "timezone", "short_answers", "daily", "event_reminders", "care")
"""What every room should decide, by the settings' keys. Those of capabilities left out are not."""


async def list_first(ctx: Context) -> Answer:
    """Show the settings that a room needs first, and how to see the rest. Return what to say, if
    anything."""
    every = {setting.key: setting for setting in ctx.registry.settings}
    lines = [_("What this room has set. To change it: `!config` with the name and the value.")]
    lines += [await _setting_line(ctx, every[key]) for key in FIRST if key in every]
    if ctx.registry.find_command("welcome") is not None:
        lines.append(_("How newcomers are greeted: `!welcome`"))
    return [
        *lines,
        _("In five questions, in private: `!config questions`"),
        _("What suits a kind of room, all at once: `!config template`"),
        _("All the rest, by subject: `!config all`"),
    ]


async def list_all(ctx: Context, page: Page = FIRST_PAGE) -> Answer:
    """Show a page of all settings, as in `!config all page 2`. Return what to say, if anything."""
    return await list_page(ctx, page)


async def list_page(ctx: Context, page: int) -> Answer:
    """Return lines with a page of all settings, those of one subject together below its name."""
    every = list(enumerate(ctx.registry.settings, start=1))
    pages = -(-len(every) // PAGE_LINES)
    page = min(max(page, 1), pages)
    lines: list[Line] = []
    subject: Line | None = None
    for n, setting in every[(page - 1) * PAGE_LINES : page * PAGE_LINES]:
        title = _subject(ctx, setting)
        if title is not None and title != subject:
            lines.append(_("{title}:", title=title))
            subject = title
        lines.append(Line("{n} {line}", {"n": n, "line": await _setting_line(ctx, setting)}))
    if page < pages:
        lines.append(
            _(
                "Page {page} of {pages}. More: `!config page {next}`",
                page=page,
                pages=pages,
                next=page + 1,
            )
        )
    else:
        lines.append(
            _("All at once: `!config template`, `!config copy to Press`, `!config export`")
        )
    return lines


async def _setting_line(ctx: Context, setting: Setting) -> Line:
    value = show_value(ctx, setting, await stored_value(ctx, setting))
    return _("`{name}`: {value}. {help}", name=setting.name, value=value, help=setting.help)


def _subject(ctx: Context, setting: Setting) -> Line | None:
    """Return the subject under which the help has the setting's capability."""
    for one in ctx.registry.features.values():
        if setting in one.settings and one.commands:
            return one.commands[0].topic.title
    return None
