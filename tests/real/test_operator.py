"""An operator's life with a real homeserver: set up, look, back up, come back elsewhere."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.demo.synapse import Homeserver
from bot.signing.fingerprints import fingerprint
from tests.real.botprocess import LINE, NURSERY


def secret(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


async def minga(*words: object, status: int = 0) -> str:
    """Run the command, from another folder than the project's; all that it said."""
    bare = {"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en"}
    process = await NURSERY.start([str(w) for w in words], Path("/"), bare, limit=LINE)
    said = (await process.stdout.read()).decode()
    assert await process.wait() == status, said
    return said


@pytest.fixture
async def config(synapse: Homeserver, tmp_path: Path) -> Path:
    """A bot that was just set up, its account included."""
    path = tmp_path / "here/config.toml"
    path.parent.mkdir()
    words: list[object] = ["--user-id", f"@{tmp_path.name.lower()}:{synapse.server_name}"]
    words += ["--homeserver", synapse.url, "--name", "Red ñ", "--language", "pt"]
    ana = synapse.register("ana", "a long password")
    words += ["--timezone", "America/Bogota", "--moderator", ana]
    words += ["--password-file", secret(tmp_path / "password", "a long password")]
    key = (synapse.folder / "secret").read_text()
    words += ["--registration-secret-file", secret(tmp_path / "registration", key)]
    said = await minga("init", "--config", path, *words)
    assert "signed by the account's own identity" in said
    return path


def identity(synapse: Homeserver, config: Path) -> tuple[Any, int]:
    """The account's master key and its number of devices, as everybody sees them."""
    me = next(x for x in config.read_text().splitlines() if x.startswith("user_id")).split('"')[1]
    onlooker = synapse.register("onlooker", "a long password")
    login = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": onlooker},
        "password": "a long password",
    }
    token = str(synapse.call("POST", "/_matrix/client/v3/login", login)["access_token"])
    asked: dict[str, Any] = {"device_keys": {me: []}}
    keys = synapse.call("POST", "/_matrix/client/v3/keys/query", asked, token)
    return keys["master_keys"][me]["keys"], len(keys["device_keys"][me])


def bad(report: str) -> list[str]:
    """What has to be mended; how old the package tzdata is lies with the machine and its clock."""
    found = [line for line in report.splitlines() if line.startswith("BAD")]
    return [line for line in found if "The time zones are old" not in line]


async def test_from_init_to_a_new_machine(synapse: Homeserver, config: Path) -> None:
    said = await minga("doctor", "--config", config)
    assert bad(said) == []
    assert "The device is signed" in said
    before = await asyncio.to_thread(identity, synapse, config)
    assert f"The key of the bot's identity: {fingerprint(*before[0].values())}" in said
    file = config.parent / "minga.backup"
    await minga("backup", "--config", config, file)
    await minga("backup", "--config", config, file, status=78)

    there = config.parent.parent / "there"
    (there / "secrets").mkdir(parents=True, mode=0o700)
    for name in ("config.toml", "secrets/key", "secrets/password"):
        shutil.copy2(config.parent / name, there / name)
    await minga("restore", "--config", there / config.name, file)
    await minga("init", "--config", there / config.name)
    said = await minga("doctor", "--config", there / config.name)
    assert "The device is signed" in said
    after = await asyncio.to_thread(identity, synapse, config)
    assert after == before, "the same identity, and the old device is signed out"


async def test_a_wrong_password_is_found_before_anything_is_written(
    synapse: Homeserver, config: Path, tmp_path: Path
) -> None:
    path = tmp_path / "other/config.toml"
    path.parent.mkdir()
    user = next(x for x in config.read_text().splitlines() if x.startswith("user_id"))
    words: list[object] = ["--user-id", user.split('"')[1], "--homeserver", synapse.url]
    ana = synapse.register("ana", "a long password")
    words += ["--name", "Red", "--language", "es", "--timezone", "UTC", "--moderator", ana]
    words += ["--password-file", secret(tmp_path / "wrong", "not it")]
    said = await minga("init", "--config", path, *words, status=78)
    assert "the homeserver refused its password" in said
    assert not list(path.parent.iterdir())


async def test_nothing_planted_is_on_the_disk(config: Path, synapse: Homeserver) -> None:
    file = config.parent / "minga.backup"
    await minga("backup", "--config", config, file)
    session = [synapse.server_name, config.parent.parent.name.lower(), "a long password"]
    planted = [*session, "cross-signing", "matrix-session", "SQLite format"]
    data = {p.name: p.read_bytes() for p in (config.parent / "data").iterdir()}
    data["backup"] = file.read_bytes()
    assert len(data) >= 4
    assert [(n, m) for n, raw in data.items() for m in planted if m.encode() in raw] == []
    assert json.loads(data["key.json"])["kdf"] == "file"
