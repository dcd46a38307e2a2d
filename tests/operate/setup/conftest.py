"""The homeserver and the terminal of whoever sets a bot up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.operate.setup import questions
from storage.encryption import keys as keyring
from tests.operate.doctor.homeserver import ME, PASSWORD, serving
from tests.operate.setup.registrar import Registrar


@pytest.fixture(autouse=True)
def gentle(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process runs other tests too: it keeps its umask and its core dumps."""
    monkeypatch.setattr(keyring, "harden", lambda: None)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "has_terminal", lambda: True)


@pytest.fixture
def server() -> Iterator[Registrar]:
    made = Registrar()
    with serving(made):
        yield made


@pytest.fixture
def known(server: Registrar) -> Registrar:
    """A homeserver on which the account was made before."""
    server.people.add(ME)
    server.password = PASSWORD
    return server
