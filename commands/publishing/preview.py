"""Shows exactly what becomes public, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.api import (
    LANGUAGES,
    Context,
    FileContent,
    Item,
    Line,
    Moment,
    Person,
    RenderLine,
    SendFile,
    TranslatedText,
    UserId,
    _,
    bar_lines,
    item_translations,
    n_,
    one_line,
    public_services,
    verbatim,
)
from commands.publishing import consents, store
from commands.publishing.declaration import FINAL
from commands.publishing.places import room_store
from commands.publishing.publication import MadePublication, find_named

documents = public_services.public_document
MOST_SHOWN = 60
"""Lines of a document that stand in the message, and letters of all of them (`MOST_TOGETHER`).

The rest is in a file that comes with it.
"""
MOST_TOGETHER = 6_000
MOST_LETTERS = 1_500
"""Letters of one text that stand in the message. It says how many more there are."""
MOST_NAMED = 20
KIND_NAMES: dict[str, Line] = {
    "decision": _("decision"),
    "event": _("event"),
    "text": _("text"),
    "data": _("data"),
    "announcement": _("announcement"),
}


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads a document: in which language, and how many letters of a text are shown.

    `all_typed`: what people wrote is shown in all its languages, not only in the reader's.
    `all_said`: so are the bot's sentences, which hold people's words in each language.
    """

    language: str
    most: int = MOST_LETTERS
    all_typed: bool = False
    all_said: bool = False

    def said(self, text: documents.PublicText) -> str:
        """Return a text that stands in all languages in the reader's, any other text as it was
        written."""
        by_bot = text.language == "en" and {"en", *text.translations} >= set(LANGUAGES)
        if by_bot and not self.all_said:
            return self._cut(text.in_language(self.language))
        return self.written(text)

    def written(self, text: documents.PublicText) -> str:
        """Return a text in the reader's language, or together with all its translations."""
        if not text.translations:
            return self._cut(text.text)
        if not self.all_typed:
            said: dict[str, str] = {key: self._cut(one) for key, one in text.translations.items()}
            return TranslatedText(self._cut(text.text), text.language, said)
        every = dict.fromkeys(
            (text.in_language(self.language), text.text, *text.translations.values())
        )
        return ("\n" if any("\n" in one for one in every) else " / ").join(map(self._cut, every))

    def _cut(self, text: str) -> str:
        left = len(text) - self.most
        return text if left <= 0 else f"{text[: self.most]}… (+{left})"


@dataclass(frozen=True, slots=True)
class Preview:
    """What is asked about, and the file with all of it if that is more than a message holds."""

    lines: list[Line]
    files: tuple[SendFile, ...] = ()


async def make_preview(ctx: Context, item: Item, made: MadePublication) -> Preview:
    """Return lines that show what would become public, who is named in it, and what can't be taken
    back."""
    private = ctx.answers_in_private and not ctx.is_private
    policy = await ctx.policy_of_person(ctx.who) if private else ctx.policy
    translated = await _is_translated(ctx, item, made.document)
    reading = DocumentReader(policy.language, all_typed=True, all_said=translated)
    whole = list(document_lines(made.document, replace(reading, most=documents.LONGEST_TEXT)))
    shown = fit_message(list(document_lines(made.document, reading)))
    left, files = len(whole) - len(shown), tuple[SendFile, ...]()
    if left:
        shown.append(n_("and {count} line more", "and {count} lines more", left))
    if shown != whole:
        shown.append(_("That is not all. The whole is in the file with this: please read it."))
        files = (_whole_file(ctx, item, whole),)
    lines = [
        _("This becomes public, for everybody:"),
        *shown,
        *await _name_lines(ctx, item, made),
        *_tell_tale_lines(ctx, made.document),
        *_written_lines(await find_named(ctx, item, made)),
        _("I can't recognise every name in the text: please read it first."),
        FINAL,
        *await place_lines(ctx),
    ]
    return Preview(lines, files)


async def _is_translated(ctx: Context, item: Item, document: documents.PublicDocument) -> bool:
    """Return whether people translated any words of it, which then all have to be shown."""
    if document.title.translations:
        return True
    return bool(await item_translations.get_translations(ctx.db, item.number))


def fit_message(lines: Sequence[Line]) -> list[Line]:
    """Return as many of the first lines as fit into a message."""
    shown, letters = list[Line](), 0
    for line in lines[:MOST_SHOWN]:
        letters += len(line.in_english())
        if shown and letters > MOST_TOGETHER:
            break
        shown.append(line)
    return shown


def _whole_file(ctx: Context, item: Item, whole: Sequence[Line]) -> SendFile:
    """Return all that becomes public as a text, so that nobody says yes to what they can't read."""

    def write(tell: RenderLine) -> FileContent:
        return FileContent("".join(f"{tell(line)}\n" for line in whole).encode())

    return SendFile(
        f"public-{item.number}.txt",
        "text/plain",
        write,
        (_("All that becomes public of {number}", number=item.number),),
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
    )


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
    """Return where what is public can be read, a line for each place, or how that is set up."""
    lines: list[Line] = []
    public, room = ctx.defaults.public, await room_store.open_room(ctx.db)
    if public.folder is not None and public.address:
        lines.append(_("Everybody can read it here: {address}", address=public.address))
    elif public.folder is not None:
        lines.append(_("It goes into a folder that whoever runs me hands out."))
    if room is not None:
        address = f"#{room.alias}:{ctx.me.partition(':')[2]}"
        lines.append(_("I post it in {address}, where everybody can read it.", address=address))
    if not lines:
        return [_("There is no page and no public room yet. As a file: `!export published`")]
    return [*lines, _("As a file, to carry it by hand: `!export published`")]


def document_lines(document: documents.PublicDocument, reading: DocumentReader) -> Iterator[Line]:
    """Yield a line for each part of a public document."""
    said, written = reading.said, reading.written
    yield _(
        "{kind} {number}: “{title}”",
        kind=KIND_NAMES[document.kind],
        number=document.number,
        title=written(document.title),
    )
    for fact in document.facts:  # when and where an event is stands here too, in words
        yield _("{name}: {value}", name=said(fact.name), value=said(fact.value))
    place = document.event.place if document.event else None
    if place is not None and place not in [fact.value for fact in document.facts]:
        yield _("place: {place}", place=written(place))
    for paragraph in document.paragraphs:
        by_bot = document.kind == "decision"
        text = said(paragraph) if by_bot else bar_lines(written(paragraph))
        yield verbatim(text)
    for row in document.rows:
        yield row_line(row, reading)
    if document.data is not None:
        yield from _data_lines(document.data)
    if document.themes:
        yield _("themes: {themes}", themes=tuple(map(verbatim, document.themes)))
    for file in document.files:
        yield _(
            "file: {about}, {mime}, {kilobytes} kB",
            about=said(file.about),
            mime=file.mime,
            kilobytes=-(-file.size // 1000),
        )


def row_line(row: documents.PublicRow, reading: DocumentReader) -> Line:
    """Return a line with an option's result: its votes, how many if need be, its share."""
    share = "" if row.percent is None else f" ({row.percent}%)"
    counted = f"{row.votes}{f' + {row.maybe}' if row.maybe else ''}{share}"
    return _("{name}: {value}", name=reading.said(row.label), value=counted)


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
        else _("I add nobody's name to it.")
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


def _written_lines(words: Sequence[str]) -> list[Line]:
    """Point out words that are names, too, and say that those people are told."""
    lines = public_services.typed_names.name_word_lines(words)
    return [*lines, _("Once it is public, I tell these people in private.")] if lines else []


def _people(people: Sequence[UserId]) -> tuple[Line | Person, ...]:
    left = len(people) - MOST_NAMED
    more = (_("and {more} more", more=left),) if left > 0 else ()
    return (*map(Person, people[:MOST_NAMED]), *more)
