"""The request that a command means. Somebody who may not decide is told that there is none."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import Context, MissingArgument, Number, UserError, _, items
from commands.doors import deciders, store
from commands.doors.store import Request

_NUMBER = re.compile(
    r"(?:(?:a|para|to)\s{1,3})?(?:(?:el|la|o|the)\s{1,3})?#?(\d{1,9})\b[\s:,.;]*(.*)",
    re.DOTALL | re.IGNORECASE,
)
"""The number, perhaps with the small words that stand before it, and what follows."""


async def find_request(ctx: Context, text: str) -> tuple[Request, str]:
    """Return the request named by number or replied to, and the rest of the line.

    Raises `UserError` if there is none that the person may decide, `MissingArgument` if no number
    is given and nothing is replied to.
    """
    match = _NUMBER.match(text.strip())
    rest = match[2] if match else text
    if match:
        number = Number(int(match[1]))
    else:
        number = await _replied_request(ctx)
    found = await store.get_request(ctx.db, number)
    if found is None or not await deciders.may_decide(ctx, found.room):
        raise UserError(
            _("There is no request {number} for you to decide.", number=number),
            _("Who is at which step: `!requests`"),
        )
    return found, rest.strip()


async def _replied_request(ctx: Context) -> Number:
    """Return the request that the replied message is about.

    Raises `MissingArgument` if it is about none, or is the list of those who wait: between reading
    and replying another person may have taken the only place on it.
    """
    about = await items.item_about(ctx.db, ctx.origin.reply_to) if ctx.origin.reply_to else None
    if about is None or about.kind == "door_list":
        raise MissingArgument("text", _("the number"))
    return about.number


async def find_open_request(ctx: Context, text: str) -> tuple[Request, str]:
    """Return the undecided request that the text names, and the rest of the text.

    Raises as `find_request` does, and `UserError` if the request is decided.
    """
    found, rest = await find_request(ctx, text)
    if not found.open:
        raise UserError(_("Request {number} is decided already.", number=found.item))
    return found, rest


AnyRequest = Annotated[Request | None, find_request]
OpenRequest = Annotated[Request, find_open_request]
