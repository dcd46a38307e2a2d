"""Announce something: in many rooms shown first, and written by a job a few rooms at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.api import (
    LANGUAGE_WORDS,
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Job,
    Line,
    MissingArgument,
    Number,
    ParsedArguments,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    moderators_only,
    shorten_line,
    verbatim,
)
from commands.announcements import store, typed_rooms
from commands.announcements.declaration import (
    KIND,
    LASTS,
    OVER_JOB,
    PUBLISH_JOB,
    READ,
    ROOMS_JOB,
    feature,
)
from commands.announcements.store import Announcement
from commands.embargo import holding
from commands.many_rooms.declaration import ROOMS_ARGUMENT
from commands.many_rooms.pages import next_rooms
from commands.many_rooms.room_choice import (
    ChosenRooms,
    choose_rooms,
    further_rooms_lines,
    people_of,
    preview_lines,
)
from commands.translations.titles import TypedTitles, read_titles, translated_line
from commands.translations.typed_texts import TypedText

LONGEST = 2000

feature.log_line("announced", _("announced {number}"))


@dataclass(frozen=True, slots=True)
class TypedAnnouncement:
    """An announcement as it was typed: in which other rooms, and whether it asks who has read.

    `texts` are its translations by language, `language` is that of the text itself.
    """

    text: str
    where: str | None
    asks: bool
    language: str
    texts: Mapping[str, str]

    @property
    def titles(self) -> TypedTitles:
        """The announcement's text in other languages, by language."""
        every = {language: TypedText(text) for language, text in self.texts.items()}
        return TypedTitles(self.language, every)


async def announce_typed(
    ctx: Context, parts: ParsedArguments, said: str, own: str, later: str | None
) -> Answer:
    """Announce what was typed, or hold it back if it is for `later`. It is shown first if it is for
    other rooms too. Return what to say, if anything. Raises `UserError` without the right to
    announce."""
    where, asks = parts.named.get(ROOMS_ARGUMENT.key), READ.key in parts.flags
    said = said.strip().strip('"“”')
    if not typed_rooms.has_text(said):
        raise MissingArgument("text", _("the text"))
    if len(said) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    home = ctx.place
    if later is not None:
        holding.read_time(ctx, later)
    chosen = await _choose_rooms(ctx, home, where)
    titles = await read_titles(ctx, parts, said, LONGEST, language=own)
    texts = {language: one.title for language, one in titles.texts.items()}
    typed = TypedAnnouncement(said, where, asks, titles.language, texts)
    said = titles.with_translations(said)
    if chosen.others:
        ctx.confirm(
            _("Announcement: {text}", text=verbatim(said)),
            *await preview_lines(ctx, chosen, len(await people_of(ctx, chosen))),
        )
    if later is not None:
        further = (*await further_rooms_lines(ctx, chosen), *_typed_lines(typed))
        content = asdict(typed)
        return await holding.hold(ctx, PUBLISH_JOB, later, typed.text, home, content, *further)
    number, effects = await _announce(ctx, typed, chosen, {})
    return (
        effects if home == ctx.room else [_("Announced: number {number}.", number=number), *effects]
    )


def _typed_lines(typed: TypedAnnouncement) -> list[Line]:
    """Say in which other languages it will stand, and whether it asks who has read it."""
    lines = [
        _(
            "In {language}: “{text}”",
            language=LANGUAGE_WORDS[language],
            text=verbatim(shorten_line(text, most=80)),
        )
        for language, text in typed.texts.items()
    ]
    return [*lines, _("It asks who has read it.")] if typed.asks else lines


async def _choose_rooms(ctx: Context, home: RoomId, where: str | None) -> ChosenRooms:
    """Return the rooms. Raises `UserError` unless the person moderates `home`."""
    if not await ctx.moderates(home):
        raise moderators_only()
    return await choose_rooms(ctx, home, where)


async def _announce(
    ctx: Context, typed: TypedAnnouncement, chosen: ChosenRooms, late: Mapping[str, Any]
) -> tuple[Number, list[Line | Effect]]:
    """Store an announcement, and return its number and what its home reads. `late`: if it is."""
    home = chosen.home
    title = shorten_line(typed.text, most=80)
    number = await items.add(ctx.db, feature.name, KIND, home, ctx.who, title, ctx.said_at)
    await items.show_in(ctx.db, number, chosen.every[1:])
    await typed.titles.save(ctx, number)
    one = Announcement(number, typed.titles.with_translations(typed.text), typed.asks)
    await store.add_announcement(ctx.db, one)
    item = await items.get(ctx.db, number)
    assert item is not None
    await ctx.log("announced", {"number": number}, room=home)
    await ctx.schedule(OVER_JOB, ctx.now + LASTS, item=number, room=home)
    if item.others:
        await ctx.schedule(ROOMS_JOB, ctx.now, item=number, room=home, payload=late)
    return number, [announcement_message(item, one, home, *holding.late_lines(late))]


@feature.runs(PUBLISH_JOB)
async def publish_announcement(ctx: Context, job: Job) -> Answer:
    """Post an announcement that waited for its time, in the rooms that it names now. Return what to
    say, if anything.

    Raises `UserError`, which its author is told, if they lost the right meanwhile.
    """
    held = await holding.release_due(ctx, job)
    if held is None:
        return None
    typed = TypedAnnouncement(**held.content)
    chosen = await _choose_rooms(ctx, held.room, typed.where)
    number, effects = await _announce(ctx, typed, chosen, holding.late_facts(ctx, held))
    return [*effects, holding.published_message(ctx, held, number)]


@feature.runs(ROOMS_JOB)
async def write_page(ctx: Context, job: Job) -> Answer:
    """Post an announcement in the next few of its rooms, and schedule the rest. Return what to say,
    if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    one = await store.get_announcement(ctx.db, item.number) if item is not None else None
    if item is None or one is None:
        return None
    places = await next_rooms(ctx, item, job, ROOMS_JOB)
    if "language" in job.payload:
        person = job.person or UserId("")
        return [
            message
            for place in places
            for message in translation_messages(item, one, place, person, job.payload)
        ]
    late = holding.late_lines(job.payload)
    return [announcement_message(item, one, place, *late) for place in places]


@feature.runs(OVER_JOB)
async def close_announcement(ctx: Context, job: Job) -> Answer:
    """Close an announcement that nobody is expected to answer any more. Return what to say, if
    anything."""
    if job.item is not None:
        await items.close(ctx.db, job.item)
    return None


def translation_messages(
    item: Item, one: Announcement, room: RoomId, person: UserId, facts: Mapping[str, Any]
) -> list[Effect]:
    """Return the messages for one of an announcement's rooms about a translation that was added or
    removed."""
    language, gone = facts["language"], facts["gone"]
    who = Person(person) if person else _("Somebody")
    told = translated_line(item.number, one.text, who, language, gone=gone)
    opening = item.ref(room, "opening")
    return [
        Edit(opening, announcement_lines(item, one), room=room),
        Say((told,), room=room, reply_to=opening, item=item.number),
    ]


def announcement_message(item: Item, one: Announcement, room: RoomId, *further: Line) -> Say:
    """Return the message with an announcement for one of its rooms, with `further` lines below the
    text."""
    return Say(
        announcement_lines(item, one, *further),
        room=room,
        loud=True,
        item=item.number,
        slot=item.ref(room, "opening").slot,
    )


def announcement_lines(item: Item, one: Announcement, *further: Line) -> tuple[Line, ...]:
    """Return the lines of an announcement, with what to type to say that one has read it."""
    lines: list[Line] = [
        _("Announcement {number}: {title}", number=item.number, title=verbatim(one.text)),
        *further,
    ]
    if item.others:
        lines.append(
            _(
                "From {who}, in {count} rooms.",
                who=Person(item.author),
                count=len(item.rooms),
            )
        )
    if one.asks:
        lines.append(
            _("Have you read it? Answer `read {number}`, or `read` to it.", number=item.number)
        )
    return tuple(lines)
