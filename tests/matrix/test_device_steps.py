"""Steps of verifications that come to our device alone: who may send them, how many, how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.matrix.sync import to_device
from bot.matrix.sync.to_device import (
    MOST_STEPS,
    MOST_STEPS_OF_HOMESERVER,
    MOST_STEPS_OF_STRANGER,
    MOST_STRANGER_STEPS,
    DeviceStep,
)
from bot.matrix.sync.verification_steps import read_device_step
from bot.types import Trust, UserId, VerificationStep
from tests.matrix.homeserver import ANA
from tests.matrix.keyserver import KeyServer
from tests.matrix.test_guard import scene
from tests.matrix.test_sync import World, world

__all__ = ["world"]

NOW = datetime(2027, 3, 4, 5, 6, tzinfo=UTC)
CANCEL = "m.key.verification.cancel"
REQUEST = "m.key.verification.request"
CONTENT = {"transaction_id": "t1", "code": "m.user"}


def plain(sender: object, content: object = CONTENT, kind: object = CANCEL) -> dict[str, Any]:
    return {"type": kind, "sender": sender, "content": content}


async def test_a_persons_steps_are_limited(server: KeyServer, tmp_path: Path) -> None:
    bot, _, ana, _ = await scene(server, tmp_path)
    result = bot.machine.receive_to_device([plain(ana.user) for _ in range(MOST_STEPS + 5)])
    assert result.steps == [DeviceStep(ana.user, CANCEL, CONTENT, Trust.PLAIN)] * MOST_STEPS
    assert result.refused == {"verification": 5}


async def test_of_strangers_only_some_requests_and_what_ends_them_are_taken(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, _, ana, _ = await scene(server, tmp_path)
    eve = "@eve:evil.example"
    others = [plain(eve, kind=f"m.key.verification.{step}") for step in ("ready", "start", "done")]
    result = bot.machine.receive_to_device([*others, plain(eve, kind=REQUEST), plain(eve)])
    assert [step.type for step in result.steps] == [REQUEST, CANCEL]
    assert result.refused == {"strange": 3}
    flood = [plain(f"@eve:evil{n}.example", kind=REQUEST) for n in range(MOST_STRANGER_STEPS + 5)]
    result = bot.machine.receive_to_device([*flood, plain(ana.user)])
    assert len(result.steps) == MOST_STRANGER_STEPS + 1
    assert result.refused == {"strange": 5}


async def test_a_strangers_flood_displaces_neither_their_neighbours_nor_other_homeservers(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, _, _, _ = await scene(server, tmp_path)
    homes = [f"evil{n}.example" for n in range(3)]
    flood = [plain(f"@eve:{home}", kind=REQUEST) for home in homes for _ in range(50)]
    neighbour, dora = "@bea:evil0.example", "@dora:other.example"
    flood += [plain(neighbour, kind=REQUEST)]
    flood += [plain(f"@eve{n}:{home}", kind=REQUEST) for home in homes for n in range(50)]
    result = bot.machine.receive_to_device([*flood, plain(dora, kind=REQUEST), plain(dora)])
    taken = Counter(step.sender for step in result.steps)
    assert (taken[UserId(neighbour)], taken[UserId(dora)]) == (1, 2)
    assert len(result.steps) == len(homes) * MOST_STEPS_OF_HOMESERVER + 2


async def test_what_is_too_long_counts_before_it_is_measured(
    server: KeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, _, ana, _ = await scene(server, tmp_path)
    measured: list[object] = []

    def measure(content: Mapping[str, Any]) -> bool:
        measured.append(content)
        return False

    monkeypatch.setattr(to_device, "is_short_step", measure)
    for sender, most in (("@eve:evil.example", MOST_STEPS_OF_STRANGER), (ana.user, MOST_STEPS)):
        measured.clear()
        result = bot.machine.receive_to_device([plain(sender, kind=REQUEST)] * 50)
        assert (len(measured), result.steps) == (most, [])


async def test_what_is_no_step_or_too_large_is_refused_and_never_raises(
    server: KeyServer, tmp_path: Path
) -> None:
    bot, _, ana, _ = await scene(server, tmp_path)
    deep: Any = {}
    for _ in range(5_000):
        deep = {"x": deep}
    bad = [CONTENT | {"x": "y" * 20_000}, deep, {"x": float("nan")}]
    result = bot.machine.receive_to_device([plain(ana.user, content) for content in bad])
    assert (result.steps, result.refused) == ([], {"verification": 3})
    strange = [plain(ana.user, kind="m.key.verification.other"), plain(ana.user, kind=["x"])]
    assert bot.machine.receive_to_device([*strange, plain(7), plain(ana.user, 7)]).steps == []


async def test_an_encrypted_step_is_taken_too(server: KeyServer, tmp_path: Path) -> None:
    bot, _, ana, _ = await scene(server, tmp_path)
    await ana.whisper(bot, CANCEL, CONTENT)
    result = bot.sync()
    assert [(step.sender, step.content) for step in result.steps] == [(ana.user, CONTENT)]


def read(content: dict[str, Any], kind: str = CANCEL) -> VerificationStep | None:
    return read_device_step(UserId(ANA), kind, content, Trust.PLAIN, NOW)


def test_a_step_has_no_room_and_always_the_same_event() -> None:
    step = read(CONTENT)
    assert step is not None
    assert (step.room, step.request, step.step, step.trust) == ("", "t1", "cancel", Trust.PLAIN)
    assert step == read({"code": "m.user", "transaction_id": "t1"})
    other = read(CONTENT | {"transaction_id": "t2"})
    assert other is not None and other.event != step.event


@pytest.mark.parametrize("name", ["", "x" * 256, 7, None])
def test_a_step_without_a_transaction_is_none(name: object) -> None:
    assert read(CONTENT | {"transaction_id": name}) is None
    assert read(CONTENT, "m.room_key") is None


async def test_the_sync_loop_hands_a_step_over_once(world: World) -> None:
    world.server.make_room()
    await world.caught_up()
    async with world.bot() as (_, inbox):
        await inbox.until(lambda: inbox.live)
        world.server.to_device += [{"type": "step", "content": plain(ANA)}] * 2
        world.server.news.set()
        world.server.say("known")
        await inbox.says("known")
    assert len([w for w in inbox.got if isinstance(w, VerificationStep)]) == 1
