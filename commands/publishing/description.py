"""What somebody says of something without its number: `the last notice`, `la marcha de ayer`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.api import Context, dates, fold, stems

_KINDS = {
    **dict.fromkeys(("decision", "decisiones", "acuerdo", "propuesta", "encuesta"), "decision"),
    **dict.fromkeys(("decisao", "decisoes", "acordo", "proposta", "enquete"), "decision"),
    **dict.fromkeys(("decisions", "proposal", "poll"), "decision"),
    **dict.fromkeys(("evento", "eventos", "event", "events"), "event"),
    **dict.fromkeys(("texto", "documento", "text", "document"), "text"),
    **dict.fromkeys(("datos", "tabla", "dados", "tabela", "data", "table"), "data"),
    **dict.fromkeys(("aviso", "avisos", "anuncio", "comunicado", "recado"), "announcement"),
    **dict.fromkeys(("announcement", "announcements", "notice"), "announcement"),
}
"""The kind that a word names, of what can be public. Folded."""
_NEWEST = frozenset(("ultimo", "ultima", "recien", "last", "latest", "newest"))
_OF = frozenset(["de", "del", "do", "da", "dos", "das", "of"])
_ARTICLES = frozenset(["el", "la", "los", "las", "o", "a", "os", "as", "the"])
_SMALL = (
    _OF
    | _ARTICLES
    | frozenset(
        fold(
            """lo un una unos unas este esta ese esa esto eso aquel aquella en web internet
        um uma isto isso esse essa aquele aquela em na
        this that on by about sobre por favor porfa porfavor porfis pls please
        gracias obrigada obrigado thanks ya ahora mismo já agora now right"""
        ).split()
    )
)
"""Words that say neither what is meant nor what is to be done with it but now. Folded.

No `STOP_WORDS`: among those are some that ask for something else, such as `sin`, `pero` and `not`.
"""
_LIMITING = frozenset(
    fold(
        """menos excepto exceto salvo except only sólo só solamente somente apenas
        todavía aún ainda yet nunca never"""
    ).split()
)
"""Words with which somebody leaves something out, or to later: no title is described by them."""


@dataclass(frozen=True, slots=True)
class Described:
    """What somebody says of something without its number; empty where they don't say it.

    `words`: all of theirs, as typed, with their folded forms.
    """

    kind: str = ""
    days_ago: frozenset[int] = frozenset()
    is_newest: bool = False
    words: tuple[tuple[str, str], ...] = ()

    @property
    def says_which(self) -> bool:
        """Return whether anything is said of it, as `take it down now` does not."""
        return bool(self.kind or self.days_ago or self.is_newest or self.telling)

    @property
    def is_limited(self) -> bool:
        """Return whether something is left out, as in `all but the march`."""
        return any(word in _LIMITING for _typed, word in self.words)

    @property
    def telling(self) -> frozenset[str]:
        """The words that may be of its title. Folded."""
        known = _KINDS.keys() | _NEWEST | _SMALL | _LIMITING
        return frozenset(
            word for _typed, word in self.words if word not in known and _days_ago(word) is None
        )

    def fits(self, days: frozenset[int], title: str) -> bool:
        """Return whether something of some kind may be meant.

        `days`: how many days ago it was written, or became public, as calendars count them.
        """
        return self.days_ago <= days and (
            not self.telling or not self.telling.isdisjoint(_title_words(title))
        )

    def fits_kind(self, kind: str) -> bool:
        """Return whether something of this kind may be meant: it is the kind that was said, or none
        was."""
        return self.kind in ("", kind)

    def not_used(self, ctx: Context, kind: str, title: str) -> str:
        """Return the words, from the first to the last, that do not describe a thing of this kind
        and title: they must ask for something else. Empty if all do.

        A time is such a word even if the title names it, except as in `the march of Saturday`.
        """
        named, folded = _title_words(title), [word for _typed, word in self.words]
        others = [
            place
            for place, word in enumerate(folded)
            if word not in _SMALL | _NEWEST
            and _days_ago(word) is None
            and _KINDS.get(word) != kind
            and (word not in named or _is_time(ctx, folded, place))
        ]
        span = self.words[others[0] : others[-1] + 1] if others else ()
        return " ".join(typed for typed, _word in span)


def _days_ago(word: str) -> int | None:
    """Return how many days ago the day was that the word names; None if it names none."""
    days = dates.read_near_day(word)
    return None if days is None or days > 0 else -days


def _is_time(ctx: Context, said: list[str], place: int) -> bool:
    """Return whether a word is of a time that does not describe anything: no `de` is before it."""
    word, before = said[place], said[:place]
    while before and before[-1] in _ARTICLES:
        before.pop()
    if before and before[-1] in _OF:
        return False
    return word.isdecimal() or dates.find_date(word, ctx.said_at, ctx.policy.zone) is not None


def _words_of(text: str) -> Iterator[tuple[str, str]]:
    for word in re.findall(r"\w+", re.sub(r"(?:['’]|(?<=day))s\b", "", text)):
        yield word, fold(word)


def _title_words(title: str) -> frozenset[str]:
    return frozenset(word for _typed, word in _words_of(title)) - stems.STOP_WORDS - _LIMITING


def read_description(text: str) -> Described:
    """Return what the words say of something: `el aviso de ayer`, `the last decision`."""
    words = tuple(_words_of(text))
    said = [word for _typed, word in words]
    return Described(
        next((_KINDS[word] for word in said if word in _KINDS), ""),
        frozenset(days for word in said if (days := _days_ago(word)) is not None),
        not _NEWEST.isdisjoint(said),
        words,
    )
