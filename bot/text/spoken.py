"""Lines as phones and voices write them: run together, abbreviated, with a verb before. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.text.normalisation import fold, fold_in_place
from bot.text.sentences import Sentence

PLEASE = r"(?:por ?favor|porfa(?:vor|vis)?|porfis|x ?favor|xfa|pf[av]|pfvr|plis|please|pls|plz)"
THANKS = (
    r"(?:(?:much(?:as|isimas) |mil )?gracias|(?:(?:muito|mto) )?(?:obrigad[ao]|obg)"
    r"|(?:many )?thanks(?: (?:a lot|so much))?|thank (?:you|u)|thx|tks|valeu|vlw)"
)
SORRY = (
    r"(?:lo siento(?: mucho)?|perdon(?:a|e|en|ame|enme)?|d[ei]sculp(?:a|e|en|em|ame|enme)|sorry)"
)
"""Courtesies, folded, as people write them: that add nothing to what stands beside them."""

_GLUED = re.compile(r"^([^\W\d_]{3,})(?:\s?[:;,]+(?=\S)|(?=[\d¿\"]))")
"""A word, and right behind it a number, a question or a colon: `votar1 2`, `enquete:Onde?`."""
_SHORT = {
    **dict.fromkeys(("q", "k", "qe"), "que"),
    "oq": "o que",
    "vc": "voce",
    "vcs": "voces",
    "hj": "hoje",
    "td": "tudo",
    "qm": "quem",
    "msj": "mensaje",
    "pq": "porque",
    "n": "nao",
    "eh": "e",
}
"""What people write for a word on a phone."""
_HEAD_WORDS = 5
"""As many words at the beginning are read as abbreviations: those that may name a command."""
_MAKING = re.compile(
    r"(?:por favor,? )?(?:(?:quiero|queremos|necesito|quero|queremos|preciso|i want to) )?"
    r"(?:haz(?:me|nos)?|hace(?:r|me|nos)?|hagamos|crear?|creemos|armar?|abrir|abre|pon(?:er|me|nos)?"
    r"|organizar?|convocar?|agendar?|marcar?|apunt(?:a|ar)|anot(?:a|ar)|nuev[oa]|cria[rm]?|faz(?:er)?|faca|facamos|fazemos"
    r"|monta[rm]?|abra|nov[oa]|make|create|start|new|set up|open)"
    r"(?: (?:una?|otr[oa]|nuev[oa]|la|el|uma?|outr[oa]|nov[oa]|a|o|an|another|new))*[ :]+(?=\w)"
)
"""A verb for making something: `haz una`, `crear`, `nuevo`, `faz uma`."""
_IN_THIS_ROOM = re.compile(
    r" (?:(?:de|en) (?:esta|nuestra) sala|[dn]esta sala|d[ae] nossa sala|(?:of|in) this room)\b"
)
"""What needs no saying in a room: `todas las decisiones de esta sala`."""
_HURRY = re.compile(r" (?:ya|ahora(?: mismo)?|ja|agora(?: mesmo)?|(?:right )?now|urgente|rapido)\b")
"""What frightened people add: `saca eso ya de la web`."""
_IS_HURRY = re.compile(
    r"\W*(?:(?:ya|ahora(?: mismo)?|ja|agora(?: mesmo)?|(?:right )?now|urgente|rapido|asap"
    rf"|quick(?:ly)?|{PLEASE}|{THANKS})(?!\w)\W*)+"
)
_NUMBER_WITHIN = re.compile(r"([^\W\d_]+)(?: [^\W\d_]{1,12}){0,2} #?(\d{1,9}) ([^\W\d][^\d]*)")
"""A verb, a number, and words behind it: `quita la 57 de la web`, `take 57 off the site`."""
_WISHING = re.compile(
    r"(?:por favor,? )?(?:quiero|quisiera|queria|quero|gostaria de|me gustaria|i want to"
    r"|(?:me )?(?:puedes|podes|podrias|pode|podes)|can you|please) (?=\w)"
)
"""A wish before a command: `quiero`, `gostaria de`."""
_COURTESY = re.compile(rf"(?:[¿¡\s]{{0,3}}(?:{PLEASE}|disculpa|perdon|com licenca),? (?=\S))+")
"""Before what is asked, once or more often: `por favor, recuérdame`."""
_TELLING = re.compile(
    r"[¿¡\s]{0,3}(?:(?:me )?(?:puedes|podes|podrias?|pode|podria|quisiera|quiero|queria|can you"
    r"|could you|i want to|i'd like to) )?(?:dec(?:ir)?(?:me|nos)|dime|digame"
    r"|indi(?:ca|que|car)(?:me|nos)"
    r"|cuentame|me (?:diz|diga|fala|conta|dizer|falar)|tell (?:me|us)|saber|know),? (?=\S)"
)
"""Before a question: `¿podrías decirme…?`, `quisiera saber…`."""
_PLEASE = re.compile(rf"(?:^|[\s,]{{1,3}}){PLEASE}[\s.!]{{0,5}}$", re.IGNORECASE)

GREETING = re.compile(
    r"(?:(?:hola+|holi+|buen(?:os)? dias?|buenas? (?:tardes?|noches?)|buenas?|buenos?|saludos"
    r"|oi+e?|ola+|opa|e ai|bom dia|boa (?:tarde|noite)|hi+|hello|hey|good (?:morning|evening)"
    r"|(?:a |para )?(?:tod[oaexs@]+s?|todo mundo|gente|pessoal|galera|turma|equipo|equipe|compas?"
    r"|compan[eè]r[oaexs@]+|companheir[oaexs@]+|vecin[oaexs@]+|vizinh[oaexs@]+|amig[oaexs@]+"
    r"|chic[oaexs@]+|people|everyone|everybody|all|friends))(?![^\W_])(?:[\s,.;:¡?¿\-]|!(?!\w))*)+"
)
"""A greeting at the beginning of a line, and whom it is for: `buenas, compas!`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a line. `is_made`, `is_wished`: a verb for that was left out before it.
    `sentence`: that which stands for the command, if the line does not name it."""

    text: str
    is_made: bool = False
    is_wished: bool = False
    sentence: Sentence | None = None


def readings(
    line: str, sentences: Sequence[Sentence] = (), *, is_whole: bool = True
) -> Iterator[Reading]:
    """Yield the ways to read a spoken line as a command: first as it was typed, then without
    greeting or wish.

    Only what the `sentences` stand for comes before: in `remove 57 from the page` the first word
    names another command. Unless it `is_whole`, courtesies were cut off its beginning already, and
    no more of them are.
    """
    yield from _sentence_readings(line, sentences)
    yield Reading(line)
    if (apart := _GLUED.sub(r"\1 ", line)) != line:
        yield Reading(apart)
    whole = _write_out(line)
    if whole != line:
        yield from _sentence_readings(whole, sentences)
        yield Reading(whole)
    folded = fold_in_place(whole)
    if is_whole and (asked := _COURTESY.match(folded)) is not None:
        yield from readings(whole[asked.end() :], sentences, is_whole=False)
    if (told := _TELLING.match(folded)) is not None:
        wanted, here = whole[told.end() :], _IN_THIS_ROOM.search(folded[told.end() :])
        cut = wanted[: here.start()] + wanted[here.end() :] if here is not None else wanted
        yield Reading(cut, is_wished=True)
    for needless in (_IN_THIS_ROOM, _HURRY):
        if (found := needless.search(folded)) is not None:
            yield Reading(whole[: found.start()] + whole[found.end() :])
    if (within := _NUMBER_WITHIN.fullmatch(whole)) is not None:
        yield Reading(" ".join(within.group(1, 3, 2)))
    if (made := _MAKING.match(folded)) is not None:
        yield Reading(whole[made.end() :], is_made=True)
    if (wished := _WISHING.match(folded)) is not None:
        yield Reading(whole[wished.end() :], is_wished=True)


def _sentence_readings(line: str, sentences: Sequence[Sentence]) -> Iterator[Reading]:
    """Yield the commands that the line stands for, as one of these sentences."""
    folded = fold_in_place(line)
    for sentence in sentences:
        if (read := sentence.read(line, folded)) is not None:
            yield Reading(read, sentence=sentence)


def is_hurry(text: str) -> bool:
    """Return whether these words only hurry, say please or thank: `ya por favor`."""
    return _IS_HURRY.fullmatch(fold(text)) is not None


def is_asked_for(line: str) -> bool:
    """Return whether the line begins with a wish, or with a verb for making something."""
    said = fold_in_place(_write_out(line))
    return _WISHING.match(said) is not None or _MAKING.match(said) is not None


def without_greeting(line: str) -> str:
    """Return the line without the greeting that begins it, or unchanged."""
    found = GREETING.match(fold_in_place(line))
    return line[found.end() :] if found is not None else line


def without_please(text: str) -> str:
    """Return the text without a `please` at its end, or unchanged."""
    return _PLEASE.sub("", text)


def _write_out(line: str) -> str:
    """Return the line with the abbreviations at its beginning written out."""
    words = line.split(" ")
    head = [_SHORT.get(fold(word), word) for word in words[:_HEAD_WORDS]]
    return " ".join((*head, *words[_HEAD_WORDS:]))


def sound(word: str) -> str:
    """Return a folded word spelt by its sound, so that `vuscar` begins like `buscar`."""
    heard = re.sub(r"qu(?=[ei])|c(?=[^eih]|$)", "k", word)
    heard = re.sub(r"c(?=[ei])|z|ç", "s", heard).replace("ll", "y").replace("b", "v")
    return re.sub(r"(?<!c)h", "", heard)
