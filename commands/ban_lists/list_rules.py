"""Parse and match the rules of shared ban lists (untrusted input). Pure."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.api import one_line

BAN_RECOMMENDATIONS = frozenset({"m.ban", "org.matrix.mjolnir.ban"})
HASH_FIELDS = ("org.matrix.msc4205.hashes", "m.hashes")
LONGEST, LONGEST_REASON = 255, 200


@dataclass(frozen=True, slots=True)
class BanListRule:
    """A ban rule. `entity` may be a pattern (`*`, `?`); it is empty if only the hash is known."""

    kind: str
    key: str
    entity: str
    hashed: str | None
    reason: str

    @property
    def is_pattern(self) -> bool:
        """Whether the rule holds the wildcards `*` or `?` (Matrix spec: moderation policies)."""
        return "*" in self.entity or "?" in self.entity

    @property
    def longest_literal(self) -> str:
        """The longest part of the rule's pattern that holds no wildcard."""
        return max(re.split(r"[*?]+", self.entity), key=len)


def read_rule(kind: str, key: str, content: Mapping[str, Any]) -> BanListRule | None:
    """Return the ban of a person or server that a rule event holds; None for any other or a
    withdrawn rule."""
    if kind not in ("user", "server") or content.get("recommendation") not in BAN_RECOMMENDATIONS:
        return None
    entity, hashed = content.get("entity"), _hash(content)
    if not isinstance(entity, str):
        entity = ""
    if not (entity or hashed) or len(entity) > LONGEST or len(key) > LONGEST:
        return None
    reason = content.get("reason")
    shown = one_line(reason) if isinstance(reason, str) else ""
    return BanListRule(kind, key, entity, None if entity else hashed, shown[:LONGEST_REASON])


def _hash(content: Mapping[str, Any]) -> str | None:
    for name in HASH_FIELDS:
        found = content.get(name)
        value = found.get("sha256") if isinstance(found, Mapping) else None
        if isinstance(value, str) and len(value) <= 64:
            return value.rstrip("=")
    return None


def entity_hash(entity: str) -> str:
    """Return the unpadded base64 SHA-256 of a rule's entity: a user id, room or server
    (MSC4205)."""
    return base64.b64encode(hashlib.sha256(entity.encode()).digest()).decode().rstrip("=")


def server_name(person: str) -> str:
    """Return the name of a person's server without its port: a ban rule covers all ports."""
    name = person.partition(":")[2]
    host, colon, port = name.rpartition(":")
    return host if colon and port.isdecimal() and not host.endswith(":") else name


def matches_pattern(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern where `*` is anything and `?` one character, in at
    most quadratic time."""
    at, place, star, mark = 0, 0, -1, 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            star, mark, place = place, at, place + 1
        elif place < len(pattern) and pattern[place] in ("?", text[at]):
            at, place = at + 1, place + 1
        elif star >= 0:
            mark += 1
            at, place = mark, star + 1
        else:
            return False
    return all(char == "*" for char in pattern[place:])


def names_person(rule: BanListRule, person: str) -> bool:
    """Return whether the rule bans the person, by their user id or their server."""
    named = person if rule.kind == "user" else server_name(person)
    if rule.hashed is not None:
        return entity_hash(named) == rule.hashed
    return matches_pattern(rule.entity, named) if rule.is_pattern else rule.entity == named
