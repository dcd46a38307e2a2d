"""Tells the requester that the homeserver refused an effect, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.capability.context import Origin
from bot.delivery.effects import Say
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.power_levels import CHANGED
from bot.i18n import _
from bot.types import EventId, Line, Person, RoomId, UserId
from storage import rooms, sync
from storage.database import Tx
from storage.outbox_entries import OutboxEntry
from storage.rooms import Room


async def report_refusal(
    tx: Tx, desk: AnswerWriter, me: UserId, letter: OutboxEntry, code: str
) -> None:
    """Report once per command that this entry failed; `code` is the homeserver's error code."""
    asked: Mapping[str, Any] | None = letter.payload.get("asked")
    if asked is None:  # nobody requested it
        return
    if letter.kind == "join" and not _is_refusal(code):  # the inviter sees that we decline
        return
    if not await sync.mark_seen(tx, EventId(f"refused:{asked['event']}"), desk.now()):
        return
    lines = await _sentences(tx, me, letter, code, asked["room"])
    if asked["private"]:
        said: Any = Say(lines, to=asked["by"], loud=True)
    else:
        said = lines
    await desk.write_answer(
        tx, said, Origin(asked["room"], asked["event"], asked["thread"]), desk.now()
    )


async def _sentences(
    tx: Tx, me: UserId, letter: OutboxEntry, code: str, asked_in: RoomId
) -> tuple[Line, Line]:
    room = await rooms.get(tx, letter.room) if letter.room else None
    deed = _describe_entry(letter)
    if letter.kind == "join":
        return _because(deed, _("I was not let in")), _("Please invite me again.")
    if code == "M_TOO_LARGE":
        larger = _("Please ask for less of it, or ask who runs the server to allow larger files.")
        return _because(deed, _("the server does not take anything so large")), larger
    if code == CHANGED:
        why = _("somebody changed this person's rights in the same moment")
        return _because(deed, why), _("Please look how it is now, and write it again if need be.")
    if not _is_refusal(code):
        return _because(deed, _("the other server does not answer")), _("Please try again later.")
    if code == "M_FORBIDDEN" and room is not None and _lacks_right(room, me, letter):
        there = _("in “{room}”", room=room.name or room.room)
        place = _("here") if room.room == asked_in else there
        return (
            _because(deed, _("I don't have the right to do that {place}", place=place)),
            _("A moderator can give it to me, or do it from their own app."),
        )
    return (
        _because(deed, _("the server refused it")),
        _("A moderator can try it from their own app, which says more."),
    )


def _is_refusal(code: str) -> bool:
    """Return whether the server answered at all."""
    return code.startswith("M_")


def _because(deed: Line, reason: Line) -> Line:
    return _("{deed}: {reason}.", deed=deed, reason=reason)


def _describe_entry(letter: OutboxEntry) -> Line:
    """Return what could not be done."""
    payload = letter.payload
    who = Person(payload["user"], full=True) if "user" in payload else None
    if letter.kind == "invite":
        return _("I could not invite {who}", who=who)
    if letter.kind == "remove":
        if payload["how"] == "unban":
            return _("I could not let {who} come back", who=who)
        return _("I could not remove {who}", who=who)
    if letter.kind == "redact":
        return _("I could not take that message away")
    if letter.kind == "state":
        return _("I could not change the room's settings")
    if letter.kind == "join":
        return _("I could not enter the room that you invited me to")
    if letter.kind == "file":
        return _("I could not send the file {name}", name=payload["content"]["filename"])
    return _("I could not post what you asked for")


def _lacks_right(room: Room, me: UserId, letter: OutboxEntry) -> bool:
    """Return whether our own power level is too low, as far as we know."""
    payload, mine = letter.payload, room.power_of(me)
    if letter.kind == "remove":
        how = "kick" if payload["how"] == "kick" else "ban"
        outranked = payload["how"] != "unban" and mine <= room.power_of(payload["user"])
        return outranked or mine < room.power_to(how)
    if letter.kind in ("invite", "redact"):
        return mine < room.power_to(letter.kind)
    if letter.kind == "state":
        if (power := payload.get("power")) is not None and mine <= room.power_of(power["user"]):
            return True
        return mine < room.power_for(payload["type"], state=True)
    return mine < room.power_for("m.room.encrypted", state=False)
