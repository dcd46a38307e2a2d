"""Tells a message that holds a second command from one whose text only shows commands. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.capability.authority.typed_forms import Behind
from bot.capability.feature import Command
from bot.capability.registry import FoundCommand, Registry
from bot.text.numbers import split_number


def read_single(registry: Registry, command: Command, rest: str, prefix: str) -> str | None:
    """Return the text behind a command, or None if a second command stands in it: neither is run.

    The command declares what others behind it are. One that a line with a colon leads up to (`To
    vote:`) is text. In danger nothing is refused.
    """
    behind = command.behind
    if command.is_urgent or behind is Behind.RUN:
        return rest
    first, *lines = rest.split("\n")
    begun = _command_in(registry, first, prefix)
    if behind is Behind.SUBJECT and begun is not None and not begun[2].strip() and not lines:
        return rest.removeprefix(prefix)
    if begun is not None and behind in (Behind.SECOND, Behind.SUBJECT):
        return None
    if behind is Behind.TEXT:
        return rest
    told = [line.strip() for line in lines if line.strip()]
    if _repeats(registry, command, rest, prefix):
        return None
    if command.is_vote:  # else a misspelt one would be the reason of the first
        return None if any(line.startswith(prefix) for line in told) else rest
    if behind is Behind.OPTIONS and all(_is_command_name(registry, line, prefix) for line in told):
        return rest
    return None if any(_unled(registry, first, told, prefix)) else rest


def _command_in(registry: Registry, line: str, prefix: str) -> FoundCommand | None:
    """Return the command that a line begins with behind the prefix, or None."""
    said = line.strip()
    return registry.find_command(said[len(prefix) :]) if said.startswith(prefix) else None


def _is_command_name(registry: Registry, line: str, prefix: str) -> bool:
    found = _command_in(registry, line, prefix)
    return found is not None and not found[2].strip()


def _unled(registry: Registry, first: str, lines: Sequence[str], prefix: str) -> Iterator[bool]:
    """Yield of each line whether it is a command that no line with a colon leads up to."""
    before, led = first, False
    for line in lines:
        is_command = _command_in(registry, line, prefix) is not None
        led = is_command and (led or before.rstrip().endswith(":"))
        yield is_command and not led
        before = line


def _repeats(registry: Registry, command: Command, rest: str, prefix: str) -> bool:
    """Return whether the same command stands again with another thing's number: `1 2 !vote 2 1`,
    or on the next line, in private without a prefix too."""
    if split_number(rest) is None:
        return False
    parts = re.split(rf"\n|\s(?={re.escape(prefix)}\w)", rest)[1:]
    found = [registry.find_command(part.strip().removeprefix(prefix)) for part in parts]
    return any(one and one[0] is command and split_number(one[2]) is not None for one in found)
