"""Parse the line behind `!profile` into a request. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.api import Words, fold, words
from commands.profile.profile_parts import (
    PART_NAMES,
    VISIBILITY_NAMES,
    ProfilePart,
    ProfileVisibility,
    find_named,
)


class ProfileVerb(StrEnum):
    """What a line about a profile asks for."""

    LOOK = "look"
    WRITE = "write"
    SHOW = "show"
    HIDE = "hide"
    REMOVE = "remove"
    GREET = "greet"
    STEPS = "steps"
    UNKNOWN = "unknown"


VERB_NAMES: Mapping[ProfileVerb, Words] = {
    ProfileVerb.SHOW: words(
        "mostrar", "mostrar", "show", "muestra, enseñar, ver | mostra, exibir | visible"
    ),
    ProfileVerb.HIDE: words("ocultar", "esconder", "hide", "oculta | esconde"),
    ProfileVerb.REMOVE: words(
        "quitar", "tirar", "remove", "borrar, eliminar, sacar | apagar, remover | delete, erase"
    ),
    ProfileVerb.GREET: words(
        "saludo", "saudação", "greeting", "saludar | saudar, cumprimentar | greet"
    ),
    ProfileVerb.STEPS: words(
        "paso a paso",
        "passo a passo",
        "step by step",
        "pasos, empezar, llenar | passos, começar, preencher | steps, start, fill",
    ),
}
ALL_WORDS = words("todo", "tudo", "all", "todos, todas | everything")
_REMOVE_WORDS = frozenset(
    ("quitar", "borrar", "tirar", "apagar", "remove", "delete", "no", "nao", "-")
)
_POSSESSIVE = re.compile(r"(?:mi|mis|el|la|los|meu|minha|meus|minhas|my|the)\s+", re.IGNORECASE)
_IS_PREFIX = re.compile(r"[:=]\s*|(?:es|son|é|são|is|are)\s+", re.IGNORECASE)
_NOBODY_WORDS = frozenset(("nadie", "ninguem", "nobody"))
_AUDIENCE_PREFIX = re.compile(
    r"(?:visible|visivel|vista|lo ven?|que lo vean?|quem ve|seen by)?\s*:?\s*"
    r"(?:(?:para|pra|for|to|a)\s+)?"
)
_ARTICLE = re.compile(r"(?:la|las|los|el|a|as|o|os|the)\s+")


@dataclass(frozen=True, slots=True)
class ProfileRequest:
    """What the person wants.

    `whole`: all parts; `value`: as typed; `seen`: who may see it, if given.
    """

    verb: ProfileVerb
    part: ProfilePart | None = None
    value: str = ""
    seen: ProfileVisibility | None = None
    whole: bool = False


def read_request(text: str) -> ProfileRequest:
    """Return what a line behind `!profile` asks for.

    A part without a value is to be written, and its value asked for.
    """
    text = text.replace('"', "").strip()
    if not text:
        return ProfileRequest(ProfileVerb.LOOK)
    if (verb := find_named(VERB_NAMES, text)) is not None:
        return read_verb(*verb)
    if (part := find_named(PART_NAMES, _strip_prefix(_POSSESSIVE, text))) is not None:
        return _read_part(*part)
    return ProfileRequest(ProfileVerb.UNKNOWN, value=text)


def read_verb(verb: ProfileVerb, rest: str) -> ProfileRequest:
    """Return what the words behind a verb (`show`, `hide`, …) of `!profile` ask for."""
    rest = rest.replace('"', "").lstrip(": ")
    if verb is ProfileVerb.HIDE:
        wish = read_verb(ProfileVerb.REMOVE, rest)
        return ProfileRequest(
            ProfileVerb.SHOW, wish.part, wish.value, ProfileVisibility.NOBODY, wish.whole
        )
    if verb is ProfileVerb.SHOW and not rest:
        return ProfileRequest(ProfileVerb.LOOK)
    if (whole := find_named({True: ALL_WORDS}, rest)) is not None:
        return ProfileRequest(verb, None, whole[1], _read_visibility(whole[1]), whole=True)
    part = find_named(PART_NAMES, _strip_prefix(_POSSESSIVE, rest))
    if part is None:
        return ProfileRequest(verb, None, rest, _read_visibility(rest))
    return ProfileRequest(verb, part[0], part[1], _read_visibility(part[1]))


def _read_part(part: ProfilePart, rest: str) -> ProfileRequest:
    if part is not ProfilePart.LANGUAGES or rest[:1] in (":", "="):  # `es` is a language too
        rest = _strip_prefix(_IS_PREFIX, rest)
    if fold(rest) in _REMOVE_WORDS:
        return ProfileRequest(ProfileVerb.REMOVE, part)
    told = _AUDIENCE_PREFIX.match(fold(rest))
    plainly = (told and told[0].strip()) or " " in rest or fold(rest) in _NOBODY_WORDS
    if (
        plainly and (seen := _read_visibility(rest)) is not None
    ):  # `lugar nadie` sets who sees the place
        return ProfileRequest(ProfileVerb.SHOW, part, rest, seen)
    return ProfileRequest(ProfileVerb.WRITE, part, rest)


def _read_visibility(text: str) -> ProfileVisibility | None:
    """Return the visibility if the text is nothing else, as `para mis salas`."""
    text = _strip_prefix(_AUDIENCE_PREFIX, fold(text).strip(" :."))
    for said in (text, _strip_prefix(_ARTICLE, text)):
        found = find_named(VISIBILITY_NAMES, said)
        if found is not None and not found[1].strip(" ."):
            return found[0]
    return None


def _strip_prefix(beginning: re.Pattern[str], text: str) -> str:
    match = beginning.match(text)
    return text[match.end() :] if match else text
