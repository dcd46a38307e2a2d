"""The section `[accounts]`: which right the bot has to give accounts of the homeserver."""

from __future__ import annotations

from pathlib import Path

from pydantic import field_validator, model_validator

from bot.i18n import _
from bot.operate.config_checks import check_address
from bot.operate.config_errors import MistakenValue
from bot.operate.config_fields import Section, declare_key, read_text


class AccountsSection(Section):
    """The right to give accounts of the homeserver with a code; without it nobody gets one."""

    synapse_token_file: Path | None = declare_key(
        _("a file that holds the access token of an administrator of Synapse, not of the bot"),
        '"secrets/synapse_admin"',
        default=None,
    )
    synapse_url: str | None = declare_key(
        _("where Synapse answers its admin API, if not at matrix.homeserver"),
        '"http://127.0.0.1:8008"',
        default=None,
    )
    mas_url: str | None = declare_key(
        _("where the Matrix Authentication Service answers its admin API"),
        '"https://auth.example.org"',
        default=None,
    )
    mas_client_id: str | None = declare_key(
        _("the client of the Matrix Authentication Service that is the bot's"),
        '"01J44RKQYM4G3TNVANTMTDYTX6"',
        default=None,
        max_length=100,
    )
    mas_client_secret_file: Path | None = declare_key(
        _("a file that holds that client's secret"), '"secrets/mas_client"', default=None
    )

    @field_validator("synapse_url", "mas_url")
    @classmethod
    def _safe_addresses(cls, value: str | None) -> str | None:
        return value and check_address(value)

    @model_validator(mode="after")
    def _one_office(self) -> AccountsSection:
        mas = (self.mas_url, self.mas_client_id, self.mas_client_secret_file)
        if any(mas) and not all(mas):
            raise MistakenValue(
                _("give mas_url, mas_client_id and mas_client_secret_file together")
            )
        if any(mas) and self.synapse_token_file:
            raise MistakenValue(_("give synapse_token_file or the keys of mas, not both"))
        return self

    def synapse_token(self) -> str | None:
        """Return the administrator's token, or None. Raises `ConfigError`."""
        return read_text(self.synapse_token_file, "accounts.synapse_token_file")

    def mas_client_secret(self) -> str | None:
        """Return the client's secret, or None. Raises `ConfigError`."""
        return read_text(self.mas_client_secret_file, "accounts.mas_client_secret_file")
