"""Whatever stands in a message of a linked network, reading it breaks nothing."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from bot.capability.discovery import features
from commands.links.protocol.inbound import HANDLERS
from tests.links.between import Between
from tests.links.liar import Liar, a_thing

HUGE, LONG = 2**53 - 1, "x" * 20_000
NASTY: tuple[Any, ...] = (
    "",
    LONG,
    "\u202e\n@room",
    0,
    -1,
    HUGE,
    [],
    [[]],
    ["", 1],
    {},
    {"": ""},
    {"a": {"b": []}},
    "0" * 32,
    "f" * 64,
    "A" * 43,
    {"going": HUGE},
    {"0" * 32: HUGE},
    [{"key": "A" * 43, "name": 1}],
)
FIELDS = (
    "step",
    "to",
    "name",
    "languages",
    "certificate",
    "bound",
    "others",
    "nonce",
    "key",
    "bot",
    "what",
    "version",
    "content",
    "counts",
    "network",
    "first",
    "last",
    "after",
    "of",
    "ids",
    "ends",
    "terms",
    "answer",
    "part",
    "sealed",
    "result",
    "commits",
    "reveals",
    "statement",
    "id",
    "title",
    "networks",
    "closes",
)


def bodies(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Nothing; each value in every field at once; what makes sense, but for one field."""
    return [
        {},
        *(dict.fromkeys(FIELDS, value) for value in NASTY if value != LONG),
        *({**whole, name: value} for name in whole for value in NASTY),
    ]


def sound(kind: str, world: Between, liar: Liar) -> dict[str, Any]:
    """A body of that kind as an honest bot would write it."""
    written = [one["body"] for one in world.wire if one["kind"] == kind]
    known: dict[str, dict[str, Any]] = {
        "share": a_thing(1),
        "withdraw": {"version": 2},
        "totals": {"counts": {"going": 1}},
        "bring": {"bot": "@minga:z"},
        "held": {"of": liar.signer.public, "ids": {"a" * 32: 1}},
        "want": {"network": liar.signer.public, "first": 1, "last": 2},
        "here": {"ends": {}},
        "bye": {},
        "accept": {"keys": ["A" * 43]},
        "introduce": {"introductions": []},
        "introduced": {"terms": "0" * 64, "introduced": [{"by": ["A" * 43], "who": "1"}]},
    }
    return written[0] if written else known.get(kind, {"terms": "0" * 64, "part": "1"})


features()  # all of them say what they hear


@pytest.mark.parametrize("kind", sorted({"hello", "want", *HANDLERS} - {"bye"}))
async def test_nothing_that_is_said_breaks_who_hears_it(world: Between, kind: str) -> None:
    liar = Liar.of(world)
    with structlog.testing.capture_logs() as logs:
        for body in bodies(sound(kind, world, liar)):
            await liar.tells(liar.next(kind, body))
            async with world.of("b").machine.db.transaction() as tx:
                await tx.run("UPDATE links_peer SET junk = 0, busy = 0, again_at = 0, owes = 1")
    broken = [one for one in logs if one["log_level"] == "error"]
    assert broken == []
    assert "Feria 9" in await liar.tells(liar.next("share", a_thing(9), "9" * 32))
