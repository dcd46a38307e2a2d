"""How much is tried, and what hostile text and hostile JSON are made of."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FULL = os.environ.get("MINGA_FULL") == "1"
"""Whether all is tried (`make fuzz`), or the share of `make test`."""


def tried(share: int, full: int) -> settings:
    """Return how many examples are tried: a share in `make test`, and all in `make fuzz`."""
    return settings(
        max_examples=full if FULL else share,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


PIECES = st.sampled_from(
    [
        *("\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u3164", "\U000e0041"),
        *("\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\r\n", "\r", "\t", "\n"),
        *("“", "”", "«", "—", "…", "：", "！", "１", "٣", "²", "e\u0301", "İ", "ß", "ﬁ", "🎉"),
        *('"', "'", "|", ";", ":", ",", "?", "¿", "!", "#", "@", "/", "`", "**", "<b>", "&lt;"),
        *("{0}", "{who}", "%s", "\\", "=", "+", "-", "0", "1", "999999999999", "25:61", "31/2"),
        *(
            "@bea:test",
            "@room",
            "https://a.b/c",
            "hasta ",
            "cupo: ",
            "mañana ",
            " o ",
            " y ",
            " no",
        ),
        *("sí", "cancelar", "p2", "página ", "en 3 horas", "cada lunes", "x" * 300, " " * 50),
    ]
)
LINES = st.lists(PIECES | st.text(max_size=12), max_size=8).map("".join)
"""Lines of what phones write, what parsers stumble over, and what hides."""

KEYS = st.sampled_from(
    [
        *("type", "sender", "content", "event_id", "room_id", "state_key", "origin_server_ts"),
        *("algorithm", "ciphertext", "sender_key", "session_id", "session_key", "device_id"),
        *(
            "recipient",
            "recipient_keys",
            "keys",
            "ed25519",
            "body",
            "code",
            "unsigned",
            "m.relates_to",
        ),
    ]
)
VALUES = st.sampled_from(
    [
        *("m.room.encrypted", "m.room_key", "m.room_key.withheld", "m.forwarded_room_key"),
        *("m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2", "!room:one.example", "@a:b"),
        *("A" * 43, "$event", "m.dummy", "m.secret.send", "", "\ud800", "x" * 70_000, 0, -1),
        *(2**63, 10**400, 1.5, float("nan"), True, None),
    ]
)
JSON = st.recursive(
    VALUES | st.text(max_size=20) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=15,
)
"""What a server can put anywhere that a client reads JSON."""
