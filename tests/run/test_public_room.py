"""The public room: the bot posts there what is public and nothing else, and hears nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import (
    Answer,
    Callback,
    Context,
    EventId,
    Feature,
    Job,
    Number,
    RoomId,
    Say,
    SetState,
    Topic,
    verbatim,
    words,
)
from bot.delivery.kinds.public_posts import (
    ClosePublicRoom,
    OpenPublicRoom,
    PostPublicly,
    TakePostAway,
)
from bot.delivery.rendering import RenderedText
from bot.testing.fake_gateway import BOT
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, MembershipChanged, Trust
from storage import rooms

PUBLIC = RoomId("!publico:test")
site = Feature("site", Path(__file__).parent / "nothing-more")
OPENED, POSTED = site.job("opened"), site.job("posted")
TOPIC = Topic("site", words("sitio", "sítio", "site"), verbatim("Sitio"))
WORDS = RenderedText("Se decidió: la reunión", "<b>Se decidió:</b> la reunión")
seen: list[dict[str, str]] = []


@site.command(
    words("haz", "faz", "make"), help=verbatim("Haz."), example=verbatim("`!haz`"), topic=TOPIC
)
async def makes(_ctx: Context, what: str) -> Answer:
    opened, posted = Callback.of(OPENED, Number(0)), Callback.of(POSTED, Number(0))
    return {
        "sala": OpenPublicRoom("publico", "Red de prueba", "Todo lo público", opened),
        "nota": PostPublicly(PUBLIC, WORDS, posted),
        "perdida": PostPublicly(ROOM, WORDS, posted),
        "charla": Say((verbatim("Un secreto"),), room=PUBLIC),
        "poder": SetState("m.room.name", {"name": "Otra"}, room=PUBLIC),
        "fin": ClosePublicRoom(PUBLIC, "Aquí no se publica más"),
        **{what: TakePostAway(PUBLIC, EventId(what)) for what in [what] if what.startswith("$")},
    }[what]


@site.runs(OPENED)
async def opened(_ctx: Context, job: Job) -> Answer:
    seen.append(dict(job.payload))
    return None


@site.runs(POSTED)
async def posted(_ctx: Context, job: Job) -> Answer:
    seen.append(dict(job.payload))
    return None


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [site]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    seen.clear()
    await talk.says("ana", "!haz sala")
    assert await talk.sent() != []
    await talk.wait(timedelta(seconds=1))
    return talk


async def test_whoever_opens_it_is_told_which_room_it_is(talk: Talk) -> None:
    assert [one["room"] for one in seen] == [PUBLIC]
    assert talk.gateway.state[PUBLIC, "m.room.join_rules", ""] == {"join_rule": "public"}
    async with talk.machine.db.reading() as tx:
        room = await rooms.get(tx, PUBLIC)
        assert room is not None and room.is_public and not room.is_encrypted
        assert not await rooms.is_network_room(tx, PUBLIC)
        assert PUBLIC not in {one.room for one in await rooms.network_rooms(tx)}
        assert PUBLIC not in {one.room for one in await rooms.readable_rooms(tx)}


async def test_nothing_that_happens_there_is_heard_or_kept(talk: Talk) -> None:
    await talk.moves("eva", Membership.JOIN, PUBLIC)
    await talk.says("eva", "!ayuda", room=PUBLIC, trust=Trust.PLAIN)
    await talk.says("ana", "!haz charla", room=PUBLIC, trust=Trust.SIGNED)
    await talk.says("bea", "me están siguiendo, ayuda", room=PUBLIC, trust=Trust.PLAIN)
    await talk.hears_nothing()
    async with talk.machine.db.reading() as tx:
        assert await rooms.members(tx, PUBLIC) == []
        assert await rooms.shared_rooms(tx, user_id("eva")) == []
        assert user_id("eva") not in await rooms.present_people(tx)


@pytest.mark.parametrize("what", ["charla", "poder"])
async def test_nothing_else_is_ever_posted_or_changed_there(talk: Talk, what: str) -> None:
    await talk.says("ana", f"!haz {what}")
    for post in await talk.sent():
        assert post.room != PUBLIC
    assert (PUBLIC, "m.room.name", "") not in talk.gateway.state


async def test_what_is_for_it_goes_to_no_other_room(talk: Talk) -> None:
    await talk.says("ana", "!haz perdida")
    assert [post for post in await talk.sent() if WORDS.plain in post.plain] == []
    await talk.wait(timedelta(seconds=1))
    assert seen[-1]["code"] == "M_FORBIDDEN"


async def test_a_post_is_taken_away(talk: Talk) -> None:
    await talk.says("ana", "!haz nota")
    (post,) = await talk.said(PUBLIC)
    assert post.plain == WORDS.plain and post.content["msgtype"] == "m.text"
    await talk.wait(timedelta(seconds=1))
    assert seen[-1]["event"] == post.event
    await talk.says("ana", f"!haz {post.event}")
    gone = [p.content["redacts"] for p in await talk.sent() if p.kind == "redact"]
    assert gone == [post.event]


async def test_it_is_closed_to_newcomers_and_can_be_opened_again(talk: Talk) -> None:
    await talk.says("ana", "!haz fin")
    await talk.sent()
    rules = PUBLIC, "m.room.join_rules", ""
    assert talk.gateway.state[rules] == {"join_rule": "invite"}
    await talk.says("ana", "!haz sala")
    await talk.sent()
    assert talk.gateway.state[rules] == {"join_rule": "public"}


async def test_what_waits_for_it_is_dropped_when_the_bot_is_out_of_it(talk: Talk) -> None:
    talk.gateway.broken = True
    await talk.says("ana", "!haz nota")
    out = MembershipChanged(
        PUBLIC,
        EventId("$out"),
        user_id("root"),
        talk.clock.at,
        BOT,
        Membership.LEAVE,
        Membership.JOIN,
    )
    await talk.happens(out)
    talk.gateway.broken = False
    assert not re.search("Se decidió", str([post.content for post in await talk.sent()]))
