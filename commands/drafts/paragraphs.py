"""The paragraphs of a draft: split from a text, numbered, written out and hashed. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import one_line

MOST_PARAGRAPHS = 100
LONGEST_PARAGRAPH = 2000
"""Characters of one paragraph."""
LONGEST_DRAFT = 30_000
"""Characters of a whole draft, with its numbers. A message has fewer: others add to it."""
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]\s+(?=\S)")
_INLINE = re.compile(r"(?:(?<=\s)|^)(\d{1,3})[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. Its `key` stays when its number changes or others come before it."""

    key: int
    text: str


Body = tuple[Paragraph, ...]


def split_paragraphs(text: str, first: int = 1) -> list[str]:
    """Return the paragraphs of a text, each on one line, without the numbers typed before them.

    They stand between empty lines; without any, one a line; on one line, behind their numbers.
    Numbers count from 1, or from `first`, where the text is added to others.
    """
    text = text.replace("\r\n", "\n").strip()
    parts = re.split(r"\n[ \t]*\n\s*", text) if re.search(r"\n[ \t]*\n", text) else text.split("\n")
    if len(parts) == 1:
        parts = _split_inline(parts[0])
    found = [one for one in map(one_line, parts) if one]
    return (
        [_NUMBER.sub("", one, count=1) for one in found] if _are_numbered(found, first) else found
    )


def _split_inline(line: str) -> list[str]:
    """Split `1. a 2. b` at its numbers where they count from 1; else the line is one paragraph."""
    starts: list[int] = []
    for match in _INLINE.finditer(line):
        if int(match[1]) == len(starts) + 1:
            starts.append(match.start())
    if len(starts) < 2 or line[: starts[0]].strip():
        return [line]
    return [line[a:b] for a, b in zip(starts, [*starts[1:], len(line)], strict=True)]


def _are_numbered(parts: Sequence[str], first: int) -> bool:
    """Return whether the paragraphs bring numbers of their own, counted from 1 or from `first`."""
    numbers = [int(found[1]) for found in map(_NUMBER.match, parts) if found]
    begins = numbers[:1] in ([1], [first])
    return begins and numbers == list(range(numbers[0], numbers[0] + len(parts)))


def number_of(body: Body, key: int) -> int:
    """Return the number (from 1) of the paragraph with this key, or 0 if it was removed."""
    return next((n for n, one in enumerate(body, start=1) if one.key == key), 0)


def text_of(body: Body, key: int) -> str | None:
    """Return the text of the paragraph with this key, or None if it is gone."""
    return next((one.text for one in body if one.key == key), None)


def write_out(body: Body) -> str:
    """Return the whole text of a draft, with numbers, and an empty line between paragraphs."""
    return "\n\n".join(f"{n}. {one.text}" for n, one in enumerate(body, start=1)) + "\n"


def file_content(body: Body) -> bytes:
    """Return the bytes of the text file of a draft's version, of which `digest` is the SHA-256."""
    return write_out(body).encode()


def digest(body: Body) -> str:
    """Return the SHA-256 of the text file of a draft's version, in hexadecimal."""
    return hashlib.sha256(file_content(body)).hexdigest()
