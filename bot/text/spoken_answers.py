"""Reads a yes and a second thought as people say them to a question: `si dale`, `no wait dont`.
Pure."""

from __future__ import annotations

import re

from bot.text.command_words import fold_answer
from bot.text.spoken import PLEASE, SORRY, THANKS

_YES = r"(?:s+i+|sip|sim+|ye+s+|yea+h?|yep|yup|claro|dale|ok(?:ay|ey)?)"
_PLAIN = re.compile(r"(?:s+i+|sip|sim+|ye+s+|yea+h?|yep|yup|pode)(?![a-z])")
"""How a yes begins that is one for whoever hears it."""
_GO_ON = (
    r"(?:(?:h[ao]z|hace|haga|hagan|faz|faca|manda)(?:l[oae])?(?: (?:isso|ver))?|adelante|de una"
    r"|que si|que sim|pode(?: (?:ser|ir|fazer|mandar))?|go (?:ahead|on|for it)|do it"
    r"|isso(?: mesmo)?)"
)
_JOINED = r"[ ,.!]{1,3}"
_IS_YES = re.compile(
    rf"{_YES}(?:{_JOINED}(?:{_YES}|{_GO_ON}))*|pode(?:{_JOINED}(?P<doing>[a-z]{{4,12}}))?{_JOINED}sim"
)
_YES_TO_ACT = re.compile(
    rf"{_YES}(?:{_JOINED}(?:{_YES}|pode|quiero|quero))?{_JOINED}"
    r"(?P<verb>[a-z]{4,14})(?: (?:it|isso|eso|essa?|esse|esta?|o|a))?"
)
_GREETS = frozenset(
    ("minga", "por", "favor", "porfa", "please", "pls", "hola", "oi", "hey", "hi", "can", "could")
) | {"you", "podes"}
"""What may stand before the word that says what is to be done."""
_OBJECT = re.compile(r"(?<=\w{3})(?:l[oae]s?|r)$")
_LEAST_STEM = 4
_OPENS = frozenset({"abre", "abra", "abri", "open"})
"""Stems of what is done with a poll that somebody asked for."""

_NO = r"(?:n+o+|nao+|nah|nop|nope|neh)"
_WAIT = (
    r"(?:esp[ei]ra(?:te|me|en)?|esper[ae]|aguanta|aguarda|p?era(?: ?ai|i)?|wait(?: a (?:sec|second"
    r"|minute|moment))?|hold (?:on|it|up)|hang on|un (?:momento|momentito|segundo|minuto)|un ratito"
    r"|um (?:momento|minuto|segundo|instante)|momentito|calma|(?:one|just a) (?:sec|second|moment"
    r"|minute)|stop|alto|frena|para(?! ))"
)
_NOT = (
    rf"(?:(?:me(?:j|lh)or|todavia|aun|ainda|por ahora|por enquanto|not) {_NO}"
    rf"|{_NO} (?:todavia|aun|ainda|yet|now)|not (?:yet|now|that(?: one)?)|mejor|melhor|rather not"
    r"|never ?mind|nvm|(?:dej[ae](?:l[oa])?|deixa|leave it)(?: (?:asi|assim|nomas|ahi|isso"
    r"|(?:pra|para) la|quieto|as it is|alone))?|(?:please )?do ?n[o']?t(?: do)?(?: (?:it|that))?"
    r"|(?:lo |la )?hagas?(?: nada)?|faca(?: (?:nada|isso))?|(?:me )?(?:equivoque|confundi|enganei"
    r"|errei)|my (?:bad|mistake)|(?:i )?changed my mind|cambie de idea|mudei de ideia)"
)
_OTHER = (
    r"(?:(?:es|era|e|its?|it was|it's|quiero|quero|i want)?(?: ?(?:that|this|es[eoa]|este|ess[ea]"
    r"|isso|l[oa]|una?|uma))? ?(?:(?:el|la|lo|o|a|the|something|an)? ?(?:otr[oa]|outr[oa]|other"
    r"|else|another)(?: cosa| coisa| one| thing)?|es[oea]|ess[ea]|isso|that))"
)
_BEFORE = rf"(?:ay|uy|ah|oh|eh|hey|ups|oops|ui|ai|opa|ok|bueno|mm+|hm+|{SORRY}|{PLEASE})"
_BESIDE = rf"(?:{THANKS}|{PLEASE}|{SORRY}|amiga|amigo|minga|nada|ya|ja|eso|isso|that|it)"
_NEGATES = r"(?:no|nao|dont|don't|do not|never)"
_SECOND_THOUGHT = re.compile(
    rf"(?:{_BEFORE}{_JOINED})*(?:{_NO}|{_WAIT}|{_NOT})"
    rf"(?:{_JOINED}(?:{_NO}|{_WAIT}|{_NOT}|{_OTHER}|{_BESIDE}))*"
)
_IS_NO = re.compile(rf"(?:(?:mejor|melhor) )?{_NO}(?:{_JOINED}(?:(?:mejor|melhor) )?{_NO})*")
_FORBIDS = re.compile(
    rf"(?:{_BEFORE}{_JOINED})*(?:(?:{_NO}|{_WAIT}){_JOINED})*{_NEGATES} (?:(?:l[oae]s?|a|o|me) )?"
    r"(?P<verb>[a-z]{4,14})(?: (?:it|that|isso|eso|nada|anything))?"
)
_BEGINS_NO = re.compile(
    rf"(?:{_BEFORE}{_JOINED})*(?:(?:{_NO}|{_WAIT})(?: ?[,.;:!]| - |$)|{_WAIT} |{_NOT}(?![a-z])"
    r"|(?:no|nao|i don't|i dont|i do not|don't|dont|do not) (?:(?:l[oae]s?|me|eu) )?"
    r"(?:(?:quiero|quero|want|era|es|e|foi|hagas|haga|faca)(?![a-z])"
    r"|cancel|borr|apag|delete|publi|cierr|fech|close))"
)


def is_yes(text: str, asked: str, *, to_bot: bool) -> bool:
    """Return whether the whole line is a plain yes, or one that names what is to be done: `si
    cancelala`. `asked`: the line that is asked about, which begins with that.

    `to_bot`: it is surely said to the bot; if not, `ok, dale` is said to other people.
    """
    said = _said(text)
    if "?" in text or not (to_bot or _PLAIN.match(said)):
        return False
    if (found := _IS_YES.fullmatch(said)) is not None:
        return found["doing"] is None or _does(found["doing"], asked)
    found = _YES_TO_ACT.fullmatch(said)
    return found is not None and _does(found["verb"], asked)


def is_no(text: str) -> bool:
    """Return whether the whole line is a no, however often it is said: `no, mejor no`, `nooo`."""
    return "?" not in text and _IS_NO.fullmatch(_said(text)) is not None


def is_second_thought(text: str, asked: str) -> bool:
    """Return whether the whole line takes back what is asked about: `no espera`, `mejor no`, `no la
    canceles`. It has no word that it might be said to other people with."""
    said = _said(text)
    if "?" in text:
        return False
    if _SECOND_THOUGHT.fullmatch(said) is not None:
        return True
    found = _FORBIDS.fullmatch(said)
    return found is not None and _names(found["verb"], asked)


def begins_with_no(text: str) -> bool:
    """Return whether a line that is surely said to the bot begins with a no or asks it to wait.

    `no entiendo` and `no sé` are none: the first word denies another one.
    """
    begins = _BEGINS_NO.match(_said(text)) is not None
    return "?" not in text and (begins or _SECOND_THOUGHT.fullmatch(_said(text)) is not None)


def _said(text: str) -> str:
    return fold_answer(text).replace("’", "'")


def _does(verb: str, asked: str) -> bool:
    """Return whether a word has the stem of what the line that is asked about begins with, and asks
    nobody to stop: `ok, para` does, also to an announcement `para todas`."""
    words = re.findall(r"[a-z]+", fold_answer(asked))
    first = next((word for word in words if word not in _GREETS), "")
    stops = re.fullmatch(rf"{_WAIT}|{_NOT}", verb) is not None
    return not stops and (_names(verb, first) or _opens(verb, asked))


def _opens(verb: str, asked: str) -> bool:
    words = re.findall(r"[a-z]+", fold_answer(asked))
    is_poll = any(word[:4] in ("encu", "enqu", "poll", "vota") for word in words)
    return is_poll and _OBJECT.sub("", verb)[:_LEAST_STEM] in _OPENS


def _names(verb: str, asked: str) -> bool:
    """Return whether a word has the stem of one of the line that is asked about."""
    stem = _OBJECT.sub("", verb)[:_LEAST_STEM]
    words = re.findall(r"[a-z]+", fold_answer(asked))
    return len(stem) == _LEAST_STEM and any(word.startswith(stem) for word in words)
