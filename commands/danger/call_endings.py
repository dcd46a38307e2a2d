"""Reads whether a text ends its writer's own call for help: a set phrase, perhaps a courtesy."""

from __future__ import annotations

import re

from bot.api import PLEASE, SORRY, THANKS, WAS_FALSE_ALARM, fold, fold_answer

CANCEL_PHRASES = frozenset(
    {
        *("cancelar", "cancela", "fue sin querer", "sin querer", "ya paso", "ya estoy bien"),
        *("cancela la alarma", "cancelar la alarma", "ya estoy a salvo", "estoy a salvo"),
        *("foi sem querer", "sem querer", "ja passou", "ja estou bem"),
        *("cancela o alarme", "cancelar o alarme"),
        *("cancel", "by mistake", "it is over", "its over", "it's over", "cancel the alarm"),
        "i am safe now",
    }
)
"""Texts that say that it is over or was a mistake, beside a false alarm."""
_COURTESY = re.compile(
    rf"\b(?:{PLEASE}|{THANKS}|{SORRY}|chicas|gente|(?:ya )?estoy bien|ya esta"
    r"|(?:ja )?(?:to|estou) bem|ta tudo bem|tudo bem|todo bien|im ok|im fine|i'm ok|i'm fine"
    r"|all good)\b|[,.;!¡]+"
)
"""What may stand beside them: a courtesy, or that somebody is well, which alone ends no call."""


def is_over(text: str) -> bool:
    """Return whether the text ends the writer's own call for help, as `pánico fue sin querer`
    does."""
    return is_cancelled(re.sub(r"^\W*(?:panico|panic)\s+", "", fold(text)))


def is_cancelled(text: str) -> bool:
    """Return whether the text says that a call for help is over or was a mistake, and nothing more
    than a courtesy beside that: `cancel please`, and not `cancelar no, vengan`."""
    left = " ".join(_COURTESY.sub(" ", fold(text)).split())
    return any(
        said in CANCEL_PHRASES or re.fullmatch(WAS_FALSE_ALARM, said)
        for said in (fold_answer(text), fold_answer(left))
    )
