"""The map (`docs/architecture.md`) shows the way that a message goes: real ones go it.

Through a conversation of these tests, that is: its gateway is a fake, so what the map says of the
homeserver's side (`AT_THE_HOMESERVER`) is only read here; `tests/matrix` and `tests/real` go it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from bot.testing.talk import Talk
from tests.source_files import ROOT

MAP = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (V?\d+) \| .* \| (`.*`).* \|$", re.MULTILINE)
AT_THE_HOMESERVER = {"1", "2", "3", "14", "16"}
"""Stages that are gone through only with a homeserver."""
MOST_STAGES, MOST_OF_A_VOTE = 15, 10
"""Stages of the machine to know for a command, in and out, and for a vote until it is counted: they
only get fewer."""
SHARED_WITH_A_LINE = ("1", "2", "3", "4")
"""Stages that every event goes through."""
SHOWN_WHOLE = "bot/run/"
"""The folder of which each file that runs on the way stands in a row."""


def stages(heading: str) -> dict[str, list[str]]:
    """Return the files of each stage in the first table behind these words of the map."""
    table = MAP.partition(heading)[2].partition("\n|---|---|---|\n")[2].partition("\n\n")[0]
    found = {
        number: re.findall(r"`([a-z_/]+/(?:\w+\.py)?)`", files)
        for number, files in ROW.findall(table)
    }
    assert len(found) == table.strip().count("\n") + 1, "each row is read"
    return found


@contextmanager
def files_that_run() -> Iterator[list[str]]:
    """Yield our files in the order in which the first function of each is called."""
    order: dict[str, None] = {}
    found: list[str] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        path = frame.f_code.co_filename
        if event == "call" and path not in order:
            order[path] = None
            found.append(path.removeprefix(f"{ROOT}/"))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(before)


def assert_way(table: Mapping[str, Sequence[str]], ran: Sequence[str]) -> None:
    """Assert that each stage was gone through, in the order of the table.

    What counts is when the last of a stage's own files began: some are in an earlier row already.
    """
    known: set[str] = set()
    order: list[int] = []
    for number, files in table.items():
        began = {one: _place(one, ran) for one in files}
        own = [n for one, n in began.items() if one not in known and n is not None]
        known.update(files)
        if number not in AT_THE_HOMESERVER:
            assert any(n is not None for n in began.values()), f"{number} was not gone through"
            order.extend(sorted(own)[-1:])
    assert order == sorted(order)


def assert_whole(table: Mapping[str, Sequence[str]], ran: Sequence[str]) -> None:
    """Assert that the table leaves out no file of the machine's that ran."""
    shown = {one for files in table.values() for one in files}
    assert not {path for path in ran if path.startswith(SHOWN_WHOLE)} - shown


def count_stages(table: Mapping[str, Sequence[str]]) -> int:
    """Return how many stages the machine has there: what capabilities do is none."""
    return sum(files != ["commands/"] for files in table.values())


def _place(start: str, ran: Sequence[str]) -> int | None:
    """Return where the first file with this path, or in this folder, stands in the list."""
    return next((n for n, path in enumerate(ran) if path.startswith(start)), None)


async def test_a_command_goes_through_the_stages_of_the_map_in_their_order(talk: Talk) -> None:
    way = stages("## The way of a message, in") | stages("## The way out")
    with files_that_run() as ran:
        await talk.says("ana", "!encuesta ¿Qué? Pan, Té")
        await talk.said()
    assert_way(way, ran)
    assert_whole(way, ran)
    assert count_stages(way) <= MOST_STAGES


async def test_a_native_vote_goes_through_its_stages(talk: Talk) -> None:
    every = stages("## The way of a message, in")
    way = {number: every[number] for number in SHARED_WITH_A_LINE}
    way |= stages("are no lines. After 4 they go:")
    await talk.says("ana", "!encuesta ¿Qué? Pan, Té")
    (poll,) = (post for post in await talk.sent() if post.is_poll)
    with files_that_run() as ran:
        await talk.taps("bea", poll, 1)
    assert_way(way, ran)
    assert_whole(way, ran)
    assert count_stages(way) <= MOST_OF_A_VOTE
