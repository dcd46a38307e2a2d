"""`minga change-key`, as an operator meets it: its options, its questions and what it tells."""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.i18n import _
from bot.operate.config_option import with_config
from bot.operate.first_login import plain_errors, refuse_destroyed
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell

if TYPE_CHECKING:
    from bot.operate.change_key.key_places import KeyPlace
    from bot.operate.change_key.plan import Plan
    from bot.operate.config import Config

ANY_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    help=in_words(
        _("Lock the data with a new key: a file, a passphrase, or a credential of systemd.")
    ),
)
@with_config
@click.option(
    "--to",
    type=click.Choice(["file", "credential", "passphrase"]),
    help=in_words(_("How the new key is kept; as now if not given.")),
)
@click.option(
    "--from",
    "source",
    type=ANY_FILE,
    help=in_words(_("A file with the new key or passphrase; else it is made, or asked for.")),
)
@click.option(
    "--place",
    type=ANY_FILE,
    help=in_words(_("The file of the credential or passphrase, if not the usual one.")),
)
@click.option(
    "--destroy-old",
    is_flag=True,
    help=in_words(_("Destroy the old key. Backups made until now open only with a copy of it.")),
)
def change_key(
    path: Path, to: str | None, source: Path | None, place: Path | None, *, destroy_old: bool
) -> None:
    """Lock the data with a new key: a file, a passphrase, or a credential of systemd."""
    from bot.operate.change_key.plan import refuse_elsewhere
    from bot.operate.config import load_config
    from storage.encryption.keys import harden
    from storage.files import disk, lock

    harden()
    with plain_errors():
        path = path.absolute()
        config = load_config(path)
        data = config.storage.data_dir
        refuse_destroyed(config)
        refuse_elsewhere(config)
        try:
            with lock.hold(data):
                _change(config, path, to, source, place, destroy_old=destroy_old)
        finally:
            disk.hand_over_folder(data)


def _change(
    config: Config,
    path: Path,
    to: str | None,
    source: Path | None,
    place: Path | None,
    *,
    destroy_old: bool,
) -> None:
    from bot.operate.change_key.key_places import KeyKind
    from bot.operate.change_key.plan import make_plan
    from bot.operate.change_key.steps import finish_earlier, make_change

    if asyncio.run(finish_earlier(config, path)):
        tell(_("The change that was interrupted is done now. For yet another key, call it again."))
        _tell_keys(config.storage.data_dir)
        return
    plan = make_plan(config, path, KeyKind(to) if to else None, place)
    asyncio.run(make_change(plan, _new_secret(plan.new, source), destroy_old=destroy_old))
    _tell_keys(plan.data)
    _tell_place(plan)
    tell(_("Make a backup now: none that was made until now opens with the new key."))


def _new_secret(place: KeyPlace, source: Path | None) -> bytes:
    """Return a new key, or a passphrase that is typed twice; or what the file holds.

    Raises `SecretError` for a weak one, `Stop` where nobody can be asked.
    """
    from bot.operate.change_key.key_places import KeyKind
    from storage.encryption.root_key import refuse_weak_key, refuse_weak_passphrase
    from storage.encryption.secret_files import read_secret

    if place.kind is KeyKind.PASSPHRASE:
        secret = _ask_passphrase() if source is None else read_secret(source)
        refuse_weak_passphrase(secret)
        return secret
    if source is None:
        return secrets.token_hex(32).encode() + b"\n"
    secret = read_secret(source)
    refuse_weak_key(secret, source)
    return secret


def _ask_passphrase() -> bytes:
    if not sys.stdin.isatty():
        raise Stop(_("A passphrase is asked for at a terminal only. Without one: --from FILE"))
    typed: str = click.prompt(
        in_words(_("The new passphrase (not shown)")),
        hide_input=True,
        confirmation_prompt=in_words(_("Once more")),
    )
    return typed.encode() + b"\n"


def _tell_keys(data: Path) -> None:
    """Tell which key the data has, and what became of the one before."""
    from storage.encryption.key_change import former_key
    from storage.encryption.key_header import read_header

    header: dict[str, Any] = read_header(data) or {}
    tell(_("The data is locked with key {id} now.", id=header["id"]))
    former = former_key(header)
    if former is not None and former.file:
        tell(
            _(
                "The old key {id} is kept in {file}: backups made until now open only with it."
                " Delete it with the last of them.",
                id=former.id,
                file=former.file,
            )
        )
    elif former is not None:
        tell(
            _(
                "The old key {id} was overwritten and deleted; an SSD may keep it for a while."
                " Backups made until now open only with a copy of it.",
                id=former.id,
            )
        )


def _tell_place(plan: Plan) -> None:
    from bot.operate.change_key.key_places import KeyKind
    from bot.operate.change_key.unit_lines import find_unit, unit_lines

    file = plan.new.file
    match plan.new.kind:
        case KeyKind.FILE:
            tell(_("Keep a copy of {file} elsewhere: without it nobody can read it.", file=file))
        case KeyKind.CREDENTIAL:
            tell(
                _(
                    "{file} opens on this machine only: if it breaks, neither data nor backups can"
                    " be read again.",
                    file=file,
                )
            )
        case KeyKind.PASSPHRASE:
            tell(
                _(
                    "If {file} is gone after a reboot: install -D -m 600 /dev/stdin {file}, type"
                    " the passphrase, Enter and Ctrl-D, and start the bot. Without the passphrase"
                    " nobody can read the data: keep it on paper too.",
                    file=file,
                )
            )
    if plan.old.kind is not plan.new.kind and find_unit(plan.path) is None:
        tell(_("If systemd starts the bot, its unit needs: {lines}", lines=unit_lines(plan.new)))
