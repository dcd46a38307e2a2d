"""`!incident`: report what happened to those who may settle it, never to whom it may be about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from bot.api import (
    NO,
    Answer,
    Behind,
    CommandPlace,
    Context,
    Effect,
    Item,
    Length,
    Line,
    MissingArgument,
    Moment,
    Number,
    People,
    Person,
    RoomId,
    Say,
    Setting,
    UserError,
    UserId,
    _,
    fold_answer,
    items,
    strip_hidden,
    words,
)
from commands.care import person_hash
from commands.care.declaration import CARE
from commands.incidents import care_team, concerned_people, incident_store, readers, receipt
from commands.incidents.declaration import WAITING_JOB, feature
from commands.incidents.incident_store import Incident

INCIDENT_TIME = Setting(
    "incident_time",
    words("plazo-de-incidentes", "prazo-de-incidentes", "incident-time"),
    Length(timedelta(hours=1), timedelta(days=14)),
    str(86400),
    _("How long an incident may wait for somebody before those who settle it are reminded."),
    network=True,
)
feature.settings.append(INCIDENT_TIME)
LONGEST_TEXT = 4000
MOST_LISTED = 15
_NUMBER = re.compile(r"\s*#?(\d{1,9})(?!\S)\s*(.*)", re.DOTALL)


@feature.command(  # What is told is kept word for word, with the names in it.
    words(
        "incidente",
        "incidente",
        "incident",
        "reportar, denunciar, denuncia, queja, reporte"
        " | reportar, denunciar, denúncia, queixa | report, complaint",
    ),
    help=_("tell what happened, in private, to those who care for the network"),
    example=_(
        "For example: `!incident ugly messages at night`. So that somebody does not read it:"
        " `!incident {number} without @bea:server.org`",
        number=57,
    ),
    topic=CARE,
    where=CommandPlace.PRIVATE,
    behind=Behind.TEXT,
)
async def incident(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Report an incident, add to one by its number, or list the open ones. Return the answer."""
    _word, *whole = ctx.text.split(maxsplit=1)  # including the names
    typed = ctx.answers.get("part:text") or next(iter(whole), text)
    numbered = _NUMBER.fullmatch(typed)
    if numbered and (one := await _visible_incident(ctx, Number(int(numbered[1])))) is not None:
        return await _answer_about(ctx, one, people, numbered[2])
    if numbered and not numbered[2]:
        raise _unknown_number(numbered[1])
    if not re.search(r"\w", typed):
        return await _list_incidents(ctx)
    if fold_answer(typed) in NO:  # as the answer to the question what happened
        raise UserError(_("Good: nothing was kept. Here you can tell it whenever you want."))
    receipt.confirm_told(ctx, typed)
    return await _report_incident(ctx, people, _clean_text(typed))


async def _answer_about(ctx: Context, one: Incident, people: People, text: str) -> Answer:
    """Change who reads the incident, add to it, or show it."""
    if (changed := await readers.change_readers(ctx, one, people, text)) is not None:
        return changed
    return (
        await _add_to_incident(ctx, one, text, people) if text else await _show_incident(ctx, one)
    )


def _clean_text(text: str) -> str:
    text = strip_hidden(text).strip()
    if len(text) > LONGEST_TEXT:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_TEXT))
    return text


async def _report_incident(ctx: Context, people: People, text: str) -> Answer:
    """Store a new incident and tell the author who reads it."""
    opened_ = await file_incident(ctx, text, people, None, *receipt.redaction_lines(ctx))
    number = opened_.number
    lines = (
        await receipt.receiver_line(ctx, opened_.team, number),
        *receipt.redaction_lines(ctx),
        *await receipt.help_lines(ctx, text),
        *await readers.bridge_lines(ctx, opened_.team.room),
        *readers.not_shown_lines(opened_.held),
        *receipt.reader_lines(ctx, opened_.team, number),
        _(
            "You can tell more here: `incident {number}` and the words. Who takes it writes"
            " to you.",
            number=number,
        ),
    )
    reply = ctx.origin.event if ctx.is_private else None
    return [Say(lines, reply_to=reply, loud=True, item=number), *opened_.effects]


@dataclass(frozen=True, slots=True)
class FiledIncident:
    """Result of filing an incident. `held`: possible readers left out, as it may be about them."""

    number: Number
    team: care_team.IncidentTeam
    held: tuple[UserId, ...]
    effects: list[Effect]


async def file_incident(
    ctx: Context,
    text: str,
    named: Collection[UserId],
    about: Number | None,
    *more: Line,
    apart: Collection[bytes] = (),
) -> FiledIncident:
    """Store an incident or appeal and tell the people who may settle it. Return what was filed.

    Raises `UserError` where nobody may. The people marked in `apart` neither read nor settle it.
    `more` is appended to each question.
    """
    near = await care_team.appealed_room(ctx, about)
    every = await care_team.possible_readers(ctx, near)
    barred = {one for one in every if await person_hash.hash_person(ctx.db, one) in apart}
    said = f"{text}\n{ctx.origin.media.name if ctx.origin.media else ''}"
    out = await concerned_people.find_concerned(
        ctx, said, named, lambda out: care_team.team_without(ctx, {*out, *barred}, near), *more
    )
    those = await care_team.team_without(ctx, out | barred, near)
    kept_out = tuple(who for who in every if who in out | barred and who != ctx.who)
    if not [one for one in those.people if one != ctx.who]:
        raise UserError(*readers.not_shown_lines(kept_out), *await _nobody_lines(ctx), *more)
    without = [*apart, *[await person_hash.hash_person(ctx.db, one) for one in out]]
    one = await _store_incident(ctx, text, without, those, about)
    letter = await _incident_letter(ctx, one, text, kept_out)
    effects = await those.tell(ctx, letter, one.item, besides=ctx.who)
    return FiledIncident(one.item, those, kept_out, effects)


async def _store_incident(
    ctx: Context,
    text: str,
    apart: Collection[bytes],
    those: care_team.IncidentTeam,
    about: Number | None,
) -> Incident:
    home = those.room or RoomId("")  # no room: its number reveals it to nobody
    number = await items.add(ctx.db, feature.name, "incident", home, ctx.who, "", ctx.said_at)
    due = ctx.now + timedelta(seconds=int(await ctx.setting_value(INCIDENT_TIME)))
    reading = [await person_hash.hash_person(ctx.db, one) for one in (*those.people, ctx.who)]
    await incident_store.add_incident(ctx.db, number, ctx.who, due, text, apart, reading, about)
    await ctx.schedule(WAITING_JOB, due, item=number, room=home)
    one = await incident_store.get_incident(ctx.db, number)
    assert one is not None
    return one


async def _nobody_lines(ctx: Context) -> list[Line]:
    """Say that nothing was stored, and name the contact outside."""
    said = _("Nobody else is here who could see it. I kept nothing and showed it to nobody.")
    return [said, *await readers.outside_lines(ctx)]


async def _incident_letter(
    ctx: Context, one: Incident, text: str, kept_out: Sequence[UserId] = ()
) -> list[Line]:
    """Compose the letter to the readers. Only the later owner gets the reporter's address."""
    who = Person(ctx.who)
    first = (
        _("Incident {number}, from {who}: {text}", number=one.item, who=who, text=text)
        if one.about is None
        else _(
            "Appeal {number} of number {about}, from {who}: {text}",
            number=one.item,
            about=one.about,
            who=who,
            text=text,
        )
    )
    return [
        first,
        *readers.not_shown_lines(kept_out),
        _(
            "Who takes it: `attend {number}`. When it is settled: `settle {number}` and"
            " what came of it.",
            number=one.item,
        ),
    ]


# --- looking --------------------------------------------------------------------------------------


async def _visible_incident(ctx: Context, number: Number) -> Incident | None:
    """Return the incident if the asker reported it or may settle it."""
    one = await incident_store.get_incident(ctx.db, number)
    if one is None or one.mark == await person_hash.hash_person(ctx.db, ctx.who):
        return one
    return one if ctx.who in (await care_team.team_for(ctx, one)).people else None


async def _list_incidents(ctx: Context) -> Answer:
    mine = {
        one.item: one
        for one in await incident_store.reported_by(ctx.db, ctx.who)
        if one.closed is None
    }
    for one in await incident_store.open_incidents(ctx.db, 200):
        if ctx.who in (await care_team.team_for(ctx, one)).people:
            mine[one.item] = one
    if not mine:
        raise MissingArgument("text", _("what happened"))
    lines = [await state_line(ctx, one) for _number, one in sorted(mine.items())[:MOST_LISTED]]
    return [*lines, _("One of them in full: `incident {number}`", number=min(mine))]


async def state_line(_ctx: Context, one: Incident) -> Line:
    """Return the line about an incident's state (new, taken, settled), without its text."""
    named = {"number": one.item, "since": Moment(one.at)}
    if one.closed is not None:
        return _("Incident {number}, since {since}: settled.", **named)
    if one.owner is None:
        return _("Incident {number}, since {since}: waits for somebody.", **named)
    return _(
        "Incident {number}, since {since}: {owner} takes care of it.",
        owner=Person(one.owner),
        **named,
    )


async def _show_incident(ctx: Context, one: Incident) -> Answer:
    told = [_("“{text}”", text=text) for text in await incident_store.texts_of(ctx.db, one)]
    return [await state_line(ctx, one), *told, *await readers.excluded_lines(ctx, one)]


async def _add_to_incident(ctx: Context, one: Incident, text: str, people: People = ()) -> Answer:
    if one.mark != await person_hash.hash_person(ctx.db, ctx.who) or one.closed is not None:
        raise UserError(
            _("To that nothing can be added."), _("For a new one: `incident` and what happened.")
        )
    text = _clean_text(text)
    near = await care_team.appealed_room(ctx, one.about)
    before = await care_team.excluded_readers(ctx, one, near)
    out = await concerned_people.find_concerned(
        ctx, text, {*before, *people}, lambda out: care_team.team_without(ctx, out, near)
    )
    taken = await readers.exclude_readers(ctx, one, out - {*before})
    await incident_store.add_text(ctx.db, one.item, text)
    those = await care_team.team_for(ctx, one)
    said = _(
        "To incident {number}, from {who}: {text}", number=one.item, who=Person(ctx.who), text=text
    )
    return [
        _("Added to incident {number}.", number=one.item),
        *taken,
        *await those.tell(ctx, [said], one.item, besides=ctx.who),
    ]


@feature.reply("incident")
async def answer_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Handle a private reply to a message about an incident. Return what to say, if anything.

    In the team's room replies are only talk.
    """
    one = await incident_store.get_incident(ctx.db, item.number)
    if (
        one is None
        or not ctx.is_private
        or one.mark != await person_hash.hash_person(ctx.db, ctx.who)
    ):
        return None
    return await _answer_about(ctx, one, ctx.origin.mentions, text)


# --- settling -------------------------------------------------------------------------------------


async def incident_to_settle(ctx: Context, text: str) -> tuple[Incident, str]:
    """Return the incident named by number or reply, and the rest of the text.

    Raises `UserError` unless the asker may settle it; who reported it never may.
    """
    numbered, replied = _NUMBER.fullmatch(text), ctx.origin.reply_to
    about = await items.item_about(ctx.db, replied) if numbered is None and replied else None
    if numbered is None and about is None:
        raise MissingArgument("number", _("the number"))
    number = Number(int(numbered[1])) if numbered else about.number if about else Number(0)
    one = await incident_store.get_incident(ctx.db, number)
    may = one is not None and ctx.who in (await care_team.team_for(ctx, one)).people
    if one is None or not may or one.mark == await person_hash.hash_person(ctx.db, ctx.who):
        raise _unknown_number(number)
    if one.closed is not None:
        raise UserError(_("Incident {number} is settled already.", number=one.item))
    ctx.discreet |= not ctx.is_private and (await care_team.team_for(ctx, one)).room != ctx.room
    return one, numbered[2] if numbered else text


IncidentToSettle = Annotated[Incident, incident_to_settle]


def _unknown_number(number: object) -> UserError:
    return UserError(_("There is no number {number} here.", number=number))


def notify_reporter(one: Incident, *lines: Line) -> list[Effect]:
    """Return the effect that writes to the reporter of an incident in private; none if they asked
    to be forgotten."""
    if one.reporter is None:
        return []
    return [Say(tuple(lines), to=one.reporter, loud=True, item=one.item)]
