"""What the bot stands on refuses keys of low order, which make a shared secret predictable.

RFC 7748 §6.1. vodozemac before 0.10.0 accepted them for Olm (disclosed in February 2026), so this
holds whatever version is locked.
"""

from __future__ import annotations

import base64

import pytest
import vodozemac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

_P = 2**255 - 19
_ORDER_8 = (
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
)
WEAK = [
    *(value.to_bytes(32, "little") for value in (0, 1, _P - 1, _P, _P + 1)),
    *map(bytes.fromhex, _ORDER_8),
]
"""The points of low order of Curve25519, as https://cr.yp.to/ecdh.html lists them."""


def weak_key(point: bytes) -> vodozemac.Curve25519PublicKey:
    return vodozemac.Curve25519PublicKey.from_base64(base64.b64encode(point).decode().rstrip("="))


def pre_key_message(ciphertext: bytes) -> vodozemac.PreKeyMessage:
    message = vodozemac.AnyOlmMessage.from_parts(0, ciphertext).to_pre_key()
    assert message is not None
    return message


def test_olm_makes_no_session_with_a_weak_key() -> None:
    other = vodozemac.Account()
    other.generate_one_time_keys(1)
    one_time = next(iter(other.one_time_keys.values()))
    for point in WEAK:
        weak = weak_key(point)
        for identity, once in ((weak, weak), (other.curve25519_key, weak), (weak, one_time)):
            with pytest.raises(vodozemac.SessionCreationException):
                vodozemac.Account().create_outbound_session(identity, once)


@pytest.mark.parametrize("point", WEAK)
@pytest.mark.parametrize("replaced", [0, 1])
def test_olm_takes_no_session_from_a_weak_key(replaced: int, point: bytes) -> None:
    """The keys of a first message are its one-time, base and identity key, protobuf fields 1–3."""
    ours, theirs = vodozemac.Account(), vodozemac.Account()
    ours.generate_one_time_keys(1)
    session = theirs.create_outbound_session(
        ours.curve25519_key, next(iter(ours.one_time_keys.values()))
    )
    kind, ciphertext = session.encrypt(b"hola").to_parts()
    assert kind == 0
    fields, start = bytearray(ciphertext), (37, 71)[replaced]  # behind the version, 34 bytes each
    assert fields[start - 2 : start] == bytes(((0x12, 0x1A)[replaced], 32))
    fields[start : start + 32] = point
    message = pre_key_message(bytes(fields))
    sender = weak_key(point) if replaced else theirs.curve25519_key
    with pytest.raises(vodozemac.SessionCreationException):
        ours.create_inbound_session(sender, message)
    whole = pre_key_message(ciphertext)
    assert ours.create_inbound_session(theirs.curve25519_key, whole)[1] == b"hola"


def test_a_comparison_agrees_on_nothing_with_a_weak_key() -> None:
    for point in WEAK:
        with pytest.raises(ValueError):
            X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(point))
