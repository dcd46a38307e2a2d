"""Reads whether a text ends its writer's own call for help: a set phrase, perhaps a courtesy."""

from __future__ import annotations

import re

from bot.api import PLEASE, SORRY, THANKS, fold, fold_answer

_MISTAKES = (
    *("falsa alarma", "una falsa alarma", "alarma falsa", "una alarma falsa", "alarme falso"),
    *("um alarme falso", "falso alarme", "um falso alarme", "false alarm", "a false alarm"),
)
CANCEL_PHRASES = frozenset(
    {
        *(f"{was}{one}" for was in ("", "fue ", "era ", "foi ", "it was ") for one in _MISTAKES),
        *("cancelar", "cancela", "fue sin querer", "sin querer", "ya paso", "ya estoy bien"),
        *("cancela la alarma", "cancelar la alarma", "ya estoy a salvo", "estoy a salvo"),
        *("foi sem querer", "sem querer", "ja passou", "ja estou bem"),
        *("cancela o alarme", "cancelar o alarme"),
        *("cancel", "by mistake", "it is over", "its over", "it's over", "cancel the alarm"),
        "i am safe now",
    }
)
"""Texts that say that it is over or was a mistake."""
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
    if fold_answer(text) in CANCEL_PHRASES:
        return True
    left = " ".join(_COURTESY.sub(" ", fold(text)).split())
    return fold_answer(left) in CANCEL_PHRASES
