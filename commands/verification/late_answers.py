"""What nothing is waiting for: late words about the pictures, and doubts about the bot."""

from __future__ import annotations

from bot.api import UNMATCHED_LINES, Context, Line, _, fold_answer
from commands.verification import doubts
from commands.verification.declaration import feature
from commands.verification.sent_steps import again_lines, caution_line

DIFFERENT = frozenset(
    {
        *(
            "no son iguales",
            "no son los mismos",
            "no son las mismas",
            "no coinciden",
            "no es igual",
        ),
        *("son diferentes", "son distintos", "son distintas", "no me salen iguales", "distintos"),
        *("nao sao iguais", "nao sao os mesmos", "nao batem", "nao coincidem", "sao diferentes"),
        *("they are different", "they're different", "not the same", "they are not the same"),
        *("they don't match", "they do not match", "different", "diferentes"),
    }
)
SAME = frozenset(
    {
        *("iguales", "son iguales", "si son iguales", "son los mismos", "coinciden"),
        *("iguais", "sao iguais", "sim sao iguais", "sao os mesmos", "batem"),
        *("the same", "they are the same", "they match", "same"),
    }
)


@feature.offers(UNMATCHED_LINES)
async def answer_unmatched(ctx: Context, text: str) -> list[Line]:
    """Return the answer to a yes or no whose question about a verification is over, and to a
    doubt."""
    if doubts.is_doubt(text):
        return await doubts.doubt_lines(ctx, text)
    said = fold_answer(text)
    if said in DIFFERENT:
        doubt = _("If you mean the pictures of `verify`: somebody may stand between us.")
        tap = _("Say in your app too that they differ.")
        return [doubt, tap, caution_line(), *again_lines()]
    if said in SAME:
        return [_("I am comparing nothing with you just now."), *again_lines()]
    return []
