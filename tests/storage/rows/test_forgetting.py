"""Who asks to be forgotten is in no table any more, whatever they did, but among who is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.api import Answer, Context, Feature, Topic, _, words
from bot.capability.data import erasure
from bot.testing.fake_gateway import BOT
from bot.testing.talk import KEY, KEYS, ROOM, Talk, user_id
from bot.types import EventId, Membership, RoomId
from storage import dialogues, log
from storage import rooms as mirror
from storage.files import backup
from storage.membership import room_state

DESK, KITCHEN = RoomId("!mesa:test"), RoomId("!cocina:test")
ROOMS_OWN = {"member", "room"}
"""Who is in a room is the room's own, and goes when they leave it."""
BEA = user_id("bea")


def forgetter(folder: Path) -> Feature:
    """A capability with the one command that is missing: somebody forgets Bea."""
    feature = Feature("forgetter", folder)

    @feature.command(
        words("olvida", "esquece", "obliterate"),
        help=_("for this test"),
        example=_("for this test"),
        topic=Topic("forgetter", words("olvidos", "esquecidos", "oblivion"), _("for this test")),
    )
    async def forget(ctx: Context, *, text: str = "") -> Answer:
        await erasure.forget_person(ctx, BEA)
        return None

    return feature


@pytest.fixture
def capabilities(capabilities: Sequence[Feature], tmp_path: Path) -> Sequence[Feature]:
    return [*capabilities, forgetter(tmp_path / "forgetter")]


async def where(talk: Talk, person: str) -> dict[str, list[Any]]:
    """Every table with a row in which the person is named."""
    found: dict[str, list[Any]] = {}
    async with talk.machine.db.reading() as tx:
        tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        for table in [row["name"] for row in tables]:
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            named = [tuple(row) for row in rows if person in repr(tuple(row))]
            if named:
                found[table] = named
    return found


async def number_of(talk: Talk, kind: str) -> int:
    """The number of the newest thing of this kind."""
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT max(number) AS n FROM item WHERE kind = ?", kind)
    assert row is not None
    return int(row["n"])


async def everything(talk: Talk) -> None:
    """What a person can do."""
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    await talk.says("ana", '!votantes agregar "Coop" @bea:test suplente: @carla:test')
    await talk.says("ana", '!votantes agregar "Otra" @carla:test suplente: @bea:test')
    await talk.says("bea", "!encuesta ¿Dónde? Norte, Sur abierta")
    posts = await talk.sent()
    poll = next(post for post in posts if post.is_poll)
    await talk.taps("bea", poll, 2)
    await talk.says("bea", "!votar 1 1")
    await talk.says("ana", '!propuesta "Entrar a la red" consenso')
    await talk.says("bea", '!votar 2 bloqueo "no hay plata"')
    await talk.room(DESK, "Mesa", ["ana", "bea", "carla", "dora", "elsa"], {"ana": 50})
    await talk.says("ana", "!encuesta ¿Quién? Uno, Dos secreto hasta en 56 horas", room=DESK)
    await talk.tells("bea", "votar 3 2 luna llena")
    await talk.sent()
    await talk.says("bea", "!acompañar sí")
    await talk.room(KITCHEN, "Cocina", ["ana"], {"ana": 50})
    for line in ("!bienvenida cambiar Hola", "sí"):
        await talk.says("ana", line, room=KITCHEN)
    await talk.moves("bea", Membership.JOIN, KITCHEN)
    await talk.says("bea", "!cerrar 1")
    await talk.says("ana", "!encuesta ¿Cuándo? Hoy, Mañana votan:personas")
    await talk.says("bea", "!presencial 4 Hoy:5 Mañana:2")
    await talk.says("ana", "!presencial 4 Hoy:5")
    await talk.says("bea", "!presencial 4 confirmar")
    await talk.says("ana", "!cerrar 4")
    await talk.sent()
    await talk.says("bea", "!recordar en 1 hora; agua")
    await talk.tells("bea", "recordar en 2 horas; llamar a mamá")
    await talk.tells("bea", "idioma pt")
    await talk.says("ana", "!area agregar prensa")
    await talk.says("ana", "!invitar @bea:test @dora:lejos.org a prensa")
    await talk.sent()
    await talk.says("ana", "!tarea @bea:test comprar pan para pasado mañana")
    await talk.says("ana", '!accion "Carta" "Escribe" "Llama"')
    await talk.says("bea", "!hecho {} 1".format(await number_of(talk, "action")))
    await talk.says("ana", "!reunion empezar Con @bea:test")
    await talk.says("bea", "!punto Pan para @bea:test")
    await talk.says("bea", "!palabra")
    await talk.says("ana", "!palabra siguiente")
    await talk.says("bea", "!palabra")
    await talk.says("bea", "acuerdo: que venga @bea:test")
    await talk.says("bea", "tarea: @bea:test trae pan")
    await talk.says("bea", "!ofrezco una kombi")
    await talk.says("bea", "sí")
    await talk.says("carla", "!ofrezco sillas #fiesta")
    await talk.says("carla", "sí")
    await talk.says("bea", "!me-interesa {}".format(await number_of(talk, "offer")))
    await talk.says("bea", "!ocultar {}".format(await number_of(talk, "offer")))
    await talk.says("bea", "!ocultar #fiesta")
    await talk.says("bea", "!figurar Radio de @bea:test #prensa")
    await talk.says("bea", "sí")
    await talk.says("carla", "!figurar Coop de Carla #agua")
    await talk.says("carla", "sí")
    coop = await number_of(talk, "contact")
    await talk.tells("carla", f"escribir {coop - 1} hola")
    await talk.tells("carla", "sí")
    await talk.tells("bea", "bloquear {}".format(await number_of(talk, "letter")))
    await talk.tells("ana", f"escribir {coop - 1} hola")
    await talk.tells("ana", "sí")
    await talk.sent()
    await talk.says("ana", "!equipos Norte: @bea:test @dora:lejos.org")
    await talk.says("ana", "sí")
    await talk.sent()
    await lent(talk)
    async with talk.machine.db.transaction() as tx:
        await tx.run("INSERT INTO teams_step SELECT 1, item, 1, 'Leer', 0 FROM teams_cohort")
        await tx.run("INSERT INTO teams_leader SELECT item, ?, 1 FROM teams_cohort", BEA)
        await tx.run("INSERT INTO teams_done SELECT item, 1, 0, ? FROM teams_team", BEA)
        await dialogues.add(tx, "polls", "gone", BEA, {}, timedelta(days=1))
        await dialogues.schedule_next(tx, BEA, talk.clock.at + timedelta(days=1))
        await log.add(
            tx, ROOM, talk.clock.at, "rooms", "set", user_id("ana"), {"person": BEA}, {"who": BEA}
        )
    said = await talk.says("bea", "Lo dijo @bea:test")
    await talk.says("ana", "!guardar dicho", reply=said)
    await talk.says("bea", "!guardar nota Lo mío")
    await talk.says("ana", "!guardar ajeno Pregunten a @bea:test")
    await talk.says("bea", "!vigente ajeno")
    await talk.sent()
    await powers(talk)
    await talk.says("bea", "!configurar idioma pt")  # a question is open
    await talk.sent()
    await talk.says("ana", "!encuesta ¿Qué? Pan, Agua", room=DESK)
    await talk.says("bea", "2", reply=EventId("$theirs"), room=DESK)  # parked
    await talk.tells("bea", "perfil nombre Lua")
    await talk.tells("bea", "perfil saludo sí")
    await talk.tells("bea", "suscribir #salud")


async def lent(talk: Talk) -> None:
    """A thing of hers, one that she looks after, one that she has; hours that count."""
    await talk.says("bea", '!presto "libro de @bea:test" a @carla hasta en 35 días')
    await talk.says("bea", "!presto mesa de la sala")
    await talk.says("ana", "!presto silla a @bea:test hasta en 35 días")
    await talk.says("bea", "!recibido {}".format(await number_of(talk, "loan")))
    await talk.set("time_bank", "own", RoomId(""))
    await talk.says("bea", "!horas 2 a @carla:test pan de @bea:test")
    await talk.says("carla", "!horas {} sí".format(await number_of(talk, "hours")))
    await talk.says("bea", "!horas 1 a @carla:test")
    await talk.sent()


async def powers(talk: Talk) -> None:
    """They are to moderate, want something done, have a role and can be drawn for another."""
    for who, room, line in (
        ("ana", ROOM, "!gobierno renombrar 2 moderadores"),
        ("bea", ROOM, "!renombrar Casa"),
        ("ana", KITCHEN, "!gobierno dar-moderacion decisión"),
        ("ana", KITCHEN, "!dar-moderacion @bea:test"),
        ("ana", KITCHEN, "!cargo nuevo cuidado por 3 meses"),
        ("ana", KITCHEN, "!cargo dar cuidado @bea:test"),
        ("ana", KITCHEN, "!cargo nuevo prensa"),
        ("ana", KITCHEN, "!cargo sortear prensa"),
    ):
        await talk.says(who, line, room=room)
        await talk.says(who, "sí", room=room)
    await talk.sent()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_nothing_names_who_was_forgotten(talk: Talk) -> None:
    await everything(talk)
    before = await where(talk, BEA)
    done = {
        "welcome_offer",
        "welcome_greeting",
        "item",
        "log",
        "parked",
        "question",
        "ballot_secrecy_roll",
        "poll_book_assembly",
        "poll_book_assembly_yes",
        "dialogue",
        "poll_book_response",
        "poll_book_ballot",
        "poll_book_voter",
        "poll_book_organisation",
        "teams_member",
        "teams_done",
        "teams_leader",
        "job",
        "profile_part",
        "profile_term",
        "profile_greeting",
        "tasks_who",
        "tasks_did",
        "meetings_meeting",
        "meetings_person",
        "meetings_point",
        "meetings_line",
        "library_resource",
        "library_version",
        "findable",
        "finding_follower",
        "finding_theme",
        "exchange_post",
        "exchange_meeting",
        "exchange_hidden",
        "exchange_hidden_theme",
        "directory_entry",
        "directory_letter",
        "directory_blocked",
        "lending_thing",
        "lending_loan",
        "timebank_transfer",
        "timebank_account",
        "governance_wish",
        "governance_yes",
        "roles_holder",
        "roles_candidate",
    }
    for table in done:
        assert table in before, table
    await talk.says("ana", "!olvida")
    await talk.sent()
    left = {t: rows for t, rows in (await where(talk, BEA)).items() if t not in ROOMS_OWN}
    assert left == {}
    async with talk.machine.db.reading() as tx:
        assert await log.is_whole(tx, ROOM), "the chain still checks"


async def test_of_a_room_that_we_left_nobody_is_named(talk: Talk) -> None:
    room = RoomId("!suya:test")
    await talk.room(room, "De Bea", ["ana", "bea"], {"bea": 100}, version="12", creator=BEA)
    assert "room" in await where(talk, BEA)
    async with talk.machine.db.transaction() as tx:
        await mirror.mark_left(tx, room)
    assert "room" not in await where(talk, BEA)


async def test_what_they_began_goes_on_and_tells_nobody(talk: Talk) -> None:
    await talk.says("bea", "!encuesta ¿Dónde? Norte, Sur")
    await talk.says("ana", "!votar 1 1")
    await talk.says("ana", "!olvida")
    await talk.sent()
    assert "Norte: 1" in await talk.answer("carla", "!resultados 1")
    await talk.says("ana", "!cerrar 1")
    assert "Norte" in (await talk.said())[-1].plain


async def test_counts_of_a_call_for_action_stay(talk: Talk) -> None:
    await talk.answer("ana", '!accion "Carta" "Escribe" "Llama"')
    await talk.answer("bea", "!hecho 1 1")
    await talk.answer("ana", "!olvida")
    assert "1. Escribe: 1 persona" in await talk.answer("carla", "!accion 1")


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_what_was_lent_stays_lent_and_hours_still_add_up(talk: Talk) -> None:
    await lent(talk)
    await talk.answer("ana", "!olvida")
    listed = await talk.answer("ana", "!préstamos")
    assert ("silla" in listed, "alguien" in listed, "libro" in listed) == (True, True, False)
    assert "terminó" in await talk.answer("ana", "!devuelto silla")
    await talk.set("time_bank", "all", RoomId(""))
    assert "Carla: +2 h\nalguien: −2 h" in await talk.answer("carla", "!horas")


# --- not a byte ----------------------------------------------------------------------------------

PAGE, RESERVED, SALT = 4096, 80, 16


def opened(page: bytes, *, first: bool) -> bytes:
    """A page of SQLCipher 4 as plain bytes, those that were freed too (AES-256-CBC, raw key)."""
    start, end = SALT if first else 0, PAGE - RESERVED
    cipher = Cipher(algorithms.AES(KEY), modes.CBC(page[end : end + 16])).decryptor()
    return cipher.update(page[start:end]) + cipher.finalize()


def plain_bytes(path: Path) -> bytes:
    """The whole file and its log, as whoever has the key can read them."""
    raw = path.read_bytes()
    pages = [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]
    done = [opened(page, first=n == 0) for n, page in enumerate(pages)]
    log_file = path.with_name(f"{path.name}-wal")
    frames = log_file.read_bytes()[32:] if log_file.exists() else b""
    for at in range(0, len(frames), PAGE + 24):
        number = int.from_bytes(frames[at : at + 4])
        done.append(opened(frames[at + 24 : at + 24 + PAGE], first=number == 1))
    return b"".join(done)


async def lived(talk: Talk) -> None:
    """And what else they do: events with a place and a shift, lending, what others say of them."""
    await talk.says("bea", "!evento Taller en 33 horas lugar: Casa cupo:10 turnos: agua 2")
    number = await number_of(talk, "event")
    for line in (f"voy {number}", f"!turno {number} 1", "!regreso 22h @ana:test"):
        await talk.says("bea", line)
    await talk.says("ana", f"voy {number}")
    for line in (
        "!presto proyector a @ana:test hasta en 5 días",
        "!ofrezco clases de radio #radio",
        "!necesito una lona #radio",
        "!guardar nota Un texto #radio",
    ):
        await talk.says("bea", line)
        await talk.says("bea", "sí")
    await talk.sent()


async def goes(talk: Talk) -> None:
    """They leave, as their app does it; whoever moderates takes their power out of the rooms."""
    rooms = [ROOM, DESK, KITCHEN, await talk.private("bea")]
    levels = {"type": "m.room.power_levels", "state_key": "", "content": {"users": {BOT: 100}}}
    async with talk.machine.db.transaction() as tx:
        for room in rooms:
            await room_state.apply_state(tx, room, [levels], whole=False)
    for room in rooms:
        await talk.moves("bea", Membership.LEAVE, room)
        await talk.sent()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
@pytest.mark.parametrize("first", ["forgets", "leaves"])
async def test_not_a_byte_names_who_asked_to_be_forgotten(
    talk: Talk, tmp_path: Path, first: str
) -> None:
    """By the command, with the key, freed pages and the log of the database included."""
    await everything(talk)
    await lived(talk)
    for line in ("!configurar guardar-tareas 1 año", "sí"):  # with it the daily tidying begins
        await talk.says("ana", line)
    await talk.sent()
    totals = await talk.answer("ana", "!resultados 1")
    assert "Norte: 1" in totals, "cast by them"
    name = BEA.encode()
    assert plain_bytes(talk.path).count(name) > 50
    if first == "leaves":
        for room in (ROOM, DESK, KITCHEN):
            await talk.moves("bea", Membership.LEAVE, room)
    await talk.tells("bea", "cancelar")
    await talk.tells("bea", "borrarme")
    await talk.sent()
    talk.clock.at += timedelta(seconds=20)
    await talk.tells("bea", "sí")
    await talk.sent()
    if first == "forgets":
        left = {t: rows for t, rows in (await where(talk, BEA)).items() if t not in ROOMS_OWN}
        assert left == {}, "at once"
    await goes(talk)
    await talk.wait(timedelta(days=1))
    await talk.sent()
    await talk.wait(timedelta(days=1))
    await talk.sent()
    assert await where(talk, BEA) == {}
    assert await talk.answer("ana", "!resultados 1") == totals, "totals are what they were"
    copy = tmp_path / "copy.db"
    await backup._copy(talk.path, KEYS, copy)
    assert name not in plain_bytes(copy), "the next backup"
    assert name not in plain_bytes(talk.path)
