"""What tests of the site share."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import MemoryReader, WrittenSite


@pytest.fixture
async def site(tmp_path: Path) -> WrittenSite:
    """A site with two things of each kind: numbers 1 to 10."""
    shown = [make(n * 5 + k) for n in range(2) for k, make in enumerate(world.MAKERS, start=1)]
    site = WrittenSite(tmp_path / "site", MemoryReader(shown))
    await site.write_all()
    return site
