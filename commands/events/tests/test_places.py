"""Coordinates, as maps and people write them. Pure."""

from __future__ import annotations

import pytest

from commands.events.map_points import find_point


@pytest.mark.parametrize(
    "text",
    [
        "geo:4.6097,-74.0817",
        "Casa Azul (4.6097, -74.0817)",
        "https://www.openstreetmap.org/?mlat=4.6097&mlon=-74.0817#map=17/4.6/-74.0",
        "https://www.openstreetmap.org/#map=17/4.6097/-74.0817",
        "https://www.google.com/maps/@4.6097,-74.0817,15z",
        "https://maps.google.com/?q=4.6097,-74.0817",
        "https://www.google.com/maps/search/?api=1&query=4.6097%2C-74.0817",
        "https://www.google.com/maps/place/x/data=!3d4.6097!4d-74.0817",
    ],
)
def test_coordinates_are_found(text: str) -> None:
    point = find_point(text)
    assert point is not None
    assert point.uri == "geo:4.6097,-74.0817"


@pytest.mark.parametrize(
    "text",
    [
        "Calle 5 # 3-20",
        "piso 3, 4",
        "geo:95.1,10.2",
        "10.5, 20",
        "1,234.56",
        "",
        "12.345.678, 9.1011",
    ],
)
def test_what_is_no_point_on_earth_is_none(text: str) -> None:
    assert find_point(text) is None
