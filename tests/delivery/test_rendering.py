"""How sentences are drawn: bold words, commands that stay whole, and nothing that people write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.delivery.rendering import Reader, Renderer
from bot.i18n import Catalogue
from bot.lines import Line
from bot.testing.talk import Talk
from bot.text.translated_text import TranslatedText

READER = Reader("en", "UTC", "!", datetime(2027, 1, 1, tzinfo=UTC))


def drawn(line: Line) -> tuple[str, str]:
    made = Renderer(Catalogue({}, {})).render_line(line, READER)
    return made.plain, made.html


def test_bold_words_are_bold_only_where_that_can_be_seen() -> None:
    assert drawn(Line("**Decide:** {what}", {"what": "x"})) == (
        "Decide: x",
        "<strong>Decide:</strong> x",
    )


def test_what_a_person_writes_is_never_bold() -> None:
    plain, html = drawn(Line("{what}", {"what": "**a** `b`"}))
    assert plain == html == "**a** `b`"


def test_a_short_command_is_not_broken_at_the_end_of_a_line() -> None:
    plain, html = drawn(Line("Write `!vote 12 2`.", {}))
    assert plain == "Write `!vote 12 2`."
    assert html == "Write <code>!vote\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}2</code>."


def test_a_long_one_may_be() -> None:
    said = "`!remind tomorrow 17:00; call the printer`"
    assert "\N{NO-BREAK SPACE}" not in drawn(Line(said, {}))[1]


async def test_a_copied_command_is_read_with_its_no_break_spaces(talk: Talk) -> None:
    await talk.answer("ana", "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h")
    typed = "!votar 1 2".replace(" ", "\N{NO-BREAK SPACE}")
    assert "Sur" in await talk.answer("bea", typed)


LETTER = TranslatedText("Firmamos <b>", "es", {"pt": "Assinamos \u202eoxiab"})


@pytest.mark.parametrize(
    ("language", "reads_all", "plain"),
    [
        ("es", False, "Firmamos <b>"),
        ("pt", False, "Assinamos oxiab"),
        ("en", False, "Firmamos <b> (not translated)"),
        ("pt", True, "Assinamos oxiab / Firmamos <b>"),
        ("en", True, "Firmamos <b> / Assinamos oxiab"),
    ],
)
def test_a_translated_text_is_shown_to_each_reader_in_theirs(
    language: str, reads_all: bool, plain: str
) -> None:
    reader = replace(READER, language=language, reads_all=reads_all)
    made = Renderer(Catalogue({}, {})).render_line(Line("{text}", {"text": LETTER}), reader)
    assert made.plain == plain
    assert "<b>" not in made.html
