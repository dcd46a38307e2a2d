"""Texts about drafts and amendments: the difference in words, whole texts in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.api import (
    Context,
    Day,
    Item,
    Line,
    Number,
    Person,
    RoomId,
    Say,
    SendFile,
    UserId,
    _,
    shorten_line,
    verbatim,
)
from commands.drafts import paragraphs, word_difference
from commands.drafts.amendments import Amendment, AmendmentKind, Change
from commands.drafts.draft_store import Draft, DraftVersion
from commands.drafts.paragraphs import Body, number_of, text_of

LONGEST_MESSAGE = 3500
"""Characters of one message: more than that is hard to read on a phone."""
MOST_MESSAGES = 3
"""How many messages a text may take; of a longer one only the beginning, and a file with all."""
LONGEST_SHOWN = 160


def person_name(person: UserId) -> object:
    """Return the person's name for a line; `somebody` if they were forgotten."""
    return Person(person) if person else _("somebody")


def head_line(draft: Draft, item: Item) -> Line:
    """Return the line with a draft's number, name, version and author."""
    what = {"number": draft.item, "name": draft.name, "version": draft.version}
    if draft.closed:
        return _("Text {number}, “{name}”: adopted, version {version}.", **what)
    return _(
        "Draft {number}, “{name}”, version {version}, begun by {person}.",
        person=person_name(item.author),
        **what,
    )


def body_lines(body: Body) -> list[Line]:
    """Return a draft's paragraphs with their numbers, a line each."""
    return [
        Line("{n}. {text}", {"n": n, "text": verbatim(one.text)})
        for n, one in enumerate(body, start=1)
    ]


def in_parts(
    ctx: Context, draft: Draft, head: Line, body: Body, *last: Line
) -> list[Say | SendFile]:
    """Return the whole text of a draft as messages that a phone can show; the first answers the
    line.

    Of a text that takes too many, the beginning and a file of it all.
    """
    parts: list[list[Line]] = [[head]]
    size = 0
    for line, one in zip(body_lines(body), body, strict=True):
        if size and size + len(one.text) > LONGEST_MESSAGE:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(one.text)
    files: list[SendFile] = []
    if len(parts) > MOST_MESSAGES:
        del parts[1:]
        parts[0].append(_("It goes on in the file."))
        whole = _("“{name}”, the whole text", name=draft.name)
        files.append(version_file(draft, body, whole))
    parts[-1] += last
    thread = ctx.origin.thread
    first = ctx.origin.event
    said = [
        Say(tuple(lines), item=draft.item, thread=thread, reply_to=first if not n else None)
        for n, lines in enumerate(parts)
    ]
    return [*said, *files]


def change_lines(change: Change, base: Body, *, brief: bool = False) -> list[Line]:
    """Return lines with the words that a change removes and adds; `brief`: one line of it at
    most."""
    number = number_of(base, change.paragraph)
    if change.kind is AmendmentKind.ADD:
        place = (
            _("After paragraph {number}", number=number)
            if number
            else _("Before the first paragraph")
        )
        return [place, *_put_lines(change.text, brief=brief)]
    before = text_of(base, change.paragraph) or ""
    head = _("Paragraph {number}", number=number)
    if change.kind is AmendmentKind.DELETE:
        return [head, _take_line(before, brief=brief)]
    found = list(difference_lines(before, change.text, brief=brief))
    return [head, *(found[:2] if brief else found)]


def difference_lines(old: str, new: str, *, brief: bool = False) -> Iterator[Line]:
    """Return the difference of two texts in words, so that a screen reader can say it."""
    for one in word_difference.find_changes(old, new):
        if one.after and not brief:
            yield _("after “{words}”", words=one.after)
        if one.old:
            yield _take_line(one.old, brief=brief)
        if one.new:
            yield from _put_lines(one.new, brief=brief)


def _take_line(text: str, *, brief: bool) -> Line:
    return _("takes out: {words}", words=verbatim(_cut(text, brief=brief)))


def _put_lines(text: str, *, brief: bool) -> list[Line]:
    return [_("puts: {words}", words=verbatim(_cut(text, brief=brief)))]


def _cut(text: str, *, brief: bool) -> str:
    return shorten_line(text, LONGEST_SHOWN) if brief else text


def amendment_line(one: Amendment, base: Body) -> Line:
    """Return an amendment as a line of a list: number, person, and what it changes."""
    changes = change_lines(one.change, base, brief=True)
    return _(
        "{number}, {person}: {changes}",
        number=one.item,
        person=person_name(one.who),
        changes=tuple(changes),
    )


def version_line(one: DraftVersion) -> Line:
    """Return a draft's version as a line of a list: who made it when, by which amendment, and its
    hash."""
    known = {
        "version": one.version,
        "day": Day(one.at),
        "person": person_name(one.who),
        "digest": paragraphs.digest(one.body),
    }
    if one.amendment is None:
        return _("{version}: {day}, {person}. SHA-256 {digest}", **known)
    return _(
        "{version}: {day}, amendment {number} of {person}. SHA-256 {digest}",
        number=one.amendment,
        **known,
    )


def version_difference(old: Body, new: Body) -> list[Line]:
    """Return the difference of two versions of a draft, paragraph by paragraph, in words."""
    lines: list[Line] = []
    for n, one in enumerate(old, start=1):
        if text_of(new, one.key) is None:
            lines += [_("Paragraph {number} is gone", number=n), _take_line(one.text, brief=False)]
    for n, one in enumerate(new, start=1):
        before = text_of(old, one.key)
        if before is None:
            lines += [_("Paragraph {number} is new", number=n), *_put_lines(one.text, brief=False)]
        elif before != one.text:
            head = _("Paragraph {number}", number=n)
            lines += [head, *difference_lines(before, one.text)]
    return lines


def version_file(
    draft: Draft, body: Body, caption: Line, *, room: RoomId | None = None
) -> SendFile:
    """Return a draft's version as a text file, of which everybody can compute the SHA-256."""
    return SendFile(
        f"{draft.name}-{draft.version}.txt",
        "text/plain",
        paragraphs.file_content(body),
        (caption,),
        room=room,
        item=draft.item,
    )


def digest_line(draft: Draft, body: Body) -> Line:
    """Return the line with a draft's version and the SHA-256 of its file."""
    return _(
        "“{name}”, version {version}. SHA-256 of the file: {digest}",
        name=draft.name,
        version=draft.version,
        digest=paragraphs.digest(body),
    )


def conflict_lines(items: Sequence[Number], number: int) -> list[Line]:
    """Return lines that warn that open amendments change the same paragraph, so that only one can
    hold."""
    if not items:
        return []
    return [
        _(
            "Paragraph {number} is also changed by: {numbers}. Whichever is accepted first holds.",
            number=number,
            numbers=tuple(map(str, items)),
        )
    ]
