"""Finds the item that a line is about: by its number or by a reply, if the person may reach it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.capability.authority import permission
from bot.capability.errors import MissingArgument, UserError
from bot.capability.feature import Command
from bot.capability.request_state import RequestState
from bot.capability.service import KindService
from bot.i18n import _
from bot.lines import Line
from bot.text.normalisation import shorten_line
from bot.text.numbers import split_number
from bot.text.titles import split_title
from bot.types import Number, RoomId
from storage import items, rooms
from storage.items import Item


@dataclass(slots=True)
class ItemLookup(RequestState):
    """The part of a `Context` that deals with items. A number means the same in all the network."""

    async def add_item(self, kind: str, title: str, room: RoomId | None = None) -> Number:
        """Create an item and return its number. Raises `UserError` without a right to speak."""
        place = room or self.room
        await permission.require_voice(self, place)
        return await items.add(self.db, self.feature, kind, place, self.who, title, self.said_at)

    async def may_see(self, item: Item) -> bool:
        """Return whether the person may see the item (`bot/capability/authority/permission.py`)."""
        return await permission.may_see(self, item)

    async def may_change(self, item: permission.Authored) -> bool:
        """Return whether the person is the item's author or moderates its room, and may speak
        there."""
        return await permission.may_change(self, item)

    def answer_privately_about(self, item: Item) -> Item:
        """Return the item. If it belongs to another room, switch the answer to private."""
        self.answer_privately |= not self.is_private and not item.stands_in(self.room)
        return item

    async def parse_item(self, text: str, *kinds: str, takes: int = 1) -> tuple[Item, str]:
        """Return the item that `text` names by number, and the rest of `text`.

        In a reply the number is optional. The first number is then read as the item's only if it is
        that of the item replied to and `text` holds more than `takes` numbers. Raises `UserError`
        without such an item, `MissingArgument` without a number.
        """
        replied = await self.replied_item(*kinds)
        numbered = split_number(text)
        if replied is not None:
            numbers = re.findall(r"\d+", text)
            if numbered is None or len(numbers) <= takes:
                return replied, text.strip()
            if numbered[0] == replied.number:
                return replied, numbered[1]
        if numbered is None:
            raise MissingArgument("number", _("the number"))
        number, rest = numbered
        found = await items.get(self.db, number)
        if found is None or not await permission.can_reach(self, found):
            raise self._no_such_item(number)
        if kinds and found.kind not in kinds:
            raise self._no_such_item(number, found)
        return self.answer_privately_about(found), rest

    async def item_called(self, text: str, *kinds: str) -> tuple[Item, str] | None:
        """Return the one open thing whose title the text begins with, and the rest of the text.

        In a room it is one of the room; in private one of the person's own, or if none fits, of
        the rooms shared with them. None if several fit alike.
        """
        if not self.is_private:
            return await self._only_called(text, kinds, await items.open_of(self.db, self.room))
        own = [one for one in await items.items_by(self.db, self.who) if one.open]
        if any(split_title(text, one.title) for one in own if not kinds or one.kind in kinds):
            return await self._only_called(text, kinds, own)
        places = [room.room for room in await rooms.shared_rooms(self.db, self.who)]
        return await self._only_called(text, kinds, await items.open_of(self.db, *places))

    async def _only_called(
        self, text: str, kinds: Sequence[str], among: Sequence[Item]
    ) -> tuple[Item, str] | None:
        """Return the one of these things that the text names best, and the rest of the text."""
        found = [
            (*said, one)
            for one in among
            if (not kinds or one.kind in kinds) and (said := split_title(text, one.title))
        ]
        most = max((count for count, *_rest in found), default=0)
        fitting = [(one, rest) for count, rest, one in found if count == most]
        if len(fitting) != 1 or not await permission.can_reach(self, fitting[0][0]):
            return None
        return fitting[0]

    def _no_such_item(self, number: Number, other: Item | None = None) -> UserError:
        """Return the refusal of a number. `other`: what it is, if the asker may see it.

        Its title is said only where its room reads along, or in private.
        """
        if other is not None and (self.is_private or other.stands_in(self.room)):
            refusal = _(
                "{number} is “{title}”: that can't be done with it.",
                number=other.number,
                title=shorten_line(other.title),
            )
        else:
            refusal = _("There is no number {number} here.", number=number)
        return UserError(refusal, _("What is open: `!pending`"))

    async def replied_item(self, *kinds: str) -> Item | None:
        """Return the item that the replied message is about, or None if it is of no such kind."""
        if self.origin.reply_to is None:
            return None
        item = await items.item_about(self.db, self.origin.reply_to)
        if item is None or (kinds and item.kind not in kinds):
            return None
        if not await permission.can_reach(self, item):
            return None
        return self.answer_privately_about(item)

    async def example_number(
        self, feature: str | None = None, otherwise: int = 57, kinds: Sequence[str] = ()
    ) -> int:
        """Return a number for an example: the newest fitting item's, else `otherwise`.

        In private only the person's own items count, unless a capability or kinds are given.
        """
        if not self.is_private:
            found = await items.newest_open(self.db, feature, rooms=(self.room,), kinds=kinds)
            return found or otherwise
        shared = await rooms.shared_rooms(self.db, self.who) if feature or kinds else []
        there = [room.room for room in shared]
        found = await items.newest_open(self.db, feature, rooms=there, author=self.who, kinds=kinds)
        return found or otherwise

    async def example_line(self, command: Command) -> Line:
        """Return the command's example, with the number of an item here if there is one."""
        values = command.example.values
        if "number" not in values:
            return command.example
        own = self.registry.features[command.feature].reply_handlers and not command.item_kinds
        feature = command.feature if own else None
        number = await self.example_number(feature, values["number"], command.item_kinds)
        return replace(command.example, values={**values, "number": number})


async def line_about(
    ctx: RequestState, service: KindService[[Item], str | None], text: str
) -> str | None:
    """Return the command line for the act of this service on an item, such as `done 57`. The item
    is that whose number is all or the beginning of `text`, or that of the message replied to.

    None if there is no such item, or its kind has no such act for this person: they hear the same
    for both.
    """
    if (numbered := split_number(text)) is not None:
        item, rest = await items.get(ctx.db, numbered[0]), numbered[1]
    else:
        replied = ctx.origin.reply_to
        item, rest = (await items.item_about(ctx.db, replied) if replied else None), text
    if item is None:
        return None
    for offer in ctx.registry.offers(service.of(item.kind)):
        line = await offer(ctx, item)
        if line is not None:
            return f"{line} {rest}".strip()
    return None
