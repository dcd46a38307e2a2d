"""What `!help` alone shows: what is open, then lines to copy, for whoever asks and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.api import ARRIVAL_LINES, Command, Context, Effect, Line, Say, _, moderated_rooms
from commands.help.declaration import may_use
from commands.help.pending import open_lines

ROOMS_NAMED = 4
"""How many rooms a line names."""
_CODE = re.compile(r"`!?([^`]+)`")


@dataclass(frozen=True, slots=True)
class Hint:
    """A line made of examples. A part is left out where its command is missing or not allowed.

    A `{number}` in a part becomes that of an item here. With `label`, the parts stand behind it.
    """

    parts: tuple[Line, ...]
    label: Line | None = None


def hint(*parts: Line, label: Line | None = None) -> Hint:
    """Return a help hint made of these parts."""
    return Hint(parts, label)


IN_DANGER = hint(
    _("If somebody hurt you or you are in danger, write to me in private: `incident` or `panic`")
)
MEMBER_IN_ROOM = (
    hint(_("**Ask the room:** `!poll Where? Park, Library until tomorrow 18h`")),
    hint(
        _("**What comes:** `!events`"),
        _("to go: `going {number}`", number=14),
        _("to make one: `!event Workshop tomorrow 19h`"),
    ),
    hint(_("**Remind:** `!remind tomorrow 17h; bring the banner`")),
    hint(
        _("**Need or offer:** `!need a projector`"),
        _("`!offer a van`"),
        _("find: `!find letter`"),
    ),
    hint(_("**Everything, by subject:** `!help all`. More, in private: `help`")),
    IN_DANGER,
)
MEMBER_IN_PRIVATE = (
    hint(
        _("**Open in your rooms:** `pending`"),
        _("what comes: `events`"),
        label=_("Here it goes without the sign."),
    ),
    hint(
        _("**Vote:** `vote {number} 2`", number=12),
        _("to go: `going {number}`", number=14),
        _("not to go: `not going {number}`", number=14),
    ),
    hint(_("**Only for you:** `remind tomorrow 17h; call the printer`")),
    hint(_("**Yours:** `tasks`"), _("`loans`"), _("`offers`"), _("`needs`")),
    hint(_("**Need or offer, I ask before I publish:** `need a projector`"), _("`offer a van`")),
    hint(_("**Find:** `find protocol`"), _("contacts: `directory`")),
    hint(_("**You:** `profile`"), _("`language pt`"), _("`timezone Bogotá`"), _("`my-data`")),
    hint(
        _("**Back from a march:** `back-by 22h @ana:server.org`"),
        _("to try things out: `practice`"),
    ),
    hint(_("**If somebody hurt you:** `incident` and what happened"), _("in danger now: `panic`")),
    hint(_("**Everything, by subject:** `help all`")),
)
NEWCOMER_IN_PRIVATE = (
    hint(
        _("Nothing to learn: in the room, tap the option that you like or reply with its number.")
    ),
    hint(
        _("**If you are asked to something:** `going {number}`", number=14),
        _("if that changes: `not going {number}`", number=14),
    ),
    hint(
        _("**Being decided:** `pending`"), _("what comes: `events`"), _("what is agreed: `rules`")
    ),
    hint(_("**What I read and keep:** `privacy`"), _("another language: `language pt`")),
    hint(_("**To try things where nothing counts:** `practice`"), _("more: `help all`")),
    hint(_("**If somebody hurt you:** `incident` and what happened"), _("in danger now: `panic`")),
)
NEWCOMER_IN_ROOM = (
    hint(_("To vote, tap the option or reply with its number. What is open: `!pending`")),
)
MODERATOR_IN_ROOM = (
    hint(
        _("**Say it to all:** `!announce There is no water tomorrow`"),
        _("end a vote: `!close {number}`", number=12),
        _("more time: `!extend {number} until tomorrow 18h`", number=12),
    ),
    hint(
        _("**Who arrives:** `!requests`"),
        _("invite: `!invite @ana:server.org press`"),
        _("greeting: `!welcome set …`"),
    ),
    hint(
        _("**Settings:** `!config`"),
        _("what I may not do: `!permissions`"),
        _("who decides: `!who-decides`"),
    ),
    hint(
        _("**What changed:** `!log`"),
        _("take it back: `!undo`"),
        _("about a person, in private: `warn @ana:server.org …`"),
    ),
    hint(_("**For everybody, by subject:** `!help all`. For you: `!help moderation`")),
    IN_DANGER,
)
MODERATOR_IN_PRIVATE = (
    hint(
        _("**At the door:** `requests`"),
        _("let in: `admit {number}`", number=12),
        _("turn down: `reject {number} the reason`, which is not shown to them", number=12),
    ),
    hint(_("**A word with somebody:** `warn @ana:server.org what happened`, uncounted at first")),
    hint(
        _("**Stop something now:** `mute @ana:server.org 2h reason`"),
        _("end it: `lift {number}`", number=12),
    ),
    hint(
        _("**Take out:** `remove @ana:server.org reason`"),
        _("keep out: `ban @ana:server.org reason`"),
    ),
    hint(
        _("**Care:** `incident {number}`", number=12),
        _("take it: `attend {number}`", number=12),
        _("close it: `settle {number} what came of it`", number=12),
    ),
    hint(
        _("**Bring people:** `code press`"),
        _("`list press @a:server.org @b:server.org`"),
        _("be there for them: `accompany yes`"),
    ),
    hint(_("**The room:** `config`"), _("`permissions`"), _("`log`"), label=_("I ask which room.")),
    hint(_("**If somebody hurt you:** `incident` and what happened"), _("in danger now: `panic`")),
    hint(_("**For everybody, by subject:** `help all`. For you: `help moderation`")),
)


async def overview(ctx: Context) -> Sequence[Line | Effect]:
    """Return the help for a newcomer, a moderator of this room (in private: of some room), or any
    member."""
    moderated = await moderated_rooms(ctx) if ctx.is_private else []
    if not (moderated or (not ctx.is_private and await ctx.moderates())):
        arrival = await arrival_lines(ctx)
        if arrival:
            return await _newcomers_overview(ctx, arrival)
    if ctx.is_private:
        if not moderated:
            return await hint_lines(ctx, MEMBER_IN_PRIVATE)
        names = tuple(room.name or room.room for room in moderated[:ROOMS_NAMED])
        more = ("…",) if len(moderated) > ROOMS_NAMED else ()
        first = _("You moderate: {rooms}", rooms=(*names, *more))
        return [first, *await hint_lines(ctx, MODERATOR_IN_PRIVATE)]
    hints = MODERATOR_IN_ROOM if await ctx.moderates() else MEMBER_IN_ROOM
    return [*await _open_line(ctx), *await hint_lines(ctx, hints)]


async def arrival_lines(ctx: Context) -> list[Line]:
    """Return the help that somebody who is new in the network reads first; none for others."""
    found: list[Line] = []
    for offer in ctx.registry.offers(ARRIVAL_LINES):
        found += await offer(ctx, ctx.who)
    return found


async def _newcomers_overview(ctx: Context, arrival: list[Line]) -> Sequence[Line | Effect]:
    """Return a newcomer's help; in a room one line, and the rest in private."""
    if ctx.is_private:
        return [*arrival, *await hint_lines(ctx, NEWCOMER_IN_PRIVATE)]
    said = (*arrival, *await hint_lines(ctx, NEWCOMER_IN_PRIVATE))
    in_room = await hint_lines(ctx, NEWCOMER_IN_ROOM)
    return [*in_room, _("I wrote you the rest in private."), Say(said, to=ctx.who)]


async def _open_line(ctx: Context) -> list[Line]:
    """Return one line about what is open in this room, none if nothing is."""
    if ctx.policy.room is None:
        return []
    found = [line async for _room, every in open_lines(ctx, [ctx.room]) for line in every]
    if len(found) > 1:
        return [
            _("**Open now:** {first} · all {count}: `!pending`", first=found[0], count=len(found))
        ]
    return [_("**Open now:** {first}", first=found[0])] if found else []


async def hint_lines(ctx: Context, hints: Iterable[Hint]) -> list[Line]:
    """Return the help hints that hold here, each as one line."""
    found = [await _hint_line(ctx, one) for one in hints]
    return [line for line in found if line is not None]


async def _hint_line(ctx: Context, one: Hint) -> Line | None:
    parts: list[Line] = []
    for part in one.parts:
        commands = _commands_in(ctx, part)
        if commands is None or not all([await may_use(ctx, command) for command in commands]):
            continue
        parts.append(await _with_number(ctx, part, commands))
    if not parts:
        return None
    if one.label is None and len(parts) == 1:
        return parts[0]
    values = {"parts": tuple(parts)}
    if one.label is None:
        return Line("{parts}", values)
    return Line("{label} {parts}", {"label": one.label, **values})


def _commands_in(ctx: Context, part: Line) -> Sequence[Command] | None:
    """Return the commands that a part shows, or None if one of them is not there."""
    found = [ctx.registry.find_command(code) for code in _CODE.findall(part.msgid)]
    return None if None in found else [one[0] for one in found if one is not None]


async def _with_number(ctx: Context, part: Line, commands: Sequence[Command]) -> Line:
    """Return the part with the number of an item here, if it shows one."""
    if not commands:
        return part
    return await ctx.example_line(replace(commands[0], example=part))
