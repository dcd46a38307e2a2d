"""Whatever lies at the server or stands on the paper: our own identity comes back, or none."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.gateway import TryLater
from bot.matrix.crypto.bot_identity import USAGES, Identity
from bot.matrix.crypto.recovery import (
    DEFAULT_KEY,
    KEY_PREFIX,
    MOST_KEYS,
    SECRETS,
    RecoveryError,
    RecoveryState,
    open_seeds,
    recover_seeds,
    recovery_state,
    retire_other_keys,
    store_identity,
)
from bot.matrix.crypto.secret_storage import (
    MistypedKey,
    encode_bytes,
    format_recovery_key,
    parse_recovery_key,
    seal_secret,
)
from bot.matrix.http import Http, path_segment
from bot.operate.operator_errors import Stop
from bot.operate.recover import _recovery_key
from tests.abuse.fuzzing import JSON, LINES, tried
from tests.matrix.homeserver import ME
from tests.matrix.people import fresh_seed
from tests.matrix.test_recovery import USER, AccountServer

T = TypeVar("T")
KEY = bytes(range(32))
WRITTEN = format_recovery_key(KEY)
FIELDS = ("iv", "ciphertext", "mac")
NAMES = st.sampled_from(["", "k", "../..", "a/b?c#d", "é\ud800", "x" * 300, "\x1b[2J"])
ERRORS = st.tuples(
    st.sampled_from([200, 302, 400, 403, 404, 500]),
    st.fixed_dictionaries({}, optional={"errcode": LINES | JSON, "error": JSON}).map(
        lambda body: json.dumps(body).encode()
    )
    | st.binary(max_size=40)
    | st.just(b'{"encrypted": {"\xed\xa0\x80": {}}}'),
)
"""Answers of a server or of a proxy before it."""


class Stored:
    """What a sound account holds under `KEY`; `older` is an identity that it had before."""

    def __init__(self, server: AccountServer) -> None:
        self.seeds, self.older = fresh_seed(), fresh_seed()
        server.show(self.older)
        self.shown_older = server.shown
        server.show(self.seeds)
        self.shown = server.shown

    def parts(self, usage: str) -> list[bytes]:
        """The seeds that were ever sealed for this usage: ours, and the older one."""
        at = 32 * list(USAGES).index(usage)
        return [all_of[at : at + 32] for all_of in (self.seeds, self.older)]

    def sealed(self, usage: str) -> list[dict[str, str]]:
        return [seal_secret(KEY, SECRETS[usage], encode_bytes(p)) for p in self.parts(usage)]


def account_data(stored: Stored, key_id: str) -> st.SearchStrategy[list[tuple[str, Any]]]:
    """Events of account data and answers about keys, from nearly right to nonsense."""
    sound = [entry for usage in USAGES for entry in stored.sealed(usage)]
    parts = st.sampled_from([entry[field] for entry in sound for field in FIELDS])
    one_field = st.builds(
        lambda entry, field, part: entry | {field: part},
        st.sampled_from(sound),
        st.sampled_from(FIELDS),
        parts | parts.map(_last_letter_changed) | JSON,
    )
    sealed = st.sampled_from(sound) | one_field | JSON
    under_key = sealed.map(lambda entry: {key_id: entry})
    others = st.dictionaries(NAMES, sealed, max_size=3)
    many = st.integers(2, 200).map(lambda n: {f"k{number}": sound[1] for number in range(n)})
    entries = under_key | st.builds(lambda a, b: a | b, others | many, under_key) | others | many
    secret = entries.map(lambda encrypted: {"encrypted": encrypted})
    named = st.sampled_from(sorted(SECRETS.values()))
    shown = st.fixed_dictionaries(
        {
            f"{usage}_keys": st.sampled_from(
                [told[f"{usage}_keys"] for told in (stored.shown, stored.shown_older)]
            )
            | JSON.map(lambda thing: {ME: thing})
            for usage in USAGES
        },
    )
    change = (
        st.tuples(named, secret)
        | st.tuples(named, st.just({"encrypted": None}) | JSON)
        | st.tuples(st.just(DEFAULT_KEY), NAMES.map(lambda name: {"key": name}) | JSON)
        | st.tuples(st.just(KEY_PREFIX + key_id), JSON)
        | st.tuples(st.just("query"), shown | JSON)
    )
    return st.lists(change, max_size=3)


def _last_letter_changed(text: str) -> str:
    return text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1]


def public_key(thing: Any, usage: str) -> str:
    """The key that an answer about keys shows for this usage, an empty text if it shows none."""
    shown = thing.get(f"{usage}_keys") if isinstance(thing, dict) else None
    key = shown.get(ME) if isinstance(shown, dict) else None
    return str(key) if isinstance(key, dict) and key else ""


async def outcome(attempt: Coroutine[Any, Any, T]) -> T | None:
    """What it came to; None for a sentence to the operator, which must be one line of letters."""
    try:
        return await attempt
    except RecoveryError as error:
        for line in error.lines:
            assert line.in_english().isprintable(), ascii(line.in_english())
    except TryLater as later:
        assert str(later).isprintable(), ascii(str(later))
    return None


async def ready(server: AccountServer) -> tuple[Stored, str]:
    """An account with an identity under `KEY`, and the name of that key."""
    await server.start()
    stored, http = Stored(server), Http(server.url, "t")
    await store_identity(http, USER, stored.seeds)
    key_id = str(server.data(DEFAULT_KEY)["key"])
    for usage in USAGES:
        server.tell(SECRETS[usage], {"encrypted": {key_id: stored.sealed(usage)[0]}})
    assert await recover_seeds(http, USER, KEY) == stored.seeds
    await http.close()
    return stored, key_id


def test_no_answer_of_a_server_gives_another_identity() -> None:
    """Only what was sealed with the key for its use comes back, and only as the account shows."""
    with asyncio.Runner() as runner:
        server = AccountServer()
        stored, key_id = runner.run(ready(server))
        before = copy.deepcopy(server.account_data)
        http = Http(server.url, "t")
        own, other_use = stored.sealed("master")[0], stored.sealed("self_signing")[0]
        other_start = stored.sealed("user_signing")[0] | {"iv": own["iv"]}
        other_text = own | {"ciphertext": _last_letter_changed(own["ciphertext"])}
        crowd = {f"k{number}": other_use for number in range(200)}

        async def check(told: list[tuple[str, Any]], troubles: list[Any]) -> None:
            server.account_data, server.shown = copy.deepcopy(before), stored.shown
            for kind, content in told:
                if kind == "query":
                    server.shown = content
                else:
                    server.tell(kind, content)
            server.requests.clear()
            server.trouble = list(troubles)
            found = await outcome(recover_seeds(http, USER, KEY))
            assert len(server.requests) <= 4 + 3 * MOST_KEYS
            if found is not None:
                ours = Identity.from_seeds(USER, found).public_keys
                for at, usage in enumerate(USAGES):
                    assert found[32 * at : 32 * at + 32] in stored.parts(usage)
                    shown = public_key(server.shown, usage)
                    assert not shown or ours[usage] in shown
            state = await outcome(recovery_state(http, USER, "x"))
            assert state in (None, RecoveryState.ABSENT, RecoveryState.OTHER)
            newer = await outcome(store_identity(http, USER, stored.seeds))
            if newer is not None:
                await outcome(retire_other_keys(http, USER))
                server.trouble.clear()
                assert await open_seeds(http, USER, newer) == stored.seeds
            server.trouble.clear()
            of_account = f"/_matrix/client/v3/user/{path_segment(USER)}/account_data/"
            for method, path in server.requests:
                is_query = (method, path) == ("POST", "/_matrix/client/v3/keys/query")
                assert is_query or (path.startswith(of_account) and path.count("/") == 7)

        @tried(100, 3_000)
        @example([], [(403, b'{"errcode": "\\u001b[2J"}')])
        @example([("query", {}), (SECRETS["master"], {"encrypted": {key_id: other_use}})], [])
        @example(
            [("query", {}), (SECRETS["user_signing"], {"encrypted": {key_id: other_start}})], []
        )
        @example([("query", {}), (SECRETS["master"], {"encrypted": {key_id: other_text}})], [])
        @example([(name, {"encrypted": crowd}) for name in SECRETS.values()], [])
        @example([(SECRETS["master"], {"encrypted": {"x" * 300: own}})], [])
        @example([("query", {"master_keys": {ME: {"keys": {"ed25519:x": "x"}}}})], [])
        @given(
            account_data(stored, key_id),
            st.just([]) | st.lists(ERRORS | st.none(), max_size=4),
        )
        def fuzz(told: list[tuple[str, Any]], troubles: list[Any]) -> None:
            runner.run(check(told, troubles))

        fuzz()
        runner.run(http.close())
        runner.run(server.stop())


TYPED = st.one_of(
    LINES,
    st.text(alphabet=WRITTEN, max_size=60),
    st.builds(
        lambda at, letter, cut: WRITTEN[:at] + letter + WRITTEN[at + cut :],
        st.integers(0, len(WRITTEN)),
        st.sampled_from([*WRITTEN, "\u2003", "\n", "0", "O", "１", "\x00", "é"]) | st.text(),
        st.integers(0, 2),
    ),
)
"""Recovery keys with a letter too many, too few or another one, and nonsense."""


def is_the_key(typed: str) -> bool:
    return "".join(typed.split()) == WRITTEN.replace(" ", "")


@tried(300, 50_000)
@example(WRITTEN)
@example("EsSzytH7LCZx7CaecmKDwcmYJRXiYbtu8iQ3t8EznRwKpUY1")  # a mistake that the parity misses
@given(TYPED)
def test_what_is_read_as_a_key_is_what_was_typed(typed: str) -> None:
    """Nothing is mended on the way: what passes for a key by chance opens nothing."""
    try:
        found = parse_recovery_key(typed)
    except MistypedKey:
        assert not is_the_key(typed)
        return
    assert format_recovery_key(found).replace(" ", "") == "".join(typed.split())


@tried(150, 10_000)
@example(WRITTEN.encode() + b"\r\n")
@example(b"\xff" + WRITTEN.encode())
@given(TYPED.map(lambda typed: typed.encode("utf-8", "surrogatepass")) | st.binary(max_size=200))
def test_no_file_is_taken_for_the_key_but_one_that_holds_it(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    file = Path(tmp_path_factory.getbasetemp()) / "paper"
    file.write_bytes(raw)
    file.chmod(0o600)
    read: Callable[[Path], bytes] = _recovery_key
    try:
        found = read(file)
    except Stop as stop:
        assert WRITTEN[:9] not in stop.words()
        return
    assert format_recovery_key(found).replace(" ", "") == "".join(raw.decode().split())
