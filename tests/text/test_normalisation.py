"""What is found in folded text is cut out of the text that was typed."""

from __future__ import annotations

import pytest

from bot.text.normalisation import fold, fold_in_place


@pytest.mark.parametrize("text", ["Straße 5", "İzmir", "oﬁcina ﬂor", "ÁÉÍ ñandú", "Ǆ ŉ ΐ", "plain"])
def test_folding_in_place_keeps_the_length(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


def test_folding_in_place_is_folding_for_our_languages() -> None:
    letters = "ÁÀÂÃÄÇÉÈÊÍÌÓÒÔÕÖÚÙÜÑáàâãäçéèêíìóòôõöúùüñ¿¡ABCxyz"
    assert fold_in_place(letters) == fold(letters)
