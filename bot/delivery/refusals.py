"""Tells the requester that the homeserver refused an effect, and what to do next."""

from __future__ import annotations

from typing import Any

from bot.capability.context import Origin
from bot.capability.feature import Answer
from bot.conversation import distress_lines
from bot.conversation.questions import call_question
from bot.delivery.effects import Say
from bot.delivery.entry_kind import PendingEntry
from bot.delivery.entry_writer import AnswerWriter
from bot.delivery.payload import MessagePayload
from bot.gateway import CHANGED, INVITE_BLOCKED
from bot.i18n import _
from bot.lines import Line
from bot.types import EventId, RoomId, UserId
from storage import dialogues, questions, rooms, sync
from storage.database import Tx
from storage.membership.room import Room
from storage.questions import Question

QUESTION_OVER = _("So I don't wait for an answer, and nothing was changed.")
WRITE_AGAIN = _("Please write it again later, or ask a moderator.")


async def report_refusal(
    tx: Tx, answers: AnswerWriter, me: UserId, entry: PendingEntry[Any], code: str
) -> None:
    """Tell whoever asked, once for each command, that an outbox entry failed.

    `code` is the homeserver's error code.
    """
    asked, refusal = entry.payload.requester, entry.kind.refusal
    if asked is None or refusal is None:  # nobody requested it
        return
    if entry.kind.given_up is not None and not _is_refusal(code):  # what follows tells of it
        return
    what = asked.event or entry.row.txn  # a job's entry answers no event
    if not await sync.mark_seen(tx, EventId(f"refused:{what}"), answers.now()):
        return
    room = await rooms.get(tx, entry.row.room) if entry.row.room else None
    lacks_right = room is not None and refusal.lacks_right(entry.payload, room, me)
    where = _place(room, asked.room) if room is not None and lacks_right else None
    lines = _sentences(refusal.deed(entry.payload), refusal.reason, code, where)
    said: Any = Say(lines, to=asked.by, loud=True) if asked.tells_in_private else lines
    await answers.write_answer(
        tx, said, Origin(asked.room, asked.event, asked.thread), answers.now()
    )


async def end_lost_question(
    tx: Tx, answers: AnswerWriter, entry: PendingEntry[Any], code: str | None
) -> None:
    """If the entry that ended without an event asks something, or is a file that was to be seen
    first, end the question and its dialogue, and tell whoever was asked. `code` is the
    homeserver's error code, if it gave one.

    A yes to what nobody could read would be a yes to anything.
    """
    question = await questions.lapse_lost(tx, entry.row.txn)
    if question is None:
        return
    await dialogues.schedule_next(tx, question.person, answers.now())  # it ends what has lapsed
    if code is None:
        return
    why, step = _sentences(_("I could not post my question"), None, code, None)
    if call_question.waits_for_yes(question, question.asked):
        lines: tuple[Line, ...] = (why, *distress_lines.at_any_time())
    elif entry.payload.requester is not None:  # of a file, they were told why
        lines = (QUESTION_OVER,)
    elif question.name:  # of a dialogue, which nobody can begin by writing it again
        lines = (why, QUESTION_OVER)
    else:
        lines = (why, QUESTION_OVER, step if code == "M_TOO_LARGE" else WRITE_AGAIN)
    if question.room == RoomId(question.person):
        said: Answer = Say(lines, to=question.person, loud=True)
    else:
        said = lines
    await answers.write_answer(tx, said, _asked_at(entry, question), answers.now())


def _asked_at(entry: PendingEntry[Any], question: Question) -> Origin:
    """Return where the question was to stand: its room, the line it replies to, its thread."""
    content = entry.payload.content if isinstance(entry.payload, MessagePayload) else {}
    line = content.get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id")
    thread = EventId(question.thread) if question.thread else None
    return Origin(RoomId(entry.row.room or ""), line, thread)


def _place(room: Room, asked_in: RoomId) -> Line:
    if room.room == asked_in:
        return _("here")
    return _("in “{room}”", room=room.name or room.room)


def _sentences(
    deed: Line, known: tuple[Line, Line] | None, code: str, lacks_right_in: Line | None
) -> tuple[Line, Line]:
    """Return what failed and why, and what to do next."""
    if known is not None:
        return _because(deed, known[0]), known[1]
    if code == "M_TOO_LARGE":
        larger = _("Please ask for less of it, or ask who runs the server to allow larger files.")
        return _because(deed, _("the server does not take anything so large")), larger
    if code == CHANGED:
        why = _("somebody changed this person's rights in the same moment")
        return _because(deed, why), _("Please look how it is now, and write it again if need be.")
    if code == INVITE_BLOCKED:
        allow = _("They can allow invitations in their app's settings.")
        return _because(deed, _("their app takes no invitations")), allow
    if not _is_refusal(code):
        return _because(deed, _("the other server does not answer")), _("Please try again later.")
    if code == "M_FORBIDDEN" and lacks_right_in is not None:
        return (
            _because(deed, _("I don't have the right to do that {place}", place=lacks_right_in)),
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
