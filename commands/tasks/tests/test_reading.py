"""Who does what by when, as people write it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.api import UserId, dates
from commands.tasks import task_parser, task_reminders

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
ZONE = "America/Bogota"
ANA, BEA, CARLA = UserId("@ana:test"), UserId("@bea.r:otra.org"), UserId("@c:test")
NAMES = {ANA: "Ana", BEA: "Beatriz Ríos", CARLA: "Carla"}


@pytest.mark.parametrize(
    ("line", "people", "text"),
    [
        ("comprar pan", (), "comprar pan"),
        ("@ana comprar pan", (ANA,), "comprar pan"),
        ("@Ana, comprar pan", (ANA,), "comprar pan"),
        ("Ana: comprar pan", (ANA,), "comprar pan"),
        ("@beatriz comprar pan", (BEA,), "comprar pan"),
        ("@bea.r:otra.org comprar pan", (BEA,), "comprar pan"),
        ("@ana y @beatriz comprar pan", (ANA, BEA), "comprar pan"),
        ("@ana, @beatriz e @carla: comprar pan", (ANA, BEA, CARLA), "comprar pan"),
        ("comprar pan (@ana)", (ANA,), "comprar pan"),
        ("comprar pan - @ana y @beatriz", (ANA, BEA), "comprar pan"),
        ("yo compro pan", (CARLA,), "compro pan"),
        ("@yo comprar pan", (CARLA,), "comprar pan"),
        ("eu: comprar pão", (CARLA,), "comprar pão"),
        ("Ojo: comprar pan", (), "Ojo: comprar pan"),
        ("ver https://example.org/@ana", (), "ver https://example.org/@ana"),
    ],
)
def test_people_are_found_wherever_they_stand(
    line: str, people: tuple[UserId, ...], text: str
) -> None:
    found = task_parser.read_people(line, CARLA, {}, NAMES)
    assert (found.people, found.text) == (people, text)


def test_a_pill_is_cut_however_the_app_writes_it() -> None:
    for line in (
        "Ana comprar pan",
        "@Ana comprar pan",
        "@ana:test comprar pan",
        "Ana: comprar pan",
    ):
        found = task_parser.read_people(line, CARLA, {ANA: "Ana"}, {})
        assert (found.people, found.text) == ((ANA,), "comprar pan"), line


def test_nobody_is_guessed() -> None:
    two = {ANA: "Ana Paz", UserId("@x:test"): "Ana Sol"}
    found = task_parser.read_people("@ana comprar pan", CARLA, {}, two)
    assert found.people == (ANA,), "an address goes before names"
    found = task_parser.read_people("@Paula comprar pan", CARLA, {}, two)
    assert (found.people, found.unknown) == ((), ("Paula",))
    same = {UserId("@x:test"): "Ana Paz", UserId("@y:test"): "Ana Sol"}
    assert task_parser.read_people("@ana comprar pan", CARLA, {}, same).people == ()


@pytest.mark.parametrize(
    ("line", "text", "wall"),
    [
        ("comprar pan", "comprar pan", None),
        ("comprar pan para el viernes", "comprar pan", "2026-11-27T00:00"),
        ("comprar pão até sexta 18h", "comprar pão", "2026-11-27T18:00"),
        ("buy bread by Friday", "buy bread", "2026-11-27T00:00"),
        ("entregar informe antes del 3/12", "entregar informe", "2026-12-03T00:00"),
        ("hacer volantes (viernes)", "hacer volantes", "2026-11-27T00:00"),
        ("mañana llamar a la imprenta", "llamar a la imprenta", "2026-11-26T00:00"),
        ("preparar la fiesta del viernes", "preparar la fiesta del viernes", None),
        ("revisar el acta del 3 de noviembre", "revisar el acta del 3 de noviembre", None),
        ("viernes", "viernes", None),
    ],
)
def test_the_date_is_cut_and_what_only_speaks_of_one_stays(
    line: str, text: str, wall: str | None
) -> None:
    found = task_parser.split_date(line, NOW, ZONE)
    shown = found.when.wall.isoformat()[:16] if isinstance(found.when, dates.ZonedTime) else None
    assert (found.text, shown) == (text, wall)


@pytest.mark.parametrize("line", ["pan para el 30 de febrero", "pan para ayer", "pan de 18h a 20h"])
def test_what_no_calendar_has_is_no_date_and_is_told(line: str) -> None:
    found = task_parser.split_date(line, NOW, ZONE)
    assert (found.text, found.when) == (line, None)
    assert found.lost


def test_reminders_are_never_in_the_past() -> None:
    def at(phrase: str) -> list[str]:
        when = dates.read_date(phrase, NOW, ZONE)
        assert isinstance(when, dates.ZonedTime)
        return [
            f"{dates.to_wall(one, ZONE):%d %H:%M}"
            for one in task_reminders.reminder_times(when, NOW)
        ]

    assert at("viernes") == ["26 09:00", "27 09:00"]
    assert at("viernes 18h") == ["26 18:00", "27 18:00"]
    assert at("mañana") == ["26 09:00"]
    assert at("hoy") == ["25 18:00"]
    assert at("hoy 11:00") == ["25 11:00"]
