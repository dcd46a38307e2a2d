"""Whatever somebody types is read, asked about or refused: it never breaks what reads it."""

from __future__ import annotations

import asyncio
import unicodedata
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.capability.errors import UserError
from bot.capability.registry import Registry
from bot.conversation.arguments import split_arguments
from bot.conversation.grammar import find_taking_back
from bot.conversation.pages import split_page
from bot.run.app import features
from bot.testing.talk import Talk
from bot.text.normalisation import compact, fold, normalise, one_line, shorten_line, strip_hidden
from tests.abuse.fuzzing import LINES, tried

REGISTRY = Registry(features())
EVERY = sorted({str(command.name.es) for command in REGISTRY.commands} - {"autodestruir", "salir"})
ARGS = sorted(
    {command.args for command in REGISTRY.commands if command.args}, key=lambda one: str(one)
)
HIDES = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\u2061\ufeff\u00ad\u034f\u061c\u3164\uffa0")
FRESH = 150
"""After so many lines everything begins anew, so that what was made is in nobody's way."""


def hidden(text: str) -> list[str]:
    """Return the code points of a text that hide or reorder what is around them."""
    found = [c for c in text if c in HIDES or unicodedata.bidirectional(c) in _TURNS]
    return found + [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"]


_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


@tried(400, 20_000)
@example("a\r\nb\x85c")
@given(LINES)
def test_what_is_read_and_what_is_shown_hides_nothing(text: str) -> None:
    assert hidden(normalise(text)) == hidden(strip_hidden(text)) == hidden(one_line(text)) == []
    assert normalise(normalise(text)) == normalise(text)
    assert len(one_line(text).splitlines()) <= 1
    assert len(shorten_line(text)) <= 80


@tried(400, 20_000)
@given(LINES)
def test_the_compared_form_is_the_same_again(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert isinstance(compact(text), str)


@tried(400, 20_000)
@given(LINES, st.sampled_from(ARGS), st.booleans())
def test_a_line_is_split_or_refused(text: str, args: tuple[object, ...], fits: bool) -> None:
    line = normalise(text)
    try:
        found = split_arguments(line, args, lambda _words: fits)  # type: ignore[arg-type]
        question, options = found.question_and_options()
    except UserError:
        return
    assert len(question) + sum(map(len, options)) <= len(line) + 2 * len(options) + 2
    page, rest = split_page(line)
    assert page >= 1
    assert len(rest) <= len(line)


@tried(200, 5_000)
@given(LINES)
def test_nothing_is_taken_back_that_was_not_typed(text: str) -> None:
    takes_back, rest = asyncio.run(find_taking_back(None, text))  # type: ignore[arg-type]
    assert takes_back or rest == text
    assert len(rest) <= len(text)


async def _say(talk: Talk, line: str, is_private: bool) -> list[str]:
    """Send a line and answer what is asked after it. Return the errors in the log."""
    with capture_logs() as logs:
        if is_private:
            await talk.tells("bea", line)
            await talk.tells("bea", "sí")
            await talk.tells("bea", "cancelar")
        else:
            await talk.says("ana", line)
            await talk.says("ana", "sí")
            await talk.says("ana", "cancelar")
        await talk.sent()
    return [str(one) for one in logs if one["log_level"] in ("error", "critical")]


@pytest.mark.parametrize("is_private", [False, True])
def test_no_line_breaks_the_bot(tmp_path: Path, is_private: bool) -> None:
    said = count()
    with asyncio.Runner() as runner:
        talks = [runner.run(Talk.start(tmp_path / "0.db", features()))]

        @tried(40, 3_000)
        @given(st.sampled_from(EVERY), LINES, st.booleans())
        def check(name: str, text: str, is_command: bool) -> None:
            number = next(said)
            if number % FRESH == FRESH - 1:
                runner.run(talks.pop().close())
                talks.append(runner.run(Talk.start(tmp_path / f"{number}.db", features())))
            line = f"!{name} {text}" if is_command else text
            assert runner.run(_say(talks[0], line, is_private)) == []

        try:
            check()
        finally:
            runner.run(talks[0].close())
