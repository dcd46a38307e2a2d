"""`!voters question "South Co-op" nobody elected her`: the room doubts who speaks for one."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Line,
    Person,
    Room,
    Say,
    UserError,
    _,
    quotable_line,
    verbatim,
)
from commands.organisations import organisation_changes, voter_texts
from commands.organisations.declaration import feature
from commands.poll_book import voter_store
from commands.poll_book.voter_store import Organisation

EXAMPLE = _('For example: `!voters question "South Co-op" we never met`')
LONGEST_REASON = 200
_QUOTED = re.compile(r"""^\s*["'](?P<name>[^"']+)["']\s*(?P<reason>.*)$""", re.DOTALL)

feature.log_line("questioned", _("somebody questioned who speaks for “{name}”"))


async def question_organisation(ctx: Context, room: Room, text: str) -> Answer:
    """Tell the room that somebody in it doubts who speaks for an organisation. Return what to say,
    if anything.

    Nothing changes by it: the moderators can undo the change. Raises `UserError` if there is no
    such organisation.
    """
    one, reason = await _organisation_and_reason(ctx, room, text)
    if len(reason) > LONGEST_REASON:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_REASON))
    await ctx.log("questioned", {"name": one.name}, room=room.room)
    lines: list[Line] = [
        _("{who} questions who speaks for “{name}”.", who=Person(ctx.who), name=one.name),
        voter_texts.organisation_line(one),
    ]
    if why := quotable_line(reason):
        lines.insert(1, _("The reason: “{reason}”", reason=verbatim(why)))
    lines.append(_("The moderators see the changes in `!log` and can go back with `!undo`."))
    told = Say(tuple(lines), room=room.room, loud=True)
    return told if room.room == ctx.room else [_("I told the room."), told]


async def _organisation_and_reason(ctx: Context, room: Room, text: str) -> tuple[Organisation, str]:
    """Return the organisation that the text begins with, and the rest. Raises `UserError`."""
    every = await voter_store.organisations_in(ctx.db, room.room)
    if quoted := _QUOTED.match(text):
        wanted, reason = voter_store.comparable_name(quoted["name"]), quoted["reason"].strip()
        for one in every:
            if voter_store.comparable_name(one.name) == wanted:
                return one, reason
        raise UserError(
            _("There is no organisation “{name}” here.", name=quoted["name"][:60]),
            _("All there are: `!voters`"),
        )
    spoken = text.split()
    for count in range(len(spoken), 0, -1):  # the longest name that the line begins with
        wanted = voter_store.comparable_name(" ".join(spoken[:count]).strip(",:;"))
        for one in every:
            if voter_store.comparable_name(one.name) == wanted:
                return one, " ".join(spoken[count:])
    if not spoken:
        raise UserError(_("The name of the organisation is missing."), EXAMPLE)
    near = await organisation_changes.nearest_organisation(ctx, room.room, " ".join(spoken))
    raise UserError(
        _("There is no organisation “{name}” here.", name=" ".join(spoken)[:60]),
        _('Is it `!voters question "{name}"`?', name=near.name)
        if near
        else _("All there are: `!voters`"),
    )
