"""The parts of a profile, who may see them, and how a typed value is read. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.api import LANGUAGE_WORDS, UserError, Words, _, fold, fold_in_place, one_line, words

Key = TypeVar("Key")
MOST_VALUES = 10
"""Limit of languages or themes of one person."""


class ProfilePart(StrEnum):
    """What a profile is made of; each part has an audience of its own."""

    NAME = "name"
    PRONOUNS = "pronouns"
    ORGANISATION = "organisation"
    PLACE = "place"
    LANGUAGES = "languages"
    THEMES = "themes"


class ProfileVisibility(StrEnum):
    """Who may see a part besides its person."""

    NOBODY = "nobody"
    MODERATORS = "moderators"
    ROOMS = "rooms"
    NETWORK = "network"


PART_NAMES: Mapping[ProfilePart, Words] = {
    ProfilePart.NAME: words(
        "nombre",
        "nome",
        "name",
        "me llamo, llámame, cómo llamarme | me chamo, me chame, como me chamar | call me",
    ),
    ProfilePart.PRONOUNS: words(
        "pronombres", "pronomes", "pronouns", "pronombre | pronome | pronoun"
    ),
    ProfilePart.ORGANISATION: words(
        "organización",
        "organização",
        "organisation",
        "entidad, colectivo, colectiva, grupo | entidade, coletivo, coletiva | organization, org",
    ),
    ProfilePart.PLACE: words(
        "lugar", "lugar", "place", "ciudad, dónde, vivo en | cidade, onde, moro em | city, where"
    ),
    ProfilePart.LANGUAGES: words(
        "idiomas", "idiomas", "languages", "lenguas, idioma | línguas, lingua | language"
    ),
    ProfilePart.THEMES: words(
        "temas", "temas", "themes", "tema, intereses | interesses | theme, topics, interests"
    ),
}
VISIBILITY_NAMES: Mapping[ProfileVisibility, Words] = {
    ProfileVisibility.NOBODY: words(
        "nadie", "ninguém", "nobody", "solo yo, sólo yo | só eu, somente eu | only me, me, none"
    ),
    ProfileVisibility.MODERATORS: words(
        "moderación", "moderação", "moderators", "moderadoras, moderation"
    ),
    ProfileVisibility.ROOMS: words(
        "mis salas", "minhas salas", "my rooms", "salas, sala | rooms, room"
    ),
    ProfileVisibility.NETWORK: words(
        "red", "rede", "network", "la red, toda la red | a rede, toda a rede | the network"
    ),
}
LIST_PARTS = (ProfilePart.LANGUAGES, ProfilePart.THEMES)
LONGEST_VALUES = {
    ProfilePart.NAME: 40,
    ProfilePart.PRONOUNS: 40,
    ProfilePart.LANGUAGES: 30,
    ProfilePart.THEMES: 40,
}
"""Limit of characters of one value, in a list of each."""
LONGEST_OTHER = 80


def find_named(table: Mapping[Key, Words], text: str) -> tuple[Key, str] | None:
    """Return the key of the profile part whose name begins the text, and the rest. The longest name
    wins."""
    found: tuple[int, Key] | None = None
    for key, names in table.items():
        for name in names:
            match = re.match(rf"{re.escape(fold(name))}(?![^\W_])", fold_in_place(text))
            if match and (found is None or match.end() > found[0]):
                found = match.end(), key
    if found is None:
        return None
    return found[1], text[found[0] :].strip()


@dataclass(frozen=True, slots=True)
class PartValue:
    """The words of a part, and the terms by which it is found."""

    words: tuple[str, ...]
    terms: frozenset[str]


def read_value(part: ProfilePart, typed: str) -> PartValue:
    """Return the value of a part of the profile that was typed.

    Raises `UserError` if it is too long, too many values, or empty.
    """
    several = _split_values(typed) if part in LIST_PARTS else (" ".join(typed.split()),)
    kept = tuple(dict.fromkeys(_clean_value(part, one) for one in several if one.strip(" .\"'")))
    if not kept:
        raise UserError(_("There are no words in that. To take it out: `!profile remove`"))
    if len(kept) > MOST_VALUES:
        raise UserError(
            _("That are {count}; I keep {most} of them.", count=len(kept), most=MOST_VALUES)
        )
    return PartValue(kept, frozenset(t for one in kept for t in search_terms(part, one)))


def _clean_value(part: ProfilePart, typed: str) -> str:
    """Put a value on one line. Addresses and links are refused: they could impersonate somebody."""
    text = one_line(typed).strip(" .\"'")
    most = LONGEST_VALUES.get(part, LONGEST_OTHER)
    if len(text) > most:
        raise UserError(_("That is long: up to {most} letters, please.", most=most))
    if "@" in text or "://" in text:
        raise UserError(_("No addresses and links here, please: only words."))
    return text


def _split_values(typed: str) -> list[str]:
    spaced = typed.split()
    if sum(_language_code(one) is not None for one in spaced) > 1:  # `es pt quechua`
        return [one for one in spaced if fold(one) not in ("y", "e", "and")]
    return re.split(r"[,;#/|\n]|\s(?:y|e|and)\s", typed)


def search_terms(part: ProfilePart, one: str) -> set[str]:
    """Return the terms by which a profile's value is found; of a place, also each of its parts."""
    if part is ProfilePart.LANGUAGES:
        return {_language_code(one) or comparison_form(one)}
    pieces = [one, *one.split(",")] if part is ProfilePart.PLACE else [one]
    return {comparison_form(piece) for piece in pieces} - {""}


def comparison_form(text: str) -> str:
    """Return a text in the form in which profile values are compared: words alone, lower case,
    without accents."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def _language_code(word: str) -> str | None:
    """Return the code of a language that the bot speaks, whatever it is called."""
    heard = fold(word.strip(" .,;"))
    for code, names in LANGUAGE_WORDS.items():
        if heard in {fold(name) for name in names}:
            return code
    return None
