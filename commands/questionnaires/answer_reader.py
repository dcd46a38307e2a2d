"""Reads what somebody types as an answer to one question. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import NO, YES, Line, _, fold, fold_answer, strip_hidden, verbatim
from commands.questionnaires.declaration import BACK_WORDS, LONGEST_ANSWER, SKIP_WORDS
from commands.questionnaires.form import FormQuestion, QuestionKind, Value

NONE_WORDS = frozenset(
    (
        "cero",
        "zero",
        "ninguno",
        "ninguna",
        "nadie",
        "nenhum",
        "nenhuma",
        "ninguem",
        "none",
        "nobody",
    )
)
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,3})?")
_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?(?:[,;/+&\n]|(?<!\S)(?:y|e|and)(?!\S))\s*")


@dataclass(frozen=True, slots=True)
class Unfit:
    """What somebody typed is no answer to this question; `why` says what would be."""

    why: Line


def is_skip(said: str) -> bool:
    """Return whether the line asks to leave a question unanswered."""
    return fold_answer(said) in {fold(one) for one in SKIP_WORDS}


def is_back(said: str) -> bool:
    """Return whether the line asks to go back to the question before."""
    return fold_answer(said) in {fold(one) for one in BACK_WORDS}


def read_answer(asked: FormQuestion, said: str) -> Value | Unfit:
    """Return the value that a line answers a question with, or why it does not fit. It never
    returns None."""
    said = strip_hidden(said).strip()
    if asked.kind is QuestionKind.TEXT:
        return _read_text(said)
    if asked.kind is QuestionKind.NUMBER:
        return _read_number(asked, said)
    if asked.kind is QuestionKind.YES_NO:
        return _read_yes_no(said)
    if asked.kind is QuestionKind.CHOICE:
        return _read_choice(asked, said)
    return _read_several(asked, said)


def _read_text(said: str) -> Value | Unfit:
    if len(said) > LONGEST_ANSWER:
        return Unfit(_("That is long: up to {most} letters, please.", most=LONGEST_ANSWER))
    if not said:
        return Unfit(_("I can read words and numbers here, and no pictures."))
    return said


def _read_number(asked: FormQuestion, said: str) -> Value | Unfit:
    if fold_answer(said) in NONE_WORDS:
        found = 0.0
    else:
        every = _NUMBER.findall(said)
        if len(every) != 1 or not re.fullmatch(r"\D*-?[\d.,]+\D*", said):
            return Unfit(_("A number, please, for example `12`."))
        if re.search(r"[.,]\d{3}$", every[0]):  # a thousand in Spanish, a fraction in English
            return Unfit(_("I read that in two ways. Please write the number without a sign."))
        found = float(every[0].replace(",", "."))
    low, high = asked.low, asked.high
    if (low is not None and found < low) or (high is not None and found > high):
        return Unfit(
            _(
                "A number from {low} to {high}, please.",
                low=number_text(low),
                high=number_text(high),
            )
        )
    if asked.scale and found != int(found):
        return Unfit(_("A whole number, please."))
    return found


def _read_yes_no(said: str) -> Value | Unfit:
    word = fold_answer(said)
    if word in YES or word == "1":
        return (0,)
    if word in NO or word == "2":
        return (1,)
    return Unfit(_("`yes` or `no`, please."))


def _read_choice(asked: FormQuestion, said: str) -> Value | Unfit:
    place = _place(asked, said)
    if place is None:
        return Unfit(
            _("One of them, please: its number, from 1 to {most}.", most=len(asked.options))
        )
    return (place,)


def _read_several(asked: FormQuestion, said: str) -> Value | Unfit:
    whole = _place(asked, said)
    if whole is not None:
        return (whole,)
    parts = [one for one in _SEPARATOR.split(said) if one]
    if re.fullmatch(r"[\d\s]+", said):
        parts = said.split()
    places = [_place(asked, one) for one in parts]
    found = {one for one in places if one is not None}
    if not places or len(found) < len({fold(one) for one in parts}):
        return Unfit(
            _(
                "I didn't find them all. Please write their numbers, for example `1, 2`; from 1 to"
                " {most}.",
                most=len(asked.options),
            )
        )
    return tuple(sorted(found))


def _place(asked: FormQuestion, said: str) -> int | None:
    """Return the place (from 0) of the only option that is numbered or named, or None."""
    word = fold_answer(said)
    number = re.fullmatch(r"(\d{1,2})[.)]?", word)
    names = [fold(one) for one in asked.options]
    if word in names:  # `2` may be an option itself
        return names.index(word)
    if number and 1 <= int(number[1]) <= len(names):
        return int(number[1]) - 1
    fits = [n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    return fits[0] if len(fits) == 1 else None


def number_text(number: float | None) -> str:
    """Return a number as text the way people write it: `4`, `4.5`."""
    if number is None:
        return "…"
    return str(int(number)) if number == int(number) else str(round(number, 2))


def value_line(asked: FormQuestion, value: Value) -> Line:
    """Return an answer to a questionnaire in words, for whoever gave it and for files."""
    if value is None:
        return _("no answer")
    if isinstance(value, str):
        return verbatim(value)
    if isinstance(value, tuple):
        if asked.kind is QuestionKind.YES_NO:
            return _("yes") if value == (0,) else _("no")
        return Line("{chosen}", {"chosen": tuple(asked.options[n] for n in value)})
    return verbatim(number_text(value))
