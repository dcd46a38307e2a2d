"""Declaration of the questionnaires, their words and limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, NamedArgument, Topic, _, words
from commands.many_rooms.declaration import ROOMS_ARGUMENT

feature = Feature("questionnaires", Path(__file__).parent, needs=("embargo", "many_rooms"))

CLOSE_JOB = feature.job("close")
TELL_JOB = feature.job("tell")
REMIND_JOB = feature.job("remind")
SHRED_JOB = feature.job("shred")
ROOMS_JOB = feature.job("rooms")

KIND = "questionnaire"
QUESTIONNAIRES = Topic(
    "questionnaires",
    words("cuestionarios", "questionários", "questionnaires", "formularios | formulários | forms"),
    _("Questionnaires"),
)
EXAMPLE = _(
    'For example: `!questionnaire "Review" until in 3 days`, and under it a line for each question:'
    " `1. How was it? (1 to 5)`"
)

CLOSES = NamedArgument(
    words(
        "cierra",
        "encerra",
        "closes",
        "cierre, hasta, plazo, até, prazo, until, deadline",
    ),
    joined=("hasta", "até", "until", "cierra", "encerra", "closes"),
)
NAMED = NamedArgument(
    words(
        "con nombre",
        "com nome",
        "with names",
        "con nombres, con el nombre, nominal | com nomes, com o nome, nominal"
        " | with name, by name, named",
    ),
    flag=True,
)
UNNAMED = NamedArgument(
    words(
        "sin nombre",
        "sem nome",
        "without names",
        "sin nombres, anónimo, anónima | sem nomes, anônimo, anônima | no names, anonymous",
    ),
    flag=True,
)
ARGS = (CLOSES, NAMED, UNNAMED, ROOMS_ARGUMENT)

CLOSE_WORDS = words(
    "cerrar", "encerrar", "close", "cierra, terminar | fechar, encerra, terminar | end, finish"
)
RESULT_WORDS = words(
    "resultados", "resultados", "results", "resultado, cómo va | resultado, como está | result"
)
ROOM_WORDS = words("salas", "salas", "rooms", "por sala | por sala | by room")
WITHDRAW_WORDS = words(
    "retirar", "retirar", "withdraw", "borrar, quitar | apagar, tirar | delete, remove"
)
SKIP_WORDS = words(
    "saltar",
    "pular",
    "skip",
    "salta, sáltala, siguiente, paso, no contesto | pula, próxima, passo, não respondo"
    " | next, pass, no answer",
)
BACK_WORDS = words(
    "atrás", "voltar", "back", "volver, anterior | volta, anterior | go back, previous"
)

DEFAULT_LENGTH = timedelta(days=14)
"""How long a questionnaire is open if nobody says until when."""
FURTHEST_END = timedelta(days=366)
NAMES_KEPT = timedelta(days=90)
"""How long answers with names are kept after the close."""
PATIENCE = timedelta(days=7)
"""How long a question waits. The answers stay until the close."""
REMIND_BEFORE = timedelta(days=1)
LATE_AFTER = timedelta(minutes=5)
LEAST = 5
"""Answers below which nothing is shown, as with secret ballots (docs/decisions/0023)."""
MOST_QUESTIONS = 30
MOST_OPTIONS = 12
LONGEST_QUESTION = 300
LONGEST_TITLE = 120
LONGEST_ANSWER = 1000
MOST_OPEN = 5
"""Open questionnaires of a room."""
PAGE_SIZE = 200
"""How many people one transaction writes to. The next job writes to the next ones."""
