"""`!back-by 22:00 @ana`: somebody says by when they are back, and whom to tell otherwise."""

from __future__ import annotations

import re

from rapidfuzz.distance import DamerauLevenshtein

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Effect,
    ItemAccess,
    Line,
    Message,
    MissingArgument,
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
    words,
)
from commands.safety import alarm_jobs, alarm_recall, check_in, check_in_store, left_alarms
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import (
    ANSWER_TIME,
    LONGEST_ABSENCE,
    LONGEST_NOTE,
    MOST_CONTACTS,
    SAFETY,
    SHORTEST_ABSENCE,
    feature,
)

_SHORT_NAME = re.compile(r"(?<!\S)@([\w.\-=/]{1,100})(?=[\s,;.]|$)")
_ANSWERED_NAME = re.compile(r"(?<![\w@:.])@?([\w.\-=/]{2,100})(?![\w:])")
"""A name in the answer to `whom?`, where the `@` may be left out."""
_NON_NAMES = frozenset({"el", "la", "con", "com", "with", "and", "to", "avisa", "avise", "tell"})
_DECLINE = re.compile(r"(?:no|nao|sin mi|sem mim|without me)\s+#?(\d{1,9})")
_LINKING_END = re.compile(
    r"(?:\s|^)(?:con|com|with|avisa[ra]?\s+a|avise|tell)\s*(?:[,;]|\s(?:y|e|and)\s|$)*\s*$",
    re.IGNORECASE,
)
_SERVER = re.compile(
    r"(?<!\w)(?:(?P<no>sin|sem|without)|con|com|with)\s+(?:(?:el|o|the)\s+)?(?:servidor|server)(?!\w)",
    re.IGNORECASE,
)
"""The words that choose whether the alarm is left at the homeserver too."""
_WITHOUT = re.compile(
    r"(?<!\w)(?:sin|sem|without|no)[\s-]*(?:(?:el|o|the|un|um|a|ningun|nenhum)\s+)?(\w{5,10})(?!\w)",
    re.IGNORECASE,
)
_EDGES = " \t\n,;.·-"


@feature.command(
    words("regreso", "volto", "back-by", "avísales, estoy fuera hasta | volto até | back by"),
    help=_("say by when you are back; without your word then, the people you name are told"),
    example=_("For example: `!back-by 22:00 @ana:server.org; the march in the centre`"),
    topic=SAFETY,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
)
async def start_check_in(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Start or change the asker's check-in: a time, contacts, and a note."""
    # Time and people are one sentence.
    if fold_answer(text) in check_in.BACK_PHRASES:
        return await check_in.end_check_in(ctx)
    if declined := _DECLINE.fullmatch(fold(text).strip()):
        return await check_in.decline(ctx, Number(int(declined[1])))
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if not text.strip() and not people and not ctx.answers and mine is not None:
        return [*check_in_lines(mine), await left_alarms.status_line(ctx, mine)]
    server, text = _read_server_choice(text)
    named, text = await _read_contacts(ctx, people, text)
    found = await _read_time(ctx, text)
    note = _LINKING_END.sub("", found.rest).strip(_EDGES) if found else ""
    if len(note) > LONGEST_NOTE:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_NOTE))
    when = _checked_time(ctx, found)
    named = named or await _usual_contacts(ctx, mine)
    is_local = not server if server is not None else mine is not None and mine.is_local
    return await _store_check_in(ctx, mine, when, note, named, is_local=is_local)


def check_in_lines(one: CheckIn) -> list[Line]:
    """Return a person's own check-in: when they are due, whom they named, what was done."""
    who = tuple(Person(person, full=True) for person in one.named)
    told = (
        _("They have been told that you did not answer.")
        if one.told
        else _("Without your `ok` by then, I tell them.")
    )
    return [
        _(
            "Number {number}: you are back by {moment}. You named: {who}.",
            number=one.item,
            moment=Moment(one.due, one.zone),
            who=who,
        ),
        told,
        _(
            "When you are back: `ok`. For more time: `back-by 23:30`. To stop: `cancel {number}`",
            number=one.item,
        ),
    ]


@feature.on(Message)
async def explain_change(ctx: Context, _message: Message) -> Answer:
    """In private, say how to change an open check-in to who is late: `me demoro`, `30 min más`."""
    if not ctx.is_private or not check_in.may_change_check_in(ctx.text):
        return None
    mine = await check_in_store.check_in_of(ctx.db, ctx.who)
    if mine is None:
        return None
    lines = [*check_in_lines(mine), await left_alarms.status_line(ctx, mine)]
    if not mine.is_local:
        lines.append(_("To leave nothing at the server: `back-by 23:30 without server`"))
    return [_("I changed nothing yet."), *lines]


# --- what was typed -------------------------------------------------------------------------------


def _read_server_choice(text: str) -> tuple[bool | None, str]:
    """Return whether the alarm may be left at the homeserver, None if not said, and the rest.

    A misspelt `sin servidro` is a no: a typing error must not tell the server more.
    """
    if chosen := _SERVER.search(text):
        return not chosen["no"], _SERVER.sub(" ", text)
    for found in _WITHOUT.finditer(text):
        word = fold(found[1])
        if any(DamerauLevenshtein.distance(word, name) <= 2 for name in ("servidor", "server")):
            return False, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


async def _read_contacts(ctx: Context, people: People, text: str) -> tuple[tuple[UserId, ...], str]:
    """Return the contacts, by address or short name, and the rest of the text. Raises
    `UserError`."""
    found = list(people)
    for name in _SHORT_NAME.findall(text) + _answered_names(ctx.answers.get("part:people", "")):
        known = await check_in_store.people_called(ctx.db, ctx.who, name.rstrip(".").lower())
        if len(known) != 1:
            raise UserError(
                _("I don't know who “{name}” is. Please write the whole address.", name=f"@{name}"),
                _("For example: `!back-by 22:00 @ana:server.org; the march in the centre`"),
            )
        found += known
    named = tuple(dict.fromkeys(person for person in found if person != ctx.who))
    if found and not named:
        raise UserError(_("Please name somebody else: you would only be told yourself."))
    if len(named) > MOST_CONTACTS:
        raise UserError(_("That is more people than I tell: {count} at most.", count=MOST_CONTACTS))
    for person in named:
        await _require_reachable(ctx, person)
    return named, _SHORT_NAME.sub(" ", text).strip()


def _answered_names(said: str) -> list[str]:
    """Return names without a server in the answer to `whom?`: `@carla`, `a Carla y a Bea`."""
    return [name for name in _ANSWERED_NAME.findall(said) if fold(name) not in _NON_NAMES]


async def _require_reachable(ctx: Context, person: UserId) -> None:
    if not await rooms.shares_room(ctx.db, person):
        raise UserError(
            _("I can't write to {who}: we share no room.", who=Person(person, full=True)),
            _("Name somebody who is in a room with me."),
        )


async def _read_time(ctx: Context, text: str) -> dates.DatePhrase | None:
    later = ctx.answers.get("part:when")
    found = dates.find_date(later or text, ctx.said_at, ctx.policy.zone)
    if found is None and (
        spanned := dates.find_date(f"en {later or text}", ctx.said_at, ctx.policy.zone)
    ):
        found = spanned if spanned.phrase.startswith("en ") else None
    if found is None:
        raise MissingArgument("when", _("the hour by which you are back"))
    if later is not None:
        before = dates.find_date(text, ctx.said_at, ctx.policy.zone)
        rest = before.rest if before else text
        return dates.DatePhrase(found.reading, rest, found.phrase)
    return found


def _checked_time(ctx: Context, found: dates.DatePhrase | None) -> dates.ZonedTime:
    assert found is not None
    when = ctx.choose_reading(found.phrase, found.reading)
    if not when.has_time:
        raise MissingArgument("when", _("the hour by which you are back"))
    away = when.at - ctx.said_at
    if away < SHORTEST_ABSENCE:
        raise UserError(_("That is too soon: five minutes from now at least."))
    if away > LONGEST_ABSENCE:
        raise UserError(_("That is too far away: 30 days at most."))
    return when


async def _usual_contacts(ctx: Context, mine: CheckIn | None) -> tuple[UserId, ...]:
    """Return the person's former contacts who can still be reached. Raises `MissingArgument`."""
    before = mine.named if mine else await check_in_store.usual_contacts(ctx.db, ctx.who)
    there = [person for person in before if await rooms.shares_room(ctx.db, person)]
    if not there:
        raise MissingArgument("people", _("who is to be told, as `@name:server`"))
    return tuple(there)


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
    away = [person for person in named if not ctx.fetched.devices(person).signed]
    warned = [alarm_jobs.not_reached_line(away)] if away else []
    left = await left_alarms.leave_alarms(ctx, one)
    said = [*_confirmation_lines(one), *left.lines, *warned]
    return [*said, *_contact_letters(one, mine), *left.effects]


async def _new_number(ctx: Context) -> Number:
    """Create the item in the person's private room: nobody else may see it."""
    home = ctx.room if ctx.is_private else await rooms.private_room(ctx.db, ctx.who)
    return await ctx.add_item("return", "", home or RoomId(ctx.who))


def _confirmation_lines(one: CheckIn) -> list[Line]:
    return [
        _(
            "Noted, number {number}: you are back by {moment}.",
            number=one.item,
            moment=Moment(one.due, one.zone),
        ),
        _(
            "When you are back, write me `ok`. Without it I ask you then, and {span} later I tell"
            " {who}.",
            span=Span(ANSWER_TIME),
            who=tuple(Person(p, full=True) for p in one.named),
        ),
        _("More time: `back-by 23:30`. To stop: `cancel {number}`", number=one.item),
    ]


def _contact_letters(one: CheckIn, before: CheckIn | None) -> list[Effect]:
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
        )
        for person in one.named
        if before is None or person not in before.named or one.due != before.due
    ]
    gone = set(before.named) - set(one.named) if before else set()
    letters += [
        Say((alarm_recall.not_named_line(one.author),), to=person) for person in sorted(gone)
    ]
    return letters
