"""Write drafts: begin one from a message, a file or the library, and add paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    Answer,
    Context,
    Line,
    Say,
    UserError,
    _,
    n_,
    spreadsheets,
)
from commands.drafts import amending, draft_limits, draft_store, lookup, paragraphs, texts
from commands.drafts.amendments import AmendmentKind
from commands.drafts.declaration import MOST_DRAFTS
from commands.drafts.lookup import MeantDraft
from commands.drafts.request_parser import AmendmentRequest, DraftRequest, read_amendment
from commands.library import save_command
from commands.library import store as library_store
from commands.library.store import Visibility

MOST_BYTES = 100_000
"""Size of a file that a draft is made of."""


async def write(ctx: Context, name: str, meant: MeantDraft | None, wanted: DraftRequest) -> Answer:
    """Begin a draft with this text, or add the text at its end. Return what to say, if anything.
    Raises `UserError` for a name that is taken or doesn't fit, too much text, and too many open
    drafts.

    What others than its author add becomes an amendment.
    """
    if meant is None:
        return await begin(ctx, name, wanted.text)
    await lookup.require_changeable(ctx, meant)
    new = paragraphs.split_paragraphs(wanted.text, len(meant.body) + 1)
    change = read_amendment(wanted.text) if len(new) == 1 else None
    if change is not None and change.number == len(meant.body) + 1 and change.text:
        new = [change.text]  # the next one, numbered
    elif change is not None and change.number is not None:
        raise UserError(
            _("To change a paragraph: `!amend {name} {typed}`", name=name, typed=wanted.text[:40])
        )
    elif not wanted.clearly:
        raise UserError(
            _("I didn't understand “{typed}”.", typed=wanted.text[:40]),
            _("To add a paragraph to “{name}”: `!draft {name}: its text`", name=name),
        )
    if not await ctx.may_change(meant.item):
        return await _add_as_amendment(ctx, meant, new)
    return await _add(ctx, meant, new)


async def begin(ctx: Context, name: str, text: str) -> Answer:
    """Store a new draft and show it. Return what to say, if anything. Raises `UserError` for a name
    or text that doesn't fit."""
    body = draft_limits.checked_body((), paragraphs.split_paragraphs(text), 1)
    await _check_name(ctx, name)
    number = await ctx.add_item("draft", name, ctx.place)
    draft = await draft_store.add_draft(ctx.db, number, name)
    draft = await draft_store.add_version(ctx.db, draft, body, ctx.who, ctx.said_at)
    meant = await lookup.load_draft(ctx, number)
    assert meant is not None
    shown = texts.in_parts(
        ctx,
        draft,
        texts.head_line(draft, meant.item),
        body,
        _("Add a paragraph: `!draft {name}: its text`", name=name),
        _("Others change it: `!amend {name} 1: new text`", name=name),
        _("To vote on it: `!proposal {name}`", name=name),
    )
    return [*shown]


async def _check_name(ctx: Context, name: str) -> None:
    """Raise `UserError` if a theme or something else in the library has this name."""
    room = ctx.place
    if len(await draft_store.drafts_in(ctx.db, room, MOST_DRAFTS)) >= MOST_DRAFTS:
        raise UserError(
            _("This room has {count} drafts open; that is all I keep.", count=MOST_DRAFTS),
            _("To take one back: `!cancel` and its number"),
        )
    await save_command.check_name(ctx, name, room)
    kept = await library_store.resources_named(ctx.db, name, Visibility((room,), network=False))
    if kept:
        raise UserError(
            _("There is #{name} in the library already.", name=name),
            _("To begin with it, under another name: `!draft new-{name} from #{name}`", name=name),
        )


async def _add(ctx: Context, meant: MeantDraft, new: Sequence[str]) -> Answer:
    draft_limits.require_version_left(meant)
    body = draft_limits.checked_body(meant.body, new, meant.draft.next_key)
    draft = await draft_store.add_version(ctx.db, meant.draft, body, ctx.who, ctx.said_at)
    told = n_(
        "“{name}” has {count} paragraph now, version {version}.",
        "“{name}” has {count} paragraphs now, version {version}.",
        len(body),
        name=draft.name,
        version=draft.version,
    )
    return _about(ctx, meant, told, *texts.body_lines(body)[-len(new) :])


async def _add_as_amendment(ctx: Context, meant: MeantDraft, new: Sequence[str]) -> Answer:
    if len(new) != 1:
        raise UserError(
            _("One paragraph at a time, as each is accepted by itself."),
            _("For example: `!amend {name} add: its text`", name=meant.draft.name),
        )
    wanted = AmendmentRequest(AmendmentKind.ADD, None, new[0])
    return await amending.propose(ctx, meant, wanted)


def _about(ctx: Context, meant: MeantDraft, *lines: Line) -> Answer:
    """Return an answer about the draft, to which people can reply."""
    return Say(lines, item=meant.draft.item, reply_to=ctx.origin.event, thread=ctx.origin.thread)


# --- from files -----------------------------------------------------------------------------------


async def take_from_file(ctx: Context, name: str) -> Answer:
    """Begin a draft with the text of the file in the message or in the one replied to. Return what
    to say, if anything.

    Raises `UserError` for another kind of file.
    """
    return await begin(ctx, name, str(ctx.attached_file(MOST_BYTES, _read_text)))


async def take_from_library(
    ctx: Context, name: str, meant: MeantDraft | None, source: str
) -> Answer:
    """Begin a draft with a text or a text file of this room's library. Return what to say, if
    anything. Raises `UserError` if there is no such text or already such a draft, for too much
    text, and for too many open drafts."""
    if meant is not None:
        raise UserError(
            _("There is a draft “{name}” already: `!draft {name}`", name=name),
            _("Choose another name for the new one."),
        )
    room = ctx.place
    sight = Visibility((room,), network=False)
    found = await library_store.resources_named(ctx.db, source, sight)
    if not found:
        raise UserError(
            _("There is no #{name} in this room's library.", name=source[:40]),
            _("All of it: `!resources`"),
        )
    kept = found[0].file
    if kept is None:
        return await begin(ctx, name, found[0].text)
    text = ctx.fetched.file(room, kept.media, MOST_BYTES, _read_text, encrypted=True)
    return await begin(ctx, name, str(text))


def _read_text(data: bytes) -> str:
    """Return the text of a file. Raises `UserError` for what is no plain text."""
    text = spreadsheets.decode_text(data)
    if "\0" in text or "\ufffd" in text or data.startswith((b"%PDF", b"PK", b"{\\rtf")):
        raise UserError(
            _("I read plain text only (.txt, .md), and this is another kind of file."),
            _("Save it as text, or send me its words in a message."),
        )
    return text
