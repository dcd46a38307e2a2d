"""Reads the question how somebody is taken out of a room: `cómo saco a alguien que molesta`. Pure.

Who is in danger asks otherwise: how they themselves get out, or how somebody gets out of a house.
"""

from __future__ import annotations

import re

from bot.text.normalisation import fold

_HOW = (
    r"(?:(?:de que (?:manera|forma) |c[oó]mo |how )(?:se |to )?(?:(?:hago|hacemos|hay que hacer"
    r"|fa[cç]o|fazemos|puedo|podemos|posso|consigo|do i|do we|can i|can we|do you|would i|i)"
    r"(?: (?:para|pra))? ?)?)"
)
_REMOVE = (
    r"(?:(?:sac|ech|quit|expuls|tir|remov|banea|bani|bloque|elimin|retir)[a-z]{1,4}"
    r"|kick(?: out)?|remove|ban|throw out|get rid of|boot)"
)
_SOMEBODY = (
    r"(?:(?:a |al |o |la |el |the )?(?:alguien|alguem|alguém|alguno|(?:un|una|uma|um) (?:persona"
    r"|pessoa|integrante|miembro|membro|usuario|usuaria)|gente|some(?:one|body)|people|a (?:person"
    r"|member|user)|una?|quien|quem|whoever)(?: out)?)"
)
_BOTHERS = (
    r"(?: (?:que|q|quien|who ?s?|that|whos)?(?: ?(?:nos|no|se|is|are|keeps))?(?: ?(?:esta|está|anda"
    r"|ta|fica))? ?(?:molest|incomod|insult|provoc|bother|harass|annoy|spam|hac|fazen|disturb|trol)"
    r"[a-z]{0,6}(?: (?:spam|lio|us|people|others|everyone|everybody|a (?:la gente|todas|todos"
    r"|otras|los demas)|todo mundo|as pessoas|la gente|mucho|muito))?)"
)
_ROOM = (
    r"(?: (?:de|del|da|do|from|off|of)?(?: ?(?:la|el|the|this|est[ae]|a|o))?"
    r" ?(?:sala|grupo|room|group|chat|canal|aqui|aca|here|red|rede|network))"
)
HOW_TO_REMOVE = re.compile(
    rf"[¿¡\s]*(?:(?:hola|oi|hi|hey|minga|perdon|una pregunta|uma pergunta)[,.\s]+)*{_HOW}{_REMOVE} "
    rf"{_SOMEBODY}{_BOTHERS}?{_ROOM}?{_BOTHERS}?[\s?!.]*"
)


def asks_how_to_remove(text: str) -> bool:
    """Return whether the whole line asks how somebody is taken out of a room, and tells of no harm
    to whoever asks."""
    return HOW_TO_REMOVE.fullmatch(fold(text)) is not None
