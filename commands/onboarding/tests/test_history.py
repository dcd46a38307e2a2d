"""What was said before: who is given it by an invitation, and what they are told of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.delivery.outbox import Outbox
from bot.gateway import TryLater
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId, UserId

DORA = UserId("@dora:lejos.org")
DESK = RoomId("!mesa:test")
HISTORY = "m.room.history_visibility"


async def turn_on(talk: Talk, visibility: str = "shared", room: RoomId = ROOM) -> str:
    """Set the room's visibility and give its history to who is invited. Return the preview."""
    await talk.state(room, HISTORY, {"history_visibility": visibility})
    shown = await talk.answer("ana", "!configurar historia-al-entrar sí", room=room)
    await talk.answer("ana", "sí", room=room)
    return shown


async def reasons(talk: Talk) -> list[str]:
    """Return the reasons that stand in the invitations."""
    return [str(p.content["reason"]) for p in talk.gateway.posted.values() if p.kind == "invite"]


async def test_by_itself_nothing_is_given(talk: Talk) -> None:
    await talk.state(ROOM, HISTORY, {"history_visibility": "shared"})
    await talk.answer("ana", f"!invitar {DORA}")
    assert talk.gateway.histories == []
    assert await reasons(talk) == ["No puedes leer lo que se dijo aquí antes de tu llegada."]


@pytest.mark.parametrize("visibility", ["shared", "world_readable"])
async def test_where_it_is_on_the_keys_go_before_the_invitation(
    talk: Talk, visibility: str
) -> None:
    shown = await turn_on(talk, visibility)
    assert "historia-al-entrar: antes, no → después, sí." in shown
    assert "los últimos 14 días" in shown
    await talk.answer("ana", f"!invitar {DORA}")
    # Whoever is invited already gets nothing, so it went first.
    assert talk.gateway.histories == [(ROOM, DORA)]
    assert await reasons(talk) == ["Puedes leer lo que se dijo aquí en los últimos 14 días."]


@pytest.mark.parametrize("visibility", ["joined", "invited", "algo", ""])
async def test_a_room_that_keeps_its_history_gives_nothing(talk: Talk, visibility: str) -> None:
    shown = await turn_on(talk, visibility)
    assert "Aún sin efecto" in shown
    await talk.answer("ana", f"!invitar {DORA}")
    assert talk.gateway.histories == []
    assert await reasons(talk) == ["No puedes leer lo que se dijo aquí antes de tu llegada."]


async def test_without_any_word_of_the_server_nothing_is_given(talk: Talk) -> None:
    """The spec's default is `shared`; here it does not count (MSC3061)."""
    assert "Aún sin efecto" in await talk.answer("ana", "!configurar historia-al-entrar sí")
    await talk.answer("ana", "sí")
    await talk.answer("ana", f"!invitar {DORA}")
    assert talk.gateway.histories == []


async def test_nobody_who_is_banned_gets_it(talk: Talk) -> None:
    await turn_on(talk)
    await talk.moves(str(DORA), Membership.BAN, by="ana")
    await talk.answer("ana", f"!invitar {DORA}")
    assert talk.gateway.histories == []
    assert await reasons(talk) == []


async def test_who_confirmed_no_device_is_invited_without_it(talk: Talk) -> None:
    await turn_on(talk)
    talk.gateway.unconfirmed.add(DORA)
    await talk.answer("ana", f"!invitar {DORA}")
    assert talk.gateway.histories == []
    assert len(await reasons(talk)) == 1


async def test_through_a_restart_it_is_given_once(talk: Talk) -> None:
    await turn_on(talk)
    talk.gateway.broken = True
    await talk.says("ana", f"!invitar {DORA}")
    await talk.restart()
    talk.gateway.broken = False
    await talk.said()
    await talk.restart()
    await talk.said()
    assert talk.gateway.histories == [(ROOM, DORA)]
    assert len(await reasons(talk)) == 1


async def test_a_newcomer_reads_in_private_what_they_will_and_wont_read(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "bea"], {"ana": 50})
    for place in (ROOM, DESK):
        await talk.answer("ana", "!area agregar prensa", room=place)
    await turn_on(talk)
    told = await _comes_by_code(talk, "eva")
    assert "En Sala puedes leer lo que se dijo en los últimos 14 días." in told
    assert "En las demás no puedes leer lo que se dijo antes de tu llegada." in told
    assert (ROOM, user_id("eva")) in talk.gateway.histories
    assert (DESK, user_id("eva")) not in talk.gateway.histories
    assert await reasons(talk) == ["", ""]


async def test_where_nothing_is_given_that_is_said_too(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar prensa")
    told = await _comes_by_code(talk, "eva")
    assert "Allí no puedes leer lo que se dijo antes de tu llegada." in told


async def test_of_a_room_without_encryption_the_truth_is_said(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "bea"], {"ana": 50}, encrypted=False)
    await talk.answer("ana", "!area agregar prensa", room=DESK)
    assert "no está cifrada" in await turn_on(talk, room=DESK)
    told = await _comes_by_code(talk, "eva")
    assert "En Mesa puedes leer todo lo que se dijo antes." in told
    assert talk.gateway.histories == []


async def test_an_invitation_does_not_wait_for_ever_for_the_keys(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The homeserver takes no files for hours: they are invited after ten minutes, without."""
    await turn_on(talk)
    began, tries = talk.clock.at, 0

    async def fails(_self: FakeGateway, _room: RoomId, _user: UserId) -> bool:
        nonlocal tries
        tries += 1
        raise TryLater("http_502")

    async def sleep(seconds: float) -> None:
        talk.clock.at += timedelta(seconds=seconds)

    monkeypatch.setattr(FakeGateway, "share_history", fails)
    await talk.says("ana", f"!invitar {DORA}")
    db, answers = talk.machine.db, talk.machine.env.answers
    await Outbox(db, talk.gateway, talk.clock, answers, sleep).deliver_pending()
    assert tries > 5
    assert timedelta(minutes=10) < talk.clock.at - began < timedelta(minutes=12)
    assert len(await reasons(talk)) == 1


async def _comes_by_code(talk: Talk, who: str) -> str:
    """Let somebody use a code of the area. Return what the bot tells them."""
    said = await talk.answer("ana", "codigo prensa", room=await talk.private("ana"))
    found = re.search(r"`([A-Z2-9]{4}-[A-Z2-9]{4})`", said)
    assert found, said
    home = await talk.private(who)
    told = await talk.answer(who, f"código {found[1]}", room=home)
    await talk.wait(timedelta(seconds=1))
    return "\n".join([told, *(p.plain for p in await talk.said(home))])


@pytest.mark.parametrize("visibility", ["shared", "joined"])
async def test_turned_off_or_taken_back_it_says_that_what_was_read_stays_read(
    talk: Talk, visibility: str
) -> None:
    await turn_on(talk, visibility)
    off, stays = "!configurar historia-al-entrar no", "eso ya no se puede retirar"
    shown = await talk.answer("ana", off)
    assert stays in shown and "los últimos 14 días" not in shown
    await talk.answer("ana", "no")
    assert stays in await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "no")
    await talk.answer("ana", off)
    await talk.answer("ana", "sí")
    shown = await talk.answer("ana", "!deshacer")  # to take that back turns it on
    assert stays not in shown
    assert ("los últimos 14 días" in shown) is (visibility == "shared")
