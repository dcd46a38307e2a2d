"""Decides what a person may see and change, who moderates, and who outranks whom.

This is the only place that decides it. Being the author is not membership: whoever was removed or
may not speak in a room can neither see nor say anything there through the bot
(`docs/decisions/0020`).
"""

from __future__ import annotations

from typing import Protocol

from bot.capability.authority.access import ItemAccess
from bot.capability.errors import UserError
from bot.capability.request_state import RequestState
from bot.capability.services import MODERATORS
from bot.i18n import _
from bot.lines import Person
from bot.types import Membership, MembershipChanged, RoomId, UserId
from storage import rooms
from storage.database import Tx
from storage.items import Item
from storage.membership import departures
from storage.membership.room import Room
from storage.sections import handovers


class Authored(Protocol):
    """An item, or a row of a capability that has an author and a room."""

    @property
    def author(self) -> UserId:
        """The person who created the thing."""

    @property
    def room(self) -> RoomId:
        """The room that the thing belongs to, by which it is decided who may see it."""


MODERATOR_LEVEL = 50
"""The power level from which a person moderates a room."""
BEYOND_ROOM = _("That goes beyond this room, so I need a device that is confirmed as yours for it.")
CONFIRM_DEVICE = _("In your app: Settings, then Security or Encryption, then confirm this device.")


_GONE = (Membership.LEAVE, Membership.BAN)


# --- being there ------------------------------------------------------------------------------


async def has_left(ctx: RequestState, what: MembershipChanged) -> bool:
    """Return whether the person left the room, or was banned from it, and has not come back.

    Of a room that another one replaced this is never true: what is theirs moves along.
    """
    if what.after not in _GONE or (ctx.policy.room and ctx.policy.room.successor):
        return False
    return await rooms.membership(ctx.db, what.room, what.user) in _GONE  # it may be read late


async def is_in(ctx: RequestState, room: RoomId, person: UserId) -> bool:
    """Return whether the person is joined to the room, or still to the room that it replaced.

    Things of a person without a private room yet have the person's id as their room. Of a room that
    another bot answers in, it is never true.
    """
    if room == RoomId(person):
        return True
    if await handovers.is_idle(ctx.db, room):
        return False
    now = await rooms.membership(ctx.db, room, person)
    if now is not Membership.LEAVE:
        return now is Membership.JOIN
    before = await _predecessor(ctx.db, room)
    if before is None or not await _is_joined(ctx.db, before.room, person):
        return False
    # People removed from the new room are still joined to the old one, so that is not enough.
    return await departures.is_unknown(ctx.db, room, person)


async def is_in_any(ctx: RequestState, item: Item, person: UserId) -> bool:
    """Return whether the person is joined to one of the rooms in which the item is shown."""
    return await first_room_of(ctx, item, person) is not None


async def first_room_of(ctx: RequestState, item: Item, person: UserId) -> RoomId | None:
    """Return the first of the item's rooms that the person is joined to, with `this` room tried
    first; else None."""
    if item.stands_in(ctx.room) and await is_in(ctx, ctx.room, person):
        return ctx.room
    for room in await _shared_first(ctx, item, person):
        if await is_in(ctx, room, person):
            return room
    return None


async def _shared_first(ctx: RequestState, item: Item, person: UserId) -> tuple[RoomId, ...]:
    """Return the item's rooms, those first in which the server says that the person is."""
    if not item.others:
        return item.rooms
    shared = {room.room for room in await rooms.shared_rooms(ctx.db, person)}
    found: list[RoomId] = sorted(item.rooms, key=lambda room: room not in shared)
    return tuple(found)


async def may_speak(ctx: RequestState, room: RoomId, person: UserId) -> bool:
    """Return whether the person is joined to the room and not silenced (power below zero).

    Where only some may send messages, the others may still create items.
    """
    if not await is_in(ctx, room, person):
        return False
    if room == RoomId(person):
        return True
    for place in (await rooms.get(ctx.db, room), await _predecessor(ctx.db, room)):
        if place is not None and await _is_joined(ctx.db, place.room, person):
            return place.power_of(person) >= 0
    return False


async def was_removed(ctx: RequestState, room: RoomId, person: UserId) -> bool:
    """Return whether the person was removed from the room or may not speak there. Who left of their
    own will was not; of who is unknown it can't be said, so they were."""
    if await is_in(ctx, room, person):
        return not await may_speak(ctx, room, person)
    return not await departures.has_left_willingly(ctx.db, room, person)


async def require_voice(ctx: RequestState, place: RoomId) -> None:
    """Raise `UserError` if the person is in the room but may not speak there.

    People who are not in the room, which other checks refuse, and jobs pass.
    """
    if not ctx.is_trusted and place != ctx.room:
        raise UserError(BEYOND_ROOM, CONFIRM_DEVICE)
    if ctx.resume_point is None or not await is_in(ctx, place, ctx.who):
        return
    if not await may_speak(ctx, place, ctx.who):
        room = await rooms.get(ctx.db, place)
        raise UserError(
            _(
                "You can't write in “{room}” for now, so I don't say it there for you.",
                room=room.name or place if room else place,
            )
        )


def stays_in_room(ctx: RequestState, place: RoomId | None = None) -> bool:
    """Return whether something in `place` stays in the room that lets this device count.

    None as a place is a private room. Returns False only for what runs by itself and leaves it out;
    for a person who asked it raises `UserError`.
    """
    if ctx.is_trusted or place == ctx.room:
        return True
    if ctx.resume_point is not None:
        raise UserError(BEYOND_ROOM, CONFIRM_DEVICE)
    return False


async def _is_joined(tx: Tx, room: RoomId, person: UserId) -> bool:
    return await rooms.membership(tx, room, person) is Membership.JOIN


async def _predecessor(tx: Tx, room: RoomId) -> Room | None:
    """Return the room that this one replaced, if both rooms say so."""
    known = await rooms.get(tx, room)
    before = await rooms.get(tx, known.predecessor) if known and known.predecessor else None
    return before if before is not None and before.successor == room else None


async def can_see_in(ctx: RequestState, room: RoomId, person: UserId, *, network: bool) -> bool:
    """Return whether a person can see what was put into a room, or before the whole network."""
    if await is_in(ctx, room, person):
        return True
    return network and await rooms.shares_room(ctx.db, person)


# --- things -----------------------------------------------------------------------------------


async def may_see(ctx: RequestState, item: Item) -> bool:
    """Return whether the person is joined to a room of the item, or is the author of a personal
    item.

    From a device that counts in one room only, just that room's items.
    """
    if not ctx.is_trusted and not item.stands_in(ctx.room):
        return False
    of = ctx.registry.features.get(item.feature)
    if item.author == ctx.who and of is not None and item.kind in of.personal_kinds:
        return True
    if not ctx.is_trusted:
        return await is_in(ctx, ctx.room, ctx.who)
    return await is_in_any(ctx, item, ctx.who)


async def may_see_of(
    ctx: RequestState, owner: UserId, room: RoomId, person: UserId, *, network: bool
) -> bool:
    """Return whether the person may see what its owner put into a room, or before the network.

    The owner must be there still. To others than the owner, a device that counts in one room only
    shows what is of that room.
    """
    if not await can_see_in(ctx, room, owner, network=network):
        return False
    if person == owner:
        return True
    if not ctx.is_trusted and room != ctx.room:
        return False
    return await can_see_in(ctx, room, person, network=network)


def is_author(ctx: RequestState, item: Authored) -> bool:
    """Return whether the person created the thing. For wording and logs only, not for
    permission."""
    return item.author == ctx.who


async def may_change(ctx: RequestState, item: Authored) -> bool:
    """Return whether the person created the thing or moderates its room, and may speak there.

    For `TAKES_BACK` also a creator who left of their own will.
    """
    place = item.room
    if isinstance(item, Item) and item.others:
        if not ctx.is_trusted:  # what is done there is done in other rooms too
            return False
        if item.author == ctx.who:
            place = await first_room_of(ctx, item, ctx.who) or place
    return await may_change_for(ctx, place, item.author)


async def may_change_for(ctx: RequestState, room: RoomId, whose: UserId) -> bool:
    """Return whether the person may change something that `whose` keeps or offers in a room: see
    `may_change`."""
    if not ctx.is_trusted and room != ctx.room:
        return False
    if await may_speak(ctx, room, ctx.who):
        return whose == ctx.who or await moderates(ctx, room, ctx.who)
    return ctx.does is ItemAccess.TAKES_BACK and await _left_willingly(ctx, room, whose)


async def _left_willingly(ctx: RequestState, room: RoomId, whose: UserId) -> bool:
    """Return whether it is the person's own and they left the room of their own will."""
    if whose != ctx.who or await is_in(ctx, room, ctx.who):
        return False
    return await departures.has_left_willingly(ctx.db, room, ctx.who)


async def can_reach(ctx: RequestState, item: Item) -> bool:
    """Return whether the item may be shown to this person by this command; if not, they hear that
    there is none.

    Raises `UserError` if they see it but may not speak there.
    """
    if not await may_see(ctx, item):
        return (ctx.does is ItemAccess.VOTES and await _said_there(ctx, item)) or (
            ctx.does is ItemAccess.TAKES_BACK
            and ctx.is_trusted
            and await _left_willingly(ctx, item.room, item.author)
        )
    await require_voice_to_change(ctx, await first_room_of(ctx, item, ctx.who) or item.room)
    return True


async def may_answer(ctx: RequestState, item: Item) -> bool:
    """Return whether the person may see the item, or could when they said what is read now."""
    return await may_see(ctx, item) or await _said_there(ctx, item)


async def _said_there(ctx: RequestState, item: Item) -> bool:
    """Return whether this was said in a room of the item: by somebody who was in it then, as a
    homeserver takes nothing from others, and shows nobody what it takes against its present state.

    Live too it may be read only when they are gone: the room's state is read before what was said,
    and a key may come late.
    """
    return item.stands_in(ctx.room) and not await handovers.is_idle(ctx.db, ctx.room)


async def require_voice_to_change(ctx: RequestState, room: RoomId) -> None:
    """Raise `UserError` if the command changes items and the person may not speak in their room."""
    if ctx.does in (ItemAccess.CHANGES, ItemAccess.TAKES_BACK):
        await require_voice(ctx, room)


# --- power ------------------------------------------------------------------------------------


async def moderates(ctx: RequestState, room: RoomId, person: UserId) -> bool:
    """Return whether the person moderates the room by power or by a role, and may speak there."""
    power = await ctx.power_of(person, room)
    if power >= MODERATOR_LEVEL or power < 0:
        return power >= MODERATOR_LEVEL
    for given in ctx.registry.offers(MODERATORS):
        if person in await given(ctx, room):
            return True
    return False


async def moderated_rooms(ctx: RequestState) -> list[Room]:
    """Return the rooms that the person shares with the bot and moderates."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    return [room for room in shared if await moderates(ctx, room.room, ctx.who)]


async def moderators(ctx: RequestState, room: RoomId) -> list[UserId]:
    """Return everybody joined who moderates the room by power or by a role, without the bot."""
    known = await rooms.get(ctx.db, room)
    if known is None:
        return []
    levels = known.power.get("users")
    named = {*known.creators, *(levels if isinstance(levels, dict) else ())}
    if known.power_of(UserId("")) >= MODERATOR_LEVEL:  # everybody moderates by default
        named |= set(await rooms.members(ctx.db, room))
    for given in ctx.registry.offers(MODERATORS):
        named |= set(await given(ctx, room))
    found = [UserId(one) for one in sorted(named) if one != ctx.me]
    return [person for person in found if await moderates(ctx, room, person)]


def has_moderator_power(room: Room, person: UserId) -> bool:
    """Return whether the person's own power level in the room suffices to moderate."""
    return is_moderator_level(room.power_of(person))


def is_moderator_level(level: int) -> bool:
    """Return whether this power level suffices to moderate."""
    return level >= MODERATOR_LEVEL


async def outranks(ctx: RequestState, room: Room, person: UserId) -> bool:
    """Return whether the person may act against another one through the bot's power.

    The bot's power is not theirs: the room's rules protect equals and superiors. Against people who
    do not moderate a role suffices. What several agreed to or the room decided may be against
    anybody.
    """
    if ctx.is_agreed or ctx.who in (ctx.me, person):
        return True
    if not await moderates(ctx, room.room, person) and not has_moderator_power(room, person):
        return True
    return await ctx.power_of(ctx.who, room.room) > room.power_of(person)


async def require_rank(ctx: RequestState, room: Room, person: UserId) -> None:
    """Raise `UserError` if the person does not outrank the other one in the room."""
    if not await outranks(ctx, room, person):
        raise UserError(
            _(
                "You can't do that: {who} moderates “{room}” as you do.",
                who=Person(person, full=True),
                room=room.name or room.room,
            ),
            _("It is for the room to decide."),
        )
