"""Derive meanings, terms and themes of posts, using the synonyms of this network."""

from __future__ import annotations

from collections.abc import Iterable

from bot.api import Line, Number, Words, _, fold_answer, search, words
from commands.exchange import store
from commands.exchange.matching.fit import Fit
from commands.exchange.matching.lexicon import Lexicon, built_in_lexicon
from commands.exchange.matching.meaning import Meaning, parse_meaning
from storage.database import Tx

GUESSED_PREFIX = "~"
"""Prefix of the key of a theme that nobody typed but that follows from the words."""
NETWORK_PREFIX = "@"
"""Prefix of the key of the network a post came from; it can be hidden like a theme."""


async def load_lexicon(tx: Tx) -> Lexicon:
    """Return which phrases mean the same, in three languages: the bot's own list together with the
    synonyms that this bot's network added."""
    own = await store.list_synonyms(tx)
    return built_in_lexicon().with_synonyms(own) if own else built_in_lexicon()


def search_terms(meaning: Meaning) -> set[str]:
    """Return the terms by which a need or offer is found: its meanings, stems and tags.

    Stems are included because a network may give them a meaning later.
    """
    tags = {f"#{search.theme_key(tag)}" for tag in meaning.tags}
    return set(meaning.keys) | {f"={stem}" for stem in meaning.stems} | tags


def wanted_terms(meaning: Meaning, known: Lexicon) -> tuple[set[str], set[str]]:
    """Return the terms of a line's main word, one of which a fitting post must have, and all other
    terms."""
    heads = set(meaning.head_keys)
    heads |= {f"={stem}" for stem in known.stems_for(heads)}
    return heads, search_terms(meaning) - heads


def theme_entries(meaning: Meaning, origin: str = "") -> list[tuple[str, str]]:
    """Return the typed themes, the guessed themes and the network of a post, each as a pair of key
    and shown form."""
    written = [(search.theme_key(tag), tag) for tag in meaning.tags]
    came = [(network_key(origin), "")] if origin else []
    return [*written, *((GUESSED_PREFIX + theme, "") for theme in meaning.themes), *came]


def network_key(name: str) -> str:
    """Return the key under which a network is hidden from a person."""
    return NETWORK_PREFIX + fold_answer(name)


def theme_keys(tag: str, known: Lexicon) -> list[str]:
    """Return all keys under which a theme of needs and offers may be stored."""
    guessed = known.theme_of_tag(tag)
    return [search.theme_key(tag), *([GUESSED_PREFIX + guessed] if guessed else [])]


def hidden_names(items: Iterable[Number], themes: Iterable[str]) -> tuple[str, ...]:
    """Return what is hidden from a person in the form they type: numbers, themes, networks."""
    named = [
        key.removeprefix(NETWORK_PREFIX) if key[0] == NETWORK_PREFIX else f"#{key}"
        for key in themes
        if key[0] != GUESSED_PREFIX
    ]
    return (*map(str, items), *named)


def theme_names(keys: Iterable[str]) -> tuple[Words, ...]:
    """Return the guessed themes of a post as people read them."""
    return tuple(built_in_lexicon().themes[key] for key in keys if key in built_in_lexicon().themes)


def meaning_of(post: store.Post, known: Lexicon) -> Meaning:
    """Return the meaning of a need or offer."""
    return parse_meaning(post.text, known, post.place)


def reasons_line(found: Fit) -> Line:
    """Return the reasons why a need and an offer fit, so that people can judge for themselves."""
    reasons: list[object] = []
    if found.themes:
        reasons.append(_("same theme: {theme}", theme=theme_names(found.themes)))
    tags = [t for t in found.tags if built_in_lexicon().theme_of_tag(t) not in found.themes]
    if tags:
        reasons.append(", ".join(f"#{tag}" for tag in tags))
    if found.words:
        reasons.append(_("words: {words}", words=", ".join(found.words[:4])))
    if found.own:
        reasons.append(_("words of this network"))
    if found.near:
        same = len(found.near) == 1
        place = ", ".join(found.near[:3])
        reasons.append(
            _("same place: {place}", place=place)
            if same
            else _("places near each other: {place}", place=place)
        )
    return _("{reasons}", reasons=tuple(reasons))


_SIDE_NAMES = {
    "need": words("pedido", "pedido", "need", "pedidos | pedidos | needs"),
    "offer": words("oferta", "oferta", "offer", "ofertas | ofertas | offers"),
}


def side_name(side: str) -> Words:
    """Return the words for a need or an offer."""
    return _SIDE_NAMES[side]
