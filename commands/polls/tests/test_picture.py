"""The bar picture: all letters of our languages, told apart without colour, small."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.api import pictures
from commands.poll_book.bar_chart import MARGIN, MOST_BARS, OTHER, WIDTH, WON, ChartBar, draw_bars


def picture(rows: list[ChartBar], title: str = "¿Dónde nos reunimos?") -> Image.Image:
    data, size = draw_bars(
        title, "Gana Norte", rows, "Cerró el viernes 27 de noviembre, 18:00 (Bogotá)"
    )
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    assert image.size == size
    assert len(data) < 30_000
    return image.convert("RGB")


def luminance(colour: tuple[int, int, int]) -> float:
    parts = [c / 255 for c in colour]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_winner_stands_out_without_colour() -> None:
    """WCAG 1.4.11: a contrast of 3 to 1 between things that must be told apart."""
    dark, light = sorted((luminance(WON), luminance(OTHER)))
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_bars_are_as_long_as_their_share() -> None:
    image = picture(
        [ChartBar("Norte", "3 (75%)", 0.75, True), ChartBar("Sur", "1 (25%)", 0.25, False)]
    )
    grey = image.convert("L")
    dark = max(sum(grey.crop((0, y, WIDTH, y + 1)).histogram()[:80]) for y in range(image.height))
    assert abs(dark - 0.75 * (WIDTH - 2 * MARGIN)) < 12


@pytest.mark.parametrize("label", ["x" * 240, "muchas palabras " * 15, "", "🌽"])
def test_any_label_fits(label: str) -> None:
    picture([ChartBar(label, "0 (0%)", 0.0, False)] * MOST_BARS, title=label)


def test_a_title_of_ten_words_stands_whole_on_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = pictures.Picture.draw_word

    def note(self: pictures.Picture, at: tuple[int, int], word: str, size: int) -> None:
        drawn.append(word)
        draw(self, at, word, size)

    monkeypatch.setattr(pictures.Picture, "draw_word", note)
    title = "¿Compramos la olla grande para la cocina comunitaria?"
    image = picture([ChartBar("Sí", "3 (75%)", 0.75, True)] * 4, title=title)
    assert " ".join(drawn[:2]) == title
    assert 3 * image.width >= 4 * image.height
    drawn.clear()
    image = picture([ChartBar("Sí", "3 (75%)", 0.75, True)] * MOST_BARS, title=title)
    assert drawn[0].endswith("…"), "no room for two where there are many bars"
    assert 3 * image.width >= 4 * image.height
