"""Two linked networks in the middle of everything, as a release leaves them on disk.

`python -m tests.releases.record` writes them, for `tests/storage/test_old_data.py`, which goes on
from there: FOLDER then holds `a` and `b`, the data folders of the networks, `a.backup`, which
`minga backup` made of `a` an hour later, `key`, the key file of both, and `homeserver.json`, what
the homeserver knows.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

from bot.matrix.crypto.crypto_machine import CryptoMachine
from bot.operate import cli
from bot.testing import fake_machine
from bot.testing.talk import ROOM, Membership, Talk
from bot.types import RoomId, UserId
from storage.encryption import keys as keyring
from storage.encryption import secret_files
from tests.links.between import Between, bot_of
from tests.matrix.keyserver import KeyServer
from tests.matrix.people import Person, person

KITCHEN = RoomId("!cocina:test")
PEOPLE = ("ana", "bea", "carla", "eva", "fede", "gala", "hugo")
SECRET = hashlib.sha256(b"the key of the test data").hexdigest()
"""The key of the test data: everybody may know it."""
CONFIG = """
[matrix]
homeserver = "https://matrix.example.org"
user_id = "@minga:a"
password_file = "password"
[network]
name = "Red A"
language = "es"
timezone = "America/Bogota"
moderators = ["@ana:test"]
[storage]
data_dir = "a"
key_file = "key"
"""
Line = tuple[str, str, str]
"""Who says what (in private after `>`), and what is to be in the answer."""


class Linked(Between):
    """Two networks that speak Spanish."""

    def number(self, name: str) -> int:
        return int(re.findall(r"aceptar (\d+)", self.said(name))[-1])


async def number_of(talk: Talk, kind: str) -> int:
    """The number of the newest thing of this kind."""
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT max(number) AS n FROM item WHERE kind = ?", kind)
    assert row is not None
    return int(row["n"])


async def tell(world: Linked, lines: Iterable[Line], room: RoomId = ROOM) -> str:
    """Each line is said, and answered as expected; the last answer."""
    talk, answer = world.of("a"), ""
    for who, line, expected in lines:
        world.heard[bot_of("a")].clear()
        if line.startswith(">"):
            await talk.tells(who, line[1:])
        else:
            await talk.says(who, line, room=room)
        await world.flow()
        answer = "\n".join(p.plain for p in world.heard[bot_of("a")])
        assert re.search(expected, answer, re.DOTALL | re.IGNORECASE), (line, expected, answer)
        if "-v" in sys.argv:
            sys.stdout.write(f"--- {who}: {line}\n{answer}\n")
    return answer


# --- what people do -------------------------------------------------------------------------------


async def polls(world: Linked) -> dict[str, int]:
    """Open polls of each kind, and a secret one in which half have voted."""
    talk, found = world.of("a"), {}
    for name, kind, line in (
        ("plain", "poll", "!encuesta ¿Dónde? Norte, Sur hasta en 56 horas"),
        ("many", "poll", "!encuesta ¿Qué llevamos? Pan, Agua, Sal multiple:2 hasta en 56 horas"),
        ("dates", "poll", "!cuando Reunión en 80 horas, en 90 horas, en 100 horas"),
        ("ranked", "poll", "!encuesta ¿Qué nombre? Sol, Luna, Mar tipo:preferencia"),
        ("dots", "poll", "!encuesta ¿Qué pagamos? Carpa, Bici, Luz tipo:repartir puntos:10"),
        ("quorum", "poll", '!propuesta "Comprar carpa" quorum:3 hasta en 56 horas'),
        ("consent", "poll", '!propuesta "Firmar la carta" tipo:consentimiento hasta en 56 horas'),
        ("secret", "poll", "!encuesta ¿Quién cuida? Luz, Mar secreta hasta en 56 horas"),
    ):
        await tell(world, [("ana", line, r"\d")])
        found[name] = await number_of(talk, kind)
    n = found
    await tell(world, [
        ("bea", f"!votar {n['plain']} 2", "anotado"),
        ("carla", f"!votar {n['plain']} 1", "anotado"),
        ("bea", f"!votar {n['many']} 1 2", "anotado"),
        ("bea", f"!votar {n['dates']} 1 3?", "anotado"),
        ("eva", f"!votar {n['dates']} 3", "anotado"),
        ("bea", f"!votar {n['ranked']} 2 1 3", "anotado"),
        ("carla", f"!votar {n['ranked']} Luna > Mar > Sol", "anotado"),
        ("bea", f"!votar {n['dots']} 1:7 2:3", "anotado"),
        ("bea", f"!votar {n['quorum']} a favor", "anotado"),
        ("carla", f"!votar {n['quorum']} a favor", "anotado"),
        ("eva", f'!votar {n["consent"]} bloqueo "falta hablar del agua"', "anotado"),
        ("bea", f">votar {n['secret']} 1 luna llena", "anotado"),
        ("carla", f">votar {n['secret']} 2 queso fresco", "anotado"),
        ("carla", f">votar {n['secret']} 1 pan duro", "anotado"),
    ])  # fmt: skip
    return found


async def closed_polls(world: Linked) -> dict[str, int]:
    """Decisions that are in the record."""
    talk = world.of("a")
    await tell(world, [("ana", "!votantes agregar Coop @bea:test suplente: @carla:test", "Coop")],
               KITCHEN)  # fmt: skip
    await tell(world, [("ana", "!encuesta ¿Sede? Casa, Patio", r"\d")])
    seat = await number_of(talk, "poll")
    await tell(world, [("bea", f"!votar {seat} 1", "anotado"), ("ana", f"!cerrar {seat}", "gana")])
    return {"seat": seat}


async def events(world: Linked) -> dict[str, int]:
    talk = world.of("a")
    await tell(world, [
        ("ana", "!evento Taller de radio en 75 horas lugar: Casa cupo: 2 turnos: 2 sonido", "Tall"),
    ])  # fmt: skip
    workshop = await number_of(talk, "event")
    await tell(world, [
        ("bea", f"voy {workshop}", ""), ("carla", f"voy {workshop}", ""),
        ("eva", f"voy {workshop}", "espera"), ("bea", f"tomo {workshop} sonido", "sonido"),
        ("ana", "!evento Ensayo cada martes 19h", "Ensayo"),
    ])  # fmt: skip
    series = await number_of(talk, "event")
    await tell(world, [
        ("bea", f"voy {series}", ""),
        ("ana", "!recordar en 26 horas; llevar la pancarta", "pancarta"),
        ("bea", ">recordar en 27 horas; llamar a mamá", "mamá|anotado|hecho"),
        ("ana", "!recordar cada martes 17:00; regar la huerta", "huerta|martes"),
        ("ana", "!reunion empezar Asamblea", "reuni"), ("bea", "acuerdo: pan para todas", ""),
        ("carla", "!punto Finanzas", ""),
        ("carla", "tarea: @bea:test traer sillas para mañana", ""),
    ])  # fmt: skip
    meeting = await number_of(talk, "meeting")
    return {"workshop": workshop, "series": series, "meeting": meeting}


async def things(world: Linked) -> dict[str, int]:
    """Tasks, things lent, what is offered and asked, what is kept, hours given."""
    talk, found = world.of("a"), {}
    await tell(world, [("ana", "!tarea @bea:test comprar pan para mañana", "pan")])
    found["task"] = await number_of(talk, "task")
    await tell(world, [("ana", '!accion "Carta al alcalde" "Escribe" "Llama"', "Carta")])
    found["action"] = await number_of(talk, "action")
    await tell(world, [("bea", f"!hecho {found['action']} 1", "")])
    await tell(world, [("ana", "!presto proyector a @bea:test por 5 días", "Préstamo")])
    found["loan"] = await number_of(talk, "loan")
    await tell(world, [("bea", f"!recibido {found['loan']}", "proyector")])
    await tell(world, [("carla", "!pido proyector por 3 días", "")])
    await tell(
        world, [("ana", "!presto carpa", "carpa"), ("eva", "!pido carpa del 5/12 al 7/12", "")]
    )
    found["reserved"] = await number_of(talk, "loan")
    await tell(world, [("ana", ">sí", "")])
    await tell(world, [("ana", "!ofrezco camioneta los sábados #transporte", "Oferta")])
    found["offer"] = await number_of(talk, "offer")
    await tell(world, [("carla", "!necesito camioneta el sábado #transporte", "")])
    found["need"] = await number_of(talk, "need")
    await tell(world, [("carla", ">sí", "")])  # carla agreed; ana is asked
    await tell(world, [
        ("ana", "!guardar abogada Atiende los lunes #salud", "abogada"),
        ("bea", "!guardar guía Cómo armar la carpa", "gu"),
        ("bea", "!figurar Radio comunitaria #prensa", ""), ("bea", "sí", ""),
    ])  # fmt: skip
    await talk.set("time_bank", "all", RoomId(""))
    await tell(world, [("bea", "!horas 2 a @carla:test pan", "")])
    found["hours"] = await number_of(talk, "hours")
    return found


async def people(world: Linked) -> dict[str, int]:
    """Areas, teams, roles, settings, an invitation, profiles, incidents, who goes out alone."""
    talk, found = world.of("a"), {}
    await tell(world, [
        ("ana", "!area agregar prensa", "prensa"),
        ("ana", "!invitar @nora:lejos.org a prensa", "Invitaciones"),
        ("ana", "!gobierno renombrar 2 moderadores", "Sigo"), ("ana", "sí", "2"),
        ("bea", "!renombrar Fogón", "Sigo"), ("bea", "sí", ""),
        ("ana", "!gobierno dar-moderacion decisión", "Sigo"), ("ana", "sí", "decide la sala"),
        ("ana", "!dar-moderacion @carla:test", "Sigo"), ("ana", "sí", ""),
    ], KITCHEN)  # fmt: skip
    await tell(world, [
        ("ana", ">codigo prensa", "código"),
        ("ana", "!equipos Norte: @bea:test\nSur: @carla:test", "Norte"), ("ana", "sí", "salas"),
    ])  # fmt: skip
    await tell(
        world, [("ana", "!bienvenida cambiar Hola, qué bueno", ""), ("ana", "sí", "")], KITCHEN
    )
    await talk.moves("rosa", Membership.JOIN, KITCHEN)
    await world.flow()
    await tell(world, [
        ("ana", "!cargo nuevo llaves por 3 meses", "llaves"),
        ("ana", "!cargo dar llaves @bea:test", "llaves"),
        ("bea", ">idioma pt", ""), ("bea", ">perfil pronombres ella", ""),
        ("bea", ">zona America/Recife", ""), ("carla", ">suscribir #salud", ""),
        ("ana", ">regreso en 30 horas @bea:test; la marcha", ""),
        ("carla", ">incidente mensajes feos de noche", r"incidente \d+"),
    ])  # fmt: skip
    found["incident"] = await number_of(talk, "incident")
    await tell(world, [("ana", f">atender {found['incident']}", "")])
    await tell(world, [("ana", "!advertir @eva:test gritos en la reunión", ""), ("ana", ">2", "")])
    await tell(world, [
        ("ana", "!configurar retencion 30 días", "Sigo"), ("ana", "sí", "Cambiado"),
        ("ana", "!configurar guardar-tareas 1 año", "Sigo"), ("ana", "sí", "Cambiado"),
    ])  # fmt: skip
    return found


async def together(world: Linked, workshop: int) -> dict[str, int]:
    """An event that is shared with the other network, and a decision of both under way."""
    await tell(
        world, [("ana", f"!red compartir {workshop}", "Esto irá"), ("ana", "sí", "Compartido")]
    )
    await world.says("b", f"!red aceptar {world.number('b')}")
    await tell(world, [("ana", '!propuesta "Carta por el agua" hasta en 56 horas', "Propuesta")])
    found = {"water": await number_of(world.of("a"), "poll")}
    await tell(
        world,
        [("ana", f"!red proponer {found['water']} con Red B", "Sigo"), ("ana", "sí", "conjunta")],
    )
    found["joint"] = await number_of(world.of("a"), "joint")
    await world.says("b", f"!red aceptar {world.number('b')}")
    found["water_b"] = await number_of(world.of("b"), "poll")
    found["joint_b"] = await number_of(world.of("b"), "joint")
    await tell(world, [("bea", f"!votar {found['water']} a favor", "Anotado")])
    await world.says("b", f"!votar {found['water_b']} a favor", "bea")
    return found


async def unsent(world: Linked) -> dict[str, str]:
    """What is said last waits: the process ends before it is sent."""
    talk = world.of("a")
    await talk.says("ana", "!recordar en 28 horas; cerrar la llave del gas")
    async with talk.machine.db.reading() as tx:
        waiting = await tx.all("SELECT * FROM letter")
    assert len(waiting) == 1, [tuple(row) for row in waiting]
    return {"unsent": "llave del gas"}


# --- the key store --------------------------------------------------------------------------------


@dataclass
class Bot(Person):
    """The bot's own device: its key store is the one beside the database."""

    keys: keyring.Keys | None = None

    def _open(self) -> CryptoMachine:
        assert self.keys is not None
        path = self.folder / keyring.KEY_STORE
        return CryptoMachine.open(path, self.user, self.device, db_key=self.keys.niodb,
                            pickle_key=self.keys.nio_pickle, clock=self.clock)  # fmt: skip


async def key_store(data: Path, scratch: Path, keys: keyring.Keys) -> dict[str, Any]:
    """Ana has said two things to the bot's device, which heard the first one only."""
    server = KeyServer()
    bot = Bot(server, data, UserId("@minga:one.example"), "BOT", keys=keys)
    await bot.machine.maintain(bot.http)
    await bot.sign()
    ana = await person(server, scratch, "ana")
    for one, other in ((bot, ana), (ana, bot)):
        await one.machine.query_devices(one.http, [other.user])
    first = await ana.say("hola", [bot])
    bot.sync()
    assert bot.hear(first).content["body"] == "hola"
    second = await ana.say("sigo aquí", [bot])
    bot.machine.close()
    ana.machine.close()
    return {"heard": first, "waits": second, "user": bot.user, "device": bot.device}


# --- the files ------------------------------------------------------------------------------------


def homeserver(world: Linked) -> dict[str, Any]:
    """What stays outside of the data folders, as JSON."""
    found: dict[str, Any] = {"inside": {r: sorted(who) for r, who in world.inside.items()}}
    found["asked"] = sorted(map(list, world.asked))
    for bot, talk in world.talks.items():
        gateway = talk.gateway
        found[bot] = {
            "posted": [
                [txn, p.room, p.kind, p.content, p.event] for txn, p in gateway.posted.items()
            ],
            "made": gateway.made,
            "opened": gateway.opened,
            "state": [[*key, content] for key, content in gateway.state.items()],
            "others": [[*key, content] for key, content in gateway.others.items()],
            "stamps": {event: at.isoformat() for event, at in gateway.stamps.items()},
            "masters": gateway.masters,
            "left": sorted(gateway.left),
            "files": {url: text_of(data) for url, data in gateway.files.items()},
        }
    return found


def text_of(data: bytes) -> str:
    """Receipts, results and calendars as they are; of a picture nothing."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""


async def live(world: Linked) -> dict[str, Any]:
    """All of it; what the homeserver knows in the end."""
    await world.link("a", "b")
    talk = world.of("a")
    await talk.room(ROOM, "Sala", [*PEOPLE], {"ana": 50})
    await talk.room(KITCHEN, "Cocina", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    numbers: dict[str, Any] = {}
    for part in (closed_polls, events, things, people, polls):
        numbers |= await part(world)
        talk.clock.at += timedelta(minutes=3)
    numbers |= await together(world, numbers["workshop"])
    await world.flow()
    numbers |= await unsent(world)
    return homeserver(world) | {"numbers": numbers, "now": talk.clock.at.isoformat()}


async def main(folder: Path) -> str:
    folder.mkdir(mode=0o700)
    (folder / "key").touch(mode=0o600)
    (folder / "key").write_text(SECRET + "\n")
    (folder / "config.toml").write_text(CONFIG)
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text("secret")
    keys = keyring.unlock(folder / "a", key_file=folder / "key", create=True)
    fake_machine.KEY = keys.db
    scratch = folder / "scratch"
    scratch.mkdir()
    store = await key_store(folder / "a", scratch, keys)
    world = await Linked.start(scratch, "a", "b", language="es")
    try:
        known = await live(world) | {"keys": store}
    finally:
        await world.close()
    for name in ("a", "b"):
        secret_files.make_private_folder(folder / name)
        (scratch / name / "m.db").rename(folder / name / keyring.DATABASE)
    known["secrets"] = {"minga.db": keys.db.hex(), "matrix.db": keys.niodb.hex()}
    known["secrets"] |= {"a.backup": keys.backup.hex(), "backed up": keys.bare_db.hex()}
    (folder / "b" / keyring.HEADER).write_bytes((folder / "a" / keyring.HEADER).read_bytes())
    (folder / "homeserver.json").write_text(json.dumps(known, ensure_ascii=False, indent=0))
    return known["now"]


def back_up(folder: Path, now: str) -> None:
    """By the command that the operator types, an hour later."""
    config, target = folder / "config.toml", folder / "a.backup"
    with time_machine.travel(datetime.fromisoformat(now) + timedelta(hours=1)):
        cli.main(["backup", "--config", str(config), str(target)], standalone_mode=False)
