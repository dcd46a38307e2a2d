"""Answers are counted by their command, and rates are shares of the homeserver's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from benchmarks import answers as answers_module
from benchmarks import burst
from benchmarks.answers import LOOK, PATIENCE, Answers, pause_after
from benchmarks.burst import NOBODY, Burst
from benchmarks.catch_up import CatchUp
from benchmarks.catch_up import _figures as catch_up_figures
from benchmarks.figures import Part, Run
from benchmarks.growth import _figures as growth_figures

BOT = "@bot:test"


class Rooms:
    """A homeserver's `/messages` of one room, read on from where the reader was."""

    def __init__(self) -> None:
        self.events: list[Mapping[str, Any]] = []

    def reply(self, to: str, at: float, sender: str = BOT) -> None:
        relation = {"m.in_reply_to": {"event_id": to}}
        content = {"m.relates_to": relation}
        self.events.append({"sender": sender, "content": content, "origin_server_ts": at * 1000})

    async def call(self, _method: str, _path: str, **query: str) -> dict[str, Any]:
        if query["dir"] == "b":
            return {"start": str(len(self.events)), "chunk": []}
        found = self.events[int(query["from"]) :]
        end = {"end": str(len(self.events))} if found else {}
        return {"chunk": found, **end}


async def test_replies_are_counted_once_from_the_beginning_on() -> None:
    rooms = Rooms()
    rooms.reply("$before", 1)
    answers = Answers(rooms.call, BOT, ["!a:test"])
    await answers.begin()
    rooms.reply("$one", 5)
    rooms.reply("$two", 6)
    assert await answers.look() == 2
    rooms.reply("$two", 7)
    rooms.reply("$three", 9, sender="@eva:test")
    await answers.until(2)
    assert answers.count(["$one", "$two", "$three"]) == (2, 1, 1)
    assert (answers.first, answers.last) == (5, 7)


async def test_what_comes_while_the_rooms_are_read_shows_that_more_will_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Slow(Rooms):
        """Each look takes longer than the patience, and finds one more reply."""

        now = 0.0

        def monotonic(self) -> float:
            return self.now

        async def call(self, _method: str, _path: str, **query: str) -> dict[str, Any]:
            if query["dir"] == "b":
                return {"start": "0", "chunk": [{"event_id": "$newest"}]}
            self.now += PATIENCE + 1
            self.reply(f"${len(self.events)}", self.now)
            return {"chunk": self.events[-1:]}

    rooms = Slow()
    monkeypatch.setattr(answers_module, "time", rooms)
    monkeypatch.setattr(answers_module, "LOOK", 0)
    answers = Answers(rooms.call, BOT, ["!a:test"])
    await answers.begin()
    await answers.until(3, first=120)
    assert answers.count(["$0", "$1", "$2"]) == (3, 0, 0)


def test_who_looks_at_many_rooms_looks_less_often() -> None:
    assert [pause_after(took) for took in (0.01, 0.25, 8.0)] == [LOOK, 2.5, PATIENCE / 2]


def test_a_share_is_of_what_the_homeserver_took_right_before() -> None:
    assert burst.in_turns(["minga", "nio"], 2) == [NOBODY, "minga", NOBODY, "nio"] * 2

    def one(seconds: float, answered: int = 10, cpu: float = 0.0) -> Burst:
        return Burst(answered, 10 - answered, 0, seconds, cpu, 1.0, 100.0)

    bursts = {
        "minga": [one(2.0, cpu=0.1), one(8.0, cpu=0.1)],
        "nio": [one(2.0, 5, cpu=0.1), one(8.0, 5, cpu=0.1)],
        "maubot": [one(1.0, cpu=0.4), one(8.0, cpu=0.4)],
        NOBODY: [one(1.0), one(0.5), one(2.0), one(4.0), one(8.0), one(16.0)],
    }
    found = {f.name.removeprefix("burst of 10: "): f for f in burst._figures(bursts, 10)}
    share = found["share of the homeserver's own rate"]
    assert share.rounds == {"minga": [0.5, 0.5], "nio": [0.125, 0.5], "maubot": [2.0, 2.0]}
    assert share.outcome("minga") is False
    processor = found["processor time of an answer"]
    assert (processor.median("minga"), processor.median("nio")) == (10.0, 20.0)
    assert processor.ratio("minga", "maubot") == pytest.approx(0.25)
    assert (processor.ratio("minga", "nio"), share.ratio("minga", "nio")) == (None, None)
    assert processor.incomparable == {"nio": "it answered 10 of 20 commands"}
    assert found["answers"].rounds[NOBODY] == [10.0, 20.0, 5.0, 2.5, 1.25, 0.625]
    assert found["lost"].outcome("minga") is True


def test_who_answers_nothing_after_an_outage_has_no_time_to_the_first_answer() -> None:
    one = CatchUp(10, 0, 0, 1.0, 2.0, 5.0, 10.0, 1.0, 100.0)
    none = CatchUp(0, 10, 0, None, None, 0.0, 10.0, 1.0, 100.0)
    sizes = {"minga": (10, 2), "nio": (10, 2)}
    found = catch_up_figures({"minga": one, "nio": none}, sizes)
    first = next(figure for figure in found if figure.name.endswith("start to first answer"))
    assert first.rounds == {"minga": [1.0], "nio": [None]}
    assert first.missing == ["nio gave no answer."]
    assert first.incomparable == {"nio": "it answered 0 of 10 commands"}
    assert "Infinity" not in Run({"catch-up": Part("short", "", figures=found)}).to_json()


def test_who_had_less_waiting_is_compared_with_nobody() -> None:
    one = CatchUp(10, 0, 0, 1.0, 2.0, 5.0, 10.0, 1.0, 100.0)
    sizes = {"minga": (10, 2), "nio": (10, 2), "maubot": (5, 1)}
    for figure in catch_up_figures(dict.fromkeys(sizes, one), sizes):
        assert figure.ratio("minga", "maubot") is None
        assert (figure.ratio("minga", "nio") is None) is (figure.median("nio") == 0)
        why = "5 commands waited for it in 1 rooms, and not 10 in 2"
        assert figure.incomparable == {"maubot": why}


def test_growth_is_the_largest_over_the_smallest() -> None:
    sizes = {"command": 2.0, "tick": 1.0, "size": 1.0, "memory": 1.0}
    found = growth_figures("votes", [100, 10_000], {"100": sizes, "10000": {**sizes, "command": 5}})
    times = {figure.name: figure.median("minga") for figure in found if figure.unit == "times"}
    assert times == {"votes from 100 to 10000: command": 2.5, "votes from 100 to 10000: tick": 1.0}
