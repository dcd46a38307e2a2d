"""The checks of `minga doctor`, one plain line each. They change nothing."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import stat
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.i18n import _
from bot.operate.config import Config, ConfigError, load_config
from bot.operate.doctor.account_checks import check_account, check_homeserver
from bot.operate.doctor.data_folder import DataFolder
from bot.operate.doctor.findings import (
    Finding,
    bad_finding,
    finding_from_error,
    fine_finding,
    note_finding,
)
from bot.operate.doctor.server_offers import check_server_offers
from bot.types import Line
from storage.encryption.keys import is_private
from storage.files import lock

LEAST_FREE_BYTES = 200 * 2**20
OLDEST_TIME_ZONES = timedelta(days=2 * 365)


async def run_checks(path: Path) -> list[Finding]:
    """Return the results of all checks, except those that need what is broken. Never raises."""
    found = _run_check(_program, _("The program"))
    try:
        config = load_config(path)
    except ConfigError as error:
        return [*found, *map(bad_finding, error.lines)]
    found.append(fine_finding(_("The configuration {path} can be used.", path=path)))
    found += _run_check(lambda: _files(config), _("The files of the configuration"))
    found += _run_check(lambda: _machine(config), _("This machine"))
    data = DataFolder(config)
    found += await _collect(data.check(), _("The data"))
    server = await _collect(check_homeserver(config), _("The homeserver"))
    found += server
    if all(finding.is_fine for finding in server):
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
        names = ("minga", "matrix-nio", "tzdata")
        minga, nio, zones = map(importlib.metadata.version, names)
    except importlib.metadata.PackageNotFoundError as error:
        return [
            bad_finding(_("The package {name} is missing: install the bot anew.", name=error.name))
        ]
    python = sys.version.partition(" ")[0]
    found = [
        fine_finding(
            _(
                "minga {minga}, matrix-nio {nio}, tzdata {zones}, Python {python}.",
                minga=minga,
                nio=nio,
                zones=zones,
                python=python,
            )
        )
    ]
    released = datetime(int(zones.partition(".")[0]), 1, 1, tzinfo=UTC)
    if datetime.now(UTC) - released > OLDEST_TIME_ZONES:
        found.append(
            bad_finding(
                _("The time zones are old ({zones}): upgrade the package tzdata.", zones=zones)
            )
        )
    return found


def _files(config: Config) -> list[Finding]:
    named = {
        "matrix.password_file": config.matrix.password_file,
        "matrix.access_token_file": config.matrix.access_token_file,
        "storage.passphrase_file": config.storage.passphrase_file,
        "storage.key_file": None if config.storage.passphrase_file else config.storage.key_file,
    }
    found = [f for key, file in named.items() if file and (f := _secret(key, file))]
    if _is_visible(config.storage.data_dir):
        found += _open_to_others(config.storage.data_dir)
    return found or [fine_finding(_("The secrets are there, and nobody else can read them."))]


def _secret(key: str, file: Path) -> Finding | None:
    """Return what is wrong with a file that holds a secret, or None."""
    try:
        mode = file.stat().st_mode
        if not stat.S_ISREG(mode):
            return bad_finding(_("{key}: {file} is not a file.", key=key, file=file))
        if not is_private(file, mode):
            return bad_finding(
                _("{key}: others can read {file}. Mend it: chmod 600 {file}", key=key, file=file)
            )
    except FileNotFoundError:
        return bad_finding(_("{key}: {file} is missing.", key=key, file=file))
    except OSError as error:
        return bad_finding(
            _(
                "{key}: {file} can't be read ({why}). Whose is it?",
                key=key,
                file=file,
                why=error.strerror,
            )
        )
    return None


def _is_visible(folder: Path) -> bool:
    """Return whether the folder exists and can be seen."""
    try:
        return folder.exists()
    except OSError:
        return False


def _open_to_others(data: Path) -> list[Finding]:
    found = []
    if data.stat().st_mode & 0o077:
        found.append(
            bad_finding(_("Others can look into {data}. Mend it: chmod 700 {data}", data=data))
        )
    if not os.access(data, os.R_OK | os.X_OK):
        return found  # the check of the data reports it
    left = [f for f in data.iterdir() if f.name.startswith((".backup-", ".restore-"))]
    found += [
        bad_finding(_("{file} was left by a backup that was cut off: rm {file}*", file=f))
        for f in left
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
    swap = _open_swap()
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
    else:
        found.append(note_finding(_("The bot is not running.")))
    return found


def _open_swap() -> str | None:
    """Return a swap device that looks neither compressed nor encrypted, or None."""
    try:
        lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return None
    places = [line.split()[0] for line in lines if line]
    return next(
        (p for p in places if not p.startswith(("/dev/zram", "/dev/dm-", "/dev/mapper"))), None
    )
