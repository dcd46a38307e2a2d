"""Explains mistakes in the configuration, one plain line each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.i18n import _, verbatim
from bot.lines import Line


class MistakenValue(ValueError):
    """A value that a validator refuses; the line says why, without the value."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.in_english())
        self.line = line


Sections = Mapping[str, type[BaseModel]]


def mistake_lines(
    error: ValidationError, sections: Sections, *, section: str = "", key: str = ""
) -> list[Line]:
    """Return a line for each mistake in the configuration. Values are left out, because they may be
    secrets.

    With `section` and `key`: only those about that key, for an error of that section alone.
    """
    above = (section,) if section else ()
    mistakes = [e for e in error.errors() if not key or e["loc"][:1] == (key,)]
    found = [_explain(sections, (*above, *e["loc"]), e["type"], _reason(e)) for e in mistakes]
    return [line for n, line in enumerate(found) if line not in found[:n]]


def _explain(sections: Sections, loc: tuple[int | str, ...], kind: str, reason: Line) -> Line:
    names = [str(part) for part in loc if isinstance(part, str)]
    if not names:
        return reason
    key = ".".join(names[:2])
    section = sections.get(names[0])
    if kind == "extra_forbidden":
        return _unknown_line(sections, names)
    if section is None or len(names) == 1:
        what = _("missing section") if kind == "missing" else reason
        return _("{key}: {what}; config.example.toml shows it", key=key, what=what)
    return mistake_line(key, section.model_fields[names[1]], reason)


def mistake_line(key: str, field: FieldInfo, reason: Line) -> Line:
    """Return the line about one mistaken key: the reason, what is expected, and an example."""
    return _(
        "{key}: {reason}. Expected: {meaning}, such as {example}",
        key=key,
        reason=reason,
        meaning=Line(field.description or ""),
        example=(field.examples or [""])[0],
    )


_REASONS = {
    "missing": _("missing"),
    "too_short": _("empty"),
    "string_too_short": _("empty"),
    "string_too_long": _("too long"),
    "string_type": _("not a text in quotes"),
    "path_type": _("not a path in quotes"),
    "tuple_type": _("not a list"),
    "literal_error": _("not one of those known"),
    "bool_parsing": _("neither true nor false"),
    "bool_type": _("neither true nor false"),
    "greater_than_equal": _("too small"),
    "less_than_equal": _("too large"),
    "model_type": _("not a section"),
    "json_invalid": _("not a list"),
}


def _reason(mistake: Mapping[str, Any]) -> Line:
    """Return what is wrong with a value, without the value."""
    kind = mistake["type"]
    if kind in _REASONS:
        return _REASONS[kind]
    if kind.startswith("int_"):
        return _("not a whole number")
    told = mistake.get("ctx", {}).get("error")
    return told.line if isinstance(told, MistakenValue) else verbatim(mistake["msg"])


def _unknown_line(sections: Sections, names: list[str]) -> Line:
    section, key = sections.get(names[0]), ".".join(names[:2])
    known = list(sections) if len(names) == 1 or section is None else list(section.model_fields)
    near = difflib.get_close_matches(names[-1], known, 1, 0.6)
    return _line_about(key, near, known)


def _line_about(key: str, near: Sequence[str], known: Iterable[str]) -> Line:
    """Return the line about an unknown key: the one that was meant, else those that there are."""
    if near:
        return _("{key}: unknown key; did you mean {near}?", key=key, near=near[0])
    return _("{key}: unknown key; known here: {known}", key=key, known=", ".join(known))


def unknown_variables(
    environment: Mapping[str, str], prefix: str, sections: Sections
) -> list[Line]:
    """Return a line for each environment variable that is written like a configuration key and
    matches none, such as a misspelt one.

    Variables with our prefix that name no section are not about the configuration.
    """
    known = {f"{prefix}{name}".upper() for name in sections}
    known |= {
        f"{prefix}{name}__{key}".upper()
        for name, section in sections.items()
        for key in section.model_fields
    }
    found = []
    for name in sorted(environment):
        plain = name.upper()
        if not plain.startswith(prefix) or plain in known:
            continue
        near = difflib.get_close_matches(plain, known, 1, 0.85)
        if near or "__" in plain:
            told = (f"{prefix}{one}__…".upper() for one in sections)
            found.append(_line_about(name, near, told))
    return found
