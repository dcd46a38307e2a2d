"""`minga init`: asks for the settings, tries them, then writes config.toml and the secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.i18n import _
from bot.operate.first_login import (
    Repair,
    look_up_account,
    plain_errors,
    refuse_foreign_identity,
    sign_in,
)
from bot.operate.homeserver.command import prepare_homeserver, with_homeserver_options
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell
from bot.operate.recovery_key import offer_recovery_key
from bot.operate.setup_answers import (
    SECRET_FILE,
    account_of_answers,
    ask_configuration,
    read_text_file,
    with_settings,
    write_settings,
)

if TYPE_CHECKING:
    from bot.operate.config import Config


@click.command(
    help=in_words(
        _("Set the bot up: ask, try the homeserver and the account, write the configuration.")
    )
)
@with_settings
@click.option(
    "--registration-secret-file",
    type=SECRET_FILE,
    help=in_words(_("Creates the account (Synapse).")),
)
@click.option(
    "--new-device", is_flag=True, help=in_words(_("Log in anew where the old login is dead."))
)
@click.option(
    "--new-identity",
    is_flag=True,
    help=in_words(_("Replace the account's identity; rooms are told of it.")),
)
@with_homeserver_options
def init(path: Path, **given: Any) -> None:
    """Set the bot up: ask, try the homeserver and the account, write the configuration."""
    from storage.encryption.keys import harden

    harden()
    if given["with_homeserver"]:
        prepare_homeserver(given)
        return
    path = path.absolute()
    repair = Repair(given["new_device"], given["new_identity"])
    if path.exists():
        tell(_("{path} exists and stays as it is.", path=path))
        sign_in(path, repair)
        offer_recovery_key(path)
        return
    answers, config = ask_configuration(given, path)
    registration = read_text_file(given["registration_secret_file"])
    asyncio.run(_try_account(answers, config, registration, new_identity=given["new_identity"]))
    tell(_("The account works."))
    write_settings(answers, path)
    sign_in(path, repair)
    offer_recovery_key(path)


# --- trying ------------------------------------------------------------------------------------


async def _call(
    homeserver: str, method: str, path: str, body: Mapping[str, Any] | None = None, token: str = ""
) -> dict[str, Any]:
    from bot.matrix.http import Http

    http = Http(homeserver, token)
    try:
        return await http.call(method, path, body, timeout=20)
    finally:
        await http.close()


async def _try_account(
    answers: Mapping[str, Any], config: Config, registration: str | None, *, new_identity: bool
) -> None:
    """Log in on trial, before anything is written. Create the account if there is a secret for
    it.
    """
    from bot.matrix.login import UnusableAccount
    from bot.matrix.login_sentences import REFUSED

    account = account_of_answers(answers, config)
    with plain_errors():
        try:
            shown = await look_up_account(account)
        except UnusableAccount as error:
            if error.lines != (REFUSED,) or not registration:
                raise
            await _create(answers, registration)
            shown = await look_up_account(account)
        if not new_identity:
            await refuse_foreign_identity(shown, config)


async def _create(answers: Mapping[str, Any], registration: str) -> None:
    """Register the account by Synapse's shared secret (its admin API)."""
    import hmac

    from bot.gateway import Refused

    where = "/_synapse/admin/v1/register"
    try:
        nonce = str((await _call(answers["homeserver"], "GET", where)).get("nonce", ""))
        name = answers["user_id"][1:].partition(":")[0]
        text = "\0".join([nonce, name, answers["secret"], "notadmin"]).encode()
        mac = hmac.new(registration.encode(), text, "sha1").hexdigest()
        body = {"nonce": nonce, "username": name, "password": answers["secret"], "mac": mac}
        made = await _call(answers["homeserver"], "POST", where, body | {"admin": False})
        token = str(made.get("access_token", ""))
        await _call(answers["homeserver"], "POST", "/_matrix/client/v3/logout", {}, token)
    except Refused as error:
        raise Stop(
            _("The homeserver refused to create the account ({code}).", code=error.code)
        ) from None
    tell(_("Created the account."))
