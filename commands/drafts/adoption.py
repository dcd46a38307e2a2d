"""Put an adopted text into the library, with each of its versions."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, EventId, Number, Say, _, items, public_changes
from commands.drafts import draft_store, paragraphs
from commands.drafts.draft_store import Draft, DraftVersion
from commands.drafts.lookup import MeantDraft
from commands.library import reviews, revisions, search_index, version_store
from commands.library import store as library_store
from commands.library.content import web_links
from commands.library.store import NOBODY, Resource, Visibility
from commands.library.version_store import Source


async def adopt(ctx: Context, meant: MeantDraft, poll: Number) -> Answer:
    """Close a draft as adopted, keep its text in the library, and tell the room. Return what to
    say, if anything."""
    resource = await _keep(ctx, meant, poll)
    draft = meant.draft
    await draft_store.close_adopted(ctx.db, draft, resource.item)
    await items.close(ctx.db, draft.item)
    await public_changes.note_change(ctx, draft.item)
    told = _(
        "“{name}” is adopted by proposal {poll}: version {version}.",
        name=draft.name,
        poll=poll,
        version=draft.version,
    )
    lines = (
        told,
        _("It is in the library: `#{name}`", name=resource.name),
        _("How it came about: `!draft {name} versions`", name=draft.name),
    )
    return [Say(lines, room=meant.item.room, item=draft.item, loud=True)]


async def _keep(ctx: Context, meant: MeantDraft, poll: Number) -> Resource:
    """Store the versions since the last adoption as versions of one resource of the library.

    Nobody keeps it: it is the room's, and stays when who began the draft is forgotten.
    """
    room, draft = meant.item.room, meant.draft
    before = await library_store.get_resource(ctx.db, draft.resource) if draft.resource else None
    since = (draft.adopted or 0) if before is not None else 0
    every = await draft_store.versions_of(ctx.db, draft.item)
    new = [one for one in every if one.version > since] or every[-1:]
    if before is None:
        name = await _free_name(ctx, meant)
        number = await revisions.add_item(ctx, name, room, NOBODY, ctx.said_at)
        kept = Resource(
            *(number, room, name, "text", "", None, "room", NOBODY),
            *(ctx.said_at, ctx.said_at, ctx.said_at),
            version=0,
        )
    else:
        kept = before
    note = await ctx.render_line(
        _(
            "Adopted in proposal {poll}, version {version}. SHA-256 of its file: {digest}",
            poll=poll,
            version=draft.version,
            digest=paragraphs.digest(meant.body),
        ),
        room,
    )
    for one in new:
        kept = await _add_version(ctx, kept, draft, one, note)
    await search_index.index_resource(ctx, kept)
    await reviews.begin_reviews(ctx, room)
    return kept


async def _add_version(
    ctx: Context, before: Resource, draft: Draft, one: DraftVersion, note: str
) -> Resource:
    """Store one version of the draft as the next one of the resource. The last has the note."""
    text = paragraphs.write_out(one.body).strip()
    last = one.version == draft.version
    kept = replace(
        before,
        kind="text",
        text=f"{text}\n\n{note}" if last else text,
        changed=ctx.said_at if last else one.at,
        reviewed=ctx.said_at,
        doubtful=False,
        version=before.version + 1,
    )
    links = web_links.clean_links(kept.text)[1]
    await library_store.save_resource(ctx.db, kept, [link.known for link in links])
    await version_store.add_version(ctx.db, kept, one.who, Source(EventId(""), kept.room))
    return kept


async def _free_name(ctx: Context, meant: MeantDraft) -> str:
    """Return the draft's name, or with a number behind it if something else has that name."""
    room, name = meant.item.room, meant.draft.name
    sight, count = Visibility((room,), network=False), 1
    while await library_store.resources_named(ctx.db, name, sight) or await library_store.is_theme(
        ctx.db, name, Visibility((room,), network=True)
    ):
        count += 1
        name = f"{meant.draft.name}-{count}"
    return name
