"""`!invite @name:server area`: invite people into all rooms of an area, or into one room."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    Answer,
    Context,
    Line,
    Room,
    RoomId,
    UserError,
    UserId,
    _,
    choice,
    verbatim,
    words,
)
from commands.onboarding.areas import permissions, spaces
from commands.onboarding.areas import store as areas
from commands.onboarding.areas.store import Area
from commands.onboarding.declaration import NEWCOMERS, feature
from commands.onboarding.invitations import store, waves
from commands.onboarding.invitations.addresses import Meant, read, without_fillers
from commands.onboarding.invitations.store import Row, State

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
    """Invite people, up to `MOST` at a time, with a result for each.

    Raises `UserError` if nobody is named, for an unknown area, without the right, and beyond
    limits.
    """
    meant = read(text, tuple(u for u in ctx.origin.mentions if u != ctx.me))
    area, meant = await _area(ctx, meant)
    people = [person for person in meant.people if person != ctx.me]
    if not people and not meant.wrong:
        raise UserError(_("Missing: who to invite, as `@name:server`."), EXAMPLE)
    if len(people) + len(meant.wrong) > MOST:
        raise UserError(
            _("That are {count} people; I invite {most} at a time.",
              count=len(people) + len(meant.wrong), most=MOST),
            _("Please send me the list in parts."),
        )  # fmt: skip
    if await store.open_lists(ctx.db, ctx.who) >= MOST_LISTS:
        raise UserError(_("Your other invitations are still running. Please wait for them."))
    return await _begun(ctx, area, people, meant.wrong)


async def _begun(
    ctx: Context, area: Area | None, people: Sequence[UserId], wrong: Sequence[str]
) -> Answer:
    places = await permissions.rooms_of(ctx, area) if area else [await ctx.place()]
    if not places:
        raise UserError(_("I am in no room of “{name}”.", name=area.name if area else ""))
    around, trusted = await spaces.around(ctx, places, area, ctx.who) if area else ([], frozenset())
    places = [*places, *around]
    rows = await waves.planned(ctx, people, places, area, ctx.who, trusted)
    if rows and all(row.state is State.NOT_YOURS for row in rows):
        raise UserError(
            _("You can't invite there: it is for those who moderate its rooms."),
            _("The areas and their rooms: `!area`"),
        )
    rows += [Row(typed, RoomId(""), State.WRONG) for typed in wrong]
    name = area.name if area else permissions.called(places[0])
    for room in places:
        count = sum(row.room == room.room and row.state is State.WAITING for row in rows)
        if count:
            await ctx.log("invited", {"count": count}, room=room.room)
    return await waves.begin(ctx, name, rows)


# --- the area -------------------------------------------------------------------------------------


async def _area(ctx: Context, meant: Meant) -> tuple[Area | None, Meant]:
    """Return the area that is named or asked for, None for this room, and the people."""
    found = await permissions.visible(ctx)
    said = without_fillers(meant.words)
    for one, rest in _named(found, said):
        return one, Meant(meant.people, _stray(meant, rest), ())
    if said and not ctx.origin.mentions:
        if await _is_this_room(ctx, said):
            return None, Meant(meant.people, meant.wrong, ())
        raise permissions.unknown(said[-1], found)
    if not found or not (meant.people or meant.wrong):
        return None, meant
    return await _asked(ctx, found), meant


def _named(found: Sequence[Area], said: Sequence[str]) -> list[tuple[Area, list[str]]]:
    """Return the area whose name ends or begins the words, and the words without it."""
    heard = {areas.compared(one.name): one for one in found}
    cuts = [(said[-k:], said[:-k]) for k in (3, 2, 1) if len(said) >= k]
    cuts += [(said[:k], said[k:]) for k in (3, 2, 1) if len(said) >= k]
    for name, rest in cuts:
        one = heard.get(areas.compared("".join(name)))
        if one is not None:
            return [(one, list(rest))]
    return []


def _stray(meant: Meant, rest: Sequence[str]) -> tuple[str, ...]:
    """Return what is no address. Words beside mentions are people's names and no mistake."""
    return meant.wrong if len(meant.people) and not rest else (*meant.wrong, *rest)


async def _is_this_room(ctx: Context, said: Sequence[str]) -> bool:
    """Tell whether the words mean this room: `here`, or its name."""
    if ctx.private:
        return False
    room: Room = await ctx.place()
    heard = areas.compared("".join(said))
    return heard in {"aqui", "here", areas.compared(room.name)} and bool(heard)


async def _asked(ctx: Context, found: Sequence[Area]) -> Area | None:
    """Ask for the area; in a room, this room alone is an option too."""
    shown = list(found[:20])
    names = [one.name for one in shown]
    options: list[Line] = [verbatim(f"{n}) {name}") for n, name in enumerate(names, start=1)]
    if not ctx.private:
        options.append(_("{n}) only this room", n=len(options) + 1))
    answer = int(ctx.ask("area", choice(len(options), names=names), _("Into which area?"),
                         *options, _("Answer with the number.")))  # fmt: skip
    return shown[answer - 1] if answer <= len(shown) else None
