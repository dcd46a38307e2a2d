"""The index: what fits is found best first, and never what may not be seen."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.capability.data import search
from bot.capability.data.search import Findable, Query
from bot.text.stems import stems_of
from bot.types import Number, RoomId, UserId
from storage import items, search_index
from storage.database import Database
from storage.rows import people, room_moves
from storage.schema import migrate

A, B, C = RoomId("!a:test"), RoomId("!b:test"), RoomId("!c:test")
ANA, BEA = UserId("@ana:test"), UserId("@bea:test")
AT = datetime(2026, 11, 25, tzinfo=UTC)
KEY = bytes(32)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    db = await Database.open(tmp_path / "minga.db", KEY)
    await migrate(db, {})
    yield db
    await db.close()


def thing(ref: str, title: str, text: str = "", room: RoomId = A, **more: Any) -> Findable:
    return replace(Findable("library", ref, "text", room, title, AT, text), **more)


async def keep(db: Database, *things: Findable) -> None:
    async with db.transaction() as tx:
        for one in things:
            await search.index_entry(tx, one)


async def found(db: Database, query: str | Query, *rooms: RoomId) -> list[str]:
    asked = Query(query) if isinstance(query, str) else query
    async with db.reading() as tx:
        results = await search.search(tx, asked, rooms, 10)
    assert results.near is False or results.found
    return [("~" if results.near else "") + one.ref for one in results.found]


async def test_all_words_count_and_titles_say_more_than_texts(db: Database) -> None:
    await keep(
        db,
        thing("text", "Notas", "Talleres de costura, de cocina y otras cosas"),
        thing("often", "Costuras", "talleres, talleres y más talleres"),
        thing("title", "Taller de costura"),
        thing("theme", "Agujas", "un taller", themes=("#costura",)),
        thing("half", "Un taller de otra cosa"),
        thing("named", "Un taller", name="puntadas-a-mano"),
    )
    assert await found(db, "talleres COSTURA", A) == ["title", "often", "theme", "text"]
    assert await found(db, "cosdura", A) == ["~often", "~title", "~theme", "~text"]
    assert await found(db, "costura zapatos", A) == ["~often", "~title", "~theme", "~text"]
    assert await found(db, "zapatos", A) == []
    assert await found(db, "de la", A) == []
    assert await found(db, "taller puntada", A) == ["named"]
    alone = await found(db, "costura", A)
    assert sorted(alone) == ["often", "text", "theme", "title"]
    assert await found(db, '" ( * ^ : costura) + {', A) == alone
    assert await found(db, "costura OR NEAR", A) == ["~" + ref for ref in alone]


async def test_only_what_may_be_seen_now_is_looked_at(db: Database) -> None:
    await keep(
        db,
        thing("a", "Un secreto", room=A, themes=("uno",)),
        thing("b", "Un secreto", room=B, themes=("dos",)),
        thing("net", "Un secreto", room=C, network=True, themes=("tres",)),
    )
    assert await found(db, "secretos", A) == ["net", "a"]
    assert await found(db, "secretos", A, B) == ["net", "b", "a"]
    assert await found(db, "secretos", RoomId("!other:test")) == ["net"]
    assert await found(db, "secretos") == []
    assert await found(db, "secredos", B) == ["~net", "~b"], "what is near is asked the same"
    async with db.reading() as tx:
        assert await search.themes(tx, [A]) == [("tres", "tres", 1), ("uno", "uno", 1)]
        assert await search.themes(tx, []) == []


async def test_who_is_in_many_rooms_sees_those_and_no_other(db: Database) -> None:
    many = [RoomId(f"!m{n}:test") for n in range(80)]
    await keep(
        db,
        *(thing(str(n), "Asamblea", room=room, themes=("x",)) for n, room in enumerate(many)),
        thing("b", "Asamblea", room=B, themes=("x",)),
        thing("net", "Asamblea", room=C, network=True),
    )
    for query in (
        Query("asambleas"),
        Query("asambleas", since=AT),
        Query("asanblea"),
        Query(themes=("x",)),
    ):
        async with db.reading() as tx:
            results = await search.search(tx, query, many, 100)
        refs = {one.ref for one in results.found}
        assert "b" not in refs
        assert {str(n) for n in range(80)} <= refs, query
        assert ("net" in refs) is not bool(query.themes)


async def test_dates_are_of_the_thing_however_long_the_span(db: Database) -> None:
    await keep(
        db,
        *(thing(str(n), "Cosa", at=AT + timedelta(days=400 * n)) for n in range(10)),
    )
    for since, until, refs in (
        (None, AT, []),
        (AT + timedelta(days=9 * 400, seconds=1), None, []),
        (AT, AT, []),
        (AT, AT + timedelta(seconds=1), ["0"]),
        (AT + timedelta(days=400), AT + timedelta(days=801), ["2", "1"]),
        (AT + timedelta(days=400), AT + timedelta(days=8 * 400), list("7654321")),
        (AT + timedelta(days=7 * 400), None, ["9", "8", "7"]),
    ):
        assert await found(db, Query("cosa", since=since, until=until), A) == refs


async def test_filters_hold_together(db: Database) -> None:
    ana = thing("1", "Guía", person=ANA, themes=("Salud Mental",), at=AT - timedelta(days=9))
    await keep(
        db,
        ana,
        replace(ana, ref="2", person=BEA, at=AT),
        replace(ana, ref="3", kind="offer", at=AT),
        replace(ana, ref="4", themes=("otro",), at=AT),
    )
    theme = Query(themes=("#salud-mental",))
    assert await found(db, theme, A) == ["3", "2", "1"]
    assert await found(db, replace(theme, kinds=("text",)), A) == ["2", "1"]
    assert await found(db, replace(theme, people=(ANA,)), A) == ["3", "1"]
    assert await found(db, replace(theme, since=AT), A) == ["3", "2"]
    assert await found(db, replace(theme, until=AT), A) == ["1"]
    assert await found(db, Query("guías", kinds=("text", "offer"), people=(BEA,)), A) == ["2"]
    assert await found(db, Query(kinds=("nothing",)), A) == []
    both = Query(themes=("salud mental", "otro"))
    assert await found(db, both, A) == ["4", "3", "2", "1"]
    assert await found(db, replace(both, narrow=True), A) == ["~4", "~3", "~2", "~1"]
    await keep(db, replace(ana, ref="5", themes=("Otro", "salud-mental")))
    assert await found(db, replace(both, narrow=True), A) == ["5"]
    async with db.reading() as tx:
        assert (
            await search.people_named(tx, "@Bea")
            == await search.people_named(tx, "@bea:test")
            == [BEA]
        )


async def test_what_changes_is_found_as_it_is_now_and_what_goes_is_gone(db: Database) -> None:
    await keep(db, thing("1", "Recetas viejas"), thing("1", "Semillas nuevas"))
    assert await found(db, "recetas", A) == []
    assert await found(db, "semillas", A) == ["1"]
    async with db.transaction() as tx:
        await search.delete(tx, "library", "1")
        number = await items.add(tx, "library", "text", A, ANA, "Con número", AT)
        await search.index_entry(tx, thing("2", "Con número", item=number))
    assert await found(db, "semillas", A) == []
    assert await found(db, "número", A) == ["2"]
    async with db.transaction() as tx:
        await items.delete(tx, Number(number))
    assert await found(db, "número", A) == []
    async with db.reading() as tx:
        for table in ("findable", "findable_theme", "findable_words"):
            assert await tx.all(f"SELECT * FROM {table}") == []  # noqa: S608


async def test_nothing_of_what_went_is_left_in_the_index(db: Database) -> None:
    only, all_of_them = stems_of("irrepetible zanahorias")
    await keep(db, *(thing(str(n), f"Zanahoria {n}", "irrepetible" * (n == 7)) for n in range(50)))
    async with db.reading() as tx:
        rows = await tx.all("SELECT block FROM findable_words_data")
    assert only.encode()[1:] in b"".join(bytes(row["block"]) for row in rows)
    async with db.transaction() as tx:
        await search.delete(tx, "library", "7")
    async with db.reading() as tx:
        rows = await tx.all("SELECT block FROM findable_words_data")
    blocks = b"".join(bytes(row["block"]) for row in rows)
    assert all_of_them.encode()[1:] in blocks
    assert only.encode()[1:] not in blocks


async def test_a_room_goes_on_in_another_with_what_can_be_found(db: Database) -> None:
    await keep(
        db,
        thing("a", "Cosa", themes=("uno",)),
        thing("net", "Cosa", network=True),
        thing("b", "Cosa", room=B),
    )
    for before, after in ((A, C), (C, B)):
        async with db.transaction() as tx:
            await room_moves.move_room(tx, before, after)
        assert "a" in await found(db, "cosa", after)
        assert await found(db, "cosa", before) == ["net"]
    assert await found(db, "cosa", B) == ["b", "net", "a"]
    async with db.reading() as tx:
        assert await search.themes(tx, [B]) == [("uno", "uno", 1)]


async def test_what_stays_of_a_person_who_is_forgotten_has_no_name(db: Database) -> None:
    await keep(db, thing("1", "Cosa", person=ANA), thing("2", "Cosa", person=BEA))
    async with db.reading() as tx:
        assert set(await search_index.authors(tx)) == {ANA, BEA}
    async with db.transaction() as tx:
        await people.forget_person(tx, ANA)
    assert await found(db, "cosa", A) == ["2", "1"]
    assert await found(db, Query("cosa", people=(ANA,)), A) == []
    assert await found(db, Query("cosa", people=(BEA,)), A) == ["2"]
    async with db.reading() as tx:
        assert await search_index.authors(tx) == [BEA]
        rows = await tx.all(
            "SELECT person, marks FROM findable JOIN findable_words w ON w.rowid = id"
        )
    assert [row["person"] for row in rows] == ["", BEA]


async def test_of_a_word_that_many_have_old_titles_are_weighed_too(db: Database) -> None:
    old = [thing("old", "Asamblea"), *(thing(f"t{n}", f"Acta {n}", "asamblea") for n in range(310))]
    await keep(db, *old)
    async with db.reading() as tx:
        results = await search.search(tx, Query("asambleas"), [A], 3)
        later = await search.search(tx, Query("asambleas"), [A], 3, offset=3)
        newest = await search.newest_matches(tx, Query("asambleas"), [A], 2)
    assert [one.ref for one in results.found] == ["old", "t309", "t308"]
    assert not results.whole
    assert [one.ref for one in later.found] == ["t307", "t306", "t305"]
    assert [one.ref for one in newest] == ["t309", "t308"]


async def test_what_is_new_is_what_was_put_after_however_it_changed(db: Database) -> None:
    await keep(db, thing("1", "Cosa"), thing("2", "Cosa"))
    async with db.transaction() as tx:
        last = await search.last_id(tx)
        await search.delete(tx, "library", "2")
    await keep(db, thing("1", "Cosa cambiada"), thing("3", "Cosa"))
    assert await found(db, Query(after=last), A) == ["3"]
    async with db.reading() as tx:
        without = await search.search(tx, Query("cosa"), [B], 9, network=False)
    assert without.found == []


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_it_finds_what_may_be_seen_and_nothing_else(
    db: Database, seed: int
) -> None:
    """Against a plain list, through hundreds of changes and moves of rooms."""
    draw = random.Random(seed)  # noqa: S311
    every: dict[str, Findable] = {}
    places, words = (
        [RoomId(f"!r{n}:test") for n in range(8)],
        ["pan", "agua", "luz", "red", "mapa", "sol"],
    )
    for step in range(120):
        act = draw.random()
        async with db.transaction() as tx:
            if act < 0.7 or not every:
                one = thing(
                    str(draw.randrange(60)),
                    " ".join(draw.choices(words, k=2)),
                    " ".join(draw.choices(words, k=3)),
                    draw.choice(places),
                    at=AT + timedelta(days=draw.randrange(900)),
                    themes=tuple(draw.sample(words, k=draw.randrange(3))),
                    person=draw.choice((ANA, BEA)),
                    network=draw.random() < 0.2,
                )
                await search.index_entry(tx, one)
                every[one.ref] = one
            elif act < 0.9:
                gone = draw.choice(list(every))
                await search.delete(tx, "library", gone)
                del every[gone]
            else:
                old, new = draw.sample(places, k=2)
                await room_moves.move_room(tx, old, new)
                every = {
                    ref: replace(one, room=new) if one.room == old else one
                    for ref, one in every.items()
                }
        if step % 4:
            continue
        seen, word, theme = set(draw.sample(places, k=3)), draw.choice(words), draw.choice(words)
        since = AT + timedelta(days=draw.randrange(900))
        query = Query(word, themes=(theme,), since=since, people=(ANA,))
        async with db.reading() as tx:
            results = await search.search(tx, query, seen, 100)
        fits = {
            ref
            for ref, one in every.items()
            if (one.network or one.room in seen)
            and (theme in one.themes and one.at >= since and one.person == ANA)
            and word in " ".join((one.title, one.text, *one.themes)).split()
        }
        if not results.near:
            assert {one.ref for one in results.found} == fits
        else:
            assert not fits
            assert all(one.network or one.room in seen for one in results.found)
