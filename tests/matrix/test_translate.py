"""Strangers' events into nouns: right where they are right, and never an exception."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matrix.fields import stamp_time
from bot.matrix.sync import translation
from bot.matrix.sync.state_events import read_ban_rule, read_rights_change
from bot.matrix.sync.translation import (
    CheckedEvent,
    check_event,
    may_be_unencrypted,
    read_event,
    read_membership_change,
    read_redaction,
)
from bot.types import (
    EditedMessage,
    InboundEvent,
    LinkMessage,
    Membership,
    Message,
    PollEnd,
    PollVote,
    Reaction,
    RoomId,
    Trust,
)

ROOM = RoomId("!room:one.example")
NOW = datetime(2026, 12, 3, 19, tzinfo=UTC)
POLL = "org.matrix.msc3381.poll.response"


def event(content: Any, kind: str = "m.room.message", **more: Any) -> CheckedEvent:
    raw = {
        "event_id": "$1",
        "sender": "@ana:one.example",
        "type": kind,
        "origin_server_ts": 1_700_000_000_000,
        "content": content,
    }
    heard = check_event(ROOM, raw | more, lambda _: NOW, late=False)
    assert heard is not None
    return heard


def meaning(content: Any, kind: str = "m.room.message") -> InboundEvent | None:
    heard = event(content, kind)
    return read_event(heard, kind, heard.content, Trust.SIGNED)


def message(**content: Any) -> Message:
    found = meaning({"msgtype": "m.text", "body": "x"} | content)
    assert isinstance(found, Message)
    return found


def relates(kind: str, target: str, **more: Any) -> dict[str, Any]:
    return {"m.relates_to": {"rel_type": kind, "event_id": target} | more}


def reply(to: str) -> dict[str, Any]:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": to}}}


def test_a_message() -> None:
    found = message(body="!ayuda")
    assert (found.text, found.at, found.trust, found.reply_to) == (
        "!ayuda",
        NOW,
        Trust.SIGNED,
        None,
    )


@pytest.mark.parametrize(
    "content",
    [
        {"msgtype": "m.notice", "body": "I am a bot"},
        {"msgtype": "m.emote", "body": "waves"},
        {"msgtype": "m.text", "body": "* new", **relates("m.replace", "$0")},
        {"body": "no type"},
        {"msgtype": ["m.text"]},
        {"msgtype": "m.image", "body": "x", "url": "https://evil.example/x.png"},
        {"msgtype": "m.file", "body": "x", "file": {"url": "mxc://a/../b"}},
        {},
    ],
)
def test_what_is_nothing_to_us(content: dict[str, Any]) -> None:
    assert meaning(content) is None


def test_an_edit_says_what_the_message_is_now() -> None:
    new = {"msgtype": "m.text", "body": "new", "m.mentions": {"user_ids": ["@bea:test"]}}
    found = meaning(
        {"msgtype": "m.text", "body": "* new", "m.new_content": new, **relates("m.replace", "$0")}
    )
    assert isinstance(found, EditedMessage)
    assert (found.target, found.text, found.mentions) == ("$0", "new", ("@bea:test",))
    for other in ({"msgtype": "m.file", "body": "x"}, "new", {"msgtype": "m.notice", "body": "x"}):
        content = {"msgtype": "m.text", "body": "* new", **relates("m.replace", "$0")}
        assert meaning({**content, "m.new_content": other}) is None


def test_a_body_has_an_end_and_no_wild_characters() -> None:
    assert len(message(body="x" * 200_000).text) == translation.LONGEST_BODY
    assert message(body="a\0b\ud800c").text == "ab?c"
    assert message(body=["list"]).text == ""


def test_the_quote_of_a_reply_is_cut() -> None:
    found = message(body="> <@bot:x> vote\n> more\n\nNorte\n> mine", **reply("$poll"))
    assert (found.text, found.reply_to) == ("Norte\n> mine", "$poll")
    assert message(body="> quoted myself").text == "> quoted myself"


def test_a_thread_and_its_fallback() -> None:
    falling = {"m.in_reply_to": {"event_id": "$last"}, "is_falling_back": True}
    found = message(**relates("m.thread", "$root", **falling))
    assert (found.thread, found.reply_to) == ("$root", None)
    real = message(**relates("m.thread", "$root", **falling | {"is_falling_back": False}))
    assert (real.thread, real.reply_to) == ("$root", "$last")


def test_mentions_and_pills_are_meant() -> None:
    pill = '<a href="https://matrix.to/#/%40eva%3Atwo.example">Eva</a>'
    quoted = '<mx-reply><a href="https://matrix.to/#/@old:x.example">x</a></mx-reply>'
    room = '<a href="https://matrix.to/#/!room:x">room</a>'
    found = message(
        formatted_body=quoted + pill + room,
        **{"m.mentions": {"user_ids": ["@ana:one.example", 7, "nobody", "@ana:one.example"]}},
    )
    assert found.mentions == ("@ana:one.example", "@eva:two.example")


def test_a_file_with_its_caption() -> None:
    secret = {"url": "mxc://one.example/abc", "key": {}, "iv": "", "hashes": {}}
    found = meaning(
        {
            "msgtype": "m.image",
            "body": "!guardar mapa",
            "filename": "a" * 300,
            "file": secret,
            "info": {"size": -5, "mimetype": "image/png"},
        }
    )
    assert isinstance(found, Message) and found.media is not None
    assert (found.text, found.media.size, len(found.media.name)) == ("!guardar mapa", 0, 100)
    bare = meaning({"msgtype": "m.audio", "body": "a.ogg", "file": secret, "m.voice": {}})
    assert isinstance(bare, Message) and (bare.text, bare.voice) == ("", True)


@pytest.mark.parametrize(
    ("content", "answers"),
    [
        ({POLL: {"answers": ["a", "b", "a"]}}, ("a", "b")),
        ({"m.selections": ["a"]}, ("a",)),
        ({POLL: {"answers": []}}, ()),
        ({POLL: {"answers": ["a", 1]}}, ()),
        ({POLL: {"answers": "a"}}, ()),
        ({POLL: "a"}, ()),
        ({POLL: {"answers": [str(n) for n in range(99)]}}, tuple(map(str, range(20)))),
    ],
)
def test_votes(content: dict[str, Any], answers: tuple[str, ...]) -> None:
    for kind in ("m.poll.response", POLL):
        found = meaning(content | relates("m.reference", "$poll"), kind)
        assert isinstance(found, PollVote)
        assert (found.answers, found.poll, found.stamp) == (answers, "$poll", 1_700_000_000_000)
        assert meaning(content, kind) is None


def test_a_vote_names_its_poll_outside_the_ciphertext() -> None:
    outside = event(relates("m.reference", "$poll"), "m.room.encrypted")
    found = read_event(outside, POLL, {POLL: {"answers": ["a"]}}, Trust.SIGNED)
    assert isinstance(found, PollVote) and found.poll == "$poll"


def test_ends_reactions_and_links() -> None:
    end = meaning(relates("m.reference", "$poll"), "org.matrix.msc3381.poll.end")
    assert isinstance(end, PollEnd) and end.poll == "$poll"
    heart = meaning(relates("m.annotation", "$x", key="❤️"), "m.reaction")
    assert isinstance(heart, Reaction) and heart.key == "❤️"
    assert meaning(relates("m.annotation", "$x", key=5), "m.reaction") is None
    link = meaning({"v": 1}, "org.minga.link")
    assert isinstance(link, LinkMessage) and link.content == {"v": 1}
    assert meaning({"users": {}}, "m.room.power_levels") is None


def test_rules_of_ban_lists_of_all_ages() -> None:
    content = {"entity": "@a:b.org", "recommendation": "m.ban"}
    for kind in ("m.policy.rule.user", "m.room.rule.user", "org.matrix.mjolnir.rule.user"):
        rule = read_ban_rule(event(content, kind, state_key="k"))
        assert rule is not None and (rule.kind, rule.key, rule.content) == ("user", "k", content)
    assert read_ban_rule(event(content, "m.policy.rule.user")) is None
    assert read_ban_rule(event(content, "m.room.topic", state_key="")) is None


def test_who_comes_in_reads_or_may_do_what_is_told_when_it_is_set() -> None:
    for name in ("join_rules", "history_visibility", "power_levels", "encryption"):
        found = read_rights_change(event({}, f"m.room.{name}", state_key=""))
        assert found is not None and found.kind == f"m.room.{name}"
        assert read_rights_change(event({}, f"m.room.{name}", state_key="x")) is None
        assert read_rights_change(event({}, f"m.room.{name}")) is None
    assert read_rights_change(event({}, "m.room.name", state_key="")) is None


def test_redactions_of_all_room_versions() -> None:
    new, old = event({"redacts": "$x"}), event({}, redacts="$x")
    assert [r and r.target for r in (read_redaction(new), read_redaction(old))] == ["$x", "$x"]
    assert read_redaction(event({"redacts": 5})) is None


def test_who_moved() -> None:
    joined = event(
        {"membership": "join", "reason": "r" * 999},
        "m.room.member",
        state_key="@eva:two.example",
        unsigned={"prev_content": {"membership": "invite"}},
    )
    found = read_membership_change(joined)
    assert found and (found.after, found.before) == (Membership.JOIN, Membership.INVITE)
    assert len(found.reason) == 500
    renamed = event(
        {"membership": "join"},
        "m.room.member",
        state_key="@eva:two.example",
        unsigned={"prev_content": {"membership": "join"}},
    )
    assert read_membership_change(renamed) is None
    assert (
        read_membership_change(event({"membership": "join"}, "m.room.member", state_key="Eva"))
        is None
    )


@pytest.mark.parametrize(
    "broken",
    [
        {"event_id": 5},
        {"event_id": "$a\nb"},
        {"sender": "ana"},
        {"sender": None},
        {"content": []},
        {"type": {}},
    ],
)
def test_a_malformed_outside_is_no_event(broken: dict[str, Any]) -> None:
    whole = {"event_id": "$1", "sender": "@a:b", "type": "m.room.message", "content": {}}
    assert check_event(ROOM, whole, lambda _: NOW, late=False)
    assert check_event(ROOM, whole | broken, lambda _: NOW, late=False) is None


KEYS = [
    "body",
    "msgtype",
    "m.relates_to",
    "rel_type",
    "event_id",
    "m.in_reply_to",
    "m.mentions",
    "user_ids",
    "formatted_body",
    "file",
    "url",
    "info",
    "size",
    "answers",
    POLL,
    "m.selections",
    "membership",
    "redacts",
    "key",
    "filename",
    "prev_content",
    "transaction_id",
]
KINDS = ["m.room.message", POLL, "m.poll.end", "m.reaction", "org.minga.link", "m.room.member"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["$a", "@a:b", "m.text", "m.thread", "m.replace", "mxc://a/b", "m.image"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), JSON), st.sampled_from(KINDS), JSON, JSON)
def test_nothing_a_stranger_writes_raises(
    content: dict[str, Any], kind: str, stamp: Any, unsigned: Any
) -> None:
    raw = {"event_id": "$1", "sender": "@a:b", "type": kind, "content": content}
    raw |= {"origin_server_ts": stamp, "unsigned": unsigned, "state_key": "@a:b"}
    heard = check_event(ROOM, raw, stamp_time, late=True)
    assert heard is not None
    for found in (
        read_event(heard, kind, content, Trust.SIGNED),
        read_redaction(heard),
        read_membership_change(heard),
        translation.read_echo(heard),
    ):
        assert found is None or found.event == "$1"


def test_a_step_of_a_verification_has_a_size() -> None:
    about = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$first"}}
    assert meaning(about | {"key": "x" * 100}, "m.key.verification.key") is not None
    assert meaning(about | {"key": "x" * 20_000}, "m.key.verification.key") is None


def test_only_a_verification_may_be_unencrypted_and_no_edit_that_looks_like_one() -> None:
    request = {"msgtype": "m.key.verification.request", "body": "x"}
    edit = {"rel_type": "m.replace", "event_id": "$first"}
    assert may_be_unencrypted(event(request))
    assert may_be_unencrypted(event({"key": "x"}, "m.key.verification.key"))
    assert not may_be_unencrypted(event({"msgtype": "m.text", "body": "x"}))
    assert not may_be_unencrypted(event(request | {"m.relates_to": edit}))
