"""Sub-commands: the words that may stand behind a command's name, and what each runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_type_hints

from rapidfuzz.distance import DamerauLevenshtein

from bot.capability.errors import UserError
from bot.capability.handler import Handler
from bot.conversation.arguments import NamedArgument
from bot.i18n import _
from bot.lines import Line
from bot.text.command_words import Words, is_slip
from bot.text.normalisation import compact

_EDGES = ",:;.!\"'"
_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"\s*(#?\d{1,9})(?=\s)")


@dataclass(frozen=True, slots=True)
class SubCommand:
    """One word behind a command. Its handler's signature is its grammar, as for a command."""

    name: Words
    handler: Handler
    help: Line
    example: Line | None
    args: tuple[NamedArgument, ...]
    params: tuple[inspect.Parameter, ...]
    item_kinds: tuple[str, ...]
    is_suggested: bool


class SubCommands:
    """The sub-commands of one command, which `Feature.command(subs=…)` names.

    `number_first`: a number may stand before the word too (`57 steps A, B`), and goes behind it.
    `unless`: a line with this sign begins with none of them.
    """

    def __init__(self, *, number_first: bool = False, unless: str = "") -> None:
        self._unless = unless
        self.command: Words | None = None
        self._number_first = number_first
        self._every: list[SubCommand] = []
        self._heard: dict[str, SubCommand] = {}

    def __iter__(self) -> Iterator[SubCommand]:
        yield from self._every

    def sub(
        self,
        name: Words,
        *,
        help: Line,  # noqa: A002
        example: Line | None = None,
        args: Sequence[NamedArgument] = (),
        of: Sequence[str] = (),
        suggested: bool = True,
    ) -> Callable[[Handler], Handler]:
        """Register a sub-command. `args` and `of` mean what they mean for a command.

        Without an `example` the command's is shown. One that is not `suggested` is never proposed
        for a misspelt word. Raises `ValueError` for a word that means two things.
        """

        def register(handler: Handler) -> Handler:
            made = SubCommand(
                name,
                handler,
                help,
                example,
                tuple(args),
                handler_params(handler),
                tuple(of),
                suggested,
            )
            for word in name:
                if self._heard.setdefault(compact(word), made) is not made:
                    raise ValueError(f"{word!r} means two things")
            self._every.append(made)
            return handler

        return register

    def find(self, text: str) -> tuple[SubCommand, str] | None:
        """Return the sub-command that `text` begins with, and the rest of `text`; or None."""
        if self._unless and self._unless in text:
            return None
        number = _NUMBER.match(text) if self._number_first else None
        start = number.end() if number else 0
        ends = [start + m.end() for m in _WORD.finditer(text[start:])][:4]
        for end in reversed(ends):
            found = self._heard.get(compact(text[start:end].strip(_EDGES + " ")))
            if found is not None:
                before = f"{number[1]} " if number else ""
                return found, f"{before}{text[end:].strip()}".strip()
        return None

    def has_word(self, text: str) -> bool:
        """Return whether the whole text is one of the sub-commands' words."""
        return compact(text) in self._heard

    def nearest(self, text: str) -> SubCommand | None:
        """Return the sub-command that the misspelt first word of `text` probably means, or None."""
        heard = compact((text.split() or [""])[0].strip(_EDGES))
        near = [
            (distance, one.name.en, one)
            for name, one in self._heard.items()
            if one.is_suggested
            and is_slip(heard, name, distance := DamerauLevenshtein.distance(heard, name), own=True)
        ]
        return min(near, key=lambda found: found[:2])[2] if near else None

    def unknown(self, text: str) -> UserError:
        """Return the error for text that begins with no sub-command; it proposes the nearest
        one."""
        word = (text.split() or [""])[0][:40]
        near = self.nearest(text)
        if near is not None:
            said = _(
                "I didn't understand “{word}”. Is it `!{command} {sub}`? {what}",
                word=word,
                command=self.command,
                sub=near.name,
                what=near.example or near.help,
            )
        else:
            said = _(
                "I didn't understand “{word}”. What can be done: {subs}",
                word=word,
                subs=tuple(one.name for one in self._every),
            )
        return UserError(said, _("All of it: `!help {command}`", command=self.command))


def handler_params(handler: Handler) -> tuple[inspect.Parameter, ...]:
    """Return the parameters of a handler behind `ctx`, with evaluated annotations."""
    hints = get_type_hints(handler, include_extras=True)
    params = list(inspect.signature(handler).parameters.values())[1:]
    return tuple(p.replace(annotation=hints[p.name]) for p in params)
