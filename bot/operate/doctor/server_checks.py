"""The checks of `minga doctor` for the homeserver: address, name, version, clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib import metadata

from bot.i18n import _, n_
from bot.lines import Line
from bot.matrix.login import is_too_old
from bot.matrix.login_sentences import TOO_OLD
from bot.operate.config import Config
from bot.operate.doctor.findings import Finding, bad_finding, fine_finding, note_finding
from bot.operate.server_discovery import Unreachable, find_server_name, probe_homeserver

MOST_CLOCK_SKEW = timedelta(seconds=30)
OLDEST_TIME_ZONES = timedelta(days=2 * 365)


async def check_homeserver(config: Config) -> AsyncIterator[Finding]:
    """Yield findings on whether the account's homeserver answers, is new enough, and is the
    account's."""
    address = config.matrix.homeserver
    try:
        answer = await probe_homeserver(address)
    except Unreachable as error:
        for line in error.lines:
            yield bad_finding(line)
        return
    yield fine_finding(
        _(
            "{address} answers in {milliseconds} ms.",
            address=answer.address,
            milliseconds=answer.milliseconds,
        )
    )
    if is_too_old(answer.versions):
        yield bad_finding(TOO_OLD)
    name, wanted = await find_server_name(address), config.matrix.user_id.partition(":")[2]
    if name is not None and name != wanted:
        yield bad_finding(other_server_line(address, name, config.matrix.user_id))


def other_server_line(address: str, name: str, account: str) -> Line:
    """Return the line about an account of another homeserver than the one at the address."""
    return _(
        "{address} is the homeserver of {name}, and the account is {account}: put the"
        " address of the homeserver of {wanted} into matrix.homeserver.",
        address=address,
        name=name,
        account=account,
        wanted=account.partition(":")[2],
    )


async def check_clock(config: Config) -> AsyncIterator[Finding]:
    """Yield findings on whether our clock agrees with the homeserver's, and on time zone data that
    is old."""
    date = (await probe_homeserver(config.matrix.homeserver)).date
    yield judge_clock(date)
    theirs = _parse_date(date)
    if (old := _time_zones(theirs or datetime.now(UTC))) is not None:
        yield old


def _parse_date(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date or "").astimezone(UTC)
    except (ValueError, TypeError):
        return None


def judge_clock(date: str | None) -> Finding:
    """Return the finding on how far our clock is from the homeserver's, by its `Date` header."""
    theirs = _parse_date(date)
    if theirs is None:
        return note_finding(_("The homeserver does not say what time it is."))
    apart = abs(datetime.now(UTC) - theirs)
    if apart > MOST_CLOCK_SKEW:
        return bad_finding(
            _(
                "This clock and the homeserver's are {apart} apart: deadlines need the right"
                " time. Turn time synchronisation on: timedatectl set-ntp true",
                apart=_span(apart),
            )
        )
    return fine_finding(_("The clock agrees with the homeserver's."))


def _span(span: timedelta) -> Line:
    if span.days:
        return n_("{count} day", "{count} days", span.days)
    return _("{seconds} s", seconds=int(span.total_seconds()))


def _time_zones(now: datetime) -> Finding | None:
    """Return a finding if the time zones are old by the homeserver's clock; ours may be wrong."""
    try:
        zones = metadata.version("tzdata")
    except metadata.PackageNotFoundError:
        return None  # the check of the program reports it
    if now - datetime(int(zones.partition(".")[0]), 1, 1, tzinfo=UTC) <= OLDEST_TIME_ZONES:
        return None
    return bad_finding(
        _(
            "The time zones are old ({zones}): install the newest Minga, or the package tzdata:"
            " pip install --upgrade tzdata",
            zones=zones,
        )
    )
