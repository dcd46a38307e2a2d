"""`!list press` and its people: make an organisation's list of expected people, in private."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    NamedArgument,
    Number,
    _,
    dates,
    run_line,
    split_arguments,
    words,
)
from commands.expected_lists import list_creation, list_editor, list_end, list_parser
from commands.expected_lists.declaration import feature
from commands.expected_lists.list_creation import EXAMPLE
from commands.onboarding.declaration import NEWCOMERS

__all__ = ["list_end"]

UNTIL = NamedArgument(
    words("vence", "vence", "expires", "caduca, validade"), joined=("hasta", "até", "until")
)


@feature.command(
    words("lista", "lista", "list", "listas | listas | lists"),
    help=_("an organisation's list: its people are let in without questions"),
    example=EXAMPLE,
    topic=NEWCOMERS,
    where=CommandPlace.PRIVATE,
)
async def expected_list(ctx: Context, *, text: str = "") -> Answer:
    """Show, make or change a list of expected people, who are let in without questions. Return the
    answer.

    People are typed, pasted below the area, or in a file (CSV). Raises `UserError` for an unknown
    area or list, without the right, for nobody and for too many.
    """
    # A table or a list, with the area on its first line: `list_parser` reads it.
    if not (ctx.is_private or text.strip()) and ctx.registry.find_command("attendees") is not None:
        ctx.discreet = False  # in a room a bare `!list` asks who comes to an event
        return await run_line(ctx, "attendees")
    match = re.match(r"\s*#?(\d{1,9})(?![\w:.])\s*(.*)", text, re.DOTALL)
    if match:
        one, area = await list_editor.find_own_list(ctx, Number(int(match[1])))
        return await list_editor.show_or_change(ctx, one, area, match[2].strip())
    first, _line, below = text.partition("\n")
    parts = split_arguments(first, (UNTIL,), lambda said: _is_date(ctx, said))
    head = " ".join((parts.free, *parts.quoted))
    given = list_parser.parse_typed(f"{head}\n{below}", list_creation.mentioned_people(ctx))
    nobody = not given.people and not given.wrong and not list_creation.may_have_file(ctx)
    if nobody and not given.head:
        return await list_editor.show_lists(ctx)
    area = await list_creation.named_area(ctx, given.head)
    if nobody:
        return await list_editor.show_lists(ctx, area)
    given = list_creation.require_people(ctx, list_creation.people_with_file(ctx, given))
    too_late = _("A list lasts a year at most. For example: `until tomorrow`")
    until = list_creation.parse_end(
        ctx, parts.named.get(UNTIL.key), list_creation.DAYS, list_creation.LONGEST, too_late
    )
    return await list_creation.make_list(ctx, area, given, until)


def _is_date(ctx: Context, said: str) -> bool:
    read = dates.read_date(said, ctx.said_at, ctx.policy.zone)
    return not isinstance(read, dates.UnreadableDate) or dates.read_duration(said) is not None
