"""`minga init`: asks what must be known, tries it out, then writes config.toml and the secrets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.stop import Stop, sentence

if TYPE_CHECKING:
    from bot.config import Config

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
data_dir = "data"
key_file = "secrets/key"
"""


@click.command()
@click.option("--config", "path", type=_FILE, default=Path("config.toml"), show_default=True)
@click.option("--homeserver", help="Its address, or the name after the colon of an account.")
@click.option("--user-id", help="The bot's own account, @minga:example.org.")
@click.option("--password-file", type=_FILE, help="Holds the account's password.")
@click.option("--access-token-file", type=_FILE, help="Holds a token, instead of a password.")
@click.option("--device-id", help="The device of that token.")
@click.option("--registration-secret-file", type=_FILE, help="Creates the account (Synapse).")
@click.option("--name", help="The network's name.")
@click.option("--language", type=click.Choice(["es", "pt", "en"]))
@click.option("--timezone", help="Of the IANA list: America/Bogota.")
@click.option("--moderator", "moderators", multiple=True, help="An account; may be repeated.")
@click.option("--new-device", is_flag=True, help="Log in anew where the old login is dead.")
def init(path: Path, **given: Any) -> None:
    """Set the bot up: ask, try the homeserver and the account, write the configuration."""
    from storage.keys import harden

    harden()
    path = path.absolute()
    if path.exists():
        click.echo(f"{path} exists and stays as it is.")
        _sign_in(path, new_device=given["new_device"])
        return
    homeserver = asyncio.run(_find(_asked(given, "homeserver", "Homeserver (https://…)")))
    click.echo(f"{homeserver} answers.")
    answers = _ask(given) | {"homeserver": homeserver}
    _check(_written(answers), path)
    asyncio.run(_try_account(answers))
    click.echo("The account works.")
    _write(answers, path)
    click.echo(f"Wrote {path} and {path.parent / 'secrets'}.")
    click.echo("Keep a copy of secrets/key elsewhere: without it nobody can read the data again.")
    _sign_in(path, new_device=False)


# --- asking ------------------------------------------------------------------------------------


def _ask(given: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "user_id": _asked(given, "user_id", "The bot's account (@minga:example.org)"),
        "secret": _way_in(given),
        "device_id": given["device_id"],
        "registration": _content(given["registration_secret_file"]),
        "by_token": given["access_token_file"] is not None,
        "name": _asked(given, "name", "The network's name"),
        "language": _asked(given, "language", "Its language (es, pt, en)", "es"),
        "timezone": _asked(given, "timezone", "Its time zone", "America/Bogota"),
    }
    people = given["moderators"] or click.prompt("Its moderators (accounts, with spaces)").split()
    return answers | {"moderators": list(people)}


def _asked(given: Mapping[str, Any], name: str, question: str, usual: str | None = None) -> str:
    return str(given[name] or click.prompt(question, default=usual)).strip()


def _way_in(given: Mapping[str, Any]) -> str:
    if given["password_file"] and given["access_token_file"]:
        raise Stop("Give --password-file or --access-token-file, not both.")
    file = given["password_file"] or given["access_token_file"]
    if file:
        return _content(file) or ""
    return str(click.prompt("Its password (not shown)", hide_input=True))


def _content(file: Path | None) -> str | None:
    from storage.keys import SecretError, read_secret

    if file is None:
        return None
    try:
        return read_secret(file).decode().rstrip("\r\n")
    except (SecretError, UnicodeDecodeError) as error:
        raise Stop(str(error)) from None


# --- trying ------------------------------------------------------------------------------------


async def _find(typed: str) -> str:
    """The client API behind what was typed (spec §Well-known URI). Raises `Stop`."""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        known = await _get(address, "/.well-known/matrix/client")
        found = known["m.homeserver"]["base_url"].rstrip("/")
    except (Stop, KeyError, TypeError, AttributeError):
        found = address.rstrip("/")
    versions = (await _get(found, "/_matrix/client/versions")).get("versions")
    if not isinstance(versions, list):
        raise Stop(f"{found} answers, but is not a Matrix homeserver.")
    return str(found)


async def _get(homeserver: str, path: str) -> dict[str, Any]:
    return await _call(homeserver, "GET", path)


async def _call(
    homeserver: str, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = ""
) -> dict[str, Any]:
    from bot.gateway import TryLater
    from bot.matrix.http import Http

    http = Http(homeserver, token)
    try:
        return await http.call(method, path, body, timeout=20)
    except TryLater as error:
        raise Stop(f"{homeserver} does not answer as it should ({error}).") from None
    finally:
        await http.close()


async def _try_account(answers: Mapping[str, Any]) -> None:
    """Log in for a moment, or ask whose token it is. Creates the account if that may be done."""
    from bot.gateway import Refused, SignedOut

    attempt: Callable[[Mapping[str, Any]], Any] = (
        _try_token if answers["by_token"] else _try_password
    )
    try:
        await attempt(answers)
    except SignedOut:
        raise Stop("The homeserver does not know this access token.") from None
    except Refused as error:
        if error.code != "M_FORBIDDEN" or not answers["registration"]:
            raise Stop(_why(error.code)) from None
        await _create(answers)
        await attempt(answers)


def _why(code: str) -> str:
    if code == "M_FORBIDDEN":
        return (
            "The homeserver refused the account or its password. If there is no such account yet,"
            " create it, or give --registration-secret-file."
        )
    return f"The homeserver refused to log in ({code})."


async def _try_token(answers: Mapping[str, Any]) -> None:
    me = await _call(
        answers["homeserver"], "GET", "/_matrix/client/v3/account/whoami", token=answers["secret"]
    )
    if me.get("user_id") != answers["user_id"]:
        raise Stop("The access token is of another account.")
    if answers["device_id"] and me.get("device_id") != answers["device_id"]:
        raise Stop("The access token is of another device.")


async def _try_password(answers: Mapping[str, Any]) -> None:
    flows = (await _get(answers["homeserver"], "/_matrix/client/v3/login")).get("flows")
    kinds = [f.get("type") for f in flows if isinstance(f, dict)] if isinstance(flows, list) else []
    if "m.login.password" not in kinds:
        raise Stop("This homeserver takes no passwords: give --access-token-file and --device-id.")
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": answers["user_id"]},
        "password": answers["secret"],
        "initial_device_display_name": "minga init",
    }
    login = await _call(answers["homeserver"], "POST", "/_matrix/client/v3/login", body)
    token = str(login.get("access_token", ""))
    await _call(answers["homeserver"], "POST", "/_matrix/client/v3/logout", {}, token)
    if login.get("user_id") != answers["user_id"]:
        raise Stop("The homeserver knows this account under another name.")


async def _create(answers: Mapping[str, Any]) -> None:
    """Synapse's registration with a shared secret (its admin API)."""
    import hmac

    from bot.gateway import Refused

    where = "/_synapse/admin/v1/register"
    try:
        nonce = str((await _get(answers["homeserver"], where)).get("nonce", ""))
        name = answers["user_id"][1:].partition(":")[0]
        text = "\0".join([nonce, name, answers["secret"], "notadmin"]).encode()
        mac = hmac.new(answers["registration"].encode(), text, "sha1").hexdigest()
        body = {"nonce": nonce, "username": name, "password": answers["secret"], "mac": mac}
        made = await _call(answers["homeserver"], "POST", where, body | {"admin": False})
        token = str(made.get("access_token", ""))
        await _call(answers["homeserver"], "POST", "/_matrix/client/v3/logout", {}, token)
    except Refused as error:
        raise Stop(f"The homeserver refused to create the account ({error.code}).") from None
    click.echo("Created the account.")


# --- writing -----------------------------------------------------------------------------------


def _secret(answers: Mapping[str, Any]) -> str:
    return "token" if answers["by_token"] else "password"


def _written(answers: Mapping[str, Any]) -> str:
    """TOML: its basic strings are JSON's, as long as nothing outside of ASCII is escaped."""
    kind = "access_token_file" if answers["by_token"] else "password_file"
    way_in = f"{kind} = {_toml(f'secrets/{_secret(answers)}')}"
    if answers["by_token"] and answers["device_id"]:
        way_in += f"\ndevice_id = {_toml(answers['device_id'])}"
    names = ("homeserver", "user_id", "name", "language", "timezone", "moderators")
    return CONFIG.format(way_in=way_in, **{name: _toml(answers[name]) for name in names})


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _check(text: str, path: Path) -> None:
    """Would the bot read this? What it cannot read is not written."""
    import tomllib

    from bot.config import ConfigError, parse

    try:
        parse(tomllib.loads(text), path.parent)
    except ConfigError as error:
        raise Stop(str(error)) from None


def _write(answers: Mapping[str, Any], path: Path) -> None:
    from storage.keys import SecretError, create_key_file, private_folder, write_secret

    secret = path.parent / "secrets" / _secret(answers)
    try:
        private_folder(secret.parent)
        secret.unlink(missing_ok=True)
        write_secret(secret, answers["secret"].encode() + b"\n")
        if not (path.parent / "secrets/key").exists():
            create_key_file(path.parent / "secrets/key")
        write_secret(path, _written(answers).encode())
    except (OSError, SecretError) as error:
        raise Stop(f"Could not write: {error}") from None


# --- the first connection ------------------------------------------------------------------------


def _sign_in(path: Path, *, new_device: bool) -> None:
    """Log in for good and sign the device, so that nobody ever sees a shield on it."""
    from bot.config import load
    from bot.gateway import Refused, SignedOut, TryLater

    try:
        asyncio.run(_connect(load(path), new_device=new_device))
    except SignedOut as error:
        raise Stop(f"{error}\nAs a new device: minga init --new-device --config {path}") from None
    except TryLater as error:
        raise Stop(f"The homeserver does not answer as it should ({error}). Try again.") from None
    except Refused as error:
        raise Stop(f"The homeserver refused ({error.code}).") from None
    except Exception as error:
        told = sentence(error)
        if told is None:
            raise
        raise Stop(told) from None
    click.echo("Logged in, and the device is signed by the account's own identity.")
    click.echo(f"Ready. Start the bot: minga run --config {path}")


async def _connect(config: Config, *, new_device: bool) -> None:
    from bot.matrix import login
    from bot.matrix.gateway import MatrixGateway
    from storage import lock
    from storage.database import Database
    from storage.keys import unlock
    from storage.migrate import migrate

    where, account = config.storage, config.matrix
    keys = unlock(
        where.data_dir, key_file=where.key_file, passphrase_file=where.passphrase_file, create=True
    )
    with lock.held(where.data_dir):
        db = await Database.open(where.database, keys.db)
        try:
            await migrate(db, {})
            if new_device:
                await login.forget(db)
                for file in where.data_dir.glob(f"{where.key_store.name}*"):
                    file.unlink()
            way_in = login.Account(
                account.homeserver,
                account.user_id,
                account.password(),
                account.access_token(),
                account.device_id,
            )
            gateway = await MatrixGateway.connect(way_in, db, where.data_dir, keys)
            await gateway.introduce(account.display_name)
            await gateway.close()
        finally:
            await db.close()
