"""The mark on a Megolm session that lets newcomers have its key (MSC3061, Matrix 1.19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHARED_HISTORY = "org.matrix.msc3061.shared_history"
"""The mark's name that every app reads. To some, a second name in one event is a duplicate field,
for which they drop the key."""
NAMES = ("shared_history", "m.shared_history", SHARED_HISTORY)
"""The names that others give it: that of the spec, and those from before."""


def is_shared(room_key: Mapping[str, Any]) -> bool:
    """Return whether the content of an `m.room_key` says that newcomers may have the key. Any mark
    but `true` says no."""
    said = [room_key[name] for name in NAMES if name in room_key]
    return bool(said) and all(value is True for value in said)
