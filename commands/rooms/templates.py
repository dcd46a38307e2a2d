"""`!config template assembly`: all settings that suit a kind of room.

A template does not touch settings that it does not name. Settings of features that are not there
are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.api import NOTHING, Answer, Context, Line, Rest, Setting, UserError, Words, _, fold, words
from commands.rooms import bulk_changes, room_selection
from commands.rooms.room_selection import RoomSelection
from commands.rooms.setting_changes import affects_network
from commands.rooms.setting_names import Reason

_TO = re.compile(r"(?i) (?:a|para|to|en|em|in) ")
_DAY, _WEEK = "86400", "604800"


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of room with stored values by setting key."""

    name: Words
    about: Line
    values: Mapping[str, str]


TEMPLATES = (
    Template(
        words("asamblea", "assembleia", "assembly"),
        _("for deciding: who has not voted is reminded, clashes are said, results have pictures"),
        {
            "nudge": _DAY,
            "pictures": "yes",
            "conflicts": "yes",
            "event_reminders": f"{_DAY},3600",
            "meeting_names": "no",
            "presence": "no",
            "short_answers": "automatic",
        },
    ),
    Template(
        words("grupo-de-trabajo", "grupo-de-trabalho", "working-group", "grupo, equipo, equipe"),
        _("for doing: few words, names in minutes, the week on Monday morning"),
        {
            "nudge": "43200",
            "short_answers": "yes",
            "meeting_names": "yes",
            "weekly digest": "MO 09:00",
            "event_reminders": f"{_DAY},3600",
            "tap_poll": "no",
            "pictures": "no",
        },
    ),
    Template(
        words("prensa", "imprensa", "press"),
        _("for what is urgent: nothing waits, few words, reminders an hour before"),
        {
            "daily": "",
            "short_answers": "yes",
            "event_reminders": "3600",
            "weekly digest": "no",
            "pictures": "no",
            "meeting_names": "no",
        },
    ),
    Template(
        words("vestíbulo", "recepção", "lobby", "portería, recepción | portaria | reception"),
        _("for who arrives: a reminder after a day, one welcome for all, news once a day"),
        {
            "door_nudge": _DAY,
            "welcome_wait": "600",
            "daily": "20:00",
            "presence": "no",
            "meeting_names": "no",
            "return": "2592000",
        },
    ),
    Template(
        words("formación", "formação", "training", "taller, curso | oficina | workshop, course"),
        _("for courses: who came is kept, a tap says who comes, the week on Monday morning"),
        {
            "presence": "yes",
            "tap_poll": "yes",
            "calendar files": "yes",
            "event_reminders": f"{_DAY},3600",
            "weekly digest": "MO 09:00",
            "short_answers": "yes",
        },
    ),
)


async def find_rooms(ctx: Context, text: str) -> tuple[RoomSelection, str]:
    """Return the rooms named behind a `to`, or this room, and the text before it."""
    match = _TO.search(text)
    if match is None:
        return RoomSelection((ctx.target_room,)), text
    return await room_selection.read_rooms(ctx, text[match.end() :]), text[: match.start()]


async def use_template(
    ctx: Context,
    why: Reason,
    rooms: Annotated[RoomSelection, find_rooms],
    *,
    name: Rest = NOTHING,
) -> Answer:
    """List the templates of settings; with a name, show what that one would change here, in other
    rooms or in an area, and apply it after a yes. Return what to say, if anything."""
    if not name:
        return _list_templates()
    template = _template_named(name)
    return await bulk_changes.change_settings(ctx, rooms, applicable_values(ctx, template), why)


def applicable_values(ctx: Context, template: Template) -> dict[str, str | None]:
    """Return a template's values for those of its settings that exist."""
    known = {setting.key: setting for setting in ctx.registry.settings}
    return {
        key: value for key, value in template.values.items() if _is_room_setting(known.get(key))
    }


def _is_room_setting(setting: Setting | None) -> bool:
    return setting is not None and not affects_network(setting)


def _list_templates() -> list[Line]:
    lines = [_("Templates for kinds of rooms:")]
    lines += [_("`{name}`: {about}", name=one.name, about=one.about) for one in TEMPLATES]
    lines.append(_("What one changes is shown first: `!config template assembly`"))
    lines.append(_("In other rooms: `!config template assembly to area press`"))
    return lines


def _template_named(typed: str) -> Template:
    wanted = re.sub(r"[\s\-]+", "", fold(typed))
    for one in TEMPLATES:
        if wanted in {re.sub(r"[\s\-]+", "", fold(name)) for name in one.name}:
            return one
    names = tuple(one.name for one in TEMPLATES)
    raise UserError(
        _("There is no template “{name}”. There are: {names}", name=typed.strip()[:40], names=names)
    )
