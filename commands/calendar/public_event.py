"""What becomes public of an event: what it is, when and where; nobody who comes or made it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api import LANGUAGES, Context, Item, UserError, _, public_services
from bot.api import public_document as documents
from commands.calendar.declaration import feature
from commands.calendar.ics import rules
from commands.events import texts
from commands.events.creation import load_event
from commands.events.event import Date, Event, end_of_date, make_date

_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
"""The end of a series is written as for a reader of another time: with its year."""


@feature.offers(public_services.PUBLISH_ITEM.of("event"))
async def publish_event(
    ctx: Context, item: Item, names: public_services.PublicNames
) -> public_services.Publication:
    """Return the public document of an event, a cancelled one too. Its call link is not in it.

    Raises `UserError` for one of another network.
    """
    event = await load_event(ctx, item.number)
    if event.author == ctx.me:
        raise UserError(
            _("{number} is another network's: only they make it public.", number=item.number)
        )
    tell = public_services.public_line(ctx, names)
    typed = public_services.typed_text(ctx, names)
    facts = [(_("when"), tell(texts.time_line(event, _first_date(event))))]
    if event.rule is not None:
        facts.append((_("repeats"), _rhythm(event)))
        facts += [(_("changed"), tell(line)) for line in texts.exception_lines(event, _LONG_AGO)]
    if event.place:
        facts.append((_("place"), typed(event.place)))
    if event.cancelled:
        facts.append((_("state"), tell(_("cancelled"))))
    return public_services.Publication(
        documents.PublicDocument(
            kind="event",
            number=item.number,
            title=typed(event.title),
            at=int(item.at.timestamp()),
            facts=tuple(
                documents.PublicFact(name=tell(name), value=value) for name, value in facts
            ),
            paragraphs=(typed(event.about),) if event.about else (),
            event=_dates(event, typed(event.place) if event.place else None),
        )
    )


def _first_date(event: Event) -> Date:
    """Return its date, or the first one of a series by its rule."""
    moved = event.changed.get(event.start) if event.rule is None else None
    return make_date(event, event.start, moved)


def _dates(event: Event, place: documents.PublicText | None) -> documents.PublicEvent:
    first = _first_date(event)
    ends = end_of_date(event, first) if event.length or event.all_day else None
    changed = event.changed if event.rule is not None else {}
    return documents.PublicEvent(
        begins=_seconds(first.at),
        ends=_seconds(ends) if ends else None,
        zone=event.zone,
        all_day=event.all_day,
        place=place,
        repeats=rules.export_rule(event.rule, event.zone, all_day=event.all_day)
        if event.rule is not None
        else "",
        left_out=tuple(_seconds(make_date(event, key).at) for key in sorted(changed)),
        added=tuple(
            sorted(_seconds(make_date(event, key, to).at) for key, to in changed.items() if to)
        ),
        cancelled=event.cancelled,
    )


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _rhythm(event: Event) -> documents.PublicText:
    said = {one: texts.describe_rhythm(event, one, _LONG_AGO) for one in LANGUAGES}
    return documents.PublicText.model_validate(
        {"text": said.pop("en"), "language": "en", "translations": said}
    )
