"""Reads how a call for help names a person: accused, to be left out, or called. Pure.

Called is who is asked for in clear words (`avisa a ana`). Left out is who does harm to the writer
(`ana me pega`), and whom they do not want (`no avises a ana`). All else leaves a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from bot.distress import MOST_CHARACTERS, fold_words
from bot.distress.accusation_words import (
    BESIDE,
    BUT_FOR,
    CALLS,
    COME,
    COMES,
    COURTESY,
    DONE_BY,
    FEARED,
    HARM_EN,
    HARM_ES,
    HARM_ES_ALL,
    HARM_PT,
    HARM_PT_ALL,
    IS_TO_STOP,
    LISTED,
    MINE,
    NAMES_TOO,
    NO_SUBJECT,
    NOT_TO,
    NOT_TOLD,
    OWN_WORDS,
    RELATED,
    SOMEBODY_ELSE,
    THE,
    TO,
    UPSET,
    WITHOUT,
)


class NamedAs(Enum):
    """How a call names somebody. `DOUBTED`: in any other way; `SUSPECTED`: so as to keep them out,
    by a name that may be another's. `SET_ASIDE`: kept out of a call by no more than a doubt."""

    CALLED = "called"
    DOUBTED = "doubted"
    SUSPECTED = "suspected"
    SET_ASIDE = "set aside"
    LEFT_OUT = "left out"
    ACCUSED = "accused"

    @property
    def keeps_out(self) -> bool:
        """Whether the call is not to reach the person, also if nobody else is left."""
        return self in (NamedAs.SET_ASIDE, NamedAs.LEFT_OUT, NamedAs.ACCUSED)

    @property
    def is_doubt(self) -> bool:
        """Whether the call is not to reach the person while somebody else is called."""
        return self in (NamedAs.DOUBTED, NamedAs.SUSPECTED)

    @property
    def is_in_passing(self) -> bool:
        """Whether nothing was said against the person that could be understood."""
        return self in (NamedAs.DOUBTED, NamedAs.SET_ASIDE)


NAME, OTHER = "#", "%"
"""In words of `call_words`: the person who is looked for, and others whom the call may reach."""
MOST_AROUND = 160
"""Most characters that are read before and behind a name."""

_POSSESSIVE = re.compile(r"['’`´]s\b")
_SERVER = re.compile(
    r"(?:(@[\w.=\-/+]{1,99}):[\w.\-]{0,99}\w|(\w{1,99}):(?:[\w\-]{1,99}\.){1,9}\w{1,99})"
    r"(?::\d{1,5}(?!\w))?"
)
"""The server in an address, with its port, also in one that has lost its `@`."""
_PUNCTUATION = re.compile(r"[,;!?()\n¡¿]+|[.:]+(?!\w)|\s[-–—]\s")


def call_words(text: str) -> list[str]:
    """Return the folded words of a call for help, with a comma for each punctuation mark."""
    spelt = _SERVER.sub(r"\1\2", _POSSESSIVE.sub(" s", text[:MOST_CHARACTERS]))
    clauses = _PUNCTUATION.split(spelt)
    words: list[str] = []
    for said in filter(None, (fold_words(clause).split() for clause in clauses)):
        words += [",", *said] if words else said
    return words


def may_be_name(word: str) -> bool:
    """Return whether a word of `call_words` can be somebody's name in a call."""
    return word != "," and word not in OWN_WORDS


def find_relations(words: Sequence[str]) -> set[int]:
    """Return at which places of `call_words` it says what somebody is to the writer: `mi marido`.
    Without such a word ahead it may be a name, as in `es irma`."""
    found: set[int] = set()
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        is_behind = at - 1 in found or re.fullmatch(THE, before)
        is_theirs = is_behind and not re.fullmatch(NAMES_TOO, word)
        if re.fullmatch(RELATED, word) and (is_theirs or re.fullmatch(MINE, before)):
            found.add(at)
    return found


def read_names(words: list[str]) -> Iterator[NamedAs]:
    """Yield how each `NAME` of the words is named."""
    line = f" {' '.join(words)} "
    for found in re.finditer("#", line):
        yield _read_name(line[: found.start()], line[found.end() :])


def _read_name(before: str, behind: str) -> NamedAs:
    """Return how the person is named between these parts of a line."""
    before, behind = before[-MOST_AROUND:].rstrip(), behind[:MOST_AROUND]
    if _is_accused(before, behind):
        return NamedAs.ACCUSED
    if _is_left_out(before, behind):
        return NamedAs.LEFT_OUT
    return NamedAs.CALLED if _is_called(before, behind) else NamedAs.DOUBTED


def _is_left_out(before: str, behind: str) -> bool:
    """Return whether the writer wants that the person is not called: `sin ana`, `no a ana`."""
    if _EXCLUDED.search(before) or _NOT_TOLD.match(behind) or _NOT_HER.match(behind):
        return True
    return _WITHOUT.search(before) is not None and _NEEDED.match(behind) is None


def _is_accused(before: str, behind: str) -> bool:
    """Return whether the words say clearly that the person does harm to the writer."""
    clause = before.rpartition(" ,")[2]
    if _BY_NAME.search(before) or _FEARED.search(before):
        return True
    if _is_in_list_of_doers(before, behind):
        return True
    if _EXCLUDED.search(before) and _FOR_THEY_ACT.match(behind):
        return True
    it_is = _IT_IS.search(clause) or _IT_IS_PT.search(before)
    if it_is and _AND_NO_MORE.match(behind):
        return True
    if _ACT_BEFORE.search(clause) and not _SPOKEN_TO.match(behind):
        return True
    if _COMES_BEFORE.search(before) and _AND_ACT.match(behind):
        return True
    if _IS_BEFORE.search(clause) and _THAT_ACTS.match(behind):
        return True
    return not _NO_SUBJECT.search(clause) and _acts(clause, behind)


def _is_in_list_of_doers(before: str, behind: str) -> bool:
    """Return whether several do harm and the person is one of them: `me estan pegando ana y #`."""
    listed = _ALL_ACT_LIST.search(before) and (
        _LIST_ENDS.search(before) or _LIST_TO_END.match(behind)
    )
    return bool(listed) and _BIDS_ALL.search(behind) is None


def _acts(clause: str, behind: str) -> bool:
    """Return whether harm that the words behind tell of is the person's, or theirs and others'."""
    is_called = _CALLED.search(clause) is not None
    if (alone := _ACTS.match(behind)) is not None and not _AFTER_OTHERS.search(clause):
        to_whom = clause.endswith(" a") and alone["es"]  # in Spanish whom something is done to
        return not (is_called or to_whom)
    return not is_called and _act_together(clause, behind)


def _act_together(clause: str, behind: str) -> bool:
    """Return whether the person and others do harm: `ana y su hermano me pegan`."""
    if _ALL_ACT_BEFORE.search(clause) and _AND_THEIR.match(behind):
        return True
    if _ACT_TOGETHER.match(behind):
        return True
    return _ALL_ACT.match(behind) is not None and _WITH_OTHERS.search(clause) is not None


def _is_called(before: str, behind: str) -> bool:
    """Return whether the person is to be called: `avisa a ana`, `panico ana`, `sí, ana`."""
    if _CALLED.search(before) and not _IS_TO_STOP.match(behind):
        if _CALLED_ALONE.search(before):
            return not _ACTS.match(behind) or _CALLED_BY.search(before) is not None
        return _LIST_GOES_ON.match(behind) is not None
    if _ASKED_FOR.search(before) and _NAMES_ONLY.fullmatch(behind):
        return True
    return _BIDDEN_TO_COME.fullmatch(f"{before} % {behind}") is not None


_ACT = rf"(?:(?P<es>{HARM_ES})|{HARM_PT}|{HARM_EN})"
_PLAIN_ACT = rf"(?:{HARM_ES}|{HARM_PT})"
_WHOSE = (
    r"(?:su|sus|o|a|un|una|dos|dois|duas|two|seu|seus|sua|suas|el|la|los|las|os|as"
    r"|mi|meu|minha|her|his|the|otr\w+|outr\w+)"
)
_NO_NAME = (
    r"(?!(?:a?yuda\w*|help|ven\w*|me|nos|no|nao|ya|ja|por|please|apur\w*|ajuda|socorro|auxilio|estoy"
    r"|estou|im|i|they|voy|vou|hay|tengo|tod[ao]s|y|e|and|que|si|yo|eu|mi"
    r"|rapid\w+|pronto|urgente|ahora|agora|now|corr\w+|llam\w+|avis\w+) )"
)
_SOMEBODY = rf"(?:%|{_NO_NAME}[^\W\d]\w+)"
"""Another person, perhaps one whom the call can't reach."""
_ARTICLE = r"(?: (?:la|el|a|al|o|ao))?"
_NOW = rf"(?:(?:{COMES}(?: \w+){{0,3}}|{UPSET}) (?:y|e|and)(?: (?:hes|shes|he|she))?|{UPSET})?"
_ACTS = re.compile(rf"{_NOW}{BESIDE} {_ACT}{SOMEBODY_ELSE}")
_ALL = rf"(?:{HARM_ES_ALL}|{HARM_PT_ALL}|{HARM_EN})"
_ACT_TOGETHER = re.compile(
    rf"(?: (?:,|y|e|and){_ARTICLE} %)* (?:y|e|and|con|com|with) "
    rf"(?:otr[ao]s|outr[ao]s|others?|(?:(?:la|el|a|al|o|ao) )?{_SOMEBODY}"
    rf"|{_WHOSE} [\w%]+(?: \w+)?){BESIDE} (?:{HARM_ES_ALL}|{HARM_PT_ALL}|{HARM_EN}){SOMEBODY_ELSE}"
)
"""`ana y su hermano me estan pegando`."""
_ALL_ACT = re.compile(rf"{BESIDE} {_ALL}{SOMEBODY_ELSE}")
_ALL_ACT_BEFORE = re.compile(rf"^ (?:{HARM_ES_ALL}|{HARM_PT_ALL})(?: la)?$")
_ALL_ACT_LIST = re.compile(
    r"(?:^| (?:que|porque|y|e|ayuda|ajuda|socorro|auxilio|panico|ahora|ya|ja|si|sim|,))"
    rf" (?:{HARM_ES_ALL}|{HARM_PT_ALL})(?:(?: la| el| o)? %(?: ,)?(?: y| e)?)*"
    rf"(?: {_SOMEBODY} [ye])?(?: la| el| o)?$"
)
_LIST_ENDS = re.compile(rf" {_SOMEBODY} (?:y|e)(?: la| el| o| a)?$")
_LIST_TO_END = re.compile(
    rf"(?: ,(?: la| el| o)? %)* (?:y|e)(?: la| el| o| a)? (?:%(?= )|{_SOMEBODY} $)"
)
_BIDS_ALL = re.compile(
    r" (?:vengan|vengam|venham|apur(?:ense|en)|apressem|corran|corram"
    r"|(?:avis|llam)en(?:me|nos|les?|se)?|avisem|liguem|ayuden(?:me|nos)?|ajudem) "
)
"""Behind several names: whoever is named is spoken to."""
_AND_THEIR = re.compile(rf" (?:y|e) {_WHOSE} \w+ ")
_WITH_OTHERS = re.compile(
    rf"(?: %|^(?: panico| panic| ayuda| ajuda| socorro| help)? {_SOMEBODY}) (?:y|e|and){_ARTICLE}$"
)
_AFTER_OTHERS = re.compile(rf" % (?:y|e|and){_ARTICLE}$")
_IS_BEFORE = re.compile(rf" (?:es|e|fue|foi|its|it is|it was|era){_ARTICLE}$")
_FOR_THEY_ACT = re.compile(
    rf"(?: ,)?(?: (?:porque|que|ella|ela|el|ele))*{BESIDE} {_ACT}{SOMEBODY_ELSE}"
)
"""`no llames a ana, me esta pegando`."""
_THAT_ACTS = re.compile(rf" que {_ACT}{SOMEBODY_ELSE}")
_AND_ACT = re.compile(rf" (?:y|e|and) {_ACT}{SOMEBODY_ELSE}")
_COMES_BEFORE = re.compile(rf"{COMES}{_ARTICLE}$")
_ACT_BEFORE = re.compile(
    r"(?:^|^.{0,60} (?:que|porque|y|e|ayuda|ajuda|socorro|auxilio|panico|ahora|ya|ja|otra vez"
    r"|si|sim))"
    rf" {_PLAIN_ACT}(?: (?:otra vez|de nuevo|ahora|agora|ya))?{_ARTICLE}$"
)
"""`me esta siguiendo ana`; behind another subject the name is spoken to."""
_BY_NAME = re.compile(
    rf" (?:{DONE_BY}|{_PLAIN_ACT}(?: \w+){{0,3}} (?:se llama|se chama|es|e|fue|foi){_ARTICLE}"
    r")$"
)
_IT_WAS = re.compile(
    rf" (?:{_PLAIN_ACT}|{HARM_ES_ALL}|{HARM_PT_ALL}) .*(?:fue|foi|it was){_ARTICLE}$"
)
_IT_IS = re.compile(
    r"(?:^| (?:si+|sim+|yes|yeah|yep|creo|acho|think|panico|panic|socorro|auxilio))"
    rf"(?: (?:creo|que|porque|y))* (?:es|fue|foi|era|its|it s|it is|it was){_ARTICLE}$"
)
_IT_IS_PT = re.compile(r"(?:^| (?:sim|socorro|panico)(?: ,)?) e(?: o| a)?$")
"""`é o diego`, which is written like `and Diego`."""
_AND_NO_MORE = re.compile(
    r" (?:$|,|otra vez|de nuevo|de novo|again|ayuda|ajuda|help|por favor|porfa|please)"
)
_FEARED = re.compile(rf" {FEARED}$")
_NO_SUBJECT = re.compile(rf"{NO_SUBJECT}$")
_NO_SUBJECTS = re.compile(rf"{NO_SUBJECT}{LISTED}$")
_CALLED = re.compile(rf" {CALLS}{TO}{LISTED}$")
_CALLED_ALONE = re.compile(rf" {CALLS}{TO}(?:{LISTED} (?:y|e|and) (?:a|al))?$")
_CALLED_BY = re.compile(r" (?:a|con|com|para|pra|pro|to)(?: la| el| a| o)?$")
_IS_TO_STOP = re.compile(IS_TO_STOP)
_LIST_GOES_ON = re.compile(rf" (?:$|(?:,|y|e|and|que|{COURTESY}) )")
_SPOKEN_TO = re.compile(rf" (?:, )?{COME} ")
_NAMES = rf"(?: (?:[#%]|,|y|e|and|a|al|ao|o|la|el|{COURTESY})(?= |$))*"
_ASKED_FOR = re.compile(
    rf"(?:^ (?:panico|panic|auxilio|socorro)| (?:si+|sim+|yes+|yep|yeah|ok)){_NAMES}$"
)
_BIDDEN = r"(?:ven|veni|vente|venite|vem|come|apurate|apressa|corre|hurry)"
_BIDDEN_TO_COME = re.compile(
    rf"(?: panico| panic)?[ ,]*(?:{_BIDDEN} )?%(?:[ ,]+(?:{_BIDDEN}|aqui|aca|here|ya|ja|now|rapido"
    rf"|ahora|agora|{COURTESY}))+ *|(?: panico| panic)?[ ,]*{_BIDDEN} % *"
)
"""`ana, ven ya`, `apurate ana`, and nothing else."""
_NAMES_ONLY = re.compile(rf"{_NAMES} ?")
_NOT_LISTED = rf"(?: [\w%]+ (?:y|e|and|o|ou|ni|nem|or){TO}){{0,3}}"
_EXCLUDED = re.compile(rf" (?:{NOT_TO}{TO}|{BUT_FOR}(?: a| la| o| para)?){_NOT_LISTED}$")
_WITHOUT = re.compile(rf" {WITHOUT}(?: a| la| o)?{_NOT_LISTED}$")
_NOT_TOLD = re.compile(NOT_TOLD)
_NOT_HER = re.compile(r" (?:no|nao) (?:,|$|por favor|porfa|pelo amor|por dios)")
_NEEDED = re.compile(r" (?:no|nao|i cant) (?!,|$)")
"""`sin ana no puedo`."""
