"""The words of a title stand for it at the beginning of a text."""

from __future__ import annotations

import pytest

from bot.text.titles import split_title


@pytest.mark.parametrize(
    ("text", "title", "found"),
    [
        ("el asado para el domingo", "Asado comunitario", (1, "para el domingo")),
        ("al asado comunitário.", "Asado comunitario", (2, "")),
        ("asado de la escuela a las 5", "Asado de la escuela", (2, "a las 5")),
        ("a roda pra dom 16h", "Roda de conversa", (1, "pra dom 16h")),
        ("the teas to 4pm", "Newcomers tea", (1, "to 4pm")),
        ("con Ana", "La fiesta de Ana", None),
        ("a las 5", "Taller a las 5", None),
        ("la", "La huerta", None),
        ("", "Huerta", None),
        ("mi regreso", "Asado", None),
    ],
)
def test_a_text_begins_with_words_of_a_title(
    text: str, title: str, found: tuple[int, str] | None
) -> None:
    assert split_title(text, title) == found
