"""`minga init --with-homeserver`: asks four things, and writes a homeserver's folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from bot.i18n import _
from bot.lines import Line
from bot.operate.homeserver.files import write_files
from bot.operate.homeserver.plan import HomeserverPlan, check_email, check_folder, check_name
from bot.operate.homeserver.steps import write_steps
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import in_words, tell
from bot.operate.setup.questions import confirm

NEXT = "NEXT.txt"
KINDS = ("packages", "containers")
_OPTIONS = (
    click.option(
        "--with-homeserver",
        is_flag=True,
        help=in_words(_("Prepare a homeserver for a network that has none; the bot comes later.")),
    ),
    click.option("--domain", help=in_words(_("Homeserver: its name, red.example.org."))),
    click.option(
        "--address", help=in_words(_("Homeserver: where it answers, if a website has its name."))
    ),
    click.option("--email", help=in_words(_("Homeserver: for the certificate authority."))),
    click.option(
        "--by", "kind", type=click.Choice(KINDS), help=in_words(_("Homeserver: how it runs."))
    ),
    click.option(
        "--federation/--no-federation",
        default=None,
        help=in_words(_("Homeserver: whether it talks with others.")),
    ),
    click.option(
        "--folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("/srv/homeserver"),
        show_default=True,
        help=in_words(_("Homeserver: where its files go.")),
    ),
)


def with_homeserver_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of `prepare_homeserver` to the decorated command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def prepare_homeserver(given: Mapping[str, Any]) -> None:
    """Write the folder for running a homeserver, and print the steps that are left to do. Raises
    `Stop`.

    What is there already is never changed: then only the steps are said again.
    """
    folder = check_folder(given["folder"])
    if (folder / NEXT).is_file():
        tell(_("{path} exists and stays as it is.", path=folder))
        click.echo("\n" + (folder / NEXT).read_text(encoding="utf-8"), nl=False)
        return
    plan = _ask_plan(given, folder)
    steps = write_steps(plan)
    try:
        write_files(plan, {NEXT: steps})
    except FileExistsError:
        raise Stop(
            _("{folder} is not empty. Choose another folder: --folder", folder=folder)
        ) from None
    except OSError as error:
        raise Stop(_("Could not write: {error}", error=error)) from None
    tell(_("Wrote {folder}, with new secrets in it that only you can read.", folder=folder))
    tell(_("These steps also stand in {file}.", file=folder / NEXT))
    click.echo("\n" + steps, nl=False)


def _ask_plan(given: Mapping[str, Any], folder: Path) -> HomeserverPlan:
    domain = check_name(
        given["domain"] or _ask(_("The homeserver's name, after the colon of accounts"))
    )
    kind = given["kind"] or _ask(
        _("How it is to run (packages, containers)"), KINDS[0], click.Choice(KINDS)
    )
    email = given["email"]
    if email is None:
        email = _ask(_("Your e-mail, for who makes its certificate (Enter for none)"), "")
    federation = given["federation"]
    if federation is None:
        federation = confirm(
            _("Is it to talk with other homeservers, as links with networks need?"), usual=True
        )
    return HomeserverPlan(
        domain=domain,
        address=check_name(given["address"]) if given["address"] else domain,
        email=check_email(email),
        containers=kind == "containers",
        federation=federation,
        folder=folder,
    )


def _ask(question: Line, usual: str | None = None, kind: click.Choice[str] | None = None) -> str:
    shown = bool(usual)
    return str(click.prompt(in_words(question), default=usual, type=kind, show_default=shown))
