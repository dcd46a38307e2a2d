"""Native polls (MSC3381). Their entries are events."""

from __future__ import annotations

from bot.conversation.event_relations import tag_answer
from bot.delivery import event_content
from bot.delivery.effects import EndPoll, StartPoll
from bot.delivery.entry_writer import EntryDetails, EntryWriter
from bot.delivery.kinds.messages import EVENT, EventPayload
from bot.delivery.subject import Subject, writes
from bot.i18n import verbatim
from bot.lines import Line

POLL_START = f"{event_content.POLL_TYPE}.start"
POLL_END = f"{event_content.POLL_TYPE}.end"


async def write_poll(writer: EntryWriter, effect: StartPoll) -> None:
    """Write the outbox entry that starts a native poll, with answer ids that name its item."""
    labels = [await _render_label(writer, label, effect) for _key, label in effect.answers]
    keys = [tag_answer(effect.item, key) for key, _label in effect.answers]
    asked = await _render_label(writer, effect.question, effect)
    answers = list(zip(keys, labels, strict=True))
    await writer.put_message(
        EVENT,
        EventPayload(POLL_START, event_content.poll_content(effect, asked, answers)),
        await writer.resolve_address(effect.room, effect.to),
        EntryDetails(item=effect.item, slot=effect.slot),
    )


async def _render_label(writer: EntryWriter, label: str | Line, effect: StartPoll) -> str:
    """Render an answer's label as plain text, the only format of native polls."""
    line = verbatim(label) if isinstance(label, str) else label
    return (await writer.texts.render((line,), effect.room, effect.to)).plain


async def write_poll_end(writer: EntryWriter, effect: EndPoll) -> None:
    """Write the outbox entry that ends a native poll of the bot."""
    found = await writer.resolve_target(effect.target, effect.room, effect.to)
    if found is None:
        return
    ref, address = found
    words = await writer.texts.render(effect.lines, address.room, address.person)
    payload = EventPayload(POLL_END, event_content.poll_end_content(words))
    await writer.put_message(EVENT, payload, address, EntryDetails(ref))


SUBJECT = Subject(writers=(writes(StartPoll, write_poll), writes(EndPoll, write_poll_end)))
