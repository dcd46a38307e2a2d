"""The section `[publishing]`: where what a network makes public is written."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import field_validator

from bot.i18n import _
from bot.operate.config_errors import MistakenValue
from bot.operate.config_fields import Section, declare_key


class PublishingSection(Section):
    """The folder of what is public; without one it is written nowhere."""

    folder: Path | None = declare_key(
        _("the folder in which the bot writes what is public, as a site"),
        '"/srv/minga/public"',
        default=None,
    )
    address: str | None = declare_key(
        _("the https address at which people read this folder, if they do"),
        '"https://red.example.org/"',
        default=None,
        max_length=500,
    )
    templates: Path | None = declare_key(
        _("a folder of your own templates, in place of the built-in ones"),
        '"templates"',
        default=None,
    )

    @field_validator("address")
    @classmethod
    def _https(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        plain = not (parts.query or parts.fragment or parts.username or "@" in parts.netloc)
        if value and not (parts.scheme == "https" and parts.hostname and plain):
            raise MistakenValue(_("it is not an https address: https://red.example.org/"))
        return f"{value.rstrip('/')}/" if value else None
