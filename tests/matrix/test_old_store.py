"""A key store of commit 796e93f: what it could open it opens, killed anywhere on the way or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.matrix.crypto.key_store import KeyStore
from bot.types import RoomId, UserId
from storage.encryption.keys import KEY_STORE, Keys, read_header
from storage.encryption.root_key import find_root_key
from tests.matrix.people import ROOM
from tests.storage.old_data import files, put

COMMIT = "796e93f"


class Killed(BaseException):
    """The process ended here."""


class Store:
    """The old key store, as the bot opens it."""

    def __init__(self, folder: Path) -> None:
        put(COMMIT, folder)
        header = read_header(folder / "a")
        assert header is not None
        self.keys = Keys.from_root(find_root_key(header, key_file=folder / "key"))
        self.path = folder / "a" / KEY_STORE
        self.known: dict[str, Any] = json.loads(files(COMMIT)["homeserver.json"])["keys"]

    def open(self) -> CryptoMachine:
        return CryptoMachine.open(
            self.path,
            UserId(self.known["user"]),
            self.known["device"],
            db_key=self.keys.bare_niodb,
            pickle_key=self.keys.nio_pickle,
        )

    def renew(self) -> None:
        for left in self.path.parent.glob(f"{KEY_STORE}*"):
            left.unlink()
        self.path.touch(mode=0o600)
        self.path.write_bytes(files(COMMIT)[f"a/{KEY_STORE}"])

    def holds(self, machine: CryptoMachine) -> dict[str, list[str]]:
        """Every table, and what stands in it."""
        run = machine._store.run
        names = [r[0] for r in run("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(map(repr, run(f"SELECT * FROM {name}").fetchall()))  # noqa: S608
            for name in sorted(names)
        }


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def killing(patch: pytest.MonkeyPatch, at: int, left: list[KeyStore]) -> Callable[[], int]:
    """Ends the process before this statement; what it left is to be closed. How many there were."""
    run, done = KeyStore.run, 0

    def ends(self: KeyStore, *given: Any) -> Any:
        nonlocal done
        done += 1
        if done == at:
            left.append(self)
            raise Killed
        return run(self, *given)

    patch.setattr(KeyStore, "run", ends)
    return lambda: done


def heard(machine: CryptoMachine, said: dict[str, Any]) -> Any:
    return machine.decrypt(RoomId(ROOM), said).content["body"]


def test_what_was_said_before_is_read_and_nothing_twice(store: Store) -> None:
    machine = store.open()
    assert heard(machine, store.known["waits"]) == "sigo aquí"
    assert heard(machine, store.known["heard"]) == "hola", "the same event again"
    with pytest.raises(Exception, match="replay"):
        heard(machine, store.known["heard"] | {"event_id": "$another"})
    machine.close()


def test_killed_before_any_statement_it_ends_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        counted = killing(patch, 0, [])
        machine = store.open()
    whole, statements = store.holds(machine), counted()
    machine.close()
    assert whole["minga_former"] and whole["minga_megolm"], "brought over from older tables"
    for at in range(1, statements + 1):
        store.renew()
        with monkeypatch.context() as patch:
            left: list[KeyStore] = []
            killing(patch, at, left)
            with pytest.raises(Killed):
                store.open()
        left[0].close()
        machine = store.open()
        assert store.holds(machine) == whole, at
        machine.close()
