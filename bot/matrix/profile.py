"""Profiles: the account's own name and picture, and the time zone in somebody else's."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.gateway import Refused, TryLater
from bot.matrix.http import Http, path_segment
from bot.types import UserId

PICTURE = Path(__file__).parent / "profile_picture.png"
_ZONE_FIELDS = ("m.tz", "us.cloke.msc4175.tz")
"""MSC4175, and its name from before; fields of a profile by spec v1.16."""
_ZONE_TIMEOUT = 5
"""In seconds: another server may have to be asked, while somebody waits for an answer."""
_LONGEST_ZONE = 64


async def update_profile(http: Http, me: UserId, name: str) -> None:
    """Set the bot's display name if it differs, and the bot's picture if the account has none.

    A picture that the operator chose stays (spec §Profiles).
    """
    path = f"/_matrix/client/v3/profile/{path_segment(me)}"
    try:
        shown = await http.call("GET", path)
    except Refused:  # nothing was ever set
        shown = {}
    if shown.get("displayname") != name:
        await http.call("PUT", f"{path}/displayname", {"displayname": name})
    if not shown.get("avatar_url"):
        picture = await asyncio.to_thread(PICTURE.read_bytes)
        address = await http.upload(picture, "image/png")
        await http.call("PUT", f"{path}/avatar_url", {"avatar_url": address})


async def read_zone(http: Http, user: UserId) -> str | None:
    """Return the time zone that a person's profile names, unchecked; None if the profile can't be
    had."""
    path = f"/_matrix/client/v3/profile/{path_segment(user)}"
    try:
        shown = await http.call("GET", path, timeout=_ZONE_TIMEOUT)
    except (Refused, TryLater):
        return None
    found = next((shown[name] for name in _ZONE_FIELDS if name in shown), None)
    return found if isinstance(found, str) and len(found) <= _LONGEST_ZONE else None
