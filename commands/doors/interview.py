"""The interview of a newcomer in private, one question at a time; each answer is sealed.

Each question is a dialogue of its own, so that no answer ever stands in clear beside the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.api import (
    LANGUAGE_CHOSEN,
    STOP_LINES,
    TEXT,
    YES_NO,
    Answer,
    Context,
    Effect,
    ExpectedAnswer,
    Line,
    Number,
    Person,
    Say,
    UserId,
    _,
    choice_of,
    n_,
    rooms,
    verbatim,
)
from commands.doors import ballot, store, vouches, waiting_list, waiting_list_message
from commands.doors.declaration import feature
from commands.doors.store import DoorQuestion, Request, RequestStep
from commands.expected_lists import recognition

PATIENCE = timedelta(days=30)
"""How long the interview waits for an answer."""
LONGEST = 1000
"""Letters of an answer."""
YES_NO_WORDS = {"yes": _("yes"), "no": _("no")}
REREAD_SLOT = "answers again "
"""Prefix of the slots of messages that show answers anew; they are redacted with the decision."""


async def ask_next_question(ctx: Context, number: Number, person: UserId) -> bool:
    """Ask the newcomer the first unanswered question. Return False if it is being asked already."""
    place = await store.count_answers(ctx.db, number)
    data = {"request": number, "place": place}
    return await ctx.begin_dialogue("question", person, data, patience=PATIENCE)


@feature.dialogue("question", beside=("language", "timezone", "requests", "answer"))
async def run_question(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the next interview question and store the answer, in one dialogue. Then begin the next
    question, or hand the request to those who decide. Return what to say, if anything."""
    request = await store.get_request(ctx.db, Number(int(data["request"])))
    if request is None or request.step is not RequestStep.ASKING or request.person != ctx.who:
        return None
    place = await store.count_answers(ctx.db, request.item)
    asked = request.questions[place]
    key, lines = f"answer {place}", await pending_question_lines(ctx, request, place)
    answer = ctx.ask(key, expected_answer(asked), *lines)
    if len(answer) > LONGEST:
        answer = ctx.ask_again(
            key,
            expected_answer(asked),
            _("That is long: up to {most} letters, please.", most=LONGEST),
        )
    await store.put_answer(
        ctx.db, request.item, place, answer_text(asked, " ".join(answer.split()))
    )
    await waiting_list.show_step(ctx, request.item)
    if place + 1 < len(request.questions):
        await ask_next_question(ctx, request.item, ctx.who)
        return None  # the next question says that this one was read
    return await _finish(ctx, request)


async def _finish(ctx: Context, request: Request) -> Answer:
    await store.set_step(ctx.db, request.item, RequestStep.DECIDING, ctx.now)
    request = replace(request, step=RequestStep.DECIDING)
    await ballot.start_decision(ctx, request)
    await waiting_list.show_step(ctx, request.item)
    return [
        _("Thank you, that was all. Somebody decides now, and I write to you."),
        _("To change an answer: `answer` and its number, for example `answer 1`."),
        *await _follow_up_answered(ctx, request),
    ]


async def _follow_up_answered(ctx: Context, request: Request) -> list[Effect]:
    """Return the message to the moderators that a question of theirs is answered, if it was one.

    The list of who waits is only edited then, which nobody is notified of.
    """
    place = await ctx.moderators_room()
    if place is None or not request.questions[-1].follow_up:
        return []
    said = (
        _("Request {number}: your question is answered.", number=request.item),
        _("To read the answers, write to me in private: `requests {number}`", number=request.item),
    )
    return [Say(said, room=place, item=request.item)]


def expected_answer(asked: DoorQuestion) -> ExpectedAnswer:
    """Return the kind of answer that an interview question takes: yes or no, one of its options, or
    words."""
    if asked.options == store.YES_NO:
        return YES_NO
    return choice_of(len(asked.options), names=asked.options) if asked.options else TEXT


def answer_text(asked: DoorQuestion, answer: str) -> str:
    """Return an interview answer as text: the option itself instead of its number."""
    if not asked.options or asked.options == store.YES_NO:
        return answer
    return asked.options[int(answer) - 1]


def question_text(asked: DoorQuestion) -> Line:
    """Return the text of an interview question. The default question is in the reader's
    language."""
    if asked.text:
        return verbatim(asked.text)
    return _("How did you hear of us, and what would you like to do here?")


async def pending_question_lines(ctx: Context, request: Request, place: int) -> list[Line]:
    """Return the interview question at this place and how to answer it; the first with a
    greeting."""
    count, asked = len(request.questions), request.questions[place]
    lines = await _greeting_lines(ctx, request) if place == 0 else []
    if asked.follow_up:
        lines.append(_("Who decides would like to know one more thing:"))
    lines.append(
        _("{n} of {count}: {question}", n=place + 1, count=count, question=question_text(asked))
    )
    return [*lines, *_answer_help(asked)]


async def _greeting_lines(ctx: Context, request: Request) -> list[Line]:
    """Return the greeting: where they are, and who will read what they answer."""
    room, count = await rooms.get(ctx.db, request.room), len(request.questions)
    return [
        _(
            "Hello. This is the door of {network}, “{room}”.",
            network=ctx.defaults.network,
            room=(room.name if room else "") or request.room,
        ),
        n_(
            "There is {count} question. Only who decides reads the answer; then I delete it.",
            "There are {count} questions. Only who decides reads the answers; then I delete them.",
            count,
        )
        if await ballot.deciding_room(ctx, request) is None
        else n_(
            "There is {count} question. Only the moderators read the answer; then I delete it.",
            "There are {count} questions. Only the moderators read the answers; then I delete"
            " them.",
            count,
        ),
        verbatim("Español: `idioma es` · Português: `idioma pt` · English: `language en`"),
    ]


@feature.offers(STOP_LINES.of("question"))
async def stopped_lines(_ctx: Context, _data: Mapping[str, Any]) -> list[Line]:
    """Return the lines for a newcomer who stops the interview: answers are kept, and how to go
    on."""
    return [
        _("I stopped."),
        n_(
            "I keep what you answered for {count} day. To go on: `requests`",
            "I keep what you answered for {count} days. To go on: `requests`",
            PATIENCE.days,
        ),
    ]


def question_lines(asked: DoorQuestion) -> list[Line]:
    """Return the lines that ask an interview question once more, to change its answer."""
    return [question_text(asked), *_answer_help(asked)]


def _answer_help(asked: DoorQuestion) -> list[Line]:
    if asked.options == store.YES_NO:
        return [_("Answer `yes` or `no`. To stop: `cancel`")]
    if not asked.options:
        return [_("To stop: `cancel`. To go on later: `requests`")]
    listed = [verbatim(f"{n}) {one}") for n, one in enumerate(asked.options, start=1)]
    return [*listed, _("Answer with the number. To stop: `cancel`")]


@feature.offers(LANGUAGE_CHOSEN)
async def pending_question_in_language(ctx: Context) -> list[Line]:
    """Return the interview question that waits for the newcomer, in their language.

    Returns nothing outside of their private room, or if no question waits.
    """
    for request in await store.open_requests_of(ctx.db, ctx.who):
        if request.step is RequestStep.ASKING and ctx.is_private:
            return await pending_question_lines(
                ctx, request, await store.count_answers(ctx.db, request.item)
            )
    return []


async def request_lines(ctx: Context, request: Request, *, answers: bool) -> list[Line]:
    """Return a request as lines for those who decide."""
    room = await rooms.get(ctx.db, request.room)
    head = _(
        "Request {number}: {person} knocks at “{room}”.",
        number=request.item,
        person=Person(request.person, full=True),
        room=(room.name if room else "") or request.room,
    )
    lines = [head]
    if answers:
        given = await store.get_answers(ctx.db, request.item)
        lines += [
            _(
                "{question} “{answer}”",
                question=question_text(one),
                answer=_answer_shown(one, answer),
            )
            for one, answer in zip(request.questions, given, strict=False)
        ]
    else:
        lines.append(
            _(
                "To read the answers, write to me in private: `requests {number}`",
                number=request.item,
            )
        )
    lines += await recognition.list_notes(ctx, request.person)
    lines += await vouches.vouch_lines(ctx, request)
    room_votes = await ballot.deciding_room(ctx, request)
    if room_votes is not None:
        return [*lines, await ballot.ballot_line(ctx, request, room_votes)]
    return [*lines, *waiting_list_message.decision_help(request)]


def _answer_shown(asked: DoorQuestion, answer: str) -> object:
    """Return an answer as it was typed, but a yes or a no in the reader's language."""
    return YES_NO_WORDS.get(answer, answer) if asked.options == store.YES_NO else answer
