"""Services of questionnaires: what is open, cancelling, results by number, a person's data."""

from __future__ import annotations

from bot.api import (
    BEING_DECIDED,
    CANCEL,
    CHANGE_ITEM,
    EXPORT_PERSON,
    ITEM_CLOSE,
    ITEM_RESULTS,
    PENDING_OF_KIND,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    n_,
)
from commands.questionnaires import answer_reader, closing, export, store, texts
from commands.questionnaires.declaration import KIND, feature

__all__ = ["export"]

feature.rows("questionnaires_room", room="room", on_clash="drop")
feature.rows(
    "questionnaires_person",
    room="room",
    person="person",
    says=n_(
        "your answers to {count} questionnaire (what is counted stays counted, without your name)",
        "your answers to {count} questionnaires (what is counted stays counted, without your name)",
        0,
    ),
)


@feature.offers(PENDING_OF_KIND.of("questionnaire"))
async def pending_questionnaires(ctx: Context, room: RoomId) -> list[Line]:
    """List the open questionnaires of a room and when each of them closes."""
    lines = []
    for number in await store.open_forms_in(ctx.db, room):
        form = await store.get_form(ctx.db, number)
        if form is not None:
            lines.append(texts.state_line(form, await store.count_finished(ctx.db, number)))
    return lines


@feature.offers(BEING_DECIDED)
async def questionnaires_being_decided(ctx: Context, room: RoomId) -> list[Item]:
    """Return the open questionnaires that stand in a room."""
    return await items.open_in(ctx.db, room, KIND)


@feature.offers(ITEM_RESULTS.of(KIND))
async def results(ctx: Context, item: Item) -> Answer:
    """Show the counts of a questionnaire or, before its close, how many have answered. Return what
    to say, if anything."""
    form = await store.get_form(ctx.db, item.number)
    return await closing.show_counts(ctx, form) if form is not None else None


@feature.offers(ITEM_CLOSE.of(KIND))
async def close(ctx: Context, item: Item) -> Answer:
    """Close a questionnaire now. Return what to say, if anything."""
    form = await store.get_form(ctx.db, item.number)
    return await closing.close_by_hand(ctx, form) if form is not None else None


@feature.offers(CHANGE_ITEM.of(KIND))
async def change(_ctx: Context, item: Item, _rest: str) -> Answer:
    """Always raise `UserError`: a questionnaire can't be changed, for all who answer must have read
    the same questions."""
    raise UserError(
        _("Its questions can't be changed: all who answer must have read the same ones."),
        _("To ask anew: `!cancel {number}`, and then a new `!questionnaire`", number=item.number),
    )


@feature.offers(CANCEL.of(KIND))
async def cancel(ctx: Context, item: Item) -> Answer:
    """Ask for confirmation, then delete an open questionnaire with all answers. Return what to say,
    if anything.

    Raises `UserError` unless the person made it or moderates its room, and once it is closed.
    """
    form = await store.get_form(ctx.db, item.number)
    if form is None:
        return None
    if form.closed is not None:
        raise UserError(texts.closed_line(form))
    if not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't cancel questionnaire {number}: that is for who made it or the"
                " moderators.",
                number=item.number,
            )
        )
    count = await store.count_finished(ctx.db, item.number)
    ctx.confirm(
        n_(
            "{count} person has answered. All answers are deleted, and there is no result.",
            "{count} people have answered. All answers are deleted, and there is no result.",
            count,
        ),
        final=True,
    )
    await ctx.cancel_jobs(item.number)
    await store.shred_answers(ctx.db, item.number)
    await items.delete(ctx.db, item.number)
    told = _(
        "Questionnaire {number}, “{title}”, is cancelled. I deleted all answers.",
        number=item.number,
        title=form.title,
    )
    said: list[Line | Effect] = [Say((told,), room=room, loud=True) for room in form.rooms]
    return said if ctx.room in form.rooms else [told, *said]


@feature.offers(EXPORT_PERSON)
async def export_person(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with a person's answers in questionnaires that are open, or store names."""
    lines: list[Line] = []
    for number in await store.forms_of_person(ctx.db, person):
        form = await store.get_form(ctx.db, number)
        mine = await store.get_respondent(ctx.db, number, person)
        if form is None or mine is None:
            continue
        lines.append(_("Questionnaire {number}, “{title}”:", number=number, title=form.title))
        lines += [
            _(
                "{n}. {question} {answer}",
                n=n,
                question=asked.text,
                answer=answer_reader.value_line(asked, value),
            )
            for n, (asked, value) in enumerate(
                zip(form.questions, mine.values, strict=True), start=1
            )
        ]
    return lines
