"""Checks values of the configuration."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from zoneinfo import available_timezones

from bot.i18n import _
from bot.operate.config_errors import MistakenValue
from bot.types import UserId

_USER = re.compile(r"@[\x21-\x39\x3b-\x7e]*:[A-Za-z0-9.\-\[\]:]{1,230}")


def check_user_id(value: str) -> UserId:
    """Return the id of an account. Raises `MistakenValue`."""
    if not _USER.fullmatch(value) or len(value) > 255:
        raise MistakenValue(_("an account looks like @name:server"))
    return UserId(value)


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
