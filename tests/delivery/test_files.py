"""A command reads the file that came with it: whole and within its cap, or the person is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.api import Answer, Context, Feature, Topic, UserError, verbatim, words
from bot.capability import prefetch
from bot.gateway import SignedOut, TryLater
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import Talk
from bot.types import EventId, Media, RoomId

CAP = 2_000_000
TOPIC = Topic("files", words("archivos", "arquivos", "files"), verbatim("Files"))
reads = Feature("reads", Path(__file__).parent / "nothing-more")
runs: list[str] = []


@reads.command(
    words("lee", "leia", "read"),
    help=verbatim("read a file"),
    example=verbatim("`!read`"),
    topic=TOPIC,
)
async def read(ctx: Context, *, text: str = "") -> Answer:
    """With `text`, it asks something between the message and its file."""
    number = await ctx.add_item("file", "a file")
    runs.append(f"{number}")
    if text:
        ctx.confirm()
    return verbatim(f"{number}: {ctx.attached_file(CAP).decode()}")


@reads.command(
    words("letras", "letras", "letters"),
    help=verbatim("count the letters of a file"),
    example=verbatim("`!count`"),
    topic=TOPIC,
)
async def letters(ctx: Context) -> Answer:
    """Read elsewhere than in the loop."""
    return verbatim(f"letters: {ctx.attached_file(CAP, counted)}")


def counted(data: bytes) -> int:
    runs.append(threading.current_thread().name)
    if not data:
        raise UserError(verbatim("an empty file"))
    return len(data)


@pytest.fixture
def capabilities() -> Sequence[Feature]:
    return [reads]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    runs.clear()
    return talk


async def sent(talk: Talk, data: bytes, *, said: int | None = None, text: str = "!lee") -> None:
    """A file with a command as its caption; `said` is the size that its sender tells."""
    uploaded = await talk.gateway.upload(data, "text/plain")
    size = len(data) if said is None else said
    url = str(uploaded.file["url"])
    media = Media(url, "acta.txt", "text/plain", size, uploaded.file)
    await talk.says("bea", text, media=media)


async def test_the_file_is_read_and_what_was_done_before_is_done_once(talk: Talk) -> None:
    await sent(talk, b"Acuerdos")
    await talk.hears("1: Acuerdos")
    assert runs == ["1", "1"]


async def test_what_takes_long_is_read_beside_the_loop_and_its_refusal_is_told(talk: Talk) -> None:
    await sent(talk, b"Acuerdos", text="!letras")
    await talk.hears("letters: 8")
    await sent(talk, b"", text="!letras")
    await talk.hears("an empty file")
    assert threading.main_thread().name not in runs


async def test_a_question_may_stand_before_the_file(talk: Talk) -> None:
    await sent(talk, b"Acuerdos", text="!lee y pregunta")
    await talk.hears("sí")
    await talk.restart()
    await talk.says("bea", "sí")
    await talk.hears("1: Acuerdos")


@pytest.mark.parametrize("said", [CAP + 1, 5])
async def test_what_is_too_large_is_said_with_the_limit(talk: Talk, said: int) -> None:
    await sent(talk, bytes(CAP + 1), said=said)
    await talk.hears("demasiado grande para mí: recibo hasta 2 MB")
    assert runs == ["1", "1"]


async def test_the_size_that_is_told_is_enough_to_refuse(talk: Talk) -> None:
    await sent(talk, b"", said=CAP + 1)
    await talk.hears("demasiado grande")


async def test_without_a_file_the_person_is_told_how(talk: Talk) -> None:
    await talk.says("bea", "!lee")
    [post] = await talk.hears("no hay ningún archivo")
    assert "o responde al archivo con el comando" in post.plain


async def test_what_a_server_could_have_changed_is_not_read(talk: Talk) -> None:
    """In an encrypted room; a room that is not has nothing to lose."""
    url = str((await talk.gateway.upload(b"Acuerdos", "text/plain")).file["url"])
    media = Media(url, "acta.txt", "text/plain", 8, None)
    await talk.says("bea", "!lee", media=media)
    await talk.hears("sin cifrar")
    plain = await talk.room(RoomId("!plain:test"), "Plaza", ["bea"], encrypted=False)
    await talk.says("bea", "!lee", media=media, room=plain)
    await talk.hears("1: Acuerdos")


async def test_a_file_that_is_gone_is_told(talk: Talk) -> None:
    await sent(talk, b"Acuerdos", said=0)
    await talk.hears("Acuerdos")
    await talk.says("bea", "!lee", media=Media("mxc://test/gone", "x", "", 1, {}))
    await talk.hears("No puedo abrir")


@pytest.mark.parametrize("error", [TryLater("http_502"), SignedOut("M_UNKNOWN_TOKEN")])
async def test_a_file_that_does_not_come_is_told(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def away(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(FakeGateway, "download", away)
    await sent(talk, b"Acuerdos")
    await talk.hears("Ahora no logro traer")


async def test_a_file_that_is_held_back_holds_nobody_up(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is awaited others are answered; after a while it is given up."""
    asked = asyncio.Event()

    async def held(*_: object) -> bytes:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(FakeGateway, "download", held)
    monkeypatch.setattr(prefetch, "PATIENCE", 0.5)
    waiting = asyncio.create_task(sent(talk, b"Acuerdos"))
    await asked.wait()
    await talk.tells("carla", "lee")
    await talk.hears("no hay ningún archivo")
    await waiting
    await talk.hears("Ahora no logro traer")


# --- what is replied to ---------------------------------------------------------------------------

UNREAD = "No puedo leer ese mensaje: se envió antes de que yo llegara, o sin su clave."


@reads.command(
    words("repite", "repete", "repeat"),
    help=verbatim("repeat what is replied to"),
    example=verbatim("`!repeat`"),
    topic=TOPIC,
)
async def repeat(ctx: Context) -> Answer:
    runs.append("repeat")
    said = ctx.replied_message()
    return verbatim(f"{said.sender}: {said.text}" if said else "nada")


@reads.command(
    words("cuenta", "conta", "count"),
    help=verbatim("a poll of theirs"),
    example=verbatim("`!count`"),
    topic=TOPIC,
)
async def count(ctx: Context) -> Answer:
    poll = ctx.member_poll(ctx.origin.reply_to or EventId("$none"))
    return verbatim(f"{poll.question}: {[vote.answers for vote in poll.votes]}" if poll else "nada")


async def test_the_file_of_the_message_replied_to_is_read(talk: Talk) -> None:
    await sent(talk, b"Acuerdos", text="El acta")
    said = next(reversed(talk.gateway.said))
    await talk.says("ana", "!lee", reply=said)
    await talk.hears("1: Acuerdos")
    assert runs == ["1", "1", "1"]  # for the message, for its file, and done


async def test_a_file_of_ones_own_comes_first(talk: Talk) -> None:
    await sent(talk, b"De antes", text="El acta")
    said = next(reversed(talk.gateway.said))
    uploaded = await talk.gateway.upload(b"De ahora", "text/plain")
    media = Media(str(uploaded.file["url"]), "acta.txt", "text/plain", 8, uploaded.file)
    await talk.says("ana", "!lee", reply=said, media=media)
    await talk.hears("1: De ahora")


async def test_a_reply_to_what_holds_no_file_is_told_how(talk: Talk) -> None:
    said = await talk.says("bea", "Sin archivo")
    for reply in (said, EventId("$gone")):
        await talk.says("ana", "!lee", reply=reply)
        await talk.hears("no hay ningún archivo")


async def test_the_message_replied_to_is_read(talk: Talk) -> None:
    said = await talk.says("bea", "Nos vemos a las seis")
    await talk.says("ana", "!repite", reply=said)
    await talk.hears("@bea:test: Nos vemos a las seis")
    assert runs == ["repeat", "repeat"]
    await talk.says("ana", "!repite")
    await talk.hears("nada")


async def test_what_cannot_be_read_or_stands_elsewhere_is_told(talk: Talk) -> None:
    other = await talk.room(RoomId("!other:test"), "Prensa", ["ana"])
    secret = await talk.says("ana", "Solo para la prensa", room=other)
    poll = talk.polls("ana", "¿Cine?", "Sí")
    for reply in (secret, poll, EventId("$gone")):
        await talk.says("bea", "!repite", reply=reply)
        await talk.hears(UNREAD)


async def test_a_poll_of_a_member_is_read_with_its_votes(talk: Talk) -> None:
    poll = talk.polls("ana", "¿Cine?", "Sí", "No")
    await talk.votes("bea", poll, ("1",))
    await talk.says("ana", "!cuenta", reply=poll)
    await talk.hears("¿Cine?: [('1',)]")


async def test_what_is_no_poll_is_none(talk: Talk) -> None:
    said = await talk.says("bea", "¿Cine?")
    other = await talk.room(RoomId("!other:test"), "Prensa", ["ana"])
    for reply in (said, EventId("$gone"), talk.polls("ana", "¿Cine?", "Sí", room=other)):
        await talk.says("ana", "!cuenta", reply=reply)
        await talk.hears("nada")


@pytest.mark.parametrize(("line", "asks"), [("!repite", "message"), ("!cuenta", "poll")])
async def test_a_server_that_is_away_is_told(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, line: str, asks: str
) -> None:
    async def away(*_: object) -> None:
        raise TryLater("http_502")

    monkeypatch.setattr(FakeGateway, asks, away)
    await talk.says("ana", line, reply=EventId("$theirs"))
    await talk.hears("Ahora no logro consultarlo.")
