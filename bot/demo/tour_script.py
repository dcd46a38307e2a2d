"""The lines of the tour: every capability in one conversation. A new capability adds its lines."""

from __future__ import annotations

from collections.abc import Sequence

from bot.demo import public_steps
from bot.demo.tour_step import (
    DOOR_LINE,
    JOIN_PREFIX,
    KNOCK_LINE,
    PRIVATE,
    ROOM,
    VOTE_PREFIX,
    TourStep,
)

NEAR_NETWORK = "Red vecina"
"""The second network, in which Dora writes."""
JOINT_RESULT = r"(?s)conjunta {},(?=.*prueba: a favor: 2).*vecina: a favor: 1"
"""The joint result as both networks read it, in any order, each with its own number."""

TOUR: Sequence[TourStep] = (
    TourStep("ana", ROOM, "!ayuda", r"!ayuda"),
    TourStep("ana", ROOM, "!pendients", r"(?s)[Nn]o entendí.*!pendientes"),
    TourStep("bea", ROOM, "!privacidad", r"cifrado", "rooms"),
    # A room that has just got the bot is set up in five questions, one word or a sentence each.
    TourStep("ana", PRIVATE, "hola", r"ayuda|de 5"),
    TourStep("ana", ROOM, "!configurar preguntas", r"en privado", "rooms"),
    TourStep("ana", PRIVATE, "", r"1 de 5: ¿En qué idioma", "rooms"),
    TourStep("ana", PRIVATE, "saltar", r"2 de 5: ¿Con la hora", "rooms"),
    TourStep("ana", PRIVATE, "la de Bogotá", r"3 de 5: ¿Qué tipo", "rooms"),
    TourStep("ana", PRIVATE, "no sé", r"(?s)No pasa nada.*3 de 5", "rooms"),
    TourStep("ana", PRIVATE, "saltar", r"4 de 5: ¿Quién recibe", "rooms"),
    TourStep("ana", PRIVATE, "pues yo, creo", r"5 de 5: .*daño", "rooms"),
    TourStep("ana", PRIVATE, "saltar", r"Ofreces acompañar", "rooms"),
    TourStep(
        *("ana", ROOM, '!encuesta "¿Dónde nos vemos?" "Parque" "Biblioteca" hasta mañana 18h'),
        *(r"(?:Encuesta|Poll) (?P<poll>\d+)", "polls"),
    ),
    TourStep("bea", ROOM, VOTE_PREFIX + "Biblioteca", needs="polls"),
    TourStep("ana", ROOM, "!votar {poll} 1", r"(?i)(?:anotado|noted).*Parque", "polls"),
    TourStep("ana", ROOM, "!votar {poll} 2", r"(?i)(?:anotado|noted).*Biblioteca", "polls"),
    TourStep(
        *("ana", ROOM, '!presupuesto 10000 "Radio" 4000, "Taller" 2500, "Marcha" 6000'),
        *(r"(?s)(?P<budget>\d+): ¿En qué usamos.*parte igual", "budgets"),
    ),
    TourStep("ana", ROOM, "!votar {budget} 1 2", r"Anotado: Radio · Taller", "budgets"),
    TourStep("bea", ROOM, "!votar {budget} 3", r"Anotado: Marcha", "budgets"),
    TourStep("ana", ROOM, "!cerrar {budget}", r"(?s)Sobran: .*queda afuera", "budgets"),
    TourStep("bea", ROOM, "!pendientes", r"¿Dónde nos vemos\?", "polls"),
    TourStep(
        *("ana", ROOM, "!avisar Mañana empezamos a las 9 leído"),
        *(r"Aviso (?P<notice>\d+): Mañana empezamos", "announcements"),
    ),
    TourStep("bea", ROOM, "leído {notice}", r"leíste", "announcements"),
    TourStep("ana", ROOM, "!avisos {notice}", r"Lo leyó 1 persona", "announcements"),
    # One text in several languages: the room reads all, and each person theirs in private.
    TourStep(
        *("ana", ROOM, '!propuesta "Abrimos la radio" pt:"Abrimos a rádio"'),
        *(r"Propuesta (?P<radio>\d+): Abrimos la radio / Abrimos a rádio", "polls"),
    ),
    TourStep("celia", ROOM, "!traduzo {radio} en: We open the radio", r"lo escribió", "polls"),
    TourStep("ana", PRIVATE, "", r"We open the radio.*\n.*\n.*Dice lo mismo", "polls"),
    TourStep("ana", PRIVATE, "sí", r"se lee también en inglés", "polls"),
    TourStep("ana", ROOM, "!cerrar {radio}", r"Abrimos la radio / We open the radio", "polls"),
    TourStep(
        "ana", PRIVATE, "avisar Hay taller publicar: en 3 días", r"solo tú lo ves", "announcements"
    ),
    TourStep("ana", ROOM, "!imprimir {poll}", r"Para imprimir: ¿Dónde", "printing"),
    TourStep("ana", ROOM, "!resultados {poll}", r"Biblioteca: 2", "polls"),
    TourStep("ana", ROOM, "!cerrar {poll}", r"(?s)(?:gana|wins).*Biblioteca: 2", "polls"),
    TourStep(
        *("ana", ROOM, "!elección Comité puestos:2"),
        *(r"(?:Elección|Election) (?P<election>\d+): Comité", "elections"),
    ),
    TourStep("ana", ROOM, "!cancelar {election}", r"Comité", "elections"),
    TourStep("ana", ROOM, "sí", r"(?:cancelada|cancelled)", "elections"),
    # By consent: who is against does not stop it, a block does, and the result says why.
    TourStep(
        *("ana", ROOM, '!propuesta "Firmamos la carta" tipo:consentimiento hasta mañana 18h'),
        *(r"(?s)Propuesta (?P<charter>\d+).*nadie la bloquea", "polls"),
    ),
    TourStep("bea", ROOM, VOTE_PREFIX + "a favor", needs="polls"),
    TourStep(
        "celia", ROOM, "!votar {charter} em contra", r"contra.*`!\w+ {charter} bloquei?o", "polls"
    ),
    TourStep(
        *("celia", ROOM, '!votar {charter} bloqueio "falta falar da água"'),
        *(r"(?i)anotado: .*falta falar da água", "polls"),
    ),
    TourStep("ana", ROOM, "!cerrar {charter}", r"(?s)no aprobada.*falta falar da água", "polls"),
    # Who can't vote gives their vote to somebody, who accepts it in private.
    TourStep("bea", ROOM, "!delegar @ana", r"delega su voto en", "delegation"),
    TourStep("ana", PRIVATE, "", r"Aceptas", "delegation"),
    TourStep("ana", PRIVATE, "sí", r"Bien\. Para devolverlo", "delegation"),
    TourStep(
        *("ana", ROOM, "!propuesta Compramos la olla"),
        *(r"(?s)Propuesta (?P<pot>\d+): Compramos", "delegation"),
    ),
    TourStep("ana", ROOM, "!votar {pot} a favor", r"Cuenta también por", "delegation"),
    TourStep("ana", ROOM, "!cerrar {pot}", r"(?s)aprobada.*a favor: 2.*votó por:", "delegation"),
    TourStep("bea", ROOM, "!delegar no", r"Retirado", "delegation"),
    # A date that suits most people, some only if need be.
    TourStep(
        *("bea", ROOM, '!cuándo "Reunión" mañana 18h, 19h, pasado mañana 20h'),
        *(r"(?s)Encuesta (?P<dates>\d+).*18:00.*20:00", "polls"),
    ),
    TourStep("ana", ROOM, "!votar {dates} 1 3?", r"18:00.*20:00 si hace falta", "polls"),
    TourStep("celia", ROOM, "!votar {dates} 3", r"(?i)anotado.*20:00", "polls"),
    TourStep("bea", ROOM, "!cerrar {dates}", r"gana .*20:00", "polls"),
    # In order of preference.
    TourStep(
        *("celia", ROOM, "!encuesta ¿Qué nombre? Sol, Luna, Mar tipo:preferencia"),
        *(r"(?s)Encuesta (?P<names>\d+).*de dos en dos", "polls"),
    ),
    TourStep("ana", ROOM, "!votar {names} 1 2 3", r"(?i)anotado: 1 Sol", "polls"),
    TourStep("bea", ROOM, "!votar {names} Luna > Mar > Sol", r"(?i)anotado: 1 Luna", "polls"),
    TourStep("celia", ROOM, VOTE_PREFIX + "Luna", needs="polls"),
    TourStep("ana", ROOM, "!cerrar {names}", r"(?s)gana Luna.*En orden: Luna", "polls"),
    # With an assembly, whose count two members confirm.
    TourStep(
        *("ana", ROOM, "!encuesta ¿Qué sede? Norte, Sur"),
        *(r"(?s)Encuesta (?P<venue>\d+).*Norte", "polls"),
    ),
    TourStep("bea", ROOM, VOTE_PREFIX + "Sur", needs="polls"),
    TourStep(
        "ana", ROOM, "!presencial {venue} Norte:14 Sur:9", r"asamblea de 23 personas", "polls"
    ),
    TourStep("bea", ROOM, "!presencial {venue} confirmar", r"falta 1 persona", "polls"),
    TourStep("celia", ROOM, "!presencial {venue} confirmar", r"23 votos de la asamblea", "polls"),
    TourStep("ana", ROOM, "!cerrar {venue}", r"(?s)gana Norte.*Sur: 10.*En la asamblea", "polls"),
    TourStep("bea", ROOM, "!decisiones carta", r"Firmamos la carta.*no aprobada", "polls"),
    # A text written together: amended, voted on as it stands, and kept in the library.
    TourStep("ana", ROOM, "!borrador estatuto: Nos vemos cada semana", r"versión 1", "drafts"),
    TourStep(
        *("celia", ROOM, "!emenda estatuto 1: Nos vemos cada mes"),
        *(r"(?s)Enmienda (?P<amendment>\d+).*quita: semana.*pone: mes", "drafts"),
    ),
    TourStep("ana", ROOM, "!acepto {amendment}", r"es ahora la versión 2", "drafts"),
    TourStep(
        *("bea", ROOM, "!propuesta estatuto hasta mañana 18h revisar: en 6 meses"),
        *(r"(?s)SHA-256.*Propuesta (?P<statute>\d+): estatuto, versión 2", "drafts"),
    ),
    TourStep("ana", ROOM, "!votar {statute} a favor", r"Anotado", "drafts"),
    TourStep("bea", ROOM, "!votar {statute} a favor", r"Anotado", "drafts"),
    TourStep("celia", ROOM, "!votar {statute} a favor", r"Anotado", "drafts"),
    TourStep("ana", ROOM, "!cerrar {statute}", r"aprobada", "drafts"),
    TourStep("ana", ROOM, "", r"“estatuto” queda adoptada", "drafts"),
    TourStep("bea", ROOM, "#estatuto", r"(?s)cada mes.*Adoptada en la propuesta", "drafts"),
    TourStep(
        *("ana", ROOM, "!recordar mañana 17:00; llevar la pancarta"),
        *(r"(?P<reminder>\d+).*17:00 \(Bogotá\)", "reminders"),
    ),
    TourStep("bea", ROOM, "!recordatorios", r"{reminder}.*pancarta", "reminders"),
    TourStep(
        "ana", ROOM, "!cancelar {reminder}", r"[Rr]ecordatorio {reminder}.*pancarta", "reminders"
    ),
    # In private everybody chooses a language.
    TourStep("bea", PRIVATE, "hola", r"ayuda"),
    TourStep("celia", PRIVATE, "idioma pt", r"em português", "rooms"),
    # An event with one place: who waits gets it as soon as it is free; who does what; moved.
    TourStep(
        *("ana", ROOM, "!evento Taller de radio mañana 19h lugar: Radio cupo: 1 turnos: 1 sonido"),
        *(r"(?s)Evento (?P<radio>\d+): Taller de radio.*19:00 \(Bogotá\)", "attendance"),
    ),
    TourStep("bea", ROOM, VOTE_PREFIX + "Voy", needs="attendance"),
    TourStep("celia", ROOM, "vou {radio}", r"lista de espera", "attendance"),
    TourStep("bea", ROOM, "no voy {radio}", r"[Aa]notado: no vas", "attendance"),
    TourStep("ana", ROOM, "!asistentes {radio}", r"[Cc]elia", "attendance"),
    TourStep("ana", ROOM, "!asistentes {radio} archivo", r"en privado", "attendance"),
    TourStep("celia", ROOM, "tomo {radio} sonido", r"sonido", "attendance"),
    TourStep("ana", ROOM, "!mover {radio} pasado mañana 20h", r"movió .*20:00", "attendance"),
    TourStep("bea", ROOM, "!eventos", r"20:00 Taller de radio", "attendance"),
    *public_steps.BY_A_ROOM,
    # A meeting: only marked lines are kept, and its tasks come back.
    TourStep("ana", ROOM, "!reunión empezar Asamblea", r"(?s)reunión \d+.*`acuerdo:`", "meetings"),
    TourStep("bea", ROOM, "acuerdo: nos vemos el sábado", needs="meetings"),
    TourStep("celia", ROOM, "tarefa: @bea levar a faixa até amanhã", needs="meetings"),
    TourStep("ana", ROOM, "!reunión cerrar", r"(?s)Acta.*Acuerdos.*sábado", "meetings"),
    TourStep("bea", ROOM, "!tareas", r"(?P<task>\d+): “levar a faixa”", "tasks"),
    TourStep("bea", ROOM, "!hecho {task}", r"levar a faixa", "tasks"),
    TourStep(
        *("ana", ROOM, '!acción "Carta a la alcaldía" "Escribe" "Llama"'),
        *(r"(?s)(?P<action>\d+).*Escribe", "tasks"),
    ),
    TourStep("celia", ROOM, "!feito {action} 1", r"", "tasks"),
    # Who comes in: the rooms of an area, a code for strangers, and what one tells of oneself.
    TourStep("ana", ROOM, "!área agregar prensa", r"prensa: 1", "onboarding"),
    TourStep(
        *("ana", PRIVATE, "codigo prensa"),
        *(r"(?s)Código \d+ para “prensa”.*@minga:(?P<server>\S+)\. Su", "codes"),
    ),
    TourStep("ana", PRIVATE, "bienvenida", r"(?s)estás en.*Lo que viene", "welcome"),
    TourStep("ana", PRIVATE, "perfil pronombres ella", r"pronombres: ella", "profile"),
    # Who knocks answers in private. Whoever decides reads one message that is edited.
    TourStep("ana", ROOM, DOOR_LINE, needs="doors"),
    TourStep("eva", ROOM, KNOCK_LINE, needs="doors"),
    TourStep("eva", PRIVATE, "", r"(?s)la puerta de.*1 de 1", "doors"),
    TourStep("eva", PRIVATE, "por la radio de Bea", r"Gracias, eso era todo", "doors"),
    TourStep("ana", ROOM, "", r"1 solicitud espera(?s:.*)\s(?P<knock>\d+): .*decisión", "doors"),
    TourStep("ana", PRIVATE, "solicitudes {knock}", r"“por la radio de Bea”", "doors"),
    TourStep("ana", PRIVATE, "preguntar {knock} ¿Vives cerca?", r"sin tu nombre", "doors"),
    TourStep("eva", PRIVATE, "", r"2 de 2: ¿Vives cerca\?", "doors"),
    TourStep("eva", PRIVATE, "a dos cuadras", r"Gracias, eso era todo", "doors"),
    TourStep("ana", ROOM, "!admitir {knock}", r"ya puede entrar", "doors"),
    TourStep("eva", PRIVATE, "", r"(?s)te recibe.*Te estoy invitando a", "doors"),
    # A room for each team, made alike.
    TourStep(
        *("ana", ROOM, "!equipos Norte: @bea:{server}\nSur: @celia:{server}"),
        *(r"(?s)Norte.*Sur", "teams"),
    ),
    TourStep("ana", ROOM, "sí", r"(?i)salas", "teams"),
    TourStep("ana", ROOM, "!equipos pasos Leer hasta en 3 días", r"1 Leer, hasta el", "teams"),
    TourStep("ana", ROOM, "!cerrar-sala", r"(?s)se cierra el.*la sala puede", "closing"),
    TourStep("ana", ROOM, "no", r"[Ll]o dejé como", "closing"),
    # Somebody goes somewhere risky, and comes back.
    TourStep("ana", PRIVATE, "regreso en 2 horas @bea; la marcha", r"[Aa]notado, número", "safety"),
    TourStep("ana", PRIVATE, "ya volví", r"bueno que regresaste", "safety"),
    # What the room keeps, found again by its name and by its words.
    TourStep("ana", ROOM, "!guardar abogada Atiende los lunes #salud", r"#abogada", "library"),
    TourStep("bea", ROOM, "#abogada", r"#abogada:\s+Atiende los lunes", "library"),
    TourStep("celia", ROOM, "!buscar lunes", r"`#abogada` Atiende los lunes", "finding"),
    # An offer and a need find each other; a contact passes once both have said yes.
    TourStep(
        *("ana", ROOM, "!ofrezco camioneta los sábados #transporte"),
        *(r"Oferta (?P<van>\d+)", "exchange"),
    ),
    TourStep(
        *("celia", ROOM, "!preciso de camioneta no sábado #transporte"),
        *(r"Pedido \d+", "exchange"),
    ),
    TourStep("celia", PRIVATE, "", r"oferta parecida.*camioneta", "exchange"),
    TourStep("celia", PRIVATE, "sim", needs="exchange"),
    TourStep("ana", PRIVATE, "", r"pedido parecido a tu oferta {van}", "exchange"),
    TourStep("ana", PRIVATE, "sí", r"@celia:", "exchange"),
    TourStep("celia", PRIVATE, "", r"@ana:", "exchange"),
    # A thing is lent, and is back once both say so.
    TourStep(
        *("ana", ROOM, "!presto proyector a @bea:{server} por 5 días"),
        *(r"Préstamo (?P<loan>\d+)", "lending"),
    ),
    TourStep("bea", ROOM, "!recibido {loan}", needs="lending"),
    TourStep("bea", PRIVATE, "", r"tiene “proyector”", "lending"),
    TourStep("bea", ROOM, "!devuelto {loan}", needs="lending"),
    TourStep("bea", PRIVATE, "", r"volvió", "lending"),
    TourStep("ana", ROOM, "!devuelto {loan}", needs="lending"),
    TourStep("ana", PRIVATE, "", r"terminó", "lending"),
    # Who may do what, and who has which role.
    TourStep("ana", ROOM, "!gobierno dar-moderación decisión 1 día", r"¿Sigo\?", "governance"),
    TourStep("ana", ROOM, "sí", r"Desde ahora.*decide la sala", "governance"),
    TourStep("ana", ROOM, "!cargo nuevo llaves por 3 meses", r"“llaves”", "roles"),
    TourStep("ana", ROOM, "!cargo dar llaves @bea:{server}", r"bea .*tiene el cargo", "roles"),
    TourStep(
        "celia", ROOM, "!cargo llaves vocês abrem amanhã?", r"celia llama a llaves: bea", "roles"
    ),
    # Another network, on another server: both compare a code, and then share an event.
    TourStep("ana", ROOM, "!red conectar {near}", r"¿Sigo\?", "networks"),
    TourStep("ana", ROOM, "sí", r"Conexión (?P<link>\d+)", "networks"),
    TourStep("dora", ROOM, "", r"!red aceptar 1", "networks"),
    TourStep("dora", ROOM, "!red aceptar 1", r"Voy", "networks"),
    TourStep("ana", ROOM, "", r"\d{4} \d{4} \d{4}", "networks"),
    TourStep("dora", ROOM, "", r"\d{4} \d{4} \d{4}", "networks"),
    TourStep("ana", ROOM, "!red aceptar {link}", r"(?s)\d{4} \d{4} \d{4}.*¿Sigo\?", "networks"),
    TourStep("ana", ROOM, "sí", needs="networks"),
    TourStep("dora", ROOM, "!red aceptar 1", r"(?s)\d{4} \d{4} \d{4}.*¿Sigo\?", "networks"),
    TourStep("dora", ROOM, "sí", r"y esta red", "networks"),
    TourStep("ana", ROOM, "", r"Red vecina y esta red", "networks"),
    TourStep("ana", ROOM, "!red compartir {radio}", r"(?s)Esto irá a.*Taller de radio", "networks"),
    TourStep("ana", ROOM, "sí", r"Compartido con", "networks"),
    TourStep("dora", ROOM, "", r"(?s)comparte algo.*aceptar (?P<shared>\d+)", "networks"),
    TourStep("dora", ROOM, "!red aceptar {shared}", r"Recibido de Red de prueba", "networks"),
    # They decide together: each votes at home, and both read the same result.
    TourStep(
        *("ana", ROOM, '!propuesta "Carta por el agua" hasta mañana 18h'),
        *(r"Propuesta (?P<water>\d+): Carta por el agua", "networks"),
    ),
    TourStep("ana", ROOM, "!red proponer {water}", r"(?s)“Carta por el agua”.*¿Sigo\?", "networks"),
    TourStep("ana", ROOM, "sí", r"Decisión conjunta (?P<joint>\d+)", "networks"),
    TourStep("dora", ROOM, "", r"(?s)decidir en conjunto \((?P<asked>\d+)\)", "networks"),
    TourStep("dora", ROOM, "!red aceptar {asked}", r"Esta red participa", "networks"),
    TourStep("dora", ROOM, "", r"Propuesta (?P<theirs>\d+): Carta por el agua", "networks"),
    TourStep("ana", ROOM, "!votar {water} a favor", r"Anotado", "networks"),
    TourStep("bea", ROOM, "!votar {water} a favor", r"Anotado", "networks"),
    TourStep("celia", ROOM, "!votar {water} contra", r"Anotado", "networks"),
    TourStep("dora", ROOM, "!votar {theirs} a favor", r"Anotado", "networks"),
    TourStep("ana", ROOM, "!cerrar {water}", r"aprobada", "networks"),
    TourStep("dora", ROOM, "!cerrar {theirs}", r"aprobada", "networks"),
    TourStep("ana", ROOM, "", JOINT_RESULT.format("{joint}"), "networks"),
    TourStep("dora", ROOM, "", JOINT_RESULT.format("{asked}"), "networks"),
    # Care: a warning, and what somebody tells about what happened, in private.
    TourStep("ana", ROOM, "!advertir @celia:{server} gritos en la reunión", needs="care"),
    TourStep("ana", PRIVATE, "", r"(?s)¿Cómo se lo digo a celia.*2\) como advertencia", "care"),
    TourStep("ana", PRIVATE, "2", r"Advertencia \d+ para celia", "care"),
    TourStep("celia", PRIVATE, "", r"Uma advertência.*gritos en la reunión", "care"),
    TourStep(
        *("bea", PRIVATE, "incidente mensajes feos de noche"),
        *(r"incidente (?P<incident>\d+)", "incidents"),
    ),
    TourStep("ana", PRIVATE, "atender {incident}", r"atiendes .* {incident}", "incidents"),
    TourStep("ana", PRIVATE, "resolver {incident} listo", r"Resuelto: .*{incident}", "incidents"),
    # A questionnaire in private, and words without a name for the care team.
    TourStep(
        *("ana", ROOM, '!cuestionario "Taller"\n1. ¿Cómo estuvo? (1 a 5)\n2. ¿Algo más?'),
        *(r"(?s)así lo entendí.*¿Sigo\?", "questionnaires"),
    ),
    TourStep("ana", ROOM, "sí", r"Cuestionario (?P<form>\d+)", "questionnaires"),
    TourStep("bea", PRIVATE, "cuestionario {form}", r"1 de 2: ¿Cómo estuvo", "questionnaires"),
    TourStep("bea", PRIVATE, "5", r"2 de 2: ¿Algo más", "questionnaires"),
    TourStep("bea", PRIVATE, "saltar", r"eso era todo", "questionnaires"),
    TourStep("ana", ROOM, "!cerrar {form}", r"Respondieron 1 de \d+", "questionnaires"),
    TourStep(
        *("bea", PRIVATE, "buzón las reuniones son muy tarde"),
        *(r"(?s)sin tu nombre.*¿Sigo\?", "anonymous_box"),
    ),
    TourStep("bea", PRIVATE, "sí", r"Es el número (?P<note>\d+)", "anonymous_box"),
    TourStep("ana", PRIVATE, "buzón {note} ¿a las 6?", r"Pasé tu respuesta", "anonymous_box"),
    *public_steps.JOINT,
    # Settings made alike, what is kept and for how long, and what is known of oneself.
    TourStep("ana", ROOM, "!configurar plantilla asamblea", r"(?s)→.*¿Sigo\?", "rooms"),
    TourStep("ana", ROOM, "sí", r"Cambiado en 1 sala", "rooms"),
    TourStep("ana", ROOM, JOIN_PREFIX + "Norte", needs="teams"),
    TourStep("ana", ROOM, "!configurar copiar a Norte", r"en privado", "teams"),
    TourStep("ana", PRIVATE, "", r"(?s)Norte: .*→.*¿Sigo\?", "teams"),
    TourStep("ana", PRIVATE, "sí", r"Cambiado en 1 sala", "teams"),
    TourStep("ana", ROOM, "!evento Encuentro en 10 días 19h en: Norte", r"1 sala más", "teams"),
    TourStep("ana", ROOM, "sí", r"(?s)Evento (?P<meet>\d+): Encuentro.*Está en 2 salas", "teams"),
    TourStep("bea", ROOM, "voy {meet}", r"[Aa]notado: vas", "teams"),
    TourStep("ana", ROOM, "!configurar retención 30 días", r"(?s)30 días.*¿Sigo\?", "rooms"),
    TourStep("ana", ROOM, "sí", r"Cambiado", "rooms"),
    TourStep("bea", ROOM, "!que-ves", r"se quita después de 30 días", "rooms"),
    TourStep("celia", PRIVATE, "meus-dados", r"tudo o que guardo de você", "rights"),
    TourStep("ana", ROOM, "!configurar idioma pt", r"antes.*→", "rooms"),
    TourStep("ana", ROOM, "sí", r"!histórico", "rooms"),
    TourStep("bea", ROOM, "!ajuda", r"!pendentes", "rooms"),
    TourStep("bea", ROOM, "!histórico", r"→", "rooms"),
    TourStep("ana", ROOM, "!desfazer", r"[Vv]ou desfazer", "rooms"),
    TourStep("ana", ROOM, "sim", r"Desfeito|Deshecho", "rooms"),
    TourStep("ana", PRIVATE, "hola", r"ayuda"),
    TourStep("ana", PRIVATE, "idioma en", r"From now on|Desde ahora", "rooms"),
    TourStep("ana", PRIVATE, "privacy", r"I keep no talk", "rooms"),
    TourStep(
        "ana", PRIVATE, "remind me tomorrow 9:00; call Bea", r"Which do you mean", "reminders"
    ),
    TourStep("ana", PRIVATE, "1", r"09:00 \(Bogotá\)", "reminders"),
    TourStep("bea", ROOM, "!estado", r"cifrada", "rooms"),
)
