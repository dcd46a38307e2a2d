"""People check by emoji that the bot is the bot. The app beside it runs on vodozemac."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.testing.posted_event import PostedEvent
from bot.testing.talk import Talk, user_id
from bot.types import Trust, VerificationStep
from commands.verification import verification_store
from commands.verification.emoji import EMOJI
from commands.verification.tests.app import CHOSEN, App, bound

BOTS_KEYS = {
    "ed25519:FAKE": "device key of minga",
    "ed25519:master of minga": "master of minga",
}


@pytest.fixture(params=[False, True], ids=["in the room", "to-device"])
def by_device(request: pytest.FixtureRequest) -> bool:
    """Each way that a verification can go."""
    return bool(request.param)


async def step(app: App, name: str) -> dict[str, Any]:
    """The one step that the bot sends now, and nothing else of a verification."""
    (found,) = steps(await app.talk.sent())
    assert found.kind == f"m.key.verification.{name}"
    return content_of(found)


def content_of(post: PostedEvent) -> dict[str, Any]:
    """The content of a step, as the app gets it."""
    return dict(post.content if post.room else post.content["content"])


def steps(posts: list[PostedEvent]) -> list[PostedEvent]:
    return [post for post in posts if post.kind.startswith("m.key.verification.")]


async def comparing(talk: Talk, name: str = "bea", *, by_device: bool = False) -> tuple[App, str]:
    """An app that began, up to the pictures; and the bot's public key."""
    app = await App.of(talk, name, by_device=by_device)
    await app.asks()
    ready = await step(app, "ready")
    assert (ready["from_device"], ready["methods"]) == ("FAKE", ["m.sas.v1"])
    start = await app.starts()
    accepted = await step(app, "accept")
    await app.sends("key", {"key": app.key})
    await talk.wait(timedelta(0))
    posts = await talk.sent()
    (answer,) = steps(posts)
    key = content_of(answer)["key"]
    assert accepted["commitment"] == bound(key, start), "it was bound before it saw our key"
    assert accepted["message_authentication_code"] == "hkdf-hmac-sha256.v2"
    app.hears_key(key)
    (shown,) = [post for post in posts if "¿Son iguales?" in post.plain]
    meant = [EMOJI[n] for n in app.emoji(key)]
    for sign, _word in meant:
        assert sign in shown.plain
    return app, key


async def test_somebody_verifies_the_bot_and_each_checks_the_other(
    talk: Talk, by_device: bool
) -> None:
    app, _key = await comparing(talk, by_device=by_device)
    await app.sends("mac", app.macs(app.keys))
    assert steps(await talk.sent()) == [], "the bot vouches for nothing before the person says yes"
    await talk.tells("bea", "sí")
    macs, done = (content_of(post) for post in steps(await talk.sent()))
    assert {name: macs[name] for name in ("mac", "keys")} == app.macs(BOTS_KEYS, by_bot=True)
    about = done["transaction_id"] if by_device else done["m.relates_to"]["event_id"]
    assert about == app.request
    async with talk.machine.db.reading() as tx:
        assert await verification_store.get_verification(tx, user_id("bea")) is None


async def test_the_app_may_be_the_slower_one(talk: Talk, by_device: bool) -> None:
    app, _key = await comparing(talk, by_device=by_device)
    await talk.tells("bea", "sí")
    (macs,) = steps(await talk.sent())
    assert macs.kind == "m.key.verification.mac"
    await app.sends("mac", app.macs(app.keys))
    posts = await talk.sent()
    assert [post.kind for post in steps(posts)] == ["m.key.verification.done"]
    assert any("Listo: desde ahora tu aplicación te avisa" in post.plain for post in posts)


async def test_the_bot_asks_and_it_is_bound_to_nothing_it_has_not_seen(talk: Talk) -> None:
    app = await App.of(talk, "bea")
    await talk.tells("bea", "verificar")
    (request,) = [
        post
        for post in await talk.sent()
        if post.content.get("msgtype") == "m.key.verification.request"
    ]
    assert request.content["to"] == user_id("bea")
    app.request = request.event
    await app.sends("ready", {"from_device": "PHONE", "methods": ["m.sas.v1"]})
    start = await step(app, "start")
    await app.sends("accept", CHOSEN | {"commitment": bound(app.key, start)})
    key = (await step(app, "key"))["key"]
    app.hears_key(key)
    await app.sends("key", {"key": app.key})
    await talk.wait(timedelta(0))
    shown = "\n".join(post.plain for post in await talk.sent())
    assert all(EMOJI[n][0] in shown for n in app.emoji(key))
    await talk.tells("bea", "si")
    await talk.sent()
    await app.sends("mac", app.macs(app.keys))
    assert [one.kind for one in steps(await talk.sent())] == ["m.key.verification.done"]


async def test_it_survives_a_restart_in_the_middle(talk: Talk, by_device: bool) -> None:
    app, _key = await comparing(talk, by_device=by_device)
    await talk.restart()
    await talk.tells("bea", "sí")
    await talk.sent()
    await app.sends("mac", app.macs(app.keys))
    assert [one.kind for one in steps(await talk.sent())] == ["m.key.verification.done"]


# --- what does not fit ---------------------------------------------------------------------------


async def cancelled(talk: Talk, code: str, words: str) -> None:
    posts = await talk.sent()
    assert [content_of(one)["code"] for one in steps(posts)] == [code]
    assert words in "\n".join(post.plain for post in posts)


async def test_pictures_that_differ_are_an_alarm(talk: Talk, by_device: bool) -> None:
    await comparing(talk, by_device=by_device)
    await talk.tells("bea", "no")
    await cancelled(talk, "m.mismatched_sas", "alguien puede estar en medio")


async def test_a_commitment_to_another_key(talk: Talk) -> None:
    app = await App.of(talk, "bea")
    await talk.tells("bea", "verificar")
    app.request = (await talk.sent())[0].event
    await app.sends("ready", {"from_device": "PHONE", "methods": ["m.sas.v1"]})
    start = await step(app, "start")
    await app.sends("accept", CHOSEN | {"commitment": bound("another key", start)})
    await talk.sent()
    await app.sends("key", {"key": app.key})
    await cancelled(talk, "m.mismatched_commitment", "alguien puede estar en medio")


@pytest.mark.parametrize("what", ["changed code", "changed key", "without the identity", "ids"])
async def test_codes_that_do_not_fit(talk: Talk, what: str) -> None:
    app, _key = await comparing(talk)
    await talk.tells("bea", "sí")
    await talk.sent()
    keys = dict(app.keys)
    if what == "changed key":
        keys["ed25519:PHONE"] = "another key"
    elif what == "without the identity":
        del keys["ed25519:master of bea"]
    macs = app.macs(keys)
    if what == "without the identity":
        await app.sends("mac", macs)
        await cancelled(talk, "m.invalid_message", "no nos entendemos")
        return
    if what == "changed code":
        macs["mac"]["ed25519:PHONE"] = macs["keys"]
    elif what == "ids":
        macs["keys"] = macs["mac"]["ed25519:PHONE"]
    await app.sends("mac", macs)
    await cancelled(talk, "m.key_mismatch", "alguien puede estar en medio")


async def test_an_identity_that_changes_in_the_middle(talk: Talk, by_device: bool) -> None:
    app, _key = await comparing(talk, by_device=by_device)
    await talk.tells("bea", "sí")
    await talk.sent()
    talk.gateway.masters[user_id("bea")] = "another master"
    await app.sends("mac", app.macs(app.keys))
    await cancelled(talk, "m.key_mismatch", "alguien puede estar en medio")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("key", {"key": "x"}),
        ("mac", {"mac": {}, "keys": ""}),
        ("accept", CHOSEN | {"commitment": "x"}),
    ],
)
async def test_a_step_before_its_time_ends_it(
    talk: Talk, name: str, content: dict[str, Any]
) -> None:
    app = await App.of(talk, "bea")
    await app.asks()
    await talk.sent()
    await app.sends(name, content)
    await cancelled(talk, "m.unexpected_message", "no nos entendemos")


@pytest.mark.parametrize(
    "change",
    [
        {"hashes": ["md5"]},
        {"hashes": 7},
        {"method": "m.qr"},
        {"message_authentication_codes": ["hkdf-hmac-sha256"]},
        {"key_agreement_protocols": ["curve25519"]},
        {"short_authentication_string": ["decimal"]},
    ],
)
async def test_an_offer_that_we_do_not_know(talk: Talk, change: dict[str, Any]) -> None:
    app = await App.of(talk, "bea")
    await app.asks()
    await talk.sent()
    start = {"from_device": "PHONE", **CHOSEN} | {
        "key_agreement_protocols": ["curve25519-hkdf-sha256"],
        "hashes": ["sha256"],
        "message_authentication_codes": ["hkdf-hmac-sha256.v2"],
    }
    await app.sends("start", start | change)
    await cancelled(talk, "m.unknown_method", "no nos entendemos")


@pytest.mark.parametrize("key", ["", "x" * 44, "A" * 43, "ñ" * 43])
async def test_what_is_no_key(talk: Talk, key: str) -> None:
    app = await App.of(talk, "bea")
    await app.asks()
    await app.starts()
    await talk.sent()
    await app.sends("key", {"key": key})
    await cancelled(talk, "m.invalid_message", "no nos entendemos")


async def test_it_is_over_after_ten_minutes(talk: Talk) -> None:
    app = await App.of(talk, "bea")
    await app.asks()
    await talk.sent()
    await talk.wait(timedelta(minutes=11))
    await cancelled(talk, "m.timeout", "tardó demasiado")
    await app.starts()
    assert steps(await talk.sent()) == []


async def test_the_app_stops_it(talk: Talk, by_device: bool) -> None:
    app, _key = await comparing(talk, by_device=by_device)
    await app.sends("cancel", {"code": "m.user", "reason": "no"})
    assert "Tu aplicación detuvo la verificación" in "\n".join(p.plain for p in await talk.sent())
    await app.sends("mac", app.macs(app.keys))
    assert steps(await talk.sent()) == []


async def test_a_new_request_takes_the_place_of_the_old_one(talk: Talk) -> None:
    old, _key = await comparing(talk)
    new = await App.of(talk, "bea")
    await new.asks()
    gone, ready = steps(await talk.sent())
    assert (gone.kind, gone.content["code"]) == ("m.key.verification.cancel", "m.user")
    assert ready.kind == "m.key.verification.ready"
    await old.sends("mac", old.macs(old.keys))
    assert steps(await talk.sent()) == []


async def test_two_people_at_once(talk: Talk, by_device: bool) -> None:
    bea, _key = await comparing(talk, by_device=by_device)
    ana, _key = await comparing(talk, "ana", by_device=by_device)
    for app in (bea, ana):
        await talk.tells(app.name, "sí")
        await talk.sent()
        await app.sends("mac", app.macs(app.keys))
        assert [one.kind for one in steps(await talk.sent())] == ["m.key.verification.done"]


async def test_a_device_that_is_not_confirmed_gets_no_verification(talk: Talk) -> None:
    app = await App.of(talk, "bea")
    room = await talk.private("bea")
    what = {"from_device": "PHONE", "methods": ["m.sas.v1"], "to": talk.gateway.me}
    event = await talk.tells("bea", "hola")
    await talk.sent()
    at, who = talk.clock.at, user_id("bea")
    unsigned = VerificationStep(room, event, who, at, "request", event, what, Trust.UNSIGNED)
    await talk.happens(unsigned)
    assert steps(await talk.sent()) == []
    await app.sends("request", what | {"from_device": "OTHER"})
    await cancelled(talk, "m.unknown_method", "seguridad")


async def test_in_a_room_it_says_where(talk: Talk) -> None:
    await talk.says("bea", "!verificar")
    (said,) = [post for post in await talk.sent() if post.plain]
    assert "en privado: `verificar`" in said.plain


async def test_it_does_not_wait_for_another_question(talk: Talk) -> None:
    """Bea is being asked something by the bot: the app's ten minutes go first."""
    await talk.says("ana", "!configurar preguntas")
    await talk.wait(timedelta(0))
    assert "1 de 5" in "\n".join(post.plain for post in await talk.sent())
    app, _key = await comparing(talk, "ana")
    await talk.tells("ana", "sí")
    await talk.sent()
    await app.sends("mac", app.macs(app.keys))
    await talk.wait(timedelta(0))
    posts = await talk.sent()
    assert [one.kind for one in steps(posts)] == ["m.key.verification.done"]
    assert "1 de 5" in "\n".join(post.plain for post in posts), "then the other one goes on"


async def test_a_forged_verification_does_not_end_the_question_of_a_call_for_help(
    talk: Talk,
) -> None:
    """Its steps are unencrypted, so that a homeserver can write them in somebody's name."""
    await talk.tells("bea", "me están siguiendo")
    assert "¿Aviso ya a tu gente" in "\n".join(post.plain for post in await talk.sent())
    app = await App.of(talk, "bea")
    await app.asks()
    await app.starts()
    await app.sends("key", {"key": app.key})
    await app.sends("cancel", {"code": "m.user"})
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.tells("bea", "sí")
    assert "Estoy avisando" in "\n".join(post.plain for post in await talk.sent())


@pytest.mark.parametrize("line", ["no son iguales", "No coinciden.", "são diferentes"])
async def test_a_no_that_comes_too_late_still_warns(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    (said,) = await talk.said()
    assert "alguien puede estar en medio" in said.plain
    assert "en tu aplicación que no son iguales" in said.plain


async def test_a_yes_that_comes_too_late_counts_for_nothing(talk: Talk) -> None:
    await talk.tells("bea", "son iguales")
    (said,) = await talk.said()
    assert "no estoy comparando nada" in said.plain and "`verificar`" in said.plain
