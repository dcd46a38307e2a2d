"""What is answered to a line that is no command: a hello, thanks, a word spelt otherwise."""

from __future__ import annotations

import re

from bot.i18n import _
from bot.registry import Registry
from bot.typed import fold
from bot.types import Line
from bot.words import bare

HELLO = frozenset(
    map(
        fold,
        (
            *(
                "hola",
                "holi",
                "buenas",
                "buenos dias",
                "buenas tardes",
                "buenas noches",
                "buen dia",
            ),
            *("oi", "ola", "bom dia", "boa tarde", "boa noite", "e ai", "opa", "alo"),
            *("hi", "hello", "hey", "good morning", "good evening", "start", "inicio", "comenzar"),
        ),
    )
)
THANKS = frozenset(
    map(
        fold,
        (
            *("gracias", "muchas gracias", "mil gracias", "grax"),
            *("obrigada", "obrigado", "valeu", "brigada", "brigado", "vlw", "agradeço"),
            *("thanks", "thank you", "ty", "thx"),
        ),
    )
)

DANGER = frozenset(
    map(
        fold,
        (
            *("auxilio", "panico", "estoy en peligro", "me siguen", "peligro", "emergencia"),
            *("socorro", "estou em perigo", "perigo", "emergência", "estão me seguindo"),
            *("panic", "i am in danger", "i'm in danger", "danger", "emergency"),
        ),
    )
)


def known(text: str) -> bool:
    """Is the line a hello, thanks or a call for help?"""
    return _says(text, HELLO) or _says(text, THANKS) or _says(text, DANGER)


def _says(text: str, phrases: frozenset[str]) -> bool:
    """The whole short line, whatever pictures stand beside it, or its beginning."""
    words = re.sub(r"[^\w\s']", " ", fold(text)).split()
    spoken = " ".join(words)
    return len(words) <= 5 and any(
        spoken == phrase or spoken.startswith(phrase + " ") for phrase in phrases
    )


def answer(registry: Registry, text: str, *, named: bool) -> tuple[Line, ...] | None:
    """`named`: surely said to the bot. In a room, what is near nothing stays unanswered."""
    if _says(text, DANGER):
        return (
            _("I can't call anybody yet. Write to a moderator or call somebody you trust now."),
            _("If it was not meant so, all is well: I told nobody."),
        )
    if _says(text, THANKS):
        return (_("You're welcome."),)
    if named and (_says(text, HELLO) or not bare(text)):
        return hello()
    nearest = registry.nearest(text)
    if nearest is not None:
        command, name = nearest
        typed = text.split()[0]
        return (
            _(
                "I didn't understand “{typed}”. Is it `!{nearest}`? {example}",
                typed=typed[:40],
                nearest=name,
                example=command.example,
            ),
            _("All that can be done here: `!help`"),
        )
    if not named:
        return None
    return (_("I didn't understand that. All that can be done here: `!help`"),)


def hello() -> tuple[Line, ...]:
    """The three likeliest things."""
    return (
        _("Hello. Here you can:"),
        _("see what can be done: `!help`"),
        _("see what is open: `!pending`"),
        _("set a reminder: `!remind tomorrow 17:00; call the printer`"),
    )
