"""The checks of `minga doctor` for the homeserver and the bot's account there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.gateway import Refused, SignedOut, TryLater
from bot.matrix.account_claim import taken_over
from bot.matrix.crypto.bot_identity import OCCUPIED, REPLACED
from bot.matrix.crypto.trust import judge
from bot.matrix.http import Http
from bot.matrix.login import Account, Unfit, look, why_dead
from bot.operate.config import Config
from bot.operate.doctor_data import Data
from bot.operate.doctor_line import Finding, bad, from_error, note
from bot.operate.first_login import account_of, our_masters
from bot.operate.operator_errors import stop_for
from bot.operate.server_discovery import Unreachable, ask

CLOCK_MAY_DIFFER = timedelta(seconds=30)


async def homeserver(config: Config) -> AsyncIterator[Finding]:
    """Check that the homeserver answers and that its clock agrees with ours."""
    try:
        answer = await ask(config.matrix.homeserver)
    except Unreachable as error:
        yield bad(str(error))
        return
    yield Finding(f"{answer.address} answers in {answer.milliseconds} ms.")
    if answer.date:
        yield _clock(answer.date)


def _clock(date: str) -> Finding:
    try:
        apart = abs(datetime.now(UTC) - parsedate_to_datetime(date))
    except (ValueError, TypeError):
        return note("The homeserver does not say what time it is.")
    if apart > CLOCK_MAY_DIFFER:
        return bad(
            f"This clock and the homeserver's are {int(apart.total_seconds())} s apart: deadlines"
            " need the right time. Turn time synchronisation on (timedatectl set-ntp true)."
        )
    return Finding("The clock agrees with the homeserver's.")


async def account(config: Config, data: Data) -> AsyncIterator[Finding]:
    """Check the stored login and whether the configured one works."""
    account = account_of(config)
    if data.superseded:
        yield bad(data.superseded)
        return
    if data.login.get("token"):
        async for finding in _login(config, account, data):
            yield finding
            if not finding.fine:
                return
    try:
        shown = await look(account)
    except TryLater as error:
        yield note(f"The account's password could not be tried now ({error.code}).")
        return
    except (Unfit, SignedOut) as error:
        yield from_error(error, "The account")
        return
    yield Finding("The account takes what the configuration has for it.")
    if data.login.get("token"):
        return
    if shown.master is not None and shown.master not in await _masters(config, data):
        yield bad(REPLACED if data.sound else OCCUPIED)
    else:
        yield note("The bot has not logged in yet: the first start does it.")


async def _masters(config: Config, data: Data) -> set[str]:
    return await our_masters(config) if data.sound else set()


async def _login(config: Config, account: Account, data: Data) -> AsyncIterator[Finding]:
    me, device = config.matrix.user_id, str(data.login.get("device", ""))
    http = Http(config.matrix.homeserver, str(data.login["token"]))
    try:
        who = await http.call("GET", "/_matrix/client/v3/account/whoami", timeout=15)
        if who.get("user_id") != me or who.get("device_id") != device:
            yield bad("The login in the database is of another account or device.")
            return
        yield Finding("The login is valid.")
        if (other := await taken_over(http, config.matrix.user_id, data.runs)) is not None:
            yield bad(other.sentence())
            return
        asked: dict[str, object] = {"device_keys": {me: []}}
        answer = await http.call("POST", "/_matrix/client/v3/keys/query", asked, timeout=15)
    except SignedOut:
        yield from_error(await why_dead(account), "The login")
        return
    except (Refused, TryLater) as error:
        stop = stop_for(error)
        yield bad(str(stop) if stop else f"The login could not be checked ({error}).")
        return
    finally:
        await http.close()
    names = ("device_keys", "master_keys", "self_signing_keys")
    parts = [answer.get(name) for name in names]
    verdict = judge(me, *(part.get(me) if isinstance(part, dict) else None for part in parts))
    if verdict.master is not None and verdict.master not in await _masters(config, data):
        yield bad(REPLACED)
        return
    ours = next((d for d in verdict.devices if d.id == device), None)
    if ours is None or not ours.signed:
        yield bad("The device is not signed by the account's identity: start the bot, it signs it.")
    else:
        yield Finding("The device is signed by the account's identity.")
    others = sum(1 for d in verdict.devices if d.id != device)
    if others:
        yield note(f"The account has {others} other devices: log out those that are not needed.")
