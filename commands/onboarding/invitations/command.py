"""`!invite @name:server area`: invite people into all rooms of an area, or into one room."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    Answer,
    Context,
    Line,
    NamedPeople,
    Room,
    RoomId,
    UserError,
    UserId,
    _,
    choice_of,
    n_,
    split_people,
    verbatim,
    words,
)
from commands.onboarding.areas import permissions, spaces
from commands.onboarding.areas import store as area_store
from commands.onboarding.areas.area_words import without_fillers
from commands.onboarding.areas.store import RoomArea
from commands.onboarding.declaration import NEWCOMERS, feature
from commands.onboarding.invitations import store, waves
from commands.onboarding.invitations.store import InvitationRow, InvitationState

MOST = 300
"""How many people can be invited at a time."""
MOST_LISTS = 5
"""How many lists of invitations one person can have running."""
EXAMPLE = _("For example: `!invite @name:server press`")


@feature.command(
    words("invitar", "convidar", "invite", "agregar | adicionar | add"),
    help=_("invite people into all rooms of an area"),
    example=EXAMPLE,
    topic=NEWCOMERS,
)
async def invite(ctx: Context, *, text: str = "") -> Answer:
    """Invite people to rooms, up to `MOST` at a time, with a result for each. Return the answer.

    Raises `UserError` if nobody is named, for an unknown area, without the right, and beyond
    limits.
    """
    # A list of people and an area, in any order: `split_people` reads it.
    meant = split_people(text, tuple(u for u in ctx.origin.mentions if u != ctx.me))
    area, meant = await _split_area(ctx, meant)
    people = [person for person in meant.people if person != ctx.me]
    if not people and not meant.wrong:
        raise UserError(_("Missing: who to invite, as `@name:server`."), EXAMPLE)
    if len(people) + len(meant.wrong) > MOST:
        raise UserError(
            _(
                "That are {count} people; I invite {most} at a time.",
                count=len(people) + len(meant.wrong),
                most=MOST,
            ),
            _("Please send me the list in parts."),
        )
    if await store.count_open_lists(ctx.db, ctx.who) >= MOST_LISTS:
        raise UserError(_("Your other invitations are still running. Please wait for them."))
    return await _begin_invitations(ctx, area, people, meant.wrong)


feature.log_line("invited", n_("invited {count} person", "invited {count} people", 0))


async def _begin_invitations(
    ctx: Context, area: RoomArea | None, people: Sequence[UserId], wrong: Sequence[str]
) -> Answer:
    places = await permissions.rooms_of(ctx, area) if area else [await ctx.choose_room()]
    if not places:
        raise UserError(_("I am in no room of “{name}”.", name=area.name if area else ""))
    around, trusted = (
        await spaces.spaces_around(ctx, places, area, ctx.who) if area else ([], frozenset())
    )
    places = [*places, *around]
    rows = await waves.plan_invitations(ctx, people, places, area, ctx.who, trusted)
    if rows and all(row.state is InvitationState.NOT_YOURS for row in rows):
        raise UserError(
            _("You can't invite there: it is for those who moderate its rooms."),
            _("The areas and their rooms: `!area`"),
        )
    rows += [InvitationRow(typed, RoomId(""), InvitationState.WRONG) for typed in wrong]
    name = area.name if area else permissions.room_label(places[0])
    for room in places:
        count = sum(row.room == room.room and row.state is InvitationState.WAITING for row in rows)
        if count:
            await ctx.log("invited", {"count": count}, room=room.room)
    return await waves.begin_list(ctx, name, rows)


# --- the area -------------------------------------------------------------------------------------


async def _split_area(ctx: Context, meant: NamedPeople) -> tuple[RoomArea | None, NamedPeople]:
    """Return the area that is named or asked for, None for this room, and the people."""
    found = await permissions.visible_areas(ctx)
    said = without_fillers(meant.words)
    for one, rest in _named(found, said):
        return one, NamedPeople(meant.people, _stray(meant, rest), ())
    if said and not ctx.origin.mentions:
        if await _is_this_room(ctx, said):
            return None, NamedPeople(meant.people, meant.wrong, ())
        raise permissions.unknown_area(said[-1], found)
    if not found or not (meant.people or meant.wrong):
        return None, meant
    return await _ask_area(ctx, found), meant


def _named(found: Sequence[RoomArea], said: Sequence[str]) -> list[tuple[RoomArea, list[str]]]:
    """Return the area whose name ends or begins the words, and the words without it."""
    heard = {area_store.comparison_key(one.name): one for one in found}
    cuts = [(said[-k:], said[:-k]) for k in (3, 2, 1) if len(said) >= k]
    cuts += [(said[:k], said[k:]) for k in (3, 2, 1) if len(said) >= k]
    for name, rest in cuts:
        one = heard.get(area_store.comparison_key("".join(name)))
        if one is not None:
            return [(one, list(rest))]
    return []


def _stray(meant: NamedPeople, rest: Sequence[str]) -> tuple[str, ...]:
    """Return what is no address. Words beside mentions are people's names and no mistake."""
    return meant.wrong if len(meant.people) and not rest else (*meant.wrong, *rest)


async def _is_this_room(ctx: Context, said: Sequence[str]) -> bool:
    """Tell whether the words mean this room: `here`, or its name."""
    if ctx.is_private:
        return False
    room: Room = await ctx.choose_room()
    heard = area_store.comparison_key("".join(said))
    return heard in {"aqui", "here", area_store.comparison_key(room.name)} and bool(heard)


async def _ask_area(ctx: Context, found: Sequence[RoomArea]) -> RoomArea | None:
    """Ask for the area; in a room, this room alone is an option too."""
    shown = list(found[:20])
    names = [one.name for one in shown]
    options: list[Line] = [verbatim(f"{n}) {name}") for n, name in enumerate(names, start=1)]
    if not ctx.is_private:
        options.append(_("{n}) only this room", n=len(options) + 1))
    answer = int(
        ctx.ask(
            "area",
            choice_of(len(options), names=names),
            _("Into which area?"),
            *options,
            _("Answer with the number."),
        )
    )
    return shown[answer - 1] if answer <= len(shown) else None
