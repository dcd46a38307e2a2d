"""What the review of the language mended stays mended, in every sentence of every list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.capability.registry import Registry
from bot.run.app import features
from bot.text.command_words import Words
from bot.text.command_words import words as words_of
from bot.text.normalisation import fold
from tests import words
from tests.text.catalogues import CODE, all_said, in_a_terminal

MOST_LETTERS = 120
LISTED = Path(__file__).with_name("long_sentences.txt")
MOMENT = re.compile(
    r"\b(?:hasta|desde|antes de|para|vence|termina|terminó"
    r"|guardado|corregido|revisado|listo|llegaste)"
    r" \{(?:moment|since|until|day|when|end|due)\}",
    re.IGNORECASE,
)
each_translation = pytest.mark.parametrize("language", words.TRANSLATED)


def found(language: str, pattern: str | re.Pattern[str], *, code: bool = False) -> list[str]:
    """Return the sentences that have the pattern, in their prose or in their `code`."""
    wrong = re.compile(pattern)
    return [
        said.text
        for said in all_said(language)
        if any(map(wrong.search, said.codes if code else [said.prose]))
    ]


def test_a_moment_has_its_article_in_spanish() -> None:
    said = [CODE.sub("", one.text) for one in all_said("es")]
    assert [text for text in said if MOMENT.search(text)] == []


def test_a_no_is_said_in_portuguese() -> None:
    assert found("pt", r" no$", code=True) == []


@each_translation
def test_an_example_is_introduced_one_way(language: str) -> None:
    assert found(language, r"[Pp]or (?:ejemplo|exemplo)") == []


@each_translation
def test_quotes_are_curly(language: str) -> None:
    assert found(language, r"[\"«»]") == []


@pytest.mark.parametrize("language", (*words.TRANSLATED, "en"))
def test_long_sentences_are_listed_and_the_list_only_shrinks(language: str) -> None:
    listed = LISTED.read_text("utf-8").splitlines()
    long = {
        s.text
        for s in all_said(language)
        if max(map(len, s.text.split("\n"))) > MOST_LETTERS and s.english not in in_a_terminal()
    }
    assert sorted(long - {*listed}) == [], "say it in 120 letters"
    if language == "en":
        others = {s.text for other in words.TRANSLATED for s in all_said(other)}
        assert sorted({*listed} - long - others) == [], f"take it out of {LISTED.name}"


def spellings(names: Iterable[Words], language: str) -> dict[str, set[str]]:
    """Map each main word, in small letters without accents, to how it may be written."""
    found: dict[str, set[str]] = {}
    for name in names:
        written = name.in_language(language)
        found.setdefault(fold(written), set()).add(written.lower())
    return found


def misspelt(begins: str, known: dict[str, set[str]]) -> bool:
    """Return whether a line begins with one of the words, but lacks its accents."""
    line = begins.lower()
    for length in {*map(len, known)}:
        whole = not line[length : length + 1].isalnum()
        if whole and line[:length] not in known.get(fold(line[:length]), {line[:length]}):
            return True
    return False


@each_translation
def test_what_is_shown_to_be_typed_has_its_accents(language: str) -> None:
    registry = Registry(features())
    commands = spellings((c.name for c in registry.commands), language)
    settings = spellings((s.name for s in registry.settings), language)
    arguments = spellings((a.name for c in registry.commands for a in c.args), language)
    wrong = []
    for said in all_said(language):
        for line in said.codes:
            chosen = line.removeprefix("!").removeprefix("configurar ")
            if (
                misspelt(line.removeprefix("!"), commands)
                or (chosen != line.removeprefix("!") and misspelt(chosen, settings))
                or any(misspelt(word, arguments) for word in re.findall(r"[\w-]+(?=:\S)", line))
            ):
                wrong.append(line)
    assert wrong == []


def test_an_unaccented_word_is_found() -> None:
    known = spellings([words_of("pánico", "pânico", "panic")], "es")
    assert misspelt("panico avisar", known) and not misspelt("pánico avisar", known)
