"""The checks of `minga doctor` for the homeserver and the bot's account there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.gateway import Refused, SignedOut, TryLater
from bot.i18n import _, verbatim
from bot.matrix.account_claim import foreign_run
from bot.matrix.crypto.bot_identity import OCCUPIED, REPLACED
from bot.matrix.crypto.recovery import RecoveryError, RecoveryState, recovery_state
from bot.matrix.crypto.trust import Device, judge_keys
from bot.matrix.http import Http, SoftLogout
from bot.matrix.login import (
    LAPSED_TOKEN,
    Account,
    UnusableAccount,
    account_state,
    explain_dead_login,
    inspect_account,
)
from bot.operate.config import Config
from bot.operate.doctor.data_folder import DataFolder
from bot.operate.doctor.findings import (
    Finding,
    bad_finding,
    finding_from_error,
    fine_finding,
    note_finding,
)
from bot.operate.first_login import account_of, known_master_keys
from bot.operate.recovery_key import NOT_MADE
from bot.operate.server_discovery import Unreachable, probe_homeserver
from bot.signing.fingerprints import fingerprint
from bot.types import Line

MOST_CLOCK_SKEW = timedelta(seconds=30)


async def check_homeserver(config: Config) -> AsyncIterator[Finding]:
    """Check that the homeserver answers and that its clock agrees with ours."""
    try:
        answer = await probe_homeserver(config.matrix.homeserver)
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
    if answer.date:
        yield _clock(answer.date)


def _clock(date: str) -> Finding:
    try:
        apart = abs(datetime.now(UTC) - parsedate_to_datetime(date))
    except (ValueError, TypeError):
        return note_finding(_("The homeserver does not say what time it is."))
    if apart > MOST_CLOCK_SKEW:
        return bad_finding(
            _(
                "This clock and the homeserver's are {seconds} s apart: deadlines need"
                " the right time. Turn time synchronisation on (timedatectl set-ntp"
                " true).",
                seconds=int(apart.total_seconds()),
            )
        )
    return fine_finding(_("The clock agrees with the homeserver's."))


async def check_account(config: Config, data: DataFolder) -> AsyncIterator[Finding]:
    """Check whether the stored login still stands, and whether the configured one works."""
    account = account_of(config)
    if data.superseded:
        yield bad_finding(verbatim(data.superseded))
        return
    if data.login.get("token"):
        async for finding in _login(config, account, data):
            yield finding
            if not finding.is_fine:
                return
        yield await _check_recovery_key(config, data)
    try:
        shown = await inspect_account(account)
    except TryLater as error:
        yield note_finding(
            _("The account's password could not be tried now ({code}).", code=error.code)
        )
        return
    except (UnusableAccount, SignedOut) as error:
        yield finding_from_error(error, _("The account"))
        return
    yield fine_finding(_("The account takes what the configuration has for it."))
    if data.login.get("token"):
        return
    if shown.master is not None and shown.master not in await _master_keys(config, data):
        yield bad_finding(REPLACED if data.is_sound else OCCUPIED)
    else:
        yield note_finding(_("The bot has not logged in yet: the first start does it."))


async def _master_keys(config: Config, data: DataFolder) -> set[str]:
    return await known_master_keys(config) if data.is_sound else set()


async def _check_recovery_key(config: Config, data: DataFolder) -> Finding:
    """Return whether the homeserver shows a recovery key of our identity; never what it is."""
    me = config.matrix.user_id
    http = Http(config.matrix.homeserver, str(data.login["token"]))
    try:
        master = (await account_state(http, me)).master or ""
        state = await recovery_state(http, me, master)
    except (RecoveryError, Refused, TryLater, SignedOut) as error:
        return finding_from_error(error, _("The recovery key"))
    finally:
        await http.close()
    if state is RecoveryState.ABSENT:
        return note_finding(NOT_MADE)
    if state is RecoveryState.OTHER:
        return note_finding(
            _("The recovery key is of an earlier identity. Make a new one: minga recovery-key")
        )
    return fine_finding(_("There is a recovery key for this identity."))


async def _login(config: Config, account: Account, data: DataFolder) -> AsyncIterator[Finding]:
    me, device = config.matrix.user_id, str(data.login.get("device", ""))
    http = Http(config.matrix.homeserver, account.token or str(data.login["token"]))
    try:
        who = await http.call("GET", "/_matrix/client/v3/account/whoami", timeout=15)
        if who.get("user_id") != me or who.get("device_id") != device:
            yield bad_finding(_("The login in the database is of another account or device."))
            return
        yield fine_finding(_("The login is valid."))
        if (other := await foreign_run(http, config.matrix.user_id, data.runs)) is not None:
            yield bad_finding(other.sentence())
            return
        asked: dict[str, object] = {"device_keys": {me: []}}
        answer = await http.call("POST", "/_matrix/client/v3/keys/query", asked, timeout=15)
    except SoftLogout:
        if account.password is not None:
            yield note_finding(_("The login has lapsed: the bot renews it by itself."))
        else:
            yield bad_finding(LAPSED_TOKEN)
        return
    except SignedOut as dead:
        for line in (await explain_dead_login(account, dead)).lines:
            yield bad_finding(line)
        return
    except (Refused, TryLater) as error:
        yield finding_from_error(error, _("The login"))
        return
    finally:
        await http.close()
    names = ("device_keys", "master_keys", "self_signing_keys")
    parts = [answer.get(name) for name in names]
    verdict = judge_keys(me, *(part.get(me) if isinstance(part, dict) else None for part in parts))
    if verdict.master is not None and verdict.master not in await _master_keys(config, data):
        yield bad_finding(REPLACED)
        return
    ours = next((d for d in verdict.devices if d.id == device), None)
    if ours is None or not ours.signed:
        yield bad_finding(
            _("The device is not signed by the account's identity: start the bot, it signs it.")
        )
    else:
        yield fine_finding(_("The device is signed by the account's identity."))
        for line in _key_lines(verdict.master, ours):
            yield fine_finding(line)
    others = sum(1 for d in verdict.devices if d.id != device)
    if others:
        yield note_finding(
            _(
                "The account has {others} other devices: log out those that are not needed.",
                others=others,
            )
        )


def _key_lines(master: str | None, ours: Device) -> list[Line]:
    """Return the bot's own keys, in the same form as `!status` tells them."""
    key = _("Its device {device} has the key: {key}", device=ours.id, key=fingerprint(ours.ed25519))
    if master is None:
        return [key]
    return [_("The key of the bot's identity: {key}", key=fingerprint(master)), key]
