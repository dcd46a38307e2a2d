"""`!draft charter`: begin a draft, add to it, show it, its versions and their differences."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    NOTHING,
    Answer,
    Behind,
    CommandPlace,
    Context,
    Line,
    MissingArgument,
    Reach,
    Rest,
    UserError,
    _,
    items,
    n_,
    words,
)
from commands.drafts import (
    amendment_store,
    draft_store,
    draft_writing,
    lookup,
    request_parser,
    texts,
)
from commands.drafts.declaration import (
    DRAFT_EXAMPLE,
    DRAFTS,
    SHOWN_AT_ONCE,
    feature,
)
from commands.drafts.draft_store import DraftVersion
from commands.drafts.lookup import MeantDraft
from commands.drafts.request_parser import DraftAction, DraftRequest

feature.log_line("reopened", _("opened text {number} again as a draft"))


@feature.command(
    words("borrador", "rascunho", "draft", "borradores | rascunhos, esboço | drafts"),
    help=_("write a text together, paragraph by paragraph, and see its versions"),
    example=DRAFT_EXAMPLE,
    topic=DRAFTS,
    where=CommandPlace.ROOM,
    reach=Reach.ROOM,
    behind=Behind.TEXT,
)
async def draft(ctx: Context, *, text: Rest = NOTHING) -> Answer:
    """Do with a draft what the words behind its name say; without a name, list the drafts. Return
    the answer.

    Raises `UserError`, and `MissingArgument` for a new draft without text.
    """
    # The name is one word, and what follows it a text or a word: `request_parser` reads both.
    name, rest = request_parser.split_name(text)
    if not name:
        return await _list_drafts(ctx)
    meant = await lookup.find_draft(ctx, name)
    wanted = request_parser.read_draft_request(rest)
    if meant is None and name.isdigit():
        raise UserError(_("There is no number {number} here.", number=name[:9]))
    if wanted.action is DraftAction.TAKE:
        return await draft_writing.take_from_library(ctx, name, meant, wanted.text)
    if wanted.action is DraftAction.WRITE:
        return await draft_writing.write(ctx, name, meant, wanted)
    if meant is None:
        return await _begin_with_file(ctx, name, wanted)
    return await _look_at(ctx, meant, wanted)


async def _begin_with_file(ctx: Context, name: str, wanted: DraftRequest) -> Answer:
    if wanted.action is not DraftAction.SHOW:
        await lookup.require_draft(ctx, name)
    if ctx.origin.media is None and ctx.origin.reply_to is None:
        raise MissingArgument("text", _("its text, one paragraph a line"))
    return await draft_writing.take_from_file(ctx, name)


async def _look_at(ctx: Context, meant: MeantDraft, wanted: DraftRequest) -> Answer:
    if wanted.action is DraftAction.VERSIONS:
        return await _list_versions(ctx, meant)
    if wanted.action is DraftAction.DIFFERENCE:
        return await _show_difference(ctx, meant, wanted.versions)
    if wanted.action is DraftAction.FILE:
        digest = texts.digest_line(meant.draft, meant.body)
        return [texts.version_file(meant.draft, meant.body, digest)]
    if wanted.action is DraftAction.COMMENTS:
        return await _list_comments(ctx, meant)
    if wanted.action is DraftAction.REOPEN:
        return await _reopen(ctx, meant)
    if wanted.versions:
        version = await _version(ctx, meant, wanted.versions[0])
        then = replace(meant.draft, version=version.version)
        head = _("“{name}”, {line}", name=meant.draft.name, line=texts.version_line(version))
        return [*texts.in_parts(ctx, then, head, version.body)]
    return await _show(ctx, meant)


async def _show(ctx: Context, meant: MeantDraft) -> Answer:
    """Show the whole text, and below it the amendments that wait."""
    number, name = meant.draft.item, meant.draft.name
    waiting = await amendment_store.open_amendments(ctx.db, number)
    last: list[Line] = []
    for one in waiting[:SHOWN_AT_ONCE]:
        base = await draft_store.get_version(ctx.db, number, one.change.base)
        last.append(texts.amendment_line(one, base.body if base else ()))
    if waiting:
        last.insert(0, _("Amendments that wait:"))
    if len(waiting) > SHOWN_AT_ONCE:
        last.append(_("All of them: `!amend {name}`", name=name))
    poll = await lookup.open_vote(ctx.db, number)
    if poll is not None:
        last.append(_("The room votes on it in proposal {poll}.", poll=poll))
    elif not meant.draft.closed:
        last.append(_("To change it: `!amend {name} 3: new text`", name=name))
    head = texts.head_line(meant.draft, meant.item)
    return [*texts.in_parts(ctx, meant.draft, head, meant.body, *last)]


async def _list_drafts(ctx: Context) -> Answer:
    found = await draft_store.drafts_in(ctx.db, ctx.place, SHOWN_AT_ONCE)
    if not found:
        return [_("There is no draft here yet."), DRAFT_EXAMPLE]
    every = await items.get_each(ctx.db, [one.item for one in found])
    named = {item.number: item for item in every}
    lines = [texts.head_line(one, named[one.item]) for one in found if one.item in named]
    return [*lines, _("To read one: `!draft {name}`", name=found[0].name)]


async def _list_versions(ctx: Context, meant: MeantDraft) -> Answer:
    every = await draft_store.versions_of(ctx.db, meant.draft.item)
    lines = [texts.version_line(one) for one in every[-SHOWN_AT_ONCE:]]
    left = len(every) - len(lines)
    more = [n_("{count} version before.", "{count} versions before.", left)] if left else []
    example = _("To compare two: `!draft {name} difference 1 2`", name=meant.draft.name)
    head = texts.head_line(meant.draft, meant.item)
    return [head, *more, *lines, *([example] if len(every) > 1 else [])]


async def _version(ctx: Context, meant: MeantDraft, version: int) -> DraftVersion:
    """Return a version of the draft. Raises `UserError`."""
    found = await draft_store.get_version(ctx.db, meant.draft.item, version)
    if found is None:
        raise UserError(
            _(
                "“{name}” has versions 1 to {last}.",
                name=meant.draft.name,
                last=meant.draft.version,
            )
        )
    return found


async def _show_difference(ctx: Context, meant: MeantDraft, asked: tuple[int, ...]) -> Answer:
    """Show what changed between two versions; without numbers, what the last one changed."""
    last = meant.draft.version
    old, new = asked if len(asked) == 2 else (max(1, last - 1), last)
    if len(asked) == 1:
        old, new = asked[0], last
    before, after = await _version(ctx, meant, old), await _version(ctx, meant, new)
    found = texts.version_difference(before.body, after.body)
    head = _("“{name}”, from version {old} to {new}:", name=meant.draft.name, old=old, new=new)
    return [head, *(found or [_("Nothing changed.")])]


async def _list_comments(ctx: Context, meant: MeantDraft) -> Answer:
    """Show the newest comments on the draft and on its open amendments."""
    lines: list[Line] = []
    open_ones = await amendment_store.open_amendments(ctx.db, meant.draft.item)
    for number in (meant.draft.item, *(one.item for one in open_ones)):
        lines += [
            _(
                "On {number}, {person}: “{text}”",
                number=number,
                person=texts.person_name(one.who),
                text=one.text,
            )
            for one in await amendment_store.comments_on(ctx.db, number)
        ]
    if not lines:
        return [
            _("There is no comment on “{name}”.", name=meant.draft.name),
            _("To leave one, answer a message about it: `comment: what you think`"),
        ]
    return lines[-2 * SHOWN_AT_ONCE :]


async def _reopen(ctx: Context, meant: MeantDraft) -> Answer:
    """Go on with an adopted text as a draft. Raises `UserError` without the right."""
    if not meant.draft.closed:
        return [_("“{name}” is open already.", name=meant.draft.name)]
    if not await ctx.may_change(meant.item):
        raise UserError(
            _(
                "You can't open “{name}” again: that is for who began it or the moderators.",
                name=meant.draft.name,
            )
        )
    await draft_store.reopen(ctx.db, meant.draft.item)
    await items.reopen(ctx.db, meant.draft.item)
    await ctx.log("reopened", {"number": meant.draft.item}, room=meant.item.room)
    return [
        _(
            "“{name}” can be amended again. What was adopted holds until another vote.",
            name=meant.draft.name,
        ),
        _("To change it: `!amend {name} 3: new text`", name=meant.draft.name),
    ]
