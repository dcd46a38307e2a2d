"""Makes the bot's account: by Synapse's shared secret, a registration token, or an open door."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.gateway import Refused, SignedOut, TryLater
from bot.i18n import _
from bot.matrix.fields import as_mapping, short_text
from bot.matrix.http import Http, NeedsAuth, path_segment
from bot.operate.operator_errors import Stop

REGISTER = "/_matrix/client/v3/register"
ADMIN_REGISTER = "/_synapse/admin/v1/register"
TOKEN_STAGE, OPEN_STAGE = "m.login.registration_token", "m.login.dummy"
CLOSED = _(
    "Nobody can register here. Its administrator gives you an account for the bot, or Synapse's"
    " registration_shared_secret (--registration-secret-file)."
)
MADE_ELSEWHERE = _(
    "The homeserver's authentication service makes the accounts. On its machine: mas-cli manage"
    " register-user (not an administrator); then its password here."
)
TOKEN_WANTED = _(
    "Whoever registers here needs a registration token: --registration-token-file. The"
    " homeserver's administrator makes one."
)
TOKEN_REFUSED = _(
    "The homeserver does not take this registration token: it is misspelt, used up or too old. Its"
    " administrator makes another."
)
SECRET_REFUSED = _(
    "The homeserver does not take this shared secret: it is registration_shared_secret in its"
    " homeserver.yaml."
)
NO_SHARED_SECRET = _(
    "No account can be made with a shared secret there: it is not Synapse, has no"
    " registration_shared_secret, or its proxy hides {path} (then give the address behind it).",
    path=ADMIN_REGISTER,
)
_WEAK = ("M_WEAK_PASSWORD", "M_PASSWORD_")


class NameTaken(Stop):
    """There is an account of this name already."""


class TokenRefused(Stop):
    """The homeserver wants a registration token, or another one."""


class MadeElsewhere(Stop):
    """Accounts are made by the homeserver's authentication service, not over Matrix's API."""


class SecretRefused(Stop):
    """The shared secret is not the homeserver's."""


async def login_kinds(homeserver: str) -> set[str]:
    """Return the ways to log in that the homeserver offers (spec §Login).

    Raises `Refused` or `TryLater`.
    """
    async with _open(homeserver) as http:
        flows = (await http.call("GET", "/_matrix/client/v3/login", timeout=20)).get("flows")
    return {short_text(as_mapping(flow).get("type")) for flow in flows or ()}


async def has_account(homeserver: str, user: str) -> bool | None:
    """Return whether there is an account, as its profile shows; None if it can't be seen.

    Raises `TryLater`.
    """
    async with _open(homeserver) as http:
        return await shows_account(http, user)


async def shows_account(http: Http, user: str) -> bool | None:
    """Return whether there is an account, over an open session: see `has_account`."""
    profile = f"/_matrix/client/v3/profile/{path_segment(user)}"
    # Of nobody's whole profile Synapse 1.163 says M_UNKNOWN; of nobody's name what the spec says.
    for path in (profile, f"{profile}/displayname"):
        try:
            await http.call("GET", path, timeout=20)
        except Refused as error:
            if error.code == "M_NOT_FOUND":
                return False
            if error.code != "M_UNKNOWN":
                return None
        except SignedOut:  # it shows profiles only to whoever is logged in
            return None
        else:
            return True
    return None


async def create_by_secret(homeserver: str, user: str, password: str, secret: str) -> None:
    """Create the account with Synapse's shared secret (its admin API).

    Raises `NameTaken`, `Stop` with what to do, or `TryLater`.
    """
    name = user[1:].partition(":")[0]
    async with _open(homeserver) as http:
        try:
            nonce = str((await http.call("GET", ADMIN_REGISTER, timeout=20)).get("nonce", ""))
        except (Refused, SignedOut):
            raise Stop(NO_SHARED_SECRET) from None
        text = "\0".join([nonce, name, password, "notadmin"]).encode()
        body = {
            "nonce": nonce,
            "username": name,
            "password": password,
            "admin": False,
            "mac": hmac.new(secret.encode(), text, "sha1").hexdigest(),
            "inhibit_login": True,
        }
        try:
            await http.call("POST", ADMIN_REGISTER, body, timeout=60)
        except Refused as error:
            raise _stop_for(error, user, SecretRefused(SECRET_REFUSED)) from None


async def registration_flows(homeserver: str) -> list[list[str]]:
    """Return the stages of each way to register that the homeserver offers. Raises `Stop` if it
    offers none, or `TryLater`."""
    async with _open(homeserver) as http:
        try:
            await http.call("POST", REGISTER, {}, timeout=20)
        except NeedsAuth as asked:
            return _flows(asked.body)
        except (Refused, SignedOut):
            raise await _shut(http) from None
    raise Stop(CLOSED)


async def register(homeserver: str, user: str, password: str, token: str | None) -> None:
    """Create the account as an app does (spec §Account registration), with a token if there is one.

    Raises `NameTaken`, `TokenRefused`, `Stop` with what to do, or `TryLater`.
    """
    body = {"username": user[1:].partition(":")[0], "password": password, "inhibit_login": True}
    async with _open(homeserver) as http:
        try:
            await http.call("POST", REGISTER, body, timeout=60)
        except NeedsAuth as asked:
            await _pass_stages(http, user, body, asked.body, token)
        except Refused as error:
            raise _stop_for(error, user, await _shut(http)) from None
        except SignedOut:
            raise await _shut(http) from None


async def _pass_stages(
    http: Http, user: str, body: Mapping[str, Any], asked: Mapping[str, Any], token: str | None
) -> None:
    """Answer each stage of the flow that we can pass, in its order."""
    for stage in choose_flow(_flows(asked), has_token=token is not None):
        auth = {"type": stage, "session": short_text(asked.get("session"))}
        if stage == TOKEN_STAGE:
            auth["token"] = token or ""
        try:
            await http.call("POST", REGISTER, {**body, "auth": auth}, timeout=60)
            return
        except NeedsAuth as again:
            done = again.body.get("completed")
            if not isinstance(done, list) or stage not in done:
                raise TokenRefused(TOKEN_REFUSED) from None
        except Refused as error:
            door = TokenRefused(TOKEN_REFUSED) if stage == TOKEN_STAGE else Stop(CLOSED)
            raise _stop_for(error, user, door) from None
    raise Stop(CLOSED)


def choose_flow(flows: Sequence[Sequence[str]], *, has_token: bool) -> Sequence[str]:
    """Return the way to register whose stages the bot can pass. Raises `TokenRefused` or `Stop`."""
    ours = [flow for flow in flows if set(flow) <= {TOKEN_STAGE, OPEN_STAGE}]
    wanted = [flow for flow in ours if (TOKEN_STAGE in flow) is has_token]
    if wanted:
        return wanted[0]
    if ours and not has_token:
        raise TokenRefused(TOKEN_WANTED)
    if ours:
        return ours[0]  # an open door: the token is not asked for
    stages = sorted({stage for flow in flows for stage in flow})
    raise Stop(
        _(
            "Who registers here has to do what only a person can ({stages}): make the account with"
            " an app, and run this again with its password.",
            stages=", ".join(stages)[:200],
        )
    )


def _flows(asked: Mapping[str, Any]) -> list[list[str]]:
    found = [as_mapping(flow).get("stages") for flow in asked["flows"]]
    return [[s for s in flow if short_text(s, 100)] for flow in found if isinstance(flow, list)]


async def _shut(http: Http) -> Stop:
    """Return who else makes accounts where nobody can register over Matrix's API.

    An authentication service shows itself by its metadata (spec §OAuth 2.0 API, MSC2965).
    """
    try:
        found = await http.call("GET", "/_matrix/client/v1/auth_metadata", timeout=20)
    except (Refused, SignedOut, TryLater):
        return Stop(CLOSED)
    return MadeElsewhere(MADE_ELSEWHERE) if short_text(found.get("issuer"), 500) else Stop(CLOSED)


def _stop_for(error: Refused, user: str, closed: Stop) -> Stop:
    """Return what to tell about a refusal; `closed` where the door itself is."""
    if error.code == "M_USER_IN_USE":
        return NameTaken(
            _(
                "There is an account {user} already: give its password (--password-file), or choose"
                " another name.",
                user=user,
            )
        )
    if error.code in ("M_INVALID_USERNAME", "M_EXCLUSIVE"):
        return Stop(
            _(
                "The homeserver does not allow the name {user}: small letters, digits and . _ = - /"
                " only, and none that it reserves.",
                user=user,
            )
        )
    if error.code.startswith(_WEAK):
        return Stop(_("The homeserver wants a stronger password: give one with --password-file."))
    if error.code in ("M_FORBIDDEN", "M_UNKNOWN", "M_UNRECOGNIZED", "M_UNAUTHORIZED"):
        return closed
    return Stop(_("The homeserver refused to create the account ({code}).", code=error.code))


@asynccontextmanager
async def _open(homeserver: str, token: str = "") -> AsyncIterator[Http]:
    http = Http(homeserver, token)
    try:
        yield http
    finally:
        await http.close()
