"""5,000 hostile texts through every command that says a person's words again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.run.app import features
from bot.testing.posted_event import PostedEvent
from bot.testing.talk import Talk, user_id
from tests.faults.figures import FULL, Figure, full_or

TEXTS = full_or(5_000, 60)
FRESH = 100
"""After so many texts everything begins anew: what was made is in nobody's way."""
EVERY = sorted({str(command.name.es) for one in features() for command in one.commands})
BEFORE = ("", "1 ", "@bea:test ", "mañana 17h; ", "@bea:test 2h ", '"¿Qué?" "Sí" "No" ')
FEW = ("encuesta ¿Qué? Sí, ", "recordar mañana 17h; ", "guardar ", "ofrezco ", "evento ", "tarea ")
ENDING = {"autodestruir", "salir", "borrarme"}
TAGS = {"a", "br", "strong", "code", "em", "ul", "ol", "li", "p", "blockquote", "pre"}
FORBIDDEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\ufeff]")
LINK = "https://matrix.to/#/"
STRANGER = "@spoof:evil.example"
NASTY = st.sampled_from(
    [
        *(
            "<b>x</b>",
            "<script>alert(1)</script>",
            "</code>",
            "<img src=x onerror=y>",
            "&lt;",
            "&#60;",
        ),
        *('"><a href="javascript:x">', "<!--", "]]>", "<mx-reply>", "</strong>", "'", '"', "&"),
        *(
            "**a**",
            "`b`",
            "```\nc\n```",
            "[x](https://evil.example)",
            "# t",
            "> q",
            "| a | b |",
            "\\",
        ),
        *("\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164"),
        *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\u2028", "\r\n", "\t", "\n\n"),
        *(
            "@room",
            STRANGER,
            f"{LINK}{STRANGER}",
            f"<a href='{LINK}@bea:test'>Bea</a>",
            "@bea:test",
        ),
        *(
            "{who}",
            "{0}",
            "{",
            "}",
            "%s",
            "%(x)s",
            "${x}",
            "🎉",
            "👩\u200d🌾",
            "𝕏",
            "e\u0301" * 9,
            "ñ",
        ),
        *("x" * 10_000, "<" * 300, "&amp;" * 99, "a " * 400, "#tema", ", ", "; ", " | ", "1", "sí"),
    ]
)
HOSTILE = st.lists(NASTY | st.text(max_size=20), min_size=1, max_size=9).map("".join)


class Html(HTMLParser):
    """Parses HTML: which tags it has, whether they close in order, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: set[str] = set()
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += [f"{tag} stays open" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in TAGS or set(given) - ({"href"} if tag == "a" else set()):
            self.wrong.append(f"<{tag} {given}>")
        self.links |= {str(given["href"])} if "href" in given else set()
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.wrong.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def strings(value: Any) -> Iterator[str]:
    """Yield every text in the content of an event."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


@dataclass
class Check:
    """Collects what was wrong in the bot's events: HTML, mentions, code points."""

    html: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)

    def look(self, form: str, post: PostedEvent, *, there: set[str]) -> None:
        content = post.content
        said = Html(str(content.get("formatted_body", "")))
        self.html += [f"{form!r}: {one}" for one in said.wrong]
        if post.kind.startswith("m.room.message") or post.is_poll:
            mentions = content.get("m.mentions")
            told = set(mentions.get("user_ids", ())) if isinstance(mentions, Mapping) else {"none"}
            linked = {unquote(link.removeprefix(LINK)) for link in said.links}
            if not told <= there or "room" in (mentions or {}) or not linked <= told:
                self.mentions.append(f"{form!r}: {mentions} {said.links}")
        for text in strings(content):
            odd = FORBIDDEN.findall(text)
            odd += [c for c in text if unicodedata.category(c) == "Cc" and c != "\n"]
            self.points += [f"{form!r}: {one!a} in {text[:60]!a}" for one in odd[:1]]


@asynccontextmanager
async def conversation(folder: Path, numbers: count[int]) -> Any:
    talk = await Talk.start(folder / f"{next(numbers)}.db", features())
    try:
        yield talk
    finally:
        await talk.close()


async def typed(talk: Talk, form: str, words: str) -> list[PostedEvent]:
    """Return what the bot sends where Ana types the form in the room and in private.

    She answers yes to questions, then gives up.
    """
    for line in (f"!{form}{words}", "sí", "cancelar"):
        await talk.says("ana", line)
        await talk.tells("ana", line)
    return await talk.sent()


async def echoing(folder: Path, numbers: count[int]) -> list[str]:
    """Try every command; return those that repeat a person's words, with what stands before."""
    found = []
    for start in range(0, len(EVERY), 12):
        async with conversation(folder, numbers) as talk:
            for name in set(EVERY[start : start + 12]) - ENDING:
                for before in BEFORE:
                    posts = await typed(talk, f"{name} {before}", "xilofono verde")
                    if any("xilofono" in text for p in posts for text in strings(p.content)):
                        found.append(f"{name} {before}")
    return found


def texts(how_many: int) -> list[str]:
    """Return texts that Hypothesis makes."""
    made: list[str] = []

    @settings(
        max_examples=how_many,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(HOSTILE)
    def collect(text: str) -> None:
        made.append(text)

    collect()
    return made


async def test_what_people_write_stays_words(figure: Figure, tmp_path: Path) -> None:
    figure.mark(
        "of 5,000 texts: all HTML of allowed tags, every m.mentions as expected, 0 forbidden code"
        " points"
    )
    numbers, check = count(), Check()
    forms = await echoing(tmp_path, numbers) if FULL else list(FEW)
    made, there, posts, echoed = (
        texts(TEXTS),
        {str(user_id(who)) for who in ("ana", "bea", "carla")},
        0,
        0,
    )
    for start in range(0, len(made), FRESH):
        async with conversation(tmp_path, numbers) as talk:
            for n, words in enumerate(made[start : start + FRESH], start):
                form = forms[n % len(forms)]
                sent = await typed(talk, form, f"k{n}k {words}")
                posts += len(sent)
                echoed += any(f"k{n}k" in text for p in sent for text in strings(p.content))
                for post in sent:
                    check.look(form, post, there=there)
    wrong = [*check.html[:9], *check.mentions[:9], *check.points[:9]]
    print(*wrong, sep="\n")  # noqa: T201
    figure.result(
        f"{len(made):,} texts through {len(forms)} forms of commands, {echoed:,} said again,"
        f" {posts:,} events: wrong HTML {len(check.html)}, mentions {len(check.mentions)},"
        f" code points {len(check.points)}",
        passed=not wrong and len(made) >= TEXTS and echoed * 3 >= len(made),
        texts=len(made),
        forms=len(forms),
        events=posts,
        echoed=echoed,
    )
