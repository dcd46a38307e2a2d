"""Nearly four hundred lines that people would type: none does the wrong thing."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.run.app import features
from bot.testing.talk import Talk
from tests.conversation.typed_lines import TypedLine, outcome, type_line, typed_lines

LINES = list(typed_lines())
ZONE = ZoneInfo("America/Bogota")
TODAY = tuple(
    re.compile(rf"\b(?:{names})\b")
    for names in (
        *("lun|lunes|seg|segunda", "mar|martes|ter|ter[çc]a", "mi[ée]rcoles|quarta"),
        *("jue[vb]es|quinta", "viernes|sexta", "s[áa]bado", "domingo"),
    )
)
"""The names of each day of the week, as people type them, from Monday on."""
RANK = ("wrong", "silence", "next", "asked", "understood")


@pytest.mark.parametrize("one", LINES, ids=lambda one: f"{one.language}-{one.line}")
async def test_a_line_is_answered_as_well_as_it_was(tmp_path: Path, one: TypedLine) -> None:
    talk = await Talk.start(tmp_path / "minga.db", features(), language=one.language)
    try:
        heard = await type_line(talk, one)
    finally:
        await talk.close()
    found = outcome(one, heard)
    if found == "asked" and re.search(TODAY[talk.clock.at.astimezone(ZONE).weekday()], one.line):
        found = "understood"  # on a Thursday `jueves` is today or in a week: a question is right
    if one.goal == "talk":
        assert found == "silence", heard
    else:
        assert RANK.index(found) >= RANK.index(one.outcome), f"{found}: {heard}"


def test_the_lines_are_many_and_half_have_mistakes() -> None:
    for language in ("es", "pt"):
        typing = Counter(one.typing for one in LINES if one.language == language)
        assert sum(typing.values()) >= 150
        assert typing["mistake"] >= 0.45 * sum(typing.values())


def test_nearly_every_line_is_answered() -> None:
    said = [one for one in LINES if one.goal != "talk"]
    counts = Counter(one.outcome for one in said)
    assert counts["wrong"] == 0
    assert counts["silence"] <= 0.03 * len(said), counts
    assert counts["understood"] >= 0.8 * len(said), counts
