"""Tables for spreadsheets: what one of them would take for a formula is guarded, and comes back."""

from __future__ import annotations

import pytest

from bot.documents.spreadsheets import guard_cell, unguard_cell


@pytest.mark.parametrize(
    "before", ["", "\x00", " ", "\t", "\r\n", "\u200b", "\ufeff", "\u202e", "'"]
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "'"])
def test_whatever_stands_before_the_sign_it_is_guarded(before: str, sign: str) -> None:
    """LibreOffice drops NUL, and trims where it is told to (found by tests/faults/test_20)."""
    cell = f"{before}{sign}1+1"
    assert guard_cell(cell) == f"'{cell}"
    assert unguard_cell(guard_cell(cell)) == cell


@pytest.mark.parametrize("cell", ["", "Norte", "a=1", "1+1", "«=»", " Sur "])
def test_what_is_no_formula_stays(cell: str) -> None:
    assert guard_cell(cell) == cell
    assert unguard_cell(cell) == cell
