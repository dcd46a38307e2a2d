"""What `onboarding` left on disk goes on in the capabilities that were parts of it.

The rows are as commit 796e93f wrote them, in its own database.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bot.testing.talk import KEY, ROOM, PostedEvent, user_id
from bot.types import Number, RoomId
from commands.codes.code_syntax import hash_code
from storage import jobs, log
from storage.database import Database, Tx
from storage.encryption import keys as keyring
from storage.encryption import root_key
from tests.storage.old_data import Old, begin, begin_both, files, put

COMMIT = "796e93f"
DOOR, HOME = RoomId("!puerta:test"), RoomId("!dora:test")
DORA, GINA, HUGO = "@dora:lejos.org", "@gina:lejos.org", "@hugo:lejos.org"
REQUEST, DECIDED, CODE, LIST, RULES, TURN = 901, 902, 903, 904, 905, 906
QUESTIONS = json.dumps([["¿Quién eres?", []], ["¿Cerca?", ["yesno"]]])
OLD_CODE = "7K2M-XQ9A"
DAY = 86400


async def _rooms(tx: Tx) -> None:
    """A door in the area `portal`, at which two people knock, and the private room of one."""
    await tx.run(
        "INSERT INTO room (room, version, creators, power, encryption, name, join_rule)"
        " SELECT ?, version, creators, power, encryption, 'Vestíbulo', 'knock'"
        " FROM room WHERE room = ?",
        DOOR,
        ROOM,
    )
    await tx.run(
        "INSERT INTO member SELECT ?, person, membership, name FROM member WHERE room = ?",
        DOOR,
        ROOM,
    )
    for person in (DORA, GINA):
        await tx.run("INSERT INTO member VALUES (?, ?, 'knock', '')", DOOR, person)
    await tx.run("INSERT INTO onboarding_area VALUES (90, 'portal', 'portal')")
    await tx.run("INSERT INTO onboarding_area_room VALUES (90, ?)", DOOR)


async def _item(tx: Tx, number: int, kind: str, author: str, at: float, room: str = DOOR) -> None:
    await tx.run(
        "INSERT INTO item (number, feature, kind, room, author, title, at)"
        " VALUES (?, 'onboarding', ?, ?, ?, '', ?)",
        *(number, kind, room, author, int(at)),
    )


async def _job(tx: Tx, name: str, due: float, item: int | None, person: str | None = None) -> None:
    await tx.run(
        "INSERT INTO job (feature, name, room, person, item, due, try_at, payload)"
        " VALUES ('onboarding', ?, ?, ?, ?, ?, ?, '{}')",
        *(name, DOOR, person, item, due, due),
    )


async def add_newcomers(tx: Tx, at: float) -> None:
    """Add one of each thing that was under way with newcomers."""
    await _rooms(tx)
    for number, person, step in ((REQUEST, DORA, "asking"), (DECIDED, GINA, "deciding")):
        await _item(tx, number, "request", person, at)
        await tx.run(
            "INSERT INTO onboarding_request VALUES (?, ?, ?, ?, ?, ?, NULL, 0)",
            *(number, person, DOOR, step, at, QUESTIONS),
        )
        await tx.run("INSERT INTO onboarding_key VALUES (?, ?)", number, bytes(32))
        await _job(tx, "lapse", at + 30 * DAY, number)
    await tx.run(
        "INSERT INTO dialogue (feature, name, person, data, known, patience)"
        " VALUES ('onboarding', 'question', ?, ?, '{}', ?)",
        *(DORA, json.dumps({"request": REQUEST, "place": 0}), 30.0 * DAY),
    )
    await _job(tx, "@dialogue", at, None, DORA)
    await _item(tx, CODE, "code", user_id("ana"), at)
    await tx.run(
        "INSERT INTO onboarding_code VALUES (?, 'portal', ?, 5, ?)",
        *(CODE, hash_code(OLD_CODE), at + 7 * DAY),
    )
    await _item(tx, LIST, "expected", user_id("ana"), at)
    await tx.run(
        "INSERT INTO onboarding_expected VALUES (?, 'portal', ?, ?)", LIST, bytes(32), at + DAY
    )
    await _job(tx, "list_over", at + DAY, LIST)
    await _item(tx, RULES, "rules", user_id("ana"), at)
    await tx.run("INSERT INTO onboarding_rules VALUES (1, ?, 'Nos escuchamos.', ?)", RULES, at)
    await tx.run(
        "INSERT INTO onboarding_coming VALUES (?, 'portal', ?, ?, 'portal', ?, '[]', ?)",
        *(HUGO, DOOR, user_id("ana"), json.dumps([DOOR]), at),
    )
    await _item(tx, TURN, "companion", user_id("bea"), at)
    await tx.run(
        "INSERT INTO onboarding_companion (item, newcomer, person, at) VALUES (?, ?, ?, ?)",
        *(TURN, user_id("carla"), user_id("bea"), at),
    )
    await _job(tx, "companion_told", at + 7200, TURN)
    await tx.run("INSERT INTO onboarding_welcome VALUES (?, 'es', 'Qué bueno que estás.')", DOOR)
    when = datetime.fromtimestamp(at).astimezone()
    await log.add(
        tx,
        DOOR,
        when,
        "onboarding",
        "questions",
        user_id("ana"),
        {"count": 2},
        {"room": DOOR, "questions": "[]"},
    )


def told(posts: Sequence[PostedEvent]) -> str:
    """What was said anywhere."""
    return "\n".join(post.plain for post in posts)


def invited(old: Old, who: str) -> list[RoomId]:
    """Return the rooms into which a person was invited, of those that matter here."""
    posts = old.talk.gateway.posted.values()
    return [p.room for p in posts if p.kind == "invite" and p.content.get("user") == who]


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[Old]:
    """Both networks on today's code, with newcomers under way in the first one."""
    await begin_both(tmp_path, COMMIT, add_newcomers)
    made = await Old.start(tmp_path, COMMIT)
    yield made
    await made.world.close()


async def test_a_pending_request_is_asked_answered_and_decided(old: Old) -> None:
    said = told(await old.later(1))
    assert said.count("1 de 2: ¿Quién eres?") == 1, said
    assert "2 de 2: ¿Cerca?" in await old.answer(DORA, "soy Dora", private=True)
    said = await old.answer(DORA, "sí", private=True)
    assert "Gracias" in said and f"{REQUEST}: Dora" in said
    said = await old.answer("ana", f"!admitir {REQUEST}", private=True)
    assert f"Solicitud {REQUEST}: " in said and "Dora ya puede entrar" in said, said
    assert invited(old, DORA) == [], "the rules come first"
    await old.answer(DORA, "acepto", private=True)
    assert invited(old, DORA) == [DOOR]


async def test_a_vote_of_old_about_a_newcomer_is_carried_out(old: Old) -> None:
    """The proposal keeps the callback under the name that it was given."""
    async with old.talk.machine.db.transaction() as tx:
        await jobs.add(
            tx,
            "onboarding",
            "voted",
            DOOR,
            old.talk.clock.at,
            item=Number(DECIDED),
            payload={"poll": 35, "result": "failed"},
        )
    said = told(await old.later(1))
    assert "leyó tus respuestas con atención" in said, said
    assert "ya se decidió" in await old.answer("ana", f"!admitir {DECIDED}", private=True)


async def test_who_was_let_in_accepts_the_rules_and_is_invited(old: Old) -> None:
    await old.answer(HUGO, "acepto", private=True)
    assert invited(old, HUGO) == [DOOR]


async def test_a_code_and_a_list_of_old_go_on_and_end(old: Old) -> None:
    await old.answer("eva", f"codigo {OLD_CODE}", private=True)
    said = await old.answer("ana", "codigo", private=True)
    assert f"Código {CODE}, “portal”: usos que quedan: 4" in said
    assert "ya no abre nada" in await old.answer("ana", f"!cancelar {CODE}", private=True)
    assert f"La lista {LIST} para “portal” terminó" in told(await old.later(25))


async def test_a_turn_of_a_companion_is_passed_on(old: Old) -> None:
    assert "desta vez não" in await old.answer("bea", f"no puedo {TURN}", private=True)


async def test_the_log_is_whole_and_its_line_is_told_and_undone(old: Old) -> None:
    said = await old.talk.answer("ana", "!historial ingreso", room=DOOR)
    assert "2 preguntas" in said, said
    await old.talk.says("ana", "!deshacer", room=DOOR)
    said = await old.talk.answer("ana", "sí", room=DOOR)
    assert "Deshecho" in said, said
    async with old.talk.machine.db.reading() as tx:
        assert await log.is_whole(tx, DOOR)


async def test_a_talk_that_links_began_is_one_of_shares(tmp_path: Path) -> None:
    """It asks somebody whom another network wants to reach."""
    put(COMMIT, tmp_path)
    data = tmp_path / "a"
    known = json.loads(files(COMMIT)["homeserver.json"])
    at, need = datetime.fromisoformat(known["now"]).timestamp(), known["numbers"]["need"]
    key = root_key.unlock(data, key_file=tmp_path / "key").bare_db
    db = await Database.open(data / keyring.DATABASE, key, create=False)
    async with db.transaction() as tx:
        await tx.run(
            "INSERT INTO links_contact"
            " (link, bot, id, own, item, thing, person, note, asker_key, at)"
            " SELECT link, bot, ?, 0, ?, ?, author, 'Hola', ?, ? FROM links_peer, item"
            " WHERE state = 'linked' AND number = ?",
            *("c" * 32, need, "d" * 32, "e" * 64, at, need),
        )
        row = await tx.one("SELECT * FROM links_contact")
        assert row is not None
        about = {"link": row["link"], "bot": row["bot"], "about": row["id"]}
        await tx.run(
            "INSERT INTO dialogue (feature, name, person, data, known, patience)"
            " VALUES ('links', 'approached', ?, ?, '{}', ?)",
            *(row["person"], json.dumps(about), 7.0 * DAY),
        )
        await tx.run(
            "INSERT INTO job (feature, name, room, person, due, try_at, payload)"
            " VALUES ('links', '@dialogue', ?, ?, ?, ?, '{}')",
            *(row["person"], row["person"], at, at),
        )
    await db.close()
    await begin(data, tmp_path / "key")
    db = await Database.open(data / keyring.DATABASE, KEY, create=False)
    async with db.reading() as tx:
        for table in ("dialogue", "job"):
            person = row["person"]
            query = f"SELECT feature FROM {table} WHERE person = ? AND name IN (?, ?)"  # noqa: S608
            found = await tx.all(query, person, "approached", "@dialogue")
            assert "shares" in {one["feature"] for one in found}
            assert "links" not in {one["feature"] for one in found}
        kept = await tx.one("SELECT note FROM shares_contact WHERE id = ?", "c" * 32)
        assert kept is not None and kept["note"] == "Hola"
    await db.close()
