"""Checks values of the configuration."""

from __future__ import annotations

import ipaddress
import json
import re
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from bot.i18n import _
from bot.lines import Line
from bot.operate.config_errors import MistakenValue
from bot.types import UserId

OPEN_WAY = _(
    "matrix.homeserver: http is only for this machine itself. Expected: https, such"
    " as https://matrix.example.org (inside a network of containers: plain_http ="
    " true under [trust])"
)
_USER = re.compile(r"@[\x21-\x39\x3b-\x7e]*:[A-Za-z0-9.\-\[\]:]{1,230}")


def check_user_id(value: str) -> UserId:
    """Return the typed id of an account. Raises `MistakenValue` if it is none."""
    if not _USER.fullmatch(value) or len(value) > 255:
        raise MistakenValue(_("an account looks like @name:server"))
    return UserId(value)


def split_accounts(value: str) -> list[str]:
    """Return the accounts in a text: a JSON list, or separated by spaces or commas.

    Raises `ValueError` if it begins like a list and is none.
    """
    if not value.lstrip().startswith("["):
        return re.split(r"[\s,]+", value.strip())
    found = json.loads(value)
    if not isinstance(found, list):
        raise TypeError("not a list")
    return [str(one) for one in found]


def own_moderator_line(user: str) -> Line:
    """Return the complaint about a bot that is among its own moderators."""
    return _(
        "network.moderators: {user} is the bot itself. Expected: the accounts of people", user=user
    )


def check_address(value: str) -> str:
    """Return the typed address of a server. Raises `MistakenValue` if it is none."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise MistakenValue(_("it is not an address of the web"))
    if parts.username or parts.query or parts.fragment:
        raise MistakenValue(_("it must hold nothing but the server"))
    return value.rstrip("/")


def is_open_way(address: str) -> bool:
    """Return whether what is sent to this address leaves the machine without encryption."""
    parts = urlsplit(address)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@cache
def time_zones() -> frozenset[str]:
    """Return the names of all time zones of the IANA list."""
    return frozenset(available_timezones())
