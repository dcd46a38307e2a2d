"""Lines that people would type, each in its scene, and what the bot's answer is worth."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.testing.talk import PostedEvent, Talk

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = ("es", "pt")
SCENES = {
    "none": (),
    "poll": ('bea: !encuesta "¿Dónde nos vemos el sábado?" "Parque" "Biblioteca" "Zoom"',),
    "proposal": ('bea: !propuesta "Firmamos la carta" tipo:consentimiento',),
    "event": ('ana: !evento "Taller" en 2 días 19h',),
    "task": (
        "ana: !reunion empezar",
        "ana: tarea: @bea imprimir el cartel en 2 días",
        "ana: !reunion cerrar",
    ),
    "loan": ('ana: !presto "proyector" a @bea:test hasta en 2 días',),
    "meeting": ("ana: !reunion empezar Asamblea",),
    "checkin": ("bea> regreso en 3 horas @carla:test", "carla> sí"),
    "alarm": ("bea> pánico avisar @ana:test", "ana> sí", "bea> pánico", "bea> sí"),
}
"""What was said before: `name: text` in the room, `name> text` in private."""
SECOND_NUMBERS = frozenset({"task", "loan"})
"""Scenes in which the meeting, or the thing, has the first number."""

UNDERSTOOD = {
    "help": r"Preguntar a la sala|Perguntar à sala|Aquí no hace falta el signo|Aqui não precisa"
    r"|Si hay peligro: escribe|Se há perigo: escreva|Aquí puedes:|Aqui dá para:|Hola\. Aquí"
    r"|Oi\. Aqui",
    "hello": r"^(Hola|Oi)\b",
    "thanks": r"Con gusto|De nada",
    "events": r"nada previsto|Nada previsto|não há nada previsto",
    "poll": r"(Encuesta|Enquete) 1:",
    "proposal": r"(Propuesta|Proposta) 1:",
    "dates": r"(Encuesta|Enquete) 1: Reuni",
    "vote": r"Anotado: (Parque|Biblioteca|Zoom|a favor|en contra|contra|absten|bloqueo|bloqueio)",
    "results": r"(Encuesta|Enquete) 1: [^\n]*\n(?:[^\n]*\n)?Parque: 0",
    "close": r"cerró y nadie votó|encerrada, ninguém votou",
    "extend": r"da más tiempo|dá mais prazo|Cuál de estas fechas|Qual destas datas",
    "pending": r"(Encuesta|Enquete) 1|nada abierto|nada aberto",
    "event": r"Evento 1: ",
    "going": r"Anotado: (?:vas|você vai) a",
    "notgoing": r"Anotado: (?:no vas|você não vai) a",
    "maybe": r"Anotado: (?:tal vez vas|talvez você vá) a",
    "who": r"Nadie ha dicho todavía que va|Ninguém disse ainda que vai",
    "move": r"movió el evento 1|remarcou o evento 1|(?:Cambió|Mudou) [“\"]Taller",
    "cancel": r"(?:[Cc]ancel)[^\n]*evento 1",
    "time": r"[“\"]Taller[”\"] \(1\)",
    "remind": r"(Recordatorio|Lembrete) 1:|Cuál de estas fechas|Qual destas datas",
    "announce": r"Un aviso o un recordatorio|Um aviso ou um lembrete|Aviso 1:",
    "need": r"Pedido [12]:|Publico (?:en|na) (?:la )?sala",
    "offer": r"Oferta [12]:|Publico (?:en|na) (?:la )?sala",
    "find": r"No encuentro nada así|Não encontro nada assim",
    "library": r"todavía no hay nada guardado|ainda não há nada guardado",
    "lend": r"(Préstamo|Empréstimo) 2:",
    "returned": r"Anotado: “proyector” (volvió|voltou)",
    "done": r"(Hecha|Feita): tarea? ?2|(Hecha|Feita): tarefa 2",
    "tasks": r"2: “imprimir el cartel”",
    "meeting": r"(Empieza la reunión|Começa a reunião|A reunião 1 começa)",
    "hand": r"te toca hablar|tu turno es|[Ss]ua vez (?:de falar )?é",
    "minutes": r"todavía no se decidió|ainda não se decidiu|(?:Aquí|Aqui) [^\n]*decidi",
    "danger": r"Aviso ya a tu gente|Aviso já a sua gente|Estoy avisando|Estou avisando",
    "care": r"[Pp]aso lo que escribiste|Repasso o que você escreveu|incidente 1",
    "back": r"Ya regresaste y estás bien|voltou e está bem|Qué bueno que|Que bom que",
    "take": r"respondes al aviso|respondes a la llamada|você responde|Anotado:",
    "settings": r"ajustes de esta sala|configurações desta sala|De agora em diante|Desde ahora"
    r"|^(?:Ajustes|Configurações)|!configurar",
    "mydata": r"todo lo que guardo de ti|tudo o que guardo de você",
    "forget": r"Voy a borrar todo|Vou apagar tudo",
    "mistake": r"sala de práctica|sala de prática",
    "door": r"Nadie está a una puerta|Nadie espera|Ninguém (?:está|espera)",
    "code": r"No existe el área|Não existe a área",
    "rules": r"todavía no escribió sus reglas|ainda não escreveu suas regras",
    "who-decides": r"Todo lo decide|Tudo é decidido|Quién puede hacer qué"
    r"|Quem pode fazer o quê|una persona de la moderación|uma pessoa da moderação",
    "privacy": r"Leo todos los mensajes|Leio todas as mensagens",
    "two": r"dos comandos en un mensaje|dois comandos numa mensagem",
}
"""The beginning of the right answer, in both languages."""
ASKED_BACK = (
    r"¿[^\n]*`!?s[ií]`|\?[^\n]*`!?sim`|`s[ií]m?` (?:o|ou) `n|Responde con|Responda com|Falta"
)
NEXT_STEP = r"`!?[^\W\d_]"


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One line. `best`: what a good answer does. `outcome`: what the answer is worth today."""

    language: str
    scene: str
    where: str
    who: str
    typing: str
    goal: str
    best: str
    outcome: str
    line: str


def typed_lines() -> Iterator[TypedLine]:
    """Yield all lines of both languages."""
    for language in LANGUAGES:
        with (DATA / f"lines_{language}.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield TypedLine(language, **row)


async def type_line(talk: Talk, one: TypedLine) -> str:
    """Set the scene, type the line, and return what everybody hears, or `✓` for a reaction."""
    before: list[PostedEvent] = []
    for said in SCENES[one.scene]:
        name, mark, text = re.split(r"([:>]) ", said, maxsplit=1)
        await (talk.tells if mark == ">" else talk.says)(name, text)
        before += await talk.sent()
    line = one.line.replace("{n}", "2" if one.scene in SECOND_NUMBERS else "1")
    spoken = [post for post in before if post.kind == "m.room.message"]
    if one.where == "private":
        await talk.tells(one.who, line)
    else:
        await talk.says(one.who, line, reply=spoken[0] if one.where == "reply" else None)
    sent = await talk.sent()
    heard = [post.plain for post in sent if post.kind == "m.room.message"]
    heard += ["✓" for post in sent if post.kind == "m.reaction"]
    return "\n".join(heard)


def outcome(one: TypedLine, heard: str) -> str:
    """Return what the answer is worth: understood, asked, next, silence or wrong."""
    if not heard:
        return "silence"
    if one.goal == "talk":
        return "wrong"
    if re.search(UNDERSTOOD[one.goal], heard, re.MULTILINE):
        return "understood"
    if any(re.search(pattern, heard) for goal, pattern in UNDERSTOOD.items() if goal in DEEDS):
        return "wrong"
    if re.search(ASKED_BACK, heard):
        return "asked"
    return "next" if re.search(NEXT_STEP, heard) else "wrong"


DEEDS = frozenset(
    {
        *("poll", "proposal", "vote", "close", "event", "going", "notgoing", "maybe", "move"),
        *("returned", "done", "meeting", "hand", "lend"),
    }
)
"""Goals that change something: no other line may come to them."""
