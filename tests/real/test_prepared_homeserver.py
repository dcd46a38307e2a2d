"""The homeserver of `minga init --with-homeserver`, from its files to a first encrypted answer."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

import pytest

from bot.operate.homeserver.steps import write_steps
from tests.real.botprocess import LINE, MINGA, READY
from tests.real.element import Element
from tests.real.prepared import PreparedMachine
from tests.real.test_operator import bad, secret

ACCOUNT, PASSWORD = "@minga:localhost", "a long password"


@pytest.fixture(scope="module")
def machine() -> Iterator[PreparedMachine]:
    with (
        TemporaryDirectory(prefix="minga-prepared-") as folder,
        PreparedMachine(Path(folder)) as made,
    ):
        made.proxy()
        yield made


@pytest.fixture
async def ana(machine: PreparedMachine) -> AsyncIterator[Element]:
    """A person on Element's engine, strict, whose account the administrator made."""
    name = f"ana-{token_hex(3)}"
    user = await asyncio.to_thread(register, machine, name, "--admin")
    async with Element() as member:
        await member.login(machine.server.url, user, PASSWORD)
        yield member


def register(machine: PreparedMachine, name: str, *options: str) -> str:
    """Create an account by the command of the steps; its address."""
    (line,) = {
        line.strip()
        for line in write_steps(machine.plan).splitlines()
        if f"--user {'ana' if '--admin' in options else 'bea'}" in line
    }
    program, *words = line.split()
    words[words.index("--user") + 1] = name
    assert set(options) <= set(words)
    command = [str(MINGA.with_name(Path(program).name)), *words, "--password", PASSWORD]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return f"@{name}:localhost"


async def start(machine: PreparedMachine, *words: object) -> asyncio.subprocess.Process:
    """Start the program itself: a fork of the nursery has read which authorities it trusts."""
    environment = {"PATH": "/usr/bin:/bin", "LC_MESSAGES": "en"}
    environment["SSL_CERT_FILE"] = str(machine.authority)
    return await asyncio.create_subprocess_exec(
        *(str(MINGA), *map(str, words)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd="/",
        env=environment,
        limit=LINE,
    )


async def minga(machine: PreparedMachine, *words: object) -> str:
    """Run a command of the bot; all that it said."""
    process = await start(machine, *words)
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return said


async def test_from_init_to_the_first_encrypted_answer_through_tls(
    machine: PreparedMachine, ana: Element, tmp_path: Path
) -> None:
    config = tmp_path / "bot/config.toml"
    config.parent.mkdir()
    began = time.monotonic()
    register(machine, "minga", "--no-admin")
    words: list[object] = ["--config", config, "--homeserver", f"https://{machine.address}"]
    words += ["--user-id", ACCOUNT, "--name", "Red", "--language", "es", "--timezone", "UTC"]
    words += ["--password-file", secret(tmp_path / "password", PASSWORD), "--moderator", ana.user]
    await minga(machine, "init", *words)
    bot = await start(machine, "run", "--config", config)
    assert bot.stdout is not None
    try:
        while not READY.search(line := (await bot.stdout.readline()).decode()):
            assert line, "the bot ended"
        room = await ana.create_room(invite=[ACCOUNT], name="Sala")
        await ana.joined(room, ACCOUNT)
        asked = await ana.send(room, "!estado")
        answer = await ana.hears(lambda one: one.reply_to == asked, 60, room=room, sender=ACCOUNT)
        seconds = time.monotonic() - began
        assert answer.encrypted and answer.failure is None and answer.shield == 0
        print(f"init → first encrypted answer, through TLS: {seconds:.1f} s")  # noqa: T201
        assert bad(await minga(machine, "doctor", "--config", config)) == []
    finally:
        bot.terminate()
        assert await bot.wait() == 0


async def test_init_on_the_machine_itself_makes_the_bots_account(
    machine: PreparedMachine, ana: Element, tmp_path: Path
) -> None:
    (line,) = [line for line in write_steps(machine.plan).splitlines() if "--registration" in line]
    words: list[object] = [*line.split()[2:], "--config", tmp_path / "bot/config.toml"]
    words[words.index("--user-id") + 1] = "@minga-2:localhost"
    words += ["--name", "Red", "--language", "es", "--timezone", "UTC", "--moderator", ana.user]
    (tmp_path / "bot").mkdir()
    said = await minga(
        machine, "init", *words, "--password-file", secret(tmp_path / "password", PASSWORD)
    )
    assert "Created the account @" in said


async def test_the_proxy_shows_what_phones_and_other_servers_need_and_nothing_else(
    machine: PreparedMachine,
) -> None:
    def ask(path: str, body: object = None) -> tuple[int, object]:
        return machine.through_proxy(path, body)

    assert ask("/_matrix/client/versions")[0] == 200
    base = {"base_url": f"https://{machine.address}/"}
    assert ask("/.well-known/matrix/client") == (200, {"m.homeserver": base})
    assert ask("/.well-known/matrix/server") == (200, {"m.server": "localhost:443"})
    assert ask("/_matrix/key/v2/server")[0] == 200
    for hidden in ("/_synapse/admin/v1/server_version", "/_synapse/metrics", "/health", "/"):
        assert ask(hidden)[0] == 404, hidden
    assert machine.server.call("GET", "/_matrix/client/versions")["versions"]
    status, said = ask("/_matrix/client/v3/register", {"username": "eva", "password": "x" * 12})
    assert status == 401
    assert isinstance(said, dict)
    assert all("m.login.registration_token" in flow["stages"] for flow in said["flows"])


async def test_what_somebody_wrote_or_asked_for_stands_in_no_log(
    machine: PreparedMachine, ana: Element
) -> None:
    room = await ana.create_room(name="Planta secreta", encrypted=False)
    await ana.send(room, "una palabra escondida")
    await asyncio.to_thread(machine.through_proxy, f"/_matrix/client/v3/rooms/{room}/state")
    logs = [machine.folder / "caddy.log", machine.plan.folder / "synapse/output.log"]
    for log in logs:
        text = log.read_text()
        assert not [one for one in ("escondida", "secreta", room, ana.user) if one in text], log


def test_the_database_is_as_its_file_says(machine: PreparedMachine) -> None:
    assert machine.base.ask("synapse", "SHOW shared_buffers") == "256MB"
    assert machine.base.ask("synapse", "SHOW log_min_error_statement") == "panic"
    asked = "SELECT datcollate, datctype FROM pg_database WHERE datname = 'synapse'"
    assert machine.base.ask("synapse", asked) == "C|C"


def test_seven_copies_stay_and_a_damaged_one_changes_nothing(machine: PreparedMachine) -> None:
    copies = machine.plan.folder / "backups"
    for day in range(1, 8):
        (copies / f"2020-01-0{day}T040000Z").mkdir(parents=True)
    made = machine.script("backup.sh")
    assert made.returncode == 0, made.stderr
    left = sorted(one.name for one in copies.iterdir())
    assert len(left) == 7
    assert left[0] == "2020-01-02T040000Z"
    assert made.stdout.strip() == str(copies / left[-1])
    copy = copies / left[-1]
    for file in (copy, *copy.iterdir()):
        assert file.stat().st_mode & 0o077 == 0, file
    held = subprocess.run(  # noqa: S603
        ["/usr/bin/tar", "--list", "--file", str(copy / "files.tar")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert {"./synapse/signing.key", "./synapse/homeserver.yaml", "./Caddyfile"} <= set(held)
    assert not [name for name in held if name.startswith(("./backups/2", "./media/"))]

    before = machine.base.ask("synapse", "SELECT count(*) FROM events")
    whole = (copy / "database.dump").read_bytes()
    (copy / "database.dump").write_bytes(whole[: len(whole) // 2])
    assert machine.script("restore.sh", copy).returncode != 0
    assert not machine.calls.exists(), "Synapse was not even stopped"
    assert machine.base.ask("synapse", "SELECT count(*) FROM events") == before
    assert machine.script("restore.sh").returncode != 0


def test_the_private_files_stay_private(machine: PreparedMachine) -> None:
    folder = machine.plan.folder
    assert folder.stat().st_mode & 0o777 == 0o700
    for file in (folder / "synapse").iterdir():
        if file.name in ("homeserver.yaml", "log.yaml", "output.log"):
            continue
        assert file.stat().st_mode & 0o777 == 0o600, file
        assert file.stat().st_uid == os.geteuid()
