"""What a module of `bot/delivery/kinds/` declares: kinds of entries, and who writes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.delivery.effects import Effect
from bot.delivery.entry_kind import EntryKind
from bot.delivery.entry_writer import EntryWriter, WriteEffect

E = TypeVar("E", bound=Effect)


@dataclass(frozen=True, slots=True)
class EffectWriter:
    """An effect's class and the function that writes its entry."""

    effect: type[Effect]
    write: WriteEffect


def writes(effect: type[E], write: Callable[[EntryWriter, E], Awaitable[None]]) -> EffectWriter:
    """Register the decorated function as the one that writes the outbox entries of an effect, and
    return the registration."""
    return EffectWriter(effect, write)


@dataclass(frozen=True, slots=True)
class Subject:
    """The kinds of entries and the writers of one module."""

    kinds: tuple[EntryKind[Any], ...] = ()
    writers: tuple[EffectWriter, ...] = ()
