"""Splits the text behind a command's word into settings, quotes and free text.

`name:value` ends at the next setting or quote. `hasta …` counts only at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.capability.errors import UserError
from bot.i18n import _
from bot.text.command_words import Words
from bot.text.normalisation import fold, fold_in_place
from bot.text.option_lists import (
    EDGES,
    NAMED_OPTIONS,
    QUOTED,
    split_list,
    split_named,
    split_question,
    split_quoted,
    strip_number,
)

_SETTING = re.compile(r"(?<=[\s,;])([^\W\d_][\w-]{2,20})\s*:(?!//)\s*(?=\S)")
"""Looks like a setting, known or not (`cupo: 10`). Never matches `18:00`."""


@dataclass(frozen=True, slots=True)
class NamedArgument:
    """A named part of a command: `cierra: viernes`, `hasta viernes` (`joined`), `secreta` (`flag`).

    A `joined` word counts only if the text behind it is valid (a date, say). The value of a `whole`
    one goes on to the next setting, with its quotes and lines.
    """

    name: Words
    joined: tuple[str, ...] = ()
    flag: bool = False
    whole: bool = False

    @property
    def key(self) -> str:
        """The key under which the argument's value stands in `ParsedArguments`."""
        return self.name.en


@dataclass(frozen=True, slots=True)
class ParsedArguments:
    """The parts of a command's text. `free` is what is neither quoted nor a setting, as typed.

    `unknown` are names of settings that do not exist, `repeated` the keys of those that stand
    twice, of which the first counts. `typed` is `free` with its quotes in place, where known.
    """

    free: str
    quoted: tuple[str, ...]
    named: dict[str, str]
    flags: frozenset[str]
    unknown: tuple[str, ...] = ()
    typed: str = ""
    repeated: frozenset[str] = frozenset()

    def after_prefix_of(self, length: int) -> ParsedArguments:
        """Return a copy whose free text lacks its first `length` characters."""
        first = self.free[:length].strip()
        typed = self.typed.removeprefix(first) if self.typed.startswith(first) else ""
        return replace(self, free=self.free[length:].strip(), typed=typed.strip(EDGES))

    def question_and_options(self) -> tuple[str, tuple[str, ...]]:
        """Return the question and its options in the order typed. Either may be empty."""
        if self.quoted:
            quotes = " ".join(f'"{one}"' for one in self.quoted)
            return split_quoted(self.typed or f"{self.free} {quotes}")
        lines = [part.strip(EDGES + "-*•") for part in self.free.split("\n") if part.strip()]
        if len(lines) > 1:
            return lines[0], tuple(filter(None, map(strip_number, lines[1:])))
        if "|" in self.free:
            first, *rest = (part.strip() for part in self.free.split("|"))
            question, option = split_question(first)
            return question, tuple(filter(None, (option, *rest)))
        named = NAMED_OPTIONS.search(self.free)
        if named:
            return self.free[: named.start()].strip(EDGES), split_named(named[1])
        question, rest_of_line = split_question(self.free)
        return question, split_list(rest_of_line)


def choose_kind(typed: str, known: Mapping[str, Words]) -> str:
    """Return the key in `known` whose words include `typed`, or "" if nothing was typed.

    Raises `UserError`, which lists the known words, if no key has that word.
    """
    for key, names in known.items():
        if fold(typed) in map(fold, names):
            return key
    if not typed:
        return ""
    kinds = tuple(known.values())
    raise UserError(_("“{word}” is no kind that I know: {kinds}.", word=typed[:40], kinds=kinds))


def split_arguments(
    text: str, args: Sequence[NamedArgument], fits: Callable[[str], bool]
) -> ParsedArguments:
    """Return the named values, flags, quoted parts and free text of a normalised command text.

    `fits` says whether the text behind a joining word is that argument's value.
    """
    named: dict[str, str] = {}
    flags: set[str] = set()
    repeated: set[str] = set()
    rest = _cut_named(text, args, named, repeated)
    unknown: list[str] = []
    whole = {arg.key for arg in args if arg.whole}
    for key, value in list(named.items()):
        border = value.rfind('"') + 1 if key in whole else 0
        kept, value = value[:border], value[border:]
        value = _strip_flags(_until_next(value, unknown), args, flags, whole=bool(kept))
        value = _cut_joined(value, args, fits, named, unknown)
        value = _strip_flags(value, args, flags, whole=bool(kept))
        named[key] = (kept + value).strip(EDGES)
    quotes = list(QUOTED.finditer(rest))
    border = quotes[-1].end() if quotes else 0
    head, tail = rest[:border], rest[border:]
    tail = _cut_joined(_strip_flags(tail, args, flags), args, fits, named, unknown)
    tail = _strip_flags(tail, args, flags)
    quoted = tuple(q.group(1).strip() for q in QUOTED.finditer(head) if q.group(1).strip())
    free = QUOTED.sub(" ", head) + tail
    free, typed = (
        "\n".join(" ".join(line.split()) for line in words.split("\n")).strip(EDGES)
        for words in (free, head + tail)
    )
    return ParsedArguments(
        free, quoted, named, frozenset(flags), tuple(unknown), typed, frozenset(repeated)
    )


def _alternatives(names: Iterable[str]) -> str:
    ordered = sorted({fold_in_place(n) for n in names}, key=len, reverse=True)
    return "|".join(
        re.escape(n).replace(r"\ ", r"[\s\-]*").replace(r"\-", r"[\s\-]*") for n in ordered
    )


def _cut_named(
    text: str, args: Sequence[NamedArgument], named: dict[str, str], repeated: set[str]
) -> str:
    """Cut `name:value` out. A quoted value is that quote; else it ends at the next setting."""
    of = {fold_in_place(n): arg for arg in args if not arg.flag for n in arg.name}
    if not of:
        return text
    spans = [m.span() for m in QUOTED.finditer(text)]
    starts = [
        m
        for m in re.finditer(
            rf"(?<![^\s,;\"(])({_alternatives(of)})\s*:(?!//)\s*", fold_in_place(text)
        )
        if not any(a <= m.start() < b for a, b in spans)
    ]
    out, position = "", 0
    for index, match in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        arg = of.get(match[1]) or of[next(n for n in of if fold(n) == fold(match[1]))]
        value, used = _value(text, match.end(), end)
        if arg.whole:
            value, used = text[match.end() : end], end
        if arg.key in named:
            repeated.add(arg.key)
        named.setdefault(arg.key, value)
        out += text[position : match.start()] + " "
        position = used
    return out + text[position:]


def _value(text: str, start: int, end: int) -> tuple[str, int]:
    quote = QUOTED.match(text, start)
    if quote:
        return quote.group(1).strip(), quote.end()
    stop = text.find('"', start, end)
    line = text.find("\n", start, end)
    stops = [s for s in (stop, line, end) if s >= 0]
    return text[start : min(stops)].strip(EDGES), min(stops)


def _until_next(value: str, unknown: list[str]) -> str:
    """Return a value up to the next setting, even an unknown one."""
    following = list(_SETTING.finditer(value))
    unknown += [match[1] for match in following]
    return value[: following[0].start()] if following else value


def _strip_flags(
    text: str, args: Sequence[NamedArgument], flags: set[str], *, whole: bool = True
) -> str:
    """Cut flags off the end, longest first.

    Without `whole` the last word stays: `majority: two thirds` is no flag.
    """
    of = [(fold_in_place(n), arg) for arg in args if arg.flag for n in arg.name]
    of.sort(key=lambda one: -len(one[0]))
    while True:
        bare = fold_in_place(text).rstrip(EDGES + ".")
        for name, arg in of:
            pattern = rf"(?:^|[\s,;]){_alternatives([name])}$"
            found = re.search(pattern, bare)
            if found and (whole or text[: found.start()].strip(EDGES)):
                flags.add(arg.key)
                text = text[: found.start()]
                break
        else:
            return text


def _cut_joined(
    text: str,
    args: Sequence[NamedArgument],
    fits: Callable[[str], bool],
    named: dict[str, str],
    unknown: list[str],
) -> str:
    """Cut out the last `hasta …` whose rest of the line is valid, up to the first `|` if any."""
    for arg in args:
        if not arg.joined or arg.key in named:
            continue
        lines = text.split("\n")
        for index in range(len(lines) - 1, -1, -1):
            cut = _find_joined(lines[index], arg.joined, fits, unknown)
            if cut:
                lines[index], named[arg.key] = cut
                text = "\n".join(lines)
                break
    return text


def _find_joined(
    line: str, joined: Sequence[str], fits: Callable[[str], bool], unknown: list[str]
) -> tuple[str, str] | None:
    pattern = rf"(?:^|[\s,;])(?:{_alternatives(joined)})\s+"
    for match in reversed(list(re.finditer(pattern, fold_in_place(line)))):
        ends = [len(line)]
        if "|" in line and "|" not in line[: match.start()]:  # behind it are options
            ends.append(line.index("|"))
        for end in ends:
            beyond: list[str] = []
            value = _until_next(line[match.end() : end], beyond).strip(EDGES + ".")
            if value and not value.endswith("?") and fits(value):
                unknown += beyond
                return line[: match.start()] + line[end:], value
    return None
