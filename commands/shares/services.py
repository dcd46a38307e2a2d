"""Declared data of shares, and what `!privacy` says of them."""

from __future__ import annotations

from bot.api import ITEM_READERS, RETENTION_LINES, Context, Item, Line, _
from commands.links import store
from commands.links.declaration import MESSAGE_LIFETIME
from commands.links.network_names import network_readers
from commands.links.services import A_NETWORK
from commands.shares import share_store
from commands.shares.declaration import feature

feature.log_line("shared", _("shared {number} with {names}"))
feature.log_line("reworded", _("changed announcement {number}, in the other networks too"))
feature.log_line("withdrawn", _("took {number} back from the other networks"))
feature.log_line("taken", _("took in {number} from {name}"))
feature.rows(
    "shares_trusted",
    room="room",
    on_clash="replace",
    person="bot",
    on_forget="keep",
    why=A_NETWORK,
)
for table in ("shares_total", "shares_received", "shares_contact", "shares_pace"):
    feature.rows(table, person="bot", on_forget="keep", why=A_NETWORK)
feature.rows("shares_contact", person="person", on_forget="code")


@feature.offers(RETENTION_LINES)
async def privacy_lines(ctx: Context) -> list[Line]:
    """Return lines for `!privacy` that say what goes to other networks; none without a link."""
    if not await store.linked_peers(ctx.db):
        return []
    return [
        _(
            "Linked networks get what moderators share with them, as it is written, and"
            " totals; I add"
            " no names: `!network`. What they say I keep for {count} days.",
            count=MESSAGE_LIFETIME.days,
        ),
        _(
            "Your offers and needs go there only if you share them; your address goes to one person"
            " there, sealed, and only after you said yes to that one."
        ),
    ]


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return a line with the networks that the item was shared with, if it was."""
    shared = await share_store.sent_shares(ctx.db, item.number)
    return await network_readers(ctx, [one.link for one in shared])
