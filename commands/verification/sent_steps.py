"""What the bot sends in a verification, and what it says when one ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import Answer, Context, Effect, Line, Say, UserId, _
from commands.verification import agreement, verification_store
from commands.verification.agreement import Mismatch, Party, SharedSecret
from commands.verification.declaration import PATIENCE
from commands.verification.verification_store import Verification

Sent = list[Effect | Line]
"""Steps of ours, and lines for the person."""


def us(ctx: Context) -> Party:
    """Return the bot's side of a verification: the account and its device."""
    return Party(ctx.me, ctx.fetched.devices(ctx.me).signed[0])


def shared_secret(ctx: Context, one: Verification) -> SharedSecret:
    """Return the secret shared with the other side's key. Raises `Mismatch` for what is no key."""
    them = Party(one.person, one.device)
    assert one.secret is not None and one.request is not None
    return agreement.agree(one.secret, us(ctx), them, one.their_key or "", one.request)


def require_step(one: Verification, *steps: str) -> None:
    """Raise `Mismatch` unless the last step of the verification was one of these."""
    if one.step not in steps:
        raise Mismatch("m.unexpected_message")


def require_same_keys(ctx: Context, one: Verification) -> None:
    """Raise `Mismatch` if the person's identity or device has another key than at the request."""
    found = ctx.fetched.devices(one.person)
    same = found.master == one.master and found.keys.get(one.device) == one.device_key
    if not same or one.device not in found.signed:
        raise Mismatch("m.key_mismatch")


def send_step(one: Verification, step: str, content: Mapping[str, Any]) -> Sent:
    """Return the effect that sends one of our steps in a verification."""
    channel = one.channel()
    assert channel is not None
    return [channel.send(step, content)]


async def ask_in_private(ctx: Context, one: Verification, dialogue: str) -> Sent:
    """Begin the private dialogue of this name, in which the person compares what the bot shows.

    Return nothing to send, or lines that ask them to answer an earlier question first.
    """
    about = {"request": one.request}
    await ctx.begin_dialogue(dialogue, one.person, about, patience=PATIENCE, first=True)
    if not await ctx.is_being_asked(one.person):
        return []
    return [
        _("Your app is ready to verify me."),
        _(
            "First answer what I asked you before this, or write `cancel`. This waits ten minutes"
            " at most."
        ),
    ]


async def end_verification(ctx: Context, one: Verification, code: str, lines: list[Line]) -> Sent:
    """End a verification, and return what tells it to both the app and the person."""
    await verification_store.delete_verification(ctx.db, one.person)
    await ctx.end_own_question(one.person)
    channel = one.channel()
    return [*([channel.cancel(code)] if channel else []), *lines]


def tell(person: UserId, answer: Sent) -> Answer:
    """Return the effects of `answer`, such as steps of a verification, and its lines joined into
    one message to `person` in private."""
    lines = tuple(one for one in answer if isinstance(one, Line))
    effects = [one for one in answer if isinstance(one, Effect)]
    return [*effects, Say(lines, to=person)] if lines else effects


def again_lines() -> list[Line]:
    """Return the lines that say how to try a verification again."""
    return [_("To try again: `verify`")]


def too_late_lines() -> list[Line]:
    """Return the lines that say that a verification took longer than `PATIENCE`."""
    return [_("The verification took too long, so it is over."), *again_lines()]


def caution_line() -> Line:
    """Return the line that says what to do while somebody may stand between the person and the
    bot."""
    return _(
        "Write nothing here that could put anybody in danger, and tell somebody of the"
        " moderation, in another way than this."
    )


def mismatch_lines(code: str) -> list[Line]:
    """Return lines that say why a verification ended: an alarm for keys that differ, else that the
    apps do not fit."""
    if code in ("m.mismatched_sas", "m.key_mismatch", "m.mismatched_commitment"):
        return [
            _("The pictures or keys are not the same: somebody may stand between us."),
            caution_line(),
        ]
    return [_("Your app and I don't understand each other here, so I stopped."), *again_lines()]
