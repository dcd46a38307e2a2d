"""What is published stands in the folder, in three languages, and the folder is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.public_site.log.folder_check import check_folder
from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import MemoryReader, WrittenSite


@pytest.fixture
async def site(tmp_path: Path) -> WrittenSite:
    """A site with two things of each kind."""
    shown = [make(n * 5 + k) for n in range(2) for k, make in enumerate(world.MAKERS, start=1)]
    site = WrittenSite(tmp_path / "site", MemoryReader(shown))
    await site.write_all()
    return site


def read(site: WrittenSite, path: str) -> str:
    return (site.folder / path).read_text(encoding="utf-8")


async def test_a_stranger_finds_when_by_what_rule_and_how_many(site: WrittenSite) -> None:
    assert "decision-1.html" in read(site, "es/index.html")
    page = read(site, "es/decision-1.html")
    for fact in ("jueves 3 de diciembre de 2026", "Regla", "dos tercios", "11 de 20", "82%"):
        assert fact in page
    assert "quinta-feira, 3 de dezembro de 2026" in read(site, "pt/decision-1.html")
    assert check_folder(site.folder).wrong == []
