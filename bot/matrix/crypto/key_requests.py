"""Upload our keys, query and claim others' keys, and replace broken Olm sessions.

Codes such as C6 and H12 are described in tests/matrix/test_points.py.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from bot.gateway import Refused
from bot.matrix.crypto.devices import DeviceRegistry, RetrySchedule
from bot.matrix.crypto.olm_machine import OlmMachine
from bot.matrix.crypto.trust import Device, KeyVerdict, judge_keys, verified_one_time_key
from bot.matrix.crypto.wire import MEGOLM, OLM, JsonHttp
from bot.matrix.fields import as_mapping
from bot.matrix.parcels import AT_A_STRETCH, for_each_parcel, parcels_of, try_halving
from bot.types import UserId

BATCH_SIZE = 250
"""How many people or devices one request names, as in Element's engine."""
DEVICES_PER_REQUEST = 100
"""Limit of devices in one to-device request, which holds a ciphertext for each."""
REMOTE_WAIT = 10_000
"""How long our server waits for other servers, in ms."""
MEND_INTERVAL = 3600.0
"""Least seconds between replacements of a session (spec §Recovering from undecryptable)."""
HALF_TOLD_WAIT = 30.0
"""Seconds in which a list that lacks its owner's keys is asked for again before it is believed."""
_V3 = "/_matrix/client/v3"


class KeyExchange:
    """Keeps our keys on the server, others' in the registry, an Olm session with each device."""

    def __init__(self, olm: OlmMachine, book: DeviceRegistry, clock: Callable[[], float]) -> None:
        self._olm = olm
        self._store = olm.store
        self._book = book
        self._clock = clock
        self._on_server: int | None = None
        self._fallback_used = not olm.account.shared
        self._mended: dict[Device, float] = {}
        self._broken: set[Device] = set()
        self._owed_dummy: set[Device] = set()
        """Devices with a new session that no dummy has told of yet."""
        self._half_told: dict[UserId, float] = {}  # since when, by the clock
        self.patience = RetrySchedule(clock)
        self.refused: Counter[str] = Counter()

    # --- ours -------------------------------------------------------------------------------------

    def note_counts(
        self, one_time: Mapping[str, int], unused_fallback: Sequence[str] | None
    ) -> None:
        """Note how many of our one-time keys the server has left, as a sync says. None at all is a
        count, too (C6)."""
        count = one_time.get("signed_curve25519", 0)
        self._on_server = count if isinstance(count, int) else 0
        self._fallback_used = (
            unused_fallback is not None and "signed_curve25519" not in unused_fallback
        )

    def device_keys(self) -> dict[str, Any]:
        """Return the bot's device's keys, signed by itself."""
        name = self._olm.device_id
        return self._olm.with_signature(
            {
                "algorithms": [OLM, MEGOLM],
                "device_id": name,
                "user_id": self._olm.user_id,
                "keys": {
                    f"curve25519:{name}": self._olm.curve25519,
                    f"ed25519:{name}": self._olm.ed25519,
                },
            }
        )

    async def upload(self, http: JsonHttp) -> None:
        """Upload the keys that the server lacks. They are saved first; unsent ones go again (C7).

        If the server refuses them, since we run on an old copy and it knows other keys of these
        ids, new ones are made next time.
        """
        body = self._upload_body()
        if not body:
            return
        first = not self._olm.account.shared
        try:
            answer = await http.call("POST", f"{_V3}/keys/upload", body, timeout=60)
        except Refused:
            if first:
                raise
            self.refused["upload"] += 1
            self._mark_published(None)
            return
        self._mark_published(as_mapping(answer, "one_time_key_counts").get("signed_curve25519"))

    def _mark_published(self, count: Any) -> None:
        self._olm.account.shared = True
        self._olm.account.keys.mark_keys_as_published()
        self._store.save_account(self._olm.account)
        self._fallback_used = False
        self._on_server = count if isinstance(count, int) else None

    def _upload_body(self) -> dict[str, Any]:
        account = self._olm.account
        if account.shared and self._on_server is None:
            return {}  # no sync has told yet, so we can't know whether the last ones arrived (C7)
        raw = account.keys
        need = raw.max_number_of_one_time_keys - (self._on_server or 0 if account.shared else 0)
        if need < len(raw.one_time_keys):
            raw.mark_keys_as_published()  # the server has more than before: they arrived (C7)
        if need <= 0 and not self._fallback_used:
            return {}
        if (missing := need - len(raw.one_time_keys)) > 0:
            raw.generate_one_time_keys(missing)
        if self._fallback_used and not raw.fallback_key:
            raw.generate_fallback_key()
        self._store.save_account(account)
        body: dict[str, Any] = {} if account.shared else {"device_keys": self.device_keys()}
        body["one_time_keys"] = self._signed_keys(raw.one_time_keys, {})
        body["fallback_keys"] = self._signed_keys(raw.fallback_key, {"fallback": True})
        return {kind: keys for kind, keys in body.items() if keys}

    def _signed_keys(self, keys: Mapping[str, Any], more: dict[str, Any]) -> dict[str, Any]:
        return {
            f"signed_curve25519:{name}": self._olm.with_signature({"key": key.to_base64()} | more)
            for name, key in keys.items()
        }

    # --- others' ----------------------------------------------------------------------------------

    async def query_devices(self, http: JsonHttp, users: Iterable[UserId]) -> set[UserId]:
        """Ask the homeserver for these people's devices, and store them. Return the people whose
        list of devices it gave, which may be empty. Whoever was asked in vain lately is left out.

        Raises `TryLater` if the homeserver can't be reached; what came before is stored.
        """
        todo = sorted({u for u in users if self.patience.is_due(u)})
        learnt: set[UserId] = set()
        ask = partial(try_halving, ask=self._query_one(http, learnt), gave_up=self._note_refusal)
        await for_each_parcel(ask, todo, BATCH_SIZE)
        return learnt

    def _query_one(
        self, http: JsonHttp, learnt: set[UserId]
    ) -> Callable[[list[UserId]], Awaitable[None]]:
        async def ask(users: list[UserId]) -> None:
            told = {u: self._book.change_count(u) for u in users}
            began = self._clock()
            body = {"timeout": REMOTE_WAIT, "device_keys": {u: [] for u in users}}
            answer = await http.call("POST", f"{_V3}/keys/query", body, timeout=60)
            took = self._clock() - began
            for some in parcels_of(users, AT_A_STRETCH):
                with self._store.atomic():  # one wait for the disk, not one for each of them
                    learnt.update(u for u in some if self._take_answer(u, answer, told[u]))
                for user in some:
                    if user in learnt:
                        self.patience.note_success(user)
                    else:
                        self.patience.note_failure(user, took)
                await asyncio.sleep(0)  # let others have their turn

        return ask

    def _take_answer(self, user: UserId, answer: Mapping[str, Any], told: int) -> bool:
        """Take one person's part of an answer. What is wrong with it concerns nobody else (C5)."""
        devices = as_mapping(answer, "device_keys")
        if user not in devices:
            return False  # their server did not answer: keep what we know
        verdict = judge_keys(
            user,
            devices[user],
            as_mapping(answer, "master_keys").get(user),
            as_mapping(answer, "self_signing_keys").get(user),
        )
        if verdict.refused:
            self.refused["device"] += verdict.refused
        self._book.learn(user, verdict, told)
        if not self._is_whole(user, verdict):
            self._book.note_changed([user])
        return True

    def _is_whole(self, user: UserId, verdict: KeyVerdict) -> bool:
        """Return whether the server has told all, or has had long enough to.

        Synapse reads a person's cross-signing keys before their devices: where both come from
        another homeserver that moment, it lists devices and not who signed them, and tells soon
        that the list has changed.
        """
        if not verdict.half_told:
            self._half_told.pop(user, None)
            return True
        since = self._half_told.setdefault(user, self._clock())
        return self._clock() - since >= HALF_TOLD_WAIT

    def _note_refusal(self, what: Any) -> None:
        self.refused["request"] += 1
        self.patience.note_failure(what, 60)

    # --- Olm sessions -----------------------------------------------------------------------------

    async def start_sessions(
        self, http: JsonHttp, devices: Iterable[Device], *, anew: bool = False
    ) -> set[Device]:
        """Start an Olm session with each of these devices that has none yet, with `anew` also where
        there is one. Return the devices with a new session. Raises `TryLater`.

        A device without a key left, or whose server is away, is retried later (H12): see
        `patience`.
        """
        todo = [
            d
            for d in devices
            if (anew or not self._olm.session_store.get(d)) and self.patience.is_due(d)
        ]
        started: set[Device] = set()
        claim = self._claim_one(http, started)
        ask = partial(try_halving, ask=claim, gave_up=self._note_refusal)
        await for_each_parcel(ask, todo, BATCH_SIZE)
        return started

    def _claim_one(
        self, http: JsonHttp, started: set[Device]
    ) -> Callable[[list[Device]], Awaitable[None]]:
        async def ask(devices: list[Device]) -> None:
            wanted: dict[str, dict[str, str]] = {}
            for device in devices:
                wanted.setdefault(device.user_id, {})[device.id] = "signed_curve25519"
            began = self._clock()
            body = {"timeout": REMOTE_WAIT, "one_time_keys": wanted}
            answer = await http.call("POST", f"{_V3}/keys/claim", body, timeout=60)
            took, keys = self._clock() - began, as_mapping(answer, "one_time_keys")
            for some in parcels_of(devices, AT_A_STRETCH):
                with self._olm.change_sessions(some):
                    for device in some:
                        if self._start_session(device, keys):
                            started.add(device)
                            self.patience.note_success(device)
                        else:
                            self.patience.note_failure(device, took)
                await asyncio.sleep(0)  # let others have their turn

        return ask

    def _start_session(self, device: Device, keys: Mapping[str, Any]) -> bool:
        key = verified_one_time_key(device, as_mapping(keys, device.user_id, device.id))
        if key is None:
            return False
        try:
            self._olm.create_session(key, device)
        except ValueError:  # an invalid key: vodozemac's KeyException
            self.refused["one_time_key"] += 1
            return False
        return True

    async def mend_sessions(self, http: JsonHttp) -> None:
        """Replace the Olm sessions with devices whose messages cannot be decrypted any more, and
        send a dummy by the new ones (spec). Raises `TryLater`.

        The same for devices of people who are back: they use the session that we dropped. A device
        that had no key left is tried again once it sends by its broken session again. A dummy that
        could not be sent is made again by the same session.
        """
        for user, sender_key in self._olm.wedged:
            known = (d for d in self._book.devices_of(user) if d.curve25519 == sender_key)
            self._broken.update(d for d in known if self._may_mend(d))
        self._olm.wedged.clear()
        for user in self._book.quarantine.returned:
            self._broken.update(
                d for d in self._book.devices_of(user) if not self._olm.session_store.get(d)
            )
        self._book.quarantine.returned.clear()
        broken = set(islice(self._broken, BATCH_SIZE))
        started = await self.start_sessions(http, broken, anew=True)
        self._broken -= broken
        self._mended.update((d, self._clock()) for d in started)
        self._owed_dummy |= started

        async def give(parcel: list[Device]) -> None:
            sealed = self.encrypt_for(parcel, "m.dummy", {})
            await try_halving(list(sealed), partial(send, sealed), self._note_refused, frozenset())
            self._owed_dummy.difference_update(parcel)

        async def send(sealed: Mapping[Device, Any], devices: list[Device]) -> None:
            await self.send_to_devices(http, "m.room.encrypted", {d: sealed[d] for d in devices})

        await for_each_parcel(give, list(self._owed_dummy), DEVICES_PER_REQUEST)

    def _note_refused(self, _: Device) -> None:
        """Note that the server refused a dummy. What is sent to the device next mends it, too."""
        self.refused["dummy"] += 1

    def _may_mend(self, device: Device) -> bool:
        last = self._mended.get(device)
        return last is None or self._clock() - last >= MEND_INTERVAL

    def encrypt_for(
        self,
        devices: Sequence[Device],
        kind: str,
        content: Mapping[str, Any],
        signed_keys: Mapping[str, Any] | None = None,
    ) -> dict[Device, dict[str, Any]]:
        """Encrypt `content` for each device that we have an Olm session with, in one commit, and
        return the contents to send to each.

        `signed_keys`: our device's keys, which go with it (MSC4147).
        """
        sealed: dict[Device, dict[str, Any]] = {}
        with self._olm.change_sessions(devices):
            for device in devices:
                session = self._olm.session_store.get(device)
                if session is not None:
                    sealed[device] = self._olm.seal(session, device, kind, content, signed_keys)
        return sealed

    async def send_to_devices(
        self, http: JsonHttp, kind: str, contents: Mapping[Device, Any]
    ) -> None:
        """Send one to-device request. It is delivered when this returns, not before (H12)."""
        if not contents:
            return
        messages: dict[str, dict[str, Any]] = {}
        for device, content in contents.items():
            messages.setdefault(device.user_id, {})[device.id] = content
        path = f"{_V3}/sendToDevice/{kind}/{secrets.token_hex(16)}"
        await http.call("PUT", path, {"messages": messages}, timeout=60)
