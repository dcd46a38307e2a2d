"""`!back-by 22:00 @ana`: somebody says by when they are back, and whom to tell otherwise."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Does,
    Effect,
    Line,
    Missing,
    Moment,
    Number,
    People,
    Person,
    RoomId,
    Say,
    Span,
    UserError,
    UserId,
    Where,
    _,
    bare,
    dates,
    fold,
    rooms,
    words,
)
from commands.safety import alarm_jobs, check_in, check_in_store
from commands.safety.check_in_store import Return
from commands.safety.declaration import (
    GRACE,
    LONGEST,
    LONGEST_NOTE,
    MOST_NAMED,
    SAFETY,
    SHORTEST,
    feature,
)

_SHORT = re.compile(r"(?<!\S)@([\w.\-=/]{1,100})(?=[\s,;.]|$)")
_ANSWERED = re.compile(r"(?<![\w@:.])@?([\w.\-=/]{2,100})(?![\w:])")
"""A name in the answer to `whom?`, where the `@` may be left out."""
_NO_NAMES = frozenset({"el", "la", "con", "com", "with", "and", "to", "avisa", "avise", "tell"})
_WITHOUT = re.compile(r"(?:no|nao|sin mi|sem mim|without me)\s+#?(\d{1,9})")
_JOINED = re.compile(
    r"(?:\s|^)(?:con|com|with|avisa[ra]?\s+a|avise|tell)\s*(?:[,;]|\s(?:y|e|and)\s|$)*\s*$",
    re.IGNORECASE,
)
_EDGES = " \t\n,;.·-"


@feature.command(
    words("regreso", "volto", "back-by", "avísales, estoy fuera hasta | volto até | back by"),
    help=_("say by when you are back; without your word then, the people you name are told"),
    example=_("For example: `!back-by 22:00 @ana:server.org; the march in the centre`"),
    topic=SAFETY,
    does=Does.COUNTS,
    where=Where.PRIVATE,
)
async def back_by(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Start or change the asker's check-in: a time, contacts, and a note."""
    if bare(text) in check_in.BACK:
        return await check_in.back(ctx)
    if declined := _WITHOUT.fullmatch(fold(text).strip()):
        return await check_in.decline(ctx, Number(int(declined[1])))
    mine = await check_in_store.of(ctx.db, ctx.who)
    if not text.strip() and not people and not ctx.known and mine is not None:
        return how_it_stands(mine)
    named, text = await _named(ctx, people, text)
    found = await _when(ctx, text)
    note = _JOINED.sub("", found.rest).strip(_EDGES) if found else ""
    if len(note) > LONGEST_NOTE:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_NOTE))
    when = _hour(ctx, found)
    named = named or await _usual(ctx, mine)
    return await _keep(ctx, mine, when, note, named)


def how_it_stands(one: Return) -> list[Line]:
    who = tuple(Person(person, full=True) for person in one.named)
    told = (
        _("They have been told that you did not answer.")
        if one.told
        else _("Without your `ok` by then, I tell them.")
    )
    return [
        _("Number {number}: you are back by {moment}. You named: {who}.",
          number=one.item, moment=Moment(one.due, one.zone), who=who),
        told,
        _("When you are back: `ok`. For more time: `back-by 23:30`. To stop: `cancel {number}`",
          number=one.item),
    ]  # fmt: skip


# --- what was typed -------------------------------------------------------------------------------


async def _named(ctx: Context, people: People, text: str) -> tuple[tuple[UserId, ...], str]:
    """Return the contacts, by address or short name, and the rest of the text. Raises
    `UserError`."""
    found = list(people)
    for name in _SHORT.findall(text) + _answered(ctx.known.get("part:people", "")):
        known = await check_in_store.known_as(ctx.db, ctx.who, name.rstrip(".").lower())
        if len(known) != 1:
            raise UserError(
                _("I don't know who “{name}” is. Please write the whole address.", name=f"@{name}"),
                _("For example: `!back-by 22:00 @ana:server.org; the march in the centre`"),
            )
        found += known
    named = tuple(dict.fromkeys(person for person in found if person != ctx.who))
    if found and not named:
        raise UserError(_("Please name somebody else: you would only be told yourself."))
    if len(named) > MOST_NAMED:
        raise UserError(_("That is more people than I tell: {count} at most.", count=MOST_NAMED))
    for person in named:
        await _reachable(ctx, person)
    return named, _SHORT.sub(" ", text).strip()


def _answered(said: str) -> list[str]:
    """Return names without a server in the answer to `whom?`: `@carla`, `a Carla y a Bea`."""
    return [name for name in _ANSWERED.findall(said) if fold(name) not in _NO_NAMES]


async def _reachable(ctx: Context, person: UserId) -> None:
    if not await rooms.shares_room(ctx.db, person):
        raise UserError(
            _("I can't write to {who}: we share no room.", who=Person(person, full=True)),
            _("Name somebody who is in a room with me."),
        )


async def _when(ctx: Context, text: str) -> dates.Found | None:
    later = ctx.known.get("part:when")
    found = dates.find(later or text, ctx.now, ctx.policy.zone)
    if found is None and (spanned := dates.find(f"en {later or text}", ctx.now, ctx.policy.zone)):
        found = spanned if spanned.phrase.startswith("en ") else None
    if found is None:
        raise Missing("when", _("the hour by which you are back"))
    if later is not None:
        before = dates.find(text, ctx.now, ctx.policy.zone)
        rest = before.rest if before else text
        return dates.Found(found.reading, rest, found.phrase)
    return found


def _hour(ctx: Context, found: dates.Found | None) -> dates.When:
    assert found is not None
    when = ctx.reading(found.phrase, found.reading)
    if not when.has_time:
        raise Missing("when", _("the hour by which you are back"))
    away = when.at - ctx.now
    if away < SHORTEST:
        raise UserError(_("That is too soon: five minutes from now at least."))
    if away > LONGEST:
        raise UserError(_("That is too far away: 30 days at most."))
    return when


async def _usual(ctx: Context, mine: Return | None) -> tuple[UserId, ...]:
    """Return the person's former contacts who can still be reached. Raises `MissingArgument`."""
    before = mine.named if mine else await check_in_store.usual(ctx.db, ctx.who)
    there = [person for person in before if await rooms.shares_room(ctx.db, person)]
    if not there:
        raise Missing("people", _("who is to be told, as `@name:server`"))
    return tuple(there)


# --- keeping it -----------------------------------------------------------------------------------


async def _keep(
    ctx: Context, mine: Return | None, when: dates.When, note: str, named: tuple[UserId, ...]
) -> Answer:
    number = mine.item if mine else await _number(ctx)
    note = note or (mine.note if mine else "")
    one = Return(number, ctx.who, when.at, when.zone, note, named, ctx.now)
    await check_in_store.put(ctx.db, one)
    await check_in_store.set_usual(ctx.db, ctx.who, named)
    await ctx.call_off(number)
    await alarm_jobs.wind(ctx, one)
    away = [person for person in named if not ctx.fetched.devices(person).signed]
    warned = [alarm_jobs.not_reached(away)] if away else []
    return [*_echo(one), *warned, *_letters(one, mine)]


async def _number(ctx: Context) -> Number:
    """Create the item in the person's private room: nobody else may see it."""
    home = ctx.room if ctx.private else await rooms.private_room(ctx.db, ctx.who)
    return await ctx.new_item("return", "", home or RoomId(ctx.who))


def _echo(one: Return) -> list[Line]:
    return [
        _("Noted, number {number}: you are back by {moment}.",
          number=one.item, moment=Moment(one.due, one.zone)),
        _("When you are back, write me `ok`. Without it I ask you then, and {span} later I tell"
          " {who}.", span=Span(GRACE), who=tuple(Person(p, full=True) for p in one.named)),
        _("More time: `back-by 23:30`. To stop: `cancel {number}`", number=one.item),
    ]  # fmt: skip


def _letters(one: Return, before: Return | None) -> list[Effect]:
    """Tell new contacts beforehand, so that they can say no, and removed ones that they are out."""
    letters: list[Effect] = [
        Say(
            (
                _("{who} names you: they are back by {moment}. Without word from them by then, I"
                  " write to you.", who=Person(one.author, full=True), moment=Moment(one.due)),
                _("There is nothing to do now. If you can't: `back-by no {number}`",
                  number=one.item),
            ),
            to=person,
        )
        for person in one.named
        if before is None or person not in before.named or one.due != before.due
    ]  # fmt: skip
    gone = set(before.named) - set(one.named) if before else set()
    letters += [Say((check_in.no_more(one),), to=person) for person in sorted(gone)]
    return letters
