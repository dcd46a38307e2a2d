"""`minga init`: asks for the settings, tries them, then writes config.toml and the secrets."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from bot.i18n import _
from bot.operate.first_login import Repair, plain_errors, refuse_foreign_identity, sign_in
from bot.operate.homeserver.command import prepare_homeserver, with_homeserver_options
from bot.operate.operator_words import USUAL_CONFIG, in_words, speak_as_configured, tell
from bot.operate.recovery_key import offer_recovery_key
from bot.operate.setup.closing import close_setup
from bot.operate.setup.configuration import ask_configuration
from bot.operate.setup.service_unit import CONFIG, DATA, is_for_service
from bot.operate.setup_answers import SECRET_FILE, read_text_file, with_settings, write_settings


@click.command(
    help=in_words(
        _("Set the bot up: ask, try the homeserver and the account, write the configuration.")
    )
)
@with_settings
@click.option(
    "--register", is_flag=True, help=in_words(_("Make the account, where anybody may register."))
)
@click.option(
    "--registration-token-file",
    type=SECRET_FILE,
    help=in_words(_("Makes the account with a registration token.")),
)
@click.option(
    "--registration-secret-file",
    type=SECRET_FILE,
    help=in_words(_("Creates the account (Synapse).")),
)
@click.option(
    "--unit",
    type=click.Path(path_type=Path, dir_okay=False),
    help=in_words(_("Have systemd start the bot with this new file.")),
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
@click.pass_context
def init(context: click.Context, /, path: Path, **given: Any) -> None:
    """Set the bot up: ask, try the homeserver and the account, write the configuration."""
    from bot.operate.config import load_config
    from storage.encryption.keys import harden

    harden()
    if given["with_homeserver"]:
        prepare_homeserver(given)
        return
    path = _place(context, path, given).absolute()
    repair = Repair(given["new_device"], given["new_identity"])
    is_new = not path.exists()
    if is_new:
        _set_up(path, given)
    else:
        tell(_("{path} exists and stays as it is.", path=path))
    sign_in(path, repair, is_known=is_new)
    offer_recovery_key(path)
    with plain_errors():
        config = load_config(path)
    close_setup(path, config, given["unit"], is_new=is_new)


def _place(context: click.Context, path: Path, given: dict[str, Any]) -> Path:
    """Return where the configuration is: as given, here, or where a service of root's has it."""
    was_given = context.get_parameter_source("path") is not click.core.ParameterSource.DEFAULT
    if was_given or USUAL_CONFIG.exists() or not is_for_service():
        return path
    if context.get_parameter_source("data_dir") is click.core.ParameterSource.DEFAULT:
        given["data_dir"] = str(DATA)
    if not CONFIG.parent.exists():
        CONFIG.parent.mkdir(mode=0o700)
    return speak_as_configured(context, context.command.params[0], CONFIG)


def _set_up(path: Path, given: dict[str, Any]) -> None:
    """Ask, look at the account, and write the configuration with its secrets. Raises `Stop`."""
    from bot.operate.setup.way_in import Registration

    new = Registration(
        path.parent / "secrets/password",
        read_text_file(given["registration_secret_file"]),
        read_text_file(given["registration_token_file"]),
        given["register"],
    )
    found = ask_configuration(given, path, new)
    with plain_errors():
        if not given["new_identity"]:
            asyncio.run(refuse_foreign_identity(found.way_in.shown, found.config))
    write_settings(found.answers, path)
