"""Shows exactly what becomes public, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.api import (
    LANGUAGES,
    Context,
    Item,
    Line,
    Moment,
    Person,
    TranslatedText,
    UserId,
    _,
    bar_lines,
    n_,
    one_line,
    public_services,
    verbatim,
)
from commands.publishing import consents, store
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


async def preview_lines(ctx: Context, item: Item, made: MadePublication) -> list[Line]:
    """Return what becomes public, who is named in it, and what can't be taken back."""
    private = ctx.answers_in_private and not ctx.is_private
    policy = await ctx.policy_of_person(ctx.who) if private else ctx.policy
    lines = list(document_lines(made.document, policy.language))
    left = len(lines) - MOST_SHOWN
    shown = lines[:MOST_SHOWN]
    if left > 0:
        shown.append(n_("and {count} line more", "and {count} lines more", left))
    return [
        _("This becomes public, for everybody:"),
        *shown,
        *await _name_lines(ctx, item, made),
        *_tell_tale_lines(ctx, made.document),
        _("Names that somebody wrote into the text I don't know: please read it."),
        _("Whoever has it by then keeps it: it can't be taken back from them."),
        *await place_lines(ctx),
    ]


def _tell_tale_lines(ctx: Context, document: documents.PublicDocument) -> list[Line]:
    """Say what follows from what becomes public, though it does not stand there in words."""
    lines = [
        _(
            "My address goes with it, and shows which server is ours: {address}",
            address=verbatim(ctx.signer.certificate["user_id"]),
        )
    ]
    if document.kind == "decision" and sum(row.votes > 0 for row in document.rows) == 1:
        lines.append(_("All who voted did it alike, so the counts tell how each of them voted."))
    return lines


async def place_lines(ctx: Context) -> list[Line]:
    """Return where what is public can be read, or how that is set up."""
    found = [line for places in ctx.registry.offers(PUBLIC_PLACES) for line in await places(ctx)]
    return found or [
        _("There is no page and no public room yet. As a file: `!export published`"),
    ]


def document_lines(document: documents.PublicDocument, language: str) -> Iterator[Line]:
    """Yield all that stands in a document: the bot's words in one language, people's in all."""
    yield _(
        "{kind} {number}: “{title}”",
        kind=KIND_NAMES[document.kind],
        number=document.number,
        title=_written(document.title),
    )
    for fact in document.facts:  # when and where an event is stands here too, in words
        yield _(
            "{name}: {value}", name=_said(fact.name, language), value=_said(fact.value, language)
        )
    place = document.event.place if document.event else None
    if place is not None and place not in [fact.value for fact in document.facts]:
        yield _("place: {place}", place=_written(place))
    for paragraph in document.paragraphs:
        by_bot = document.kind == "decision"
        text = _said(paragraph, language) if by_bot else bar_lines(_written(paragraph))
        yield verbatim(text)
    for row in document.rows:
        share = "" if row.percent is None else f" ({row.percent}%)"
        counted = f"{row.votes}{f' + {row.maybe}' if row.maybe else ''}{share}"
        yield _("{name}: {value}", name=_said(row.label, language), value=counted)
    if document.data is not None:
        yield from _data_lines(document.data)
    if document.themes:
        yield _("themes: {themes}", themes=tuple(map(verbatim, document.themes)))
    for file in document.files:
        yield _(
            "file: {about}, {mime}, {kilobytes} kB",
            about=_said(file.about, language),
            mime=file.mime,
            kilobytes=-(-file.size // 1000),
        )


def _data_lines(data: documents.PublicData) -> Iterator[Line]:
    known = filter(None, (data.publisher, data.published, data.licence, data.link))
    facts = tuple(verbatim(one_line(one)) for one in known)
    if facts:
        yield _("source: {facts}", facts=facts)
    if data.checked is not None:
        yield _("checked: {moment}", moment=Moment(datetime.fromtimestamp(data.checked, UTC)))


async def _name_lines(ctx: Context, item: Item, made: MadePublication) -> list[Line]:
    """Say who is named, and who would be and is asked."""
    agreed = await store.agreed_names(ctx.db, item.number)
    named = [one for one in sorted(made.named) if one in agreed]
    asked = await consents.people_to_ask(ctx, item, made)
    lines = [
        _("I name who agreed: {people}.", people=_people(named))
        if named
        else _("I name nobody in it.")
    ]
    if asked:
        lines.append(
            _(
                "I ask in private whether I may name: {people}. Until a yes they are “{somebody}”.",
                people=_people(asked),
                somebody=public_services.SOMEBODY,
            )
        )
    return lines


def _people(people: Sequence[UserId]) -> tuple[Line | Person, ...]:
    left = len(people) - MOST_NAMED
    more = (_("and {more} more", more=left),) if left > 0 else ()
    return (*map(Person, people[:MOST_NAMED]), *more)


def _said(text: documents.PublicText, language: str) -> str:
    """Return what stands in all languages in the reader's, anything else as it was written."""
    if {text.language, *text.translations} >= set(LANGUAGES):
        return _cut(text.in_language(language))
    return _written(text)


def _written(text: documents.PublicText) -> str:
    """Return a text with all its translations, cut with how much is left."""
    if not text.translations:
        return _cut(text.text)
    said: dict[str, str] = {language: _cut(one) for language, one in text.translations.items()}
    return TranslatedText(_cut(text.text), text.language, said)


def _cut(text: str) -> str:
    left = len(text) - MOST_LETTERS
    return text if left <= 0 else f"{text[:MOST_LETTERS]}… (+{left})"
