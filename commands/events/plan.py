"""From the line that makes an event to what it says. Pure: what is doubtful is asked by others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.api import Arg, Parts, dates, words

DATE = Arg(words("fecha", "data", "date"))
PLACE = Arg(words("lugar", "local", "place"))
LINK = Arg(words("enlace", "link", "link", "liga, url"))
SEATS = Arg(words("cupo", "vagas", "seats", "cupos, vaga, seat"))
EVERY = Arg(words("cada", "cada", "every"))
LASTS = Arg(words("dura", "dura", "lasts", "duración, duração, duration"))
REMIND = Arg(words("avisa", "avisa", "remind", "avisos, lembra, reminders"))
ABOUT = Arg(words("descripción", "descrição", "about", "description, detalles, detalhes, details"))
ARGS = (DATE, PLACE, LINK, SEATS, EVERY, LASTS, REMIND, ABOUT)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as it was typed. `when` is none where no date was found."""

    title: str
    when: dates.Reading | dates.Recurrence | dates.DoubtfulSeries | None
    phrase: str


def read(parts: Parts, now: datetime, zone: str) -> Draft:
    """Title and date apart: what is quoted is the title, else what the date leaves."""
    phrase = parts.named.get(DATE.key)
    if phrase is not None:
        title = " ".join((*parts.quoted, parts.free)).strip()
        series = dates.recurrence(phrase, now, zone)
        if not isinstance(series, dates.Unreadable):
            return Draft(title, series, phrase)
        return Draft(title, dates.read(phrase, now, zone), phrase)
    series_found = dates.find_series(parts.free, now, zone)
    found = series_found or dates.find(parts.free, now, zone)
    if found is None:
        return Draft(" ".join((*parts.quoted, parts.free)).strip(), None, "")
    title = " ".join((*parts.quoted, found.rest)).strip()
    return Draft(title, found.reading, found.phrase)
