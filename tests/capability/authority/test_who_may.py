"""Each question of permission: who is there, silenced, gone, put out or stands above."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.api import Context, EventId, Feature, Membership, Topic, UserError, UserId, verbatim, words
from bot.capability.authority import permission
from bot.capability.authority.access import ItemAccess
from bot.capability.services import MODERATORS
from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from bot.types import MembershipChanged, Number, RoomId
from storage import rooms
from storage.items import Item

Question = Callable[[Context], Awaitable[object]]
OLD, NEW, ELSEWHERE = RoomId("!old:test"), RoomId("!new:test"), RoomId("!elsewhere:test")
ANA, BEA, CARLA = (user_id(name) for name in ("ana", "bea", "carla"))
about = verbatim("for the test")
topic = Topic("probe", words("sondas", "sondas-pt", "probes"), about)


class Probe:
    """A capability whose command answers what the test asks, and whose role moderates."""

    def __init__(self, folder: Path) -> None:
        self.feature = Feature("probe", folder / "nothing-more", personal_kinds={"note"})
        self.question: Question | None = None
        self.found: object = None
        self.by_role: list[UserId] = []
        named = words("pregunta", "pergunta", "asks")

        @self.feature.command(named, help=about, example=about, topic=topic)
        async def asks(ctx: Context) -> None:
            assert self.question is not None
            self.found = await self.question(ctx)

        @self.feature.offers(MODERATORS)
        async def moderators(_ctx: Context, _room: RoomId) -> list[UserId]:
            return self.by_role


@pytest.fixture
def probe(tmp_path: Path) -> Probe:
    return Probe(tmp_path)


@pytest.fixture
def capabilities(probe: Probe) -> Sequence[Feature]:
    return [probe.feature]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Ana moderates; Bea and Carla are there; Eva never was."""
    await talk.room(ELSEWHERE, "Otra", ["ana", "bea", "carla"], {"ana": 50})
    return talk


Asks = Callable[..., Awaitable[object]]


@pytest.fixture
def asks(talk: Talk, probe: Probe) -> Asks:
    """Ask as somebody, from a device that counts everywhere, with a command or in a job."""

    async def asks(
        question: Question,
        who: UserId = BEA,
        *,
        trusted: bool = True,
        job: bool = False,
        does: ItemAccess = ItemAccess.READS,
    ) -> object:
        async def asked(ctx: Context) -> object:
            ctx.who, ctx.is_trusted, ctx.does = who, trusted, does
            ctx.resume_point = None if job else ctx.resume_point
            try:
                return await question(ctx)
            except UserError as refusal:
                return f"refused: {refusal.lines[0].in_english()}"

        probe.question, probe.found = asked, None
        await talk.says("ana", "!pregunta")
        return probe.found

    return asks


async def power(talk: Talk, room: RoomId = ROOM, usual: int = 0, **levels: int) -> None:
    users = {user_id(name): level for name, level in levels.items()} | {talk.gateway.me: 100}
    await talk.state(room, "m.room.power_levels", {"users": users, "users_default": usual})


async def replaced(talk: Talk, *, both: bool = True) -> None:
    """`NEW` says that it replaced `OLD`, and `OLD` says so too."""
    await talk.room(OLD, "Vieja", ["ana", "bea", "carla"], {"ana": 50, "carla": -1})
    await talk.room(NEW, "Nueva", ["ana"], {"ana": 50})
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", OLD, NEW)
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", NEW if both else None, OLD)


def thing(author: UserId = BEA, room: RoomId = ROOM, kind: str = "event") -> Item:
    return Item(Number(1), "probe", kind, room, author, "Taller", True, START_TIME.at)


# --- being there ----------------------------------------------------------------------------------


@pytest.mark.parametrize("now", Membership)
async def test_who_is_in_is_joined(talk: Talk, asks: Asks, now: Membership) -> None:
    await talk.moves("bea", now, by="ana")
    for question in (permission.is_in, permission.may_speak):
        found = await asks(lambda ctx, ask=question: ask(ctx, ROOM, BEA))
        assert found is (now is Membership.JOIN)


async def test_everybody_is_in_the_room_of_their_own(asks: Asks) -> None:
    for question in (permission.is_in, permission.may_speak):
        assert await asks(lambda ctx, ask=question: ask(ctx, RoomId(BEA), BEA)) is True
        assert await asks(lambda ctx, ask=question: ask(ctx, RoomId(BEA), CARLA)) is False


@pytest.mark.parametrize("both", [True, False])
async def test_who_has_not_come_along_is_still_in_if_both_rooms_say_that_they_are_one(
    talk: Talk, asks: Asks, both: bool
) -> None:
    await replaced(talk, both=both)
    assert await asks(lambda ctx: permission.is_in(ctx, NEW, BEA)) is both
    assert await asks(lambda ctx: permission.may_speak(ctx, NEW, BEA)) is both
    assert await asks(lambda ctx: permission.may_speak(ctx, NEW, CARLA)) is False, "silenced there"
    assert await asks(lambda ctx: permission.is_in(ctx, NEW, user_id("eva"))) is False
    await talk.moves("bea", Membership.LEAVE, NEW, by="ana")
    assert await asks(lambda ctx: permission.is_in(ctx, NEW, BEA)) is False, "put out of it"


@pytest.mark.parametrize(("level", "speaks"), [(-1, False), (0, True), (50, True)])
async def test_who_is_below_zero_is_silenced(
    talk: Talk, asks: Asks, level: int, speaks: bool
) -> None:
    await power(talk, bea=level)
    assert await asks(lambda ctx: permission.may_speak(ctx, ROOM, BEA)) is speaks


def change(talk: Talk, after: Membership) -> MembershipChanged:
    at = talk.clock.at
    return MembershipChanged(ROOM, EventId("$m"), BEA, at, BEA, after, Membership.JOIN)


@pytest.mark.parametrize("after", Membership)
async def test_who_has_left_is_gone_still(talk: Talk, asks: Asks, after: Membership) -> None:
    left = after in (Membership.LEAVE, Membership.BAN)
    await talk.moves("bea", after, by="ana")
    assert await asks(lambda ctx: permission.has_left(ctx, change(talk, after))) is left

    async def moved(ctx: Context) -> object:
        assert ctx.policy.room is not None
        ctx.policy = replace(ctx.policy, room=replace(ctx.policy.room, successor=NEW))
        return await permission.has_left(ctx, change(talk, after))

    assert await asks(moved) is False, "the room was replaced"
    await talk.moves("bea", Membership.JOIN)
    assert await asks(lambda ctx: permission.has_left(ctx, change(talk, after))) is False


# --- a voice --------------------------------------------------------------------------------------

SILENCED, BEYOND = "refused: You can't write in", "refused: That goes beyond this room"


async def test_who_is_silenced_has_the_bot_say_nothing_and_a_job_goes_on(
    talk: Talk, asks: Asks
) -> None:
    async def voice(ctx: Context) -> object:
        await permission.require_voice(ctx, ROOM)
        return None

    assert await asks(voice) is None
    await power(talk, bea=-1)
    assert str(await asks(voice)).startswith(SILENCED)
    assert await asks(voice, job=True) is None
    assert await asks(voice, user_id("eva")) is None, "others refuse who is not there"
    for does, heard in (
        (ItemAccess.READS, False),
        (ItemAccess.COUNTS, False),
        (ItemAccess.CHANGES, True),
        (ItemAccess.TAKES_BACK, True),
    ):
        found = await asks(lambda ctx: permission.require_voice_to_change(ctx, ROOM), does=does)
        assert str(found).startswith(SILENCED) is heard


async def test_a_device_that_counts_here_says_nothing_elsewhere(asks: Asks) -> None:
    for trusted in (True, False):
        for room in (ROOM, ELSEWHERE):
            ask = permission.require_voice
            found = await asks(lambda ctx, r=room, q=ask: q(ctx, r), trusted=trusted)
            assert str(found).startswith(BEYOND) is (not trusted and room == ELSEWHERE)


async def test_what_stays_in_the_room_of_a_device(asks: Asks) -> None:
    async def stays(ctx: Context, room: RoomId | None) -> object:
        return permission.stays_in_room(ctx, room)

    for room in (ROOM, ELSEWHERE, None):
        assert await asks(lambda ctx, r=room: stays(ctx, r)) is True
        here = room == ROOM
        found = await asks(lambda ctx, r=room: stays(ctx, r), trusted=False)
        assert found is True if here else str(found).startswith(BEYOND)
        assert await asks(lambda ctx, r=room: stays(ctx, r), trusted=False, job=True) is here


# --- things ---------------------------------------------------------------------------------------


async def test_who_sees_a_thing(talk: Talk, asks: Asks) -> None:
    async def sees(item: Item, who: UserId = BEA, *, trusted: bool = True) -> object:
        return await asks(lambda ctx: permission.may_see(ctx, item), who, trusted=trusted)

    assert await sees(thing(CARLA)) is True
    assert await sees(thing(), user_id("eva")) is False
    assert await sees(thing(), trusted=False) is True
    assert await sees(thing(room=ELSEWHERE), trusted=False) is False
    await talk.moves("bea", Membership.LEAVE, by="ana")
    assert await sees(thing()) is False, "who made it is put out"
    assert await sees(thing(kind="note")) is True, "it is between the bot and her"
    assert await sees(thing(CARLA, kind="note")) is False
    assert await sees(replace(thing(kind="note"), feature="gone")) is False


@pytest.mark.parametrize("does", ItemAccess)
async def test_who_changes_a_thing(talk: Talk, asks: Asks, does: ItemAccess) -> None:
    async def changes(item: Item, who: UserId, *, trusted: bool = True) -> object:
        ask = permission.may_change
        return await asks(lambda ctx: ask(ctx, item), who, trusted=trusted, does=does)

    assert await changes(thing(), BEA) is True
    assert await changes(thing(), CARLA) is False
    assert await changes(thing(), ANA) is True, "she moderates"
    assert await changes(thing(), BEA, trusted=False) is True
    assert await changes(thing(room=ELSEWHERE), BEA) is True
    assert await changes(thing(room=ELSEWHERE), BEA, trusted=False) is False
    await power(talk, ana=50, bea=-1)
    assert await changes(thing(), BEA) is False, "silenced"
    await power(talk, ana=50)
    await talk.moves("bea", Membership.LEAVE)
    assert await changes(thing(), BEA) is (does is ItemAccess.TAKES_BACK)
    assert await changes(thing(CARLA), BEA) is False
    await talk.moves("bea", Membership.BAN, by="ana")
    assert await changes(thing(), BEA) is False, "put out"


@pytest.mark.parametrize("does", ItemAccess)
async def test_whom_a_thing_exists_for(talk: Talk, asks: Asks, does: ItemAccess) -> None:
    async def reaches(item: Item, *, trusted: bool = True) -> object:
        return await asks(lambda ctx: permission.can_reach(ctx, item), trusted=trusted, does=does)

    assert await reaches(thing(CARLA)) is True
    await power(talk, ana=50, bea=-1)
    silent = does in (ItemAccess.CHANGES, ItemAccess.TAKES_BACK)
    assert str(await reaches(thing())).startswith(SILENCED) is silent
    await talk.moves("bea", Membership.LEAVE)
    takes_back = does is ItemAccess.TAKES_BACK
    votes = does is ItemAccess.VOTES  # she said it in the room, so she was there
    assert await reaches(thing()) is (takes_back or votes)
    assert await reaches(thing(CARLA)) is votes
    assert await reaches(thing(), trusted=False) is votes, "her device counts nowhere now"
    await talk.moves("bea", Membership.LEAVE, ELSEWHERE)
    assert await reaches(thing(room=ELSEWHERE)) is takes_back
    assert await reaches(thing(room=ELSEWHERE), trusted=False) is False
    await talk.moves("bea", Membership.BAN, by="ana")
    assert await reaches(thing()) is votes


# --- power ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "does"), [(-1, False), (0, False), (49, False), (50, True)])
async def test_who_moderates_by_power(talk: Talk, asks: Asks, level: int, does: bool) -> None:
    await power(talk, bea=level)
    assert await asks(lambda ctx: permission.moderates(ctx, ROOM, BEA)) is does
    await talk.moves("bea", Membership.LEAVE)
    assert await asks(lambda ctx: permission.moderates(ctx, ROOM, BEA)) is False


async def test_who_moderates_by_a_role(talk: Talk, asks: Asks, probe: Probe) -> None:
    probe.by_role = [BEA]
    assert await asks(lambda ctx: permission.moderates(ctx, ROOM, BEA)) is True
    assert await asks(lambda ctx: permission.moderates(ctx, ROOM, CARLA)) is False
    await power(talk, bea=-1)
    assert await asks(lambda ctx: permission.moderates(ctx, ROOM, BEA)) is False, "silenced"


async def test_the_moderators_are_those_who_are_there_and_never_the_bot(
    talk: Talk, asks: Asks, probe: Probe
) -> None:
    async def who(room: RoomId = ROOM) -> object:
        return await asks(lambda ctx: permission.moderators(ctx, room))

    assert await who() == [ANA]
    probe.by_role = [CARLA, user_id("eva")]
    assert await who() == [ANA, CARLA]
    probe.by_role = []
    await power(talk, usual=50, bea=0)
    assert await who() == [ANA, CARLA], "all but Bea, by the room's usual level"
    assert await who(RoomId("!nowhere:test")) == []


async def test_nobody_acts_through_the_bot_on_who_does_not_stand_lower(
    talk: Talk, asks: Asks, probe: Probe
) -> None:
    async def outranks(who: UserId, other: UserId, *, agreed: bool = False) -> object:
        async def question(ctx: Context) -> object:
            room = await rooms.get(ctx.db, ROOM)
            assert room is not None
            ctx.is_agreed = agreed
            found = await permission.outranks(ctx, room, other)
            try:
                await permission.require_rank(ctx, room, other)
            except UserError:
                assert found is False
            else:
                assert found is True
            return found

        return await asks(question, who)

    await power(talk, ana=60, bea=50, carla=0)
    assert await outranks(BEA, CARLA) is True, "Carla does not moderate"
    assert await outranks(ANA, BEA) is True
    assert await outranks(BEA, ANA) is False
    assert await outranks(BEA, ANA, agreed=True) is True
    assert await outranks(talk.gateway.me, ANA) is True
    assert await outranks(BEA, BEA) is True
    await power(talk, ana=50, bea=50, carla=0)
    assert await outranks(BEA, ANA) is False, "equals"
    probe.by_role = [CARLA, BEA]
    assert await outranks(BEA, CARLA) is True, "a role gives no power"
    await power(talk, bea=0, carla=0)
    assert await outranks(BEA, CARLA) is False, "equals by their role"
    probe.by_role = []
    await power(talk, ana=0, bea=50, eva=70)
    assert await outranks(BEA, user_id("eva")) is False, "who has power and is away is above"
