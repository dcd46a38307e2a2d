"""Services of the profile feature: lookups for other features, and a person's data."""

from __future__ import annotations

from collections.abc import Mapping

from bot.api import Context, Line, UserId, _, n_
from commands.profile import profile_parts, profile_store, texts, visibility
from commands.profile.declaration import feature
from commands.profile.profile_parts import PARTS, Part


@feature.service("profile")
async def profile(ctx: Context, person: UserId, viewer: UserId) -> Mapping[str, tuple[str, ...]]:
    return {one.part.value: one.words for one in await visibility.shown(ctx, person, viewer)}


@feature.service("with_profile")
async def with_profile(
    ctx: Context, part: str, words: str, viewer: UserId, most: int
) -> list[UserId]:
    """Return people who show the viewer this value.

    A place matches by any part, a language by any name.
    """
    found: dict[UserId, None] = {}
    for term in sorted(profile_parts.terms(Part(part), words)):
        found |= dict.fromkeys(await visibility.search(ctx, Part(part), term, viewer, most))
    return list(found)[:most]


@feature.service("called")
async def called(ctx: Context, person: UserId) -> str | None:
    """Return the person's name if they want to be greeted by it."""
    if not await profile_store.greets(ctx.db, person):
        return None
    held = await profile_store.get(ctx.db, person, Part.NAME)
    return held.words[0] if held else None


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    gone = await profile_store.forget(ctx.db, person)
    return [n_("{count} part of your profile", "{count} parts of your profile", gone)] * bool(gone)


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return each part with who sees it."""
    told = [
        _("Profile, {part}: {words} (sees it: {who})", part=PARTS[one.part], words=one.words,
          who=texts.who(one.seen))
        for one in await profile_store.every(ctx.db, person)
    ]  # fmt: skip
    greeted = await profile_store.greets(ctx.db, person)
    return [*told, *([_("I greet you by your name in private.")] if greeted else [])]
