"""What a homeserver can forge: a test shows that it gains nothing, or docs/promises.md says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.testing.talk import Talk
from bot.types import RoomId
from tests.faults.figures import ROOT
from tests.matrix.beside import beside
from tests.matrix.homeserver import ROOM
from tests.matrix.people import person

PROMISES = ROOT / "docs/promises.md"
SHOWN = {
    "a device of a member, which she did not sign": (
        "tests/faults/test_14_unsigned_device.py::test_a_strangers_device_gets_nothing",
        "tests/matrix/test_share.py::test_unsigned_devices_get_no_key_and_are_told_once_per_session",
    ),
    "other keys for a device that she signed": (
        "tests/matrix/test_trust.py::test_a_device_with_changed_keys_is_no_device",
        "tests/matrix/test_trust.py::test_a_one_time_key_that_the_device_did_not_sign_is_none",
    ),
    "a thousand devices": (
        "tests/matrix/test_trust.py::test_a_thousand_invented_devices_do_not_crowd_out_a_signed_one",
    ),
    "another identity of a member": (
        "tests/matrix/test_quarantine.py::test_no_key_goes_to_it_in_any_room",
        (
            "tests/real/test_new_identity.py::"
            "test_an_impostor_reads_and_does_nothing_before_and_no_secret_after"
        ),
    ),
    "another identity of the bot": (
        (
            "tests/real/test_trust.py::"
            "test_the_identity_outlives_a_restart_and_a_foreign_one_stops_the_bot"
        ),
    ),
    "who said it: a session in somebody else's name": (
        "tests/matrix/test_claims.py::test_who_announces_anas_session_first_does_not_silence_her",
    ),
    "which event an answer or a vote is for": (
        "tests/real/test_relations.py::test_elements_engine_puts_relations_inside_and_outside",
    ),
    "order, doubles and replays between networks": (
        "tests/real/test_links_cut.py::test_each_message_of_a_link_takes_effect_once_after_a_split",
    ),
    "a message that is dated back": (
        (
            "tests/run/test_attacks.py::"
            "test_an_old_wish_and_a_message_dated_back_by_its_server_are_not_two"
        ),
    ),
}
"""What is forged, and the tests that show that it gains nothing."""


@pytest.mark.parametrize("forged", SHOWN)
def test_each_has_its_tests(forged: str) -> None:
    for named in SHOWN[forged]:
        path, _, test = named.partition("::")
        assert f"def {test}(" in (ROOT / path).read_text("utf-8"), named


async def test_who_is_in_the_room_the_server_says(tmp_path: Path) -> None:
    """It can: a member whom nobody invited gets the key, and stands in the list for all to see."""
    async with beside(tmp_path) as scene:
        spy = await person(scene.server.keys, scene.folder, "spy")
        scene.server.member(spy.user, "join")
        async with scene.ours() as (gateway, inbox):
            await inbox.until(lambda: inbox.live)
            content = {"msgtype": "m.text", "body": "secreto"}
            await gateway.send(RoomId(ROOM), "m.room.message", content, "txn")
        assert spy.sync().new_sessions, "with a signed device she reads it"
    assert "let somebody in whom nobody invited" in PROMISES.read_text("utf-8")


async def test_of_two_votes_the_one_that_comes_last_counts_and_is_said(talk: Talk) -> None:
    """It can: the earlier of two votes may come last; the answers say what was noted."""
    await talk.answer("ana", "!encuesta ¿Dónde? Norte, Sur")
    assert "Sur" in await talk.answer("bea", "!votar 1 2")
    assert "Norte" in await talk.answer("bea", "!votar 1 1")
    assert "Norte: 1" in await talk.answer("ana", "!resultados 1")
    assert "let the earlier one come last" in PROMISES.read_text("utf-8")
