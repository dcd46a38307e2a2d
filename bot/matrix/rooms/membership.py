"""Invite, remove, join and leave, and create rooms.

These requests have no transaction id, so all are idempotent: what is done already succeeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.gateway import INVITE_BLOCKED, Refused
from bot.matrix.fields import is_room_id, read_membership
from bot.matrix.http import Http, path_segment
from bot.matrix.sync.state_mirror import Mirror
from bot.types import Membership, RoomId, UserId
from storage.rooms import PUBLIC_ROOM

JOIN_TIMEOUT = 180
"""In seconds. A join over federation asks other servers one after the other."""
ALIAS = "m.room.canonical_alias"
ROOMS_API = "/_matrix/client/v3/rooms"
OURS_ALONE = 100
"""The power that in a public room only its creator has."""
_GONE_STATES = (Membership.LEAVE, Membership.BAN)


class RoomMembership:
    """Requests that change who is in which room."""

    def __init__(self, http: Http, mirror: Mirror, me: UserId, hints: Mapping[RoomId, str]) -> None:
        self._http = http
        self._mirror = mirror
        self._me = me
        self._hints = hints

    async def get_state(self, room: RoomId, kind: str, key: str) -> Mapping[str, Any] | None:
        """Return the content of a state event as the server has it now, or None if there is
        none."""
        try:
            path = (
                f"{ROOMS_API}/{path_segment(room)}/state/{path_segment(kind)}/{path_segment(key)}"
            )
            return await self._http.call("GET", path)
        except Refused as refused:
            if refused.code == "M_NOT_FOUND":
                return None
            raise

    async def get_membership(self, room: RoomId, user: UserId) -> Membership:
        return read_membership(await self.get_state(room, "m.room.member", user) or {})

    async def invite(self, room: RoomId, user: UserId, reason: str) -> None:
        try:
            await self._act(room, "invite", {"user_id": user, "reason": reason})
        except Refused:
            if await self.get_membership(room, user) not in (Membership.JOIN, Membership.INVITE):
                raise

    async def remove(self, room: RoomId, user: UserId, reason: str, how: str) -> None:
        """Kick, ban or unban a person.

        For what is done already, Synapse answers 403 as for what is forbidden.
        """
        if how not in ("kick", "ban", "unban"):
            raise ValueError(how)
        try:
            await self._act(room, how, {"user_id": user, "reason": reason})
        except Refused:
            now = await self.get_membership(room, user)
            done = {
                "kick": now in _GONE_STATES,
                "ban": now is Membership.BAN,
                "unban": now is not Membership.BAN,
            }
            if not done[how]:
                raise

    async def join(self, room: RoomId) -> None:
        """Join a room, also over federation: through the inviter's server, or the one in an old
        room id."""
        servers = [self._hints[room]] if room in self._hints else []
        if ":" in room:
            servers.append(room.partition(":")[2])
        query = [(name, s) for s in dict.fromkeys(servers) for name in ("server_name", "via")]
        path = f"/_matrix/client/v3/join/{path_segment(room)}"
        await self._http.call("POST", path, {}, query=query, timeout=JOIN_TIMEOUT)
        await self._mirror.fetch_state(room)

    async def leave(self, room: RoomId, reason: str) -> None:
        """Leave the room or decline its invitation, and forget it."""
        for step, body in (("leave", {"reason": reason}), ("forget", {})):
            try:
                await self._act(room, step, body)
            except Refused as refused:
                if step == "leave" and not _is_already_left(refused):
                    raise
        await self._mirror.note_left(room)

    async def make_private_room(self, user: UserId, alias: str) -> RoomId:
        """Create an encrypted room for two and return its id. The same `alias` finds the room
        created before."""
        try:
            room = await self._create(_private_room(user, alias))
        except Refused as refused:
            if refused.code not in ("M_ROOM_IN_USE", INVITE_BLOCKED):
                raise
            room = await self._room_of_alias(alias, refused)
            await self._invite_missing(room, user)
        await self._hide_alias(room)
        return room

    async def _invite_missing(self, room: RoomId, user: UserId) -> None:
        """Invite a person if the room exists without their invitation, unless they take none.

        Somebody who left is not invited again.
        """
        if await self.get_state(room, "m.room.member", user) is None:
            try:
                await self.invite(room, user, "")
            except Refused as refused:
                if refused.code != INVITE_BLOCKED:
                    raise

    async def _hide_alias(self, room: RoomId) -> None:
        """Take the alias out of the room's state: clients would show it in place of our name.

        The server still knows it, so that the room is made once (spec §Calculating the display
        name for a room).
        """
        if await self.get_state(room, ALIAS, ""):
            path = f"{ROOMS_API}/{path_segment(room)}/state/{ALIAS}/"
            await self._http.call("PUT", path, {})

    async def make_room(
        self, alias: str, name: str, topic: str, invite: list[UserId], kind: str
    ) -> RoomId:
        """Create an encrypted room by invitation and return its id. The same `alias` finds the room
        created before.

        A refused invitation fails the whole request but leaves the room behind.
        """
        try:
            return await self._create(_common_room(alias, name, topic, invite, kind))
        except Refused as refused:
            return await self._room_of_alias(alias, refused)

    async def make_public_room(self, alias: str, name: str, topic: str) -> RoomId:
        """Create a public room of the bot's and return its id. The same `alias` finds the room
        created before."""
        try:
            room = await self._create(_public_room(alias, name, topic))
        except Refused as refused:
            if refused.code != "M_ROOM_IN_USE":
                raise
            return await self._room_of_alias(alias, refused, is_public=True)
        known = await self._mirror.get_room(room)
        if known is None or known.is_encrypted:  # by a rule of the server: nobody could read it
            await self.leave(room, "")
            raise Refused("M_FORBIDDEN", "the homeserver encrypts every room")
        return room

    async def _create(self, body: Mapping[str, Any]) -> RoomId:
        answer = await self._http.call("POST", "/_matrix/client/v3/createRoom", body)
        if not is_room_id(answer.get("room_id")):
            raise Refused("M_BAD_JSON", "createRoom gave no room")
        room = RoomId(str(answer["room_id"]))
        await self._mirror.fetch_state(room)
        return room

    async def _room_of_alias(
        self, alias: str, refused: Refused, *, is_public: bool = False
    ) -> RoomId:
        """Return our room with this alias, an encrypted or a public one. Raises `refused` if there
        is none.
        """
        name = f"#{alias}:{self._me.partition(':')[2]}"
        try:
            answer = await self._http.call(
                "GET", f"/_matrix/client/v3/directory/room/{path_segment(name)}"
            )
        except Refused:
            raise refused from None
        if not is_room_id(answer.get("room_id")):
            raise refused
        room = RoomId(str(answer["room_id"]))
        await self._mirror.fetch_state(room)
        known = await self._mirror.get_room(room)
        if known is None or self._me not in known.creators:
            raise refused  # another account's room: send nothing private there
        if known.is_public is not is_public or known.is_encrypted is is_public:
            raise refused
        return room

    async def _act(self, room: RoomId, act: str, body: Mapping[str, Any]) -> None:
        given = {key: value for key, value in body.items() if value}
        await self._http.call("POST", f"{ROOMS_API}/{path_segment(room)}/{act}", given)


def _is_already_left(refused: Refused) -> bool:
    """Return whether the refusal means that we are not in the room, or there is none."""
    return refused.code in ("M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN")


def _state_event(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "state_key": "", "content": content}


_ENCRYPTED = _state_event("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})


def _common_room(
    alias: str, name: str, topic: str, invite: list[UserId], kind: str
) -> dict[str, Any]:
    typed = {"creation_content": {"type": kind}} if kind else {}
    return typed | {
        "room_alias_name": alias,
        "name": name,
        "topic": topic,
        "invite": invite,
        "preset": "private_chat",
        "visibility": "private",
        "initial_state": [_ENCRYPTED],
    }


def _private_room(user: UserId, alias: str) -> dict[str, Any]:
    return {
        "room_alias_name": alias,
        "invite": [user],
        "is_direct": True,
        "preset": "trusted_private_chat",
        "visibility": "private",
        "initial_state": [
            _ENCRYPTED,
            _state_event("m.room.history_visibility", {"history_visibility": "invited"}),
            _state_event(ALIAS, {}),  # before the invitation, which else shows it as the name
        ],
    }


def _public_room(alias: str, name: str, topic: str) -> dict[str, Any]:
    """Return a room that everybody reads, and where nobody but its creator has any power.

    It is not listed in the server's directory. What marks it stands in its creation, for ever.
    """
    shut = dict.fromkeys(
        ("events_default", "state_default", "invite", "kick", "ban", "redact"), OURS_ALONE
    )
    return {
        "room_alias_name": alias,
        "name": name,
        "topic": topic,
        "preset": "public_chat",
        "visibility": "private",
        "creation_content": {PUBLIC_ROOM: True},
        "power_level_content_override": {**shut, "notifications": {"room": OURS_ALONE}},
        "initial_state": [
            _state_event("m.room.history_visibility", {"history_visibility": "world_readable"}),
        ],
    }
