"""The time bank, as conversations; whatever happens all balances add up to zero."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.testing.talk import ROOM, Talk, find_number, user_id
from bot.types import RoomId
from commands.timebank import feature, hours_parser
from commands.timebank.hours_parser import HoursRequest

NOW = timedelta(0)
BEA, CARLA = user_id("bea"), user_id("carla")
NAMES = {BEA: "Beatriz Ríos", CARLA: "Carla"}


async def opened(talk: Talk, value: str = "own") -> None:
    """What the network's moderators chose."""
    await talk.set("time_bank", value, RoomId(""))


async def heard(talk: Talk, who: str) -> str:
    """All that the bot said to somebody in private since, with what falls due now."""
    await talk.wait(NOW)
    room = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


async def test_it_is_off_until_the_networks_moderators_turn_it_on(talk: Talk) -> None:
    assert "no tiene banco de tiempo" in await talk.answer("bea", "!horas 2 a @carla")
    assert "No puedes" in await talk.answer("bea", "!configurar horas-visibles propias")
    await talk.answer("ana", "!configurar horas-visibles propias")
    await talk.answer("ana", "sí")
    assert "Bea le da 2 h a Carla" in await talk.answer("bea", "!horas 2 a @carla")


async def test_hours_count_when_both_have_said_so(talk: Talk) -> None:
    await opened(talk)
    assert "Cuenta cuando Carla lo confirme" in await talk.answer("bea", "!horas 2 a @carla clase")
    assert "te da 2 h por tu ayuda" in await heard(talk, "carla")
    await talk.tells("bea", "horas")
    assert "Tu saldo: 0 h.\nFalta confirmar:\n1: " in await heard(talk, "bea")
    await talk.tells("bea", "visible 1")
    assert "la otra persona de estas horas: Carla" in await heard(talk, "bea")
    await talk.tells("carla", "sí")
    posts = {post.room: post.plain for post in await talk.said()}
    assert "Tu saldo: +2 h" in posts[await talk.private("carla")]
    assert "Tu saldo: −2 h" in posts[await talk.private("bea")]
    assert "lo confirmaron ambas partes" in await talk.answer("bea", "!cancelar 1")


async def test_who_helped_may_write_it_down_and_the_other_may_say_no(talk: Talk) -> None:
    await opened(talk)
    assert "Carla le da 1 h 30 min a Bea" in await talk.answer("bea", "!horas 1,5 de @carla pan")
    assert "te pide 1 h 30 min" in await heard(talk, "carla")
    await talk.tells("carla", "no")
    assert "Carla no lo confirmó" in await heard(talk, "bea")
    await talk.tells("bea", "horas 90 min @carla")
    assert "¿Quién ayudó a quién?" in await heard(talk, "bea")
    await talk.tells("bea", "2")
    assert "Carla le da 1 h 30 min a Bea" in await heard(talk, "bea")
    await talk.tells("carla", "horas 2 sí")
    assert "+1 h 30 min" in await heard(talk, "bea")
    await talk.tells("bea", "horas 2 no")
    assert "confirmarlo" in await heard(talk, "bea")
    assert "No existe el número 2" in await talk.answer("ana", "!horas 2 sí")


async def test_what_does_not_count_yet_is_taken_back_by_either(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("bea", "!horas 2 a @carla clase")
    assert "No existe el número 1" in await talk.answer("ana", "!cancelar 1")
    await talk.tells("bea", "cancelar 1")
    assert "Bea quitó el número 1" in await heard(talk, "carla")
    await talk.tells("carla", "sí")
    assert "Confirmado" not in await heard(talk, "carla")


async def test_what_is_seen_is_what_the_network_decided(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("bea", "!horas 2 a @carla clase")
    await talk.tells("carla", "horas 1 sí")
    await talk.said()
    await talk.says("bea", "!horas")
    posts = {post.room: post.plain for post in await talk.said()}
    assert posts[ROOM] == "Te escribí en privado."
    assert "solo sus horas" in await talk.answer("ana", "!horas p1")
    await opened(talk, "all")
    assert "Carla: +2 h\nBea: −2 h\nLa suma" in await talk.answer("ana", "!horas")


async def test_what_nobody_confirms_lapses_and_says_how_late(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("bea", "!horas 2 a @carla clase")
    await heard(talk, "carla")
    await talk.restart(after=timedelta(days=14, hours=3))
    assert "Con retraso de 3 h" in (said := await heard(talk, "bea"))
    assert "no cuenta: en dos semanas" in said
    await talk.tells("carla", "sí")
    assert "Confirmado" not in await heard(talk, "carla")


WRONG = [
    ("!horas 2", "Falta con quién"),
    ("!horas a @carla", "¿Cuántas horas?"),
    ("!horas 2 a @bea", "Esa persona eres tú"),
    ("!horas 2 a @zoe", "No sé quién es @zoe"),
    ("!horas 2 a @zoe:lejos.org", "no está en ninguna sala"),
    ("!horas 2 a @ana y @carla", "una persona a la vez"),
    ("!horas 200 a @ana", "de una vez"),
    ("!horas 1 min a @ana", "de una vez"),
    ("!horas 2 a @ana " + "x" * 300, "demasiado largo"),
]


async def test_what_cannot_be_is_said(talk: Talk) -> None:
    await opened(talk)
    for line, answer in WRONG:
        assert answer in await talk.answer("bea", line), line


async def test_nobody_is_asked_who_shares_no_room_with_who_asks(talk: Talk) -> None:
    await opened(talk)
    await talk.room(RoomId("!otra:test"), "Otra", ["dora"])
    assert "no está en ninguna sala" in await talk.answer("bea", "!horas 2 a @dora:test")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2 a @beatriz clase", HoursRequest(120, BEA, True, "clase")),
        ("2h para @bea:test: clase", HoursRequest(120, BEA, True, "clase")),
        ("1:30 de @bea por pan", HoursRequest(90, BEA, False, "pan")),
        ("2,5 horas from @carla", HoursRequest(150, CARLA, False, "")),
        ("2 horas y media a @carla", HoursRequest(150, CARLA, True, "")),
        (
            "2 horas e meia para @carla, aula de violão",
            HoursRequest(150, CARLA, True, "aula de violão"),
        ),
        ("90 min to @carla for bread", HoursRequest(90, CARLA, True, "bread")),
        ("2 @carla", HoursRequest(120, CARLA, None, "")),
        ("3 clases a @carla", HoursRequest(180, CARLA, True, "clases")),
        ("a @carla", HoursRequest(None, CARLA, True, "")),
        ("2 a @nadie", HoursRequest(120, None, True, "", "@nadie")),
    ],
)
def test_a_line_is_read(text: str, said: HoursRequest) -> None:
    assert hours_parser.read_hours(text, {}, NAMES) == said


# --- by chance ------------------------------------------------------------------------------------

WHO = st.sampled_from(("ana", "bea", "carla"))
Line = tuple[str, str]


def given_to(who: str, other: str, minutes: int, word: str, end: Line | None) -> list[Line]:
    """Hours are written down, and somebody says something to that, or nobody."""
    return [(who, f"!horas {minutes} min {word} @{other}"), *([end] if end else [])]


ENDS = st.one_of(
    st.none(),
    st.tuples(WHO, st.sampled_from(("sí", "sí", "no"))).map(
        lambda t: (t[0], f"!horas {{number}} {t[1]}")
    ),
)
STEPS = st.lists(
    st.builds(given_to, WHO, WHO, st.integers(5, 600), st.sampled_from(("a", "de")), ENDS),
    min_size=4,
    max_size=10,
).map(lambda parts: [line for part in parts for line in part])


async def play(talk: Talk, steps: list[Line]) -> int:
    """How many entries count in the end; the balances are what they add up to, and sum to zero."""
    number = 0
    for who, line in steps:
        await talk.says(who, line.format(number=number))
        said = [post.plain for post in await talk.said()]
        assert not any("referencia" in one for one in said), (line, said)
        if " min " in line and said[0].startswith("Número"):
            number = find_number(said[0])
    async with talk.machine.db.reading() as tx:
        accounts = {
            r["person"]: r["minutes"] for r in await tx.all("SELECT * FROM timebank_account")
        }
        done = await tx.all("SELECT * FROM timebank_transfer WHERE counts")
    added: dict[str, int] = {}
    for one in done:
        added[one["giver"]] = added.get(one["giver"], 0) - one["minutes"]
        added[one["taker"]] = added.get(one["taker"], 0) + one["minutes"]
    assert sum(accounts.values()) == 0
    assert accounts == added
    return len(done)


def test_the_sum_is_always_zero(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        talk = runner.run(Talk.start(tmp_path / "minga.db", [feature]))
        runner.run(opened(talk))
        counted: list[int] = []

        @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @example(
            [
                *given_to("bea", "carla", 60, "a", ("carla", "!horas {number} sí")),
                *given_to("carla", "ana", 45, "de", ("ana", "!horas {number} sí")),
            ]
        )
        @given(STEPS)
        def check(steps: list[Line]) -> None:
            counted.append(runner.run(play(talk, steps)))

        try:
            check()
        finally:
            runner.run(talk.close())
        assert counted[-1] > 1, "hours did change hands"
