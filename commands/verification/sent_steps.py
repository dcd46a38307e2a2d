"""What the bot sends in a verification, and what it says when one ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import Context, Effect, EventId, Line, RoomId, SendRaw, _
from commands.verification import agreement, exchange_store
from commands.verification.agreement import Mismatch, Party, SharedSecret
from commands.verification.exchange_store import Exchange


def us(ctx: Context) -> Party:
    """Return our side: the account and its device."""
    return Party(ctx.me, ctx.fetched.devices(ctx.me).signed[0])


def shared_secret(ctx: Context, one: Exchange) -> SharedSecret:
    """Return the secret shared with their key. Raises `Mismatch` for what is no key."""
    them = Party(one.person, one.device)
    assert one.secret is not None and one.request is not None
    return agreement.agree(one.secret, us(ctx), them, one.their_key or "", one.request)


def require_step(one: Exchange, *steps: str) -> None:
    """Raise `Mismatch` unless the last step was one of these."""
    if one.step not in steps:
        raise Mismatch("m.unexpected_message")


def relation_to(request: EventId) -> dict[str, str]:
    """Return the relation that each step has to the request."""
    return {"rel_type": "m.reference", "event_id": request}


def with_relation(content: Mapping[str, Any], request: EventId) -> dict[str, Any]:
    """Return the content of a step about this request."""
    return dict(content) | {"m.relates_to": relation_to(request)}


def send_step(
    ctx: Context, one: Exchange, step: str, content: Mapping[str, Any]
) -> list[Effect | Line]:
    """Return the effect that sends one of our steps."""
    assert one.request is not None
    kind = f"m.key.verification.{step}"
    return [SendRaw(kind, with_relation(content, one.request), one.room)]


def cancel_step(room: RoomId, request: EventId, code: str) -> SendRaw:
    """Return the effect that cancels it, with a code of the spec."""
    content = with_relation({"code": code, "reason": code}, request)
    return SendRaw("m.key.verification.cancel", content, room)


async def end_exchange(
    ctx: Context, one: Exchange, code: str, lines: list[Line]
) -> list[Effect | Line]:
    """End it and tell both the app and the person."""
    await exchange_store.delete_exchange(ctx.db, one.person)
    await ctx.end_own_question(one.person)
    cancelled = [cancel_step(one.room, one.request, code)] if one.request else []
    return [*cancelled, *lines]


def again_lines() -> list[Line]:
    """Say how to try again."""
    return [_("To try again: `verify`")]


def too_late_lines() -> list[Line]:
    """Say that it took longer than `PATIENCE`."""
    return [_("The verification took too long, so it is over."), *again_lines()]


def mismatch_lines(code: str) -> list[Line]:
    """Say why it ended: an alarm for keys that differ, else that the apps do not fit."""
    if code in ("m.mismatched_sas", "m.key_mismatch", "m.mismatched_commitment"):
        return [
            _("The pictures or keys are not the same: somebody may stand between us."),
            _(
                "Write nothing here that could put anybody in danger, and tell somebody of the"
                " moderation, in another way than this."
            ),
        ]
    return [_("Your app and I don't understand each other here, so I stopped."), *again_lines()]
