"""The bot's signing key: made once, kept encrypted, vouched for; and what may be signed at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.crypto.bot_identity import Identity
from bot.matrix.crypto.trust import is_signed_by
from bot.signing.canonical_json import LARGEST_INTEGER, canonical_json
from bot.signing.signer import Signer, certifying_key, is_signed, open_signer
from bot.testing.fake_gateway import BOT, FakeGateway
from bot.testing.talk import SIGNER, FakeClock, Talk
from bot.types import UserId
from storage.database import Database
from storage.schema import migrate

KEY = b"b" * 32


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "ours.db", b"k" * 32)
    await migrate(database, {})
    yield database
    await database.close()


async def test_the_key_is_made_once_and_opens_only_with_ours(db: Database) -> None:
    vouch = FakeGateway(now=FakeClock().now).vouch
    first = await open_signer(db, KEY, BOT, vouch)
    assert (await open_signer(db, KEY, BOT, vouch)).public == first.public
    with pytest.raises(InvalidTag):
        await open_signer(db, b"c" * 32, BOT, vouch)
    async with db.reading() as tx:
        row = await tx.one("SELECT value FROM secret")
    assert row is not None
    assert len(row["value"]) == 12 + 32 + 16, "nonce, sealed, tag: not in the clear"


def test_a_signature_fits_one_message_and_one_key() -> None:
    other = Signer.from_seed(BOT, b"o" * 32, dict)
    signature = SIGNER.sign(b"what was said")
    assert is_signed(SIGNER.public, b"what was said", signature)
    assert not is_signed(SIGNER.public, b"what was sait", signature)
    assert not is_signed(other.public, b"what was said", signature)
    for junk in ("", "A", "é", "A" * 86, signature + "="):
        assert not is_signed(SIGNER.public, b"what was said", junk)
        assert not is_signed(junk, b"what was said", signature)


def test_the_identity_of_the_account_vouches_for_it_as_matrix_checks_it() -> None:
    user = UserId("@minga:example.org")
    identity = Identity.from_seeds(user, bytes(range(96)))
    signer = Signer.from_seed(user, b"s" * 32, identity.vouch)
    assert certifying_key(signer.certificate, signer.public) == identity.master_key
    assert is_signed_by(
        signer.certificate, user, f"ed25519:{identity.master_key}", identity.master_key
    )
    assert certifying_key(signer.certificate, SIGNER.public) is None
    changed = {**signer.certificate, "usage": ["self_signing"]}
    assert certifying_key(changed, signer.public) is None, "it is not a key for devices"


async def test_the_status_shows_the_key(talk: Talk) -> None:
    assert SIGNER.public in await talk.answer("bea", "!estado")


# --- canonical JSON -----------------------------------------------------------------------------


def test_the_spelling_is_that_of_rfc_8785() -> None:
    odd = {"string": '€$\u000f\nA\'B"\\\\"/', "b": [3, "é", {}], "B": -7, "a": ""}
    expected = '{"B":-7,"a":"","b":[3,"é",{}],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical_json(odd) == expected.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        True,
        None,
        LARGEST_INTEGER + 1,
        {"ñ": 1},
        {1: "a"},
        [b"a"],
        "\ud800",
        {"a": [{"b": 0.5}]},
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical_json(value)


names = st.text(st.characters(codec="ascii"))
values = st.recursive(
    st.text() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
    max_leaves=10,
)


@given(st.dictionaries(names, values))
def test_the_order_of_writing_makes_no_difference(table: dict[str, object]) -> None:
    turned = dict(reversed(table.items()))
    assert canonical_json(turned) == canonical_json(table)
