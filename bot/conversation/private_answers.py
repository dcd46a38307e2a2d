"""Turns the answer to a line in a room into a private one.

A sensitive line is redacted as well; for another room's items the room gets a notice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.delivery.effects import Effect, Redact, Say, SendFile, StartPoll
from bot.i18n import _
from bot.lines import Line

REDACTED_NOTICE = _("I took your message out of the room; somebody may have read it.")


def make_private(ctx: Context, answer: Answer) -> list[Any]:
    """Return the effects with those that have no explicit target sent to the person in private.

    Later refusals of these effects go there too.
    """
    ctx.origin = replace(ctx.origin, tells_in_private=True)
    every = answer_parts(answer)
    lines = tuple(one for one in every if isinstance(one, Line))
    said = [Say(lines, to=ctx.who, loud=True)] if lines else []
    done = [_address_privately(ctx, one) for one in every if not isinstance(one, Line)]
    if ctx.answers_silently:
        return [*said, *done]
    return [
        *said,
        *done,
        *(_redaction(ctx) if ctx.discreet else _private_notice(ctx, [*said, *done])),
    ]


def _redaction(ctx: Context) -> list[Any]:
    return [Redact(ctx.origin.event, quiet=True)] if ctx.origin.event and may_redact(ctx) else []


def _private_notice(ctx: Context, effects: list[Any]) -> list[Any]:
    """Return the notice in the room, if anything was sent to the person."""
    if all(getattr(one, "to", None) != ctx.who for one in effects):
        return []
    line = _("I wrote to you in private.")
    return [Say((line,), reply_to=ctx.origin.event, thread=ctx.origin.thread)]


def may_redact(ctx: Context) -> bool:
    """Return whether the bot has the power to redact other people's messages in this room."""
    room = ctx.policy.room
    if room is None or ctx.is_private:
        return False
    return room.power_of(ctx.me) >= room.power_to("redact")


def _address_privately(ctx: Context, effect: Any) -> Any:
    if not isinstance(effect, Say | SendFile | StartPoll) or effect.room or effect.to:
        return effect
    if isinstance(effect, StartPoll):
        return replace(effect, to=ctx.who, thread=None)
    if isinstance(effect, SendFile):
        return replace(effect, to=ctx.who, reply_to=None, thread=None)
    return replace(effect, to=ctx.who, reply_to=None, thread=None, mentions=(), loud=True)


def answer_parts(answer: Answer) -> list[Line | Effect]:
    """Return a handler's answer (None, one line or effect, or several) as a list."""
    if answer is None:
        return []
    if isinstance(answer, Line) or not hasattr(answer, "__iter__"):
        return [answer]
    return list(answer)
