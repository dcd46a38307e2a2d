"""The bot's own identity: made once, signed, never replaced, never overwritten."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.gateway import Refused, SignedOut, TryLater
from bot.matrix.crypto.bot_identity import (
    Identity,
    establish_identity,
    own_master_keys,
    random_device_id,
    replace_identity,
    require_no_keys,
)
from bot.matrix.crypto.trust import is_signed_by, judge_keys
from bot.matrix.http import NeedsAuth
from bot.matrix.interactive_auth import post_authorised
from bot.types import UserId
from storage.database import Database, Tx
from storage.encryption import own_identity
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, fresh_seed

KEY = b"x" * 32


@pytest.fixture
def bot(server: KeyServer, tmp_path: Path) -> Person:
    return Person(server, tmp_path, UserId("@bot:one.example"), "BOT")


async def start(bot: Person, db: Database, password: str | None = None) -> Identity:
    return await establish_identity(bot.http, db, KEY, bot.machine, password)


def is_signed(server: KeyServer, bot: Person) -> bool:
    """As a strict member's client judges it."""
    keys = server.devices[bot.user], server.masters.get(bot.user), server.signing.get(bot.user)
    return [d.id for d in judge_keys(bot.user, *keys).devices if d.signed] == [bot.device]


async def test_after_the_first_start_our_device_is_signed_by_its_owner(
    server: KeyServer, bot: Person, db: Database
) -> None:
    await start(bot, db)
    assert is_signed(server, bot)


async def test_a_second_start_uploads_nothing_and_is_the_same_identity(
    server: KeyServer, bot: Person, db: Database
) -> None:
    first = await start(bot, db)
    before = server.count("upload")
    bot.restart()
    assert (await start(bot, db)).master_key == first.master_key
    assert server.count("upload") == before


@pytest.mark.parametrize("how", ["fail", "lose"])
@pytest.mark.parametrize(
    "what", ["keys/query", "keys/upload", "keys/device_signing/upload", "keys/signatures/upload"]
)
async def test_a_kill_between_any_two_steps_ends_in_the_same_identity(
    server: KeyServer, bot: Person, db: Database, what: str, how: str
) -> None:
    getattr(server, how)(what)
    with pytest.raises(TryLater):
        await start(bot, db)
    seen = server.masters.get(bot.user)
    bot.restart()
    identity = await start(bot, db)
    assert is_signed(server, bot)
    assert seen is None or f"ed25519:{identity.master_key}" in seen["keys"]
    before = server.count("upload")
    await start(bot, db)
    assert server.count("upload") == before


async def test_a_foreign_identity_on_the_server_stops_the_bot_and_is_left_alone(
    server: KeyServer, bot: Person, db: Database
) -> None:
    await start(bot, db)
    foreign = Identity.from_seeds(bot.user, fresh_seed()).upload_body(bot.machine)
    server.masters[bot.user], server.signing[bot.user] = (
        foreign["master_key"],
        foreign["self_signing_key"],
    )
    before = server.count("upload")
    with pytest.raises(SignedOut, match="another identity"):
        await start(bot, db)
    assert server.count("upload") == before
    assert server.masters[bot.user] == foreign["master_key"]


@pytest.mark.parametrize("nonsense", [{"keys": {}}, {"keys": {"ed25519:x": "y"}}, {"usage": 1}])
async def test_a_senseless_master_key_stops_the_bot_too(
    server: KeyServer, bot: Person, db: Database, nonsense: dict[str, object]
) -> None:
    await start(bot, db)
    server.masters[bot.user] = nonsense
    with pytest.raises(SignedOut):
        await start(bot, db)


async def test_other_keys_under_our_device_id_stop_the_bot(
    server: KeyServer, bot: Person, db: Database, tmp_path: Path
) -> None:
    await start(bot, db)
    (tmp_path / "copy").mkdir()
    other = Person(server, tmp_path / "copy", bot.user, bot.device)
    with pytest.raises(SignedOut, match="other keys for this device"):
        await start(other, db)


async def test_a_restored_bot_signs_its_new_device_with_the_old_identity(
    server: KeyServer, bot: Person, db: Database, tmp_path: Path
) -> None:
    first = await start(bot, db)
    restored = Person(server, tmp_path, bot.user, "NEW")
    assert (await start(restored, db)).master_key == first.master_key
    keys = server.devices[bot.user], server.masters[bot.user], server.signing[bot.user]
    assert all(d.signed for d in judge_keys(bot.user, *keys).devices)


async def test_a_server_that_asks_for_the_password_gets_it_once(
    server: KeyServer, bot: Person, db: Database
) -> None:
    server.passwords[bot.user] = "secret"
    server.asks = True
    with pytest.raises(SignedOut, match="password"):
        await start(bot, db)
    await start(bot, db, "secret")
    assert is_signed(server, bot)


async def test_a_signature_that_the_server_did_not_take_is_noticed(
    server: KeyServer, bot: Person, db: Database
) -> None:
    refusal = {"failures": {bot.user: {bot.device: {"errcode": "M_INVALID_SIGNATURE"}}}}
    server.lie = lambda kind, answer: refusal if kind == "keys/signatures/upload" else answer
    with pytest.raises(Refused, match="M_SIGNATURE_REFUSED"):
        await start(bot, db)


def test_device_ids_are_random() -> None:
    assert len({random_device_id() for _ in range(1_000)}) == 1_000


# --- a new identity, where the operator asks for it ---------------------------------------------


def occupied(server: KeyServer, bot: Person) -> dict[str, object]:
    """Another program made an identity for the account; its master key."""
    foreign = Identity.from_seeds(bot.user, fresh_seed()).upload_body(bot.machine)
    server.masters[bot.user] = foreign["master_key"]
    server.signing[bot.user] = foreign["self_signing_key"]
    server.passwords[bot.user] = "secret"
    master: dict[str, object] = foreign["master_key"]
    return master


@dataclass
class Cut:
    """A line to the server of which a test decides."""

    call: Callable[..., Any]


async def is_to_be_told(db: Database) -> bool:
    async with db.reading() as tx:
        return await own_identity.pending_new_identity(tx) is not None


async def test_a_new_identity_takes_the_place_of_any_other(
    server: KeyServer, bot: Person, db: Database
) -> None:
    occupied(server, bot)
    with pytest.raises(SignedOut, match="--new-identity"):
        await start(bot, db)
    await replace_identity(bot.http, db, KEY, bot.machine, "secret")
    assert await is_to_be_told(db)
    identity = await start(bot, db)
    assert is_signed(server, bot)
    assert f"ed25519:{identity.master_key}" in server.masters[bot.user]["keys"]
    assert await own_master_keys(db, KEY, bot.user) == {identity.master_key}


@pytest.mark.parametrize("password", [None, "wrong"])
async def test_without_the_password_ours_stays_what_it_was(
    server: KeyServer, bot: Person, db: Database, password: str | None
) -> None:
    first = await start(bot, db)
    server.passwords[bot.user] = "secret"
    with pytest.raises(SignedOut, match="password"):
        await replace_identity(bot.http, db, KEY, bot.machine, password)
    assert (await start(bot, db)).master_key == first.master_key
    assert not await is_to_be_told(db)


@pytest.mark.parametrize("how", ["fail", "lose"])
async def test_a_kill_in_between_ends_in_the_old_or_in_the_new_one(
    server: KeyServer, bot: Person, db: Database, how: str
) -> None:
    first = await start(bot, db)
    server.passwords[bot.user] = "secret"
    calls = 0

    async def cut(*words: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2 and how == "fail":
            raise TryLater("http_502")
        answer = await bot.http.call(*words, **more)  # type: ignore[arg-type]
        if calls == 2:
            raise TryLater("TimeoutError")
        return answer

    with pytest.raises(TryLater):
        await replace_identity(Cut(cut), db, KEY, bot.machine, "secret")
    assert calls == 2
    bot.restart()
    identity = await start(bot, db)
    assert is_signed(server, bot)
    assert (identity.master_key == first.master_key) == (how == "fail")
    assert await is_to_be_told(db) == (how == "lose")
    assert f"ed25519:{identity.master_key}" in server.masters[bot.user]["keys"]


async def test_a_server_that_wants_a_person_in_the_browser_is_told_where(bot: Person) -> None:
    async def call(*_: object, **__: object) -> object:
        stage = "org.matrix.cross_signing_reset"
        params = {stage: {"url": "https://account.example/reset"}}
        raise NeedsAuth({"session": "s", "flows": [{"stages": [stage]}, 5], "params": params})

    with pytest.raises(SignedOut, match=r"own page \(https://account.example/reset\)"):
        await post_authorised(Cut(call), bot.user, "/x", {}, "secret")


def test_each_third_of_the_seeds_is_a_key_and_stays_that_key(bot: Person) -> None:
    """Another reading of them would be another identity after an update."""
    parts = [bytes([n]) * 32 for n in (1, 2, 3)]
    body = Identity.from_seeds(bot.user, b"".join(parts)).upload_body(bot.machine)
    shown = [next(iter(body[name]["keys"].values())) for name in sorted(body)]
    raw = [Ed25519PrivateKey.from_private_bytes(part).public_key() for part in parts]
    assert shown == [b64encode(key.public_bytes_raw()).decode().rstrip("=") for key in raw]


def test_what_the_account_vouches_for_is_signed_by_its_master_key(bot: Person) -> None:
    identity = Identity.from_seeds(bot.user, fresh_seed())
    vouched = identity.vouch({"key": "x"})
    master = identity.master_key
    assert vouched["key"] == "x"
    assert is_signed_by(vouched, bot.user, f"ed25519:{master}", master)


async def test_a_device_that_the_server_has_keys_of_cannot_be_begun_anew(
    server: KeyServer, bot: Person, db: Database
) -> None:
    await require_no_keys(bot.http, bot.user, bot.device)
    await start(bot, db)
    with pytest.raises(SignedOut):
        await require_no_keys(bot.http, bot.user, bot.device)
    await require_no_keys(bot.http, bot.user, "OTHER")


async def test_the_keys_of_a_replaced_identity_are_overwritten(
    server: KeyServer, bot: Person, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shredded, shred = list[bool](), Tx.shred

    def noted(self: Tx) -> None:
        shredded.append(True)
        shred(self)

    server.passwords[bot.user] = "secret"
    await start(bot, db)
    monkeypatch.setattr(Tx, "shred", noted)
    await replace_identity(bot.http, db, KEY, bot.machine, "secret")
    assert shredded == [True]
