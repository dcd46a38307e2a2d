"""`minga init`: asks for the settings, tries them, then writes config.toml and the secrets."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.i18n import _
from bot.operate.first_login import look_up_account, plain_errors, refuse_foreign_identity, sign_in
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import USUAL_CONFIG, in_words, speak_as_configured, tell
from bot.types import Line

if TYPE_CHECKING:
    from bot.operate.config import Config

_FILE = click.Path(path_type=Path, dir_okay=False)
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


@click.command(
    help=in_words(
        _("Set the bot up: ask, try the homeserver and the account, write the configuration.")
    )
)
@click.option(
    "--config",
    "path",
    type=_FILE,
    callback=speak_as_configured,
    is_eager=True,
    default=USUAL_CONFIG,
    show_default=True,
)
@click.option(
    "--homeserver", help=in_words(_("Its address, or the name after the colon of an account."))
)
@click.option("--user-id", help=in_words(_("The bot's own account, @minga:example.org.")))
@click.option("--password-file", type=_FILE, help=in_words(_("Holds the account's password.")))
@click.option(
    "--access-token-file", type=_FILE, help=in_words(_("Holds a token, instead of a password."))
)
@click.option("--device-id", help=in_words(_("The device of that token.")))
@click.option(
    "--registration-secret-file", type=_FILE, help=in_words(_("Creates the account (Synapse)."))
)
@click.option("--name", help=in_words(_("The network's name.")))
@click.option("--language", type=click.Choice(["es", "pt", "en"]))
@click.option("--timezone", help=in_words(_("Of the IANA list: America/Bogota.")))
@click.option(
    "--moderator", "moderators", multiple=True, help=in_words(_("An account; may be repeated."))
)
@click.option(
    "--data-dir",
    default="data",
    show_default=True,
    help=in_words(_("Where the data is to be kept.")),
)
@click.option(
    "--new-device", is_flag=True, help=in_words(_("Log in anew where the old login is dead."))
)
@click.option(
    "--new-identity",
    is_flag=True,
    help=in_words(_("Replace the account's identity; rooms are told of it.")),
)
def init(path: Path, **given: Any) -> None:
    """Set the bot up: ask, try the homeserver and the account, write the configuration."""
    from storage.encryption.keys import harden

    harden()
    path = path.absolute()
    how = {"new_device": given["new_device"], "new_identity": given["new_identity"]}
    if path.exists():
        tell(_("{path} exists and stays as it is.", path=path))
        sign_in(path, **how)
        return
    homeserver = asyncio.run(_find(_ask_for(given, "homeserver", _("Homeserver (https://…)"))))
    tell(_("{homeserver} answers.", homeserver=homeserver))
    answers = _ask(given) | {"homeserver": homeserver, "data_dir": given["data_dir"]}
    config = _check(_config_text(answers), path)
    asyncio.run(_try_account(answers, config, new_identity=given["new_identity"]))
    tell(_("The account works."))
    _write(answers, path)
    tell(_("Wrote {path} and {secrets}.", path=path, secrets=path.parent / "secrets"))
    tell(_("Keep a copy of secrets/key elsewhere: without it nobody can read the data again."))
    sign_in(path, **how)


# --- asking ------------------------------------------------------------------------------------


def _ask(given: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "user_id": _ask_for(given, "user_id", _("The bot's account (@minga:example.org)")),
        "secret": _way_in(given),
        "device_id": given["device_id"],
        "registration": _content(given["registration_secret_file"]),
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
        return _content(file) or ""
    return str(click.prompt(in_words(_("Its password (not shown)")), hide_input=True))


def _content(file: Path | None) -> str | None:
    from storage.encryption.keys import SecretError, read_secret

    if file is None:
        return None
    try:
        return read_secret(file).decode().rstrip("\r\n")
    except SecretError as error:
        raise Stop(*error.lines) from None
    except UnicodeDecodeError:
        raise Stop(_("{path} is not text.", path=file)) from None


# --- trying ------------------------------------------------------------------------------------


async def _find(typed: str) -> str:
    """Return the address of the client API for what was typed. Raises `Stop`."""
    from bot.operate.server_discovery import Unreachable, find_homeserver

    try:
        return await find_homeserver(typed)
    except Unreachable as error:
        raise Stop(*error.lines) from None


async def _call(
    homeserver: str, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = ""
) -> dict[str, Any]:
    from bot.matrix.http import Http

    http = Http(homeserver, token)
    try:
        return await http.call(method, path, body, timeout=20)
    finally:
        await http.close()


async def _try_account(answers: Mapping[str, Any], config: Config, *, new_identity: bool) -> None:
    """Log in on trial, before anything is written. Create the account if there is a secret for
    it.
    """
    from bot.matrix.login import REFUSED, Account, UnusableAccount

    secret = answers["secret"]
    account = Account(
        config.matrix.homeserver,
        config.matrix.user_id,
        None if answers["by_token"] else secret,
        secret if answers["by_token"] else None,
        answers["device_id"],
    )
    with plain_errors():
        try:
            shown = await look_up_account(account)
        except UnusableAccount as error:
            if error.lines != (REFUSED,) or not answers["registration"]:
                raise
            await _create(answers)
            shown = await look_up_account(account)
        if not new_identity:
            await refuse_foreign_identity(shown, config)


async def _create(answers: Mapping[str, Any]) -> None:
    """Register the account by Synapse's shared secret (its admin API)."""
    import hmac

    from bot.gateway import Refused

    where = "/_synapse/admin/v1/register"
    try:
        nonce = str((await _call(answers["homeserver"], "GET", where)).get("nonce", ""))
        name = answers["user_id"][1:].partition(":")[0]
        text = "\0".join([nonce, name, answers["secret"], "notadmin"]).encode()
        mac = hmac.new(answers["registration"].encode(), text, "sha1").hexdigest()
        body = {"nonce": nonce, "username": name, "password": answers["secret"], "mac": mac}
        made = await _call(answers["homeserver"], "POST", where, body | {"admin": False})
        token = str(made.get("access_token", ""))
        await _call(answers["homeserver"], "POST", "/_matrix/client/v3/logout", {}, token)
    except Refused as error:
        raise Stop(
            _("The homeserver refused to create the account ({code}).", code=error.code)
        ) from None
    tell(_("Created the account."))


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


def _check(text: str, path: Path) -> Config:
    """Return the configuration that the bot would read. Raises `Stop` if it is invalid."""
    import tomllib

    from bot.operate.config import ConfigError, parse_config

    try:
        return parse_config(tomllib.loads(text), path.parent)
    except ConfigError as error:
        raise Stop(*error.lines) from None


def _write(answers: Mapping[str, Any], path: Path) -> None:
    from storage.encryption.keys import (
        SecretError,
        create_key_file,
        make_private_folder,
        write_secret,
    )
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
