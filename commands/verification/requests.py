"""How a verification begins: a person's app asks us, or the bot asks the person's app."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import (
    Answer,
    Context,
    RoomId,
    Say,
    SendRaw,
    UserId,
    VerificationStep,
    _,
    rooms,
)
from commands.verification import agreement, code_scan, verification_store
from commands.verification.agreement import Mismatch
from commands.verification.channel import Channel
from commands.verification.declaration import EXPIRE_JOB, PATIENCE
from commands.verification.sent_steps import Sent, send_step, too_late_lines, us
from commands.verification.verification_store import Verification

REQUEST = "m.key.verification.request"
MOST_DEVICES = 20
"""How many of a person's devices are asked at once."""
AHEAD = timedelta(minutes=5)
"""How far a request's stamp may be in the future (spec, `m.key.verification.request`)."""


async def begin(ctx: Context, what: VerificationStep) -> Sent:
    """Answer a person's request for verification: ready, or a refusal. Return what to send, nothing
    outside of private rooms and for devices that their owner did not confirm."""
    content, person = what.content, what.sender
    by_device = not what.room
    if not await rooms.shares_room(ctx.db, person):
        return _call_off_strangers(ctx, what)
    if by_device:
        room, asked = await rooms.private_room(ctx.db, person), _stamp(content.get("timestamp"))
        if asked is None or not -PATIENCE <= asked - ctx.now <= AHEAD:
            return []  # the spec: leave it alone
    elif content.get("to") != ctx.me or not ctx.is_private:
        return []  # anybody can write one in a room, as often as they like
    else:
        room, asked = what.room, what.at
    device = str(content.get("from_device"))
    channel = Channel(person, None if by_device else room, what.request, (device,))
    if room is None:
        why = _("Write to me in private first: there I say which pictures I see.")
        return [channel.cancel("m.user", await ctx.render_line(why, RoomId(person)))]
    if ctx.now > asked + PATIENCE:
        return [*too_late_lines()]
    return await _accept(ctx, channel, room, content.get("methods"))


def _call_off_strangers(ctx: Context, what: VerificationStep) -> Sent:
    """Return a refusal for who shares no room with the bot, or has just come into one, in their own
    private room, where their app would wait; and nothing elsewhere."""
    if not what.room or not ctx.is_private or what.content.get("to") != ctx.me:
        return []
    return [Channel(what.sender, what.room, what.request).cancel("m.user")]


async def _accept(ctx: Context, channel: Channel, room: RoomId, methods: object) -> Sent:
    """Answer that we are ready, and how: also by a picture if their app can scan one."""
    (device,) = channel.devices
    by_device = channel.room is None
    one = await _new_verification(ctx, channel.person, device, room, by_device=by_device)
    ours = known_methods(methods)
    if one is None or not ours:
        return [
            channel.cancel("m.unknown_method"),
            _("I can't verify with this device. Which of yours are confirmed: `security`"),
        ]
    one = replace(one, request=channel.request, step="ready")
    replaced = await _keep(ctx, one)
    ready = send_step(one, "ready", {"from_device": us(ctx).device, "methods": ours})
    shown = await code_scan.show_code(ctx, one) if agreement.SHOW_CODE in ours else []
    return [*replaced, *ready, *shown]


def known_methods(theirs: object) -> list[str]:
    """Return those of the verification methods offered by an app that the bot has too."""
    offered = set(
        filter(lambda one: isinstance(one, str), theirs if isinstance(theirs, list) else ())
    )
    ours = [agreement.METHOD] if agreement.METHOD in offered else []
    if {agreement.SCAN_CODE, agreement.RECIPROCATE} <= offered:
        ours += [agreement.SHOW_CODE, agreement.RECIPROCATE]
    return ours


async def ask_in_room(ctx: Context) -> Answer:
    """Ask the person's app to verify the bot, by a message in their private room. Return what to
    say, if anything."""
    one = await _of_first_device(ctx, by_device=False)
    if one is None:
        return _no_device()
    replaced = await _keep(ctx, one)
    body = await ctx.render_line(
        _("I would like to verify with you, by comparing emoji."), ctx.room
    )
    asked = {"msgtype": REQUEST, "body": body, "to": ctx.who, **_offer(ctx)}
    return [*replaced, SendRaw("m.room.message", asked, ctx.room), *_shows()]


async def ask_devices(ctx: Context) -> Answer:
    """Ask all confirmed devices of the person at once to verify the bot, outside of the room.
    Return what to say, if anything."""
    one = await _of_first_device(ctx, by_device=True)
    if one is None:
        return _no_device()
    devices = ctx.fetched.devices(ctx.who).signed[:MOST_DEVICES]
    one = replace(one, request=secrets.token_hex(16), asked_devices=devices)
    replaced = await _keep(ctx, one)
    asked = _offer(ctx) | {"timestamp": int(ctx.now.timestamp() * 1000)}
    return [*replaced, *send_step(one, "request", asked), *_shows()]


def _shows() -> list[Say]:
    return [Say((_("Your app shows a request now: accept it within ten minutes."),), loud=True)]


def _no_device() -> Answer:
    return _("I can't verify with this device. Which of yours are confirmed: `security`")


def _offer(ctx: Context) -> dict[str, Any]:
    ways = [agreement.METHOD, agreement.SHOW_CODE, agreement.RECIPROCATE]
    return {"from_device": us(ctx).device, "methods": ways}


def _stamp(value: object) -> datetime | None:
    """Return a stamp in milliseconds as a time (UTC), or None if it is none."""
    if not isinstance(value, int) or not 0 <= value < 2**43:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


async def _of_first_device(ctx: Context, *, by_device: bool) -> Verification | None:
    signed = ctx.fetched.devices(ctx.who).signed
    if not signed:
        return None
    return await _new_verification(ctx, ctx.who, signed[0], ctx.room, by_device=by_device)


async def _new_verification(
    ctx: Context, person: UserId, device: object, room: RoomId, *, by_device: bool
) -> Verification | None:
    """Return a new verification with the person's current keys.

    None for a device that does not count.
    """
    found = ctx.fetched.devices(person)
    shared = await rooms.shares_room(ctx.db, person)
    if not shared or found.master is None or device not in found.signed:
        return None
    key, name = found.keys.get(str(device), ""), str(device)
    return Verification(
        person, room, by_device, None, ctx.now, "asked", False, name, key, found.master
    )


async def _keep(ctx: Context, one: Verification) -> Sent:
    """Store a verification that begins, and when it lapses. End the one before it."""
    before = await verification_store.get_verification(ctx.db, one.person)
    old = before.channel() if before is not None else None
    if before is not None:
        await ctx.end_own_question(one.person)
    await verification_store.put_verification(ctx.db, one)
    await ctx.schedule(EXPIRE_JOB, one.asked + PATIENCE, room=one.room, person=one.person)
    return [old.cancel("m.user")] if old is not None else []


async def with_device(ctx: Context, one: Verification, device: object) -> Verification:
    """Return a copy of the verification that holds for the device that answers.

    Raises `Mismatch` for a device that is not the person's, and once another one has answered.
    """
    if device == one.device:
        return one
    other = await _new_verification(ctx, one.person, device, one.room, by_device=one.by_device)
    if one.step != "asked" or other is None:
        raise Mismatch("m.key_mismatch")
    return replace(one, device=other.device, device_key=other.device_key, master=other.master)
