"""Finds the way into the bot's account: its password, a token, or an account that is made now."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.i18n import _, verbatim
from bot.lines import Line
from bot.matrix.login import Account, AccountState, UnusableAccount, account_state, brief_login
from bot.matrix.login_sentences import REFUSED
from bot.operate.doctor.account_checks import absent_line
from bot.operate.first_login import plain_errors
from bot.operate.operator_errors import Stop, TemporaryStop
from bot.operate.operator_words import in_words, tell
from bot.operate.setup import questions, registration
from bot.operate.setup.questions import ask_secret
from bot.operate.setup_answers import read_text_file
from bot.types import UserId

WRONG_PASSWORD = _(
    "The account is there, but the homeserver refused its password. If the account was deactivated,"
    " whoever administers the homeserver can bring it back."
)
EMPTY_TOKEN = _("No token was typed.")
NO_WAY_IN = _(
    "There is no terminal to ask at. Give as options what is missing: {options}",
    options="--password-file",
)
REGISTER = "mas-cli manage register-user"


@dataclass(frozen=True, slots=True, repr=False)
class WayIn:
    """What opens the account, and what the homeserver shows of it."""

    account: Account
    shown: AccountState

    @property
    def by_token(self) -> bool:
        """Whether the bot logs in by a token, not by a password."""
        return self.account.token is not None

    @property
    def secret(self) -> str:
        """What the bot logs in with: a token if `by_token`, else a password, "" if there is
        none."""
        return self.account.token or self.account.password or ""


@dataclass(frozen=True, slots=True, repr=False)
class Registration:
    """How the account may be made if it is not there. `password`: where a new one is kept."""

    password: Path
    secret: str | None = None
    token: str | None = None
    wanted: bool = False

    @property
    def is_given(self) -> bool:
        """Whether an option says that the account is to be made."""
        return self.wanted or self.secret is not None or self.token is not None


def find_way_in(
    given: Mapping[str, Any],
    server: str,
    user: UserId,
    moderators: list[str],
    new: Registration | None,
) -> WayIn:
    """Log in on trial with the password or token that was given or is typed, and return it.

    The account is created where that is wanted; `new` is None where none may be. Raises `Stop`.
    """
    if given["password_file"] and given["access_token_file"]:
        raise Stop(_("Give --password-file or --access-token-file, not both."))
    entry = _Entry(server, user, moderators, given["device_id"])
    with plain_errors():
        if given["access_token_file"]:
            return entry.try_token(read_text_file(given["access_token_file"]) or "")
        password = read_text_file(given["password_file"])
        if password is None and new is not None:
            way_in = _enter_as_before(entry, new.password)
            if way_in is not None:
                return way_in
        if password is not None or (new is not None and new.is_given):
            return _enter_as_told(entry, password, new)
        if not questions.has_terminal():
            raise Stop(NO_WAY_IN)
        return _enter_by_asking(entry, new)


def _enter_as_before(entry: _Entry, kept: Path) -> WayIn | None:
    """Enter with the password of a set-up that was cut off; None if it opens nothing."""
    if not kept.exists() or entry.is_there() is False:
        return None
    tell(_("The password is the one in {path}.", path=kept))
    try:
        return entry.try_password(read_text_file(kept) or "")
    except WrongPassword as stop:
        if not questions.has_terminal():
            raise
        stop.show()
    return None


def _enter_as_told(entry: _Entry, password: str | None, new: Registration | None) -> WayIn:
    """Enter with a password or a way to register, without a question."""
    if new is None or not new.is_given:
        return entry.try_password(password or "")
    there = entry.is_there()
    if password is None:
        return _make_account(entry, new)
    if there is not False:
        try:
            return entry.try_password(password)
        except WrongPassword:
            if there:
                raise
    entry.make(password, new)
    return entry.try_password(password)


def _enter_by_asking(entry: _Entry, new: Registration | None) -> WayIn:
    """Enter with what is typed, asked again until the account opens."""
    if "m.login.password" not in asyncio.run(registration.login_kinds(entry.server)):
        return _ask_for_token(entry)
    while entry.is_there() is False:
        tell(_("There is no account {user} yet.", user=entry.user))
        if new is None:
            raise Stop(_("A bot that comes back has an account already: look at its name."))
        if (way_in := _register_by_asking(entry, new)) is not None:
            return way_in
    while True:
        try:
            return entry.try_password(ask_secret(_("Its password (not shown)")))
        except WrongPassword as stop:
            stop.show()


def _register_by_asking(entry: _Entry, new: Registration) -> WayIn | None:
    """Make the account; None if who operates the bot makes it elsewhere meanwhile."""
    try:
        flows = asyncio.run(registration.registration_flows(entry.server))
        registration.choose_flow(flows, has_token=False)
    except registration.TokenRefused:
        return _register_with_token(entry, new)
    except registration.MadeElsewhere as stop:
        stop.show()
        click.prompt(in_words(_("Press Enter once it is made")), default="", show_default=False)
        return None
    except Stop as stop:
        stop.show()
        return _register_with_secret(entry, new)
    return _make_account(entry, new)


def _register_with_token(entry: _Entry, new: Registration) -> WayIn:
    while True:
        token = ask_secret(_("A registration token of the homeserver (not shown)"))
        try:
            return _make_account(entry, Registration(new.password, token=token))
        except registration.TokenRefused as stop:
            stop.show()


def _register_with_secret(entry: _Entry, new: Registration) -> WayIn | None:
    question = _("Synapse's registration_shared_secret (not shown; empty: I made the account now)")
    while secret := ask_secret(question, may_be_empty=True):
        try:
            return _make_account(entry, Registration(new.password, secret=secret))
        except registration.SecretRefused as stop:
            stop.show()
    return None


def _ask_for_token(entry: _Entry) -> WayIn:
    """Say where a token comes from where no password is taken, and ask for it."""
    name = entry.user[1:].partition(":")[0]
    for line in (
        _("This homeserver takes no passwords. On the machine of its authentication service type:"),
        _("1. {command}: the account {name}, not an administrator", command=REGISTER, name=name),
        verbatim(f"2. mas-cli manage issue-compatibility-token {name}"),
    ):
        tell(line)
    while True:
        try:
            return entry.try_token(
                ask_secret(_("The token that the second one prints (not shown)"))
            )
        except TemporaryStop:
            raise
        except Stop as stop:
            stop.show()


def _make_account(entry: _Entry, new: Registration) -> WayIn:
    """Make the account with a new password, and enter. Raises `Stop`.

    The password is kept first: an account that was made has no other copy of it.
    """
    from storage.encryption.secret_files import make_private_folder, write_secret

    path, kept = new.password, new.password.exists()
    # The end is for homeservers that want a letter of each kind.
    password = read_text_file(path) if kept else f"{secrets.token_urlsafe(24)}-Aa1"
    if not kept:
        make_private_folder(path.parent)
        write_secret(path, f"{password}\n".encode())
    try:
        entry.make(password or "", new)
    except Stop:
        if not kept:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
        raise
    return entry.try_password(password or "")


class WrongPassword(Stop):
    """The homeserver refused the account or its password."""


class _Entry:
    """The account at its homeserver."""

    def __init__(
        self, server: str, user: UserId, moderators: list[str], device: str | None
    ) -> None:
        self.server = server
        self.user = user
        self._moderators = moderators
        self._device = device

    def is_there(self) -> bool | None:
        """Return whether there is such an account; None if it can't be seen."""
        return asyncio.run(registration.has_account(self.server, self.user))

    def try_password(self, password: str) -> WayIn:
        """Log in on trial. Raises `WrongPassword`, or `Stop` for what no other password mends."""
        account = Account(self.server, self.user, password)
        try:
            return asyncio.run(self._try(account))
        except UnusableAccount as error:
            if error.lines != (REFUSED,):
                raise
        there = self.is_there()
        line: Line = REFUSED if there is None else WRONG_PASSWORD if there else self._absent_line()
        raise WrongPassword(line)

    def _absent_line(self) -> Line:
        return _(
            "There is no account {user}. To have it made: --register, --registration-token-file or"
            " --registration-secret-file.",
            user=self.user,
        )

    def try_token(self, token: str) -> WayIn:
        """Look with the token. Raises `Stop`."""
        if not token:
            raise Stop(EMPTY_TOKEN)
        with plain_errors():
            return asyncio.run(
                self._try(Account(self.server, self.user, None, token, self._device))
            )

    async def _try(self, account: Account) -> WayIn:
        async with brief_login(account) as http:
            shown = await account_state(http, account.user)
            for one in self._moderators:
                if await registration.shows_account(http, one) is False:
                    raise Stop(absent_line(one))
        return WayIn(account, shown)

    def make(self, password: str, new: Registration) -> None:
        """Make the account. Raises `Stop`, or `TryLater`."""
        work = (
            registration.create_by_secret(self.server, self.user, password, new.secret)
            if new.secret is not None
            else registration.register(self.server, self.user, password, new.token)
        )
        asyncio.run(work)
        tell(_("Created the account {user}.", user=self.user))
