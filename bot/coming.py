"""Words of commands that are planned. A word that a capability registers belongs to that
capability.
"""

from __future__ import annotations

from bot.text.command_words import Vocabulary, Words, words

PLANNED_WORDS: tuple[tuple[Words, str], ...] = (
    (words("propuesta", "proposta", "proposal", "propongo, proponho, propose"), "poll"),
    (words("cuando", "quando", "when", "fechas, datas, dates"), "poll"),
    (words("elegir", "escolher", "pick"), ""),
    (words("extender", "prorrogar", "extend"), ""),
    (words("presencial", "presencial", "in-person"), "results"),
    (words("decisiones", "decisoes", "decisions", "acuerdos, deliberações"), "results"),
    (words("acta", "ata", "minutes"), "results"),
    (words("exportar", "exportar", "export", "descargar, baixar, download"), "results"),
    (words("votantes", "votantes", "voters", "padrón, censo, eleitorado, roll"), "results"),
    (words("evento", "evento", "event"), "remind"),
    (words("eventos", "eventos", "events", "agenda, calendario"), "reminders"),
    (words("voy", "vou", "going", "asisto, me apunto, me anoto, confirmo"), "poll"),
    (words("no voy", "não vou", "not going", "no puedo, n vou"), "poll"),
    (words("tal vez", "talvez", "maybe", "quizás, de pronto, pode ser"), "poll"),
    (words("hora", "hora", "time", "mi-hora, my-time"), "timezone"),
    (words("mover", "remarcar", "move", "reprogramar, adiar, reschedule"), "snooze"),
    (words("reunion", "reuniao", "meeting"), "remind"),
    (words("punto", "pauta", "topic"), "remind"),
    (words("palabra", "inscrição", "hand"), ""),
    (words("tareas", "tarefas", "tasks", "compromisos, encaminhamentos"), "reminders"),
    (words("hecho", "feito", "done", "listo, pronto"), "cancel"),
    (words("guardar", "guardar", "save", "salvar"), ""),
    (words("buscar", "buscar", "find", "procurar, search"), ""),
    (words("recursos", "recursos", "resources", "biblioteca, library"), ""),
    (words("ofrezco", "ofereço", "offer"), ""),
    (words("necesito", "preciso", "need", "busco, procuro"), ""),
    (words("presto", "empresto", "lend", "prestar, emprestar"), "remind"),
    (words("devuelto", "devolvido", "returned", "devolví, devolvi"), ""),
    (words("invitar", "convidar", "invite", "agregar, adicionar, add"), ""),
    (words("codigo", "codigo", "code"), ""),
    (words("solicitudes", "solicitações", "requests", "llegadas, chegadas, newcomers"), ""),
    (words("avalar", "recomendar", "vouch", "respaldo, indicar"), ""),
    (words("admitir", "admitir", "admit", "aceptar, aceitar, accept"), ""),
    (words("rechazar", "recusar", "reject", "decline"), ""),
    (words("reglas", "regras", "rules", "normas"), "privacy"),
    (words("bienvenida", "boas-vindas", "welcome", "resumen, resumo, summary"), "help"),
    (words("perfil", "perfil", "profile"), ""),
    (words("equipos", "equipes", "teams", "cohorte, turma"), ""),
    (words("advertir", "advertir", "warn"), ""),
    (words("silenciar", "silenciar", "mute"), ""),
    (words("expulsar", "expulsar", "remove", "sacar, remover, kick"), ""),
    (words("avisar", "avisar", "announce"), "remind"),
    (words("apelar", "recorrer", "appeal"), ""),
    (words("regreso", "volto", "back-by"), "remind"),
    (words("cargo", "cargo", "role"), "permissions"),
    (words("practica", "pratica", "practice"), ""),
    (words("autodestruir", "autodestruir", "self-destruct"), ""),
    (words("mis-datos", "meus-dados", "my-data", "mi info"), "privacy"),
    (words("borrarme", "me-apague", "forget-me", "apague-me, delete me"), "privacy"),
    (words("salir", "sair", "leave", "darme de baja"), "privacy"),
    (words("red", "rede", "network"), ""),
)
_KNOWN = Vocabulary((name, n) for n, (known, _near) in enumerate(PLANNED_WORDS) for name in known)


def find_planned(line: str) -> tuple[str, str] | None:
    """Return the word as typed and the English name of a related command, or None."""
    found = _KNOWN.find(line)
    return (found[1], PLANNED_WORDS[found[0]][1]) if found else None
