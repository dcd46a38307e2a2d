"""The steps of a verification in a private room, begun by the person or by us.

Order of the steps: `asked` (we asked), `ready`, `started` (we offered), `accepted`, `comparing`,
`confirmed` (the person said that the emoji are the same). Spec §Key verification framework.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.api import (
    Answer,
    Context,
    EventId,
    Say,
    SendRaw,
    Trust,
    UserId,
    VerificationStep,
    _,
    rooms,
)
from commands.verification import agreement, exchange_store
from commands.verification.agreement import Mismatch
from commands.verification.comparison import finish
from commands.verification.declaration import EXPIRE_JOB, PATIENCE, feature
from commands.verification.exchange_store import Exchange
from commands.verification.sent_steps import (
    again_lines,
    cancel_step,
    end_exchange,
    mismatch_lines,
    relation_to,
    require_step,
    send_step,
    shared_secret,
    too_late_lines,
    us,
    with_relation,
)

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
    if one.request is None and what.step not in ("ready", "start"):
        return None  # of an earlier verification in this room
    if ctx.now > one.asked + PATIENCE:
        return await end_exchange(ctx, one, "m.timeout", too_late_lines())
    if what.step == "cancel":
        await exchange_store.delete_exchange(ctx.db, one.person)
        await ctx.end_own_question(one.person)
        return [_("Your app stopped the verification."), *again_lines()]
    try:
        return await STEPS[what.step](ctx, one, what.content, what.request)
    except Mismatch as wrong:
        return await end_exchange(ctx, one, wrong.code, mismatch_lines(wrong.code))


async def _begin(ctx: Context, what: VerificationStep) -> Answer:
    """Answer somebody's request, if it comes in private and from a device that they confirmed."""
    content, person = what.content, what.sender
    if content.get("to") != ctx.me or not ctx.is_private:
        return None  # anybody can write one in a room, as often as they like
    if ctx.now > what.at + PATIENCE:
        return [*too_late_lines()]
    one = await _new_exchange(ctx, person, content.get("from_device"))
    methods = content.get("methods")
    if one is None or not isinstance(methods, list) or agreement.METHOD not in methods:
        return [
            cancel_step(what.room, what.request, "m.unknown_method"),
            _("I can't verify with this device. Which of yours are confirmed: `security`"),
        ]
    one = replace(one, request=what.event, step="ready")
    await _keep(ctx, one)
    return send_step(
        ctx, one, "ready", {"from_device": us(ctx).device, "methods": [agreement.METHOD]}
    )


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
        "from_device": us(ctx).device,
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


async def _from_device(ctx: Context, one: Exchange, device: object) -> Exchange:
    """Return the verification with the device that answers. Raises `Mismatch` for another's."""
    if device == one.device:
        return one
    other = await _new_exchange(ctx, one.person, device)
    if one.step != "asked" or other is None:
        raise Mismatch("m.key_mismatch")
    return replace(one, device=other.device, device_key=other.device_key, master=other.master)


# --- their steps ----------------------------------------------------------------------------------


async def _take_ready(
    ctx: Context, one: Exchange, content: Mapping[str, Any], request: EventId
) -> Answer:
    """Their app accepted our request: offer how to go on."""
    require_step(one, "asked")
    one = await _from_device(ctx, one, content.get("from_device"))
    start = agreement.start_content(us(ctx).device)
    sent = with_relation(start, request)
    one = replace(one, request=request, step="started", starts=True, start=sent)
    one = replace(one, secret=agreement.new_secret())
    await exchange_store.put_exchange(ctx.db, one)
    return send_step(ctx, one, "start", start)


async def _take_start(
    ctx: Context, one: Exchange, content: Mapping[str, Any], request: EventId
) -> Answer:
    """They offer how to go on. Of two offers at once that of the smaller user id counts."""
    if one.step == "started" and ctx.me < one.person:
        return None
    require_step(one, "ready", "asked", "started")
    if content.get("method") != agreement.METHOD:
        raise Mismatch("m.unknown_method")
    one = await _from_device(ctx, one, content.get("from_device"))
    secret = agreement.new_secret()
    start = dict(content) | {"m.relates_to": relation_to(request)}
    accepted = agreement.accept_content(agreement.public_key(secret), start)
    one = replace(one, request=request, step="accepted", starts=False, secret=secret, start=start)
    await exchange_store.put_exchange(ctx.db, one)
    return send_step(ctx, one, "accept", accepted)


async def _take_accept(
    ctx: Context, one: Exchange, content: Mapping[str, Any], _request: EventId
) -> Answer:
    require_step(one, "started")
    bound = agreement.read_commitment(content)
    one = replace(one, step="accepted", commitment=bound)
    await exchange_store.put_exchange(ctx.db, one)
    return send_step(ctx, one, "key", {"key": agreement.public_key(one.secret or b"")})


async def _take_key(
    ctx: Context, one: Exchange, content: Mapping[str, Any], _request: EventId
) -> Answer:
    """Both keys are there: show our emoji, and ask in private whether theirs are the same."""
    require_step(one, "accepted")
    key = str(content.get("key"))
    if one.starts and agreement.commitment(key, one.start or {}) != one.commitment:
        raise Mismatch("m.mismatched_commitment")
    one = replace(one, step="comparing", their_key=key)
    shared_secret(ctx, one)  # raises for what is no key
    await exchange_store.put_exchange(ctx.db, one)
    about = {"request": one.request}
    await ctx.begin_dialogue("compare", one.person, about, patience=PATIENCE, first=True)
    own = {"key": agreement.public_key(one.secret or b"")}
    return None if one.starts else send_step(ctx, one, "key", own)


async def _take_macs(
    ctx: Context, one: Exchange, content: Mapping[str, Any], _request: EventId
) -> Answer:
    """Their app says that the emoji are the same. It waits until the person told us too."""
    require_step(one, "comparing", "confirmed")
    one = replace(one, macs=dict(content))
    await exchange_store.put_exchange(ctx.db, one)
    return await finish(ctx, one) if one.step == "confirmed" else None


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
