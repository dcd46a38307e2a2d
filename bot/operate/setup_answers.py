"""The settings that `minga init` and `minga recover` ask for, and the files that hold them."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.i18n import _
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import USUAL_CONFIG, in_words, speak_as_configured, tell
from bot.types import Line

if TYPE_CHECKING:
    from bot.matrix.login import Account
    from bot.operate.config import Config

SECRET_FILE = click.Path(path_type=Path, dir_okay=False)
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
        type=SECRET_FILE,
        callback=speak_as_configured,
        is_eager=True,
        default=USUAL_CONFIG,
        show_default=True,
    ),
    click.option(
        "--homeserver", help=in_words(_("Its address, or the name after the colon of an account."))
    ),
    click.option("--user-id", help=in_words(_("The bot's own account, @minga:example.org."))),
    click.option(
        "--password-file", type=SECRET_FILE, help=in_words(_("Holds the account's password."))
    ),
    click.option(
        "--access-token-file",
        type=SECRET_FILE,
        help=in_words(_("Holds a token, instead of a password.")),
    ),
    click.option("--device-id", help=in_words(_("The device of that token."))),
    click.option("--name", help=in_words(_("The network's name."))),
    click.option("--language", type=click.Choice(["es", "pt", "en"])),
    click.option("--timezone", help=in_words(_("Of the IANA list: America/Bogota."))),
    click.option(
        "--moderator", "moderators", multiple=True, help=in_words(_("An account; may be repeated."))
    ),
    click.option(
        "--data-dir",
        default="data",
        show_default=True,
        help=in_words(_("Where the data is to be kept.")),
    ),
)


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each setting, so that it can run without asking."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


# --- asking ------------------------------------------------------------------------------------


def ask_configuration(given: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], Config]:
    """Return the settings, asked for where they were not given, and what the bot would read.

    Nothing is written. Raises `Stop`.
    """
    answers = _ask_settings(given)
    return answers, _check_settings(answers, path)


def account_of_answers(answers: Mapping[str, Any], config: Config) -> Account:
    """Return the account and credentials of settings that are not written yet."""
    from bot.matrix.login import Account

    secret = answers["secret"]
    return Account(
        config.matrix.homeserver,
        config.matrix.user_id,
        None if answers["by_token"] else secret,
        secret if answers["by_token"] else None,
        answers["device_id"],
    )


def _ask_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return each setting: what was given, or what is typed now. Raises `Stop`.

    A homeserver has answered at the address.
    """
    typed = _ask_for(given, "homeserver", _("Homeserver (https://…)"))
    homeserver = asyncio.run(_find(typed))
    tell(_("{homeserver} answers.", homeserver=homeserver))
    answers: dict[str, Any] = {
        "homeserver": homeserver,
        "data_dir": given["data_dir"],
        "user_id": _ask_for(given, "user_id", _("The bot's account (@minga:example.org)")),
        "secret": _way_in(given),
        "device_id": given["device_id"],
        "by_token": given["access_token_file"] is not None,
        "name": _ask_for(given, "name", _("The network's name")),
        "language": _ask_for(given, "language", _("Its language (es, pt, en)"), "es"),
        "timezone": _ask_for(given, "timezone", _("Its time zone"), "America/Bogota"),
    }
    people = (
        given["moderators"]
        or click.prompt(in_words(_("Its moderators (accounts, with spaces)"))).split()
    )
    return answers | {"moderators": list(people)}


def _ask_for(given: Mapping[str, Any], name: str, question: Line, usual: str | None = None) -> str:
    return str(given[name] or click.prompt(in_words(question), default=usual)).strip()


def _way_in(given: Mapping[str, Any]) -> str:
    if given["password_file"] and given["access_token_file"]:
        raise Stop(_("Give --password-file or --access-token-file, not both."))
    file = given["password_file"] or given["access_token_file"]
    if file:
        return read_text_file(file) or ""
    return str(click.prompt(in_words(_("Its password (not shown)")), hide_input=True))


def read_text_file(file: Path | None) -> str | None:
    """Return the text of a file that nobody else can read; None for none. Raises `Stop`."""
    from storage.encryption.secret_files import SecretError, read_secret

    if file is None:
        return None
    try:
        return read_secret(file).decode().rstrip("\r\n")
    except SecretError as error:
        raise Stop(*error.lines) from None
    except UnicodeDecodeError:
        raise Stop(_("{path} is not text.", path=file)) from None


async def _find(typed: str) -> str:
    """Return the address of the client API for what was typed. Raises `Stop`."""
    from bot.operate.server_discovery import Unreachable, find_homeserver

    try:
        return await find_homeserver(typed)
    except Unreachable as error:
        raise Stop(*error.lines) from None


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
    return CONFIG.format(way_in=way_in, **{name: _toml(answers[name]) for name in names})


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check_settings(answers: Mapping[str, Any], path: Path) -> Config:
    """Return the configuration that the bot would read. Raises `Stop` if it is invalid."""
    import tomllib

    from bot.operate.config import ConfigError, parse_config

    try:
        return parse_config(tomllib.loads(_config_text(answers)), path.parent)
    except ConfigError as error:
        raise Stop(*error.lines) from None


def write_settings(answers: Mapping[str, Any], path: Path) -> None:
    """Write the configuration, its secret and a key where there is none. Raises `Stop`."""
    from storage.encryption.keys import create_key_file
    from storage.encryption.secret_files import SecretError, make_private_folder, write_secret
    from storage.files.disk import give_file

    secret, key = path.parent / "secrets" / _secret(answers), path.parent / "secrets/key"
    try:
        make_private_folder(secret.parent)
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
