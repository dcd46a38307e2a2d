"""What the words of an open call say of people counts for whoever comes later, and is read once."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import NamedAs
from bot.testing.talk import KEY, Talk, user_id
from bot.types import Number, RoomId
from commands.danger import call_store
from commands.danger.tests.test_called_by_name import told
from commands.danger.tests.test_late_helpers import CALL, become_moderators, moderators_room, rung
from storage.database import Database
from storage.schema import migrate

STEPS = Path(call_store.__file__).parent / "migrations"
CAME_LATER = "No le aviso a quien llegó después de tu aviso: Dora (@dora:test)."


async def call_open(talk: Talk, *lines: str) -> None:
    """Ana moderates; Carla is in the room; nobody knows Dora yet."""
    await moderators_room(talk, "ana")
    for line in ("panico me siguen", *lines):
        await told(talk, line)


@pytest.mark.parametrize("line", ["es carla, me está pegando", "no avises a carla", "carlita no"])
async def test_whom_a_later_line_names_is_not_called_once_nobody_else_is_left(
    talk: Talk, line: str
) -> None:
    await call_open(talk, line, "ana me pega tambien")
    await become_moderators(talk, "carla", "dora")
    assert await rung(talk) == {"dora"}


@pytest.mark.parametrize(
    "line",
    [
        *("es dora, me está pegando", "es Dora Ruiz, me está pegando", "no le digas a dora"),
        *("é a dora, ela tá me batendo", "dora is hitting me", "don't tell dora", "sin dora"),
        "dora me pega. no avises a dora",
    ],
)
async def test_nor_is_whoever_the_bot_did_not_know_then(talk: Talk, line: str) -> None:
    await call_open(talk, line, "ana me pega tambien")
    await become_moderators(talk, "dora", "carla")
    assert await rung(talk) == {"carla"}


@pytest.mark.parametrize("who", ["irma", "primo", "esposito", "novikova", "tia"])
@pytest.mark.parametrize("line", ["es {}, me pega", "panico {} me pega", "no avises a {}"])
async def test_nor_is_whoever_is_called_like_a_relation(talk: Talk, who: str, line: str) -> None:
    await call_open(talk, line.format(who), "ana me pega tambien")
    await become_moderators(talk, who, "carla")
    homes = {await talk.private(one): one for one in (who, "carla")}
    await talk.wait(timedelta(minutes=20))
    assert {homes[post.room] for post in await talk.said() if CALL in post.plain} == {"carla"}


@pytest.mark.parametrize("line", ["la irma me pega", "mi irma me dejo sola, es irma, me pega"])
async def test_a_name_that_is_a_relation_elsewhere_in_the_line_is_kept(
    talk: Talk, line: str
) -> None:
    await call_open(talk, line)
    async with talk.machine.db.reading() as tx:
        assert await call_store.names(tx, Number(1)) == {"irma": NamedAs.ACCUSED}


async def test_whom_a_later_line_leaves_in_doubt_is_called_if_nobody_else_is(talk: Talk) -> None:
    await call_open(talk, "carla está en la puerta con un cuchillo", "ana me pega tambien")
    await become_moderators(talk, "carla", "dora")
    assert await rung(talk) == {"dora"}
    await told(talk, "dora me pega tambien")
    assert await rung(talk) == {"carla"}


async def test_whom_a_later_line_asks_for_is_called_once_they_can_be(talk: Talk) -> None:
    await call_open(talk, "avisa a dora")
    await become_moderators(talk, "carla", "dora")
    assert await rung(talk) == {"ana", "dora"}


async def test_whom_a_line_leaves_in_doubt_after_they_were_asked_for_is_not(talk: Talk) -> None:
    await call_open(talk, "avisa a carla", "carla está en la puerta con un cuchillo")
    await become_moderators(talk, "carla")
    assert await rung(talk) == {"ana"}


async def test_who_came_later_is_called_when_a_line_asks_for_them(talk: Talk) -> None:
    await call_open(talk)
    await become_moderators(talk, "dora")
    heard = (await told(talk, "panico"))["bea"]
    assert CAME_LATER in heard and "`pánico` y el nombre" in heard
    heard = (await told(talk, "avisa a dora"))["bea"]
    assert "Aviso también, como pides: Dora (@dora:test)" in heard
    assert await rung(talk) == {"ana", "dora"}


async def test_who_was_accused_in_a_later_line_and_is_asked_for_since_is_called(talk: Talk) -> None:
    await call_open(talk, "es dora, me está pegando", "no era ella, avisa a dora")
    await become_moderators(talk, "dora")
    assert await rung(talk) == {"ana", "dora"}


async def test_a_name_that_others_chose_saves_nobody_from_being_accused(talk: Talk) -> None:
    """Whoever is in the room may show any name, such as a word for what is done."""
    await talk.room(RoomId("!other:test"), "Otra", ["bea", "carla", "pega"])
    await call_open(talk, "carla me pega")
    async with talk.machine.db.reading() as tx:
        assert (await call_store.alluded(tx, Number(1)))[user_id("carla")] is NamedAs.ACCUSED


@pytest.mark.parametrize(
    "line",
    [
        *("estoy en la calle 5, casa azul", "mi marido me pega", "tengo miedo, vengan"),
        *("minha irmã me bate", "minha irmãzinha me bate", "el ex me pega", "mi primo me pega"),
        *("mi ex marido me pega", "my brother is hitting me", "mis hermanas me pegan"),
    ],
)
async def test_of_a_line_that_names_nobody_nothing_is_kept(talk: Talk, line: str) -> None:
    await call_open(talk, line)
    async with talk.machine.db.reading() as tx:
        assert await call_store.names(tx, Number(1)) == {}
        assert await call_store.alluded(tx, Number(1)) == {}


async def test_what_is_kept_is_gone_with_the_call(talk: Talk) -> None:
    await call_open(talk, "es dora, me está pegando", "carla me pega")
    async with talk.machine.db.reading() as tx:
        assert await call_store.names(tx, Number(1))
    await told(talk, "falsa alarma")
    async with talk.machine.db.reading() as tx:
        for table in ("danger_name", "danger_alluded"):
            assert await tx.count(f"SELECT count(*) AS n FROM {table}") == 0  # noqa: S608


async def test_a_call_that_is_open_while_its_database_is_migrated_keeps_its_note_s_names(
    tmp_path: Path,
) -> None:
    earlier = tmp_path / "migrations"
    earlier.mkdir()
    for step in sorted(STEPS.glob("*.sql"))[:5]:
        shutil.copy(step, earlier)
    db = await Database.open(tmp_path / "minga.db", KEY)
    await migrate(db, {"danger": earlier})
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO item (number, feature, kind, room, author, title, at)"
            " VALUES (1, 'danger', 'panic', '!r:test', '@bea:test', '', 0)"
        )
        await tx.run("INSERT INTO danger_panic (item, at, note) VALUES (1, 0, 'Pedro, me pegó')")
        await tx.run("INSERT INTO danger_left_out VALUES (1, '@ana:test', 0)")
    await migrate(db, {"danger": STEPS})
    async with db.reading() as tx:
        assert await call_store.alluded(tx, Number(1)) == {"@ana:test": NamedAs.LEFT_OUT}
        words = dict.fromkeys(("Pedro,", "me", "pegó"), NamedAs.LEFT_OUT)
        assert await call_store.names(tx, Number(1)) == words
    await db.close()
