"""Whatever a homeserver or another network sends, it is taken in or refused, and all goes on."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.matrix.crypto.trust import Device, judge_keys
from bot.matrix.sync import translation
from bot.types import RoomId, Trust, UserId
from commands.links.protocol import envelope
from tests.abuse.fuzzing import JSON, KEYS, tried
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import know, person

ROOM = RoomId("!room:one.example")
OLM = "m.olm.v1.curve25519-aes-sha2"
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["m.room.encrypted", "m.room_key", "m.room_key.withheld"]) | JSON,
        "sender": st.sampled_from(["@eva:one.example", "@mal:two.example"]) | JSON,
        "content": st.fixed_dictionaries(
            {},
            optional={
                "algorithm": st.just(OLM) | JSON,
                "sender_key": st.just("A" * 43) | JSON,
                "ciphertext": st.dictionaries(
                    st.text(max_size=50),
                    st.fixed_dictionaries(
                        {}, optional={"type": st.integers(-1, 3) | JSON, "body": JSON}
                    )
                    | JSON,
                    max_size=2,
                )
                | JSON,
                "room_id": st.just(ROOM) | JSON,
                "session_id": JSON,
                "code": JSON,
            },
        )
        | JSON,
    },
)
"""To-device events, from nearly right to nonsense."""


def test_no_to_device_event_costs_another_its_message(tmp_path: Path) -> None:
    """After all of them the key that an honest device sends still opens what it wrote."""
    server = KeyServer()
    with asyncio.Runner() as runner:
        bot = runner.run(person(server, tmp_path, "bot"))
        eva = runner.run(person(server, tmp_path, "eva"))
        runner.run(know(bot, eva))
        own = bot.machine.curve25519

        @tried(150, 5_000)
        @example(events=[{"type": "m.room.encrypted", "sender": eva.user, "content": {}}], body="x")
        @given(st.lists(ENVELOPES | JSON, max_size=4), JSON)
        def check(events: list[Any], body: Any) -> None:
            sealed = {"algorithm": OLM, "sender_key": "A" * 43, "ciphertext": {own: body}}
            addressed = {"type": "m.room.encrypted", "sender": eva.user, "content": sealed}
            result = bot.machine.receive_to_device([*events, addressed])
            assert result.new_sessions == set()

        check()
        said = runner.run(eva.say("sigo aquí", [bot]))
        bot.sync()
        assert bot.hear(said).content["body"] == "sigo aquí"
        for one in (bot, eva):
            one.machine.close()


@tried(150, 10_000)
@given(JSON, JSON, JSON)
def test_no_answer_about_keys_makes_a_device(devices: Any, master: Any, signing: Any) -> None:
    found: tuple[Device, ...] = tuple(
        judge_keys(UserId("@ana:one.example"), devices, master, signing).devices
    )
    assert found == ()


@tried(200, 20_000)
@example(raw={"event_id": "$1", "sender": "@a:b", "type": "x", "content": {}}, kind="m.reaction")
@given(
    st.dictionaries(KEYS, JSON)
    | st.fixed_dictionaries(
        {
            "event_id": st.just("$1") | JSON,
            "sender": st.just("@a:b") | JSON,
            "type": st.just("m.room.message") | JSON,
            "content": st.dictionaries(KEYS, JSON, max_size=5),
            "origin_server_ts": JSON,
            "unsigned": JSON,
        }
    ),
    st.sampled_from(["m.room.message", "m.reaction", "m.poll.response", "m.room.member"]),
)
def test_no_event_of_a_server_breaks_who_reads_it(raw: dict[str, Any], kind: str) -> None:
    def when(stamp: int) -> datetime:
        return datetime.fromtimestamp(stamp / 1000, UTC)

    heard = translation.check_event(ROOM, raw, when, late=False)
    if heard is None:
        return
    for found in (
        translation.read_event(heard, kind, heard.content, Trust.SIGNED),
        translation.read_redaction(heard),
        translation.read_membership_change(heard),
        translation.read_echo(heard),
    ):
        assert found is None or (found.room, found.event) == (ROOM, heard.event)
        text = getattr(found, "text", "")
        assert len(text) <= translation.LONGEST_BODY
        assert not any("\ud800" <= c <= "\udfff" or c == "\0" for c in text)


SOUND = {
    "v": 1,
    "link": "a" * 32,
    "network": "A" * 43,
    "seq": 1,
    "prev": envelope.FIRST,
    "kind": "hello",
    "id": "b" * 32,
    "body": {},
    "sig": "",
}
FIELDS = st.sampled_from(sorted(SOUND))


@tried(200, 20_000)
@example({"v": True})
@example({"seq": 10**400})
@example({"body": {"\ud800": float("nan")}})
@given(st.dictionaries(FIELDS, JSON, max_size=3))
def test_no_message_of_a_network_is_more_than_invalid(changed: dict[str, Any]) -> None:
    try:
        found = envelope.parse_envelope({**SOUND, **changed})
    except envelope.InvalidMessage:
        return
    assert len(json.dumps(found.content())) <= 2 * envelope.LARGEST
    assert not found.is_genuine(), "nobody signed it"
