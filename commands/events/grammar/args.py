"""The named fields of an event line (`lugar:`, `cupo:`, `cada:`, `dura:` …) and their readers."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import Arg, Missing, UserError, _, dates, words

DATE = Arg(words("fecha", "data", "date", "cuándo, quando, when, día, dia, day"))
PLACE = Arg(
    words("lugar", "local", "place", "dónde, onde, where, dirección, endereço, address, ubicación")
)
LINK = Arg(words("enlace", "link", "link", "liga, url, zoom, jitsi"))
SEATS = Arg(words("cupo", "vagas", "seats", "cupos, vaga, seat, lugares, plazas"))
EVERY = Arg(words("cada", "cada", "every", "repite, repete, repeats, se repite"))
UNTIL = Arg(words("hasta", "até", "until", "termina, ends"))
TIMES = Arg(words("veces", "vezes", "times"))
BUT = Arg(words("menos", "exceto", "except", "excepto, salvo"))
LASTS = Arg(words("dura", "dura", "lasts", "duración, duração, duration"))
REMIND = Arg(words("avisa", "avisa", "remind", "avisos, lembra, reminders, recuerda"))
ABOUT = Arg(words("descripción", "descrição", "about", "description, detalles, detalhes, details"))
TITLE = Arg(words("título", "título", "title", "nombre, nome, name"))
ZONE = Arg(words("zona", "fuso", "timezone", "huso, tz"))
GUESTS = Arg(words("acompañantes", "acompanhantes", "guests", "invitados, convidados"))
SHIFTS = Arg(words("turnos", "turnos", "shifts"))
ARGS = (
    DATE,
    PLACE,
    LINK,
    SEATS,
    EVERY,
    UNTIL,
    TIMES,
    BUT,
    LASTS,
    REMIND,
    ABOUT,
    TITLE,
    ZONE,
    GUESTS,
    SHIFTS,
)
MOST_SEATS = 100_000
MOST_GUESTS = 20
MOST_TIMES = 400
LONGEST_TITLE, LONGEST_PLACE, LONGEST_LINK, LONGEST_ABOUT = 200, 300, 500, 4000
LASTS_MOST = timedelta(days=31)
REMINDS_MOST = 5
REMIND_FARTHEST = timedelta(days=60)
NONE = frozenset({"no", "nao", "não", "none", "sin", "sem", "off", "nunca", "never"})
_NO_LIMIT = frozenset({"sin limite", "sin límite", "sem limite", "no limit", "todas", "libre"})


def title(typed: str) -> str:
    """Return the title on one line. Raises `UserError` if it is too long."""
    return _bounded(" ".join(typed.split()), LONGEST_TITLE)


def place(typed: str) -> str:
    """Return the place on one line. Raises `UserError` if it is too long."""
    return _bounded(" ".join(typed.split()), LONGEST_PLACE)


def about(typed: str) -> str:
    """Return the description. Raises `UserError` if it is too long."""
    return _bounded(typed.strip(), LONGEST_ABOUT)


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise UserError(
            _("That is too long: {count} letters at most. It begins “{words}”.",
              count=most, words=text[:40])
        )  # fmt: skip
    return text


def link(typed: str) -> str:
    """Return the web, `geo:` or `matrix:` address, completing `meet.jit.si/x`.

    Raises `UserError` for anything else.
    """
    text = typed.strip().strip("<>")
    if re.fullmatch(r"[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}/\S*", text):
        text = f"https://{text}"
    if not re.fullmatch(r"(?:https?|geo|matrix):\S+", text, re.IGNORECASE):
        raise UserError(
            _("I didn't understand “{words}” as a link.", words=text[:60]),
            _("For example: `link:https://meet.jit.si/radio`"),
        )
    return _bounded(text, LONGEST_LINK)


def seats(typed: str) -> int | None:
    """Return the number of seats, or None for no limit. Raises `UserError`."""
    text = typed.strip().casefold()
    if text in NONE or text in _NO_LIMIT:
        return None
    found = re.match(r"(\d{1,9})(?: ?(?:personas|pessoas|people|cupos|vagas|seats))?$", text)
    if found is None or not 1 <= int(found[1]) <= MOST_SEATS:
        raise UserError(
            _("How many seats? A number from 1 on, or `no` for as many as like."),
            _("For example: `seats:10`"),
        )
    return int(found[1])


def guests(typed: str) -> int:
    """Return how many people one person may bring. Raises `UserError`."""
    text = typed.strip().casefold().lstrip("+")
    if text in NONE:
        return 0
    if not re.fullmatch(r"\d{1,3}", text) or int(text) > MOST_GUESTS:
        raise UserError(
            _("How many people may one person bring? From 0 to {most}: `guests:1`",
              most=MOST_GUESTS)
        )  # fmt: skip
    return int(text)


def times(typed: str) -> int:
    """Return how many times a series takes place. Raises `UserError`."""
    text = typed.strip()
    if not re.fullmatch(r"\d{1,4}", text) or not 1 <= int(text) <= MOST_TIMES:
        raise UserError(_("How many times? From 1 to {most}: `times:10`", most=MOST_TIMES))
    return int(text)


def lasts(typed: str) -> timedelta:
    """Return how long an event lasts. Raises `UserError`."""
    found = dates.duration(typed)
    if found is None or found > LASTS_MOST:
        raise UserError(
            _("I didn't understand “{words}” as how long it lasts.", words=typed[:60]),
            _("For example: `lasts:2h` or `lasts:90 min`"),
        )
    return found


def remind(typed: str) -> tuple[timedelta, ...]:
    """Return the times before the event, the longest first; none for `no`. Raises `UserError`."""
    if typed.strip().casefold() in NONE:
        return ()
    found = [dates.duration(part) for part in re.split(r",| y | e | and ", typed) if part.strip()]
    lengths = [length for length in found if length is not None and length <= REMIND_FARTHEST]
    if not lengths or len(lengths) < len(found) or len(lengths) > REMINDS_MOST:
        raise UserError(
            _("I didn't understand “{words}” as how long before to remind.", words=typed[:60]),
            _("For example: `remind:1 day, 1 hour`, or `remind:no`"),
        )
    return tuple(sorted(set(lengths), reverse=True))


def zone(typed: str) -> str:
    """Return the IANA name of a time zone or city. Raises `UserError` if unknown or ambiguous."""
    found = dates.zone_named(typed)
    if isinstance(found, tuple):
        raise UserError(
            _("There are several places called “{words}”: {zones}", words=typed[:60],
              zones=tuple(_("`{word}`", word=name) for name in found[:6]))
        )  # fmt: skip
    if found is None:
        raise UserError(
            _("I know no time zone “{words}”.", words=typed[:60]),
            _("A city or a zone, for example `timezone:Bogotá` or `timezone:America/Sao_Paulo`"),
        )
    return found


def unknown(name: str) -> UserError:
    """Return the error for a word before a colon that is no field of an event."""
    return UserError(
        _("An event has no “{name}:”.", name=name),
        _("What can follow: {settings}",
          settings=tuple(_("`{word}:`", word=arg.name) for arg in ARGS)),
        _("If it belongs to the title, put the title into quotes."),
    )  # fmt: skip


def need(what: str) -> Missing:
    """Return the error for a missing `title` or `when`. In private the bot then asks for it."""
    if what == "title":
        return Missing("title", _("what the event is called"))
    return Missing("when", _("the date and the hour"))
