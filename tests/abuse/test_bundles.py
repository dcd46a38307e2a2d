"""Bundles of room keys (MSC4268): whatever somebody sends of them opens and gives nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.matrix.crypto.crypto_machine import NoKey
from bot.matrix.crypto.history_marks import NAMES, SHARED_HISTORY
from bot.matrix.sync.to_device import BUNDLE_TYPES
from tests.abuse.fuzzing import JSON, tried
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import ROOM, Person, know, person

KINDS = (*BUNDLE_TYPES, "m.forwarded_room_key", "m.room_key", "m.secret.send", "m.dummy")
FILE = {"url": "mxc://two.example/bundle", "v": "v2", "key": {"k": "x"}, "iv": "x", "hashes": {}}


def contents(key: dict[str, Any], exported: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """What stands in such an event, from nearly right to nonsense; `key` is another's room key."""
    forwarded = exported | {"forwarding_curve25519_key_chain": []}
    keys = st.sampled_from([key, forwarded])
    fields: dict[str, st.SearchStrategy[Any]] = {
        "room_id": st.just(ROOM) | JSON,
        "file": st.just(FILE) | st.dictionaries(st.sampled_from(sorted(FILE)), JSON) | JSON,
        "room_keys": st.lists(keys | JSON, max_size=3) | JSON,
        "withheld": st.lists(keys | JSON, max_size=2) | JSON,
    }
    marks: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(NAMES, st.booleans() | JSON)
    copied = st.fixed_dictionaries({}, optional=dict.fromkeys(key, JSON) | marks)
    return st.fixed_dictionaries({}, optional=fields) | st.builds(lambda a, b: a | b, keys, copied)


def reads(bot: Person, said: dict[str, Any]) -> bool:
    """Whether the bot reads it now."""
    try:
        bot.hear(said)
    except NoKey:
        return False
    return True


def test_no_bundle_is_taken_in_and_no_key_of_another_given_on(tmp_path: Path) -> None:
    """Mal, who has Ana's key as a member, sends it on in any form; the bot must not read by it."""
    server = KeyServer()
    with asyncio.Runner() as runner:
        names = ("bot", "ana", "mal")
        bot, ana, mal = [runner.run(person(server, tmp_path, name)) for name in names]
        runner.run(know(bot, ana, mal))
        said = runner.run(ana.say("antes de que llegara el bot", [mal], shared=True))
        mal.sync()
        key = ana.room_key()
        mal.hear(said)
        built = runner.run(mal.machine.history.build(ROOM))
        assert built is not None, "Mal could give it to newcomers"
        [exported] = json.loads(built.data)["room_keys"]

        @tried(60, 3_000)
        @example("m.forwarded_room_key", key)
        @example("m.room_key", key | {SHARED_HISTORY: True})
        @example(BUNDLE_TYPES[0], {"room_id": ROOM, "file": FILE})
        @given(st.sampled_from(KINDS), contents(key, exported))
        def check(kind: str, content: dict[str, Any]) -> None:
            try:
                runner.run(mal.whisper(bot, kind, content))
            except ValueError:
                assume(False)  # our own side can't write it down
            before = len(server.calls)
            result = bot.sync()
            assert len(server.calls) == before, "nothing is fetched"
            assert kind == "m.room_key" or not result.new_sessions
            assert kind not in BUNDLE_TYPES or result.refused.total() == 1
            assert not reads(bot, said)
            assert runner.run(bot.machine.history.build(ROOM)) is None

        check()
        later = runner.run(ana.say("para el bot también", [bot, mal], shared=True))
        bot.sync()
        assert bot.hear(later).content["body"] == "para el bot también"
        assert not reads(bot, said)
        for one in (bot, ana, mal):
            one.machine.close()
