"""Find the draft or the amendment that is meant, and say when it can't be changed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.api import (
    Context,
    Item,
    Job,
    MissingArgument,
    Number,
    UserError,
    _,
    can_reach,
    items,
)
from commands.drafts import amendment_store, draft_store
from commands.drafts.amendments import Amendment
from commands.drafts.declaration import feature
from commands.drafts.draft_store import Draft
from commands.drafts.paragraphs import Body
from commands.poll_book import requested_proposals
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class MeantDraft:
    """A draft with its item and the paragraphs that hold now."""

    draft: Draft
    item: Item
    body: Body


async def open_vote(tx: Tx, item: Number) -> Number | None:
    """Return the open proposal in which the room votes on this draft or amendment, or None."""
    return await requested_proposals.open_poll_about(tx, feature.name, item)


async def load_draft(ctx: Context, number: Number) -> MeantDraft | None:
    """Return the draft with this number, if the person may see it, or None."""
    item, draft = await items.get(ctx.db, number), await draft_store.get_draft(ctx.db, number)
    if item is None or draft is None or not await can_reach(ctx, item):
        return None
    return MeantDraft(draft, item, await draft_store.current_body(ctx.db, draft))


async def load_for_job(ctx: Context, job: Job, number: Number | None = None) -> MeantDraft | None:
    """Return the draft that a job (or its payload) is about, or None if it was deleted."""
    about = number if number is not None else job.item
    item = await items.get(ctx.db, about) if about is not None else None
    draft = await draft_store.get_draft(ctx.db, item.number) if item is not None else None
    if item is None or draft is None:
        return None
    return MeantDraft(draft, item, await draft_store.current_body(ctx.db, draft))


async def find_draft(ctx: Context, typed: str) -> MeantDraft | None:
    """Return the draft of this name or number in the room that the line is about, or None."""
    if typed.isdigit():
        return await load_draft(ctx, Number(int(typed[:9])))
    draft = await draft_store.find_named(ctx.db, ctx.place, typed)
    return await load_draft(ctx, draft.item) if draft else None


async def require_draft(ctx: Context, typed: str) -> MeantDraft:
    """Return the draft that the line names. Raises `UserError`, or `MissingArgument` without a
    name."""
    if not typed:
        raise MissingArgument("text", _("the name of the draft"))
    found = await find_draft(ctx, typed)
    if found is None:
        raise UserError(
            _("There is no draft “{name}” here.", name=typed[:40]),
            _(
                "Those that there are: `!draft`. To begin it: `!draft {name}` and its text",
                name=typed,
            ),
        )
    return found


async def find_amendment(ctx: Context, number: Number) -> tuple[Amendment, MeantDraft] | None:
    """Return the amendment with this number and its draft, if the person may see it, or None."""
    one = await amendment_store.get_amendment(ctx.db, number)
    meant = await load_draft(ctx, one.draft) if one else None
    return (one, meant) if one and meant else None


async def require_changeable(ctx: Context, meant: MeantDraft) -> None:
    """Raise `UserError` for a draft that is adopted, or on which the room votes."""
    name = meant.draft.name
    if meant.draft.closed:
        raise UserError(
            _("“{name}” is adopted, so it isn't changed.", name=name),
            _("To go on with it as a draft: `!draft {name} reopen`", name=name),
        )
    poll = await open_vote(ctx.db, meant.draft.item)
    if poll is not None:
        raise UserError(
            _(
                "“{name}” is frozen: the room votes on version {version} in proposal {poll}.",
                name=name,
                version=meant.draft.version,
                poll=poll,
            ),
            _("How it goes: `!results {poll}`", poll=poll),
        )
