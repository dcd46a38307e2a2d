"""What older versions left on disk opens today, and what was under way there goes on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner

from bot.operate import cli
from bot.testing.talk import ROOM, PostedEvent
from bot.types import RoomId
from tests.releases.record import recorded
from tests.storage.old_data import Old, begin, begin_both, files

VERSIONS = ("796e93f", *recorded())
"""The commit from which the oldest data are, and each release since."""
AFTER = timedelta(hours=2)
"""When the backup is brought back: an hour after it was made."""


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Whose data."""
    return str(request.param)


@pytest.fixture
async def old(tmp_path: Path, version: str) -> AsyncIterator[Old]:
    """Both networks on today's code, at the moment of their data."""
    await begin_both(tmp_path, version)
    made = await Old.start(tmp_path, version)
    yield made
    await made.world.close()


@pytest.fixture
async def restored(tmp_path: Path, version: str) -> AsyncIterator[Old]:
    """The first network's folder is lost, and its backup restored by the operator's command."""
    await begin_both(tmp_path, version)
    now = datetime.fromisoformat(json.loads(files(version)["homeserver.json"])["now"])
    (tmp_path / "a").rename(tmp_path / "lost")
    given = ["restore", "--config", str(tmp_path / "config.toml"), str(tmp_path / "a.backup")]
    with time_machine.travel(now + AFTER):
        result = await asyncio.to_thread(CliRunner().invoke, cli.main, given)
    assert "Restored what was there on 2026-11-25, 16:" in result.output, result.output
    await begin(tmp_path / "a", tmp_path / "key")
    made = await Old.start(tmp_path, version)
    for talk in made.world.talks.values():
        talk.clock.at = now + AFTER
    yield made
    await made.world.close()


def told(posts: Sequence[PostedEvent], room: RoomId | None = ROOM) -> str:
    """What was said in the room (in all of them)."""
    said = [p.plain for p in posts if p.kind == "m.room.message" and room in (None, p.room)]
    return "\n".join(said)


def kept(old: Old, key: str) -> list[str]:
    """The files of the homeserver that are JSON with such a key."""
    texts = [data.decode() for data in old.talk.gateway.files.values() if data[:1] == b"{"]
    return [text for text in texts if key in json.loads(text)]


async def test_what_waited_in_the_outbox_goes_out_once(old: Old) -> None:
    await old.world.flow()
    assert told(old.heard()).count("cerrar la llave del gas") == 1
    await old.talk.restart()
    await old.world.flow()
    assert "llave del gas" not in told(old.heard())
    assert told(await old.later(29)).count("cerrar la llave del gas") == 1, "the reminder itself"


async def test_what_fell_due_between_the_two_versions_is_done_once(old: Old) -> None:
    for talk in old.world.talks.values():
        talk.clock.at += timedelta(hours=27)
    said = told(await old.later(1), None)
    for once in ("llevar la pancarta", "llamar a mamá", "“comprar pan”", "“traer sillas”"):
        assert said.count(once) == 1, (once, said)
    await old.talk.restart()
    said = told(await old.later(5), None)
    assert "pancarta" not in said and "mamá" not in said


async def test_open_polls_take_votes_and_close_with_those_of_before(old: Old) -> None:
    for who, poll, vote, taken in (
        ("eva", "plain", "2", "Sur"),
        ("ana", "many", "2 3", "Agua · Sal"),
        ("carla", "dates", "3", "29 de noviembre, 14:1"),
        ("eva", "ranked", "Mar > Luna", "1 Mar"),
        ("ana", "dots", "2:10", "Bici 10"),
        ("ana", "quorum", "en contra", "en contra"),
        ("eva", "consent", "a favor", "a favor"),
    ):
        said = await old.answer(who, f"!votar {old[poll]} {vote}")
        assert "Anotado: " in said and taken in said
    for poll in ("dates", "ranked", "dots"):
        await old.answer("ana", f"!cerrar {old[poll]}")
    record = told([*old.talk.gateway.posted.values()])
    assert f"Encuesta {old['ranked']}, “¿Qué nombre?”: gana Luna." in record
    assert f"Encuesta {old['dots']}, “¿Qué pagamos?”: gana Bici." in record
    assert f"Encuesta {old['dates']}, “Reunión”: gana domingo 29 de noviembre, 14:1" in record
    said = told(await old.later(60))
    assert f"Encuesta {old['plain']}, “¿Dónde?”: gana Sur.\nNorte: 1\nSur: 2" in said
    assert f"Encuesta {old['many']}, “¿Qué llevamos?”: gana Agua" in said
    assert f"Propuesta {old['quorum']}, “Comprar carpa”: aprobada." in said
    assert f"Propuesta {old['consent']}, “Firmar la carta”: aprobada." in said
    assert f"{old['plain']} " in await old.answer("ana", "!decisiones dónde")
    assert "Casa" in await old.answer("ana", f"!resultados {old['seat']}"), "decided before"


async def test_a_secret_ballot_in_the_middle_closes_and_every_receipt_fits(
    old: Old, tmp_path: Path
) -> None:
    before = kept(old, "tracker")
    assert len(before) == 3, "Bea's, and Carla's two"
    for who, choice in (("eva", 2), ("fede", 1), ("gala", 2)):
        said = await old.answer(who, f"votar {old['secret']} {choice} palabra {who}", private=True)
        assert "Anotado" in said
    assert "5 de 7" in told(await old.later(60))
    (result,) = kept(old, "board")
    (tmp_path / "result.json").write_text(result, encoding="utf-8")
    trusted = []
    for receipt in kept(old, "tracker"):
        (tmp_path / "receipt.json").write_text(receipt, encoding="utf-8")
        given = [
            "verify-result",
            str(tmp_path / "result.json"),
            "--receipt",
            str(tmp_path / "receipt.json"),
        ]
        done = CliRunner().invoke(cli.main, given, env={"LC_ALL": "es_CO.UTF-8"})
        assert "Lo que dice el archivo es coherente" in done.output, done.output
        trusted.append(done.exit_code == 0)
    assert trusted == [True, False, True, True, True, True], "Carla voted again"


async def test_events_and_things_lent_go_on(old: Old) -> None:
    workshop, loan = old["workshop"], old["loan"]
    said = await old.answer("carla", f"no voy {workshop}")
    assert "Hay lugar en “Taller de radio”" in said, "Eva waited for it"
    assert "todas las fechas" in await old.answer("fede", f"voy {old['series']}")
    assert "Pergunto também a Ana" in await old.answer("bea", f"!devuelto {loan}")
    said = await old.answer("ana", f"!devuelto {loan}")
    assert f"el préstamo {loan} terminó" in said and "está libre y sigues tú" in said
    assert "Eva" in await old.answer("ana", "!préstamos"), "a tent is reserved"
    said = told(await old.later(76), None)
    assert said.count("“Taller de radio”") >= 4, "who goes is reminded a day and an hour before"


async def test_matches_meetings_hours_and_care_go_on(old: Old) -> None:
    said = await old.answer("ana", "sí", private=True)
    assert "Las dos personas dijeron que sí" in said and "@carla:test" in said
    said = await old.answer("carla", f"!horas {old['hours']} sí")
    assert "Confirmado por ambas partes" in said
    await old.answer("carla", "acuerdo: agua para todas")
    said = await old.answer("ana", "!reunion cerrar")
    assert "· pan para todas\n· agua para todas" in said and "traer sillas" in said
    assert "Hecha" in await old.answer("bea", f"!hecho {old['task']}")
    said = await old.answer("ana", f"!accion {old['action']}")
    assert "1. Escribe: 1 persona" in said
    said = await old.answer("ana", f"resolver {old['incident']} hablamos", private=True)
    assert f"Resuelto: incidente {old['incident']}" in said


async def test_what_was_kept_is_found_and_what_was_set_holds(old: Old) -> None:
    for who, line, expected in (
        ("ana", "!ayuda", "`!ayuda moderación`"),
        ("bea", "#abogada", "Atiende los lunes"),
        ("eva", "!buscar carpa", "#guía"),
        ("ana", "!cargo", "llaves"),
        ("ana", "!equipos", "Norte: llegaron 0 de 2"),
        ("ana", "!historial", "retención: siempre → 30 días"),
        ("carla", "!directorio", "Radio comunitaria"),
        ("ana", "!red", "Red B: en conexión"),
    ):
        assert expected in (said := await old.answer(who, line)), said
    said = await old.answer("ana", "abiertas", private=True)
    assert "esta sala se llama “Fogón”" in said and "Propuesta" in said
    said = await old.answer("bea", "mis-datos", private=True)
    assert "Isto é tudo o que guardo de você" in said, "in Bea's own language"


async def test_the_other_network_gets_what_is_shared_and_both_decide_together(old: Old) -> None:
    water, there = old["water"], old["water_b"]
    assert "Anotado" in await old.answer("ana", f"!votar {water} a favor")
    await old.world.says("b", f"!votar {there} en contra", "carla")
    for name in ("a", "b"):
        old.world.told(name)
    assert "Taller de radio" in await old.world.answer("b", "!eventos")
    moved = await old.answer("ana", f"!mover {old['workshop']} en 120 horas")
    assert "movió el evento" in moved
    await old.later(1)
    assert "Lunes 30 de noviembre: 10:1" in await old.world.answer("b", "!eventos")
    await old.later(72)
    statement = f"Decisión conjunta {old['joint']}, “Carta por el agua”: aprobada"
    assert statement in told([*old.talk.gateway.posted.values()])
    other = told([*old.world.of("b").gateway.posted.values()])
    assert f"Decisión conjunta {old['joint_b']}, “Carta por el agua”: aprobada" in other
    assert "Red A: a favor: 2, en contra: 0" in other and "Red B: a favor: 1, en contra: 1" in other


async def test_a_restored_backup_says_what_is_lost_and_goes_on_with_the_rest(
    restored: Old,
) -> None:
    await restored.world.flow()
    said = told(restored.heard())
    assert said.count("Volví desde una copia del miércoles 25 de noviembre, 11:1") == 1
    assert "llave del gas" not in said, "a letter may have gone out since"
    assert f"La votación secreta {restored['secret']}" in said and "sin resultado" in said
    plain = restored["plain"]
    assert f"La encuesta {plain}, “¿Dónde?”, sigue" in said
    assert "Anotado: Sur" in await restored.answer("eva", f"!votar {plain} 2")
    assert "Anotado" in await restored.answer("ana", f"!votar {restored['water']} a favor")
    loan = restored["loan"]
    await restored.answer("bea", f"!devuelto {loan}")
    assert f"el préstamo {loan} terminó" in await restored.answer("ana", f"!devuelto {loan}")
    assert "Hay lugar" in await restored.answer("carla", f"no voy {restored['workshop']}")
    said = await restored.answer("ana", "!encuesta ¿Ya? Sí, No")
    assert "Encuesta 14" in said, "no number is given twice"
    said = told(await restored.later(72), None)
    assert "¿Dónde?”: gana Sur.\nNorte: 1\nSur: 2" in said
    assert said.count("llevar la pancarta") == 1
    assert "“Carta por el agua”: aprobada\nRed A: a favor: 2" in said
