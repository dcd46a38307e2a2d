"""Whose site it is, and in which languages: those that the network speaks."""

from __future__ import annotations

from bot.api import LANGUAGES, Context, public_services, rooms, settings
from commands.public_site.published import SiteProfile, documents
from commands.publishing.places.snapshot import REASONS


async def site_profile(ctx: Context) -> SiteProfile:
    """Return whose site it is."""
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
    """Return what the site says of something withdrawn, by why it was."""
    tell = public_services.public_line(ctx, public_services.PublicNames())
    return {reason: tell(line) for reason, line in REASONS.items()}
