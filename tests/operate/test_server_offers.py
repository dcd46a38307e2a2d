"""`minga doctor` says what the homeserver keeps for alarms, and how it stands with `[accounts]`."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web

from bot.operate.config import load_config
from bot.operate.doctor.data_folder import DataFolder
from bot.operate.doctor.findings import Finding
from bot.operate.doctor.server_offers import check_server_offers
from tests.operate.test_config import LEAST, write
from tests.operate.test_reach import Serve, serve

__all__ = ["serve"]

DAY_MS = 86_400_000
CAPABILITIES = "/_matrix/client/v3/capabilities"
TOKENS = "/_synapse/admin/v1/registration_tokens"
REGISTER = "/_matrix/client/v3/register"
ACCOUNTS = '\n[accounts]\nsynapse_token_file = "secrets/synapse_admin"\n'
OPEN = {"flows": [{"stages": ["m.login.registration_token"]}], "session": "s"}


def keeps(days: float) -> dict[str, Any]:
    capability = {"max_delay_ms": int(days * DAY_MS), "max_scheduled": 100}
    return {"capabilities": {"org.matrix.msc4140.delayed_events": capability}}


def answers(status: int, body: object) -> Any:
    return lambda: web.json_response(body, status=status)


async def findings(folder: Path, there: str, text: str = LEAST) -> list[Finding]:
    secrets = folder / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    (secrets / "synapse_admin").touch(mode=0o600)
    (secrets / "synapse_admin").write_text("a-token")
    config = load_config(write(folder, text, homeserver=f'"{there}"'))
    data = cast(DataFolder, SimpleNamespace(login={"token": "t"}, token="t"))
    return [finding async for finding in check_server_offers(config, data)]


@pytest.mark.parametrize(
    ("said", "is_note", "words"),
    [
        (keeps(31), False, "for 31 days"),
        (keeps(0.1), True, "max_event_delay_duration: 31d"),
        ({"capabilities": {}}, True, "max_event_delay_duration: 31d"),
    ],
)
async def test_what_is_kept_for_alarms_is_said(
    tmp_path: Path, serve: Serve, said: object, is_note: bool, words: str
) -> None:
    (found,) = await findings(tmp_path, await serve({CAPABILITIES: said}))
    assert found.is_note is is_note and found.is_fine and words in found.what


async def test_a_homeserver_that_does_not_say_is_not_called_one_that_keeps_nothing(
    tmp_path: Path, serve: Serve
) -> None:
    (found,) = await findings(tmp_path, await serve({CAPABILITIES: answers(502, "")}))
    assert "max_event_delay_duration" not in found.what and "TryLater" in found.what


@pytest.mark.parametrize(
    ("tokens", "register", "is_fine", "words"),
    [
        ({"registration_tokens": []}, answers(401, OPEN), True, "can give accounts"),
        (
            {"registration_tokens": []},
            answers(403, {"errcode": "M_FORBIDDEN"}),
            False,
            "enable_reg",
        ),
        (answers(401, {"errcode": "M_UNKNOWN_TOKEN"}), None, False, "synapse_token_file"),
        (answers(403, {"errcode": "M_FORBIDDEN"}), None, False, "synapse_token_file"),
        (answers(502, ""), None, True, "does not answer now"),
    ],
)
async def test_the_right_to_give_accounts_is_tried(
    tmp_path: Path, serve: Serve, tokens: object, register: object, is_fine: bool, words: str
) -> None:
    paths = {CAPABILITIES: keeps(31), TOKENS: tokens, REGISTER: register}
    _kept, found = await findings(tmp_path, await serve(paths), LEAST + ACCOUNTS)
    assert found.is_fine is is_fine and words in found.what


async def test_without_the_section_nothing_is_said_of_accounts(
    tmp_path: Path, serve: Serve
) -> None:
    assert len(await findings(tmp_path, await serve({CAPABILITIES: keeps(31)}))) == 1
