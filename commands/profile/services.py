"""Services of the profile feature: lookups for other features, and a person's data."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, GREETING_NAME, PEOPLE_WITH_PROFILE, Context, Line, UserId, _, n_
from commands.profile import profile_parts, profile_store, texts, visibility
from commands.profile.declaration import feature
from commands.profile.profile_parts import PART_NAMES, ProfilePart

feature.rows(
    "profile_part",
    person="person",
    says=n_("{count} part of your profile", "{count} parts of your profile", 0),
)
feature.rows("profile_term", person="person")
feature.rows("profile_greeting", person="person")


@feature.offers(PEOPLE_WITH_PROFILE)
async def people_with_value(
    ctx: Context, part: str, words: str, viewer: UserId, most: int
) -> list[UserId]:
    """Return the people whose profile shows the viewer this value.

    A place matches by any part, a language by any name.
    """
    found: dict[UserId, None] = {}
    for term in sorted(profile_parts.search_terms(ProfilePart(part), words)):
        found |= dict.fromkeys(
            await visibility.find_people(ctx, ProfilePart(part), term, viewer, most)
        )
    return list(found)[:most]


@feature.offers(GREETING_NAME)
async def greeting_name(ctx: Context, person: UserId) -> str | None:
    """Return the person's name in their profile if they want to be greeted by it."""
    if not await profile_store.wants_greeting(ctx.db, person):
        return None
    held = await profile_store.get_part(ctx.db, person, ProfilePart.NAME)
    return held.words[0] if held else None


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return a line for each part of a person's profile, with who sees it."""
    told = [
        _(
            "Profile, {part}: {words} (sees it: {who})",
            part=PART_NAMES[one.part],
            words=one.words,
            who=texts.visibility_name(one.seen),
        )
        for one in await profile_store.all_parts(ctx.db, person)
    ]
    greeted = await profile_store.wants_greeting(ctx.db, person)
    return [*told, *([_("I greet you by your name in private.")] if greeted else [])]
