"""The questions that set a room up. Whoever answers with something else hears why, and it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import NoReturn, TypeVar

from bot.api import (
    TEXT,
    YES_NO,
    Context,
    Line,
    Person,
    UnfitValue,
    UserId,
    _,
    fold,
    nearby_people,
    number_of_choice,
    words,
)
from commands.rooms.set_up_people import find_names

KEEP_WORDS = words(
    "igual",
    "igual",
    "same",
    "saltar, salta, sí, así, ok, dejar, siguiente | pular, pula, sim, assim, deixar |"
    " skip, yes, keep, next",
)
LATER_WORDS = words(
    "después",
    "depois",
    "later",
    "luego, más tarde, mañana, ahora no | mais tarde, amanhã, agora não | tomorrow, not now",
)
UNSURE = frozenset(
    {"no se", "ni idea", "no lo se", "nao sei", "sei la", "nem ideia", "i don't know", "no idea"}
)
PATIENCE = timedelta(days=7)
HOW = _("To leave it so: `skip`. Another day: `later`. To stop: `cancel`")
Read = TypeVar("Read")


class Postponed(Exception):
    """Whoever is asked wants to go on another day; `key` is the question that is left open."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class SetUpQuestion:
    """One of the questions: its place among `count`, and how it can be answered."""

    key: str
    number: int
    count: int
    text: Line
    hints: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the question as it is asked."""
        head = _("{n} of {count}: {question}", n=self.number, count=self.count, question=self.text)
        return (head, *self.hints, HOW)


def ask(ctx: Context, question: SetUpQuestion) -> str | None:
    """Return the answer to a set-up question, or None if all is to stay as it is. Raises
    `Postponed`."""
    said = ctx.ask(question.key, TEXT, *question.lines, patience=PATIENCE)
    bare = _bare(said)
    if bare in {_bare(word) for word in LATER_WORDS}:
        raise Postponed(question.key)
    if bare in {_bare(word) for word in KEEP_WORDS}:
        return None
    if bare in UNSURE or not bare:
        _ask_again(ctx, question, _("That is all right: `skip` leaves it as it is now."))
    if not re.search(r"\w", said):
        _ask_again(ctx, question, _("I can read words and numbers here, and no pictures."))
    return said.strip()


def _bare(said: str) -> str:
    return " ".join(fold(said.strip(" .,;:!¡?¿)(")).split())


def _ask_again(ctx: Context, question: SetUpQuestion, *why: Line) -> NoReturn:
    ctx.ask_again(question.key, TEXT, *why, *question.lines, patience=PATIENCE)
    raise AssertionError  # `ask_again` never returns


def _not_understood(ctx: Context, question: SetUpQuestion, said: str, *more: Line) -> NoReturn:
    _ask_again(ctx, question, _("I didn't understand “{typed}”.", typed=said[:40]), *more)


def ask_value(ctx: Context, question: SetUpQuestion, read: Callable[[str], str]) -> str | None:
    """Return the value that `read` finds in the answer or in one word of it; None to leave it as it
    is."""
    said = ask(ctx, question)
    if said is None:
        return None
    try:
        return read(said)
    except UnfitValue as unfit:
        found = {value for part in _parts(said) if (value := _try(read, part)) is not None}
        if len(found) == 1:
            return found.pop()
        expected = _("What fits: {expected}", expected=unfit.expected)
    _not_understood(ctx, question, said, expected)


def _parts(said: str) -> list[str]:
    """Return the pairs of words and the words of a sentence, but short ones such as `en`."""
    every = re.findall(r"[^\W\d_]+", said)
    pairs = [f"{one} {other}" for one, other in pairwise(every)]
    return [*pairs, *(one for one in every if len(one) > 2)]


def _try(read: Callable[[str], Read], said: str) -> Read | None:
    try:
        return read(said)
    except UnfitValue:
        return None


def ask_option(ctx: Context, question: SetUpQuestion, names: Sequence[Sequence[str]]) -> int | None:
    """Return the place (from 0) of the option that the answer names; None to leave it as it is."""
    said = ask(ctx, question)
    if said is None:
        return None
    place = _place(said, names)
    if place is None:
        _not_understood(ctx, question, said)
    return place


def _place(said: str, names: Sequence[Iterable[str]]) -> int | None:
    """Return the place of the only option that is numbered or named in the answer, or None."""
    number = number_of_choice(said, len(names))
    if number is not None:
        return number - 1
    text = _plain(said)
    fits = [
        place
        for place, own in enumerate(names)
        if any(re.search(rf"\b{re.escape(_plain(one))}\b", text) for one in own)
    ]
    return fits[0] if len(fits) == 1 else None


def _plain(said: str) -> str:
    return fold(said).replace("-", " ")


async def ask_people(
    ctx: Context,
    question: SetUpQuestion,
    options: Sequence[tuple[Iterable[str], Sequence[UserId] | None]],
) -> tuple[UserId, ...]:
    """Return the people of the room whom the answer names, or those of the option that it chooses.

    An option has the words that choose it, and its people; without people (None) it asks for their
    names. Nobody: as it is. Names are shown, and asked for again after a no.
    """
    said = ask(ctx, question)
    if said is None:
        return ()
    if (place := _place(said, [named for named, _people in options])) is not None:
        chosen = options[place][1]
        if chosen is None:
            _ask_again(ctx, question, _("Then write who, for example “Ana and Bea”."))
        return tuple(chosen)
    people = await _people_named(ctx, question, said)
    if people == (ctx.who,):
        return people
    shown = tuple(Person(one, full=True) for one in people)
    sure = _("{people}. Is that right? `yes` or `no`", people=shown)
    if ctx.ask(f"{question.key} sure", YES_NO, sure, patience=PATIENCE) != "yes":
        ctx.answers.pop(f"{question.key} sure")
        _ask_again(ctx, question)
    return people


async def _people_named(ctx: Context, question: SetUpQuestion, said: str) -> tuple[UserId, ...]:
    found = find_names(said, await nearby_people(ctx), ctx.who)
    if found.unclear:
        who = tuple(Person(one, full=True) for one in found.several)
        unclear = _(
            "Who is meant by “{name}”? Please write the whole address: {people}",
            name=found.unclear,
            people=who,
        )
        _ask_again(ctx, question, unclear)
    if found.strangers or not found.people:
        _not_understood(ctx, question, said, _("Whom I know there are those who are in the room."))
    return found.people
