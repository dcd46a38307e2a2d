"""The log has a line when an outage begins, and one when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from storage.database import Database
from storage.schema import migrate
from tests.matrix.fakes import FakeMachine, running
from tests.matrix.homeserver import Homeserver


class LaterOnce:
    """A clock that is ninety seconds ahead once the homeserver's troubles are over."""

    def __init__(self, server: Homeserver) -> None:
        self._server = server

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=0 if self._server.trouble else 90)


async def test_an_outage_is_told_at_its_beginning_and_at_its_end(tmp_path: Path) -> None:
    server = Homeserver()
    await server.start()
    server.make_room()
    server.trouble += [(502, b"<html>Bad Gateway</html>"), (429, b'{"retry_after_ms": 10}')]
    db = await Database.open(tmp_path / "minga.db", b"k" * 32)
    await migrate(db, {})

    with capture_logs() as logs:
        async with running(server.url, db, FakeMachine(), LaterOnce(server)) as (_, inbox):
            await inbox.until(lambda: inbox.live)
    await db.close()
    await server.stop()
    told = [line["event"] for line in logs if "sync" in line["event"]]
    assert told == ["no sync", "no sync", "sync again"]
    (over,) = [line for line in logs if line["event"] == "sync again"]
    assert 89 <= over["after_seconds"] <= 120
