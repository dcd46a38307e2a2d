"""The parts of a profile, who may see them, and how a typed value is read. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.api import LANGUAGE_WORDS, UserError, Words, _, fold, harmless, words

Key = TypeVar("Key")
MOST = 10
"""Limit of languages or themes of one person."""


class Part(StrEnum):
    NAME = "name"
    PRONOUNS = "pronouns"
    ORGANISATION = "organisation"
    PLACE = "place"
    LANGUAGES = "languages"
    THEMES = "themes"


class Seen(StrEnum):
    """Who may see a part besides its person."""

    NOBODY = "nobody"
    MODERATORS = "moderators"
    ROOMS = "rooms"
    NETWORK = "network"


PARTS: Mapping[Part, Words] = {
    Part.NAME: words(
        "nombre",
        "nome",
        "name",
        "me llamo, llámame, cómo llamarme | me chamo, me chame, como me chamar | call me",
    ),
    Part.PRONOUNS: words("pronombres", "pronomes", "pronouns", "pronombre | pronome | pronoun"),
    Part.ORGANISATION: words(
        "organización",
        "organização",
        "organisation",
        "entidad, colectivo, colectiva, grupo | entidade, coletivo, coletiva | organization, org",
    ),
    Part.PLACE: words(
        "lugar", "lugar", "place", "ciudad, dónde, vivo en | cidade, onde, moro em | city, where"
    ),
    Part.LANGUAGES: words(
        "idiomas", "idiomas", "languages", "lenguas, idioma | línguas, lingua | language"
    ),
    Part.THEMES: words(
        "temas", "temas", "themes", "tema, intereses | interesses | theme, topics, interests"
    ),
}
SEEN: Mapping[Seen, Words] = {
    Seen.NOBODY: words(
        "nadie", "ninguém", "nobody", "solo yo, sólo yo | só eu, somente eu | only me, me, none"
    ),
    Seen.MODERATORS: words("moderación", "moderação", "moderators", "moderadoras, moderation"),
    Seen.ROOMS: words("mis salas", "minhas salas", "my rooms", "salas, sala | rooms, room"),
    Seen.NETWORK: words(
        "red", "rede", "network", "la red, toda la red | a rede, toda a rede | the network"
    ),
}
LISTS = (Part.LANGUAGES, Part.THEMES)
LONGEST = {Part.NAME: 40, Part.PRONOUNS: 40, Part.LANGUAGES: 30, Part.THEMES: 40}
"""Limit of characters of one value, in a list of each."""
OTHERWISE = 80


def named(table: Mapping[Key, Words], text: str) -> tuple[Key, str] | None:
    """Return the key whose name the text begins with, and the rest. The longest name wins."""
    found: tuple[int, Key] | None = None
    for key, names in table.items():
        for name in names:
            match = re.match(rf"{re.escape(fold(name))}(?![^\W_])", fold(text))
            if match and (found is None or match.end() > found[0]):
                found = match.end(), key
    if found is None:
        return None
    return found[1], text[found[0] :].strip()


@dataclass(frozen=True, slots=True)
class Value:
    """The words of a part, and the terms by which it is found."""

    words: tuple[str, ...]
    terms: frozenset[str]


def value(part: Part, typed: str) -> Value:
    """Return what was typed for a part. Raises `UserError` if it is too long, too much or empty."""
    several = _split(typed) if part in LISTS else (" ".join(typed.split()),)
    kept = tuple(dict.fromkeys(_clean(part, one) for one in several if one.strip(" .\"'")))
    if not kept:
        raise UserError(_("There are no words in that. To take it out: `!profile remove`"))
    if len(kept) > MOST:
        raise UserError(_("That are {count}; I keep {most} of them.", count=len(kept), most=MOST))
    return Value(kept, frozenset(t for one in kept for t in terms(part, one)))


def _clean(part: Part, typed: str) -> str:
    """Put a value on one line. Addresses and links are refused: they could impersonate somebody."""
    text = " ".join(harmless(typed).split()).strip(" .\"'")
    most = LONGEST.get(part, OTHERWISE)
    if len(text) > most:
        raise UserError(_("That is long: up to {most} letters, please.", most=most))
    if "@" in text or "://" in text:
        raise UserError(_("No addresses and links here, please: only words."))
    return text


def _split(typed: str) -> list[str]:
    spaced = typed.split()
    if sum(_language(one) is not None for one in spaced) > 1:  # `es pt quechua`
        return [one for one in spaced if fold(one) not in ("y", "e", "and")]
    return re.split(r"[,;#/|\n]|\s(?:y|e|and)\s", typed)


def terms(part: Part, one: str) -> set[str]:
    """Return the terms by which a value is found; of a place, also each of its parts."""
    if part is Part.LANGUAGES:
        return {_language(one) or compared(one)}
    pieces = [one, *one.split(",")] if part is Part.PLACE else [one]
    return {compared(piece) for piece in pieces} - {""}


def compared(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def _language(word: str) -> str | None:
    """Return the code of a language that the bot speaks, whatever it is called."""
    heard = fold(word.strip(" .,;"))
    for code, names in LANGUAGE_WORDS.items():
        if heard in {fold(name) for name in names}:
            return code
    return None
