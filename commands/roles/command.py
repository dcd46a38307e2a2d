"""The command `!role`: show roles, and change or call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    NOTHING,
    ActRequest,
    Answer,
    CommandPlace,
    Context,
    Line,
    MissingArgument,
    People,
    Person,
    Rest,
    SubCommands,
    UserError,
    _,
    carry_out,
    dates,
    fold,
    n_,
    named_people,
    one_line,
    words,
)
from commands.roles import draws, role_acts, role_calls, store, terms
from commands.roles.declaration import ROLES, feature
from commands.roles.store import Role

MAKE = words("nuevo", "novo", "new", "crear | criar | create")
GIVE = words("dar", "dar", "give")
TAKE = words("quitar", "tirar", "take", "dejar | deixar | leave")
DRAW = words("sortear", "sortear", "draw", "sorteo | sorteio |")
DROP = words("borrar", "apagar", "drop", "eliminar | |")
ROLE = SubCommands()
feature.stands_for(words("rol", "papel", "post"), "role")
feature.stands_for(DRAW, "role draw")
_NAME = re.compile(r"[^\W\d_][\w-]{1,29}")
_MODERATES = re.compile(r"\b(?:modera|moderates)\b", re.IGNORECASE)
_FOR = re.compile(r"\b(?:por|durante|for)\s+(.+)$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:hasta|até|ate|until)\s+(.+)$", re.IGNORECASE)
_MONTHS = re.compile(r"(\d{1,2}|un|um|one|a)\s+(?:mes|meses|months?)", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:en|em|in|dentro de|within)\s+(.+)$", re.IGNORECASE)
_TERMS = (timedelta(hours=1), timedelta(days=3 * 366))
_DRAWS = (timedelta(minutes=5), timedelta(days=7))
USUAL_DRAW_TIME = timedelta(hours=1)
MOST_SEATS = 20
MOST_ROLES = 30


@feature.command(
    words("cargo", "cargo", "role", "cargos | cargos | roles"),
    help=_("roles in the room's own words: who has them, and calling those people"),
    example=_("For example: `!role new care for 3 months`, `!role draw care 2`, `!role care hi`"),
    topic=ROLES,
    where=CommandPlace.ROOM,
    subs=ROLE,
)
async def show_role(
    ctx: Context, people: People = (), role: str = "", *, words: Rest = NOTHING
) -> Answer:
    """List the roles of the room; show one if it is named; or, if words follow its name, call its
    holders with these words. Return the answer."""
    if not role:
        return await _listed(ctx)
    return await _show_or_call(ctx, await _role(ctx, role), people, words)


@ROLE.sub(
    GIVE,
    help=_("give somebody a role, with a term if you like"),
    example=_("For example: `!role give care @ana:example.org for 3 months`"),
)
async def give_role(ctx: Context, people: People = (), role: str = "", *, text: str = "") -> Answer:
    """Request that the one person named gets the role, for a time or until a day if the text says
    so. The room's rule decides whether that happens at once or after others agree. Return the
    answer. Raises `UserError` for an unknown role, or unless one person is named."""
    # The rest holds the term (`until`, `for`), which may stand before or after the person.
    return await _change_holder(ctx, "give", await _role(ctx, role), people, text)


@ROLE.sub(TAKE, help=_("take a role from somebody, or leave your own"))
async def take_role(
    ctx: Context, people: People = (), role: str = "", *, handle: Rest = NOTHING
) -> Answer:
    """Request that the role is taken from the one person named, as the room's rule decides; or
    leave one's own role, if nobody or oneself is named. Return the answer."""
    return await _change_holder(ctx, "take", await _role(ctx, role), people, handle)


@ROLE.sub(DROP, help=_("drop a role"), suggested=False)
async def drop_role(ctx: Context, role: str = "") -> Answer:
    """Request, after a confirmation, that the role is deleted, as the room's rule decides. Return
    the answer."""
    known = await _role(ctx, role)
    what = _("the role “{name}” is dropped", name=known.title)
    ctx.confirm(_("For this room: {what}.", what=what))
    return await _request_act(ctx, known, what, {"do": "drop", "role": known.item})


async def _role(ctx: Context, name: str) -> Role:
    name = name.strip(",;.:@\"'")
    if not name:
        raise MissingArgument("role", _("the role"))
    found = await store.get_role_by_name(ctx.db, ctx.target_room.room, name)
    if found is None and ROLE.nearest(name) is not None:
        raise ROLE.unknown(name)
    if found is None:
        raise UserError(
            _("There is no role “{name}” here. All of them: `!role`", name=name[:40]),
            _("To make one: `!role new {name}`", name=name[:40]),
        )
    return found


async def _listed(ctx: Context) -> Answer:
    found = await store.roles_of_room(ctx.db, ctx.target_room.room)
    if not found:
        return [
            _("This room has no roles yet. To make one: `!role new care`"),
            _("With a term: `!role new care for 3 months`"),
        ]
    lines = [_("Roles of this room. To call the people of one: `!role`, its name and the text.")]
    for one in found:
        lines += await _shown(ctx, one)
    return lines


async def _shown(ctx: Context, one: Role) -> list[Line]:
    held = await store.list_holders(ctx.db, one.item)
    names = tuple(
        Person(h.person) if h.until is None else terms.person_until(h.person, h.until) for h in held
    )
    says: list[Line] = [_("moderates this room")] if one.moderates else []
    if one.term is not None:
        says.append(n_("for {count} day", "for {count} days", max(1, one.term.days)))
    who = names or (_("nobody"),)
    if says:
        return [_("{name} ({says}): {who}", name=one.title, says=tuple(says), who=who)]
    return [_("{name}: {who}", name=one.title, who=who)]


async def _show_or_call(ctx: Context, known: Role, people: People, text: str) -> Answer:
    """Show a role, or call its people if there is a text."""
    if not text and people:
        give = _("To give it: `!role give {name} {person}`", name=known.title, person=people[0])
        return [*await _shown(ctx, known), give]
    if not text:
        return await _shown(ctx, known)
    return await role_calls.call_holders(ctx, known, text)


@ROLE.sub(
    MAKE,
    help=_("make a role, with power to moderate and a term if you like"),
    example=_("With power to moderate and a term: `!role new care moderates for 3 months`"),
)
async def make_role(ctx: Context, *, text: str = "") -> Answer:
    """Request a new role, as the room's rule decides: `care moderates for 3 months`. Return the
    answer."""
    # The name is one word among those for power and term, in any order.
    room = ctx.target_room.room
    rest = one_line(text)
    length, rest = _length(rest, _FOR, _TERMS)
    moderates, rest = bool(_MODERATES.search(rest)), _MODERATES.sub(" ", rest).strip(" ,.")
    if not _NAME.fullmatch(rest) or ROLE.has_word(rest):
        raise UserError(
            _("A role's name is one word of 2 to 30 letters, for example: `!role new care`"),
            _("With power to moderate and a term: `!role new care moderates for 3 months`"),
        )
    if len(await store.roles_of_room(ctx.db, room)) >= MOST_ROLES:
        raise UserError(_("A room has up to {most} roles.", most=MOST_ROLES))
    if await store.get_role_by_name(ctx.db, room, rest) is not None:
        raise UserError(_("There is a role “{name}” here already.", name=rest))
    payload = {
        "do": "make",
        "name": rest,
        "moderates": moderates,
        "term": int(length.total_seconds()) if length else None,
    }
    what = (
        _("a role “{name}” that moderates", name=rest)
        if moderates
        else _("a role “{name}”", name=rest)
    )
    return await carry_out(ctx, ActRequest(_act(moderates=moderates), room, what, payload))


def _act(*, moderates: bool) -> str:
    return "empower" if moderates else "role"


def _length(
    text: str, pattern: re.Pattern[str], bounds: tuple[timedelta, timedelta]
) -> tuple[timedelta | None, str]:
    """Split off a length of time at the end. Raises `UserError` if it is out of bounds."""
    match = pattern.search(text)
    found = _span(match[1]) if match else None
    if match is None or found is None:
        return None, text
    if not bounds[0] <= found <= bounds[1]:
        raise UserError(_("That is too short or too long: “{typed}”.", typed=match[0][:40]))
    return found, text[: match.start()].strip()


def _span(text: str) -> timedelta | None:
    """Parse a length of time. A month has thirty days."""
    month = _MONTHS.fullmatch(fold(text.strip(" .")))
    if month is None:
        return dates.read_duration(text)
    return timedelta(days=30 * int(month[1] if month[1].isdecimal() else 1))


async def _request_act(ctx: Context, known: Role, what: Line, payload: Mapping[str, Any]) -> Answer:
    act = _act(moderates=known.moderates)
    return await carry_out(ctx, ActRequest(act, known.room, what, payload))


async def _change_holder(ctx: Context, do: str, known: Role, people: People, rest: str) -> Answer:
    """Ask for giving the role or taking it away."""
    payload: dict[str, Any] = {"do": do, "role": known.item}
    if not people:
        people, rest = await named_people(ctx, rest)
    if do == "take" and people in ((), (ctx.who,)):
        return await _leave_own(ctx, known, payload)
    if len(people) != 1:
        raise UserError(
            _("Whom? For example: `!role give {name} @ana:example.org`", name=known.title)
        )
    payload["user"] = people[0]
    person = Person(people[0], full=True)
    if do == "give":
        await role_acts.require_can_give(ctx, known, people[0])
        payload["until"] = _end(ctx, rest)
        what = _("{person} has the role “{name}”", person=person, name=known.title)
    else:
        if known.moderates:  # names whom an act of power is against
            payload["person"] = people[0]
        what = _("{person} does not have the role “{name}”", person=person, name=known.title)
    return await _request_act(ctx, known, what, payload)


def _end(ctx: Context, text: str) -> float | None:
    """Return the end of the term in seconds since 1970 (UTC), or None."""
    if match := _UNTIL.search(text):
        return ctx.parse_date(match[1], end_of_day=True).timestamp()
    length, _rest = _length(text, _FOR, _TERMS)
    return (ctx.said_at + length).timestamp() if length else None


@ROLE.sub(
    DRAW,
    help=_("draw lots for a role"),
    example=_("For example: `!role draw care 2 in 1 hour`"),
)
async def draw_role(ctx: Context, role: str = "", *, text: str = "") -> Answer:
    """Begin to draw holders of a role by lot: `2 in 1 hour` are drawn after an hour of refusals.
    Return the answer."""
    # Number and time stand in any order, and both may be missing.
    known = await _role(ctx, role)
    within, rest = _length(text, _WITHIN, _DRAWS)
    number = re.fullmatch(r"(\d{1,3})?", rest.strip(" ,.;"))
    seats = int(number[1] or 1) if number else 0
    if not 1 <= seats <= MOST_SEATS:
        raise UserError(
            _("How many? For example: `!role draw {name} 2 in 1 hour`", name=known.title)
        )
    able = len(await draws.drawable_people(ctx, known))
    if able < seats:
        raise UserError(
            n_("Only {count} person can be drawn.", "Only {count} people can be drawn.", able)
        )
    seconds = int((within or USUAL_DRAW_TIME).total_seconds())
    payload = {"do": "draw", "role": known.item, "seats": seats, "within": seconds}
    what = n_(
        "draw {count} person for “{name}”",
        "draw {count} people for “{name}”",
        seats,
        name=known.title,
    )
    return await _request_act(ctx, known, what, payload)


async def _leave_own(ctx: Context, known: Role, payload: dict[str, Any]) -> Answer:
    """Give up one's own role. The last moderator must find another first."""
    if ctx.who not in [one.person for one in await store.list_holders(ctx.db, known.item)]:
        raise UserError(_("You don't have that role."))
    return await role_acts.leave_role(ctx, known, {**payload, "user": ctx.who})
