"""Writes the effects that handlers return into the outbox, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

import structlog

from bot.capability import room_policy
from bot.capability.context import Origin
from bot.capability.feature import Answer
from bot.capability.room_policy import Defaults
from bot.conversation.event_relations import tag_answer
from bot.delivery import event_content, rendering
from bot.delivery.effects import (
    AcceptIdentity,
    CollectSentEvents,
    CreateRoom,
    Edit,
    EndPoll,
    FileContent,
    ForgetRoomKeys,
    Help,
    Invite,
    Join,
    Leave,
    MessageRef,
    React,
    Redact,
    Remove,
    RenderLine,
    Say,
    SendFile,
    SendRaw,
    SetPowerLevel,
    SetState,
    StartPoll,
    Target,
)
from bot.delivery.rendering import Reader, RenderedText, Renderer
from bot.run.duties import daily_digest
from bot.types import LANGUAGES, Line, Media, Number, RoomId, UserId
from storage import outbox_entries, rooms
from storage.database import Tx

log = structlog.get_logger(__name__)

REPORTED_KINDS = frozenset({"invite", "remove", "redact", "state", "join", "file"})
"""Kinds whose requester is told if the homeserver refuses them (`bot/delivery/refusals.py`)."""


@dataclass(frozen=True, slots=True)
class AnswerWriter:
    """Writes answers into the outbox: the renderer, the defaults and the device to write with."""

    renderer: Renderer
    defaults: Defaults
    device: str
    now: Callable[[], datetime]

    async def write_answer(
        self, tx: Tx, answer: Answer, origin: Origin, now: datetime
    ) -> list[int]:
        """Write the entries of an answer and return their ids. Plain lines become one reply to
        `origin`.

        `now` (UTC) is the instant by which the texts tell dates.
        """
        writer = EntryWriter(self, tx, origin, now)
        said, effects = _split_answer(answer)
        if said:
            await writer.write(Say(said, reply_to=origin.event, thread=origin.thread))
        for effect in effects:
            await writer.write(effect)
        return writer.entries


def _split_answer(answer: Answer) -> tuple[tuple[Line, ...], list[Any]]:
    if answer is None:
        return (), []
    every = list(answer) if isinstance(answer, Iterable) else [answer]
    lines = tuple(one for one in every if isinstance(one, Line))
    return lines, [one for one in every if not isinstance(one, Line)]


class EntryWriter:
    """Writes the outbox entries of one answer."""

    def __init__(self, desk: AnswerWriter, tx: Tx, origin: Origin, now: datetime) -> None:
        self._desk = desk
        self._tx = tx
        self._origin = origin
        self._now = now
        self.entries: list[int] = []

    @singledispatchmethod
    async def write(self, effect: Any) -> None:
        """Write the entry of an effect, by its type. Raises `TypeError` for anything else."""
        raise TypeError(f"not an effect: {type(effect).__name__}")

    @write.register
    async def _(self, effect: Say) -> None:
        if effect.to == "":  # its addressee was forgotten
            return
        effect = replace(effect, mentions=tuple(filter(None, effect.mentions)))
        reply, ref = await self._resolve_reply(effect.reply_to, effect.to)
        words = await self._render(effect.lines, effect.room, effect.to, effect.mentions)
        if await self._keep_for_digest(effect, words):
            return
        relates = event_content.relation_content(
            reply, effect.thread if effect.to is None else None
        )
        body = event_content.message_content(
            words, loud=effect.loud, mentions=effect.mentions, relates=relates
        )
        await self._put_event(effect, "m.room.message", body, ref)

    async def _keep_for_digest(self, effect: Say, words: RenderedText) -> bool:
        """Keep a message for the daily digest, if the room has one and it can wait.

        Return whether it was kept.
        """
        if not daily_digest.can_wait(effect, asked=self._origin.event is not None):
            return False
        room = effect.room or self._origin.room
        known = await room_policy.room_policy(self._tx, room, self._desk.defaults)
        named = {*effect.mentions, *rendering.people_in(effect.lines)}
        return await daily_digest.keep_for_digest(
            self._tx, room, words.plain, named, known, self._now
        )

    @write.register
    async def _(self, effect: Help) -> None:
        body = event_content.message_content(self._render_all_languages(effect.lines), loud=True)
        first = {"type": "m.room.message", "content": body, "help": True}
        if effect.room is not None:
            await self._put_entry("event", effect.room, None, first)
        else:  # its own queue, so that creating the room delays nobody
            asked = {"person": effect.person, "first": first}
            await self._put_entry("help", RoomId(f"help:{effect.person}"), None, asked)

    @write.register
    async def _(self, effect: Edit) -> None:
        found = await self._resolve_target(effect.target, effect.room, effect.to)
        if found:
            loud, mentions = await outbox_entries.manner_of(self._tx, found[0])
            words = await self._render(effect.lines, found[1], found[2], mentions)
            new = event_content.edit_content(words, loud=loud, mentions=mentions)
            body = {"type": "m.room.message", "content": new}
            await self._put_entry("event", found[1], found[2], body, ref=found[0])

    @write.register
    async def _(self, effect: StartPoll) -> None:
        labels = [await self._render_label(label, effect) for _key, label in effect.answers]
        keys = [tag_answer(effect.item, key) for key, _label in effect.answers]
        named = replace(effect, answers=tuple(zip(keys, labels, strict=True)))
        await self._put_event(
            effect, f"{event_content.POLL_TYPE}.start", event_content.poll_content(named), None
        )

    async def _render_label(self, label: str | Line, effect: StartPoll) -> str:
        """Render an answer's label as plain text, the only format of native polls."""
        if isinstance(label, str):
            return label
        return (await self._render((label,), effect.room, effect.to)).plain

    @write.register
    async def _(self, effect: EndPoll) -> None:
        found = await self._resolve_target(effect.target, effect.room, effect.to)
        if found:
            words = await self._render(effect.lines, found[1], found[2])
            body = {
                "type": f"{event_content.POLL_TYPE}.end",
                "content": event_content.poll_end_content(words),
            }
            await self._put_entry("event", found[1], found[2], body, ref=found[0])

    @write.register
    async def _(self, effect: React) -> None:
        found = await self._resolve_target(effect.target, effect.room, None)
        if found:
            relates = {
                "rel_type": "m.annotation",
                "event_id": event_content.TARGET_PLACEHOLDER,
                "key": effect.key,
            }
            body = {"type": "m.reaction", "content": {"m.relates_to": relates}}
            await self._put_entry("event", found[1], found[2], body, ref=found[0])

    @write.register
    async def _(self, effect: Redact) -> None:
        found = await self._resolve_target(
            effect.target, effect.room, effect.to, quiet=effect.quiet
        )
        if found:
            body = {"reason": effect.reason}
            await self._put_entry(
                "redact", found[1], found[2], body, ref=found[0], told=not effect.quiet
            )

    @write.register
    async def _(self, effect: Invite) -> None:
        body: dict[str, Any] = {"user": effect.user, "reason": effect.reason}
        if effect.then is not None:
            body["then"] = asdict(effect.then)
        await self._put_entry("invite", effect.room or self._origin.room, None, body)

    @write.register
    async def _(self, effect: CreateRoom) -> None:
        made = {"name": effect.name, "topic": effect.topic, "invite": [*effect.invite]}
        made |= {"kind": effect.kind} if effect.kind else {}
        body = {"made": {"alias": f"minga-{effect.key}", **made}, "then": asdict(effect.then)}
        await self._put_entry("create", RoomId(f"create:{effect.then.feature}"), None, body)

    @write.register
    async def _(self, effect: Remove) -> None:
        body = {"user": effect.user, "reason": effect.reason, "how": effect.how}
        await self._put_entry("remove", effect.room or self._origin.room, None, body)

    @write.register
    async def _(self, effect: Join) -> None:
        await self._put_entry("join", effect.room, None, {})

    @write.register
    async def _(self, effect: Leave) -> None:
        await self._put_entry("leave", effect.room, None, {})

    @write.register
    async def _(self, effect: SetState) -> None:
        body = {"type": effect.type, "key": effect.key, "content": dict(effect.content)}
        await self._put_entry("state", effect.room or self._origin.room, None, body)

    @write.register
    async def _(self, effect: SetPowerLevel) -> None:
        power = {"user": effect.user, "level": effect.level, "was": effect.was}
        body = {"type": "m.room.power_levels", "key": "", "power": power}
        await self._put_entry("state", effect.room or self._origin.room, None, body)

    @write.register
    async def _(self, effect: SendRaw) -> None:
        body: dict[str, Any] = {"type": effect.type, "content": dict(effect.content)}
        if effect.readers is not None:
            body["readers"] = list(effect.readers)
        await self._put_entry("event", effect.room, None, body)

    @write.register
    async def _(self, effect: CollectSentEvents) -> None:
        await self._put_entry("list", effect.room, None, {})

    @write.register
    async def _(self, effect: AcceptIdentity) -> None:
        await self._put_entry("identity", RoomId(f"identity:{effect.person}"), None, asdict(effect))

    @write.register
    async def _(self, effect: ForgetRoomKeys) -> None:
        await self._put_entry("keys", effect.room, None, {"before": effect.before.timestamp()})

    @write.register
    async def _(self, effect: SendFile) -> None:
        reply, ref = await self._resolve_reply(effect.reply_to, effect.to)
        words = (
            await self._render(effect.caption, effect.room, effect.to) if effect.caption else None
        )
        relates = event_content.relation_content(
            reply, effect.thread if effect.to is None else None
        )
        if isinstance(effect.data, Media):
            size = effect.data.size
            body = event_content.file_content(
                effect.name, effect.mime, size, words, effect.size, relates
            )
            there = {**(effect.data.secret or {}), "url": effect.data.url}
            await self._put_event(effect, "m.room.message", body, ref, there=there)
            return
        made = await self._make_file(effect, effect.data)
        body = event_content.file_content(
            effect.name, effect.mime, len(made.data), words, made.size, relates
        )
        await self._put_event(effect, "m.room.message", body, ref, blob=made.data)

    async def _make_file(
        self, effect: SendFile, data: bytes | Callable[[RenderLine], FileContent]
    ) -> FileContent:
        """Return the file's content, rendered for its reader."""
        if isinstance(data, bytes):
            return FileContent(data, effect.size)
        reader = await self._reader_of(effect.room, effect.to)
        return data(lambda line: self._desk.renderer.render_lines((line,), reader).plain)

    # --- the same for all -------------------------------------------------------------------

    async def _put_event(
        self,
        effect: Say | StartPoll | SendFile,
        kind: str,
        body: dict[str, Any],
        ref: str | None,
        blob: bytes | None = None,
        there: Mapping[str, Any] | None = None,
    ) -> None:
        """Write an entry for an event or a file. `there` is a file that is uploaded already."""
        room, person = await self._resolve_address(effect.room, effect.to)
        payload: dict[str, Any] = {"type": kind, "content": body}
        await self._put_entry(
            "file" if blob is not None or there is not None else "event",
            room,
            person,
            payload if there is None else payload | {"file": dict(there)},
            ref=ref,
            item=effect.item,
            slot=effect.slot,
            blob=blob,
        )

    async def _put_entry(
        self,
        kind: str,
        room: RoomId | None,
        person: UserId | None,
        payload: dict[str, Any],
        *,
        ref: str | None = None,
        item: Number | None = None,
        slot: str | None = None,
        blob: bytes | None = None,
        told: bool = True,
    ) -> None:
        if room is not None and person is None and kind in ("event", "file"):
            here = await rooms.get(self._tx, room)
            if here is not None and here.kind == rooms.LINK_ROOM_TYPE != payload["type"]:
                log.warning("effect.in_a_link_room", type=payload["type"])
                return  # only other networks' bots read link rooms
            if here is not None and here.private_of is not None:
                payload["private"] = here.private_of  # checked again at delivery
        if told and (
            kind in REPORTED_KINDS or (kind == "event" and room not in (None, self._origin.room))
        ):
            payload |= self._requester()
        letter = await outbox_entries.add(
            self._tx,
            room=room,
            person=person,
            kind=kind,
            payload=payload,
            device=self._desk.device,
            at=self._desk.now(),
            item=item,
            slot=slot,
            ref=ref,
            blob=blob,
        )
        self.entries.append(letter)

    def _requester(self) -> dict[str, Any]:
        """Return who requested this and where to tell them if the homeserver refuses it."""
        origin = self._origin
        if origin.requester is None:
            return {}
        asked = {
            "by": origin.requester,
            "private": origin.tells_in_private,
            "thread": origin.thread,
        }
        return {"asked": asked | {"room": origin.room, "event": origin.event}}

    async def _resolve_address(
        self, room: RoomId | None, to: UserId | None
    ) -> tuple[RoomId | None, UserId | None]:
        """Return the room or person to write to.

        An answer to a line in a private room goes to that room, even if it is not the newest one.
        """
        if to is None:
            return room or self._origin.room, None
        here = await rooms.get(self._tx, self._origin.room)
        if here is not None and here.private_of == to:
            return here.room, None
        return None, to

    async def _resolve_target(
        self, target: Target, room: RoomId | None, to: UserId | None, *, quiet: bool = False
    ) -> tuple[str, RoomId | None, UserId | None] | None:
        """Return the event or entry of a target and its address, or None if nothing is stored
        for it.
        """
        if not isinstance(target, MessageRef):
            place = await self._resolve_address(room, to)
            return target, *place
        found = await outbox_entries.resolve_ref(self._tx, target)
        if found is None and not quiet:
            log.warning("effect.names_nothing", item=target.item, slot=target.slot)
        return found

    async def _resolve_reply(
        self, reply_to: Target | None, to: UserId | None
    ) -> tuple[str | None, str | None]:
        """Return the event id for the relation, and the entry whose event id is filled in later."""
        if reply_to is None or (to is not None and not isinstance(reply_to, MessageRef)):
            return None, None
        if not isinstance(reply_to, MessageRef):
            return reply_to, None
        found = await outbox_entries.resolve_ref(self._tx, reply_to)
        if found is None:
            return None, None
        return event_content.TARGET_PLACEHOLDER, found[0]

    async def _render(
        self,
        lines: Iterable[Line],
        room: RoomId | None,
        to: UserId | None,
        mentions: tuple[UserId, ...] = (),
    ) -> RenderedText:
        lines = tuple(lines)
        reader = await self._reader_of(room, to, lines, mentions)
        return self._desk.renderer.render_lines(lines, reader)

    def _render_all_languages(self, lines: tuple[Line, ...]) -> RenderedText:
        """Render the lines in all languages, for people whose language is unknown."""
        readers = [Reader(language, "UTC", "", self._now) for language in LANGUAGES]
        done = [self._desk.renderer.render_lines(lines, reader) for reader in readers]
        return RenderedText(
            "\n\n".join(r.plain for r in done), "<br><br>".join(r.html for r in done)
        )

    async def _reader_of(
        self,
        room: RoomId | None,
        to: UserId | None,
        lines: tuple[Line, ...] = (),
        mentions: tuple[UserId, ...] = (),
    ) -> Reader:
        """Return the reader of what is written to this room or person."""
        place = room or self._origin.room
        known = (
            await room_policy.person_policy(self._tx, to, self._desk.defaults)
            if to is not None
            else await room_policy.room_policy(self._tx, place, self._desk.defaults)
        )
        named = dict.fromkeys(rendering.people_in(lines))
        names = {u: await rooms.display_name(self._tx, u, place) for u in named}
        return Reader(
            known.language,
            known.zone,
            known.shown_prefix,
            self._now,
            known.uses_twelve_hours,
            names,
            frozenset(mentions),
        )
