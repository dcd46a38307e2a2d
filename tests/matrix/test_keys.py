"""Our keys on the server and others' keys from it (C5, C6, C7, H6): what nio loses, we keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.gateway import Refused, TryLater
from bot.matrix.crypto import key_requests
from bot.matrix.crypto.devices import RetrySchedule
from bot.types import Trust, UserId
from tests.matrix.keyserver import Answer, KeyServer
from tests.matrix.people import Clock, Person, know, person
from tests.matrix.plain import plain_bot, should_upload_after


async def claims(server: KeyServer, who: Person, times: int) -> int:
    """How many of so many claims of this device's keys are served."""
    wanted = {"one_time_keys": {who.user: {who.device: "signed_curve25519"}}}
    line = server.http("@mal:one.example", "X")
    answers = [
        await line.call("POST", "/_matrix/client/v3/keys/claim", wanted) for _ in range(times)
    ]
    return sum(bool(a["one_time_keys"]) for a in answers)


# --- C6 and C7: uploads -------------------------------------------------------------------------


async def test_keys_run_out_while_we_are_off_and_new_people_still_reach_us(
    server: KeyServer, tmp_path: Path
) -> None:
    assert not should_upload_after(tmp_path, {"signed_curve25519": 0})  # nio: never again
    bot = await person(server, tmp_path, "bot")
    assert await claims(server, bot, 60) == 60
    bot.sync()
    await bot.machine.maintain(bot.http)
    assert server.left(bot.user, bot.device) == {"signed_curve25519": 50}
    assert server.unused(bot.user, bot.device) == ["signed_curve25519"]
    eva = await person(server, tmp_path, "eva")
    said = await eva.say("llego", [bot])
    bot.sync()
    await bot.machine.query_devices(bot.http, [eva.user])
    assert bot.hear(said).content["body"] == "llego"


async def test_a_used_fallback_key_still_opens_what_was_sealed_with_it(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, eva = await person(server, tmp_path, "bot"), await person(server, tmp_path, "eva")
    await know(bot, eva)
    await claims(server, bot, 50)
    said = await eva.say("con la última", [bot])
    bot.machine.note_key_counts(
        server.left(bot.user, bot.device), server.unused(bot.user, bot.device)
    )
    await bot.machine.maintain(bot.http)
    bot.sync()
    assert bot.hear(said).content["body"] == "con la última"


async def test_a_kill_between_upload_and_answer_offers_the_same_keys_again(
    server: KeyServer, tmp_path: Path
) -> None:
    nio = await plain_bot(server, tmp_path)
    nio.olm.uploaded_key_count = 40
    server.lose("keys/upload")
    with pytest.raises(TryLater):
        await nio.upload()
    nio.restart()
    nio.olm.uploaded_key_count = 40
    with pytest.raises(Refused, match="M_INVALID_PARAM"):
        await nio.upload()  # 400, for ever
    bot = Person(server, tmp_path, UserId("@bot:one.example"), "B")
    server.lose("keys/upload")
    with pytest.raises(TryLater):
        await bot.machine.maintain(bot.http)
    offered = dict(server.one_time[bot.user, bot.device])
    bot.restart()
    bot.sync()
    await bot.machine.maintain(bot.http)
    assert server.one_time[bot.user, bot.device] == offered
    assert not bot.machine.refused


async def test_keys_that_never_arrived_are_offered_again_after_a_restart(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    await claims(server, bot, 10)
    bot.sync()
    server.fail("keys/upload")  # it never hears of it
    with pytest.raises(TryLater):
        await bot.machine.maintain(bot.http)
    offered = set(bot.machine._olm.account.keys.one_time_keys)
    assert len(offered) == 10
    bot.restart()
    await bot.machine.maintain(bot.http)  # before any sync has told how many are there
    bot.sync()
    await bot.machine.maintain(bot.http)
    there = {key.partition(":")[2] for key in server.one_time[bot.user, bot.device]}
    assert offered <= there
    assert len(there) == 50


async def test_keys_that_did_arrive_are_not_offered_twice(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    await claims(server, bot, 10)
    bot.sync()
    server.lose("keys/upload")
    with pytest.raises(TryLater):
        await bot.machine.maintain(bot.http)
    bot.restart()
    await claims(server, bot, 1)
    bot.sync()
    await bot.machine.maintain(bot.http)
    held = server.one_time[bot.user, bot.device]
    assert len(held) == 50
    assert await claims(server, bot, 50) == 50


async def test_an_old_copy_of_the_keys_finds_new_ones_to_offer(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    await claims(server, bot, 5)
    bot.sync()
    server.fail("keys/upload", Refused("M_INVALID_PARAM"))
    await bot.machine.maintain(bot.http)
    assert bot.machine.refused == {"upload": 1}
    bot.sync()
    await bot.machine.maintain(bot.http)
    assert server.left(bot.user, bot.device) == {"signed_curve25519": 50}


async def test_a_restart_uploads_nothing(server: KeyServer, tmp_path: Path) -> None:
    bot = await person(server, tmp_path, "bot")
    before = server.count("upload")
    bot.restart()
    await bot.machine.maintain(bot.http)
    bot.sync()
    await bot.machine.maintain(bot.http)
    assert server.count("upload") == before


# --- C5 and H6: what others' servers say --------------------------------------------------------


def hostile(device: Answer) -> list[Any]:
    """A device's keys, broken in as many ways."""
    keys, name = device["keys"], device["device_id"]
    ed, curve = keys[f"ed25519:{name}"], keys[f"curve25519:{name}"]
    return [
        device | {"keys": {f"ed25519:{name}": "AAAA", f"curve25519:{name}": curve}},
        device | {"keys": {f"ed25519:{name}": ed, f"curve25519:{name}": "!"}},
        device | {"keys": {f"ed25519:{name}": 5, f"curve25519:{name}": None}},
        device | {"keys": []},
        device | {"signatures": []},
        device | {"signatures": {device["user_id"]: {f"ed25519:{name}": "x" * 10_000}}},
        device | {"user_id": "@other:x"},
        device | {"device_id": "OTHER"},
        device | {"algorithms": "\ud800"},
        {},
        None,
        [],
        "x",
    ]


async def test_a_hostile_answer_for_one_person_hurts_nobody_else(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio = await person(server, tmp_path, "bot"), await plain_bot(server, tmp_path)
    ana, mal = await person(server, tmp_path, "ana"), await person(server, tmp_path, "mal")
    honest = server.devices[mal.user][mal.device]
    fatal = 0
    for broken in hostile(honest):
        server.devices[mal.user] = {mal.device: broken}
        try:
            await nio.query([mal.user, ana.user])
        except Exception:  # noqa: BLE001, RUF100 - whichever: it comes out of keys_query
            fatal += 1
        bot.machine.note_device_lists([mal.user, ana.user], [])
        assert await bot.machine.maintain(bot.http) == {mal.user, ana.user}
        assert bot.trust_of(ana.user, ana.device) is Trust.SIGNED
        assert bot.trust_of(mal.user, mal.device) is None
    assert fatal >= 1  # and again at every start


@pytest.mark.parametrize("lie", [{}, {"device_keys": []}, {"device_keys": {"@ana:one.example": 1}}])
async def test_an_answer_without_sense_leaves_what_was_known(
    server: KeyServer, tmp_path: Path, lie: Answer
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    server.lie = lambda kind, answer: lie if kind == "keys/query" else answer
    bot.machine.note_device_lists([ana.user], [])
    await bot.machine.maintain(bot.http)
    if "@ana:one.example" not in lie.get("device_keys", {}):
        assert bot.trust_of(ana.user, ana.device) is Trust.SIGNED


async def test_one_person_whom_the_server_chokes_on_is_found_and_left_out(
    server: KeyServer, tmp_path: Path
) -> None:
    bot = await person(server, tmp_path, "bot")
    people = [await person(server, tmp_path, f"p{n}") for n in range(7)]

    def choke(kind: str, answer: Answer) -> Answer:
        if kind == "keys/query" and people[3].user in answer["device_keys"]:
            raise Refused("M_INVALID_PARAM")
        return answer

    server.lie = choke
    learnt = await bot.machine.query_devices(bot.http, [p.user for p in people])
    assert learnt == {p.user for p in people if p is not people[3]}


async def test_a_device_missing_from_one_answer_is_a_device_again_when_it_returns(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, nio = await person(server, tmp_path, "bot"), await plain_bot(server, tmp_path)
    ana = await person(server, tmp_path, "ana")
    held = server.devices.pop(ana.user)
    for there in (held, {}, held):
        server.devices[ana.user] = there
        await nio.query([ana.user])
        await bot.machine.query_devices(bot.http, [ana.user])
    assert not list(nio.olm.device_store.active_user_devices(ana.user))
    assert bot.machine.signed_devices(ana.user) == [ana.device]


async def test_a_change_during_a_query_is_asked_for_again(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)

    def meanwhile(kind: str, answer: Answer) -> Answer:
        bot.machine.note_device_lists([ana.user], [])
        return answer

    bot.machine.note_device_lists([ana.user], [])
    server.lie = meanwhile
    await bot.machine.maintain(bot.http)
    server.lie = None
    assert await bot.machine.maintain(bot.http) == {ana.user}
    assert await bot.machine.maintain(bot.http) == set()


async def test_what_is_out_of_date_stays_so_over_a_restart(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    bot.machine.note_device_lists([ana.user], [])
    bot.restart()
    before = server.count("keys/query")
    await bot.say("hola", [ana])
    assert server.count("keys/query") == before + 1


async def test_a_dead_server_is_asked_less_and_less(server: KeyServer, tmp_path: Path) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    server.away.add(ana.user)
    server.lie = lambda _, answer: _slow(bot, answer)
    bot.machine.note_device_lists([ana.user], [])
    before = server.count("keys/query")
    for _ in range(3600):
        await bot.machine.maintain(bot.http)
        bot.clock.now += 1
    assert server.count("keys/query") - before <= 6
    assert bot.trust_of(ana.user, ana.device) is Trust.SIGNED


def _slow(bot: Person, answer: Answer) -> Answer:
    bot.clock.now += 10
    return answer


async def test_a_broken_olm_session_is_replaced_once_an_hour_at_most(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    await bot.say("hola", [ana])
    ana.sync()
    for _ in range(3):
        bot.machine._olm.wedged.add((ana.user, ana.machine.curve25519))
        await bot.machine.maintain(bot.http)
    assert len(server.take(ana.user, ana.device)) == 1
    bot.clock.now += 3601
    bot.machine._olm.wedged.add((ana.user, ana.machine.curve25519))
    await bot.machine.maintain(bot.http)
    ana.sync()
    said = await bot.say("otra", [ana], rules={"rotation_period_msgs": 1})
    assert not ana.sync().refused
    assert ana.hear(said).content["body"] == "otra"


async def test_a_refused_dummy_is_given_up_and_the_others_get_theirs(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_requests, "DEVICES_PER_REQUEST", 2)
    bot, *crowd = [await person(server, tmp_path, name) for name in ("bot", "ana", "eva", "mal")]
    await know(bot, *crowd)
    await bot.say("hola", crowd)
    for someone in crowd:
        someone.sync()
        bot.machine._olm.wedged.add((someone.user, someone.machine.curve25519))
    ana, eva, mal = crowd
    server.unwanted = {mal.user}
    sent = server.count("sendToDevice")
    for _ in range(2):
        learnt = await bot.machine.maintain(bot.http)
        assert not learnt, "and nothing is raised"
    assert bot.machine.refused == {"dummy": 1}
    assert server.count("sendToDevice") - sent <= 4, "it is not tried again"
    for someone in (ana, eva):
        assert len(server.inboxes[someone.user, someone.device]) == 1
        assert not someone.sync().refused
    server.unwanted = set()
    said = await bot.say("otra", crowd, rules={"rotation_period_msgs": 1})
    assert not mal.sync().refused
    assert mal.hear(said).content["body"] == "otra"


async def test_keys_are_asked_for_again_of_each_device_at_most_hourly(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    await bot.say("hola", [ana])
    ana.sync()
    given = []
    for _times in range(3):
        bot.machine.ask_keys_again(ana.user)
        await bot.machine.maintain(bot.http)
        given.append(len(server.inboxes[ana.user, ana.device]))
        bot.clock.now += 1900
    assert given == [1, 1, 2]
    assert not ana.sync().refused


async def test_a_device_without_a_key_left_gets_no_dummy_and_is_mended_when_it_has_one(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, ana = await person(server, tmp_path, "bot"), await person(server, tmp_path, "ana")
    await know(bot, ana)
    await bot.say("hola", [ana])
    ana.sync()
    wedged = (ana.user, ana.machine.curve25519)
    server.away.add(ana.user)
    bot.machine._olm.wedged.add(wedged)
    await bot.machine.maintain(bot.http)
    assert not server.take(ana.user, ana.device), "the old session would not be read"
    server.away.clear()
    bot.clock.now += 60
    bot.machine._olm.wedged.add(wedged)
    await bot.machine.maintain(bot.http)
    assert len(server.inboxes[ana.user, ana.device]) == 1
    assert not ana.sync().refused


@pytest.mark.parametrize(
    ("took", "waits"),
    [(0.01, (0.2, 0.4, 0.8)), (2.0, (1.0, 2.0, 4.0)), (10.0, (200.0, 400.0, 800.0))],
)
def test_a_slow_machine_is_no_dead_server(took: float, waits: tuple[float, ...]) -> None:
    """What took two seconds is tried again after one; what took a timeout, after minutes."""
    clock = Clock()
    patience = RetrySchedule(clock)
    for wait in waits:
        patience.note_failure("device", took)
        clock.now += wait - 0.01
        assert not patience.is_due("device")
        clock.now += 0.02
        assert patience.is_due("device")
