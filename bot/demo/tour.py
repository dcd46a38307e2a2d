"""The scripted tour: every capability in one conversation. A new capability adds its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.demo.member import Member, Said
from bot.demo.stage import WAIT, DemoError, Stage
from bot.demo.transcript import Transcript
from bot.types import RoomId

ROOM, PRIVATE = "sala", "privado"
NEAR = "Red vecina"
"""The second network, in which Dora writes."""
TAP = "[toca] "
"""Prefix of a line that votes for this option of the last native poll."""
ENTER = "[entra] "
"""Prefix of a line that accepts the invitation to a room with this in its name."""

JOINT = r"(?s)conjunta {},(?=.*prueba: a favor: 2).*vecina: a favor: 1"
"""The joint result as both networks read it, in any order, each with its own number."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line, and a pattern for the bot's answer (empty: none is expected).

    Without a line, the answer may have come before. Named groups of the pattern can be used as
    `{name}` in later lines. The step is left out without the capability `needs`.
    """

    who: str
    place: str
    line: str
    expected: str = ""
    needs: str = "help"


TOUR: Sequence[Step] = (
    Step("ana", ROOM, "!ayuda", r"!ayuda"),
    Step("ana", ROOM, "!pendients", r"(?s)[Nn]o entendí.*!pendientes"),
    Step("bea", ROOM, "!privacidad", r"cifrado", "rooms"),
    Step(
        *("ana", ROOM, '!encuesta "¿Dónde nos vemos?" "Parque" "Biblioteca" hasta mañana 18h'),
        *(r"(?:Encuesta|Poll) (?P<poll>\d+)", "polls"),
    ),
    Step("bea", ROOM, TAP + "Biblioteca", needs="polls"),
    Step("ana", ROOM, "!votar {poll} 1", r"(?i)(?:anotado|noted).*Parque", "polls"),
    Step("ana", ROOM, "!votar {poll} 2", r"(?i)(?:anotado|noted).*Biblioteca", "polls"),
    Step("bea", ROOM, "!pendientes", r"¿Dónde nos vemos\?", "polls"),
    Step("ana", ROOM, "!resultados {poll}", r"Biblioteca: 2", "polls"),
    Step("ana", ROOM, "!cerrar {poll}", r"(?s)(?:gana|wins).*Biblioteca: 2", "polls"),
    # By consent: who is against does not stop it, a block does, and the result says why.
    Step(
        *("ana", ROOM, '!propuesta "Firmamos la carta" tipo:consentimiento hasta mañana 18h'),
        *(r"(?s)Propuesta (?P<letter>\d+).*nadie bloquea", "polls"),
    ),
    Step("bea", ROOM, TAP + "a favor", needs="polls"),
    Step("celia", ROOM, "!votar {letter} em contra", r"contra.*`!\w+ {letter} bloquei?o", "polls"),
    Step(
        *("celia", ROOM, '!votar {letter} bloqueio "falta falar da água"'),
        *(r"(?i)anotado: .*falta falar da água", "polls"),
    ),
    Step("ana", ROOM, "!cerrar {letter}", r"(?s)no aprobada.*falta falar da água", "polls"),
    # A date that suits most people, some only if need be.
    Step(
        *("bea", ROOM, '!cuando "Reunión" mañana 18h, 19h, pasado mañana 20h'),
        *(r"(?s)Encuesta (?P<dates>\d+).*18:00.*20:00", "polls"),
    ),
    Step("ana", ROOM, "!votar {dates} 1 3?", r"18:00.*20:00 si hace falta", "polls"),
    Step("celia", ROOM, "!votar {dates} 3", r"(?i)anotado.*20:00", "polls"),
    Step("bea", ROOM, "!cerrar {dates}", r"gana .*20:00", "polls"),
    # In order of preference.
    Step(
        *("celia", ROOM, "!encuesta ¿Qué nombre? Sol, Luna, Mar tipo:preferencia"),
        *(r"(?s)Encuesta (?P<names>\d+).*Schulze", "polls"),
    ),
    Step("ana", ROOM, "!votar {names} 1 2 3", r"(?i)anotado: 1 Sol", "polls"),
    Step("bea", ROOM, "!votar {names} Luna > Mar > Sol", r"(?i)anotado: 1 Luna", "polls"),
    Step("celia", ROOM, TAP + "Luna", needs="polls"),
    Step("ana", ROOM, "!cerrar {names}", r"(?s)gana Luna.*En orden: Luna", "polls"),
    # With an assembly, whose count two members confirm.
    Step(
        *("ana", ROOM, "!encuesta ¿Qué sede? Norte, Sur"),
        *(r"(?s)Encuesta (?P<seat>\d+).*Norte", "polls"),
    ),
    Step("bea", ROOM, TAP + "Sur", needs="polls"),
    Step("ana", ROOM, "!presencial {seat} Norte:14 Sur:9", r"asamblea de 23 personas", "polls"),
    Step("bea", ROOM, "!presencial {seat} confirmar", r"falta 1 persona", "polls"),
    Step("celia", ROOM, "!presencial {seat} confirmar", r"23 votos de la asamblea", "polls"),
    Step("ana", ROOM, "!cerrar {seat}", r"(?s)gana Norte.*Sur: 10.*En la asamblea", "polls"),
    Step("bea", ROOM, "!decisiones carta", r"Firmamos la carta.*no aprobada", "polls"),
    Step(
        *("ana", ROOM, "!recordar mañana 17:00; llevar la pancarta"),
        *(r"(?P<reminder>\d+).*17:00 \(Bogotá\)", "reminders"),
    ),
    Step("bea", ROOM, "!recordatorios", r"{reminder}.*pancarta", "reminders"),
    Step("ana", ROOM, "!cancelar {reminder}", r"[Rr]ecordatorio {reminder}.*pancarta", "reminders"),
    # In private everybody chooses a language.
    Step("bea", PRIVATE, "hola", r"ayuda"),
    Step("celia", PRIVATE, "idioma pt", r"em português", "rooms"),
    # An event with one place: who waits gets it as soon as it is free; who does what; moved.
    Step(
        *("ana", ROOM, "!evento Taller de radio mañana 19h lugar: Radio cupo: 1 turnos: 1 sonido"),
        *(r"(?s)Evento (?P<radio>\d+): Taller de radio.*19:00 \(Bogotá\)", "events"),
    ),
    Step("bea", ROOM, TAP + "Voy", needs="events"),
    Step("celia", ROOM, "vou {radio}", r"lista de espera", "events"),
    Step("bea", ROOM, "no voy {radio}", r"[Aa]notado: no vas", "events"),
    Step("ana", ROOM, "!asistentes {radio}", r"[Cc]elia", "events"),
    Step("celia", ROOM, "tomo {radio} sonido", r"sonido", "events"),
    Step("ana", ROOM, "!mover {radio} pasado mañana 20h", r"movió el evento.*20:00", "events"),
    Step("bea", ROOM, "!eventos", r"20:00 Taller de radio", "events"),
    # A meeting: only marked lines are kept, and its tasks come back.
    Step("ana", ROOM, "!reunion empezar Asamblea", r"(?s)reunión \d+.*`acuerdo:`", "meetings"),
    Step("bea", ROOM, "acuerdo: nos vemos el sábado", needs="meetings"),
    Step("celia", ROOM, "tarefa: @bea levar a faixa até amanhã", needs="meetings"),
    Step("ana", ROOM, "!reunion cerrar", r"(?s)Acta.*Acuerdos.*sábado", "meetings"),
    Step("bea", ROOM, "!tareas", r"(?P<task>\d+): “levar a faixa”", "tasks"),
    Step("bea", ROOM, "!hecho {task}", r"levar a faixa", "tasks"),
    Step(
        *("ana", ROOM, '!accion "Carta al alcalde" "Escribe" "Llama"'),
        *(r"(?s)(?P<action>\d+).*Escribe", "tasks"),
    ),
    Step("celia", ROOM, "!feito {action} 1", r"", "tasks"),
    # Who comes in: the rooms of an area, a code for strangers, and what one tells of oneself.
    Step("ana", ROOM, "!area agregar prensa", r"prensa: 1", "onboarding"),
    Step(
        *("ana", PRIVATE, "codigo prensa"),
        *(r"(?s)Código \d+ para “prensa”.*@minga:(?P<server>\S+)\. Su", "onboarding"),
    ),
    Step("ana", PRIVATE, "bienvenida", r"(?s)estás en.*Lo que viene", "onboarding"),
    Step("ana", PRIVATE, "perfil pronombres ella", r"pronombres: ella", "profile"),
    # A room for each team, made alike.
    Step(
        *("ana", ROOM, "!equipos Norte: @bea:{server}\nSur: @celia:{server}"),
        *(r"(?s)Norte.*Sur", "teams"),
    ),
    Step("ana", ROOM, "sí", r"(?i)salas", "teams"),
    # Somebody goes somewhere risky, and comes back.
    Step("ana", PRIVATE, "regreso en 2 horas @bea; la marcha", r"[Aa]notado, número", "safety"),
    Step("ana", PRIVATE, "ya volví", r"bueno que regresaste", "safety"),
    # What the room keeps, found again by its name and by its words.
    Step(
        *("ana", ROOM, "!guardar abogada Atiende los lunes #salud"),
        *(r"Guardado como #abogada", "library"),
    ),
    Step("bea", ROOM, "#abogada", r"#abogada:\s+Atiende los lunes", "library"),
    Step("celia", ROOM, "!buscar lunes", r"`#abogada` Atiende los lunes", "finding"),
    # An offer and a need find each other; a contact passes once both have said yes.
    Step("ana", ROOM, "!ofrezco camioneta los sábados #transporte", r"¿Publico", "exchange"),
    Step("ana", ROOM, "sí", r"Oferta (?P<van>\d+)", "exchange"),
    Step("celia", ROOM, "!preciso de camioneta no sábado #transporte", r"¿Publico", "exchange"),
    Step("celia", ROOM, "sim", r"Pedido \d+", "exchange"),
    Step("celia", PRIVATE, "", r"oferta parecida.*camioneta", "exchange"),
    Step("celia", PRIVATE, "sim", needs="exchange"),
    Step("ana", PRIVATE, "", r"pedido parecido a tu oferta {van}", "exchange"),
    Step("ana", PRIVATE, "sí", r"@celia:", "exchange"),
    Step("celia", PRIVATE, "", r"@ana:", "exchange"),
    # A thing is lent, and is back once both say so.
    Step(
        *("ana", ROOM, "!presto proyector a @bea:{server} por 5 días"),
        *(r"Préstamo (?P<loan>\d+)", "lending"),
    ),
    Step("bea", ROOM, "!recibido {loan}", r"tiene “proyector”", "lending"),
    Step("bea", ROOM, "!devuelto {loan}", r"volvió", "lending"),
    Step("ana", ROOM, "!devuelto {loan}", r"terminó", "lending"),
    # Who may do what, and who has which role.
    Step("ana", ROOM, "!gobierno dar-moderación decisión 1 día", r"¿Sigo\?", "governance"),
    Step("ana", ROOM, "sí", r"Desde ahora.*decide la sala", "governance"),
    Step("ana", ROOM, "!cargo nuevo llaves por 3 meses", r"“llaves”", "roles"),
    Step("ana", ROOM, "!cargo dar llaves @bea:{server}", r"bea .*tiene el cargo", "roles"),
    Step("celia", ROOM, "!cargo llaves vocês abrem amanhã?", r"celia llama a llaves: bea", "roles"),
    # Another network, on another server: both compare a code, and then share an event.
    Step("ana", ROOM, "!red conectar {near}", r"¿Sigo\?", "links"),
    Step("ana", ROOM, "sí", r"Enlace (?P<link>\d+)", "links"),
    Step("dora", ROOM, "", r"!red aceptar 1", "links"),
    Step("dora", ROOM, "!red aceptar 1", r"Voy", "links"),
    Step("ana", ROOM, "", r"\d{4} \d{4} \d{4}", "links"),
    Step("dora", ROOM, "", r"\d{4} \d{4} \d{4}", "links"),
    Step("ana", ROOM, "!red aceptar {link}", r"(?s)\d{4} \d{4} \d{4}.*¿Sigo\?", "links"),
    Step("ana", ROOM, "sí", needs="links"),
    Step("dora", ROOM, "!red aceptar 1", r"(?s)\d{4} \d{4} \d{4}.*¿Sigo\?", "links"),
    Step("dora", ROOM, "sí", r"y esta red", "links"),
    Step("ana", ROOM, "", r"Red vecina y esta red", "links"),
    Step("ana", ROOM, "!red compartir {radio}", r"(?s)Esto irá a.*Taller de radio", "links"),
    Step("ana", ROOM, "sí", r"Compartido con", "links"),
    Step("dora", ROOM, "", r"(?s)comparte algo.*aceptar (?P<shared>\d+)", "links"),
    Step("dora", ROOM, "!red aceptar {shared}", r"Recibido de Red de prueba", "links"),
    # They decide together: each votes at home, and both read the same result.
    Step(
        *("ana", ROOM, '!propuesta "Carta por el agua" hasta mañana 18h'),
        *(r"Propuesta (?P<water>\d+): Carta por el agua", "links"),
    ),
    Step("ana", ROOM, "!red proponer {water}", r"(?s)“Carta por el agua”.*¿Sigo\?", "links"),
    Step("ana", ROOM, "sí", r"Decisión conjunta (?P<joint>\d+)", "links"),
    Step("dora", ROOM, "", r"(?s)decidir en conjunto \((?P<asked>\d+)\)", "links"),
    Step("dora", ROOM, "!red aceptar {asked}", r"Esta red participa", "links"),
    Step("dora", ROOM, "", r"Propuesta (?P<theirs>\d+): Carta por el agua", "links"),
    Step("ana", ROOM, "!votar {water} a favor", r"Anotado", "links"),
    Step("bea", ROOM, "!votar {water} a favor", r"Anotado", "links"),
    Step("celia", ROOM, "!votar {water} contra", r"Anotado", "links"),
    Step("dora", ROOM, "!votar {theirs} a favor", r"Anotado", "links"),
    Step("ana", ROOM, "!cerrar {water}", r"aprobada", "links"),
    Step("dora", ROOM, "!cerrar {theirs}", r"aprobada", "links"),
    Step("ana", ROOM, "", JOINT.format("{joint}"), "links"),
    Step("dora", ROOM, "", JOINT.format("{asked}"), "links"),
    # Care: a warning, and what somebody tells about what happened, in private.
    Step("ana", ROOM, "!advertir @celia:{server} gritos en la reunión", needs="care"),
    Step("ana", PRIVATE, "", r"(?s)¿Cómo se lo digo a celia.*2\) como advertencia", "care"),
    Step("ana", PRIVATE, "2", r"Advertencia \d+ para celia", "care"),
    Step("celia", PRIVATE, "", r"Uma advertência.*gritos en la reunión", "care"),
    Step(
        *("bea", PRIVATE, "incidente mensajes feos de noche"),
        *(r"incidente (?P<incident>\d+)", "care"),
    ),
    Step("ana", PRIVATE, "atender {incident}", r"atiendes el incidente {incident}", "care"),
    Step("ana", PRIVATE, "resolver {incident} ya hablamos", r"Resuelto: .*{incident}", "care"),
    # Settings made alike, what is kept and for how long, and what is known of oneself.
    Step("ana", ROOM, "!configurar plantilla asamblea", r"(?s)→.*¿Sigo\?", "rooms"),
    Step("ana", ROOM, "sí", r"Cambiado en 1 sala", "rooms"),
    Step("ana", ROOM, ENTER + "Norte", needs="teams"),
    Step("ana", ROOM, "!configurar copiar a Norte", r"en privado", "teams"),
    Step("ana", PRIVATE, "", r"(?s)Norte: .*→.*¿Sigo\?", "teams"),
    Step("ana", PRIVATE, "sí", r"Cambiado en 1 sala", "teams"),
    Step("ana", ROOM, "!configurar retencion 30 días", r"(?s)30 días.*¿Sigo\?", "rooms"),
    Step("ana", ROOM, "sí", r"Cambiado", "rooms"),
    Step("bea", ROOM, "!que-ves", r"se quita después de 30 días", "rooms"),
    Step("celia", PRIVATE, "meus-dados", r"tudo o que guardo de você", "rights"),
    Step("ana", ROOM, "!configurar idioma pt", r"antes.*→", "rooms"),
    Step("ana", ROOM, "sí", r"!historico", "rooms"),
    Step("bea", ROOM, "!ajuda", r"!pendentes", "rooms"),
    Step("bea", ROOM, "!historico", r"→", "rooms"),
    Step("ana", ROOM, "!desfazer", r"[Vv]ou desfazer", "rooms"),
    Step("ana", ROOM, "sim", r"Desfeito|Deshecho", "rooms"),
    Step("ana", PRIVATE, "hola", r"ayuda"),
    Step("ana", PRIVATE, "idioma en", r"From now on|Desde ahora", "rooms"),
    Step("ana", PRIVATE, "privacy", r"I keep no talk", "rooms"),
    Step("ana", PRIVATE, "remind me tomorrow 9:00; call Bea", r"Which do you mean", "reminders"),
    Step("ana", PRIVATE, "1", r"09:00 \(Bogotá\)", "reminders"),
    Step("bea", ROOM, "!estado", r"cifrada", "rooms"),
)


async def play(
    stage: Stage, features: Iterable[str], near: Stage, steps: Sequence[Step] = TOUR
) -> None:
    """Play and print the tour. Raises `DemoError` if an expected answer does not come."""
    found = set(features)
    transcripts = [Transcript(stage), Transcript(near, mark=f" ({NEAR})")]
    for transcript in transcripts:
        transcript.catch_up()
    known: dict[str, str] = {"near": near.minga}
    for step in steps:
        if step.needs in found:
            try:
                scene = near if step.who in near.people else stage
                known |= await _play(scene, step, known)
            finally:
                for transcript in transcripts:
                    transcript.catch_up()


async def _play(stage: Stage, step: Step, known: dict[str, str]) -> dict[str, str]:
    """Play one step: write the line, wait until it is seen, wait for the answer."""
    member = stage.people[step.who]
    room = stage.room if step.place == ROOM else await stage.in_private(step.who)
    hearer = stage.lead if step.place == ROOM else step.who
    line = filled(step.line, known)
    since = len(stage.people[hearer].heard) if line else 0
    if event := await _does(member, room, line):
        await stage.heard(lambda said: said.event == event, f"la línea «{line}»", since, by=hearer)
    if not step.expected:
        return {}
    pattern = re.compile(filled(step.expected, known))
    asked = f"«{pattern.pattern}» después de «{line}»"
    said = await stage.expect(room, lambda said: pattern.search(said.text), asked, since, by=hearer)
    match = pattern.search(said.text)
    return match.groupdict() if match else {}


async def _does(member: Member, room: RoomId, line: str) -> str:
    """Write the line or do what its prefix means. Return the event id, or ''."""
    if line.startswith(TAP):
        option = line.removeprefix(TAP)
        return await member.vote(await _poll(member, option), option)
    if line.startswith(ENTER):
        await member.join(await _invited(member, line.removeprefix(ENTER)))
        return ""
    return await member.say(room, line) if line else ""


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return `text` with each `{name}` replaced by what an earlier answer gave."""
    return re.sub(r"\{([a-z]+)\}", lambda found: known[found[1]], text)


async def _poll(voter: Member, option: str) -> Said:
    """Return the native poll with that option, as the voter sees it."""
    try:
        return await voter.hears(lambda said: option in said.options, WAIT)
    except TimeoutError:
        raise DemoError(f"No llegó la encuesta en que se toca «{option}».") from None


async def _invited(member: Member, name: str) -> RoomId:
    """Return the room of that name to which the member is invited."""
    try:
        return (await member.hears(lambda said: name in said.invites_to, WAIT)).room
    except TimeoutError:
        raise DemoError(f"No llegó la invitación a «{name}».") from None
