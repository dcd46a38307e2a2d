"""`!close`: end a poll at once, or whatever else has such a number. A later time is offered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.api import (
    ITEM_CLOSE,
    YES_NO,
    Answer,
    Context,
    Item,
    Line,
    Number,
    ParsedArguments,
    Reach,
    UserError,
    _,
    dates,
    fold,
    words,
)
from commands.ballot_secrecy import ballot_texts
from commands.poll_book import poll_store, requested_proposals, texts
from commands.poll_book.poll import Poll
from commands.poll_book.poll_lookup import find_named_poll, find_other
from commands.polls import changes, poll_end
from commands.polls.declaration import DECISIONS, feature

SHOWN_LETTERS = 60
_MONTH = "ene|fe[bv]|mar|abr|may|mai|jun|jul|ago|sep|set|o[cu]t|nov|di[cz]|de[cz]|jan"
_NUMBER = re.compile(
    r"(\b(?:a las?|[aà]s|at)\s)?(?<![\w:/.,-])#?(\d{1,9})(?![\d:/-])"
    rf"(\s?(?:[ap]\.?m|hs?|hours?|horas?|min\w*)\b|\sde\s(?:{_MONTH}))?",
    re.IGNORECASE,
)
"""A number, with what makes it a part of a time."""
_NO_DATE = re.compile(
    r"\W*(?:hasta|at[eé]|until|till?|m[aá]s tarde|mais tarde|later|luego|despu[eé]s|depois|after"
    r"|cuando|quando|when|en un rato|daqui a|(?:la )?pr[oó]xima|next)\b",
    re.IGNORECASE,
)
"""What begins with a later time that is no date by itself: `when all have voted`."""
_NOW = re.compile(
    r"(?:\W|\b(?:ya|ahora|ahorita|mismo|j[aá]|agora|mesmo|now|right|away|at once|immediately|de una"
    r"|inmediatamente|imediatamente|por ?fa(?:vor|s)?|porfis|pf|pfv?r?|pls|plz|please|gracias"
    r"|obrigad[oa]|thanks|thank you|encuesta|enquete|votaci[oó]n|vota[cç][aã]o|propuesta|proposta"
    r"|poll|vote|proposal)\b)*",
    re.IGNORECASE,
)
"""What may stand behind the number of what is closed now."""


@dataclass(frozen=True, slots=True)
class LaterTime:
    """When something is to be closed: the words as typed, and the instant (UTC) if they are one.

    A length of time (`2 hours`) has none, for an extension counts it from the end. `is_read` is
    false for words that may be a condition.
    """

    words: str = ""
    at: datetime | None = None
    is_read: bool = True


def says_now(text: str) -> bool:
    """Return whether the text adds nothing to what is closed: `ya`, `por favor`, no words."""
    return _NOW.fullmatch(text) is not None


async def split_time(ctx: Context, text: str) -> tuple[str, LaterTime | None]:
    """Return the words that name what to close, and the later time beside them, if there is one.

    An hour is no number of a poll, and the title of a poll may hold a time.
    """
    hour = False
    for found in _NUMBER.finditer(text):
        if found[1] or found[3]:
            hour = True
            continue
        behind = text[found.end() :]
        later = _later_time(ctx, behind) or _later_time(ctx, text[: found.start()])
        if later is None and not says_now(behind):
            later = LaterTime(behind.strip(), is_read=False)
        return found[2], later
    later = _later_time(ctx, text)
    if await ctx.item_called(text, "poll") is not None:
        return text, None
    later = later or (LaterTime() if hour else None)
    whole = dates.find_date(text, ctx.said_at, ctx.policy.zone)
    return _NUMBER.split(whole.rest if whole else text, maxsplit=1)[0], later


def _later_time(ctx: Context, text: str) -> LaterTime | None:
    found = dates.find_date(text, ctx.said_at, ctx.policy.zone)
    if found is not None:
        match found.reading:
            case dates.ZonedTime(at=at):
                return LaterTime(found.phrase, at)
            case dates.AmbiguousDate(options=options):
                return LaterTime(found.phrase, max(one.at for one in options))
        return LaterTime()
    length = text.strip(" .!")
    if dates.read_duration(length) is not None:
        return LaterTime(length)
    return LaterTime() if _NO_DATE.match(text) else None


def closing_refusal(number: Number, later: LaterTime, *more: Line) -> UserError:
    """Return the refusal to close something at a later time; `more` is said in between."""
    now = _("To close it now: `!close {number}`", number=number)
    if not later.is_read:
        words = later.words[:SHOWN_LETTERS]
        return UserError(_("I closed nothing: I didn't understand “{words}”.", words=words), now)
    return UserError(_("I closed nothing: `!close` closes at once, not later."), *more, now)


async def may_end_then(ctx: Context, poll: Poll, later: LaterTime) -> bool:
    """Return whether the poll may get this end: later than the one it has, if it has one."""
    if await requested_proposals.change_refusal(ctx.db, poll.number) is not None:
        return False
    return poll.closes is None or (later.at is not None and later.at > poll.closes)


async def later_end_hint(ctx: Context, poll: Poll, later: LaterTime) -> Line:
    """Return how the poll gets an end, where it may: later than the one it has."""
    if await requested_proposals.change_refusal(ctx.db, poll.number) is not None:
        return texts.end_line(poll)
    if poll.closes is not None and (later.at is None or later.at <= poll.closes):
        return _("{end} An earlier end can't be set.", end=texts.end_line(poll))
    return _("For an end: `!extend {number} until tomorrow 18:00`", number=poll.number)


_A_NUMBER = re.compile(r"(?<!\w)#?\d")
_THIS = re.compile(
    r"\W*(?:(?:el|la|este|esta|ese|esa|o|a|esse|essa|the|this|that) )?(?:est[aeo]|es[aeo]|isso|isto"
    r"|this|that|it|form(?:ulario)?|cuestionario|questionario|questionnaire|preguntas|perguntas"
    r"|questions)(?: (?:ya|ahora|ja|agora|now|por favor|porfa|please))?\W*"
)
"""Words for what a line replies to: `esto`, `el formulario ya`. Folded."""


@feature.command(  # Other kinds of items are closed by it too, by their own words.
    words("cerrar", "encerrar", "close", "terminar, cierra | fechar, terminar, fecha, encerra |"),
    help=_("close a poll now"),
    example=_("For example: `!close {number}`", number=12),
    topic=DECISIONS,
    reach=Reach.ROOM,
)
async def close_poll(ctx: Context, *, text: str = "") -> Answer:
    """Close a poll now; say so if it has ended already. Numbers of other things that end are passed
    on. Return the answer.

    Raises `UserError` unless the asker is its author or moderates its room, and while it must stay
    open. Asks whether it shall end at a later time, where one is named.
    """
    text, later = await split_time(ctx, text)
    if (other := await find_other(ctx, text)) is not None:
        if not await _is_meant(ctx, other, text):
            raise closing_refusal(other.number, LaterTime(text.strip(), is_read=False))
        for close in ctx.registry.offers(ITEM_CLOSE.of(other.kind)):
            if later is not None:
                raise closing_refusal(other.number, later)
            return await close(ctx, ctx.answer_privately_about(other))
    item = await find_named_poll(ctx, text)
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended:
        return texts.already_over_line(poll)
    if not await poll_end.may_close(ctx, item):
        own = _("{end} Your vote: `!vote {number} 1`", end=texts.end_line(poll), number=item.number)
        raise UserError(
            poll_end.close_refusal(item.number), texts.end_line(poll) if poll.rule.secret else own
        )
    if poll_end.closes_too_early(poll, ctx):
        raise UserError(*ballot_texts.too_early_lines(poll))
    if await requested_proposals.is_too_early(ctx.db, poll):
        by_itself = _(
            "What comes out of proposal {number} is carried out by itself, so it stays"
            " open for everybody.",
            number=item.number,
        )
        raise UserError(
            await requested_proposals.change_refusal(ctx.db, item.number) or by_itself,
            texts.end_line(poll),
        )
    if later is not None:
        return await _end_later(ctx, poll, later)
    await poll_end.log_moderator_act(ctx, item, "closed")
    # The close is unknown until it is read, so the poll ends then and not when it was written.
    effects = await poll_end.finish_poll(ctx, item, poll_end.capped_end(ctx.now, poll.closes))
    if item.room == ctx.room:
        return effects
    return [_("Poll {number} is closed.", number=item.number), *effects]


async def _is_meant(ctx: Context, replied: Item, text: str) -> bool:
    """Return whether the words mean what the line replies to: none, its number or title, or `esto`.

    `!cerrar la puerta` may be talk, whatever it replies to.
    """
    if _A_NUMBER.search(text) or _THIS.fullmatch(fold(text)) or says_now(text):
        return True
    called = await ctx.item_called(text, replied.kind)
    return called is not None and called[0].number == replied.number


async def _end_later(ctx: Context, poll: Poll, later: LaterTime) -> Answer:
    """Ask whether the poll shall end at the time that stands behind its number, and do so.

    Raises `UserError` for a time that it can't be given, and for words that may be a condition.
    """
    if not later.words or not later.is_read or not await may_end_then(ctx, poll, later):
        hint = await later_end_hint(ctx, poll, later)
        raise closing_refusal(poll.number, later, hint)
    answer = ctx.ask(
        "later",
        YES_NO,
        _("I closed nothing yet: `!close` closes at once, not later."),
        _("Shall it end then: {words}? `yes` or `no`", words=later.words),
        _("To close it now: `!close {number}`", number=poll.number),
    )
    if answer != "yes":
        raise UserError(_("I left it as it was."))
    given = ParsedArguments(f"{poll.number} {later.words}", (), {}, frozenset())
    return await changes.extend_poll(ctx, given)
