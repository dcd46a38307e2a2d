"""Tells who edited a line into an answer about an event that edits are not read."""

from __future__ import annotations

from bot.api import Answer, Context, EditedMessage, Item, Say, _, items
from commands.attendance import event_parameters, rsvp_phrases, rsvp_store
from commands.attendance.declaration import feature
from commands.attendance.rsvp_commands import closed_lines
from commands.attendance.rsvp_phrases import TypedAnswer
from commands.events import texts


@feature.on(EditedMessage)
async def explain_edit(ctx: Context, edit: EditedMessage) -> Answer:
    """Tell a person whose edited line says `no voy 57` that it changed nothing, unless they said
    the same before. Return what to say, if anything.

    Else the room would read another answer there than the one that counts.
    """
    text = edit.text.strip().removeprefix(ctx.policy.prefix)
    said = rsvp_phrases.parse_answer(text) if rsvp_phrases.may_be_answer(text) else None
    item = await _event_of(ctx, said) if said is not None else None
    if said is None or item is None or await _stands(ctx, item, said):
        return None
    event = await event_parameters.load_event(ctx, item)
    if closed_lines(ctx, event, None) is not None:
        return None
    named = {"title": texts.shorten_title(event.title), "number": event.item}
    lines = (
        _('I don\'t read edited lines: nothing changed in "{title}" ({number}).', **named),
        _("Please write it again in a new message."),
    )
    return Say(lines, reply_to=ctx.origin.event, item=event.item)


async def _event_of(ctx: Context, said: TypedAnswer) -> Item | None:
    """Return the event of this room, or in private any that the person may see, if the whole line
    is an answer about it."""
    behind = rsvp_phrases.split_event_number(said.tail.rest)
    number = said.number or (behind[0] if behind else None)
    item = await items.get(ctx.db, number) if number is not None else None
    rest = said.tail.rest if said.number is not None else behind[1] if behind else ""
    if item is None or item.kind != "event" or rest or not await ctx.may_see(item):
        return None
    return item if ctx.is_private or item.stands_in(ctx.room) else None


async def _stands(ctx: Context, item: Item, said: TypedAnswer) -> bool:
    """Return whether this is what the person said about the event before."""
    given = await rsvp_store.answers_of_person(ctx.db, item.number, ctx.who)
    guests = said.tail.guests
    return bool(given) and all(
        one.says is said.says and guests in (None, one.guests) for one in given
    )
