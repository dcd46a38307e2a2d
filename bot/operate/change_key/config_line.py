"""Changes the one line of config.toml that says whether a passphrase locks the data."""

from __future__ import annotations

import json
import re
import tomllib

_SECTION = re.compile(r"^\s*\[storage\]\s*(?:#.*)?$")
_ANY_SECTION = re.compile(r"^\s*\[")
_LINE = re.compile(r"^\s*passphrase_file\s*=")


def with_passphrase_file(text: str, value: str | None) -> str | None:
    """Return the configuration's text with this `storage.passphrase_file`, or without one.

    One line is added, changed or removed. None if the file is written in a way in which that would
    not do, or would do more.
    """
    lines = text.splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if _SECTION.match(line)), None)
    if head is None:
        if value is None:
            return None
        newline = "" if not lines or lines[-1].endswith("\n") else "\n"
        changed = f"{text}{newline}\n[storage]\n{_setting(value)}"
    else:
        end = next(
            (n for n in range(head + 1, len(lines)) if _ANY_SECTION.match(lines[n])), len(lines)
        )
        old = next((n for n in range(head + 1, end) if _LINE.match(lines[n])), None)
        if not lines[head].endswith("\n"):
            lines[head] += "\n"
        new = [] if value is None else [_setting(value)]
        if old is None:
            lines[head + 1 : head + 1] = new
        else:
            lines[old : old + 1] = new
        changed = "".join(lines)
    return changed if _is_that_change(text, changed, value) else None


def _setting(value: str) -> str:
    """Return the line. TOML's basic strings are those of JSON."""
    return f"passphrase_file = {json.dumps(value)}\n"


def _is_that_change(before: str, after: str, value: str | None) -> bool:
    """Return whether the texts differ in that setting alone."""
    try:
        wanted, found = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    storage = wanted.setdefault("storage", {})
    if value is None:
        storage.pop("passphrase_file", None)
    else:
        storage["passphrase_file"] = value
    return found == wanted
