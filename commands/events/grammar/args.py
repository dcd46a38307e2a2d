"""The named fields of an event line (`lugar:`, `cupo:`, `cada:`, `dura:` …) and their readers."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.api import MissingArgument, NamedArgument, UserError, _, dates, words
from commands.many_rooms.declaration import ROOMS_ARGUMENT

DATE = NamedArgument(words("fecha", "data", "date", "cuándo, quando, when, día, dia, day"))
PLACE = NamedArgument(
    words("lugar", "local", "place", "dónde, onde, where, dirección, endereço, address, ubicación")
)
LINK = NamedArgument(words("enlace", "link", "link", "liga, url, zoom, jitsi"))
SEATS = NamedArgument(words("cupo", "vagas", "seats", "cupos, vaga, seat, lugares, plazas"))
EVERY = NamedArgument(words("cada", "cada", "every", "repite, repete, repeats, se repite"))
UNTIL = NamedArgument(words("hasta", "até", "until", "termina, ends"))
TIMES = NamedArgument(words("veces", "vezes", "times"))
BUT = NamedArgument(words("menos", "exceto", "except", "excepto, salvo"))
LASTS = NamedArgument(words("dura", "dura", "lasts", "duración, duração, duration"))
REMIND = NamedArgument(words("avisa", "avisa", "remind", "avisos, lembra, reminders, recuerda"))
ABOUT = NamedArgument(
    words("descripción", "descrição", "about", "description, detalles, detalhes, details")
)
TITLE = NamedArgument(words("título", "título", "title", "nombre, nome, name"))
ZONE = NamedArgument(words("zona", "fuso", "timezone", "huso, tz"))
GUESTS = NamedArgument(words("acompañantes", "acompanhantes", "guests", "invitados, convidados"))
SHIFTS = NamedArgument(words("turnos", "turnos", "shifts"))
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
WITH_ROOMS = (*ARGS, ROOMS_ARGUMENT)
"""In a line that is typed, and not in a reply, rooms can be named too."""
MOST_SEATS = 100_000
MOST_GUESTS = 20
MOST_TIMES = 400
LONGEST_TITLE, LONGEST_PLACE, LONGEST_LINK, LONGEST_ABOUT = 200, 300, 500, 4000
LONGEST_LENGTH = timedelta(days=31)
MOST_REMINDERS = 5
FARTHEST_REMINDER = timedelta(days=60)
NO_WORDS = frozenset({"no", "nao", "não", "none", "sin", "sem", "off", "nunca", "never"})
_NO_LIMIT_WORDS = frozenset(
    {"sin limite", "sin límite", "sem limite", "no limit", "todas", "libre"}
)


def read_title(typed: str) -> str:
    """Return an event's title on one line. Raises `UserError` if it is too long."""
    return _check_length(" ".join(typed.split()), LONGEST_TITLE)


def read_place(typed: str) -> str:
    """Return an event's place on one line. Raises `UserError` if it is too long."""
    return _check_length(" ".join(typed.split()), LONGEST_PLACE)


def read_description(typed: str) -> str:
    """Return an event's description. Raises `UserError` if it is too long."""
    return _check_length(typed.strip(), LONGEST_ABOUT)


def _check_length(text: str, most: int) -> str:
    if len(text) > most:
        raise UserError(
            _(
                "That is too long: {count} letters at most. It begins “{words}”.",
                count=most,
                words=text[:40],
            )
        )
    return text


def read_link(typed: str) -> str:
    """Return the web, `geo:` or `matrix:` address typed for an event, completing `meet.jit.si/x`.

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
    return _check_length(text, LONGEST_LINK)


def read_seats(typed: str) -> int | None:
    """Return the typed number of places at an event, or None for no limit. Raises `UserError` for
    anything else."""
    text = typed.strip().casefold()
    if text in NO_WORDS or text in _NO_LIMIT_WORDS:
        return None
    found = re.match(r"(\d{1,9})(?: ?(?:personas|pessoas|people|cupos|vagas|seats))?$", text)
    if found is None or not 1 <= int(found[1]) <= MOST_SEATS:
        raise UserError(
            _("How many seats? A number from 1 on, or `no` for as many as like."),
            _("For example: `seats:10`"),
        )
    return int(found[1])


def read_guests(typed: str) -> int:
    """Return how many guests one person may bring to an event. Raises `UserError` for anything but
    a number in the limits."""
    text = typed.strip().casefold().lstrip("+")
    if text in NO_WORDS:
        return 0
    if not re.fullmatch(r"\d{1,3}", text) or int(text) > MOST_GUESTS:
        raise UserError(
            _(
                "How many people may one person bring? From 0 to {most}: `guests:1`",
                most=MOST_GUESTS,
            )
        )
    return int(text)


def read_times(typed: str) -> int:
    """Return how many times an event series takes place. Raises `UserError` for anything but a
    number in the limits."""
    text = typed.strip()
    if not re.fullmatch(r"\d{1,4}", text) or not 1 <= int(text) <= MOST_TIMES:
        raise UserError(_("How many times? From 1 to {most}: `times:10`", most=MOST_TIMES))
    return int(text)


def read_length(typed: str) -> timedelta:
    """Return how long an event lasts, as typed. Raises `UserError` for what is no length of
    time."""
    found = dates.read_duration(typed)
    if found is None or found > LONGEST_LENGTH:
        raise UserError(
            _("I didn't understand “{words}” as how long it lasts.", words=typed[:60]),
            _("For example: `lasts:2h` or `lasts:90 min`"),
        )
    return found


def read_reminders(typed: str) -> tuple[timedelta, ...]:
    """Return the typed lengths of time before an event, the longest first; none for `no`. Raises
    `UserError` for what is no length of time."""
    if typed.strip().casefold() in NO_WORDS:
        return ()
    found = [
        dates.read_duration(part) for part in re.split(r",| y | e | and ", typed) if part.strip()
    ]
    lengths = [length for length in found if length is not None and length <= FARTHEST_REMINDER]
    if not lengths or len(lengths) < len(found) or len(lengths) > MOST_REMINDERS:
        raise UserError(
            _("I didn't understand “{words}” as how long before to remind.", words=typed[:60]),
            _("For example: `remind:1 day, 1 hour`, or `remind:no`"),
        )
    return tuple(sorted(set(lengths), reverse=True))


def read_zone(typed: str) -> str:
    """Return the IANA name of a time zone or city. Raises `UserError` if unknown or ambiguous."""
    found = dates.find_zone(typed)
    if isinstance(found, tuple):
        raise UserError(
            _(
                "There are several places called “{words}”: {zones}",
                words=typed[:60],
                zones=tuple(_("`{word}`", word=name) for name in found[:6]),
            )
        )
    if found is None:
        raise UserError(
            _("I know no time zone “{words}”.", words=typed[:60]),
            _("A city or a zone, for example `timezone:Bogotá` or `timezone:America/Sao_Paulo`"),
        )
    return found


def unknown_field(name: str) -> UserError:
    """Return the error for a word before a colon that is no field of an event."""
    return UserError(
        _("An event has no “{name}:”.", name=name),
        _(
            "What can follow: {settings}",
            settings=tuple(_("`{word}:`", word=arg.name) for arg in WITH_ROOMS),
        ),
        _("If it belongs to the title, put the title into quotes."),
    )


def missing_field(what: str) -> MissingArgument:
    """Return the error for a missing `title` or `when` of an event. In private the bot then asks
    for it."""
    if what == "title":
        return MissingArgument("title", _("what the event is called"))
    return MissingArgument("when", _("the date and the hour"))
