"""What a reviewer found: shares kept exactly, endless lines, closing read late, moved rooms."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.testing.talk import ROOM, Talk, find_number, user_id
from bot.types import EventId, Number, PollEnd
from commands.poll_book import poll_store
from commands.polls import joint_votes
from commands.polls.tests.test_decisions import closed, crowd, heard, proposed


@pytest.mark.parametrize(
    ("setting", "pro", "contra", "verdict"),
    [
        ("mayoria:5/7", 5, 2, "aprobada"),
        ("mayoria:5/7", 4, 3, "no aprobada"),
        ("mayoria:5/6", 5, 1, "aprobada"),
        ("mayoria:7/9", 7, 2, "aprobada"),
        ("mayoria:8/9", 8, 1, "aprobada"),
        ("quorum:1/6", 1, 0, "aprobada"),
    ],
)
async def test_a_share_that_is_reached_exactly_is_enough(
    talk: Talk, setting: str, pro: int, contra: int, verdict: str
) -> None:
    people = await crowd(talk, 9 if "9" in setting else 6 if "6" in setting else 7)
    _opening, _native, number = await proposed(talk, f"!propuesta Cerramos el lunes {setting}")
    for place, who in enumerate(people[: pro + contra]):
        await talk.says(who, f"!votar {number} {'a favor' if place < pro else 'en contra'}")
    first = (await closed(talk, number)).split("\n")[0]
    assert verdict in first
    assert ("no aprobada" in first) is (verdict == "no aprobada")


@pytest.mark.parametrize("filling", ["\n", " ", "\n ", '"', "org: ", "porque "])
async def test_after_an_endless_line_votes_are_heard(talk: Talk, filling: str) -> None:
    opening, _native, number = await proposed(talk, "!propuesta Cerramos el lunes")
    endless = filling * (50_000 // len(filling))
    await talk.says("bea", f'!votar {number} org:{endless}"x')
    await talk.says("bea", f'a favor org:{endless}"x', reply=opening)
    await talk.said()
    await talk.says("bea", "a favor", reply=opening)
    await heard(talk, "Anotado")


@pytest.mark.parametrize("way", ["!cerrar {number}", "in an app", "!elegir {number} 1"])
async def test_a_close_that_is_read_late_ends_the_poll_then(talk: Talk, way: str) -> None:
    """Nobody could know of it before: what was voted until then counts, whatever is read first."""
    days = '!cuando "Reunión" en 5 días 18h, en 6 días 18h'
    line = days if "elegir" in way else "!encuesta ¿Dónde? Norte, Sur"
    await talk.says("ana", line)
    posts = await talk.sent()
    number, written = find_number(posts[0]), talk.clock.at
    talk.clock.at += timedelta(minutes=30)
    await talk.says("bea", f"!votar {number} 1")
    await heard(talk, "Anotado")
    said = written + timedelta(minutes=1)
    if way == "in an app":
        native = next(post for post in posts if post.is_poll)
        end = PollEnd(ROOM, EventId("$end"), user_id("ana"), said, native.event, late=True)
        await talk.happens(end)
    else:
        await talk.says("ana", way.format(number=number), at=said, late=True)
    assert await _turnout(talk, number) == 1
    vote_at = written + timedelta(minutes=15)
    await talk.says("carla", f"!votar {number} 1", at=vote_at, late=True)
    assert await _turnout(talk, number) == 2


async def _turnout(talk: Talk, number: int) -> int:
    """How many votes count in a poll that has ended."""
    async with talk.machine.db.reading() as tx:
        poll = await poll_store.get_poll(tx, Number(number))
    assert poll.ended is not None
    return poll.turnout


async def test_who_came_after_the_opening_confirms_no_assembly(talk: Talk) -> None:
    """Two new accounts of one person would be two confirmations."""
    _opening, native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.taps("bea", native, 1)
    await talk.says("ana", f"!presencial {number} Sur:30")
    await talk.said()
    await crowd(talk, 5)
    for who in ("p0", "p1"):
        await talk.says(who, f"!presencial {number} confirmar")
        await heard(talk, f"`!votantes {number}`")
    assert "gana Norte" in await closed(talk, number)


async def test_no_assembly_is_written_down_once_the_result_is_known(talk: Talk) -> None:
    _opening, native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.taps("bea", native, 1)
    await closed(talk, number)
    await talk.says("ana", f"!presencial {number} Sur:30")
    await heard(talk, "ya está cerrada")


async def test_a_count_that_was_confirmed_after_the_end_changes_the_result_by_its_own_name(
    talk: Talk,
) -> None:
    _opening, native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.taps("bea", native, 1)
    await talk.says("ana", f"!presencial {number} Sur:30")
    await talk.says("bea", f"!presencial {number} confirmar")
    assert "gana Norte" in await closed(talk, number)
    await talk.says("carla", f"!presencial {number} confirmar")
    await talk.said()
    await talk.wait(timedelta(minutes=2))
    await heard(talk, "asamblea cambió", "gana Sur")
    await talk.says("carla", f"!presencial {number} no")
    await heard(talk, "no cuadra")
    await talk.says("ana", f"!presencial {number} no")
    await talk.wait(timedelta(minutes=2))
    await heard(talk, "gana Norte")
    assert "asamblea" in await talk.answer("bea", "!historial")


SUMS = [
    ("majority", "!propuesta Cerramos", "a favor", "a favor:9", ("for",), 1),
    ("consent", "!propuesta Cerramos tipo:consentimiento", "a favor", "a favor:9", ("for",), 1),
    ("choice", "!encuesta ¿Dónde? Norte, Sur, Este", "1", "Norte:9", ("1",), 1),
    ("choice", "!encuesta ¿Dónde? Norte, Sur, Este multiple:2", "1", "Norte:9", ("1",), 1),
    ("score", "!encuesta ¿Dónde? Norte, Sur, Este tipo:puntos", "1:3", "9: 1:3", ("1",), 3),
    (
        "ranked",
        "!encuesta ¿Dónde? Norte, Sur, Este tipo:schulze",
        "1 2 3",
        "9: 1 2 3",
        ("1>2", "1>3", "2>3"),
        1,
    ),
]


def test_each_kind_that_can_be_added_up_has_a_line() -> None:
    assert {kind for kind, *_rest in SUMS} == joint_votes.ADDABLE_KINDS | {"majority", "consent"}


@pytest.mark.parametrize(("kind", "line", "vote", "paper", "keys", "each"), SUMS)
async def test_other_networks_get_sums_of_the_votes_that_are_counted_as_present(
    talk: Talk, kind: str, line: str, vote: str, paper: str, keys: tuple[str, ...], each: int
) -> None:
    """Those of the assembly too: one voted in the room, nine there."""
    await talk.says("ana", f"{line} hasta en 3 días")
    await talk.says("ana", f"!votar 1 {vote}")
    await talk.says("ana", f"!presencial 1 {paper}")
    for who in ("bea", "carla"):
        await talk.says(who, "!presencial 1 confirmar")
    await heard(talk, "9 votos de la asamblea")
    await closed(talk, 1)
    async with talk.machine.db.reading() as tx:
        poll = await poll_store.get_poll(tx, 1)  # type: ignore[arg-type]
        ctx: Any = SimpleNamespace(db=tx)
        tally = await joint_votes.joint_totals(ctx, poll.number)
    assert poll.rule.kind == kind and tally is not None and tally.turnout == 10
    assert {key: votes for key, votes in tally.counts.items() if votes} == dict.fromkeys(
        keys, each * tally.turnout
    )
