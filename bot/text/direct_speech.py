"""Tells words that are said to somebody (`recuérdame…`) from words about something. Pure.

Voices write no comma, so `minga cierra la votación` may be an order, or tell of a gathering.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text.normalisation import fold
from bot.text.numbers import KIND
from bot.text.titles import split_title

_POLITE = (
    r"[¿¡\s]{0,3}(?:(?:por favor|porfa|pf[av]|pfvr|please|pls|oye|ei|ya|ja|y|e|and|so),? [¿¡]?)?"
)
"""Before a sentence: its opening marks and a word of courtesy."""
_DAY = (
    r"(?:(?:lun|mart|mierc|juev|vier|sab|dom|seg|terca|quart|quint|sext|mon|tue|wed|thu|fri|sat"
    r"|sun)|\d|hoy|manana|amanha|hoje|noche|noite|today|tomorrow|proxim|next|mes\b|week|semana)"
)
"""The beginning of what a gathering, too, is moved to or closed at."""
_THIS = (
    r"(?:la|las|los|el|lo|mi|mis|una?|ese|es[ao]|est[aeo]|o|a|os|as|meu|minhas?|ess[ae]|isso|isto"
    r"|uma?|the|my|that|this|an|up|our|us|it)"
)
_THE_FIRST = (
    r"(?:la #?\d{1,9}(?![\d:h])(?! de (?!la\b|internet\b))"
    r"|a #?\d{1,9}(?=\W*$|,? (?:as|pra|para|pro|no|na|do|da)\b))"
)
"""A thing's number: days are `el 2`, hours `a la 1`, `a 12 de maio` is a day too. Folded."""
_ORDER = re.compile(
    _POLITE
    + r"(?:close|delete|remove|move|hide|publish) #?\d|"
    + _POLITE
    + r"(?:cierr?[ae]|cerra|pas[ae]|cambi[ae]|muev[ae]|mover|abr[ae]|cancel[ae]?|cancelar"
    r"|termin[ae]|borr[ae]|quit[ae]|quiten|sac[ae]|saquen|apunt[ae]|anot[ae]|agend[ae]|marc[ae]"
    r"|suspend[ae]|mud[ae]|encerr[ae]|fech[ae]|adi[ae]|tir[ae]|apag[ae]|remov[ae]|marque|anote"
    r"|haz|pon|nombra|faz|coloca|desfaz|deshaz|undo|sub[ae]|bota|poe|put|post|upload|retir[ae]"
    r"|prorrog\w{1,3}|prolong\w{1,2}|prolongue|extiend[ae]|estend[ae]|reabr[ae]|alarg[ae]"
    r"|open|invit[ae]|muestra|mostra|mostre|envi[ae]|mand[ae]|publi\w{2,3}|aplaz[ae]|passa)"
    rf" (?:#?\d|@|{_THIS}\b(?! {_DAY}|(?<= a) las? |(?<= a la) )|{_THE_FIRST})"
)
"""A verb that is an order, and what is to be changed: `cierra la votación`, `cancela 12`."""
_FORBIDDING = re.compile(
    _POLITE + r"(?:no|nao|n|dont|don't|do not|please don't) (?P<it>(?:la|lo|los|las|o|a) )?"
    r"(?:cancel\w{0,3}|cierr[ea]s?|cerr[ae]s?|borr[ea]s?|quit[ea]s?|elimin[ea]s?|public\w{1,4}"
    r"|cambi[ea]s?|muev[ae]s?|encerr[ae]|fech[ae]|apag[ae]|apagues?|tir[ae]|remov[ae]|publish"
    r"|close|delete|remove|withdraw|change|move)(?![\w'])\s*"
)
"""What is not to be done. People in danger begin so, too: `no cierra la puerta`."""
_THING = re.compile(
    rf"(?:(?:el|o|the) )?#?\d{{1,9}}(?![\d:h])(?! (?:horas?|hours?|di?as?|days?|de)\b)|{_THE_FIRST}"
    r"|(?:it|them|this|that|es[ae]|est[ae]|ess[ae]|el[ae])(?=\W*$|,? (?:please|por|porfa)\b)"
    rf"|(?:{_THIS} )?{KIND}\b"
)
"""What the bot can do something with: a number, a word for what was named before, a kind."""
_TO_YOU = re.compile(
    _POLITE + r"(?:(?:recuerda|recorda|avisa|ayuda|apunta|anota|agenda|cuenta|conta|borra|saca"
    r"|quita|muestra|mostra|busca|manda|envia|presta|guarda|explica|pasa|inscribi|pon|haz|hace|di"
    r"|deci|da)(?:me|nos|melo|lo|la)\b|(?:recuerda|recorda|lembra|lembre|remind)\b"
    r"|(?:tell|show|help|give) (?:me|us)\b|(?:puedes|podes|podrias|sabes|pode(?:s|ria)?)\b"
    r"|(?:vc|voce|tu)\b|me (?!gust|parec|encant|agrad|gost|sorpr|surpr|emocion)"
    r"|nos (?:puedes|podes|lembra|recuerda)|(?:can|could|do|are|will) you\b|can (?:i|we)\b"
    r"|make @?\w{1,30} (?:an? |the )?mod"
    r"|(?:set|turn|make|move|close|delete|remove|take|call off|invite|find|send|put|add|change"
    r"|cancel|lend|start|end|stop|retract|withdraw|hide|undo|erase|wipe)"
    rf" (?:(?:the|my|an?|our|it|that|on|people|everybody)\b|this\b(?! {_DAY})"
    r"|up (?:the|an?|our|questions)\b|off (?:the|my|our)\b|@))"
)
"""What is said only to somebody: `recuérdame`, `me lembra`, `can you`, `close the poll`."""
_OWN = re.compile(
    _POLITE + r"(?:(?:yo|eu|i|im|i'm|i'd|i've|i'll|quiero|quisiera|necesito|nesesito|nececito"
    r"|presto|ofrezco|ofresco|voto|voy|devolvi|perdi|tengo|soy|estoy|puedo|quero|preciso|presiso"
    r"|empresto|ofereco|vou|tenho|estou|posso|sou|our timezone|my name)"
    r"|(?:no|nao|n) (?:voy|puedo|entiendo|entendi|se|quiero|vou|posso|consigo|quero|sei))(?![\w'])"
)
"""The first person: `necesito una silla`, `eu vou`. A gathering needs and lends nothing."""
_QUESTION = re.compile(
    _POLITE + r"(?:que|quien(?:es)?|alguien|alguem|any(?:one|body)|como|donde|cuando|quando|when"
    r"|cuant[oa]s?|cual|o que|oq|q|qm|quem|onde|quant[oa]s"
    r"|qual|who|whos|who's|what|whats|what's|where|how|which|is|are|does)(?!\w)"
)
"""The beginning of a question. It may be about something, too: `que se hace en la escuela`."""
_UNMISTAKABLE = re.compile(
    _POLITE + r"(?:"
    r"(?:who|whos|who's|whose) \w|why (?:is|are|do|does|did|can)\b"
    r"|(?:what|when|where|how|which)(?:'?s| (?:is|are|was|do|does|did|can|could|should|will|many"
    r"|much|time (?:is|does|do|are))) \w"
    r"|(?:can|could|may|does|do|did|has) (?:i|we|you|it|this|(?:any|some|every)(?:one|body))\b"
    r"|(?:is|are) (?:the (?:vote|poll|ballot|election)|my (?:vote|name|message)|there any"
    r"|(?:any|some|every)(?:one|body)|this (?:room|chat|private|secret))\b"
    r"|(?:delete|remove|hide|close|cancel|publish|unpublish|move|wipe|erase|withdraw)"
    rf" (?:#?\d|{KIND}\b|(?:it|this|that|my|me)\b(?! {_DAY})"
    r"|(?:everything|nothing|all)\b(?=\W*$| (?:i|my|mine|this|in this|of|about|now|here|please)\b))"
    r"|(?:log|sign) (?:me |it )?(?:out|off)\b"
    r"|take back (?:my (?:last |vote\b)?|what i\b)|(?:extend|prolong|reopen) (?:the|my|our)\b"
    rf"|(?:not )?going(?: to)?(?: {KIND})? #?\d{{1,9}}\b(?!:)|not going[\s.!]*$"
    r"|(?:a )?(?:que horas?|onde|donde) (?:e|es|fica|comeca|empieza|vai ser|va a ser)"
    rf" (?:el|la|o|a) (?!{_DAY}|d[aeo]l?\b)\w"
    r"|(?:dej[ae]|deix[ae]) (?:que )?(?:(?:a|o) )?\S{1,60} (?:votar|vote) (?:por|pra) mi"
    r"|let @?\S{1,60} vote for me\b"
    r"|(?:avis(?:a|e|en|ales?)|diles?|digan?(?:les)?|fal[ae]|conta|di(?:z|ga))"
    r" (?:(?:a|para|pra) )?(?:tod[oa]s|todo (?:el )?mundo|la gente|a galera|o pessoal) que\b"
    r"|(?:tell|let) (?:everyone|everybody|all)\b|announce (?:that|to)\b"
    r")"
)
"""What no sentence about a gathering goes on with, so that no comma is needed before it: a question
in its word order (`who can see`, `is the vote secret`), an order with its object (`hide event 1`).
"""
_A_DAY = (
    r"(?:(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|segundas?|tercas?|quartas?"
    r"|quintas?|sextas?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|hoy|hoje|today|manana|amanha"
    r"|tomorrow|tonight|finde|fin de semana|fim de semana|weekend)\b"
    r"|\d{1,2}(?: ?(?:h|hs|hrs|am|pm)\b|[:/.]\d| de \w))"
)
_GATHERING = re.compile(
    r"\W*(?:"
    r"(?:(?:el|este|es[ae]|los|proxim[oa]|neste|nesse|no|na|o|a|as|os|on|this|next|the|para|pra"
    rf"|for|desde|las|at) ){{0,3}}{_A_DAY}|(?:a las?|as|at) \d"
    r"|como (?:siempre|sempre|todos)\b|(?:as|like) (?:always|usual)\b"
    r"|(?:quien(?:es)? trae|quem traz|who brings) "
    r"|(?:que|what an?|how) (?:\w{1,20} (?:estuvo|fue|quedo|salio|foi|ficou|estava|was)\b"
    r"|(?:lind|buen|bon|bell|great|nice|good|lovely|maravill|legal|massa))"
    r")"
)
"""What neighbours read of a day of shared work: `sábado 9h, traer palas`, `qué linda estuvo`."""
_ALL = (
    r"(?:tod[oa]s|tod[oa] (?:el )?mundo|la gente|a galera|o pessoal|gente|pessoal|galera|compas"
    r"|vecin[oa]s|vizinh[oa]s|quienes|quem|l[oa]s que|[oa]s que|all|everyone|everybody|neighbou?rs)"
)
_THANKS_ALL = re.compile(
    r"\W{0,9}(?:(?:muchas|mil|muito|mt|many) )?(?:gracias|grax|obrigad[oa]s?|valeu|thanks"
    rf"|thank you),? (?:(?:a|por|pra|para|to|por (?:venir|vir) a) )?(?:{_ALL}\b"
    r"|(?:por|for) (?:venir|vir|haber|ter|acompanar|participar|coming|joining|helping)\b)"
)
_WORK_NEWS = re.compile(
    rf"\b{_A_DAY}(?<!\d de l)|\b(?:a las?|as|at) \d"
    r"|\b(?:traigan|lleven|lleguen|acerquense|participen|tragam|levem|cheguem|participem"
    r"|(?:vengan|venham)(?= \w)(?! (?:ya|ja|aca|aqui|rapid|pronto|logo|urg|corr|por|a busc)))\b"
    r"|\bn?os (?:vemos|juntamos|encontramos|reunimos|esperamos|quedamos)\b"
    r"|\ba gente se (?:ve|encontra|junta|reune)\b|\b(?:see|meet|expect) you\b"
    r"|\b(?:we (?:meet|start|begin)|let'?s meet|(?:empez|comenz|comec)amos|vamos tod[oa]s)\b"
)
"""A day or an hour, what all are to bring, and where they meet, wherever it stands."""
_WISH = re.compile(
    r"(?<!\bse )\b(?:(?:avis|cre|cri|cancel|suspend|cambi|mud|mov|muev|public|borr|apag|quit"
    r"|tir|anot|agend|apunt|invit|mand|convoc|anunci|organiz|confirm|recuerd|record|lembr|busc)"
    r"(?:[ae]|ar)(?:me|nos|l[aeo]s?)?|convoqu?e|diles?|dale|haz|faz|hacer|fazer|pon|poner|mover"
    r"|debemos|devemos|tell|make|create|cancel|move|announce|remind|change)\b"
)
"""A verb of what the bot does for somebody. `se cancela` tells of it."""
_BARE = r"(?!(?:deja|deixa|sal|salte|vete|sai|saia|para|pare|cuida|\w{1,20}[aei]r)\b)[a-z]{3,20}"
_PART_OF_HEADING = (
    rf"(?:(?:un[ao]?|uma?|la|el|an?|the|o|nuestr[ao]s?|noss[ao]s?|our) )?{_BARE}"
    r"(?: (?:comunitari|colectiv|coletiv|popular|comun|comum|grande|general|geral)(?:[ao]s?|es)?)?"
)
_HEADING = re.compile(
    rf"\W{{0,9}}{_PART_OF_HEADING}"
    rf"(?:(?:,? (?:y|e|and|de|del|d[ao]s?|of|con|com|with|sin|sem) |, ){_PART_OF_HEADING}){{1,4}}"
    rf"(?: (?:para|pra|for) {_ALL})?\W{{0,9}}"
)
"""A heading without a verb: `limpieza del canal`, `herramientas y mate para todos`."""
_OF_WORK = re.compile(
    r"\b(?:herramient|ferrament|tools?\b|palas?\b|enxad|limpi|limpe|clean|asado|churrasc|guitarr"
    r"|music|mate\b|cafe\b|coffee|comidas?\b|food|olla|almuerz|almoc|lunch|merienda|lanche|feijoada"
    r"|trabaj|trabalh|work|tradic|tradit|fiesta|festa|huerta|horta|garden|siembra|plantio|cosecha"
    r"|colheita|harvest|canal|camino|caminho|cancha|pintur|abuel|avos\b|union\b|uniao|alegri)"
)
_GRAVE = re.compile(
    r"\b(?:polic|paco|milit|milic|soldad|arma|golp|gas\b|tiro|bala|shot|gun|herid|ferid|hurt|sangr"
    r"|sangue|blood|muert|mort|dead|kill|fuego|fogo|fire|incendi|miedo|medo|afraid|fear|amenaz|ameac"
    r"|threat|abus|violen|violad|violac|estupr|redada|allan|desaloj|despej|raid|socorr|auxili|ayud"
    r"|ajud|help|grit|scream|emerg|peligr|perig|danger|secuestr|sequestr|deten|preso|presa|arrest"
    r"|desapar|missing|sumi[ru]|hospital|ambul|enferm|doente|suicid|entraron|entraram"
    r"|(?:mis?|me|yo|meus?|minhas?|eu|my|i|i'?m|nao|not|never|nunca|jamas|nadie|ninguem|nobody)\b"
    r"|no (?:volv|lleg|apare|respond|contest|sab(?!ad)|se\b|dej|pued|hay|est|vino|vien|da\b))"
)
"""What no announcement of a day's work has in it, danger or oneself: such a line is answered."""
_NUMBERED_KIND = re.compile(rf"\b{KIND} #?\d{{1,9}}\b(?!:| de la\b)")


def is_unmistakable(text: str) -> bool:
    """Return whether a line asks or orders so that it can't be about a gathering of the name before
    it, also without a comma: `hide event 1`, `who voted what`."""
    return _UNMISTAKABLE.match(fold(text)) is not None


def tells_of_gathering(text: str) -> bool:
    """Return whether a line is the news of a gathering: it begins with its day or hour, or with how
    lovely it was, says when or what to bring without a wish, or is a heading."""
    said = fold(text)
    if _GATHERING.match(said) is not None:
        return True
    if _GRAVE.search(said) is not None:
        return False
    if _WORK_NEWS.search(said) is not None and not (is_question(said) or _WISH.search(said)):
        return True
    return _OF_WORK.search(said) is not None and _HEADING.fullmatch(said) is not None


def thanks_all(text: str) -> bool:
    """Return whether a line thanks everybody and tells of nothing grave: `gracias a todas por
    venir`."""
    said = fold(text)
    return _THANKS_ALL.match(said) is not None and _GRAVE.search(said) is None


def names_by_number(text: str) -> bool:
    """Return whether a line names a thing of the bot's by kind and number: `evento 1`."""
    return _NUMBERED_KIND.search(fold(text)) is not None


def is_request_or_first_person(text: str) -> bool:
    """Return whether a line asks somebody for something, or speaks in the first person: so it is
    surely said to somebody."""
    said = fold(text)
    return _TO_YOU.match(said) is not None or _OWN.match(said) is not None


def is_order(text: str) -> bool:
    """Return whether a line begins as an order does. It may tell of something: `marca a data`."""
    return _ORDER.match(fold(text)) is not None


def is_forbidding(text: str, titles: Iterable[str] = ()) -> bool:
    """Return whether a line says what is not to be done with a thing: `no canceles el 2`, `don't
    close it`. `titles`: of the things that it may name by their words."""
    said = fold(text)
    found = _FORBIDDING.match(said)
    if found is None:
        return False
    behind = said[found.end() :]
    if found["it"] or _THING.match(behind):
        return True
    return any(split_title(behind, title) is not None for title in titles)


def may_forbid(text: str) -> bool:
    """Return whether a line begins as if it said what is not to be done."""
    return _FORBIDDING.match(fold(text)) is not None


def is_question(text: str) -> bool:
    """Return whether a line begins as a question does."""
    return _QUESTION.match(fold(text)) is not None
