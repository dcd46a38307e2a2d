"""A translation in reply to what it is of, without a prefix: `traduzco pt: Assinamos a carta`."""

from __future__ import annotations

import re

from bot.api import Answer, Context, run_line

_TRANSLATES = re.compile(
    r"(?:(?:yo|eu|i) )?(?:traduzco|traduzo|traducir|traduzir|traducci[oó]n|tradu[cç][aã]o"
    r"|translate|translation)\b[^:\n]{0,40}?"
    r"\b(?:es|espa[nñ]ol|espanhol|castellano|spanish|pt|portugu[eéê]s|portuguese|en|ingl[eéê]s"
    r"|english) ?:",
    re.IGNORECASE,
)


async def translate_in_reply(ctx: Context, text: str) -> Answer:
    """Handle a reply that offers a translation like the command `!translate`. Return None for other
    text."""
    return await run_line(ctx, text) if _TRANSLATES.match(text) else None
