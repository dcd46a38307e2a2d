"""What six people type on phones, written before anybody looked at what is accepted.

Rosa (61, Bogotá, speaks to her phone), Jana (19, Brazil, abbreviates), Sam (moderates, first day);
Marta (coordinates 350 organisations, formal, two wishes in a line), Lua (17, Brazil, voice without
punctuation), Priya (journalist under threat, terse, wants to know who sees what).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import Talk

DATA = Path(__file__).parents[1] / "data"
FILES = ("three_people.tsv", "three_more_people.tsv")
SPEAKERS = {
    "rosa": ("bea", "es"),
    "jana": ("bea", "pt"),
    "sam": ("ana", "en"),
    "marta": ("ana", "es"),
    "lua": ("bea", "pt"),
    "priya": ("bea", "en"),
}
"""Who types a person's lines, and in which language the room is."""
SCENES = {
    ("none", "es"): (),
    ("none", "pt"): (),
    ("none", "en"): (),
    ("event", "es"): ("bea", "!evento asado comunitario en 3 días 11:00"),
    ("event", "pt"): ("bea", "!evento roda de conversa em 3 dias 15:00"),
    ("event", "en"): ("ana", "!event Newcomers tea in 3 days 15:00"),
    ("poll", "es"): ("ana", "!encuesta ¿Pintamos el salón? Sí, No"),
    ("poll", "pt"): ("ana", "!enquete Onde comemos? Pizza, Açaí"),
    ("poll", "en"): ("ana", "!poll Best day for tea? Sat, Sun"),
    ("loan", "es"): ("ana", '!presto "escalera" a @bea:test hasta en 2 días'),
    ("loan", "pt"): ("ana", '!empresto "caixa de som" para @bea:test até em 2 dias'),
}
"""Who said what before, by scene and language."""


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One line, the scene in which it is typed, what its answer is worth, and a pattern for it.

    `worth`: `understood`, `asked` (a fitting question), `next` (says how it is typed), `unheard`
    (said to the bot, which does not answer) or `silence` (talk that the bot leaves alone).
    """

    person: str
    where: str
    scene: str
    worth: str
    answer: str
    line: str

    @property
    def is_said_to_bot(self) -> bool:
        """Whether it is: in private, by the prefix, or with the bot's name in it."""
        return self.where == "private" or re.search(r"^!|\bminga\b", self.line, re.I) is not None


def phone_lines(name: str) -> list[PhoneLine]:
    """Return all lines of a file, in the order in which they were written."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [PhoneLine(**row) for row in rows]


LINES = [one for name in FILES for one in phone_lines(name)]


@pytest.mark.parametrize("one", LINES, ids=lambda one: f"{one.person}-{one.line}")
async def test_a_line_is_answered_as_it_should_be(tmp_path: Path, one: PhoneLine) -> None:
    who, language = SPEAKERS[one.person]
    talk = await Talk.start(tmp_path / "minga.db", features(), language=language)
    try:
        if scene := SCENES[one.scene, language]:
            await talk.says(*scene)
            await talk.sent()
        await (talk.tells if one.where == "private" else talk.says)(who, one.line)
        heard = "\n".join(post.plain for post in await talk.said())
    finally:
        await talk.close()
    if one.worth in ("silence", "unheard"):
        assert heard == "", heard
    else:
        assert heard and re.search(one.answer, heard, re.MULTILINE), heard


@pytest.mark.parametrize(("name", "share"), list(zip(FILES, (0.72, 0.54), strict=True)))
def test_of_what_is_said_to_the_bot_most_is_understood(name: str, share: float) -> None:
    lines = phone_lines(name)
    said = [one for one in lines if one.is_said_to_bot]
    assert len(lines) >= 90 and len(said) >= 75
    assert Counter(one.worth for one in said)["understood"] >= share * len(said)


def test_nothing_that_is_said_to_the_bot_is_not_heard() -> None:
    """Who puts the bot's name before a line and hears nothing does not know that it was not heard.

    Thanks need no answer: `blz vlw minga`.
    """
    worths = Counter(one.worth for one in LINES if one.is_said_to_bot)
    assert worths["unheard"] == 0
    assert worths["silence"] == 1
