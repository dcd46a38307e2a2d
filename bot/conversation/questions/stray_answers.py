"""Answers a yes or a no in private that answers no question there."""

from __future__ import annotations

from bot.capability.authority import permission
from bot.capability.context import Context
from bot.capability.services import DONE_LINES
from bot.i18n import _
from bot.lines import Line
from bot.text import own_words
from bot.text.normalisation import shorten_line
from storage import questions, rooms

_SAID = frozenset({"yesno", "said"})
"""Kinds of questions that a yes or a no answers."""


async def stray_answer_lines(ctx: Context, text: str) -> list[Line]:
    """Return lines for a yes or a no that somebody writes in private where no question waits for
    one: in which room the question was asked, what was settled already, or that nothing waits.
    Return an empty list if the text is neither.

    It never counts as the answer to the room's question: others there must read what is agreed to.
    """
    said = own_words.read_yes_no(text)
    if said is None:
        return []
    asked = [
        one
        for one in await questions.open_questions(ctx.db, ctx.who, ctx.said_at)
        if one.room != ctx.question_slot[0] and one.wants.get("kind") in _SAID
    ]
    for one in sorted(asked, key=lambda one: one.asked, reverse=True):
        room = await rooms.get(ctx.db, one.room)
        if room is None or not room.joined:
            continue
        if not await permission.is_in(ctx, one.room, ctx.who):
            continue  # who is out learns no more what it is called now
        name = shorten_line(room.name or room.room)
        if said == "yes":
            return [_("I asked you that in “{name}”. Please write it there: `yes`", name=name)]
        return [_("I asked you that in “{name}”. Please write it there: `no`", name=name)]
    for settled in ctx.registry.offers(DONE_LINES):
        if lines := await settled(ctx, said):
            return lines
    return [
        _(
            "I'm not waiting for a yes or no here. If a question has lapsed, write the command"
            " again."
        ),
        _("What is open: `!pending`"),
    ]
