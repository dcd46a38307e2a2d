"""The checks of `minga doctor` for the bot's account and the network's moderators."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.gateway import Refused, SignedOut, TryLater
from bot.i18n import _, verbatim
from bot.lines import Line
from bot.matrix.crypto.bot_identity import OCCUPIED, REPLACED
from bot.matrix.crypto.recovery import RecoveryError, RecoveryState, recovery_state
from bot.matrix.crypto.trust import Device, judge_keys
from bot.matrix.fields import as_mapping, short_text
from bot.matrix.http import Http, SoftLogout
from bot.matrix.login import (
    Account,
    UnusableAccount,
    account_state,
    brief_login,
    explain_dead_login,
)
from bot.matrix.run_record import current_run
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
from bot.operate.setup.message_limit import limit_line
from bot.operate.setup.registration import shows_account
from bot.signing.fingerprints import fingerprint


async def check_account(config: Config, data: DataFolder) -> AsyncIterator[Finding]:
    """Yield findings on whether the stored login is still valid, and whether the configured one
    works.

    Nothing is said of the account's identity if the data can't be read: it is there all the same.
    """
    account = account_of(config)
    if data.past.why:
        yield bad_finding(verbatim(data.past.why))
        return
    if data.login.get("token"):
        async for finding in _login(config, account, data):
            yield finding
            if not finding.is_fine:
                return
        yield await _check_recovery_key(config, data)
    try:
        async with brief_login(account) as http:
            shown = await account_state(http, account.user)
            last = await current_run(http, account.user)
            absent = [one async for one in _moderators(config, http)]
    except TryLater as error:
        yield note_finding(
            _("The account's password could not be tried now ({code}).", code=error.code)
        )
        return
    except (UnusableAccount, SignedOut) as error:
        yield finding_from_error(error, _("The account"))
        return
    yield fine_finding(_("The account takes what the configuration has for it."))
    for finding in absent:
        yield finding
    if data.login.get("token") or data.is_broken:
        return
    if shown.master is not None and shown.master not in await _master_keys(config, data):
        yield bad_finding(REPLACED if data.is_sound else OCCUPIED)
        return
    yield note_finding(_("The bot has not logged in yet: the first start does it."))
    if last is not None and not last.over and last.run not in data.past.runs:
        yield note_finding(
            _(
                "Another bot worked for this account last (device {device}). Once this one starts,"
                " that one stops for good: make sure that this is the one to go on.",
                device=last.device,
            )
        )


async def _moderators(config: Config, http: Http) -> AsyncIterator[Finding]:
    """Yield a finding for each of the network's moderators who has no account."""
    for user in config.network.moderators:
        try:
            if await shows_account(http, user) is False:
                yield bad_finding(absent_line(user))
        except TryLater:
            yield note_finding(
                _("Whether there is an account {user} could not be seen now.", user=user)
            )


def absent_line(user: str) -> Line:
    """Return the line about a configured moderator who has no account."""
    return _(
        "There is no account {user}, and whoever makes it moderates the network:"
        " correct network.moderators.",
        user=user,
    )


async def _master_keys(config: Config, data: DataFolder) -> set[str]:
    return await known_master_keys(config) if data.is_sound else set()


async def _check_recovery_key(config: Config, data: DataFolder) -> Finding:
    """Return whether the homeserver shows a recovery key of our identity; never what it is."""
    me = config.matrix.user_id
    http = Http(config.matrix.homeserver, data.token)
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
    http = Http(config.matrix.homeserver, data.token)
    try:
        who = await http.call("GET", "/_matrix/client/v3/account/whoami", timeout=15)
        if who.get("user_id") != me or who.get("device_id") != device:
            yield bad_finding(_("The login in the database is of another account or device."))
            return
        yield fine_finding(_("The login is valid."))
        other = await current_run(http, config.matrix.user_id)
        if other is not None and data.past.has_claimed and not await data.knows_run(other.run):
            yield bad_finding(other.superseded_line())
            return
        asked: dict[str, object] = {"device_keys": {me: []}}
        answer = await http.call("POST", "/_matrix/client/v3/keys/query", asked, timeout=15)
    except SignedOut as dead:
        if isinstance(dead, SoftLogout) and account.password is not None:
            yield note_finding(_("The login has lapsed: the bot renews it by itself."))
            return
        for line in (await explain_dead_login(account, dead)).lines:
            yield bad_finding(line)
        return
    except TryLater as error:
        yield bad_finding(_busy_line(config, error))
        return
    except Refused as error:
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
    # Also one that counts for nothing elsewhere, such as one that lists our own identity key.
    listed = as_mapping(as_mapping(parts[0]).get(me))
    others = sorted(filter(None, (short_text(one) for one in listed if one != device)))
    if others:
        yield note_finding(
            _(
                "The account has other devices ({others}): sign out those that are not yours, and"
                " then change its password.",
                others=", ".join(others),
            )
        )


def _busy_line(config: Config, error: TryLater) -> Line:
    if error.code != "M_LIMIT_EXCEEDED":
        return _(
            "The homeserver does not answer as it should ({code}): its own log says why.",
            code=error.code,
        )
    return limit_line(config.matrix.user_id)


def _key_lines(master: str | None, ours: Device) -> list[Line]:
    """Return the bot's own keys, in the same form as `!status` tells them."""
    key = _("Its device {device} has the key: {key}", device=ours.id, key=fingerprint(ours.ed25519))
    if master is None:
        return [key]
    return [_("The key of the bot's identity: {key}", key=fingerprint(master)), key]
