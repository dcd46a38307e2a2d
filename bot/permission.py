"""May this person see it, change it, take it back? Who moderates, who outranks whom?

The one place that answers. Authorship is never membership: whoever was put out of a room, or may
not speak there, gets through the bot neither a look nor a word (`docs/decisions/0020`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.errors import UserError
from bot.feature import Does
from bot.i18n import _
from bot.types import Membership, Person, RoomId, UserId
from storage import parting, rooms, settings
from storage.database import Tx
from storage.items import Item
from storage.rooms import Room

if TYPE_CHECKING:
    from bot.context import Context


class Authored(Protocol):
    """An item, or what a capability keeps of one."""

    @property
    def author(self) -> UserId: ...

    @property
    def room(self) -> RoomId: ...


MODERATES = 50
"""From this power on somebody moderates a room."""
BEYOND = _("That goes beyond this room, so I need a device that is confirmed as yours for it.")
STEPS = _("In your app: Settings, then Security or Encryption, then confirm this device.")


# --- being there ------------------------------------------------------------------------------


async def is_in(ctx: Context, room: RoomId, person: UserId) -> bool:
    """Is the person joined to the room, or still in the one that it goes on from?

    Where somebody has no private room with us yet, what is theirs alone has them for its place.
    """
    if room == RoomId(person):
        return True
    now = await rooms.membership(ctx.db, room, person)
    if now is not Membership.LEAVE:
        return now is Membership.JOIN
    before = await _before(ctx.db, room)
    if before is None or not await _joined(ctx.db, before.room, person):
        return False
    # Whoever is put out of the new room stays in the old one: nobody removes them there as well.
    return await parting.never_came(ctx.db, room, person)


async def has_voice(ctx: Context, room: RoomId, person: UserId) -> bool:
    """Are they there, and not silenced? Below zero is who was silenced.

    In a room where only some may write, others still make things.
    """
    if not await is_in(ctx, room, person):
        return False
    if room == RoomId(person):
        return True
    for place in (await rooms.get(ctx.db, room), await _before(ctx.db, room)):
        if place is not None and await _joined(ctx.db, place.room, person):
            return place.power_of(person) >= 0
    return False


async def need_voice(ctx: Context, place: RoomId) -> None:
    """Nobody says through the bot what they may not say themselves. Raises `UserError`.

    Who is not in the room is another question, and what runs by itself has no voice to ask for.
    """
    if not ctx.trusted and place != ctx.room:
        raise UserError(BEYOND, STEPS)
    if ctx.road is None or not await is_in(ctx, place, ctx.who):
        return
    if not await has_voice(ctx, place, ctx.who):
        room = await rooms.get(ctx.db, place)
        raise UserError(
            _("You can't write in “{room}” for now, so I don't say it there for you.",
              room=room.name or place if room else place)
        )  # fmt: skip


def stays(ctx: Context, place: RoomId | None = None) -> bool:
    """Does it stay in the room that lets this device count? Without a place it is in private.

    False only in what runs by itself, which leaves it out; whoever asks is refused (`UserError`).
    """
    if ctx.trusted or place == ctx.room:
        return True
    if ctx.road is not None:
        raise UserError(BEYOND, STEPS)
    return False


async def _joined(tx: Tx, room: RoomId, person: UserId) -> bool:
    return await rooms.membership(tx, room, person) is Membership.JOIN


async def _before(tx: Tx, room: RoomId) -> Room | None:
    """The room that this one goes on from, if that says so too."""
    known = await rooms.get(tx, room)
    before = await rooms.get(tx, known.predecessor) if known and known.predecessor else None
    return before if before is not None and before.successor == room else None


# --- things -----------------------------------------------------------------------------------


async def may_see(ctx: Context, item: Item) -> bool:
    """Whoever is in its room; of what is personal, its author wherever they are.

    From a device that counts in one room alone, that room's things.
    """
    if not ctx.trusted and item.room != ctx.room:
        return False
    if item.author == ctx.who and item.kind in ctx.registry.features[item.feature].personal:
        return True
    return await is_in(ctx, item.room, ctx.who)


def is_author(ctx: Context, item: Authored) -> bool:
    """Is it theirs? For how it is said and logged; who *may* is asked of the others here."""
    return item.author == ctx.who


async def may_change(ctx: Context, item: Authored) -> bool:
    """Its author or who moderates its room, as long as they are there and may speak.

    Where the command only takes something back, also its author who left by their own will.
    """
    return await has_say(ctx, item.room, item.author)


async def has_say(ctx: Context, room: RoomId, whose: UserId) -> bool:
    """The same of what somebody keeps or offers in a room."""
    if not ctx.trusted and room != ctx.room:
        return False
    if await has_voice(ctx, room, ctx.who):
        return whose == ctx.who or await moderates(ctx, room, ctx.who)
    return ctx.does is Does.TAKES_BACK and await _left_it(ctx, room, whose)


async def _left_it(ctx: Context, room: RoomId, whose: UserId) -> bool:
    """Is it of who left by their own will? Not of who was put out, nor of who is silenced there."""
    if whose != ctx.who or await is_in(ctx, room, ctx.who):
        return False
    return await parting.parted(ctx.db, room, ctx.who)


async def reaches(ctx: Context, item: Item) -> bool:
    """Is there such a thing for this person, for what the command does with it?

    Raises `UserError` where they see it but may not speak there.
    """
    if not await may_see(ctx, item):
        return (
            ctx.does is Does.TAKES_BACK
            and ctx.trusted
            and await _left_it(ctx, item.room, item.author)
        )
    await need_to_act(ctx, item.room)
    return True


async def need_to_act(ctx: Context, room: RoomId) -> None:
    """Of a thing of this room that is looked up elsewhere: a voice, for a command that changes it.

    Raises `UserError`.
    """
    if ctx.does in (Does.CHANGES, Does.TAKES_BACK):
        await need_voice(ctx, room)


# --- power ------------------------------------------------------------------------------------


async def moderates(ctx: Context, room: RoomId, person: UserId) -> bool:
    """By power, or by a role that the room gave; nobody who is not in it, or may not even speak."""
    power = await ctx.power(person, room)
    if power >= MODERATES or power < 0:
        return power >= MODERATES
    for given in ctx.registry.services("moderators"):
        if person in await given(ctx, room):
            return True
    return False


async def moderators(ctx: Context, room: RoomId) -> list[UserId]:
    """Whoever moderates the room and is in it, by power or by a role; not the bot."""
    known = await rooms.get(ctx.db, room)
    if known is None:
        return []
    levels = known.power.get("users")
    named = {*known.creators, *(levels if isinstance(levels, dict) else ())}
    if known.power_of(UserId("")) >= MODERATES:  # everybody may
        named |= set(await rooms.members(ctx.db, room))
    for given in ctx.registry.services("moderators"):
        named |= set(await given(ctx, room))
    found = [UserId(one) for one in sorted(named) if one != ctx.me]
    return [person for person in found if await moderates(ctx, room, person)]


def has_power(room: Room, person: UserId) -> bool:
    """Has the person power of their own to moderate, whatever roles say?"""
    return is_enough(room.power_of(person))


def is_enough(level: int) -> bool:
    """Does who has this power moderate?"""
    return level >= MODERATES


async def outranks(ctx: Context, room: Room, person: UserId) -> bool:
    """May who asks have something done to this person by the bot's power?

    The bot's power is not the asker's: nobody gets through it what the room's rules deny them,
    power over their equals and those above. Against who does not moderate a role is enough.
    What several agreed to, or the room decided, may be against anybody.
    """
    if ctx.agreed or ctx.who in (ctx.me, person):
        return True
    if not await moderates(ctx, room.room, person) and not has_power(room, person):
        return True
    return await ctx.power(ctx.who, room.room) > room.power_of(person)


async def need_rank(ctx: Context, room: Room, person: UserId) -> None:
    """Raises `UserError` where who asks stands no higher than whom it is against."""
    if not await outranks(ctx, room, person):
        raise UserError(
            _("You can't do that: {who} moderates “{room}” as you do.",
              who=Person(person, full=True), room=room.name or room.room),
            _("It is for the room to decide."),
        )  # fmt: skip


async def moderators_room(tx: Tx) -> RoomId | None:
    """The one that was chosen, else the room that the bot entered first."""
    chosen = await settings.rooms_with(tx, "moderation", "yes")
    joined = [room for room in await rooms.common_rooms(tx) if room.kind != "m.space"]
    here = {room.room for room in joined}
    for room in chosen:
        if room in here:
            return room
    first = min(joined, key=lambda one: (one.entered, one.room), default=None)
    return first.room if first else None
