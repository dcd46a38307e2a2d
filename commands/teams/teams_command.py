"""`!teams`: open a room for each team of a list, see how far they are, set their steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.api import (
    ADD_TO_AREA,
    CANCEL,
    NO_NUMBER,
    Answer,
    Context,
    Item,
    Line,
    Number,
    Room,
    SubCommands,
    UserError,
    UserId,
    _,
    fold,
    items,
    moderators_only,
    n_,
    rooms,
    split_page,
    words,
)
from commands.teams import (
    progress_view,
    room_opening,
    team_list_parser,
    team_lookup,
    team_steps,
    team_store,
)
from commands.teams.declaration import EXAMPLE, TEAMS, feature
from commands.teams.team_list_parser import TeamList

MOST_TEAMS = 100
MOST_PEOPLE = 50
"""Limit of people in one team."""
MOST_COHORTS = 5
"""Limit of open cohorts of one room."""
MOST_BYTES = 200_000
MOST_SHOWN = 20
_STEPS = words("pasos", "passos", "steps", "etapas | etapas | stages")
_RETRY = words("reintentar", "tentar de novo", "retry", "repetir | repetir | again")
_PLACE = re.compile(
    r"(?:^|\s)([aá]rea|espa[cç]io|espa[cç]o|space)\s*:\s*(\"[^\"]+\"|[^\n\"@:|]+?)"
    r"(?=\s+(?:[aá]rea|espa[cç]io|espa[cç]o|space)\s*:|\s*(?:\n|$))",
    re.IGNORECASE,
)
_CREATE_PREFIX = re.compile(
    r"^(?:crear|criar|create|agregar|adicionar|add)[ :]+(?=\S)", re.IGNORECASE
)
"""A verb that people type before the list; it is no part of a name."""
_NUMBER = re.compile(r"#?(\d{1,9})(?=\s|$)")
SUBS = SubCommands(number_first=True, unless="@")


@dataclass(frozen=True, slots=True)
class CohortRequest:
    """A list of teams, and the area and space for their rooms."""

    listed: TeamList
    area: str = ""
    space: str = ""


@feature.command(
    words("equipos", "equipes", "teams", "cohorte | turma | cohort"),
    help=_("many teams set up alike: a room each, and how far they are"),
    example=EXAMPLE,
    topic=TEAMS,
    subs=SUBS,
)
async def handle_teams(ctx: Context, *, text: str = "") -> Answer:
    """Show the teams here, or open rooms for a list of teams and people. Return the answer.

    The list may also be a file or a message replied to.
    """
    # A list of teams has lines, tables and people of its own: `team_list_parser` reads it.
    if (named := await _by_title(ctx, text)) is not None:
        return named
    number = _NUMBER.match(text)
    page, left = split_page(text[number.end() :] if number else text, bare=number is not None)
    replied = await ctx.replied_item("cohort", "team")
    if (text and not left) or replied or not (text or ctx.origin.media or ctx.origin.reply_to):
        asked = number[1] if number else str(replied.number) if replied else ""
        return await progress_view.show_progress(ctx, asked, page)
    return await _begin_cohort(ctx, await _read_request(ctx, text))


async def _by_title(ctx: Context, text: str) -> Answer:
    """Show a cohort or set its steps by its title: `Escuela`, `Escuela pasos A, B`."""
    if "@" in text or ctx.origin.media or ctx.origin.reply_to:
        return None
    found = await team_lookup.find_by_title(ctx, text)
    if found is None:
        return None
    item, rest = found
    behind = SUBS.find(f"{item.number} {rest}")
    if behind is not None and behind[0].name is _STEPS:
        return await team_steps.set_steps(ctx, text=behind[1])
    return None if rest else await progress_view.show_progress(ctx, str(item.number), 1)


SUBS.sub(
    _STEPS,
    help=_("show or set the steps of all teams"),
    example=_('For example: `!teams steps "Reading" "Rehearsal" "Delivery"`'),
)(team_steps.set_steps)


@SUBS.sub(_RETRY, help=_("try again to make the rooms and to invite"))
async def retry_cohort(ctx: Context, number: Number = NO_NUMBER) -> Answer:
    """Open rooms and invite people again where that failed, for the cohort of that number or the
    newest one here. Return the answer."""
    named = str(number) if number != NO_NUMBER else ""
    return await room_opening.retry_cohort(ctx, await team_lookup.find_cohort(ctx, named))


# --- what is wanted -------------------------------------------------------------------------------


async def _read_request(ctx: Context, text: str) -> CohortRequest:
    first, _line, below = _CREATE_PREFIX.sub("", text).partition("\n")
    named = {fold(m[1])[0]: m[2].strip(' "') for m in _PLACE.finditer(first)}
    first = _PLACE.sub(" ", first).strip()
    listed = await _read_list(ctx, f"{first}\n{below}" if below else first)
    return CohortRequest(listed, named.get("a", ""), named.get("e", named.get("s", "")))


async def _read_list(ctx: Context, text: str) -> TeamList:
    """Read the list from the text, else from the attached file or the message replied to."""
    typed = team_list_parser.read_list(text, await _mentioned_names(ctx))
    if typed.teams:
        return typed
    replied = None if ctx.origin.media else ctx.replied_message()
    if ctx.origin.media or (replied is not None and replied.media):
        found = team_list_parser.read_table(ctx.attached_file(MOST_BYTES))
    else:
        found = team_list_parser.read_list(replied.text if replied else "")
    return replace(found, title=typed.title or found.title)


async def _mentioned_names(ctx: Context) -> dict[str, UserId]:
    meant = [user for user in ctx.origin.mentions if user != ctx.me]
    return {await rooms.display_name(ctx.db, user, ctx.room): user for user in meant}


# --- beginning ------------------------------------------------------------------------------------


async def _begin_cohort(ctx: Context, wanted: CohortRequest) -> Answer:
    """Preview the cohort, and open it after a confirmation. Raises `UserError`."""
    listed = wanted.listed
    if not listed.teams:
        raise UserError(_("Missing: the teams, one a line, with their people."), EXAMPLE)
    room = await ctx.choose_room()
    if not await ctx.moderates(room.room):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("The teams of this room: `!teams`"),
        )
    await _check_limits(ctx, room, listed)
    area = await _area_name(ctx, wanted.area)
    space = await _find_space(ctx, wanted.space) if wanted.space else None
    title = listed.title[: team_list_parser.LONGEST_NAME] or room.name or room.room
    ctx.confirm(*_preview(ctx, room, title, listed, area, space))
    return await room_opening.begin_cohort(
        ctx, room, title, listed, area, space.room if space else None
    )


async def _check_limits(ctx: Context, room: Room, listed: TeamList) -> None:
    if len(listed.teams) > MOST_TEAMS:
        raise UserError(
            _(
                "Those are {count} teams; I open {most} at a time.",
                count=len(listed.teams),
                most=MOST_TEAMS,
            ),
            _("Please send me the list in parts."),
        )
    for team in listed.teams:
        if len(team.people) > MOST_PEOPLE:
            raise UserError(
                _(
                    "“{name}” has more than {most} people. Is it one team?",
                    name=team.name,
                    most=MOST_PEOPLE,
                )
            )
        if len(team.name) > team_list_parser.LONGEST_NAME:
            raise UserError(
                _(
                    "A team's name has up to {most} letters: “{name}…”",
                    most=team_list_parser.LONGEST_NAME,
                    name=team.name[:40],
                )
            )
    found = await team_store.open_cohorts_in(ctx.db, room.room)
    if len(found) >= MOST_COHORTS and not ctx.defaults.unlimited:
        raise UserError(
            _(
                "This room has {count} sets of teams already. To put the oldest away:"
                " `!cancel {number}`",
                count=len(found),
                number=found[-1],
            ),
        )


def _preview(
    ctx: Context, room: Room, title: str, listed: TeamList, area: str, space: Room | None
) -> list[Line]:
    lines = [
        n_(
            "“{title}”: {count} team, an encrypted room for each, set up like “{room}”.",
            "“{title}”: {count} teams, an encrypted room for each, set up like “{room}”.",
            len(listed.teams),
            title=title,
            room=room.name or room.room,
        ),
        _(
            "{teams}",
            teams=tuple(
                _("{name}: {count}", name=t.name, count=len(t.people))
                for t in listed.teams[:MOST_SHOWN]
            ),
        ),
    ]
    if len(listed.teams) > MOST_SHOWN:
        lines.append(_("and {more} more teams", more=len(listed.teams) - MOST_SHOWN))
    invited = {person for team in listed.teams for person in team.people}
    lines.append(
        n_(
            "I invite {count} person, and you moderate each room.",
            "I invite {count} people, and you moderate each room.",
            len(invited - {ctx.me}),
        )
    )
    every = [person for team in listed.teams for person in team.people]
    twice = sorted({person for person in every if every.count(person) > 1})
    if twice:
        lines.append(_("In more than one team: {people}", people=tuple(twice[:MOST_SHOWN])))
    if listed.wrong:
        lines.append(
            _(
                "Not an address like `@name:server`, left out: {words}",
                words=tuple(listed.wrong[:MOST_SHOWN]),
            )
        )
    if area:
        lines.append(_("The rooms come into the area “{area}”.", area=area))
    if space is not None:
        lines.append(_("The rooms come into the space “{space}”.", space=space.name or space.room))
    return lines


async def _area_name(ctx: Context, name: str) -> str:
    """Return the area's name. Raises `UserError` if the asker may not put rooms into it."""
    if not name:
        return ""
    for into in ctx.registry.offers(ADD_TO_AREA):
        return str(await into(ctx, name, None, frozenset()))
    raise UserError(_("There are no areas here."))


async def _find_space(ctx: Context, name: str) -> Room:
    """Return a space whose rooms the asker and the bot may change. Raises `UserError`."""
    spaces = [room for room in await rooms.network_rooms(ctx.db) if room.kind == "m.space"]
    for room in spaces:
        if fold(room.name) != fold(name):
            continue
        needed = room.power_for("m.space.child", state=True)
        if await ctx.power_of(room=room.room) < needed:
            raise UserError(
                _("You can't put rooms into “{space}”: ask who moderates it.", space=room.name)
            )
        if room.power_of(ctx.me) < needed:
            raise UserError(
                _(
                    "I don't have the right to put rooms into “{space}”: a moderator can give it"
                    " to me.",
                    space=room.name,
                )
            )
        return room
    raise UserError(
        _(
            "I am in no space called “{space}”. A moderator of the network can invite me to it.",
            space=name[:40],
        )
    )


# --- taking back ----------------------------------------------------------------------------------


@feature.offers(CANCEL.of("cohort"))
async def cancel_cohort(ctx: Context, item: Item) -> Line:
    """Stop opening rooms, or archive the cohort if none is left to open. Return the line.

    Rooms and invitations that exist stay. Raises `UserError` without the right, or if it is
    archived.
    """
    if not await team_lookup.may_lead(ctx, item):
        raise moderators_only()
    if not item.open:
        raise UserError(_("Teams {number} are put away already.", number=item.number))
    waiting = await room_opening.is_in_progress(ctx, item.number)
    await team_store.stop_waiting(ctx.db, item.number)
    if waiting:
        return _(
            "Stopped: no more rooms of teams {number} are opened. To go on:"
            " `!teams retry {number}`",
            number=item.number,
        )
    await items.close(ctx.db, item.number)
    return _("Teams {number} are put away. Their rooms stay.", number=item.number)
