"""The recovery key on real servers: Element's engine opens it, and the bot comes back with it."""

from __future__ import annotations

import asyncio
import itertools
import os
import pty
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bot.demo.synapse import Homeserver
from bot.lines import Line
from bot.matrix.account_claim import WAITING
from bot.matrix.crypto import recovery
from bot.matrix.crypto.bot_identity import Identity
from bot.matrix.crypto.recovery import SECRETS, recover_seeds
from bot.matrix.crypto.secret_storage import format_recovery_key, make_key, parse_recovery_key
from bot.matrix.login import Account, brief_login
from bot.operate.operator_errors import OPERATOR_MUST_ACT
from bot.operate.recovery_key import NO_TERMINAL, NOT_MADE
from bot.types import UserId
from tests.real.botprocess import LINE, MINGA, NURSERY, BotProcess
from tests.real.conftest import Enter
from tests.real.proxy import Answer, Call, Dropped, Proxy
from tests.real.servers import Pair, Person
from tests.real.test_first_day import an_account, answers, devices, master, set_up, token_of
from tests.real.test_operator import bad, minga, secret
from tests.real.test_polls import a_room

FULL = bool(os.environ.get("MINGA_FULL"))
RUNS = range(10) if FULL else (0, 1)
ENGLISH = {"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en"}
KEY = re.compile(r"(?:[1-9A-HJ-NP-Za-km-z]{4} ){11}[1-9A-HJ-NP-Za-km-z]{4}")


@pytest.fixture
def account(generated: Homeserver) -> Person:
    return an_account(generated, "minga")


def folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


def at_a_terminal(*words: object, answer: str = "") -> str:
    """Run the program where a person sits; all that they saw."""
    ours, theirs = pty.openpty()
    if answer:
        os.write(ours, f"{answer}\n".encode())
    said = b""
    command = [str(MINGA), *map(str, words)]
    with subprocess.Popen(  # noqa: S603
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd="/", env=ENGLISH
    ) as process:
        os.close(theirs)
        try:
            while chunk := os.read(ours, 4096):
                said += chunk
        except OSError:  # the terminal is gone: the program has ended
            os.close(ours)
    assert process.returncode == 0, said.decode()
    return said.decode().replace("\r\n", "\n")


def holds(folder: Path, key: str) -> list[Path]:
    """The files in which the key stands, with or without its spaces, or as bytes."""
    raw = parse_recovery_key(key)
    shapes = [key.encode(), key.replace(" ", "").encode(), raw, raw.hex().encode()]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(shape in path.read_bytes() for shape in shapes)]


def account_data(account: Person, kind: str, content: Any = None) -> Any:
    """Read an event of account data, or write it, as its homeserver could."""
    token = token_of(account)
    path = f"/_matrix/client/v3/user/{quote(account.id)}/account_data/{kind}"
    method = "GET" if content is None else "PUT"
    found = account.server.call(method, path, content, token)
    account.server.call("POST", "/_matrix/client/v3/logout", {}, token)
    return found


async def write_paper(bot: BotProcess, *more: str) -> str:
    """`minga recovery-key` of a bot that may be running; what the paper says."""
    file = bot.folder / f"paper-{os.urandom(3).hex()}"
    await minga("recovery-key", "--config", bot.config, "--file", file, *more)
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_text().strip()


async def test_elements_engine_opens_what_the_bot_stored(
    pair: Pair, element: Enter, tmp_path: Path
) -> None:
    account = pair.person("minga", pair.a)
    ana = await element("ana")
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        key = await write_paper(bot)
        app = await element(account, sign=False)
        assert not (await app.devices(account.id))[app.device]
        assert await app.use_recovery_key(key) == {
            "fits": True,
            "masterKey": True,
            "selfSigningKey": True,
            "userSigningKey": True,
        }
        assert (await ana.devices(account.id))[app.device], "signed by the bot's own identity"
        newer = await write_paper(bot, "--yes")
        assert newer != key
        other = await element(account, sign=False)
        assert not (await other.use_recovery_key(key))["fits"], "the old one opens nothing"
        assert (await other.use_recovery_key(newer))["fits"]
        assert bot.holds([key, key.replace(" ", ""), newer]) == []
        await bot.stop()


async def test_what_elements_engine_stored_is_opened_here(pair: Pair, element: Enter) -> None:
    person = pair.person("carla", pair.a)
    carla = await element(person)
    key = await carla.make_recovery_key()
    account = Account(person.server.url, UserId(person.id), person.password)
    async with brief_login(account) as http:
        seeds = await recover_seeds(http, account.user, parse_recovery_key(key))
    ours = Identity.from_seeds(account.user, seeds).master_key
    assert master(person)["keys"] == {f"ed25519:{ours}": ours}


@pytest.mark.parametrize("run", RUNS)
async def test_all_is_lost_and_the_bot_comes_back_as_the_same(
    pair: Pair, element: Enter, tmp_path: Path, run: int
) -> None:
    """Data and key are gone; a strict member sees no alarm, reads, and is read."""
    ana = await element("ana")
    account = pair.person("minga", pair.a)
    bot = BotProcess(tmp_path / "bot", account, moderators=[ana.user])
    async with bot:
        room = await a_room(ana, bot)
        await ana.send(room, "!encuesta ¿Dónde? Norte, Sur")
        await ana.hears("¿Dónde?", 30, room=room, sender=bot.user)
        before = master(account)
        key = await write_paper(bot)
        await (bot.stop if run % 2 else bot.kill)()
        shutil.rmtree(bot.data)
        (bot.folder / "secrets/key").unlink()

        paper = secret(tmp_path / "paper", key.replace(" ", ""))
        said = await minga("recover", "--config", bot.config, "--recovery-key-file", paper)
        assert "nobody has to verify the bot again" in said
        waited = WAITING.in_english() in said
        assert waited is (run % 2 == 0), "only for a run that did not say that it ended"
        assert key[:4] not in said
        assert devices(account) == 1, "the lost machine is signed out"
        await bot.start()
        told = await ana.hears("Estoy de vuelta desde el ", 60, room=room, sender=bot.user)
        assert told.shield == 0
        assert "nadie tiene que verificarme otra vez" in told.text
        await ana.send(room, "!pendientes")
        answer = await ana.hears("No hay nada abierto", 30, room=room, sender=bot.user)
        assert answer.shield == 0
        assert master(account)["keys"] == before["keys"]
        assert list((await ana.devices(account.id)).values()) == [True]
        await bot.restart()
        await ana.send(room, "!estado")
        await ana.hears("Aquí estoy", 30, room=room, sender=bot.user)
        timeline = await ana.timeline(room)
        assert len([event for event in timeline if "Estoy de vuelta" in event.text]) == 1
        await bot.stop()


async def test_a_machine_that_is_gone_needs_nothing_but_password_and_paper(
    account: Person, tmp_path: Path
) -> None:
    """From `init` at a terminal, where the key is shown once, to another machine without files."""
    said = await asyncio.to_thread(at_a_terminal, "init", *answers(account, folder(tmp_path, "a")))
    (key,) = KEY.findall(said)
    assert "Write it on paper" in said
    before = master(account)
    assert holds(tmp_path / "a", key) == []
    again = await asyncio.to_thread(at_a_terminal, "init", *answers(account, tmp_path / "a"))
    assert not KEY.search(again), "shown once"
    shutil.rmtree(tmp_path / "a")
    paper = secret(tmp_path / "paper", key)
    words = answers(account, folder(tmp_path, "b"))
    said = await minga("recover", *words, "--recovery-key-file", paper)
    assert "nobody has to verify the bot again" in said
    assert not KEY.search(said)
    config = tmp_path / "b/config.toml"
    typed = f"{key.replace(key[0], 'F', 1)}\n{key}"
    repeated = ("recover", "--config", config)
    said = await asyncio.to_thread(at_a_terminal, *repeated, answer=typed)
    assert recovery.MISTYPED.in_english() in said
    assert "nobody has to verify the bot again" in said
    assert master(account)["keys"] == before["keys"]
    assert devices(account) == 1
    said = await minga("doctor", "--config", config)
    assert "There is a recovery key for this identity." in said
    assert bad(said) == []
    said = await minga("init", "--config", config, "--new-identity")
    assert NOT_MADE.in_english() in said, "there is no terminal"
    said = await minga("doctor", "--config", config)
    assert "The recovery key is of an earlier identity." in said
    said = await minga("recover", "--config", config, "--recovery-key-file", paper, status=78)
    assert said.splitlines()[-1] == recovery.OTHER_IDENTITY.in_english()
    said = await asyncio.to_thread(at_a_terminal, "recovery-key", "--config", config, answer="y")
    (newer,) = KEY.findall(said)
    assert newer != key


async def test_each_key_that_does_not_help_has_its_sentence_and_nothing_is_written(
    account: Person, tmp_path: Path
) -> None:
    lone = an_account(account.server, "lone")
    said = await minga("recovery-key", "--config", tmp_path / "none.toml", status=78)
    assert said.splitlines()[-1] == NO_TERMINAL.in_english()
    await set_up(account, tmp_path / "bot")
    config = tmp_path / "bot/config.toml"
    assert NOT_MADE.in_english() in await minga("doctor", "--config", config)
    file = tmp_path / "paper"
    await minga("recovery-key", "--config", config, "--file", file)
    said = await minga("recovery-key", "--config", config, "--file", file, status=78)
    assert "exists already" in said
    nowhere = tmp_path / "nowhere/paper"
    said = await minga("recovery-key", "--config", config, "--file", nowhere, "--yes", status=78)
    assert "Nothing can be written into" in said
    said = await minga("recovery-key", "--config", config, "--file", tmp_path / "x", status=1)
    assert "Aborted" in said, "nobody said yes"
    key, before = file.read_text().strip(), master(account)

    async def recovering(who: Person, typed: str, sentence: Line) -> None:
        name = f"new-{os.urandom(3).hex()}"
        words = [*answers(who, folder(tmp_path, name)), "--recovery-key-file"]
        paper = secret(tmp_path / f"{name}.paper", typed)
        had = devices(who)
        said = await minga("recover", *words, paper, status=OPERATOR_MUST_ACT)
        assert said.splitlines()[-1] == sentence.in_english()
        assert typed not in said
        assert list((tmp_path / name).iterdir()) == []
        assert devices(who) == had

    await recovering(account, key[:-1] + ("x" if key[-1] != "x" else "y"), recovery.MISTYPED)
    await recovering(lone, key, recovery.NOTHING_STORED)
    await recovering(account, format_recovery_key(make_key()), recovery.WRONG_KEY)
    await set_up(lone, tmp_path / "lone")
    await minga("recovery-key", "--config", tmp_path / "lone/config.toml", "--file", tmp_path / "l")
    await recovering(lone, key, recovery.WRONG_KEY)
    kind = SECRETS["user_signing"]
    account_data(account, kind, account_data(account, SECRETS["master"]))
    await recovering(account, key, recovery.DAMAGED)
    for kind in SECRETS.values():
        account_data(account, kind, {})
    await recovering(account, key, recovery.NOTHING_STORED)
    assert master(account) == before
    assert bad(await minga("doctor", "--config", config)) == []


async def killed_at(words: list[object], proxy: Proxy, at: int, *, after: bool) -> bool:
    """Run the program and kill it at its request number `at`; return whether it came so far."""
    count = itertools.count()
    process = await NURSERY.start([str(w) for w in words], Path("/"), ENGLISH, limit=LINE)

    async def kill(call: Call) -> Answer:
        if next(count) != at:
            return await call.forward()
        if after:
            await call.forward()
        os.killpg(process.pid, signal.SIGKILL)
        raise Dropped

    rule = proxy.on("", kill)
    status = await process.wait()
    proxy.off(rule)
    assert status in (0, -signal.SIGKILL), (await process.stdout.read()).decode()
    return status != 0


async def test_killed_at_any_request_it_goes_on_where_it_was(
    account: Person, tmp_path: Path
) -> None:
    """Before the homeserver hears of a request, and after it did it."""
    await set_up(account, tmp_path / "bot")
    config, file = tmp_path / "bot/config.toml", tmp_path / "paper"
    await minga("recovery-key", "--config", config, "--file", file)
    before, kills = master(account), 0
    async with Proxy(account.server.url) as proxy:
        config.write_text(config.read_text().replace(account.server.url, proxy.url))
        words: list[object] = ["recover", "--config", config, "--recovery-key-file", file]
        for after in (False, True):
            for at in itertools.count(0 if FULL else 3, 1 if FULL else 6):
                shutil.rmtree(tmp_path / "bot/data")
                if not await killed_at(words, proxy, at, after=after):
                    break
                kills += 1
                await minga(*words)
                assert master(account)["keys"] == before["keys"], at
                assert devices(account) == 1, at
        assert bad(await minga("doctor", "--config", config)) == []
    assert kills >= (40 if FULL else 6)
