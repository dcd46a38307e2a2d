"""The guides in `docs/`: what is typed in them, and the conversations that they show.

A conversation is a fenced block that begins with a line of somebody's. Each line is `Name: words`,
with what else there is between the name and the colon: `Ana, en privado:`, `Bea, en respuesta:`,
`Bea toca: Biblioteca`, and likewise in Portuguese and English. What Minga says goes on in lines
that are indented; `…` leaves something out. The guides show a Wednesday, 25 November 2026, and
begin with the number 12; here their dates are those of the day on which the test runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from bot import dates
from bot.delivery.event_content import POLL_TYPE
from bot.delivery.rendering import NO_BREAK
from bot.testing.fake_machine import StartTime
from bot.testing.talk import ROOM, PostedEvent, Talk, day_in_words
from tests.reference import PAGES

ROOT = Path(__file__).parents[1]
REFERENCES = {ROOT / page.file for page in PAGES.values()}
LANGUAGES = ("es", "pt", "en")
FIRST_NUMBER = 12
SHOWN_DAY = StartTime().at
"""The day that the guides show."""
DAYS_SHOWN = 15
PRIVATE = ("en privado", "em privado", "in private")
REPLY = ("en respuesta", "em resposta", "in reply")
TAPS = ("toca", "toca em", "taps")
_BLOCK = re.compile(r"^```(?:text)?\n(.+?)^```$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(
    rf"(?P<who>[A-ZÁ]\w+)(?:, (?P<how>{'|'.join((*PRIVATE, *REPLY))})| (?P<taps>{'|'.join(TAPS)}))?"
    r": (?P<words>.+)"
)
_CODE = re.compile("`([^`]+)`")


class Spoken(NamedTuple):
    """A line of a conversation in a guide."""

    who: str
    how: str
    words: str


def guides(language: str) -> list[Path]:
    """Return the guides of a language, without its reference."""
    found = [ROOT / f"README.{language}.md", *sorted((ROOT / "docs" / language).glob("*.md"))]
    return [one for one in found if one not in REFERENCES and one.exists()]


def conversations(text: str) -> Iterator[list[Spoken]]:
    """Yield the conversations of a guide."""
    for block in _BLOCK.findall(text):
        if _LINE.match(block):
            yield list(_spoken(block))


def codes(text: str) -> list[str]:
    """Return what stands between backticks, outside of fenced blocks."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [" ".join(code.split()) for code in _CODE.findall(prose)]


def typed(text: str) -> list[str]:
    """Return what people type in the conversations of a guide."""
    return [one.words for block in conversations(text) for one in block if one.who != "Minga"]


def _spoken(block: str) -> Iterator[Spoken]:
    last = Spoken("", "", "")
    for line in block.rstrip().splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            assert line.startswith("  ") or line == "…", f"neither somebody's nor indented: {line}"
            last = Spoken(last.who, last.how, line.strip())
        else:
            last = Spoken(found["who"], found["how"] or found["taps"] or "", found["words"])
        yield last


@dataclass(slots=True)
class Replay:
    """A conversation of a guide, said again."""

    talk: Talk
    language: str
    opening: PostedEvent | None = None
    poll: PostedEvent | None = None
    heard: list[PostedEvent] = field(default_factory=list)

    async def says(self, one: Spoken) -> None:
        """Say one line, or look for it in what Minga has just said."""
        if one.who == "Minga":
            self._find(one)
            return
        if one.how in TAPS:
            await self._tap(one)
        elif one.how in REPLY:
            await self.talk.says(one.who.lower(), one.words, reply=self.opening)
        elif one.how in PRIVATE:
            await self.talk.tells(one.who.lower(), one.words)
        else:
            await self.talk.says(one.who.lower(), one.words)
        await self._listen()

    async def _tap(self, one: Spoken) -> None:
        assert self.poll is not None
        answers = self.poll.content[f"{POLL_TYPE}.start"]["answers"]
        labels = [answer["org.matrix.msc1767.text"] for answer in answers]
        await self.talk.taps(one.who.lower(), self.poll, labels.index(one.words) + 1)

    async def _listen(self) -> None:
        posts = await self.talk.sent()
        self.heard = [post for post in posts if post.kind == "m.room.message"]
        if (poll := next((post for post in posts if post.is_poll), None)) is not None:
            self.poll, self.opening = poll, self.heard[0]

    def _find(self, one: Spoken) -> None:
        if one.words == "…":
            return
        said = [p.plain for p in self.heard if (p.room == ROOM) != (one.how in PRIVATE)]
        words = _today(one.words, self.language).split("…")
        wanted = re.compile(".*".join(re.escape(part.strip()) for part in words))
        text = "\n".join(said).replace(NO_BREAK, " ")
        assert wanted.search(text), f"{one.words!r} in {text!r}"


def _today(words: str, language: str) -> str:
    """Return the words with the guide's dates turned into those of this run, each once."""
    turned: dict[str, str] = {}
    for days in range(DAYS_SHOWN):
        at = SHOWN_DAY + timedelta(days=days)
        shown = dates.say_day(at, "America/Bogota", language, now=SHOWN_DAY)
        now = day_in_words(days, language)
        turned |= {shown: now, shown.capitalize(): now.capitalize()}
    return re.sub("|".join(map(re.escape, turned)), lambda found: turned[found[0]], words)


async def begin(talk: Talk) -> None:
    """Let the next number be the first one of the guides."""
    async with talk.machine.db.transaction() as tx:
        await tx.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('item', ?)", FIRST_NUMBER - 1)
