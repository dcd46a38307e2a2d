"""`!incident`: told to the care team alone; who takes care of it, and what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Length,
    Line,
    Missing,
    Moment,
    Number,
    People,
    Person,
    RoomId,
    Say,
    Setting,
    UserError,
    UserId,
    Where,
    _,
    harmless,
    items,
    may_redact,
    words,
)
from commands.care import incident_store as store
from commands.care import marks, team
from commands.care.base import CARE, feature
from commands.care.incident_store import Incident

TIME = Setting(
    "incident_time",
    words("plazo-de-incidentes", "prazo-de-incidentes", "incident-time"),
    Length(timedelta(hours=1), timedelta(days=14)),
    str(86400),
    _("How long an incident may wait for somebody before the care team is reminded."),
    network=True,
)
feature.settings.append(TIME)
LONGEST_TEXT = 4000
MOST = 15
_ADDRESS = re.compile(r"@[\w.=\-/+]{1,100}:[\w.\-]{1,120}")
_NUMBER = re.compile(r"\s*#?(\d{1,9})(?!\S)\s*(.*)", re.DOTALL)


@feature.command(
    words(
        "incidente",
        "incidente",
        "incident",
        "reportar, denunciar, denuncia, queja, reporte"
        " | reportar, denunciar, denúncia, queixa | report, complaint",
    ),
    help=_("tell the care team what happened, in private"),
    example=_("For example: `!incident ugly messages at night`"),
    topic=CARE,
    where=Where.PRIVATE,
)
async def incident(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """What happened; more of it with its number; or, without anything, what is open."""
    _word, *whole = ctx.text.split(maxsplit=1)  # with whom it names
    typed = ctx.known.get("part:text") or next(iter(whole), text)
    numbered = _NUMBER.fullmatch(typed)
    if numbered and (one := await _seen(ctx, Number(int(numbered[1])))) is not None:
        return await _more(ctx, one, numbered[2]) if numbered[2] else await _shown(ctx, one)
    if numbered and not numbered[2]:
        raise _none(numbered[1])
    if not re.search(r"\w", typed):
        return await _listed(ctx)
    return await _told(ctx, people, _clean(typed))


def _clean(text: str) -> str:
    text = harmless(text).strip()
    if len(text) > LONGEST_TEXT:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_TEXT))
    return text


async def _told(ctx: Context, people: People, text: str) -> Answer:
    """Who is named does not read it."""
    named = {*people, *map(UserId, _ADDRESS.findall(text))} - {ctx.who, ctx.me}
    apart = [await marks.of(ctx.db, one) for one in named]
    number, effects = await opened(ctx, text, apart, None)
    lines = (
        _("The care team has it: incident {number}.", number=number),
        *_taken_out(ctx),
        _("You can tell more here: `incident {number}` and the words. Nobody outside of that team"
          " sees it.", number=number),
        _("Who takes it writes to you. Whom you name in it does not read it."),
    )  # fmt: skip
    reply = ctx.origin.event if ctx.private else None
    return [Say(lines, reply_to=reply, loud=True, item=number), *effects]


def _taken_out(ctx: Context) -> list[Line]:
    if ctx.private:
        return []
    if may_redact(ctx):
        return [_("I took your message out of the room; somebody may have read it before.")]
    return [_("I can't take your message out of the room: please delete it there.")]


async def opened(
    ctx: Context, text: str, apart: list[bytes], about: Number | None
) -> tuple[Number, list[Effect]]:
    """Kept, and told to whoever may settle it. Raises `UserError` where nobody could."""
    those = await team.of(ctx, apart, await team.near(ctx, about))
    if not [one for one in those.people if one != ctx.who]:
        raise UserError(
            _("Nobody is left here who could look at it without being part of it."),
            _("Please talk to somebody you trust, or have the room decide."),
        )
    place = await team.room(ctx)
    home = place.room if place else RoomId(ctx.who)
    number = await items.add(ctx.db, feature.name, "incident", home, ctx.who, "", ctx.now)
    due = ctx.read + timedelta(seconds=int(await ctx.setting(TIME)))
    await store.add(ctx.db, number, ctx.who, due, text, apart, about)
    await ctx.schedule("waiting", due, item=number, room=home)
    one = await store.get(ctx.db, number)
    assert one is not None
    return number, those.told(await _letter(ctx, one, text), number, besides=ctx.who)


async def _letter(ctx: Context, one: Incident, text: str) -> list[Line]:
    who = Person(ctx.who, full=True)
    first = (
        _("Incident {number}, from {who}: {text}", number=one.item, who=who, text=text)
        if one.about is None
        else _("Appeal {number} of number {about}, from {who}: {text}", number=one.item,
               about=one.about, who=who, text=text)
    )  # fmt: skip
    return [first, _("Who takes it: `attend {number}`. When it is settled: `settle {number}` and"
                     " what came of it.", number=one.item)]  # fmt: skip


# --- looking --------------------------------------------------------------------------------------


async def _seen(ctx: Context, number: Number) -> Incident | None:
    """If it is theirs, or for them to settle."""
    one = await store.get(ctx.db, number)
    if one is None or one.mark == await marks.of(ctx.db, ctx.who):
        return one
    return one if ctx.who in (await team.on(ctx, one)).people else None


async def _listed(ctx: Context) -> Answer:
    mine = {one.item: one for one in await store.told_by(ctx.db, ctx.who) if one.closed is None}
    for one in await store.opened(ctx.db, 200):
        if ctx.who in (await team.on(ctx, one)).people:
            mine[one.item] = one
    if not mine:
        raise Missing("text", _("what happened"))
    lines = [await state(ctx, one) for _number, one in sorted(mine.items())[:MOST]]
    return [*lines, _("One of them in full: `incident {number}`", number=min(mine))]


async def state(_ctx: Context, one: Incident) -> Line:
    """Where it stands, without what was told."""
    named = {"number": one.item, "since": Moment(one.at)}
    if one.closed is not None:
        return _("Incident {number}, since {since}: settled.", **named)
    if one.owner is None:
        return _("Incident {number}, since {since}: waits for somebody.", **named)
    return _("Incident {number}, since {since}: {owner} takes care of it.",
             owner=Person(one.owner), **named)  # fmt: skip


async def _shown(ctx: Context, one: Incident) -> Answer:
    told = [_("“{text}”", text=text) for text in await store.words(ctx.db, one)]
    return [await state(ctx, one), *told]


async def _more(ctx: Context, one: Incident, text: str) -> Answer:
    if one.mark != await marks.of(ctx.db, ctx.who) or one.closed is not None:
        raise UserError(
            _("To that nothing can be added."), _("For a new one: `incident` and what happened.")
        )
    text = _clean(text)
    await store.more(ctx.db, one.item, text)
    those = await team.on(ctx, one)
    said = _("To incident {number}, from {who}: {text}", number=one.item,
             who=Person(ctx.who, full=True), text=text)  # fmt: skip
    return [
        _("Added to incident {number}.", number=one.item),
        *those.told([said], one.item, besides=ctx.who),
    ]


@feature.reply("incident")
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """In private, in reply to what the bot said of it; in the team's room it is only talk."""
    one = await store.get(ctx.db, item.number)
    if one is None or not ctx.private or one.mark != await marks.of(ctx.db, ctx.who):
        return None
    return await _more(ctx, one, text)


# --- settling -------------------------------------------------------------------------------------


async def to_settle(ctx: Context, text: str) -> tuple[Incident, str]:
    """By its number or in a reply; only for who may, and never for who told it themselves."""
    numbered, replied = _NUMBER.fullmatch(text), ctx.origin.reply_to
    about = await items.about(ctx.db, replied) if numbered is None and replied else None
    if numbered is None and about is None:
        raise Missing("number", _("the number"))
    number = Number(int(numbered[1])) if numbered else about.number if about else Number(0)
    one = await store.get(ctx.db, number)
    may = one is not None and ctx.who in (await team.on(ctx, one)).people
    if one is None or not may or one.mark == await marks.of(ctx.db, ctx.who):
        raise _none(number)
    if one.closed is not None:
        raise UserError(_("Incident {number} is settled already.", number=one.item))
    place = await team.room(ctx)
    ctx.aside |= not ctx.private and (place is None or place.room != ctx.room)
    return one, numbered[2] if numbered else text


def _none(number: object) -> UserError:
    return UserError(_("There is no number {number} here.", number=number))


def to_reporter(one: Incident, *lines: Line) -> list[Effect]:
    if one.reporter is None:
        return []
    return [Say(tuple(lines), to=one.reporter, loud=True, item=one.item)]
