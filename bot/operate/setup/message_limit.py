"""Finds out whether the homeserver lets the bot say enough at once. One answer for init and doctor.

Synapse counts a message that it is asked to send later (MSC4140) before it looks whether it takes
it. So messages that no homeserver takes, into a room that is not there and after a time that is too
long, meet the limit and leave nothing behind.
"""

from __future__ import annotations

from bot.gateway import Refused, TryLater
from bot.i18n import _
from bot.lines import Line
from bot.matrix.http import Http, path_segment

ENOUGH = 30
"""Messages at once: what a meeting's vote or a call for help in a few rooms takes."""
_NEVER = str(10**15)
"""A delay in milliseconds that no homeserver allows."""


def limit_line(user: str) -> Line:
    """Return the line about what to do where the homeserver limits how much the account may
    send."""
    return _(
        "The homeserver limits how often the bot may ask. Whoever runs it can exempt the account"
        " (Synapse): {request}",
        request=f"POST /_synapse/admin/v1/users/{user}/override_ratelimit",
    )


async def is_limited(homeserver: str, user: str, token: str) -> bool:
    """Return whether the account may not send `ENOUGH` messages at once.

    It uses up what the account may send in that moment. Raises `SignedOut`, or `TryLater` if the
    homeserver is in trouble.
    """
    room = path_segment(f"!nowhere:{user.partition(':')[2]}")
    http = Http(homeserver, token)
    try:
        for sent in range(ENOUGH):
            path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/minga-limit-{sent}"
            try:
                later = [("org.matrix.msc4140.delay", _NEVER)]
                await http.call("PUT", path, {}, query=later, timeout=20)
            except Refused:
                continue
            except TryLater as error:
                if error.code == "M_LIMIT_EXCEEDED":
                    return True
                raise
    finally:
        await http.close()
    return False
