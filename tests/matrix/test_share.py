"""Who is given the keys of what the bot says (H5, H12, C1's spy), and when a session ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.gateway import Refused, TryLater
from bot.matrix.crypto import outbound_sessions
from bot.matrix.crypto.crypto_machine import NoKey
from tests.matrix.keyserver import Answer, KeyServer
from tests.matrix.people import ROOM, Person, event, know, person, room
from tests.matrix.plain import plain_bot, shares_once_and_never_again


async def reads(someone: Person, said: dict[str, Any]) -> bool:
    """Can this person read it now?"""
    someone.sync()
    await someone.machine.query_devices(someone.http, [said["sender"]])
    try:
        someone.hear(said)
    except NoKey:
        return False
    return True


# --- H5: the same device id on two accounts -----------------------------------------------------


async def test_two_accounts_with_the_same_device_id_read_each_other(
    server: KeyServer, tmp_path: Path
) -> None:
    nio = await plain_bot(server, tmp_path, device="BOT")
    bot = await person(server, tmp_path, "bot", "BOT")
    other = await person(server, tmp_path, "other", "BOT")
    await nio.query([other.user])
    assert not nio.olm.get_missing_sessions([other.user])  # skipped as if it were itself
    assert await reads(other, await bot.say("hola", [other]))
    assert await reads(bot, await other.say("hola", [bot]))


# --- H12: delivered means delivered -------------------------------------------------------------


async def test_a_failed_to_device_request_is_no_delivery(server: KeyServer, tmp_path: Path) -> None:
    ana = await person(server, tmp_path, "ana")
    assert await shares_once_and_never_again(tmp_path, ana)  # nio does not ask what became of it
    bot = await person(server, tmp_path, "bot")
    server.fail("sendToDevice")
    with pytest.raises(TryLater):
        await bot.say("uno", [ana])
    assert await reads(ana, await bot.say("uno", [ana]))


async def test_a_lost_answer_to_a_to_device_request_is_sent_again(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    server.lose("sendToDevice")
    with pytest.raises(TryLater):
        await bot.say("uno", [ana])
    assert await reads(ana, await bot.say("uno", [ana]))


async def test_a_device_whose_keys_could_not_be_claimed_reads_the_next_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    leo = await person(server, tmp_path, "leo")
    await know(bot, ana, leo)
    server.lie = lambda kind, answer: {} if kind == "keys/claim" else answer
    first = await bot.say("uno", [ana, leo])
    assert not await reads(ana, first)
    server.lie = None
    second = await bot.say("dos", [ana, leo])
    assert await reads(ana, second)
    assert await reads(leo, second)
    assert second["content"]["session_id"] == first["content"]["session_id"]
    assert not await reads(ana, first)  # it was offered from here on, not from the start


async def test_one_dead_server_does_not_slow_every_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    far = await person(server, tmp_path, "far")
    await know(bot, ana, far)
    server.away.add(far.user)

    def slow(kind: str, answer: Answer) -> Answer:
        bot.clock.now += 10 if kind == "keys/claim" else 0
        return answer

    server.lie = slow
    for _ in range(100):
        await bot.say("x", [ana, far], rules={"rotation_period_msgs": 1000})
        bot.clock.now += 1
    assert server.count("keys/claim") <= 2
    server.away.clear()
    bot.clock.now += 3600
    assert await reads(far, await bot.say("de vuelta", [ana, far]))


async def test_a_device_signed_later_reads_the_next_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    ana = await person(server, tmp_path, "ana", signed=False)
    first = await bot.say("uno", [ana])
    assert not await reads(ana, first)
    await ana.sign()
    bot.machine.note_device_lists([ana.user], [])
    second = await bot.say("dos", [ana])
    assert await reads(ana, second)
    assert second["content"]["session_id"] == first["content"]["session_id"]


async def test_keys_are_refused_for_one_parcel_and_the_rest_still_reads(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    server.fail("sendToDevice", Refused("M_TOO_LARGE"))
    assert not await reads(ana, await bot.say("uno", [ana]))
    bot.clock.now += 60
    assert await reads(ana, await bot.say("dos", [ana]))


async def test_one_recipient_that_the_server_refuses_costs_the_others_nothing(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, bad = await person(server, tmp_path, "bot"), await person(server, tmp_path, "bad")
    others = [await person(server, tmp_path, f"p{n}") for n in range(5)]
    server.unwanted.add(bad.user)
    said = await bot.say("uno", [bad, *others])
    for other in others:
        assert await reads(other, said)
    assert not await reads(bad, said)
    assert bot.machine.refused["room_key"] == 1
    asked = server.count("sendToDevice")
    for _ in range(3):
        bot.machine.note_device_lists([others[0].user], [])
        await bot.say("dos", [bad, *others])
    assert server.count("sendToDevice") == asked  # not asked again for every message
    server.unwanted.clear()
    bot.clock.now += 60
    assert await reads(bad, await bot.say("tres", [bad, *others]))


# --- unsigned devices ---------------------------------------------------------------------------


async def test_unsigned_devices_get_no_key_and_are_told_once_per_session(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    laptop = await person(server, tmp_path, "ana", "LAPTOP", signed=False)
    assert await reads(ana, await bot.say("uno", [ana]))
    bot.machine.note_device_lists([ana.user], [])  # so that it is looked up again who reads
    said = await bot.say("dos", [ana])
    assert await reads(ana, said)
    (told,) = server.take(laptop.user, laptop.device)
    assert told["type"] == "m.room_key.withheld"
    assert told["content"]["code"] == "m.unverified"
    assert told["content"]["session_id"] == said["content"]["session_id"]
    assert not await reads(laptop, said)


async def test_only_who_has_no_signed_device_is_looked_up_again_and_once(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound_sessions, "REQUERY_AFTER", 0.0)
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    leo = await person(server, tmp_path, "leo", signed=False)
    await know(bot, ana, leo)
    asked = server.count("keys/query")
    await bot.say("uno", [ana])
    assert server.count("keys/query") == asked
    for text in ("dos", "tres"):
        await bot.say(text, [ana, leo])
        bot.machine._sharer.discard_session(ROOM)
        assert server.count("keys/query") == asked + 1, text


async def test_the_notice_to_unsigned_devices_stops_no_message(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    ana = await person(server, tmp_path, "ana", signed=False)
    server.fail("sendToDevice")
    await bot.say("uno", [ana])
    assert bot.machine.refused == {"withheld": 1}
    assert server.take(ana.user, ana.device) == []


async def test_the_help_room_reaches_unsigned_devices_too(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    ana = await person(server, tmp_path, "ana", signed=False)

    users = [bot.user, ana.user]
    content = {"body": "ayuda"}
    sealed = await bot.machine.encrypt(
        bot.http, room(), users, "m.room.message", content, everyone=True
    )
    assert await reads(ana, event(bot.user, sealed))


# --- the end of a session -----------------------------------------------------------------------


async def sessions(bot: Person, *rounds: list[Person], rules: dict[str, Any] | None = None) -> int:
    """How many sessions these messages take."""
    used = set()
    for members in rounds:
        said = await bot.say("x", members, rules=rules)
        used.add(said["content"]["session_id"])
    return len(used)


async def test_the_rooms_rotation_rules_are_kept(server: KeyServer, tmp_path: Path) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    assert await sessions(bot, *[[ana]] * 11, rules={"rotation_period_msgs": 5}) == 3
    assert await sessions(bot, *[[ana]] * 101) == 2
    bot.clock.now += 2
    assert await sessions(bot, [ana], [ana], rules={"rotation_period_ms": 60_000}) == 1
    before = await bot.say("x", [ana])
    bot.clock.now += 61
    after = await bot.say("x", [ana], rules={"rotation_period_ms": 60_000})
    assert before["content"]["session_id"] != after["content"]["session_id"]


async def test_the_rooms_rules_lengthen_no_sessions_life(server: KeyServer, tmp_path: Path) -> None:
    """Whoever may set them could let one key open all that is ever said there."""
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    rules = {"rotation_period_msgs": 2**53 - 1, "rotation_period_ms": 2**53 - 1}
    assert await sessions(bot, *[[ana]] * 101, rules=rules) == 2
    before = await bot.say("x", [ana], rules=rules)
    bot.clock.now += 7 * 24 * 3600 + 1
    after = await bot.say("x", [ana], rules=rules)
    assert before["content"]["session_id"] != after["content"]["session_id"]


async def test_without_rules_a_session_lives_a_week_or_until_it_is_put_away(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    used = []
    for seconds in (0, 7 * 24 * 3600 - 1, 1):
        bot.clock.now += seconds
        used.append((await bot.say("x", [ana]))["content"]["session_id"])
    assert used[0] == used[1] != used[2]
    bot.machine._sharer.discard_session(room().room)
    assert (await bot.say("x", [ana]))["content"]["session_id"] not in used
    bot.machine._sharer.discard_session(room().room)
    bot.machine._sharer.discard_session(room().room)


@pytest.mark.parametrize("value", [0, -1, "5", None, 2**80, [], True])
async def test_senseless_rotation_rules_mean_the_usual(
    server: KeyServer, tmp_path: Path, value: Any
) -> None:
    bot = await person(server, tmp_path, "bot")
    rules = {"rotation_period_msgs": value, "rotation_period_ms": value}
    assert await sessions(bot, [], [], [], rules=rules) == 1


async def test_who_leaves_reads_nothing_more_and_who_joins_needs_no_new_session(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    leo = await person(server, tmp_path, "leo")
    assert await sessions(bot, [ana], [ana, leo]) == 1
    before = await bot.say("antes", [ana, leo])
    assert await reads(leo, before)
    after = await bot.say("después", [ana])
    assert after["content"]["session_id"] != before["content"]["session_id"]
    assert not await reads(leo, after)
    assert await reads(ana, after)


async def test_a_new_a_removed_and_an_unsigned_device_each_make_a_new_session(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    seen = [(await bot.say("x", [ana]))["content"]["session_id"]]

    async def after_change() -> None:
        bot.machine.note_device_lists([ana.user], [])
        seen.append((await bot.say("x", [ana]))["content"]["session_id"])

    tablet = await person(server, tmp_path, "ana", "TABLET")
    await after_change()
    signatures = server.devices[ana.user]["TABLET"]["signatures"][ana.user]
    owners = next(name for name in signatures if name != "ed25519:TABLET")
    signature = signatures.pop(owners)
    await after_change()
    assert len(set(seen)) == 3
    signatures[owners] = signature
    await after_change()
    assert len(set(seen)) == 3  # signed again: offered the session that runs
    del server.devices[ana.user]["TABLET"]
    await after_change()
    assert len(set(seen)) == 4
    assert not await reads(tablet, await bot.say("x", [ana]))


async def test_a_restart_starts_a_new_session(server: KeyServer, tmp_path: Path) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    before = await bot.say("x", [ana])
    bot.restart()
    after = await bot.say("x", [ana])
    assert before["content"]["session_id"] != after["content"]["session_id"]
    assert await reads(ana, after)


async def test_a_relation_stands_in_clear_and_inside(server: KeyServer, tmp_path: Path) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")

    relation = {"m.in_reply_to": {"event_id": "$x"}}
    sealed = await bot.machine.encrypt(
        bot.http, room(), [bot.user, ana.user], "m.room.message", {"m.relates_to": relation}
    )
    assert sealed["m.relates_to"] == relation
    said = event(bot.user, sealed)
    assert await reads(ana, said)
    assert ana.hear(said).content["m.relates_to"] == relation


async def test_three_hundred_devices_are_served_in_seconds(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    crowd = [await person(server, tmp_path, f"p{n}") for n in range(30)]
    await bot.say("hola", crowd)
    assert server.count("sendToDevice") == 1
    assert server.count("keys/claim") == 1


async def test_an_answer_older_than_the_owners_keys_leaves_nobody_out(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.matrix.crypto.outbound_sessions.REQUERY_AFTER", 0.01)
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")

    def too_early(kind: str, answer: Answer) -> Answer:
        if kind != "keys/query":
            return answer
        server.lie = None
        return {**answer, "master_keys": {}, "self_signing_keys": {}}

    server.lie = too_early
    said = await bot.say("uno", [ana])
    assert server.lie is None
    assert await reads(ana, said)
