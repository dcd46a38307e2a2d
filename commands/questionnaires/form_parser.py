"""Reads a questionnaire as a moderator writes it: a title, then a line for each question. Pure.

What a question takes stands in brackets behind it: `(number)`, `(1 to 5)`, `(yes or no)`,
`(tuesday, thursday)`, `(several: water, land)`. Without brackets it takes words.
"""

from __future__ import annotations

import re

from bot.api import UserError, _, fold, one_line, split_list, strip_hidden, words
from commands.questionnaires.declaration import (
    EXAMPLE,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    MOST_QUESTIONS,
)
from commands.questionnaires.form import FormQuestion, QuestionKind

TEXT_WORDS = words(
    "texto",
    "texto",
    "text",
    "abierta, libre, texto libre, palabras | aberta, livre, texto livre, palavras"
    " | open, free, free text, words",
)
NUMBER_WORDS = words(
    "número",
    "número",
    "number",
    "num, cifra, cantidad, cuántas, cuántos | quantidade, quantas, quantos"
    " | how many, amount, digits",
)
SEVERAL_WORDS = words(
    "varias",
    "várias",
    "several",
    "varios, múltiple, marcar varias | vários, múltipla, marcar várias"
    " | multiple, any of, choose any",
)
CHOICE_WORDS = words(
    "una",
    "uma",
    "one",
    "opciones, elegir, elegir una, una de, uno de | opções, escolher, escolher uma, uma de, um de"
    " | options, choose, choose one, one of",
)
_MARK = r"(?:\d{1,2}\s*[.)\-]|[-*•–])"
_MARKED = re.compile(rf"^\s*{_MARK}\s*(?=\S)")
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_BRACKETS = re.compile(r"(?:(?<!\s)\s+)?[(\[]([^()\[\]]{1,400})[)\]]\s*(?:[.?]\s*)?$")
_RANGE = re.compile(
    r"(?:(?:del?|do|from|entre|between|numero|number)\s+)*(-?\d{1,6})\s*"
    r"(?:a|al|ao|ate|hasta|to|y|e|and|-|–|\.\.)\s*(-?\d{1,6})"
)
_YES_NO = re.compile(r"(?:si|sim|yes)\s*(?:[,/|]|o|ou|or|y|e|and)\s*(?:no|nao)")


def split_message(text: str) -> tuple[str, list[str]]:
    """Return a questionnaire's head (title and settings) and the lines of its questions, without
    their marks.

    Where some lines are numbered, those that are not belong to the head, and to the question above
    them if they are indented. A message of one line is cut where `1.` and `2.` stand in it.
    """
    lines = [one.rstrip() for one in text.split("\n") if one.strip()]
    if len(lines) == 1:
        lines = _cut_inline(lines[0])
    head, rest = (lines[0] if lines else ""), lines[1:]
    if not any(_MARKED.match(one) for one in rest):
        return head, [one.strip() for one in rest]
    asked: list[str] = []
    for one in rest:
        if (mark := _MARKED.match(one)) is not None:
            asked.append(one[mark.end() :].strip())
        elif one[:1].isspace() and asked:
            asked[-1] += f" {one.strip()}"
        else:
            head += f" {one.strip()}"
    return head, asked


def _cut_inline(line: str) -> list[str]:
    """Cut `Review 1. How? 2. Who?` into its head and questions, where it counts from 1.

    What stands in brackets counts nothing: `(1 to 5) 2. Who?`.
    """
    bare = _IN_BRACKETS.sub(lambda found: "_" * len(found[0]), line)
    starts: list[int] = []
    while (mark := re.search(rf"(?:^|\s){len(starts) + 1}[.)]\s+(?=\S)", bare)) is not None:
        starts.append(mark.start())
        bare = "_" * mark.end() + bare[mark.end() :]
    if len(starts) < 2:
        return [line]
    ends = [*starts[1:], len(line)]
    cut = [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return [line[: starts[0]].strip(), *cut]


def parse_questions(lines: list[str]) -> tuple[FormQuestion, ...]:
    """Return a questionnaire's questions. Raises `UserError` for none, too many, and one that does
    not fit."""
    if not lines:
        raise UserError(_("Missing: the questions, one a line."), EXAMPLE)
    if len(lines) > MOST_QUESTIONS:
        raise UserError(_("Up to {most} questions, please.", most=MOST_QUESTIONS))
    return tuple(parse_question(one, n) for n, one in enumerate(lines, start=1))


def parse_question(line: str, n: int) -> FormQuestion:
    """Return the question of a line. `n` is its number, for the refusal. Raises `UserError` for no
    words or too many, too many or double options, and numbers in the wrong order."""
    line = one_line(strip_hidden(line))
    if len(line) > LONGEST_QUESTION:
        raise UserError(
            _("Question {n} is too long: {most} letters at most.", n=n, most=LONGEST_QUESTION)
        )
    brackets = _BRACKETS.search(line)
    found = _of_brackets(line[: brackets.start()], brackets[1], n) if brackets else None
    found = found or FormQuestion(line)
    if not re.search(r"\w", found.text):
        raise UserError(_("Question {n} has no words.", n=n), EXAMPLE)
    return found


def _of_brackets(text: str, inside: str, n: int) -> FormQuestion | None:
    """Return the question whose brackets say what it takes, or None if they are a remark."""
    said = fold(inside.strip(" .:"))
    if _is(said, *TEXT_WORDS):
        return FormQuestion(text)
    if _is(said, *NUMBER_WORDS):
        return FormQuestion(text, QuestionKind.NUMBER)
    if _YES_NO.fullmatch(said):
        return FormQuestion(text, QuestionKind.YES_NO)
    if (span := _RANGE.fullmatch(said)) is not None:
        low, high = int(span[1]), int(span[2])
        if low >= high:
            raise UserError(
                _("In question {n} the first number must be the smaller one: `(1 to 5)`", n=n)
            )
        return FormQuestion(text, QuestionKind.NUMBER, low=low, high=high)
    kind, listed = _options_kind(inside)
    options = tuple(one.strip() for one in listed if one.strip())
    if len(options) < 2:  # no list: it is a remark and belongs to the question
        return None
    if len(options) > MOST_OPTIONS or len({fold(one) for one in options}) < len(options):
        raise UserError(
            _("Question {n} takes up to {most} options, none twice.", n=n, most=MOST_OPTIONS)
        )
    return FormQuestion(text, kind, options)


def _options_kind(inside: str) -> tuple[QuestionKind, tuple[str, ...]]:
    """Return what a list in brackets takes, and its options."""
    before, colon, behind = inside.partition(":")
    said = fold(before.strip())
    if colon and _is(said, *SEVERAL_WORDS):
        return QuestionKind.SEVERAL, _listed(behind)
    if colon and _is(said, *CHOICE_WORDS):
        return QuestionKind.CHOICE, _listed(behind)
    return QuestionKind.CHOICE, _listed(inside)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if "|" in text else split_list(text)


def _is(said: str, *known: str) -> bool:
    return said in {fold(one) for one in known}
