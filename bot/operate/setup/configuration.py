"""All settings of a bot that is set up: as options, variables of the environment, or typed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.i18n import _
from bot.lines import Line
from bot.operate.operator_errors import Stop
from bot.operate.operator_words import tell
from bot.operate.setup import answers
from bot.operate.setup.questions import Questions, refuse_gaps
from bot.operate.setup_answers import check_settings
from bot.types import UserId

if TYPE_CHECKING:
    from bot.operate.config import Config
    from bot.operate.setup.way_in import Registration, WayIn


@dataclass(frozen=True, slots=True, repr=False)
class SetUp:
    """The settings, what the bot would read of them, and the way into its account."""

    answers: Mapping[str, Any]
    config: Config
    way_in: WayIn


def ask_configuration(given: Mapping[str, Any], path: Path, new: Registration | None) -> SetUp:
    """Ask for the settings and return them, each checked at once, with the account's login tried.

    Nothing is written but the password of an account that is made. Raises `Stop`.
    """
    from bot.operate.setup.way_in import find_way_in

    refuse_gaps(given, can_register=new is not None and (new.is_given or new.password.exists()))
    _refuse_unwritable(path.parent)
    found = _ask_settings(given)
    moderators, user = found["moderators"], found["user_id"]
    way_in = find_way_in(given, found["homeserver"], UserId(user), moderators, new)
    tell(_("The account works."))
    settings = {
        **found,
        "data_dir": given["data_dir"],
        "plain_http": given["plain_http"],
        "secret": way_in.secret,
        "by_token": way_in.by_token,
        "device_id": given["device_id"],
    }
    return SetUp(settings, check_settings(settings, path), way_in)


def _ask_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings without the way into the account. Raises `Stop`."""
    questions = Questions()

    def ask(name: str, question: Line, check: Any, usual: str | None = None) -> Any:
        return questions.ask(str(given[name] or ""), question, check, usual)

    plain = bool(given["plain_http"])
    server = ask(
        "homeserver",
        _("Homeserver (https://…)"),
        lambda typed: answers.check_homeserver(typed, plain_http=plain),
    )
    questions.refuse_wrong()
    user = ask(
        "user_id",
        _("The bot's account (@minga:example.org)"),
        lambda typed: answers.check_account_name(typed, server),
    )
    name = ask("name", _("The network's name"), answers.check_network_name)
    language = ask("language", _("Its language (es, pt, en)"), answers.check_language, "es")
    zone = ask("timezone", _("Its time zone"), answers.check_time_zone, "America/Bogota")
    people = questions.ask(
        " ".join(given["moderators"]),
        _("Its moderators (accounts, with spaces)"),
        lambda typed: answers.check_moderators(typed, server, user or ""),
    )
    questions.refuse_wrong()
    return {
        "homeserver": server.address,
        "user_id": user,
        "name": name,
        "language": language,
        "timezone": zone,
        "moderators": people,
    }


def _refuse_unwritable(folder: Path) -> None:
    """Raise `Stop` if nothing could be written at the end."""
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise Stop(
            _(
                "Nothing can be written into {folder}: make it, or run this as its owner.",
                folder=folder,
            )
        )
