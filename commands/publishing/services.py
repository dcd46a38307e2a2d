"""Services of the publishing feature: what changed, a person's data, a restored copy."""

from __future__ import annotations

from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    EXPORT_PERSON,
    FORGET,
    ITEM_DELETED,
    ITEM_READERS,
    PENDING,
    RETENTION_LINES,
    Context,
    Effect,
    Item,
    Line,
    Moment,
    Number,
    RoomId,
    Say,
    UserId,
    _,
    n_,
    public_services,
    rooms,
    verbatim,
)
from commands.publishing import making, standing, store
from commands.publishing.declaration import feature
from commands.publishing.places import services as place_services

feature.rows(
    "publishing_consent",
    person="person",
    says=n_(
        "{count} answer on whether your name may be public",
        "{count} answers on whether your name may be public",
        0,
    ),
)
feature.rows("publishing_standing", room="room", on_clash="drop")
feature.rows("publishing_standing", person="by", on_forget="blank")
for table in ("publishing_item", "publishing_file", "publishing_change", "publishing_consent"):
    feature.at_split(table, "stays")  # with the bot that hands it out


@feature.offers(public_services.PUBLIC_CHANGED)
async def note_change(ctx: Context, number: Number) -> None:
    """Schedule that an item's public document is made anew, or withdrawn."""
    await making.schedule_remake(ctx, number)


@feature.offers(public_services.CONSENT_GONE)
async def note_consent_gone(ctx: Context, number: Number) -> None:
    """Schedule that an item's public document is made anew with the consents that still hold, or
    withdrawn."""
    await making.schedule_remake(ctx, number, erased=True)


@feature.offers(ITEM_DELETED)
async def note_deletion(ctx: Context, number: Number) -> None:
    """Schedule that a deleted item's public document is withdrawn, and delete who was asked about
    it."""
    await store.delete_answers(ctx.db, number)
    await making.schedule_remake(ctx, number)


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Schedule that all public documents with the person's name or words are made anew.

    Their answers are declared rows, and go with those.
    """
    named = [number for number, yes in (await store.answers_of(ctx.db, person)).items() if yes]
    written = await store.public_by(ctx.db, person)
    for number in dict.fromkeys((*named, *written)):
        await making.schedule_remake(ctx, number, erased=True)
    if not named:
        return []
    return [_("your name in what is public; whoever has the earlier one keeps it")]


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the person's answers about being named, and where they made decisions
    public."""
    lines: list[Line] = []
    for number, yes in (await store.answers_of(ctx.db, person)).items():
        if yes is None:
            line = _("I asked whether your name may be public in {number}.", number=number)
        elif yes:
            line = _("You said that your name may be public in {number}.", number=number)
        else:
            line = _("You said that your name may not be public in {number}.", number=number)
        lines.append(line)
    for room in await standing.standing_by(ctx.db, person):
        known = await rooms.get(ctx.db, room)
        name = verbatim(known.name if known and known.name else room)
        lines.append(_("You made public what is decided in “{room}”.", room=name))
    return lines


@feature.offers(PENDING)
async def pending_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return lines with public items written anew since then, for those who may publish them
    again."""
    return [
        _("{number} has changed since it is public: `!publish {number}`", number=number)
        for number in await store.waiting_in(ctx.db, room)
    ]


@feature.offers(RETENTION_LINES)
async def retention_lines(ctx: Context) -> list[Line]:
    """Return the line that says who sees what is public, or that nothing is."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who) if ctx.is_private else []
    for room in [one.room for one in shared] or [ctx.room]:
        if await standing.standing_since(ctx.db, room):
            break
        if await store.public_in(ctx.db, room, 1):
            break
    else:
        return [_("Nothing of this is public now. What comes to be so: `!publish`")]
    return [_("Everybody can see what is public, until it is withdrawn. What that is: `!publish`")]


@feature.offers(AFTER_RESTORE)
async def tell_rooms(ctx: Context, made: datetime) -> list[Effect]:
    """Tell rooms after a restore what may be public again that they withdrew since the copy was
    made, and that they publish what they decide.

    What the folder's own log and the public rooms say of the first is looked up at once. Nobody can
    know whether they ended the second, so what was open does not become public by itself.
    """
    await making.schedule_write(ctx, ctx.now)
    await place_services.schedule_comparison(ctx)
    public = set(await store.rooms_with_public(ctx.db))
    of_decisions = await standing.restart_standing(ctx.db)
    return [
        Say(
            (
                _("I was restored from a copy of {moment}.", moment=Moment(made)),
                *(_PUBLIC_AGAIN if room in public else ()),
                *(_STANDS_AGAIN if room in of_decisions else ()),
            ),
            room=room,
        )
        for room in sorted(public | of_decisions)
    ]


_PUBLIC_AGAIN = (
    _("What was withdrawn since then may stand as public again. Please look: `!publish`"),
)
_STANDS_AGAIN = (
    _("What is decided here becomes public, but what is open now does not by itself."),
    _("To end it: `!publish decisions no`"),
)


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return the line that says whether everybody can read the item, and how that ends."""
    record = await store.get_record(ctx.db, item.number)
    if record is None or not record.is_public:
        return [_("It is not public.")]
    return [
        _(
            "everybody: it is public since {moment}. To take it out: `!withdraw {number}`",
            moment=Moment(record.since),
            number=item.number,
        )
    ]
