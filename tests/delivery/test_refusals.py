"""What the homeserver refuses for good is told to who asked for it, once and with the next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Answer, CommandPlace, Context, Feature, Invite, Topic, verbatim, words
from bot.capability.context import Origin
from bot.capability.feature import Handler
from bot.delivery.effects import Redact, Say, StartPoll
from bot.delivery.outbox import Outbox
from bot.gateway import Refused, TryLater
from bot.run.duties.bot_membership import JOINS_ARRIVE
from bot.testing.fake_gateway import BOT, FakeGateway
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, RoomId, UserId
from storage.membership import room_state
from tests.real.capabilities.effects import feature as effects

TOPIC = Topic("asks", words("pide", "pede", "asks"), verbatim("Asks"))
OTHER = RoomId("!other:test")
asks = Feature("asks", Path(__file__).parent / "nothing-more")


def command(name: str, where: CommandPlace = CommandPlace.ANYWHERE) -> Callable[[Handler], Handler]:
    return asks.command(
        words(name, name, name),
        help=verbatim(name),
        example=verbatim(f"`!{name}`"),
        topic=TOPIC,
        where=where,
    )


@command("team")
async def team(_ctx: Context) -> Answer:
    return [verbatim("Ya voy."), Invite(user_id("eva")), Invite(user_id("luz"))]


@command("elsewhere")
async def elsewhere(ctx: Context) -> Answer:
    number = await ctx.add_item("poll", "?", OTHER)
    poll = StartPoll("?", (("a", "A"), ("b", "B")), number, "poll", room=OTHER)
    return [Invite(user_id("eva"), OTHER), poll]


@command("poll")
async def poll_elsewhere(ctx: Context) -> Answer:
    number = await ctx.add_item("poll", "?", OTHER)
    return StartPoll("?", (("a", "A"), ("b", "B")), number, "poll", room=OTHER)


@command("whisper")
async def whisper(ctx: Context) -> Answer:
    return Say((verbatim("En confianza."),), to=ctx.who)


@command("hush", CommandPlace.PRIVATE)
async def hush(_ctx: Context) -> Answer:
    return [verbatim("Entre dos."), Invite(user_id("eva"))]


@command("gone")
async def gone(ctx: Context) -> Answer:
    return Redact(ctx.origin.reply_to or EventId("$none"))


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [effects, asks]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Kinds of effects that the homeserver refuses, each with the code it gives."""
    codes: dict[str, str] = {}

    def refusing(name: str) -> None:
        done = getattr(FakeGateway, name)

        async def act(self: FakeGateway, *args: object, **more: object) -> object:
            if name in codes:
                raise Refused(codes[name])
            return await done(self, *args, **more)

        monkeypatch.setattr(FakeGateway, name, act)

    for name in ("invite", "remove", "redact", "set_state", "join", "upload"):
        refusing(name)
    return codes


async def powerless(talk: Talk, room: RoomId = ROOM, *, language: str = "es") -> None:
    """The bot has no power in the room."""
    invite = {"invite": 50, "events_default": 50 if room == OTHER else 0}
    levels = {"users": {user_id("ana"): 50}} | invite
    event = {"type": "m.room.power_levels", "state_key": "", "content": levels, "sender": BOT}
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, room, [event], whole=False)
    await talk.set("language", language, room)


@pytest.mark.parametrize(
    ("kind", "line", "told"),
    [
        ("invite", "!effect invite @eva:test", "No pude invitar a eva (@eva:test): no tengo"),
        ("remove", "!effect kick @bea:test", "No pude sacar a Bea (@bea:test): no tengo"),
        ("remove", "!effect ban @bea:test", "No pude sacar a Bea (@bea:test): no tengo"),
        ("remove", "!effect unban @eva:test", "No pude permitir que eva (@eva:test) vuelva"),
        ("set_state", "!effect state", "No pude cambiar los ajustes de la sala: no tengo"),
        ("redact", "!gone", "No pude borrar ese mensaje: no tengo permiso para eso aquí."),
    ],
)
async def test_who_asked_is_told_that_the_bot_lacks_the_right(
    talk: Talk, refused: dict[str, str], kind: str, line: str, told: str
) -> None:
    await powerless(talk)
    refused[kind] = "M_FORBIDDEN"
    asked = await talk.says("ana", line, reply=EventId("$theirs") if line == "!gone" else None)
    [post] = await talk.hears(told)
    assert "permiso para eso aquí.\nLa moderación puede dármelo" in post.plain
    assert post.content["m.relates_to"] == {"m.in_reply_to": {"event_id": asked}}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("pt", "Não consegui convidar eva (@eva:test): não tenho permissão para isso aqui."),
        ("en", "I could not invite eva (@eva:test): I don't have the right to do that here."),
    ],
)
async def test_it_is_told_in_the_language_of_the_room(
    talk: Talk, refused: dict[str, str], language: str, told: str
) -> None:
    await powerless(talk, language=language)
    refused["invite"] = "M_FORBIDDEN"
    await talk.says("ana", "!effect invite @eva:test")
    await talk.hears(told)


async def test_it_is_told_once_for_each_command(talk: Talk, refused: dict[str, str]) -> None:
    await powerless(talk)
    refused["invite"] = "M_FORBIDDEN"
    await talk.says("ana", "!team")
    await talk.hears("Ya voy.", "No pude invitar a eva")
    await talk.restart()
    await talk.says("ana", "!team")
    await talk.hears("Ya voy.", "No pude invitar a eva")


async def test_what_another_reason_stops_blames_no_right(
    talk: Talk, refused: dict[str, str]
) -> None:
    """The bot has the power here: the person is banned, perhaps."""
    refused["invite"] = "M_FORBIDDEN"
    await talk.says("ana", "!effect invite @eva:test")
    await talk.hears("No pude invitar a eva (@eva:test): el servidor no lo aceptó.")


async def test_whose_app_takes_no_invitations_is_said(talk: Talk, refused: dict[str, str]) -> None:
    refused["invite"] = "M_INVITE_BLOCKED"
    await talk.says("ana", "!effect invite @eva:test")
    [post] = await talk.hears("No pude invitar a eva (@eva:test): su aplicación no recibe")
    assert "Las puede permitir en los ajustes de su aplicación." in post.plain


async def test_what_is_said_in_private_waits_for_who_takes_no_invitations(talk: Talk) -> None:
    """It is not lost: it reaches them in the room to which they invite the bot."""
    talk.gateway.uninvitable = {user_id("bea"): "M_INVITE_BLOCKED"}
    await talk.says("bea", "!whisper")
    assert [post.plain for post in await talk.said()] == []
    opened = await talk.room(RoomId("!suya:test"), "", ["bea"])
    await talk.moves("minga", Membership.JOIN, opened, by="bea")
    await talk.hears("En confianza.", "Esta es nuestra sala privada")


async def test_who_stands_as_high_as_the_bot_is_not_its_to_remove(
    talk: Talk, refused: dict[str, str]
) -> None:
    refused["remove"] = "M_FORBIDDEN"
    await talk.says("ana", "!effect kick @ana:test")
    await talk.hears("No pude sacar a Ana (@ana:test): no tengo permiso para eso aquí.")


async def test_another_room_is_named(talk: Talk, refused: dict[str, str]) -> None:
    await talk.room(OTHER, "Prensa", ["ana"])
    await powerless(talk, OTHER)
    refused["invite"] = "M_FORBIDDEN"
    await talk.says("ana", "!elsewhere")
    await talk.hears("No pude invitar a eva (@eva:test): no tengo permiso para eso en “Prensa”.")


async def test_what_may_not_be_said_in_another_room_is_told_here(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.room(OTHER, "Prensa", ["ana"])
    await powerless(talk, OTHER)
    send = FakeGateway.send

    async def mute(self: FakeGateway, room: RoomId, *args: object, **more: object) -> EventId:
        if room == OTHER:
            raise Refused("M_FORBIDDEN")
        return await send(self, room, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeGateway, "send", mute)
    await talk.tells("ana", "poll")
    [post] = await talk.hears("No pude publicar lo que pediste: no tengo permiso")
    assert post.room == await talk.private("ana")


async def test_a_file_that_is_too_large_for_the_server_is_told(
    talk: Talk, refused: dict[str, str]
) -> None:
    refused["upload"] = "M_TOO_LARGE"
    await talk.says("ana", "!effect file")
    [post] = await talk.hears("No pude enviar el archivo acta nº 1.txt: el servidor no recibe nada")
    assert "Pide menos de una vez" in post.plain


async def test_what_was_asked_in_confidence_is_told_in_confidence(
    talk: Talk, refused: dict[str, str]
) -> None:
    refused["invite"] = "M_FORBIDDEN"
    await talk.says("ana", "!hush")
    heard = await talk.said()
    assert {post.room for post in heard} == {await talk.private("ana")}
    plain = sorted(post.plain.splitlines()[0] for post in heard)
    assert plain == ["Entre dos.", "No pude invitar a eva (@eva:test): el servidor no lo aceptó."]


async def test_what_the_bot_tries_on_its_own_is_nobodys_news(
    talk: Talk, refused: dict[str, str]
) -> None:
    """It takes a line for private out of the room, where it may."""
    refused["redact"] = "M_FORBIDDEN"
    await talk.says("ana", "!hush")
    await talk.hears("Entre dos.")


async def test_who_invites_the_bot_in_vain_is_told_in_private(
    talk: Talk, refused: dict[str, str]
) -> None:
    refused["join"] = "M_FORBIDDEN"
    private = await talk.private("ana")
    await talk.invites("ana", OTHER)
    outbox = tireless(talk)
    await outbox.deliver_pending()
    [post] = await talk.hears("No pude entrar en la sala a la que me invitaste: no me dejaron")
    assert post.room == private
    assert "invítame otra vez" in post.plain


async def test_who_is_let_in_only_later_is_told_too(talk: Talk, refused: dict[str, str]) -> None:
    refused["join"] = "M_FORBIDDEN"
    await talk.invites("zoe", OTHER)
    await talk.moves("zoe", Membership.JOIN)
    await talk.wait(JOINS_ARRIVE)
    await tireless(talk).deliver_pending()
    [post] = await talk.hears("No pude entrar en la sala a la que me invitaste: no me dejaron")
    assert post.room == await talk.private("zoe")


async def test_a_server_that_stays_silent_is_told_too(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dead(*_: object) -> None:
        raise TryLater("http_504")

    monkeypatch.setattr(FakeGateway, "invite", dead)
    await talk.says("ana", "!effect invite @eva:test")
    await tireless(talk).deliver_pending()
    [post] = await talk.hears("No pude invitar a eva (@eva:test): el otro servidor no responde.")
    assert "más tarde" in post.plain


async def test_what_nobody_asked_for_is_told_to_nobody(talk: Talk, refused: dict[str, str]) -> None:
    refused["invite"] = "M_FORBIDDEN"
    async with talk.machine.db.transaction() as tx:
        await talk.machine.env.answers.write_answer(
            tx, Invite(UserId("@eva:test")), Origin(ROOM), talk.clock.at
        )
    await talk.hears_nothing()


def tireless(talk: Talk) -> Outbox:
    """An outbox whose waiting moves the clock."""

    async def sleep(seconds: float) -> None:
        talk.clock.at += timedelta(seconds=seconds)

    machine = talk.machine
    return Outbox(machine.db, talk.gateway, talk.clock, machine.env.answers, sleep)
