"""Whoever replaced a member's identity gets nothing of before and may do nothing in her name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import PostedEvent, Talk, find_number, user_id
from bot.types import DeviceVerified, EventId, NewIdentity, RoomId
from storage import identities
from storage.rows import people

FOR = "Luz"


async def replace(talk: Talk, name: str) -> None:
    event = EventId(f"$identity-{name}")
    await talk.happens(NewIdentity(RoomId(""), event, user_id(name), talk.clock.at, "new"))
    await talk.said()


async def voted(talk: Talk) -> int:
    """Bea, Carla and the others voted in secret; Bea for Luz."""
    await talk.room(
        RoomId("!voto:test"), "Voto", ["ana", "bea", "carla", "dora", "eva", "flor"], {"ana": 50}
    )
    await talk.says(
        "ana",
        "!encuesta ¿Quién coordina? Marta, Luz secreta hasta en 3 días",
        room=RoomId("!voto:test"),
    )
    number = find_number(next(p for p in await talk.said() if "Luz" in p.plain))
    await talk.tells("bea", f"votar {number} 2 piedra azul")
    assert FOR in "\n".join(p.plain for p in await talk.said())
    return number


async def counted(talk: Talk, number: int) -> tuple[object, ...]:
    """All that the ballot holds."""
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT sealed FROM ballot_secrecy_vote WHERE number = ?", number)
        log = await tx.all("SELECT kind, what FROM ballot_secrecy_log WHERE number = ?", number)
    return [bytes(row["sealed"]) for row in rows], [tuple(row) for row in log]


def texts(posts: list[PostedEvent]) -> str:
    return "\n".join(str(post.content) for post in posts)


@pytest.mark.parametrize(
    "line",
    ["votar {n}", "votar {n} comprobante", "votar {n} 1 otra cosa", "mis-datos", "votar {n} nada"],
)
async def test_the_impostor_neither_reads_nor_changes_the_secret_vote(
    talk: Talk, line: str
) -> None:
    number = await voted(talk)
    before = await counted(talk, number)
    await replace(talk, "bea")
    await talk.tells("bea", line.format(n=number))
    said = texts(await talk.sent())
    for secret in (FOR, "piedra azul", "!private", "trackers"):
        assert secret not in said
    assert await counted(talk, number) == before


async def test_not_even_when_somebody_confirmed_the_new_identity(talk: Talk) -> None:
    number = await voted(talk)
    before = await counted(talk, number)
    await replace(talk, "bea")
    await talk.says("carla", "!confirmar @bea", room=RoomId("!voto:test"))
    await talk.sent()
    for line in ("votar {n}", "votar {n} comprobante", "votar {n} 1 otra cosa"):
        await talk.tells("bea", line.format(n=number))
        said = texts(await talk.sent())
        assert "cuenta como se dio" in said
        assert "piedra azul" not in said
    files = len(talk.gateway.files)
    await talk.tells("bea", "mis-datos")
    said = texts(await talk.sent())
    said += b"".join([*talk.gateway.files.values()][files:]).decode()
    assert FOR not in said
    assert await counted(talk, number) == before


async def test_a_vote_after_it_is_shown_and_changed_as_ever(talk: Talk) -> None:
    number = await voted(talk)
    await replace(talk, "carla")
    await talk.says("ana", "!confirmar @carla")
    await talk.wait(timedelta(minutes=1))
    await talk.sent()
    await talk.tells("carla", f"votar {number} 1 sol")
    assert "Marta" in texts(await talk.sent())
    await talk.tells("carla", f"votar {number}")
    assert "Marta" in texts(await talk.sent())
    await talk.tells("carla", f"votar {number} 2 mar")
    assert FOR in texts(await talk.sent())


async def test_a_moderator_of_the_network_in_doubt_makes_no_code_and_no_wish(talk: Talk) -> None:
    await replace(talk, "ana")
    for line in ("autodestruir codigo", "sí", "autodestruir", "sí"):
        await talk.tells("ana", line)
    assert "código" not in texts(await talk.sent()).lower()
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM danger_wish") == []


async def test_what_moderates_is_done_by_nobody_in_doubt(talk: Talk) -> None:
    await replace(talk, "ana")
    await talk.says("ana", "!configurar idioma en")
    await talk.says("ana", "sí")
    await talk.sent()
    assert "Aquí estoy" in await talk.answer("carla", "!estado")


async def test_the_help_room_ends_when_the_identity_counts(talk: Talk) -> None:
    await replace(talk, "bea")
    await talk.says("bea", "!estado")
    (room,) = {post.room for post in await talk.sent() if "en persona" in post.plain} - {
        RoomId("!sala:test")
    }
    await talk.says("bea", "hola", room=room)  # even from a device that was signed before
    assert room not in talk.gateway.left
    await talk.says("carla", "!confirmar @bea")
    await talk.sent()
    await talk.happens(DeviceVerified(RoomId(""), EventId("$c"), user_id("bea"), talk.clock.at))
    await talk.sent()
    assert room in talk.gateway.left


async def test_the_doctor_counts_them_and_names_nobody(talk: Talk, tmp_path: Path) -> None:
    from bot.operate.doctor.data_folder import _identities, _waiting_since

    await replace(talk, "bea")
    (finding,) = _identities(await _waiting_since(talk.machine.db))
    assert "1 people" not in str(finding)
    assert "bea" not in str(finding)


async def test_to_be_forgotten_takes_no_doubt_away(talk: Talk) -> None:
    await replace(talk, "bea")
    async with talk.machine.db.transaction() as tx:
        await people.forget_person(tx, user_id("bea"))
        assert await identities.waiting_identity(tx, user_id("bea")) is not None
        await identities.confirm(tx, user_id("bea"), talk.clock.at)
        await people.forget_person(tx, user_id("bea"))
        assert await identities.since(tx, user_id("bea")) is None
