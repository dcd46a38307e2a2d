"""What breaks off loses nothing else: the parts after it are measured, the page is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import benchmarks.__main__ as program
from benchmarks import (
    answer_sizes,
    burst,
    catch_up,
    first_answer,
    footprint,
    growth,
    image,
    large_network,
    page,
    round_trip,
    vote_traffic,
)
from benchmarks.__main__ import CROWDED, SHORT, TALK, Measurement
from benchmarks.figures import Figure, read_run
from benchmarks.first_answer import Size


def figures(name: str) -> list[Figure]:
    return [Figure(1, name, "", {"minga": [1.0]})]


class Stages:
    """Stages of which the first one, or the page, can be made to fail."""

    def __init__(self, broken: str) -> None:
        self.broken = broken
        self.pages = 0

    @asynccontextmanager
    async def scene(self, _folder: Path, _makers: Mapping[str, Any]) -> AsyncIterator[str]:
        if self.broken == "homeserver":
            self.broken = ""
            raise OSError("no homeserver")
        yield "scene"

    def publish(self) -> None:
        self.pages += 1
        if self.broken == "page":
            raise OSError("no page")


async def measure(stages: Stages, monkeypatch: pytest.MonkeyPatch, kept: Path) -> Measurement:
    monkeypatch.setattr(program, "KEPT", kept)
    monkeypatch.setattr(program, "scene", stages.scene)
    monkeypatch.setattr(page, "publish", stages.publish)
    made = Measurement(SHORT, long=False, published=True, timed=False, older=None)

    async def talk(_scene: Any) -> None:
        for point in TALK:
            await made._try(point, partial(answer, point))

    async def crowded(_scene: Any) -> None:
        for point in CROWDED:
            await made._try(point, partial(answer, point))

    async def answer(point: str) -> list[Figure]:
        if stages.broken == point:
            raise OSError(f"no {point}")
        return figures(point)

    monkeypatch.setattr(made, "_talk", talk)
    monkeypatch.setattr(made, "_crowd", crowded)
    monkeypatch.setattr(footprint, "measure", lambda *_: answer("footprint"))
    monkeypatch.setattr(growth, "measure", lambda *_: answer("growth"))
    await made.measure()
    return made


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        ("homeserver", {*TALK}),
        ("burst", {"burst"}),
        ("start", {"start"}),
        ("page", set[str]()),
        ("", set[str]()),
    ],
)
async def test_the_other_parts_are_measured(
    broken: str, lost: set[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stages = Stages(broken)
    if broken == "page":
        with pytest.raises(OSError, match="no page"):  # at the end, when all is kept
            await measure(stages, monkeypatch, tmp_path / "kept.json")
    else:
        await measure(stages, monkeypatch, tmp_path / "kept.json")
    run = read_run(tmp_path / "kept.json")
    assert {*run.broken} == lost
    assert {figure.name for figure in run.figures} == {*SHORT} - lost
    assert (run.wholes["short"].broken, stages.pages) == (len(lost), len(SHORT) + 1)


async def test_the_long_form_measures_at_its_full_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the page says is said of these sizes: whoever makes one smaller does so here too."""
    asked: dict[str, tuple[Any, ...]] = {}

    def note(part: ModuleType) -> None:
        async def measured(*given: Any) -> list[Figure]:
            asked[part.__name__.removeprefix("benchmarks.")] = given
            return []

        monkeypatch.setattr(part, "measure", measured)

    for part in (answer_sizes, burst, catch_up, first_answer, footprint, growth):
        note(part)
    for part in (large_network, round_trip, vote_traffic):
        note(part)
    monkeypatch.setattr(image, "measure", list)
    stage = SimpleNamespace(silence=nullcontext, server=None)
    monkeypatch.setattr(program, "scene", lambda *_: nullcontext(stage))
    monkeypatch.setattr(program, "crowd", nullcontext)
    monkeypatch.setattr(program, "DRAFT", tmp_path / "draft.json")
    await Measurement(SHORT, long=True, published=False, timed=False, older=None).measure()
    assert asked["round_trip"] == (stage, 200)
    assert asked["burst"] == (stage, 5, 1_000)
    others = dict.fromkeys(("nio", "maubot"), (1_000, 10))
    assert asked["catch_up"] == (stage, {"minga": (5_000, 50), **others})
    sizes = {100: Size(3, 2), 300: Size(9, 2), 1_000: Size(1, 4)}
    assert asked["first_answer"] == (stage, None, sizes)
    assert asked["large_network"] == (stage, None, 360, 2_000, 300, 3)
    assert asked["growth"] == ((100, 10_000, 1_000_000),)
    assert (asked["vote_traffic"], asked["footprint"]) == ((stage, 3), (9, None))
    assert len(asked) == len(SHORT)


async def test_growth_of_one_kind_that_breaks_off_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = '{"command": 1.0, "tick": 2.0, "size": 3.0, "memory": 4.0}'

    async def run(_module: str, kind: str, *_counts: str) -> tuple[int, list[str]]:
        return (1, []) if kind == "events" else (0, [f'{{"100": {one}, "10000": {one}}}'])

    monkeypatch.setattr(growth, "_run", run)
    found = {figure.name: figure for figure in await growth.measure((100, 10_000))}
    assert found["votes from 100 to 10000: command"].outcome("minga") is True
    missing = found["events from 100 to 10000: tick"]
    assert (missing.outcome("minga"), missing.values("minga")) == (False, [])
    assert missing.missing == ("growth of events ended with status 1.",)
