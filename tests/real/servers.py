"""The homeservers that all real tests share: two that federate over wires that can be cut."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from urllib.parse import quote

from bot.demo.loopback import free_port
from bot.demo.synapse import Homeserver, HomeserverError
from tests.memory import MEMORY, has_room
from tests.real.cut import Wire
from tests.real.homeserver_nursery import ForkedHomeserver

HEAL_SECONDS = 120.0
LEAN = {
    "stats": {"enabled": False},
    "push": {"enabled": False},
    "update_user_directory_from_worker": "nobody",
    "gc_min_interval": ["10s", "60s", "120s"],
}
"""What nobody looks at here costs a homeserver work with each message."""

AT_HOME = frozenset(
    {
        "test_candidacies.py",
        "test_changed_key.py",
        "test_danger.py",
        "test_decisions.py",
        "test_drafts.py",
        "test_elections.py",
        "test_events.py",
        "test_first_job.py",
        "test_governance.py",
        "test_lending.py",
        "test_library.py",
        "test_log_layers.py",
        "test_older_homeserver.py",
        "test_operator.py",
        "test_own_backups.py",
        "test_printing.py",
        "test_publishing.py",
        "test_questionnaires.py",
        "test_retention.py",
        "test_rollback.py",
        "test_secret.py",
        "test_translations.py",
        "test_upgrade.py",
    }
)
"""Tests of what the bot does for people, who are on its own homeserver as those of most networks
are. To pass each line on to a second one doubles what homeservers compute. With MINGA_FULL=1 they
are on the other; so they always are in the tests of how invitations, entries, keys, votes,
messages and what is taken back come over from there."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account that a test may use."""

    id: str
    name: str
    password: str
    server: Homeserver

    @property
    def door(self) -> tuple[str, str, str]:
        """What `Element.login` and `Member.login` ask for."""
        return self.server.url, self.id, self.password


@contextmanager
def in_memory(folder: Path) -> Iterator[Path]:
    """A place for homeservers, which wait for the disk at each step; the folder where there is no
    memory for files. What a killed run left goes."""
    if not has_room():
        yield folder
        return
    for left in MEMORY.glob("minga-tests-*"):
        if not Path("/proc", left.name.split("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=f"minga-tests-{os.getpid()}-", dir=MEMORY) as made:
        yield Path(made)


class Pair:
    """Homeservers `a` (the bot's) and `b` (the other network's), each behind a wire."""

    people_at_home: ClassVar[bool] = False
    """Whether people are on `a`, unless a test says where; the test that runs decides (AT_HOME)."""

    def __init__(self, folder: Path) -> None:
        self.a, self.b = (self._make(folder / name) for name in "ab")
        self.wires = [Wire(one.public_port, one.federation_port) for one in (self.a, self.b)]
        self._watchers: list[tuple[Homeserver, str, str]] = []

    def start(self) -> None:
        with ThreadPoolExecutor(2) as both:
            for started in [both.submit(one.start) for one in (self.a, self.b)]:
                started.result()

    def stop(self) -> None:
        for wire in self.wires:
            wire.close()
        for server in (self.a, self.b):
            server.stop()

    def person(self, name: str, server: Homeserver | None = None) -> Person:
        """A fresh account whose name nobody else uses; on `b` unless the test is AT_HOME."""
        server = server or (self.a if self.people_at_home else self.b)
        name = f"{name}-{secrets.token_hex(3)}"
        password = secrets.token_hex(8)
        return Person(server.register(name, password), name, password, server)

    def cut(self) -> None:
        """From now on neither reaches the other."""
        people = self._watch()
        for wire in self.wires:
            wire.cut()
        for server, token, other in people:  # each has tried
            try:
                server.call("GET", f"/_matrix/client/v3/profile/{other}", token=token)
            except HomeserverError:
                continue
            raise AssertionError(f"{server.server_name} still reaches the other")

    def heal(self) -> None:
        """Mend the wires, and return when each has answered the other.

        Synapse tries a lost peer again within a minute; a signed request from there wakes it at
        once, and asking for a profile is one.
        """
        for wire in self.wires:
            wire.mend()
        for server, token, other in self._watch():
            _reach(server, token, other)

    def _watch(self) -> list[tuple[Homeserver, str, str]]:
        if not self._watchers:
            people = [self.person("watch", server) for server in (self.a, self.b)]
            for person, other in zip(people, reversed(people), strict=True):
                self._watchers.append((person.server, _token(person), other.id))
        return self._watchers

    @staticmethod
    def _make(folder: Path) -> Homeserver:
        return ForkedHomeserver(
            folder,
            federating=True,
            federation_port=free_port(),
            public_port=free_port(),
            settings=LEAN,
        )


def enter_silently(person: Person, room: str) -> None:
    """Into a room to which they were invited, from a device without encryption."""
    path = f"/_matrix/client/v3/join/{quote(room)}"
    person.server.call("POST", path, {}, token=_token(person))


def sets(person: Person, room: str, kind: str, content: dict[str, str]) -> None:
    """A piece of a room's state, from another device of theirs."""
    path = f"/_matrix/client/v3/rooms/{quote(room)}/state/{kind}"
    person.server.call("PUT", path, content, token=_token(person))


def token_of(person: Person, device: str) -> str:
    """Log them in as this device; its access token."""
    return _token(person, device_id=device)


def takes_no_invitations(person: Person) -> None:
    """Block every invitation to them, as their app does (spec v1.18, MSC4380)."""
    token = _token(person)
    path = f"/_matrix/client/v3/user/{quote(person.id)}/account_data/m.invite_permission_config"
    person.server.call("PUT", path, {"default_action": "block"}, token=token)


def _token(person: Person, **more: str) -> str:
    body = {
        **more,
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": person.id},
        "password": person.password,
    }
    return str(person.server.call("POST", "/_matrix/client/v3/login", body)["access_token"])


def _reach(server: Homeserver, token: str, user: str) -> None:
    deadline = time.monotonic() + HEAL_SECONDS
    while True:
        try:
            server.call("GET", f"/_matrix/client/v3/profile/{user}", token=token)
            return
        except HomeserverError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
