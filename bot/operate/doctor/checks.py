"""The checks of `minga doctor`, one plain line each. They change nothing."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.i18n import _
from bot.lines import Line
from bot.operate.config import Config, ConfigError, load_config
from bot.operate.doctor.account_checks import check_account
from bot.operate.doctor.backup_checks import check_backups
from bot.operate.doctor.data_folder import DataFolder
from bot.operate.doctor.findings import (
    Finding,
    bad_finding,
    finding_from_error,
    fine_finding,
    note_finding,
)
from bot.operate.doctor.publishing_checks import check_publishing
from bot.operate.doctor.server_checks import check_clock, check_homeserver
from bot.operate.doctor.server_offers import check_server_offers
from bot.operate.doctor.swap import open_swap
from bot.operate.watch.condition import WORDS, Trouble
from bot.operate.watch.ready_command import NO_ANSWER, OTHER_TOKEN, ask_bot
from storage.files import lock
from storage.files.backup_records import LOCK
from storage.files.disk import LEAST_FREE_BYTES


async def run_checks(path: Path) -> list[Finding]:
    """Return the findings of all checks, except those that need something that is broken. Never
    raises."""
    found = _run_check(_program, _("The program"))
    try:
        config = load_config(path)
    except ConfigError as error:
        return [*found, *map(bad_finding, error.lines)]
    found.append(fine_finding(_("The configuration {path} can be used.", path=path)))
    found += _trust(config)
    found += _run_check(lambda: _files(config), _("The files of the configuration"))
    found += _run_check(lambda: _machine(config), _("This machine"))
    if _is_visible(config.storage.data_dir):
        found += _run_check(lambda: list(check_backups(config)), _("The backups"))
    found += _run_check(lambda: list(check_publishing(config)), _("What is public"))
    data = DataFolder(config)
    found += await _collect(data.check(), _("The data"))
    server = await _collect(check_homeserver(config), _("The homeserver"))
    found += server
    if all(finding.is_fine for finding in server):
        found += await _collect(check_clock(config), _("The clock"))
        found += await _collect(check_account(config, data), _("The account"))
        found += await _collect(check_server_offers(config, data), _("What the homeserver offers"))
    return list(dict.fromkeys(found))


def _run_check(check: Callable[[], list[Finding]], what: Line) -> list[Finding]:
    """Run a check. If it raises, return the error as its result."""
    try:
        return check()
    except Exception as error:
        return [finding_from_error(error, what)]


async def _collect(check: AsyncIterator[Finding], what: Line) -> list[Finding]:
    found = []
    try:
        async for finding in check:
            found.append(finding)  # noqa: PERF401 - what was found before it failed stays
    except Exception as error:
        found.append(finding_from_error(error, what))
    return found


# --- this machine --------------------------------------------------------------------------------


def _program() -> list[Finding]:
    try:
        names = ("minga", "vodozemac", "tzdata")
        minga, vodozemac, zones = map(importlib.metadata.version, names)
    except importlib.metadata.PackageNotFoundError as error:
        return [
            bad_finding(_("The package {name} is missing: install the bot anew.", name=error.name))
        ]
    python = sys.version.partition(" ")[0]
    return [
        fine_finding(
            _(
                "minga {minga}, vodozemac {vodozemac}, tzdata {zones}, Python {python}.",
                minga=minga,
                vodozemac=vodozemac,
                zones=zones,
                python=python,
            )
        )
    ]


def _files(config: Config) -> list[Finding]:
    read = (
        config.matrix.password,
        config.matrix.access_token,
        config.accounts.synapse_token,
        config.accounts.mas_client_secret,
        config.watch.token,
        config.backup.recipients,
    )
    found: list[Finding] = []
    for one in read:
        try:
            one()
        except ConfigError as error:
            found += map(bad_finding, error.lines)
    if _is_visible(config.storage.data_dir):
        found += _open_to_others(config.storage.data_dir)
        found += _foreign_secret(config)
    return found or [fine_finding(_("The secrets are there, and nobody else can read them."))]


def _foreign_secret(config: Config) -> list[Finding]:
    """Return a note if root sees secrets that the owner of the data can't read."""
    where, matrix = config.storage, config.matrix
    owner = where.data_dir.stat().st_uid
    named = (where.passphrase_file or where.key_file, matrix.password_file)
    files = [file for file in named if file is not None and _is_visible(file)]
    strange = next((file for file in files if file.stat().st_uid != owner), None)
    if os.geteuid() != 0 or strange is None:
        return []
    return [
        note_finding(
            _(
                "{file} belongs to user {user}, the data to user {owner}: the bot can read it only"
                " as a credential, as deploy/minga.service gives it. Else: chown {owner} {file}",
                file=strange,
                user=strange.stat().st_uid,
                owner=owner,
            )
        )
    ]


def _trust(config: Config) -> list[Finding]:
    trust = config.trust
    loose = [name for name in type(trust).model_fields if getattr(trust, name)]
    if not loose:
        return []
    return [
        note_finding(
            _(
                "Loosened in the configuration: {keys}. Each weakens a promise to the members:"
                " take out what is not needed.",
                keys=", ".join(f"trust.{name}" for name in loose),
            )
        )
    ]


def _is_visible(folder: Path) -> bool:
    """Return whether the folder exists and can be seen."""
    try:
        return folder.exists()
    except OSError:
        return False


def _open_to_others(data: Path) -> list[Finding]:
    found: list[Finding] = []
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        return found  # the check of the data reports it
    if data.stat().st_mode & 0o077:
        found.append(
            bad_finding(_("Others can look into {data}. Mend it: chmod 700 {data}", data=data))
        )
    left = [f for f in data.iterdir() if f.name.startswith((".backup-", ".restore-"))]
    at_work = lock.is_held(data, LOCK)
    found += [
        bad_finding(_("{file} was left by a backup that was cut off: rm {file}*", file=f))
        for f in left
        if not (at_work and f.name.startswith(".backup-"))
    ]
    files = [f for f in data.iterdir() if f not in left and f.is_file()]
    opened = [f for f in files if f.stat().st_mode & 0o077]
    return found + [
        bad_finding(_("Others can read {file}. Mend it: chmod 600 {file}", file=f)) for f in opened
    ]


def _machine(config: Config) -> list[Finding]:
    data = config.storage.data_dir
    place = next(p for p in (data, *data.parents) if _is_visible(p))
    free = shutil.disk_usage(place).free
    found = [
        fine_finding(_("{count} MiB are free for the data.", count=f"{free // 2**20:,}"))
        if free > LEAST_FREE_BYTES
        else bad_finding(
            _(
                "Only {count} MiB are free in {place}: make room, 200 MiB at least.",
                count=free // 2**20,
                place=place,
            )
        )
    ]
    swap = open_swap()
    if swap:
        found.append(
            note_finding(
                _(
                    "{swap} may get keys and is perhaps not encrypted: encrypt it, or off.",
                    swap=swap,
                )
            )
        )
    if _is_visible(data) and lock.is_held(data):
        found.append(fine_finding(_("The bot is running.")))
        found += _port(config)
    else:
        found.append(note_finding(_("The bot is not running.")))
    return found


def _port(config: Config) -> list[Finding]:
    """Report a running bot that monitoring can't ask, or that owes messages.

    The bot alone knows which of them only the homeserver keeps waiting. What else monitoring would
    be told, other checks tell.
    """
    where = config.watch.listen
    try:
        told = ask_bot(config.watch) if where is not None else ()
    except ConfigError:  # its secret: `_files` reports it
        return []
    if told not in ((NO_ANSWER,), (OTHER_TOKEN,)):
        owed = WORDS[Trouble.LETTERS_LATE]
        return [bad_finding(owed)] if owed in told else []
    return [
        bad_finding(
            _(
                "The bot runs, but does not answer at watch.listen ({where}): it stands still, or"
                " another program has that port, or watch was changed since the start. Its log"
                " says which; in doubt: systemctl restart minga",
                where=where,
            )
        )
    ]
