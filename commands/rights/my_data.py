"""`!my-data`: all that is kept of a person, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.api import (
    EXPORT_PERSON,
    Answer,
    CommandPlace,
    Context,
    Day,
    FileContent,
    Line,
    Moment,
    Person,
    RenderLine,
    SendFile,
    Span,
    Words,
    _,
    words,
)
from commands.rights import core_data
from commands.rights.declaration import RIGHTS, feature

MY_DATA = words(
    "mis-datos",
    "meus-dados",
    "my-data",
    "mi info, qué sabes de mí, qué datos míos guarda, qué datos míos guardas, qué datos tienes de"
    " mí, qué guardas de mí | minhas informações, o que você sabe de mim"
    " | my info, what do you know about me",
)


@dataclass(frozen=True, slots=True)
class DataSection:
    """What one feature keeps of a person. `of` is its name for programs."""

    of: str
    title: Line
    lines: tuple[Line, ...]


@feature.command(
    MY_DATA,
    help=_("all that I keep of you, as files in private"),
    example=_("For example: `!my-data`"),
    topic=RIGHTS,
    where=CommandPlace.PRIVATE,
)
async def my_data(ctx: Context) -> Answer:
    """Send the person two encrypted files, text and JSON, with all that is stored about them.
    Return the answer."""
    parts, at, who = await _sections(ctx), ctx.now, ctx.who
    name = MY_DATA.in_language((await ctx.policy_of_person(who)).language)
    told = sum(len(part.lines) for part in parts)
    return [
        _(
            "This is all that I keep of you: {count} lines, to read and, the same, for programs.",
            count=told,
        ),
        _("To have it deleted: `!forget-me`. What I read and for how long: `!privacy`"),
        SendFile(f"{name}.txt", "text/plain", lambda tell: as_text(parts, tell)),
        SendFile(f"{name}.json", "application/json", lambda tell: as_json(parts, tell, who, at)),
    ]


async def _sections(ctx: Context) -> list[DataSection]:
    """Return the bot's own section first, then that of each feature with data.

    Features that were one are one section.
    """
    every = [one for one in ctx.registry.features.values() if "export" in one.services]
    own = tuple(await core_data.core_data_lines(ctx))
    found = {"minga": DataSection("minga", _("You and your rooms"), own)}
    for one, export in zip(every, ctx.registry.offers(EXPORT_PERSON), strict=True):
        commands = [command for of in ctx.registry.family(one.name) for command in of.commands]
        title = commands[0].topic.title if commands else _("Other things")
        root = one.cut_from or one.name
        before = found.get(root, DataSection(root, title, ()))
        found[root] = replace(before, lines=(*before.lines, *await export(ctx, ctx.who)))
    return [part for part in found.values() if part.lines]


def as_text(parts: Iterable[DataSection], tell: RenderLine) -> FileContent:
    """Return the sections of a person's data as text: a heading for each, a line for each entry."""
    done = ["\n".join([tell(p.title), *(f"- {tell(line)}" for line in p.lines)]) for p in parts]
    return FileContent(("\n\n".join(done) + "\n").encode())


def as_json(parts: Iterable[DataSection], tell: RenderLine, who: str, at: datetime) -> FileContent:
    """Return the lines of a person's data as JSON, with their values."""
    held = [
        {
            "of": part.of,
            "title": tell(part.title),
            "lines": [
                {"text": tell(one), "values": json_value(one.values, tell)} for one in part.lines
            ],
        }
        for part in parts
    ]
    whole = {"person": who, "made": at.isoformat(timespec="seconds"), "held": held}
    return FileContent(json.dumps(whole, ensure_ascii=False, indent=1).encode())


def json_value(value: Any, tell: RenderLine) -> Any:
    """Return a line's value for JSON: times in ISO 8601, durations in seconds."""
    if isinstance(value, Mapping):
        return {key: json_value(one, tell) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [json_value(one, tell) for one in value]
    if isinstance(value, Line):
        return tell(value)
    if isinstance(value, Moment | Day):
        return value.at.isoformat()
    if isinstance(value, Person):
        return value.user
    if isinstance(value, Span):
        return value.length.total_seconds()
    if isinstance(value, Words):
        return value.en
    return value if isinstance(value, int | float | None) else str(value)
