"""Keeps Matrix ids, tokens and people's words out of the log.

Event ids (`$…`) stay: they identify nobody without the homeserver, and an operator and a member can
find the same message by them.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog

GONE = "[…]"
MOST_CAUSES = 10
_ROOT = str(Path(__file__).parents[2]) + "/"
_HIDDEN_KEYS = frozenset(
    """access_token answer answers authorization body caption content description display_name
    displayname formatted_body key label message name option options passphrase password payload
    question reason secret text title token topic url value words""".split()  # noqa: SIM905
)
_HIDDEN = re.compile(
    r"""
    (?:@|%40)[^\s"'@<>]*?(?::|%3A)[\w.\-\[\]:]+      # @person:server, also in addresses
    | (?:\#|%23)[^\s"'<>]+?(?::|%3A)[\w.\-\[\]:]+    # #alias:server
    | (?:!|%21)[^\s"'<>/?]+(?::|%3A)[\w.\-\[\]:]+    # !room:server
    | (?:!|%21)[\w\-]{43}                            # !room of version 12
    | mxc://\S+
    | \b(?:syt|syr|mat|mct|mcr|mua)_\w+              # tokens of Synapse and of MAS
    | (?i:bearer\s+\S+)
    | (?i:(?:access_token|password|token|secret)["']?\s*[=:]\s*)\S+
    | \bx'[0-9a-fA-F]{32,}'
    | \b[0-9a-fA-F]{64}\b                            # a key
    """,
    re.VERBOSE,
)
_QUIET = (
    "aiohttp",
    "asyncio",
    "dateparser",
)

Event = MutableMapping[str, Any]


def set_up_logging(
    level: str = "info",
    format: Literal["auto", "console", "json"] = "auto",  # noqa: A002 (config.toml's word)
    stream: TextIO | None = None,
) -> None:
    """Send every log line of this process, ours and the libraries', through the filters that hide
    secrets."""
    out = stream or sys.stdout
    console = format == "console" or (format == "auto" and out.isatty())
    structlog.configure(
        processors=[*_processors(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(console),
            ],
            foreign_pre_chain=[_strip_values, *_processors()],
            keep_exc_info=False,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.raiseExceptions = False  # a failing record would be printed with its values
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _processors() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True),
        _replace_exception,
        hide_secrets,
    ]


def _renderer(console: bool) -> structlog.typing.Processor:
    if console:
        return structlog.dev.ConsoleRenderer(colors=False)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


# --- what is taken out -------------------------------------------------------------------------


def hide_secrets(_logger: Any, _method: str, event: Event) -> Event:
    """Return the log entry with secrets replaced in keys and values, at every depth."""
    return {
        **{scrub(k): _safe_value(k, v) for k, v in event.items()},
        **{k: v for k, v in event.items() if k in ("timestamp", "level") or k.startswith("_")},
    }


def _safe_value(key: str, value: Any) -> Any:
    return GONE if key.lower() in _HIDDEN_KEYS else _scrub_value(value)


def _scrub_value(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, (bytes, bytearray, memoryview)):
        return GONE
    if isinstance(value, Mapping):
        return {scrub(str(k)): _safe_value(str(k), v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_scrub_value(v) for v in value]
    return type(value).__name__  # its repr could contain anything


def scrub(text: str) -> str:
    """Return `text` without ids of people and rooms, media URIs, tokens and keys."""
    return _HIDDEN.sub(GONE, text)


def _replace_exception(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its type and traceback, because its message may be private."""
    given = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = error_places(error)
    return event


def error_places(error: BaseException, *, above: frozenset[int] = frozenset()) -> str:
    """Return an exception's type, traceback and causes, without messages.

    For example `ValueError at bot/parse.py:12 < bot/run/dispatch.py:90`. `above` holds the ids of
    errors already shown, because an error can be among its own causes.
    """
    if id(error) in above or len(above) >= MOST_CAUSES:
        return "…"
    above |= {id(error)}
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{_short(f.filename)}:{f.lineno}" for f in reversed(frames[-8:]))
    told = f"{type(error).__name__} at {where}" if where else type(error).__name__
    if isinstance(error, BaseExceptionGroup):
        inner = (error_places(one, above=above) for one in error.exceptions[:5])
        told += " (" + "; ".join(inner) + ")"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told if cause is None else f"{told}, from {error_places(cause, above=above)}"


def _short(path: str) -> str:
    return path.removeprefix(_ROOT).rpartition("site-packages/")[2]


def _strip_values(_logger: Any, _method: str, event: Event) -> Event:
    """Keep of a library's log line only what the library wrote, not its values.

    Of an f-string that is the text before the first colon.
    """
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    words = str(record.msg).partition("\n")[0]
    if not record.args:
        words = words.partition(":")[0]
    event["event"] = words[:200]
    event.pop("positional_args", None)
    return event


def _uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger("minga").critical(
        "stopped by a bug", exc_info=(kind, error or kind(), trace)
    )
