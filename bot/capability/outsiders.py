"""Who from outside is in a room: people of another service behind a bridge, and who reads along.

A room's state names its bridges (MSC2346), and a bridge gives each person of the other service an
account of its own server, whose name begins with the service's. Both together are sure, unless a
person could have chosen that name and a moderator named the bridge. The name alone is a guess: it
costs a greeting at most, never a vote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.capability.context import Context
from bot.capability.settings import Setting, Switch
from bot.i18n import _, n_
from bot.lines import Line
from bot.text.command_words import words
from bot.text.normalisation import one_line, strip_hidden
from bot.types import RoomId, UserId
from storage import rooms
from storage.database import Tx
from storage.membership import room_outsiders
from storage.membership.room_outsiders import Bridge

BRIDGED_PEOPLE = Setting(
    "bridged_people",
    words("gente-de-puentes", "gente-de-pontes", "bridged-people"),
    Switch(),
    "no",
    _("People from another service, who come by a bridge, are greeted here and may vote."),
)
SERVICES = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "signal": "Signal",
    "discord": "Discord",
    "facebook": "Facebook",
    "messenger": "Messenger",
    "meta": "Meta",
    "instagram": "Instagram",
    "irc": "IRC",
    "slack": "Slack",
    "xmpp": "XMPP",
    "bifrost": "Bifrost",
    "gmessages": "Google Messages",
    "googlechat": "Google Chat",
    "imessage": "iMessage",
    "linkedin": "LinkedIn",
    "twitter": "Twitter",
    "mattermost": "Mattermost",
    "line": "LINE",
    "wechat": "WeChat",
    "viber": "Viber",
}
"""Services by the word with which their bridges' accounts begin. Only these are taken for sure: a
moderator must not be able to take anybody's vote by naming a bridge after the first letters."""
_ACCOUNT = re.compile(
    r"@_?(?P<service>[a-z]+)(?:(?:\.[a-z0-9.-]+)?_(?P<rest>[^:]+)|-?(?P<bot>bot)):(?P<server>.+)"
)
_GIVEN_BY_MACHINE = re.compile(r"(?:lid-)?\d{5,}|[0-9a-f]{8}-[0-9a-f-]{27}|bot")
"""What only a bridge calls an account: a telephone number, or the service's own number."""
_MOST_LETTERS = 40
_OF_META = ("facebook", "instagram", "messenger")
"""Services to which one bridge leads, with accounts of one form."""


class BridgeSign(StrEnum):
    """How it is known that an account stands for somebody of another service."""

    SURE = "sure"  # the room names the bridge, and the account is of its server and its form;
    # a form that people choose too, such as `@line_manager`, only if the bridge names itself
    LIKELY = "likely"  # only the account's name says so


@dataclass(frozen=True, slots=True)
class OutsideReaders:
    """Who outside of Matrix reads a room, and who checks its messages.

    `services` are names, which may be the bridge's own words. `likely`: accounts that look like a
    bridge's while no bridge is named, and `likely_services` to which they would belong.
    `policy_servers` see each event before the others.
    """

    services: tuple[str, ...] = ()
    likely: tuple[UserId, ...] = ()
    likely_services: tuple[str, ...] = ()
    policy_servers: tuple[str, ...] = ()


async def bridge_signs(tx: Tx, room: RoomId, people: Iterable[UserId]) -> dict[UserId, BridgeSign]:
    """Return, of these people, those who come by a bridge from another service or are a bridge, and
    how that is known."""
    named = await room_outsiders.bridges_in(tx, room)
    signs = ((person, _sign(person, named)) for person in people)
    return {person: sign for person, sign in signs if sign is not None}


async def bridge_sign(tx: Tx, room: RoomId, person: UserId) -> BridgeSign | None:
    """Return the sign by which the bot knows that a person comes by a bridge from another service,
    or None."""
    return (await bridge_signs(tx, room, [person])).get(person)


def _sign(person: UserId, named: Sequence[Bridge]) -> BridgeSign | None:
    if any(one.by_itself and one.bot == person for one in named):
        return BridgeSign.SURE
    form = _ACCOUNT.fullmatch(person.lower())
    if form is None or form["service"] not in SERVICES:
        return None
    machine = form["bot"] or _GIVEN_BY_MACHINE.fullmatch(form["rest"] or "")
    mine = (one for one in named if form["server"] == one.server and _is_of(form["service"], one))
    if any(machine or one.by_itself for one in mine):
        return BridgeSign.SURE
    return BridgeSign.LIKELY if machine else None


def _is_of(service: str, bridge: Bridge) -> bool:
    """Return whether the bridge is to this service: bridges write `facebook` or `facebookgo`."""
    named = bridge.service.removesuffix("go")
    return named == service or (service == "meta" and named in _OF_META)


async def surely_bridged(tx: Tx, room: RoomId, people: Iterable[UserId]) -> frozenset[UserId]:
    """Return which of the people come by a bridge for certain."""
    signs = await bridge_signs(tx, room, people)
    return frozenset(person for person, sign in signs.items() if sign is BridgeSign.SURE)


async def count_as_members(ctx: Context, room: RoomId) -> bool:
    """Return whether the room's setting lets people behind a bridge be greeted, and vote."""
    return await ctx.setting_value(BRIDGED_PEOPLE, room) == "yes"


async def is_no_newcomer(ctx: Context, room: RoomId, person: UserId) -> bool:
    """Return whether the person is not to be greeted, because they come, or seem to come, by a
    bridge."""
    if await bridge_sign(ctx.db, room, person) is None:
        return False
    return not await count_as_members(ctx, room)


async def outside_readers(tx: Tx, room: RoomId) -> OutsideReaders:
    """Return which services outside Matrix read along in a room. A bridge that left the room no
    longer does."""
    here = await rooms.members(tx, room)
    named = await room_outsiders.bridges_in(tx, room)
    signs = await bridge_signs(tx, room, here)
    sure = [person for person, sign in signs.items() if sign is BridgeSign.SURE]
    at_work = [one for one in named if one.bot in here or _has_account(one, sure)]
    likely = tuple(person for person, sign in signs.items() if sign is BridgeSign.LIKELY)
    return OutsideReaders(
        tuple(dict.fromkeys(map(_service_name, at_work))),
        likely,
        tuple(dict.fromkeys(map(_service_of, likely))),
        tuple(await room_outsiders.policy_servers_of(tx, room)),
    )


def _has_account(bridge: Bridge, people: Sequence[UserId]) -> bool:
    return any(_sign(person, [bridge]) is BridgeSign.SURE for person in people)


def _service_name(bridge: Bridge) -> str:
    """Return what people call the service; a bridge's own word if it is not known."""
    known = SERVICES.get(bridge.service.removesuffix("go"))
    return known or one_line(strip_hidden(bridge.name))[:_MOST_LETTERS] or bridge.server


def _service_of(account: UserId) -> str:
    """Return what people call the service of an account that looks like a bridge's."""
    form = _ACCOUNT.fullmatch(account.lower())
    return SERVICES[form["service"]] if form else ""


async def bridge_lines(tx: Tx, room: RoomId) -> list[Line]:
    """Return lines that warn that people outside of Matrix read along in a room, for certain or
    probably; or none."""
    found = await outside_readers(tx, room)
    if found.services:
        return [
            _(
                "A bridge is in this room: what is written here is also read in {services}.",
                services=found.services,
            )
        ]
    if found.likely:
        return [
            n_(
                "{count} account here looks like a bridge to another service, where what is"
                " written here is read too.",
                "{count} accounts here look like a bridge to another service, where what is"
                " written here is read too.",
                len(found.likely),
            )
        ]
    return []


async def policy_lines(tx: Tx, room: RoomId) -> list[Line]:
    """Return lines that say that a server checks each message of a room before others get it
    (MSC4284), or an empty list if there is no such server."""
    found = await outside_readers(tx, room)
    if not found.policy_servers:
        return []
    return [
        _(
            "The server {servers} checks each message of this room and may hold it back, votes"
            " too. It can't read what is encrypted.",
            servers=found.policy_servers,
        )
    ]
