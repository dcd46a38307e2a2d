"""`!questionnaire`: make one, answer one, close it, read its counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Line,
    Number,
    ParsedArguments,
    Rest,
    RoomId,
    UserError,
    Words,
    _,
    dates,
    fold,
    fold_answer,
    items,
    moderators_only,
    n_,
    one_line,
    open_here,
    require_voice,
    split_arguments,
    words,
)
from commands.embargo.typed_times import refuse_time
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.many_rooms.room_choice import (
    ChosenRooms,
    choose_rooms,
    named_homes,
    people_of,
    preview_lines,
)
from commands.questionnaires import announcements, closing, form_parser, interview, store, texts
from commands.questionnaires.declaration import (
    ARGS,
    CLOSE_JOB,
    CLOSE_WORDS,
    CLOSES,
    DEFAULT_LENGTH,
    EXAMPLE,
    FURTHEST_END,
    KIND,
    LONGEST_TITLE,
    MOST_OPEN,
    NAMED,
    QUESTIONNAIRES,
    REMIND_BEFORE,
    REMIND_JOB,
    RESULT_WORDS,
    ROOM_WORDS,
    TELL_JOB,
    UNNAMED,
    WITHDRAW_WORDS,
    feature,
)
from commands.questionnaires.form import Form

_ABOUT = re.compile(r"\s*#?(\d{1,9})(?:\s+([^\n]{1,40}))?\s*")


@feature.command(
    words(
        "cuestionario",
        "questionário",
        "questionnaire",
        "formulario | formulário, questionario | form",
    ),
    help=_("several questions, asked in private one at a time"),
    example=EXAMPLE,
    topic=QUESTIONNAIRES,
)
async def questionnaire(ctx: Context, text: Rest = NOTHING) -> Answer:
    """Make a questionnaire, or answer, close or read the one with a number; without text list the
    open ones. Return the answer."""
    # Title, settings and questions are one message: `form_parser` reads it.
    if not text.strip():
        return await _list_open(ctx)
    if (about := _ABOUT.fullmatch(text)) is not None:
        return await _about(ctx, Number(int(about[1])), about[2] or "")
    refuse_time(ctx)
    return await _make(ctx, text)


# --- about one ------------------------------------------------------------------------------------


async def _about(ctx: Context, number: Number, typed: str) -> Answer:
    form = await find_form(ctx, number)
    said = fold_answer(typed)
    if not said:
        return await (closing.show_counts(ctx, form) if form.closed else interview.begin(ctx, form))
    if re.fullmatch(r"\d{1,2}", said):
        return await interview.begin(ctx, form, int(said) - 1)
    if _is(said, CLOSE_WORDS):
        return await closing.close_by_hand(ctx, form)
    if _is(said, RESULT_WORDS):
        return await closing.show_counts(ctx, form)
    if _is(said, ROOM_WORDS):
        return await closing.show_rooms(ctx, form)
    if _is(said, WITHDRAW_WORDS):
        return await interview.withdraw(ctx, form)
    raise UserError(
        _("I didn't understand “{typed}”.", typed=typed[:40]),
        _("To answer: `!questionnaire {number}`", number=number),
        _(
            "Also: `!questionnaire {number} results`, `!questionnaire {number} close`",
            number=number,
        ),
    )


async def find_form(ctx: Context, number: Number) -> Form:
    """Return the questionnaire with this number, for a person in one of its rooms. Raises
    `UserError` if there is none."""
    form = await store.get_form(ctx.db, number)
    if form is None or await interview.room_of(ctx, form, ctx.who) is None:
        raise UserError(
            _("There is no questionnaire {number} here.", number=number),
            _("What is open: `!questionnaire`"),
        )
    ctx.answer_privately |= not ctx.is_private and ctx.room not in form.rooms
    return form


def _is(said: str, known: Words) -> bool:
    return said in {fold(one) for one in known}


async def _list_open(ctx: Context) -> Answer:
    numbers = await open_here(ctx, store.open_forms_in)
    if not numbers:
        return [_("No questionnaire is open."), EXAMPLE]
    lines = []
    for number in numbers:
        form = await store.get_form(ctx.db, number)
        if form is not None:
            lines.append(texts.state_line(form, await store.count_finished(ctx.db, number)))
    return lines


# --- a new one --------------------------------------------------------------------------------


async def _make(ctx: Context, text: str) -> Answer:
    """Read the message, show how it was understood, and open it after a yes."""
    head, lines = form_parser.split_message(text)
    parts = split_arguments(head, ARGS, lambda said: _is_date(ctx, said))
    where = parts.named.get(ROOMS_ARGUMENT.key)
    room = await ctx.choose_room(among=await named_homes(ctx, where))
    if not await ctx.moderates(room.room):
        raise moderators_only()
    await require_voice(ctx, room.room)
    title, questions = _title(parts), form_parser.parse_questions(lines)
    closes, named = _closes(ctx, parts), NAMED.key in parts.flags
    if named and UNNAMED.key in parts.flags:
        raise UserError(_("With names or without? Please write one of them."))
    chosen = await choose_rooms(ctx, room.room, where)
    await _check_room_left(ctx, chosen.every)
    ctx.confirm(
        *texts.preview_lines(questions, title, named=named),
        *await _reach_lines(ctx, chosen, closes),
        _("While it is open its questions can't be changed."),
    )
    number = await ctx.add_item(KIND, title, room.room)
    await items.show_in(ctx.db, number, chosen.every[1:])
    await store.add_form(ctx.db, number, questions, chosen.every, named=named, closes=closes)
    await _schedule(ctx, number, room.room, closes)
    said = await announcements.announce(ctx, number, announcements.OPENING)
    if room.room == ctx.room:
        return said
    return [_("Questionnaire {number} is open.", number=number), *said]


async def _schedule(ctx: Context, number: Number, room: RoomId, closes: datetime) -> None:
    await ctx.schedule(CLOSE_JOB, closes, item=number, room=room)
    await ctx.schedule(TELL_JOB, ctx.now, item=number, room=room)
    if closes - ctx.said_at >= 2 * REMIND_BEFORE:
        await ctx.schedule(REMIND_JOB, closes - REMIND_BEFORE, item=number, room=room)


def _is_date(ctx: Context, said: str) -> bool:
    return not isinstance(dates.read_date(said, ctx.said_at, ctx.policy.zone), dates.UnreadableDate)


def _title(parts: ParsedArguments) -> str:
    title = one_line(parts.quoted[0] if parts.quoted else parts.free).strip(" :.-")
    if not re.search(r"\w", title):
        raise UserError(_("Missing: the title."), EXAMPLE)
    if len(title) > LONGEST_TITLE:
        raise UserError(_("The title is too long: {most} letters at most.", most=LONGEST_TITLE))
    return title


def _closes(ctx: Context, parts: ParsedArguments) -> datetime:
    phrase = parts.named.get(CLOSES.key)
    if phrase is None:
        return ctx.said_at + DEFAULT_LENGTH
    at = ctx.parse_date(phrase, end_of_day=True)
    if at > ctx.said_at + FURTHEST_END:
        raise UserError(_("That is more than a year away. A nearer date: `until in 3 days`"))
    return at


async def _check_room_left(ctx: Context, places: Sequence[RoomId]) -> None:
    for place in places:
        if len(await store.open_forms_in(ctx.db, place)) >= MOST_OPEN:
            raise UserError(
                _("{count} questionnaires are open there already; that is all.", count=MOST_OPEN)
            )


async def _reach_lines(ctx: Context, chosen: ChosenRooms, closes: datetime) -> tuple[Line, ...]:
    people = len(await people_of(ctx, chosen))
    if chosen.others:
        until = _("It closes on {at}.", at=closing.moment(closes))
        return (*await preview_lines(ctx, chosen, people), until)
    asked = n_("{count} person", "{count} people", people)
    return (_("It asks {people} here, until {at}.", people=asked, at=closing.moment(closes)),)
