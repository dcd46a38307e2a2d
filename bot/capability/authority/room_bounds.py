"""Keeps a device that counts only by a room's own rule within that room.

Checked in one place for everything that runs (`docs/decisions/0020`): what a command declares
(`Reach`), and then its effects. A homeserver can create such a device in anybody's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from bot.capability.authority.access import Reach
from bot.capability.authority.permission import BEYOND_ROOM, CONFIRM_DEVICE
from bot.capability.authority.typed_forms import CommandPlace
from bot.capability.context import Context
from bot.capability.errors import UserError
from bot.capability.feature import Answer, Command
from bot.conversation.private_answers import REDACTED_NOTICE, answer_parts, may_redact
from bot.delivery.effects import AcceptIdentity, CollectSentEvents, CreateRoom, Help, Join, Leave
from bot.i18n import _
from bot.lines import Line

log = structlog.get_logger(__name__)

_LEAVING_EFFECTS = (AcceptIdentity, CreateRoom, Help, Join, Leave, CollectSentEvents)


def require_reach(ctx: Context, command: Command) -> None:
    """Raise `UserError` if the command reaches outside the only room in which the person's device
    counts."""
    if not ctx.is_trusted and (
        command.reach is Reach.BEYOND or command.where is CommandPlace.PRIVATE
    ):
        gone = command.where is CommandPlace.PRIVATE and may_redact(ctx)
        raise _refusal(ctx, *_extra_lines(command, gone=gone), gone=gone)


def _extra_lines(command: Command, *, gone: bool) -> list[Line]:
    lines = []
    if command.is_urgent:
        lines.append(_("In danger? Call somebody you trust yourself: from this device I can't."))
    if gone:
        lines.append(REDACTED_NOTICE)
    return lines


def require_trust(ctx: Context) -> None:
    """Raise `UserError` if the person's device counts in one room only."""
    if not ctx.is_trusted:
        raise _refusal(ctx)


def require_within_room(ctx: Context, answer: Answer) -> Answer:
    """Return the answer unchanged. Raises `UserError`, which undoes everything, if an effect
    reaches outside the room."""
    if ctx.is_trusted:
        return answer
    every = answer_parts(answer)
    if ctx.answers_in_private or any(_leaves_room(ctx, one) for one in every):
        raise _refusal(ctx)
    return every


def keep_in_room(ctx: Context, answer: Answer) -> Answer:
    """Return the answer without the effects that reach outside the room.

    For jobs and other work that nobody asked for, and to whom nothing could be refused.
    """
    if ctx.is_trusted:
        return answer
    every = answer_parts(answer)
    found = [] if ctx.answers_in_private else [one for one in every if not _leaves_room(ctx, one)]
    if len(found) < len(every):
        log.info("within.left_out", feature=ctx.feature, count=len(every) - len(found))
    return found


def _leaves_room(ctx: Context, effect: Any) -> bool:
    """Return whether an effect reaches another room, now or through its `Callback`."""
    if isinstance(effect, Line):
        return False
    room, person = getattr(effect, "room", None), getattr(effect, "to", None)
    onwards = isinstance(effect, _LEAVING_EFFECTS) or getattr(effect, "then", None) is not None
    return onwards or person is not None or room not in (None, ctx.room)


def is_refusal(lines: Sequence[Line]) -> bool:
    """Return whether these lines are the refusal to a device that acts outside the one room where
    it counts."""
    return BEYOND_ROOM in lines


def _refusal(ctx: Context, *more: Line, gone: bool = False) -> UserError:
    """Return the refusal, to be said in this room because a private answer would leave it."""
    ctx.discreet = ctx.answer_privately = False
    return UserError(BEYOND_ROOM, CONFIRM_DEVICE, *more, gone=gone)
