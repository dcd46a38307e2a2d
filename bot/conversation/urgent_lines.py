"""Private lines that must reach a call for help or a check-in, whatever else is being asked."""

from __future__ import annotations

from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.capability.services import ADD_TO_OPEN_CALL, ENDS_ALARM
from bot.conversation import distress_answers
from bot.conversation.addressing import AddressedLine
from storage.questions import Question


async def add_to_open_call(ctx: Context, heard: AddressedLine) -> Answer:
    """Pass a private line on to whoever was called for help, or return None without a call.

    The dialogue of a call begins after its commit; a line that comes with it must not be lost.
    """
    if not (ctx.is_private and heard.text.strip()):
        return None
    for add in ctx.registry.offers(ADD_TO_OPEN_CALL):
        if (found := await add(ctx, heard.text)) is not None:
            return found
    return None


async def ends_alarm(ctx: Context, text: str, question: Question) -> bool:
    """Return whether the line ends an alarm rather than answer this open question for a text.

    A question about harm takes every line: what somebody in danger writes is passed on.
    """
    if not ctx.is_private or question.wants.get("kind") != "text":
        return False
    if distress_answers.asks_about_harm(ctx.registry, question.feature):
        return False
    for ends in ctx.registry.offers(ENDS_ALARM):
        if await ends(ctx, text):
            return True
    return False
