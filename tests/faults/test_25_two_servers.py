"""Two networks on two homeservers, their bots with one device id: cut off, killed, in disorder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.figures import Figure
from tests.faults.given_keys import GivenKeys
from tests.real.disorder import Disorder
from tests.real.linking import Network
from tests.real.proxy import changed
from tests.real.servers import Pair
from tests.real.test_links_cut import CUT_SECONDS, MESSAGES, split

DEVICE = "MINGA01"
FAKE = "FAKEDEVICE"


def also_fake(user: str) -> Callable[[Any], None]:
    """Return a fault: her server shows one more device, with the keys of the first, unsigned."""

    def change(body: Any) -> None:
        devices = body.get("device_keys", {}).get(user, {})
        if not devices:
            return
        first = next(iter(devices.values()))
        keys = {name.replace(DEVICE, FAKE): key for name, key in first["keys"].items()}
        devices[FAKE] = {**first, "device_id": FAKE, "keys": keys, "signatures": {}}

    return change


@pytest.mark.full  # tests/real/test_links_cut.py is the same with fewer messages
async def test_each_message_counts_once(figure: Figure, pair: Pair, tmp_path: Path) -> None:
    figure.mark(
        "200 of 200 messages between networks exactly once after a split of 10 minutes; equal"
        " device ids do no harm; 0 keys for a device that a hostile server made up"
    )
    given: list[GivenKeys] = []
    bots: list[str] = []

    def lies(a: Network, b: Network, rough: list[Disorder]) -> None:
        """Each side's server makes up a device of the other bot, and hands what it is given."""
        for wild, other in zip(rough, (b, a), strict=True):
            given.append(GivenKeys.of(wild.proxy))
            wild.proxy.on("keys/query", changed(also_fake(other.bot.user)))
            bots.append(other.bot.user)

    rough = await split(pair, tmp_path, DEVICE, lies)
    stolen = sum(keys.to(user, FAKE) for keys, user in zip(given, bots, strict=True))
    keys = sum(keys.to(user, DEVICE) for keys, user in zip(given, bots, strict=True))
    done = {
        what: sum(wild.done[what] for wild in rough) for what in ("twice", "late", "heard again")
    }
    figure.result(
        f"{MESSAGES} of {MESSAGES} once after a split of {CUT_SECONDS // 60} min, both bots with"
        f" the device id {DEVICE}; of what they said {done['twice']} went twice,"
        f" {done['late']} late;"
        f" {done['heard again']} events were heard again; keys for the made-up device {stolen}, for"
        f" the signed one {keys}",
        passed=stolen == 0 and keys > 0 and all(done.values()),
        stolen=stolen,
        **{what.replace(" ", "_"): count for what, count in done.items()},
    )
