"""Attacks of a fresh eye on what was mended, each as somebody would try it."""

from __future__ import annotations

import pytest

from bot.testing import ROOM, Talk
from bot.types import Membership, RoomId
from storage import rooms
from tests.test_moving import NEW, upgraded

SECRET = "CASA SEGURA"
OTHER = RoomId("!otra:test")


# --- rooms that were upgraded -------------------------------------------------------------------


async def _tried(talk: Talk, *lines: str) -> None:
    """Whoever is out reads nothing of it in private, and nothing is said in the rooms."""
    for line in lines:
        await talk.tells("bea", line)
        for post in await talk.sent():
            assert post.room not in (ROOM, NEW), line
            assert SECRET not in post.plain, line


@pytest.mark.parametrize("how", ["removed", "banned", "unbanned", "left", "a day later"])
async def test_who_is_put_out_of_the_new_room_is_not_in_it_by_the_old_one(
    talk: Talk, how: str
) -> None:
    """People stay joined to the room before; nobody takes them out of that one too."""
    await talk.room(OTHER, "Otra", ["bea", "carla"])
    await talk.says("bea", "!evento Taller en 3 días 19h lugar: Casa")
    await talk.sent()
    await upgraded(talk)
    by = "bea" if how == "left" else "ana"
    out = Membership.BAN if how in ("banned", "unbanned") else Membership.LEAVE
    await talk.moves("bea", out, NEW, by=by)
    if how == "unbanned":
        await talk.moves("bea", Membership.LEAVE, NEW, by="ana")
    if how == "a day later":
        async with talk.machine.db.transaction() as tx:
            await rooms.drop_gone(tx)
    await talk.says("ana", f"!cambiar 1 lugar: {SECRET}", room=NEW)
    assert SECRET in "\n".join(post.plain for post in await talk.said())
    await _tried(talk, "evento 1", "asistentes 1", "buscar casa", "eventos", "eventos-archivo 1",
                 "cambiar 1 lugar: calle falsa", "mover 1 en 6 días 20h", "voy 1")  # fmt: skip


async def test_who_has_not_come_to_the_new_room_yet_is_still_of_it(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["bea", "carla"])
    await talk.says("bea", "!evento Taller en 3 días 19h lugar: Casa")
    await talk.sent()
    await upgraded(talk)
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM member WHERE room = ? AND person = '@bea:test'", NEW)
        await rooms.drop_gone(tx)
    await talk.tells("bea", "cambiar 1 lugar: Casa Azul")
    assert "Casa Azul" in "\n".join(post.plain for post in await talk.said())
