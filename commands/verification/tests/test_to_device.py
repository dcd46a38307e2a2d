"""Verification from device to device, by picture, and what stands in its way."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from bot.testing.posted_event import PostedEvent
from bot.testing.talk import Talk, user_id
from bot.types import EventId, Trust, VerificationStep
from commands.verification import verification_store
from commands.verification.code_scan import code_bytes, draw_code
from commands.verification.tests.app import CHOSEN, App, bound
from commands.verification.tests.test_verification import (
    cancelled,
    comparing,
    content_of,
    step,
    steps,
)

SCANS = ("m.qr_code.scan.v1", "m.qr_code.show.v1", "m.reciprocate.v1")
KEY = {name: base64.b64encode(name.encode() * 32).decode().rstrip("=") for name in "ab"}


async def asked(talk: Talk, name: str = "bea") -> tuple[App, PostedEvent]:
    """Return an app on a device that the bot asked, and the request."""
    app = await App.of(talk, name, by_device=True)
    await talk.tells(name, "verificar dispositivos")
    (request,) = steps(await talk.sent())
    app.request = content_of(request)["transaction_id"]
    return app, request


async def test_the_bot_asks_the_devices_and_shows_the_same_pictures(talk: Talk) -> None:
    app, request = await asked(talk)
    assert (request.room, request.content["to"]) == ("", user_id("bea"))
    assert request.content["devices"] == ["PHONE"]
    await app.sends("ready", {"from_device": "PHONE", "methods": ["m.sas.v1"]})
    start = await step(app, "start")
    await app.sends("accept", CHOSEN | {"commitment": bound(app.key, start)})
    app.hears_key((await step(app, "key"))["key"])
    await app.sends("key", {"key": app.key})
    await talk.wait(timedelta(0))
    assert "¿Son iguales?" in "\n".join(post.plain for post in await talk.sent())
    await talk.tells("bea", "si")
    await talk.sent()
    await app.sends("mac", app.macs(app.keys))
    assert [one.kind for one in steps(await talk.sent())] == ["m.key.verification.done"]


async def test_another_device_of_ours_took_it_and_nothing_is_said(talk: Talk) -> None:
    app = await App.of(talk, "bea", by_device=True)
    await app.asks()
    await step(app, "ready")
    await app.sends("cancel", {"code": "m.accepted", "reason": ""})
    assert await talk.sent() == []
    await app.starts()
    assert steps(await talk.sent()) == []


async def test_without_a_private_room_it_ends_with_what_to_do(talk: Talk) -> None:
    app = await App.of(talk, "bea", by_device=True)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET joined = 0 WHERE private_of = ?", user_id("bea"))
    await app.asks()
    gone = await step(app, "cancel")
    assert gone["code"] == "m.user"
    assert "Escríbeme primero en privado" in gone["reason"]


async def test_whoever_shares_no_room_is_not_answered_but_in_their_private_room(
    talk: Talk,
) -> None:
    """They may have just come into a room of which we don't know yet: the app can ask again."""
    app = await App.of(talk, "eva", by_device=True)
    await app.asks()
    await app.sends("request", {"from_device": "PHONE", "to": talk.gateway.me})
    assert await talk.sent() == []
    app = await App.of(talk, "eva")
    await app.asks()
    (gone,) = await talk.sent()
    assert (gone.kind, gone.room) == ("m.key.verification.cancel", await talk.private("eva"))
    assert content_of(gone)["code"] == "m.user"


@pytest.mark.parametrize("other", ["ana", "eva"])
async def test_in_a_private_room_nobody_but_its_person_is_answered(talk: Talk, other: str) -> None:
    """A third person may have asked there and left before the bot came, known to it or not."""
    await App.of(talk, other)
    room = await talk.private("bea")
    content = {"from_device": "PHONE", "methods": ["m.sas.v1"], "to": talk.gateway.me}
    event, who, at = EventId("$third"), user_id(other), talk.clock.at
    await talk.happens(
        VerificationStep(room, event, who, at, "request", event, content, Trust.PLAIN)
    )
    assert await talk.sent() == []


@pytest.mark.parametrize("late", [timedelta(minutes=-11), timedelta(minutes=6)])
async def test_a_request_with_another_time_is_left_alone(talk: Talk, late: timedelta) -> None:
    app = await App.of(talk, "bea", by_device=True)
    await app.asks(at=talk.clock.at + late)
    assert await talk.sent() == []


async def test_a_step_that_comes_again_does_nothing(talk: Talk) -> None:
    app = await App.of(talk, "bea", by_device=True)
    await app.asks()
    await step(app, "ready")
    await app.starts()
    await step(app, "accept")
    await app.starts()
    assert await talk.sent() == []


async def test_it_is_over_after_ten_minutes(talk: Talk) -> None:
    app = await App.of(talk, "bea", by_device=True)
    await app.asks()
    await talk.sent()
    await talk.wait(timedelta(minutes=11))
    await cancelled(talk, "m.timeout", "tardó demasiado")
    await app.starts()
    assert steps(await talk.sent()) == []


async def test_a_step_goes_only_the_way_in_which_it_began(talk: Talk) -> None:
    app, _key = await comparing(talk, by_device=True)
    app.by_device = False
    await app.sends("cancel", {"code": "m.user"})
    assert await talk.sent() == []
    app.by_device = True
    await talk.tells("bea", "sí")
    await talk.sent()
    await app.sends("mac", app.macs(app.keys))
    assert [one.kind for one in steps(await talk.sent())] == ["m.key.verification.done"]


async def test_an_open_question_is_named_and_the_comparison_follows(talk: Talk) -> None:
    """A call for help is being asked about: it stays, and the person reads what waits for it."""
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    app = await App.of(talk, "bea", by_device=True)
    await app.asks()
    await app.starts()
    await app.sends("key", {"key": app.key})
    await talk.wait(timedelta(0))
    said = "\n".join(post.plain for post in await talk.sent())
    assert "Primero responde lo que te pregunté antes" in said
    assert "¿Son iguales?" not in said
    await talk.tells("bea", "no")
    await talk.wait(timedelta(0))
    assert "¿Son iguales?" in "\n".join(post.plain for post in await talk.sent())


# --- by a picture --------------------------------------------------------------------------------


async def shown(talk: Talk, *, by_device: bool) -> tuple[App, bytes]:
    """Return an app to which the bot shows a code, and the secret of the code."""
    app = await App.of(talk, "bea", by_device=by_device)
    talk.gateway.masters |= {talk.gateway.me: KEY["a"], user_id("bea"): KEY["b"]}
    await app.asks(*SCANS)
    posts = await talk.sent()
    (ready,) = steps(posts)
    offered = content_of(ready)["methods"]
    assert offered == ["m.sas.v1", "m.qr_code.show.v1", "m.reciprocate.v1"]
    (picture,) = [post for post in posts if post.content.get("msgtype") == "m.image"]
    async with talk.machine.db.reading() as tx:
        one = await verification_store.get_verification(tx, user_id("bea"))
    assert one is not None and one.code is not None
    meant = draw_code(code_bytes(str(app.request), KEY["a"], KEY["b"], one.code)).data
    assert talk.gateway.files[picture.content["file"]["url"]] == meant
    return app, one.code


def scan(secret: bytes) -> dict[str, Any]:
    """Return what an app sends that scanned a code with this secret."""
    given = base64.b64encode(secret).decode().rstrip("=")
    return {"from_device": "PHONE", "method": "m.reciprocate.v1", "secret": given}


@pytest.mark.parametrize("by_device", [False, True])
async def test_the_app_scans_and_the_person_says_that_it_is_well(
    talk: Talk, by_device: bool
) -> None:
    app, secret = await shown(talk, by_device=by_device)
    await app.sends("start", scan(secret))
    await talk.wait(timedelta(0))
    posts = await talk.sent()
    assert steps(posts) == [], "nothing is vouched for before the person says yes"
    assert "¿Muestra un escudo" in "\n".join(post.plain for post in posts)
    await talk.tells("bea", "sí")
    assert [one.kind for one in steps(await talk.sent())] == ["m.key.verification.done"]
    async with talk.machine.db.reading() as tx:
        assert await verification_store.get_verification(tx, user_id("bea")) is None


@pytest.mark.parametrize("other", [{"secret": "AAAA"}, {"secret": 7}, {"from_device": "OTHER"}])
async def test_a_scan_of_something_else_is_an_alarm(talk: Talk, other: dict[str, Any]) -> None:
    app, secret = await shown(talk, by_device=False)
    await app.sends("start", scan(secret) | other)
    await cancelled(talk, "m.key_mismatch", "alguien puede estar en medio")


async def test_an_app_that_shows_no_shield_is_an_alarm(talk: Talk) -> None:
    app, secret = await shown(talk, by_device=False)
    await app.sends("start", scan(secret))
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.tells("bea", "no")
    await cancelled(talk, "m.user", "alguien puede estar en medio")


async def test_an_identity_that_changes_after_the_scan(talk: Talk) -> None:
    app, secret = await shown(talk, by_device=True)
    await app.sends("start", scan(secret))
    await talk.wait(timedelta(0))
    await talk.sent()
    talk.gateway.masters[user_id("bea")] = "another master"
    await talk.tells("bea", "sí")
    await cancelled(talk, "m.key_mismatch", "alguien puede estar en medio")


async def test_no_scan_counts_where_no_code_was_shown(talk: Talk) -> None:
    app = await App.of(talk, "bea")
    await app.asks()
    await talk.sent()
    await app.sends("start", scan(b""))
    await cancelled(talk, "m.key_mismatch", "alguien puede estar en medio")


async def test_who_can_scan_may_choose_emoji(talk: Talk) -> None:
    app, _secret = await shown(talk, by_device=False)
    await app.starts()
    await step(app, "accept")
