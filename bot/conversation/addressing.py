"""Finds out how a line is addressed: by prefix, by name, in private, or not at all. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.capability.room_policy import Policy
from bot.text import spoken
from bot.text.normalisation import fold_in_place, normalise
from bot.types import Message, UserId

_BEGINNING = re.compile(r"[\w?¿]")


@dataclass(frozen=True, slots=True)
class AddressedLine:
    """A line without prefix or mention. `is_addressed`: it is surely meant for the bot."""

    text: str
    is_addressed: bool
    is_exclaimed: bool = False  # began with ¡, so may be a command
    is_named: bool = False  # began with the bot's name

    @property
    def calls_bot(self) -> bool:
        """Return whether the line may be meant for the bot alone."""
        return self.is_addressed or self.is_exclaimed or self.is_named


def parse_addressing(message: Message, policy: Policy, me: UserId, called: str) -> AddressedLine:
    """Return the line without the prefix or name by which it calls the bot, and how it did.

    `called` is the display name that apps write into mention pills.
    """
    text = normalise(message.text)
    for prefix in dict.fromkeys((policy.prefix, "!")):
        if policy.is_private or prefix == policy.prefix:
            rest = _after_prefix(text, prefix)
            if rest is not None:
                return AddressedLine(rest, True)
            greeted = spoken.without_greeting(text)
            if greeted is not text and (rest := _after_prefix(greeted, prefix)) is not None:
                return AddressedLine(rest, True)
    if text.startswith("¡") and not text.rstrip().endswith("!"):
        return AddressedLine(text[1:].strip(), False, is_exclaimed=True)
    if me in message.mentions:
        return AddressedLine(_without_name(text, me, called), True)
    return AddressedLine(text, policy.is_private)


def has_prefix(message: Message, policy: Policy) -> bool:
    """Return whether the line begins with the room's prefix, or with the wide one of a phone."""
    return message.text.lstrip().startswith((policy.prefix, "！"))


def _after_prefix(text: str, prefix: str) -> str | None:
    if not text.startswith(prefix) or text.startswith(prefix * 2):
        return None
    rest = text[len(prefix) :].strip()
    return rest if _BEGINNING.match(rest) else None


def _without_name(text: str, me: UserId, called: str) -> str:
    """Return the line without the bot's name at its start or end, however clients write it."""
    names = [re.escape(fold_in_place(n)) for n in (called, me, me[1:].split(":", 1)[0]) if n]
    pattern = "|".join(sorted(names, key=len, reverse=True))
    folded = fold_in_place(text)
    start = re.match(rf"@?(?:{pattern})\s*[:,]?\s*", folded)
    if start:
        return text[start.end() :].strip().removeprefix("!").strip()
    end = re.search(rf"\s*@?(?:{pattern})\s*$", folded)
    return (text[: end.start()] if end else text).strip()
