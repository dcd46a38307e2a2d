"""Secret storage against vectors of other programs, mistyped keys, and what a server changes."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.crypto import secret_storage
from bot.matrix.crypto.secret_storage import (
    DamagedSecret,
    MistypedKey,
    decode_key,
    describe_key,
    format_recovery_key,
    is_described,
    make_key,
    open_secret,
    parse_recovery_key,
    seal_secret,
)

COUNTED = bytes(range(32))
NAME = "m.cross_signing.master"
LETTERS = secret_storage._LETTERS


def test_a_key_is_written_as_matrix_js_sdk_writes_it() -> None:
    """Made by `encodeRecoveryKey` of matrix-js-sdk 43."""
    written = "EsSz ykH7 LCZx 7Cae cmKD wcmY JRXi Ybtu 8iQ3 t8Ez nRwK pUY1"
    assert format_recovery_key(COUNTED) == written
    assert parse_recovery_key(written) == COUNTED


def test_a_key_is_read_as_elements_engine_reads_it() -> None:
    """The vector of matrix-sdk-crypto (its test of parsing), with its stray spaces."""
    typed = "EsT           pRvZTnjck8    YrhRAtw XLS84Nr2r9S9LGAWDaExVAPBvLRK   "
    raw = "9fbd46bb345171c6f6022c9a25d5681ba54eec6a6c4953f3adc0b96e9d91ada3"
    assert parse_recovery_key(typed) == bytes.fromhex(raw)
    with pytest.raises(MistypedKey):
        parse_recovery_key("EsTpRvZTnjck8YrhRAtwXLS84Nr2r9S9LGAWDaExVAPBvLRk")


def test_a_key_is_recognised_by_the_description_of_elements_engine() -> None:
    """The vector of matrix-sdk-crypto (of a key in base58), padded as there."""
    key = parse_recovery_key("EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd")
    described = {
        "algorithm": "m.secret_storage.v1.aes-hmac-sha2",
        "iv": "xv5b6/p3ExEw++wTyfSHEg==",
        "mac": "ujBBbXahnTAMkmPUX2/0+VTfUh63pGyVRuBcDMgmJC8=",
    }
    assert is_described(key, described)
    assert not is_described(make_key(), described)
    assert not is_described(key, described | {"algorithm": "m.secret_storage.v1.curve25519"})


def test_a_secret_is_opened_that_matrix_js_sdk_sealed() -> None:
    """Made by `encryptAESSecretStorageItem` of matrix-js-sdk 43 with a start value of 0, 1, 2…"""
    sealed = {
        "iv": "AAECAwQFBgcICQoLDA0ODw==",
        "ciphertext": "O7XmhVZogpggEnLlMwY=",
        "mac": "hx270HNPkADNshH2qqm+kU9QjsEWMyEII8wBM8nMoPs=",
    }
    assert open_secret(COUNTED, NAME, sealed) == "secret text é"


@given(st.binary(min_size=32, max_size=32))
def test_every_key_has_48_letters_and_comes_back(key: bytes) -> None:
    written = format_recovery_key(key)
    assert len(written.replace(" ", "")) == 48
    assert parse_recovery_key(written) == key
    assert parse_recovery_key(f"\n\t{written.replace(' ', chr(0xA0))} ") == key


def test_each_wrong_letter_and_each_swap_is_noticed() -> None:
    """A byte of parity finds what changes one byte; base58 spreads a letter over many."""
    written = format_recovery_key(COUNTED).replace(" ", "")
    tried = missed = 0
    for at in range(48):
        for letter in LETTERS.replace(written[at], ""):
            tried += 1
            try:
                parse_recovery_key(written[:at] + letter + written[at + 1 :])
            except MistypedKey:
                continue
            missed += 1
    assert missed / tried < 0.01, f"{missed} of {tried}: the check value of the key finds the rest"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hola",
        format_recovery_key(COUNTED)[:-1],
        format_recovery_key(COUNTED) + "1",
        format_recovery_key(COUNTED).lower(),
        format_recovery_key(COUNTED).replace("z", "0"),
        "1" * 48,
        "z" * 48,
        "é" * 48,
        "9" * 100_000,
    ],
)
def test_what_is_no_key_is_called_mistyped(typed: str) -> None:
    with pytest.raises(MistypedKey):
        parse_recovery_key(typed)


def test_a_secret_comes_back_only_with_its_key_and_for_its_name() -> None:
    key = make_key()
    sealed = seal_secret(key, NAME, "secret text")
    assert open_secret(key, NAME, sealed) == "secret text"
    for other_key, name in ((make_key(), NAME), (key, "m.cross_signing.self_signing")):
        with pytest.raises(DamagedSecret):
            open_secret(other_key, name, sealed)
    assert seal_secret(key, NAME, "secret text") != sealed, "a start value of its own each time"
    assert is_described(key, describe_key(key))


def test_no_start_value_has_its_63rd_bit() -> None:
    sealed = [seal_secret(COUNTED, NAME, "x")["iv"] for _ in range(200)]
    assert not [iv for iv in sealed if b64decode(iv + "==")[8] & 0x80]


@pytest.mark.parametrize("field", ["ciphertext", "mac"])
def test_each_changed_bit_is_noticed(field: str) -> None:
    sealed = seal_secret(COUNTED, NAME, "x" * 43)
    raw = b64decode(sealed[field] + "==")
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << (bit % 8)
        with pytest.raises(DamagedSecret):
            open_secret(COUNTED, NAME, sealed | {field: b64encode(changed).decode()})


def test_a_changed_start_value_never_gives_a_key() -> None:
    """The code does not cover it, so what comes out must not look like one."""
    sealed = seal_secret(COUNTED, NAME, secret_storage.encode_bytes(secrets.token_bytes(32)))
    for _ in range(300):
        iv = b64encode(secrets.token_bytes(16)).decode()
        with pytest.raises(DamagedSecret):
            decode_key(open_secret(COUNTED, NAME, sealed | {"iv": iv}))


NONSENSE: list[Any] = [None, 1, True, [], {}, "", "=", "ñ", "A", "\n", "x" * 5000, "/" * 70, "A A="]


@pytest.mark.parametrize("value", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize("field", ["iv", "ciphertext", "mac"])
def test_nonsense_of_a_server_is_damage_and_no_bug(field: str, value: Any) -> None:
    sealed: dict[str, Any] = {**seal_secret(COUNTED, NAME, "secret")}
    with pytest.raises(DamagedSecret):
        open_secret(COUNTED, NAME, sealed | {field: value})
    assert not is_described(COUNTED, describe_key(COUNTED) | {field: value}) or field[0] == "c"
