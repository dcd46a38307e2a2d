"""Reads the number of a thing that begins a text. Pure."""

from __future__ import annotations

import re

from bot.text.normalisation import fold_in_place
from bot.types import Number

KIND = (
    r"(?:evento|event|votacion|votacao|voto|vote|poll|encuesta|enquete|propuesta|proposta|proposal"
    r"|eleccion|eleicao|election|tarea|tarefa|task|reunion|reuniao|meeting|recordatorio|lembrete"
    r"|reminder|anuncio|aviso|announcement|oferta|offer)(?:e?s)?"
)
"""What people call a thing of the bot's by. Folded."""
_KIND_BEFORE = re.compile(
    rf"\s*(?:(?:el|la|o|a|the|al|ao)\s{{1,3}})?{KIND}\s{{1,3}}(?=#?\d{{1,9}}(?!\s{{1,3}}de\s))"
)
"""Before a number: `el evento 1`. In `la reunión 12 de mayo` a day follows."""
_NUMBER = re.compile(r"\s*#?(\d{1,9})(?!\w|[\d:/.,\-]{0,20}\d)\s*[,;:]?\s*")
"""`57`, `#57:`; not what begins a date, an hour or an amount: `5/12`, `17:30`, `1,5`, `7pm`."""


def split_number(text: str) -> tuple[Number, str] | None:
    """Return the number of a thing that a text begins with (`57`, `el evento 57`) and the text
    behind it, or None."""
    kind = _KIND_BEFORE.match(fold_in_place(text))
    found = _NUMBER.match(text, kind.end() if kind is not None else 0)
    return (Number(int(found[1])), text[found.end() :]) if found else None
