"""The pictures of real clients: small, at both widths, and of a version that stands beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.clients.sizes import MOST_BYTES, NARROW, WIDE
from tests.guides import LANGUAGES, guides

DOCS = Path(__file__).parents[1] / "docs"
CLIENTS = sorted(one for one in (DOCS / "pictures").iterdir())
SHOWN = re.compile(r"!\[(.*?)\]\(\.\./(screens/[^)]+)\)")
MOST_OF_A_SCREEN = 120_000
"""Bytes of a picture that a guide shows: members read it by their phone's data."""


def test_both_clients_were_looked_at() -> None:
    names = {(one / "version.txt").read_text("utf-8").split()[0] for one in CLIENTS}
    assert names == {"cinny", "element-web"}


@pytest.mark.parametrize("folder", CLIENTS, ids=lambda folder: folder.name)
def test_the_version_stands_beside_the_pictures(folder: Path) -> None:
    name, version = (folder / "version.txt").read_text("utf-8").splitlines()[0].split()
    assert folder.name == f"{name}-{version}"


@pytest.mark.parametrize("folder", CLIENTS, ids=lambda folder: folder.name)
def test_each_picture_is_small_and_there_at_both_widths(folder: Path) -> None:
    pictures = sorted(folder.glob("*.png"))
    assert len(pictures) > 10
    for picture in pictures:
        name, _dash, width = picture.stem.rpartition("-")
        with Image.open(picture) as drawn:
            assert (drawn.mode, drawn.width) == ("P", int(width)), picture.name
        assert picture.stat().st_size < MOST_BYTES, picture.name
        for other in (NARROW, WIDE):
            assert (folder / f"{name}-{other}.png").exists(), (name, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guides_show_screens_and_say_what_is_on_them(language: str) -> None:
    found = [one for guide in guides(language) for one in SHOWN.findall(guide.read_text("utf-8"))]
    names = {Path(file).stem.split("-")[1] for _words, file in found}
    assert names == {"vote", "event", "help", "result", "settings"}
    for words, file in found:
        assert Path(file).stem.endswith(f"-{language}"), file
        assert len(words) > 60, f"{file}: what does somebody see who can't see it?"
        assert (DOCS / file).stat().st_size < MOST_OF_A_SCREEN, file
