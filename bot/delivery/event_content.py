"""Builds the contents of Matrix events in the form that clients show best. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.delivery.effects import StartPoll
from bot.delivery.rendering import RenderedText
from bot.types import EventId, UserId

TARGET_PLACEHOLDER = "@ref"
"""Placeholder for an event id that the outbox fills in."""
POLL_TYPE = "org.matrix.msc3381.poll"
TEXT_TYPE = "org.matrix.msc1767.text"
PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types that every client shows inline."""

Content = dict[str, Any]


def message_content(
    words: RenderedText,
    *,
    loud: bool,
    mentions: Iterable[UserId] = (),
    relates: Mapping[str, Any] | None = None,
) -> Content:
    """Return the content of a text message. `m.mentions` is always set (spec, user and room
    mentions)."""
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


def relation_content(reply: str | None, thread: EventId | None) -> Content:
    """Return the `m.relates_to` of a reply, or of a message in a thread."""
    found: Content = {}
    if thread:
        found = {"rel_type": "m.thread", "event_id": thread, "is_falling_back": reply is None}
        reply = reply or thread
    if reply:
        found["m.in_reply_to"] = {"event_id": reply}
    return found


def edit_content(words: RenderedText, *, loud: bool, mentions: Iterable[UserId]) -> Content:
    """Return the content that replaces a message, whose id the outbox fills in (spec, event
    replacements).

    The new content keeps the mentions; the event itself has none, so that nobody is notified again.
    """
    new = message_content(words, loud=loud, mentions=mentions)
    return {
        **new,
        "m.mentions": {},
        "body": "* " + words.plain,
        "formatted_body": "* " + words.html,
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": TARGET_PLACEHOLDER},
    }


def reaction_content(key: str) -> Content:
    """Return the content of a reaction to an event whose id the outbox fills in (spec,
    `m.annotation`)."""
    relates = {"rel_type": "m.annotation", "event_id": TARGET_PLACEHOLDER, "key": key}
    return {"m.relates_to": relates}


def poll_content(effect: StartPoll, question: str, answers: Sequence[tuple[str, str]]) -> Content:
    """Return the content of a poll start in the form of matrix-js-sdk (MSC3381), with the texts
    NeoChat needs.

    `question` and `answers` are rendered.
    """
    numbered = [f"{n}. {label}" for n, (_, label) in enumerate(answers[:20], start=1)]
    fallback = "\n".join([question, *numbered])
    kind = "disclosed" if effect.disclosed else "undisclosed"
    content: Content = {
        f"{POLL_TYPE}.start": {
            "question": {TEXT_TYPE: question, "body": question, "msgtype": "m.text"},
            "kind": f"{POLL_TYPE}.{kind}",
            "max_selections": effect.max_selections,
            "answers": [{"id": key, TEXT_TYPE: label} for key, label in answers[:20]],
        },
        TEXT_TYPE: fallback,
        "body": fallback,
        "m.mentions": {},
    }
    relates = relation_content(None, effect.thread)
    if relates:
        content["m.relates_to"] = relates
    return content


def poll_end_content(words: RenderedText) -> Content:
    """Return the content of a poll end (MSC3381)."""
    return {
        f"{POLL_TYPE}.end": {},
        TEXT_TYPE: words.plain,
        "body": words.plain,
        "msgtype": "m.text",
        "m.mentions": {},
        "m.relates_to": {"rel_type": "m.reference", "event_id": TARGET_PLACEHOLDER},
    }


def file_content(
    name: str,
    mime: str,
    size: int,
    words: RenderedText | None,
    picture: tuple[int, int] | None,
    relates: Mapping[str, Any],
    mentions: Iterable[UserId] = (),
) -> Content:
    """Return the content of a file message with its caption as body. The outbox fills in `file`
    after the upload."""
    info: Content = {"mimetype": mime, "size": size}
    if picture:
        info |= {"w": picture[0], "h": picture[1]}
    content: Content = {
        "msgtype": "m.image" if picture or mime in PICTURE_TYPES else "m.file",
        "filename": name,
        "body": words.plain if words else name,
        "info": info,
        "m.mentions": {"user_ids": sorted(mentions)} if mentions else {},
    }
    if words:
        content |= {"format": "org.matrix.custom.html", "formatted_body": words.html}
    if relates:
        content["m.relates_to"] = dict(relates)
    return content


def fill_target(value: Any, event: str | None) -> Any:
    """Return the content with the id `event` in place of `TARGET_PLACEHOLDER`.

    Without an event, a reply relation to it is left out.
    """
    if isinstance(value, dict):
        return {
            key: fill_target(inner, event)
            for key, inner in value.items()
            if not (
                event is None
                and key == "m.in_reply_to"
                and inner == {"event_id": TARGET_PLACEHOLDER}
            )
        }
    if isinstance(value, list):
        return [fill_target(inner, event) for inner in value]
    return event if value == TARGET_PLACEHOLDER and event is not None else value


def needs_target(body: Content) -> bool:
    """Return whether the content refers to an event whose id is not filled in yet."""
    relates = body.get("m.relates_to")
    return isinstance(relates, dict) and relates.get("event_id") == TARGET_PLACEHOLDER
