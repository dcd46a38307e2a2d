"""Recognises lines typed in danger or after harm, in three languages at once. Pure and cheap."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache, lru_cache
from types import ModuleType

from rapidfuzz.distance import DamerauLevenshtein

from bot.distress import common_words, en, es, pt
from bot.text.command_words import YES
from bot.text.normalisation import fold

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
    reports = _matches("REPORT", words)
    goes_on = not reports or _matches("PRESSING", words)
    if goes_on and (_matches("SPOKEN", words) or _matches("DANGER", words)):
        return HelpKind.DANGER
    if reports or _matches("CARE", words) or _first_word(words) in common_words.COMPLAINTS:
        return HelpKind.CARE
    if _first_word(words) in common_words.ALARMS:
        return HelpKind.DANGER
    if _matches("PHONELESS", words) or _matches("WARNING", words):
        return HelpKind.CARE
    return HelpKind.UNSURE if _UNSURE.fullmatch(words) else None


def begins_call(text: str, command: str) -> bool:
    """Return whether a command's word begins a call for help here: `no puedo salir de mi casa`.

    The call must not be only the command's argument (`recordar …`).
    """
    return (_bare_begins_call if text == command else _begins_call)(text, command)


def _begins_call(text: str, command: str) -> bool:
    words, taken = fold_words(text), len(fold_words(command)) - 1
    starts = [at for at, letter in enumerate(words[:taken], 1) if letter == " "]
    tables = [_pattern(table) for table in ("SPOKEN", "DANGER", "CARE")]
    return any(table.match(words, at) for at in starts for table in tables) or _is_cry(text, words)


_bare_begins_call = lru_cache(256)(_begins_call)
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
    left = _pattern("POLITE").sub(" ", f" {' '.join(rest)} ").split()
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
    for found in _pattern("OVER").finditer(words):
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
    return _matches("PHONELESS", fold_words(text))


def warns_of_account(text: str) -> bool:
    """Return whether somebody warns others of an account in foreign hands, and accuses nobody: `my
    phone was stolen, don't answer my account`."""
    words = fold_words(text)
    return (
        _matches("WARNING", words) and not _matches("CARE", words) and not _INTIMATE.search(words)
    )


def begins_with_lost_device(text: str) -> bool:
    """Return whether a line begins by telling that: `my phone was stolen, I think by …`."""
    return _pattern("PHONELESS").match(fold_words(text), 1) is not None


def is_about_traces(text: str) -> bool:
    """Return whether somebody wants what they wrote gone (`borra todo`), or says that another
    person reads what is on their phone."""
    return _matches("TRACES", fold_words(text))


def asks_secrecy(text: str) -> bool:
    """Return whether somebody wants that not everybody learns of it: `but don't tell anyone`."""
    return bool(secrecy_clauses(text))


def secrecy_clauses(text: str) -> list[str]:
    """Return the parts of a line that ask for that, as typed: ` but don't tell anyone`."""
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


def _is_cry(text: str, words: str, *, spelt: bool = False) -> bool:
    """Return whether the line is a cry and what usually goes with it.

    Unless `spelt`, a cry may be one letter off.
    """
    folded = fold(text[:MOST_CHARACTERS])
    if _LONG.search(folded) or _TWICE.fullmatch(folded):
        return True
    left, count = _pattern("CRIES").subn(" ", words)
    if count:
        return not _pattern("POLITE").sub(" ", left).strip()
    word = _pattern("POLITE").sub(" ", words).strip()
    return (
        not spelt
        and len(word) > 4
        and any(_is_misspelt(word, cry) for cry in common_words.MISSPELT)
    )


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


# --- the vocabulary, compiled ---------------------------------------------------------------------


TABLES = (
    "SPOKEN",
    "DANGER",
    "CARE",
    "REPORT",
    "PRESSING",
    "HARMLESS",
    "OVER",
    "CRIES",
    "POLITE",
    "OUTING",
    "TRACES",
    "SECRECY",
    "PHONELESS",
    "WARNING",
)


def prepare() -> None:
    """Compile the vocabulary of calls for help, which takes a tenth of a second and 4 MiB for that
    time; otherwise the first line waits for it."""
    for table in TABLES:
        _pattern(table)


def _matches(table: str, words: str) -> bool:
    return _pattern(table).search(words) is not None


@cache
def _pattern(table: str) -> re.Pattern[str]:
    """Return one pattern for a whole table, cached."""
    if hasattr(common_words, table):
        every = [_phrase_pattern(one, by_ear=False) for one in getattr(common_words, table)]
    else:
        every = [
            _phrase_pattern(one, by_ear=True) for lang in (es, pt) for one in _phrases(lang, table)
        ]
        every += [_phrase_pattern(one, by_ear=False) for one in _phrases(en, table)]
    return re.compile(rf"(?<= )(?:{'|'.join(every)})(?:(?= )|(?<= ))")


def _phrases(language: ModuleType, table: str) -> list[str]:
    """Return the phrases, one per line; indented lines continue the line before."""
    return re.sub(r"\n +", "", getattr(language, table)).split("\n")[1:-1]


def _phrase_pattern(phrase: str, *, by_ear: bool) -> str:
    """Return the pattern of a phrase: `(a|b)` choice, `*` any ending, `..` up to three words,
    `^` start.
    """
    spelt = _LETTERS.sub(_spellings, phrase) if by_ear else phrase
    spelt = re.sub(r" ?\.\. ?", r" (?:\\w+ ){0,3}", spelt)
    spelt = re.sub(r"\((?!\?)", "(?:", spelt).replace("*", r"\w*")
    return spelt.replace("^", "(?<=^ )")


_LETTERS = re.compile(r"ll|qu(?=[ei])|[bvhzscygj]")


def _spellings(letter: re.Match[str]) -> str:
    """Return the spellings of a sound in Spanish and Portuguese."""
    found, soft = letter[0], letter.string[letter.end() : letter.end() + 1] in ("e", "i")
    if found in "bv":
        return "[bv]"
    if found in "zs" or (found == "c" and soft):
        return "[szc]"
    if found in "gj":
        return "[gj]" if soft else found
    return {
        "h": "h?",
        "ll": "(?:ll|y)",
        "y": "(?:y|ll|i)",
        "qu": "(?:qu?|k)",
        "c": "[ck]",
    }.get(found, found)
