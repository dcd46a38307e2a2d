"""`!questions` sets what a door asks; `answer` changes an answer given there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Line,
    ParsedArguments,
    RoomId,
    UserError,
    _,
    fold,
    n_,
    words,
)
from commands.doors import deciders, interview, store
from commands.doors.declaration import feature
from commands.doors.store import YES_NO, DoorQuestion
from commands.onboarding.declaration import NEWCOMERS

MOST = 10
"""Questions of a door."""
LONGEST = 300
"""Letters of a question, and of all its options together."""
MOST_OPTIONS = 10
ADD = words(
    "agregar",
    "adicionar",
    "add",
    "añadir, agrega, añade, poner, pon, adicione, adiciona, acrescentar, incluir, inclua, put",
)
REMOVE = words(
    "quitar",
    "remover",
    "remove",
    "sacar, quita, borrar, borra, tirar, tire, excluir, remova, delete",
)
_VERBS = {fold(word): verb for verb in (ADD, REMOVE) for word in verb}
_EITHER = ({"si", "no"}, {"sim", "nao"}, {"yes", "no"})
EXAMPLE = _("For example: `!questions add Where do you live?` or `!questions remove 2`")


feature.log_line(
    "questions",
    n_(
        "changed what is asked at the door: {count} question",
        "changed what is asked at the door: {count} questions",
        0,
    ),
)


@feature.command(
    words("preguntas", "perguntas", "questions"),
    help=_("what who knocks is asked"),
    example=EXAMPLE,
    topic=NEWCOMERS,
    where=CommandPlace.ROOM,
)
async def questions(ctx: Context, parts: ParsedArguments) -> Answer:
    """List the door's questions; `add` one, perhaps with options, or `remove` one by number. Return
    the answer.

    Raises `UserError` without the right, and if the question or number does not fit.
    """
    room = ctx.target_room.room
    asked = await store.get_questions(ctx.db, room)
    first, _space, rest = parts.free.partition(" ")
    verb = _VERBS.get(fold(first))
    if verb is None and (typed := parts.free.strip() or " ".join(parts.quoted)):
        raise UserError(_("I didn't understand “{typed}”.", typed=typed[:40]), EXAMPLE)
    if verb is None:
        return await _listed(ctx, asked)
    await ctx.require_moderator(room)
    after = (
        _added(asked, parts.after_prefix_of(len(first))) if verb is ADD else _removed(asked, rest)
    )
    await store.set_questions(ctx.db, room, after)
    before = json.dumps([[one.text, one.options] for one in asked])
    await ctx.log(
        "questions", {"count": len(after)}, room=room, undo={"room": room, "questions": before}
    )
    return [*await _listed(ctx, after), _("It stands in `!log`. To go back: `!undo`")]


async def _listed(ctx: Context, asked: list[DoorQuestion]) -> list[Line]:
    head = (
        n_(
            "Who knocks here is asked {count} question:",
            "Who knocks here is asked {count} questions:",
            len(asked) or 1,
        )
        if deciders.is_door(ctx, ctx.target)
        else _(
            "Nobody can knock here: the room's settings don't let people ask to join, or I may"
            " not invite. These would be asked:"
        )
    )
    lines = [
        _("{n}) {question}", n=n, question=_with_options(one))
        for n, one in enumerate(asked or [DoorQuestion("")], start=1)
    ]
    return [head, *lines, EXAMPLE]


def _with_options(one: DoorQuestion) -> Line:
    said = interview.question_text(one)
    if one.options == YES_NO:
        return _("{question} (yes or no)", question=said)
    if one.options:
        return _("{question} ({options})", question=said, options=one.options)
    return said


def _added(asked: list[DoorQuestion], parts: ParsedArguments) -> list[DoorQuestion]:
    if len(asked) >= MOST:
        raise UserError(_("A door asks {most} questions at most.", most=MOST))
    text, options = parts.question_and_options()
    text = " ".join(text.split())
    if not re.search(r"\w", text):
        raise UserError(_("Missing: the question."), EXAMPLE)
    if len(text) > LONGEST or len(options) > MOST_OPTIONS or len(" ".join(options)) > LONGEST:
        raise UserError(
            _(
                "A question has up to {most} letters and {options} options.",
                most=LONGEST,
                options=MOST_OPTIONS,
            )
        )
    if len(options) == 1:
        text, options = f"{text} {options[0]}", ()
    if {fold(one) for one in options} in _EITHER:
        options = YES_NO
    return [*asked, DoorQuestion(text, tuple(options))]


def _removed(asked: list[DoorQuestion], typed: str) -> list[DoorQuestion]:
    match = re.fullmatch(r"\s*#?(\d{1,3})\W*", typed)
    if match is None or not 1 <= int(match[1]) <= len(asked):
        raise UserError(_("Which one? `!questions` shows their numbers."), EXAMPLE)
    return [one for n, one in enumerate(asked, start=1) if n != int(match[1])]


@feature.undo("questions")
async def undo_questions(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Set a door's questions as they were before a change, for `!undo`. Return what to say, if
    anything."""
    before = [DoorQuestion(text, tuple(options)) for text, options in json.loads(kept["questions"])]
    await store.set_questions(ctx.db, RoomId(kept["room"]), before)
    return None


@feature.command(
    words("respuesta", "resposta", "answer"),
    help=_("change an answer that you gave at the door"),
    example=_("For example: `answer 1`"),
    topic=NEWCOMERS,
    where=CommandPlace.PRIVATE,
)
async def correct(ctx: Context, number: int = 1) -> Answer:
    """Ask the newcomer an interview question once more and replace its answer, until there is a
    decision. Return the answer.

    Raises `UserError` if there is no such answer.
    """
    own = await store.open_requests_of(ctx.db, ctx.who)
    request = own[-1] if own else None
    given = await store.count_answers(ctx.db, request.item) if request else 0
    if request is None or not 1 <= number <= given:
        raise UserError(_("There is no answer {number} of yours to change.", number=number))
    asked = request.questions[number - 1]
    said = ctx.ask("again", interview.expected_answer(asked), *interview.question_lines(asked))
    if len(said) > interview.LONGEST:
        said = ctx.ask_again(
            "again",
            interview.expected_answer(asked),
            _("That is long: up to {most} letters, please.", most=interview.LONGEST),
        )
    await store.put_answer(
        ctx.db, request.item, number - 1, interview.answer_text(asked, " ".join(said.split()))
    )
    return _("Noted.")
