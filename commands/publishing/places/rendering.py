"""Make the files that changed items touch. It runs in a thread, on what was read before."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from bot.api import (
    LANGUAGES,
    Context,
    Line,
    OwnThread,
    StillOut,
    _,
    public_services,
    rooms,
    settings,
)
from commands.public_site import machine_files
from commands.public_site.page_templates import fit_templates, read_sources, read_templates
from commands.public_site.pages import PageMaker
from commands.public_site.published import SiteProfile, documents
from commands.public_site.site_files import changed_files
from commands.public_site.unfit_template import UnfitTemplate
from commands.publishing.declaration import feature
from commands.publishing.places.snapshot import REASONS, Snapshot


@dataclass(frozen=True, slots=True)
class RenderedFiles:
    """Files by path, None for one to be taken away. `unfit`: numbers that no page can be made of.

    `faults`: what the network's own templates could not do.
    """

    files: dict[str, bytes | None]
    unfit: frozenset[int]
    faults: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OwnTemplates:
    """What the network put in place of our templates, by name. `fault`: why it can't be read."""

    sources: Mapping[str, str] = field(default_factory=dict)
    fault: Line | None = None


def render_files(
    profile: SiteProfile,
    templates: OwnTemplates,
    found: Snapshot,
    numbers: Collection[int],
    *,
    fixed: bool,
) -> RenderedFiles:
    """Return the files of the public site that these items touch. `fixed`: also those that belong
    to no item.

    One that nothing can be made of is left out, so that it keeps back no other.
    """
    maker = new_maker(profile, templates)
    try:
        files = asyncio.run(_collect(maker, found, numbers, fixed=fixed))
    except Exception:
        found.unfit |= asyncio.run(_find_unfit(maker, found))
        files = asyncio.run(_collect(maker, found, numbers, fixed=fixed))
    return RenderedFiles(files, frozenset(found.unfit), tuple(maker.faults.values()))


def new_maker(profile: SiteProfile, templates: OwnTemplates) -> PageMaker:
    """Return the object that makes the public pages; the bot's templates replace ones that can't be
    used."""
    fault = templates.fault
    try:
        maker = PageMaker(profile, fit_templates(templates.sources) if templates.sources else None)
    except UnfitTemplate as unfit:
        maker, fault = PageMaker(profile), unfit.line
    if fault is not None:
        maker.faults[fault.in_english()] = fault
    return maker


async def _collect(
    maker: PageMaker, found: Snapshot, numbers: Collection[int], *, fixed: bool
) -> dict[str, bytes | None]:
    return {
        file.path: file.content async for file in changed_files(maker, found, numbers, fixed=fixed)
    }


async def _find_unfit(maker: PageMaker, found: Snapshot) -> set[int]:
    """Return the numbers of which no page can be made, one by one."""
    unfit = set()
    for number in found.rows:
        try:
            item = await found.item(number)
            if item is not None:
                maker.item(item)
                machine_files.write_record(item)
        except Exception:
            unfit.add(number)
    return unfit


# --- whose site it is ---------------------------------------------------------------------------


async def site_profile(ctx: Context) -> SiteProfile:
    """Return the name and other facts of the network whose public site it is."""
    return SiteProfile(
        ctx.defaults.network,
        ctx.signer.public,
        ctx.defaults.zone,
        await network_languages(ctx),
        ctx.defaults.public.address,
    )


async def network_languages(ctx: Context) -> tuple[documents.Language, ...]:
    """Return the network's language, then the others that its rooms chose."""
    chosen = {ctx.defaults.language}
    for room in await rooms.network_rooms(ctx.db):
        chosen.add((await settings.settings_of(ctx.db, room.room)).get("language", ""))
    first: list[documents.Language] = [one for one in LANGUAGES if one == ctx.defaults.language]  # type: ignore[misc]
    others: list[documents.Language] = [
        one  # type: ignore[misc]
        for one in LANGUAGES
        if one in chosen and one != ctx.defaults.language
    ]
    return (*first, *others)


def said_reasons(ctx: Context) -> dict[str, documents.PublicText]:
    """Return the sentences with which the site explains that something was withdrawn, by reason."""
    tell = public_services.public_line(ctx, public_services.PublicNames())
    return {reason: tell(line) for reason, line in REASONS.items()}


# --- the network's own templates ------------------------------------------------------------------


async def own_templates(ctx: Context) -> OwnTemplates:
    """Return the network's own page templates; none while reading their folder hangs.

    Raises `UserError` if it took too long: later it may be there, or known to hang.
    """
    folder = ctx.defaults.public.templates
    if folder is None:
        return OwnTemplates()
    try:
        read = partial(_read_own, folder)
        return ctx.fetched.made("templates", read, thread=thread_of(folder))
    except StillOut:
        return OwnTemplates(fault=_("The folder of the templates does not answer."))


def _read_own(folder: Path) -> OwnTemplates:
    try:
        return OwnTemplates(read_sources(folder))
    except UnfitTemplate as unfit:
        return OwnTemplates(fault=unfit.line)


def look_of(profile: SiteProfile, templates: OwnTemplates) -> str:
    """Return a hash of what all public pages have in common: the site's profile, its templates and
    our version. If it differs from what it was, every page has to be written again."""
    found = hashlib.sha256(f"{version('minga')} {profile}".encode())
    for name, source in sorted(templates.sources.items()):
        found.update(f"{name}\0{source}".encode())
    return found.hexdigest()


@cache
def thread_of(folder: Path) -> OwnThread:
    """Return the thread in which the public folder is read and written, as a folder mounted from
    afar may hang."""
    return OwnThread(f"folder {folder.name}")


def check_templates(folder: Path) -> list[Line]:
    """Return the reasons why the network's page templates can't be used; none if they can."""
    try:
        read_templates(folder)
    except UnfitTemplate as fault:
        return [fault.line]
    return []


feature.template_checks.append(check_templates)
