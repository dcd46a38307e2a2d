"""Lines that were not understood or that a question is about, kept for a minute: whoever mends one
by editing is heard."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta

from bot.types import EditedMessage, EventId, Message

TIME_TO_CORRECT = timedelta(minutes=1)
MOST_KEPT = 500
"""Lines that are kept at once; the oldest goes first."""


class MisreadLines:
    """The latest lines that led to nothing yet, in memory: a restart forgets them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[EventId, Message] = OrderedDict()

    def note(self, message: Message) -> None:
        """Keep a line that was not understood or failed, or asks something back, in case its author
        corrects it."""
        self._kept[message.event] = message
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def corrected(self, edit: EditedMessage) -> Message | None:
        """Return the kept line as this edit by its author, within a minute, corrects it; else None.
        Works once for each line."""
        kept = self._kept.get(edit.target)
        if kept is None or (kept.room, kept.sender) != (edit.room, edit.sender):
            return None
        del self._kept[edit.target]
        if edit.at - kept.at > TIME_TO_CORRECT:
            return None
        return Message(
            edit.room,
            edit.event,
            edit.sender,
            edit.at,
            edit.text,
            late=edit.late,
            trust=edit.trust,
            reply_to=kept.reply_to,
            thread=kept.thread,
            mentions=edit.mentions,
            media=kept.media,
            relation_sealed=kept.relation_sealed,
            original=kept.event,
        )
