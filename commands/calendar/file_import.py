"""Import events from a calendar file, after a preview. Importing a file twice adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Effect,
    Line,
    Person,
    Reach,
    RoomId,
    Say,
    UserError,
    _,
    dates,
    n_,
    words,
)
from commands.calendar.declaration import feature
from commands.calendar.ics import reader
from commands.calendar.ics.reader import CalendarFile, ImportProblem
from commands.calendar.ics.text_values import join_lines, safe_link, strip_addresses
from commands.events import store, texts
from commands.events.changes import announce_change, save_change, snapshot
from commands.events.consequences import follow_change
from commands.events.creation import add_own_item, publish_event, schedule_end
from commands.events.declaration import EVENTS_TOPIC
from commands.events.event import USUAL_LENGTH, Event, dates_after, next_date

LARGEST_FILE = 2_000_000
MOST_AT_ONCE = 100
MOST_PER_PERSON = 1000
MOST_SINGLE_MESSAGES = 3
"""Up to this many new events get their own message; more share one."""
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _ImportPlan:
    """What an import would do. `later` counts events beyond the limit of one import."""

    new: tuple[Event, ...]
    changed: tuple[tuple[Event, Event], ...]
    same: int
    later: int
    notes: tuple[Line, ...]


@feature.command(
    words(
        "importar",
        "importar",
        "import",
        "evento importar, eventos importar, importar calendario, importar eventos"
        " | importar calendário | event import, events import, import calendar, import events",
    ),
    help=_("take the events of a calendar file (`.ics`): in reply to the file"),
    example=_("For example: `!import` in reply to the file, or as its text"),
    topic=EVENTS_TOPIC,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
)
async def import_file(ctx: Context) -> Answer:
    """Import the upcoming events of the calendar file replied to, after confirmation. Return the
    answer.

    Events imported before are only updated. Raises `UserError` and `AnswerNeeded`.
    """
    room = ctx.place
    zone = (await ctx.policy_of_room(room)).zone
    found: CalendarFile = ctx.attached_file(
        LARGEST_FILE, partial(reader.parse_calendar, zone=zone, now=ctx.said_at)
    )
    plan = await _plan_import(ctx, room, found)
    if not plan.new and not plan.changed:
        raise UserError(*_nothing_lines(plan, found))
    ctx.confirm(*_preview_lines(ctx, plan, found))
    effects: list[Line | Effect] = []
    for before, after in plan.changed:
        effects += await _change_event(ctx, before, after)
    effects += await _create_events(ctx, plan.new)
    count = len(plan.new) + len(plan.changed)
    done = n_("Imported: {count} event.", "Imported: {count} events.", count)
    return [done, _("What comes: `!events`"), *effects]


# --- planning -------------------------------------------------------------------------------------


async def _plan_import(ctx: Context, room: RoomId, found: CalendarFile) -> _ImportPlan:
    new: list[Event] = []
    changed: list[tuple[Event, Event]] = []
    same = later = 0
    notes = [_problem_line(problem) for problem in found.problems]
    for event in found.events:
        here = await _stored_event(ctx, room, event.uid)
        if here is not None and _looks_same(ctx, here, event):
            same += 1
        elif len(new) + len(changed) >= MOST_AT_ONCE:
            later += 1
        elif here is None:
            uid = hash_uid(event.uid)
            new.append(replace(event, room=room, author=ctx.who, uid=uid, sequence=0))
        elif not await ctx.may_change(here):
            notes.append(_not_allowed_line(here))
        else:
            changed.append((here, merge_event(here, event)))
    for event in found.cancelled:
        here = await _stored_event(ctx, room, event.uid)
        if here is not None and next_date(here, ctx.said_at) is not None:
            notes.append(_cancelled_line(here))
    await _check_limit(ctx, len(new))
    return _ImportPlan(tuple(new), tuple(changed), same, later, tuple(notes))


async def _check_limit(ctx: Context, count: int) -> None:
    made = len(await store.events_made_by(ctx.db, ctx.who)) if count else 0
    if not ctx.defaults.unlimited and made + count > MOST_PER_PERSON:
        raise UserError(
            _(
                "You have made {made} events; I keep {most} of one person.",
                made=made,
                most=MOST_PER_PERSON,
            )
        )


async def _stored_event(ctx: Context, room: RoomId, uid: str) -> Event | None:
    """Return the stored event for this UID: one of ours, or one imported before."""
    return await store.event_with_uid(ctx.db, room, uid) or await store.event_with_uid(
        ctx.db, room, hash_uid(uid)
    )


def hash_uid(uid: str) -> str:
    """Return the UID that an imported event has here, made of its own UID.

    It is a hash, because the original may hold somebody's address.
    """
    return f"{sha256(uid.encode()).hexdigest()[:32]}@minga"


def _looks_same(ctx: Context, here: Event, there: Event) -> bool:
    """True if people would see no difference; of a series, in its upcoming dates."""

    def seen(event: Event) -> tuple[object, ...]:
        usual = None if event.all_day else USUAL_LENGTH
        return (
            *(
                join_lines(strip_addresses(text))
                for text in (event.title, event.place, event.about)
            ),
            safe_link(event.link),
            (event.zone, event.all_day, event.length or usual, event.rule is None),
            [(when.key, when.start) for when in dates_after(event, ctx.said_at)],
        )

    return not here.cancelled and seen(here) == seen(there)


def merge_event(here: Event, there: Event) -> Event:
    """Return the stored event with the content of the imported one."""
    return replace(
        here,
        title=there.title,
        start=there.start,
        zone=there.zone,
        length=there.length,
        all_day=there.all_day,
        rule=there.rule,
        place=there.place,
        link=there.link,
        about=there.about,
        changed=there.changed,
        cancelled=False,
        sequence=max(here.sequence, there.sequence) + 1,
    )


# --- the preview ----------------------------------------------------------------------------------


def _preview_lines(ctx: Context, plan: _ImportPlan, found: CalendarFile) -> list[Line]:
    lines = [
        _(
            "New events: {new}. Changed: {changed}. As before: {same}.",
            new=len(plan.new),
            changed=len(plan.changed),
            same=plan.same,
        )
    ]
    coming = [*plan.new, *(after for _before, after in plan.changed)]
    lines += [_event_line(ctx, event, ctx.policy.language) for event in coming[:MOST_SHOWN]]
    if len(coming) > MOST_SHOWN:
        lines.append(_("And {count} more.", count=len(coming) - MOST_SHOWN))
    return [*lines, *_skipped_lines(plan, found)]


def _nothing_lines(plan: _ImportPlan, found: CalendarFile) -> list[Line]:
    if plan.same:
        head = n_(
            "It is here already as the file has it: {count} event.",
            "They are here already as the file has them: {count} events.",
            plan.same,
        )
        return [head, *_skipped_lines(plan, found)]
    return [_("I find no event to come in it that I can take."), *_skipped_lines(plan, found)]


def _skipped_lines(plan: _ImportPlan, found: CalendarFile) -> list[Line]:
    """Return lines about what is not imported, and why."""
    lines = list(plan.notes[:MOST_SHOWN])
    if len(plan.notes) > MOST_SHOWN:
        lines.append(_("And {count} more like these.", count=len(plan.notes) - MOST_SHOWN))
    if found.past:
        lines.append(_("Over already, so I leave them out: {count}.", count=found.past))
    if found.others:
        lines.append(_("Tasks and notes in it, which I don't read: {count}.", count=found.others))
    if plan.later:
        lines.append(
            _(
                "I take {most} at once, the soonest first. For the other {count}, import it again.",
                most=MOST_AT_ONCE,
                count=plan.later,
            )
        )
    return lines


def _event_line(ctx: Context, event: Event, language: str) -> Line:
    at = dates.to_utc(event.start, event.zone)
    coming = next_date(event, at) or dates_after(event, at)[0]
    when, title = texts.date_line(event, coming), texts.shorten_title(event.title)
    if event.rule is None:
        return _("{when}: {title}", when=when, title=title)
    return _(
        "{when}: {title} ({rhythm})",
        when=when,
        title=title,
        rhythm=texts.describe_rhythm(event, language, ctx.said_at),
    )


def _problem_line(problem: ImportProblem) -> Line:
    if not problem.title:
        return _("Line {line}: {why}.", line=problem.line, why=problem.why)
    return _(
        "Line {line}, “{title}”: {why}.", line=problem.line, title=problem.title, why=problem.why
    )


def _not_allowed_line(here: Event) -> Line:
    return _(
        "{number}, “{title}”, differs in the file. Its author or the moderators can change it.",
        number=here.item,
        title=texts.shorten_title(here.title),
    )


def _cancelled_line(here: Event) -> Line:
    return _(
        "{number}, “{title}”, is cancelled in the file. To cancel it: `!cancel {number}`",
        number=here.item,
        title=texts.shorten_title(here.title),
    )


# --- the import -----------------------------------------------------------------------------------


async def _create_events(ctx: Context, new: Sequence[Event]) -> list[Line | Effect]:
    effects: list[Line | Effect] = []
    made = [replace(event, item=await add_own_item(ctx, event.title, event.room)) for event in new]
    if len(made) <= MOST_SINGLE_MESSAGES:
        for event in made:
            effects += await publish_event(ctx, event)
        return effects
    for event in made:
        await store.save_event(ctx.db, event, ctx.said_at)
        await schedule_end(ctx, event)
        await follow_change(ctx, event, None)  # dropped: its effects would flood the room
    return [await _import_message(ctx, made)]


async def _import_message(ctx: Context, made: Sequence[Event]) -> Say:
    language = (await ctx.policy_of_room(made[0].room)).language
    lines = [
        _(
            "{person} imported {count} events: {first} to {last}.",
            person=Person(ctx.who),
            count=len(made),
            first=made[0].item,
            last=made[-1].item,
        ),
        *(
            _("{number}: {event}", number=one.item, event=_event_line(ctx, one, language))
            for one in made[:MOST_SHOWN]
        ),
    ]
    if len(made) > MOST_SHOWN:
        lines.append(_("And {count} more.", count=len(made) - MOST_SHOWN))
    lines.append(_("All about one: `!event {number}`", number=made[0].item))
    return Say(tuple(lines), room=made[0].room)


async def _change_event(ctx: Context, before: Event, after: Event) -> list[Line | Effect]:
    await ctx.log("changed", {"number": before.item}, room=before.room, undo=snapshot(before))
    await save_change(ctx, after)
    language = (await ctx.policy_of_room(after.room)).language
    line = _(
        "{person} changed event {number} by a calendar file: {event}",
        person=Person(ctx.who),
        number=before.item,
        event=_event_line(ctx, after, language),
    )
    pressing = (before.start, before.rule, before.place, before.link) != (
        (after.start, after.rule, after.place, after.link)
    )
    return await announce_change(ctx, before, after, None, line, people=pressing)
