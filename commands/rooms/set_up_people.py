"""Reads people's names out of a sentence, as it is answered: `pues Ana y Bea, creo`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.api import UserId, cut_addresses, find_addresses, fold, localpart

MYSELF = frozenset({"yo", "eu", "myself", "conmigo", "comigo"})
SHORTEST = 2
"""Letters of a name that is looked for in a sentence."""


@dataclass(frozen=True, slots=True)
class NamesFound:
    """Who is named in a sentence. `unclear` is a name that several have; `strangers`: addresses."""

    people: tuple[UserId, ...]
    unclear: str = ""
    several: tuple[UserId, ...] = ()
    strangers: tuple[UserId, ...] = ()


def find_names(said: str, names: Mapping[UserId, str], me: UserId) -> NamesFound:
    """Return which of `names` the text names: by address, whole name, local part, or first name."""
    addresses = list(find_addresses(said))
    found = [one for one in addresses if one in names]
    strangers = tuple(one for one in addresses if one not in names)
    text = fold(cut_addresses(said)).replace("@", " ")
    if MYSELF & set(re.findall(r"\w+", text)):
        found.append(me)
    for forms in _forms(names):
        for form in sorted(forms, key=len, reverse=True):
            shown = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")
            if not shown.search(text):
                continue
            left = [one for one in forms[form] if one not in found]
            if len(left) > 1 and len(left) == len(forms[form]):
                return NamesFound(tuple(found), form, tuple(left), strangers)
            found += left
            text = shown.sub(" ", text)
    return NamesFound(tuple(dict.fromkeys(found)), strangers=strangers)


def _forms(names: Mapping[UserId, str]) -> list[dict[str, list[UserId]]]:
    """Return whole names, local parts and first names, each with who has it."""
    every: list[dict[str, list[UserId]]] = [defaultdict(list) for _way in range(3)]
    for user, name in names.items():
        whole = " ".join(fold(name).split())
        first = next(iter(whole.split()), "")
        for forms, form in zip(every, (whole, fold(localpart(user)), first), strict=True):
            if len(form) >= SHORTEST:
                forms[form].append(user)
    return every
