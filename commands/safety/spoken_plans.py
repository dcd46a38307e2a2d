"""Reads who asks in a sentence that people be told: `if I'm not back by 11 tell ana`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import Sentence, fold_in_place
from commands.safety.declaration import feature

_NEGATION = r"(?:no|nao|not|don['’]?t|haven['’]?t|didn['’]?t)(?!\w)"
_IF = r"(?<!\w)(?:si|se|if)(?!\w)"
_UNHEARD = (
    rf"{_IF}.{{0,30}}?(?<!\w){_NEGATION} "
    r"(?:\w+ ){0,3}?(?:escrib[oi]|llam[oe]|respond[oi]|contest[oe]|vuelvo|volvi|llego|llegue"
    r"|regres[oe]|aparezco|senales|me reporto|sinal|responder|chegar|voltar|escrever|aparecer"
    r"|ligar|hear|heard|back|home|text|write|answer|reply)(?!\w)(?: from me)?"
)
_TELL = (
    r"(?<!\w)(?:avis(?:a|ale|ales|ar|e|em|en|enle|enles)|fala|tell|call"
    r"|(?<!n't )(?<!n’t )(?<!nt )(?<!not )text|alert)(?: |[.!]*$)"
)
_UNTOLD = rf"(?<!\w)(?<!si )(?<!se )(?<!if ){_NEGATION} (?:les? )?{_TELL}"
_OTHERWISE = rf"(?:{_UNHEARD}|{_IF} (?:no|nao|not)(?!\w)|(?<!\w)otherwise(?!\w))"
_RETURN = (
    r"(?:(?:yo |eu )?(?:vuelvo|volvere|regreso|regresare|llego|llegare|volto|chego"
    r"|vou (?:voltar|chegar))|(?:i['’]?ll|i will|i should) be (?:back|home)|i['’]?m back)"
    r"(?: (?:a|em|pra|para|na)? ?(?:mi |minha )?casa)?(?!\w)"
)
_BEHIND_NAMES = re.compile(
    rf"{_IF}.*|(?<!\w)(?:por favor|porfa|please|pls|que|that|pra|para)(?!\w)|[;.!?].*"
)
_HOUR = (
    r"(?:\d|(?<!\w)(?:en|em|in|de|a|within) (?:half an?|una?|uma?|an?|media|meia) (?:media |meia )?"
    r"(?:hora|hour)(?!\w))"
)
"""A time: a number, or a span without one, as in `en una hora`."""
_BARE_HOUR = re.compile(
    r"(?<!\w)(?:(?:at[eé]|hasta|until) )?(?:[aà]s|a las|las|by|until) (\d{1,2})(?!\w|[:.]\d)",
    re.IGNORECASE,
)
_A_NEED = (
    r"(?:necesit\w+|precis\w+|busc\w+|(?:i |we )?need)"
    r" (?!(?:que|you to|alguien|alguem|somebody)(?!\w))"
)
"""Somebody needs a thing, whatever else they say: `necesito taxi a las 10`."""
_PLAN = re.compile(
    rf"(?!\W{{0,9}}{_A_NEED})(?=[^?]{{1,300}}$)"
    rf"(?!.*{_TELL}[^,;]{{0,40}}(?<!\w)(?:que|that)(?!\w))"
    rf"(?!.*{_UNTOLD})(?=.*{_HOUR})(?=.*{_TELL})(?=.*{_UNHEARD}|{_RETURN}.*?{_OTHERWISE})"
    r"(.*)"
)
feature.sentences.append(
    Sentence(
        _PLAN,
        "back-by {}",
        is_told=True,
        instead_of=frozenset({"hand"}),
    )
)


@dataclass(frozen=True, slots=True)
class SpokenPlan:
    """A check-in asked for in a sentence. `when`: the words that tell the time. `whom`: those that
    name whom to tell. `before`: all that stands before these two."""

    when: str
    whom: str
    before: str

    def note_beside(self, rest: str) -> str:
        """Return what else the sentence says, to be noted with the check-in. `rest`: what is left
        of `when` without the time."""
        beside = rest if self.when == self.before else self.before
        return re.sub(rf"^\W*{_RETURN}", "", beside, flags=re.IGNORECASE).strip(" \t,;.")


def is_plan(text: str) -> bool:
    """Return whether somebody asks that a person be told if they are not heard of."""
    said = fold_in_place(text)
    is_unheard, tells = re.search(_UNHEARD, said), re.search(_TELL, said)
    return bool(is_unheard and tells) and re.search(_UNTOLD, said) is None


def read_plan(text: str) -> SpokenPlan | None:
    """Return the check-in that a sentence asks for (`if I'm not back by 9, tell ana`), or None: if
    it asks for none (`if it doesn't rain, don't tell ana`), or in a note, behind a `;`."""
    said = fold_in_place(text)
    if (otherwise := re.search(_OTHERWISE, said)) is None or ";" in said[: otherwise.start()]:
        return None
    start, end = otherwise.span()
    later = re.search(_TELL, said[end:])
    tells = (end + later.start(), end + later.end()) if later else None
    if tells is None and (earlier := re.search(_TELL, said[:start])):
        tells = earlier.span()
    if tells is None:
        return None
    is_later = tells[0] >= end
    ahead = said[end : tells[0]] if is_later else said[: tells[0]]
    if re.search(rf"{_NEGATION} (?:\w+ )?$", ahead):
        return None
    whom = text[tells[1] :] if is_later else text[tells[1] : start]
    clause = re.sub(rf"^{_IF}", "", text[start : tells[0] if is_later else None])
    before = text[: start if is_later else tells[0]]
    names = _BEHIND_NAMES.sub(" ", fold_in_place(whom)).strip()
    if not re.search(_HOUR, fold_in_place(clause)):
        return SpokenPlan(before, names, before)
    return SpokenPlan(_BARE_HOUR.sub(r"a las \1", clause), names, before)
