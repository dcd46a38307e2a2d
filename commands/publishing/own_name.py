"""What somebody says of their name in private, in words that are no command."""

from __future__ import annotations

import re

from bot.api import UNMATCHED_LINES, Context, Line, _, fold, own_words
from commands.publishing import consents
from commands.publishing.declaration import feature
from commands.publishing.withdraw_command import withdraw_everywhere

_MY_NAME = re.compile(
    r"\b(?:mi nombre|meu nome|my name|me nombr\w{1,5}|me mencion\w{1,6}|me cit[ae]\w{0,2}"
    r"|me nomei\w{1,3}|name me|mention me)\b"
)
_HIDING = re.compile(r"\b(?:secret\w|privad\w|private|fuera|fora|out|off|hide|esconde\w{0,3})\b")


@feature.offers(UNMATCHED_LINES)
async def settle_own_name(ctx: Context, text: str) -> list[Line]:
    """Take out the name of somebody who does not want it public, or say how it becomes so."""
    said = fold(text)
    if _MY_NAME.search(said) is None:
        refused = own_words.read_yes_no(text) == "no"
        if refused and await consents.refuse_open(ctx, ctx.who):
            return [_("Your name is in nothing public, and without your yes I put it nowhere.")]
        return []
    if own_words.has_no(text) or _HIDING.search(said) is not None:
        return await withdraw_everywhere(ctx)
    if own_words.read_yes_no(text) == "yes":
        return [_("In what? For example: `publish my name {number}`", number=57)]
    return []
