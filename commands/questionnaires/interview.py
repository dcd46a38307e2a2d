"""The questions in private, one at a time. Each answer is sealed before the next is asked.

Each question is a dialogue of its own, so that no answer stands in clear beside the next one.
Where somebody is stands with their answers, so they go on where they stopped, days later too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.api import (
    STOP_LINES,
    TEXT,
    Answer,
    Context,
    Line,
    Moment,
    Number,
    RoomId,
    UserError,
    UserId,
    _,
    is_in,
    may_speak,
    n_,
    verbatim,
)
from commands.questionnaires import answer_reader, store, texts
from commands.questionnaires.answer_reader import Unfit
from commands.questionnaires.declaration import PATIENCE, feature
from commands.questionnaires.form import Form, FormQuestion, QuestionKind
from commands.questionnaires.store import Respondent


async def begin(ctx: Context, form: Form, place: int | None = None) -> Answer:
    """Ask a person a questionnaire's question at `place` (from 0), or the next one that they have
    not answered. Return what to say, if anything.

    Raises `UserError` for whoever may not answer.
    """
    if form.is_over(ctx.said_at):
        raise UserError(texts.closed_line(form))
    mine = await store.get_respondent(ctx.db, form.item, ctx.who)
    if mine is not None and mine.finished and place is None:
        return await own_answers(ctx, form, mine)
    if mine is None:
        room = await room_of(ctx, form, ctx.who)
        if room is None:
            raise _not_asked()
        if not await may_speak(ctx, room, ctx.who):
            raise UserError(_("You can't write in that room for now, so you can't answer either."))
        mine = Respondent(ctx.who, room, 0, False, (None,) * len(form.questions))
    if place is not None:
        if not 0 <= place < len(form.questions):
            raise UserError(
                _(
                    "There is no question {n}: from 1 to {most}.",
                    n=place + 1,
                    most=len(form.questions),
                )
            )
        mine = replace(mine, place=place)
    await store.put_respondent(ctx.db, form.item, mine)
    if not await _ask(ctx, form.item, mine.place):
        await ctx.end_own_question(ctx.who)  # so that it is asked once more
    return None if ctx.is_private else _("I ask you in private.")


def _not_asked() -> UserError:
    return UserError(
        _("This questionnaire is for who is in its rooms, and you are in none of them.")
    )


async def room_of(ctx: Context, form: Form, person: UserId) -> RoomId | None:
    """Return the first room of the questionnaire in which this person is, or None."""
    for room in form.rooms:
        if await is_in(ctx, room, person):
            return room
    return None


async def _ask(ctx: Context, number: Number, place: int) -> bool:
    """Begin the dialogue of a question. Return False if it is begun already."""
    data = {"item": number, "place": place}
    return await ctx.begin_dialogue("questionnaire", ctx.who, data, patience=PATIENCE, first=True)


@feature.dialogue("questionnaire", beside=("language", "timezone", "questionnaire"), can_wait=True)
async def run_question(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask a questionnaire's question, store the answer encrypted, and begin the next question or
    finish. Return what to say, if anything."""
    form = await store.get_form(ctx.db, Number(int(data["item"])))
    if form is None:
        return None
    if form.is_over(ctx.said_at):
        return texts.closed_line(form)
    mine = await store.get_respondent(ctx.db, form.item, ctx.who)
    if mine is None:
        return None
    if await room_of(ctx, form, ctx.who) is None:
        await store.delete_respondent(ctx.db, form.item, ctx.who)
        return [*_not_asked().lines, _("I deleted your answers.")]
    place = mine.place
    if place != data["place"]:  # they went on in another way meanwhile
        return None
    asked, key = form.questions[place], f"answer {place}"
    said = ctx.ask(key, TEXT, *_question_lines(form, mine))
    if answer_reader.is_back(said) and place > 0:
        mine = replace(mine, place=place - 1)
        await store.put_respondent(ctx.db, form.item, mine)
        await _ask(ctx, form.item, mine.place)
        return None
    values = mine.values
    if not answer_reader.is_skip(said):
        found = answer_reader.read_answer(asked, said)
        if isinstance(found, Unfit):
            ctx.ask_again(key, TEXT, found.why, *_answer_help(asked))
        else:
            values = (*values[:place], found, *values[place + 1 :])
    return await _go_on(ctx, form, replace(mine, values=values))


async def _go_on(ctx: Context, form: Form, mine: Respondent) -> Answer:
    """Store the answer; ask the next question, or say that it was the last one."""
    after = mine.place + 1
    if not mine.finished and after < len(form.questions):
        await store.put_respondent(ctx.db, form.item, replace(mine, place=after))
        await _ask(ctx, form.item, after)
        return None  # the next question says that this one was read
    await store.put_respondent(ctx.db, form.item, replace(mine, place=0, finished=True))
    if mine.finished:
        return _("Noted.")
    return [
        _("Thank you, that was all."),
        texts.named_line() if form.named else texts.unnamed_line(),
        _(
            "Until {at} you can look at your answers and change them: `questionnaire {number}`",
            at=Moment(form.closes),
            number=form.item,
        ),
    ]


def _question_lines(form: Form, mine: Respondent) -> list[Line]:
    """Return the question, what is answered so far, and how to answer; the first with a head."""
    place, count = mine.place, len(form.questions)
    asked, value = form.questions[place], mine.values[place]
    lines: list[Line] = []
    if place == 0 and not any(one is not None for one in mine.values):
        lines.append(_("“{title}”", title=form.title))
        lines.append(texts.named_line() if form.named else texts.unnamed_line())
    lines.append(_("{n} of {count}: {question}", n=place + 1, count=count, question=asked.text))
    if value is not None:
        lines.append(
            _(
                "Your answer so far: {answer}. `skip` keeps it.",
                answer=answer_reader.value_line(asked, value),
            )
        )
    return [*lines, *_answer_help(asked), _how_line(place)]


def _how_line(place: int) -> Line:
    if place == 0:
        return _("To leave it out: `skip`. To stop, and go on another day: `cancel`")
    return _("To leave it out: `skip`. To go back: `back`. To stop: `cancel`")


def _answer_help(asked: FormQuestion) -> list[Line]:
    if asked.kind is QuestionKind.TEXT:
        return []
    if asked.kind is QuestionKind.YES_NO:
        return [_("Answer `yes` or `no`.")]
    if asked.kind is QuestionKind.NUMBER:
        if asked.low is None:
            return [_("Answer with a number.")]
        low, high = (answer_reader.number_text(one) for one in (asked.low, asked.high))
        return [_("Answer with a number from {low} to {high}.", low=low, high=high)]
    listed = [verbatim(f"{n}) {one}") for n, one in enumerate(asked.options, start=1)]
    if asked.kind is QuestionKind.CHOICE:
        return [*listed, _("Answer with the number.")]
    return [*listed, _("Answer with the numbers of all that fit, for example `1, 2`.")]


@feature.offers(STOP_LINES.of("questionnaire"))
async def stopped_lines(ctx: Context, data: Mapping[str, Any]) -> list[Line]:
    """Return the lines for a person who stops answering: the answers are kept until the close, and
    how to go on."""
    form = await store.get_form(ctx.db, Number(int(data["item"]))) if "item" in data else None
    if form is None:
        return []
    mine = await store.get_respondent(ctx.db, form.item, ctx.who)
    if mine is not None and mine.finished:
        return [_("I stopped. Your answers stay as they were.")]
    return [
        _("I stopped. It counts once you have been through all questions."),
        _(
            "To go on, until {at}: `questionnaire {number}`. To delete it: `questionnaire {number}"
            " withdraw`",
            at=Moment(form.closes),
            number=form.item,
        ),
    ]


async def own_answers(ctx: Context, form: Form, mine: Respondent) -> Answer:
    """Show a person their own answers to a questionnaire, in private. Return what to say, if
    anything."""
    if not ctx.is_private:
        return [
            _(
                "You have answered. To look at it, write to me in private:"
                " `questionnaire {number}`",
                number=form.item,
            )
        ]
    return [
        n_(
            "Your {count} answer to “{title}”:",
            "Your {count} answers to “{title}”:",
            sum(one is not None for one in mine.values),
            title=form.title,
        ),
        *(
            _(
                "{n}. {question} {answer}",
                n=n,
                question=asked.text,
                answer=answer_reader.value_line(asked, value),
            )
            for n, (asked, value) in enumerate(
                zip(form.questions, mine.values, strict=True), start=1
            )
        ),
        _(
            "To change one: `questionnaire {number} 1`. To take all back: `questionnaire {number}"
            " withdraw`",
            number=form.item,
        ),
    ]


async def withdraw(ctx: Context, form: Form) -> Answer:
    """Delete a person's answers to a questionnaire. Return what to say, if anything. Raises
    `UserError` once they are counted without names."""
    if form.closed is not None and not form.named:
        raise UserError(
            _(
                "It is closed, and I don't know any more which answers were yours: they stay"
                " counted."
            )
        )
    await ctx.end_own_question(ctx.who)
    if not await store.delete_respondent(ctx.db, form.item, ctx.who):
        raise UserError(_("Of you there is nothing in questionnaire {number}.", number=form.item))
    if form.closed is not None:
        return _("I deleted your answers. The counts, without names, stay.")
    return _("I deleted your answers.")
