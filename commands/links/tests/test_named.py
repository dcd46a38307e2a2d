"""A list of names, of which some hold what stands between names."""

from __future__ import annotations

import pytest

from commands.links.network_names import split_names

KNOWN = {
    "tierra y libertad",
    "tierra",
    "libertad",
    "mar y sol",
    "tierra y mar",
    "sur, norte y mas",
    "mulheres e terra",
    "black and red",
    "@minga:b",
    "57",
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", []),
        ("Tierra y Libertad", ["tierra y libertad"]),
        ("Tierra, Libertad", ["tierra", "libertad"]),
        ("“Tierra y Libertad” y Tierra", ["tierra y libertad", "tierra"]),
        ("Tierra y Libertad, Mar y Sol e 57", ["tierra y libertad", "mar y sol", "57"]),
        ("Tierra y Mar y Sol", ["tierra", "mar y sol"]),
        ("Sur, Norte  y más, @minga:b.", ["sur, norte y mas", "@minga:b"]),
        ("Mulheres e Terra and Black and Red", ["mulheres e terra", "black and red"]),
        ("Tierra, y Libertad", ["tierra", "libertad"]),
        ("Tierra y Luna", None),
        ("Mar", None),
        ("Sol" + " y Sol" * 300, None),
        ("Tierra" + ", Tierra" * 300, ["tierra"] * 301),
    ],
)
def test_the_longest_names_are_meant_that_account_for_all(
    typed: str, meant: list[str] | None
) -> None:
    assert split_names(typed, KNOWN) == meant
