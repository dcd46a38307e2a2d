"""Minutes as a Markdown file in which no word of a person acts as markup."""

from __future__ import annotations

import re

from bot.api import FileContent, RenderLine
from commands.meetings.minutes import LINK, MeetingMinutes

_SIGNS = re.compile(r"([\\`*_\[\]<>|~#&])")
_FIRST = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def make_document(found: MeetingMinutes, tell: RenderLine) -> FileContent:
    """Return a meeting's minutes as Markdown, in the language of `tell`."""
    first, *others = found.head
    blocks = [
        f"# {escape_markdown(tell(first))}",
        "\n".join(f"{escape_markdown(tell(one))}  " for one in others),
    ]
    for part in found.parts:
        rows = "\n".join(f"- {escape_markdown(tell(row))}" for row in part.rows)
        blocks.append(f"## {escape_markdown(tell(part.title))}\n\n{rows}")
    return FileContent(("\n\n".join(blocks) + "\n").encode())


def escape_markdown(said: str) -> str:
    """Return one line of plain text escaped for Markdown and HTML. Links stay links."""
    out, last = "", 0
    line = " ".join(said.split())
    for link in LINK.finditer(line):
        out += _plain(line[last : link.start()]) + f"<{link[0]}>"
        last = link.end()
    return _FIRST.sub(r"\1\\\2", out + _plain(line[last:]))


def _plain(said: str) -> str:
    return _SIGNS.sub(r"\\\1", said)
