"""One thing has one word in each language: what `docs/glossary.md` rules out is said nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import words
from tests.text.catalogues import all_said

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
COLUMNS = {"es": 3, "pt": 4}
EXCEPT = 5


def rows() -> list[list[str]]:
    """Return the cells of each row of the table, without its heading."""
    lines = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def listed(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(",") if word.strip()]


def pattern_of(word: str) -> str:
    r"""Return a regular expression of a word of the table: `vet*` gives `\bvet\w*`."""
    return r"\b" + re.escape(word).replace(r"\*", r"\w*") + r"(?!\w)"


def test_the_table_has_a_word_in_every_language() -> None:
    assert len(rows()) >= 50
    for row in rows():
        assert len(row) == EXCEPT + 1 and all(row[:3]), row


@pytest.mark.parametrize("language", words.TRANSLATED)
def test_what_the_glossary_rules_out_is_said_nowhere(language: str) -> None:
    wrong = []
    for row in rows():
        for word in listed(row[COLUMNS[language]]):
            pattern = re.compile(pattern_of(word), re.IGNORECASE)
            wrong += [
                f"{word}: {said.text}"
                for said in all_said(language)
                if pattern.search(said.prose) and said.folder not in listed(row[EXCEPT])
            ]
    assert wrong == []
