"""Explains mistakes in the configuration, one plain line each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

Sections = Mapping[str, type[BaseModel]]


def mistake_lines(error: ValidationError, sections: Sections) -> list[str]:
    """Return a line for each mistake. Values are left out, because they may be secrets."""
    return list(
        dict.fromkeys(_explain(sections, e["loc"], e["type"], e["msg"]) for e in error.errors())
    )


def _explain(sections: Sections, loc: tuple[int | str, ...], kind: str, message: str) -> str:
    names = [str(part) for part in loc if isinstance(part, str)]
    if not names:
        return _reason(kind, message)
    key = ".".join(names[:2])
    section = sections.get(names[0]) if names else None
    if kind == "extra_forbidden":
        return f"{key}: unknown key{_nearest(sections, names)}"
    if section is None or len(names) == 1:
        what = "missing section" if kind == "missing" else _reason(kind, message)
        return f"{key or 'config.toml'}: {what}; config.example.toml shows it"
    return mistake_line(key, section.model_fields[names[1]], _reason(kind, message))


def mistake_line(key: str, field: FieldInfo, reason: str) -> str:
    """Return the line for one key: the reason, what is expected, and an example."""
    example = (field.examples or [""])[0]
    return f"{key}: {reason}. Expected: {field.description}, such as {example}"


_REASONS = {
    "missing": "missing",
    "too_short": "empty",
    "string_too_short": "empty",
    "string_too_long": "too long",
    "string_type": "not a text in quotes",
    "path_type": "not a path in quotes",
    "tuple_type": "not a list",
    "literal_error": "not one of those known",
    "bool_parsing": "neither true nor false",
    "bool_type": "neither true nor false",
    "greater_than_equal": "too small",
    "less_than_equal": "too large",
    "model_type": "not a section",
    "json_invalid": "not a list",
}


def _reason(kind: str, message: str) -> str:
    if kind in _REASONS:
        return _REASONS[kind]
    if kind.startswith("int_"):
        return "not a whole number"
    return message.removeprefix("Value error, ")


def _nearest(sections: Sections, names: list[str]) -> str:
    section = sections.get(names[0])
    known = list(sections) if len(names) == 1 or section is None else list(section.model_fields)
    near = difflib.get_close_matches(names[-1], known, 1, 0.6)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"
