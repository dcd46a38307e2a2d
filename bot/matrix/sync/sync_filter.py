"""What we want of a sync (spec, Filtering): no presence, no receipts, all of the state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.matrix.run_record import CLAIM_TYPE

_NOTHING: Mapping[str, Any] = {"types": []}
FILTER = json.dumps(
    {
        "presence": _NOTHING,
        "account_data": {"types": [CLAIM_TYPE]},
        "room": {
            "ephemeral": _NOTHING,
            "account_data": _NOTHING,
            "timeline": {"limit": 100},
            "state": {"lazy_load_members": False},
        },
    }
)
