"""Every line with a date that the project itself shows or types: guides, help, tour, tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.demo.tour_script import TOUR
from tests import guides
from tests.source_files import folders
from tests.words import strings, translations

ROOT = Path(__file__).parents[1]
_DATED = re.compile(
    r"\b(lun(es)?|mar(tes)?|mi[eé]rcoles|jueves|viernes|s[áa]bado|domingo|seg(unda)?|ter([çc]a)?"
    r"|quarta|quinta|sexta|mon(day)?|tue(sday)?|wednesday|thursday|friday|saturday|sunday|ma[ñn]ana"
    r"|amanh[ãa]|tomorrow|hoy|hoje|today|ayer|ontem|yesterday|\d{1,2}:\d\d|\d{1,2} ?h"
    r"|\d{1,2}/\d{1,2}"
    r"|\d ?[ap]m|\d+ (d[ií]as?|days?|horas?|hours?|meses|months?|weeks?|semanas?|minut\w+))\b",
    re.IGNORECASE,
)
_CODE = re.compile("`([^`]+)`")
_SHARE = re.compile(r"\d/\d(?!\d)|:\d+%")
"""`mayoria:2/3` is no date."""


class Typed(NamedTuple):
    """A line, the language of the room in which it is typed, and where it stands."""

    line: str
    language: str
    where: str


def is_dated(text: str) -> bool:
    return _DATED.search(_SHARE.sub("", text)) is not None


@cache
def shown() -> tuple[Typed, ...]:
    """What help, errors and examples show between backticks, in three languages."""
    found = []
    for folder in folders():
        where = folder.name
        spoken: dict[str, list[str]] = {"en": []}
        for language in ("es", "pt"):
            messages = [message for message in translations(folder, language) if message.id]
            spoken[language] = [text for message in messages for text in strings(message)]
            spoken["en"] += [text for message in messages for text in _forms(message.id)]
        for language, texts in spoken.items():
            lines = [line for text in texts for line in _CODE.findall(text)]
            found += [Typed(line, language, where) for line in lines if is_dated(line)]
    return tuple(dict.fromkeys(found))


def _forms(msgid: str | tuple[str, ...] | list[str]) -> list[str]:
    return [msgid] if isinstance(msgid, str) else [*msgid]


@cache
def written() -> tuple[Typed, ...]:
    """The tables of the promises, and what the README and the guides show."""
    promises = (ROOT / "docs/promises.md").read_text(encoding="utf-8").split("## Figures")[0]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [row for row in promises.splitlines() if row.startswith("|")]
    lines = [line for row in rows for line in _CODE.findall(row)]
    lines += re.findall(r"^(?:Ana|Bea|Carla) +(!.*)$", readme, re.MULTILINE)
    found = [Typed(line, "es", "README") for line in lines]
    for language in guides.LANGUAGES:
        for guide in guides.guides(language):
            text = guide.read_text(encoding="utf-8")
            shown = [*guides.codes(text), *guides.typed(text)]
            found += [Typed(line, language, guide.name) for line in shown]
    return tuple(dict.fromkeys(one for one in found if is_dated(one.line)))


@cache
def toured() -> tuple[Typed, ...]:
    """But for the line that is typed there in order to be asked back."""
    plain = [step.line for step in TOUR if "Which do you mean" not in step.expected]
    return tuple(Typed(line, "es", "tour") for line in plain if is_dated(line))


@cache
def really_typed() -> tuple[Typed, ...]:
    """What members type in the tests on real homeservers; holes are `{0}`."""
    files = sorted((ROOT / "tests/real").glob("*.py"))
    found = [Typed(line, "es", file.name) for file in files for line in _strings(file)]
    return tuple(dict.fromkeys(one for one in found if one.line[:1] == "!" and is_dated(one.line)))


def _strings(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{0}" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
