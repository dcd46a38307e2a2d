"""What the account data says about the bot's current run (docs/decisions/0027)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.gateway import Refused
from bot.i18n import _
from bot.lines import Line
from bot.matrix.account_data import read_account_data
from bot.matrix.fields import stamp_time
from bot.matrix.http import Http
from bot.types import UserId

CLAIM_TYPE = "org.minga.running"
MOST_FORMER = 10
"""Devices of earlier runs that a record names, and our own history."""
_NAME = re.compile(r"[\w.\-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the account data says about the current run. `since` is UTC in seconds.

    `stopped`: the earlier run, once it has said that it does nothing any more. `over`: a random
    word that the run left when it ended properly; its database has the same word. `former`: the
    devices of earlier runs that are still to be signed out.
    """

    run: str
    device: str
    since: int
    stopped: str = ""
    over: str = ""
    former: tuple[str, ...] = ()

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> RunRecord | None:
        """Return the record of a run that account data holds, or None for anything else, as the
        server could store anything there."""
        since, run = content.get("since"), _run_name(content.get("run"))
        if not run or not isinstance(since, int):
            return None
        stopped, over = (_run_name(content.get(name)) for name in ("stopped", "over"))
        listed = content.get("former")
        former = map(_run_name, listed[:MOST_FORMER] if isinstance(listed, list) else [])
        device = _run_name(content.get("device"))
        return cls(run, device, since, stopped, over, tuple(filter(None, former)))

    def devices_before(self, current: str) -> tuple[str, ...]:
        """Return the devices that this run and earlier ones used, the latest first, without the
        current one."""
        used = dict.fromkeys((self.device, *self.former))
        return tuple(one for one in used if one not in ("", current))[:MOST_FORMER]

    def superseded_line(self) -> Line:
        """Return the sentence that explains why any other run stops, and what its operator can
        do."""
        since = f"{stamp_time(self.since * 1000):%Y-%m-%d at %H:%M} UTC"
        return _(
            "Another bot took over this account on {since} (device {device}), so this"
            " one does nothing any more. If that one is to go on, remove this one. If"
            " this one is, stop that one for good and start this one with: minga run"
            " --take-over.",
            since=since,
            device=self.device,
        )


async def current_run(http: Http, me: UserId) -> RunRecord | None:
    """Return the record of the run that claimed the account last, or None. Changes nothing."""
    try:
        return RunRecord.read(await read_account_data(http, me, CLAIM_TYPE))
    except Refused:
        return None


def _run_name(value: Any) -> str:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""
