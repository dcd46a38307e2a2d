"""The reference of commands and settings is what the capabilities declare, in three languages."""

from __future__ import annotations

import re

import pytest

from bot.capability.discovery import features
from tests.reference import PAGES, ROOT, reference


@pytest.mark.parametrize("language", PAGES)
def test_the_page_is_what_the_declarations_make(language: str) -> None:
    """To write the pages anew: `python -m tests.reference`."""
    page = ROOT / PAGES[language].file
    assert page.read_text(encoding="utf-8") == reference(language)


@pytest.mark.parametrize("language", PAGES)
def test_each_command_and_each_setting_stands_there_in_three_columns(language: str) -> None:
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \| `(.+?)` \| (.+) \|$", reference(language), re.M)
    found = {tuple(row[:3]) for row in rows}
    commands = [command.name for one in features() for command in one.commands]
    settings = [setting.name for one in features() for setting in one.settings]
    assert len(commands) > 100
    assert len(settings) > 40
    assert {(f"!{n.es}", f"!{n.pt}", f"!{n.en}") for n in commands} <= found
    assert {(n.es, n.pt, n.en) for n in settings} <= found
    assert all(row[3].strip() for row in rows)
