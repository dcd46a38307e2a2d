"""The pictures of real clients: small, at both widths, and of a version that stands beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.clients.sizes import MOST_BYTES, NARROW, WIDE

CLIENTS = sorted(one for one in (Path(__file__).parents[1] / "docs/pictures").iterdir())


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
