"""The settings that `minga init` and `minga recover` ask for, and the files that hold them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.i18n import _
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import USUAL_CONFIG, in_words, speak_as_configured, tell

if TYPE_CHECKING:
    from bot.operate.config import Config

SECRET_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
STANDARD_INPUT = Path("-")
LONGEST_SECRET = 4096
"""Letters of a secret that comes in on standard input."""
CONFIG = """\
# Made by `minga init`. Everything else that can be set: config.example.toml.

[matrix]
homeserver = {homeserver}
user_id = {user_id}
{way_in}

[network]
name = {name}
language = {language}
timezone = {timezone}
moderators = {moderators}

[storage]
data_dir = {data_dir}
key_file = "secrets/key"
"""
_OPTIONS = (
    click.option(
        "--config",
        "path",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=speak_as_configured,
        is_eager=True,
        default=USUAL_CONFIG,
        show_default=True,
    ),
    click.option(
        "--homeserver",
        envvar="MINGA_MATRIX__HOMESERVER",
        help=in_words(_("Its address, or the name after the colon of an account.")),
    ),
    click.option(
        "--user-id",
        envvar="MINGA_MATRIX__USER_ID",
        help=in_words(_("The bot's own account, @minga:example.org.")),
    ),
    click.option(
        "--password-file",
        type=SECRET_FILE,
        envvar="MINGA_MATRIX__PASSWORD_FILE",
        help=in_words(_("Holds the account's password; - is standard input.")),
    ),
    click.option(
        "--access-token-file",
        type=SECRET_FILE,
        envvar="MINGA_MATRIX__ACCESS_TOKEN_FILE",
        help=in_words(_("Holds a token, instead of a password.")),
    ),
    click.option(
        "--device-id",
        envvar="MINGA_MATRIX__DEVICE_ID",
        help=in_words(_("The device of that token.")),
    ),
    click.option("--name", envvar="MINGA_NETWORK__NAME", help=in_words(_("The network's name."))),
    click.option(
        "--language", envvar="MINGA_NETWORK__LANGUAGE", type=click.Choice(["es", "pt", "en"])
    ),
    click.option(
        "--timezone",
        envvar="MINGA_NETWORK__TIMEZONE",
        help=in_words(_("Of the IANA list, or a city: America/Bogota.")),
    ),
    click.option(
        "--moderator",
        "moderators",
        multiple=True,
        envvar="MINGA_NETWORK__MODERATORS",
        help=in_words(_("An account; may be repeated.")),
    ),
    click.option(
        "--data-dir",
        envvar="MINGA_STORAGE__DATA_DIR",
        default="data",
        show_default=True,
        help=in_words(_("Where the data is to be kept.")),
    ),
    click.option(
        "--plain-http",
        is_flag=True,
        envvar="MINGA_TRUST__PLAIN_HTTP",
        help=in_words(_("Speak http with a homeserver in a network of containers.")),
    ),
)


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for each setting to the decorated command, so that it can run without
    asking."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_text_file(file: Path | None) -> str | None:
    """Return the text of a file that nobody else can read, or of standard input; None for none.

    Raises `Stop`.
    """
    from storage.encryption.secret_files import SecretError, read_secret

    if file is None:
        return None
    if file == STANDARD_INPUT:
        if text := sys.stdin.read(LONGEST_SECRET).strip("\r\n"):
            return text
        raise Stop(_("Nothing came in on standard input."))
    try:
        return read_secret(file).decode().rstrip("\r\n")
    except SecretError as error:
        raise Stop(*error.lines) from None
    except UnicodeDecodeError:
        raise Stop(_("{path} is not text.", path=file)) from None


# --- writing -----------------------------------------------------------------------------------


def _secret(answers: Mapping[str, Any]) -> str:
    return "token" if answers["by_token"] else "password"


def _config_text(answers: Mapping[str, Any]) -> str:
    """Return the configuration as TOML.

    TOML's basic strings are those of JSON, if only ASCII is escaped.
    """
    kind = "access_token_file" if answers["by_token"] else "password_file"
    way_in = f"{kind} = {_toml(f'secrets/{_secret(answers)}')}"
    if answers["by_token"] and answers["device_id"]:
        way_in += f"\ndevice_id = {_toml(answers['device_id'])}"
    names = ("homeserver", "user_id", "name", "language", "timezone", "moderators", "data_dir")
    text = CONFIG.format(way_in=way_in, **{name: _toml(answers[name]) for name in names})
    return f"{text}\n[trust]\nplain_http = true\n" if answers["plain_http"] else text


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def check_settings(answers: Mapping[str, Any], path: Path) -> Config:
    """Return the configuration that the bot would read from these settings. Raises `Stop` if it is
    invalid."""
    import tomllib

    from bot.operate.config import ConfigError, parse_config

    try:
        return parse_config(tomllib.loads(_config_text(answers)), path.parent)
    except ConfigError as error:
        raise Stop(*error.lines) from None


def write_settings(answers: Mapping[str, Any], path: Path) -> None:
    """Write the configuration, its secret and, where there is none, a key. Raises `Stop`."""
    from storage.encryption.root_key import create_key_file
    from storage.encryption.secret_files import SecretError, make_private_folder, write_secret
    from storage.files.disk import give_file

    secret, key = path.parent / "secrets" / _secret(answers), path.parent / "secrets/key"
    try:
        make_private_folder(secret.parent)
        if not secret.exists() or read_text_file(secret) != answers["secret"]:
            secret.unlink(missing_ok=True)
            write_secret(secret, answers["secret"].encode() + b"\n")
        if not key.exists():
            create_key_file(key)
        write_secret(path, _config_text(answers).encode())
        if os.geteuid() == 0:
            owner = path.parent.stat()
            for made in (secret.parent, secret, key, path):
                give_file(made, owner)
    except (OSError, SecretError) as error:
        raise Stop(_("Could not write: {error}", error=error)) from None
    tell(_("Wrote {path} and {secrets}.", path=path, secrets=path.parent / "secrets"))
    tell(_("Keep a copy of secrets/key elsewhere: without it nobody can read the data again."))
