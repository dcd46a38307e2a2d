"""Splits a question and its options as people type them: quoted, one per line, separated by `|`,
or, after a `?`, by commas or `/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.normalisation import fold

QUOTED = re.compile(r'"([^"]*)"')
_SINGLE_QUOTED = re.compile(r"^'([^']+)'$")
EDGES = " \t\n,;|"
_SIGNS = EDGES + "-.:"
_OR = re.compile(r"(?<!\s)\s+(?:o|u|ou|or)\s+(?=\S)", re.IGNORECASE)
_AT_EDGE = re.compile(r"^(?:o|u|ou|or|y|e|and)(?!\S)|(?<!\S)(?:o|u|ou|or|y|e|and)$", re.IGNORECASE)
"""Joining words beside a quote: `Norte o "Casa x"`."""
NAMED_OPTIONS = re.compile(
    r"(?:(?:[,.;]|(?<=\?))\s+(?:(?:las|as|the|con|com|with)\s+)*"
    r"(?:opciones|op[cç][oõ]es|options)\b(?:\s+(?:son|s[aã]o|are)\b)?\s*:?"
    r"|\s(?:opciones|op[cç][oõ]es|options)\s*:)\s*(\S[^?]*)$",
    re.IGNORECASE,
)
"""Options as people dictate them: `…, opciones María, Rosa o Julia`."""
_COUNTED = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+")
"""A numbered list on one line: `1. Ana 2. Bea`."""
_ASKS = re.compile(
    r"(?:a |en |em |de |con |com |para |pra |por |at |in |on |for |with |to )?"
    r"(?:(?:que|q|cual|qual|which|what|how|como) \w|(?:cuando|quando|donde|onde|adonde|aonde|quien"
    r"|quienes|quem|cuanto|cuanta|quanto|quanta|when|where|who) \w"
    r"|(?:ver|saber|decidir|elegir|escoger|escolher|votar|definir|see|know|decide|choose|pick"
    r"|find out|vote)\b)|(?:sobre|acerca de|about|a respeito de) \w"
)
"""How the first part of a list begins that asks and is no option. Folded."""
_SET_PHRASES = re.compile(r"\b(?:m[aá]s o menos|mais ou menos|more or less)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A quote, or the text between two. `start` and `end` include its signs."""

    text: str
    is_quote: bool
    start: int
    end: int


def split_quoted(text: str) -> tuple[str, tuple[str, ...]]:
    """Return question and options of a text in which some are quoted.

    The question is the first quote if it has a `?`, or the free text up to a `?`; without any `?`
    it is the first piece, or the only quote.
    """
    pieces = _pieces(text)
    bare = QUOTED.sub(lambda found: "_" * len(found[0]), text)
    asks = next((n for n, one in enumerate(pieces) if one.is_quote and "?" in one.text), None)
    if asks == 0 or "?" not in bare:
        quotes = [n for n, one in enumerate(pieces) if one.is_quote]
        only = quotes[0] if len(quotes) == 1 else 0
        first = pieces[asks if asks is not None else only]
        before = text[: first.start] if len(quotes) == 1 else ""
        return first.text, _options_of(before + " " + text[first.end :])
    end = bare.rindex("?") + 1
    if bare[end:].strip(_SIGNS):
        return text[:end].strip(EDGES), _options_of(text[end:])
    if pieces[0].is_quote and sum(one.is_quote for one in pieces) > 1:
        return pieces[-1].text, _options_of(text[: pieces[-1].start])
    return text, ()


def _pieces(text: str) -> list[_Piece]:
    """Return the quotes and the text between them, without empty ones."""
    found, at = [], 0
    for quote in QUOTED.finditer(text):
        between = text[at : quote.start()].strip(_SIGNS)
        found.append(_Piece(between, False, at, quote.start()))
        found.append(_Piece(quote[1].strip(), True, *quote.span()))
        at = quote.end()
    found.append(_Piece(text[at:].strip(_SIGNS), False, at, len(text)))
    return [one for one in found if one.text]


def _options_of(text: str) -> tuple[str, ...]:
    """Return the options: one per line, or each quote and a list between quotes."""
    lines = [strip_number(line.strip(_SIGNS + "*•")) for line in text.split("\n")]
    if sum(map(bool, lines)) < 2:
        return tuple(option for piece in _pieces(text) for option in _options_in(piece))
    found: list[str] = []
    for line in filter(None, lines):
        whole = QUOTED.sub("", line).strip(_SIGNS)
        found += [line] if whole else [one.text for one in _pieces(line)]
    return tuple(filter(None, found))


def _options_in(piece: _Piece) -> tuple[str, ...]:
    if piece.is_quote:
        return (piece.text,)
    text = _AT_EDGE.sub("", piece.text).strip(EDGES)
    if "|" in text:
        return tuple(part.strip() for part in text.split("|") if part.strip())
    return split_list(text)


def strip_number(line: str) -> str:
    """Return an option without its list number: `Norte` for `1. Norte`. An option that is only a
    number stays."""
    return re.sub(r"^\d{1,2}[.)]\s+(?=\S)", "", line)


def split_question(text: str) -> tuple[str, str]:
    """Return the text up to its last `?`, and what follows it. Without `?` all of it is the first
    part."""
    head, mark, tail = text.rpartition("?")
    if not mark:
        return text.strip(), ""
    return (head + mark).strip(), tail.strip(EDGES)


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of a list, split at commas, or at `/` if there are none.

    The last part may follow an `o`, `ou` or `or` instead of a comma. Single quotes around a part
    are taken off.
    """
    counted = [part.strip(EDGES) for part in _COUNTED.split(text) if part.strip(EDGES)]
    if len(counted) > 1 and _COUNTED.match(text):
        return tuple(counted)
    sign = "," if "," in text else "/" if "/" in text else None
    parts = [part.strip() for part in (text.split(sign) if sign else [text]) if part.strip()]
    if parts and sign != "/":
        parts[-1:] = split_or(parts[-1])
    return tuple(_SINGLE_QUOTED.sub(r"\1", part) for part in parts)


def split_named(text: str) -> tuple[str, ...]:
    """Return the parts of a list that was said to be the options: the last may follow an `and`."""
    *before, last = split_list(text.strip(EDGES + "."))
    parts = re.split(r"(?<!\s)\s{1,3}(?:y|e|and)\s{1,3}", last, maxsplit=1) if before else [last]
    return (*before, *parts)


def split_or(text: str) -> tuple[str, ...]:
    """Return the parts of a text split at `o`, `ou`, `or`: `pizza o pasta` gives two, `más o menos`
    one."""
    if _SET_PHRASES.search(text):
        return (text,)
    text = re.sub(r"^(?:o|u|ou|or)\s+", "", text, flags=re.IGNORECASE)
    return tuple(part.strip() for part in _OR.split(text) if part.strip())


def options_in_question(question: str) -> tuple[str, ...]:
    """Return the options that the question itself lists (`¿Pizza, pasta o sushi?`), or an empty
    tuple."""
    asked = re.split(r"[¿:]", question.strip().rstrip("? ."))[-1]
    asked = re.sub(r"^(.*[.!;])\s+", "", asked.strip())
    found = split_list(asked) if _OR.search(asked) else ()
    if len(found) > 2 and _ASKS.match(fold(found[0])) is not None:
        found = found[1:]  # `qué día nos vemos, martes o jueves`
    return found if len(found) > 1 else ()
