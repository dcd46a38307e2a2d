"""What goes with a room and what stays: nothing is lost, and nothing is in both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.capability.registry import registry_of
from bot.operate.split.section_file import SplitError
from bot.run.app import features
from bot.run.duties.handovers import all_rows, is_authentic, split_rules
from bot.testing.talk import Talk
from bot.types import Membership, RoomId, UserId
from commands.ballot_secrecy.tests.secret_talk import LINE as SECRET
from storage import log
from storage.sections import cut, handovers
from storage.sections.schema_paths import read_paths
from tests.sections.test_handover import fill
from tests.sections.two_bots import GOES, SECOND, STAYS, TwoBots

PLACED_BY_CODE = frozenset({"job", "person", "finding_place", "findable", "section", "item"})
FOR_BOTH = frozenset(
    {
        *(
            "care_key",
            "library_key",
            "danger_code",
            "schema_version",
            "maintenance",
            "fact",
            "release",
        ),
        *(
            "organisations_chamber",
            "exchange_words",
            "codes_code",
            "danger_new_code",
            "rules_stuck_told",
        ),
        *("onboarding_area", "welcome_nobody_free", "welcome_summary_round"),
    }
)
"""Tables about the whole network, which both bots go on with."""
COUNTED = frozenset({"library_themes", "library_places", "sqlite_sequence", "findable_vocabulary"})


@pytest.fixture
async def bots(tmp_path: Path) -> AsyncIterator[TwoBots]:
    made = await TwoBots.start(tmp_path)
    yield made
    await made.close()


async def rows_of(talk: Talk) -> dict[str, set[tuple[object, ...]]]:
    """The rows of every table that goes with an item or a room."""
    declared = all_rows(registry_of(features()).features)
    async with talk.machine.db.reading() as tx:
        paths = await read_paths(tx)
        tables = {r.table for r in declared if r.room} | paths.with_item
        moved = tables - cut.LOG - cut.MIRRORS - {"posted", "finding_place", "letter"}
        found = {}
        for table in moved:
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608 (names of the schema)
            found[table] = {tuple(row) for row in rows}
        return found


async def test_each_row_is_with_one_of_the_two(bots: TwoBots) -> None:
    await fill(bots.first)
    for line in ("!configurar resumen-diario 9:00", "sí", "!tarea Barrer @bea en 20 horas"):
        await bots.first.says("ana", line, room=GOES)
    await bots.first.says("ana", "!evento Marcha en 50 horas", room=STAYS)
    await bots.first.said()
    before = await rows_of(bots.first)
    done = await bots.split()
    second = await bots.take_in(await bots.write(done))
    async with bots.first.machine.db.transaction() as tx:
        known = registry_of(features()).features
        rules = split_rules(known)
        leaving = await cut.plan_cut(tx, [GOES], rules)
        await cut.cut_out(tx, leaving, all_rows(known), rules)
    kept, taken = await rows_of(bots.first), await rows_of(second)
    for table, rows in before.items():
        if table in ("setting", "job"):  # those of the whole network are in both
            continue
        assert kept[table] | taken[table] == rows, table
        assert not kept[table] & taken[table], table
    assert sum(map(len, taken.values())) > 20
    for talk in (bots.first, second):
        async with talk.machine.db.reading() as tx:
            assert await tx.all("PRAGMA foreign_key_check") == []
            assert (await tx.all("PRAGMA integrity_check"))[0][0] == "ok"


async def test_it_is_logged_and_signed_in_both(bots: TwoBots) -> None:
    done = await bots.split()
    second = await bots.take_in(await bots.write(done))
    for talk in (bots.first, second):
        async with talk.machine.db.reading() as tx:
            lines = await tx.all("SELECT act FROM log WHERE room = ?", GOES)
            assert [row["act"] for row in lines][-1] == "handed_over"
            assert await log.is_whole(tx, GOES)
            [one] = await handovers.all_of(tx, "out" if talk is bots.first else "in")
        assert one.statement == done.section.statement and one.account == SECOND
        assert is_authentic(one)
        assert one.peer == (SECOND if talk is bots.first else "@minga:test")


async def test_nothing_of_the_first_bots_account_is_in_the_file(bots: TwoBots) -> None:
    await fill(bots.first)
    await bots.first.tells("bea", "idioma pt")
    await bots.first.sent()
    second = await bots.take_in(await bots.write(await bots.split()))
    async with second.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM secret")
        assert not await tx.exists("SELECT 1 FROM room WHERE joined")
        assert not await tx.exists("SELECT 1 FROM room WHERE room = ?", STAYS)
        assert await tx.exists("SELECT 1 FROM person WHERE person = '@bea:test'")
        assert not await tx.exists("SELECT 1 FROM item WHERE room != ?", GOES)


async def test_every_table_has_its_place(bots: TwoBots) -> None:
    """A new table has to say where it goes, or stand among those for both."""
    declared = all_rows(registry_of(features()).features)
    rules = split_rules(registry_of(features()).features)
    async with bots.first.machine.db.reading() as tx:
        paths = await read_paths(tx)
    placed = paths.with_item | {r.table for r in declared if r.room or r.person}
    placed |= {rule.table for rule in rules} | set(cut.NOT_COPIED)
    placed |= {table for table, columns in paths.columns.items() if "item" in columns}
    placed |= {r.table for r in paths.references if r.to in placed}
    rest = {t for t in paths.columns if not t.startswith(("findable_words", "sqlite"))} - placed
    assert rest - PLACED_BY_CODE - FOR_BOTH - COUNTED == set()


@pytest.mark.parametrize(
    ("areas", "named", "to", "why"),
    [
        (("costa",), (), SECOND, "no area"),
        ((), (), SECOND, "Name the areas"),
        ((), (RoomId("!otra:test"),), SECOND, "no room of this network"),
        (("norte",), (STAYS, RoomId("!sala:test")), SECOND, "No room would stay"),
        (("norte",), (), UserId("@minga:test"), "another account"),
    ],
)
async def test_a_split_that_can_not_be_is_refused(
    bots: TwoBots, areas: tuple[str, ...], named: tuple[RoomId, ...], to: UserId, why: str
) -> None:
    with pytest.raises(SplitError) as caught:
        await bots.split(areas, named, to)
    assert why in str(caught.value)
    async with bots.first.machine.db.reading() as tx:
        assert await handovers.idle_rooms(tx) == []


async def test_what_nobody_could_go_on_with_has_to_end_first(bots: TwoBots) -> None:
    first = bots.first
    for n in range(4):
        await first.moves(f"m{n}", Membership.JOIN, GOES)
    await first.says("ana", SECRET, room=GOES)
    with pytest.raises(SplitError, match="still have to go out there: "):
        await bots.split()
    await first.said()
    with pytest.raises(SplitError, match="The secret ballot 1 is open"):
        await bots.split()


async def test_a_room_goes_once_and_a_file_is_never_replaced(bots: TwoBots) -> None:
    done = await bots.split()
    with pytest.raises(SplitError, match="already"):
        await bots.split()
    await bots.write(done)
    with pytest.raises(SplitError, match="exists already"):
        await bots.write(done)
    again = await bots.write(done, "again")
    assert again.exists()
