"""`minga split`, as an operator mistypes it: each time one sentence, and nothing is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.operate.config import load_config
from bot.operate.first_login import unlock_keys
from bot.operate.operator_errors import OPERATOR_MUST_ACT
from bot.operate.split import section_file, split
from bot.signing.signer import NAME
from storage.database import Tx
from storage.encryption import keys as keyring
from storage.encryption import secrets as vault
from storage.files.backup_records import BackupError
from tests.operate.doctor.homeserver import ME
from tests.operate.doctor.scene import Bot, a_bot

SECOND = "@minga2:one.example"


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bot]:
    monkeypatch.setattr(keyring, "harden", lambda: None)  # other tests run in this process
    with a_bot() as found:
        keys = unlock_keys(load_config(found.config), create=False)

        async def sign(tx: Tx) -> None:
            await vault.put(tx, keys.ballots, NAME, bytes(range(32)))

        found.change_data(sign)
        yield found


@pytest.mark.parametrize(
    ("to", "file", "told"),
    [
        ("minga2", "section", "an account looks like @name:server"),
        (ME, "section", "the section needs another account"),
        (SECOND, "section", "There is no area “Norte”, or it has no rooms."),
        (SECOND, "config.toml", "exists already"),
        (SECOND, "none/section", "There is no folder"),
    ],
)
def test_what_is_mistyped_is_a_sentence(bot: Bot, to: str, file: str, told: str) -> None:
    said = bot.minga("split", "--area", "Norte", "--to", to, bot.folder / file)
    assert said.status == OPERATOR_MUST_ACT
    assert told in said.text and said.text.strip().count("\n") == 0
    assert not (bot.folder / "section").exists()


def test_where_the_file_fails_it_says_that_the_rooms_are_handed_over(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handed_over(*_: Any) -> Any:
        return SimpleNamespace(section=None, plan=SimpleNamespace(staying=()))

    async def fails(*_: Any) -> Any:
        raise BackupError("The disk is full.")

    monkeypatch.setattr(split, "hand_over", handed_over)
    monkeypatch.setattr(section_file, "write_section", fails)
    said = bot.minga("split", "--area", "Norte", "--to", SECOND, bot.folder / "section")
    assert said.status == OPERATOR_MUST_ACT
    assert "The disk is full." in said.text
    assert "minga split FILE" in said.text and "minga split --take-back" in said.text
