"""What tests of the site share."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from commands.public_site.tests import site_world as world
from commands.public_site.tests.folder_cheats import grow
from commands.public_site.tests.folder_judges import FolderJudges
from commands.public_site.tests.site_world import MemoryReader, WrittenSite
from commands.verify_page.tests.conftest import page_judge as page_judge
from commands.verify_page.tests.judges import PageJudge


async def _write(folder: Path) -> WrittenSite:
    """Write a site with two things of each kind: numbers 1 to 10."""
    shown = [make(n * 5 + k) for n in range(2) for k, make in enumerate(world.MAKERS, start=1)]
    site = WrittenSite(folder, MemoryReader(shown))
    await site.write_all()
    return site


@pytest.fixture
async def site(tmp_path: Path) -> WrittenSite:
    """A site with two things of each kind, in one entry of the log."""
    return await _write(tmp_path / "site")


@pytest.fixture(scope="session")
def grown_once(tmp_path_factory: pytest.TempPathFactory) -> WrittenSite:
    async def write() -> WrittenSite:
        site = await _write(tmp_path_factory.mktemp("grown") / "site")
        await grow(site)
        return site

    return asyncio.run(write())


@pytest.fixture
def grown(grown_once: WrittenSite, tmp_path: Path) -> WrittenSite:
    """The same with six decisions more, each in an entry of its own. Nothing is to be written."""
    folder = shutil.copytree(grown_once.folder, tmp_path / "site")
    copied = WrittenSite(folder, grown_once.reader)
    copied.end, copied.at = grown_once.end, grown_once.at
    return copied


@pytest.fixture
def judge(page_judge: PageJudge, tmp_path: Path) -> FolderJudges:
    """Both who judge a folder."""
    return FolderJudges(page_judge, tmp_path)
