"""Runs the handlers that a line may be for: a command's, a reply's, a listener's."""

from __future__ import annotations

from bot import distress
from bot.capability.authority import permission
from bot.capability.authority.access import Reach
from bot.capability.authority.typed_forms import Bare, CommandPlace
from bot.capability.context import Context
from bot.capability.errors import TEXT, AnswerNeeded, MissingArgument, UserError
from bot.capability.feature import Answer, Command, Feature
from bot.capability.resume_point import ResumePoint
from bot.capability.services import END_OPEN_CALL, SOUNDS_UNWELL
from bot.conversation import command_call, event_relations
from bot.conversation.addressing import AddressedLine
from bot.conversation.attention import Concern
from bot.distress import HelpKind
from bot.i18n import _
from bot.run.stages.deferred_events import to_json
from bot.types import Message
from storage import items
from storage.items import Item


async def run_typed_command(ctx: Context, command: Command, rest: str) -> Answer:
    """Run a command. A missing part is asked for and the line is kept for the next run. Return what
    to say, if anything."""
    ctx.resume_point = ResumePoint("command")
    ctx.discreet = command.where is CommandPlace.PRIVATE and not ctx.is_private
    try:
        return await event_relations.confirm_relation(
            ctx, await command_call.run_command(ctx, command, rest)
        )
    except MissingArgument as missing:
        return _ask_for_missing(ctx, missing)


def _ask_for_missing(ctx: Context, missing: MissingArgument) -> Answer:
    said = _("Missing: {part}. {example}", part=missing.label, example=missing.example)
    if ctx.answers_one_person:
        how = _("Write it here. To stop: `cancel`")
        raise AnswerNeeded(f"part:{missing.key}", TEXT, (said, how))
    raise UserError(said)


async def answer_reply(ctx: Context, message: Message, concern: Concern) -> Answer:
    """Return what a reply to a message about an item does, or None."""
    item = await items.item_about(ctx.db, message.reply_to) if message.reply_to else None
    if item is None or not await permission.may_answer(ctx, item):
        return None
    found, command = await run_reply(ctx, item, concern.line.text), concern.command
    if found is None and command is not None and command[0].bare is Bare.REPLY and not command[2]:
        return await run_typed_command(ctx, command[0], "")
    return found


async def run_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Run what a reply to the item does. Return None if nothing, or if they may not do it."""
    feature = ctx.registry.features.get(item.feature)
    handler = feature.reply_handlers.get(item.kind) if feature else None
    if feature is None or handler is None:
        return None
    ctx.feature, (ctx.does, reach) = item.feature, feature.reply_access[item.kind]
    if reach is Reach.BEYOND and not ctx.is_trusted:
        return None
    ctx.resume_point = ResumePoint("reply", item=item.number, text=text)
    if not await permission.can_reach(ctx, item):
        return None
    return await event_relations.confirm_relation(ctx, await handler(ctx, item, text))


async def ask_listeners(
    ctx: Context, message: Message, heard: AddressedLine, besides: str = ""
) -> Answer:
    """Return the first answer that a capability's listeners give to a line of talk, or None.

    They are asked in turn, also before a command whose name the line begins with: `no puedo` may
    answer many things. The capability `besides` is not asked.
    """
    for feature in ctx.registry.listening(heard.text, private=ctx.is_private):
        if feature.name == besides or not (ctx.is_trusted or feature.listens_within_room):
            continue
        found = await run_listeners(ctx, feature, message)
        if found is not None:
            return found
    return None


async def help_kind_for_waited(ctx: Context, text: str) -> HelpKind | None:
    """Return danger if somebody who is waited for says that they are not well, else None."""
    for unwell in ctx.registry.offers(SOUNDS_UNWELL):
        if await unwell(ctx, text):
            return HelpKind.DANGER
    return None


async def end_open_call(ctx: Context, text: str) -> Answer:
    """End the asker's call for help if a line said to the bot in a room says that it is over.
    Return what to say, or None if it is about no call. The room does not read it."""
    if not (distress.sounds_over(text) or "cancel" in text.lower()):
        return None  # most lines; nothing is looked up for them
    for end in ctx.registry.offers(END_OPEN_CALL):
        if (found := await end(ctx, text)) is not None:
            ctx.discreet = True
            return found
    return None


async def run_listeners(ctx: Context, feature: Feature, message: Message) -> Answer:
    """Return the answer of the first of a capability's listeners that has one."""
    ctx.feature = feature.name
    ctx.resume_point = ResumePoint("listens", message=to_json(message))
    for listener in feature.listeners.get(Message, ()):
        found = await event_relations.confirm_relation(ctx, await listener(ctx, message))
        if found is not None:
            return found
    return None
