"""The section `[watch]`: where the bot tells monitoring how it is; by default nowhere."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from bot.i18n import _
from bot.operate.config_checks import is_loopback
from bot.operate.config_errors import MistakenValue
from bot.operate.config_fields import Section, declare_key, read_text

NO_PORT = _("it is not an address of this machine with a port")


class WatchSection(Section):
    """Where monitoring asks for /healthz, /readyz and /metrics."""

    listen: str | None = declare_key(
        _("the address and port at which monitoring may ask how the bot is"),
        '"127.0.0.1:9464"',
        default=None,
    )
    token_file: Path | None = declare_key(
        _("a file that holds the token that monitoring has to show"),
        '"secrets/watch"',
        default=None,
    )

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            host_and_port(value)
        return value

    @model_validator(mode="after")
    def _asks_others_for_a_token(self) -> WatchSection:
        if self.listen and not is_loopback(host_and_port(self.listen)[0]) and not self.token_file:
            raise MistakenValue(
                _("where others than this machine can ask, token_file is needed too")
            )
        return self

    def token(self) -> str | None:
        """Return the token that monitoring has to show, or None if none is configured. Raises
        `ConfigError`."""
        return read_text(self.token_file, "watch.token_file")


def host_and_port(listen: str) -> tuple[str, int]:
    """Return the host and the port of `127.0.0.1:9464` or `[::1]:9464`. Raises `MistakenValue`."""
    try:
        parts = urlsplit(f"//{listen}")
        host, port = parts.hostname or "", parts.port or 0
        is_host = host == "localhost" or ipaddress.ip_address(host) is not None
    except ValueError:
        raise MistakenValue(NO_PORT) from None
    if not (is_host and port) or parts.netloc != listen or parts.username is not None:
        raise MistakenValue(NO_PORT)
    return host, port
