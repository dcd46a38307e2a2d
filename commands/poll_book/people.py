"""Find the person that typed text means: an address, a mention, or a unique name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.api import (
    Context,
    Line,
    Person,
    RoomId,
    Setting,
    UnfitValue,
    UserError,
    UserId,
    _,
    expand_links,
    fold,
    is_address,
    n_,
    outsiders,
    rooms,
    verbatim,
    words,
)

NOBODY_WORDS = frozenset(
    [
        "-",
        "–",
        "ninguno",
        "ninguna",
        "nadie",
        "nenhum",
        "nenhuma",
        "ninguem",
        "none",
        "nobody",
        "no",
        "nao",
        "sin",
        "sem",
    ]
)


@dataclass(frozen=True, slots=True)
class AddressList:
    """A setting that holds a list of addresses; `no` empties it."""

    most: int = 50

    def read(self, typed: str) -> str:
        found = re.split(r"[\s,;]+", typed.strip())
        if fold(typed.strip()) in NOBODY_WORDS:
            return ""
        if not all(map(is_address, found)) or len(found) > self.most:
            raise UnfitValue(_("addresses such as `@name:server`, or `no`"))
        return " ".join(dict.fromkeys(found))

    def show(self, kept: str) -> Line:
        return verbatim(kept) if kept else _("no")


BOTS = Setting(
    "bots",
    words("bots", "bots", "bots"),
    AddressList(),
    "",
    _("Bots besides me, by address: they never count among those who may vote."),
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of a room with their display names."""

    me: UserId
    names: Mapping[UserId, str]
    mentioned: tuple[UserId, ...]
    bots: frozenset[UserId]
    answering: Mapping[str, list[UserId]]
    """People by folded name: their display name, or the local part of their address."""
    bridged: frozenset[UserId] = frozenset()
    """Those who come by a bridge for sure: behind one, one person can be many accounts."""
    bridged_vote: bool = False
    strict: bool = False
    """Only addresses and mentions count, as anybody can take the name of somebody not here yet."""

    @classmethod
    async def read(cls, ctx: Context, room: RoomId) -> Crowd:
        """Return the people of a room, with their names and which of them may vote."""
        listed = (await ctx.setting_value(BOTS, room)).split()
        names = await rooms.member_names(ctx.db, room)
        answering: dict[str, list[UserId]] = {}
        for person, shown in names.items():
            for name in {_fold_name(shown), _fold_name(person[1:].split(":", 1)[0])} - {""}:
                answering.setdefault(name, []).append(person)
        return cls(
            ctx.me,
            names,
            ctx.origin.mentions,
            frozenset(map(UserId, listed)),
            answering,
            await outsiders.surely_bridged(ctx.db, room, names),
            await outsiders.count_as_members(ctx, room),
        )

    def is_bot(self, person: UserId) -> bool:
        """Return whether this account is the bot, or one of the bots that the room lists.

        Names do not tell: there is an @abbot.
        """
        return person == self.me or person in self.bots

    def has_no_vote(self, person: UserId) -> bool:
        """Return whether the account is a bot, or comes by a bridge where the room doesn't let them
        vote."""
        return self.is_bot(person) or (person in self.bridged and not self.bridged_vote)

    def bridged_lines(self) -> list[Line]:
        """Return a line with how many people have no vote because they come by a bridge, if any."""
        count = len(self.bridged) if not self.bridged_vote else 0
        if not count:
            return []
        return [
            n_(
                "{count} account comes by a bridge from another service, and has no vote.",
                "{count} accounts come by a bridge from another service, and have no vote.",
                count,
            ),
            _("So that people from a bridge vote too: `!config bridged-people yes`"),
        ]

    def people(self) -> list[UserId]:
        """Return everybody who is joined and may vote: no bots, and nobody behind a bridge."""
        return [person for person in self.names if not self.has_no_vote(person)]

    def everybody(self) -> list[UserId]:
        """Return everybody who is joined, without this bot and those who come by a bridge.

        The list of bots and the wish for votes by a bridge are ignored: moderators control both.
        """
        return replace(self, bots=frozenset(), bridged_vote=False).people()

    def called(self, typed: str) -> list[UserId]:
        """Return everybody whom the typed name can mean. An address means one person, in the room
        or not."""
        typed = expand_links(typed).strip(" \t\"'.,;<>()")
        if is_address(typed):
            return [UserId(typed)]
        found = self.answering.get(_fold_name(typed.removeprefix("@")), [])
        mentioned = [person for person in found if person in self.mentioned]
        return mentioned if mentioned or self.strict else found

    def one(self, typed: str) -> UserId:
        """Return the one person whom the typed name means. Raises `UserError` if it is nobody or
        several."""
        found = self.called(typed)
        if len(found) == 1:
            if self.is_bot(found[0]):
                raise UserError(
                    _("{person} is a bot, and bots don't vote.", person=Person(found[0], full=True))
                )
            if self.has_no_vote(found[0]):
                raise UserError(
                    _("{person} comes by a bridge.", person=Person(found[0], full=True)),
                    _("So that people from a bridge vote too: `!config bridged-people yes`"),
                )
            return found[0]
        if found:
            everyone = tuple(Person(person, full=True) for person in found[:5])
            raise UserError(
                _("Who is “{name}”? {people}", name=typed[:60], people=everyone),
                _("Write the address: `@name:server`"),
            )
        if self.strict:
            raise UserError(_("“{name}” is no address such as `@name:server`.", name=typed[:60]))
        raise UserError(
            _("I find nobody called “{name}” in this room.", name=typed[:60]),
            _("Write the address: `@name:server`"),
        )

    def split_trailing_name(self, text: str) -> tuple[str, str]:
        """Return the text before the mention that ends it, and the name mentioned."""
        for person in self.mentioned:
            for shown in (self.names.get(person, ""), person):
                if shown and text.endswith(shown):
                    return text[: -len(shown)].rstrip(" @"), shown
        return text, ""


def _fold_name(name: str) -> str:
    return " ".join(fold(name).split())


async def people_without_vote(
    ctx: Context, room: RoomId, people: Collection[UserId]
) -> frozenset[UserId]:
    """Return which of these people have no vote in a room, whether they are still there or not.

    They are bots, or come by a bridge where the room didn't want that.
    """
    crowd = await Crowd.read(ctx, room)
    crowd = replace(crowd, bridged=await outsiders.surely_bridged(ctx.db, room, people))
    return frozenset(person for person in people if crowd.has_no_vote(person))
