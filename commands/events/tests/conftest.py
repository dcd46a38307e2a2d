"""A room in which events are told in words alone."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk


@pytest.fixture
async def plain(talk: Talk) -> Talk:
    """Without the files that come beside each event."""
    await talk.set("calendar files", "no")
    return talk
