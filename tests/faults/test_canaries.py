"""What plain nio does where no other test of ours runs it."""

from __future__ import annotations

import re

from tests.real.fixtures import Enter, EnterPlain
from tests.real.heard import Heard
from tests.real.servers import Pair

SENTENCES = 4
UNSIGNED = re.compile("UNSIGNED|UNKNOWN_SENDER|UNVERIFIED")


async def test_plain_nio_is_not_read_by_a_strict_element(
    pair: Pair, element: Enter, plain: EnterPlain
) -> None:
    """It signs no device: what it says is refused, and it gets no key of what is said."""
    ana = await element(pair.person("ana", pair.a))
    nio = await plain(pair.person("nio", pair.a), sign=False)
    room = await ana.create_room(invite=[nio.user], name="Sala")
    await nio.accept(room)
    await ana.joined(room, nio.user)

    def is_unread(heard: Heard) -> bool:
        return heard.failure is not None and heard.encrypted

    for number in range(SENTENCES):
        await ana.send(room, f"said {number}")
        await nio.send(room, f"answered {number}")
    unread = [await ana.hears(is_unread, room=room, sender=nio.user) for _ in range(SENTENCES)]
    assert all(UNSIGNED.search(str(one.failure)) for one in unread)
    for _ in range(SENTENCES):
        await nio.hears(is_unread, room=room, sender=ana.user)
