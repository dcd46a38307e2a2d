"""Limits of a poll, comparison of labels, and the meaning of typed and tapped votes. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.api import fold, one_line, spellings, split_list

MOST_OPTIONS = 20
LONGEST_OPTION = 240
LONGEST_QUESTION = 500

_ALIKE = str.maketrans(
    dict(zip("авекмнорстухіјѕ", "abekmhopctyxijs", strict=True))
    | dict(zip("αβεικνορτυχ", "abeiknoptux", strict=True))
    | {"0": "o", "1": "l"}
)
"""Letters of other alphabets, and digits, that look like a Latin letter."""
_BETWEEN = re.compile(r"\s*(?:[,;&+/\s]|\b(?:y|e|and)\b)\s*")
_BEFORE = re.compile(r"^(?:(?:la|el|a|o)\s+)?(?:opcion|opcao|option|numero|number)\s+")
_EDGES = " .,;:!?¡¿\"'"
NOTHING_WORDS = frozenset(
    {"0", "ninguna", "ninguno", "nenhuma", "nenhum", "none", "nada", "nothing"}
)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer of one person. `stamp` is the server's time of a tap in ms; None: typed.

    `order` is the order in which it was read. No choices: withdrawn or spoiled.
    """

    order: int
    at: float
    stamp: int | None
    choices: tuple[int, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """What a typed vote means: options by place, or why it is invalid."""

    places: tuple[int, ...] = ()
    unknown: int | None = None
    too_many: bool = False


def label_look(text: str) -> str:
    """Return the form of an option's text in which those that look alike on a phone are equal."""
    seen = fold(unicodedata.normalize("NFKC", one_line(text))).translate(_ALIKE)
    return " ".join(seen.split()).strip(_EDGES) or seen


def find_lookalikes(labels: Sequence[str]) -> tuple[str, str] | None:
    """Return the first two option texts that look the same, or None."""
    known: dict[str, str] = {}
    for label in labels:
        before = known.setdefault(label_look(label), label)
        if before is not label:
            return before, label
    return None


def split_options(text: str) -> tuple[str, ...]:
    """Return the options in a text: what stands in quotes, if anything does.

    Else each line, else what a vertical bar separates, else what commas or `/` do.
    """
    quoted = re.findall(r'"([^"]+)"', text)
    if quoted:
        return tuple(quoted)
    sign = next((s for s in "\n|" if s in text), None)
    if sign is None:
        return split_list(text)
    return tuple(part.strip() for part in text.split(sign) if part.strip())


def tapped_places(answers: Sequence[str], count: int, most: int) -> tuple[int, ...]:
    """Return the places of the options that a native response chooses. Empty if it is spoiled or
    withdrawn."""
    return places_of_answers(answers, [f"o{place}" for place in range(1, count + 1)], most)


def places_of_answers(answers: Sequence[str], ids: Sequence[str], most: int) -> tuple[int, ...]:
    """Return the places of the options chosen, as `tapped_places`, for a poll whose answers have
    these ids."""
    known = {key: place for place, key in enumerate(ids, start=1)}
    if any(answer not in known for answer in answers):
        return ()
    return tuple(sorted({known[answer] for answer in answers[:most]}))


def parse_typed_choice(text: str, labels: Sequence[str], most: int) -> TypedChoice | None:
    """Return the options that a typed line votes for, or None if it is no vote."""
    said = _BEFORE.sub("", fold(one_line(text)).strip(_EDGES))
    if not said:
        return None
    by_label = {
        fold_label(spelling): place
        for place, label in enumerate(labels, start=1)
        for spelling in spellings(label)
    }
    if is_number(said) and 1 <= int(said) <= len(labels):
        return TypedChoice((int(said),))
    alike = {
        place
        for label, place in by_label.items()
        if letters_only(label) == letters_only(said) != ""
    }
    if said in by_label or len(alike) == 1:
        return TypedChoice((by_label.get(said) or alike.pop(),))
    if said in NOTHING_WORDS:
        return TypedChoice()
    numbers = [part for part in _BETWEEN.split(said) if part]
    if all(re.fullmatch(r"\d{1,9}", part) for part in numbers):
        return _limited([int(n) for n in numbers], len(labels), most)
    named = [by_label.get(fold_label(part)) for part in re.split(r"[,;\n]", said) if part.strip()]
    places = [place for place in named if place is not None]
    if len(places) < len(named):
        return None
    return _limited(places, len(labels), most)


def strip_poll_number(text: str, number: int, most: int, count: int) -> str:
    """Return a reply without the poll's own number, if more numbers follow than the vote takes."""
    match = re.match(r"\s*#?(\d{1,9})\b\s*(.*)", text, re.DOTALL)
    if match and int(match[1]) == number and len(re.findall(r"\d+", text)) > most:
        return text if is_list(text, count) else match[2]
    return text


def are_labels(text: str, labels: Sequence[str]) -> bool:
    """Return whether a text is the words of an option or of several, so that a number in it is
    theirs: `2 de mayo`, `meeting 2`. A bare number is never such words."""
    if not any(map(str.isalpha, text)):
        return False
    known = {fold_label(spelling) for label in labels for spelling in spellings(label)}
    parts = [part for part in map(fold_label, re.split(r"[,;\n]", text)) if part]
    return fold_label(text) in known or (bool(parts) and known.issuperset(parts))


def is_list(text: str, count: int = 0) -> bool:
    """Return whether a text begins with a number of an option and a sign or word that joins it to
    another option: `1 and 2`, `1 & 2`, or in Spanish `1 y 2`.

    With a comma or semicolon it is a list only if the number is at most `count`, the number of
    options: else `12, 2` means option 2 of poll 12.
    """
    found = re.match(r"\s*#?(\d{1,9})\s*(?:([,;])|[&+]|(?:y|e|and)\b)", text, re.IGNORECASE)
    return found is not None and (found[2] is None or int(found[1]) <= count)


_CORRECTION = re.compile(
    r"\W*(?:(?:(?:no|n[aã]o|ay|ai|uy|ups|ops|opa|oops|wait|espera|can|could|puedo|posso|quiero|quero|i|"
    r"i'?d|want to|like to)[\s,]+)*"
    r"(?:perd[oó]n(?:en?|a)?|perd[aã]o|disculp(?:a|as|en)|desculp[ae]m?|sorry|my bad|"
    r"me equivoqu[eé]|me confund[ií]|errei|me enganei|i was wrong|"
    r"(?:i )?meant(?: to say)?|quise decir|quer[ií]a decir|quis dizer|queria dizer|"
    r"ops|opa|oops|ups|wait(?: no)?|espera(?: n[aã]?o)?|mejor|melhor|"
    r"(?:cambi(?:o|a|ar)|mud(?:o|a|ar)|troc(?:o|a|ar)|change)"
    r"(?: (?:mi|el|o|meu|o meu|my|the))?(?: (?:[bv]oto|vote|it))?"
    r"(?: (?:a|al|para|pra|pro|por|to))(?!\w))"
    r"[\s,.:;!]+(?!(?:s[ií]|sim|yes|no|n[aã]o)\W*$)(?=\S))+"
    r"(?:(?:es|era|[eé]|it'?s|fue|foi)\s+)?",
    re.IGNORECASE,
)
"""What begins a corrected vote: `sorry, I meant 3`. A bare `sorry, no` is no vote against."""
_VERB = re.compile(
    r"^(?:(?:yo|eu|i)\s+)?(?:(?:mi|meu|my)\s+voto\s+(?:es\s+|é\s+|is\s+)?"
    r"|(?:voto|vote|prefiero|prefiro|prefer|elijo|escojo|escolho|choose|quiero|quero|want"
    r"|me\s+quedo\s+con|fico\s+com)\s+)?"
    r"(?:por\s+|pel[oa]s?\s+|para\s+|for\s+|en\s+|em\s+|na\s+)?(?=\S)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:(?:el|la|los|las|o|a|os|as|the)\s+)?"
    r"(?:(?:opci[oó]n|op[cç][aã]o|option|n[uú]mero|number)\s+)?(?=\S)",
    re.IGNORECASE,
)
_SPELLED = {
    word: str(place)
    for place, line in enumerate(
        (
            "uno una um uma one primero primera primer primeiro primeira first",
            "dos dois duas two segundo segunda second",
            "tres three tercero tercera tercer terceiro terceira third",
            "cuatro quatro four cuarto cuarta quarto quarta fourth",
            "cinco five quinto quinta fifth",
        ),
        start=1,
    )
    for word in line.split()
}


def strip_correction(text: str) -> str:
    """Return a vote without the words that correct an earlier one: `sorry, I meant 3` as `3`.

    A question (`sorry, 3?`) corrects nothing.
    """
    found = _CORRECTION.match(text) if "?" not in text else None
    return text[found.end() :] if found else text


def vote_readings(text: str) -> tuple[str, ...]:
    """Return the readings of a vote, also without verb and article: `yo voto por la 2` as `2`.

    The last is the number that the words spell: `la dos` and `the second` are `2`.
    """
    bare_of_verb = _VERB.sub("", strip_correction(text.strip()), count=1)
    bare = _ARTICLE.sub("", bare_of_verb, count=1)
    spelled = _SPELLED.get(fold_label(bare))
    found = (text, bare_of_verb, bare, *((spelled,) if spelled else ()))
    return tuple(dict.fromkeys(found))


def is_number(text: str) -> bool:
    """Return whether the text is a number of up to nine ASCII digits."""
    return re.fullmatch(r"\s*\d{1,9}\s*", text, re.ASCII) is not None


def first_number(text: str) -> str:
    """Return the first number of a line, or ""."""
    found = re.search(r"(?<!\d)\d{1,9}(?!\d)", text, re.ASCII)
    return found[0] if found else ""


def misleading_label(labels: Sequence[str]) -> str | None:
    """Return an option's text that is another option's number, as in `2, 3, 4`, or None."""
    for place, label in enumerate(labels, start=1):
        if is_number(label) and int(label) != place and 1 <= int(label) <= len(labels):
            return label
    return None


def fold_label(label: str) -> str:
    """Return words folded for comparison: no case, no accents, no closing marks."""
    return fold(one_line(label)).strip(_EDGES)


def letters_only(label: str) -> str:
    """Return the text without anything but letters and digits: `10am` for `10am 👍`."""
    return re.sub(r"[\W_]+", "", label)


def _limited(places: Iterable[int], count: int, most: int) -> TypedChoice:
    wanted = tuple(sorted(set(places)))
    unknown = next((place for place in wanted if not 1 <= place <= count), None)
    if unknown is not None:
        return TypedChoice(unknown=unknown)
    return TypedChoice(too_many=True) if len(wanted) > most else TypedChoice(wanted)


def counting_response(responses: Iterable[Response]) -> Response | None:
    """Return the one of a person's responses to a poll that counts, or None.

    Of taps the latest by the server's time, even if spoiled (MSC3381). Of that and the last typed
    vote, the one that came later.
    """
    every = list(responses)
    taps = [r for r in every if r.stamp is not None]
    lines = [r for r in every if r.stamp is None]
    last = [max(taps, key=lambda r: (r.stamp or 0, r.order))] if taps else []
    last += [max(lines, key=_arrival)] if lines else []
    return max(last, key=_arrival, default=None)


def _arrival(response: Response) -> tuple[float, int]:
    return response.at, response.order


def tally_places(ballots: Iterable[Sequence[int]], count: int) -> dict[int, int]:
    """Return the votes of the options by place, from 1 to `count`."""
    votes = dict.fromkeys(range(1, count + 1), 0)
    for ballot in ballots:
        for place in ballot:
            votes[place] += 1
    return votes
