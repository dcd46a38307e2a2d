"""Device ← self-signing key ← master key: every broken link makes a device unsigned."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import vodozemac
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.crypto.bot_identity import Identity
from bot.matrix.crypto.trust import MOST_DEVICES, judge_keys, verified_one_time_key
from bot.signing.canonical_json import encode_canonical
from bot.types import UserId
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, fresh_seed, know, person

ANA = UserId("@ana:one.example")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


async def ana_keys(server: KeyServer, folder: Path) -> tuple[Any, Any, Any]:
    await person(server, folder, "ana")
    return server.devices[ANA], server.masters[ANA], server.signing[ANA]


async def test_an_unbroken_chain_is_signed(server: KeyServer, tmp_path: Path) -> None:
    (device,) = judge_keys(ANA, *await ana_keys(server, tmp_path)).devices
    assert device.signed


def _drop(field: str) -> Callable[[Any], None]:
    def change(thing: Any) -> None:
        thing.pop(field)

    return change


def _put(field: str, value: Any) -> Callable[[Any], None]:
    def change(thing: Any) -> None:
        thing[field] = value

    return change


@pytest.mark.parametrize("which", [1, 2])
@pytest.mark.parametrize(
    "change",
    [
        _drop("keys"),
        _drop("usage"),
        _drop("user_id"),
        _put("user_id", "@mal:x"),
        _put("usage", ["user_signing"]),
        _put("usage", "master self_signing"),
        _put("keys", {"ed25519:AAAA": "BBBB"}),
        _put("keys", {}),
        _put("keys", []),
    ],
)
async def test_a_broken_key_of_the_owner_signs_nothing(
    server: KeyServer, tmp_path: Path, which: int, change: Callable[[Any], None]
) -> None:
    keys = copy.deepcopy(await ana_keys(server, tmp_path))
    change(keys[which])
    assert not any(d.signed for d in judge_keys(ANA, *keys).devices)


async def test_a_self_signing_key_that_the_master_did_not_sign_signs_nothing(
    server: KeyServer, tmp_path: Path
) -> None:
    devices, master, signing = copy.deepcopy(await ana_keys(server, tmp_path))
    signing["signatures"][ANA] = dict.fromkeys(signing["signatures"][ANA], "A" * 86)
    assert not any(d.signed for d in judge_keys(ANA, devices, master, signing).devices)


async def test_an_invented_self_signing_key_signs_nothing(
    server: KeyServer, tmp_path: Path
) -> None:
    devices, master, _ = await ana_keys(server, tmp_path)
    ana = await person(server, tmp_path, "mal")
    invented = Identity.from_seeds(ANA, fresh_seed())
    signing = invented.upload_body(ana.machine)["self_signing_key"]
    devices = {"PHONE": invented.sign_device(devices["PHONE"])}
    assert not any(d.signed for d in judge_keys(ANA, devices, master, signing).devices)


async def test_a_device_that_its_owner_did_not_sign_is_unsigned_beside_one_that_she_did(
    server: KeyServer, tmp_path: Path
) -> None:
    """So stands a device there that a server or a thief of the password has added."""
    await person(server, tmp_path, "ana", "THIEF", signed=False)
    devices, master, signing = await ana_keys(server, tmp_path)
    found = {one.id: one.signed for one in judge_keys(ANA, devices, master, signing).devices}
    assert found == {"PHONE": True, "THIEF": False}


@pytest.mark.parametrize("wrong", [{"device_id": "OTHER"}, {"user_id": "@mal:one.example"}])
async def test_a_device_that_calls_itself_otherwise_is_none(
    server: KeyServer, tmp_path: Path, wrong: dict[str, str]
) -> None:
    """Its own signature is good, over what it says of itself."""
    bot = await person(server, tmp_path, "bot")
    ed25519, curve25519 = (
        key for _name, key in sorted(bot.machine.device_keys()["keys"].items(), reverse=True)
    )
    keys = {"ed25519:PHONE": ed25519, "curve25519:PHONE": curve25519}
    for changed, count in (({}, 1), (wrong, 0)):
        bare = {"user_id": ANA, "device_id": "PHONE", "keys": keys, **changed}
        signature = next(iter(bot.machine.sign(bare)["signatures"][bot.user].values()))
        signed = bare | {"signatures": {ANA: {"ed25519:PHONE": signature}}}
        assert len(judge_keys(ANA, {"PHONE": signed}, None, None).devices) == count


def test_an_empty_key_is_nobodys_identity() -> None:
    empty = {"user_id": ANA, "usage": ["master"], "keys": {"ed25519:": ""}}
    assert judge_keys(ANA, {}, empty, None).master is None


async def test_a_device_with_changed_keys_is_no_device(server: KeyServer, tmp_path: Path) -> None:
    devices, master, signing = copy.deepcopy(await ana_keys(server, tmp_path))
    other = await person(server, tmp_path, "mal")
    devices["PHONE"]["keys"]["curve25519:PHONE"] = other.machine.curve25519
    verdict = judge_keys(ANA, devices, master, signing)
    assert (verdict.devices, verdict.refused) == ((), 1)


@given(JSON, JSON, JSON)
def test_any_answer_is_judged_without_an_error(devices: Any, master: Any, signing: Any) -> None:
    assert judge_keys(ANA, devices, master, signing).devices == ()


def invent_device(signer: Person, name: str, identity_key: str) -> dict[str, Any]:
    """A device of Ana's with any identity key, whose signing key is another's."""
    named = {f"curve25519:{name}": identity_key, f"ed25519:{name}": signer.machine.ed25519}
    bare = {"user_id": ANA, "device_id": name, "keys": named, "algorithms": []}
    signature = next(iter(signer.machine.sign(bare)["signatures"][signer.user].values()))
    return bare | {"signatures": {ANA: {f"ed25519:{name}": signature}}}


@pytest.mark.parametrize("before", [False, True])
async def test_of_devices_with_one_identity_key_only_one_is_kept_the_signed_one_first(
    server: KeyServer, tmp_path: Path, before: bool
) -> None:
    bot = await person(server, tmp_path, "bot")
    devices, master, signing = await ana_keys(server, tmp_path)
    key = devices["PHONE"]["keys"]["curve25519:PHONE"]
    same = {f"D{n}": invent_device(bot, f"D{n}", key) for n in range(5)}
    other = {"E": invent_device(bot, "E", bot.machine.curve25519)}
    named = same | devices | other if before else devices | other | same
    verdict = judge_keys(ANA, named, master, signing)
    assert [(d.id, d.signed) for d in verdict.devices] == [("PHONE", True), ("E", False)]
    assert verdict.refused == 5


async def test_a_thousand_invented_devices_do_not_crowd_out_a_signed_one(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    devices, master, signing = await ana_keys(server, tmp_path)
    invented = {
        f"D{n}": invent_device(bot, f"D{n}", vodozemac.Account().curve25519_key.to_base64())
        for n in range(MOST_DEVICES + 50)
    }
    verdict = judge_keys(ANA, invented | devices, master, signing)
    assert len(verdict.devices) == MOST_DEVICES
    assert verdict.refused == 51
    assert verdict.devices[0].signed


async def test_a_one_time_key_that_the_device_did_not_sign_is_none(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    device = bot.device_of(ana)
    name, good = next(iter(server.one_time[ana.user, ana.device].items()))
    assert verified_one_time_key(device, {name: good}) == good["key"]
    assert verified_one_time_key(device, {"signed_other:AAAA": good}) is None
    for before, found in ((4, good["key"]), (5, None)):  # an answer has one; more are looked at
        invented: dict[str, Any] = {f"signed_curve25519:{n}": {} for n in range(before)}
        assert verified_one_time_key(device, {**invented, name: good}) == found
    bad: Any
    for bad in (good | {"key": "A" * 43}, {"key": good["key"]}, {}, None, [], "x"):
        assert verified_one_time_key(device, {name: bad}) is None


def test_canonical_json_is_the_specs() -> None:
    value = {"b": [1, None, True], "a": {"é": "日本語", "A": '"'}}
    assert encode_canonical(value).decode() == '{"a":{"A":"\\"","é":"日本語"},"b":[1,null,true]}'
