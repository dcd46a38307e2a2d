"""Jobs that fail: tried again, told, given up; never in silence and never for ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Context, Feature, Job, Line, Topic, UserError, _, words
from bot.job_kind import JobKind
from bot.run.job_work import GIVE_UP_AT_FAILURE
from bot.testing.talk import ROOM, Talk
from storage import jobs

probe = Feature("probe", Path(__file__).parent / "probe")
working = {"yes": False}


@probe.command(
    words("sonda", "sonda-pt", "probe"),
    help=_("What a room gets"),
    example=_("What a room gets"),
    topic=Topic("probe", words("sondas", "sondas-pt", "probes"), _("What a room gets")),
)
async def start(ctx: Context, name: str) -> None:
    """One job in an hour, for the person or for the room."""
    person = ctx.who if name == "mine" else None
    at = ctx.said_at + timedelta(hours=1)
    payload = {"room": "!other:test", "zone": "Mars"} if name == "facts" else None
    await ctx.schedule(JobKind("probe", name), at, person=person, payload=payload)


@probe.runs(probe.job("mine"))
@probe.runs(probe.job("ours"))
async def fails(ctx: Context, job: Job) -> Line:
    if not working["yes"]:
        raise RuntimeError
    return Line("{late} late", {"late": ctx.said_at - job.due})


@probe.runs(probe.job("facts"))
async def tells(_ctx: Context, job: Job) -> Line:
    return Line("{facts}", {"facts": str(sorted(job.payload.items()))})


@probe.runs(probe.job("refused"))
async def refused(ctx: Context, job: Job) -> Line:
    raise UserError(Line("The room is full."))


def break_down() -> str:
    if not working["yes"]:
        raise OSError(13, "Permission denied")
    return "made"


@probe.runs(probe.job("made"))
async def makes(ctx: Context, job: Job) -> Line:
    return Line("{what}", {"what": ctx.fetched.made("it", break_down)})


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [probe]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    working["yes"] = False
    return talk


async def test_a_job_that_fails_is_tried_again_and_knows_how_late_it_is(talk: Talk) -> None:
    await talk.says("ana", "!probe ours")
    await talk.wait(timedelta(hours=1))
    await talk.restart(after=timedelta(minutes=1))
    working["yes"] = True
    await talk.wait(timedelta(0))
    await talk.hears("0:01:00 late")
    await talk.wait(timedelta(days=1))
    await talk.hears_nothing()


async def test_whom_it_concerns_is_told_when_it_goes_on_failing(talk: Talk) -> None:
    for name, room in (("ours", ROOM), ("mine", await talk.private("ana"))):
        await talk.says("ana", f"!probe {name}")
        for pause in (timedelta(hours=1), timedelta(minutes=1)):
            await talk.wait(pause)
            await talk.hears_nothing()
        await talk.wait(timedelta(minutes=10))
        (post,) = await talk.hears("falló de mi lado")
        assert post.room == room
        assert "Sigo intentando." in post.plain
        assert "la referencia" in post.plain
        await talk.wait(timedelta(hours=1))
        await talk.hears_nothing()
        working["yes"] = True
        await talk.wait(timedelta(hours=6))
        await talk.hears("7:11:00 late")
        working["yes"] = False


async def test_after_a_week_it_is_given_up_and_said(talk: Talk) -> None:
    await talk.says("ana", "!probe ours")
    heard: list[str] = []
    for _time in range(30):
        await talk.wait(timedelta(days=1))
        heard += [post.plain for post in await talk.said()]
    assert ["Sigo intentando." in text for text in heard] == [True, False]
    assert "Ya no lo intento más." in heard[1]
    assert await jobs.next_due(talk.machine.db) is None
    assert GIVE_UP_AT_FAILURE == 10


async def test_why_a_job_cannot_be_done_is_said_once(talk: Talk) -> None:
    await talk.says("ana", "!probe refused")
    await talk.wait(timedelta(hours=1))
    (post,) = await talk.hears("The room is full.")
    assert post.room == ROOM
    await talk.wait(timedelta(days=1))
    await talk.hears_nothing()


async def test_a_payload_is_never_taken_for_what_the_job_is_about(talk: Talk) -> None:
    await talk.says("ana", "!probe facts")
    await talk.wait(timedelta(hours=1))
    [post] = await talk.said()
    assert (post.room, post.plain) == (ROOM, "[('room', '!other:test'), ('zone', 'Mars')]")


async def test_a_bug_in_a_thread_is_the_handlers_own(talk: Talk) -> None:
    await talk.says("ana", "!probe made")
    await talk.says("ana", "!probe ours")
    await talk.wait(timedelta(hours=1))  # nothing ends the scheduler
    working["yes"] = True
    await talk.wait(timedelta(minutes=1))
    assert [post.plain for post in await talk.said()] == ["made", "0:01:00 late"]
