"""Pictures of words: all letters of our languages, and what does not fit is cut."""

from __future__ import annotations

import pytest

from bot.documents.pictures import WIDTH, clip_text, drawable_text, load_font, wrap_text

LETTERS = "áéíóúüñÁÉÍÓÚÜÑ¿¡ãõâêôçàÃÕÂÊÔÇÀ—–…«»“”ºª€%"


def test_the_font_has_every_letter_of_spanish_and_portuguese() -> None:
    assert drawable_text(LETTERS) == LETTERS


def test_what_the_font_lacks_is_left_out() -> None:
    assert drawable_text("Norte 🌽日") == "Norte "


def test_words_are_as_wide_as_they_may_be_and_the_rest_is_cut() -> None:
    lines = wrap_text("muchas palabras " * 40, 19)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(load_font(19).getlength(line) <= WIDTH for line in lines)


@pytest.mark.parametrize("text", ["18:00 Asamblea general", "x" * 10_000, "", "🎉", "Sí"])
def test_what_is_clipped_fits_and_says_that_more_follows(text: str) -> None:
    shown = clip_text(text, 12, 88)
    assert load_font(12).getlength(shown) <= 88
    assert shown in (text, "") or shown.endswith("…")
