"""The steps of a verification in a private room, begun by the person or by us.

Order of the steps: `asked` (we asked), `ready`, `started` (we offered), `accepted`, `comparing`,
`confirmed` (the person said that the emoji are the same). Spec §Key verification framework.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Effect,
    EventId,
    Job,
    Line,
    RoomId,
    Say,
    SendRaw,
    Trust,
    UserId,
    VerificationStep,
    _,
    rooms,
)
from commands.verification import agreement, exchange_store
from commands.verification.agreement import Mismatch, Party, SharedSecret
from commands.verification.declaration import EXPIRE_JOB, PATIENCE, feature
from commands.verification.emoji import emoji_line
from commands.verification.exchange_store import Exchange

REQUEST = "m.key.verification.request"
MOST_BYTES = 16_384
"""Limit of the content of a step. A real one has under two thousand."""


@feature.on(VerificationStep)
async def receive_step(ctx: Context, what: VerificationStep) -> Answer:
    """Take a step of a verification. What does not fit ends it, and the person is told."""
    if what.trust not in (Trust.SIGNED, Trust.PLAIN) or len(str(what.content)) > MOST_BYTES:
        return None  # Element sends these unencrypted: what vouches for them are the codes
    if what.step == "request":
        return await _begin(ctx, what)
    one = await exchange_store.get_exchange(ctx.db, what.sender)
    if one is None or one.room != what.room or what.request != (one.request or what.request):
        return None
    if ctx.now > one.asked + PATIENCE:
        return await _end(ctx, one, "m.timeout", _too_late_lines())
    if what.step == "cancel":
        await exchange_store.delete_exchange(ctx.db, one.person)
        await ctx.end_question(one.room, "")
        return [_("Your app stopped the verification."), *_again_lines()]
    try:
        return await STEPS[what.step](ctx, one, what.content, what.request)
    except Mismatch as wrong:
        return await _end(ctx, one, wrong.code, _mismatch_lines(wrong.code))


async def _begin(ctx: Context, what: VerificationStep) -> Answer:
    """Answer somebody's request, if it comes in private and from a device that they confirmed."""
    content, person = what.content, what.sender
    if content.get("to") != ctx.me:
        return None
    if ctx.now > what.at + PATIENCE:
        return [*_too_late_lines()]
    if not ctx.is_private:
        said = _("To verify me, write to me in private: `verify`")
        return [_cancel(what.room, what.request, "m.user"), Say((said,), to=person)]
    one = await _new_exchange(ctx, person, content.get("from_device"))
    methods = content.get("methods")
    if one is None or not isinstance(methods, list) or agreement.METHOD not in methods:
        return [
            _cancel(what.room, what.request, "m.unknown_method"),
            _("I can't verify with this device. Which of yours are confirmed: `security`"),
        ]
    one = replace(one, request=what.event, step="ready")
    await _keep(ctx, one)
    return _send(ctx, one, "ready", {"from_device": _us(ctx).device, "methods": [agreement.METHOD]})


async def ask(ctx: Context) -> Answer:
    """Ask the person's app to verify us. In private only."""
    found = ctx.fetched.devices(ctx.who)
    one = await _new_exchange(ctx, ctx.who, found.signed[0] if found.signed else None)
    if one is None:
        return _("I can't verify with this device. Which of yours are confirmed: `security`")
    await _keep(ctx, one)
    body = await ctx.render_line(
        _("I would like to verify with you, by comparing emoji."), ctx.room
    )
    asked = {
        "msgtype": REQUEST,
        "body": body,
        "from_device": _us(ctx).device,
        "methods": [agreement.METHOD],
        "to": ctx.who,
    }
    return [
        SendRaw("m.room.message", asked, ctx.room),
        Say((_("Your app shows a request now: accept it within ten minutes."),), loud=True),
    ]


async def _new_exchange(ctx: Context, person: UserId, device: object) -> Exchange | None:
    """Return a fresh one with the person's current keys; None for a device that does not count."""
    found = ctx.fetched.devices(person)
    shared = await rooms.shares_room(ctx.db, person)
    if not shared or found.master is None or device not in found.signed:
        return None
    key, name = found.keys.get(str(device), ""), str(device)
    return Exchange(person, ctx.room, None, ctx.now, "asked", False, name, key, found.master)


async def _keep(ctx: Context, one: Exchange) -> None:
    """Store a verification that begins, and when it lapses."""
    await exchange_store.put_exchange(ctx.db, one)
    await ctx.schedule(EXPIRE_JOB, one.asked + PATIENCE, room=one.room, person=one.person)


# --- their steps ----------------------------------------------------------------------------------


async def _take_ready(
    ctx: Context, one: Exchange, content: Mapping[str, Any], request: EventId
) -> Answer:
    """Their app accepted our request: offer how to go on."""
    _require(one, "asked")
    one = await _from_device(ctx, one, content.get("from_device"))
    start = agreement.start_content(_us(ctx).device)
    sent = _content(start, request)
    one = replace(one, request=request, step="started", starts=True, start=sent)
    one = replace(one, secret=agreement.new_secret())
    await exchange_store.put_exchange(ctx.db, one)
    return _send(ctx, one, "start", start)


async def _take_start(
    ctx: Context, one: Exchange, content: Mapping[str, Any], request: EventId
) -> Answer:
    """They offer how to go on. Of two offers at once that of the smaller user id counts."""
    if one.step == "started" and ctx.me < one.person:
        return None
    _require(one, "ready", "asked", "started")
    if content.get("method") != agreement.METHOD:
        raise Mismatch("m.unknown_method")
    one = await _from_device(ctx, one, content.get("from_device"))
    secret = agreement.new_secret()
    start = dict(content) | {"m.relates_to": _relation(request)}
    accepted = agreement.accept_content(agreement.public_key(secret), start)
    one = replace(one, request=request, step="accepted", starts=False, secret=secret, start=start)
    await exchange_store.put_exchange(ctx.db, one)
    return _send(ctx, one, "accept", accepted)


async def _take_accept(
    ctx: Context, one: Exchange, content: Mapping[str, Any], _request: EventId
) -> Answer:
    _require(one, "started")
    bound = agreement.read_commitment(content)
    one = replace(one, step="accepted", commitment=bound)
    await exchange_store.put_exchange(ctx.db, one)
    return _send(ctx, one, "key", {"key": agreement.public_key(one.secret or b"")})


async def _take_key(
    ctx: Context, one: Exchange, content: Mapping[str, Any], _request: EventId
) -> Answer:
    """Both keys are there: show our emoji, and ask in private whether theirs are the same."""
    _require(one, "accepted")
    key = str(content.get("key"))
    if one.starts and agreement.commitment(key, one.start or {}) != one.commitment:
        raise Mismatch("m.mismatched_commitment")
    one = replace(one, step="comparing", their_key=key)
    _shared(ctx, one)  # raises for what is no key
    await exchange_store.put_exchange(ctx.db, one)
    await ctx.begin_dialogue("compare", one.person, {"request": one.request}, patience=PATIENCE)
    own = {"key": agreement.public_key(one.secret or b"")}
    return None if one.starts else _send(ctx, one, "key", own)


async def _take_macs(
    ctx: Context, one: Exchange, content: Mapping[str, Any], _request: EventId
) -> Answer:
    """Their app says that the emoji are the same. It waits until the person told us too."""
    _require(one, "comparing", "confirmed")
    one = replace(one, macs=dict(content))
    await exchange_store.put_exchange(ctx.db, one)
    return await _finish(ctx, one) if one.step == "confirmed" else None


async def _take_done(
    _ctx: Context, _one: Exchange, _content: Mapping[str, Any], _request: EventId
) -> Answer:
    return None  # ours are checked by then, or still to come


STEPS: Mapping[
    str, Callable[[Context, Exchange, Mapping[str, Any], EventId], Awaitable[Answer]]
] = {
    "ready": _take_ready,
    "start": _take_start,
    "accept": _take_accept,
    "key": _take_key,
    "mac": _take_macs,
    "done": _take_done,
}


# --- comparing ------------------------------------------------------------------------------------


@feature.dialogue("compare")
async def compare(ctx: Context, payload: Mapping[str, str]) -> Answer:
    """Ask whether the emoji are the same, and vouch for our keys only after a yes."""
    one = await exchange_store.get_exchange(ctx.db, ctx.who)
    if one is None or one.request != payload["request"] or one.step != "comparing":
        return None
    shared = _shared(ctx, one)
    answer = ctx.ask(
        "same",
        YES_NO,
        _("Your app shows seven pictures. These are mine, in order:"),
        emoji_line(shared.emoji(we_started=one.starts)),
        _("Are they the same? Tap it in your app too, and answer me: `yes` or `no`"),
        patience=PATIENCE,
    )
    if answer != "yes":
        return await _end(ctx, one, "m.mismatched_sas", _mismatch_lines("m.mismatched_sas"))
    own = ctx.fetched.devices(ctx.me)
    keys = {f"ed25519:{name}": key for name, key in own.keys.items()}
    if own.master:
        keys[f"ed25519:{own.master}"] = own.master
    one = replace(one, step="confirmed")
    await exchange_store.put_exchange(ctx.db, one)
    sent = _send(ctx, one, "mac", shared.our_macs(keys))
    if one.macs is None:
        return [*sent, _("Now tap in your app that they match.")]
    try:
        return [*sent, *await _finish(ctx, one)]
    except Mismatch as wrong:
        return [*sent, *await _end(ctx, one, wrong.code, _mismatch_lines(wrong.code))]


async def _finish(ctx: Context, one: Exchange) -> list[Effect | Line]:
    """Check their codes against their keys, as they were and as they are. Raises `Mismatch`."""
    found = ctx.fetched.devices(one.person)
    same = found.master == one.master and found.keys.get(one.device) == one.device_key
    if not same or one.device not in found.signed:
        raise Mismatch("m.key_mismatch")
    _shared(ctx, one).check_macs(one.macs or {}, one.known_keys())
    await exchange_store.delete_exchange(ctx.db, one.person)
    await exchange_store.note_done(ctx.db, one.person, one.master, ctx.now)
    return [
        *_send(ctx, one, "done", {}),
        _("Done: it is really me. If somebody writes in my name one day, your app warns you."),
    ]


@feature.runs(EXPIRE_JOB)
async def expire(ctx: Context, job: Job) -> Answer:
    """End a verification that took too long."""
    one = await exchange_store.get_exchange(ctx.db, UserId(job.person or ""))
    if one is None or ctx.now < one.asked + PATIENCE:
        return None
    await exchange_store.delete_exchange(ctx.db, one.person)
    cancelled = [_cancel(one.room, one.request, "m.timeout")] if one.request else []
    return [*cancelled, Say(tuple(_too_late_lines()), to=one.person)]


# --- common ---------------------------------------------------------------------------------------


def _us(ctx: Context) -> Party:
    return Party(ctx.me, ctx.fetched.devices(ctx.me).signed[0])


def _shared(ctx: Context, one: Exchange) -> SharedSecret:
    them = Party(one.person, one.device)
    assert one.secret is not None and one.request is not None
    return agreement.agree(one.secret, _us(ctx), them, one.their_key or "", one.request)


async def _from_device(ctx: Context, one: Exchange, device: object) -> Exchange:
    """Return the verification with the device that answers. Raises `Mismatch` for another's."""
    if device == one.device:
        return one
    other = await _new_exchange(ctx, one.person, device)
    if one.step != "asked" or other is None:
        raise Mismatch("m.key_mismatch")
    return replace(one, device=other.device, device_key=other.device_key, master=other.master)


def _require(one: Exchange, *steps: str) -> None:
    if one.step not in steps:
        raise Mismatch("m.unexpected_message")


def _relation(request: EventId) -> dict[str, str]:
    return {"rel_type": "m.reference", "event_id": request}


def _content(content: Mapping[str, Any], request: EventId) -> dict[str, Any]:
    return dict(content) | {"m.relates_to": _relation(request)}


def _send(
    ctx: Context, one: Exchange, step: str, content: Mapping[str, Any]
) -> list[Effect | Line]:
    assert one.request is not None
    kind = f"m.key.verification.{step}"
    return [SendRaw(kind, _content(content, one.request), one.room)]


def _cancel(room: RoomId, request: EventId, code: str) -> SendRaw:
    content = _content({"code": code, "reason": code}, request)
    return SendRaw("m.key.verification.cancel", content, room)


async def _end(ctx: Context, one: Exchange, code: str, lines: list[Line]) -> list[Effect | Line]:
    """End it and tell both the app and the person."""
    await exchange_store.delete_exchange(ctx.db, one.person)
    await ctx.end_question(one.room, "")
    cancelled = [_cancel(one.room, one.request, code)] if one.request else []
    return [*cancelled, *lines]


def _again_lines() -> list[Line]:
    return [_("To try again: `verify`")]


def _too_late_lines() -> list[Line]:
    return [_("The verification took too long, so it is over."), *_again_lines()]


def _mismatch_lines(code: str) -> list[Line]:
    if code in ("m.mismatched_sas", "m.key_mismatch", "m.mismatched_commitment"):
        return [
            _("The pictures or keys are not the same: somebody may stand between us."),
            _(
                "Write nothing here that could put anybody in danger, and tell somebody of the"
                " moderation, in another way than this."
            ),
        ]
    return [_("Your app and I don't understand each other here, so I stopped."), *_again_lines()]
