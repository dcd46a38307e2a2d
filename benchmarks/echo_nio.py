"""The fastest bot there is, on plain nio: joins where it is invited and says again what it hears.

`python -m benchmarks.echo_nio URL USER DEVICE STORE`, with the access token in `ECHO_TOKEN`.
"""

from __future__ import annotations

import asyncio
import os
import sys

import nio  # the plain bot is nothing else


async def echo(url: str, user: str, device: str, token: str, store: str) -> None:
    """Answer every text with the same text, as a reply, until the process ends."""
    config = nio.AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True)
    client = nio.AsyncClient(url, user, device, store_path=store, config=config)

    async def join(room: nio.MatrixRoom, event: nio.InviteMemberEvent) -> None:
        if event.state_key == client.user_id and event.membership == "invite":
            await client.join(room.room_id)

    async def say_again(room: nio.MatrixRoom, event: nio.RoomMessageText) -> None:
        if event.sender != client.user_id:
            content = {
                "msgtype": "m.text",
                "body": event.body,
                "m.relates_to": {"m.in_reply_to": {"event_id": event.event_id}},
            }
            await client.room_send(
                room.room_id, "m.room.message", content, ignore_unverified_devices=True
            )

    async def tell(_answer: nio.SyncResponse) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        client.response_callbacks.clear()

    client.add_event_callback(join, nio.InviteMemberEvent)
    client.add_event_callback(say_again, nio.RoomMessageText)
    client.add_response_callback(tell, nio.SyncResponse)
    client.restore_login(user, device, token)
    await client.sync_forever(timeout=30_000, full_state=True)


if __name__ == "__main__":
    url, user, device, store = sys.argv[1:]
    asyncio.run(echo(url, user, device, os.environ["ECHO_TOKEN"], store))
