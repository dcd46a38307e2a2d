"""The section `[backup]`: the backups that the bot makes by itself, and whose key opens them."""

from __future__ import annotations

import json
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any

from pydantic import field_validator, model_validator
from pydantic_settings import NoDecode

from bot.i18n import _
from bot.operate.config_errors import MistakenValue
from bot.operate.config_fields import ConfigError, Section, declare_key
from storage.encryption.backup_keys import (
    MOST_RECIPIENTS,
    PRIVATE,
    PUBLIC,
    Recipients,
    parse_half,
    read_passphrase,
)
from storage.encryption.keys import SecretError


class BackupSection(Section):
    """Where backups go and when; with neither folder nor command the bot makes none by itself."""

    folder: Path | None = declare_key(
        _("the folder in which the bot makes backups by itself"), '"/srv/backup"', default=None
    )
    command: Annotated[tuple[str, ...] | None, NoDecode] = declare_key(
        _("a command, word by word, that gets each backup at its standard input"),
        '["rclone", "rcat", "far:minga/{name}"]',
        default=None,
        min_length=1,
    )
    at: str = declare_key(
        _("the hour of the day, in the network's time zone"), '"03:30"', default="03:30"
    )
    every_hours: int | None = declare_key(
        _("instead of once a day: the hours between two backups"), "6", default=None, ge=1, le=168
    )
    keep_days: int = declare_key(
        _("how many days a backup in the folder is kept"), "7", default=7, ge=1, le=3650
    )
    keep_files: int | None = declare_key(
        _("how many backups the folder holds at most"), "14", default=None, ge=1
    )
    passphrase_file: Path | None = declare_key(
        _("a file that holds a passphrase which opens the backups, instead of the data's key"),
        '"secrets/backup_passphrase"',
        default=None,
    )
    public_keys: Annotated[tuple[str, ...] | None, NoDecode] = declare_key(
        _("public halves of keys that open the backups, as minga backup-key makes them"),
        '["minga-public-…"]',
        default=None,
        max_length=MOST_RECIPIENTS - 1,
    )

    @field_validator("command", "public_keys", mode="before")
    @classmethod
    def _list(cls, value: Any) -> Any:
        """Parse the environment's value: a JSON list, or one word."""
        if not isinstance(value, str):
            return value
        return json.loads(value) if value.lstrip().startswith("[") else (value,)

    @field_validator("command")
    @classmethod
    def _program_first(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value and not value[0]:
            raise MistakenValue(_("the first word is the program"))
        return value

    @field_validator("at")
    @classmethod
    def _hour(cls, value: str) -> str:
        if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            return value
        raise MistakenValue(_("an hour looks like 03:30"))

    @field_validator("public_keys")
    @classmethod
    def _halves(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for text in value or ():
            if text.strip().lower().startswith(PRIVATE):
                raise MistakenValue(_("this is the private half: it must not be on this machine"))
            if parse_half(text, PUBLIC) is None:
                raise MistakenValue(_("a public half looks like minga-public-…; a letter is wrong"))
        return value

    @model_validator(mode="after")
    def _one_target(self) -> BackupSection:
        if self.folder and self.command:
            raise MistakenValue(_("give folder or command, not both"))
        return self

    @property
    def is_scheduled(self) -> bool:
        """Whether the bot makes backups by itself."""
        return bool(self.folder or self.command)

    @property
    def has_own_key(self) -> bool:
        """Whether the backups open with a key of their own instead of that of the data."""
        return bool(self.passphrase_file or self.public_keys)

    @property
    def hour(self) -> time:
        """The hour of the day at which backups are made."""
        return time.fromisoformat(self.at)

    def recipients(self) -> Recipients:
        """Return the public keys or passphrases that open the backups. Raises `ConfigError` for an
        unusable passphrase."""
        halves = (parse_half(text, PUBLIC) for text in self.public_keys or ())
        public = tuple(half for half in halves if half is not None)
        if self.passphrase_file is None:
            return Recipients(None, public)
        try:
            return Recipients(read_passphrase(self.passphrase_file), public)
        except SecretError as error:
            raise ConfigError(
                _("{key}: {told}", key="backup.passphrase_file", told=error.lines[0])
            ) from None
