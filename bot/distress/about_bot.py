"""Tells lines about the bot and its polls from lines of distress in the same words. Pure."""

from __future__ import annotations

import re

from bot.distress import accuses, find_help_kind, fold_words, secrecy_clauses

_VOTED = r"(?:vot\w*|ballots?|encuestas?|enquetes?|polls?)"
_BALLOT = re.compile(
    r" (?:ve[ar]n?|vej[ao]m?|ver|sep[ao]n?|saib[ao]m?|saber|sabiendo|enter(?:e|en|arse|ar)"
    r"|not(?:e|en)|fi(?:que|car) sabendo|descubr[ao]n?|descobrir|percebam?|see|sees|seeing"
    r"|know|knows|knowing|finds? out|finding out)(?: (?:de|em|en|about|lo|o))*"
    r" (?:quien(?:es)?|quem|que|como|qual|cual|por quien|mis?|nuestros?|meus?|nossos?|el|los|os?"
    r"|cada|who|what|how|which way|whose|my|our|the|each)"
    rf"(?: (?:i|we|people|somebody|eu|yo|cada|un[ao]?|em|en|for|por))* {_VOTED} "
    r"| (?:keep|leave|make) (?:my|our|the) (?:vote|votes|ballot|voting) (?:secret|private|hidden) "
    rf"| (?:vot\w*|votacao|votacion) (?:sin|sem|without) (?:que )?(?:se )?(?:ente\w+|sep\w+|saib\w+"
    r"|saber|ver|vean?|veja|knowing|finding out|nadie|ninguem|any(?:one|body)) "
)
"""What few are to learn of is who votes for what."""
_ANYBODY = re.compile(
    r" (?:nadie|ninguem|nobody|no one|noone|any ?(?:one|body)|se (?:sepa|vea|note|saiba)) "
)
_HIDDEN = re.compile(rf"{_ANYBODY.pattern}| (?:secret|private|hidden) ")
_FORCED = re.compile(
    r" (?:obli[gj]\w*|obrig\w*|forz\w*|fuerz\w*|forc\w*|presion\w*|pression\w*|pressur\w*"
    r"|compr\w*|paid|pays|paying|pag\w*|bought|buy\w*|fraud\w*|tramp\w*) "
)
"""A vote that is forced or paid is harm, and no wish for a secret poll."""
_CRY = re.compile(r" (?:socorro|auxilio) ")
_THING = re.compile(
    r" (?:encuestas?|enquetes?|polls?|vot(?:o|os|e|es|ar|acion|aciones|acao|acoes)|comandos?"
    r"|commands?|recordatorios?|lembretes?|reminders?) "
)
_BOT = re.compile(r" (?:bot|robot) ")
_OF_BOT = re.compile(
    r" (?:us(?:o|ar|e)|funciona\w*|works?) | (?:ent[ie]+nd\w+|comprendo|compreendo|understand"
    r"|con|com|with) (?:el|al|este|o|ao|esse|the|this) (?:bot|robot) "
)
"""What is asked of the bot itself, and not said to it: `auxilio bot no puedo` is a call."""
_HOW = re.compile(
    r" (?:ent[ie]+nd\w+|comprendo|compreendo|understand|como|how|(?:ayud|ajud)\w+ (?:con|com"
    r"|(?:para|a) (?:fazer|hacer|usar|crear|criar))|help with"
    r"|(?:no|nao|cant|dont) (?:puedo|consigo|posso|se|sei|sale|funciona|know|work|get)) "
)
_OF_A_QUESTION = frozenset(
    {
        *(
            "socorro",
            "auxilio",
            "no",
            "nao",
            "n",
            "i",
            "im",
            "me",
            "mi",
            "meu",
            "minha",
            "my",
            "eu",
        ),
        *(
            "yo",
            "se",
            "sei",
            "lo",
            "la",
            "las",
            "los",
            "el",
            "o",
            "a",
            "as",
            "os",
            "un",
            "una",
            "um",
        ),
        *("uma", "de", "del", "da", "do", "das", "dos", "con", "com", "with", "to", "for", "para"),
        *("pra", "nada", "nothing", "anything", "any", "of", "about", "sobre", "bien", "bem"),
        *("este", "esta", "esto", "esse", "essa", "isso", "isto", "this", "that", "these", "the"),
        *("y", "e", "and", "como", "how", "ayuda", "ayudame", "ayuden", "ayudenme", "ajuda"),
        *("ajude", "ajudem", "ajudar", "ayudar", "help", "entiendo", "entendi", "entender"),
        *("entende", "entendo", "understand", "get", "comprendo", "compreendo", "consigo"),
        *("puedo", "posso", "can", "cant", "do", "dont", "does", "sale", "saber", "know", "work"),
        *("works", "funciona", "funcionan", "funcionam", "usar", "uso", "use", "hacer", "hago"),
        *("fazer", "faco", "make", "create", "crear", "criar", "por", "favor", "porfa", "please"),
        *("preciso", "necesito", "need", "muito", "muy", "aqui"),
    }
)
"""Words of a question how to use the bot. None of them tells of a place, of people or of harm."""


def asks_secret_ballot(text: str) -> bool:
    """Return whether somebody wants nobody to see who votes for what, and tells of no harm: `nobody
    should know how I voted`."""
    tells = accuses(text) or find_help_kind(text) or _FORCED.search(fold_words(text))
    if tells or not (secrecy_clauses(text) or _HIDDEN.search(fold_words(text))):
        return False
    return all(map(_BALLOT.search, _secrecy_words(text)))


def hides_ballot_from_everybody(text: str) -> bool:
    """Return whether that is all that somebody wants, and the line names nobody who must not see
    it, so that it may stay in the room."""
    return asks_secret_ballot(text) and all(map(_ANYBODY.search, _secrecy_words(text)))


def _secrecy_words(text: str) -> list[str]:
    """Return the folded words of each part of a line that asks for secrecy, or else of all of
    it."""
    return [fold_words(one) for one in secrecy_clauses(text) or [text]]


def asks_how_to_use(text: str) -> bool:
    """Return whether a cry only asks how something of the bot is used: `socorro, how do I vote`.

    Each word must be one of such a question, so that whatever else is told is heard as danger.
    """
    words = fold_words(text)
    others = _BOT.sub(" ", words).split()
    return (
        _CRY.match(words) is not None
        and (_THING.search(words) or (_BOT.search(words) and _OF_BOT.search(words))) is not None
        and _HOW.search(words) is not None
        and all(word in _OF_A_QUESTION or _THING.match(f" {word} ") for word in others)
    )
