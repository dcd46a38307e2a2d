"""The identity in secret storage: cut off at any step, lied about by a server, and back again."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from bot.gateway import TryLater
from bot.lines import Line
from bot.matrix.crypto import recovery
from bot.matrix.crypto.bot_identity import (
    Identity,
    adopt_recovered,
    own_master_keys,
    own_seeds,
)
from bot.matrix.crypto.recovery import (
    DEFAULT_KEY,
    KEY_PREFIX,
    SECRETS,
    RecoveryError,
    RecoveryState,
    open_seeds,
    recover_seeds,
    recovery_state,
    retire_other_keys,
    store_identity,
)
from bot.matrix.crypto.secret_storage import encode_bytes, make_key, seal_secret
from bot.matrix.http import Http
from bot.types import UserId
from storage.database import Database
from storage.encryption import own_identity
from tests.matrix.homeserver import ME, Homeserver
from tests.matrix.people import fresh_seed

USER = UserId(ME)
LOST = (503, b"{}")
"""An answer of a server in trouble."""


class AccountServer(Homeserver):
    """It shows an identity, too.

    `lose`: the answer to this change, counted from now, is lost. `forgets`: no change is kept.
    """

    shown: Any = None
    lose = 0
    forgets = False

    def _rest(self, request: web.Request, path: list[str], raw: bytes) -> Any:
        if request.path.endswith("/keys/query"):
            return self.shown
        if request.method == "PUT" and self.forgets:
            return {}
        answer = super()._rest(request, path, raw)
        if request.method == "PUT" and self.lose:
            self.lose -= 1
            if not self.lose:
                raise web.HTTPBadGateway
        return answer

    def show(self, seeds: bytes) -> None:
        public = Identity.from_seeds(USER, seeds).public_keys
        self.shown = {
            f"{usage}_keys": {
                ME: {"user_id": ME, "usage": [usage], "keys": {f"ed25519:{key}": key}}
            }
            for usage, key in public.items()
        }

    def data(self, kind: str) -> Any:
        return self.account_data[kind][1]

    def key_ids(self) -> set[str]:
        return {key for name in SECRETS.values() for key in self.data(name)["encrypted"]}


@pytest.fixture
async def server() -> AsyncIterator[AccountServer]:
    server = AccountServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def seeds(server: AccountServer) -> bytes:
    made = fresh_seed()
    server.show(made)
    return made


async def refused(http: Http, key: bytes) -> Line:
    """Why the key opens nothing."""
    with pytest.raises(RecoveryError) as caught:
        await recover_seeds(http, USER, key)
    (line,) = caught.value.lines
    return line


def public_master(seeds: bytes) -> str:
    return Identity.from_seeds(USER, seeds).master_key


async def test_what_was_stored_comes_back_with_the_key_alone(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    master = public_master(seeds)
    assert await recovery_state(http, USER, master) is RecoveryState.ABSENT
    key = await store_identity(http, USER, seeds)
    assert await recover_seeds(http, USER, key) == seeds
    assert await recovery_state(http, USER, master) is RecoveryState.PRESENT
    assert await recovery_state(http, USER, public_master(fresh_seed())) is RecoveryState.OTHER
    told = json.dumps(server.account_data)
    assert not [seed for seed in recovery._parts(seeds) if seed.hex() in told]
    assert encode_bytes(key) not in told


async def test_a_second_key_opens_and_the_first_one_does_no_more(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    first = await store_identity(http, USER, seeds)
    second = await store_identity(http, USER, seeds)
    assert await open_seeds(http, USER, first) == seeds, "until the second is in somebody's hands"
    await retire_other_keys(http, USER)
    assert await recover_seeds(http, USER, second) == seeds
    assert await refused(http, first) == recovery.WRONG_KEY
    assert server.key_ids() == {server.data(DEFAULT_KEY)["key"]}
    described = [name for name in server.account_data if name.startswith(KEY_PREFIX)]
    assert len([name for name in described if server.data(name)]) == 1
    before = server.count("account_data")
    await retire_other_keys(http, USER)
    assert server.requests[before:] and {m for m, _ in server.requests[before:]} == {"GET"}


CHANGES = 1 + 2 * len(SECRETS) + 1 + 1 + len(SECRETS)
"""Requests of making a key, one after the other, and some more."""


@pytest.mark.parametrize("how", ["before", "after"])
@pytest.mark.parametrize("at", range(CHANGES + 8))
async def test_cut_off_at_any_request_a_paper_that_somebody_holds_opens(
    server: AccountServer, http: Http, seeds: bytes, at: int, how: str
) -> None:
    first = await store_identity(http, USER, seeds)
    held = [first]
    if how == "before":
        server.trouble = [*[None] * at, LOST]
    else:
        server.lose = at + 1
    try:
        held = [await store_identity(http, USER, seeds), *held]
        await retire_other_keys(http, USER)
    except TryLater:
        pass
    server.trouble, server.lose = [], 0
    assert await recover_seeds(http, USER, held[0]) == seeds
    newest = await store_identity(http, USER, seeds)
    await retire_other_keys(http, USER)
    assert await recover_seeds(http, USER, newest) == seeds
    for old in held:
        assert await refused(http, old) == recovery.WRONG_KEY


async def test_a_server_that_keeps_nothing_gets_no_key_out_of_us(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    first = await store_identity(http, USER, seeds)
    kept = copy.deepcopy(server.account_data)
    server.forgets = True
    with pytest.raises(RecoveryError) as caught:
        await store_identity(http, USER, seeds)
    assert caught.value.lines == (recovery.NOT_KEPT,)
    assert server.account_data == kept
    assert await recover_seeds(http, USER, first) == seeds


async def test_a_refusal_is_no_empty_storage(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    key = await store_identity(http, USER, seeds)
    server.refuse["account_data"] = (403, {"errcode": "M_FORBIDDEN"})
    for attempt in (recover_seeds(http, USER, key), store_identity(http, USER, seeds)):
        with pytest.raises(RecoveryError, match=r"refuses .* \(M_FORBIDDEN\).*run this again"):
            await attempt
    server.refuse.clear()
    assert await recover_seeds(http, USER, key) == seeds


# --- what a server can tell ----------------------------------------------------------------------


async def test_each_key_that_does_not_fit_has_its_sentence(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    assert await refused(http, make_key()) == recovery.NOTHING_STORED
    key = await store_identity(http, USER, seeds)
    assert await refused(http, make_key()) == recovery.WRONG_KEY
    server.show(fresh_seed())
    assert await refused(http, key) == recovery.OTHER_IDENTITY
    server.shown = {}
    assert await recover_seeds(http, USER, key) == seeds, "it can be published again"


def swap(server: AccountServer) -> None:
    """One secret in the place of another."""
    one, other = server.data(SECRETS["self_signing"]), server.data(SECRETS["user_signing"])
    server.tell(SECRETS["self_signing"], other)
    server.tell(SECRETS["user_signing"], one)


def forget_one(server: AccountServer) -> None:
    server.tell(SECRETS["user_signing"], {})


def other_start_value(server: AccountServer) -> None:
    """The code fits still, for it does not cover that."""
    for sealed in server.data(SECRETS["master"])["encrypted"].values():
        sealed["iv"] = "AAAAAAAAAAAAAAAAAAAAAA"


def damage_all(server: AccountServer) -> None:
    for name in SECRETS.values():
        for sealed in server.data(name)["encrypted"].values():
            sealed["mac"] = sealed["mac"][::-1]


def of_other_types(server: AccountServer) -> None:
    key_id = server.data(DEFAULT_KEY)["key"]
    server.tell(SECRETS["self_signing"], {"encrypted": {key_id: ["iv", "mac"]}})


@pytest.mark.parametrize(
    "change", [swap, forget_one, other_start_value, damage_all, of_other_types]
)
async def test_what_a_server_changed_is_called_damaged_and_not_used(
    server: AccountServer, http: Http, seeds: bytes, change: Callable[[AccountServer], None]
) -> None:
    key = await store_identity(http, USER, seeds)
    change(server)
    assert await refused(http, key) == recovery.DAMAGED


async def test_a_description_that_was_changed_does_not_hide_a_key_that_opens(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    key = await store_identity(http, USER, seeds)
    server.tell(KEY_PREFIX + server.data(DEFAULT_KEY)["key"], {"algorithm": "none", "iv": 7})
    server.tell(DEFAULT_KEY, {"key": ["x"]})
    assert await recover_seeds(http, USER, key) == seeds


async def test_a_secret_that_is_no_key_is_damage(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    key = await store_identity(http, USER, seeds)
    key_id = server.data(DEFAULT_KEY)["key"]
    for text in ("hola", "é" * 43, "A" * 44, ""):
        name = SECRETS["user_signing"]
        server.tell(name, {"encrypted": {key_id: seal_secret(key, name, text)}})
        assert await refused(http, key) == recovery.DAMAGED


async def test_keys_of_an_earlier_identity_under_the_same_key_are_not_mixed_in(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    """Sealed rightly, but not what the account shows: an old answer that was told again."""
    key = await store_identity(http, USER, seeds)
    key_id, name = server.data(DEFAULT_KEY)["key"], SECRETS["self_signing"]
    older = encode_bytes(fresh_seed()[:32])
    server.tell(name, {"encrypted": {key_id: seal_secret(key, name, older)}})
    assert await refused(http, key) == recovery.DAMAGED


@pytest.mark.parametrize("content", [{}, {"encrypted": []}, {"encrypted": {"": {}}}, {"x": None}])
async def test_nonsense_in_place_of_secrets_is_nothing_stored(
    server: AccountServer, http: Http, seeds: bytes, content: Any
) -> None:
    for name in SECRETS.values():
        server.tell(name, content)
    assert await refused(http, make_key()) == recovery.NOTHING_STORED
    assert await recovery_state(http, USER, "x") is RecoveryState.ABSENT
    key = await store_identity(http, USER, seeds)
    assert await recover_seeds(http, USER, key) == seeds


async def test_more_keys_than_anybody_has_are_not_tried(
    server: AccountServer, http: Http, seeds: bytes
) -> None:
    await store_identity(http, USER, seeds)
    sealed: Any = None
    for name in SECRETS.values():
        (sealed,) = server.data(name)["encrypted"].values()
        server.tell(name, {"encrypted": {f"k{n}": sealed for n in range(1000)}})
    before = len(server.requests)
    assert await refused(http, make_key()) == recovery.WRONG_KEY
    assert len(server.requests) - before < 40
    for name in SECRETS.values():
        server.tell(name, {"encrypted": {"k": sealed | {"ciphertext": "A" * 10**6}}})
    assert await refused(http, make_key()) == recovery.NOTHING_STORED
    newest = await store_identity(http, USER, seeds)
    await retire_other_keys(http, USER)
    assert await recover_seeds(http, USER, newest) == seeds
    assert len(server.key_ids()) == 1


# --- into the database ---------------------------------------------------------------------------


async def test_seeds_without_other_data_are_told_of_and_with_it_are_not(db: Database) -> None:
    key, first, second = b"x" * 32, fresh_seed(), fresh_seed()
    at = datetime(2027, 3, 1, tzinfo=UTC)
    for _ in range(2):  # a second time, after a crash
        await adopt_recovered(db, key, first, at)
        async with db.reading() as tx:
            assert await own_identity.pending_recovery(tx) == at
    assert await own_seeds(db, key) == first
    async with db.transaction() as tx:
        await own_identity.clear_recovery(tx)
    await adopt_recovered(db, key, second, at)
    async with db.reading() as tx:
        assert await own_identity.pending_recovery(tx) is None
    assert await own_master_keys(db, key, USER) == {public_master(second)}
