"""Shows exactly what becomes public, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from bot.api import (
    Context,
    Day,
    Line,
    Moment,
    Person,
    TranslatedText,
    _,
    bar_lines,
    n_,
    one_line,
    public_services,
    verbatim,
)
from commands.publishing.extensions import PUBLIC_PLACES
from commands.publishing.publication import MadePublication

documents = public_services.public_document
MOST_SHOWN = 60
"""Lines of a document that are shown. It says how many more there are."""
MOST_LETTERS = 1_500
"""Letters of one text that are shown. It says how many more there are."""
MOST_NAMED = 20
KIND_NAMES: dict[str, Line] = {
    "decision": _("decision"),
    "event": _("event"),
    "text": _("text"),
    "data": _("data"),
    "announcement": _("announcement"),
}


async def preview_lines(ctx: Context, made: MadePublication) -> list[Line]:
    """Return what becomes public, who is named in it, and what can't be taken back."""
    lines = list(document_lines(made.document))
    left = len(lines) - MOST_SHOWN
    shown = lines[:MOST_SHOWN]
    if left > 0:
        shown.append(n_("and {count} line more", "and {count} lines more", left))
    return [
        _("This becomes public, for everybody:"),
        *shown,
        *_name_lines(ctx, made),
        _("Names that somebody wrote into the text I don't know: please read it."),
        _("Whoever has it by then keeps it: it can't be taken back from them."),
        *await place_lines(ctx),
    ]


async def place_lines(ctx: Context) -> list[Line]:
    """Return where what is public can be read, or how that is set up."""
    found = [line for places in ctx.registry.offers(PUBLIC_PLACES) for line in await places(ctx)]
    return found or [
        _("I don't hand it out anywhere yet: whoever runs me can set up a folder for it."),
    ]


def document_lines(document: documents.PublicDocument) -> Iterator[Line]:
    """Yield all that stands in a document."""
    yield _(
        "{kind} {number}: “{title}”",
        kind=KIND_NAMES[document.kind],
        number=document.number,
        title=_shown(document.title),
    )
    if document.event is not None:
        yield from _event_lines(document.event)
    for fact in document.facts:
        yield _("{name}: {value}", name=_shown(fact.name), value=_shown(fact.value))
    for paragraph in document.paragraphs:
        yield verbatim(bar_lines(_shown(paragraph)))
    for row in document.rows:
        share = "" if row.percent is None else f" ({row.percent}%)"
        counted = f"{row.votes}{f' + {row.maybe}' if row.maybe else ''}{share}"
        yield _("{name}: {value}", name=_shown(row.label), value=counted)
    if document.data is not None:
        yield from _data_lines(document.data)
    if document.themes:
        yield _("themes: {themes}", themes=tuple(map(verbatim, document.themes)))
    for file in document.files:
        yield _(
            "file: {about}, {mime}, {kilobytes} kB",
            about=_shown(file.about),
            mime=file.mime,
            kilobytes=-(-file.size // 1000),
        )


def _event_lines(event: documents.PublicEvent) -> Iterator[Line]:
    begins = datetime.fromtimestamp(event.begins, UTC)
    when = Day(begins, event.zone) if event.all_day else Moment(begins, event.zone)
    yield _("when: {moment}", moment=when)
    if event.ends is not None and not event.all_day:
        ends = datetime.fromtimestamp(event.ends, UTC)
        yield _("until: {moment}", moment=Moment(ends, event.zone))
    if event.repeats:
        yield _("it repeats: {rule}", rule=event.repeats)
    if event.place is not None:
        yield _("where: {place}", place=_shown(event.place))
    if event.cancelled:
        yield _("cancelled")


def _data_lines(data: documents.PublicData) -> Iterator[Line]:
    known = filter(None, (data.publisher, data.published, data.licence, data.link))
    facts = tuple(verbatim(one_line(one)) for one in known)
    if facts:
        yield _("source: {facts}", facts=facts)
    if data.checked is not None:
        yield _("checked: {moment}", moment=Moment(datetime.fromtimestamp(data.checked, UTC)))


def _name_lines(ctx: Context, made: MadePublication) -> list[Line]:
    """Say who is named, or would be and is asked."""
    people = sorted(made.named)
    if not people:
        return [_("I name nobody in it.")]
    named = tuple(Person(one) for one in islice(people, MOST_NAMED))
    return [
        _(
            "I ask in private whether I may name: {people}. Until a yes it says “{somebody}”.",
            people=named,
            somebody=public_services.SOMEBODY,
        )
    ]


def _shown(text: documents.PublicText) -> str:
    """Return a text as the renderer shows each reader theirs, cut with how much is left."""
    if not text.translations:
        return _cut(text.text)
    said: dict[str, str] = {language: _cut(one) for language, one in text.translations.items()}
    return TranslatedText(_cut(text.text), text.language, said)


def _cut(text: str) -> str:
    left = len(text) - MOST_LETTERS
    return text if left <= 0 else f"{text[:MOST_LETTERS]}… (+{left})"
