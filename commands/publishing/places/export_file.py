"""`!export published`: all that is public as one file, for whoever carries it by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from bot.api import (
    EXPORT_THEME,
    Answer,
    Context,
    Line,
    Number,
    SendFile,
    Signer,
    UserError,
    _,
    fold,
    n_,
    names_only,
    words,
)
from commands.public_site import paths
from commands.public_site.log.entries import LogEnd, SiteCopy, file_hash, make_head
from commands.public_site.published import SiteProfile
from commands.publishing.declaration import feature
from commands.publishing.places import place_store
from commands.publishing.places.folder import LoggedLine
from commands.publishing.places.rendering import (
    OwnTemplates,
    own_templates,
    render_files,
    said_reasons,
    site_profile,
)
from commands.publishing.places.snapshot import Snapshot, read_snapshot

PUBLISHED = words(
    "publicado",
    "publicado",
    "published",
    "publicaciones, sitio, público, pública, web, carpeta, zip"
    " | publicações, site, público, pública, pasta | publications, website, public, folder",
)
"""What follows `!export` to get it."""
BESIDE = frozenset(
    (
        *("a", "all", "da", "de", "do", "e", "el", "entera", "es", "everything", "inteira", "is"),
        *("la", "las", "lo", "o", "of", "que", "the", "toda", "todo", "tudo", "what", "whole"),
    )
)
"""Words that people write beside it. Folded."""
FILE_NAME = "minga-public.zip"
MOST_ITEMS = 500
"""Items in the file, the newest."""
MOST_BYTES = 20_000_000
"""Bytes of the file: what every homeserver takes, and a phone too."""
_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of everything in it, so that the same content has the same bytes."""
_NAMES = frozenset(map(fold, PUBLISHED))


class PackedSite(NamedTuple):
    """The file, and how many attachments are not in it because they are too large."""

    data: bytes
    left_out: int


@feature.offers(EXPORT_THEME)
async def send_published(ctx: Context, text: str) -> Answer:
    """Return a file with all that the network has made public, or lines that say why there is none
    yet; None if the words ask for another file."""
    if not names_only(text, _NAMES, BESIDE):
        return None
    last = await place_store.last_line(ctx.db)
    numbers, count = await place_store.newest_numbers(ctx.db, MOST_ITEMS)
    if numbers and last is None:
        raise UserError(_("I am getting it ready: ask again in a minute."))
    if last is None:
        raise UserError(
            _("Nothing is public yet."),
            _("For example: `!publish {number}`", number=57),
        )
    packed = await _pack(ctx, numbers, last)
    return SendFile(
        FILE_NAME,
        "application/zip",
        packed.data,
        caption=tuple(_caption(len(numbers), count, packed.left_out)),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
    )


def _caption(shown: int, count: int, left_out: int) -> list[Line]:
    lines = [
        _("What is public, as a folder: unpack it and open index.html."),
        _(
            "To check that it is whole, give this file to the page that"
            " `!export verifier` sends you."
        ),
    ]
    if shown < count:
        lines.append(_("Only the newest {count} are in it.", count=shown))
    if left_out:
        lines.append(
            n_("{count} large file isn't in it.", "{count} large files aren't in it.", left_out)
        )
    return lines


async def _pack(ctx: Context, numbers: Sequence[Number], last: LoggedLine) -> PackedSite:
    profile = await site_profile(ctx)
    made_at = await place_store.last_written(ctx.db, paths.CALENDAR) or ctx.now
    found = await read_snapshot(ctx.db, numbers, said_reasons(ctx), made_at)
    make = partial(
        pack_site,
        profile,
        await own_templates(ctx),
        found,
        numbers,
        await place_store.lines_after(ctx.db, 0),
        await place_store.all_hashes(ctx.db),
        ctx.signer,
    )
    return ctx.fetched.made(f"published {last.seq}", make)


def pack_site(
    profile: SiteProfile,
    templates: OwnTemplates,
    found: Snapshot,
    numbers: Sequence[Number],
    lines: Sequence[LoggedLine],
    logged: Mapping[str, str],
    signer: Signer,
) -> PackedSite:
    """Return the public site of these items with its log as one packed file. Files that are not in
    the log as they are now are left out, and the largest ones if it would be over `MOST_BYTES`.

    Raises `UserError` while all pages are about to be written anew, so that the log is of the old
    ones.
    """
    made = render_files(profile, templates, found, numbers, fixed=True)
    files = {
        path: content
        for path, content in made.files.items()
        if content is not None and logged.get(path) == file_hash(content)
    }
    if f"{profile.languages[0]}/{paths.CHECK}" not in files:
        raise UserError(
            _("Just now I write all pages of what is public anew."),
            _("Please ask again in a while."),
        )
    large = sorted((one for one in files if one.startswith("files/")), key=lambda p: len(files[p]))
    left_out = 0
    while (
        len(data := _zip(files | _log_files(files, lines, logged, signer))) > MOST_BYTES and large
    ):
        del files[large.pop()]
        left_out += 1
    return PackedSite(data, left_out)


def _log_files(
    held: Collection[str],
    lines: Sequence[LoggedLine],
    logged: Mapping[str, str],
    signer: Signer,
) -> dict[str, bytes]:
    """Return the log, and where not all of its files are in the copy, which of them are."""
    files: dict[str, bytes] = {}
    for one in lines:
        path = paths.segment(one.seq)
        files[path] = files.get(path, b"") + one.line.encode() + b"\n"
    end = LogEnd(lines[-1].seq, lines[-1].hash)
    files[paths.HEAD] = make_head(end, lines[-1].at, signer).to_json().encode()
    if len(held) < len(logged):
        copy = SiteCopy(entry=end.hash, holds=tuple(sorted(held))).sign(signer)
        files[paths.COPY] = copy.to_json().encode()
    return files


def _zip(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a ZIP archive that depends on them alone."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return packed.getvalue()
