"""The time zone in somebody's profile (MSC4175): a short text, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.matrix.http import Http
from bot.matrix.profile import read_zone
from bot.types import UserId
from tests.matrix.homeserver import ANA, Homeserver

FORBIDDEN = (403, {"errcode": "M_FORBIDDEN", "error": "no"})


@pytest.fixture
def server(home: Homeserver) -> Homeserver:
    return home


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({"m.tz": "America/Bogota"}, "America/Bogota"),
        ({"us.cloke.msc4175.tz": "America/Recife"}, "America/Recife"),
        ({"m.tz": "America/Bogota", "us.cloke.msc4175.tz": "UTC"}, "America/Bogota"),
        ({"m.tz": ["America/Bogota"]}, None),
        ({"m.tz": "A" * 65}, None),
        ({"displayname": "Ana"}, None),
    ],
)
async def test_the_zone_in_a_profile_is_a_short_text_or_nothing(
    server: Homeserver, http: Http, shown: dict[str, Any], found: str | None
) -> None:
    server.profile |= shown
    assert await read_zone(http, UserId(ANA)) == found


async def test_a_profile_that_cannot_be_had_names_no_zone(server: Homeserver, http: Http) -> None:
    server.refuse["/profile/"] = FORBIDDEN
    assert await read_zone(http, UserId(ANA)) is None
