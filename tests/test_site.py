"""The checker of the site finds what leads nowhere and what asks other hosts."""

from __future__ import annotations

from pathlib import Path

from tests.site import faults

GOOD = '<h1 id="top">Minga</h1><a href="other.html#there">x</a><a href="https://example.org">y</a>'
OTHER = '<p id="there"><img src="a.png"></p><link rel="stylesheet" href="a.css">'


def site(folder: Path, index: str = GOOD, other: str = OTHER, css: str = "p {}") -> list[str]:
    for name, text in (("index.html", index), ("other.html", other), ("a.css", css), ("a.png", "")):
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(faults(folder.resolve()))


def test_nothing_is_wrong_with_a_whole_site(tmp_path: Path) -> None:
    assert site(tmp_path) == []


def test_a_link_a_place_and_a_picture_that_are_not_there_are_found(tmp_path: Path) -> None:
    links = '<a href="gone.html">x</a><a href="other.html#gone">y</a>'
    found = site(tmp_path, links + '<img src="b.png">')
    assert found == [
        "index.html: leads nowhere: b.png",
        "index.html: leads nowhere: gone.html",
        "index.html: no such place: other.html#gone",
    ]


def test_a_page_that_asks_another_host_is_found(tmp_path: Path) -> None:
    index = '<script src="https://cdn.example.org/a.js"></script>'
    found = site(tmp_path, index, css="@import url(//fonts.example.org/x.css);")
    assert found == [
        "a.css: asks another host: //fonts.example.org/x.css",
        "index.html: asks another host: https://cdn.example.org/a.js",
    ]
