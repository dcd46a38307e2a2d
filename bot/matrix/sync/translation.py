"""Translate raw events into the bot's own types. Pure. Every field of an event is untrusted."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from bot.matrix.fields import LAST_STAMP, event_id, mapping, membership, target, text, user_id
from bot.types import (
    Echo,
    Edited,
    EventId,
    Foreign,
    Happening,
    Media,
    Message,
    Moved,
    PollEnd,
    PollVote,
    Reaction,
    Redaction,
    RoomId,
    Ruled,
    StateSet,
    Trust,
    UserId,
)

BODY_CAP = 64 * 1024
MOST_ANSWERS = 20  # MSC3381
MOST_MENTIONS = 100
LINK = "org.minga.link"
ALWAYS_PLAIN = frozenset({"m.reaction", "m.room.redaction"})
"""Types that clients send unencrypted also in encrypted rooms. All others must be encrypted."""

_MXC = re.compile(r"mxc://(?!\.\.?/)[A-Za-z0-9.\-\[\]:]{1,230}/[A-Za-z0-9_\-]{1,255}")
_PILL = re.compile(r"""href=["']https://matrix\.to/#/([^"'?]{1,400})""")


@dataclass(frozen=True, slots=True)
class Heard:
    """An event whose unencrypted part has the right form. `at`: when it counts as sent (UTC)."""

    room: RoomId
    event: EventId
    sender: UserId
    stamp: int
    kind: str
    content: Mapping[str, Any]
    unsigned: Mapping[str, Any]
    state_key: str | None
    redacts: str | None
    at: datetime
    late: bool

    @property
    def relates(self) -> Mapping[str, Any]:
        return mapping(self.content.get("m.relates_to"))


def hear(
    room: RoomId, raw: Mapping[str, Any], when: Callable[[int], datetime], late: bool
) -> Heard | None:
    """Return the event's unencrypted part, or None if it is malformed.

    `when` maps an `origin_server_ts` to the time when the event counts as sent.
    """
    event, sender, kind = raw.get("event_id"), raw.get("sender"), raw.get("type")
    content, stamp = raw.get("content"), raw.get("origin_server_ts")
    if not (event_id(event) and user_id(sender) and isinstance(kind, str)):
        return None
    if not isinstance(content, Mapping):
        return None
    stamp = min(max(stamp, 0), LAST_STAMP) if isinstance(stamp, int) else 0
    key, redacts = raw.get("state_key"), raw.get("redacts")
    return Heard(
        room,
        EventId(str(event)),
        UserId(str(sender)),
        stamp,
        kind[:255],
        content,
        mapping(raw.get("unsigned")),
        key if isinstance(key, str) else None,
        redacts if isinstance(redacts, str) else None,
        when(stamp),
        late,
    )


# --- what an event says --------------------------------------------------------------------------


def said(heard: Heard, kind: str, content: Mapping[str, Any], trust: Trust) -> Happening | None:
    """Return what a message-like event says, or None if it does not concern the bot.

    `kind` and `content` are the decrypted ones if it was encrypted. A relation stands outside of
    the ciphertext for servers (spec §Relationship types); most apps repeat it inside, and that one
    counts. One that stands only outside is not vouched for by the sender (decision 0025).
    """
    inside = mapping(content.get("m.relates_to"))
    relates, sealed = inside or heard.relates, bool(inside) or not heard.relates
    if relates.get("rel_type") == "m.replace":
        return _edited(heard, kind, content, relates, trust)
    if kind == "m.room.message":
        found = _message(heard, content, relates, trust)
        return replace(found, relation_sealed=sealed) if found else None
    if kind in ("m.poll.response", "org.matrix.msc3381.poll.response"):
        vote = _vote(heard, content, relates, trust)
        return replace(vote, relation_sealed=sealed) if vote else None
    if kind in ("m.poll.end", "org.matrix.msc3381.poll.end"):
        poll = target(relates, "m.reference")
        where = heard.room, heard.event, heard.sender, heard.at
        return PollEnd(*where, poll, heard.late, trust, sealed) if poll else None
    if kind == "m.reaction":
        return _reaction(heard, relates)
    if kind == LINK:
        where = heard.room, heard.event, heard.sender, heard.at
        return Foreign(*where, kind, content, heard.late, trust)
    return None


def moved_by_server(heard: Heard, content: Mapping[str, Any]) -> bool:
    """Return whether the relation outside names another event than the one inside the
    ciphertext."""
    inside = mapping(content.get("m.relates_to"))
    return bool(inside) and bool(heard.relates) and _names(inside) != _names(heard.relates)


def _names(relates: Mapping[str, Any]) -> tuple[Any, ...]:
    reply = mapping(relates.get("m.in_reply_to")).get("event_id")
    return relates.get("rel_type"), relates.get("event_id"), reply


RULES = {
    f"{prefix}.{kind}": kind
    for prefix in ("m.policy.rule", "m.room.rule", "org.matrix.mjolnir.rule")
    for kind in ("user", "server", "room")
}
"""Event types of ban list rules, current and former, with the kind of rule."""


def ruled(heard: Heard) -> Ruled | None:
    """Return a ban list's rule that was written, changed or emptied, or None."""
    kind = RULES.get(heard.kind)
    if kind is None or heard.state_key is None:
        return None
    where = heard.room, heard.event, heard.sender, heard.at
    return Ruled(*where, kind, heard.state_key, heard.content)


RIGHTS = frozenset(
    f"m.room.{kind}" for kind in ("join_rules", "history_visibility", "power_levels", "encryption")
)
"""State that sets who can join, who can read, and who may do what."""


def state_set(heard: Heard) -> StateSet | None:
    if heard.kind not in RIGHTS or heard.state_key != "":
        return None
    return StateSet(heard.room, heard.event, heard.sender, heard.at, heard.kind)


def redaction(heard: Heard) -> Redaction | None:
    """Return a redaction. Room version 11 moved `redacts` into the content; servers may send
    both."""
    gone = heard.content.get("redacts", heard.redacts)
    if not event_id(gone):
        return None
    return Redaction(
        heard.room, heard.event, heard.sender, heard.at, EventId(str(gone)), heard.late
    )


def moved(heard: Heard) -> Moved | None:
    """Return a changed membership; None for a new name or picture."""
    prev = mapping(heard.unsigned.get("prev_content"))
    now, before = membership(heard.content), membership(prev)
    if now is before or not user_id(heard.state_key):
        return None
    return Moved(
        heard.room,
        heard.event,
        heard.sender,
        heard.at,
        UserId(str(heard.state_key)),
        now,
        before,
        text(heard.content.get("reason"), 500),
        heard.late,
    )


def echo(heard: Heard) -> Echo | None:
    """Return our own event with the transaction id that we gave it. Only our server sends it."""
    txn = heard.unsigned.get("transaction_id")
    if not isinstance(txn, str):
        return None
    return Echo(heard.room, heard.event, heard.sender, heard.at, txn)


def _message(
    heard: Heard, content: Mapping[str, Any], relates: Mapping[str, Any], trust: Trust
) -> Message | None:
    kind = content.get("msgtype")
    reply, thread = _place(relates)
    body = text(content.get("body"), BODY_CAP)
    media = None
    if kind in ("m.file", "m.image", "m.audio", "m.video"):
        media = _media(content)
        body = _caption(content)
        if media is None:
            return None
    elif kind != "m.text" or "m.new_content" in content:
        return None  # an edit that lost its relation is no new message
    return Message(
        heard.room,
        heard.event,
        heard.sender,
        heard.at,
        _without_quote(body) if reply else body,
        heard.late,
        trust,
        reply,
        thread,
        _mentions(content),
        media,
        kind == "m.audio" or "org.matrix.msc3245.voice" in content or "m.voice" in content,
    )


def _edited(
    heard: Heard, kind: str, content: Mapping[str, Any], relates: Mapping[str, Any], trust: Trust
) -> Edited | None:
    """Return the new text of a message (spec §Event replacements); None for files."""
    first, new = target(relates, "m.replace"), mapping(content.get("m.new_content"))
    if kind != "m.room.message" or first is None or new.get("msgtype") != "m.text":
        return None
    body = text(new.get("body"), BODY_CAP)
    where = heard.room, heard.event, heard.sender, heard.at
    return Edited(*where, first, body, heard.late, trust, _mentions(new))


def _place(relates: Mapping[str, Any]) -> tuple[EventId | None, EventId | None]:
    """Return the event replied to, and the thread's root. A thread's fallback is no reply."""
    thread = target(relates, "m.thread")
    reply = mapping(relates.get("m.in_reply_to")).get("event_id")
    if not event_id(reply) or (thread and relates.get("is_falling_back") is True):
        return None, thread
    return EventId(str(reply)), thread


def _without_quote(body: str) -> str:
    """Remove the fallback that old clients put before a reply (spec until v1.12)."""
    lines = body.split("\n")
    quoted = 0
    while quoted < len(lines) and lines[quoted].startswith(">"):
        quoted += 1
    if quoted and quoted < len(lines) and not lines[quoted].strip():
        return "\n".join(lines[quoted + 1 :])
    return body


def _mentions(content: Mapping[str, Any]) -> tuple[UserId, ...]:
    """Return the people in `m.mentions` and in the HTML's pills, in that order, each once."""
    named = mapping(content.get("m.mentions")).get("user_ids")
    found = [*(named if isinstance(named, list) else [])[:MOST_MENTIONS], *_pills(content)]
    users = dict.fromkeys(UserId(name) for name in found if user_id(name))
    return tuple(users)[:MOST_MENTIONS]


def _pills(content: Mapping[str, Any]) -> Iterator[str]:
    body = text(content.get("formatted_body"), BODY_CAP)
    before, _, quoted = body.partition("<mx-reply>")
    for found in _PILL.finditer(before + quoted.partition("</mx-reply>")[2]):
        yield unquote(html.unescape(found[1]))


def _caption(content: Mapping[str, Any]) -> str:
    """Return the caption: since v1.10 the body, if `filename` differs from it."""
    body, name = content.get("body"), content.get("filename")
    return text(body, BODY_CAP) if isinstance(name, str) and name != body else ""


def _media(content: Mapping[str, Any]) -> Media | None:
    info, secret = mapping(content.get("info")), content.get("file")
    url = secret.get("url") if isinstance(secret, Mapping) else content.get("url")
    if not isinstance(url, str) or not _MXC.fullmatch(url):
        return None
    size = info.get("size")
    return Media(
        url,
        text(content.get("filename"), 100) or text(content.get("body"), 100),
        text(info.get("mimetype"), 100),
        size if isinstance(size, int) and size >= 0 else 0,
        secret if isinstance(secret, Mapping) else None,
    )


def _vote(
    heard: Heard, content: Mapping[str, Any], relates: Mapping[str, Any], trust: Trust
) -> PollVote | None:
    poll = target(relates, "m.reference")
    if poll is None:
        return None
    given = content.get("m.selections")
    if given is None:
        given = mapping(content.get("org.matrix.msc3381.poll.response")).get("answers")
    return PollVote(
        heard.room,
        heard.event,
        heard.sender,
        heard.at,
        poll,
        _answers(given),
        heard.stamp,
        heard.late,
        trust,
    )


def _answers(given: Any) -> tuple[str, ...]:
    """Return the answers selected. A malformed response is a spoilt vote (MSC3381) with none."""
    if not isinstance(given, list) or not all(isinstance(a, str) for a in given):
        return ()
    return tuple(dict.fromkeys(text(a, 255) for a in given[:MOST_ANSWERS]))


def _reaction(heard: Heard, relates: Mapping[str, Any]) -> Reaction | None:
    meant, key = target(relates, "m.annotation"), text(relates.get("key"), 255)
    if meant is None or not key:
        return None
    return Reaction(heard.room, heard.event, heard.sender, heard.at, meant, key, heard.late)
