"""Tells a need for a thing from one to do something, which may be meant for the bot."""

from __future__ import annotations

import re

from bot.api import Context, dates, fold, fold_in_place
from commands.exchange.args import PostDraft
from commands.exchange.store import NEED

_INFINITIVE = re.compile(
    r"(?!taller\b)([^\W\d_]{2,14}(?:ar|er|ir))(?:me|nos|les?|l[ao]s?)?(?![\w-])"
)
"""A verb, or a noun that ends like one: `organizar`, `recordarles`, `collar`. Folded."""
_OBJECT = re.compile(
    r"(?:(?:mas|mais) )?(?:una?s?|unos|uma?s?|uns|el|l[ao]s?|[ao]s|mis?|[ts]us?|[ms]eus?|minhas?"
    r"|suas?|est[ea]s?|es[ea]s?|ess[ea]s?|esto|eso|isto|isso|algo|tod[oa]s?|tudo|nada"
    r"|(?:(?:a|con|com) )?(?:alguien|alguem|nadie|ninguem|quien|quem))\b"
)
"""What stands behind a verb, and seldom behind a noun: `la escalera`, `mais uns dias`. Folded."""
_PRIVATE = re.compile(r"\b(?:abort|misoprost|psic|psych|terap|therap|vih\b|hiv\b|suicid)")
"""What says something of a person's health. Folded."""
_OWN_DEED = re.compile(
    r"(?:(?!(?:alarme|firme)\b)[^\W\d_]{0,14}(?:[aei]rme|[ai]rnos)"
    r"|(?:me|nos) [^\W\d_]{1,14}[aei]r|ir|ver|dar|saber)(?![\w-])"
)
"""What somebody does themselves: `irme de mi casa`, `me mudar`, `ver quién votó`. Folded."""
_NOUNS = frozenset(
    {
        *("azucar", "acucar", "bazar", "lider", "collar", "colar", "hogar", "lar", "lugar", "par"),
        *("celular", "alquiler", "alfiler", "escaner", "poster", "altar", "jantar", "colher"),
        *("talher", "container", "router", "flyer", "folder", "auxiliar", "titular", "bar"),
        *("telar", "tear", "radar", "manjar", "mujer", "mulher", "cancer", "server", "blazer"),
        *("sueter", "chofer", "militar", "escolar", "familiar", "popular", "polar", "pilar"),
        *("alarme", "firme"),
    }
)
"""Nouns that end like verbs: alone they are things. Folded."""


def is_deed(ctx: Context, draft: PostDraft) -> bool:
    """Return whether a need is something to do, or of somebody's health: it may be meant for the
    bot or be nobody's business.

    `necesito cerrar la votación`, `necesito irme`, `necesito abortar`. Nouns that end like verbs
    are things: `collar para el perro`, `azúcar el sábado`.
    """
    folded = fold_in_place(draft.text)
    if draft.side != NEED:
        return False
    if folded.startswith(("to ", "que ")) or _OWN_DEED.match(folded) or _PRIVATE.search(folded):
        return True
    if (verb := _INFINITIVE.match(folded)) is None:
        return False
    if not (behind := draft.text[verb.end() :].strip(" .!")):
        return verb[0] not in _NOUNS
    if ctx.registry.find_command(f"{verb[1]} {behind}") is not None:
        return True
    date = dates.find_date(behind, ctx.said_at, ctx.policy.zone)
    is_time = date is not None and behind.startswith(date.phrase)
    return not is_time and _OBJECT.match(fold(behind)) is not None
