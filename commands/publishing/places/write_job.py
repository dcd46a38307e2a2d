"""Write what became public: first into the log, then into the folder, some items at a time.

Nothing new stands in the log before the folder was seen to be what our books say. So the log has
one way only, whatever is restored, lost or changed by hand. Before a full disk it goes on where
something that it names is another by now, so that what is withdrawn leaves the folder.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from bot.api import LANGUAGES, Answer, Context, Effect, Job, StillOut, UserError
from commands.public_site import paths
from commands.public_site.log.entries import (
    REMOVED,
    ChangeKind,
    LogChange,
    file_hash,
    make_entries,
)
from commands.public_site.published import SiteProfile
from commands.publishing.declaration import feature
from commands.publishing.making import NOWHERE, WRITE_JOB, schedule_write
from commands.publishing.places import place_store, services
from commands.publishing.places.folder import (
    FolderPlan,
    FolderState,
    bring_up,
    changed_paths,
    log_end,
)
from commands.publishing.places.place_store import ChangeBatch, FolderRecord
from commands.publishing.places.rendering import (
    RenderedFiles,
    look_of,
    own_templates,
    render_files,
    said_reasons,
    site_profile,
    thread_of,
)
from commands.publishing.places.snapshot import read_snapshot

log = structlog.get_logger(__name__)

MOST_ITEMS = 40
"""Items in one write."""
MOST_STALE = 200
MOST_LOOKED_AT = 2_000
"""Files that are looked at in one go of the daily look."""
AGAIN = timedelta(minutes=5)
"""When a folder that could not be written is tried again."""
LOOK_JOB = feature.job("look")
LOOK_EVERY = timedelta(days=1)


@feature.runs(WRITE_JOB)
async def write(ctx: Context, _job: Job) -> Answer:
    """Write the public files that changed, first into the log, then into the folder, until all is
    done."""
    folder = ctx.defaults.public.folder
    record = await place_store.get_folder(ctx.db, folder)
    if record is None:  # nothing of what was logged before stands there
        await _begin_again(ctx, folder, 0)
        return None
    if folder is not None:
        found = await _bring_up(ctx, folder, record)
        if found is None:
            return None
        if found.state != "written":
            told = await _settle(ctx, folder, record, found)
            if found.state != "full" or not await place_store.has_outdated(ctx.db):
                return told
            return [*told, *await _extend_log(ctx, folder, record)]
        record = await _note_written(ctx, folder, record)
    return await _extend_log(ctx, folder, record)


# --- the folder -----------------------------------------------------------------------------------


async def _bring_up(ctx: Context, folder: Path, record: FolderRecord) -> FolderState | None:
    """Write what the log names and the folder lacks. None: tried again later."""
    lines = await place_store.lines_after(ctx.db, record.written)
    plan = FolderPlan(
        folder,
        ctx.signer,
        await place_store.last_line(ctx.db, record.written),
        lines,
        await place_store.unwritten_files(ctx.db) if lines else {},
    )
    last = lines[-1].seq if lines else record.written
    try:
        name, up = f"folder {record.written} {last}", partial(bring_up, plan)
        return ctx.fetched.made(name, up, thread=thread_of(folder))
    except StillOut:
        return FolderState("away", why="it does not answer")
    except UserError:  # it took too long; the thread may still be at it
        await schedule_write(ctx, ctx.now + AGAIN)
        return None


async def _note_written(ctx: Context, folder: Path, record: FolderRecord) -> FolderRecord:
    """Note that the folder stands where the log does, and look at its files each day."""
    last = await place_store.last_line(ctx.db)
    written = last.seq if last else 0
    if written != record.written or record.trouble:
        await place_store.update_folder(ctx.db, folder, written=written, trouble="")
        await place_store.forget_unwritten(ctx.db)
        if record.written == 0:
            await _schedule_look(ctx, LOOK_EVERY)
    return replace(record, written=written, trouble="")


async def _settle(
    ctx: Context, folder: Path, record: FolderRecord, found: FolderState
) -> list[Effect]:
    """Do what follows when the folder is not what the books say."""
    if found.state == "ahead":
        await place_store.add_entries(ctx.db, found.entries, is_there=True)
        await _begin_again(ctx, folder, found.entries[-1].seq)
        return await services.withdraw_outdated(ctx, found.entries)
    if found.state == "behind":
        await _begin_again(ctx, folder, 0)
        return []
    log.warning("publishing.folder", state=found.state, why=found.why)
    await schedule_write(ctx, ctx.now + AGAIN)
    if found.state in (record.trouble, "busy"):
        return []
    await place_store.update_folder(ctx.db, folder, trouble=found.state)
    return await services.tell_trouble(ctx, found.state)


async def _begin_again(ctx: Context, folder: Path | None, written: int) -> None:
    """Have all files written and logged once more, on the log as it is."""
    log.info("publishing.folder", state="written again", entry=written)
    await place_store.update_folder(ctx.db, folder, written=written, look="", checked="")
    await place_store.forget_unwritten(ctx.db)
    await place_store.queue_all(ctx.db, ctx.now.timestamp(), anew=True)
    await schedule_write(ctx, ctx.now)


# --- the log --------------------------------------------------------------------------------------


async def _extend_log(ctx: Context, folder: Path | None, record: FolderRecord) -> list[Effect]:
    """Make the next pages and add them to the log."""
    profile = await site_profile(ctx)
    if await _remove_languages(ctx, profile):
        return []
    try:
        templates = await own_templates(ctx)
    except UserError:  # it took too long
        await schedule_write(ctx, ctx.now + AGAIN)
        return []
    look = look_of(profile, templates)
    batch = await place_store.next_batch(ctx.db, MOST_ITEMS)
    if record.look not in (look, ""):
        await place_store.queue_all(ctx.db, ctx.now.timestamp(), anew=False)
        batch = await place_store.next_batch(ctx.db, MOST_ITEMS)
    if batch is None:
        await _remove(ctx, await place_store.stale_paths(ctx.db, MOST_STALE))
        return []
    fixed = record.look != look
    found = await read_snapshot(ctx.db, batch.numbers, said_reasons(ctx), ctx.now)
    made = partial(render_files, profile, templates, found, batch.numbers, fixed=fixed)
    try:
        rendered = ctx.fetched.made(f"pages {batch.last} {batch.newest}", made)
    except UserError:  # it took too long
        await schedule_write(ctx, ctx.now + AGAIN)
        return []
    if rendered.faults:
        log.warning("publishing.templates", faults=len(rendered.faults))  # doctor says which
    await _add(ctx, batch, rendered)
    await place_store.update_folder(ctx.db, folder, look=look)
    await schedule_write(ctx, ctx.now)
    return await services.tell_unfit(ctx, rendered)


async def _add(ctx: Context, batch: ChangeBatch, rendered: RenderedFiles) -> None:
    """Add a signed entry for what is not as it was, and keep it for the folder."""
    known = await place_store.known_hashes(ctx.db, list(rendered.files))
    hashes = {path: file_hash(content) for path, content in rendered.files.items()}
    fresh = {path: sha256 for path, sha256 in hashes.items() if known.get(path, REMOVED) != sha256}
    changes = await _changes(ctx, batch, set(rendered.unfit), fresh)
    await _log(ctx, changes, fresh, rendered.files)
    is_there = ctx.defaults.public.folder is None
    await place_store.end_batch(ctx.db, batch, is_there=is_there)


async def _changes(
    ctx: Context, batch: ChangeBatch, unfit: set[int], fresh: dict[str, str]
) -> list[LogChange]:
    """Return what became of the items, as the log tells it; nothing of those that are as before."""
    public = await place_store.public_numbers(ctx.db, batch.numbers)
    changes = []
    for number, (kind, is_public) in public.items():
        record = paths.record(number)
        if number in unfit or record not in fresh:
            continue
        if await place_store.hash_before(ctx.db, record) == fresh[record]:
            continue  # written again as it was
        logged = await place_store.logged_item(ctx.db, number)
        if logged and not logged[1] and not is_public:
            continue  # the log says so already
        what: ChangeKind = "changed" if logged and logged[1] else "published"
        what = what if is_public else "withdrawn"
        changes.append(LogChange(number=number, kind=kind, what=what))
    return changes


async def _log(
    ctx: Context,
    changes: list[LogChange],
    fresh: dict[str, str],
    contents: dict[str, bytes | None],
) -> None:
    if not changes and not fresh:
        return
    last = await place_store.last_line(ctx.db)
    at = max(int(ctx.now.timestamp()), last.at if last else 0)
    entries = make_entries(log_end(last), at, changes, fresh, ctx.signer)
    await place_store.add_entries(ctx.db, entries, is_there=False)
    if ctx.defaults.public.folder is not None:
        await place_store.keep_unwritten(ctx.db, {path: contents[path] for path in fresh})


async def _remove_languages(ctx: Context, profile: SiteProfile) -> bool:
    """Take away pages in languages that no room uses any more: nobody would keep them up."""
    for language in sorted(set(LANGUAGES) - set(profile.languages)):
        gone = await place_store.language_paths(ctx.db, language, MOST_STALE)
        if gone:
            await _remove(ctx, gone)
            return True
    return False


async def _remove(ctx: Context, gone: list[str]) -> None:
    """Add to the log that these files go. An item whose record goes is withdrawn by that."""
    if not gone:
        return
    changes = []
    for number in filter(None, map(paths.number_of_record, gone)):
        logged = await place_store.logged_item(ctx.db, number)
        if logged and logged[1]:
            changes.append(LogChange(number=number, kind=logged[0], what="withdrawn"))
    await _log(ctx, changes, dict.fromkeys(gone, REMOVED), dict.fromkeys(gone))
    await schedule_write(ctx, ctx.now)


# --- the daily look -------------------------------------------------------------------------------


async def _schedule_look(ctx: Context, wait: timedelta) -> None:
    """Plan the next look, instead of any that is planned."""
    await ctx.db.run(
        "DELETE FROM job WHERE feature = ? AND name = ?", LOOK_JOB.feature, LOOK_JOB.name
    )
    await ctx.schedule(LOOK_JOB, ctx.now + wait, room=NOWHERE)


@feature.runs(LOOK_JOB)
async def look(ctx: Context, _job: Job) -> Answer:
    """Check that the public folder's files are as they were written; if not, write all again."""
    folder = ctx.defaults.public.folder
    record = await place_store.get_folder(ctx.db, folder)
    if folder is None or record is None:
        return None
    some = await place_store.paths_after(ctx.db, record.checked, MOST_LOOKED_AT)
    if not some or record.trouble or await place_store.unwritten_files(ctx.db):
        await place_store.update_folder(ctx.db, folder, checked="")
        await schedule_write(ctx, ctx.now)
        await _schedule_look(ctx, LOOK_EVERY)
        return None
    last = max(some)
    try:
        changed = partial(changed_paths, folder, some)
        wrong = ctx.fetched.made(f"look {last}", changed, thread=thread_of(folder))
    except StillOut:  # whoever writes next says so
        await schedule_write(ctx, ctx.now)
        await _schedule_look(ctx, LOOK_EVERY)
        return None
    except UserError:  # it took too long
        wrong = []
    if wrong:
        await _begin_again(ctx, folder, record.written)
        await _schedule_look(ctx, LOOK_EVERY)
        return None
    await place_store.update_folder(ctx.db, folder, checked=last)
    await _schedule_look(ctx, timedelta())
    return None
