"""A person's new Matrix identity counts only once somebody confirms it (docs/decisions/0024)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot import refuge
from bot.context import Context
from bot.i18n import _
from bot.types import Edited, Line, Message, NewIdentity, PollEnd, PollVote, Trust, UserId
from bot.words import words
from storage import identities
from storage.database import Tx

_COMMAND = words("!confirmar", "!confirmar", "!confirm")
"""With its sign: it is typed in a room, though this is read in one for two."""
Said = TypeVar("Said", bound=Message | PollVote | PollEnd | Edited)


async def judged(tx: Tx, what: Said) -> Said:
    """The same, worth nothing if its sender's new identity waits: also what was read before.

    The key store says so already of what it decrypts now; this holds in the transaction in which
    something would be done about it.
    """
    if await identities.waiting(tx, what.sender) is None:
        return what
    return replace(what, trust=Trust.REPLACED)


async def begins(ctx: Context, what: NewIdentity) -> None:
    """It waits. Our own is not ours to doubt here: the gateway stops where it is another one."""
    if what.sender != ctx.me:
        await identities.replaced(ctx.db, what.sender, what.key or what.event, what.at)


def steps(person: UserId) -> tuple[Line, ...]:
    """What somebody with a new identity reads: nothing in it that they don't know.

    A new phone may be new because the old one was taken: what to do in danger comes first.
    """
    return (
        refuge.by_yourself(),
        _("Your Matrix identity is a new one: other keys than before sign your devices."),
        _("Until somebody who knows you confirms it I do nothing that you write. What is for you"
          " waits, nothing is lost."),
        _("By phone or face to face, ask somebody who is in a room with you and me. There they"
          " write: “{command} {address}”", command=_COMMAND, address=person),
        _("If nobody does, it counts after 72 hours in which your old devices stay silent."),
        _("You did not change anything? Then somebody else did: tell your people at once, by"
          " another way."),
        _("To close this room: `!cancel`"),
    )  # fmt: skip
