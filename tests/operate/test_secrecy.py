"""Nothing that a person wrote, and nobody's address, reaches the log."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.operate import log_redaction

PLANTED = [
    "@ana:example.org",
    "@ana.maria=2f/x:sub.example.org:8448",
    "%40ana%3Aexample.org",
    "!planted:example.org",
    "!AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCde",
    "%21planted%3Aexample.org",
    "#planted:example.org",
    "mxc://example.org/planted",
    "syt_bWluZ2E_planted_0a1b2c",
    "Bearer planted-token",
    "access_token=planted",
    '"password": "planted"',
    "0f" * 32,
]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root, out = logging.getLogger(), io.StringIO()
    before, level, hook = root.handlers[:], root.level, sys.excepthook
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    log_redaction.set_up_logging("debug", "json", out)
    yield out
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)
    sys.excepthook = hook


def log() -> Any:
    return structlog.get_logger("minga")


def test_planted_markers_never_reach_the_log(lines: io.StringIO) -> None:
    for planted in PLANTED:
        log().info(f"sent to {planted} now", where=planted, many=[planted, {"k": planted}])
        log().info("in a key", **{planted: 1, "deep": {planted: (planted,)}})
        logging.getLogger("aiohttp").warning("asked %s", planted)
        logging.getLogger("aiohttp").warning(f"asked: {planted}")  # noqa: G004
        logging.getLogger("babel").warning(f"read: {planted}")  # noqa: G004
    text = lines.getvalue()
    assert "planted" not in text
    assert not [p for p in PLANTED if p in text]
    assert len(text.splitlines()) == 5 * len(PLANTED)


@pytest.mark.parametrize("key", ["body", "content", "text", "password", "token"])
def test_some_keys_are_never_shown(lines: io.StringIO, key: str) -> None:
    log().warning("kept", **{key: "planted", "more": {key: "planted"}})
    assert "planted" not in lines.getvalue()


def test_an_exception_is_its_type_and_its_place(lines: io.StringIO) -> None:
    try:
        try:
            raise KeyError("planted")
        except KeyError as error:
            raise ValueError("planted text of ana") from error
    except ValueError as error:
        log().exception("failed", why=error)
        logging.getLogger("aiohttp").exception("job %s failed", "planted")
        sys.excepthook(type(error), error, error.__traceback__)
    text = lines.getvalue()
    assert "planted" not in text
    assert text.count("ValueError at tests/operate/test_secrecy.py:") == 3
    assert text.count("from KeyError at tests/operate/test_secrecy.py:") == 3


def test_event_ids_and_plain_facts_stay(lines: io.StringIO) -> None:
    log().info("answered", event_id="$abcDEF_0-9", feature="polls", took=0.25, reference="K7Q2")
    said = json.loads(lines.getvalue())
    assert said.pop("timestamp").endswith("Z")
    assert said == {
        "event": "answered",
        "event_id": "$abcDEF_0-9",
        "feature": "polls",
        "took": 0.25,
        "reference": "K7Q2",
        "level": "info",
    }


def test_an_object_of_ours_is_not_spelled_out(lines: io.StringIO) -> None:
    class Message:
        def __repr__(self) -> str:
            return "Message('planted')"

    log().info("got", what=Message(), raw=b"planted")
    assert "planted" not in lines.getvalue()


def test_libraries_are_heard_from_warning_on(lines: io.StringIO) -> None:
    for name in ("aiohttp.access", "aiohttp.client", "asyncio"):
        logging.getLogger(name).info("chatter")
    assert not lines.getvalue()


def test_the_console_hides_as_well(lines: io.StringIO) -> None:
    log_redaction.set_up_logging("info", "console", lines)
    log().info("to @planted:example.org", body="planted")
    log().debug("below the level")
    assert "planted" not in lines.getvalue()
    assert lines.getvalue().count("\n") == 1


def test_an_error_that_is_among_its_own_causes_ends(lines: io.StringIO) -> None:
    log = structlog.get_logger("test")
    inner = KeyError("@ana:example.org dijo: nos vemos en la calle 5")
    group = BaseExceptionGroup("side by side", [inner])
    try:
        raise inner from group
    except KeyError:
        log.exception("broken")
    inner.__context__ = inner.__cause__ = ValueError("calle 5")
    inner.__cause__.__cause__ = inner
    log.error("broken", exc_info=inner)
    told = lines.getvalue()
    assert told.count("KeyError at") >= 1
    assert len(told) < 2000
    assert "calle" not in told
    assert "ana" not in told
