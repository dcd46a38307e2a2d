"""A linked network that says what it likes, to whom it likes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.api import RoomId, Signer, UserId
from bot.testing.fake_gateway import signer_of
from bot.testing.talk import START_TIME
from commands.links.protocol.envelope import NetworkEnvelope
from tests.links.between import Between

A, B, C = (UserId(f"@minga:{name}") for name in "abc")


@dataclass(slots=True)
class Liar:
    """Who holds the keys of network A, and says what it likes, to whom it likes."""

    world: Between
    signer: Signer
    link: str
    seq: int
    prev: str

    @classmethod
    def of(cls, world: Between) -> Liar:
        signer = signer_of(world.of("a").gateway)
        last = [one for one in world.wire if one["network"] == signer.public][-1]
        one = envelope_of(last)
        return cls(world, signer, one.link, one.seq, one.hash)

    def next(
        self, kind: str, body: dict[str, Any], name: str = "d" * 32, **more: Any
    ) -> NetworkEnvelope:
        given = {"seq": self.seq + 1, "prev": self.prev, **more}
        one = NetworkEnvelope(
            link=self.link, network=self.signer.public, kind=kind, id=name, body=body, **given
        ).sign_with(self.signer)
        self.seq, self.prev = one.seq, one.hash
        return one

    async def tells(self, one: NetworkEnvelope, to: UserId = B) -> str:
        await self.world.hears(to, A, room(self.world), one.content())
        await self.world.flow()
        return self.world.told(to.split(":")[1])


def envelope_of(content: dict[str, Any]) -> NetworkEnvelope:
    return NetworkEnvelope.model_validate(
        {k: v for k, v in content.items() if k in NetworkEnvelope.model_fields}
    )


def room(world: Between) -> RoomId:
    return next(iter(world.inside))


def soon() -> str:
    """Eight days after the beginning, as calendars write it."""
    return f"{START_TIME.at + timedelta(days=8):%Y%m%d}T190000Z"


def a_thing(n: int, version: int = 1) -> dict[str, Any]:
    text = (
        f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x{n}\r\nSUMMARY:Feria {n}\r\n"
        f"DTSTART:{soon()}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return {"what": "event", "version": version, "content": {"calendar": text}}


def said_by(world: Between, name: str) -> list[dict[str, Any]]:
    key = signer_of(world.of(name).gateway).public
    return [one for one in world.wire if one["network"] == key]


def names() -> Iterator[str]:
    for n in range(10_000):
        yield f"{n:032x}"
