"""Reads how a call for help names a person: accused, to be left out, or called. Pure.

In doubt somebody is called: only who does harm to the writer (`ana me pega`), and whom they want
left out (`no avises a ana`), is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from bot.distress import MOST_CHARACTERS, fold_words
from bot.distress.accusation_words import (
    AGREED,
    ARMED,
    BESIDE,
    BUT_FOR,
    CALLS,
    COME,
    COMES,
    DONE_BY,
    FEARED,
    HARM_EN,
    HARM_ES,
    HARM_ES_ALL,
    HARM_PT,
    HARM_PT_ALL,
    LISTED,
    NO_SUBJECT,
    NOT_TO,
    NOT_TOLD,
    OWN_WORDS,
    SOMEBODY_ELSE,
    TO,
    WITHOUT,
)


class NamedAs(Enum):
    """How a call names somebody. `DOUBTED`: perhaps as whom it is about."""

    CALLED = "called"
    DOUBTED = "doubted"
    LEFT_OUT = "left out"


NAME, OTHER = "#", "%"
"""In words of `call_words`: the person who is looked for, and others whom the call may reach."""
MOST_AROUND = 160
"""Most characters that are read before and behind a name."""

_POSSESSIVE = re.compile(r"['’`´]s\b")
_SERVER = re.compile(
    r"(@[\w.=\-/+]{1,99}):[\w.\-]{0,99}\w|(\w{1,99}):(?:[\w\-]{1,99}\.){1,9}\w{1,99}"
)
"""The server in an address, also in one that has lost its `@`."""
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


def read_names(words: list[str]) -> Iterator[NamedAs | None]:
    """Yield how each `NAME` of the words is named; None if it is neither called nor accused."""
    line = f" {' '.join(words)} "
    for found in re.finditer("#", line):
        yield _read_name(line[: found.start()], line[found.end() :])


def _read_name(before: str, behind: str) -> NamedAs | None:
    """Return how the person is named between these parts of a line."""
    before, behind = before[-MOST_AROUND:].rstrip(), behind[:MOST_AROUND]
    if _is_left_out(before, behind):
        return NamedAs.LEFT_OUT
    if (accused := _read_accusation(before, behind)) is not None:
        return accused
    if _is_called(before, behind):
        return NamedAs.CALLED
    return NamedAs.DOUBTED if _FEARED.search(before) else None


def _is_left_out(before: str, behind: str) -> bool:
    """Return whether the writer wants that the person is not called: `sin ana`, `no a ana`."""
    if _EXCLUDED.search(before) or _NOT_TOLD.match(behind):
        return True
    if _WITHOUT.search(before):
        return _NEEDED.match(behind) is None
    return before.endswith((" a", " la")) and _NOT_HER.match(behind) is not None


def _read_accusation(before: str, behind: str) -> NamedAs | None:
    """Return `LEFT_OUT` or `DOUBTED` if the person does harm to the writer, else None."""
    clause = before.rpartition(" ,")[2]
    if _BY_NAME.search(before) or (_IT_WAS.search(before) and behind[:3] in (" ", " , ")):
        return NamedAs.LEFT_OUT
    if _ACT_BEFORE.search(clause) and not _SPOKEN_TO.match(behind):
        return NamedAs.LEFT_OUT
    if _COMES_BEFORE.search(before) and _AND_ACT.match(behind):
        return NamedAs.LEFT_OUT
    if _IS_BEFORE.search(clause) and _THAT_ACTS.match(behind):
        return NamedAs.LEFT_OUT
    if _NO_SUBJECT.search(clause):
        return None
    called = _CALLED.search(clause) is not None
    if (alone := _ACTS.match(behind)) is not None:
        return _of_one(clause, alone, called=called)
    if called or _NO_SUBJECTS.search(clause):
        return None
    if _ALL_ACT_BEFORE.search(clause) and _AND_THEIR.match(behind):
        return NamedAs.LEFT_OUT
    if (several := _ACT_TOGETHER.match(behind)) is not None:
        sure = several["whose"] or several["more"] or several["en"]
        return NamedAs.LEFT_OUT if sure else NamedAs.DOUBTED
    if _ALL_ACT.match(behind) and (listed := _WITH_OTHERS.search(clause)) is not None:
        return NamedAs.LEFT_OUT if listed["whose"] else NamedAs.DOUBTED
    return NamedAs.DOUBTED if _ARMED.match(behind) else None


def _of_one(clause: str, act: re.Match[str], *, called: bool) -> NamedAs | None:
    """Return what an act of one person behind the name says, whom the clause before may call."""
    if clause.endswith(" a") and (called or act["es"]):  # in Spanish whom something is done to
        return None
    return NamedAs.DOUBTED if called or _AFTER_OTHERS.search(clause) else NamedAs.LEFT_OUT


def _is_called(before: str, behind: str) -> bool:
    """Return whether the person is to be called: `avisa a ana`, `ana, ayudame`, `sí, ana`."""
    if _CALLED.search(before) or (_AGREED.search(before) and _ENDS.match(behind)):
        return True
    if _ASKED_TO_COME.match(behind) or (_COME_BEFORE.search(before) and _ENDS.match(behind)):
        return True
    return not re.sub(_ONLY_NAMES, "", f"{before}{behind}").strip()


_ACT = rf"(?:(?P<es>{HARM_ES})|{HARM_PT}|{HARM_EN})"
_PLAIN_ACT = rf"(?:{HARM_ES}|{HARM_PT})"
_WHOSE = (
    r"(?:su|sus|o|a|un|una|dos|dois|duas|two|seu|seus|sua|suas|el|la|los|las|os|as"
    r"|mi|meu|minha|her|his|the|otr\w+|outr\w+)"
)
_NO_NAME = (
    r"(?!(?:a?yuda\w*|help|ven\w*|me|nos|no|nao|ya|ja|por|please|apur\w*|ajuda|socorro|auxilio|estoy"
    r"|estou|im|i|they|voy|vou|hay|tengo|tod[ao]s|y|e|and|que|si) )"
)
_ACTS = re.compile(rf"(?:{COMES}(?: \w+){{0,3}} (?:y|e|and))?{BESIDE} {_ACT}(?= ){SOMEBODY_ELSE}")
_ACT_TOGETHER = re.compile(
    r" (?:y|e|and|con|com|with) "
    rf"(?:(?P<more>otr[ao]s|outr[ao]s|others?)|(?P<whose>{_WHOSE} )?{_NO_NAME}[\w%]+"
    rf"(?: {_NO_NAME}\w+)?){BESIDE} "
    rf"(?:{HARM_ES_ALL}|{HARM_PT_ALL}|(?P<en>{HARM_EN}))(?= ){SOMEBODY_ELSE}"
)
"""`ana y su hermano me estan pegando`."""
_ALL_ACT = re.compile(rf"{BESIDE} (?:{HARM_ES_ALL}|{HARM_PT_ALL})(?= ){SOMEBODY_ELSE}")
_ALL_ACT_BEFORE = re.compile(rf"^ (?:{HARM_ES_ALL}|{HARM_PT_ALL})(?: la| a)?$")
_AND_THEIR = re.compile(rf" (?:y|e) {_WHOSE} \w+ ")
_WITH_OTHERS = re.compile(rf"(?:^|,|que)(?P<whose> {_WHOSE})? {_NO_NAME}[\w%]+ (?:y|e|and)(?: a)?$")
_AFTER_OTHERS = re.compile(r" % (?:y|e|and)(?: a| la)?$")
_IS_BEFORE = re.compile(r" (?:es|e|fue|foi|its|it is|it was|era)(?: la| a)?$")
_THAT_ACTS = re.compile(rf" que {_ACT}(?= ){SOMEBODY_ELSE}")
_AND_ACT = re.compile(rf" (?:y|e|and) {_ACT}(?= ){SOMEBODY_ELSE}")
_COMES_BEFORE = re.compile(rf"{COMES}(?: a| la)?$")
_ACT_BEFORE = re.compile(
    r"(?:^|^.{0,60} (?:que|porque|y|e|ayuda|ajuda|socorro|auxilio|panico|ahora|ya|ja|otra vez))"
    rf" {_PLAIN_ACT}(?: (?:otra vez|de nuevo|ahora|agora|ya))?(?: la| a)?$"
)
"""`me esta siguiendo ana`; behind another subject the name is spoken to."""
_BY_NAME = re.compile(
    rf" (?:{DONE_BY}|{_PLAIN_ACT}(?: \w+){{0,3}} (?:se llama|se chama|es|e|fue|foi)(?: la| a)?"
    rf"|{HARM_EN}(?: \w+){{0,2}} (?:is|was)(?: called| named)?)$"
)
_IT_WAS = re.compile(rf" (?:{_PLAIN_ACT}|{HARM_ES_ALL}|{HARM_PT_ALL}) .*(?:fue|foi|foi a|it was)$")
_ARMED = re.compile(rf"{BESIDE} {ARMED} ")
_FEARED = re.compile(rf" {FEARED}$")
_NO_SUBJECT = re.compile(rf"{NO_SUBJECT}$")
_NO_SUBJECTS = re.compile(rf"{NO_SUBJECT}{LISTED}$")
_CALLED = re.compile(rf" {CALLS}{TO}{LISTED}$")
_AGREED = re.compile(rf"{AGREED}{LISTED}$")
_ENDS = re.compile(
    r"(?: (?:por favor|porfa|please|pls|ya|ja|now|ahora|agora|rapido|y|e|and|,))* $|(?: ,)"
)
_SPOKEN_TO = re.compile(rf" (?:, )?{COME} ")
_ASKED_TO_COME = re.compile(rf"(?: ,)? {COME} ")
_COME_BEFORE = re.compile(rf"(?:^|,) (?:ayuda|help|socorro|auxilio|{COME})(?: ,)?$")
_NOT_LISTED = rf"(?: [\w%]+ (?:y|e|and|o|ou|ni|nem|or){TO}){{0,3}}"
_EXCLUDED = re.compile(rf" (?:{NOT_TO}{TO}|{BUT_FOR}(?: a| la| o| para)?){_NOT_LISTED}$")
_WITHOUT = re.compile(rf" {WITHOUT}(?: a| la| o)?{_NOT_LISTED}$")
_NOT_TOLD = re.compile(NOT_TOLD)
_NOT_HER = re.compile(r" (?:no|nao) (?:,|$)")
_NEEDED = re.compile(r" (?:no|nao|i cant) (?!,|$)")
"""`sin ana no puedo`."""
_ONLY_NAMES = (
    r"[#%]| (?:,|y|e|and|a|por favor|porfa|please|pls|ya|ja|now|ahora|rapido|urgente)(?= )"
)
