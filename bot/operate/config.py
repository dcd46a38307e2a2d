"""Reads config.toml and the environment into frozen settings. An unknown key is an error."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.i18n import _
from bot.operate import config_errors
from bot.operate.backups.config_section import BackupSection
from bot.operate.config_accounts import AccountsSection
from bot.operate.config_checks import (
    OPEN_WAY,
    check_address,
    check_user_id,
    is_open_way,
    own_moderator_line,
    split_accounts,
    time_zones,
)
from bot.operate.config_errors import MistakenValue
from bot.operate.config_fields import ConfigError as ConfigError
from bot.operate.config_fields import Section, read_text
from bot.operate.config_fields import declare_key as _key
from bot.operate.config_publishing import PublishingSection
from bot.operate.watch.config_watch import WatchSection
from bot.types import UserId
from storage.encryption.keys import DATABASE, KEY_STORE
from storage.files.disk import unreadable_line

ENVIRONMENT = "MINGA_"


class MatrixSection(Section):
    """The bot's account."""

    homeserver: str = _key(_("the homeserver's address"), '"https://matrix.example.org"')
    user_id: UserId = _key(_("the bot's own account"), '"@minga:example.org"')
    password_file: Path | None = _key(
        _("a file that holds the password"), '"secrets/password"', default=None
    )
    access_token_file: Path | None = _key(
        _("a file that holds an access token, instead of a password"),
        '"secrets/token"',
        default=None,
    )
    device_id: str | None = _key(
        _("the device that the access token belongs to"), '"MINGA01"', default=None, max_length=255
    )
    display_name: str = _key(
        _("the name that people see"), '"Minga"', default="Minga", min_length=1, max_length=100
    )

    @field_validator("homeserver")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        return check_address(value)

    @field_validator("user_id")
    @classmethod
    def _user(cls, value: str) -> UserId:
        return check_user_id(value)

    @model_validator(mode="after")
    def _one_way_in(self) -> MatrixSection:
        if self.password_file and self.access_token_file:
            raise MistakenValue(_("give password_file or access_token_file, not both"))
        return self

    def password(self) -> str | None:
        """Return the password, or None if a token is used. Raises `ConfigError`."""
        return read_text(self.password_file, "matrix.password_file")

    def access_token(self) -> str | None:
        """Return the access token, or None if a password is used. Raises `ConfigError`."""
        return read_text(self.access_token_file, "matrix.access_token_file")


class NetworkSection(Section):
    """The network of people that the bot serves."""

    name: str = _key(_("the network's name"), '"Red de ejemplo"', min_length=1, max_length=100)
    language: Literal["es", "pt", "en"] = _key(_("es, pt or en"), '"es"', default="es")
    timezone: str = _key(_("a time zone of the IANA list"), '"America/Bogota"')
    moderators: Annotated[tuple[UserId, ...], NoDecode] = _key(
        _("the accounts of the network's moderators, one at least"),
        '["@ana:example.org"]',
        min_length=1,
    )

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in time_zones():
            near = difflib.get_close_matches(value, time_zones(), 1, 0.5)
            if near:
                raise MistakenValue(_("there is no such zone; near: {zone}", zone=near[0]))
            raise MistakenValue(_("there is no such zone"))
        return value

    @field_validator("moderators", mode="before")
    @classmethod
    def _list(cls, value: Any) -> Any:
        """Parse the environment's value."""
        return split_accounts(value) if isinstance(value, str) else value

    @field_validator("moderators")
    @classmethod
    def _users(cls, value: tuple[str, ...]) -> tuple[UserId, ...]:
        return tuple(dict.fromkeys(check_user_id(user) for user in value))


class StorageSection(Section):
    """Where the encrypted data and its key are stored."""

    data_dir: Path = _key(_("the folder of the data"), '"data"', default=Path("data"))
    key_file: Path = _key(_("the file of the key"), '"secrets/key"', default=Path("secrets/key"))
    passphrase_file: Path | None = _key(
        _("a file that holds a passphrase, used instead of key_file"),
        '"secrets/passphrase"',
        default=None,
    )

    @property
    def database(self) -> Path:
        """The path of the database."""
        return self.data_dir / DATABASE

    @property
    def has_data(self) -> bool:
        """Whether anything was ever written to the database."""
        return self.database.exists() and self.database.stat().st_size > 0

    @property
    def key_store(self) -> Path:
        """The path of the database of the Matrix keys."""
        return self.data_dir / KEY_STORE


class LimitsSection(Section):
    """Rate limits of a person, room or server."""

    commands_per_minute: int = _key(
        _("commands that a person may send in a minute, and in one burst; 0 lifts every limit"),
        "60",
        default=60,
        ge=0,
    )


class TrustSection(Section):
    """What may be loosened. Each setting weakens a promise of docs/promises.md."""

    unsigned_devices: bool = _key(
        _("true or false: listen and write to devices that their owners have not signed"),
        "false",
        default=False,
    )
    unencrypted_rooms: bool = _key(
        _("true or false: work in rooms without encryption"), "false", default=False
    )
    plain_http: bool = _key(
        _("true or false: speak http with a homeserver that is not this machine itself"),
        "false",
        default=False,
    )


class LogSection(Section):
    """The log that the operator reads."""

    level: Literal["debug", "info", "warning", "error"] = _key(
        _("debug, info, warning or error"), '"info"', default="info"
    )
    format: Literal["auto", "console", "json"] = _key(
        _("console, json or auto (console in a terminal, else json)"), '"auto"', default="auto"
    )


class Config(BaseSettings):
    """Everything that the operator decides. Read it with `load_config`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=ENVIRONMENT,
        env_nested_delimiter="__",
        hide_input_in_errors=True,
    )

    matrix: MatrixSection
    network: NetworkSection
    storage: StorageSection = StorageSection()
    limits: LimitsSection = LimitsSection()
    trust: TrustSection = TrustSection()
    accounts: AccountsSection = AccountsSection()
    backup: BackupSection = BackupSection()
    publishing: PublishingSection = PublishingSection()
    log: LogSection = LogSection()
    watch: WatchSection = WatchSection()

    @property
    def passphrase_files(self) -> tuple[Path, ...]:
        """The files that hold passphrases, which go with the key file when keys are destroyed."""
        named = (self.storage.passphrase_file, self.backup.passphrase_file)
        return tuple(file for file in named if file is not None)

    @model_validator(mode="after")
    def _consistent(self) -> Config:
        if not self.trust.plain_http and is_open_way(self.matrix.homeserver):
            raise MistakenValue(OPEN_WAY)
        if self.matrix.user_id in self.network.moderators:
            raise MistakenValue(own_moderator_line(self.matrix.user_id))
        offices = (self.accounts.synapse_url, self.accounts.mas_url)
        if not self.trust.plain_http and any(is_open_way(one) for one in offices if one):
            raise MistakenValue(
                _("accounts: http is only for this machine itself. Expected: https")
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the configuration file, and read nothing else."""
        return env_settings, init_settings


def load_config(path: Path) -> Config:
    """Return the configuration in `path`, overridden by the environment. Raises `ConfigError`.

    Relative paths are relative to its folder. A file of the same name in systemd's credentials
    folder takes precedence.
    """
    path = path.absolute()
    return parse_config(_read(path), path.parent)


def parse_config(sections: Mapping[str, Any], folder: Path) -> Config:
    """Return the configuration from the parsed sections. Raises `ConfigError`.

    Relative paths are relative to `folder`.
    """
    if unknown := config_errors.unknown_variables(os.environ, ENVIRONMENT, SECTIONS):
        raise ConfigError(*unknown)
    try:
        config = Config(**sections)
    except ValidationError as error:
        raise ConfigError(*config_errors.mistake_lines(error, SECTIONS)) from None
    except SettingsError as error:
        raise ConfigError(_("the environment: {error}", error=error)) from None
    placed = _with_absolute_paths(config, folder)
    if not placed.matrix.password_file and not placed.matrix.access_token_file:
        raise ConfigError(
            config_errors.mistake_line(
                "matrix.password_file", MatrixSection.model_fields["password_file"], _("missing")
            )
        )
    return placed


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            _("{path}: there is no such file. Make it with: minga init", path=path)
        ) from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise ConfigError(_("{path}: it cannot be read as a text file", path=path)) from None
    except OSError as error:
        raise ConfigError(unreadable_line(path, error)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("{path}: this is not TOML: {error}", path=path, error=error)) from None


# --- where files are ---------------------------------------------------------------------------


def _with_absolute_paths(config: Config, folder: Path) -> Config:
    """Return the configuration with absolute paths."""
    sections: dict[str, Any] = {}
    for name in ("matrix", "storage", "accounts", "backup", "publishing", "watch"):
        section = getattr(config, name)
        paths = {
            field: _place(field, getattr(section, field), folder)
            for field in type(section).model_fields
            if field.endswith(("_file", "_dir")) or field in ("folder", "templates")
        }
        sections[name] = section.model_copy(update=paths)
    return config.model_copy(update=sections)


def _place(field: str, value: Path | None, folder: Path) -> Path | None:
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and field.endswith("_file"):
        given = Path(credentials) / (value.name if value else field.removesuffix("_file"))
        if given.is_file():
            return given
    return folder / value.expanduser() if value else None


SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {
        "matrix": MatrixSection,
        "network": NetworkSection,
        "storage": StorageSection,
        "limits": LimitsSection,
        "trust": TrustSection,
        "accounts": AccountsSection,
        "backup": BackupSection,
        "publishing": PublishingSection,
        "log": LogSection,
        "watch": WatchSection,
    }
)
