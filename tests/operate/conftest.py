"""New databases of bots that operators set up: their tables are copied."""

from __future__ import annotations

import pytest

from bot.run import machine
from tests.kept_schema import migrate_by_copy


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "migrate", migrate_by_copy)
