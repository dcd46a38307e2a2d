"""The interview of a newcomer in private, one question at a time; each answer is sealed.

Each question is a dialogue of its own, so that no answer ever stands in clear beside the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.api import (
    TEXT,
    YES_NO,
    Answer,
    Context,
    Edit,
    Effect,
    Job,
    Line,
    Number,
    Person,
    Ref,
    RoomId,
    Say,
    UserId,
    Wants,
    _,
    choice,
    n_,
    rooms,
    settings,
    verbatim,
)
from commands.onboarding.declaration import feature
from commands.onboarding.doors import ballot, deciders, store, vouches
from commands.onboarding.doors.store import Asked, Request, Step
from commands.onboarding.expected_lists import recognition

PATIENCE = timedelta(days=30)
"""How long the interview waits for an answer."""
LONGEST = 1000
"""Letters of an answer."""
HOUR, TOGETHER = timedelta(hours=1), timedelta(minutes=10)
SAID = {"yes": _("yes"), "no": _("no")}
AGAIN = "answers again "
"""Prefix of the slots of messages that show answers anew; they are redacted with the decision."""
ALOUD = 10
"""Requests announced one by one in an hour. Beyond that, one message says how many wait."""


async def begin(ctx: Context, number: Number, person: UserId) -> bool:
    """Ask the first unanswered question. Return False if it is being asked already."""
    place = await store.answered(ctx.db, number)
    data = {"request": number, "place": place}
    return await ctx.begin("question", person, data, patience=PATIENCE)


@feature.dialogue("question", beside=("language", "timezone", "requests", "answer"))
async def question(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the next question, store its answer, and go on with the next one or the decision."""
    request = await store.get(ctx.db, Number(int(data["request"])))
    if request is None or request.step is not Step.ASKING or request.person != ctx.who:
        return None
    place = await store.answered(ctx.db, request.item)
    asked = request.questions[place]
    key, lines = f"answer {place}", await waiting_question(ctx, request, place)
    answer = ctx.ask(key, wants(asked), *lines)
    if len(answer) > LONGEST:
        answer = ctx.ask_anew(
            key,
            wants(asked),
            _("That is long: up to {most} letters, please.", most=LONGEST),
        )
    await store.keep(ctx.db, request.item, place, answer_in_words(asked, " ".join(answer.split())))
    if place + 1 < len(request.questions):
        await begin(ctx, request.item, ctx.who)
        return [_("Noted.")]
    return await _done(ctx, request)


async def _done(ctx: Context, request: Request) -> Answer:
    await store.goes_to(ctx.db, request.item, Step.DECIDING, ctx.read)
    request = replace(request, step=Step.DECIDING)
    await ballot.decide(ctx, request)
    return [
        _("Thank you, that was all. Somebody decides now, and I write to you."),
        _("To change an answer: `answer` and its number, for example `answer 1`."),
        *await announced(ctx, request),
    ]


def wants(asked: Asked) -> Wants:
    """Return what kind of answer the question takes: yes or no, one of its options, or words."""
    if asked.options == store.YES_NO:
        return YES_NO
    return choice(len(asked.options), names=asked.options) if asked.options else TEXT


def answer_in_words(asked: Asked, answer: str) -> str:
    """Return the answer as text: the option itself instead of its number."""
    if not asked.options or asked.options == store.YES_NO:
        return answer
    return asked.options[int(answer) - 1]


def in_words(asked: Asked) -> Line:
    """Return the question's text. The default question is in the reader's language."""
    if asked.text:
        return verbatim(asked.text)
    return _("How did you hear of us, and what would you like to do here?")


async def waiting_question(ctx: Context, request: Request, place: int) -> list[Line]:
    """Return the question at this place and how to answer it; the first with a greeting."""
    count, asked = len(request.questions), request.questions[place]
    lines = await _hello(ctx, request) if place == 0 else []
    lines.append(_("{n} of {count}: {question}", n=place + 1, count=count,
                   question=in_words(asked)))  # fmt: skip
    return [*lines, *_how(asked)]


async def _hello(ctx: Context, request: Request) -> list[Line]:
    """Return the greeting: where they are, and who will read what they answer."""
    room, count = await rooms.get(ctx.db, request.room), len(request.questions)
    return [
        _("Hello. This is the door of {network}, “{room}”.", network=ctx.defaults.network,
          room=(room.name if room else "") or request.room),
        n_("There is {count} question. Only who decides reads the answer; then I delete it.",
           "There are {count} questions. Only who decides reads the answers; then I delete"
           " them.", count)
        if await ballot.rules(ctx, request) is None
        else n_("There is {count} question. Only the moderators read the answer; then I delete it.",
                "There are {count} questions. Only the moderators read the answers; then I delete"
                " them.", count),
        verbatim("Español: `idioma es` · Português: `idioma pt` · English: `language en`"),
    ]  # fmt: skip


@feature.service("stopped:question")
async def stopped(_ctx: Context) -> list[Line]:
    """Return what a newcomer who stops the interview is told: it is kept, and how to go on."""
    return [
        _("I stopped."),
        n_("I keep what you answered for {count} day. To go on: `requests`",
           "I keep what you answered for {count} days. To go on: `requests`", PATIENCE.days)
    ]  # fmt: skip


def choices(asked: Asked) -> list[Line]:
    """Return the question once more, to change its answer."""
    return [in_words(asked), *_how(asked)]


def _how(asked: Asked) -> list[Line]:
    if asked.options == store.YES_NO:
        return [_("Answer `yes` or `no`. To stop: `cancel`")]
    if not asked.options:
        return [_("To stop: `cancel`. To go on later: `requests`")]
    listed = [verbatim(f"{n}) {one}") for n, one in enumerate(asked.options, start=1)]
    return [*listed, _("Answer with the number. To stop: `cancel`")]


@feature.service("language")
async def language(ctx: Context) -> list[Line]:
    """Return the pending question in the language that the newcomer has just chosen."""
    for request in await store.open_of(ctx.db, ctx.who):
        if request.step is Step.ASKING and ctx.private:
            return await waiting_question(ctx, request, await store.answered(ctx.db, request.item))
    return []


async def announced(ctx: Context, request: Request) -> list[Effect]:
    """Announce a request to those who decide; with answers only where nobody else reads them."""
    chosen = await deciders.chosen_room(ctx)
    place = chosen or await ctx.moderators_room()
    if place is None:
        return []
    if await store.count_since(ctx.db, ctx.read - HOUR) > ALOUD:
        return await _later(ctx, place)
    return [
        Say(
            tuple(await shown(ctx, request, answers=chosen is not None)),
            room=place,
            loud=True,
            item=request.item,
            slot="answers",
        )
    ]


async def _later(ctx: Context, place: RoomId) -> list[Effect]:
    """Schedule one message about many requests instead of announcing each."""
    if not await settings.fact(ctx.db, "many_wait"):
        await settings.set_fact(ctx.db, "many_wait", "yes")
        await ctx.schedule("many_wait", ctx.read + TOGETHER, room=place)
    return []


@feature.job("many_wait")
async def many_wait(ctx: Context, _job: Job) -> Answer:
    """Tell those who decide how many requests wait."""
    await settings.drop_fact(ctx.db, "many_wait")
    waiting = [one for one in await store.every_open(ctx.db) if one.step is Step.DECIDING]
    if not waiting:
        return None
    lines = (
        n_("{count} request waits for a decision.", "{count} requests wait for a decision.",
           len(waiting)),
        _("Who is at which step: `!requests`"),
    )  # fmt: skip
    return Say(lines, room=ctx.room, loud=True)


async def told_anew(ctx: Context, request: Request) -> list[Effect]:
    """Edit the announcement after an answer or a vouch changed, if it shows answers."""
    if request.step is not Step.DECIDING or await deciders.chosen_room(ctx) is None:
        return []
    return [Edit(Ref(request.item, "answers"), tuple(await shown(ctx, request, answers=True)))]


async def shown(ctx: Context, request: Request, *, answers: bool) -> list[Line]:
    """Return a request as lines for those who decide."""
    room = await rooms.get(ctx.db, request.room)
    head = _("Request {number}: {person} knocks at “{room}”.", number=request.item,
             person=Person(request.person, full=True),
             room=(room.name if room else "") or request.room)  # fmt: skip
    lines = [head]
    if answers:
        given = await store.answers(ctx.db, request.item)
        lines += [
            _("{question} “{answer}”", question=in_words(one), answer=_said(one, answer))
            for one, answer in zip(request.questions, given, strict=False)
        ]
    else:
        lines.append(_("To read the answers, write to me in private: `requests {number}`",
                       number=request.item))  # fmt: skip
    lines += await recognition.noted(ctx, request.person)
    lines += await vouches.lines(ctx, request)
    room_votes = await ballot.rules(ctx, request)
    if room_votes is not None:
        return [*lines, await ballot.line(ctx, request, room_votes)]
    return [*lines, how_to_decide(request)]


def _said(asked: Asked, answer: str) -> object:
    """Return an answer as it was typed, but a yes or a no in the reader's language."""
    return SAID.get(answer, answer) if asked.options == store.YES_NO else answer


def how_to_decide(request: Request) -> Line:
    """Return the line that says how to admit or reject."""
    return _("To let them in: `!admit {number}`. Or: `!reject {number}` and the reason.",
             number=request.item)  # fmt: skip
