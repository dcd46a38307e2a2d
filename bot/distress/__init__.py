"""Recognises lines typed in danger or after harm, in three languages at once. Pure and cheap."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from bot.distress import common_words, endings
from bot.distress.vocabulary import pattern
from bot.text.command_words import YES
from bot.text.normalisation import fold
from bot.text.quiet_wishes import asks_for_quiet
from bot.text.spoken import without_greeting

MOST_CHARACTERS = 2_000
"""Most characters of a line that are read."""
MOST_SPOKEN_WORDS = 25
"""Most words of an unaddressed line that counts as a call; longer ones are stories."""
MOST_CALL_WORDS, MOST_CERTAIN_WORDS = 5, 8
"""Most words of a line that is only a call, and of one that is so for certain."""
MOST_OVER_WORDS = 10
"""Most words of a line that says that a call is over; longer ones tell what happens."""


class HelpKind(Enum):
    """The kind of help that a line calls for. `UNSURE`: not said which."""

    DANGER = "danger"
    CARE = "care"
    UNSURE = "unsure"


def find_help_kind(text: str) -> HelpKind | None:
    """Return which help a line addressed to the bot asks for (danger, harm, …), or None."""
    words = fold_words(text)
    if _is_cry(text, words):
        return HelpKind.DANGER
    if asks_for_quiet(words):
        return None
    reports = _matches("REPORT", words)
    goes_on = not reports or _matches("PRESSING", words)
    if goes_on and (_matches("SPOKEN", words) or _matches("DANGER", words) or _is_led(text)):
        return HelpKind.DANGER
    if reports or _matches("CARE", words) or _first_word(words) in common_words.COMPLAINTS:
        return HelpKind.CARE
    if _first_word(words) in common_words.ALARMS:
        return HelpKind.DANGER
    if _is_of_lost_device(words) or _matches("WARNING", words):
        return HelpKind.CARE
    unsure = _UNSURE.fullmatch(words) or endings.LAST_CRY.search(words)
    return HelpKind.UNSURE if unsure else None


def reads_as_call(text: str, command: str) -> bool:
    """Return whether a line that begins with a command's words is a call for help all the same: `no
    puedo salir de mi casa`.

    The call must not be only the command's argument (`recordar …`).
    """
    return (_bare_reads_as_call if text == command else _reads_as_call)(text, command)


def _reads_as_call(text: str, command: str) -> bool:
    words, taken = fold_words(text), len(fold_words(command)) - 1
    starts = [at for at, letter in enumerate(words[:taken], 1) if letter == " "]
    tables = [pattern(table) for table in ("SPOKEN", "DANGER", "CARE")]
    return any(table.match(words, at) for at in starts for table in tables) or _is_cry(text, words)


_bare_reads_as_call = lru_cache(256)(_reads_as_call)
"""Remembers this of bare commands, which all type alike. No other text is remembered."""


def find_spoken_call(text: str) -> HelpKind | None:
    """Return which help a line asks for that does not address the bot, if that is certain, else
    None.

    `¡Ayuda, me robaron!` with both marks is a figure of speech.
    """
    words = fold_words(text)
    if text.startswith("¡") and text.rstrip().endswith("!"):
        return None
    if _is_complaint(text, words):
        return HelpKind.CARE
    if len(words.split()) > MOST_SPOKEN_WORDS or _TALK.search(text) or _matches("HARMLESS", words):
        return None
    sure = _is_cry(text, words, spelt=True) or _matches("SPOKEN", words)
    return HelpKind.DANGER if sure else None


def is_agreement(text: str) -> bool:
    """Return whether the text agrees that help is called: a yes with nothing but `por favor` or
    `avisa`."""
    first, *rest = fold_words(text).split() or [""]
    left = pattern("POLITE").sub(" ", f" {' '.join(rest)} ").split()
    return first in YES and set(left) <= {*YES, *common_words.CALLING}


def is_cry(text: str) -> bool:
    """Return whether the line is a call for help and nothing else, so that it does not answer an
    open question."""
    many = len(fold_words(text).split())
    door = (
        find_help_kind(text)
        if many <= MOST_CALL_WORDS
        else find_spoken_call(text)
        if many <= MOST_CERTAIN_WORDS
        else None
    )
    return door is HelpKind.DANGER


def sounds_over(text: str) -> bool:
    """Return whether somebody may mean that their own call for help is over: `no fue nada`.

    That is too little to end it, as whoever holds the phone may have written it.
    """
    words = fold_words(text)
    if len(words.split()) > MOST_OVER_WORDS:
        return False
    for found in pattern("OVER").finditer(words):
        inside = found[0].split()[1:]
        if common_words.NEGATIONS.isdisjoint({*words[: found.start()].split()[-2:], *inside}):
            return True
    return False


def is_outing(text: str) -> bool:
    """Return whether somebody says that they go out alone, or to meet people whom they don't know
    or trust."""
    return _matches("OUTING", fold_words(text))


def tells_of_lost_device(text: str) -> bool:
    """Return whether somebody tells that their phone was lost or taken: `my ex has my phone`."""
    return _is_of_lost_device(fold_words(text))


def tells_only_of_lost_device(text: str) -> bool:
    """Return whether somebody tells that their phone is gone, and nothing more, such as who has it:
    `hi, I lost my phone yesterday, what now`."""
    said = without_greeting(text[:MOST_CHARACTERS])
    clauses = [fold_words(one) for one in _CLAUSE_END.split(said) if one.strip()]
    told = [words for words in clauses if not _BESIDE_A_LOSS.fullmatch(words)]
    found = pattern("PHONELESS").search(told[0]) if len(told) == 1 else None
    return (
        found is not None
        and _BEFORE_A_LOSS.fullmatch(told[0][: found.start()]) is not None
        and _BEHIND_A_LOSS.fullmatch(told[0][found.end() :]) is not None
    )


def warns_of_account(text: str) -> bool:
    """Return whether somebody warns others of an account in foreign hands, and accuses nobody: `my
    phone was stolen, don't answer my account`."""
    words = fold_words(text)
    return (
        _matches("WARNING", words) and not _matches("CARE", words) and not _INTIMATE.search(words)
    )


def accuses(text: str) -> bool:
    """Return whether a cry is a report too, or tells of somebody whom the person knows: `my ex
    follows me`."""
    words = fold_words(text)
    return (
        "@" in text
        or _INTIMATE.search(words) is not None
        or any(_matches(table, words) for table in ("CARE", "REPORT"))
    )


def is_of_oneself(text: str) -> bool:
    """Return whether a cry is about the person who writes it, and not only about what others are to
    know: `tell everyone they follow me`."""
    return speaks_of_oneself(text) or _matches("CRIES", fold_words(text))


def speaks_of_oneself(text: str) -> bool:
    """Return whether a word of the text is about the person who writes it: `they follow me`,
    `quiere matarme`, `no hay salida, ayuda`. Where people are to meet (`nos vemos a las 5`) is
    not."""
    words = _MEETING.sub(" ", fold_words(text))
    if not {*common_words.PERSONAL, *common_words.OF_ONESELF}.isdisjoint(words.split()):
        return True
    return any(how.search(words) for how in (endings.ENCLITIC, endings.LAST_CRY))


def warns_to_stay_away(text: str) -> bool:
    """Return whether others are told what to do in a danger: `not to come, the police are here`."""
    return _matches("AVOID", fold_words(text))


def begins_with_lost_device(text: str) -> bool:
    """Return whether a line begins by telling that: `my phone was stolen, I think by …`."""
    words = fold_words(text)
    return any(pattern(table).match(words, 1) for table in ("PHONELESS", "TAKEN"))


def is_about_traces(text: str) -> bool:
    """Return whether somebody wants what they wrote gone (`borra todo`), or says that another
    person reads what is on their phone."""
    return _matches("TRACES", fold_words(text))


def asks_to_clear(text: str) -> bool:
    """Return whether a line begins with the wish that what was written be gone: `borra todo`."""
    words = fold_words(text)
    return _CLEARING.match(words) is not None and pattern("TRACES").match(words, 1) is not None


def asks_secrecy(text: str) -> bool:
    """Return whether somebody wants that not everybody learns of it: `but don't tell anyone`."""
    return bool(secrecy_clauses(text))


def secrecy_clauses(text: str) -> list[str]:
    """Return the parts of a line that ask that not everybody learns of it, as typed: ` but don't
    tell anyone`."""
    clauses = _CLAUSE_END.split(text[:MOST_CHARACTERS])
    return [clause for clause in clauses if _matches("SECRECY", fold_words(clause))]


# --- how a line is read ---------------------------------------------------------------------------

_IN_FULL = {
    **dict.fromkeys(("q", "k"), "que"),
    **dict.fromkeys(("pq", "xq"), "porque"),
    **dict.fromkeys(("xfa", "porfis", "porfavor"), "porfa"),
    "vc": "voce",
    "tou": "to",
    "pra": "para",
    "toy": "estoy",
    "cel": "celular",
    "td": "tudo",
    "r": "are",
    "u": "you",
    **dict.fromkeys(("stan", "estn", "etan"), "estan"),
    **dict.fromkeys(("folowed", "follwed", "foloweed"), "followed"),
    **dict.fromkeys(("folowing", "follwing"), "following"),
    **dict.fromkeys(("arested", "arrestd", "arrestted"), "arrested"),
    **dict.fromkeys(("harrased", "harased", "harrassed"), "harassed"),
}
"""Abbreviations and frequent typing errors in full."""
_APOSTROPHE = re.compile(r"['’`´]")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_CLAUSE_END = re.compile(r"[,.;:!?()\n]+|\s[-–—]\s")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_CLEARING = re.compile(
    r" (?:(?:por favor|porfa|please|pls|minga|quiero|necesito|quero|preciso) ){0,3}"
    r"(?:borr|elimin|limp|apag|delet|exclu|eras|wip|clear|unsend|take back)"
)
_TALK = re.compile(r"[?¿\"“”«»>]|\b(?:1[89]|20)\d\d\b")
"""A question, a quotation or a year, so no call."""
_LONG = re.compile(r"\b(?:ayud|ajud|h?elp|socor|auxil)\w*?(\w)\1{2,}")
_TWICE = re.compile(r"\W*(?:ayuda|ajuda|help)\s*[!¡]{2,}\W*")
_NOUN = re.compile(r"\W*([^\W\d_]+)\s*:\s*\w")
_INTIMATE = re.compile(
    r" (?:ex|marido|esposo|novio|pareja|namorado|companheiro|padrastro|padrasto|husband|boyfriend"
    r"|partner|jefe|chefe|boss|ele|he) "
)
"""Somebody who may be accused of it, so that the line is more than a warning."""
_MEETING = re.compile(
    r" nos (?=(?:vemos|juntamos|reunimos|encontramos(?! en peligro | \w+[ai]d[ao]s )) )"
)
_ASKING = (
    r"(?:(?:y|e|and|so) )?(?:(?:ahora|agora|now) )?(?:que hago|(?:o )?que (?:eu )?faco"
    r"|what now|what (?:do|can|should) i do) "
)
_BESIDE_A_LOSS = re.compile(rf" {_ASKING}")
_BEFORE_A_LOSS = re.compile(r" (?:(?:i|we|ive|weve|have|just|se|me|nos|eu) )*")
_BEHIND_A_LOSS = re.compile(
    rf" (?:{_ASKING})?| (?!(?:y|e|and|con|com|with|by|por|pel[oa]|que|porque) )(?:\w{{1,15}} )"
    rf"{{1,3}}(?:{_ASKING})?"
)
"""Who has the phone, or what they do with it, is more than that it is gone."""
_HELP = r"(?:necesit[oa]|necesitamos|precis[oa]|precisamos|i need|we need|need)"
_UNSURE = re.compile(
    rf" (?:{_HELP} (?:(?:de|mucha|muita|some|your|tu|sua|su) )*(?:ayuda|ajuda|help)"
    r"|ayudame|ayudeme|ajudame|(?:me )?ajud[ae](?: me)|me ajud[ae]|(?:me )?puedes ayudar(?:me)?"
    r"|(?:necesito|quiero|preciso|quero) (?:hablar|conversar|falar) (?:con|com) (?:alguien|alguem)"
    r"|(?:i )?(?:need|want|have) (?:to talk|to speak|someone to talk) (?:to|with)"
    r" (?:someone|somebody|you)"
    r"|me ayudas|(?:voce )?pode me ajudar|(?:can|could) you help me)(?: (?:por favor|porfa|please"
    r"|pls|plz|aqui|gracias|obrigada))* "
)


def fold_words(text: str) -> str:
    """Return the folded words of a line, each between spaces; `ayudaaaa` becomes `ayuda`."""
    folded = _DRAWN_OUT.sub(r"\1", _APOSTROPHE.sub("", fold(text[:MOST_CHARACTERS])))
    words = _BETWEEN_WORDS.sub(" ", folded).split()
    return f" {' '.join(_IN_FULL.get(word, word) for word in words)} "


def _is_led(text: str) -> bool:
    """Return whether the first clause is all of a call for help: `they follow me, he is here`."""
    first = fold_words(_CLAUSE_END.split(text[:MOST_CHARACTERS], 1)[0])
    found = pattern("SPOKEN").match(first, 1)
    return found is not None and found.end() >= len(first) - 1


def _is_cry(text: str, words: str, *, spelt: bool = False) -> bool:
    """Return whether the line is a cry and what usually goes with it.

    Unless `spelt`, a cry may be one letter off.
    """
    folded = fold(text[:MOST_CHARACTERS])
    if _LONG.search(folded) or _TWICE.fullmatch(folded):
        return True
    left, count = pattern("CRIES").subn(" ", words)
    if count:
        return not pattern("POLITE").sub(" ", left).strip()
    word = pattern("POLITE").sub(" ", words).strip()
    return (
        not spelt
        and len(word) > 4
        and any(_is_misspelt(word, cry) for cry in common_words.MISSPELT)
    )


def _matches(table: str, words: str) -> bool:
    return pattern(table).search(words) is not None


def _is_of_lost_device(words: str) -> bool:
    return _matches("PHONELESS", words) or _matches("TAKEN", words)


def _first_word(words: str) -> str:
    return next(iter(words.split()), "")


def _is_misspelt(word: str, cry: str) -> bool:
    return word[0] == cry[0] and DamerauLevenshtein.distance(word, cry, score_cutoff=1) <= 1


def _is_complaint(text: str, words: str) -> bool:
    """Return whether the line is a complaint such as `denuncia: …` about people here."""
    noun = _NOUN.match(text[:MOST_CHARACTERS])
    if noun is None or fold(noun[1]) not in (*common_words.COMPLAINTS, *common_words.HEADLINES):
        return False
    if not set(words.split()).isdisjoint(common_words.PERSONAL):
        return True
    harm = any(_matches(table, words) for table in ("SPOKEN", "DANGER", "CARE"))
    return harm and fold(noun[1]) in common_words.COMPLAINTS
