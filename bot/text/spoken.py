"""Lines as phones and voices write them: run together, abbreviated, with a verb before. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.text.normalisation import fold, fold_in_place

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
_NUMBER_WITHIN = re.compile(r"([^\W\d_]+)(?: [^\W\d_]{1,12}){0,2} #?(\d{1,9}) ([^\W\d][^\d]*)")
"""A verb, a number, and words behind it: `quita la 57 de la web`, `take 57 off the site`."""
_WEB = (
    r"(?:de (?:la (?:p[aá]gina|web)|internet)|del sitio|d[oa] (?:site|web|internet|ar|p[aá]gina)"
    r"|(?:off|from) the (?:web ?)?(?:web|site|page|internet))(?: web)?\b"
)
_OFF_THE_WEB = re.compile(
    r"(?:quit|retir|saqu|sac|baj|borr|elimin|tir|apagu?|remov|delet|tak)"
    r"(?:a[rn]?|e[rmn]?|ing)(?: lo)?"
    rf" (?!(?:es[oa]|est[oa]|iss[oa]|ist[oa]|it|that|this|(?:el|o) aviso) {_WEB})"
    rf"(?:(?:la|el|a|o|the) (?=#?\d))?([^\W_][^@\n]{{0,80}}?) {_WEB}"
    r"(?:,? (?:ya|j[aá]|ahora|agora|now|please|por ?fa(?:vor)?|pls)){0,2}[\s.!?]{0,5}",
    re.IGNORECASE,
)
"""What is to be taken off the web: `quita lo de luz de la web`, `remove 57 from the page`."""
_ONTO_THE_WEB = re.compile(
    r"(?:sub[aei]r?|pon(?:er)?|p[oõ]e|p[oô]r|bot[ae]r?|coloca[r]?|put|post|upload)"
    r" ((?!(?:es[oa]|est[oa]|iss[oa]|ist[oa]|it|that|this) )[^\n]{1,80}?)"
    r" (?:en|a|na|no|on|to)(?: (?:la|el|the))? (?:p[aá]gina(?: web)?|sitio(?: web)?|web(?: ?site)?"
    r"|site|internet)(?: (?:de la red|da rede))?[\s.!?]{0,5}",
    re.IGNORECASE,
)
"""What is to stand on the web: `sube el evento 57 a la página`, `put 57 on the site`."""
_DEVICE = (
    r"(?:cel(?:u|ular(?:es)?)?|movil|telefon[eo]s?|dispositivos?|aparelhos?|comp(?:u|utador[ae]?s?)"
    r"|notebook|laptop|tablet|(?:cell ?)?phones?|mobile|devices?|computers?)"
)
_OWN = (
    r"(?:mi|mis|mio|meus?|minhas?|my|otr[oa]s?|outr[oa]s?|other|viej[oa]|velh[oa]|antigu?[oa]|old"
    r"|perdid[oa]|lost|robad[oa]|roubad[oa]|stolen)"
)
"""What tells a person's own phone from one that is lent and borrowed here."""
_SIGNING_OUT = re.compile(
    r"[¿¡\s]{0,3}(?:(?:como|how|do|can|i|to|me|want|need|you|quiero|quisiera|necesito|puedo|puedes"
    r"|podes|hago|se|para|pra|quero|queria|preciso|posso|pode|faco|a|ayudame|help|ajuda)[\s,]{1,3}"
    r"){0,5}(?:"
    r"(?:log|sign)[ -]?(?:(?:me|it|them|us) )?(?:out|off)\b"
    r"|desloga?\w{0,4}\b"
    r"|(?:cerr|cierr|encerr|fech)\w{1,3}(?: (?:mis?|minhas?|la otra|las otras|a outra|as outras"
    r"|otras?|outras?|todas?(?: (?:las|mis|as|minhas))?)){0,2} (?:sesion(?:es)?|sess(?:ao|oes))\b"
    r"|(?:cerr|cierr|encerr|fech)\w{1,3} (?:la|a) (?:sesion|sessao)"
    rf"(?= [^\n]{{0,40}}\b{_DEVICE}\b)"
    r"|end (?:my|all|the other)(?: other)? sessions?\b"
    rf"|(?:desconect|disconnect|desvincul)\w{{0,3}} (?:\w{{1,6}} ){{0,3}}{_DEVICE}\b"
    r"|(?:sair|saio|salir|salgo) d\w{1,4} (?:(?!grupo|sala|chat)\w{1,6} ){0,3}"
    rf"(?:{_DEVICE}|conta|cuenta)\b"
    rf"|(?:quit|sac|tir|remov|kick|elimin|boot)\w{{0,3}} (?=[^\n]{{0,40}}\b{_OWN}\b)"
    rf"(?:\w{{1,8}} ){{1,4}}{_DEVICE}\b"
    r")[^,.;:!?\n]{0,60}[\s.!?]{0,5}"
)
"""How people say that a device of theirs is to be signed out: `log out my old phone`. Folded."""
_WISHING = re.compile(
    r"(?:por favor,? )?(?:quiero|quisiera|queria|quero|gostaria de|me gustaria|i want to"
    r"|(?:me )?(?:puedes|podes|podrias|pode|podes)|can you|please) (?=\w)"
)
"""A wish before a command: `quiero`, `gostaria de`."""
_COURTESY = re.compile(
    r"(?:[¿¡\s]{0,3}(?:por favor|porfa|pf[av]|pfvr|please|pls|disculpa|perdon|com licenca),?"
    r" (?=\S))+"
)
"""Before what is asked, once or more often: `por favor, recuérdame`."""
_TELLING = re.compile(
    r"[¿¡\s]{0,3}(?:(?:me )?(?:puedes|podes|podrias?|pode|podria|quisiera|quiero|queria|can you"
    r"|could you|i want to|i'd like to) )?(?:dec(?:ir)?(?:me|nos)|dime|digame"
    r"|indi(?:ca|que|car)(?:me|nos)"
    r"|cuentame|me (?:diz|diga|fala|conta|dizer|falar)|tell (?:me|us)|saber|know),? (?=\S)"
)
"""Before a question: `¿podrías decirme…?`, `quisiera saber…`."""
_VOTES_FOR_ME = re.compile(
    r"(?:dej[ae]|deix[ae]|let) (?:que )?(?:(?:a|o) )?(\S{1,60}) (?:votar|vote) "
    r"(?:por mi|por mim|pra mim|for me)[\s.!]{0,5}"
)
"""A vote that is given away: `let ana vote for me`. Folded."""
_PLEASE = re.compile(
    r"(?:^|[\s,]{1,3})(?:por ?favor|porfa(?:vor|vis)?|porfis|pfv|pfvr|pfa|please|pls|plz)"
    r"[\s.!]{0,5}$",
    re.IGNORECASE,
)

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
    """A way to read a line. `is_made`, `is_wished`: a verb for that was left out before it."""

    text: str
    is_made: bool = False
    is_wished: bool = False


def readings(line: str, *, is_whole: bool = True) -> Iterator[Reading]:
    """Yield the ways to read a spoken line as a command: first as it was typed, then without
    greeting or wish.

    Only what is to be taken off the web comes before: `remove 57` alone is something else. Unless
    it `is_whole`, courtesies were cut off its beginning already, and no more of them are.
    """
    if (off := _OFF_THE_WEB.fullmatch(line)) is not None:
        yield Reading(f"take off the site {off[1]}")
    if (onto := _ONTO_THE_WEB.fullmatch(line)) is not None:
        yield Reading(f"publish {onto[1]}")
    if _SIGNING_OUT.fullmatch(fold_in_place(line)) is not None:
        yield Reading("sign out")
    yield Reading(line)
    if (apart := _GLUED.sub(r"\1 ", line)) != line:
        yield Reading(apart)
    whole = _write_out(line)
    if whole != line:
        yield Reading(whole)
    folded = fold_in_place(whole)
    if is_whole and (asked := _COURTESY.match(folded)) is not None:
        yield from readings(whole[asked.end() :], is_whole=False)
    if (told := _TELLING.match(folded)) is not None:
        wanted, here = whole[told.end() :], _IN_THIS_ROOM.search(folded[told.end() :])
        cut = wanted[: here.start()] + wanted[here.end() :] if here is not None else wanted
        yield Reading(cut, is_wished=True)
    if (given := _VOTES_FOR_ME.fullmatch(folded)) is not None:
        yield Reading(f"delegate {whole[given.start(1) : given.end(1)]}")
    for needless in (_IN_THIS_ROOM, _HURRY):
        if (found := needless.search(folded)) is not None:
            yield Reading(whole[: found.start()] + whole[found.end() :])
    if (within := _NUMBER_WITHIN.fullmatch(whole)) is not None:
        yield Reading(" ".join(within.group(1, 3, 2)))
    if (made := _MAKING.match(folded)) is not None:
        yield Reading(whole[made.end() :], is_made=True)
    if (wished := _WISHING.match(folded)) is not None:
        yield Reading(whole[wished.end() :], is_wished=True)


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
