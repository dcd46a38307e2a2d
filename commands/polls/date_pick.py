"""Settle a date poll: somebody picks the date, and an event is made of it if possible."""

from __future__ import annotations

from bot.api import (
    CREATE_EVENT,
    NOTHING,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    MessageRef,
    Reach,
    Rest,
    Say,
    UserError,
    _,
    public_changes,
    words,
)
from commands.decision_rules.kinds.dates import YES
from commands.poll_book import change_lines, poll_store, texts
from commands.poll_book.poll import Poll
from commands.polls import poll_end
from commands.polls.declaration import DECISIONS, feature
from commands.polls.opening import other_rooms


@feature.command(
    words("elegir", "escolher", "pick"),
    help=_("settle on a date of a date poll"),
    example=_("For example: `!pick {number} 2`", number=12),
    topic=DECISIONS,
    of=("poll",),
    reach=Reach.ROOM,
)
async def pick_date(ctx: Context, item: Item, *, date: Rest = NOTHING) -> Answer:
    """Choose the date that a date poll decides on. Its author and moderators may; an open poll
    closes. Return the answer."""
    poll = await poll_store.get_poll(ctx.db, item.number)
    await _require_may_pick(ctx, item, poll)
    place = _place(poll, date)
    option = poll.options[place - 1]
    await poll_end.log_moderator_act(ctx, item, "picked")
    await poll_store.store_pick(ctx.db, item.number, place)
    await public_changes.note_change(ctx, item.number)
    effects: list[Line | Effect] = []
    if poll.ended is None:
        effects += await poll_end.finish_poll(ctx, item, poll_end.end_by_hand(ctx, poll))
    facts = {"stage": "picked", "label": option.label}
    await other_rooms.repeat(ctx, item, person=ctx.who, **facts)
    (told,) = change_lines.lines_of(item, facts, ctx.who)
    effects.append(
        Say(
            (told,),
            room=item.room,
            reply_to=MessageRef(item.number, "opening"),
            loud=True,
            item=item.number,
        )
    )
    if item.room != ctx.room:
        effects.insert(0, _("Picked: {date}.", date=option.label))
    return [*effects, *await _event(ctx, item, poll, place)]


async def _require_may_pick(ctx: Context, item: Item, poll: Poll) -> None:
    number = item.number
    if poll.kind.key != "dates":
        raise UserError(
            _("Poll {number} is not about dates: there is none to pick.", number=number),
            _("To close it now: `!close {number}`", number=number),
        )
    if poll.cancelled:
        raise UserError(texts.already_over_line(poll))
    if not await poll_end.may_close(ctx, item):
        raise UserError(
            _(
                "You can't pick the date of poll {number}: that is for its author or the"
                " moderators.",
                number=number,
            )
        )
    if poll.picked is not None:
        date = poll.options[poll.picked - 1].label
        raise UserError(_("Poll {number} has its date already: {date}.", number=number, date=date))


def _place(poll: Poll, text: str) -> int:
    """Return the place of the one date that the text names. Raises `UserError`."""
    found = poll.kind.read(text, poll.question) if text.strip() else None
    places = [place for place, answer in found or () if answer == YES]
    if len(places) != 1:
        raise UserError(
            _("Which date? For example: `!pick {number} 1`", number=poll.number),
            *texts.numbered_options(poll),
        )
    return places[0]


async def _event(ctx: Context, item: Item, poll: Poll, place: int) -> list[Line | Effect]:
    start = poll.options[place - 1].at
    offered = ctx.registry.offers(CREATE_EVENT)
    if not offered or start is None:
        return [_("I can't keep events here, so please note the date yourselves.")]
    return [*await offered[0](ctx, item.title, start, item.room, ctx.who)]
