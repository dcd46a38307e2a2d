"""Items between one person and the bot: `!visible` says who reads them all the same."""

from __future__ import annotations

from bot.capability.discovery import features
from bot.capability.services import ITEM_READERS


def test_each_capability_with_personal_items_says_who_reads_them() -> None:
    """Such an item stands in no room that others are in, so its rooms would say: nobody else."""
    personal = [one for one in features() if one.personal_kinds]
    assert personal
    assert [one.name for one in personal if ITEM_READERS.name not in one.services] == []
