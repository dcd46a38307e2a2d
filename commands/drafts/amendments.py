"""What an amendment does to a draft, and where it does not fit any more. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.api import Number, UserId
from commands.drafts import word_difference
from commands.drafts.paragraphs import Body, Paragraph, number_of, text_of

BEGINNING = 0
"""Stands for the key of a paragraph: what is added comes before the first."""


class AmendmentKind(StrEnum):
    """What an amendment does with its paragraph."""

    CHANGE = "change"
    DELETE = "delete"
    ADD = "add"


class AmendmentState(StrEnum):
    """What became of an amendment."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one paragraph, written for the version `base`.

    `paragraph` is a key; of what is added, that of the paragraph before it, or `BEGINNING`.
    """

    kind: AmendmentKind
    paragraph: int
    text: str
    base: int


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment of a draft. An empty `who` was forgotten."""

    item: Number
    draft: Number
    change: Change
    who: UserId
    state: AmendmentState


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a change does not fit any more: its paragraph is `gone`, or says something else.

    `merged` is the text with both changes, where they do not touch the same words.
    """

    gone: bool
    merged: str | None = None


def apply_change(change: Change, base: Body, now: Body, key: int) -> Body | Conflict:
    """Return a draft's paragraphs after a change that was written for the paragraphs `base`.

    `key` is the key of a paragraph that is added.
    """
    if change.kind is AmendmentKind.ADD:
        place = _place(change.paragraph, base, now)
        return (*now[:place], Paragraph(key, change.text), *now[place:])
    before, present = text_of(base, change.paragraph), text_of(now, change.paragraph)
    if present is None or before is None:
        return Conflict(gone=True)
    if present == before:
        return replace_paragraph(now, change.paragraph, change.text)
    if change.kind is AmendmentKind.DELETE:
        return Conflict(gone=False)
    if present == change.text:
        return now
    return Conflict(gone=False, merged=word_difference.merge_texts(before, present, change.text))


def replace_paragraph(body: Body, key: int, text: str) -> Body:
    """Return a draft's paragraphs with another text of one of them, or without it if the text is
    empty."""
    changed = (Paragraph(key, text) if one.key == key else one for one in body)
    return tuple(one for one in changed if one.text)


def _place(after: int, base: Body, now: Body) -> int:
    """Return where a paragraph is added.

    Behind what others have added there since; if the paragraph before it is gone, behind the
    nearest one before that which is left.
    """
    known = {one.key for one in base}
    earlier = [one.key for one in base[: number_of(base, after)]]
    place = max((number_of(now, key) for key in earlier), default=0)
    while place < len(now) and now[place].key not in known:
        place += 1
    return place


def same_place(one: Change, other: Change) -> bool:
    """Return whether two changes of a draft exclude each other: neither adds a paragraph, and both
    are of the same paragraph, so that only one can hold as it is written."""
    adds = AmendmentKind.ADD in (one.kind, other.kind)
    return not adds and one.paragraph == other.paragraph
