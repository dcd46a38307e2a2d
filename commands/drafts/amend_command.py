"""`!amend charter 3: new text`: propose an amendment, list those that wait, write one anew."""

from __future__ import annotations

from bot.api import (
    NOTHING,
    Answer,
    Behind,
    CommandPlace,
    Context,
    Line,
    MissingArgument,
    Number,
    Page,
    Reach,
    Rest,
    Say,
    _,
    split_page,
    words,
)
from commands.drafts import amending, amendment_store, lookup, request_parser, texts
from commands.drafts.amendments import Amendment
from commands.drafts.declaration import AMEND_EXAMPLE, DRAFTS, SHOWN_AT_ONCE, feature
from commands.drafts.lookup import MeantDraft


@feature.command(
    words(
        "enmienda",
        "emenda",
        "amend",
        "enmendar, enmiendas | emendar, emendas | amendment, amendments",
    ),
    help=_("change a paragraph of a draft, add one, or take one out"),
    example=AMEND_EXAMPLE,
    topic=DRAFTS,
    where=CommandPlace.ROOM,
    reach=Reach.ROOM,
    behind=Behind.TEXT,
)
async def amend(ctx: Context, *, text: Rest = NOTHING) -> Answer:
    """Propose an amendment to a draft, or list those that wait; by number show or rewrite one.
    Return the answer.

    Raises `UserError`, and `MissingArgument` without the name of a draft.
    """
    # Name, paragraph and text are one sentence: `request_parser` reads it.
    name, rest = request_parser.split_name(text)
    if not name:
        raise MissingArgument("text", _("the name of the draft"))
    if name.isdigit():
        found = await lookup.find_amendment(ctx, Number(int(name[:9])))
        if found is not None:
            return await _one(ctx, *found, rest.lstrip(": \n"))
    meant = await lookup.require_draft(ctx, name)
    page, left = split_page(rest, bare=False)
    if not left.strip(": \n"):
        return await _list_open(ctx, meant, page)
    wanted = request_parser.read_amendment(rest)
    if wanted is None:
        raise request_parser.example_error()
    return await amending.propose(ctx, meant, wanted)


async def _one(ctx: Context, one: Amendment, meant: MeantDraft, text: str) -> Answer:
    if text:
        return await amending.rewrite(ctx, one, meant, text)
    return await show_amendment(ctx, one, meant)


async def show_amendment(ctx: Context, one: Amendment, meant: MeantDraft) -> Say:
    """Return the lines of an amendment: what it changes, and the comments on it."""
    base = await amending.base_body(ctx, one)
    head = _(
        "Amendment {number} to “{name}”, by {person}:",
        number=one.item,
        name=meant.draft.name,
        person=texts.person_name(one.who),
    )
    comments = [
        _("{person}: “{text}”", person=texts.person_name(said.who), text=said.text)
        for said in (await amendment_store.comments_on(ctx.db, one.item))[-SHOWN_AT_ONCE:]
    ]
    lines = (head, *texts.change_lines(one.change, base), *comments)
    return Say(lines, item=one.item, reply_to=ctx.origin.event, thread=ctx.origin.thread)


async def _list_open(ctx: Context, meant: MeantDraft, page: Page) -> Answer:
    every = await amendment_store.open_amendments(ctx.db, meant.draft.item)
    shown = every[(page - 1) * SHOWN_AT_ONCE :][:SHOWN_AT_ONCE]
    if not shown:
        return [
            _("No amendment to “{name}” waits.", name=meant.draft.name),
            _("To propose one: `!amend {name} 3: new text`", name=meant.draft.name),
        ]
    lines: list[Line] = [
        texts.amendment_line(one, await amending.base_body(ctx, one)) for one in shown
    ]
    accept = _("To accept one: `!I agree {number}`", number=shown[0].item)
    return [_("Amendments that wait:"), *lines, accept]
