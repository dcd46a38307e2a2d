"""What is kept of people: translations of theirs that nobody has accepted yet."""

from __future__ import annotations

from bot.api import EXPORT_PERSON, LANGUAGE_WORDS, Context, Line, UserId, _, n_
from commands.translations import store
from commands.translations.declaration import feature

feature.rows(
    "translations_offer",
    person="person",
    says=n_("{count} offered translation", "{count} offered translations", 0),
)
feature.rows("translations_offer", text="words", on_forget="blank")


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return the translations that the person offered."""
    return [
        _(
            "You put {number} into {language}: “{text}” (not accepted yet)",
            number=one.item,
            language=LANGUAGE_WORDS[one.language],
            text=one.text.title,
        )
        for one in await store.of_person(ctx.db, person)
    ]
