"""An operator's first day on a homeserver as it is generated; the way out of each dead end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.demo.loopback import write_secret
from bot.demo.synapse import Homeserver
from bot.lines import Line
from bot.matrix.crypto.bot_identity import OCCUPIED
from bot.matrix.login_sentences import DEAD_LOGIN, REFUSED, SIGNED_OUT
from bot.operate.operator_errors import OPERATOR_MUST_ACT, TRY_AGAIN
from storage.encryption.keys import DATABASE, KEY_STORE
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter
from tests.real.servers import Pair, Person
from tests.real.test_operator import bad, minga, secret
from tests.real.test_polls import a_room
from tests.storage.files.test_disk import fill

LOGIN = "/_matrix/client/v3/login"


@pytest.fixture
def account(generated: Homeserver) -> Person:
    return an_account(generated, "minga")


def an_account(server: Homeserver, name: str, *, admin: bool = False) -> Person:
    name = f"{name}-{os.urandom(3).hex()}"
    user = server.register(name, "a long password", admin=admin)
    return Person(user, name, "a long password", server)


def answers(account: Person, folder: Path, password: str | None = None) -> list[object]:
    """What `minga init` asks, as options."""
    words: list[object] = ["--config", folder / "config.toml", "--user-id", account.id]
    words += ["--homeserver", account.server.url, "--name", "Red ñ", "--language", "es"]
    ana = account.server.register("ana", "a long password")
    words += ["--timezone", "America/Bogota", "--moderator", ana]
    file = folder.parent / f"password-{os.urandom(3).hex()}"
    return [*words, "--password-file", secret(file, password or account.password)]


async def set_up(account: Person, folder: Path, *more: object, status: int = 0) -> str:
    folder.mkdir(exist_ok=True)
    return await minga("init", *answers(account, folder), *more, status=status)


def token_of(account: Person) -> str:
    identifier = {"type": "m.id.user", "user": account.id}
    body = {"type": "m.login.password", "identifier": identifier}
    answer = account.server.call("POST", LOGIN, body | {"password": account.password})
    return str(answer["access_token"])


def devices(account: Person) -> int:
    """How many there are, but for the one that looks."""
    token = token_of(account)
    count = len(account.server.call("GET", "/_matrix/client/v3/devices", token=token)["devices"])
    account.server.call("POST", "/_matrix/client/v3/logout", {}, token)
    return count - 1


def master(account: Person) -> Any:
    token = token_of(account)
    asked: dict[str, Any] = {"device_keys": {account.id: []}}
    keys = account.server.call("POST", "/_matrix/client/v3/keys/query", asked, token)
    account.server.call("POST", "/_matrix/client/v3/logout", {}, token)
    return keys.get("master_keys", {}).get(account.id)


def sign_out(account: Person) -> None:
    """Every device, from elsewhere."""
    token = token_of(account)
    account.server.call("POST", "/_matrix/client/v3/logout/all", {}, token)


async def runs_into(folder: Path, told: Line | str) -> None:
    """`run` and `doctor` both end with this sentence, and never with another cure."""
    told = told if isinstance(told, str) else told.in_english()
    said = await minga("run", "--config", folder / "config.toml", status=OPERATOR_MUST_ACT)
    assert told in said
    said = await minga("doctor", "--config", folder / "config.toml", status=1)
    assert [line for line in said.splitlines() if line.startswith("BAD")] == [f"BAD  {told}"]


async def test_init_on_a_homeserver_as_it_is_generated(account: Person, tmp_path: Path) -> None:
    said = await set_up(account, tmp_path / "bot")
    assert "signed by the account's own identity" in said
    text = (tmp_path / "bot/config.toml").read_text()
    assert f'homeserver = "{account.server.url}"' in text, "what was typed is kept"
    assert bad(await minga("doctor", "--config", tmp_path / "bot/config.toml")) == []
    assert devices(account) == 1


async def test_an_account_that_element_used_is_seen_before_anything_is_written(
    account: Person, element: Enter, tmp_path: Path
) -> None:
    await element(account)
    before = master(account)
    assert before
    said = await set_up(account, tmp_path / "bot", status=OPERATOR_MUST_ACT)
    assert said.splitlines()[-1] == OCCUPIED.in_english()
    assert list((tmp_path / "bot").iterdir()) == []
    assert devices(account) == 1, "Element's"
    assert master(account) == before

    said = await set_up(account, tmp_path / "bot", "--new-identity")
    assert "The identity is new" in said
    assert "Signed out 1 other device." in said
    assert devices(account) == 1
    assert master(account) != before
    assert bad(await minga("doctor", "--config", tmp_path / "bot/config.toml")) == []


async def test_a_second_folder_for_the_same_account_is_refused_untouched(
    account: Person, tmp_path: Path
) -> None:
    await set_up(account, tmp_path / "one")
    said = await set_up(account, tmp_path / "two", status=OPERATOR_MUST_ACT)
    assert OCCUPIED.in_english() in said
    assert list((tmp_path / "two").iterdir()) == []
    assert devices(account) == 1
    (tmp_path / "one/config.toml").unlink()
    said = await set_up(account, tmp_path / "one")  # the data is ours
    assert "Ready" in said
    assert devices(account) == 1


async def test_lost_data_leads_to_a_new_identity_that_the_rooms_are_told_of(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    bot = BotProcess(tmp_path / "bot", account, moderators=[ana.user])
    async with bot:
        room = await a_room(ana, bot)
        await ana.send(room, "!pendientes")
        await ana.hears("No hay nada abierto", room=room, sender=bot.user)
        await bot.stop()
        shutil.rmtree(bot.data)
        await runs_into(bot.folder, OCCUPIED.in_english())
        assert not bot.data.exists(), "nothing is written over the gap"
        assert devices(account) == 1
        await minga("init", "--config", bot.config, "--new-identity")
        assert devices(account) == 1
        await bot.start()
        told = await ana.hears("Mi identidad cambió el ", 40, room=room, sender=bot.user)
        assert "verifícame otra vez" in told.text
        await ana.send(room, "!pendientes")
        await ana.hears("No hay nada abierto", room=room, sender=bot.user)
        await bot.restart()
        await ana.send(room, "!estado")
        await ana.hears("Aquí estoy", room=room, sender=bot.user)
        timeline = await ana.timeline(room)
        assert len([e for e in timeline if "Mi identidad cambió" in e.text]) == 1
        await bot.stop()


async def test_a_dead_login_has_one_cure_and_it_works(account: Person, tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    await set_up(account, folder)
    before = master(account)
    sign_out(account)
    await runs_into(folder, DEAD_LOGIN.in_english())
    said = await minga("init", "--config", folder / "config.toml", status=OPERATOR_MUST_ACT)
    assert DEAD_LOGIN.in_english() in said
    await minga("init", "--config", folder / "config.toml", "--new-device")
    assert master(account)["keys"] == before["keys"]
    assert devices(account) == 1
    assert bad(await minga("doctor", "--config", folder / "config.toml")) == []


async def test_a_dead_login_with_a_wrong_password_names_both(
    account: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "bot"
    await set_up(account, folder)
    (folder / "secrets/password").write_text("not it")
    said = await minga("doctor", "--config", folder / "config.toml", status=1)
    assert f"BAD  {REFUSED.in_english()}" in said, "while the login lives, too"
    sign_out(account)
    said = await minga("run", "--config", folder / "config.toml", status=OPERATOR_MUST_ACT)
    assert REFUSED.in_english() in said
    assert "minga init --new-device" in said
    (folder / "secrets/password").write_text(account.password)
    await minga("init", "--config", folder / "config.toml", "--new-device")
    assert bad(await minga("doctor", "--config", folder / "config.toml")) == []


async def indexed(server: Homeserver, token: str) -> None:
    """Until a young Synapse has built its indexes: some changes need them and fail before."""
    status = "/_synapse/admin/v1/background_updates/status"
    while server.call("GET", status, None, token)["current_updates"]:  # noqa: ASYNC110
        await asyncio.sleep(0.2)  # it tells nobody


async def test_a_deactivated_account_is_held_to_be_possible(
    account: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "bot"
    await set_up(account, folder)
    token = token_of(an_account(account.server, "root", admin=True))
    path = f"/_synapse/admin/v1/deactivate/{quote(account.id)}"
    account.server.call("POST", path, {"erase": False}, token)  # Synapse then forbids, no more
    await runs_into(
        folder, f"{SIGNED_OUT.in_english()} {REFUSED.in_english()} Then: minga init --new-device"
    )
    said = await set_up(account, tmp_path / "other", status=OPERATOR_MUST_ACT)
    assert "deactivated" in said
    path = f"/_synapse/admin/v2/users/{quote(account.id)}"
    back = {"deactivated": False, "password": account.password}
    await indexed(account.server, token)
    account.server.call("PUT", path, back, token)
    await minga("init", "--config", folder / "config.toml", "--new-device")
    assert bad(await minga("doctor", "--config", folder / "config.toml")) == []


async def test_a_key_store_that_is_gone_is_made_anew_and_leaves_no_device(
    account: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "bot"
    await set_up(account, folder)
    for file in (folder / "data").glob(f"{KEY_STORE}*"):
        file.unlink()
    said = await minga("run", "--config", folder / "config.toml", status=OPERATOR_MUST_ACT)
    assert "minga init --new-device" in said
    assert not (folder / "data" / KEY_STORE).exists()
    said = await minga("doctor", "--config", folder / "config.toml", status=1)
    assert "minga init --new-device" in said
    await minga("init", "--config", folder / "config.toml", "--new-device")
    assert devices(account) == 1
    assert bad(await minga("doctor", "--config", folder / "config.toml")) == []


async def test_a_lost_database_comes_back_from_the_backup_that_is_named(
    account: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "bot"
    config = folder / "config.toml"
    await set_up(account, folder)
    await minga("backup", "--config", config, tmp_path / "backup")
    before = master(account)
    (folder / "data" / DATABASE).write_bytes(b"")
    said = await minga("doctor", "--config", config, status=1)
    assert "minga restore" in said
    said = await minga("run", "--config", config, status=OPERATOR_MUST_ACT)
    assert said.splitlines()[-1] == OCCUPIED.in_english()
    said = await minga("restore", tmp_path / "backup", "--config", config, status=78)
    assert "mv " in said
    (folder / "data").rename(folder / "data.old")
    await minga("restore", tmp_path / "backup", "--config", config)
    await minga("init", "--config", config)
    assert master(account)["keys"] == before["keys"]


async def test_a_wrong_password_leaves_the_old_identity_as_it_is(
    account: Person, tmp_path: Path
) -> None:
    """A new identity that can't be published is not ours yet."""
    folder = tmp_path / "bot"
    config = folder / "config.toml"
    await set_up(account, folder)
    before = master(account)
    write_secret(folder / "wrong", "not it")
    text = config.read_text()
    config.write_text(text.replace("secrets/password", "wrong"))
    said = await minga("init", "--config", config, "--new-identity", status=OPERATOR_MUST_ACT)
    assert "refused the account's password" in said
    config.write_text(text)
    assert bad(await minga("doctor", "--config", config)) == []
    assert master(account) == before
    await minga("init", "--config", config, "--new-identity")
    assert master(account)["keys"] != before["keys"]
    assert devices(account) == 1
    assert bad(await minga("doctor", "--config", config)) == []


async def test_a_bot_whose_identity_somebody_reset_stops_until_it_has_a_new_one(
    account: Person, element: Enter, tmp_path: Path
) -> None:
    folder = tmp_path / "bot"
    await set_up(account, folder)
    intruder = await element(account)
    await intruder.reset_identity()
    said = await minga("run", "--config", folder / "config.toml", status=OPERATOR_MUST_ACT)
    assert "minga init --new-identity" in said
    said = await minga("doctor", "--config", folder / "config.toml", status=1)
    assert "minga init --new-identity" in said
    said = await minga("init", "--config", folder / "config.toml", "--new-identity")
    assert "Signed out 1 other device." in said
    assert bad(await minga("doctor", "--config", folder / "config.toml")) == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of twelve megabytes, where the bot keeps its data."""
    data = tmp_path / "bot/data"
    data.mkdir(parents=True, mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs", str(data)]
    subprocess.run(mount, check=True)  # noqa: S603
    yield data
    subprocess.run(["umount", "-l", str(data)], check=True)  # noqa: S603, S607


@pytest.mark.root
async def test_a_full_disk_ends_the_bot_and_nothing_is_lost_or_done_twice(
    pair: Pair, element: Enter, small: Path, tmp_path: Path
) -> None:
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    bot = BotProcess(tmp_path / "bot", account, moderators=[ana.user])
    async with bot:
        room = await a_room(ana, bot)
        await asyncio.to_thread(fill, small)
        asked = 0
        while bot.running and asked < 80:
            asked += 1
            await ana.send(room, f'!encuesta "¿Lugar {asked}?" "Norte" "Sur"')
            with contextlib.suppress(TimeoutError):
                await bot.ends(0.3)
        assert await bot.ends() == TRY_AGAIN
        await bot.kill()  # and all that it said is read
        assert "is full: nothing can be written" in bot.last_words()
        await asyncio.to_thread(fill, small)  # its end may have freed a page
        await bot.start()
        assert await bot.ends() == TRY_AGAIN, "still full: systemd goes on trying"
        await bot.kill()
        (small / "fill").unlink()
        await bot.start()
        await bot.ready()
        await ana.hears(f"¿Lugar {asked}?", 60, room=room, sender=bot.user)
        await ana.send(room, "!estado")
        await ana.hears("Aquí estoy", 60, room=room, sender=bot.user)
        said = "\n".join(e.text for e in await ana.timeline(room) if e.sender == bot.user)
        assert "Algo falló" not in said
        for number in range(1, asked + 1):
            found = set(re.findall(rf"Encuesta (\d+): ¿Lugar {number}\?", said))
            assert len(found) == 1, (number, found)
        await bot.stop()
