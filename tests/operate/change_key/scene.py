"""A bot's folder with something of all that a key locks, and processes of ours that are killed.

Each process is a fork of one without threads, which has loaded the program already.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.operate import cli
from bot.operate.change_key import key_places, unit_lines
from bot.operate.change_key.key_places import KeyKind, KeyPlace
from bot.operate.change_key.plan import find_place
from bot.operate.change_key.steps import finish_at_start
from bot.operate.config import Config, load_config
from bot.operate.first_login import unlock_keys
from bot.signing.signer import open_signer
from bot.types import UserId
from storage.connection import Connection
from storage.database import Database
from storage.encryption import keys as keyring
from storage.encryption import secrets as vault
from storage.encryption.keys import DATABASE, KEY_STORE, read_header
from storage.files import lock
from storage.schema import migrate
from tests.storage.test_killed_migrations import holds

ME, DEVICE = UserId("@minga:example.org"), "DEVICE"
PHRASES = (
    "seis palabras que nadie sabe decir",
    "otras seis palabras bien guardadas",
    "las terceras seis palabras de la red",
)
CONFIG = """\
# What people write stays as it is.
[matrix]
homeserver = "https://matrix.example.org"
user_id = "@minga:example.org"
password_file = "secrets/password"
[network]
name = "Red de ejemplo"
timezone = "America/Bogota"
moderators = ["@ana:example.org"]
[storage]  # where it lies
data_dir = "data"
key_file = "secrets/key"
"""


class Installation:
    """The files of one bot, below `folder`: its unit too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config, self.data = folder / "config.toml", folder / "data"
        self.key, self.credential = folder / "secrets/key", folder / "key.cred"
        self.phrase, self.typed = folder / "secrets/passphrase", folder / "typed"
        self.unit = folder / "system/minga.service"

    def load(self) -> Config:
        return load_config(self.config)

    @property
    def dropin(self) -> Path:
        return self.unit.with_name("minga.service.d") / "key.conf"

    async def make(self, kind: str) -> None:
        """Write a configuration, a key of this kind and the data that it locks."""
        self.key.parent.mkdir(parents=True, mode=0o700)
        self.unit.parent.mkdir()
        self.unit.write_text(
            f"[Service]\nLoadCredential=config.toml:{self.config}\nLoadCredential=key:{self.key}\n"
        )
        self.config.touch(mode=0o600)
        self.config.write_text(CONFIG)
        if kind == KeyKind.PASSPHRASE:
            self.config.write_text(f"{CONFIG}passphrase_file = {json.dumps(str(self.phrase))}\n")
            self.phrase.touch(mode=0o600)
            self.phrase.write_text(PHRASES[0] + "\n")
            unit_lines.tell_unit(self.unit, KeyPlace(KeyKind.PASSPHRASE, self.phrase, "key"))
        self.think_of(PHRASES[1])
        keys = unlock_keys(self.load(), create=True)
        db = await Database.open(self.data / DATABASE, keys.db)
        await migrate(db, {})
        async with db.transaction() as tx:
            await vault.put(tx, keys.xsign, "seeds", b"the seeds of the identity")
            await vault.put(tx, keys.xsign, "matrix-session", b'{"the": "login"}')
        await open_signer(db, keys.ballots, ME, dict)
        await db.close()
        machine = _machine(self.data, keys)
        machine.close()
        lock.folder_id(self.data)  # it ran before
        if kind == KeyKind.CREDENTIAL:
            place = KeyPlace(KeyKind.CREDENTIAL, self.credential, "key")
            place.stage(self.key.read_bytes())
            place.put()
            self.key.unlink()
            unit_lines.tell_unit(self.unit, place)

    def think_of(self, phrase: str) -> None:
        """Let this be the passphrase that is changed to."""
        self.typed.touch(mode=0o600)
        self.typed.write_text(phrase + "\n")

    def words(self, to: str, *more: str) -> list[str]:
        """What an operator types."""
        words = ["change-key", "--config", str(self.config), "--to", to, *more]
        if to == KeyKind.PASSPHRASE:
            words += ["--place", str(self.phrase), "--from", str(self.typed)]
        return words

    def change(self, to: str, *more: str) -> Result:
        with self.systems():
            return CliRunner().invoke(cli.main, self.words(to, *more), catch_exceptions=False)

    @contextlib.contextmanager
    def systems(self) -> Iterator[None]:
        """Let systemd's folder be ours, and nothing harden this process."""
        before = unit_lines.SYSTEM, unit_lines.SYSTEMCTL, keyring.harden
        unit_lines.SYSTEM, unit_lines.SYSTEMCTL = self.unit.parent, "true"
        key_places.SYSTEMD_CREDS = sealing_program(self.folder.parent)
        keyring.harden = lambda: None
        try:
            yield
        finally:
            unit_lines.SYSTEM, unit_lines.SYSTEMCTL, keyring.harden = before

    async def start(self) -> dict[str, Any]:
        """Start as `minga run` does, from systemd, and return what the bot finds."""
        credentials = self.folder / "credentials"
        shutil.rmtree(credentials, ignore_errors=True)
        credentials.mkdir(mode=0o700)
        for name, secret in self._given().items():
            (credentials / name).touch(mode=0o600)
            (credentials / name).write_bytes(secret)
        os.environ["CREDENTIALS_DIRECTORY"] = str(credentials)
        try:
            config = self.load()
            used = config.storage.passphrase_file or config.storage.key_file
            assert used.parent == credentials, "the bot's user can read nothing else"
            await finish_at_start(config)
            return await found(config)
        finally:
            del os.environ["CREDENTIALS_DIRECTORY"]

    def _given(self) -> dict[str, bytes]:
        """What the unit gives (systemd.exec(5)): the last line for a name counts."""
        lines = self.unit.read_text().splitlines()
        lines += self.dropin.read_text().splitlines() if self.dropin.exists() else []
        places: dict[str, tuple[bool, str]] = {}
        defaults: dict[str, bytes] = {}
        for line in lines:
            setting, _equals, value = line.partition("=")
            name, _colon, file = value.partition(":")
            if setting == "SetCredential":
                defaults[name] = file.encode()
            if setting.startswith("LoadCredential"):
                places[name] = (setting.endswith("Encrypted"), file)
        given = {}
        for name, (sealed, file) in places.items():
            if name in defaults and not Path(file).exists():
                given[name] = defaults[name]
            else:
                kind = KeyKind.CREDENTIAL if sealed else KeyKind.FILE
                given[name] = KeyPlace(kind, Path(file), name).read()
        del given["config.toml"]
        return given


STAND_IN = f"""\
#!{sys.executable}
import base64, sys
what, name, source, target = sys.argv[1:]
given = sys.stdin.buffer.read() if source == "-" else open(source, "rb").read()
mark = b"sealed " + name.encode() + b" "
if what == "encrypt":
    sys.stdout.buffer.write(base64.b64encode(mark + given))
else:
    opened = base64.b64decode(given)
    assert opened.startswith(mark)
    sys.stdout.buffer.write(opened[len(mark):])
"""


def sealing_program(folder: Path) -> str:
    """Return systemd-creds, or a stand-in where there is none or it is not ours to use."""
    if shutil.which("systemd-creds") and os.geteuid() == 0:
        return "systemd-creds"
    program = folder / "systemd-creds"
    program.write_text(STAND_IN)
    program.chmod(0o700)
    return str(program)


def _machine(data: Path, keys: keyring.Keys) -> CryptoMachine:
    return CryptoMachine.open(
        data / KEY_STORE, ME, DEVICE, db_key=keys.niodb, pickle_key=keys.nio_pickle
    )


async def found(config: Config) -> dict[str, Any]:
    """All that the keys lock, opened with the configured one."""
    data, keys = config.storage.data_dir, unlock_keys(config, create=False)
    rows = await holds(data / DATABASE, keys.db)
    sealed = rows.pop("secret")
    db = await Database.open(data / DATABASE, keys.db, create=False)
    async with db.transaction() as tx:
        seeds = await vault.get(tx, keys.xsign, "seeds")
        login = await vault.get(tx, keys.xsign, "matrix-session")
    signer = await open_signer(db, keys.ballots, ME, dict)
    await db.close()
    machine = _machine(data, keys)
    try:
        device = (machine.ed25519, machine.curve25519)
        veil = machine._store.keyed_hash("@ana:example.org")
    finally:
        machine.close()
    assert len(sealed) == 3
    return {
        "rows": rows,
        "secrets": (seeds, login, signer.public),
        "device": device,
        "veil": veil,
    }


def key_of(installation: Installation) -> str:
    return str((read_header(installation.data) or {})["id"])


def place_of(installation: Installation) -> KeyPlace:
    return find_place(installation.load(), installation.config)


# --- processes that end early ---------------------------------------------------------------------

OTHER_USER = 61_234
STEPS = ("fsync", "link", "replace", "unlink", "ftruncate")


def in_a_fork(work: Callable[[], Any], kill_after: float | None = None) -> tuple[int, Any]:
    """Run it in a fork of this process, killed after so many seconds if it still runs then.

    Return its status, negative if it was killed, and its result.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        status = 1
        try:
            result = pickle.dumps(work())
            with os.fdopen(theirs, "wb") as pipe:
                pipe.write(result)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(theirs)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(ours, "rb") as pipe:
        result = pipe.read()
    _pid, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code, pickle.loads(result) if code == 0 else None  # noqa: S301 - our own fork's


class Steps:
    """Counts what is done to files and databases; `at` is done no more, and `then` happens."""

    def __init__(self, at: int, then: Callable[[], None]) -> None:
        self.at, self.then, self.done = at, then, 0

    def step(self) -> None:
        self.done += 1
        if self.done == self.at:
            self.then()

    def watch(self) -> None:
        """Count in this process from now on."""
        for name in STEPS:
            setattr(os, name, self._counted(getattr(os, name)))
        for method in ("commit", "close"):
            setattr(Connection, method, self._counted(getattr(Connection, method)))
        execute = Connection.execute

        async def executes(connection: Connection, sql: str, *args: Any) -> Any:
            if not sql.startswith("PRAGMA rekey"):
                return await execute(connection, sql, *args)
            self.step()
            done = await execute(connection, sql, *args)
            self.step()
            return done

        Connection.execute = executes  # type: ignore[method-assign, assignment]

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def counts(*given: Any, **more: Any) -> Any:
            self.step()
            return real(*given, **more)

        return counts


def die() -> None:
    """End at once, as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def no_room() -> None:
    """End the step as a full disk does."""
    raise OSError(28, "No space left on device")


def small_files(most: int) -> None:
    """From now on no file grows beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def begin(folder: Path, kind: str, fill: int = 0) -> Installation:
    """Return an installation that was made in a fork, with a copy to begin anew from.

    `fill`: how many bytes each database is to have besides.
    """
    made = Installation(folder / "bot")
    code, _ = in_a_fork(lambda: _made(made, kind, fill))
    assert code == 0
    shutil.copytree(made.folder, folder / "first")
    give_data(made)
    return made


def _made(installation: Installation, kind: str, fill: int) -> None:
    with installation.systems():
        asyncio.run(installation.make(kind))
        asyncio.run(_fill(installation, fill))


async def _fill(installation: Installation, size: int) -> None:
    keys = unlock_keys(installation.load(), create=False) if size else None
    for name, key in ((DATABASE, keys.db), (KEY_STORE, keys.niodb)) if keys else ():
        db = await Database.open(installation.data / name, key)
        async with db.transaction() as tx:
            await tx.run("CREATE TABLE filler (value BLOB)")
            for _ in range(size // 4096):
                await tx.run("INSERT INTO filler VALUES (randomblob(4096))")
        await db.close()


def renew(installation: Installation) -> None:
    """Put everything back as it was made."""
    shutil.rmtree(installation.folder)
    shutil.copytree(installation.folder.with_name("first"), installation.folder)
    give_data(installation)


def give_data(installation: Installation) -> None:
    """Let the data be another user's, where root can: root's commands are to leave it so."""
    if os.geteuid() == 0:
        for file in (installation.data, *installation.data.iterdir()):
            os.chown(file, OTHER_USER, OTHER_USER)


def changes(installation: Installation, to: str, steps: Steps, *more: str) -> tuple[int, str, int]:
    """Change the key. Return exit status, what was said, and how many steps it took."""
    steps.watch()
    said = installation.change(to, *more)
    return said.exit_code, said.output, steps.done


def starts(installation: Installation) -> dict[str, Any]:
    with installation.systems():
        return asyncio.run(installation.start())
