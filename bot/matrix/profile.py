"""The account's own profile: the name and the picture that people see beside its messages."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.gateway import Refused
from bot.matrix.http import Http, path_segment
from bot.types import UserId

PICTURE = Path(__file__).parent / "profile_picture.png"


async def update_profile(http: Http, me: UserId, name: str) -> None:
    """Set the display name if it is another one, and our picture if there is none.

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
