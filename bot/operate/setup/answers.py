"""What each answer at `minga init` has to be. A wrong one is told with what is right."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import click

from bot.i18n import _
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import tell

MOST_TYPED = 2000
"""Letters of one answer that are looked at."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A homeserver that answers. `name` is None where it does not tell it."""

    address: str
    name: str | None


def check_homeserver(typed: str, *, plain_http: bool) -> FoundServer:
    """Return the homeserver that the operator typed: an address, a server's name or an account.

    Says it if its clock is not ours. Raises `Stop` or `Unreachable`.
    """
    from bot.matrix.login import is_too_old
    from bot.matrix.login_sentences import TOO_OLD
    from bot.operate.config_checks import OPEN_WAY, is_open_way
    from bot.operate.doctor.server_checks import judge_clock
    from bot.operate.server_discovery import find_homeserver, find_server_name, probe_homeserver

    if typed.startswith("@"):
        typed = typed.partition(":")[2]
    typed = re.split(r"/_matrix\b|/?#", typed[:MOST_TYPED])[0]

    async def look() -> FoundServer:
        address = await find_homeserver(typed)
        if is_open_way(address) and not plain_http:
            raise Stop(OPEN_WAY)
        answer = await probe_homeserver(address)
        if is_too_old(answer.versions):
            raise Stop(TOO_OLD)
        tell(_("{homeserver} answers.", homeserver=address))
        clock = judge_clock(answer.date)
        if not clock.is_fine:
            click.echo(clock.what)
        return FoundServer(address, await find_server_name(address))

    return asyncio.run(look())


def check_account_name(typed: str, server: FoundServer) -> str:
    """Return the full id of the bot's account; a bare name is completed. Raises `Stop`."""
    from bot.operate.doctor.server_checks import other_server_line

    user = typed if typed.startswith("@") else f"@{typed}"
    if ":" not in user and server.name is not None:
        user = f"{user}:{server.name}"
    name, colon, where = user.partition(":")
    if name != name.lower():
        user = f"{name.lower()}{colon}{where}"
        tell(_("Accounts are written in small letters: {user}", user=user))
    elif user != typed:
        check_value("matrix", "user_id", user)
        tell(_("The account is {user}.", user=user))
    check_value("matrix", "user_id", user)
    if server.name is not None and where != server.name:
        raise Stop(other_server_line(server.address, server.name, user))
    return user


def check_network_name(typed: str) -> str:
    """Return the network's name as typed. Raises `ConfigError` if it can't be used."""
    check_value("network", "name", typed)
    return typed


def check_language(typed: str) -> str:
    """Return the code of a language that we speak, from its code or name. Raises `Stop`."""
    from bot.capability.settings import Language, UnfitValue

    try:
        return Language().read(typed)
    except UnfitValue:
        raise Stop(_("It speaks es (español), pt (português) and en (English).")) from None


def check_time_zone(typed: str) -> str:
    """Return the name of a time zone, from its name or a city's. Raises `Stop` or `ConfigError`."""
    from bot.dates.zones import find_zone

    found = find_zone(typed)
    if isinstance(found, tuple):
        raise Stop(_("There are several: {zones}. Give one of them.", zones=", ".join(found)))
    zone = found or typed
    check_value("network", "timezone", zone)
    if zone != typed:
        tell(_("The time zone is {zone}.", zone=zone))
    return zone


def check_moderators(typed: str, server: FoundServer, bot: str) -> list[str]:
    """Return the moderators' accounts, completed where only a name was typed.

    Raises `Stop` for the bot's own account, for accounts that the homeserver does not have, and
    `ConfigError` for a text without any account.
    """
    from bot.operate.config_checks import own_moderator_line, split_accounts
    from bot.operate.doctor.account_checks import absent_line
    from bot.operate.setup.registration import has_account

    try:
        found = split_accounts(typed[:MOST_TYPED])
    except (ValueError, TypeError):
        found = [typed]
    people = list(dict.fromkeys(_complete(one, server) for one in found if one))
    check_value("network", "moderators", people)
    if bot in people:
        raise Stop(own_moderator_line(bot))

    async def absent() -> list[str]:
        seen = [(one, await has_account(server.address, one)) for one in people]
        return [one for one, there in seen if there is False]

    if missing := asyncio.run(absent()):
        raise Stop(*map(absent_line, missing))
    return people


def check_value(section: str, key: str, value: Any) -> None:
    """Check one value of the configuration as the bot does at its start. Raises `ConfigError` with
    the same line as there."""
    from pydantic import ValidationError

    from bot.operate.config import SECTIONS, ConfigError
    from bot.operate.config_errors import mistake_lines

    try:
        SECTIONS[section](**{key: value})
    except ValidationError as error:
        if lines := mistake_lines(error, SECTIONS, section=section, key=key):
            raise ConfigError(*lines) from None


def _complete(typed: str, server: FoundServer) -> str:
    """Return the account of a link to it, or of a bare name on the bot's own server."""
    typed = re.sub(r"^https://matrix\.to/#/(?:%40|@)", "@", typed)
    if ":" in typed or server.name is None:
        return typed
    return f"@{typed.removeprefix('@').lower()}:{server.name}"
