"""Parse the line behind `!profile` into a request. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.api import Words, fold, words
from commands.profile.profile_parts import PARTS, SEEN, Part, Seen, named


class Verb(StrEnum):
    LOOK = "look"
    WRITE = "write"
    SHOW = "show"
    HIDE = "hide"
    REMOVE = "remove"
    GREET = "greet"
    STEPS = "steps"
    UNKNOWN = "unknown"


VERBS: Mapping[Verb, Words] = {
    Verb.SHOW: words(
        "mostrar", "mostrar", "show", "muestra, enseñar, ver | mostra, exibir | visible"
    ),
    Verb.HIDE: words("ocultar", "esconder", "hide", "oculta | esconde"),
    Verb.REMOVE: words(
        "quitar", "tirar", "remove", "borrar, eliminar, sacar | apagar, remover | delete, erase"
    ),
    Verb.GREET: words("saludo", "saudação", "greeting", "saludar | saudar, cumprimentar | greet"),
    Verb.STEPS: words(
        "paso a paso",
        "passo a passo",
        "step by step",
        "pasos, empezar, llenar | passos, começar, preencher | steps, start, fill",
    ),
}
ALL = words("todo", "tudo", "all", "todos, todas | everything")
_GONE = frozenset(("quitar", "borrar", "tirar", "apagar", "remove", "delete", "no", "nao", "-"))
_MY = re.compile(r"(?:mi|mis|el|la|los|meu|minha|meus|minhas|my|the)\s+", re.IGNORECASE)
_IS = re.compile(r"[:=]\s*|(?:es|son|é|são|is|are)\s+", re.IGNORECASE)
_HIDES = frozenset(("nadie", "ninguem", "nobody"))
_FOR = re.compile(
    r"(?:visible|visivel|vista|lo ven?|que lo vean?|quem ve|seen by)?\s*:?\s*"
    r"(?:(?:para|pra|for|to|a)\s+)?"
)
_THE = re.compile(r"(?:la|las|los|el|a|as|o|os|the)\s+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants.

    `whole`: all parts; `value`: as typed; `seen`: who may see it, if given.
    """

    verb: Verb
    part: Part | None = None
    value: str = ""
    seen: Seen | None = None
    whole: bool = False


def read(text: str) -> Wish:
    """Return what the line asks for.

    A part without a value is to be written, and its value asked for.
    """
    text = text.replace('"', "").strip()
    if not text:
        return Wish(Verb.LOOK)
    if (verb := named(VERBS, text)) is not None:
        return _act(*verb)
    if (part := named(PARTS, _without(_MY, text))) is not None:
        return _of_part(*part)
    return Wish(Verb.UNKNOWN, value=text)


def _act(verb: Verb, rest: str) -> Wish:
    rest = rest.lstrip(": ")
    if verb is Verb.HIDE:
        wish = _act(Verb.REMOVE, rest)
        return Wish(Verb.SHOW, wish.part, wish.value, Seen.NOBODY, wish.whole)
    if verb is Verb.SHOW and not rest:
        return Wish(Verb.LOOK)
    if (whole := named({True: ALL}, rest)) is not None:
        return Wish(verb, None, whole[1], _seen(whole[1]), whole=True)
    part = named(PARTS, _without(_MY, rest))
    if part is None:
        return Wish(verb, None, rest, _seen(rest))
    return Wish(verb, part[0], part[1], _seen(part[1]))


def _of_part(part: Part, rest: str) -> Wish:
    if part is not Part.LANGUAGES or rest[:1] in (":", "="):  # `es` is a language too
        rest = _without(_IS, rest)
    if fold(rest) in _GONE:
        return Wish(Verb.REMOVE, part)
    told = _FOR.match(fold(rest))
    plainly = (told and told[0].strip()) or " " in rest or fold(rest) in _HIDES
    if plainly and (seen := _seen(rest)) is not None:  # `lugar nadie` sets who sees the place
        return Wish(Verb.SHOW, part, rest, seen)
    return Wish(Verb.WRITE, part, rest)


def _seen(text: str) -> Seen | None:
    """Return the visibility if the text is nothing else, as `para mis salas`."""
    text = _without(_FOR, fold(text).strip(" :."))
    for said in (text, _without(_THE, text)):
        found = named(SEEN, said)
        if found is not None and not found[1].strip(" ."):
            return found[0]
    return None


def _without(beginning: re.Pattern[str], text: str) -> str:
    match = beginning.match(text)
    return text[match.end() :] if match else text
