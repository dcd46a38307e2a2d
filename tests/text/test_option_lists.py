"""Options as people type them, with the quotes of a phone."""

from __future__ import annotations

import pytest

from bot.text.option_lists import split_list


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("'Pan', 'Té'", ("Pan", "Té")),
        ("'Norte' o 'Sur'", ("Norte", "Sur")),
        ("Martha's, rock 'n' roll, l'eau", ("Martha's", "rock 'n' roll", "l'eau")),
        ("'Dora's', ''", ("'Dora's'", "''")),
    ],
)
def test_single_quotes_around_an_option_are_taken_off(text: str, options: tuple[str, ...]) -> None:
    assert split_list(text) == options
