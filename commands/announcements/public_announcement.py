"""What becomes public of an announcement: its text, and who announced it if they agreed."""

from __future__ import annotations

from bot.api import (
    Context,
    Item,
    Line,
    Person,
    UserError,
    _,
    public_services,
    shorten_line,
)
from bot.api import public_document as documents
from commands.announcements import store
from commands.announcements.declaration import KIND, feature

LONGEST_TITLE = 80


@feature.offers(public_services.PUBLISH_ITEM.of(KIND))
async def publish_announcement_text(
    ctx: Context, item: Item, names: public_services.PublicNames
) -> public_services.Publication:
    """Return the public document of an announcement. It does not name the rooms in which it
    stands."""
    one = await store.get_announcement(ctx.db, item.number)
    if one is None:
        raise UserError(_("There is no number {number} here.", number=item.number))
    tell = public_services.public_line(ctx, names)
    typed = public_services.typed_text(ctx, names)
    title = shorten_line(one.text, most=LONGEST_TITLE)
    # Without a yes there is no fact at all: that somebody announced it goes without saying.
    facts = []
    if item.author and names.may_name([item.author]):
        who = tell(Line("{who}", {"who": Person(item.author)}))
        facts.append(documents.PublicFact(name=tell(_("announced by")), value=who))
    return public_services.Publication(
        documents.PublicDocument(
            kind="announcement",
            number=item.number,
            title=typed(title),
            at=int(item.at.timestamp()),
            facts=tuple(facts),
            paragraphs=() if title == one.text else (typed(one.text),),
        )
    )
