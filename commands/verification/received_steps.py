"""The steps of a verification that a person's app sends, after the request.

Order of the steps: `asked` (we asked), `ready`, `started` (we offered), `accepted`, `comparing`,
`confirmed` (the person said that the emoji are the same). By a picture: `ready`, `scanned`. Spec
§Key verification framework.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.api import Answer, Context, Trust, VerificationStep, _
from commands.verification import agreement, requests, verification_store
from commands.verification.agreement import Mismatch
from commands.verification.channel import Channel
from commands.verification.code_scan import show_code, take_scan
from commands.verification.comparison import finish
from commands.verification.declaration import PATIENCE, feature
from commands.verification.sent_steps import (
    Sent,
    again_lines,
    ask_in_private,
    end_verification,
    mismatch_lines,
    require_step,
    send_step,
    shared_secret,
    tell,
    too_late_lines,
    us,
)
from commands.verification.verification_store import Verification


@feature.on(VerificationStep)
async def receive_step(ctx: Context, what: VerificationStep) -> Answer:
    """Handle a step of a verification. A step that does not fit ends it, and the person is told.
    Return what to say, if anything."""
    if what.trust not in (Trust.SIGNED, Trust.PLAIN):
        return None
    ctx.is_trusted = True  # Element sends these unencrypted: what vouches for them are the codes
    if what.step == "request":
        return tell(what.sender, await requests.begin(ctx, what))
    return tell(what.sender, await _take_step(ctx, what))


async def _take_step(ctx: Context, what: VerificationStep) -> Sent:
    one = await verification_store.get_verification(ctx.db, what.sender)
    if one is None or not _is_about(one, what):
        return []
    if ctx.now > one.asked + PATIENCE:
        return await end_verification(ctx, one, "m.timeout", too_late_lines())
    if what.step == "cancel":
        return await _take_cancel(ctx, one, what.content)
    one = replace(one, request=what.request)
    try:
        return await STEPS[what.step](ctx, one, what.content)
    except Mismatch as wrong:
        return await end_verification(ctx, one, wrong.code, mismatch_lines(wrong.code))


def _is_about(one: Verification, what: VerificationStep) -> bool:
    """Return whether the step belongs to this verification, and came in its way."""
    if one.by_device or not what.room:
        return one.by_device and not what.room and what.request == one.request
    if one.room != what.room or what.request != (one.request or what.request):
        return False
    # Of our own request we don't know yet which event it is: others are of an earlier one.
    return one.request is not None or what.step in ("ready", "start")


async def _take_cancel(ctx: Context, one: Verification, content: Mapping[str, Any]) -> Sent:
    """Handle a cancellation by their app. Says nothing if another device of ours took it on."""
    await verification_store.delete_verification(ctx.db, one.person)
    await ctx.end_own_question(one.person)
    if content.get("code") == "m.accepted":
        return []
    return [_("Your app stopped the verification."), *again_lines()]


async def _take_ready(ctx: Context, one: Verification, content: Mapping[str, Any]) -> Sent:
    """Their app accepted our request: show our picture if it can scan one, else offer emoji."""
    require_step(one, "asked")
    one = await requests.with_device(ctx, one, content.get("from_device"))
    ways = requests.known_methods(content.get("methods"))
    if not ways:
        raise Mismatch("m.unknown_method")
    called_off = _call_off_others(one)
    if agreement.SHOW_CODE in ways:
        one = replace(one, step="ready")
        await verification_store.put_verification(ctx.db, one)
        return [*called_off, *await show_code(ctx, one)]
    start = agreement.start_content(us(ctx).device)
    one = replace(one, step="started", starts=True, secret=agreement.new_secret())
    one = replace(one, start=_bind(one, start))
    await verification_store.put_verification(ctx.db, one)
    return [*called_off, *send_step(one, "start", start)]


def _call_off_others(one: Verification) -> Sent:
    """Tell the person's other devices, which we asked too, that one of them answered."""
    others = tuple(name for name in one.asked_devices if name != one.device)
    if not one.by_device or not others:
        return []
    return [Channel(one.person, None, one.request or "", others).cancel("m.accepted")]


def _bind(one: Verification, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a start as it is sent, which both sides hash."""
    channel = one.channel()
    assert channel is not None
    return channel.bind(content)


async def _take_start(ctx: Context, one: Verification, content: Mapping[str, Any]) -> Sent:
    """They offer how to go on. Of two offers at once that of the smaller user id counts."""
    if one.step == "started" and ctx.me < one.person:
        return []
    if content.get("method") == agreement.RECIPROCATE:
        return await take_scan(ctx, one, content)
    require_step(one, "ready", "asked", "started")
    if content.get("method") != agreement.METHOD:
        raise Mismatch("m.unknown_method")
    one = await requests.with_device(ctx, one, content.get("from_device"))
    secret = agreement.new_secret()
    start = _bind(one, content)
    accepted = agreement.accept_content(agreement.public_key(secret), start)
    one = replace(one, step="accepted", starts=False, secret=secret, start=start)
    await verification_store.put_verification(ctx.db, one)
    return send_step(one, "accept", accepted)


async def _take_accept(ctx: Context, one: Verification, content: Mapping[str, Any]) -> Sent:
    require_step(one, "started")
    bound = agreement.read_commitment(content)
    one = replace(one, step="accepted", commitment=bound)
    await verification_store.put_verification(ctx.db, one)
    return send_step(one, "key", {"key": agreement.public_key(one.secret or b"")})


async def _take_key(ctx: Context, one: Verification, content: Mapping[str, Any]) -> Sent:
    """Both keys are there: show our emoji, and ask in private whether theirs are the same."""
    require_step(one, "accepted")
    key = str(content.get("key"))
    if one.starts and agreement.commitment(key, one.start or {}) != one.commitment:
        raise Mismatch("m.mismatched_commitment")
    one = replace(one, step="comparing", their_key=key)
    shared_secret(ctx, one)  # raises for what is no key
    await verification_store.put_verification(ctx.db, one)
    asked = await ask_in_private(ctx, one, "compare")
    own = {"key": agreement.public_key(one.secret or b"")}
    return asked if one.starts else [*send_step(one, "key", own), *asked]


async def _take_macs(ctx: Context, one: Verification, content: Mapping[str, Any]) -> Sent:
    """Their app says that the emoji are the same. It waits until the person told us too."""
    require_step(one, "comparing", "confirmed")
    one = replace(one, macs=dict(content))
    await verification_store.put_verification(ctx.db, one)
    return await finish(ctx, one) if one.step == "confirmed" else []


async def _take_done(_ctx: Context, _one: Verification, _content: Mapping[str, Any]) -> Sent:
    return []  # ours are checked by then, or still to come


STEPS: Mapping[str, Callable[[Context, Verification, Mapping[str, Any]], Awaitable[Sent]]] = {
    "ready": _take_ready,
    "start": _take_start,
    "accept": _take_accept,
    "key": _take_key,
    "mac": _take_macs,
    "done": _take_done,
}
