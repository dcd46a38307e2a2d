"""Matrix event contents, as clients show them best. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.effects import StartPoll
from bot.render import Rendered
from bot.types import EventId, UserId

REF = "@ref"
"""Stands for an event whose id the outbox fills in."""
POLL = "org.matrix.msc3381.poll"
TEXT = "org.matrix.msc1767.text"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What every app shows in its place."""

Content = dict[str, Any]


def message(
    words: Rendered,
    *,
    loud: bool,
    mentions: Iterable[UserId] = (),
    relates: Mapping[str, Any] | None = None,
) -> Content:
    """A text; `m.mentions` always explicit (spec, user and room mentions)."""
    content: Content = {
        "msgtype": "m.text" if loud else "m.notice",
        "body": words.plain,
        "format": "org.matrix.custom.html",
        "formatted_body": words.html,
        "m.mentions": {"user_ids": sorted(mentions)} if mentions else {},
    }
    if relates:
        content["m.relates_to"] = dict(relates)
    return content


def relation(reply: str | None, thread: EventId | None) -> Content:
    """`m.relates_to` of an answer: a reply, in its thread if it has one."""
    found: Content = {}
    if thread:
        found = {"rel_type": "m.thread", "event_id": thread, "is_falling_back": reply is None}
        reply = reply or thread
    if reply:
        found["m.in_reply_to"] = {"event_id": reply}
    return found


def edit(words: Rendered, *, loud: bool, mentions: Iterable[UserId]) -> Content:
    """A replacement of the message that the outbox will name (spec, event replacements).

    It means whom the message meant; the event itself means nobody, so that no phone rings again.
    """
    new = message(words, loud=loud, mentions=mentions)
    return {
        **new,
        "m.mentions": {},
        "body": "* " + words.plain,
        "formatted_body": "* " + words.html,
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": REF},
    }


def poll(effect: StartPoll) -> Content:
    """MSC3381 in matrix-js-sdk's shape, with the texts that NeoChat needs."""
    numbered = [f"{n}. {label}" for n, (_, label) in enumerate(effect.answers[:20], start=1)]
    fallback = "\n".join([effect.question, *numbered])
    kind = "disclosed" if effect.disclosed else "undisclosed"
    content: Content = {
        f"{POLL}.start": {
            "question": {TEXT: effect.question, "body": effect.question, "msgtype": "m.text"},
            "kind": f"{POLL}.{kind}",
            "max_selections": effect.max_selections,
            "answers": [{"id": key, TEXT: label} for key, label in effect.answers[:20]],
        },
        TEXT: fallback,
        "body": fallback,
        "m.mentions": {},
    }
    relates = relation(None, effect.thread)
    if relates:
        content["m.relates_to"] = relates
    return content


def poll_end(words: Rendered) -> Content:
    return {
        f"{POLL}.end": {},
        TEXT: words.plain,
        "body": words.plain,
        "msgtype": "m.text",
        "m.mentions": {},
        "m.relates_to": {"rel_type": "m.reference", "event_id": REF},
    }


def file(
    name: str,
    mime: str,
    size: int,
    words: Rendered | None,
    picture: tuple[int, int] | None,
    relates: Mapping[str, Any],
) -> Content:
    """A file whose `file` the outbox fills in after the upload; the caption is its body."""
    info: Content = {"mimetype": mime, "size": size}
    if picture:
        info |= {"w": picture[0], "h": picture[1]}
    content: Content = {
        "msgtype": "m.image" if picture or mime in PICTURES else "m.file",
        "filename": name,
        "body": words.plain if words else name,
        "info": info,
        "m.mentions": {},
    }
    if words:
        content |= {"format": "org.matrix.custom.html", "formatted_body": words.html}
    if relates:
        content["m.relates_to"] = dict(relates)
    return content


def filled(value: Any, event: str | None) -> Any:
    """The content with `REF` replaced; a reply to nothing loses its relation."""
    if isinstance(value, dict):
        return {
            key: filled(inner, event)
            for key, inner in value.items()
            if not (event is None and key == "m.in_reply_to" and inner == {"event_id": REF})
        }
    if isinstance(value, list):
        return [filled(inner, event) for inner in value]
    return event if value == REF and event is not None else value


def needs_target(body: Content) -> bool:
    """Is this about another event, whose id is not filled in?"""
    relates = body.get("m.relates_to")
    return isinstance(relates, dict) and relates.get("event_id") == REF
