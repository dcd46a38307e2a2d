"""`!print 57`: the paper ballot of a poll, an event's attendance sheet; without number the agenda.

The file is made in a thread, since it takes a part of a second, and it is stored nowhere but in the
message that brings it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import partial

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Item,
    ItemAccess,
    Reach,
    RenderLine,
    Rest,
    SendFile,
    UserError,
    Words,
    _,
    fold,
    print_services,
    verbatim,
    words,
)
from commands.printing.declaration import PRINTING, feature

_AGENDA = frozenset(
    [
        *("agenda", "la agenda", "a agenda", "the agenda", "puntos", "los puntos", "pauta"),
        *("a pauta", "orden del dia", "ordem do dia"),
    ]
)
FILE_STEMS = {
    "poll": words("papeleta", "cédula", "ballot"),
    "event": words("asistencia", "presença", "attendance"),
}
AGENDA_STEM = words("agenda", "pauta", "agenda")
_BEFORE_NUMBER = re.compile(r"^(?:[^\W\d_]{1,20} ){1,2}(?=#?\d)")
"""Words before the number: `la 57`, `encuesta 57`."""
EXAMPLE = _("For example: `!print {number}` or `!print agenda`", number=57)


@feature.command(
    words("imprimir", "imprimir", "print", "papeleta, para imprimir | cédula, para imprimir | pdf"),
    help=_("a paper ballot, an attendance sheet or the agenda, to print"),
    example=EXAMPLE,
    topic=PRINTING,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def print_pages(ctx: Context, *, text: Rest = NOTHING) -> Answer:
    """Send an item's printable pages, or the agenda of the meeting in this room, as a PDF. Return
    the answer.

    Raises `UserError` if nothing of it can be printed.
    """
    tell = await print_services.renderer_for(ctx, ctx.room)
    asked = fold(text.strip(" .!"))
    if asked in _AGENDA or (not asked and await ctx.replied_item() is None):
        return await _print_agenda(ctx, tell)
    item, _rest = await ctx.parse_item(_BEFORE_NUMBER.sub("", text.strip()))
    offers = ctx.registry.offers(print_services.PRINT_ITEM.of(item.kind))
    if not offers:
        raise UserError(
            _("Of number {number} there is nothing to print.", number=item.number), EXAMPLE
        )
    pages = await offers[0](ctx, ctx.answer_privately_about(item), tell)
    # Before the file gets its name: translations are part of what is printed.
    pages = replace(pages, title=tell(verbatim(pages.title)))
    return _file(ctx, pages, FILE_STEMS.get(item.kind, PRINTING.name), item)


async def _print_agenda(ctx: Context, tell: RenderLine) -> Answer:
    for agenda in ctx.registry.offers(print_services.PRINT_AGENDA):
        if (pages := await agenda(ctx, tell)) is not None:
            return _file(ctx, pages, AGENDA_STEM)
    raise UserError(
        _("No points are on the agenda here. To propose one: `!topic Budget 10m`"), EXAMPLE
    )


def _file(
    ctx: Context,
    pages: print_services.printed_pages.PrintedPages,
    stem: Words,
    item: Item | None = None,
) -> SendFile:
    """Return the message with the PDF, made in a thread; the same content is made once."""
    pages = replace(pages, language=ctx.policy.language)
    name = hashlib.sha256(repr(pages).encode()).hexdigest()
    data = ctx.fetched.made(name, partial(print_services.make_pdf, pages))
    of = f"-{item.number}" if item else ""
    return SendFile(
        f"{stem.in_language(ctx.policy.language)}{of}.pdf",
        "application/pdf",
        data,
        caption=(_("To print: {title}", title=verbatim(pages.title)),),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=item.number if item else None,
    )
