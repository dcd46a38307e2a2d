"""Translate raw events into the bot's own types. Pure. Every field of an event is untrusted."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from bot.matrix.fields import (
    LAST_STAMP,
    as_mapping,
    clean_text,
    is_event_id,
    is_user_id,
    read_membership,
    relation_target,
)
from bot.matrix.sync.verification_steps import (
    VERIFICATION_REQUEST,
    VERIFICATION_STEPS,
    find_room_step,
)
from bot.types import (
    BETWEEN_BOTS,
    Echo,
    EditedMessage,
    EventId,
    InboundEvent,
    LinkMessage,
    Media,
    MembershipChanged,
    Message,
    PollEnd,
    PollVote,
    Reaction,
    Redaction,
    RoomId,
    Trust,
    UserId,
    VerificationStep,
)

LONGEST_BODY = 64 * 1024
MOST_ANSWERS = 20  # MSC3381
MOST_MENTIONS = 100
ALWAYS_UNENCRYPTED = frozenset({"m.reaction", "m.room.redaction"})
"""Types that clients send unencrypted also in encrypted rooms. See `may_be_unencrypted`."""

_MXC = re.compile(r"mxc://(?!\.\.?/)[A-Za-z0-9.\-\[\]:]{1,230}/[A-Za-z0-9_\-]{1,255}")
_PILL = re.compile(r"""href=["']https://matrix\.to/#/([^"'?]{1,400})""")


@dataclass(frozen=True, slots=True)
class CheckedEvent:
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
    def relation(self) -> Mapping[str, Any]:
        return as_mapping(self.content.get("m.relates_to"))


def check_event(
    room: RoomId, raw: Mapping[str, Any], when: Callable[[int], datetime], late: bool
) -> CheckedEvent | None:
    """Return an event with the fields that are readable before decryption, or None if it is
    malformed.

    `when` maps an `origin_server_ts` to the time when the event counts as sent. `late`: it was not
    read live, but afterwards from the room's history.
    """
    event, sender, kind = raw.get("event_id"), raw.get("sender"), raw.get("type")
    content, stamp = raw.get("content"), raw.get("origin_server_ts")
    if not (is_event_id(event) and is_user_id(sender) and isinstance(kind, str)):
        return None
    if not isinstance(content, Mapping):
        return None
    stamp = min(max(stamp, 0), LAST_STAMP) if isinstance(stamp, int) else 0
    key, redacts = raw.get("state_key"), raw.get("redacts")
    return CheckedEvent(
        room,
        EventId(str(event)),
        UserId(str(sender)),
        stamp,
        kind[:255],
        content,
        as_mapping(raw.get("unsigned")),
        key if isinstance(key, str) else None,
        redacts if isinstance(redacts, str) else None,
        when(stamp),
        late,
    )


# --- what an event says --------------------------------------------------------------------------


def read_event(
    heard: CheckedEvent, kind: str, content: Mapping[str, Any], trust: Trust
) -> InboundEvent | None:
    """Return an event of a room as one of the bot's own types, or None if it does not concern the
    bot.

    `kind` and `content` are the decrypted ones if it was encrypted. A relation stands outside of
    the ciphertext for servers (spec §Relationship types); most apps repeat it inside, and that one
    counts. One that stands only outside is not vouched for by the sender (decision 0025).
    """
    inside = as_mapping(content.get("m.relates_to"))
    relates, sealed = inside or heard.relation, bool(inside) or not heard.relation
    if relates.get("rel_type") == "m.replace":
        return _read_edit(heard, kind, content, relates, trust)
    if kind in VERIFICATION_STEPS or content.get("msgtype") == VERIFICATION_REQUEST:
        return _read_step(heard, kind, content, relates, trust)
    if kind == "m.room.message":
        found = _read_message(heard, content, relates, trust)
        return found if found is None or sealed else replace(found, relation_sealed=False)
    if kind in ("m.poll.response", "org.matrix.msc3381.poll.response"):
        vote = _read_vote(heard, content, relates, trust)
        return vote if vote is None or sealed else replace(vote, relation_sealed=False)
    if kind in ("m.poll.end", "org.matrix.msc3381.poll.end"):
        poll = relation_target(relates, "m.reference")
        where = heard.room, heard.event, heard.sender, heard.at
        return PollEnd(*where, poll, heard.late, trust, sealed) if poll else None
    if kind == "m.reaction":
        return _read_reaction(heard, relates)
    if kind in BETWEEN_BOTS:
        where = heard.room, heard.event, heard.sender, heard.at
        return LinkMessage(*where, kind, content, heard.late, trust)
    return None


def _read_step(
    heard: CheckedEvent,
    kind: str,
    content: Mapping[str, Any],
    relates: Mapping[str, Any],
    trust: Trust,
) -> VerificationStep | None:
    """Return a step of a verification; None for one that is not about a request."""
    found = find_room_step(heard.event, kind, content, relates)
    where = heard.room, heard.event, heard.sender, heard.at
    return VerificationStep(*where, *found, content, trust, heard.late) if found else None


def may_be_unencrypted(heard: CheckedEvent) -> bool:
    """Return whether apps send an event like this unencrypted in encrypted rooms too.

    Element sends every step of a verification so; its codes vouch for it, not the encryption.
    """
    if heard.kind in ALWAYS_UNENCRYPTED or heard.kind in VERIFICATION_STEPS:
        return True
    is_request = heard.content.get("msgtype") == VERIFICATION_REQUEST
    is_edit = heard.relation.get("rel_type") == "m.replace"
    return heard.kind == "m.room.message" and is_request and not is_edit


def has_changed_relation(heard: CheckedEvent, content: Mapping[str, Any]) -> bool:
    """Return whether the relation outside of the ciphertext names another event than the one
    inside."""
    inside = as_mapping(content.get("m.relates_to"))
    return (
        bool(inside)
        and bool(heard.relation)
        and _relation_ids(inside) != _relation_ids(heard.relation)
    )


def _relation_ids(relates: Mapping[str, Any]) -> tuple[Any, ...]:
    reply = as_mapping(relates.get("m.in_reply_to")).get("event_id")
    return relates.get("rel_type"), relates.get("event_id"), reply


def read_redaction(heard: CheckedEvent) -> Redaction | None:
    """Return the redaction that an event makes. Room version 11 moved `redacts` into the content;
    servers may send both."""
    gone = heard.content.get("redacts", heard.redacts)
    if not is_event_id(gone):
        return None
    where = heard.room, heard.event, heard.sender, heard.at
    return Redaction(*where, EventId(str(gone)), heard.late)


def read_membership_change(heard: CheckedEvent) -> MembershipChanged | None:
    """Return the change of membership that an event makes; None if only a name or picture
    changed."""
    prev = as_mapping(heard.unsigned.get("prev_content"))
    now, before = read_membership(heard.content), read_membership(prev)
    if now is before or not is_user_id(heard.state_key):
        return None
    return MembershipChanged(
        heard.room,
        heard.event,
        heard.sender,
        heard.at,
        UserId(str(heard.state_key)),
        now,
        before,
        clean_text(heard.content.get("reason"), 500),
        heard.late,
    )


def read_echo(heard: CheckedEvent) -> Echo | None:
    """Return the bot's own event with the transaction id that it was sent with. Only its server
    sends that."""
    txn = heard.unsigned.get("transaction_id")
    if not isinstance(txn, str):
        return None
    return Echo(heard.room, heard.event, heard.sender, heard.at, txn)


def _read_message(
    heard: CheckedEvent, content: Mapping[str, Any], relates: Mapping[str, Any], trust: Trust
) -> Message | None:
    kind = content.get("msgtype")
    reply, thread = _reply_and_thread(relates)
    body = clean_text(content.get("body"), LONGEST_BODY)
    media = None
    if kind in ("m.file", "m.image", "m.audio", "m.video"):
        media = _read_media(content)
        body = _read_caption(content)
        if media is None:
            return None
    elif kind != "m.text" or "m.new_content" in content:
        return None  # an edit that lost its relation is no new message
    return Message(
        heard.room,
        heard.event,
        heard.sender,
        heard.at,
        _strip_reply_fallback(body) if reply else body,
        heard.late,
        trust,
        reply,
        thread,
        _read_mentions(content),
        media,
        kind == "m.audio" or "org.matrix.msc3245.voice" in content or "m.voice" in content,
    )


def _read_edit(
    heard: CheckedEvent,
    kind: str,
    content: Mapping[str, Any],
    relates: Mapping[str, Any],
    trust: Trust,
) -> EditedMessage | None:
    """Return the new text of a message (spec §Event replacements); None for files."""
    first, new = relation_target(relates, "m.replace"), as_mapping(content.get("m.new_content"))
    if kind != "m.room.message" or first is None or new.get("msgtype") != "m.text":
        return None
    body = clean_text(new.get("body"), LONGEST_BODY)
    where = heard.room, heard.event, heard.sender, heard.at
    return EditedMessage(*where, first, body, heard.late, trust, _read_mentions(new))


def _reply_and_thread(relates: Mapping[str, Any]) -> tuple[EventId | None, EventId | None]:
    """Return the event replied to, and the thread's root. A thread's fallback is no reply."""
    thread = relation_target(relates, "m.thread")
    reply = as_mapping(relates.get("m.in_reply_to")).get("event_id")
    if not is_event_id(reply) or (thread and relates.get("is_falling_back") is True):
        return None, thread
    return EventId(str(reply)), thread


def _strip_reply_fallback(body: str) -> str:
    """Remove the fallback that old clients put before a reply (spec until v1.12)."""
    lines = body.split("\n")
    quoted = 0
    while quoted < len(lines) and lines[quoted].startswith(">"):
        quoted += 1
    if quoted and quoted < len(lines) and not lines[quoted].strip():
        return "\n".join(lines[quoted + 1 :])
    return body


def _read_mentions(content: Mapping[str, Any]) -> tuple[UserId, ...]:
    """Return the people in `m.mentions` and in the HTML's pills, in that order, each once."""
    named = as_mapping(content.get("m.mentions")).get("user_ids")
    found = [*(named if isinstance(named, list) else [])[:MOST_MENTIONS], *_read_pills(content)]
    users = dict.fromkeys(UserId(name) for name in found if is_user_id(name))
    return tuple(users)[:MOST_MENTIONS]


def _read_pills(content: Mapping[str, Any]) -> Iterator[str]:
    body = clean_text(content.get("formatted_body"), LONGEST_BODY)
    before, _, quoted = body.partition("<mx-reply>")
    for found in _PILL.finditer(before + quoted.partition("</mx-reply>")[2]):
        yield unquote(html.unescape(found[1]))


def _read_caption(content: Mapping[str, Any]) -> str:
    """Return the caption: since v1.10 the body, if `filename` differs from it."""
    body, name = content.get("body"), content.get("filename")
    return clean_text(body, LONGEST_BODY) if isinstance(name, str) and name != body else ""


def _read_media(content: Mapping[str, Any]) -> Media | None:
    info, secret = as_mapping(content.get("info")), content.get("file")
    url = secret.get("url") if isinstance(secret, Mapping) else content.get("url")
    if not isinstance(url, str) or not _MXC.fullmatch(url):
        return None
    size = info.get("size")
    return Media(
        url,
        clean_text(content.get("filename"), 100) or clean_text(content.get("body"), 100),
        clean_text(info.get("mimetype"), 100),
        size if isinstance(size, int) and size >= 0 else 0,
        secret if isinstance(secret, Mapping) else None,
    )


def _read_vote(
    heard: CheckedEvent, content: Mapping[str, Any], relates: Mapping[str, Any], trust: Trust
) -> PollVote | None:
    poll = relation_target(relates, "m.reference")
    if poll is None:
        return None
    given = content.get("m.selections")
    if given is None:
        given = as_mapping(content.get("org.matrix.msc3381.poll.response")).get("answers")
    return PollVote(
        heard.room,
        heard.event,
        heard.sender,
        heard.at,
        poll,
        _read_selections(given),
        heard.stamp,
        heard.late,
        trust,
    )


def _read_selections(given: Any) -> tuple[str, ...]:
    """Return the answers selected. A malformed response is a spoilt vote (MSC3381) with none."""
    if not isinstance(given, list) or not all(isinstance(a, str) for a in given):
        return ()
    return tuple(dict.fromkeys(clean_text(a, 255) for a in given[:MOST_ANSWERS]))


def _read_reaction(heard: CheckedEvent, relates: Mapping[str, Any]) -> Reaction | None:
    meant, key = relation_target(relates, "m.annotation"), clean_text(relates.get("key"), 255)
    if meant is None or not key:
        return None
    return Reaction(heard.room, heard.event, heard.sender, heard.at, meant, key, heard.late)
