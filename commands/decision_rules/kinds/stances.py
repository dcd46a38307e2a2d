"""The stances from for to block, and the words for them in three languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from bot.api import Line, _, fold, strip_hidden
from commands.decision_rules.vote_rules import fold_label


class Stance(IntEnum):
    """A stance. Its number is its place in every kind that has it."""

    FOR = 1
    AGAINST = 2
    ABSTAIN = 3
    ASIDE = 4
    BLOCK = 5


STANCE_LABELS: Mapping[Stance, Line] = {
    Stance.FOR: _("for"),
    Stance.AGAINST: _("against"),
    Stance.ABSTAIN: _("abstain"),
    Stance.ASIDE: _("stand aside"),
    Stance.BLOCK: _("block"),
}

_PHRASES = {
    Stance.FOR: "a favor,favor,en favor,si,sim,yes,for,in favour,in favor,in favour of it,estoy a "
    "favor,estou a favor,sou a favor,i am for,i am in favour,de acuerdo,estoy de acuerdo,de acordo,"
    "estou de acordo,concordo,i agree,agree,apoyo,apoio,i support it,apruebo,aprovo,approve,"
    "i approve,consiento,consinto,i consent,consent,+1,👍,✅,✔",
    Stance.AGAINST: "en contra,contra,em contra,no,nao,against,estoy en contra,estou contra,"
    "sou contra,i am against,no estoy de acuerdo,no apoyo,nao apoio,en desacuerdo,"
    "estoy en desacuerdo,nao concordo,discordo,desacuerdo,disagree,i disagree,me opongo,"
    "me oponho,i oppose,rechazo,rejeito,-1,👎,❌",
    Stance.ABSTAIN: "abstencion,abstenciones,abstencao,abstencoes,abstain,abstention,"
    "abstentions,i abstain,abst,abs,me abstengo,me abstenho,abstengo,abstenho,"
    "en blanco,em branco,blanco,branco",
    Stance.ASIDE: "me aparto,aparto,fico a parte,a parte,stand aside,i stand aside,standing aside,"
    "aside,me hago a un lado,fico de lado,me afasto",
    Stance.BLOCK: "bloqueo,bloqueio,block,i block,blocked,bloquear,lo bloqueo,la bloqueo,"
    "veto,🛑,🚫",
}
STANCE_WORDS: Mapping[str, Stance] = {
    fold(phrase): stance for stance, phrases in _PHRASES.items() for phrase in phrases.split(",")
}
_LEAD_IN = re.compile(
    r"^(?:(?:yo|eu|i)\s+(?!(?:no|si|nao|sim)$))?"
    r"(?:(?:mi voto|meu voto|o meu voto|my vote|voto|vote)\s+(?:es\s+|e\s+|is\s+|va\s+|vai\s+)?"
    r"(?:por\s+(?:el\s+|la\s+|o\s+)?|pelo\s+|for\s+)?)?"
)
_THANKS = re.compile(
    r"(?<![\s,.])[\s,.]+(?:gracias|por favor|obrigad[oa]|valeu|thanks|thank you|please)$"
)
LONGEST_LINE = 200
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")


def parse_stance(text: str) -> Stance | None:
    """Return the stance (for, against, abstain, block) that a whole line says, or None for anything
    else or two."""
    if len(text) > LONGEST_LINE:
        return None
    line = _THANKS.sub("", fold_label(_SKIN.sub("", strip_hidden(text))))
    meant = {_stance_of(part) for part in (line, _LEAD_IN.sub("", line))} - {None}
    if not meant:
        meant = {
            _stance_of(_LEAD_IN.sub("", part))
            for part in re.split(r"(?<!\s)\s*[,.;]\s*", line)
            if part
        }
    return meant.pop() if len(meant) == 1 else None


def _stance_of(phrase: str) -> Stance | None:
    return STANCE_WORDS.get(phrase.replace("-", " ").strip()) or STANCE_WORDS.get(phrase)
