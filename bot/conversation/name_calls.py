"""Tells a call to the bot by its name (`minga, qué hay`) from talk about a minga. Pure.

In the Andes a minga is work that a neighbourhood does together: `minga del sábado` is talk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import distress
from bot.capability.authority.typed_forms import CommandPlace
from bot.capability.registry import MAKEABLE, Registry
from bot.conversation import small_talk
from bot.distress import HelpKind
from bot.distress.common_words import WAS_FALSE_ALARM
from bot.text import direct_speech, spoken
from bot.text.normalisation import fold, fold_in_place
from bot.types import UserId

ASKED_BY_NAME = frozenset(
    {
        *("help", "events", "pending", "rules", "privacy", "who-decides", "status", "decisions"),
        *("tasks", "results", "resources", "my-data", "reminders", "directory"),
        *("permissions", "config", "log", "news", "announcements"),
    }
)
"""Commands, by English name, that only show something: the name needs no comma before them."""
SETTING_UP = frozenset({"config", "rules", "welcome", "make-moderator", "remove", "area"})
"""Commands, by English name, with which moderators set a room up."""
_TIMES = re.compile(
    r"(?:(?:de |do |da |para |of |for )?(?:est[ae]|ess[ae]|hoy|hoje|today|manana|amanha|tomorrow|"
    r"semana|mes|month|week|this|next|proxim[ao]|ahora|agora|now|dia|finde)\b[\s?!.,]*)+"
)
_TAKES_BACK = re.compile(
    rf"\W*(?:{WAS_FALSE_ALARM}|cancel|cancelar|cancela (?:la alarma|o alarme))\W*"
)
_NUMBERED = re.compile(r"#?\d{1,9}\b")
BALLOTS = frozenset({"poll", "proposal", "when"})
_QUESTION_BEFORE = re.compile(r"[¿¡]?\w[^?\n]*\?|[^:\n]{1,200}:")
_BETWEEN_OPTIONS = re.compile(r"[,/|\n]")


@dataclass(frozen=True, slots=True)
class NameCall:
    """A line that begins with the bot's name. `rest`: what follows. `is_spoken_to`: a greeting
    stood before the name, or a comma behind it. `is_heading`: a colon or a stop stands behind it.
    """

    rest: str
    is_spoken_to: bool
    is_heading: bool = False
    has_comma: bool = False


def split_name(text: str, me: UserId, called: str) -> NameCall | None:
    """Return what follows the bot's name at the beginning of a line, or None if it does not begin
    so."""
    names = _names(me, called)
    bare = spoken.without_greeting(text)
    found = re.match(rf"[¡¿]?@?(?:{names})(?![\w-])\s*(?P<mark>[,?!.:]*)\s*", fold_in_place(bare))
    if found is None:
        return None
    rest, mark = bare[found.end() :].strip(), found["mark"]
    greeted = bare is not text and bare != text
    spoken_to = greeted or "," in mark or ("?" in mark and not rest)
    heading = ":" in mark or ("." in mark and not greeted)
    return NameCall(rest, spoken_to, heading, has_comma="," in mark)


def cut_name_behind(text: str, me: UserId, called: str) -> str | None:
    """Return the line without the bot's name at its end (`ayuda urgente minga`), or None if it does
    not end so."""
    before = r"(?<!\bla)(?<!\buna)(?<!\ba)(?<!\bda)(?<!\bna)(?<!\buma)(?<!\bde)(?<!\bdel)"
    found = re.search(rf"{before}[\s,]+@?(?:{_names(me, called)})[\s!.?]*$", fold_in_place(text))
    return text[: found.start()] if found else None


def _names(me: UserId, called: str) -> str:
    """Return a pattern of what people call the bot."""
    return "|".join(re.escape(fold_in_place(n)) for n in (called, me[1:].split(":", 1)[0]) if n)


def is_asked_of_bot(registry: Registry, said: str) -> bool:
    """Return whether what stands before the bot's name is a command that is asked of it."""
    asks = (
        *(spoken.is_asked_for, direct_speech.is_request_or_first_person),
        *(direct_speech.is_order, direct_speech.is_question),
    )
    return any(ask(said) for ask in asks) and registry.find_command(said) is not None


def is_cry_beside_name(call: NameCall) -> bool:
    """Return whether a cry follows the name without a comma, and is one for certain: `minga
    socorro`."""
    named = call.is_spoken_to or call.is_heading
    return not named and distress.find_spoken_call(call.rest) is HelpKind.DANGER


def is_call(registry: Registry, call: NameCall) -> bool:
    """Return whether the line calls the bot by its name, and does not speak of a minga (a day of
    shared work)."""
    if not re.search(r"\w", call.rest):
        return call.is_spoken_to
    greets = small_talk.is_greeting(call.rest) or (
        call.is_spoken_to and small_talk.begins_with_greeting(call.rest)
    )
    thanks_all = direct_speech.thanks_all(call.rest)
    if greets and not thanks_all:
        return True  # `minga, buenas`, `oi minga tudo bem como funciona`
    told = call.is_spoken_to or (not call.is_heading and distress.is_of_oneself(call.rest))
    door = distress.find_help_kind(call.rest) if told else None
    if door is HelpKind.DANGER or (door is HelpKind.UNSURE and call.is_spoken_to):
        return True  # `minga, me están siguiendo`, `minga, no hay salida, ayuda`
    if not call.is_heading and direct_speech.is_unmistakable(call.rest):
        return True  # `minga who's in this room`
    if not call.is_heading and distress.asks_to_clear(call.rest):
        return True  # `minga borra todo`
    if _TAKES_BACK.fullmatch(fold(call.rest)) or (
        call.is_spoken_to and distress.sounds_over(call.rest)
    ):
        return True  # `minga falsa alarma`, of a call for help
    addressed = call.is_spoken_to or (not call.is_heading and direct_speech.is_order(call.rest))
    if addressed and (
        direct_speech.names_by_number(call.rest) or distress.is_about_traces(call.rest)
    ):
        return True  # `minga apaga a enquete 1`, `minga, lamentablemente no podré ir al evento 1`
    found = registry.find_command(call.rest)
    said = direct_speech.is_request_or_first_person(call.rest)
    if found is None:
        told = direct_speech.is_order(call.rest) or direct_speech.is_forbidding(call.rest)
        asked = direct_speech.is_question(call.rest) and re.search(r"[?¿]", call.rest) is not None
        if call.is_spoken_to and (told or asked):
            return True  # `minga, no canceles el 2`, `minga, ¿cuándo cierra?`
        one = len(call.rest.split()) == 1
        near = call.is_spoken_to and one and registry.nearest_command(call.rest, "es") is not None
        tells = thanks_all or direct_speech.tells_of_gathering(call.rest)
        meant = call.has_comma and not (tells and door is None)
        return (said and not call.is_heading) or near or meant
    command, _words, rest = found
    sets_up = command.name.en in SETTING_UP and registry.is_own_words(call.rest)
    if sets_up and rest and not call.is_spoken_to:
        return False  # `minga saca a dora`: see `is_set_up_line`
    made = command.name.en in MAKEABLE and spoken.is_asked_for(call.rest)
    if call.is_spoken_to or said or made or direct_speech.is_order(call.rest):
        return True  # `minga, tareas`, `minga cierra la votación`
    if direct_speech.is_question(call.rest) and command.name.en not in MAKEABLE:
        return True  # `minga qué hay el sábado`
    if command.where is CommandPlace.PRIVATE and command.name.en not in ASKED_BY_NAME:
        return False
    if _NUMBERED.match(rest):
        return True  # `minga voy 57`
    if command.name.en in BALLOTS and _asks_with_options(rest):
        return True  # `minga encuesta ¿cuándo? miércoles, jueves`
    shown = command.name.en in ASKED_BY_NAME
    return shown and (not rest.strip(" ?!.") or _TIMES.fullmatch(fold(rest)) is not None)


def is_set_up_line(registry: Registry, call: NameCall) -> bool:
    """Return whether a line without a comma would set the room up if a moderator said it: `minga
    configurar plantilla asamblea`, `minga que bea también modere`."""
    found = None if call.is_heading else registry.find_command(call.rest)
    if found is None or found[0].name.en not in SETTING_UP:
        return False
    command, _typed, rest = found
    first = rest.split(maxsplit=1)[0] if rest.strip() else ""
    return (
        registry.is_own_words(call.rest)
        or command.subs.find(rest) is not None
        or (command.name.en == "config" and registry.setting_named(first) is not None)
    )


def _asks_with_options(rest: str) -> bool:
    """Return whether a question and several options follow a word for a vote. A question before a
    colon begins as questions do, as `consulta médica: …` has a list, too."""
    found = _QUESTION_BEFORE.match(rest)
    if found is None:
        return False
    options = _BETWEEN_OPTIONS.split(rest[found.end() :])
    if sum(re.search(r"\w", option) is not None for option in options) < 2:
        return False
    return found[0].endswith("?") or direct_speech.is_question(rest)
