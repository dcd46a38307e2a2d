"""A type without its colon: `Move the meeting type consent until Friday`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.api import Context, NamedArgument, ParsedArguments, dates, fold, split_arguments, words
from commands.decision_rules import kinds

TYPE = NamedArgument(words("tipo", "tipo", "type"))
_LONGEST_NAME = 3
"""Words of a kind's name."""


def take_loose_type(
    ctx: Context, parts: ParsedArguments, args: Sequence[NamedArgument]
) -> ParsedArguments:
    """Return the kind of decision named without a colon at the end or beginning of the line, and
    the rest.

    Else the line would open another vote than the one that was meant. Only the name of a kind is
    read so, and nothing inside quotes. The rest is read anew: it may end with one of `args` too.
    """
    if TYPE.key in parts.named:
        return parts
    for key in {arg.key for arg in args if not arg.whole} & parts.named.keys():
        if (found := _type_at_end(parts.named[key])) is not None:
            value, name = found
            return replace(parts, named={**parts.named, key: value, TYPE.key: name})
    text = parts.typed or parts.free
    found = _type_at_end(text) or _type_at_beginning(text)
    if found is None:
        return parts
    rest, name = found
    anew = split_arguments(rest, args, lambda said: _is_date(ctx, said))
    return replace(
        anew,
        named={**anew.named, **parts.named, TYPE.key: name},
        flags=parts.flags | anew.flags,
        unknown=(*parts.unknown, *anew.unknown),
        repeated=parts.repeated | anew.repeated,
    )


def _type_at_end(text: str) -> tuple[str, str] | None:
    """Return the text before `type consent`, and the name of the kind; None without any."""
    for size in range(_LONGEST_NAME, 0, -1):
        parts = text.rsplit(maxsplit=size + 1)
        *head, word = parts[:-size] or [""]
        if _names_kind(word, parts[-size:]):
            return "".join(head), " ".join(parts[-size:])
    return None


def _type_at_beginning(text: str) -> tuple[str, str] | None:
    """Return the text behind `type consent`, and the name of the kind; None without any."""
    for size in range(_LONGEST_NAME, 0, -1):
        word, *parts = text.split(maxsplit=size + 1) or [""]
        if _names_kind(word, parts[:size]):
            return "".join(parts[size:]), " ".join(parts[:size])
    return None


def _names_kind(word: str, name: list[str]) -> bool:
    named = fold(word) in map(fold, TYPE.name)
    return named and bool(name) and kinds.find_kind(" ".join(name)) is not None


def _is_date(ctx: Context, said: str) -> bool:
    read = dates.read_date(said, ctx.said_at, ctx.policy.zone)
    return not isinstance(read, dates.UnreadableDate)
