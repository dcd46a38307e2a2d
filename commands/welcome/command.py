"""`!welcome`: the summary for newcomers; for moderators, the text of the room's welcome."""

from __future__ import annotations

import re

from bot.api import Answer, Context, Say, Sentence, UserError, _, fold, words
from commands.onboarding.areas.command import REMOVE
from commands.onboarding.declaration import NEWCOMERS
from commands.rules.command import SET
from commands.welcome import summary, welcome_texts
from commands.welcome.declaration import feature

SHOW = words("texto", "texto", "text", "ver, mostrar | ver, mostrar | show")
_VERBS = {fold(word): verb for verb in (SET, REMOVE, SHOW) for word in verb}
_POLITE = re.compile(r"(?:por favor|porfa|please|hoy|hoje|today|ahora|agora|now)?[\s.!?]*")
_SET_WELCOME = re.compile(
    r"(?:(?:pon|ponga|pongan|poner|escribe|cambia|coloca|poe|muda|escreve|set|write|change)"
    r" (?:(?:de|como|la|a|as|the|esta) ){0,2}(?:bienvenida|boas[- ]vindas|welcome)"
    r"(?: (?:de|d|of)?(?:la|a|esta|the|this) (?:sala|room))?(?: (?:a|para|pra|to|as))?"
    r"|(?:(?:la|nuestra|a|as|our|the) )?(?:bienvenida|boas[- ]vindas|welcome)"
    r" (?:es|son|e|sao|is|cambiar|poner|escribir|mudar|escrever|change|set|should say))"
    r"(?:\s*:\s*|\s+)(\S[\s\S]*)"
)
"""The text of the room's welcome: `pon de bienvenida: hola, preséntate`."""
feature.sentences.append(Sentence(_SET_WELCOME, "welcome set {}"))


@feature.command(
    words("bienvenida", "boas-vindas", "welcome", "resumen | resumo | summary"),
    help=_("what was decided, what comes, where things are"),
    example=_(
        "For example: `!welcome`; moderators write the room's with `!welcome set` and the text"
    ),
    topic=NEWCOMERS,
)
async def welcome(ctx: Context, *, text: str = "") -> Answer:
    """Show the newcomers' summary or, with `text`, `set` or `remove`, show or change the room's
    welcome. Return the answer.

    Raises `UserError` for other words.
    """
    # “por favor” is polite, and begins like the Portuguese word for setting a text.
    if _POLITE.fullmatch(fold(text.strip())):  # before the verbs: “por favor” begins like `pôr`
        return await _summary(ctx)
    first, *rest = re.split(r"\s+", text.strip(), maxsplit=1)
    said = "".join(rest)
    verb = _VERBS.get(fold(first.rstrip(":")))
    if verb is SET:
        return await welcome_texts.change_text(ctx, said)
    if verb is REMOVE:
        return await welcome_texts.remove_text(ctx, said)
    if verb is SHOW:
        return await welcome_texts.show_texts(ctx)
    raise UserError(
        _(
            "I didn't understand “{typed}”. What was decided and what comes: `!welcome`",
            typed=text.strip()[:40],
        ),
        _("To write what I say to those who come into a room: `!welcome set` and the text"),
    )


async def _summary(ctx: Context) -> Answer:
    """Answer with the summary in private only, since it tells of all the person's rooms."""
    lines = await summary.summary_lines(ctx, ctx.who)
    if not lines:
        return [_("We share no room yet. Ask the moderators of your network.")]
    if ctx.is_private:
        return lines
    return [_("I wrote to you in private."), Say(tuple(lines), to=ctx.who, loud=True)]
