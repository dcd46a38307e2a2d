"""Services by which capabilities say what is printed of what is theirs."""

from __future__ import annotations

from bot.capability.service import KindService, Service
from bot.delivery.effects import RenderLine
from bot.documents.printed_pages import PrintedPages
from storage.items import Item

PRINT_ITEM = KindService[[Item, RenderLine], PrintedPages]("print")
"""The pages of an item: the paper ballot of a poll, the attendance sheet of an event.

`ctx.who` may see the item. Raises `UserError` if there is nothing to print of it.
"""


PRINT_AGENDA = Service[[RenderLine], PrintedPages | None]("print agenda")
"""The agenda of the meeting in `ctx.room`, going on or to come, or None without points."""
