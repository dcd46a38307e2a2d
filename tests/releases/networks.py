"""Two linked networks whose people do a bit of everything, in Spanish."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId
from tests.links.between import Between, bot_of

KITCHEN = RoomId("!cocina:test")
PEOPLE = ("ana", "bea", "carla", "eva", "fede", "gala", "hugo")
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


async def tell(world: Between, lines: Iterable[Line], room: RoomId = ROOM) -> str:
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


async def polls(world: Between) -> dict[str, int]:
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
    await tell(
        world,
        [
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
        ],
    )
    return found


async def closed_polls(world: Between) -> dict[str, int]:
    """Decisions that are in the record."""
    talk = world.of("a")
    await tell(
        world, [("ana", "!votantes agregar Coop @bea:test suplente: @carla:test", "Coop")], KITCHEN
    )
    await tell(world, [("ana", "!encuesta ¿Sede? Casa, Patio", r"\d")])
    seat = await number_of(talk, "poll")
    await tell(world, [("bea", f"!votar {seat} 1", "anotado"), ("ana", f"!cerrar {seat}", "gana")])
    return {"seat": seat}


async def events(world: Between) -> dict[str, int]:
    talk = world.of("a")
    await tell(
        world,
        [
            (
                "ana",
                "!evento Taller de radio en 75 horas lugar: Casa cupo: 2 turnos: 2 sonido",
                "Tall",
            ),
        ],
    )
    workshop = await number_of(talk, "event")
    await tell(
        world,
        [
            ("bea", f"voy {workshop}", ""),
            ("carla", f"voy {workshop}", ""),
            ("eva", f"voy {workshop}", "espera"),
            ("bea", f"tomo {workshop} sonido", "sonido"),
            ("ana", "!evento Ensayo cada martes 19h", "Ensayo"),
        ],
    )
    series = await number_of(talk, "event")
    await tell(
        world,
        [
            ("bea", f"voy {series}", ""),
            ("ana", "!recordar en 26 horas; llevar la pancarta", "pancarta"),
            ("bea", ">recordar en 27 horas; llamar a mamá", "mamá|anotado|hecho"),
            ("ana", "!recordar cada martes 17:00; regar la huerta", "huerta|martes"),
            ("ana", "!reunion empezar Asamblea", "reuni"),
            ("bea", "acuerdo: pan para todas", ""),
            ("carla", "!punto Finanzas", ""),
            ("carla", "tarea: @bea:test traer sillas para mañana", ""),
        ],
    )
    meeting = await number_of(talk, "meeting")
    return {"workshop": workshop, "series": series, "meeting": meeting}


async def things(world: Between) -> dict[str, int]:
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
    await tell(
        world,
        [
            ("ana", "!guardar abogada Atiende los lunes #salud", "abogada"),
            ("bea", "!guardar guía Cómo armar la carpa", "gu"),
            ("bea", "!figurar Radio comunitaria #prensa", ""),
            ("bea", "sí", ""),
        ],
    )
    await talk.set("time_bank", "all", RoomId(""))
    await tell(world, [("bea", "!horas 2 a @carla:test pan", "")])
    found["hours"] = await number_of(talk, "hours")
    return found


async def people(world: Between) -> dict[str, int]:
    """Areas, teams, roles, settings, an invitation, profiles, incidents, who goes out alone."""
    talk, found = world.of("a"), {}
    await tell(
        world,
        [
            ("ana", "!area agregar prensa", "prensa"),
            ("ana", "!invitar @nora:lejos.org a prensa", "Invitaciones"),
            ("ana", "!gobierno renombrar 2 moderadores", "Sigo"),
            ("ana", "sí", "2"),
            ("bea", "!renombrar Fogón", "Sigo"),
            ("bea", "sí", ""),
            ("ana", "!gobierno dar-moderacion decisión", "Sigo"),
            ("ana", "sí", "decide la sala"),
            ("ana", "!dar-moderacion @carla:test", "Sigo"),
            ("ana", "sí", ""),
        ],
        KITCHEN,
    )
    await tell(
        world,
        [
            ("ana", ">codigo prensa", "código"),
            ("ana", "!equipos Norte: @bea:test\nSur: @carla:test", "Norte"),
            ("ana", "sí", "salas"),
        ],
    )
    await tell(
        world, [("ana", "!bienvenida cambiar Hola, qué bueno", ""), ("ana", "sí", "")], KITCHEN
    )
    await talk.moves("rosa", Membership.JOIN, KITCHEN)
    await world.flow()
    await tell(
        world,
        [
            ("ana", "!cargo nuevo llaves por 3 meses", "llaves"),
            ("ana", "!cargo dar llaves @bea:test", "llaves"),
            ("bea", ">idioma pt", ""),
            ("bea", ">perfil pronombres ella", ""),
            ("bea", ">zona America/Recife", ""),
            ("carla", ">suscribir #salud", ""),
            ("ana", ">regreso en 30 horas @bea:test; la marcha", ""),
            ("carla", ">incidente mensajes feos de noche", r"incidente \d+"),
        ],
    )
    found["incident"] = await number_of(talk, "incident")
    await tell(world, [("ana", f">atender {found['incident']}", "")])
    await tell(world, [("ana", "!advertir @eva:test gritos en la reunión", ""), ("ana", ">2", "")])
    await tell(
        world,
        [
            ("ana", "!configurar retencion 30 días", "Sigo"),
            ("ana", "sí", "Cambiado"),
            ("ana", "!configurar guardar-tareas 1 año", "Sigo"),
            ("ana", "sí", "Cambiado"),
        ],
    )
    return found


async def together(world: Between, workshop: int) -> dict[str, int]:
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


async def unsent(world: Between) -> dict[str, str]:
    """What is said last waits: the process ends before it is sent."""
    talk = world.of("a")
    await talk.says("ana", "!recordar en 28 horas; cerrar la llave del gas")
    async with talk.machine.db.reading() as tx:
        waiting = await tx.all("SELECT * FROM letter")
    assert len(waiting) == 1, [tuple(row) for row in waiting]
    return {"unsent": "llave del gas"}
