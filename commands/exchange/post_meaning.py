"""Derive meanings, terms and themes of posts, using the synonyms of this network."""

from __future__ import annotations

from collections.abc import Iterable

from bot.api import Line, Number, Words, _, bare, search, words
from commands.exchange import store
from commands.exchange.matching.fit import Fit
from commands.exchange.matching.lexicon import Lexicon, ours
from commands.exchange.matching.meaning import Meaning, understand
from storage.database import Tx

GUESSED = "~"
"""Prefix of the key of a theme that nobody typed but that follows from the words."""
FROM = "@"
"""Prefix of the key of the network a post came from; it can be hidden like a theme."""


async def lexicon(tx: Tx) -> Lexicon:
    """Return our lexicon with the synonyms of this network."""
    own = await store.own_words(tx)
    return ours().with_own(own) if own else ours()


def terms(meaning: Meaning) -> set[str]:
    """Return the terms by which a post is found: its meanings, stems and tags.

    Stems are included because a network may give them a meaning later.
    """
    tags = {f"#{search.theme_key(tag)}" for tag in meaning.tags}
    return set(meaning.keys) | {f"={stem}" for stem in meaning.stems} | tags


def wanted(meaning: Meaning, known: Lexicon) -> tuple[set[str], set[str]]:
    """Return the terms of the head, one of which must occur, and all other terms."""
    heads = set(meaning.head_keys)
    heads |= {f"={stem}" for stem in known.stems_for(heads)}
    return heads, terms(meaning) - heads


def themes(meaning: Meaning, origin: str = "") -> list[tuple[str, str]]:
    """Return the typed themes, the guessed themes and the network, as (key, shown form)."""
    written = [(search.theme_key(tag), tag) for tag in meaning.tags]
    came = [(network_key(origin), "")] if origin else []
    return [*written, *((GUESSED + theme, "") for theme in meaning.themes), *came]


def network_key(name: str) -> str:
    """Return the key under which a network is hidden."""
    return FROM + bare(name)


def theme_keys(tag: str, known: Lexicon) -> list[str]:
    """Return all keys under which a theme may be stored."""
    guessed = known.theme_named(tag)
    return [search.theme_key(tag), *([GUESSED + guessed] if guessed else [])]


def hidden_shown(items: Iterable[Number], themes: Iterable[str]) -> tuple[str, ...]:
    """Return what a person hides in the form they type: numbers, themes, networks."""
    named = [key.removeprefix(FROM) if key[0] == FROM else f"#{key}" for key in themes
             if key[0] != GUESSED]  # fmt: skip
    return (*map(str, items), *named)


def theme_words(keys: Iterable[str]) -> tuple[Words, ...]:
    """Return guessed themes as people read them."""
    return tuple(ours().themes[key] for key in keys if key in ours().themes)


def of_post(post: store.Post, known: Lexicon) -> Meaning:
    """Return the meaning of a post."""
    return understand(post.text, known, post.place)


def why(found: Fit) -> Line:
    """Return the reasons why two posts fit, so that people can judge for themselves."""
    reasons: list[object] = []
    if found.themes:
        reasons.append(_("same theme: {theme}", theme=theme_words(found.themes)))
    if found.tags:
        reasons.append(", ".join(f"#{tag}" for tag in found.tags))
    if found.words:
        reasons.append(_("words: {words}", words=", ".join(found.words[:4])))
    if found.own:
        reasons.append(_("words of this network"))
    if found.near:
        same = len(found.near) == 1
        place = ", ".join(found.near[:3])
        reasons.append(_("same place: {place}", place=place) if same
                       else _("places near each other: {place}", place=place))  # fmt: skip
    return _("{reasons}", reasons=tuple(reasons))


_KINDS_SHOWN = {
    "need": words("pedido", "pedido", "need", "pedidos | pedidos | needs"),
    "offer": words("oferta", "oferta", "offer", "ofertas | ofertas | offers"),
}


def side_words(side: str) -> Words:
    """Return the words for a need or an offer."""
    return _KINDS_SHOWN[side]
