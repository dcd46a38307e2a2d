"""`!back-by 22:00 @ana`: somebody says by when they are back, and whom to tell otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.api import (
    YES_NO,
    Answer,
    CommandPlace,
    Context,
    Effect,
    ItemAccess,
    Line,
    Message,
    Moment,
    Number,
    People,
    Person,
    RoomId,
    Say,
    Span,
    UserError,
    UserId,
    _,
    dates,
    fold,
    fold_answer,
    rooms,
    run_line,
    words,
)
from commands.safety import (
    alarm_jobs,
    alarm_recall,
    back_words,
    check_in,
    check_in_store,
    contacts,
    delays,
    left_alarms,
    spoken_plans,
    typed_check_in,
)
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import (
    ANSWER_TIME,
    LONGEST_NOTE,
    SAFETY,
    feature,
)
from commands.safety.spared import check_ins_for, people_left_out, without_left_out

_DECLINE = re.compile(r"(?:no|nao|sin mi|sem mim|without me)(?:\s+#?(\d{1,9}))?")
_CANCEL = frozenset(
    {
        *("cancelar", "cancela", "cancelarlo", "cancel", "anular", "quitar", "parar", "para"),
        *("stop", "ya no", "no", "nao", "ja nao", "cancelado", "off", "not any more"),
    }
)
"""Said of one's own check-in, to take it back."""


@feature.command(
    words(
        "regreso",
        "volto",
        "back-by",
        "avísales, estoy fuera hasta, vuelvo, vuelta, retorno"
        " | volto até, volta, regresso, retorno | back by, return",
    ),
    help=_("say by when you are back; without your word then, the people you name are told"),
    example=_("For example: `!back-by 22:00 @ana:server.org; the march in the centre`"),
    topic=SAFETY,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    begins_calls=("avísales",),
)
async def start_check_in(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Start or change the asker's check-in: a time to be back by, contacts, and a note. Return the
    answer."""
    # Time and people are one sentence.
    if fold_answer(text) in back_words.BACK_PHRASES:
        return await check_in.end_check_in(ctx)
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if (declined := _DECLINE.fullmatch(fold(text).strip())) and (
        declined[1] or mine is None or await check_ins_for(ctx, ctx.who)
    ):
        return await contacts.decline(ctx, Number(int(declined[1] or 0)))
    if mine is not None and fold_answer(text) in _CANCEL:
        return await run_line(ctx, f"cancel {mine.item}")
    if mine is not None and delays.may_change_check_in(text):
        return await _change(ctx, mine, text)
    if not text.strip() and not people and not ctx.answers and mine is not None:
        return await _status_lines(ctx, mine)
    server, text = typed_check_in.read_server_choice(text)
    named, text = await typed_check_in.read_contacts(ctx, people, text)
    plan = spoken_plans.read_plan(text)
    found = await typed_check_in.read_time(ctx, plan.when if plan else text)
    note = plan.note_beside(found.rest) if plan else typed_check_in.strip_note(found.rest)
    bare = plan.whom if plan else note
    if not named and (named := await typed_check_in.read_bare_names(ctx, bare)) and not plan:
        note = ""
    if len(note) > LONGEST_NOTE:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_NOTE))
    when = typed_check_in.checked_time(ctx, found)
    if not named and plan is not None:
        raise typed_check_in.missing_contacts()
    named = named or await typed_check_in.usual_contacts(ctx, mine)
    if plan is not None and not _is_meant(ctx, when, named):
        return _("Good. I noted nothing.")
    is_local = not server if server is not None else mine is not None and mine.is_local
    return await _store_check_in(ctx, mine, when, note, named, is_local=is_local)


def _is_meant(ctx: Context, when: dates.ZonedTime, named: tuple[UserId, ...]) -> bool:
    """Return whether whoever asked in a sentence that people be told agrees to what it was taken
    for. Raises `AnswerNeeded`."""
    asked = _(
        "Do I wait for your `ok` until {moment}, and tell {who} without it? `yes` or `no`",
        moment=Moment(when.at, when.zone),
        who=tuple(Person(one, full=True) for one in named),
    )
    danger = [_("In danger: write `panic`.")] if ctx.registry.find_command("panic") else []
    return ctx.ask("plan", YES_NO, asked, *danger) == "yes"


def check_in_lines(one: CheckIn) -> list[Line]:
    """Return lines with a person's own check-in: when they are due, whom they named, what was
    done."""
    told = (
        _("They have been told that you did not answer.")
        if one.told
        else _("Without your `ok` by then, I tell them.")
        if one.named
        else _("Now nobody would be told! Name somebody: `back-by 22:00 @ana:server.org`")
    )
    return [
        check_in.check_in_line(one),
        told,
        _end_line(one),
    ]


def _end_line(one: CheckIn) -> Line:
    return _(
        "When you are back: `ok`. For more time: `back-by 23:30`. To stop: `cancel {number}`",
        number=one.item,
    )


async def _status_lines(ctx: Context, mine: CheckIn) -> list[Line]:
    """Return how a check-in stands, also of whom a call for help leaves out, and at the
    homeserver."""
    spared = await without_left_out(ctx, mine)
    return [*check_in_lines(mine), *spared.lines, await left_alarms.status_line(ctx, mine)]


@feature.on(Message)
async def change_by_line(ctx: Context, message: Message) -> Answer:
    """In private, offer a person who is late to move their check-in (`30 min más`), or return how
    to (`me demoro`). Without a check-in such a line is no need and answers no event: return how to
    leave one."""
    if not ctx.is_private or not delays.may_change_check_in(ctx.text):
        return None
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if mine is not None:
        return await _change(ctx, mine, ctx.text)
    if any(key.startswith(_MOVED) for key in ctx.answers):
        return check_in.no_check_in_lines()  # it ended before the yes
    if message.reply_to is None and delays.may_be_misread(ctx.text):
        return check_in.no_check_in_lines()
    return None


_MOVED = "moved to "
"""Begins the key of the question whether to move a check-in; the new time (UTC) follows, as a yes
must not move it further."""


async def _change(ctx: Context, mine: CheckIn, text: str) -> Answer:
    """Ask whether to move a check-in by what the text says, and move it at a yes. Return what to
    say."""
    delay = delays.read_delay(text)
    if delay is None:
        return await _change_lines(ctx, mine)
    key = next((one for one in ctx.answers if one.startswith(_MOVED)), None)
    if key is None:
        key = f"{_MOVED}{(max(mine.due, ctx.said_at) + delay).isoformat()}"
    due = datetime.fromisoformat(key.removeprefix(_MOVED))
    asked = _(
        "Do I wait for you until {moment} instead? `yes` or `no`", moment=Moment(due, mine.zone)
    )
    other = _("More time: `back-by 23:30`. To stop: `cancel {number}`", number=mine.item)
    if ctx.ask(key, YES_NO, _("I changed nothing yet."), asked, other) != "yes":
        return await _change_lines(ctx, mine)
    typed_check_in.require_near(ctx, due)
    when = dates.ZonedTime(due, dates.to_wall(due, mine.zone), mine.zone, has_time=True)
    return await _store_check_in(ctx, mine, when, "", mine.named, is_local=mine.is_local)


async def _change_lines(ctx: Context, mine: CheckIn) -> list[Line]:
    lines = await _status_lines(ctx, mine)
    if not mine.is_local:
        lines.append(_("To leave nothing at the server: `back-by 23:30 without server`"))
    return [_("I changed nothing yet."), *lines]


# --- keeping it -----------------------------------------------------------------------------------


async def _store_check_in(
    ctx: Context,
    mine: CheckIn | None,
    when: dates.ZonedTime,
    note: str,
    named: tuple[UserId, ...],
    *,
    is_local: bool,
) -> Answer:
    number = mine.item if mine else await _new_number(ctx)
    note = note or (mine.note if mine else "")
    one = CheckIn(number, ctx.who, when.at, when.zone, note, named, ctx.said_at, is_local=is_local)
    await check_in_store.put_check_in(ctx.db, one)
    await check_in_store.set_usual_contacts(ctx.db, ctx.who, named)
    await ctx.cancel_jobs(number)
    await alarm_jobs.schedule_jobs(ctx, one)
    spared = await without_left_out(ctx, one)
    told = spared.one
    away = [person for person in told.named if not ctx.fetched.devices(person).signed]
    warned = [alarm_jobs.not_reached_line(away)] if away else []
    left = await left_alarms.leave_alarms(ctx, told)
    said = [*_confirmation_lines(told), *spared.lines, *left.lines, *warned]
    gone = set(mine.named) - set(named) if mine else set()
    gone -= await people_left_out(ctx, ctx.who, gone)
    return [*said, *_contact_letters(told, mine, sorted(gone)), *left.effects]


async def _new_number(ctx: Context) -> Number:
    """Create the item in the person's private room: nobody else may see it."""
    home = ctx.room if ctx.is_private else await rooms.private_room(ctx.db, ctx.who)
    return await ctx.add_item("return", "", home or RoomId(ctx.who))


def _confirmation_lines(one: CheckIn) -> list[Line]:
    noted = _(
        "Noted, number {number}: you are back by {moment}.",
        number=one.item,
        moment=Moment(one.due, one.zone),
    )
    if not one.named:
        return [noted, _end_line(one)]
    return [
        noted,
        _(
            "When you are back, write me `ok`. Without it I ask you then, and {span} later I tell"
            " {who}.",
            span=Span(ANSWER_TIME),
            who=tuple(Person(p, full=True) for p in one.named),
        ),
        _("More time: `back-by 23:30`. To stop: `cancel {number}`", number=one.item),
    ]


def _contact_letters(one: CheckIn, before: CheckIn | None, gone: Iterable[UserId]) -> list[Effect]:
    """Tell new contacts beforehand, so that they can say no, and removed ones that they are out."""
    letters: list[Effect] = [
        Say(
            (
                _(
                    "{who} names you: they are back by {moment}. Without word from them by then, I"
                    " write to you.",
                    who=Person(one.author, full=True),
                    moment=Moment(one.due),
                ),
                _(
                    "There is nothing to do now. If you can't: `back-by no {number}`",
                    number=one.item,
                ),
            ),
            to=person,
            item=one.item,
        )
        for person in one.named
        if before is None or person not in before.named or one.due != before.due
    ]
    letters += [Say((alarm_recall.not_named_line(one.author),), to=person) for person in gone]
    return letters
