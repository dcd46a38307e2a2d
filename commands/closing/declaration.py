"""Declare the closing capability: rooms whose work is done are archived, told and left."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, NamedArgument, _, words

feature = Feature("closing", Path(__file__).parent, needs=("library", "rooms", "teams"))

CLOSE_JOB = feature.job("close")
REMIND_JOB = feature.job("remind")

KIND = "closing"
ACT = "close-room"
OBJECTION_TIME = timedelta(days=7)
"""Four days in which the room can ask for a vote on it, which lasts three."""
REMIND_BEFORE = timedelta(days=1)
WAIT_FOR_VOTES = timedelta(days=1)
"""How long the closing is put off while something is being decided, each time."""
KEEP_ARGUMENT = NamedArgument(
    words(
        "guardar",
        "guardar",
        "keep",
        "en, archivo, archivar, biblioteca | em, arquivo, arquivar, biblioteca"
        " | in, archive, library",
    )
)
"""`guardar: Plenaria`: the room whose library takes what is kept."""
CLOSE_ROOM = words(
    "cerrar-sala",
    "encerrar-sala",
    "close-room",
    "cerrar la sala, cerrar esta sala, archivar sala, archivar la sala, archivar esta sala"
    " | fechar sala, fechar a sala, fechar esta sala, encerrar a sala, encerrar esta sala,"
    " arquivar sala, arquivar a sala"
    " | close the room, close this room, archive room, archive the room, archive this room",
)
EXAMPLE = _("For example: `!close-room keep: Plenary`")
