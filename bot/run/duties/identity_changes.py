"""A person's new Matrix identity counts only when somebody confirms it (docs/decisions/0024)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot.capability.context import Context
from bot.conversation import distress_lines
from bot.i18n import _
from bot.lines import Line
from bot.text.command_words import words
from bot.types import EditedMessage, Message, NewIdentity, PollEnd, PollVote, Trust, UserId
from storage import identities
from storage.database import Tx

_COMMAND = words("!confirmar", "!confirmar", "!confirm")
"""With its prefix, because it is typed in a room but read in a private one."""
TrustedEvent = TypeVar("TrustedEvent", bound=Message | PollVote | PollEnd | EditedMessage)


async def with_current_trust(tx: Tx, what: TrustedEvent) -> TrustedEvent:
    """Return the event with trust `REPLACED` if its sender's new identity is not confirmed yet.

    The key store does so when it decrypts; this check covers what was decrypted earlier.
    """
    if await identities.waiting_identity(tx, what.sender) is None:
        return what
    return replace(what, trust=Trust.REPLACED)


async def start_waiting(ctx: Context, what: NewIdentity) -> None:
    """Store that a person's new identity waits to be confirmed. The bot's own is left to the
    gateway."""
    if what.sender != ctx.me:
        await identities.add_waiting(ctx.db, what.sender, what.key or what.event, what.at)


def confirmation_steps(person: UserId) -> tuple[Line, ...]:
    """Return the lines that tell a person with a new identity how to confirm it, first what to do
    in danger.

    They reveal nothing to a thief of the account, for the old phone may have been taken.
    """
    return (
        distress_lines.self_help_line(),
        _("Your Matrix identity is a new one: other keys than before sign your devices."),
        _(
            "Until somebody who knows you confirms it I do nothing that you write. What is for you"
            " waits, nothing is lost."
        ),
        _(
            "By phone or face to face, ask somebody who is in a room with you and me. There they"
            " write: “{command} {address}”",
            command=_COMMAND,
            address=person,
        ),
        _("If nobody does, it counts after 72 hours in which your old devices stay silent."),
        _(
            "You did not change anything? Then somebody else did: tell your people at once, by"
            " another way."
        ),
        _("To close this room: `!cancel`"),
    )
